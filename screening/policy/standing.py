"""What is remembered of an account so that its next result can be decided: marks, open orders, pardons, clearances.

A `Standing` is a value; what a decision does to it is a tuple of changes, applied by `after` here and by the ledger
in its own tables. A standing may be partial: it must hold the marks, orders and pardons of the subjects concerned, and
with the registration all clearances.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from screening.decisions import CONTENT_ORDERS, OrderType
from screening.evidence import Ground, NameHit  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Iterable

SubjectKind = Literal["content", "registration"]


class SubjectKey(msgspec.Struct, frozen=True):
    """A subject within its account."""

    subject: SubjectKind
    id: str


def registration_of(account_id: str) -> SubjectKey:
    """Return the key of an account's registration."""
    return SubjectKey("registration", account_id)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The last result applied for a subject: where its input stood, and under which activation it was judged.

    Of a registration with hits that lead to anything these are kept, with the policy that judged them, so that it can
    be judged again without a pair that a person clears, and with it where that ends.
    """

    key: SubjectKey
    epoch: str
    offset: int
    activation: int
    digest: str
    result_id: str
    ended: bool
    policy: str = ""
    hits: tuple[NameHit, ...] = ()
    unscreened: tuple[str, ...] = ()


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's input that calls for an order, with the keys of the evidence found in it, and the pairs among it."""

    key: SubjectKey
    digest: str
    result_id: str
    evidence: tuple[str, ...]
    pairs: tuple[str, ...] = ()


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


class Clearance(msgspec.Struct, frozen=True, kw_only=True):
    """What a person cleared: the registrant is not this listed entry (`SOURCE/ENTRY`), as far as they were compared.

    `compared` holds, for each hit of the pair, the digests of what was compared of the registrant's side and of the
    entry. `expires_at` is RFC 3339.
    """

    pair: str
    compared: tuple[tuple[str, str], ...]
    directive_id: str
    by: str
    reason: str
    at: str | None = None
    expires_at: str | None = None

    def covers(self, hit: NameHit) -> bool:
        """Say whether a hit is of this pair, and was found by what was compared when it was cleared."""
        return hit.pair == self.pair and (hit.queried_digest, hit.entry_digest) in self.compared

    def has_run_out(self, at: datetime) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and datetime.fromisoformat(self.expires_at) <= at


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


class CaseClosed(msgspec.Struct, frozen=True):
    """Nobody needs to be asked about an input any more; nothing happens where nobody was."""

    key: SubjectKey
    digest: str
    reason: Literal["result", "edited"]


class Cleared(msgspec.Struct, frozen=True):
    """A person cleared a pair; what was cleared of it before is replaced."""

    clearance: Clearance


class Uncleared(msgspec.Struct, frozen=True):
    """A pair is cleared no longer: it was taken back, its time is over, or the registration was erased."""

    pair: str


Change = Marked | Opened | Recaused | Closed | Pardoned | CaseOpened | CaseClosed | Cleared | Uncleared


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An account as far as the next decision needs it."""

    account_id: str
    marks: dict[SubjectKey, Mark] = {}
    open: dict[str, OpenOrder] = {}
    last_closed: dict[Target, str] = {}
    pardons: tuple[Pardon, ...] = ()
    clearances: dict[str, Clearance] = {}

    def after(self, changes: Iterable[Change]) -> Standing:
        """Return the standing once some changes are made; this one stays as it is."""
        marks, standing, closed, pardons = dict(self.marks), dict(self.open), dict(self.last_closed), self.pardons
        clearances = dict(self.clearances)
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
                case Cleared(clearance):
                    clearances[clearance.pair] = clearance
                case Uncleared(pair):
                    clearances.pop(pair, None)
                case CaseOpened() | CaseClosed():
                    pass
        return Standing(
            account_id=self.account_id,
            marks=marks,
            open=standing,
            last_closed=closed,
            pardons=pardons,
            clearances=clearances,
        )
