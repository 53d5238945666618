"""What a screening concludes and what is ordered: verdicts, results, directives, orders, and their names.

Rules of this module:
1. Names (`result_id`, `action_id`, `decision_id`) are UUIDv5 over what an outside party can know. Versions of lists,
   offsets, clocks and grounds never enter an `action_id`: the same order has the same name on either log, on replay
   and in a re-screening.
2. Values are frozen; texts and times are filled in by whoever knows them.
"""

from __future__ import annotations

import enum
import hashlib
import uuid
from typing import TYPE_CHECKING, Literal, assert_never

import msgspec

from screening.evidence import ContentHit, Ground, NameHit, Ownership, PathStep  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "content-and-sanctions.screening")
"""The namespace of every UUIDv5 that this project gives."""


class Verdict(enum.StrEnum):
    """What one screening says in one word, weakest first."""

    CLEAR = "clear"
    REVIEW = "review"
    ENFORCE = "enforce"

    @property
    def rank(self) -> int:
        """0 for clear, 1 for review, 2 for enforce."""
        return _RANK[self]


_RANK = {Verdict.CLEAR: 0, Verdict.REVIEW: 1, Verdict.ENFORCE: 2}


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the strongest of some verdicts; clear where there is none."""
    return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.CLEAR)


class OrderType(enum.StrEnum):
    """Every kind of enforcement action."""

    DELETE_CONTENT = "delete_content"
    RESTORE_CONTENT = "restore_content"
    SUSPEND_SERVICE = "suspend_service"
    TERMINATE_SERVICE = "terminate_service"
    RESTRICT_PURCHASES = "restrict_purchases"
    RESTRICT_RENEWALS = "restrict_renewals"
    RESTRICT_PAYMENTS = "restrict_payments"
    RESTRICT_FUNCTIONS = "restrict_functions"
    FREEZE_FUNDS = "freeze_funds"
    RETURN_FUNDS = "return_funds"
    DELETE_REGISTRATION_DATA = "delete_registration_data"
    LIFT = "lift"
    NOTIFY = "notify"
    REQUEST_CORRECTION = "request_correction"
    REPORT_TO_AUTHORITY = "report_to_authority"


CONTENT_ORDERS = frozenset({OrderType.DELETE_CONTENT})
ACCOUNT_ORDERS = frozenset(
    {
        OrderType.SUSPEND_SERVICE,
        OrderType.TERMINATE_SERVICE,
        OrderType.RESTRICT_PURCHASES,
        OrderType.RESTRICT_RENEWALS,
        OrderType.RESTRICT_PAYMENTS,
        OrderType.RESTRICT_FUNCTIONS,
        OrderType.FREEZE_FUNDS,
        OrderType.RETURN_FUNDS,
        OrderType.DELETE_REGISTRATION_DATA,
    }
)
UNDOINGS = frozenset({OrderType.RESTORE_CONTENT, OrderType.LIFT})
NOTICES = frozenset({OrderType.NOTIFY, OrderType.REQUEST_CORRECTION})
PEOPLE_ONLY = frozenset(
    {
        OrderType.TERMINATE_SERVICE,
        OrderType.FREEZE_FUNDS,
        OrderType.RETURN_FUNDS,
        OrderType.DELETE_REGISTRATION_DATA,
        OrderType.REPORT_TO_AUTHORITY,
    }
)
"""Orders that no machine gives by itself, whatever the policy says."""


class Channel(enum.StrEnum):
    """The ways in which a notice reaches a person."""

    EMAIL = "email"
    INBOX = "inbox"
    SMS = "sms"
    PHONE = "phone"
    LETTER = "letter"
    WEB = "web"


class Versions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What judged: digests of the policy and of the lexicon, or of each sanctions list (source → digest)."""

    engine: str
    policy: str
    lexicon: str | None = None
    watchlist: str | None = None
    watchlists: dict[str, str] | None = None


