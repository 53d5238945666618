"""From a result or a directive, and what stands, to orders: the only place where orders are decided.

Rules of this module:
1. A result older than, or as old as, the one last applied to its subject is superseded and orders nothing.
2. The same result again (same input, same versions) is no news.
3. A machine lifts only on a clear result for the very input an order cites, and only when no other cause stands.
   On any other input of that subject a person is asked.
   Once an input is judged again and its result is unsure no longer, nobody is asked about that result any more.
4. A newer revision or a deletion of a content, and the erasure of a registration, close what stood on it without
   undoing it.
5. What a person lifted, no machine orders again on the same input and evidence.
6. One result or directive gives one decision: its orders, or its lifts, and the notices about them.
7. A hit of a cleared pair counts for nothing while what was compared is the same and the clearance has not run out;
   every other hit leads to what it would lead to if that one had not been found. Time is the record's on the log, so
   that a replay ends the same.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Literal, assert_never

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
)
from screening.policy.adjudicate import adjudicate, enforced_hits
from screening.policy.clearing import (
    called_by,
    clearance_of,
    evidence_keys,
    judged_again,
    kept,
    pairs_of,
    run_out,
    uncleared,
    without,
)
from screening.policy.ordering import Judged, decided, new_order, on_lift, undoing
from screening.policy.rules import LiftCause
from screening.policy.standing import (
    CaseClosed,
    CaseOpened,
    Cause,
    Cleared,
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
    Uncleared,
    registration_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

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
    CLEARED = "cleared"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What follows: the outcome in one word, what to tell others, and what to remember."""

    outcome: Outcome
    orders: tuple[Order, ...] = ()
    changes: tuple[Change, ...] = ()


