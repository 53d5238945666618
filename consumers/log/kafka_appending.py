"""Writing at the edge on Kafka: exclusive transactions, and the memory of what was appended before."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kafka.errors import KafkaError

from consumers.log.kafka_clients import TRANSACTION_MS, drop, fenced, unfit
from consumers.log.kafka_sending import sent_all
from consumers.log.outgoing import partition_of
from consumers.log.port import Fatal, Fenced, Outgoing, Position, TopicPartition, TopicSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kafka import KafkaProducer

    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_reading import Reading
    from consumers.log.kafka_topics import Topics

APPENDS = TopicSpec("screening.appends", 1, compacted=True)
"""What was appended under a dedupe id, written in the same transaction; the key is writer, NUL, dedupe id."""


@dataclass(slots=True)
class Appended:
    """The dedupe ids known to have been appended, read on from where the last look ended."""

    reading: Reading
    known: set[bytes] = field(default_factory=set)
    next: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, key: bytes) -> bool:
        """Say whether a key was appended by a transaction that ended before the call."""
        with self.lock:
            end = self.reading.bounds(APPENDS.name)[0][1]
            for record in self.reading.read(APPENDS.name, 0, self.next, end):
                self.known.add(record.key or b"")
            self.next = max(self.next, end)
            return key in self.known


class KafkaAppending:
    """One open transaction of a writer."""

    def __init__(self, topics: Topics, producer: KafkaProducer, *, repeated: bool) -> None:
        self._topics = topics
        self._producer = producer
        self.repeated = repeated
        self.first: dict[TopicPartition, int] = {}

    def send(self, outgoing: Outgoing) -> Position:
        """Add a record and return where it will stand."""
        if self.repeated:
            raise ValueError("found a record, expected none, for this was appended before")
        partition = partition_of(outgoing, self._topics.spec(outgoing.topic))
        try:
            (offset,) = sent_all(self._producer, self._topics, [(partition, outgoing)])
        except KafkaError as error:
            if fenced(self._producer, error):
                raise Fenced(f"another writer took over; nothing was committed ({error})") from error
            raise unfit(error) from error
        self.first.setdefault(TopicPartition(outgoing.topic, partition), offset)
        return Position(offset)


@contextlib.contextmanager
def appending(
    clients: Clients, topics: Topics, appended: Appended, writer: str, dedupe_id: str | None
) -> Iterator[KafkaAppending]:
    """Open an exclusive transaction; see the port."""
    name = f"appending.{writer}"
    key = None if dedupe_id is None else f"{writer}\0{dedupe_id}".encode()
    producer = clients.producer(name, linger_ms=0)
    try:
        opened = KafkaAppending(topics, producer, repeated=key is not None and appended.has(key))
        if opened.repeated:
            yield opened
            return
        producer.begin_transaction()
        appended.reading.own.append(opened.first)
        try:
            yield opened
            if key is not None:
                opened.send(Outgoing(APPENDS.name, key, b"1"))
        except BaseException:
            clients.abandon(producer)
            raise
        finally:
            appended.reading.own[:] = [one for one in appended.reading.own if one is not opened.first]
        try:
            with clients.watched(f"a commit of {writer}"):
                producer.commit_transaction()
        except KafkaError as error:
            if fenced(producer, error):
                raise Fenced(f"writer {writer}: another one took over; nothing was committed ({error})") from error
            _ask(clients, appended, name, key, error)
        topics.settled(name, TRANSACTION_MS / 1000)
    finally:
        drop(producer)


def _ask(clients: Clients, appended: Appended, name: str, key: bytes | None, error: KafkaError) -> None:
    """Find out what became of a commit that failed: return where it was made, raise where it was not."""
    if key is None:
        raise Fatal(f"{name}: a commit failed and its outcome is unknown ({error})") from error
    drop(clients.producer(name))
    if not appended.has(key):
        raise unfit(error) from error
