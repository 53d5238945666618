"""The files of the OFAC CSV family, as rows: which file holds what, and every fault of a line.

Rules of the format:
1. No header. `-0- ` is an empty field. A file may end in a 0x1A byte; a missing one says nothing.
2. The primary file has 12 columns, the aliases 5, the addresses 6, the comments 2; every row begins with the entry.
   The names of the files (sdn, alt, add, sdn_comments; cons_prim, cons_alt, cons_add, cons_comments) and their columns
   must agree, so that a file saved under another's name is noticed.
3. One record is one line: a quote that is not closed at the end of its line is a cut.
"""

from __future__ import annotations

import collections
import csv
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.watchlist.formats.faults import Faults

LEAST_COLUMNS = 2
"""The fewest columns of a file of the family."""

_EMPTY = "-0-"
_END = b"\x1a"


class Role(enum.Enum):
    """What a file of the family holds; the value is its number of columns."""

    PRIMARY = 12
    ALIASES = 5
    ADDRESSES = 6
    COMMENTS = 2


_WORDS = (
    (Role.COMMENTS, "comment"),
    (Role.ALIASES, "alt"),
    (Role.ADDRESSES, "add"),
    (Role.PRIMARY, "sdn"),
    (Role.PRIMARY, "prim"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file: where it stands, and its fields."""

    where: str
    fields: tuple[str | None, ...]
    """The fields as sent, None for an empty one."""

    def text(self, index: int) -> str | None:
        """Return a field without the blanks around it, None for an empty one."""
        value = self.fields[index]
        return None if value is None else value.strip()


def rows_by_role(files: Mapping[str, bytes], faults: Faults) -> dict[Role, Sequence[Row]]:
    """Return the rows of each file that are whole, by what the file holds; whatever is wrong is noted in `faults`."""
    by_role: dict[Role, Sequence[Row]] = {}
    holders: dict[Role, str] = {}
    for name in sorted(files):
        rows = _rows(name, files[name], faults)
        named = _role_named(name)
        usual = _usual_columns(rows)
        role = named or next((held for held in Role if held.value == usual), None)
        if role is None:
            expected = "12 (primary), 5 (aliases), 6 (addresses) or 2 (comments) columns"
            faults.add(name, f"{usual} columns" if usual else "nothing", expected)
            continue
        if role in holders:
            faults.add(name, f"a second {role.name.lower()} file beside {holders[role]}", "one of each")
            continue
        holders[role] = name
        if rows and usual != role.value:
            faults.add(name, f"{usual} columns in most rows", f"{role.value} columns, as {role.name.lower()} have")
            by_role[role] = ()
            continue
        by_role[role] = [row for row in rows if _has_columns(row, role, faults)]
        if not rows:
            faults.add(name, "an empty file", "rows")
    if Role.PRIMARY not in by_role:
        faults.add("files", ", ".join(sorted(files)) or "none", "a primary file (sdn.csv or cons_prim.csv)")
    return by_role


def _role_named(name: str) -> Role | None:
    base = name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    return next((role for role, word in _WORDS if word in base), None)


def _usual_columns(rows: Sequence[Row]) -> int:
    counts = collections.Counter(len(row.fields) for row in rows)
    return counts.most_common(1)[0][0] if counts else 0


def _has_columns(row: Row, role: Role, faults: Faults) -> bool:
    if len(row.fields) == role.value:
        return True
    faults.add(row.where, f"{len(row.fields)} columns", f"{role.value} columns, as {role.name.lower()} have")
    return False


def _rows(name: str, data: bytes, faults: Faults) -> list[Row]:
    body = data.rstrip()
    if body.endswith(_END):
        body = body[:-1]
    for byte, what in ((b"\0", "a NUL byte (UTF-16, or no text at all)"), (_END, "an end mark (0x1A) before the end")):
        if byte in body:
            place = body.count(b"\n", 0, body.index(byte)) + 1
            faults.add(f"{name}: line {place}", what, "text in UTF-8 or Latin-1 up to one end mark")
            return []
    rows = []
    lines = _decoded(body).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}: line {number}"
        try:
            fields = next(csv.reader([line.removesuffix("\r")], strict=True))
        except csv.Error:
            column = line.count(",") + 1 if '"' not in line else _open_column(line)
            faults.add(
                f"{where}: column {column}", "a quote that is not closed or not alone", "a field in whole quotes"
            )
            continue
        if number == len(lines) and fields[-1] in ("", "-", "-0"):
            faults.add(f"{where}: column {len(fields)}", repr(fields[-1]), "-0- (the file is cut here)")
            continue
        rows.append(Row(where, tuple(None if value.strip() in (_EMPTY, "") else value for value in fields)))
    return rows


def _open_column(line: str) -> int:
    """Return the column in which a quote stays open, counting the commas outside quotes."""
    quoted, column = False, 1
    for letter in line:
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            column += 1
    return column


def _decoded(data: bytes) -> str:
    # Older days of the lists are Latin-1 as Windows writes it; every byte string is something in Latin-1.
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