def decide_result(
    standing: Standing, result: Result, *, epoch: str, policy: Policy, now: datetime, at: datetime | None = None
) -> Decision:
    """Decide what follows from a result.

    Args:
        standing: the account as far as this subject is concerned.
        result: the result, with the place of its input.
        epoch: the history of the log that the input's offset counts in.
        policy: the policy the result was judged under.
        now: the time of issue, aware of its time zone.
        at: when the result came onto the log, aware of its time zone; the time of issue by default.
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
    marked: tuple[Change, ...] = (Marked(msgspec.structs.replace(mark, **kept(result, policy))),)
    over = run_out(standing, result, now if at is None else at)
    if last is not None and not last.ended and last.result_id == result.result_id and not over:
        return Decision(outcome=Outcome.REPEATED, changes=marked)
    if result.ended:
        return Decision(outcome=Outcome.NOTED, changes=(*marked, *over, *_ended(standing, key)))
    closed = tuple(_revised(standing, key, result.input.digest))
    changes = (*marked, *over, *closed)
    standing = standing.after((*over, *closed))
    hits = uncleared(result.hits, standing)
    judged = Judged(
        key=key,
        digest=result.input.digest,
        result_id=result.result_id,
        hits=hits,
        unscreened=result.unscreened,
    )
    verdict = result.verdict if len(hits) == len(result.hits) else judged_again(hits, result.unscreened, policy).verdict
    match verdict:
        case Verdict.ENFORCE:
            decision = _enforce(standing, judged, policy, now)
        case Verdict.REVIEW:
            decision = Decision(outcome=Outcome.REVIEW, changes=(_case(judged, "result"),))
        case _:
            decision = _clear(standing, judged, policy, now, edited=bool(closed))
    if verdict is not Verdict.REVIEW and last is not None and last.digest == result.input.digest and not last.ended:
        # Judged again, it is unsure no longer: whoever was asked about it need not answer.
        changes = (*changes, CaseClosed(key, result.input.digest, "result"))
    return msgspec.structs.replace(decision, changes=(*changes, *decision.changes))


def decide_directive(
    standing: Standing, directive: Directive, *, policy: Policy, now: datetime, at: datetime | None = None
) -> Decision:
    """Decide what follows from what a person, an authority or the clock said.

    Args:
        standing: the account with the order that the directive names; where it names a pair, with the registration.
        directive: what was said; one said before is for the caller to leave out.
        policy: the policy in force, for the wording and the notice; of a pair, that which judged the registration.
        now: the time of issue, aware of its time zone.
        at: when the directive came onto the log, aware of its time zone; the time of issue by default.
    """
    match directive.type:
        case DirectiveType.CLEAR_PAIR:
            return _clear_pair(standing, directive, policy, now, now if at is None else at)
        case DirectiveType.UNCLEAR_PAIR:
            return _reopen(standing, directive, policy, now)
        case DirectiveType.EXPIRE if directive.on_pair:
            # The clock says it of all that may have run out; what ended before by a result is no news.
            return (
                _reopen(standing, directive, policy, now)
                if directive.target in standing.clearances
                else Decision(outcome=Outcome.NOTED)
            )
        case DirectiveType.LIFT | DirectiveType.EXPIRE:
            return _lift(standing, directive, policy, now)
        case _ as unreachable:
            assert_never(unreachable)


def _lift(standing: Standing, directive: Directive, policy: Policy, now: datetime) -> Decision:
    order = standing.open.get(directive.target)
    if order is None:
        return Decision(outcome=Outcome.NOT_OPEN)
    by_person = directive.type is DirectiveType.LIFT
    cause = LiftCause.DIRECTIVE if by_person else LiftCause.EXPIRY
    lift = undoing(standing.account_id, order, policy, now, cause)
    lift = msgspec.structs.replace(lift, directive_id=directive.directive_id)
    pardons: tuple[Change, ...] = ()
    if by_person:
        pardons = tuple(
            Pardoned(Pardon(type=order.type, key=cause.key, digest=cause.digest, evidence=cause.evidence))
            for cause in order.causes
        )
    orders = decided(standing.account_id, directive.directive_id, (lift,), policy, now, on_lift(policy))
    changes = (Closed(order.action_id, order.target, "lift"), *pardons)
    return Decision(outcome=Outcome.LIFTED, orders=orders, changes=changes)


def _clear_pair(standing: Standing, directive: Directive, policy: Policy, now: datetime, at: datetime) -> Decision:
    """Clear a pair that the registration's last result met, lift what stood for it alone, and ask nobody about it."""
    key = registration_of(standing.account_id)
    mark = standing.marks.get(key)
    clearance = None if mark is None else clearance_of(directive, mark)
    if mark is None or clearance is None or clearance.has_run_out(at):
        return Decision(outcome=Outcome.NOT_OPEN)
    changes: list[Change] = [Cleared(clearance)]
    lifts: list[Order] = []
    called, still = (called_by(one, mark, policy) for one in (standing, standing.after(changes)))
    for order in _in_order(standing):
        left = still.get(order.type, ()) if order.type in called else None
        causes = without(order, clearance, mark, left=left)
        if causes == order.causes:
            continue
        if causes:
            changes.append(Recaused(order.action_id, causes))
            continue
        lift = undoing(standing.account_id, order, policy, now, LiftCause.DIRECTIVE)
        lifts.append(msgspec.structs.replace(lift, directive_id=directive.directive_id))
        changes.append(Closed(order.action_id, order.target, "lift"))
    changes += _asked(standing.after(changes), mark, policy)
    orders = decided(standing.account_id, directive.directive_id, lifts, policy, now, on_lift(policy))
    return Decision(outcome=Outcome.LIFTED if orders else Outcome.CLEARED, orders=orders, changes=tuple(changes))


def _asked(standing: Standing, mark: Mark, policy: Policy) -> Iterable[Change]:
    """Ask a person about what is left of a registration once a pair is cleared, or nobody any more."""
    verdict = judged_again(uncleared(mark.hits, standing), mark.unscreened, policy).verdict
    if verdict is Verdict.REVIEW:
        # What was less than the pair that was cleared was not asked about while an order stood for that.
        yield CaseOpened(key=mark.key, digest=mark.digest, result_id=mark.result_id, reason="result")
    if verdict is Verdict.CLEAR:
        yield CaseClosed(mark.key, mark.digest, "result")
        if not any(cause.key == mark.key for order in standing.open.values() for cause in order.causes):
            yield CaseClosed(mark.key, mark.digest, "edited")


