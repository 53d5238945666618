from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import msgspec
import pytest
from datafolder import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import files_in, ofac_day, ofac_history, sample, sample_files

from screening.errors import WatchlistError
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import Link, ListCounts, PartyKind, Relation, Strength

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.watchlist.parties import ListedParty

ROW = b'%d,"NAME %d",-0- ,"DEMO",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,%s\r\n'


def rows(*numbers: int, remarks: bytes = b"-0- ") -> bytes:
    return b"".join(ROW % (number, number, remarks) for number in numbers)


def untied(party: ListedParty) -> ListedParty:
    return msgspec.structs.replace(
        party, links=tuple(msgspec.structs.replace(link, entry=None) for link in party.links)
    )


def faults_of(files: Mapping[str, bytes]) -> list[str]:
    with pytest.raises(WatchlistError) as caught:
        ofac_csv.parse(files)
    return [str(fault) for fault in caught.value.faults]


def test_the_sample_is_read_whole() -> None:
    """The list that the demo ships holds what its files hold."""
    parsed = sample()
    assert parsed.counts == ListCounts(entries=25, aliases=26, weak_aliases=7, addresses=15, identifiers=29, births=13)
    vessel = next(party for party in parsed.parties if party.entry == "900004")
    assert vessel.kind is PartyKind.VESSEL
    assert ("call sign", "9XHG3") in [(detail.label, detail.text) for detail in vessel.details]
    assert [held.code for held in vessel.countries] == ["PA"]


def test_a_missing_end_mark_is_no_fault() -> None:
    """The 0x1A byte at the end, and the last line end, may be absent."""
    bare = {name: data.rstrip(b"\x1a\r\n") for name, data in sample_files().items()}
    assert ofac_csv.parse(bare) == sample()


def test_files_are_known_by_name_or_else_by_columns() -> None:
    """The consolidated list's names, and names that say nothing, lead to the same list."""
    files = sample_files()
    consolidated = {
        "cons_prim.csv": files["sdn.csv"],
        "CONS_ALT.CSV": files["alt.csv"],
        "x/cons_add.csv": files["add.csv"],
    }
    unnamed = {"one.txt": files["sdn.csv"], "two.txt": files["alt.csv"], "three.txt": files["add.csv"]}
    assert ofac_csv.parse(consolidated) == sample()
    assert ofac_csv.parse(unnamed) == sample()


def test_remarks_go_on_in_the_comments() -> None:
    """An overflow is put behind the remarks as it stands, in the middle of a word, before anything is read."""
    files = {
        "sdn.csv": rows(1, remarks=b'"DOB 1966; a.k.a. \'SNOW"'),
        "sdn_comments.csv": b'1,"JOHN\'; Linked To: LAZULI."\r\n',
    }
    (party,) = ofac_csv.parse(files).parties
    assert party.names[-1].text == "SNOWJOHN"
    assert party.links == (Link(relation=Relation.LINKED, name="LAZULI", label="Linked To"),)
    assert party.remarks == "DOB 1966; a.k.a. 'SNOWJOHN'; Linked To: LAZULI."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_encodings_are_told_apart(encoding: str) -> None:
    """A name with accents is the same from UTF-8, with or without a mark, and from Latin-1."""
    data = rows(1).decode().replace("NAME 1", "MUÑOZ, José").encode(encoding)
    assert ofac_csv.parse({"sdn.csv": data}).parties[0].names[0].text == "MUÑOZ, José"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "primary file"),
        ({"sdn.csv": b""}, "an empty file"),
        ({"sdn.csv": b"\x1a"}, "an empty file"),
        ({"sdn.csv": rows(1), "alt.csv": b"\x1a"}, "alt.csv: found an empty file"),
        ({"alt.csv": b'1,2,"aka","NAME",-0- \r\n'}, "a primary file"),
        ({"sdn.csv": rows(1, 2, 1)}, "sdn.csv: line 3: column 1: found entry 1 again"),
        ({"sdn.csv": rows(1) + b'2,"CUT",-0- ,"DE\r\n' + rows(3)}, "sdn.csv: line 2: column 4: found a quote"),
        ({"sdn.csv": rows(1) + b'2,"SHORT",-0- \r\n'}, "sdn.csv: line 2: found 3 columns, expected 12 columns"),
        ({"sdn.csv": rows(1) + b'"X","NAME"' + b",-0- " * 10}, "sdn.csv: line 2: column 1: found 'X'"),
        ({"sdn.csv": rows(1) + b"2" + b",-0- " * 11}, "sdn.csv: line 2: column 2: found an empty name"),
        ({"sdn.csv": rows(1), "alt.csv": b'7,2,"aka","NAME",-0- \r\n'}, "alt.csv: line 1: column 1: found entry 7"),
        ({"sdn.csv": rows(1), "add.csv": b"7,2,-0- ,-0- ,-0- ,-0- \r\n"}, "add.csv: line 1: column 1: found entry 7"),
        ({"sdn.csv": rows(1), "alt.csv": b'1,2,"aka",-0- ,-0- \r\n'}, "line 1: column 4: found an empty alias"),
        ({"sdn.csv": b'1,2,"aka","NAME",-0- \r\n'}, "sdn.csv: found 5 columns in most rows, expected 12 columns"),
        ({"sdn.csv": rows(1), "cons_prim.csv": rows(2)}, "found a second primary file beside cons_prim.csv"),
        ({"sdn.csv": rows(1), "notes.txt": b"a,b,c\r\n"}, "notes.txt: found 3 columns"),
        ({"sdn.csv": rows(1).decode().encode("utf-16")}, "NUL byte"),
        ({"sdn.csv": rows(1) + b"\x1a" + rows(2)}, "sdn.csv: line 2: found an end mark (0x1A) before the end"),
    ],
)  # fmt: skip
def test_a_fault_says_where_what_and_what_was_expected(files: dict[str, bytes], said: str) -> None:
    """Every kind of fault is refused with its place, what was found and what was expected."""
    assert any(said in fault for fault in faults_of(files)), faults_of(files)


