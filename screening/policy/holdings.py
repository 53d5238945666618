"""What listed owners hold of a registrant, under a policy, and the most that a hit on an affiliate may lead to for it.

Two sums are made: over every owner that may be a listed party, which people are shown, and over those of whom a machine
is sure enough, which alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.decisions import Verdict
from screening.evidence import TERRITORY_CATEGORY, NameHit, Ownership, Tie
from screening.policy.rules import Minority
from screening.watchlist.ownership import Sum, added_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.evidence import Hit, PathStep
    from screening.policy.rules import OwnershipRules, Policy


@dataclass(frozen=True, slots=True)
class Holdings:
    """What some hits together say of the ownership of one registrant."""

    rules: OwnershipRules
    found: Sum
    sure: Sum

    def cap(self, hit: Hit) -> Verdict:
        """Return the most that a hit may lead to for the sake of ownership; all for one on the registrant itself."""
        if not isinstance(hit, NameHit) or not is_tied(hit):
            return Verdict.ENFORCE
        if not hit.path or not all(_is_share(step) for step in hit.path):
            return self.rules.control
        if self.sure.percent >= self.rules.threshold_percent and hit.path in self.sure.counted:
            return Verdict.ENFORCE
        return self.rules.below

    def ownership(self, hit: NameHit) -> Ownership | None:
        """Return what a hit tells of the sums; None for one on the registrant itself."""
        if not is_tied(hit):
            return None
        return Ownership(
            total_percent=self.found.percent,
            corroborated_percent=self.sure.percent,
            counted=hit.path in self.found.counted,
            notes=self.found.notes,
        )


def is_tied(hit: NameHit) -> bool:
    """Say whether a hit speaks of a listed party other than the registrant; a territory owns nothing."""
    return hit.category != TERRITORY_CATEGORY and (bool(hit.path) or hit.party == "affiliate")


def held_by(hits: Sequence[Hit], alone: Sequence[Verdict], policy: Policy) -> Holdings | None:
    """Return what hits say of the ownership of their registrant, or None where they speak of nobody else.

    Args:
        hits: all hits of one subject.
        alone: for each hit, what it leads to but for ownership.
        policy: the policy.
    """
    tied = [
        (hit.path, level) for hit, level in zip(hits, alone, strict=True) if isinstance(hit, NameHit) and is_tied(hit)
    ]
    if not tied:
        return None
    rules = policy.ownership
    return Holdings(
        rules,
        _sum((path for path, level in tied if level is not Verdict.CLEAR), rules),
        _sum((path for path, level in tied if level is Verdict.ENFORCE), rules),
    )


def _sum(paths: Iterable[tuple[PathStep, ...]], rules: OwnershipRules) -> Sum:
    multiply = rules.minority is Minority.MULTIPLY
    return added_up((path for path in paths if path), threshold=rules.threshold_percent, multiply=multiply)


def _is_share(step: PathStep) -> bool:
    return step.tie is Tie.OWNS and step.ownership_percent is not None
