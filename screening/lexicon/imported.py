"""From the rows of a foreign list to plain lists of ours: what is taken, what is refused, and the file it becomes.

Nobody wrote examples for an imported term, so it leads to review at most. What another tool would run as a pattern is
refused as one: searched as it stands it would find nothing, and it is never compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from screening.errors import Fault, LexiconError
from screening.evidence import Ceiling
from screening.lexicon.lists import MOST_LISTED, SEARCHABLE, normal_forms, searchable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from screening.lexicon.entries import Boundary
    from screening.lexicon.interchange import Row

MOST_TERM: Final = 64
"""Code points of the longest term that is taken: what is longer is a sentence, and its writer would change a word."""

MOST_TOLD: Final = 1_000
"""Faults that are kept for telling; all are counted."""

LEVELS: Final[Mapping[str, int]] = {
    **{str(level): level for level in (1, 2, 3)},
    **dict.fromkeys(("低", "低危", "轻微", "low", "slight", "info"), 1),
    **dict.fromkeys(("中", "中危", "一般", "medium", "middle", "serious", "review"), 2),
    **dict.fromkeys(("高", "高危", "严重", "high", "grave", "block", "ban"), 3),
}
"""What other tools call how grave a term is, in lower case; other words and numbers must be told."""

_AT_ONCE = 100_000

_Waiting: TypeAlias = "tuple[Row, int] | Fault"
"""A row and its severity before its normal form was looked at, or why it is refused."""

_REGEX = re.compile(
    r"""
      ^/.+/[a-z]*$                  # /…/ with flags
    | ^re(?:gex)?:                  # said to be one
    | \\[dDwWsSbBuxpP.]             # classes and escapes
    | \.[*+?{]                      # anything, repeated
    | \(\?                          # groups that are more than brackets
    | \([^()]*\|[^()]*\)            # alternatives
    | \[[^\[\]]*\][*+?{]            # a set, repeated
    | \[(?:\^|[^\[\]]*\w-\w)        # a set of all but, or a range
    | \{\d+(?:,\d*)?\}              # so many times
    | \([^()]*\)[*+{]              # a group, repeated
    | ^\^.+\$$                     # all of a text
    """,
    re.VERBOSE,
)
_COMBINED = re.compile(r"[\u3400-\u9fff]\s*[&+*|]+\s*[\u3400-\u9fff]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]|'''")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a foreign list.

    Attributes:
        terms: severity → terms, in the order of the list.
        repeated: terms left out because their normal form was there before.
        faults: why terms were refused, the first `MOST_TOLD`.
        refused: how many were refused.
    """

    terms: Mapping[int, tuple[str, ...]]
    repeated: int
    faults: tuple[Fault, ...]
    refused: int

    @property
    def count(self) -> int:
        """How many terms were taken."""
        return sum(map(len, self.terms.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an imported list says of itself, and what its terms share."""

    category: str
    id: str
    ceiling: Ceiling
    boundary: Boundary
    source: str
    reason: str
    added: dt.date
    review_by: dt.date


def take(rows: Iterable[Row | Fault], severity: int, levels: Mapping[str, int] = LEVELS) -> Taken:
    """Take the terms of a foreign list that can be searched as they stand.

    Args:
        rows: what was read, faults in their places.
        severity: of terms whose row names no level.
        levels: a level as written, in lower case → severity.

    Raises:
        LexiconError: there are more terms than one list may hold.
    """
    taking = _Taking()
    waiting: list[_Waiting] = []
    for row in rows:
        waiting.append(_weighed(row, severity, levels))
        if len(waiting) == _AT_ONCE:
            taking.take(waiting)
            waiting.clear()
    taking.take(waiting)
    return taking.done()


def _weighed(row: Row | Fault, severity: int, levels: Mapping[str, int]) -> _Waiting:
    if isinstance(row, Fault):
        return row
    grave = severity if row.level is None else levels.get(row.level.lower())
    if grave is None:
        return Fault(row.where, f"level {row.level!r}", f"one of {', '.join(levels)}, or its meaning told beside")
    return unfit(row.where, row.term) or (row, grave)


def unfit(where: str, term: str) -> Fault | None:
    """Return why a term cannot be searched as it stands; what becomes of it when normalised is looked at later."""
    if len(term) > MOST_TERM:
        return Fault(where, f"{len(term)} characters", f"a term of at most {MOST_TERM}")
    if _REGEX.search(term):
        return Fault(where, f"{term!r}, a regular expression", "a plain term; patterns are never run")
    if _COMBINED.search(term):
        return Fault(where, f"{term!r}, a combination of terms", "a plain term; write it as an entry with `near`")
    if _UNWRITABLE.search(term):
        return Fault(where, repr(term), "a term without control characters and '''")
    return None


class _Taking:
    """Gathers terms by severity, each normal form once."""

    def __init__(self) -> None:
        self._terms: dict[int, list[str]] = {1: [], 2: [], 3: []}
        self._seen: set[str] = set()
        self._repeated = 0
        self._faults: list[Fault] = []
        self._refused = 0

    def refuse(self, fault: Fault) -> None:
        self._refused += 1
        if len(self._faults) < MOST_TOLD:
            self._faults.append(fault)

    def take(self, waiting: Sequence[_Waiting]) -> None:
        written = ["" if isinstance(one, Fault) else one[0].term for one in waiting]
        for one, plain in zip(waiting, normal_forms(written), strict=True):
            if isinstance(one, Fault):
                self.refuse(one)
                continue
            row, grave = one
            if not searchable(plain):
                self.refuse(Fault(row.where, repr(row.term), SEARCHABLE))
            elif len(plain) < 2:
                self.refuse(Fault(row.where, f"{row.term!r}, one character", "at least two: one stands in every text"))
            elif plain in self._seen:
                self._repeated += 1
            elif len(self._seen) == MOST_LISTED:
                expected = f"at most {MOST_LISTED:,}: split the list, for it says little of so many"
                raise LexiconError([Fault(row.where, f"more than {MOST_LISTED:,} terms", expected)])
            else:
                self._seen.add(plain)
                self._terms[grave].append(row.term)

    def done(self) -> Taken:
        held = {severity: tuple(terms) for severity, terms in self._terms.items() if terms}
        return Taken(held, self._repeated, tuple(self._faults), self._refused)


def written(origin: Origin, terms: Mapping[int, Sequence[str]]) -> str:
    """Return the lexicon file of what was taken: one plain list for each severity.

    A list of one severity has the id that was asked for; of several, each has the severity behind it.

    Raises:
        ValueError: the ceiling is one that no plain list may have.
    """
    if origin.ceiling is Ceiling.AUTO:
        raise ValueError(f"ceiling: found {origin.ceiling}, expected {Ceiling.REVIEW} or {Ceiling.EVIDENCE}")
    parts = ["# Imported: nobody has written examples for these terms. The format is explained in README.md.\n"]
    for severity, held in sorted(terms.items()):
        name = origin.id if len(terms) == 1 else f"{origin.id}-{severity}"
        head = {
            "id": _quoted(name),
            "severity": severity,
            "ceiling": _quoted(origin.ceiling),
            "boundary": _quoted(origin.boundary),
            "source": _quoted(origin.source),
            "reason": _quoted(origin.reason),
            "added": origin.added.isoformat(),
            "review_by": origin.review_by.isoformat(),
        }
        parts.append("\n[[list]]\n")
        parts.extend(f"{field} = {value}\n" for field, value in head.items())
        parts.append("terms = '''\n")
        parts.append("\n".join(held))
        parts.append("\n'''\n")
    return "".join(parts)


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(
        f"\\u{ord(one):04x}" if ord(one) < 0x20 or ord(one) == 0x7F else f"\\{one}" if one in '"\\' else one
        for one in text
    )
    return f'"{escaped}"'
