"""What a lexicon says: entries, the views in which their terms count, and where a term may stand."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from screening.evidence import Ceiling


class View(enum.StrEnum):
    """A way of reading a text."""

    EXACT = "exact"
    """The normalised text as it stands."""

    SYMBOLS = "symbols"
    """Without symbols and spaces between Han characters."""


class Boundary(enum.StrEnum):
    """Which ends of a term must be ends of words."""

    NONE = "none"
    START = "start"
    END = "end"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a lexicon: spellings of one thing, how grave it is, and when it counts.

    Attributes:
        category: the slug of the file's category.
        id: stable name, unique in the whole lexicon; decisions cite it.
        terms: the spellings, as written in the file; all are found in their normalised form.
        severity: 1 (slight) to 3 (grave).
        ceiling: the most that this entry may lead to by itself.
        views: the ways of reading in which the terms count.
        boundary: which ends must be ends of words.
        largest_gap: in the view "symbols", the most symbols between two characters of a term.
        allow: phrases that cancel a hit they cover.
        near: if any, one of these must stand within `window`, or there is no hit.
        not_near: none of these may stand within `window`, or there is no hit.
        review_near: if one of these stands within `window`, the ceiling is at most review.
        window: how far `near`, `not_near` and `review_near` look on each side, in code points.
        must_hit: texts in which this entry must be found with its full ceiling.
        must_not_hit: texts in which it must not be found.
        source: where the knowledge comes from.
        reason: why this is in the lexicon.
        added: when it came in.
        review_by: when somebody must look whether it still holds.
    """

    category: str
    id: str
    terms: tuple[str, ...]
    severity: int
    ceiling: Ceiling
    views: frozenset[View]
    boundary: Boundary
    largest_gap: int
    allow: tuple[str, ...]
    near: tuple[str, ...]
    not_near: tuple[str, ...]
    review_near: tuple[str, ...]
    window: int
    must_hit: tuple[str, ...]
    must_not_hit: tuple[str, ...]
    source: str
    reason: str
    added: dt.date
    review_by: dt.date


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries of all categories, in the order of their files and of the rows in them."""

    entries: tuple[Entry, ...]