def test_all_faults_are_reported_and_long_lists_are_cut() -> None:
    """Faults of all files come at once; beyond fifty the last one counts the rest."""
    files = {"sdn.csv": rows(1, 1, 2, 2), "alt.csv": b"".join(b'9,%d,"aka","N",-0- \r\n' % n for n in range(60))}
    faults = faults_of(files)
    assert len(faults) == 51
    assert "12 more faults" in faults[-1]


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=len(sample_files()["sdn.csv"])))
def test_a_cut_file_is_refused_or_ends_at_a_whole_entry(at: int) -> None:
    """Wherever the primary file is cut, no entry is read otherwise than it was sent, but for whom its links lead to."""
    whole = ofac_csv.parse({"sdn.csv": sample_files()["sdn.csv"]}).parties
    try:
        parties = ofac_csv.parse({"sdn.csv": sample_files()["sdn.csv"][:at]}).parties
    except WatchlistError:
        return
    assert [untied(party) for party in parties] == [untied(party) for party in whole[: len(parties)]]


def test_the_real_list_is_read_whole() -> None:
    """The SDN list of one day gives all its entries, aliases and addresses."""
    counts = ofac_day().counts
    assert (counts.entries, counts.aliases, counts.addresses) == (8976, 11910, 13837)


def test_no_field_of_the_real_list_is_lost() -> None:
    """Every field that a file of the real list holds stands in the party it belongs to, as sent."""
    files = files_in(data_folder() / "sanctions" / "lists" / "ofac_2021-07")
    by_entry = {party.entry: party for party in ofac_day().parties}
    texts = {entry: _texts(party) for entry, party in by_entry.items()}
    for name, data in files.items():
        for row in csv.reader(io.StringIO(data.decode().rstrip("\x1a"))):
            party = by_entry[row[0]]
            if name == "sdn.csv":
                assert "] [".join(party.programmes) == row[3]
                assert (party.remarks or "").startswith("" if row[11] == "-0- " else row[11].strip())
                row = [*row[:2], *row[4:11]]  # noqa: PLW2901 - the rest is compared as it stands
            if name == "sdn_comments.csv":
                assert party.remarks is not None
                assert row[1].strip() in party.remarks
                continue
            for value in row:
                assert value == "-0- " or value.strip() in texts[row[0]], (name, row)


def _texts(party: ListedParty) -> set[str]:
    found: set[str] = set()
    waiting: list[object] = [msgspec.to_builtins(party)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
    return found


def test_remarks_of_real_entries_are_read() -> None:
    """Birth date, place, citizenship, passport, weak alias and overflow of real entries are found."""
    by_entry = {party.entry: party for party in ofac_day().parties}
    one = by_entry["27320"]
    assert [span.first for span in one.births] == ["1967-02-25"]
    assert [held.code for held in one.citizenships] == ["GN"]
    assert [(held.type, held.value, held.country.code) for held in one.identifiers if held.country] == [
        ("passport", "RL1025526", "LB")
    ]
    assert [name.text for name in one.names if name.strength is Strength.WEAK] == ["AL-FADL, Abu"]
    overflowing = by_entry["28264"]
    assert "blackjack1987" in [name.text for name in overflowing.names]
    assert overflowing.links[-1].name == "LAZARUS GROUP"
    assert by_entry["24491"].kind is PartyKind.AIRCRAFT
    ranged = by_entry["24761"].births[-1]
    assert (ranged.first, ranged.last) == ("1965-03-01", "1965-03-31")


def test_the_consolidated_list_has_the_same_layout() -> None:
    """The non-SDN list is read by the same module."""
    counts = ofac_csv.parse(files_in(data_folder() / "sanctions" / "lists" / "ofac_nonsdn")).counts
    assert (counts.entries, counts.aliases, counts.addresses) == (442, 1073, 574)


def test_every_day_of_the_real_history_is_read() -> None:
    """Thirteen real days of the primary file alone are read, each with all its lines."""
    days = files_in(data_folder() / "sanctions" / "lists" / "ofac_history")
    assert len(days) == 13
    for data, parsed in zip(days.values(), ofac_history(), strict=True):
        assert parsed.counts.entries == data.count(b"\n")
