"""Word lists of other tools: every usual form is read, every line that cannot be taken is told, nothing is run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import entry, lexicon

from screening.errors import Fault, LexiconError
from screening.evidence import Ceiling
from screening.lexicon import imported
from screening.lexicon.encodings import lines_of, recognised
from screening.lexicon.entries import Boundary
from screening.lexicon.imported import MOST_TERM, MOST_TOLD, Origin, take, written
from screening.lexicon.interchange import Columns, Format, Row, export, read_rows
from screening.lexicon.parse import parse_lexicon

WORDS = ("网上开户送彩金", "低价代开发票", "上门服务加微信", "出售银行卡四件套")


def rows_of(form: Format, text: str, columns: Columns | None = None) -> list[Row | Fault]:
    return list(read_rows("list", text.encode(), form, "utf-8", columns))


def read(form: Format, text: str, columns: Columns | None = None) -> list[tuple[str, str | None]]:
    rows = rows_of(form, text, columns)
    assert [row for row in rows if isinstance(row, Fault)] == []
    return [(row.term, row.level) for row in rows]


def terms(text: str, form: Format = Format.PLAIN):
    return take(rows_of(form, text), 2)


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_an_encoding_is_recognised(encoding):
    """Whatever a list was saved in, its words come out the same, with Windows line ends too."""
    data = "\r\n".join([*WORDS, "abc"]).encode(encoding)
    known = recognised("list", data)
    assert [line for _, line in lines_of("list", data, known)] == [*WORDS, "abc"]


def test_a_broken_line_does_not_change_the_encoding():
    """One line of rubbish in a UTF-8 file is told with its number; the others are read."""
    data = b"\n".join([*(word.encode() for word in WORDS), b"\xff\xfe\xfd", "末行".encode()])
    assert recognised("list", data) == "utf-8"
    lines = dict(lines_of("list", data, "utf-8"))
    assert isinstance(lines[5], Fault)
    assert "list: line 5: found byte 0xff at 0, expected text in utf-8" in str(lines[5])
    assert [line for line in lines.values() if isinstance(line, str)] == [*WORDS, "末行"]


def test_utf8_is_not_taken_for_gbk():
    """A UTF-8 file in which every second line is cut is not read as rare characters of GBK."""
    data = b"\n".join(line for word in WORDS for line in (word.encode(), word.encode()[:-1]))
    assert recognised("list", data) == "utf-8"


@pytest.mark.parametrize(
    ("data", "found"),
    [(bytes(range(0x80, 0x100)) * 4, "neither UTF-8 nor GBK"), ("模校".encode("gbk"), "could be UTF-8 and GBK alike")],
)
def test_what_cannot_be_told_is_asked(data, found):
    """Nothing is guessed where both or neither could be: whoever imports says which it is."""
    with pytest.raises(LexiconError, match=found):
        recognised("list", data)


def test_an_unknown_encoding_is_told():
    """Its name is shown with those that are known."""
    with pytest.raises(LexiconError, match="found encoding 'klingon', expected one like utf-8"):
        list(lines_of("list", b"a", "klingon"))


@given(st.lists(st.text(st.characters(min_codepoint=0x20, codec="gb18030"), min_size=0, max_size=20), max_size=20))
def test_lines_keep_their_numbers(lines):
    """Whatever the text, there are as many numbered lines as were written."""
    text = "\n".join(lines)
    for encoding in ("utf-8", "gb18030"):
        read_back = [line for _, line in lines_of("list", text.encode(encoding), encoding)]
        assert len(read_back) == max(1, len(lines))


# Formats


def test_plain_lists():
    """A term a line; blank lines, comments and the comma that programs leave behind do not count."""
    assert read(Format.PLAIN, "甲乙丙\n\n# 说明\n 丁戊己,\n庚 辛，\n") == [
        ("甲乙丙", None),
        ("丁戊己", None),
        ("庚 辛", None),
    ]


@pytest.mark.parametrize("sign", [",", "\t", "|", "，", " , "])
def test_levels(sign):
    """Term and level, whatever parts them; further columns are left out."""
    assert read(Format.LEVELS, f"甲乙丙{sign}3{sign}gambling\n丁戊己\n") == [("甲乙丙", "3"), ("丁戊己", None)]


def test_replacements():
    """A forum's list: banned is grave, moderated serious, replaced slight."""
    text = "甲乙丙={BANNED}\n丁戊己={MOD}\n庚辛壬=**\n癸子丑\n"
    assert read(Format.REPLACE, text) == [("甲乙丙", "3"), ("丁戊己", "2"), ("庚辛壬", "1"), ("癸子丑", None)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_columns_are_found_by_their_names(delimiter):
    """In Chinese or English, in any order, with any usual delimiter, quoted or not."""
    rows = [["备注", "敏感词", "级别"], ["x", "甲乙丙", "3"], ["y", 'a"b', "1"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    assert read(Format.CSV, text.getvalue()) == [("甲乙丙", "3"), ('a"b', "1")]
    assert read(Format.CSV, text.getvalue(), Columns("备注", "级别")) == [("x", "3"), ("y", "1")]


def test_csv_faults_cost_their_line_only():
    """An open quote and a short row are told with their numbers; the rows after them are read."""
    rows = rows_of(Format.CSV, 'word,level\n甲乙丙,1\n"丁戊己,2\n庚辛壬\n癸子丑,3\n')
    assert [str(row) for row in rows if isinstance(row, Fault)] == [
        "list: line 3: found a quote that is not closed, expected a row on one line",
        "list: line 4: found 1 columns, expected 2, as in the header",
    ]
    assert [row.term for row in rows if isinstance(row, Row)] == ["甲乙丙", "癸子丑"]


def test_csv_without_a_column_of_terms():
    """A header that names no terms is refused with what it names."""
    with pytest.raises(LexiconError, match="line 1: found columns id, zzz, expected a column of terms named term"):
        rows_of(Format.CSV, "id,zzz\n1,2\n")
    with pytest.raises(LexiconError, match="expected a column of levels named risky"):
        rows_of(Format.CSV, "word\n甲\n", Columns(level="risky"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["甲乙丙", "丁戊己"], [("甲乙丙", None), ("丁戊己", None)]),
        ([{"word": "甲乙丙", "level": 3}, {"Term": "丁戊己"}], [("甲乙丙", "3"), ("丁戊己", None)]),
        (
            {"updated": "2024", "words": ["甲乙丙"], "more": [{"词": "丁戊己", "级别": "高"}]},
            [("甲乙丙", None), ("丁戊己", "高")],
        ),
    ],
)
def test_json_lists(value, expected):
    """A list of texts or objects, or an object that holds such lists."""
    assert read(Format.JSON, json.dumps(value, ensure_ascii=False, indent=1)) == expected


def test_json_faults():
    """An element that is no term is told by its place; what is no list at all is refused."""
    rows = rows_of(Format.JSON, '["甲乙丙", 5, {"x": 1}]')
    assert [str(row).split(": found")[0] for row in rows[1:]] == ["list: $[1]", "list: $[2]"]
    for text in ("{", '"甲"', '{"a": 1}', "[" * 100_000):
        with pytest.raises(LexiconError):
            rows_of(Format.JSON, text)


# Taking


@pytest.mark.parametrize(
    "term",
    [
        "/赌.*博/i", "赌.*博", "赌.{0,3}博", r"加\s*微", r"\d{11}", "(加微|加v)", "[加家]+微", "(?i)vx", "re:赌博",
        "[^a]微", r"\u8d4c", "赌{2}博", "(a+)+$", "((a*)*)*b", "(a|aa)+$", "(.*a){20}", "^(赌+)+博$", "^赌博$",
    ],
)  # fmt: skip
def test_regular_expressions_are_refused_as_such(term):
    """They are told as what they are, never compiled and never searched literally."""
    taken = terms(f"{term}\n甲乙丙\n")
    (fault,) = taken.faults
    assert "line 1" in fault.where
    assert "a regular expression" in fault.found
    assert taken.terms == {2: ("甲乙丙",)}


@pytest.mark.parametrize(
    "term", ["a.com", "18+", "AT&T", "c++", "[微笑]", "(甲乙)", "甲-乙", "v.x", "甲·乙", "what?", "$100", "^_^哦"]
)
def test_ordinary_signs_are_no_patterns(term):
    """Addresses, names and emoticons hold signs too."""
    assert terms(f"{term}\n").terms == {2: (term,)}


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("赌+博", "a combination of terms"),
        ("甲*乙", "a combination of terms"),
        ("甲" * (MOST_TERM + 1), f"{MOST_TERM + 1} characters"),
        ("。。", "'。。'"),
        ("博", "one character"),
        ("甲'''乙", "'''"),
        ("甲\x07乙", r"\x07"),
    ],
)
def test_what_cannot_be_searched_is_told(term, found):
    """With the number of its line; the rest is taken."""
    taken = terms(f"甲乙丙\n{term}\n丁戊己\n")
    (fault,) = taken.faults
    assert fault.where == "list: line 2"
    assert found in fault.found
    assert taken.terms == {2: ("甲乙丙", "丁戊己")}


