"""One member of a group on Kafka.

The promise: outputs, positions and notes of a transaction become visible together, and only if this member still holds
its partitions in the generation of the group it read them in. What a crash costs:
- before the commit: readers wait until the transaction is aborted, by the restarted member at once or by the broker
  after 15 s; then the same records are read again;
- after the commit: nothing; the restarted member waits until the broker has made it visible, and reads on behind it.

Rules for whoever edits this:
1. Outputs are kept in memory and sent when the block is left, so that a transaction is open only while it commits.
2. After any failure the producer is closed and another one made, which settles what the former left open; then every
   position is read from the broker again. A producer that failed once keeps offsets that the next commit would send.
3. After a change of generation or assignment whatever was fetched is thrown away, and reading begins at the committed
   positions. No record leaves `poll` whose partition is not in `reached`: its outputs would go out without a position.
4. A commit never goes out with generation -1: an empty group would accept it from anybody.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import OffsetAndMetadata
from kafka import TopicPartition as Place
from kafka.errors import CommitFailedError, KafkaError
from kafka.structs import MemberState

from consumers.log.kafka_clients import TRANSACTION_MS, drop, fenced, unfit
from consumers.log.kafka_member import finish_begun_joins, keep_finished_joins, leave_on_close
from consumers.log.kafka_sending import sent_all
from consumers.log.outgoing import partition_of
from consumers.log.port import Batch, Fatal, Fenced, Position, Record, Retry, TopicPartition
from consumers.log.stamped import StampedBatch, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kafka import KafkaProducer
    from kafka.structs import ConsumerGroupMetadata

    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_topics import Topics
    from consumers.log.port import Outgoing


@dataclass(frozen=True, slots=True)
class Stamp:
    """In which generation of the group, and after how many rewinds, a batch was read."""

    generation: int
    rewinds: int


class KafkaTransaction:
    """Outputs, kept in memory until the commit."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self.sent: list[tuple[int, Outgoing]] = []
        self.work: Work[Stamp] = Work([], {})

    def send(self, outgoing: Outgoing) -> None:
        """Add an output."""
        self.sent.append((partition_of(outgoing, self._topics.spec(outgoing.topic)), outgoing))

    def done(self, batch: Batch, notes: Mapping[TopicPartition, str] | None = None) -> None:
        """Mark a batch as done."""
        self.work.add(batch, notes)


