"""Each format on a sample written by hand, with the traps of its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from listsamples import LISTS, SAMPLES, parsed, sample_list

from screening.watchlist.formats.mapped_csv import parse_mapping
from screening.watchlist.parties import DateSpan, ParsedList, PartyKind, Relation, Strength

if TYPE_CHECKING:
    from screening.watchlist.parties import ListedParty


def names(party: ListedParty, strength: Strength) -> list[str]:
    return [name.text for name in party.names if name.strength is strength]


def identifiers(party: ListedParty) -> set[tuple[str, str, str | None]]:
    return {(held.type, held.value, held.country and held.country.code) for held in party.identifiers}


def links(party: ListedParty) -> set[tuple[str, str, str | None, bool]]:
    return {(link.relation.value, link.name, link.entry, link.former) for link in party.links}


def births(party: ListedParty) -> list[str]:
    return [
        ("circa " if span.circa else "") + "/".join(dict.fromkeys((span.first, span.last))) for span in party.births
    ]


def details(party: ListedParty, label: str) -> list[str]:
    return [detail.text for detail in party.details if detail.label == label]


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_read_survives_being_kept(name: str) -> None:
    """The parties of every format are the same after they were written and read as a version is."""
    held = parsed(SAMPLES[name], name, (LISTS / name).read_bytes())
    assert msgspec.json.decode(msgspec.json.encode(held), type=ParsedList) == held
    assert all(party.names[0].strength is Strength.PRIMARY for party in held.parties)


def test_ofac_xml() -> None:
    """Aliases have their strength, "IDs" that are none become details, links find their entries, both dates stay."""
    found = sample_list("sdn.xml")
    person, company, ship = found["700001"], found["700002"], found["700003"]
    assert names(person, Strength.PRIMARY) == ["QUELLBRANDT, Osric Valdemar"]
    assert names(person, Strength.STRONG) == ["KVELBRANT, Osrik", "Квельбрандт, Осрик"]
    assert names(person, Strength.WEAK) == ["OSSI", "THE CHANDLER"]
    assert [name.script for name in person.names if name.type == "fka"] == ["Cyrl"]
    assert births(person) == ["1961-03-04", "circa 1962"]
    assert identifiers(person) == {("passport", "Q7719342", "DE"), ("wallet", "1QueLLbrandtXwa11et9919", None)}
    assert (person.gender, details(person, "secondary sanctions risk")) == ("Male", ["section 1(b) of a made-up order"])
    assert links(person) == {("linked", "TALLOW WORKS GMBH", "700002", False)}
    assert (person.nationalities[0].code, person.citizenships[0].code) == ("DE", "AT")
    assert company.incorporations == (DateSpan(first="1999-05-12", last="1999-05-12"),)
    assert (ship.kind, ship.countries[0].code) == (PartyKind.VESSEL, "PA")
    assert identifiers(ship) == {("imo", "9991023", None)}
    assert links(ship) == {("owner", "Tallow Works GmbH", "700002", False)}


def test_un_xml() -> None:
    """A DATAID that two entries share parts nobody, low quality is weak, several aliases in one field are several."""
    found = sample_list("un.xml")
    assert sorted(found) == ["XXe.001", "XXi.001", "XXi.002"]
    person, company = found["XXi.001"], found["XXe.001"]
    assert names(person, Strength.PRIMARY) == ["TOVE MARGRETHE ORRINEK"]
    assert names(person, Strength.STRONG) == ["توفه أورينك", "Tova Orinek"]
    assert names(person, Strength.WEAK) == ["Umm Tova", "The Storekeeper"]
    assert births(person) == ["1971-02-28", "circa 1970", "1968/1972"]
    assert identifiers(person) == {("passport", "N4471902", "NO")}
    assert [country.code for country in person.nationalities] == ["NO", "SE"]
    assert len(person.addresses) == 1
    assert [name.type for name in company.names] == ["name", "aka", "fka"]


def test_eu_csv() -> None:
    """Rows of one entity are put together although others stand between; quotes hold ";" and quotes."""
    found = sample_list("eu.csv")
    person, company = found["9001"], found["9002"]
    assert [name.text for name in person.names] == ["Brannoc Saltmarsh", "Браннок Солтмарш"]
    assert person.names[1].language == "RU"
    assert births(person) == ["1955-09-01", "circa 1956", "1954/1957"]
    assert person.birth_places == ("Liepāja, LATVIA",)
    assert person.addresses[0].street == "Ostas 3; dock 2"
    assert details(person, "position") == ['Owner of "Bittern"']
    assert identifiers(person) == {("passport", "LV5512093", "LV")}
    assert identifiers(company) == {("registration", "40009991234", None)}
    assert (person.kind, company.kind) == (PartyKind.PERSON, PartyKind.ORGANIZATION)


def test_eu_xml() -> None:
    """Weak aliases are weak though they stand first, and the two forms of the list agree on the rest."""
    found = sample_list("eu.xml")
    person = found["9001"]
    assert names(person, Strength.PRIMARY) == ["Brannoc Saltmarsh"]
    assert names(person, Strength.WEAK) == ["Captain Brann"]
    assert births(person) == ["1955-09-01", "circa 1956"]
    assert identifiers(found["9002"]) == identifiers(sample_list("eu.csv")["9002"])


@pytest.mark.parametrize("name", ["uk-sanctions-list.csv", "uk.xml"])
def test_the_uk_sanctions_list(name: str) -> None:
    """Names are put together as spoken, the family's name last; links, flags and former owners are told apart."""
    found = sample_list(name)
    person, company, ship = found["XXX0001"], found["XXX0002"], found["XXX0003"]
    assert names(person, Strength.PRIMARY) == ["Ludo Anselm PENNOCK"]
    assert set(names(person, Strength.STRONG)) == {"Ludovic PENNOCKE", "لودو بنوك"}
    assert names(person, Strength.WEAK) == ["Old Ludo"]
    assert births(person) == ["1948", "1948-05-12"]
    assert ("passport", "PA1119921", None) in identifiers(person)
    assert ("national-id", "M88123", None) in identifiers(person)
    assert [country.code for country in person.nationalities] == ["IE", "MT"]
    assert ("subsidiary", "Shag Rock Ltd", None, False) in links(company)
    assert ("owner", "Gannet Holdings Plc", None, False) in links(company)
    assert links(ship) == {
        ("owner", "Cormorant Lines Ltd", "XXX0002", False),
        ("linked", "Gannet Holdings Plc", None, True),
    }
    assert (identifiers(ship), ship.countries[0].code) == ({("imo", "9991186", None)}, "GA")


