"""The ledger as the roles need it: versions by digest, what was applied, standings, and projections.

Rules of this port:
1. What a role writes for a batch is one database transaction (`applying`), and so is the frontier that says how far
   it has applied each partition. Whoever applies a record first wins; whoever comes later is told what the first one
   decided, bytes and all.
2. Every place is named with the log's epoch: offsets of another history mean nothing.
3. `LedgerUnreachable` asks for a stop with the message; nothing was written then.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from screening.differences import Differences  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from consumers.log.port import Outgoing, Record, TopicPartition
    from screening.decisions import Order
    from screening.policy.conclusions import Conclusion
    from screening.policy.standing import Change, Clearance, Standing, SubjectKey

SubjectName = Literal["content", "registration"]

VersionKind = Literal["lexicon", "policy", "watchlist"]


class LedgerError(Exception):
    """The ledger refused something; the message says what and what to do."""


class LedgerUnreachable(LedgerError):
    """The database cannot be reached."""


class WrongStore(LedgerError):
    """`store.url` names no database that can be opened."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a lexicon, a policy or a sanctions list, named by the digest of what it holds."""

    kind: VersionKind
    digest: str
    source: str
    """The list's source, or where a lexicon or policy came from (`shipped`, a path)."""
    entries: int
    meta: Mapping[str, object]
    payload: bytes


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version that is kept, without what it holds."""

    kind: VersionKind
    digest: str
    source: str
    entries: int
    meta: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch needs to know of one account."""

    account_id: str
    keys: frozenset[SubjectKey]
    action_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one record: the outcome in a word, what to remember and what to send."""

    place: TopicPartition
    offset: int
    account_id: str
    outcome: str
    changes: tuple[Change, ...] = ()
    orders: tuple[Order, ...] = ()
    outputs: tuple[Outgoing, ...] = ()
    directive_id: str | None = None
    said: str = ""
    """What the directive said, in short: its type and target."""


@dataclass(frozen=True, slots=True)
class Projected:
    """A row of a projection: the newest record of a subject (named by its `id`), or a result (named by `result_id`)."""

    kind: Literal["content", "registration", "result"]
    account_id: str
    id: str
    record: Record
    digest: str
    ended: bool = False
    verdict: str | None = None
    subject: str = ""
    subject_id: str = ""
    judged_at: tuple[int, int] = (-1, -1)
    """Of a result: the offset of its input, and the number of the activation that judged it."""
    cited: frozenset[tuple[str, str]] = frozenset()
    """Of a registration's result: source and entry of each listed party that it has a hit on."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that stands: its newest revision, as it was published."""

    account_id: str
    id: str
    digest: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """A subject that stands: its newest record and where that stood, and the newest result about it, if there is one.

    `digest` is that of what is judged of the record. `activation` and `result` are None where nobody has judged it yet,
    or its result is on its way.
    """

    account_id: str
    id: str
    record: bytes
    partition: int
    offset: int
    digest: str
    activation: int | None = None
    result: bytes | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration that stands, and where its record stood."""

    account_id: str
    record: bytes
    offset: int


class Forecast(msgspec.Struct, frozen=True):
    """How many subjects a re-screening judges anew, and how many of these it judges otherwise than before.

    `matched` of those that it looked at were compared with the lexicon or the lists again; of all others the evidence
    on record was enough.
    """

    judged: int = 0
    affected: int = 0
    changed: int = 0
    released: int = 0
    matched: int = 0

    @property
    def otherwise(self) -> int:
        """All whose verdict or grounds are others."""
        return self.affected + self.changed + self.released


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a re-screening is.

    Attributes:
        of: how many subjects stood when it began; an estimate, for the bar.
        looked: how many it has looked at.
        done: what it has done so far.
        forecast: what its plan said, if there was one.
        after: account and id of the last subject that is done with.
        whole: whether everybody is judged anew, and not only whom the change concerns.
        by: who asked for it.
        confirmed_by: who let it go beyond the policy's limit, if anybody had to.
        began_at: RFC 3339.
        ended_at: RFC 3339, once it is done.
        waits_for: which live role it lets go first, and what waits for that; empty while it works.
    """

    of: int = 0
    looked: int = 0
    done: Forecast = Forecast()
    forecast: Forecast | None = None
    after: tuple[str, str] | None = None
    whole: bool = False
    by: str = ""
    confirmed_by: str | None = None
    began_at: str = ""
    ended_at: str | None = None
    waits_for: str = ""


