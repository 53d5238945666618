"""What is remembered of an account so that its next result can be decided: marks, open orders, pardons.

A `Standing` is a value; what a decision does to it is a tuple of changes, applied by `after` here and by the ledger
in its own tables. A standing may be partial: it must hold the marks, orders and pardons of the subjects concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from screening.decisions import CONTENT_ORDERS, OrderType
from screening.evidence import Ground  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Iterable

SubjectKind = Literal["content", "registration"]


class SubjectKey(msgspec.Struct, frozen=True):
    """A subject within its account."""

    subject: SubjectKind
    id: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The last result applied for a subject: where its input stood, and under which activation it was judged."""

    key: SubjectKey
    epoch: str
    offset: int
    activation: int
    digest: str
    result_id: str
    ended: bool


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's input that calls for an order, with the keys of the evidence found in it."""

    key: SubjectKey
    digest: str
    result_id: str
    evidence: tuple[str, ...]


class OpenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that stands: given, and not yet closed by a lift, a restoration, a newer revision or a deletion."""

    action_id: str
    type: OrderType
    content_id: str
    content_digest: str
    decision_id: str
    grounds: tuple[Ground, ...]
    causes: tuple[Cause, ...]
    expires_at: str | None = None

    @property
    def target(self) -> Target:
        """What the order falls on."""
        return Target(self.type, self.content_id)


class Target(msgspec.Struct, frozen=True):
    """A type of order on one content, or on the account where `content_id` is empty."""

    type: OrderType
    content_id: str

    @classmethod
    def of(cls, order_type: OrderType, key: SubjectKey) -> Target:
        """Return what an order of a type falls on when a subject calls for it."""
        return cls(order_type, key.id if order_type in CONTENT_ORDERS else "")


class Pardon(msgspec.Struct, frozen=True, kw_only=True):
    """What a person lifted: no machine gives this order again on the same input and evidence."""

    type: OrderType
    key: SubjectKey
    digest: str
    evidence: tuple[str, ...]


class Marked(msgspec.Struct, frozen=True):
    """A subject's last result is this."""

    mark: Mark


class Opened(msgspec.Struct, frozen=True):
    """An order stands from now on."""

    order: OpenOrder


class Recaused(msgspec.Struct, frozen=True):
    """An open order stands for these causes now (never none)."""

    action_id: str
    causes: tuple[Cause, ...]


class Closed(msgspec.Struct, frozen=True):
    """An order stands no longer. `by` is what closed it."""

    action_id: str
    target: Target
    by: Literal["lift", "revision", "deletion"]


class Pardoned(msgspec.Struct, frozen=True):
    """A person lifted an order that rested on this."""

    pardon: Pardon


class CaseOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A person is asked about a subject: the result was unsure, or an edit would clear what is still ordered."""

    key: SubjectKey
    digest: str
    result_id: str
    reason: Literal["result", "edited"]


Change = Marked | Opened | Recaused | Closed | Pardoned | CaseOpened


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An account as far as the next decision needs it."""

    account_id: str
    marks: dict[SubjectKey, Mark] = {}
    open: dict[str, OpenOrder] = {}
    last_closed: dict[Target, str] = {}
    pardons: tuple[Pardon, ...] = ()

    def after(self, changes: Iterable[Change]) -> Standing:
        """Return the standing once some changes are made; this one stays as it is."""
        marks, standing, closed, pardons = dict(self.marks), dict(self.open), dict(self.last_closed), self.pardons
        for change in changes:
            match change:
                case Marked(mark):
                    marks[mark.key] = mark
                case Opened(order):
                    standing[order.action_id] = order
                case Recaused(action_id, causes):
                    standing[action_id] = msgspec.structs.replace(standing[action_id], causes=causes)
                case Closed(action_id, target, _):
                    standing.pop(action_id, None)
                    closed[target] = action_id
                case Pardoned(pardon):
                    pardons = (*pardons, pardon)
                case CaseOpened():
                    pass
        return Standing(account_id=self.account_id, marks=marks, open=standing, last_closed=closed, pardons=pardons)