def test_the_treasurys_layout() -> None:
    """The other British layout, in the encoding of Windows, is told by its columns."""
    found = sample_list("uk-treasury.csv")
    person = found["99001"]
    assert names(person, Strength.PRIMARY) == ["Ludo Anselm PENNOCK"]
    assert names(person, Strength.STRONG) == ["Ludovic PENNOCKÉ"]
    assert names(person, Strength.WEAK) == ["Old Ludo"]
    assert births(person) == ["1948", "1948-05-12"]
    assert found["99002"].kind is PartyKind.ORGANIZATION


def test_seco_xml() -> None:
    """Delisted targets are not read, a target listed again is, former states within a modification are nobody."""
    found = sample_list("seco.xml")
    assert sorted(found) == ["100", "101", "103"]
    person, company, ship = found["100"], found["101"], found["103"]
    assert names(person, Strength.PRIMARY) == ["Reedmani Halim"]
    assert names(person, Strength.STRONG) == ["Ridmani Halim", "Ридмани Халим"]
    assert names(person, Strength.WEAK) == ["Abu Qasab"]
    assert person.programmes == ("Demo goods",)
    assert person.birth_places == ("Sur, Ash Sharqiyah, Oman",)
    assert (person.addresses[0].street, person.addresses[0].place) == ("Dhow Street 2", "411, Sur, Ash Sharqiyah")
    assert links(person) == {("controller", "", "101", False)}
    assert [name.text for name in company.names] == ["Reed Gulf Shipping LLC"]
    assert identifiers(company) == {("tax", "9912004", None)}
    assert (ship.kind, identifiers(ship)) == (PartyKind.VESSEL, {("imo", "9991203", None)})


