from __future__ import annotations

import msgspec
from invented import country, day, party, passport, sample

from screening.watchlist.countries import country_named
from screening.watchlist.parties import Address, Detail, ListCounts, ListedName, ParsedList, Strength, counts_of


def test_a_parsed_list_survives_json_and_messagepack() -> None:
    """A version kept as built is read back as the same values."""
    parsed = sample()
    assert msgspec.json.decode(msgspec.json.encode(parsed), type=ParsedList) == parsed
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(parsed), type=ParsedList) == parsed


def test_counts_tell_strong_aliases_from_weak_ones() -> None:
    """Every part that the bounds look at is counted, names of each strength apart."""
    one = party(
        "1",
        "ORRINEK, Tove",
        "ORINEK, Tove",
        births=(day("1970"), day("1971-02")),
        identifiers=(passport("X9912345"),),
        addresses=(Address(place="Oslo", country=country("NO")),),
        details=(Detail(label="title", text="Director"),),
    )
    weak = ListedName(text="TOVA", strength=Strength.WEAK, type="aka")
    both = (msgspec.structs.replace(one, names=(*one.names, weak)), party("2", "HALLE, Ivar"))
    assert counts_of(both) == ListCounts(entries=2, aliases=1, weak_aliases=1, addresses=1, identifiers=1, births=2)


def test_countries_are_recognised_as_lists_write_them() -> None:
    """A country is known by the inverted, the common and the possible form; what is no country keeps its text only."""
    written = (
        "Korea, North",
        "Congo, Democratic Republic of the",
        "Burma",
        "possibly Palestinian",
        "iq",
        "Côte d'Ivoire",
    )
    assert [country_named(text).code for text in written] == ["KP", "CD", "MM", "PS", "IQ", "CI"]
    assert country_named(" Jalisco ").code is None
    assert country_named(" Jalisco ").text == "Jalisco"
