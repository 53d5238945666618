"""What a lexicon says: entries, the views in which their terms count, and where a term may stand."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations when a compiled lexicon is loaded
import enum
import functools
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.evidence import Ceiling  # noqa: TC001 - the same
from screening.lexicon.conditions import Condition  # noqa: TC001 - the same
from screening.lexicon.kinds import Kind  # noqa: TC001 - the same
from screening.text.normalize import normalize
from screening.text.reading import View

if TYPE_CHECKING:
    from screening.lexicon.packed import PackedTexts

__all__ = ["Boundary", "Entry", "Lexicon", "Part", "PlainList", "View"]


class Boundary(enum.StrEnum):
    """Which ends of a term must be ends of words."""

    NONE = "none"
    START = "start"
    END = "end"
    BOTH = "both"


class Part(enum.StrEnum):
    """In which field of a content an entry counts."""

    ANY = "any"
    TITLE = "title"
    BODY = "body"


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
        trusted: of these, the ways whose hits lead as far as the ceiling; None where all do.
        plainly: the most that a term may lead to which stands written as it is: the word is innocent, hiding it is not.
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
        kind: what is looked for in place of spellings; `terms` then holds its name, and `views` nothing.
        field: in which field it counts.
        together: of each of these lists one word must stand within `window`, or there is no hit; they belong to it.
        review_in: conditions in which the ceiling is at most review.
        evidence_in: conditions in which the ceiling is evidence.
        reporting: the words that tell the condition of that name, where it is asked for.
        refusal: the same.
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
    kind: Kind | None = None
    field: Part = Part.ANY
    together: tuple[tuple[str, ...], ...] = ()
    review_in: tuple[Condition, ...] = ()
    evidence_in: tuple[Condition, ...] = ()
    reporting: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    trusted: frozenset[View] | None = None
    plainly: Ceiling | None = None

    def trusts(self, view: View) -> bool:
        """Say whether a hit in a view leads as far as the ceiling."""
        return self.trusted is None or view in self.trusted


@dataclass(frozen=True, slots=True)
class PlainList:
    """Many terms that share everything but their spelling, kept as columns.

    A million entries with all their fields would take a gigabyte; an operator's own list says nothing of each term but
    the term. A hit's entry id is made of the list's id and the term (`listed_id`), so that it does not change when the
    list is put in another order or grows.

    Attributes:
        shared: what holds for all terms; its id is the list's, its terms and examples are empty.
        terms: the spellings, as written.
    """

    shared: Entry
    terms: PackedTexts


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries of all categories, in the order of their files and of the rows in them, and all plain lists."""

    entries: tuple[Entry, ...]
    lists: tuple[PlainList, ...] = ()


@functools.lru_cache(maxsize=16_384)
def listed_id(list_id: str, term: str) -> str:
    """Return the stable name of a plain list's term: the list's id and 48 bits of a digest of the term's normal form.

    >>> listed_id("own-words", "ＵＳＤＴ") == listed_id("own-words", "usdt")
    True
    """
    digest = hashlib.blake2b(normalize(term).text.encode(), digest_size=6).hexdigest()
    return f"{list_id}-{digest}"
