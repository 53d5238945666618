from __future__ import annotations

import pytest
from invented import organization, party, person
from listsamples import sample_list

from screening.errors import WatchlistError
from screening.subjects import Affiliate
from screening.watchlist.formats.document import documents
from screening.watchlist.formats.territories import parse
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.territory_matcher import TerritoryMatcher

LIST = {"territories": tuple(sample_list("territories.toml").values()), "made-up": (party("1", "ORRINEK, Tove"),)}
MATCHER = TerritoryMatcher(LIST)


def found(**fields: object) -> list[tuple[str, list[str]]]:
    hits = MATCHER.find(person("Ada Stint", **fields))
    assert all(hit.category == "embargoed-territory" and not hit.corroborated for hit in hits)
    return [(hit.entry, [feature.name for feature in hit.features]) for hit in hits]


def test_a_country_is_found_by_country_nationality_and_address() -> None:
    """Each tie is a feature of one hit, whatever the letters' case and the script of the address."""
    assert found(country="qu") == [("quell", ["country"])]
    assert found(nationalities=("NO", "QU")) == [("quell", ["nationality"])]
    assert found(address="1 Main Road, QUELL City") == [("quell", ["address"])]
    assert found(address="奎尔共和国滨海路1号") == [("quell", ["address"])]
    assert found(country="QU", nationalities=("QU",), address="Quell") == [
        ("quell", ["country", "nationality", "address"])
    ]


def test_a_region_is_found_by_address_only() -> None:
    """Whoever is of the countries around a region has no tie to it; an address that says another country has none."""
    assert found(country="UA", nationalities=("TM",)) == []
    assert found(country="UA", address="3 Quay, Port  Bittern") == [("north-tamarisk", ["address"])]
    assert found(address="北柽柳区5号") == [("north-tamarisk", ["address"])]
    assert found(country="NO", address="3 Port Bittern Street, Oslo") == []


def test_a_part_of_a_word_is_no_place() -> None:
    """A place's name within a longer word says nothing."""
    assert found(address="Quellenweg 3, Wien") == []


def test_affiliates_are_looked_at_too() -> None:
    """The hit says which affiliate it is, by the way to it."""
    owner = Affiliate(name="Stilt Ltd", relation="owner", ownership_percent=30.0, country="QU")
    (hit,) = MATCHER.find(organization("Dunlin Ltd", affiliates=(owner,)))
    assert (hit.party, hit.affiliate.name, hit.path[0].name) == ("affiliate", "Stilt Ltd", "Stilt Ltd")


def test_a_territory_is_nobodys_name() -> None:
    """The names of places are never compared with the names of people."""
    assert NameMatcher(LIST).find([person("Quell")]) == [()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "territory"),
        ("[[territory]]\nid = 'a'\nnames = []\ncountries = ['QU']", "names"),
        ("[[territory]]\nid = 'a'\nnames = ['A']", "countries: found none"),
        ("[[territory]]\nid = 'a'\nnames = ['A']\ncountries = ['Nowhere']", "'Nowhere'"),
        ("[[territory]]\nid = 'a'\nnames = ['A']\ncountries = ['QU']\ncolour = 1", "colour"),
        ("[[territory]]\nid='a'\nnames=['A']\ncountries=['QU']\n" * 2, "again"),
        ("[[territory", "no TOML"),
    ],
)  # fmt: skip
def test_a_faulty_list_is_told(text: str, said: str) -> None:
    """Every fault names the territory and what is wrong with it."""
    with pytest.raises(WatchlistError) as caught:
        parse(documents({"t.toml": text.encode()}))
    assert said in str(caught.value)
