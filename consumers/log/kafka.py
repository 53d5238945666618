"""The log on Kafka, through kafka-python; only the modules `kafka*.py` of this package may import it."""

from __future__ import annotations

import contextlib
import threading
import uuid
from typing import TYPE_CHECKING, Any

from kafka.errors import KafkaError

from consumers.log.kafka_appending import APPENDS, Appended, KafkaAppending, appending
from consumers.log.kafka_broker import clock_of, replicas_of
from consumers.log.kafka_clients import COMMIT_SECONDS, TRANSACTION_MS, Clients, drop, end_process, fenced, unfit
from consumers.log.kafka_copying import Copying
from consumers.log.kafka_history import EPOCHS, History
from consumers.log.kafka_reading import Reading
from consumers.log.kafka_sending import sent_all
from consumers.log.kafka_session import KafkaSession, committed
from consumers.log.kafka_topics import Topics
from consumers.log.kafka_waiting import KafkaWaiting
from consumers.log.outgoing import partition_of
from consumers.log.port import Fatal, Position, Record, Replicas, TopicPartition, TopicSpec, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kafka import KafkaProducer

    from consumers.log.port import Outgoing


class KafkaLog:
    """A log in a Kafka cluster. Nothing is reached before the first use.

    Args:
        bootstrap: `host:port` of some brokers.
        prefix: goes before every topic, group and transactional name.
        replication: how many replicas a new topic has; -1 leaves it to the broker.
        lease_seconds: how long a member of a group may be silent before others take its partitions over; the broker's
            `group.min.session.timeout.ms` (6 s) lies below it.
        commit_seconds: how long a commit may block before the process is ended.
        security: further settings of every client: TLS and SASL, as kafka-python names them.
        end: ends the process with exit code 5; it gets the message to leave behind.
    """

    def __init__(
        self,
        bootstrap: Sequence[str],
        prefix: str = "",
        replication: int = -1,
        lease_seconds: float = 15.0,
        commit_seconds: float = COMMIT_SECONDS,
        security: Mapping[str, Any] | None = None,
        end: Callable[[str], None] = end_process,
    ) -> None:
        self._clients = Clients(tuple(bootstrap), prefix, security or {}, commit_seconds, end)
        self._topics = Topics(self._clients, replication)
        self._reading = Reading(self._clients, self._topics)
        self._appended = Appended(self._reading)
        self._waiting = KafkaWaiting(self._clients, self._topics)
        self._history = History(self._clients, self._topics, self._appended)
        self._copying = Copying(self._clients, self._topics)
        self._lease = lease_seconds
        self._lock = threading.RLock()
        self._sessions: list[KafkaSession] = []
        self._writer = f"append.{uuid.uuid4().hex}"
        self._producer: KafkaProducer | None = None

    def epoch(self) -> str:
        """Return the name of this log's history; another one where one of its topics was deleted and made anew."""
        with self._lock:
            self._topics.ensure([EPOCHS, APPENDS])
            return self._history.current()

    def recorded_epoch(self) -> str | None:
        """Return the epoch as it was last recorded, or None where none was."""
        return None if self.missing([EPOCHS.name]) else self._history.recorded()

    def ensure(self, topics: Sequence[TopicSpec]) -> None:
        """Create topics that are missing, with the settings wanted, and check those that are there."""
        with self._lock:
            self._topics.ensure([*topics, EPOCHS, APPENDS])
            self._history.current([topic.name for topic in topics])

    def missing(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return those of some topics that do not exist."""
        found = self._topics.describe(topics)
        return tuple(topic for topic in topics if topic not in found)

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has."""
        return self._topics.spec(topic).partitions

    def session(self, group: str, topics: Sequence[str], member: str) -> KafkaSession:
        """Join a group as a named member; an older one of the same name is fenced."""
        session = KafkaSession(self._clients, self._topics, group, topics, member, self._lease, self._sessions.remove)
        self._sessions.append(session)
        return session

    def append(self, records: Sequence[Outgoing]) -> tuple[Position, ...]:
        """Write records in one transaction and return where they stand, once they can be read."""
        checked = [(partition_of(one, self._topics.spec(one.topic)), one) for one in records]
        with self._lock:
            if self._producer is None:
                self._producer = self._clients.producer(self._writer)
            producer, asked = self._producer, False
            try:
                with self._clients.watched("a commit of records appended"):
                    producer.begin_transaction()
                    arrived = sent_all(producer, self._topics, checked)
                    asked = True
                    producer.commit_transaction()
            except BaseException as error:
                self._producer = None
                known = not asked or fenced(producer, error)
                if asked or not isinstance(error, KafkaError):
                    drop(producer)
                else:
                    self._clients.abandon(producer)
                if not isinstance(error, KafkaError):
                    raise
                if not known:
                    raise Fatal(f"append: a commit failed and its outcome is unknown ({error!r})") from error
                raise unfit(error) from error
            self._topics.settled(self._writer, TRANSACTION_MS / 1000)
            return tuple(Position(offset) for offset in arrived)

    @contextlib.contextmanager
    def appending(self, writer: str, dedupe_id: str | None = None) -> Iterator[KafkaAppending]:
        """Open an exclusive transaction; see the port."""
        with self._lock:
            self._topics.ensure([EPOCHS, APPENDS])
        with appending(self._clients, self._topics, self._appended, writer, dedupe_id) as opened:
            yield opened

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """Return for each partition its first offset and its end, behind all that was committed before the call."""
        return self._reading.bounds(topic)

    def committed(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Position]:
        """Return the positions a group has committed."""
        places = [TopicPartition(topic, one) for topic in topics for one in range(self.partitions(topic))]
        consumer = self._clients.consumer(group)
        try:
            return committed(consumer, self._clients, places)
        finally:
            consumer.close(autocommit=False)

    def differences(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        """Say of those topics that exist where they would lose records or break their order, and what to do."""
        return tuple(self._topics.check(specs)[1])

    def replicas(self, topics: Sequence[str]) -> Mapping[str, Replicas]:
        """Return how those of some topics that exist are copied, and the broker's own, by their names there."""
        return replicas_of(self._topics, topics)

    def isolation(self) -> str:
        """Return what this log's consumers are set to."""
        consumer = self._clients.consumer()
        try:
            return str(consumer.config["isolation_level"])
        finally:
            consumer.close(autocommit=False)

    def clock(self) -> float | None:
        """Return the time of the active controller."""
        return clock_of(self._topics)

    def newest(self, topic: str) -> int | None:
        """Return the latest time that a record of a topic bears, committed or not."""
        return self._topics.newest(topic)

    def waiting(self, group: str, topics: Sequence[str]) -> Mapping[TopicPartition, Waiting]:
        """Return what of each partition waits for a group, as it is seen now."""
        return self._waiting.of(group, topics)

    def members(self, group: str) -> int:
        """Return how many members a group has."""
        return self._topics.members(group)

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield the committed records with `start <= offset < end`, without a group."""
        return self._reading.read(topic, partition, start, end)

    def occupied(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return those of some topics in which something was ever written."""
        there = self._topics.describe(topics)
        return tuple(name for name in there if any(self._topics.ends(name, committed=False).values()))

    def begin(self, specs: Sequence[TopicSpec]) -> None:
        """Make the topics of a copy, without compaction until `end`."""
        self.ensure(specs)
        self._copying.keep_all(specs, compacted=False)

    def put(self, place: TopicPartition, records: Iterable[Record], first: int, end: int) -> None:
        """Write a partition of a copy; see the port."""
        self._copying.put(place, records, first, end)

    def end(
        self,
        specs: Sequence[TopicSpec],
        positions: Mapping[str, Mapping[TopicPartition, Position]],
        appended: Iterable[tuple[str, str]],
    ) -> None:
        """Take over positions and dedupe ids, and let the topics live from now on."""
        self._copying.appended(appended)
        for group, held in positions.items():
            self._copying.positions(group, held)
        self._copying.keep_all(specs, compacted=True)

    def close(self) -> None:
        """Close the open sessions and the clients."""
        self._copying.close()
        for session in tuple(self._sessions):
            session.close()
        self._waiting.close()
        with self._lock:
            if self._producer is not None:
                self._producer.close(timeout=5)
                self._producer = None
            self._topics.close()
