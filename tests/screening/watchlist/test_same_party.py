from __future__ import annotations

import msgspec
from invented import country, day, party, passport

from screening.watchlist.parties import ListedIdentifier, PartyKind, Strength, listed_name
from screening.watchlist.same import same_parties

TOVE = party("1", "ORRINEK, Tove", births=(day("1971-02-28"),))


def groups(**lists: tuple) -> list[set[tuple[str, str]]]:
    return [{(place.source, place.entry) for place in group} for group in same_parties(lists)]


def test_a_name_with_a_full_date_joins() -> None:
    """The same words in any order with the same day of birth are one party; each alone is not."""
    same = party("XXi.1", "Tove Orrinek", births=(day("1971-02-28"),))
    assert groups(us=(TOVE,), un=(same,)) == [{("us", "1"), ("un", "XXi.1")}]
    assert groups(us=(TOVE,), un=(party("2", "Tove Orrinek"),)) == []
    assert groups(us=(TOVE,), un=(party("2", "Tove Orrinek", births=(day("1971-02"),)),)) == []
    assert groups(us=(TOVE,), un=(party("2", "Other Name", births=(day("1971-02-28"),)),)) == []


def test_a_weak_name_or_an_unsure_date_joins_nobody() -> None:
    """What a source itself calls unsure is no proof."""
    unsure = party("2", "Tove Orrinek", births=(day("1971-02-28", circa=True),))
    weak = msgspec.structs.replace(TOVE, entry="3", names=(listed_name("Tove Orrinek", Strength.WEAK),))
    assert groups(us=(TOVE,), un=(unsure,), eu=(weak,)) == []


def test_numbers_join_whatever_the_names() -> None:
    """A passport of the same country, or a ship's number, joins; a passport of an unknown country does not."""
    one = party("1", "A", identifiers=(passport("X9912345", "NO"),))
    two = party("2", "B", identifiers=(passport("x-9912345", "NO"),))
    other = party("3", "C", identifiers=(passport("X9912345"),))
    ship = ListedIdentifier(type="imo", value="9991186")
    ships = (party("4", "D", kind=PartyKind.VESSEL, identifiers=(ship,)), party("5", "E", identifiers=(ship,)))
    assert groups(us=(one, ships[0]), un=(two, other, ships[1])) == [
        {("us", "1"), ("un", "2")},
        {("us", "4"), ("un", "5")},
    ]


def test_joins_add_up() -> None:
    """What a joins b and b joins c is one group over three lists; two of one list alone are none."""
    both = party("2", "Tove Orrinek", births=(day("1971-02-28"),), identifiers=(passport("X9912345", "NO"),))
    third = party("3", "Else", identifiers=(passport("X9912345", "NO"),), nationalities=(country("NO"),))
    assert groups(us=(TOVE,), un=(both,), eu=(third,)) == [{("us", "1"), ("un", "2"), ("eu", "3")}]
    assert groups(us=(TOVE, msgspec.structs.replace(TOVE, entry="9"))) == []
