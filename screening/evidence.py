"""What was found: hits in content and among names, and the grounds that follow. Scores run from 0.0 to 1.0."""

from __future__ import annotations

import enum
from typing import Literal

import msgspec


class Ceiling(enum.StrEnum):
    """The most that a lexicon entry may lead to by itself."""

    EVIDENCE = "evidence"
    REVIEW = "review"
    AUTO = "auto"


SCORER = "scorer"
"""The only step in `via` of a hit that the second opinion gave; no step that leads to a term is called so."""


class Ground(msgspec.Struct, frozen=True, order=True):
    """The clause that is the reason, and the category under it."""

    clause: str
    category: str


class ContentHit(msgspec.Struct, frozen=True, kw_only=True):
    """A lexicon entry found in a field.

    `start` and `end` count Unicode code points of the field as it was sent: `field[start:end] == quote`, always.
    `via` names the steps that led from the text as sent to the term. `severity` (1 to 3) and `ceiling` are the
    entry's, kept so that a stored hit can be judged again without matching again.
    """

    category: str
    entry: str
    term: str
    field: Literal["title", "body"]
    start: int
    end: int
    quote: str
    score: float
    via: tuple[str, ...] = ()
    severity: int = 2
    ceiling: Ceiling = Ceiling.AUTO

    @property
    def is_second_opinion(self) -> bool:
        """Whether a model says this and no entry of a lexicon."""
        return self.via == (SCORER,)


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for a name hit's score: what was compared, and how alike it is."""

    name: str
    score: float
    query: str
    candidate: str


class AffiliateRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a registrant's affiliates a hit speaks of; `index` counts `affiliates` from 0."""

    index: int
    name: str
    relation: str | None = None
    ownership_percent: float | None = None


class NameHit(msgspec.Struct, frozen=True, kw_only=True):
    """A listed party found behind a registrant or an affiliate.

    `entry` is the source's own id. `corroborated` says that more than names agree: a birth or incorporation date
    (nationality or country together with one of them), or an identifier. Without it a hit never orders anything.
    """

    category: str
    source: str
    entry: str
    programmes: tuple[str, ...]
    listed_name: str
    queried_name: str
    party: Literal["registrant", "affiliate"]
    affiliate: AffiliateRef | None = None
    score: float
    corroborated: bool
    features: tuple[Feature, ...]


Hit = ContentHit | NameHit


def content_order(hit: ContentHit) -> tuple[str, int, int, str]:
    """Sort key of content hits: field, start, end, then entry."""
    return (hit.field, hit.start, hit.end, hit.entry)


def name_order(hit: NameHit) -> tuple[float, str, str, str, int]:
    """Sort key of name hits: score descending, source, entry, then the party."""
    return (-hit.score, hit.source, hit.entry, hit.queried_name, -1 if hit.affiliate is None else hit.affiliate.index)
