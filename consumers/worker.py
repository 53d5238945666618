"""The loop that every role runs in: read, process, send and mark done in one transaction, commit.

The promise: outputs and positions become visible together or not at all. A crash before the commit costs a second
reading of the batch; a crash after it costs nothing. Being fenced ends the worker: another one owns its partitions.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from consumers.activations import marker_of
from consumers.log.port import Retry, TopicPartition
from consumers.role import Happened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consumers.log.port import Log, Position, Session
    from consumers.role import Observer, Role

_PAUSE_SECONDS: Final = 0.2
"""After a retry, and while waiting for what a role needs: short for a person, long for a processor."""

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
    session = log.session(group, role.topics, member)
    tries = 0
    try:
        while not stopping():
            try:
                progressed = _step(session, role, most, poll_seconds)
                tries = 0
            except Retry as error:
                tries += 1
                if tries > _TRIES:
                    raise
                tell(Happened(role.name, f"retry: {error}"))
                time.sleep(_PAUSE_SECONDS)
                continue
            if drain and not progressed and _reached(log, role, group, bounds):
                return
    finally:
        session.close()


def _step(session: Session, role: Role, most: int, poll_seconds: float) -> bool:
    """Do one batch, and say whether there were records."""
    batch = session.poll(poll_seconds, most)
    if not batch.reached:
        return False
    with session.transaction() as transaction:
        assigned = session.assigned()
        if batch.reached.keys() - assigned.keys():
            raise Retry("partitions moved to another member while their batch was on its way")
        if not batch.records and all(assigned[place].offset == offset for place, offset in batch.reached.items()):
            return False
        processed = role.process(batch, assigned)
        for outgoing in processed.outputs:
            transaction.send(outgoing)
        transaction.done(batch, processed.notes)
    return bool(batch.records)


def _started(log: Log, role: Role, group: str, *, drain: bool, stopping: Callable[[], bool], tell: Observer) -> bool:
    """Wait until a role can start; say whether there is anything for it to do."""
    told = False
    while (lacking := role.ready()) is not None:
        if drain:
            if not _waiting(log, role, group):
                return False
            raise StillWaiting(f"{role.name}: records wait for {lacking}")
        if not told:
            tell(Happened(role.name, f"waits for {lacking}"))
            told = True
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
