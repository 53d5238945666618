"""From hits to a verdict, its grounds, and the orders called for.

Rules of this module:
1. A verdict is the strongest of its hits', so that one more hit never weakens it.
2. Of the caps on a hit (certainty, the entry's ceiling, the category, corroboration, ownership) each can only weaken.
3. What affiliates hold is added up over all hits, so a hit on one may lead to more beside others, never to less.
4. The same hits in any order give the same judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import msgspec

from screening.clauses import Automation
from screening.decisions import OrderType, Verdict, strongest
from screening.evidence import Ceiling, ContentHit, Ground, NameHit
from screening.policy.holdings import held_by
from screening.policy.unscreened import verdict_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.evidence import Hit
    from screening.policy.rules import Certainty, Policy

_RANK = {order_type: rank for rank, order_type in enumerate(OrderType)}


@dataclass(frozen=True, slots=True)
class Called:
    """An order or notice that hits call for, and the grounds of those hits."""

    type: OrderType
    grounds: tuple[Ground, ...]

    def among(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """Return those of some enforced hits that call for it, in the order given."""
        categories = {ground.category for ground in self.grounds}
        return tuple(hit for hit in hits if hit.category in categories)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the policy makes of one subject's hits.

    `grounds` are those at the level of the verdict, sorted; none where the verdict is clear, and none where it is
    review only because something could not be screened. `called` stands in the order of `OrderType`.
    """

    verdict: Verdict
    grounds: tuple[Ground, ...] = ()
    called: tuple[Called, ...] = ()


def adjudicate(hits: Sequence[Hit], unscreened: Sequence[str], policy: Policy, *, readable: bool = True) -> Judgement:
    """Judge one subject.

    Args:
        hits: all evidence, in any order.
        unscreened: the names of what could not be read, as a result names them.
        policy: the policy.
        readable: whether there was any text to screen; False for a content of attachments alone.

    Raises:
        ClauseError: a hit's category is not registered.
    """
    reached = list(zip(verdicts(hits, policy), hits, strict=True))
    verdict = strongest(
        (*(level for level, _ in reached), verdict_on(unscreened, policy.unscreened, readable=readable))
    )
    if verdict is Verdict.CLEAR:
        return Judgement(verdict)
    counting = [hit for level, hit in reached if level is verdict]
    grounds = tuple(sorted({policy.ground(hit.category) for hit in counting}))
    return Judgement(verdict, grounds, _called(counting, policy) if verdict is Verdict.ENFORCE else ())


def enforced_hits(hits: Sequence[Hit], policy: Policy) -> tuple[Hit, ...]:
    """Return the hits that call for orders, in the order given."""
    reached = zip(verdicts(hits, policy), hits, strict=True)
    return tuple(hit for level, hit in reached if level is Verdict.ENFORCE)


def verdicts(hits: Sequence[Hit], policy: Policy) -> list[Verdict]:
    """Return what each hit leads to beside the others, in the order given.

    Raises:
        ClauseError: a hit's category is not registered.
    """
    alone = [verdict_of(hit, policy) for hit in hits]
    held = held_by(hits, alone, policy)
    if held is None:
        return alone
    return [_weaker(level, held.cap(hit)) for level, hit in zip(alone, hits, strict=True)]


def with_ownership(hits: tuple[NameHit, ...], policy: Policy) -> tuple[NameHit, ...]:
    """Return the hits of one registration, those on affiliates with what listed owners hold together."""
    held = held_by(hits, [verdict_of(hit, policy) for hit in hits], policy)
    if held is None:
        return hits
    return tuple(msgspec.structs.replace(hit, ownership=held.ownership(hit)) for hit in hits)


def verdict_of(hit: Hit, policy: Policy) -> Verdict:
    """Return the verdict that one hit gives: the rule's, weakened by every cap that applies but that of ownership.

    Raises:
        ClauseError: its category is not registered.
    """
    row = policy.row(hit)
    caps = [row.verdict, _by_certainty(hit.score, row.certainty)]
    if policy.register.category(hit.category).automation is not Automation.AUTO:
        caps.append(Verdict.REVIEW)
    match hit:
        case ContentHit():
            caps.append(_by_ceiling(hit.ceiling))
        case NameHit():
            # Names are shared by millions: without a second feature that agrees, a name orders nothing.
            caps.append(Verdict.ENFORCE if hit.corroborated else Verdict.REVIEW)
        case _ as unreachable:
            assert_never(unreachable)
    return min(caps, key=lambda verdict: verdict.rank)


def _weaker(first: Verdict, second: Verdict) -> Verdict:
    return min(first, second, key=lambda verdict: verdict.rank)


def _by_certainty(score: float, certainty: Certainty) -> Verdict:
    if score >= certainty.enforce_from:
        return Verdict.ENFORCE
    return Verdict.REVIEW if score >= certainty.review_from else Verdict.CLEAR


def _by_ceiling(ceiling: Ceiling) -> Verdict:
    match ceiling:
        case Ceiling.EVIDENCE:
            return Verdict.CLEAR
        case Ceiling.REVIEW:
            return Verdict.REVIEW
        case Ceiling.AUTO:
            return Verdict.ENFORCE
        case _ as unreachable:
            assert_never(unreachable)


def _called(hits: Sequence[Hit], policy: Policy) -> tuple[Called, ...]:
    causes: dict[OrderType, set[Ground]] = {}
    for hit in hits:
        for order_type in policy.row(hit).orders:
            causes.setdefault(order_type, set()).add(policy.ground(hit.category))
    return tuple(Called(kind, tuple(sorted(causes[kind]))) for kind in sorted(causes, key=_RANK.__getitem__))
