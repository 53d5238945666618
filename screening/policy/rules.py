"""The policy as values: which verdict and orders follow from a hit, and how people are told.

Rules of this module:
1. Every category has a row for each severity (registrations: one row); nothing is left to a default at run time.
2. A row below enforce has no orders. No row orders what is for people only, none enforces a category that is held
   to review, and none enforces on a second opinion. `screening.policy.parse` is the way to make a policy, and refuses
   any other.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, assert_never

from screening.decisions import Verdict
from screening.evidence import ContentHit, Ground, NameHit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.clauses import Bilingual, ClauseRegister
    from screening.decisions import Channel, OrderType
    from screening.evidence import Hit

SEVERITIES = (1, 2, 3)
"""How grave a lexicon entry can be, slightest first."""

RowKey: TypeAlias = tuple[str, int | None]
"""A category's slug and a severity; None where hits of the category have no severity."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """Scores from which a person looks, and from which orders may follow."""

    review_from: float
    enforce_from: float


@dataclass(frozen=True, slots=True)
class Row:
    """What follows from one kind of hit that is certain enough."""

    verdict: Verdict
    orders: tuple[OrderType, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class UnscreenedRules:
    """What follows from parts that could not be read: alone, beside text by kind, and of other kinds."""

    alone: Verdict
    otherwise: Verdict
    kinds: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """On which channels people are told, whether of lifts too, and how and for how many days they may appeal."""

    channels: tuple[Channel, ...]
    lifts: bool
    appeal_days: int
    appeal_how: Bilingual


class Minority(enum.StrEnum):
    """How shares count that are held through a party of which listed owners hold less than the threshold."""

    MULTIPLY = "multiply"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OwnershipRules:
    """From which percentage on a registrant counts as its listed owners' own, and what follows below it.

    `below` is the most that follows from owners who hold less together, `control` from ties without a known
    percentage: directors, subsidiaries, owners of an unknown share.
    """

    threshold_percent: float = 50.0
    minority: Minority = Minority.MULTIPLY
    below: Verdict = Verdict.REVIEW
    control: Verdict = Verdict.REVIEW


@dataclass(frozen=True, slots=True)
class RescreeningRules:
    """How much a re-screening may change before a person says that it is meant.

    Attributes:
        confirm_above: subjects judged otherwise than before; with more, a person confirms.
        tolerance: by what share of its forecast a running one may exceed it before it stops.
    """

    confirm_above: int = 200
    tolerance: float = 0.25


class LiftCause(enum.StrEnum):
    """Why an order is undone."""

    VERSIONS = "versions"
    DIRECTIVE = "directive"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates of the texts that people read; the words in braces are `TEMPLATES`."""

    templates: Mapping[str, Bilingual]
    orders: Mapping[OrderType, Bilingual]
    causes: Mapping[LiftCause, Bilingual]


TEMPLATES: Mapping[str, frozenset[str]] = {
    "ground": frozenset({"clause", "category"}),
    "reason": frozenset({"order", "grounds", "evidence"}),
    "evidence": frozenset({"quotes"}),
    "notice": frozenset({"target", "orders", "grounds", "evidence", "decider", "appeal"}),
    "by_machine": frozenset(),
    "by_person": frozenset(),
    "lift": frozenset({"order", "cause"}),
    "lift_notice": frozenset({"target", "reasons"}),
    "content": frozenset({"id"}),
    "account": frozenset(),
}
"""The templates of the wording, and the words that are filled into each; all of them must be used."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy, with the clause register it stands on.

    `second_opinion` holds, for each category of content, what follows where only the scorer says so: never more than
    review.
    """

    register: ClauseRegister
    rows: Mapping[RowKey, Row]
    unscreened: UnscreenedRules
    notices: NoticeRules
    wording: Wording
    second_opinion: Mapping[str, Row]
    ownership: OwnershipRules = OwnershipRules()
    rescreening: RescreeningRules = RescreeningRules()
    _grounds: Mapping[str, Ground] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grounds = {category.slug: Ground(category.clause, category.slug) for category in self.register.categories}
        object.__setattr__(self, "_grounds", grounds)

    def row(self, hit: Hit) -> Row:
        """Return the row for a hit.

        Raises:
            ClauseError: its category is not registered.
            KeyError: its severity is not one of `SEVERITIES`.
        """
        self.register.category(hit.category)
        match hit:
            case ContentHit() if hit.is_second_opinion:
                return self.second_opinion[hit.category]
            case ContentHit():
                return self.rows[hit.category, hit.severity]
            case NameHit():
                return self.rows[hit.category, None]
            case _ as unreachable:
                assert_never(unreachable)

    def ground(self, slug: str) -> Ground:
        """Return the ground a category gives.

        Raises:
            ClauseError: the category is not registered.
        """
        self.register.category(slug)
        return self._grounds[slug]
