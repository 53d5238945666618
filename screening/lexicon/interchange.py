"""Word lists as other tools keep them: reading them row by row, and writing ours so that other tools can read it.

    plain     one term in each line
    levels    term and level, parted by a comma, a tab or a bar: 赌博,2 ; further columns are left out
    csv       a header, then rows; the columns of the term and its level are found by their names
    replace   term=replacement, as forums keep them: {BANNED} is grave, {MOD} serious, a replacement slight
    json      a list of texts, or of objects with a term and a level; or an object that holds such lists

A line that begins with "#" is a comment (not in csv and json). A line that cannot be read is a fault with its place,
and the reading goes on. Nothing here is ever run: a regular expression is told as one and left out.
"""

from __future__ import annotations

import csv
import enum
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, assert_never

from screening.errors import Fault, LexiconError
from screening.lexicon.encodings import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from screening.lexicon.entries import Entry, Lexicon


class Format(enum.StrEnum):
    """How another tool writes a list."""

    PLAIN = "plain"
    LEVELS = "levels"
    CSV = "csv"
    REPLACE = "replace"
    JSON = "json"


class Row(NamedTuple):
    """One term of a foreign list; `level` as it was written, None where none was."""

    where: str
    term: str
    level: str | None


class Columns(NamedTuple):
    """The names of the columns of a CSV file; None where they are to be found by their names."""

    term: str | None = None
    level: str | None = None


TERM_NAMES: Final = (
    "term",
    "word",
    "words",
    "keyword",
    "text",
    "name",
    "词",
    "词语",
    "关键词",
    "关键字",
    "敏感词",
    "违禁词",
)
LEVEL_NAMES: Final = ("level", "severity", "grade", "rank", "risk", "级别", "等级", "风险等级", "严重程度")
"""Names by which a column or a field is known, in lower case."""

_PARTING = re.compile(r"[,\t|，]")
_REPLACEMENTS = {"{BANNED}": "3", "{MOD}": "2"}
_DELIMITERS = ",\t;|"
_EXPORTED = ("category", "id", "term", "severity", "ceiling", "boundary", "reason")


def read_rows(
    name: str, data: bytes, form: Format, encoding: str, columns: Columns | None = None
) -> Iterator[Row | Fault]:
    """Yield the rows of a list, in order, and a fault in the place of each that cannot be read.

    Args:
        name: the file's name, for places.
        data: the whole file.
        form: how it is written.
        encoding: in which encoding.
        columns: of a CSV file, where the names of its columns do not tell.

    Raises:
        LexiconError: the file as a whole is not what `form` says.
    """
    lines = lines_of(name, data, encoding)
    match form:
        case Format.PLAIN:
            return _by_line(name, lines, _plain)
        case Format.LEVELS:
            return _by_line(name, lines, _levelled)
        case Format.REPLACE:
            return _by_line(name, lines, _replaced)
        case Format.CSV:
            return _table(name, lines, columns or Columns())
        case Format.JSON:
            return _values(name, lines)
        case never:
            assert_never(never)


def _by_line(
    name: str, lines: Iterable[tuple[int, str | Fault]], read: Callable[[str], tuple[str, str | None]]
) -> Iterator[Row | Fault]:
    for number, line in lines:
        if isinstance(line, Fault):
            yield line
        elif line.strip() and not line.startswith("#"):
            yield Row(f"{name}: line {number}", *read(line))


def _plain(line: str) -> tuple[str, str | None]:
    # Lists that were cut out of programs keep the comma after each term.
    return line.strip().rstrip(",，、").rstrip(), None


def _levelled(line: str) -> tuple[str, str | None]:
    term, *rest = _PARTING.split(line)
    level = rest[0].strip() if rest else ""
    return term.strip(), level or None


def _replaced(line: str) -> tuple[str, str | None]:
    term, parted, replacement = line.partition("=")
    if not parted:
        return term.strip(), None
    return term.strip(), _REPLACEMENTS.get(replacement.strip().upper(), "1")


def _table(name: str, lines: Iterable[tuple[int, str | Fault]], columns: Columns) -> Iterator[Row | Fault]:
    """Read a CSV file line by line: an open quote costs its line, not all that follow."""
    header: list[str] | None = None
    delimiter, term_at, level_at = ",", 0, None
    for number, line in lines:
        where = f"{name}: line {number}"
        if isinstance(line, Fault):
            yield line
            continue
        if not line.strip():
            continue
        if header is None:
            delimiter = max(_DELIMITERS, key=line.count)
            header = [cell.strip() for cell in _cells(line, delimiter) or [line]]
            term_at, level_at = _found(where, header, columns)
            continue
        cells = _cells(line, delimiter)
        if cells is None:
            yield Fault(where, "a quote that is not closed", "a row on one line")
        elif len(cells) <= max(term_at, level_at or 0):
            yield Fault(where, f"{len(cells)} columns", f"{len(header)}, as in the header")
        else:
            level = "" if level_at is None else cells[level_at].strip()
            yield Row(where, cells[term_at].strip(), level or None)


