"""From a result or a directive, and what stands, to orders: the only place where orders are decided.

Rules of this module:
1. A result older than, or as old as, the one last applied to its subject is superseded and orders nothing.
2. The same result again (same input, same versions) is no news.
3. A machine lifts only on a clear result for the very input an order cites, and only when no other cause stands.
   On any other input of that subject a person is asked.
4. A newer revision or a deletion of a content, and the erasure of a registration, close what stood on it without
   undoing it.
5. What a person lifted, no machine orders again on the same input and evidence.
6. One result or directive gives one decision: its orders, or its lifts, and the notices about them.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Literal

import msgspec

from screening.decisions import (
    CONTENT_ORDERS,
    NOTICES,
    Directive,
    DirectiveType,
    Order,
    OrderType,
    Result,
    Verdict,
    decision_name,
    notice_name,
    order_name,
    undoing_name,
)
from screening.evidence import ContentHit
from screening.policy import wording
from screening.policy.adjudicate import adjudicate, enforced_hits
from screening.policy.rules import LiftCause
from screening.policy.standing import (
    CaseOpened,
    Cause,
    Closed,
    Mark,
    Marked,
    Opened,
    OpenOrder,
    Pardon,
    Pardoned,
    Recaused,
    SubjectKey,
    Target,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from screening.evidence import Ground, Hit
    from screening.policy.adjudicate import Called
    from screening.policy.rules import Policy
    from screening.policy.standing import Change, Standing


class Outcome(enum.StrEnum):
    """What became of a result or directive."""

    NOTED = "noted"
    ORDERED = "ordered"
    LIFTED = "lifted"
    REVIEW = "review"
    REPEATED = "repeated"
    SUPERSEDED = "superseded"
    NOT_OPEN = "not-open"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What follows: the outcome in one word, what to tell others, and what to remember."""

    outcome: Outcome
    orders: tuple[Order, ...] = ()
    changes: tuple[Change, ...] = ()


def decide_result(standing: Standing, result: Result, *, epoch: str, policy: Policy, now: datetime) -> Decision:
    """Decide what follows from a result.

    Args:
        standing: the account as far as this subject is concerned.
        result: the result, with the place of its input.
        epoch: the history of the log that the input's offset counts in.
        policy: the policy the result was judged under.
        now: the time of issue, aware of its time zone.
    """
    key = SubjectKey(result.subject, result.id)
    offset, activation = result.input.offset, result.activation
    mark = Mark(
        key=key,
        epoch=epoch,
        offset=-1 if offset is None else offset,
        activation=-1 if activation is None else activation,
        digest=result.input.digest,
        result_id=result.result_id,
        ended=result.ended,
    )
    last = standing.marks.get(key)
    if last is not None and last.epoch == epoch and (mark.offset, mark.activation) <= (last.offset, last.activation):
        return Decision(outcome=Outcome.SUPERSEDED)
    marked: tuple[Change, ...] = (Marked(mark),)
    if last is not None and not last.ended and last.result_id == result.result_id:
        return Decision(outcome=Outcome.REPEATED, changes=marked)
    if result.ended:
        return Decision(outcome=Outcome.NOTED, changes=(*marked, *_ended(standing, key)))
    closed = tuple(_revised(standing, key, result.input.digest))
    standing, changes = standing.after(closed), (*marked, *closed)
    match result.verdict:
        case Verdict.ENFORCE:
            decision = _enforce(standing, result, key, policy, now)
        case Verdict.REVIEW:
            decision = Decision(outcome=Outcome.REVIEW, changes=(_case(result, key, "result"),))
        case _:
            decision = _clear(standing, result, key, policy, now, edited=bool(closed))
    return msgspec.structs.replace(decision, changes=(*changes, *decision.changes))


def decide_directive(standing: Standing, directive: Directive, *, policy: Policy, now: datetime) -> Decision:
    """Decide what follows from what a person, an authority or the clock said.

    Args:
        standing: the account with the order that the directive names, where it stands.
        directive: what was said; one said before is for the caller to leave out.
        policy: the policy in force, for the wording and the notice.
        now: the time of issue, aware of its time zone.
    """
    order = standing.open.get(directive.target)
    if order is None:
        return Decision(outcome=Outcome.NOT_OPEN)
    by_person = directive.type is DirectiveType.LIFT
    cause = LiftCause.DIRECTIVE if by_person else LiftCause.EXPIRY
    undoing = _undoing(standing.account_id, order, policy, now, cause)
    undoing = msgspec.structs.replace(undoing, directive_id=directive.directive_id)
    pardons: tuple[Change, ...] = ()
    if by_person:
        pardons = tuple(
            Pardoned(Pardon(type=order.type, key=cause.key, digest=cause.digest, evidence=cause.evidence))
            for cause in order.causes
        )
    orders = _decided(standing.account_id, directive.directive_id, (undoing,), policy, now, _on_lift(policy))
    changes = (Closed(order.action_id, order.target, "lift"), *pardons)
    return Decision(outcome=Outcome.LIFTED, orders=orders, changes=changes)


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


