"""Tables with a header: rows by the names of their columns, and every fault of a line.

Rules of this module:
1. A column is known by its name, whatever its case, blanks and underscores; other columns are let be.
2. What stands before the header (a date of publication) is passed over, up to `MOST_BEFORE` lines.
3. A row with another number of fields than the header is a fault: it is cut, or its quotes are broken.
"""

from __future__ import annotations

import csv
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from screening.watchlist.formats.document import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.watchlist.formats.document import Document
    from screening.watchlist.formats.faults import Faults

MOST_BEFORE = 5
_DELIMITERS = ",;\t|"


class Row(NamedTuple):
    """A line of a table: where it stands, and its fields by column."""

    where: str
    columns: Mapping[str, int]
    fields: Sequence[str]

    def __call__(self, column: str, /) -> str | None:
        """Return a field without the blanks around it; None for an empty one, or where there is no such column."""
        place = self.columns.get(column_key(column))
        if place is None:
            return None
        return self.fields[place].strip() or None

    def each(self, *columns: str) -> list[str]:
        """Return those of some fields that are not empty."""
        return [text for column in columns if (text := self(column)) is not None]


@functools.lru_cache(maxsize=4096)
def column_key(name: str) -> str:
    """Return by what a column is known.

    >>> column_key(" National Identifier_number ")
    'nationalidentifiernumber'
    """
    return re.sub(r"[\s_]+", "", name.strip().strip('"')).casefold()


def delimiter_of(line: str) -> str:
    """Return what parts the columns of a header."""
    return max(_DELIMITERS, key=line.count)


def read_table(
    document: Document,
    required: Iterable[str],
    faults: Faults,
    *,
    delimiter: str | None = None,
    fallback: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a table.

    Args:
        document: the file.
        required: the columns without which it cannot be read.
        faults: where to note what is wrong.
        delimiter: what parts the columns; None: what is most frequent in the header.
        fallback: the encoding of files that are no UTF-8.

    Raises:
        WatchlistError: there is no header with these columns, or the file is no text.
    """
    needed = tuple(required)
    lines = lines_of(document, faults, fallback)
    columns, parted, before = _header(document, lines, needed, delimiter, faults)
    width = len(columns)
    reader = csv.reader(lines, delimiter=parted, strict=True)
    places = {column_key(name): place for place, name in reversed(list(enumerate(columns)))}
    while True:
        start = reader.line_num
        try:
            fields = next(reader, None)
        except csv.Error as error:
            faults.stop(
                f"{document.name}: line {before + start + 1}", f"a broken row ({error})", "fields in whole quotes"
            )
        if fields is None:
            return
        if not any(field.strip(" \x1a\t\r") for field in fields):
            continue
        where = f"{document.name}: line {before + start + 1}"
        if len(fields) != width:
            faults.add(where, f"{len(fields)} columns", f"{width} columns, as the header has")
            continue
        yield Row(where, places, fields)


def _header(
    document: Document, lines: Iterator[str], needed: Sequence[str], delimiter: str | None, faults: Faults
) -> tuple[list[str], str, int]:
    nearest: tuple[int, list[str], list[str]] | None = None
    number = 0
    for number, line in enumerate(lines, start=1):
        parted = delimiter or delimiter_of(line)
        names = _cells(line.rstrip("\r\n"), parted)
        known = {column_key(name) for name in names}
        missing = [name for name in needed if column_key(name) not in known]
        if not missing:
            return names, parted, number
        if nearest is None or len(missing) < len(nearest[1]):
            nearest = (number, missing, names)
        if number > MOST_BEFORE:
            break
    if nearest is None:
        return faults.stop(document.name, "an empty file", f"a header with {', '.join(needed)}")
    at, missing, names = nearest
    found = ", ".join(name.strip() for name in names if name.strip())[:200] or "nothing"
    return faults.stop(
        f"{document.name}: line {at}", f"no column {', '.join(missing)} (but {found})", "a header with it"
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def header_of(head: bytes) -> list[frozenset[str]]:
    """Return the keys of the columns in each of the first lines of a file, each a header that it may be."""
    text = head.decode("utf-8-sig", "replace")
    return [
        frozenset(column_key(name) for name in line.split(delimiter_of(line)))
        for line in text.split("\n")[: MOST_BEFORE + 1]
        if line.strip()
    ]
