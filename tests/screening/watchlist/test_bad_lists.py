"""Lists that are cut, hostile, of another format or encoding: refused with place, finding and expectation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listsamples import LISTS, SAMPLES, in_pieces, parsed

from screening.errors import WatchlistError
from screening.watchlist.formats.mapped_csv import parse_mapping
from screening.watchlist.formats.sources import parse_list

XML = [name for name in SAMPLES if name.endswith(".xml")]
TABLES = [name for name in SAMPLES if name.endswith((".csv", ".txt"))]
BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><CONSOLIDATED_LIST>&z;</CONSOLIDATED_LIST>"""
    % (
        b"".join(
            b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("z") + 1)
        )
    )
)
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><CONSOLIDATED_LIST/>"""


def faults_of(source: str, name: str, data: bytes) -> list[str]:
    with pytest.raises(WatchlistError) as caught:
        parsed(source, name, data)
    return [str(fault) for fault in caught.value.faults]


def sample(name: str) -> bytes:
    return (LISTS / name).read_bytes()


@pytest.mark.parametrize("data", [BOMB, OUTSIDE], ids=["entities in entities", "a file outside"])
def test_declarations_are_refused(data: bytes) -> None:
    """A document that declares entities or a type is refused before any of it is expanded or opened."""
    (fault,) = faults_of("un-sc", "un.xml", data)
    assert "document type declaration" in fault


@pytest.mark.parametrize("name", XML)
def test_cut_xml_is_refused(name: str) -> None:
    """Wherever an XML list ends before its end, it is refused as cut."""
    data = sample(name).rstrip()
    for share in (0.3, 0.6, 0.95):
        faults = faults_of(SAMPLES[name], name, data[: int(len(data) * share)])
        assert "the end of the file" in faults[-1] or "no XML" in faults[-1]
    assert "expected XML up to the end of" in faults_of(SAMPLES[name], name, data[:-3])[-1]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(XML), st.integers(min_value=0, max_value=10_000), st.integers(min_value=0, max_value=255))
def test_a_broken_byte_never_raises_anything_else(name: str, at: int, byte: int) -> None:
    """Any byte of an XML list may be another: it is read or refused, and nothing else happens."""
    data = bytearray(sample(name))
    data[at % len(data)] = byte
    try:
        parsed(SAMPLES[name], name, bytes(data))
    except WatchlistError:
        return


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([name for name in SAMPLES if not name.endswith(".xml")]),
    st.integers(min_value=0, max_value=10_000),
    st.binary(max_size=3),
)
def test_broken_bytes_never_raise_anything_else(name: str, at: int, piece: bytes) -> None:
    """Bytes put anywhere into any other list: it is read or refused, and nothing else happens."""
    data = sample(name)
    at %= len(data)
    try:
        parsed(SAMPLES[name], name, data[:at] + piece + data[at:])
        parsed(SAMPLES[name], name, data[:at])
    except WatchlistError:
        return


def test_elements_without_end_are_bounded() -> None:
    """Elements that stand in each other without end are refused at a depth that no list has."""
    data = b"<CONSOLIDATED_LIST>" + b"<INDIVIDUAL>" * 500
    (fault,) = faults_of("un-sc", "un.xml", data)
    assert "deep" in fault


def test_a_wrong_encoding_is_told() -> None:
    """XML in another encoding than it declares, or in one that nobody knows, is refused as such."""
    wrong = sample("un.xml").decode().encode("latin-1", "replace")
    assert "no XML (not well-formed (invalid token))" in faults_of("un-sc", "un.xml", wrong)[0]
    strange = sample("un.xml").replace(b'encoding="UTF-8"', b'encoding="x-nowhere"', 1)
    assert "encoding" in faults_of("un-sc", "un.xml", strange)[0]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
@pytest.mark.parametrize("name", ["eu.csv", "targets.simple.csv", "cn-mofcom.csv"])
def test_a_table_in_another_encoding_is_refused(name: str, encoding: str) -> None:
    """Where the publisher writes UTF-8, other bytes are refused with their line, or are no format that is known."""
    data = sample(name).decode("utf-8-sig").encode(encoding)
    (fault,) = faults_of(SAMPLES[name], name, data)
    assert "UTF-8" in fault or "no format that is known" in fault


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("eu.csv", "NameAlias_WholeName"),
        ("uk-sanctions-list.csv", "Name type"),
        ("uk-treasury.csv", "Alias Type"),
        ("targets.simple.csv", "birth_date"),
        ("csl.csv", "addresses"),
        ("dpl.txt", "City"),
    ],
)
def test_a_missing_column_is_named(name: str, column: str) -> None:
    """A table that lacks a column is refused with the column's name and those that are there."""
    encoding = "cp1252" if name == "uk-treasury.csv" else "utf-8"
    data = sample(name).replace(column.encode(encoding), b"Other", 1)
    (fault,) = faults_of(SAMPLES[name], name, data)
    assert f"no column {column}" in fault
    assert name in fault


