"""Plain lists: many terms that share all their fields, written as `[[list]]` in a category's file.

Nobody has written examples for the terms of a plain list, so it never orders anything: its ceiling is review at most.
A million terms stand in one text of many lines, which is read in a fraction of the time that a million tables take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from screening.errors import Fault
from screening.evidence import Ceiling
from screening.lexicon.entries import Boundary, Entry, PlainList
from screening.lexicon.fields import FIELDS, Field, Misfit, choice, texts
from screening.lexicon.packed import PackedTexts
from screening.text.normalize import SEPARATOR, normalize_joined
from screening.text.reading import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_LISTED = 2_000_000
"""Terms in one plain list. A million word-like terms are compiled in 4 s and two million random ones, the worst there
is, in 92 s and 2.2 GB, while a worker waits and holds the version before beside it."""

MOST_TOLD = 20
"""Faulty terms of one list that are told one by one."""

SEARCHABLE = "one line with letters, digits or Han characters"
"""What is expected of a term in words."""

_AT_ONCE = 100_000
"""Terms normalised in one call: large enough for the call to cost nothing, small enough for its arrays."""

_SPEAKING = re.compile(r"[^\W_]")


def ceiling(value: object) -> Ceiling:
    """Read the ceiling of a plain list."""
    read = choice(Ceiling)(value)
    if read is Ceiling.AUTO:
        raise Misfit(f"one of {Ceiling.EVIDENCE}, {Ceiling.REVIEW}: nobody has written examples for these terms")
    return Ceiling(read)


def terms(value: object) -> Sequence[str]:
    """Read the terms: a list of texts, or one text with a term in each line; blank lines do not count."""
    if not isinstance(value, str):
        return texts(value)
    return tuple(filter(None, map(str.strip, value.split("\n"))))


LIST_FIELDS: Mapping[str, Field] = {
    **{name: field for name, field in FIELDS.items() if name not in {"kind", "must_hit", "must_not_hit"}},
    "terms": Field(terms, sharable=False),
    "ceiling": Field(ceiling, Ceiling.REVIEW, sharable=False),
    "views": Field(FIELDS["views"].read, frozenset({View.EXACT, View.SYMBOLS}), sharable=False),
    "boundary": Field(FIELDS["boundary"].read, Boundary.BOTH, sharable=False),
}
"""Every field of a plain list. What a file's `[defaults]` say of entries holds where the field is sharable here too."""


def packed(where: str, written: Sequence[str]) -> tuple[PackedTexts, tuple[Fault, ...]]:
    """Pack the terms of a list, and say what is wrong with them."""
    if len(written) > MOST_LISTED:
        return PackedTexts.of(()), (Fault(f"{where}: terms", f"{len(written)} terms", f"at most {MOST_LISTED}"),)
    if not written:
        return PackedTexts.of(()), (Fault(f"{where}: terms", "no term", "at least one"),)
    faults = []
    for at, plain in enumerate(normal_forms(written)):
        if searchable(plain):
            continue
        found = f"{written[at]!r}, of which nothing that can be searched is left after normalising"
        faults.append(Fault(f"{where}: terms[{at}]", found, SEARCHABLE))
        if len(faults) == MOST_TOLD:
            faults.append(Fault(f"{where}: terms", "further faults, not told", f"none; {MOST_TOLD} are told at once"))
            break
    return PackedTexts.of(() if faults else written), tuple(faults)


def plain_list(category: str, values: dict[str, Any], held: PackedTexts) -> PlainList:
    """Return a list from its fields, which `LIST_FIELDS` has read, and its packed terms."""
    shared = Entry(category=category, **{**values, "terms": (), "must_hit": (), "must_not_hit": ()})
    return PlainList(shared, held)


def searchable(plain: str) -> bool:
    """Say whether a normal form can be searched: one line with something in it, and no space at its ends."""
    return bool(_SPEAKING.search(plain)) and plain == plain.strip() and len(plain.splitlines()) == 1


def normal_forms(written: Sequence[str]) -> Iterator[str]:
    """Yield the normal form of each of some texts."""
    for start in range(0, len(written), _AT_ONCE):
        part = [written[at] for at in range(start, min(start + _AT_ONCE, len(written)))]
        yield from normalize_joined(part).text.split(SEPARATOR)[:-1]
