from __future__ import annotations

import msgspec
from invented import organization, party, person

from screening.evidence import Tie
from screening.subjects import Affiliate
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import DateSpan, ListedName
from screening.watchlist.paths import ways

LISTED = party("5", "QUELLBRANDT, Osric", births=(DateSpan(first="1971-02-05", last="1971-02-05"),))
MATCHER = NameMatcher({"made-up": [LISTED]})
OSRIC = Affiliate(
    name="Osric Quellbrandt", kind="person", relation="owner", ownership_percent=80.0, birth_date="1971-02-05"
)


def firm(name: str, *affiliates: Affiliate, percent: float | None = 60.0, relation: str | None = "owner") -> Affiliate:
    return Affiliate(
        name=name, kind="organization", relation=relation, ownership_percent=percent, affiliates=affiliates
    )


def test_owners_of_owners_are_screened_and_told_with_their_way() -> None:
    """A listed owner behind two firms is found, and the hit leads from the owner to the registrant."""
    middle = firm("Green Gate Dairy", OSRIC)
    ((hit,),) = MATCHER.find([organization("Blue Door Bakery", affiliates=(firm("Red Roof Press"), firm("X", middle)))])
    assert hit.affiliate is not None
    assert (hit.affiliate.index, hit.affiliate.place) == (1, "affiliates[1].affiliates[0].affiliates[0]")
    assert [(step.name, step.tie, step.relation, step.ownership_percent) for step in hit.path] == [
        ("Osric Quellbrandt", Tie.OWNS, "owner", 80.0),
        ("Green Gate Dairy", Tie.OWNS, "owner", 60.0),
        ("X", Tie.OWNS, "owner", 60.0),
    ]
    assert hit.corroborated


def test_a_registrant_has_no_way_to_itself() -> None:
    """A hit on the registrant has an empty path."""
    ((hit,),) = MATCHER.find([person("Osric Quellbrandt")])
    assert (hit.path, hit.ownership) == ((), None)


def test_the_same_party_named_twice_is_one_on_the_way() -> None:
    """Two rows that say the same of themselves are one party of the same party, and apart under another."""
    rows = (OSRIC, msgspec.structs.replace(OSRIC, relation="director", ownership_percent=None))
    found = list(ways(organization("Blue Door Bakery", affiliates=(*rows, firm("Red Roof Press", OSRIC)))))
    assert [way.path[0].party for way in found] == [
        "affiliates[0]", "affiliates[0]", "affiliates[2]", "affiliates[2].affiliates[0]",
    ]  # fmt: skip
    assert [way.path[0].repeated for way in found] == [False, True, False, False]
    assert [way.ref.place for way in found][:2] == ["affiliates[0]", "affiliates[1]"]


def test_a_name_shared_by_two_parties_makes_them_no_one() -> None:
    """Rows of one name with different birth dates are two owners."""
    other = msgspec.structs.replace(OSRIC, birth_date="1999-01-01")
    found = list(ways(organization("Blue Door Bakery", affiliates=(OSRIC, other))))
    assert len({way.path[0].party for way in found}) == 2


def test_a_party_that_comes_back_is_said_to() -> None:
    """Whoever stands on the way to the registrant already, or is the registrant, closes a circle."""
    again = firm("blue  door Bakery", firm("Red Roof Press", firm("BLUE DOOR BAKERY")))
    found = list(ways(organization("Blue Door Bakery", affiliates=(again,))))
    assert [way.path[0].circular for way in found] == [True, False, True]


def test_chains_as_deep_as_a_record_may_be_are_walked() -> None:
    """Depth is bounded by what can be read, and the deepest affiliate is screened like the first."""
    deepest = OSRIC
    for number in range(48):
        deepest = firm(f"Firm number {number}", deepest)
    ((hit,),) = MATCHER.find([organization("Blue Door Bakery", affiliates=(deepest,))])
    assert len(hit.path) == 49


def test_digests_change_with_what_was_compared_and_with_nothing_else() -> None:
    """A pair's digests hold while what was compared is the same, in whatever order and beside whatever else."""

    def digests(subject, listed=LISTED):
        ((hit,),) = NameMatcher({"made-up": [listed]}).find([subject])
        return hit.queried_digest, hit.entry_digest

    known = {"birth_date": "1971-02-05", "nationalities": ("NO", "IQ"), "aliases": ("Ozzy", "Q")}
    first = digests(person("Osric Quellbrandt", **known))
    same = person("Osric Quellbrandt", **known | {"nationalities": ("iq", "NO"), "aliases": ("Q", "Ozzy")}, phone="1")
    renamed = msgspec.structs.replace(LISTED, programmes=("OTHER",), remarks="new")
    assert digests(same, renamed) == first
    for field in known:
        assert (
            digests(person("Osric Quellbrandt", **known | {field: None if field == "birth_date" else ()}))[0]
            != first[0]
        )
    for changed in (
        {"names": (*LISTED.names, ListedName(text="THE SILVER LEDGER"))},
        {"births": ()},
    ):
        found = digests(person("Osric Quellbrandt", **known), msgspec.structs.replace(LISTED, **changed))
        assert (found[0] == first[0], found[1] == first[1]) == (True, False)


def test_an_affiliates_share_is_part_of_what_a_person_saw() -> None:
    """Whoever cleared an owner of a tenth did not clear the owner of most."""

    def digest(percent: float) -> str:
        owner = msgspec.structs.replace(OSRIC, ownership_percent=percent)
        ((hit,),) = MATCHER.find([organization("Blue Door Bakery", affiliates=(owner,))])
        return hit.queried_digest

    assert digest(10.0) == digest(10.0) != digest(60.0)
