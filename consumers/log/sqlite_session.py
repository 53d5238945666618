"""One member of a group on the embedded log.

The promise: outputs, positions and notes of a transaction become visible together, and only if this member still holds
each partition under the claim it read it with. What a crash costs:
- before the commit: nothing was written; whoever owns the partitions next reads the same records again;
- after the commit: nothing, the file was synced before the commit returned.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consumers.log import sqlite_group
from consumers.log.port import Fatal, Fenced, Position, Retry
from consumers.log.sqlite_file import first_place, immediate, offset_of, stable_ends, told
from consumers.log.stamped import StampedBatch, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consumers.log.port import Batch, Outgoing, Record, TopicPartition
    from consumers.log.sqlite_topics import Row, Topics

NAP_SECONDS = (0.001, 0.025)
"""The first and the longest pause between looks for new records: a look costs some microseconds."""
BATCH_BYTES = 32 * 1024 * 1024
"""No further record is added to a batch beyond this size, so that a batch of large records fits in memory."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Under which token and epochs, and after how many rewinds, a batch was read."""

    token: str
    epochs: Mapping[TopicPartition, int]
    rewinds: int


class SqliteTransaction:
    """Outputs, kept in memory until the commit."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self.sent: list[tuple[int, Outgoing]] = []
        self.work: Work[Claim] = Work([], {})

    def send(self, outgoing: Outgoing) -> None:
        """Add an output."""
        self.sent.append((self._topics.check(outgoing), outgoing))

    def done(self, batch: Batch, notes: Mapping[TopicPartition, str] | None = None) -> None:
        """Mark a batch as done."""
        self.work.add(batch, notes)


class SqliteSession:
    """One member of a group.

    Args:
        connect: opens a connection to the log; the session has one for its work and one for its lease.
        topics: the topics to read, without the prefix.
        lease_seconds: how long the member may be silent before others take its partitions.
        on_close: called once with the session when it is closed.
    """

    def __init__(
        self,
        connect: Callable[[], Topics],
        group: str,
        topics: Sequence[str],
        member: str,
        lease_seconds: float,
        on_close: Callable[[SqliteSession], None],
    ) -> None:
        self._topics = connect()
        self._connection = self._topics.connection
        for topic in topics:
            self._topics.get(topic)
        self._group = self._topics.prefix + group
        self._names = tuple(self._topics.prefix + topic for topic in topics)
        self._member = member
        self._lease = lease_seconds
        self._on_close = on_close
        self._ids: dict[TopicPartition, int] = {}
        self._epochs: dict[TopicPartition, int] = {}
        self._committed: dict[TopicPartition, Position] = {}
        self._next: dict[TopicPartition, int] = {}
        self._rewinds = 0
        self._seen = -1
        self._looked = 0.0
        self._closed = False
        self._token = ""
        self._join()
        self._keeper = threading.Thread(
            target=self._keep_lease, args=(connect().connection,), name=f"lease of {member}", daemon=True
        )
        self._stop = threading.Event()
        self._keeper.start()

    def poll(self, timeout: float, most: int = 500) -> Batch:
        """Return up to `most` committed records, waiting up to `timeout` seconds for the first."""
        try:
            return self._poll(timeout, most)
        except Retry as error:
            raise Fatal(f"{error}; a process that writes to this log hangs") from error

    def _poll(self, timeout: float, most: int) -> Batch:
        deadline = time.monotonic() + timeout
        nap = NAP_SECONDS[0]
        self._refresh()
        while True:
            records = self._read(most)
            if records or time.monotonic() >= deadline:
                stamp = Claim(self._token, dict(self._epochs), self._rewinds)
                return StampedBatch(tuple(records), dict(self._next), stamp)
            while not self._refresh() and time.monotonic() < deadline:
                time.sleep(max(0.0, min(nap, deadline - time.monotonic())))
                nap = min(nap * 2, NAP_SECONDS[1])

    def assigned(self) -> Mapping[TopicPartition, Position]:
        """Return the partitions owned now and their committed positions."""
        self._refresh()
        return dict(self._committed)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Open a transaction; see the port."""
        opened = SqliteTransaction(self._topics)
        try:
            yield opened
            with told(), immediate(self._connection):
                reached = self._commit(opened)
        except BaseException:
            self._rewind()
            raise
        self._committed |= reached

    def close(self) -> None:
        """Leave the group and share its partitions among the others."""
        if self._closed:
            return
        self._closed = True
        self._stop.set()
        with told(), immediate(self._connection):
            if sqlite_group.leave(self._connection, self._group, self._member, self._token):
                sqlite_group.share(self._connection, self._group, None, time.time())
        self._keeper.join()
        self._connection.close()
        self._on_close(self)

    def _join(self) -> None:
        self._token = uuid.uuid4().hex
        now = time.time()
        with told(), immediate(self._connection):
            sqlite_group.join(self._connection, self._group, self._member, self._token, self._names, now + self._lease)
            sqlite_group.share(self._connection, self._group, self._member, now)
        self._epochs.clear()
        self._seen = -1

    def _refresh(self) -> bool:
        """Take note of what others changed, and say whether they changed anything."""
        if self._closed:
            raise Fatal("session: found it closed, expected it open")
        with told():
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            now = time.monotonic()
            if version == self._seen and now < self._looked + self._lease / 4:
                return False
            self._looked = now
            token = sqlite_group.token_of(self._connection, self._group, self._member)
            if token is None:  # it was silent for longer than its lease, and others took over: begin again
                self._join()
                return self._refresh()
            if token != self._token:
                raise Fenced(f"member {self._member} of {self._group}: another one of this name took over")
            if sqlite_group.late(self._connection, self._group, self._member, time.time()):
                with immediate(self._connection):
                    if sqlite_group.token_of(self._connection, self._group, self._member) == self._token:
                        sqlite_group.share(self._connection, self._group, self._member, time.time())
            self._take(sqlite_group.claims_of(self._connection, self._group, self._member))
            self._seen = version
        return True

    def _take(self, claims: Mapping[int, int]) -> None:
        """Begin at the committed position of what is newly owned, and forget what is owned no more."""
        for name in self._names:
            self._topics.get(name.removeprefix(self._topics.prefix))
        epochs = {self._topics.places[identity]: epoch for identity, epoch in claims.items()}
        self._ids = {self._topics.places[identity]: identity for identity in claims}
        for place in self._epochs.keys() - epochs.keys():
            self._committed.pop(place, None)
            self._next.pop(place, None)
        for place, epoch in epochs.items():
            if self._epochs.get(place) != epoch or place not in self._committed:
                row = self._connection.execute(
                    "SELECT offset, note FROM positions WHERE group_name = ? AND partition = ?",
                    (self._group, self._ids[place]),
                ).fetchone()
                self._committed[place] = Position(*row) if row else Position(0)
                self._next[place] = self._committed[place].offset
        self._epochs = epochs

    def _rewind(self) -> None:
        self._rewinds += 1
        self._next = {place: position.offset for place, position in self._committed.items()}
        self._seen = -1

    def _read(self, most: int) -> list[Record]:
        """Read on in each owned partition, beginning with another one each time."""
        if not self._ids:
            return []
        records: list[Record] = []
        with told():
            ends = stable_ends(self._connection, tuple(self._ids.values()))
            behind = [place for place, identity in self._ids.items() if self._next[place] < ends[identity]]
            behind.sort(key=lambda place: (self._next[place] - ends[self._ids[place]], place))
            size = 0
            for place in behind:
                if len(records) >= most or size >= BATCH_BYTES:
                    break
                end = ends[self._ids[place]]
                rows = self._connection.execute(
                    "SELECT place, timestamp, key, headers, value FROM records WHERE place >= ? AND place < ?"
                    " ORDER BY place LIMIT ?",
                    (*self._span(place, end), most - len(records)),
                )
                row: Row
                for row in rows:
                    records.append(self._topics.record(row))
                    self._next[place] = offset_of(row[0]) + 1
                    size += len(row[4] or b"")
                    if size >= BATCH_BYTES:
                        break
                else:
                    if len(records) < most:
                        self._next[place] = end
        return records

    def _span(self, place: TopicPartition, end: int) -> tuple[int, int]:
        base = first_place(self._ids[place])
        return base + self._next[place], base + end

    def _commit(self, opened: SqliteTransaction) -> dict[TopicPartition, Position]:
        """Check that all of it is still ours, then write all of it; inside `immediate`.

        Returns:
            The positions committed.
        """
        if sqlite_group.token_of(self._connection, self._group, self._member) != self._token:
            raise Fenced(f"member {self._member} of {self._group}: another one took over; nothing was committed")
        claims = sqlite_group.claims_of(self._connection, self._group, self._member)
        for batch in opened.work.batches:
            claim = batch.stamp
            if claim is None or claim.token != self._token:
                raise Fenced(f"member {self._member} of {self._group}: others took over since; nothing was committed")
            if claim.rewinds != self._rewinds:
                raise Retry("the batch was read before a rewind; nothing was committed, poll again")
            for place in batch.reached:
                if claims.get(self._topics.get(place.topic).ids[place.partition]) != claim.epochs[place]:
                    raise Retry(f"{place} moved to another member; nothing was committed, poll again")
        self._topics.write(opened.sent)
        positions = {
            place: Position(offset, opened.work.notes.get(place, self._committed[place].note))
            for place, offset in opened.work.reached().items()
        }
        changed = {place: position for place, position in positions.items() if position != self._committed[place]}
        self._connection.executemany(
            "INSERT INTO positions VALUES (?, ?, ?, ?) ON CONFLICT (group_name, partition)"
            " DO UPDATE SET offset = excluded.offset, note = excluded.note",
            [(self._group, self._ids[place], one.offset, one.note) for place, one in changed.items()],
        )
        return positions

    def _keep_lease(self, connection: sqlite3.Connection) -> None:
        """Renew the lease from a thread of its own, so that a long batch does not look like a dead member."""
        while not self._stop.wait(self._lease / 3):
            with contextlib.suppress(sqlite3.Error):  # the next renewal comes before the lease ends
                connection.execute(
                    "UPDATE members SET until = ? WHERE group_name = ? AND name = ? AND token = ?",
                    (time.time() + self._lease, self._group, self._member, self._token),
                )
        connection.close()
