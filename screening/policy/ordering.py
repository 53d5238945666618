"""How orders, lifts and the notices about them are made and named, once it is decided that they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from screening.decisions import CONTENT_ORDERS, Order, OrderType, decision_name, notice_name, order_name, undoing_name
from screening.policy import wording
from screening.policy.rules import LiftCause
from screening.policy.standing import SubjectKey, Target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from screening.evidence import Hit
    from screening.policy.adjudicate import Called
    from screening.policy.rules import Policy
    from screening.policy.standing import OpenOrder, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A subject's input and what of its result counts: the hits without those of cleared pairs.

    `directive_id` names what made it be judged again, where no result did.
    """

    key: SubjectKey
    digest: str
    result_id: str
    hits: tuple[Hit, ...]
    unscreened: tuple[str, ...] = ()
    directive_id: str | None = None

    @property
    def cause(self) -> str:
        """What the decision about it is named after."""
        return self.digest if self.directive_id is None else self.directive_id


def new_order(
    standing: Standing, judged: Judged, called: Called, hits: tuple[Hit, ...], policy: Policy, now: datetime
) -> Order:
    """Return an order that a result calls for, not yet in a decision."""
    target = Target.of(called.type, judged.key)
    digest = judged.digest if called.type in CONTENT_ORDERS else ""
    last_closed = standing.last_closed.get(target, "")
    return Order(
        action_id=order_name(called.type, standing.account_id, target.content_id, digest, last_closed),
        type=called.type,
        account_id=standing.account_id,
        content_id=target.content_id or None,
        content_digest=digest or None,
        decision_id="",
        result_id=judged.result_id,
        directive_id=judged.directive_id,
        grounds=called.grounds,
        reason=wording.order_reason(policy, called.type, called.grounds, hits),
        evidence=wording.quoted(hits),
        automated=True,
        issued_at=now.isoformat(),
    )


def undoing(account_id: str, order: OpenOrder, policy: Policy, now: datetime, cause: LiftCause) -> Order:
    """Return the lift or restoration of an order, not yet in a decision."""
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


def decided(
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


def on_lift(policy: Policy) -> tuple[OrderType, ...]:
    """Return the notices that go with lifts."""
    return (OrderType.NOTIFY,) if policy.notices.lifts else ()
