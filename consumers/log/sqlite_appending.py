"""Writing at the edge of the embedded log: an exclusive transaction that knows its positions before it commits.

`send` reserves a place, which holds readers back at it as an open transaction does on a broker; the commit fills all
places at once, and an abort leaves gaps. A later one with the same writer takes the turn and the reservations away.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from consumers.log.port import Fenced, Position
from consumers.log.sqlite_file import RESERVED_SECONDS, first_place, immediate, offset_of, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from consumers.log.port import Outgoing
    from consumers.log.sqlite_topics import Topics


class SqliteAppending:
    """One open transaction of a writer."""

    def __init__(self, topics: Topics, writer: str, dedupe_id: str | None) -> None:
        self._topics = topics
        self._connection = topics.connection
        self._writer = topics.prefix + writer
        self._dedupe_id = dedupe_id
        self._sent: dict[int, Outgoing] = {}
        with told(), immediate(self._connection):
            self._connection.execute("DELETE FROM reserved WHERE writer = ?", (self._writer,))
            self._turn = self._connection.execute(
                "INSERT INTO writers VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET turn = turn + 1 RETURNING turn",
                (self._writer,),
            ).fetchone()[0]
            found = self._connection.execute(
                "SELECT 1 FROM appended WHERE writer = ? AND dedupe_id = ?", (self._writer, dedupe_id)
            ).fetchone()
        self.repeated = found is not None

    def send(self, outgoing: Outgoing) -> Position:
        """Add a record and return where it will stand."""
        if self.repeated:
            raise ValueError(f"append {self._dedupe_id}: found a record, expected none, for it was appended before")
        partition = self._topics.check(outgoing)
        with told(), immediate(self._connection):
            self._check_turn()
            row = self._connection.execute(
                "UPDATE partitions SET next = next + 1 WHERE id = ? RETURNING next - 1", (partition,)
            ).fetchone()
            place = first_place(partition) + int(row[0])
            self._connection.execute(
                "INSERT INTO reserved VALUES (?, ?, ?, ?)",
                (place, self._writer, self._turn, time.time() + RESERVED_SECONDS),
            )
        self._sent[place] = outgoing
        return Position(offset_of(place))

    def own(self) -> dict[int, int]:
        """Return the first offset sent to each partition id."""
        first: dict[int, int] = {}
        for place in sorted(self._sent, reverse=True):
            first[(place - offset_of(place)) >> 40] = offset_of(place)
        return first

    def commit(self) -> None:
        """Fill the reserved places, or raise `Fenced`."""
        with told(), immediate(self._connection):
            self._check_turn()
            kept = self._connection.execute(
                "SELECT count(*) FROM reserved WHERE writer = ? AND turn = ?", (self._writer, self._turn)
            ).fetchone()[0]
            if kept != len(self._sent):
                raise Fenced(f"writer {self._writer}: open for more than {RESERVED_SECONDS} s; nothing was committed")
            self._topics.put(tuple(self._sent), tuple(self._sent.values()))
            self._release()
            if self._dedupe_id is not None and not self.repeated:
                self._connection.execute("INSERT INTO appended VALUES (?, ?)", (self._writer, self._dedupe_id))

    def abort(self) -> None:
        """Give the places up; their offsets stay unused."""
        with told(), immediate(self._connection):
            self._release()

    def _release(self) -> None:
        self._connection.execute("DELETE FROM reserved WHERE writer = ? AND turn = ?", (self._writer, self._turn))

    def _check_turn(self) -> None:
        row = self._connection.execute("SELECT turn FROM writers WHERE name = ?", (self._writer,)).fetchone()
        if row[0] != self._turn:
            raise Fenced(f"writer {self._writer}: another one took over; nothing was committed")


@contextlib.contextmanager
def appending(topics: Topics, writer: str, dedupe_id: str | None) -> Iterator[SqliteAppending]:
    """Open an exclusive transaction; see the port."""
    opened = SqliteAppending(topics, writer, dedupe_id)
    try:
        yield opened
    except BaseException:
        _give_up(opened, topics.connection)
        raise
    try:
        opened.commit()
    except BaseException:
        _give_up(opened, topics.connection)
        raise


def _give_up(opened: SqliteAppending, connection: sqlite3.Connection) -> None:
    """Abort without hiding the error that led here: reservations left behind end by themselves."""
    with contextlib.suppress(Exception):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        opened.abort()
