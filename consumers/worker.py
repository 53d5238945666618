"""The loop that every role runs in: read, process, send and mark done in one transaction, commit.

The promise: outputs and positions become visible together or not at all. A crash before the commit costs a second
reading of the batch; a crash after it costs nothing. Being fenced ends the worker: another one owns its partitions.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from consumers.activations import marker_of
from consumers.happenings import Aborted, Arrived, Assigned, Committed, FencedOut, Happened, Moved
from consumers.log.port import Fenced, Retry, TopicPartition
from consumers.tallies import counts, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consumers.happenings import Counts, Observer
    from consumers.log.port import Batch, Log, Position, Session
    from consumers.role import Processed, Role

_PAUSE_SECONDS: Final = 0.2
"""After a retry, and while waiting for what a role needs: short for a person, long for a processor."""

_TELL_SECONDS: Final = 1.0
"""How often a worker tells that its loop goes round: well below any budget, and no work beside a batch's."""

_MOST_TRACES: Final = 128
"""The most traces of a batch that are told; OpenTelemetry keeps as many links of a span."""

_TRIES: Final = 50
"""Retries in a row before giving up: with the pause, longer than any rebalance and shorter than a night on call."""


class StillWaiting(Exception):
    """A role cannot start, and it was asked to end at the end of its topics."""


def work(  # noqa: PLR0913 - the loop is wired from these
    log: Log,
    role: Role,
    *,
    group: str,
    member: str,
    most: int,
    poll_seconds: float,
    drain: bool,
    stopping: Callable[[], bool],
    tell: Observer,
) -> None:
    """Run a role until it is told to stop, or until its group has reached the end of its topics.

    Args:
        log: the log.
        role: what to do with each batch.
        group: the role's group.
        member: this worker's stable name.
        most: records in a batch.
        poll_seconds: how long to wait for a first record.
        drain: stop once the group's committed positions have reached the read-committed ends seen at the start.
        stopping: asked between batches.
        tell: is told what happened.

    Raises:
        StillWaiting: drain was asked for, and records wait for what the role lacks.
        Fenced, Fatal: see `consumers.log.port`.
    """
    if not _started(log, role, group, drain=drain, stopping=stopping, tell=tell):
        return
    bounds = _bounds(log, role) if drain else {}
    if drain and _reached(log, role, group, bounds):
        return
    session = log.session(group, role.topics, member)
    loop = _Loop(session, role, tell)
    tries = 0
    try:
        while not stopping():
            try:
                read = loop.step(most, poll_seconds)
                tries = 0
            except Retry as error:
                tell(Aborted(role.name, str(error)))
                tries += 1
                if tries > _TRIES:
                    raise
                time.sleep(_PAUSE_SECONDS)
                continue
            except Fenced as error:
                tell(FencedOut(role.name, str(error)))
                raise
            # A full batch is seldom the last, and to ask is a question to the log.
            if drain and read < most and _reached(log, role, group, bounds):
                return
    finally:
        session.close()


class _Loop:
    """What goes round: one batch after the other, and what is told of each."""

    def __init__(self, session: Session, role: Role, tell: Observer) -> None:
        self._session = session
        self._role = role
        self._tell = tell
        self._owned: Counts = ()
        self._told = 0.0

    def step(self, most: int, poll_seconds: float) -> int:
        """Do one batch, and return how many records there were."""
        batch = self._session.poll(poll_seconds, most)
        began, start = time.time(), time.perf_counter()
        self._moved(batch)
        if not batch.reached:
            return 0
        with self._session.transaction() as transaction:
            assigned = self._session.assigned()
            if batch.reached.keys() - assigned.keys():
                raise Retry("partitions moved to another member while their batch was on its way")
            if not batch.records and all(assigned[place].offset == offset for place, offset in batch.reached.items()):
                return 0
            processed = self._role.process(batch, assigned)
            sending = time.perf_counter()
            for outgoing in processed.outputs:
                transaction.send(outgoing)
            transaction.done(batch, processed.notes)
        now = time.perf_counter()
        self._done(batch, processed, began, now - start, now - sending)
        return len(batch.records)

    def _moved(self, batch: Batch) -> None:
        owned = counts(Counter(place.topic for place in self._session.assigned()))
        now = time.monotonic()
        if owned != self._owned:
            self._tell(Assigned(self._role.name, self._owned, owned))
            self._owned, self._told = owned, 0.0
        if now >= self._told + _TELL_SECONDS:
            self._tell(Moved(self._role.name, owned, busy=bool(batch.records)))
            self._told = now

    def _done(
        self, batch: Batch, processed: Processed, began: float, seconds: float, transaction_seconds: float
    ) -> None:
        name = self._role.name
        traces = {held: None for record in batch.records if (held := record.header("traceparent")) is not None}
        self._tell(
            Committed(
                name,
                read=counts(Counter([record.topic for record in batch.records])),
                written=counts(Counter([outgoing.topic for outgoing in processed.outputs])),
                began=began,
                seconds=seconds,
                transaction_seconds=transaction_seconds,
                traces=tuple(traces)[:_MOST_TRACES],
            )
        )
        now = time.time()
        for happened in processed.happened:
            for one in happened.took(now) if isinstance(happened, Arrived) else (happened,):
                self._tell(one)
        for counted in sent(name, processed.outputs):
            self._tell(counted)


def _started(log: Log, role: Role, group: str, *, drain: bool, stopping: Callable[[], bool], tell: Observer) -> bool:
    """Wait until a role can start; say whether there is anything for it to do."""
    told, moved = False, 0.0
    while (lacking := role.ready()) is not None:
        if drain:
            if not _waiting(log, role, group):
                return False
            raise StillWaiting(f"{role.name}: records wait for {lacking}")
        if not told:
            tell(Happened(role.name, f"waits for {lacking}"))
            told = True
        if time.monotonic() >= moved + _TELL_SECONDS:
            tell(Moved(role.name, lacking=lacking))
            moved = time.monotonic()
        if stopping():
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def _waiting(log: Log, role: Role, group: str) -> bool:
    """Say whether a record that somebody published waits for a role; activation markers alone wait for nothing."""
    committed = log.committed(group, role.topics)
    return any(
        marker_of(record) is None
        for place, (start, end) in _bounds(log, role).items()
        for record in log.read(place.topic, place.partition, _from(committed, place, start), end)
    )


def _from(committed: Mapping[TopicPartition, Position], place: TopicPartition, start: int) -> int:
    return committed[place].offset if place in committed else start


def _bounds(log: Log, role: Role) -> dict[TopicPartition, tuple[int, int]]:
    """Return the first offset and the read-committed end of each partition that a role reads."""
    return {
        TopicPartition(topic, partition): bounds
        for topic in role.topics
        for partition, bounds in log.bounds(topic).items()
    }


def _reached(log: Log, role: Role, group: str, bounds: Mapping[TopicPartition, tuple[int, int]]) -> bool:
    """Say whether a group has committed up to some ends; where nothing was ever written there is nothing to commit."""
    committed = log.committed(group, role.topics)
    return all(_from(committed, place, start) >= end for place, (start, end) in bounds.items())
