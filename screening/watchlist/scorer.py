"""The scorer on one screen: which features count, what each is worth, and what follows for the score.

A score begins as the likeness of the names. What agrees closes a part of the gap to 1.0, what contradicts leaves a part
of the whole; what is missing on either side does neither. So agreement never lowers a score and contradiction never
raises one. A place says less than a country: it is written in many ways, shared by a whole town, and no proof of who
somebody is, so that it never corroborates.

How the figures were chosen: docs/decisions/0030-dates-and-rare-names.md and 0031-thresholds.md. A birth date to the day
closes more than a third, so that a name at 0.85 passes 0.90 with it and one at 0.82 alone does not; a year alone is
shared by one in sixty people and closes little. A contradicting year takes a common name below the score from which a
person looks, and leaves an exact rare name above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.watchlist import features
from screening.watchlist.features import APART, DAY, ELSEWHERE, LAND, MONTH, TOWN, WEAK, YEAR, Compared
from screening.watchlist.identifiers import surely_same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from screening.evidence import Feature


class Weight(NamedTuple):
    """What a feature is worth: by its score, the part of the gap it closes, and the part of the whole it leaves."""

    feature: Callable[[Compared], tuple[Feature, ...]]
    closes: Mapping[float, float]
    leaves: Mapping[float, float]


DATE_LEAVES = 0.75
RARE_LEAVES = 0.85
WEAK_LEAVES = 0.90

SCREEN = (
    Weight(features.name, {}, {}),
    Weight(features.weak_alias, {}, {WEAK: WEAK_LEAVES}),
    Weight(features.birth_date, {DAY: 0.35, MONTH: 0.25, YEAR: 0.10}, {APART: DATE_LEAVES}),
    Weight(features.incorporation_date, {DAY: 0.35, MONTH: 0.25, YEAR: 0.10}, {APART: DATE_LEAVES}),
    # Gives back what a contradicting date took from an exact rare name beyond RARE_LEAVES.
    Weight(features.rare_name, {}, {1.0: RARE_LEAVES / DATE_LEAVES}),
    Weight(features.country, {1.0: 0.10}, {0.0: 0.97}),
    Weight(features.place, {TOWN: 0.04, LAND: 0.02}, {ELSEWHERE: 0.98}),
    Weight(features.kind, {}, {0.0: 0.90}),
    Weight(features.identifier, {}, {}),
)

IDENTIFIED = 0.95
"""The least score where an identifier is the same, however unlike the name."""
DISPUTED = 0.90
"""The same where a date contradicts: a person has to look, so it must not sink below review."""

NAMED = 0.70
"""The likeness of names beside which a number of an unknown kind says something; alone it could be any number."""


class Judged(NamedTuple):
    """The score of a registrant against a listed party, whether more than names agree, and why."""

    score: float
    corroborated: bool
    features: tuple[Feature, ...]


def judge(pair: Compared) -> Judged:
    """Weigh everything that is known of both sides."""
    said: list[Feature] = []
    gap = whole = 1.0
    for weight in SCREEN:
        for feature in weight.feature(pair):
            said.append(feature)
            gap *= 1.0 - weight.closes.get(feature.score, 0.0)
            whole *= weight.leaves.get(feature.score, 1.0)
    score = (1.0 - (1.0 - said[0].score) * gap) * whole
    if pair.same:
        score = max(score, DISPUTED if _contradicted(said) else IDENTIFIED)
    return Judged(round(score, 4), _corroborated(pair, said), tuple(said))


def _corroborated(pair: Compared, said: list[Feature]) -> bool:
    """Whether an identifier, a date to the month, or a year with a country agree, and no date contradicts."""
    if _contradicted(said):
        return False
    if pair.same and (said[0].score >= NAMED or any(surely_same(mine.type, theirs.type) for mine, theirs in pair.same)):
        return True
    dated = max(_dates(said), default=APART)
    shared = any(feature.name == "country" and feature.score > 0.0 for feature in said)
    return dated >= MONTH or (dated >= YEAR and shared)


def _contradicted(said: list[Feature]) -> bool:
    return APART in _dates(said)


def _dates(said: list[Feature]) -> list[float]:
    return [feature.score for feature in said if feature.name.endswith("_date")]