def _reopen(standing: Standing, directive: Directive, policy: Policy, now: datetime) -> Decision:
    """End a clearance, and decide what the registration's last result leads to with the pair in it again."""
    clearance = standing.clearances.get(directive.target)
    if clearance is None:
        return Decision(outcome=Outcome.NOT_OPEN)
    ended: tuple[Change, ...] = (Uncleared(clearance.pair),)
    key = registration_of(standing.account_id)
    mark = standing.marks.get(key)
    standing = standing.after(ended)
    if mark is None or not any(clearance.covers(hit) for hit in mark.hits):
        return Decision(outcome=Outcome.NOTED, changes=ended)
    judged = Judged(
        key=key,
        digest=mark.digest,
        result_id=mark.result_id,
        hits=uncleared(mark.hits, standing),
        unscreened=mark.unscreened,
        directive_id=directive.directive_id,
    )
    if judged_again(judged.hits, judged.unscreened, policy).verdict is Verdict.ENFORCE:
        decision = _enforce(standing, judged, policy, now)
    else:
        decision = Decision(outcome=Outcome.REVIEW, changes=(_case(judged, "result"),))
    return msgspec.structs.replace(decision, changes=(*ended, *decision.changes))


def _ended(standing: Standing, key: SubjectKey) -> Iterable[Change]:
    """Close what stands on a subject that is no more; what stands for another cause as well goes on standing.

    With a registration ends what was cleared of it: whoever registers anew is judged anew.
    """
    if key.subject == "registration":
        yield from (Uncleared(pair) for pair in sorted(standing.clearances))
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


def _enforce(standing: Standing, judged: Judged, policy: Policy, now: datetime) -> Decision:
    judgement = adjudicate(judged.hits, judged.unscreened, policy)
    enforced = enforced_hits(judged.hits, policy)
    changes: list[Change] = []
    orders: list[Order] = []
    notices: set[OrderType] = set()
    edited = False
    for called in judgement.called:
        if called.type in NOTICES:
            continue
        hits = called.among(enforced)
        cause = Cause(
            key=judged.key,
            digest=judged.digest,
            result_id=judged.result_id,
            evidence=evidence_keys(hits),
            pairs=pairs_of(hits),
        )
        target = Target.of(called.type, judged.key)
        open_order = next((order for order in _in_order(standing) if order.target == target), None)
        if _is_pardoned(standing.pardons, called.type, cause):
            # What a person lifted does not hold up, either, what stands for another reason; and whether that reason
            # still stands after an edit, a person says.
            edited |= open_order is not None and _is_edited(open_order, cause)
        elif open_order is not None:
            changes.append(Recaused(open_order.action_id, _with_cause(open_order.causes, cause)))
        else:
            order = new_order(standing, judged, called, hits, policy, now)
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
    told = decided(standing.account_id, judged.cause, orders, policy, now, sorted(notices))
    changes = [_in_decision(change, told) for change in changes]
    if edited:
        changes.append(_case(judged, "edited"))
    outcome = Outcome.ORDERED if told else Outcome.REVIEW if edited else Outcome.NOTED
    return Decision(outcome=outcome, orders=told, changes=tuple(changes))


def _clear(standing: Standing, judged: Judged, policy: Policy, now: datetime, *, edited: bool) -> Decision:
    changes: list[Change] = []
    lifts: list[Order] = []
    for order in _in_order(standing):
        mine = [cause for cause in order.causes if cause.key == judged.key]
        if not mine:
            continue
        if any(cause.digest != judged.digest for cause in mine):
            edited = True
            continue
        others = tuple(cause for cause in order.causes if cause.key != judged.key)
        if others:
            changes.append(Recaused(order.action_id, others))
            continue
        lift = undoing(standing.account_id, order, policy, now, LiftCause.VERSIONS)
        lifts.append(msgspec.structs.replace(lift, result_id=judged.result_id))
        changes.append(Closed(order.action_id, order.target, "lift"))
    if edited:
        changes.append(_case(judged, "edited"))
    told = decided(standing.account_id, judged.cause, lifts, policy, now, on_lift(policy))
    outcome = Outcome.LIFTED if told else Outcome.REVIEW if edited else Outcome.NOTED
    return Decision(outcome=outcome, orders=told, changes=tuple(changes))


def _in_decision(change: Change, told: Sequence[Order]) -> Change:
    if isinstance(change, Opened) and told:
        return Opened(msgspec.structs.replace(change.order, decision_id=told[0].decision_id))
    return change


def _case(judged: Judged, reason: Literal["result", "edited"]) -> CaseOpened:
    return CaseOpened(key=judged.key, digest=judged.digest, result_id=judged.result_id, reason=reason)


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