class KafkaSession:
    """One member of a group.

    Args:
        on_close: called once with the session when it is closed.
    """

    def __init__(
        self,
        clients: Clients,
        topics: Topics,
        group: str,
        names: Sequence[str],
        member: str,
        session_seconds: float,
        on_close: Callable[[KafkaSession], None],
    ) -> None:
        for name in names:
            topics.spec(name)
        self._clients = clients
        self._topics = topics
        self._who = f"member {member} of {group}"
        self._on_close = on_close
        self._transactional_id = f"{group}.{member}"
        self._producer: KafkaProducer | None = clients.producer(self._transactional_id)
        try:
            self._consumer = clients.consumer(group, f"{group}.{member}", session_seconds)
            keep_finished_joins(self._consumer)
            finish_begun_joins(self._consumer)
            self._consumer.subscribe([topics.full(name) for name in names])
        except BaseException:
            drop(self._producer)
            raise
        self._generation = -1
        self._rewinds = 0
        self._committed: dict[TopicPartition, Position] = {}
        self._stale = False
        self._fenced = False
        self._closed = False

    def poll(self, timeout: float, most: int = 500) -> Batch:
        """Return up to `most` committed records, waiting up to `timeout` seconds for the first."""
        if self._closed:
            raise Fatal("session: found it closed, expected it open")
        if self._fenced:
            raise Fenced(f"{self._who}: another one of this name took over")
        deadline = time.monotonic() + timeout
        while True:
            if self._producer is None:
                self._producer = self._clients.producer(self._transactional_id)
            if self._stale and self._stable():
                self._rewind()
            left = max(0.0, deadline - time.monotonic())
            found = self._fetch_next(left, most)
            self._stale = self._stale or self._shared_anew()
            records: tuple[Record, ...] = ()
            reached: dict[TopicPartition, int] = {}
            if not self._stale and self._stable():
                records = tuple(self._record(record) for one in found.values() for record in one)
                reached = self._reached()
                self._stale = any(TopicPartition(one.topic, one.partition) not in reached for one in records)
            if not self._stale:
                return StampedBatch(records, reached, Stamp(self._generation, self._rewinds))
            if left <= 0:
                return StampedBatch((), {}, Stamp(self._generation, self._rewinds))

    def assigned(self) -> Mapping[TopicPartition, Position]:
        """Return the partitions owned as of the last poll and their committed positions."""
        return dict(self._committed)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[KafkaTransaction]:
        """Open a transaction; see the port."""
        opened = KafkaTransaction(self._topics)
        try:
            yield opened
            self._commit(opened)
        except Fenced:
            self._fenced = True
            raise
        except BaseException:
            self._stale = True
            raise

    def close(self) -> None:
        """Leave the group, and wait until what was committed can be read."""
        if self._closed:
            return
        self._closed = True
        if not self._fenced:
            leave_on_close(self._consumer)
        with contextlib.suppress(KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=5_000)
        if self._producer is not None:
            if not self._fenced:
                with contextlib.suppress(Fatal):
                    self._topics.settled(self._transactional_id, TRANSACTION_MS / 1000)
            self._producer.close(timeout=5)
        self._on_close(self)

    def _fetch_next(self, seconds: float, most: int) -> dict[Place, list[Any]]:
        try:
            with self._clients.told():
                found: dict[Place, list[Any]] = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=most)
        except Fenced:
            self._fenced = True
            raise
        return found

    def _stable(self) -> bool:
        """Say whether the assignment is that of the generation: between them lies a poll that ran out of time."""
        return bool(self._consumer.group_metadata().state == MemberState.STABLE)

    def _shared_anew(self) -> bool:
        """Say whether the group shared its partitions anew since the last rewind.

        Both are looked at: the client learns of a generation first and takes its partitions over in a later poll.
        """
        if self._consumer.group_metadata().generation_id != self._generation:
            return True
        return {self._ours(place) for place in self._consumer.assignment()} != self._committed.keys()

    def _commit(self, opened: KafkaTransaction) -> None:
        if self._fenced:
            raise Fenced(f"{self._who}: another one of this name took over; nothing was committed")
        membership = self._consumer.group_metadata()
        self._check(opened.work, membership)
        producer = self._producer
        if producer is None:
            raise Retry("the last transaction failed; poll again")
        positions = {
            place: Position(offset, opened.work.notes.get(place, self._committed[place].note))
            for place, offset in opened.work.reached().items()
        }
        changed = {place: one for place, one in positions.items() if one != self._committed[place]}
        if not changed and not opened.sent:
            return
        changed = changed or positions  # outputs without progress: sent for the broker to check who we are
        asked = False
        try:
            with self._clients.watched(f"a commit of {self._who}"):
                producer.begin_transaction()
                sent_all(producer, self._topics, opened.sent)
                if changed:
                    producer.send_offsets_to_transaction(self._offsets(changed), membership)
                asked = True
                producer.commit_transaction()
        except KafkaError as error:
            self._failed(producer, error, changed, asked=asked)
        except BaseException:
            self._producer = None
            drop(producer)
            raise
        self._committed |= positions

    def _check(self, work: Work[Stamp], membership: ConsumerGroupMetadata) -> None:
        for batch in work.batches:
            if batch.stamp is None or batch.stamp.rewinds != self._rewinds:
                raise Retry("the batch was read before a rewind; nothing was committed, poll again")
            if batch.reached and (membership.generation_id < 0 or not membership.member_id):
                raise Fenced(f"{self._who}: silent for too long, so that others may have taken over; nothing committed")
            if batch.reached and batch.stamp.generation != membership.generation_id:
                raise Retry("the group shared its partitions anew; nothing was committed, poll again")

    def _failed(
        self, producer: KafkaProducer, error: KafkaError, changed: Mapping[TopicPartition, Position], *, asked: bool
    ) -> None:
        """Find out what became of a transaction that failed, and raise; or return where it was committed after all."""
        self._producer = None
        out = fenced(producer, error)
        if asked:
            drop(producer)
        else:
            self._clients.abandon(producer)
        if out:
            raise Fenced(f"{self._who}: another one of this name took over; nothing was committed ({error})") from error
        if isinstance(error, CommitFailedError) and "UnknownMemberId" in str(error):
            raise Fenced(f"{self._who}: silent for too long, others took over; nothing was committed") from error
        self._producer = self._clients.producer(self._transactional_id)
        if not asked:
            raise unfit(error) from error
        if not changed:
            raise Fatal(f"{self._who}: a commit without positions failed, its outcome is unknown ({error})") from error
        found = self._fetch(changed)
        if not all(place in found and found[place].offset >= one.offset for place, one in changed.items()):
            raise unfit(error) from error

    def _rewind(self) -> None:
        """Read on from the committed positions in whatever is assigned now."""
        with self._clients.told():
            self._rewinds += 1
            self._generation = self._consumer.group_metadata().generation_id
            places = [self._ours(place) for place in self._consumer.assignment()]
            found = self._fetch(places)
            for place in places:
                their = Place(self._topics.full(place.topic), place.partition)
                if place in found:
                    self._consumer.seek(their, found[place].offset)
                else:
                    self._consumer.seek_to_beginning(their)
            self._committed = {place: found.get(place, Position(0)) for place in places}
            self._stale = False

    def _fetch(
        self, places: Sequence[TopicPartition] | Mapping[TopicPartition, Position]
    ) -> dict[TopicPartition, Position]:
        return committed(self._consumer, self._clients, places)

    def _reached(self) -> dict[TopicPartition, int]:
        reached: dict[TopicPartition, int] = {}
        with self._clients.told():
            for place in self._consumer.assignment():
                offset = self._consumer.position(place, timeout_ms=1_000)
                if offset is not None and self._ours(place) in self._committed:
                    reached[self._ours(place)] = offset
        return reached

    def _offsets(self, positions: Mapping[TopicPartition, Position]) -> dict[Place, OffsetAndMetadata]:
        """Return positions as Kafka takes them; a leader epoch of None would be retried for ever."""
        return {
            Place(self._topics.full(place.topic), place.partition): OffsetAndMetadata(one.offset, one.note, -1)
            for place, one in positions.items()
        }

    def _ours(self, place: Place) -> TopicPartition:
        return TopicPartition(place.topic[len(self._clients.prefix) :], place.partition)

    def _record(self, record: Any) -> Record:
        return to_record(record, record.topic[len(self._clients.prefix) :])


def committed(
    consumer: Any, clients: Clients, places: Sequence[TopicPartition] | Mapping[TopicPartition, Position]
) -> dict[TopicPartition, Position]:
    """Return the positions that the group of a consumer has committed, waiting for commits that are under way."""
    found: dict[TopicPartition, Position] = {}
    with clients.told():
        for place in places:
            theirs = Place(clients.prefix + place.topic, place.partition)
            one = consumer.committed(theirs, metadata=True, timeout_ms=TRANSACTION_MS + 5_000)
            if one is not None:
                found[place] = Position(one.offset, one.metadata or "")
    return found


def to_record(record: Any, topic: str) -> Record:
    """Return a record of kafka-python's as ours."""
    headers = tuple((name, bytes(value or b"")) for name, value in record.headers)
    return Record(topic, record.partition, record.offset, record.timestamp, record.key, record.value, headers)
