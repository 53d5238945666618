"""The log as the pipeline needs it: ordered by key, read-committed, outputs and positions in one transaction.

Rules of this port, held by one conformance suite on every adapter:
1. A session (group, topics, member) gives batches. `with session.transaction() as t: t.send(…); t.done(batch)` commits
   outputs and positions together or not at all; a consumer has no other way to write. Leaving the block by an
   exception aborts; after an abort the session reads again from the committed positions.
2. A key has the same partition number on every adapter (murmur2, as Kafka's default partitioner).
3. Offsets grow within a partition but need not be dense. Only committed records are ever read.
4. A partition has one live owner in a group. A former owner is fenced at commit, never earlier trusted.
5. A committed position carries a note (a short text), committed with it.
6. A record over its topic's size limit is refused with `RecordTooLarge`, before anything is written.
7. Three errors ask for three reactions: `Fenced` (exit), `Retry` (the same call may be tried again after `poll`, which
   reads again from the committed positions), `Fatal` (stop and tell). `Unreachable` is a `Fatal` whose cause is that
   the log cannot be reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

Headers = tuple[tuple[str, bytes], ...]


class LogError(Exception):
    """The root of the log's errors."""


class Fenced(LogError):
    """Another member took over: nothing of this transaction was committed, and this one must exit."""


class Retry(LogError):
    """Nothing of this transaction was committed (or the outcome was found to be so): read again and go on."""


class Fatal(LogError):
    """Going on would lose or repeat records: stop, and tell what the message says."""


class Unreachable(Fatal):
    """The log cannot be reached."""


class RecordTooLarge(LogError):
    """A record exceeds its topic's limit."""


class WrongTopics(LogError):
    """Topics exist with settings that would lose data or break ordering; the message names each with what to do."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it must be: `name` without the log's prefix, number of partitions, kind and limits."""

    name: str
    partitions: int
    compacted: bool = False
    most_bytes: int = 1024 * 1024
    """The largest record (key, value and headers together), in bytes."""


