"""What workers and roles tell: frozen values for whoever counts, logs, traces or shows them.

Never content, never a name, never the id of an account or a content: a record is known by its place, an order by its
`action_id`, and a way through the pipeline by its correlation id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Counts: TypeAlias = tuple[tuple[str, int], ...]
"""Name → how many, of a closed set of names."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something in a word or a line."""

    role: str
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Moved:
    """A worker's loop goes round.

    Attributes:
        role: the worker's role.
        partitions: topic → how many partitions the worker owns.
        lacking: what it waits for before it can start, None where it has all.
        busy: it has records at hand.
    """

    role: str
    partitions: Counts = ()
    lacking: str | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """A worker's partitions changed; `before` and `now` are topic → how many it owned and owns."""

    role: str
    before: Counts
    now: Counts


@dataclass(frozen=True, slots=True)
class Committed:
    """A batch is done, and its transaction committed.

    Attributes:
        role: whose batch.
        read: topic → records read.
        written: topic → records written.
        began: when the batch was at hand, in seconds since the epoch.
        seconds: from then to the commit.
        transaction_seconds: the last part of them, in which outputs and positions were sent and committed.
        traces: the `traceparent` of records that had one, each once.
    """

    role: str
    read: Counts
    written: Counts
    began: float
    seconds: float
    transaction_seconds: float
    traces: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Aborted:
    """Nothing of a batch was committed, and it is read again."""

    role: str
    why: str


@dataclass(frozen=True, slots=True)
class FencedOut:
    """Another worker of this name took over, or this one was silent for too long."""

    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """A worker was killed by a signal, and is started again."""

    role: str
    number: int
    signal: int


@dataclass(frozen=True, slots=True)
class Blinded:
    """The log or the ledger could not be looked at; `error` is the type of what came between."""

    role: str
    what: str
    error: str


@dataclass(frozen=True, slots=True)
class Lost:
    """So many happenings could not be handed on."""

    role: str
    count: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Subjects were screened.

    Attributes:
        role: who screened them.
        seconds: for how long.
        results: (subject, verdict) → how many; the verdict of a deletion or erasure is `ended`.
        categories: category → hits in contents.
        sources: source → hits on lists.
    """

    role: str
    seconds: float
    results: tuple[tuple[tuple[str, str], int], ...]
    categories: Counts
    sources: Counts


@dataclass(frozen=True, slots=True)
class Decided:
    """Results and directives were decided: outcome → how many."""

    role: str
    outcomes: Counts


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order, lift or notice was sent; `reverses` is the type of what a lift undoes, else empty."""

    role: str
    type: str
    reverses: str
    automated: bool
    action_id: str
    correlation: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A record became a dead letter."""

    role: str
    topic: str
    partition: int
    offset: int
    correlation: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """When the events of a batch began; a worker turns it into `Took` once they are done.

    Attributes:
        role: who handled them.
        topic: where they were read.
        published: what their authors say, in seconds since the epoch.
        appended: when they came onto the log.
        rescreened: they were judged again because a version changed.
    """

    role: str
    topic: str
    published: tuple[float, ...]
    appended: tuple[float, ...]
    rescreened: bool = False

    def took(self, now: float) -> tuple[Took, ...]:
        """Return how long it took up to now."""
        mode = "rescreening" if self.rescreened else "live"
        both = (("published", self.published), ("appended", self.appended))
        return tuple(
            Took(
                role=self.role,
                topic=self.topic,
                since=since,
                mode=mode,
                seconds=tuple([max(0.0, now - time) for time in times]),
                ahead=sum(1 for time in times if time > now + AHEAD_SECONDS),
            )
            for since, times in both
            if times
        )


AHEAD_SECONDS = 5.0
"""Below this, clocks that are kept by NTP differ; above it one is wrong."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long events took; `ahead` of them lay in the future, and count as 0 seconds."""

    role: str
    topic: str
    since: str
    mode: str
    seconds: tuple[float, ...]
    ahead: int


Happening: TypeAlias = (
    Happened
    | Moved
    | Assigned
    | Committed
    | Aborted
    | FencedOut
    | Restarted
    | Blinded
    | Lost
    | Judged
    | Decided
    | Ordered
    | Refused
    | Arrived
    | Took
)

Observer: TypeAlias = Callable[[Happening], None]
