"""Places: what two of them have in common, what that is worth, and that it never decides anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from screening.subjects import Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import Address, Country, ListedParty, PartyKind, listed_name
from screening.watchlist.places import shared, telling_words

if TYPE_CHECKING:
    from screening.evidence import NameHit

LISTED = ListedParty(
    entry="1",
    kind=PartyKind.PERSON,
    names=(listed_name("QUELLBRANDT, Osric Tarmo"),),
    birth_places=("Veldmoor Village, Ostrada District, Norway",),
    addresses=(Address(street="Harbour Street 4", place="Tarnholm", country=Country(text="Denmark", code="DK")),),
    countries=(Country(text="Denmark", code="DK"),),
)


def hit(party: ListedParty = LISTED, **said: Any) -> NameHit:
    """Return the hit of somebody with nearly that name."""
    registrant = Registrant(account_id="a", kind="person", name="Osric Quellbrand", **said)
    ((found,),) = NameMatcher({"list": [party]}).find([registrant])
    return found


def places(found: NameHit) -> list[tuple[float, str, str]]:
    return [(held.score, held.query, held.candidate) for held in found.features if held.name == "place"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"birth_place": "Veldmoor"}, (1.0, "veldmoor", "veldmoor")),
        ({"address": "Long Road 7, 4000 Tarnholm"}, (1.0, "tarnholm", "tarnholm")),
        ({"address": "Велдмор, ул. Мира"}, (1.0, "veldmor", "veldmoor")),
        ({"nationalities": ("NO",)}, (0.5, "NO", "Veldmoor Village, Ostrada District, Norway")),
    ],
)
def test_a_place_in_common_raises_the_score(said: dict[str, Any], expected: tuple[float, str, str]) -> None:
    """A town of either kind, in any script, or a country that the list knows as that of birth only."""
    found, without = hit(**said), hit(msgspec.structs.replace(LISTED, birth_places=(), addresses=()), **said)
    assert places(found) == [expected]
    assert places(without) == []
    assert found.score > without.score
    assert not found.corroborated


def test_another_place_of_birth_lowers_the_score_a_little() -> None:
    """It stays within two hundredths; who is looked at for the name is looked at still."""
    found = hit(birth_place="Marrowick, Sweden")
    assert [score for score, _, _ in places(found)] == [0.0]
    assert hit().score * 0.97 < found.score < hit().score


@pytest.mark.parametrize(
    "said", [{}, {"address": "Long Road 7, Marrowick"}, {"address": "5"}, {"birth_place": "Denmark"}]
)
def test_what_is_missing_or_tells_nothing_contradicts_nothing(said: dict[str, Any]) -> None:
    """No place, another address, or words that tell no place give no feature."""
    assert places(hit(**said)) == []
    assert hit(**said).score == hit().score


def test_words_for_kinds_of_places_and_countries_tell_no_place() -> None:
    """What thousands of addresses share is no likeness."""
    assert telling_words("Street 5, Northern Province, Republic of Austria") == ()
    assert shared("Main Street, Hamburg", "Main Street, Bremen") is None


def test_a_cleared_pair_comes_up_again_with_another_place_in_common() -> None:
    """Who moves is the same pair as before, and so is an entry that moves, until both have a place in common."""
    elsewhere = msgspec.structs.replace(LISTED, addresses=(Address(place="Marrowick", country=None),))

    def compared(party: ListedParty, **said: Any) -> tuple[str, str]:
        found = hit(party, **said)
        return found.queried_digest, found.entry_digest

    assert compared(LISTED) == compared(LISTED, address="Long Road 7, Marrowick") == compared(elsewhere)
    assert compared(LISTED) != compared(LISTED, address="Tarnholm")
    assert compared(LISTED) != compared(elsewhere, address="Long Road 7, Marrowick")
    assert compared(LISTED) != compared(LISTED, birth_place="Marrowick, Sweden")
