"""The fields of a lexicon entry: what each may hold, and what stands where a file is silent."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.evidence import Ceiling
from screening.lexicon.conditions import Condition
from screening.lexicon.entries import Boundary, Part, View
from screening.lexicon.kinds import Kind

if TYPE_CHECKING:
    import enum
    from collections.abc import Callable, Mapping

MOST_WINDOW = 500
"""The widest context, in code points: beyond it a word says nothing about a hit, and looking grows dear."""

MOST_GAP = 10
"""The most symbols between two characters of a term: beyond it nobody reads them as one word."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Misfit(ValueError):
    """A value that a field may not hold; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how its value is read, and its value where file and defaults are silent (None: required)."""

    read: Callable[[object], object]
    default: object = None
    sharable: bool = True
    """Whether a file's `[defaults]` may set it."""


def slug(value: object) -> str:
    """Read a name in lower-case words joined by hyphens."""
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise Misfit("lower-case letters and digits, words joined by '-'")
    return value


def text(value: object) -> str:
    """Read a text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise Misfit("a text that is not empty")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Read a list of texts, each of which says something."""
    if not isinstance(value, list) or not all(isinstance(held, str) and held.strip() for held in value):
        raise Misfit("a list of texts, none of them empty")
    return tuple(value)


def examples(value: object) -> tuple[str, ...]:
    """Read a list of at least one text."""
    read = texts(value)
    if not read:
        raise Misfit("at least one example")
    return read


def date(value: object) -> dt.date:
    """Read a TOML date, without a time."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Misfit("a date, written 2026-01-31 without quotes")
    return value


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """Return the reader of a whole number within bounds."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise Misfit(f"a whole number from {lowest} to {highest}")
        return value

    return read


def choice(choices: type[enum.StrEnum]) -> Callable[[object], enum.StrEnum]:
    """Return the reader of one word among some."""

    def read(value: object) -> enum.StrEnum:
        try:
            return choices(str(value))
        except ValueError:
            raise Misfit(f"one of {', '.join(choices)}") from None

    return read


def several(among: type[enum.StrEnum]) -> Callable[[object], tuple[enum.StrEnum, ...]]:
    """Return the reader of a list of some words among others."""

    def read(value: object) -> tuple[enum.StrEnum, ...]:
        if not isinstance(value, list) or not set(map(str, value)) <= set(among):
            raise Misfit(f"a list of {', '.join(among)}")
        return tuple(dict.fromkeys(among(held) for held in value))

    return read


def lists(value: object) -> tuple[tuple[str, ...], ...]:
    """Read a list of lists of texts, none of them empty."""
    if not isinstance(value, list) or not value or not all(value):
        raise Misfit("a list of lists of texts, none of them empty")
    try:
        return tuple(texts(held) for held in value)
    except Misfit:
        raise Misfit("a list of lists of texts, none of them empty") from None


def views(value: object) -> frozenset[View]:
    """Read a list of views."""
    if not isinstance(value, list) or not value or not set(map(str, value)) <= set(View):
        raise Misfit(f"a list of at least one of {', '.join(View)}")
    return frozenset(View(held) for held in value)


FIELDS: Mapping[str, Field] = {
    "id": Field(slug, sharable=False),
    "terms": Field(examples, sharable=False),
    "kind": Field(choice(Kind), "", sharable=False),
    "severity": Field(whole(1, 3)),
    "ceiling": Field(choice(Ceiling)),
    "views": Field(views, frozenset(View)),
    "trusted": Field(views, ()),
    "plainly": Field(choice(Ceiling), ""),
    "boundary": Field(choice(Boundary), Boundary.NONE),
    "largest_gap": Field(whole(1, MOST_GAP), 3),
    "allow": Field(texts, (), sharable=False),
    "near": Field(texts, ()),
    "not_near": Field(texts, ()),
    "review_near": Field(texts, ()),
    "with": Field(lists, ()),
    "review_in": Field(several(Condition), ()),
    "evidence_in": Field(several(Condition), ()),
    "window": Field(whole(1, MOST_WINDOW), 30),
    "field": Field(choice(Part), Part.ANY),
    "must_hit": Field(examples, sharable=False),
    "must_not_hit": Field(examples, sharable=False),
    "source": Field(text),
    "reason": Field(text),
    "added": Field(date),
    "review_by": Field(date),
}
"""Every field of an entry. `term` (one text) may stand in place of `terms`, and `kind` too."""