def test_csl_csv() -> None:
    """Fields of several values are parted, what is no identifier is a detail, rows of one name are one entry."""
    found = sample_list("csl.csv")
    person, company, ship = found["SDN-700001"], found["SDN-700002"], found["SDN-700003"]
    assert [name.text for name in person.names] == ["QUELLBRANDT, Osric Valdemar", "KVELBRANT, Osrik", "OSSI"]
    assert births(person) == ["1961-03-04", "circa 1962"]
    assert (identifiers(person), person.gender) == ({("passport", "Q7719342", "DE")}, "Male")
    assert [country.code for country in person.countries] == ["DE", "AT"]
    assert links(person) == {("linked", "TALLOW WORKS GMBH", "SDN-700002", False)}
    assert company.incorporations[0].first == "1999-05-12"
    assert (identifiers(ship), links(ship)) == (
        {("imo", "9991023", None)},
        {("owner", "TALLOW WORKS GMBH", "SDN-700002", False)},
    )
    (redshank,) = [party for party in found.values() if party.programmes == ("EL",)]
    assert [name.text for name in redshank.names] == [
        "Redshank Optics Co., Ltd.",
        "Hefei Redshank",
        "Redshank Photonics",
    ]
    assert len(redshank.addresses) == 2


def test_csl_json_is_the_same_list() -> None:
    """The JSON gives the same entries as the CSV, with the same ids, also where the list has no number."""
    found = sample_list("csl.json")
    assert found.keys() <= sample_list("csl.csv").keys()
    person = found["SDN-700001"]
    assert identifiers(person) == {("passport", "Q7719342", "DE")}
    assert person.addresses[0].place == "Lüneburg, 21335"


def test_the_entity_list_alone() -> None:
    """Of the whole screening list, the source of the Entity List takes its own rows only."""
    data = (LISTS / "csl.csv").read_bytes()
    assert [party.names[0].text for party in parsed("us-bis-entity", "csl.csv", data).parties] == [
        "Redshank Optics Co., Ltd."
    ]


def test_denied_persons() -> None:
    """A party with two addresses is one, its aliases stand in its name, and "KA" within a name is no alias."""
    found = list(sample_list("dpl.txt").values())
    assert [[name.text for name in party.names] for party in found] == [
        ["CALLUM HEATHERSTONE", "CAL HEATHER"],
        ["HEATHER AVIONICS KA LTD"],
    ]
    assert (len(found[0].addresses), details(found[0], "expiration date")) == (2, ["01/05/2034"])
    assert {party.kind for party in found} == {PartyKind.UNKNOWN}


def test_the_chinese_lists() -> None:
    """Both names are first names, a removed entry is not read, a suspended one is and says so."""
    found = sample_list("cn-mofcom.csv")
    heron = next(party for party in found.values() if party.programmes == ("unreliable-entity",))
    assert names(heron, Strength.PRIMARY) == ["苍鹭航空系统公司", "Heron Aero Systems Inc."]
    assert names(heron, Strength.STRONG) == ["Heron Aero", "HAS"]
    assert [name.script for name in heron.names][:2] == ["Hani", "Latn"]
    assert heron.entry in sample_list("cn-mofcom.json")
    assert details(found["EC-2"], "status") == ["suspended"]
    assert "EC-3" not in found