def _cells(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _found(where: str, header: Sequence[str], columns: Columns) -> tuple[int, int | None]:
    """Return the places of the term's column and of the level's, which a file need not have."""
    lowered = [cell.lower() for cell in header]
    terms = (columns.term.lower(),) if columns.term else TERM_NAMES
    levels = (columns.level.lower(),) if columns.level else LEVEL_NAMES
    term = next((lowered.index(named) for named in terms if named in lowered), None)
    level = next((lowered.index(named) for named in levels if named in lowered), None)
    faults = []
    if term is None:
        expected = f"a column of terms named {columns.term or ', '.join(TERM_NAMES[:4])}"
        faults.append(Fault(where, f"columns {', '.join(header)}", expected))
    if columns.level and level is None:
        faults.append(Fault(where, f"columns {', '.join(header)}", f"a column of levels named {columns.level}"))
    if faults or term is None:
        raise LexiconError(faults)
    return term, level


def _values(name: str, lines: Iterable[tuple[int, str | Fault]]) -> Iterator[Row | Fault]:
    texts: list[str] = []
    faults: list[Fault] = []
    for _, line in lines:
        if isinstance(line, Fault):
            faults.append(line)
        else:
            texts.append(line)
    if faults:
        raise LexiconError(faults)
    try:
        value = json.loads("\n".join(texts))
    except (ValueError, RecursionError) as error:
        raise LexiconError([Fault(name, str(error), "JSON")]) from None
    lists = [("$", value)] if isinstance(value, list) else _lists(value)
    if not lists:
        raise LexiconError([Fault(name, f"a {type(value).__name__}", "a list of terms, or an object that holds lists")])
    for place, held in lists:
        for at, one in enumerate(held):
            yield _value(f"{name}: {place}[{at}]", one)


def _lists(value: object) -> list[tuple[str, list[Any]]]:
    if not isinstance(value, dict):
        return []
    return [(f"$.{key}", held) for key, held in value.items() if isinstance(held, list)]


def _value(where: str, value: object) -> Row | Fault:
    if isinstance(value, str):
        return Row(where, value.strip(), None)
    if isinstance(value, dict):
        fields = {str(key).lower(): held for key, held in value.items()}
        term = next((fields[key] for key in TERM_NAMES if isinstance(fields.get(key), str)), None)
        level = next((fields[key] for key in LEVEL_NAMES if isinstance(fields.get(key), str | int)), None)
        if term is not None:
            return Row(where, term.strip(), None if level is None else str(level).strip())
    return Fault(where, f"{value!r}"[:60], f"a text, or an object with {', '.join(TERM_NAMES[:4])}")


# ------------------------------------------------------------------------------------------------------- writing


def export(lexicon: Lexicon, form: Format) -> Iterator[str]:
    """Yield a lexicon's terms as another tool reads them, line by line without line ends.

    Context, allow phrases, views, examples and what is looked for by its kind have no place in any of these formats:
    what is exported does not find what the lexicon does, and is no way to keep one.
    """
    match form:
        case Format.PLAIN:
            return (term for _, term in _terms(lexicon))
        case Format.LEVELS:
            return (f"{term}\t{entry.severity}" for entry, term in _terms(lexicon))
        case Format.REPLACE:
            named = {int(level): name for name, level in _REPLACEMENTS.items()}
            return (f"{term}={named.get(entry.severity, '*')}" for entry, term in _terms(lexicon))
        case Format.CSV:
            return _as_table(lexicon)
        case Format.JSON:
            return _as_json(lexicon)
        case never:
            assert_never(never)


def _terms(lexicon: Lexicon) -> Iterator[tuple[Entry, str]]:
    for entry in lexicon.entries:
        # What is looked for by its kind has no spelling that another tool could search.
        for term in () if entry.kind else entry.terms:
            yield entry, term
    for held in lexicon.lists:
        for term in held.terms:
            yield held.shared, term


def _exported(entry: Entry, term: str) -> Mapping[str, object]:
    shown = {name: getattr(entry, name) for name in _EXPORTED if name != "term"} | {"term": term}
    return {name: str(shown[name]) if name != "severity" else entry.severity for name in _EXPORTED}


def _as_table(lexicon: Lexicon) -> Iterator[str]:
    yield ",".join(_EXPORTED)
    line: list[str] = []
    writer = csv.writer(_Into(line), lineterminator="")
    for entry, term in _terms(lexicon):
        writer.writerow(_exported(entry, term).values())
        yield line.pop()


def _as_json(lexicon: Lexicon) -> Iterator[str]:
    comma = ""
    yield "["
    for entry, term in _terms(lexicon):
        if comma:
            yield comma + ","
        comma = json.dumps(_exported(entry, term), ensure_ascii=False)
    if comma:
        yield comma
    yield "]"


class _Into:
    """What a CSV writer writes to: a list that holds one line."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, line: str) -> None:
        self._lines.append(line)