@pytest.mark.parametrize("name", TABLES)
def test_a_cut_row_is_told_with_its_line(name: str) -> None:
    """A table that ends within a row is refused with the line."""
    data = sample(name).rstrip()
    cut = data[: data.rindex(b"\n") + 12]
    assert any(f"{name}: line" in fault for fault in faults_of(SAMPLES[name], name, cut))


def test_a_list_says_how_much_it_holds() -> None:
    """An XML of OFAC with fewer entries than it says is refused, though it is well-formed."""
    data = sample("sdn.xml").replace(b"<Record_Count>3<", b"<Record_Count>9000<")
    (fault,) = faults_of("us-ofac-sdn", "sdn.xml", data)
    assert "found 9000, and 3 entries" in fault


@pytest.mark.parametrize(("name", "source"), [(name, source) for name, source in SAMPLES.items() if source != "un-sc"])
def test_another_format_is_named(name: str, source: str) -> None:
    """A list imported under another source is refused with what it is and what was expected."""
    (fault,) = faults_of("un-sc", name, sample(name))
    assert f"{name}: found " in fault
    assert "expected the UN's consolidated XML" in fault
    assert source != "un-sc"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an empty file"),
        (b"\r\n", "an empty file"),
        (b"<html><body>Moved</body></html>", "XML with the root <html>"),
        (b"hello", "no format that is known (it begins 'hello')"),
        (b"\x00\x01\x02", "no format that is known"),
    ],
)
def test_what_is_no_list_is_told(data: bytes, said: str) -> None:
    """What is found in place of a list stands in the message."""
    assert said in faults_of("eu-fsf", "list", data)[0]


def test_two_formats_at_once_are_refused() -> None:
    """A folder that holds a list in two forms would hold every entry twice."""
    files = [in_pieces(name, sample(name)) for name in ("eu.csv", "eu.xml")]
    with pytest.raises(WatchlistError, match="2 formats"):
        parse_list("eu-fsf", files)


@pytest.mark.parametrize("name", ["eu.xml", "uk.xml", "seco.xml", "un.xml", "entities.ftm.json", "targets.simple.csv"])
def test_the_same_entry_twice_is_refused(name: str) -> None:
    """Two files with the same entries are refused: one of them is another day's."""
    files = [in_pieces(name, sample(name)), in_pieces(f"older-{name}", sample(name))]
    with pytest.raises(WatchlistError, match="again"):
        parse_list(SAMPLES[name], files)


def test_all_faults_come_at_once() -> None:
    """Faulty rows do not hide each other, and the good ones between them count for nothing."""
    lines = sample("targets.simple.csv").split(b"\n")
    data = b"\n".join([lines[0], b"a,b", lines[1], b",Person" + b"," * 14, b"c,Person" + b"," * 14])
    faults = faults_of("ftm", "targets.simple.csv", data)
    assert [fault.split(": found ")[0] for fault in faults] == [
        "targets.simple.csv: line 2",
        "targets.simple.csv: line 4",
        "targets.simple.csv: line 5",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "no TOML"),
        ('[columns]\nentry = "a"', "name"),
        ('[columns]\nentry = "a"\nname = "b"\nfirst = "c"', "first"),
        ('encoding = "nonsense"\n[columns]\nentry = "a"\nname = "b"', "encoding"),
        ('delimiter = ";;"\n[columns]\nentry = "a"\nname = "b"', "delimiter"),
        ('[columns]\nentry = []\nname = "b"', "columns.entry"),
        ('[columns]\nentry = "a"\nname = "b"\n[kinds]\nX = "martian"', "martian"),
    ],
)
def test_a_faulty_mapping_is_told(text: str, said: str) -> None:
    """A mapping that cannot be meant so is refused with its place."""
    with pytest.raises(WatchlistError) as caught:
        parse_mapping(text, "map.toml")
    assert said in str(caught.value)
    assert "map.toml" in str(caught.value)


def test_a_mapping_that_does_not_fit_is_told() -> None:
    """Unknown kinds, dates that are none, percentages beyond 100, and encodings that the file is not in."""
    text = '[columns]\nentry = "id"\nname = "n"\nkind = "k"\nbirth_date = "d"\n'
    mapping = parse_mapping(text + '[[links]]\nrelation = "owner"\nname = "o"\npercent = "p"', "map.toml")
    data = b"id,n,k,d,o,p\n1,A,robot,,,\n2,B,person,yesterday,,\n3,C,person,,X,120\n1,D,person,,,\n"
    with pytest.raises(WatchlistError) as caught:
        parsed("csv", "own.csv", data, mapping)
    assert [str(fault).split(", expected")[0] for fault in caught.value.faults] == [
        "own.csv: line 2: k: found 'robot'",
        "own.csv: line 3: d: found 'yesterday'",
        "own.csv: line 4: p: found '120'",
        "own.csv: line 5: found entry 1 again",
    ]
    utf16 = parse_mapping('encoding = "utf-16"\n' + text, "map.toml")
    with pytest.raises(WatchlistError, match="utf-16"):
        parsed("csv", "own.csv", b"\xff\xfe" + b"\x00\xd8\x00", utf16)