class RescreeningState(enum.StrEnum):
    """Where a re-screening stands."""

    PLANNED = "planned"
    RUNNING = "running"
    STOPPED = "stopped"
    """It left its forecast, or was interrupted; it goes on where it stopped."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Rescreening:
    """One re-screening of one kind of subject, for one activation."""

    subject: SubjectName
    activation: int
    state: RescreeningState
    holder: str
    """Who runs it, or ran it last: a name that no other process has."""
    beat_at: str
    """When it last gave a sign of life, RFC 3339 in UTC."""
    progress: Progress


class Shadow(msgspec.Struct, frozen=True, kw_only=True):
    """Versions that are tried beside those in force on what comes in, and what they made of it so far.

    It names nobody's text or name: accounts and contents by their ids, evidence by the entries.

    Attributes:
        name: the shadow's own.
        lexicon: the digest of the lexicon on trial; None where the one in force stays.
        policy: that of the policy.
        watchlists: source → digest of the lists on trial.
        subjects: the kinds of subject that are judged twice.
        by: who began it.
        began_at: RFC 3339.
        seen_at: when it last judged anything, RFC 3339.
        parts: kind of subject → what was judged differently.
    """

    name: str
    lexicon: str | None = None
    policy: str | None = None
    watchlists: dict[str, str] = {}
    subjects: tuple[SubjectName, ...] = ()
    by: str = ""
    began_at: str = ""
    seen_at: str = ""
    parts: dict[SubjectName, Differences] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a kept version without its payload."""

    source: str
    entries: int
    meta: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Counted:
    """What waits for people and what they settled.

    Attributes:
        cases: (subject, reason) → open cases.
        cleared: what people cleared: `content` and `registration`, on some evidence, and `pair` for pairs of a
            registrant and a listed party.
    """

    cases: Mapping[tuple[str, str], int]
    cleared: Mapping[str, int]


