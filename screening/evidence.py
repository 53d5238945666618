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


TERRITORY_CATEGORY = "embargoed-territory"
"""The category of hits on places, not parties."""


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


class Tie(enum.StrEnum):
    """What kind of tie a relation is, as far as its word is known."""

    OWNS = "owns"
    OWNED = "owned"
    CONTROLS = "controls"
    OTHER = "other"


class PathStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step on the way from a listed party to the registrant: a party, and what it is to that of the next step.

    The last step's party is tied to the registrant. `party` tells parties apart: the place in the registration, or
    `SOURCE/ENTRY` where the list itself tells of the tie. `repeated` says that it is named more than once for the same
    tie, `circular` that it already stands nearer to the registrant on the same way, or is the registrant.
    """

    party: str
    name: str
    tie: Tie
    relation: str | None = None
    ownership_percent: float | None = None
    repeated: bool = False
    circular: bool = False


class Note(enum.StrEnum):
    """What must be said of a sum of ownership."""

    UNKNOWN_PERCENT = "unknown-percent"
    OVER_100_PERCENT = "over-100-percent"
    COUNTED_ONCE = "counted-once"
    CIRCULAR = "circular"


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a registrant listed owners hold together, in percent, as far as it is known.

    `total_percent` counts every owner that may be a listed party, `corroborated_percent` those of whom it is sure
    enough to order. `counted` says whether the hit's own party is in the sums.
    """

    total_percent: float
    corroborated_percent: float
    counted: bool
    notes: tuple[Note, ...] = ()


class AffiliateRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a registrant's affiliates a hit speaks of.

    `index` counts `affiliates` from 0; where the affiliate is an affiliate's own, it is that of the outermost one, and
    `place` says exactly which.
    """

    index: int
    name: str
    relation: str | None = None
    ownership_percent: float | None = None
    place: str = ""


class NameHit(msgspec.Struct, frozen=True, kw_only=True):
    """A listed party found behind a registrant or an affiliate.

    `entry` is the source's own id. `corroborated` says that more than names agree: a birth or incorporation date
    (nationality or country together with one of them), or an identifier. Without it a hit never orders anything.
    `path` leads from the listed party to the registrant, empty where it is the registrant itself. The digests are over
    what was compared on either side, so that a person's judgement of the pair can be held to it.
    """

    category: str
    source: str
    entry: str
    programmes: tuple[str, ...]
    listed_name: str
    queried_name: str
    party: Literal["registrant", "affiliate"]
    affiliate: AffiliateRef | None = None
    path: tuple[PathStep, ...] = ()
    ownership: Ownership | None = None
    score: float
    corroborated: bool
    features: tuple[Feature, ...]
    queried_digest: str = ""
    entry_digest: str = ""

    @property
    def pair(self) -> str:
        """The listed entry, as a directive about this pair of registrant and entry names it."""
        return f"{self.source}/{self.entry}"


Hit = ContentHit | NameHit


def content_order(hit: ContentHit) -> tuple[str, int, int, str]:
    """Sort key of content hits: field, start, end, then entry."""
    return (hit.field, hit.start, hit.end, hit.entry)


def name_order(hit: NameHit) -> tuple[float, str, str, str, int, str, int, str, str]:
    """Sort key of name hits: score descending, source, entry, then the party and its path."""
    index, place = (-1, "") if hit.affiliate is None else (hit.affiliate.index, hit.affiliate.place)
    path = (len(hit.path), hit.listed_name, hit.entry_digest)
    return (-hit.score, hit.source, hit.entry, hit.queried_name, index, place, *path)
