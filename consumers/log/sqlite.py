"""The embedded log: one SQLite file on one host, no server.

Many processes may share the file. It has no network protocol and no replicas, and one writer at a time; where that is
not enough, Kafka is (`docs/decisions/0003-embedded-log-sqlite.md`).
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from consumers.log import sqlite_group
from consumers.log.port import Position, Record, Replicas, Waiting
from consumers.log.sqlite_appending import appending
from consumers.log.sqlite_compaction import compact
from consumers.log.sqlite_file import RESERVED_SECONDS, connect, first_place, immediate, offset_of, stable_ends, told
from consumers.log.sqlite_session import NAP_SECONDS, SqliteSession
from consumers.log.sqlite_topics import Topics, differences

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping, Sequence

    from consumers.log.port import Outgoing, TopicPartition, TopicSpec
    from consumers.log.sqlite_appending import SqliteAppending

CHUNK = 500
"""Records read at once by `read`: enough to make the call's cost small, few enough to hold."""
UNCLEANED = 20_000
"""A compacted partition is compacted when this many records came since: half a second's work, seldom."""


class SqliteLog:
    """A log in one file.

    Args:
        path: the file; its folder must be there.
        prefix: goes before every topic, group and writer name within the file.
        lease_seconds: how long a member of a group may be silent before others may take its partitions over: more than
            any pause of a healthy process, less than what a killed one may hold its partitions unread.
    """

    def __init__(self, path: pathlib.Path, prefix: str = "", lease_seconds: float = 15.0) -> None:
        self._path = path
        self._prefix = prefix
        self._lease = lease_seconds
        self._lock = threading.RLock()
        self._sessions: list[SqliteSession] = []
        self._open: list[SqliteAppending] = []
        self._topics = self._connect()
        self._connection = self._topics.connection

    def epoch(self) -> str:
        """Return the name of this file's history, drawn when it was made."""
        with self._lock, told():
            return str(self._connection.execute("SELECT epoch FROM log").fetchone()[0])

    def recorded_epoch(self) -> str | None:
        """Return the name of this file's history."""
        return self.epoch()

    def ensure(self, topics: Sequence[TopicSpec]) -> None:
        """Make the topics that are missing and check the others; compact those that have grown much."""
        with self._lock, told():
            with immediate(self._connection):
                self._topics.make(topics)
            for spec in topics:
                self._topics.get(spec.name)
            grown = self._connection.execute(
                "SELECT p.id FROM partitions p JOIN topics t ON t.id = p.topic"
                " WHERE t.compacted AND p.next > p.cleaned + ?",
                (UNCLEANED,),
            ).fetchall()
            for (partition,) in grown:
                compact(self._connection, partition)

    def missing(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return those of some topics that do not exist."""
        with self._lock, told():
            return tuple(topic for topic in topics if self._topics.find(topic) is None)

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has."""
        with self._lock, told():
            return self._topics.get(topic).spec.partitions

    def session(self, group: str, topics: Sequence[str], member: str) -> SqliteSession:
        """Join a group as a named member."""
        session = SqliteSession(self._connect, group, topics, member, self._lease, self._sessions.remove)
        self._sessions.append(session)
        return session

    def append(self, records: Sequence[Outgoing]) -> tuple[Position, ...]:
        """Write records in one transaction and return where they stand."""
        with self._lock, told():
            checked = [(self._topics.check(record), record) for record in records]
            with immediate(self._connection):
                places = self._topics.write(checked)
        return tuple(Position(offset_of(place)) for place in places)

    @contextlib.contextmanager
    def appending(self, writer: str, dedupe_id: str | None = None) -> Iterator[SqliteAppending]:
        """Open an exclusive transaction; see the port."""
        topics = self._connect()
        try:
            with appending(topics, writer, dedupe_id) as opened:
                self._open.append(opened)
                try:
                    yield opened
                finally:
                    self._open.remove(opened)
        finally:
            topics.connection.close()

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """Return for each partition its first offset and its end, behind all that was committed before the call.

        It waits for the open appendings of others that stand before such a record, as long as they may last.
        """
        with self._lock, told():
            ids = self._topics.get(topic).ids
            marks = ",".join("?" * len(ids))
            wanted: dict[int, int] = dict(
                self._connection.execute(f"SELECT id, next FROM partitions WHERE id IN ({marks})", ids).fetchall()  # noqa: S608 - marks only
            )
            for opened in self._open:
                wanted |= {one: min(wanted[one], first) for one, first in opened.own().items() if one in wanted}
        deadline = time.monotonic() + RESERVED_SECONDS + 1
        while True:
            with self._lock, told():
                ends = stable_ends(self._connection, ids)
                if all(ends[one] >= wanted[one] for one in ids) or time.monotonic() > deadline:
                    return {number: (self._first(one, ends[one]), ends[one]) for number, one in enumerate(ids)}
            time.sleep(NAP_SECONDS[1])

    def committed(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Position]:
        """Return the positions a group has committed."""
        with self._lock, told():
            found: dict[TopicPartition, Position] = {}
            for topic in topics:
                for partition in self._topics.get(topic).ids:
                    row = self._connection.execute(
                        "SELECT offset, note FROM positions WHERE group_name = ? AND partition = ?",
                        (self._prefix + group, partition),
                    ).fetchone()
                    if row is not None:
                        found[self._topics.places[partition]] = Position(*row)
            return found

    def differences(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        """Say of those topics that exist where they would lose records or break their order, and what to do."""
        there = {one.name: one for one in self.specs()}
        return tuple(
            line for spec in specs if spec.name in there for line in differences(there[spec.name], spec, self._prefix)
        )

    def replicas(self, topics: Sequence[str]) -> Mapping[str, Replicas]:  # noqa: ARG002 - the port's
        """Return nothing: one file has no copies."""
        return {}

    def isolation(self) -> str:
        """Return what this log is made for: what is not committed is not in the file."""
        return "read_committed"

    def clock(self) -> float | None:
        """Return None: the file has this host's clock."""
        return None

    def newest(self, topic: str) -> int | None:
        """Return the latest time that the last records of a topic bear; the others are older, or were looked at then.

        All of them would have to be read, for times are not indexed.
        """
        found: list[int] = []
        with self._lock, told():
            for one in self._topics.get(topic).ids:
                rows = self._connection.execute(
                    "SELECT timestamp FROM records WHERE place >= ? AND place < ? ORDER BY place DESC LIMIT ?",
                    (first_place(one), first_place(one + 1), CHUNK),
                ).fetchall()
                found += [row[0] for row in rows]
        return max(found, default=None)

    def waiting(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Waiting]:
        """Return what of each partition waits for a group, as it is seen now."""
        positions = self.committed(group, topics)
        found: dict[TopicPartition, Waiting] = {}
        with self._lock, told():
            for topic in topics:
                ids = self._topics.get(topic).ids
                ends = stable_ends(self._connection, ids)
                marks = ",".join("?" * len(ids))
                written: dict[int, int] = dict(
                    self._connection.execute(f"SELECT id, next FROM partitions WHERE id IN ({marks})", ids).fetchall()  # noqa: S608 - marks only
                )
                for one in ids:
                    place = self._topics.places[one]
                    start = positions[place].offset if place in positions else self._first(one, ends[one])
                    base = first_place(one)
                    row = self._connection.execute(
                        "SELECT timestamp FROM records WHERE place >= ? AND place < ? ORDER BY place LIMIT 1",
                        (base + start, base + ends[one]),
                    ).fetchone()
                    withheld = max(0, written[one] - ends[one])
                    found[place] = Waiting(max(0, ends[one] - start), None if row is None else row[0], withheld)
        return found

    def members(self, group: str) -> int:
        """Return how many members a group has."""
        with self._lock, told():
            return sqlite_group.size(self._connection, self._prefix + group, time.time())

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield the committed records with `start <= offset < end`, without a group."""
        with self._lock, told():
            identity = self._topics.get(topic).ids[partition]
            base = first_place(identity)
            last = base + min(end, stable_ends(self._connection, (identity,))[identity])
        place = base + max(start, 0)
        while place < last:
            with self._lock, told():
                rows = self._connection.execute(
                    "SELECT place, timestamp, key, headers, value FROM records WHERE place >= ? AND place < ?"
                    " ORDER BY place LIMIT ?",
                    (place, last, CHUNK),
                ).fetchall()
                records = [self._topics.record(row) for row in rows]
            yield from records
            if len(rows) < CHUNK:
                return
            place = rows[-1][0] + 1

    def specs(self) -> tuple[TopicSpec, ...]:
        """Return the topics there are under the prefix, as they are."""
        with self._lock, told():
            names = [name for (name,) in self._connection.execute("SELECT name FROM topics ORDER BY name")]
            mine = [name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)]
            return tuple(self._topics.get(name).spec for name in mine)

    def positions(self) -> Mapping[str, Mapping[TopicPartition, Position]]:
        """Return group → the positions it has committed in the topics under the prefix."""
        self.specs()  # so that every partition is known by its name
        found: dict[str, dict[TopicPartition, Position]] = {}
        with self._lock, told():
            rows = self._connection.execute("SELECT group_name, partition, offset, note FROM positions").fetchall()
        for group, partition, offset, note in rows:
            place = self._topics.places.get(partition)
            if place is not None and group.startswith(self._prefix):
                found.setdefault(group.removeprefix(self._prefix), {})[place] = Position(offset, note)
        return found

    def appended(self) -> Iterator[tuple[str, str]]:
        """Yield writer and dedupe id of all that was appended under one."""
        with self._lock, told():
            rows = self._connection.execute("SELECT writer, dedupe_id FROM appended").fetchall()
        for writer, dedupe_id in rows:
            if writer.startswith(self._prefix):
                yield writer.removeprefix(self._prefix), dedupe_id

    def compact(self, topic: str) -> int:
        """Compact a compacted topic now and return how many records were removed.

        Raises:
            ValueError: the topic is not compacted.
        """
        with self._lock, told():
            found = self._topics.get(topic)
            if not found.spec.compacted:
                raise ValueError(f"topic {topic}: found a topic that keeps every record, expected a compacted one")
            return sum(compact(self._connection, partition) for partition in found.ids)

    def close(self) -> None:
        """Close the open sessions and the file."""
        for session in tuple(self._sessions):
            session.close()
        with self._lock:
            self._connection.close()

    def _connect(self) -> Topics:
        return Topics(connect(self._path), self._prefix)

    def _first(self, partition: int, end: int) -> int:
        row = self._connection.execute(
            "SELECT min(place) FROM records WHERE place >= ? AND place < ?",
            (first_place(partition), first_place(partition) + end),
        ).fetchone()
        return end if row[0] is None else offset_of(row[0])