def test_repeats_are_left_out():
    """Terms that come out the same when normalised count once."""
    taken = terms("usdt\nＵＳＤＴ\n賭博網\n赌博网\n")
    assert (taken.terms, taken.repeated, taken.refused) == ({2: ("usdt", "賭博網")}, 2, 0)


def test_levels_become_severities():
    """Numbers and words that everybody uses; others are told and must be given a meaning."""
    text = "甲乙丙,高\n丁戊己,1\n庚辛壬,9\n癸子丑\n"
    rows = rows_of(Format.LEVELS, text)
    taken = take(rows, 2)
    assert taken.terms == {1: ("丁戊己",), 2: ("癸子丑",), 3: ("甲乙丙",)}
    assert [fault.where for fault in taken.faults] == ["list: line 3"]
    assert take(rows, 2, {**imported.LEVELS, "9": 3}).refused == 0


def test_faults_are_counted_beyond_those_that_are_told():
    """A wholly unusable list costs no more memory than its first faults."""
    taken = terms("。\n" * (MOST_TOLD + 5))
    assert (len(taken.faults), taken.refused, taken.count) == (MOST_TOLD, MOST_TOLD + 5, 0)


def test_too_many_terms_are_refused_clearly(monkeypatch):
    """A list beyond the bound is refused whole, with the bound and what to do."""
    monkeypatch.setattr(imported, "MOST_LISTED", 3)
    with pytest.raises(LexiconError, match="line 4: found more than 3 terms, expected at most 3: split the list"):
        terms("甲乙\n丙丁\n戊己\n庚辛\n")