class Applying(Protocol):
    """One database transaction of one consumer."""

    def frontier(self, place: TopicPartition, committed: int = 0) -> int:
        """Return the next offset of a partition that nobody has applied yet, and hold it until the block ends.

        Args:
            place: the partition.
            committed: the position committed on the log, which the frontier is never behind.

        Raises:
            LedgerError: it is behind: this ledger has lost what it once applied, or is another log's.
        """

    def stored(self, place: TopicPartition, start: int, end: int) -> tuple[Outgoing, ...]:
        """Return the outputs decided for `start <= offset < end`, in ledger order."""

    def standings(self, wanted: Collection[Wanted]) -> dict[str, Standing]:
        """Return what is remembered of some accounts, by account."""

    def said(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return what those of some directives (account, directive_id) said that were applied before."""

    def apply(self, applied: Sequence[Applied], standings: Mapping[str, Standing]) -> None:
        """Remember what became of some records, in their order, and the standings they led to, by account."""

    def project(self, rows: Sequence[Projected]) -> None:
        """Put the newest record of each subject, and each result, where the desk and a re-screening find it."""

    def shadow(self, name: str) -> Shadow | None:
        """Return a shadow, or None where there is none of this name."""

    def keep_shadow(self, shadow: Shadow) -> None:
        """Write how a shadow stands."""

    def advance(self, place: TopicPartition, reached: int, first: int) -> None:
        """Set a partition's frontier; outputs below `first`, the committed position, are needed no longer."""


class Ledger(Protocol):
    """Memory and view, in a relational database."""

    def applying(self, consumer: str, epoch: str) -> AbstractContextManager[Applying]:
        """Open a transaction. Leaving by an exception writes nothing.

        Raises:
            LedgerUnreachable: the database cannot be reached.
        """

    def reached(self, consumer: str, epoch: str) -> Mapping[TopicPartition, int]:
        """Return how far a consumer has applied each partition of a history: the next offset it has not seen."""

    def clock(self) -> float | None:
        """Return the database's time, in seconds since the epoch; None where it is a file on this host."""

    def put_version(self, version: Version) -> None:
        """Keep a version; one that is kept already stays as it is."""

    def version(self, kind: VersionKind, digest: str) -> Version:
        """Return a version.

        Raises:
            LedgerError: it is not kept here, or its payload is not what its digest says.
        """

    def cleared(self, account_id: str | None = None) -> tuple[tuple[str, Clearance], ...]:
        """Return what is cleared, of one account or of all, with the account, in the order of accounts and pairs."""

    def concluded(self) -> tuple[tuple[str, Conclusion], ...]:
        """Return what people concluded on what was found, with the account: lifts, cleared pairs, pairs taken back."""

    def kept(self, kind: VersionKind, digest: str) -> Kept | None:
        """Return what is known of a version, or None where it is not kept here."""

    def counted(self) -> Counted:
        """Return how much waits for people."""

    def kept_versions(self, kind: VersionKind) -> tuple[KeptVersion, ...]:
        """Return all versions of a kind, by source and digest."""

    def contents(self, after: tuple[str, str] | None, most: int) -> tuple[Stored, ...]:
        """Return contents that stand, in an order that does not change, as many as asked for.

        Args:
            after: account and id of the last one already seen; None to begin.
            most: how many.
        """

    def judged(self, subject: SubjectName, epoch: str, after: tuple[str, str] | None, most: int) -> tuple[Judged, ...]:
        """Return subjects that stand, in an order that does not change, as many as asked for.

        Args:
            subject: which kind.
            epoch: the log's history; what stood in another one is left out.
            after: account and id of the last one already seen; None to begin.
            most: how many.
        """

    def judged_of(self, subject: SubjectName, epoch: str, accounts: Sequence[str]) -> tuple[Judged, ...]:
        """Return the subjects that stand of some accounts, by account and id."""

    def registered(self, epoch: str, partition: int, start: int, most: int) -> tuple[Registered, ...]:
        """Return registrations that stand, by the place of their record, as many as asked for.

        Args:
            epoch: the log's history.
            partition: where the records stood.
            start: the least offset.
            most: how many.
        """

    def judged_by(self, subject: SubjectName, epoch: str) -> frozenset[int]:
        """Return the numbers of all activations by which the newest results of a kind of subject were judged."""

    def citing(self, cited: Collection[tuple[str, str]]) -> frozenset[str] | None:
        """Return the accounts whose registration has, or had, a hit on one of some listed parties (source, entry).

        Returns:
            None where that is not known of all results: `cite` what is missing first.
        """

    def cite(self, cited: Collection[tuple[str, str, str]], *, whole: bool) -> None:
        """Note hits that were found before they were noted as they came.

        Args:
            cited: source, entry and account of each.
            whole: whether nothing is missing any more.
        """

    def standing(self, subject: SubjectName, epoch: str) -> int:
        """Return how many subjects of a kind stand."""

    def rescreenings(self, epoch: str) -> tuple[Rescreening, ...]:
        """Return every re-screening of a history, in the order of activations."""

    def keep_rescreening(self, epoch: str, one: Rescreening, *, held_since: str | None) -> bool:
        """Write how a re-screening stands, and say whether it is still the writer's.

        Args:
            epoch: the log's history.
            one: what to write; `holder` is the writer.
            held_since: None for whoever holds it already. Otherwise the writer takes it over where nobody does: it is
                not running, or its last sign of life is older than this (RFC 3339 in UTC).
        """

    def shadows(self, epoch: str) -> tuple[Shadow, ...]:
        """Return every shadow of a history, by name."""

    def forget_shadow(self, epoch: str, name: str) -> bool:
        """Remove a shadow, and say whether there was one."""

    def move(self, old: str, new: str) -> int:
        """Let all that counts in one history of the log count in another, whose offsets are the same.

        Args:
            old: the epoch of the log that was copied; nothing is known of it afterwards.
            new: the epoch of the copy.

        Returns:
            How many rows speak of the new one now.

        Raises:
            LedgerError: something was applied from the new one already.
        """

    def close(self) -> None:
        """Release what is held."""
