"""The one file of the embedded log: its tables, its connections, and how a place in it is numbered.

A place is `partition id << 40 | offset`: one integer key holds every record in order of partition and offset.
Rules for whoever edits this:
1. A partition's `next` only grows. An offset is never given twice, not even after an abort or a compaction.
2. What stands below `stable end` (the first reserved place, or `next`) never changes but by compaction.
3. Every change happens in one `BEGIN IMMEDIATE`, which checks what it relies on before it writes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
import uuid
from typing import TYPE_CHECKING

from consumers.log.port import Fatal, Retry, Unreachable

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Sequence

VERSION = 1
OFFSET_BITS = 40
BUSY_MS = 30_000
"""How long a writer waits for others: far above any one transaction, far below a supervisor's patience."""
RESERVED_SECONDS = 15.0
"""How long an open appending may hold readers back: as the transaction timeout on Kafka."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, epoch TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL,
    compacted INTEGER NOT NULL, most_bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS partitions (
    id INTEGER PRIMARY KEY, topic INTEGER NOT NULL REFERENCES topics (id), number INTEGER NOT NULL,
    next INTEGER NOT NULL DEFAULT 0, cleaned INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, number));
CREATE TABLE IF NOT EXISTS records (
    place INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, key BLOB, headers BLOB, value BLOB);
CREATE TABLE IF NOT EXISTS reserved (
    place INTEGER PRIMARY KEY, writer TEXT NOT NULL, turn INTEGER NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS writers (
    name TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS appended (
    writer TEXT NOT NULL, dedupe_id TEXT NOT NULL, PRIMARY KEY (writer, dedupe_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
    group_name TEXT NOT NULL, name TEXT NOT NULL, token TEXT NOT NULL, topics TEXT NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (group_name, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
    group_name TEXT NOT NULL, partition INTEGER NOT NULL, member TEXT, epoch INTEGER NOT NULL,
    PRIMARY KEY (group_name, partition)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
    group_name TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (group_name, partition)) WITHOUT ROWID;
"""


def first_place(partition: int) -> int:
    """Return the place of a partition's offset 0; `first_place(partition + 1)` ends it."""
    return partition << OFFSET_BITS


def offset_of(place: int) -> int:
    """Return the offset within its partition."""
    return place & ((1 << OFFSET_BITS) - 1)


def connect(path: pathlib.Path) -> sqlite3.Connection:
    """Open the file, making it (not its folder) where it is missing.

    Raises:
        Unreachable: it cannot be opened.
        Fatal: it is not a log of this version.
    """
    try:
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise Unreachable(
            f"log {path}: found {error}, expected a file that can be opened in a folder that is there"
        ) from error
    try:
        _prepare(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise Fatal(f"log {path}: found {error}, expected an embedded log that can be read and written") from error
    except Fatal as error:
        connection.close()
        raise Fatal(f"log {path}: {error}") from error
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:  # the first switch to WAL does not honour the busy timeout
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    try:
        row = connection.execute("SELECT version FROM log").fetchone()
    except sqlite3.OperationalError:
        row = None
    if row is None:
        with immediate(connection):
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO log VALUES (1, ?, ?)", (VERSION, uuid.uuid4().hex))
        row = connection.execute("SELECT version FROM log").fetchone()
    if row[0] != VERSION:
        raise Fatal(f"found version {row[0]} of the format, expected {VERSION}; use the release that wrote it")


@contextlib.contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock for a block: committed whole at its end, undone whole by an exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def stable_ends(connection: sqlite3.Connection, partitions: Sequence[int]) -> dict[int, int]:
    """Return for each partition id the offset below which everything is settled.

    One statement, so that a reservation made meanwhile is either seen or lies above the end. A reservation whose time
    ran out is dropped; its writer finds that out when it commits.
    """
    marks = ",".join("?" * len(partitions))
    query = (
        "SELECT p.id, p.next, (SELECT min(place) FROM reserved WHERE place >= p.id << 40 AND place < (p.id + 1) << 40)"  # noqa: S608 - marks only
        f" FROM partitions p WHERE p.id IN ({marks})"
    )
    rows = connection.execute(query, partitions).fetchall()
    if any(row[2] is not None for row in rows):
        late = "FROM reserved WHERE until < ?"
        if connection.execute(f"SELECT 1 {late} LIMIT 1", (time.time(),)).fetchone():
            with immediate(connection):
                connection.execute(f"DELETE {late}", (time.time(),))
            rows = connection.execute(query, partitions).fetchall()
    return {row[0]: row[1] if row[2] is None else offset_of(row[2]) for row in rows}


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Translate what SQLite says: waiting too long for other writers may be tried again, all else is fatal."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Retry(
                f"log: found other writers busy for long ({error}); nothing was committed, poll again"
            ) from error
        if "full" in str(error):
            raise Unreachable(f"log: found {error}, expected room for it: make some, then start again") from error
        raise Fatal(f"log: found {error}, expected a file that can be read and written and room on its disk") from error
    except sqlite3.DatabaseError as error:
        raise Fatal(f"log: found {error}, expected a sound file; `PRAGMA integrity_check` tells more") from error
