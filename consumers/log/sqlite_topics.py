"""The topics of the embedded log: made, checked, and written to."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from consumers.log.outgoing import partition_of
from consumers.log.port import Fatal, Outgoing, Record, RecordTooLarge, TopicPartition, TopicSpec, WrongTopics
from consumers.log.sqlite_file import first_place, offset_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consumers.log.port import Headers

MOST_BYTES = 512 * 1024 * 1024
"""The largest record a topic may allow: half of what SQLite can hold in one value."""

_headers = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...])
_pack = msgspec.msgpack.Encoder()

Row = tuple[int, int, bytes | None, bytes | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as stored: its spec under the caller's name, and the ids of its partitions by number."""

    spec: TopicSpec
    ids: tuple[int, ...]


@dataclass(slots=True)
class Topics:
    """The topics under one prefix, as one connection sees them. A topic never changes, so what was seen is kept."""

    connection: sqlite3.Connection
    prefix: str
    seen: dict[str, Topic] = field(default_factory=dict)
    places: dict[int, TopicPartition] = field(default_factory=dict)

    def find(self, name: str) -> Topic | None:
        """Return a topic, or None where it does not exist."""
        if name not in self.seen:
            row = self.connection.execute(
                "SELECT id, partitions, compacted, most_bytes FROM topics WHERE name = ?", (self.prefix + name,)
            ).fetchone()
            if row is None:
                return None
            identity, partitions, compacted, most = row
            ids = self.connection.execute("SELECT id FROM partitions WHERE topic = ? ORDER BY number", (identity,))
            topic = Topic(TopicSpec(name, partitions, bool(compacted), most), tuple(one for (one,) in ids))
            self.seen[name] = topic
            self.places |= {one: TopicPartition(name, number) for number, one in enumerate(topic.ids)}
        return self.seen[name]

    def get(self, name: str) -> Topic:
        """Return a topic.

        Raises:
            Fatal: it does not exist.
        """
        topic = self.find(name)
        if topic is None:
            raise Fatal(f"topic {name}: found none of this name, expected it to be made before (`ensure`)")
        return topic

    def make(self, specs: Sequence[TopicSpec]) -> None:
        """Make the topics that are missing and check the others; inside the caller's `immediate`.

        Raises:
            WrongTopics: a topic exists with other settings; nothing is made then.
        """
        wrong: list[str] = []
        for spec in specs:
            topic = self.find(spec.name)
            if topic is not None:
                wrong += differences(topic.spec, spec)
            elif spec.partitions < 1 or not 0 < spec.most_bytes <= MOST_BYTES:
                wrong.append(f"{spec.name}: found {spec}, expected 1 partition or more and 1 to {MOST_BYTES} bytes")
        if wrong:
            raise WrongTopics("\n".join(wrong))
        for spec in specs:
            if self.find(spec.name) is None:
                made = self.connection.execute(
                    "INSERT INTO topics (name, partitions, compacted, most_bytes) VALUES (?, ?, ?, ?)",
                    (self.prefix + spec.name, spec.partitions, spec.compacted, spec.most_bytes),
                )
                self.connection.executemany(
                    "INSERT INTO partitions (topic, number) VALUES (?, ?)",
                    [(made.lastrowid, number) for number in range(spec.partitions)],
                )

    def check(self, outgoing: Outgoing) -> int:
        """Return the id of the partition a record belongs to.

        Raises:
            RecordTooLarge: it exceeds its topic's limit.
        """
        topic = self.get(outgoing.topic)
        return topic.ids[partition_of(outgoing, topic.spec)]

    def write(self, sent: Iterable[tuple[int, Outgoing]]) -> list[int]:
        """Write records after the last of their partitions and return their places; inside the caller's `immediate`."""
        next_of: dict[int, int] = {}
        places: list[int] = []
        outgoings: list[Outgoing] = []
        for partition, outgoing in sent:
            if partition not in next_of:
                row = self.connection.execute("SELECT next FROM partitions WHERE id = ?", (partition,)).fetchone()
                next_of[partition] = row[0]
            places.append(first_place(partition) + next_of[partition])
            outgoings.append(outgoing)
            next_of[partition] += 1
        self.put(places, outgoings)
        self.connection.executemany(
            "UPDATE partitions SET next = ? WHERE id = ?", [(offset, one) for one, offset in next_of.items()]
        )
        return places

    def put(self, places: Sequence[int], outgoings: Sequence[Outgoing]) -> None:
        """Write records at places that nobody else can have; inside the caller's `immediate`."""
        now = int(time.time() * 1000)
        rows = [
            (place, now, one.key, _pack.encode(one.headers) if one.headers else None, one.value)
            for place, one in zip(places, outgoings, strict=True)
        ]
        try:
            self.connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
        except (OverflowError, sqlite3.DataError) as error:
            raise RecordTooLarge(f"found a record that SQLite cannot hold ({error}), expected less") from error

    def record(self, row: Row) -> Record:
        """Return a row as a record."""
        place, timestamp, key, headers, value = row
        offset = offset_of(place)
        where = self.places[(place - offset) >> 40]
        return Record(where.topic, where.partition, offset, timestamp, key, value, decode(headers))


def decode(headers: bytes | None) -> Headers:
    """Return stored headers."""
    return () if headers is None else _headers.decode(headers)


def differences(found: TopicSpec, wanted: TopicSpec, prefix: str = "") -> list[str]:
    """Say in which settings a topic is not as it must be, and what to do."""
    other = "use another log.prefix, or a new log file"
    compared = (
        ("partitions", "partitions", f"the order by key would break: set log.partitions to {found.partitions}"),
        ("compacted", "compacted", other),
        ("largest record", "most_bytes", other),
    )
    return [
        f"topic {prefix}{found.name}: {name}: found {getattr(found, field)}, expected {getattr(wanted, field)};"
        f" {advice}"
        for name, field, advice in compared
        if getattr(found, field) != getattr(wanted, field)
    ]