@dataclass(frozen=True, slots=True)
class Record:
    """A committed record. `timestamp` is milliseconds since the epoch, UTC."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    def header(self, name: str) -> bytes | None:
        """Return the last header of a name, or None."""
        return next((value for key, value in reversed(self.headers) if key == name), None)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be written. `partition` None: by key (a null key goes to partition 0)."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class TopicPartition:
    """One partition of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a partition: the offset of a record, or the next offset to read; with the note committed there."""

    offset: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll gave, in order within each partition.

    `reached` gives for each partition polled the next offset to read, which may lie beyond the last record
    (aborted transactions and their markers take offsets too).
    """

    records: tuple[Record, ...] = ()
    reached: Mapping[TopicPartition, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a partition waits for a group.

    Attributes:
        offsets: from the group's position to the read-committed end.
        since: when the first record there was written, in milliseconds since the epoch; None where none waits.
        withheld: offsets behind that end, of transactions that are open or behind one that is.
    """

    offsets: int
    since: int | None
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Replicas:
    """How a topic is copied; of several partitions the worst.

    Attributes:
        copies: how many there are to be.
        in_sync: how many are up to date.
        least_in_sync: without so many up to date nothing can be written.
        leaderless: partitions that can be neither written nor read.
    """

    copies: int
    in_sync: int
    least_in_sync: int
    leaderless: tuple[int, ...] = ()


class Transaction(Protocol):
    """Outputs and positions that become visible together or not at all."""

    def send(self, outgoing: Outgoing) -> None:
        """Add an output.

        Raises:
            RecordTooLarge: it exceeds its topic's limit.
        """

    def done(self, batch: Batch, notes: Mapping[TopicPartition, str] | None = None) -> None:
        """Mark a batch as done: its `reached` positions are committed with the outputs.

        Args:
            batch: what `poll` gave.
            notes: a text to commit with a partition's position; partitions left out keep the note they have.
        """


class Session(Protocol):
    """One member of a group, owning some partitions of some topics."""

    def poll(self, timeout: float, most: int = 500) -> Batch:
        """Return up to `most` committed records, waiting up to `timeout` seconds for the first.

        Raises:
            Fenced: another member with this name took over.
            Fatal: the log failed; `Unreachable` where it cannot be reached.
        """

    def assigned(self) -> Mapping[TopicPartition, Position]:
        """Return the partitions owned now, with the position committed when they were assigned or since.

        A partition without a committed position starts at its first record and has offset 0 and an empty note.
        """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction.

        Raises (on leaving the block):
            Fenced: another member of this name took over, or this one was silent for so long that others did.
            Retry: nothing was committed, for instance because partitions moved to another member; poll again.
            Fatal: the outcome cannot be made certain.
        """

    def close(self) -> None:
        """Leave the group, so that another member can take over at once."""


class Appending(Protocol):
    """One transaction of an edge (a command, the desk) that writes without reading a group.

    `repeated` is true where this `dedupe_id` was appended before: send nothing then.
    """

    repeated: bool

    def send(self, outgoing: Outgoing) -> Position:
        """Add a record and return where it will stand (valid only if the block commits)."""


class Log(Protocol):
    """A log: topics of partitions of records."""

    def epoch(self) -> str:
        """Return the name of this log's history; a log made anew or copied has another."""

    def ensure(self, topics: Sequence[TopicSpec]) -> None:
        """Create topics that are missing, with the settings wanted, and check those that are there.

        Raises:
            WrongTopics: a topic exists with other partitions, cleanup, retention or size than wanted.
            Unreachable: the log cannot be reached.
        """

    def recorded_epoch(self) -> str | None:
        """Return the epoch as it was last recorded; unlike `epoch` this writes nothing. None where none was."""

    def missing(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return those of some topics that do not exist."""

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has."""

    def session(self, group: str, topics: Sequence[str], member: str) -> Session:
        """Join a group as a named member. The name must be stable over restarts and unique among live members."""

    def append(self, records: Sequence[Outgoing]) -> tuple[Position, ...]:
        """Write records in one transaction and return where they stand.

        Raises:
            RecordTooLarge: one exceeds its topic's limit; nothing is written.
        """

    def appending(self, writer: str, dedupe_id: str | None = None) -> AbstractContextManager[Appending]:
        """Open an exclusive transaction: of all with the same `writer` only one can be open, and the last one wins.

        What others with this `writer` committed before is visible to `read` inside the block.

        Raises (on leaving the block):
            Fenced: another took over; nothing was committed.
        """

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """Return for each partition its first offset and its read-committed end (the next offset to be read)."""

    def committed(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Position]:
        """Return the positions a group has committed."""

    def differences(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        """Say of those topics that exist where they would lose records or break their order, and what to do."""

    def replicas(self, topics: Sequence[str]) -> Mapping[str, Replicas]:
        """Return how those of some topics that exist are copied, by the names they have there; nothing on one host."""

    def isolation(self) -> str:
        """Return which records readers are given: `read_committed`, or they would see what was undone."""

    def clock(self) -> float | None:
        """Return the time where the log is, in seconds since the epoch; None where nobody tells, or it is this host."""

    def newest(self, topic: str) -> int | None:
        """Return the latest time that a record of a topic bears, in milliseconds since the epoch; None without any."""

    def waiting(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Waiting]:
        """Return what of each partition waits for a group, as it is seen now: unlike `bounds` this waits for nothing.

        It is for whoever watches, and cheap enough to be asked every few seconds.
        """

    def members(self, group: str) -> int:
        """Return how many members a group has; one that died counts until its lease is over."""

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield the committed records with `start <= offset < end`, without a group."""

    def close(self) -> None:
        """Release what is held. Open sessions are closed first."""


class CopySource(Protocol):
    """A log that can be copied whole: beside its records what groups and writers left on it."""

    def epoch(self) -> str:
        """Return the name of its history."""

    def specs(self) -> tuple[TopicSpec, ...]:
        """Return the topics there are, as they are."""

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """See `Log`."""

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """See `Log`."""

    def positions(self) -> Mapping[str, Mapping[TopicPartition, Position]]:
        """Return group → the positions it has committed."""

    def appended(self) -> Iterator[tuple[str, str]]:
        """Yield writer and dedupe id of all that was appended under one."""

    def close(self) -> None:
        """See `Log`."""


class CopyDestination(Protocol):
    """A log that takes a copy in which every record keeps its offset."""

    def epoch(self) -> str:
        """Return the name of its history."""

    def occupied(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return those of some topics in which something was ever written."""

    def begin(self, specs: Sequence[TopicSpec]) -> None:
        """Make the topics, with nothing removed from them before `end`."""

    def put(self, place: TopicPartition, records: Iterable[Record], first: int, end: int) -> None:
        """Write a partition, each record at its own offset; `first` and `end` become the partition's bounds.

        Raises:
            Fatal: another one writes there, or the log does otherwise than asked.
        """

    def end(
        self,
        specs: Sequence[TopicSpec],
        positions: Mapping[str, Mapping[TopicPartition, Position]],
        appended: Iterable[tuple[str, str]],
    ) -> None:
        """Take over what groups and writers left, and let the topics live from now on."""

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """See `Log`."""

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """See `Log`."""

    def close(self) -> None:
        """See `Log`."""
