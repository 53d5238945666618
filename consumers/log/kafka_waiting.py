"""What waits for a group on Kafka, for whoever watches: a few requests, and one small fetch where something waits."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kafka import TopicPartition as Place

from consumers.log.port import TopicPartition, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kafka import KafkaConsumer

    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_topics import Topics

WATCH_BYTES = 16 * 1024
"""What a look asks of each partition: the first record is wanted, and a larger one comes whole all the same."""

WATCH_SECONDS = 5.0
"""How long a look may take to find the first records: above a fetch of a busy broker, below any interval of looks."""


@dataclass(slots=True)
class KafkaWaiting:
    """Looks at groups from outside. One consumer is kept for all looks, for making one costs more than a look."""

    clients: Clients
    topics: Topics
    lock: threading.Lock = field(default_factory=threading.Lock)
    _consumer: KafkaConsumer | None = None

    def of(self, group: str, names: Sequence[str]) -> Mapping[TopicPartition, Waiting]:
        """Return what of each partition waits for a group."""
        starts, ends, written = {}, {}, {}
        for name in names:
            for number, end in self.topics.ends(name, committed=False).items():
                written[TopicPartition(name, number)] = end
            for number, end in self.topics.ends(name, committed=True).items():
                ends[TopicPartition(name, number)] = end
            for number, start in self.topics.starts(name).items():
                starts[TopicPartition(name, number)] = start
        positions = {**starts, **self.topics.positions(group, list(ends))}
        behind = {place: positions[place] for place, end in ends.items() if positions[place] < end}
        since = self._first(behind, ends) if behind else {}
        return {
            place: Waiting(max(0, end - positions[place]), since.get(place), max(0, written[place] - end))
            for place, end in ends.items()
        }

    def close(self) -> None:
        """Close the consumer."""
        with self.lock:
            if self._consumer is not None:
                self._consumer.close(autocommit=False)
                self._consumer = None

    def _first(
        self, behind: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        """Return when the first committed record from some offsets on was written, where there is one."""
        with self.lock, self.clients.told():
            if self._consumer is None:
                self._consumer = self.clients.consumer(fetch_bytes=WATCH_BYTES)
            consumer = self._consumer
            theirs = {Place(self.topics.full(place.topic), place.partition): place for place in behind}
            consumer.assign(list(theirs))
            for their, place in theirs.items():
                consumer.seek(their, behind[place])
            found: dict[TopicPartition, int] = {}
            deadline = time.monotonic() + WATCH_SECONDS
            while theirs and time.monotonic() < deadline:
                for their, records in consumer.poll(timeout_ms=200, max_records=100_000).items():
                    if their in theirs:
                        found[theirs.pop(their)] = records[0].timestamp
                        consumer.pause(their)
                for their, place in list(theirs.items()):
                    # Nothing but aborted records and marks may stand there.
                    reached = consumer.position(their, timeout_ms=1_000)
                    if reached is not None and reached >= ends[place]:
                        del theirs[their]
            consumer.unsubscribe()
        return found
