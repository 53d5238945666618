"""What a cleared pair takes away from a registration: hits, causes of orders, and nothing of any other entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from screening.decisions import Verdict
from screening.evidence import ContentHit, NameHit
from screening.policy.adjudicate import adjudicate, enforced_hits, verdicts
from screening.policy.standing import Clearance, Uncleared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from screening.decisions import Directive, OrderType, Result
    from screening.evidence import Hit
    from screening.policy.adjudicate import Judgement
    from screening.policy.rules import Policy
    from screening.policy.standing import Cause, Mark, OpenOrder, Standing

_H = TypeVar("_H", bound="Hit")


def kept(result: Result, policy: Policy) -> dict[str, Any]:
    """Return what a mark keeps of a registration's result, so that it can be judged again: what leads to anything."""
    if result.subject != "registration" or result.ended or not result.hits:
        return {}
    reached = zip(verdicts(result.hits, policy), result.hits, strict=True)
    hits = tuple(hit for level, hit in reached if level is not Verdict.CLEAR and isinstance(hit, NameHit))
    return {"policy": result.versions.policy, "hits": hits, "unscreened": result.unscreened} if hits else {}


def judged_again(hits: Sequence[Hit], unscreened: Sequence[str], policy: Policy) -> Judgement:
    """Judge what is left of a registration's result."""
    return adjudicate(hits, unscreened, policy, readable="name" not in unscreened)


def uncleared(hits: Sequence[_H], standing: Standing) -> tuple[_H, ...]:
    """Return the hits that no clearance covers, in the order given."""
    if not standing.clearances:
        return tuple(hits)
    return tuple(hit for hit in hits if not _is_cleared(hit, standing))


def run_out(standing: Standing, result: Result, at: datetime) -> tuple[Uncleared, ...]:
    """Return the ends of the clearances whose time is over when a registration's result arrives."""
    if result.subject != "registration":
        return ()
    over = (pair for pair, clearance in standing.clearances.items() if clearance.has_run_out(at))
    return tuple(Uncleared(pair) for pair in sorted(over))


def clearance_of(directive: Directive, mark: Mark) -> Clearance | None:
    """Return what a directive clears of a registration, or None where its last result did not meet the entry."""
    met = {(hit.queried_digest, hit.entry_digest) for hit in mark.hits if hit.pair == directive.target}
    if not met:
        return None
    return Clearance(
        pair=directive.target,
        compared=tuple(sorted(met)),
        directive_id=directive.directive_id,
        by=directive.by,
        reason=directive.reason,
        at=directive.at,
        expires_at=directive.expires_at,
    )


def called_by(standing: Standing, mark: Mark, policy: Policy) -> dict[OrderType, tuple[Hit, ...]]:
    """Return what a registration's last result calls for, cleared pairs apart: type of order → the hits that do."""
    hits = uncleared(mark.hits, standing)
    enforced = enforced_hits(hits, policy)
    return {one.type: one.among(enforced) for one in judged_again(hits, mark.unscreened, policy).called}


def without(order: OpenOrder, clearance: Clearance, mark: Mark, *, left: tuple[Hit, ...] | None) -> tuple[Cause, ...]:
    """Return an order's causes without a cleared pair; a cause that was that pair alone is gone.

    What others hold may add up to too little without one owner, and then calls for nothing either.

    Args:
        order: the order.
        clearance: what was cleared.
        mark: the registration's last result.
        left: the hits of that result that call for such an order without the pair; None where it never did.
    """
    gone = set(evidence_keys(hit for hit in mark.hits if clearance.covers(hit)))
    causes = []
    for cause in order.causes:
        if cause.key != mark.key or clearance.pair not in cause.pairs:
            causes.append(cause)
            continue
        if left is not None and cause.digest == mark.digest:
            pairs, evidence = pairs_of(left), evidence_keys(left)
        else:
            pairs = tuple(pair for pair in cause.pairs if pair != clearance.pair)
            evidence = tuple(key for key in cause.evidence if key not in gone)
        if pairs:
            causes.append(msgspec.structs.replace(cause, pairs=pairs, evidence=evidence))
    return tuple(causes)


def pairs_of(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the listed entries that some hits met, each once."""
    return tuple(sorted({hit.pair for hit in hits if isinstance(hit, NameHit)}))


def evidence_keys(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return what names the evidence in some hits across versions: entries, not scores or places.

    On one and the same input an entry speaks of the same words, so a person who judged it judged them all.
    """
    keys = {
        f"{hit.category}/{hit.entry}"
        if isinstance(hit, ContentHit)
        else f"{hit.category}/{hit.source}/{hit.entry}/{hit.queried_name}"
        for hit in hits
    }
    return tuple(sorted(keys))


def _is_cleared(hit: Hit, standing: Standing) -> bool:
    if not isinstance(hit, NameHit):
        return False
    clearance = standing.clearances.get(hit.pair)
    return clearance is not None and clearance.covers(hit)
