"""Many records at once into a transaction on Kafka: written as record batches, and handed over as batches.

kafka-python's own `send` takes some 35 µs for a record: it checks, measures and locks for each, makes a future for
each, and wakes the thread that sends while more are to come. Here the records of a partition are written behind each
other in the format of record batches, as its builder would write them (a test holds the bytes equal), and the batches
are put where its own would lie. From there on all is the client's: sequence numbers, transactions, retries, errors.

So this knows the inside of the client. Where a release has another inside, `sent_all` goes the public way, and a test
says so. What is promised is the same on both ways: all records arrived when it returns, and none of a partition
overtakes another.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import kafka
from kafka import TopicPartition as Place
from kafka.errors import KafkaTimeoutError
from kafka.producer.producer_batch import ProducerBatch
from kafka.record.memory_records import MemoryRecordsBuilder

from consumers.log.kafka_clients import BATCH_BYTES, DELIVERY_MS, sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kafka import KafkaProducer

    from consumers.log.kafka_topics import Topics
    from consumers.log.port import Outgoing

KNOWN: Final = kafka.__version__ == "3.0.12"
"""Whether the client is the one whose inside is known here."""

MOST_BATCH_BYTES: Final = 512 * 1024
"""The largest batch of several records, where the topic takes records of that size: one request for all that a
transaction usually writes to a partition, for a partition has one request under way at a time."""

_MAGIC: Final = 2
"""The only format of batches that transactions know."""

_NONE: Final = b"\x01"
"""A length of -1."""


def sent_all(producer: KafkaProducer, topics: Topics, records: Sequence[tuple[int, Outgoing]]) -> list[int]:
    """Write records, each to a partition, wait until all have arrived, and return their offsets in the order given.

    Raises:
        KafkaError: one did not arrive.
    """
    if not KNOWN:
        return [where.offset for where in sent(producer, [_put(producer, topics, *one) for one in records])]
    by_place: dict[Place, list[int]] = defaultdict(list)
    for number, (partition, one) in enumerate(records):
        by_place[Place(topics.full(one.topic), partition)].append(number)
    handed = []
    for place, numbers in by_place.items():
        producer.partitions_for(place.topic)  # waits until the client knows the topic
        name = records[numbers[0]][1].topic
        most = max(BATCH_BYTES, min(MOST_BATCH_BYTES, topics.spec(name).most_bytes))
        handed.append((numbers, _hand_over(producer, place, [records[number][1] for number in numbers], most)))
    producer.flush(timeout=DELIVERY_MS / 1000 + 5)
    offsets = [-1] * len(records)
    for numbers, batches in handed:
        at = iter(numbers)
        for batch in batches:
            first = _arrived(batch)
            for place_in_batch in range(batch.record_count):
                offsets[next(at)] = first + place_in_batch
    return offsets


def _hand_over(producer: KafkaProducer, place: Place, records: Sequence[Outgoing], most: int) -> list[Any]:
    """Put records where the client keeps what is to be sent, and return the batches they lie in."""
    accumulator = producer._accumulator  # noqa: SLF001 - there is no public way
    manager = producer._transaction_manager  # noqa: SLF001
    if manager.is_transactional():
        manager.maybe_add_partition_to_transaction(place)
    # As long as this is counted, the client does not take its stock of batches for complete.
    accumulator._appends_in_progress.increment()  # noqa: SLF001
    try:
        batches = []
        for builder in _built(records, most):
            batch = ProducerBatch(place, builder)
            with accumulator._tp_lock(place):  # noqa: SLF001
                accumulator._batches[place].append(batch)  # noqa: SLF001
                accumulator._incomplete.add(batch)  # noqa: SLF001
            batches.append(batch)
    finally:
        accumulator._appends_in_progress.decrement()  # noqa: SLF001
    return batches


def _built(records: Sequence[Outgoing], most: int) -> Iterator[Any]:
    """Yield builders that hold some records, in order, as the client's own would after each was appended."""
    now = int(time.time() * 1000)
    start = 0
    while start < len(records):
        whole = MemoryRecordsBuilder(_MAGIC, 0, most)
        inner = whole._builder  # noqa: SLF001
        buffer, count = inner._buffer, 0  # noqa: SLF001
        for number in range(start, len(records)):
            body = written(records[number], count)
            if count and len(buffer) + len(body) > most:
                break
            buffer += body
            count += 1
        start += count
        inner._first_timestamp = inner._max_timestamp = now  # noqa: SLF001
        inner._num_records, inner._last_offset = count, count - 1  # noqa: SLF001
        whole._next_offset = count  # noqa: SLF001
        yield whole


def written(one: Outgoing, offset: int) -> bytes:
    """Return a record as it stands in a batch, with the time of the batch's first.

    Source: the format of `Record` in the documentation of Kafka's message format.

    Args:
        one: the record.
        offset: its place in the batch.
    """
    parts = [b"\x00\x00", _number(offset)]  # attributes; milliseconds after the first
    for held in (one.key, one.value):
        parts += (_NONE,) if held is None else (_number(len(held)), held)
    parts.append(_number(len(one.headers)))
    for name, value in one.headers:
        parts += (_name(name), _number(len(value)), value)
    body = b"".join(parts)
    return _number(len(body)) + body


@functools.lru_cache(maxsize=256)
def _name(name: str) -> bytes:
    """Return a header's name; there are few."""
    encoded = name.encode()
    return _number(len(encoded)) + encoded


def _varint(number: int) -> bytes:
    """Return a number that is not negative in zigzag and variable length."""
    left = number << 1
    held = bytearray()
    while left > 0x7F:
        held.append(0x80 | (left & 0x7F))
        left >>= 7
    held.append(left)
    return bytes(held)


_SHORT: Final = tuple(_varint(number) for number in range(4096))


def _number(number: int) -> bytes:
    return _SHORT[number] if number < len(_SHORT) else _varint(number)


def _arrived(batch: Any) -> int:
    """Return the offset of a batch's first record.

    Raises:
        KafkaError: it did not arrive.
    """
    future = batch.produce_future
    if not future.is_done:  # split, for the broker took less than the topic's setting says
        raise KafkaTimeoutError(f"{batch.topic_partition}: found a batch that did not arrive whole")
    first, _, error = future.value
    if error is not None:
        raise error(0)
    return int(first)


def _put(producer: KafkaProducer, topics: Topics, partition: int, one: Outgoing) -> Any:
    """Hand one record to a producer by the public way, and return the future of its arrival."""
    return producer.send(topics.full(one.topic), one.value, one.key, list(one.headers), partition)