def _ended(standing: Standing, key: SubjectKey) -> Iterable[Change]:
    """Close what stands on a subject that is no more; what stands for another cause as well goes on standing."""
    for order in _in_order(standing):
        others = tuple(cause for cause in order.causes if cause.key != key)
        if len(others) == len(order.causes):
            continue
        if key.subject == "content" and order.type not in CONTENT_ORDERS:
            continue  # an author who deletes a content does not thereby take back what it did to the account
        if others:
            yield Recaused(order.action_id, others)
        else:
            yield Closed(order.action_id, order.target, "deletion")


def _revised(standing: Standing, key: SubjectKey, digest: str) -> Iterable[Change]:
    """Close the orders on older revisions of a content."""
    for order in _in_order(standing):
        if key.subject == "content" and order.content_id == key.id and order.content_digest != digest:
            yield Closed(order.action_id, order.target, "revision")


def _enforce(standing: Standing, result: Result, key: SubjectKey, policy: Policy, now: datetime) -> Decision:
    judgement = adjudicate(result.hits, result.unscreened, policy)
    enforced = enforced_hits(result.hits, policy)
    changes: list[Change] = []
    orders: list[Order] = []
    notices: set[OrderType] = set()
    edited = False
    for called in judgement.called:
        if called.type in NOTICES:
            continue
        hits = tuple(hit for hit in enforced if _under(hit, called.grounds))
        cause = Cause(key=key, digest=result.input.digest, result_id=result.result_id, evidence=evidence_keys(hits))
        target = Target.of(called.type, key)
        open_order = next((order for order in _in_order(standing) if order.target == target), None)
        if _is_pardoned(standing.pardons, called.type, cause):
            # What a person lifted does not hold up, either, what stands for another reason; and whether that reason
            # still stands after an edit, a person says.
            edited |= open_order is not None and _is_edited(open_order, cause)
        elif open_order is not None:
            changes.append(Recaused(open_order.action_id, _with_cause(open_order.causes, cause)))
        else:
            order = _new_order(standing, result, called, hits, policy, now)
            orders.append(order)
            notices |= _noticed(called, judgement.called)
            changes.append(
                Opened(
                    OpenOrder(
                        action_id=order.action_id,
                        type=called.type,
                        content_id=target.content_id,
                        content_digest=order.content_digest or "",
                        decision_id="",
                        grounds=called.grounds,
                        causes=(cause,),
                        expires_at=order.expires_at,
                    )
                )
            )
    told = _decided(standing.account_id, result.input.digest, orders, policy, now, sorted(notices))
    changes = [_in_decision(change, told) for change in changes]
    if edited:
        changes.append(_case(result, key, "edited"))
    outcome = Outcome.ORDERED if told else Outcome.REVIEW if edited else Outcome.NOTED
    return Decision(outcome=outcome, orders=told, changes=tuple(changes))


def _clear(
    standing: Standing, result: Result, key: SubjectKey, policy: Policy, now: datetime, *, edited: bool
) -> Decision:
    changes: list[Change] = []
    lifts: list[Order] = []
    for order in _in_order(standing):
        mine = [cause for cause in order.causes if cause.key == key]
        if not mine:
            continue
        if any(cause.digest != result.input.digest for cause in mine):
            edited = True
            continue
        others = tuple(cause for cause in order.causes if cause.key != key)
        if others:
            changes.append(Recaused(order.action_id, others))
            continue
        lift = _undoing(standing.account_id, order, policy, now, LiftCause.VERSIONS)
        lifts.append(msgspec.structs.replace(lift, result_id=result.result_id))
        changes.append(Closed(order.action_id, order.target, "lift"))
    if edited:
        changes.append(_case(result, key, "edited"))
    told = _decided(standing.account_id, result.input.digest, lifts, policy, now, _on_lift(policy))
    outcome = Outcome.LIFTED if told else Outcome.REVIEW if edited else Outcome.NOTED
    return Decision(outcome=outcome, orders=told, changes=tuple(changes))


