"""The real files, read whole. They run where the folder of test data is."""

from __future__ import annotations

import pytest
from datafolder import data_folder
from listsamples import real

from screening.watchlist.formats.sources import Format, parse_list, recognise
from screening.watchlist.parties import PartyKind, Strength
from screening.watchlist.same import same_parties

try:
    data_folder()
except FileNotFoundError as error:
    pytest.skip(str(error), allow_module_level=True)


def test_the_un_list() -> None:
    """713 individuals and 305 entities, with weak aliases, original scripts and dates of every kind."""
    parsed = parse_list("un-sc", real("un/consolidated_2020-11-30.xml"))
    kinds = [party.kind for party in parsed.parties]
    assert (kinds.count(PartyKind.PERSON), kinds.count(PartyKind.ORGANIZATION)) == (713, 305)
    assert parsed.counts.weak_aliases > 500
    scripts = {name.script for party in parsed.parties for name in party.names}
    assert {"Latn", "Arab", "Cyrl"} <= scripts
    assert any(span.circa for party in parsed.parties for span in party.births)
    assert any(span.first != span.last for party in parsed.parties for span in party.births)


def test_the_consolidated_list_of_ofac() -> None:
    """The list of those who are not specially designated, from its four files."""
    names = [f"ofac_nonsdn/cons_{part}.csv" for part in ("prim", "alt", "add", "comments")]
    counts = parse_list("us-ofac-cons", real(*names)).counts
    assert (counts.entries, counts.aliases, counts.addresses) == (442, 1073, 574)


def test_the_screening_list() -> None:
    """A part of the US screening list: every row of nine lists, and the Entity List alone."""
    files = real("us_csl/csl_sample.csv")
    assert parse_list("us-csl", files).counts.entries == 110
    assert parse_list("us-bis-entity", files).counts.entries == 18


@pytest.mark.parametrize(("name", "rows", "entries"), [("dpl.txt", 545, 415), ("dpl_bench.txt", 581, 459)])
def test_the_denied_persons(name: str, rows: int, entries: int) -> None:
    """Every row of the list is an address of a party, and parties with several are one."""
    (document,) = real(f"us_csl/{name}")
    assert document.whole().count(b"\n") == rows + 1
    assert parse_list("us-bis-dpl", [document]).counts.entries == entries


@pytest.mark.parametrize(("path", "entries"), [("zala", 14), ("parteispenden", 96), ("t1", 6)])
def test_followthemoney(path: str, entries: int) -> None:
    """Entities as OpenSanctions publishes them: targets where the file has any, all parties where it has none."""
    parsed = parse_list("ftm", real(f"yente_fixtures/{path}/entities.ftm.json"))
    assert parsed.counts.entries == entries
    listed = {party.entry for party in parsed.parties}
    owned = [link for party in parsed.parties for link in party.links if link.ownership_percent]
    assert bool(owned) == (path == "zala")
    assert all(link.name for party in parsed.parties for link in party.links if link.entry not in listed)


def test_what_is_no_list_of_entities_is_refused_by_its_content() -> None:
    """An index or a delta of OpenSanctions is not taken for a list."""
    index, delta = real("yente_fixtures/t1/index.json", "yente_fixtures/t1/delta.json")
    assert recognise(index) is None
    assert recognise(delta) is None
    assert recognise(real("us_csl/dpl.txt")[0]) is Format.DPL


def test_the_same_party_on_several_lists() -> None:
    """Part of the UN's people stand on OFAC's list too: found by papers, or by name and birth date together."""
    ofac = parse_list("us-ofac-sdn", real(*[f"ofac_2021-07/{name}.csv" for name in ("sdn", "alt", "add")]))
    un = parse_list("un-sc", real("un/consolidated_2020-11-30.xml"))
    groups = same_parties({"us-ofac-sdn": ofac.parties, "un-sc": un.parties})
    assert len(groups) > 200
    held = {("us-ofac-sdn", party.entry): party for party in ofac.parties}
    held |= {("un-sc", party.entry): party for party in un.parties}
    kinds = [{held[place].kind for place in group} for group in groups]
    assert sum(len(kind) == 1 for kind in kinds) / len(groups) > 0.95
    assert all(name.strength in Strength for party in un.parties for name in party.names)
