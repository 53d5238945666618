from __future__ import annotations

import msgspec
import pytest
from invented import organization, party, person
from rulebook import shipped_policy

from screening.decisions import Verdict
from screening.evidence import Note, Tie
from screening.policy.adjudicate import adjudicate, with_ownership
from screening.subjects import Affiliate
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import Link, PartyKind, Relation

OWNED = Link(relation=Relation.SUBSIDIARY, name="Tamarisk Quarries Ltd", ownership_percent=60.0)


def holder(*links: Link, entry: str = "7", name: str = "QUELLBRANDT, Osric"):
    return party(entry, name, links=links, programmes=("DEMO",))


def found(registrant, *parties):
    (hits,) = NameMatcher({"made-up": list(parties)}).find([registrant])
    return with_ownership(hits, shipped_policy())


def test_a_company_that_a_list_says_is_owned_is_found() -> None:
    """Nobody lists it, but who owns it is listed: the hit names the entry that tells of it, and the way."""
    (hit,) = found(organization("Tamarisk Quarries Limited"), holder(OWNED))
    assert (hit.category, hit.party, hit.source, hit.entry) == ("sanctioned-affiliate", "registrant", "made-up", "7")
    assert (hit.listed_name, hit.programmes) == ("Tamarisk Quarries Ltd", ("DEMO",))
    (step,) = hit.path
    assert (step.party, step.name, step.tie, step.relation) == ("made-up/7", "QUELLBRANDT, Osric", Tie.OWNS, "owner")
    assert hit.ownership is not None
    assert (hit.ownership.total_percent, hit.ownership.corroborated_percent) == (60.0, 0.0)
    assert adjudicate([hit], (), shipped_policy()).verdict is Verdict.REVIEW


def test_owners_on_lists_add_up_behind_an_affiliate() -> None:
    """Two listed owners of thirty make a company theirs, and with it what the company owns."""
    half = msgspec.structs.replace(OWNED, ownership_percent=30.0)
    middle = Affiliate(name="Tamarisk Quarries", kind="organization", relation="owner", ownership_percent=55.0)
    hits = found(
        organization("Blue Door Bakery", affiliates=(middle,)),
        holder(half),
        holder(half, entry="8", name="VANTRELLIS, Orla"),
    )
    assert [[one.name for one in hit.path] for hit in hits] == [
        ["QUELLBRANDT, Osric", "Tamarisk Quarries"],
        ["VANTRELLIS, Orla", "Tamarisk Quarries"],
    ]
    assert {hit.ownership.total_percent for hit in hits if hit.ownership is not None} == {55.0}


@pytest.mark.parametrize(
    "link",
    [
        msgspec.structs.replace(OWNED, relation=Relation.FAMILY),
        msgspec.structs.replace(OWNED, relation=Relation.LINKED),
        msgspec.structs.replace(OWNED, relation=Relation.OWNER),
        msgspec.structs.replace(OWNED, name=" ", entry="99"),
        msgspec.structs.replace(OWNED, entry="9"),
    ],
)
def test_other_links_name_nobody_who_is_held(link: Link) -> None:
    """Kin, an unsaid link, an owner, a name that is missing and one who is listed too: none of them is one held."""
    assert found(organization("Tamarisk Quarries Ltd"), holder(link), party("9", "UNLIKE ANYTHING")) == ()


@pytest.mark.parametrize("relation", [Relation.CONTROLLED, Relation.DIRECTED, Relation.BENEFICIALLY_OWNED])
def test_control_without_a_share_is_found(relation: Relation) -> None:
    """A tie without a percentage adds nothing, and asks a person."""
    link = msgspec.structs.replace(OWNED, relation=relation, ownership_percent=None)
    (hit,) = found(organization("Tamarisk Quarries Ltd"), holder(link))
    assert hit.ownership is not None
    assert (hit.ownership.total_percent, hit.ownership.counted) == (0.0, False)
    assert adjudicate([hit], (), shipped_policy()).verdict is Verdict.REVIEW


def test_a_share_that_no_company_has_is_bounded() -> None:
    """A list that says 250 % means all of it at most, and the hit says that it was said."""
    (hit,) = found(
        organization("Tamarisk Quarries Ltd"), holder(msgspec.structs.replace(OWNED, ownership_percent=250.0))
    )
    assert hit.ownership is not None
    assert (hit.ownership.total_percent, hit.ownership.notes) == (100.0, (Note.OVER_100_PERCENT,))


def test_lists_may_tell_of_circles() -> None:
    """Parties that own each other, all listed, are found by themselves and once each."""
    first = holder(Link(relation=Relation.SUBSIDIARY, name="VANTRELLIS, Orla", entry="8", ownership_percent=50.0))
    second = holder(
        Link(relation=Relation.SUBSIDIARY, name="QUELLBRANDT, Osric", entry="7", ownership_percent=50.0),
        entry="8",
        name="VANTRELLIS, Orla",
    )
    hits = found(person("Osric Quellbrandt"), first, second)
    assert [(hit.entry, hit.path) for hit in hits] == [("7", ())]


def test_digests_change_with_the_link() -> None:
    """Another share, or another holder, is another comparison; a person's name and kind play their part too."""

    def digest(*links: Link, **changed: object) -> str:
        (hit,) = found(organization("Tamarisk Quarries Ltd"), msgspec.structs.replace(holder(*links), **changed))
        return hit.entry_digest

    first = digest(OWNED)
    assert digest(OWNED, remarks="new") == first
    assert digest(msgspec.structs.replace(OWNED, ownership_percent=61.0)) != first
    assert digest(OWNED, kind=PartyKind.ORGANIZATION) != first