def _new_order(
    standing: Standing, result: Result, called: Called, hits: tuple[Hit, ...], policy: Policy, now: datetime
) -> Order:
    on_content = called.type in CONTENT_ORDERS
    target = Target(called.type, result.id if on_content else "")
    digest = result.input.digest if on_content else ""
    last_closed = standing.last_closed.get(target, "")
    return Order(
        action_id=order_name(called.type, standing.account_id, target.content_id, digest, last_closed),
        type=called.type,
        account_id=standing.account_id,
        content_id=target.content_id or None,
        content_digest=digest or None,
        decision_id="",
        result_id=result.result_id,
        grounds=called.grounds,
        reason=wording.order_reason(policy, called.type, called.grounds, hits),
        evidence=wording.quoted(hits),
        automated=True,
        issued_at=now.isoformat(),
    )


def _undoing(account_id: str, order: OpenOrder, policy: Policy, now: datetime, cause: LiftCause) -> Order:
    on_content = order.type in CONTENT_ORDERS
    return Order(
        action_id=undoing_name(order.action_id),
        type=OrderType.RESTORE_CONTENT if on_content else OrderType.LIFT,
        account_id=account_id,
        content_id=order.content_id or None,
        content_digest=order.content_digest or None,
        decision_id="",
        reverses=order.action_id,
        reverses_type=order.type,
        grounds=order.grounds,
        reason=wording.lift_reason(policy, order.type, cause),
        automated=cause is not LiftCause.DIRECTIVE,
        issued_at=now.isoformat(),
    )


def _decided(
    account_id: str,
    cause: str,
    orders: Sequence[Order],
    policy: Policy,
    now: datetime,
    notices: Sequence[OrderType],
) -> tuple[Order, ...]:
    """Name the decision in its orders, and add the notices about them."""
    if not orders:
        return ()
    decision_id = decision_name(account_id, cause, (order.action_id for order in orders))
    named = tuple(msgspec.structs.replace(order, decision_id=decision_id) for order in orders)
    first = named[0]
    told = wording.told(policy, named, now)
    return (
        *named,
        *(
            Order(
                action_id=notice_name(notice, channel.value, decision_id),
                type=notice,
                account_id=account_id,
                content_id=first.content_id,
                content_digest=first.content_digest,
                decision_id=decision_id,
                result_id=first.result_id,
                directive_id=first.directive_id,
                grounds=tuple(sorted({ground for order in named for ground in order.grounds})),
                reason=first.reason,
                evidence=first.evidence,
                automated=first.automated,
                channel=channel,
                notice=told,
                issued_at=now.isoformat(),
            )
            for notice in notices
            for channel in policy.notices.channels
        ),
    )


def _in_decision(change: Change, told: Sequence[Order]) -> Change:
    if isinstance(change, Opened) and told:
        return Opened(msgspec.structs.replace(change.order, decision_id=told[0].decision_id))
    return change


def _case(result: Result, key: SubjectKey, reason: Literal["result", "edited"]) -> CaseOpened:
    return CaseOpened(key=key, digest=result.input.digest, result_id=result.result_id, reason=reason)


def _in_order(standing: Standing) -> tuple[OpenOrder, ...]:
    return tuple(standing.open[action_id] for action_id in sorted(standing.open))


def _with_cause(causes: tuple[Cause, ...], cause: Cause) -> tuple[Cause, ...]:
    return (*(other for other in causes if other.key != cause.key), cause)


def _is_pardoned(pardons: tuple[Pardon, ...], order_type: OrderType, cause: Cause) -> bool:
    judged = {
        key
        for pardon in pardons
        if (pardon.type, pardon.key, pardon.digest) == (order_type, cause.key, cause.digest)
        for key in pardon.evidence
    }
    return bool(judged) and judged.issuperset(cause.evidence)


def _is_edited(order: OpenOrder, cause: Cause) -> bool:
    """Say whether an order cites another input of a cause's subject."""
    return any(other.key == cause.key and other.digest != cause.digest for other in order.causes)


def _noticed(called: Called, all_called: Sequence[Called]) -> set[OrderType]:
    """Return the notices that go with an order: those called for on one of its grounds."""
    mine = set(called.grounds)
    return {other.type for other in all_called if other.type in NOTICES and mine & set(other.grounds)}


def _on_lift(policy: Policy) -> tuple[OrderType, ...]:
    return (OrderType.NOTIFY,) if policy.notices.lifts else ()


def _under(hit: Hit, grounds: tuple[Ground, ...]) -> bool:
    return any(hit.category == ground.category for ground in grounds)
