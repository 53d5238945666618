"""Taking a copy on Kafka in which every record keeps its offset, its time and its bytes.

Offsets mean something: activations are numbered by theirs, results name their input's, the ledger's frontiers count in
them. A broker gives them one after the other, so:
- records are written outside transactions, for a transaction's marker would take an offset;
- a gap is filled with what nobody reads: a transaction that is aborted takes one offset for each of its records and
  one for its marker, and a gap of one is the marker of a transaction that commits the record before it;
- what is missing at the beginning is written and then removed, which moves the first offset.
After each step the broker's answer is compared with the offset wanted.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kafka import OffsetAndMetadata
from kafka import TopicPartition as Place
from kafka.admin import ConfigResource

from consumers.log.kafka_appending import APPENDS
from consumers.log.kafka_clients import TRANSACTION_MS, drop, sent
from consumers.log.kafka_topics import POLICY, policy
from consumers.log.port import Fatal, Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kafka import KafkaProducer

    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_topics import Topics
    from consumers.log.port import Position, Record, TopicPartition, TopicSpec

AT_ONCE = 1_000
"""Records under way before their offsets are looked at: many batches of the producer, and little to hold in memory."""
AT_ONCE_BYTES = 8 * 1024 * 1024
FILLED_AT_ONCE = 20_000
"""Offsets filled by one aborted transaction: a second's work, far below the time a transaction has."""


@dataclass(slots=True)
class Copying:
    """Writes the partitions of a copy."""

    clients: Clients
    topics: Topics
    name: str = field(default_factory=lambda: f"copy.{uuid.uuid4().hex}")
    _plain: KafkaProducer | None = None
    _transactional: KafkaProducer | None = None

    def keep_all(self, specs: Sequence[TopicSpec], *, compacted: bool) -> None:
        """Switch compaction of the topics that are to have it on or off."""
        change = [
            ConfigResource("TOPIC", self.topics.full(spec.name), {POLICY: policy(spec) if compacted else "delete"})
            for spec in specs
            if spec.compacted
        ]
        if change:
            with self.topics.lock, self.clients.told():
                self.topics.admin().alter_configs(change)

    def put(self, place: TopicPartition, records: Iterable[Record], first: int, end: int) -> None:
        """Write a partition; see the port."""
        theirs = Place(self.topics.full(place.topic), place.partition)
        with self.clients.told():
            self._remove_before(theirs, first)
            reached = first
            waiting: list[Record] = []
            size = 0
            for record in records:
                if record.offset > reached:
                    self._pass(theirs, waiting, record.offset - reached)
                    waiting, size = [], 0
                elif len(waiting) >= AT_ONCE or size >= AT_ONCE_BYTES:
                    # The last one is kept back: where a gap of one follows, it goes out in a transaction.
                    self._write(theirs, waiting[:-1])
                    waiting, size = waiting[-1:], 0
                waiting.append(record)
                size += len(record.value or b"") + len(record.key or b"")
                reached = record.offset + 1
            self._pass(theirs, waiting, end - reached)

    def positions(self, group: str, positions: Mapping[TopicPartition, Position]) -> None:
        """Commit a group's positions.

        Raises:
            Fatal: the broker refuses, for instance because the group has members.
        """
        offsets = {
            Place(self.topics.full(place.topic), place.partition): OffsetAndMetadata(one.offset, one.note, -1)
            for place, one in positions.items()
        }
        consumer = self.clients.consumer(group)
        try:
            with self.clients.told():
                consumer.assign(list(offsets))
                consumer.commit(offsets, timeout_ms=TRANSACTION_MS)
        except Fatal as error:
            raise Fatal(
                f"group {group}: found {error}, expected its positions to be taken; stop its members"
            ) from error
        finally:
            consumer.close(autocommit=False)

    def appended(self, names: Iterable[tuple[str, str]]) -> None:
        """Remember what was appended under a dedupe id."""
        records = [Outgoing(APPENDS.name, f"{writer}\0{name}".encode(), b"1") for writer, name in names]
        producer = self._outside()
        full = self.topics.full(APPENDS.name)
        with self.clients.told():
            for start in range(0, len(records), AT_ONCE):
                part = records[start : start + AT_ONCE]
                sent(producer, [producer.send(full, one.value, one.key, partition=0) for one in part])

    def close(self) -> None:
        """Close the producers."""
        for producer in (self._plain, self._transactional):
            if producer is not None:
                drop(producer)
        self._plain = self._transactional = None

    def _remove_before(self, place: Place, first: int) -> None:
        """Make a partition begin at an offset."""
        producer = self._outside()
        for start in range(0, first, AT_ONCE):
            count = min(AT_ONCE, first - start)
            futures = [producer.send(place.topic, b"", None, None, place.partition) for _ in range(count)]
            _check(place, start, sent(producer, futures))
        if first:
            with self.topics.lock:
                self.topics.admin().delete_records({place: first})

    def _pass(self, place: Place, run: Sequence[Record], gap: int) -> None:
        """Write records that stand one behind the other, and fill the gap behind them."""
        if gap == 1 and run:
            self._write(place, run[:-1])
            self._write(place, run[-1:], committing=True)
            return
        self._write(place, run)
        self._fill(place, run[-1].offset + 1 if run else 0, gap)

    def _write(self, place: Place, run: Sequence[Record], *, committing: bool = False) -> None:
        if not run:
            return
        producer = self._inside() if committing else self._outside()
        if committing:
            producer.begin_transaction()
        _check(place, run[0].offset, sent(producer, [_send(producer, place, record) for record in run]))
        if committing:
            with self.clients.watched("a commit of a copied record"):
                producer.commit_transaction()
            self.topics.settled(self.name, TRANSACTION_MS / 1000)

    def _fill(self, place: Place, start: int, gap: int) -> None:
        """Fill a gap of two or more with aborted records, each part of it ending with its marker."""
        while gap:
            part = min(gap, FILLED_AT_ONCE)
            part -= gap - part == 1
            producer = self._inside()
            producer.begin_transaction()
            futures = [producer.send(place.topic, b"", None, None, place.partition) for _ in range(part - 1)]
            _check(place, start, sent(producer, futures))
            with self.clients.watched("an abort of what fills a gap"):
                producer.abort_transaction()
            self.topics.settled(self.name, TRANSACTION_MS / 1000)
            start, gap = start + part, gap - part

    def _outside(self) -> KafkaProducer:
        if self._plain is None:
            self._plain = self.clients.copier()
        return self._plain

    def _inside(self) -> KafkaProducer:
        if self._transactional is None:
            self._transactional = self.clients.producer(self.name, linger_ms=0)
        return self._transactional


def _send(producer: KafkaProducer, place: Place, record: Record) -> Any:
    headers = list(record.headers)
    return producer.send(place.topic, record.value, record.key, headers, place.partition, record.timestamp)


def _check(place: Place, start: int, arrived: Sequence[Any]) -> None:
    for expected, one in enumerate(arrived, start):
        if one.offset != expected:
            raise Fatal(
                f"topic {place.topic}, partition {place.partition}: found a record at offset {one.offset}, expected it"
                f" at {expected}: somebody else writes there; stop that, delete the topics made, and copy again"
            )