class Input(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was judged: the digest of the subject, and where it stood on the log (absent in `check`)."""

    digest: str
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What one screening of one subject says.

    `verdict` is None exactly when `ended` (a deletion or an erasure). `grounds` holds the grounds at the level of the
    verdict, `hits` all evidence, also that below the threshold of review. `activation` is the number of the version
    set in force; None in `check`, which has no log.
    """

    result_id: str
    subject: Literal["content", "registration"]
    id: str
    account_id: str
    verdict: Verdict | None
    grounds: tuple[Ground, ...]
    hits: tuple[ContentHit, ...] | tuple[NameHit, ...]
    unscreened: tuple[str, ...]
    input: Input
    versions: Versions
    activation: int | None = None
    ended: bool = False


class DirectiveType(enum.StrEnum):
    """What people, authorities and the clock can say so far."""

    LIFT = "lift"
    EXPIRE = "expire"
    CLEAR_PAIR = "clear_pair"
    UNCLEAR_PAIR = "unclear_pair"


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """Something said by a person, an authority or the clock about an account.

    `target` is the `action_id` of an order, or the listed entry, as `SOURCE/ENTRY`, of a pair that is cleared or not.
    """

    directive_id: str
    account_id: str
    type: DirectiveType
    target: str
    by: str
    reason: str
    at: str | None = None
    expires_at: str | None = None

    @property
    def on_pair(self) -> bool:
        """Whether it speaks of a pair of registrant and listed entry; the id of an order has no slash."""
        match self.type:
            case DirectiveType.CLEAR_PAIR | DirectiveType.UNCLEAR_PAIR:
                return True
            case DirectiveType.EXPIRE:
                return "/" in self.target
            case DirectiveType.LIFT:
                return False
            case _ as unreachable:
                assert_never(unreachable)


class Reason(msgspec.Struct, frozen=True):
    """Why, for the person concerned, in Chinese and in English."""

    zh: str
    en: str


class Quoted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of evidence as an order quotes it: what was written, where, and which entry it met.

    `agrees` names what agrees with a listed party (`name`, `birth_date`, `country`, `identifier` …), never its value.
    Of an affiliate `path` leads to the registrant, and `ownership` says what listed parties hold together.
    """

    category: str
    entry: str
    quote: str
    field: str | None = None
    start: int | None = None
    end: int | None = None
    source: str | None = None
    listed_name: str | None = None
    agrees: tuple[str, ...] = ()
    path: tuple[PathStep, ...] = ()
    ownership: Ownership | None = None
    score: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice tells beside its reason: the orders decided, how to appeal and until when (RFC 3339)."""

    orders: tuple[OrderType, ...]
    text: Reason
    appeal: Reason
    appeal_until: str | None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An enforcement action: what someone downstream is told to do, or to undo.

    `content_id` and `content_digest` are set for orders on a content. `reverses` and `reverses_type` are set for an
    undoing. `result_id` or `directive_id` names what called for it. `channel` and `notice` are set for notices.
    """

    schema: int = 1
    action_id: str
    type: OrderType
    account_id: str
    content_id: str | None = None
    content_digest: str | None = None
    decision_id: str
    result_id: str | None = None
    directive_id: str | None = None
    reverses: str | None = None
    reverses_type: OrderType | None = None
    grounds: tuple[Ground, ...]
    reason: Reason
    evidence: tuple[Quoted, ...] = ()
    automated: bool
    channel: Channel | None = None
    notice: Told | None = None
    issued_at: str
    expires_at: str | None = None


def result_name(subject: str, account_id: str, subject_id: str, digest: str, versions: Versions) -> str:
    """Return the name of the result of judging one input with one set of versions."""
    said = [versions.engine, versions.policy, versions.lexicon or "", versions.watchlist or ""]
    return _name("result", subject, account_id, subject_id, digest, *said)


def order_name(order_type: OrderType, account_id: str, content_id: str, digest: str, last_closed: str) -> str:
    """Return the `action_id` of an order that stands until it is undone.

    Args:
        order_type: the type, not an undoing or a notice.
        account_id: the account it falls on.
        content_id: the content it falls on, empty for an account.
        digest: the content's digest, empty for an account.
        last_closed: the `action_id` of the last closed order of this type on this target, empty if there is none.
    """
    return _name(order_type.value, account_id, content_id, digest, last_closed)


def undoing_name(reversed_id: str) -> str:
    """Return the `action_id` of the lift or restoration of an order."""
    return _name("lift", reversed_id)


def notice_name(order_type: OrderType, channel: str, decision_id: str) -> str:
    """Return the `action_id` of a notice or report about a decision."""
    return _name(order_type.value, channel, decision_id)


def decision_name(account_id: str, cause: str, action_ids: Iterable[str]) -> str:
    """Return the `decision_id`: over the account, what caused it, and its orders and lifts."""
    return _name("decision", account_id, cause, *sorted(action_ids))


def expiry_name(account_id: str, pair: str, clearance: str) -> str:
    """Return the `directive_id` by which the clock ends the clearance that a directive gave; the same each time."""
    return _name("expire", account_id, pair, clearance)


def _name(*parts: str) -> str:
    # A unit separator cannot be mistaken for a part's own text once each part is escaped by JSON.
    # What `uuid.uuid5` does, without a value in between: every result has a name.
    named = bytearray(hashlib.sha1(NAMESPACE.bytes + msgspec.json.encode(parts), usedforsecurity=False).digest()[:16])
    named[6] = named[6] & 0x0F | 0x50
    named[8] = named[8] & 0x3F | 0x80
    text = named.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
