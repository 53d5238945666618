"""Compaction of the embedded log: of each key only the newest record is kept, at the offset it always had."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from consumers.log.sqlite_file import first_place, immediate, stable_ends

if TYPE_CHECKING:
    import sqlite3

TOMBSTONE_SECONDS = 7 * 24 * 3600
"""How long an erasure stays readable, so that a reader stopped for days still learns of it (the same on Kafka)."""


def compact(connection: sqlite3.Connection, partition: int, now: float | None = None) -> int:
    """Remove the superseded records of a partition and the erasures older than `TOMBSTONE_SECONDS`.

    What is newest is found without the write lock: a record newest then is kept even if superseded meanwhile. The last
    record of the partition is always kept.

    Args:
        connection: a connection outside any transaction.
        partition: the partition's id.
        now: seconds since the epoch; the clock's where None.

    Returns:
        How many records were removed.
    """
    end = stable_ends(connection, (partition,))[partition]
    span = (first_place(partition), first_place(partition) + end)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS newest (place INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM newest")
    connection.execute(
        "INSERT INTO newest SELECT max(place) FROM records WHERE place >= ? AND place < ? GROUP BY key", span
    )
    old = int(((time.time() if now is None else now) - TOMBSTONE_SECONDS) * 1000)
    connection.execute(
        "DELETE FROM newest WHERE place != (SELECT max(place) FROM newest)"
        " AND place IN (SELECT place FROM records WHERE place >= ? AND place < ? AND value IS NULL AND timestamp < ?)",
        (*span, old),
    )
    with immediate(connection):
        removed = connection.execute(
            "DELETE FROM records WHERE place >= ? AND place < ? AND place NOT IN (SELECT place FROM newest)", span
        ).rowcount
        connection.execute("UPDATE partitions SET cleaned = ? WHERE id = ?", (end, partition))
    return removed