# What it becomes

ORIGIN = Origin(
    category="gambling",
    id="our-words",
    ceiling=Ceiling.REVIEW,
    boundary=Boundary.BOTH,
    source='list "a\\b"\t.txt',
    reason="imported",
    added=dt.date(2026, 11, 23),
    review_by=dt.date(2027, 5, 23),
)


def test_the_file_is_one_of_ours():
    """A list for each severity, with source and date, capped at review."""
    text = written(ORIGIN, {1: ("甲乙丙",), 3: ("丁戊己", "庚 辛")})
    slight, grave = parse_lexicon({"gambling.our-words.toml": text}, ["gambling"]).lists
    assert (slight.shared.id, grave.shared.id) == ("our-words-1", "our-words-3")
    assert list(grave.terms) == ["丁戊己", "庚 辛"]
    assert (grave.shared.source, grave.shared.added) == (ORIGIN.source, ORIGIN.added)
    assert (grave.shared.ceiling, grave.shared.severity) == (Ceiling.REVIEW, 3)


def test_a_list_is_never_written_with_auto():
    """Whoever asks for orders from an imported list is refused."""
    with pytest.raises(ValueError, match="ceiling: found auto"):
        written(Origin(**{name: getattr(ORIGIN, name) for name in Origin.__slots__} | {"ceiling": Ceiling.AUTO}), {})


@given(st.lists(st.text(max_size=12), max_size=30))
def test_whatever_is_taken_can_be_written_and_read(lines):
    """Any text at all: each line is taken, refused or a repeat, and what was taken comes back as it was."""
    rows = [Row(f"list: line {number}", line.strip(), None) for number, line in enumerate(lines, 1)]
    taken = take(rows, 2)
    assert taken.count + taken.repeated + taken.refused == len(lines)
    if taken.count:
        (held,) = parse_lexicon({"gambling.x.toml": written(ORIGIN, taken.terms)}, ["gambling"]).lists
        assert tuple(held.terms) == taken.terms[2]


# Exporting


@pytest.mark.parametrize("form", list(Format))
def test_what_is_exported_can_be_imported(form):
    """Every format gives the terms back, and those that have levels the severities."""
    held = lexicon(entry("one", "甲乙丙", 'a"b,c'), entry("two", "丁戊己", severity=1))
    taken = take(rows_of(form, "\n".join(export(held, form))), 2)
    expected = {3: ("甲乙丙", 'a"b,c'), 1: ("丁戊己",)}
    if form is Format.PLAIN:
        assert sorted(taken.terms[2]) == sorted([*expected[3], *expected[1]])
    elif form is Format.LEVELS:
        assert (taken.terms[1], taken.terms[3][0]) == (expected[1], "甲乙丙")
    else:
        assert dict(taken.terms) == expected


def test_an_empty_lexicon_is_exported():
    """Nothing is written as each format writes nothing."""
    assert json.loads("".join(export(lexicon(), Format.JSON))) == []
    assert list(export(lexicon(), Format.PLAIN)) == []