def test_followthemoney() -> None:
    """Links come from lines before and after both ends, with percentages; who is no target is named and not listed."""
    found = sample_list("entities.ftm.json")
    assert sorted(found) == ["NK-co", "NK-person", "NK-ship", "NK-wal"]
    person, company, ship = found["NK-person"], found["NK-co"], found["NK-ship"]
    assert names(person, Strength.PRIMARY) == ["Melisande Crake"]
    assert names(person, Strength.STRONG) == ["CRAKE, Melisande", "Мелисанда Крейк", "Mel Crake", "Melisande Rail"]
    assert names(person, Strength.WEAK) == ["The Corn Queen"]
    assert identifiers(person) == {
        ("passport", "71 9982210", None),
        ("passport", "75 1230099", "RU"),
        ("wallet", "bc1qcrakeinvented0000", None),
    }
    assert (person.addresses[0].street, person.addresses[0].country.code) == ("4 Reedbed Lane, Tver", "RU")
    assert links(person) == {
        ("subsidiary", "Corncrake OOO", "NK-co", False),
        ("directed", "Landrail Trading", "NK-sub", False),
        ("family", "Piers Crake", "NK-pep", False),
    }
    owned = {(link.relation, link.name): (link.ownership_percent, link.former) for link in company.links}
    assert owned[Relation.OWNER, "Melisande Crake"] == (62.5, False)
    assert owned[Relation.SUBSIDIARY, "Landrail Trading"] == (100.0, True)
    assert owned[Relation.LINKED, "SPOTTED CRAKE"] == (None, False)
    assert {kind for kind, _, _ in identifiers(ship)} == {"imo", "mmsi", "call-sign"}
    assert (ship.programmes, details(ship, "list number")) == (("Demo shipping",), ["XX-77"])


def test_nested_targets() -> None:
    """Entities within entities are read as if they stood alone, once, and a target repeated inside stays whole."""
    found = sample_list("targets.nested.json")
    assert sorted(found) == ["NK-co", "NK-person"]
    assert found["NK-person"].births[0].first == "1980-04-09"
    assert links(found["NK-co"]) == {("owner", "Melisande Crake", "NK-person", False)}
    assert (found["NK-co"].addresses[0].street, found["NK-co"].programmes) == ("9 Fen Road, Tver", ("Demo",))


def test_simple_targets() -> None:
    """The simplified table gives every value of a field, and identifiers that may be anything."""
    found = sample_list("targets.simple.csv")
    person = found["NK-person"]
    assert [name.text for name in person.names] == ["Melisande Crake", "Mel Crake", "Мелисанда Крейк"]
    assert identifiers(person) == {("other", "71 9982210", None), ("other", "7709991230", None)}
    assert (person.programmes, found["NK-ship"].programmes) == (("XX-DEMO",), ("Demo list",))


def test_a_table_of_ones_own() -> None:
    """A mapping says encoding, delimiter, kinds, names in parts, identifiers and links with a percentage."""
    mapping = parse_mapping((LISTS / "own.toml").read_text("utf-8"), "own.toml")
    person, company = parsed("csv", "own.csv", (LISTS / "own.csv").read_bytes(), mapping).parties
    assert [name.text for name in person.names] == ["白鹭 青", "白鹭兰", "鹭青"]
    assert (births(person), identifiers(person)) == (["1979-05-02"], {("passport", "E9912345", None)})
    assert (person.kind, company.kind) == (PartyKind.PERSON, PartyKind.ORGANIZATION)
    (owner,) = company.links
    assert (owner.relation, owner.name, owner.ownership_percent) == (Relation.OWNER, "Stilt Group", 55.0)


def test_everybody_is_listed_where_nobody_says_who() -> None:
    """A file without targets and topics is a list; of one that has topics those with a restriction are listed."""
    bare = b'{"id": "a", "schema": "Person", "properties": {"name": ["Ada Stint"]}}\n'
    office = b'{"id": "b", "schema": "Person", "properties": {"name": ["Bo Ruff"], "topics": ["role.pep"]}}\n'
    listed = b'{"id": "c", "schema": "Company", "properties": {"name": ["Cley Ltd"], "topics": ["debarment"]}}\n'
    assert [party.entry for party in parsed("ftm", "x.json", bare).parties] == ["a"]
    assert [party.entry for party in parsed("ftm", "x.json", bare + office + listed).parties] == ["c"]
