"""Reading on Kafka without a group: where the ends are, and the records between two offsets."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kafka import TopicPartition as Place

from consumers.log.kafka_clients import REQUEST_MS, TRANSACTION_MS
from consumers.log.kafka_session import to_record
from consumers.log.port import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_topics import Topics
    from consumers.log.port import Record, TopicPartition

STUCK_SECONDS = 30.0
"""How long reading may stand still below an end that the broker named: above every timeout of the clients."""


@dataclass(slots=True)
class Reading:
    """Reads without a group, and knows the ends."""

    clients: Clients
    topics: Topics
    own: list[Mapping[TopicPartition, int]] = field(default_factory=list)
    """Of each open transaction of this log's own: the first offsets it wrote, as it goes."""

    def bounds(self, topic: str) -> Mapping[int, tuple[int, int]]:
        """Return each partition's first offset and its end, behind all that was committed before the call.

        The end of what can be read stays behind while any transaction before it is open, so this waits for those that
        are, as long as the broker lets them be; not for this log's own.
        """
        wanted = self.topics.ends(topic, committed=False)
        for place, first in [item for opened in self.own for item in opened.items()]:
            if place.topic == topic:
                wanted[place.partition] = min(wanted[place.partition], first)
        deadline = time.monotonic() + TRANSACTION_MS / 1000 + 2
        ends = self.topics.ends(topic, committed=True)
        while time.monotonic() < deadline and any(ends[one] < end for one, end in wanted.items()):
            time.sleep(0.005)
            ends = self.topics.ends(topic, committed=True)
        starts = self.topics.starts(topic)
        return {one: (starts[one], end) for one, end in sorted(ends.items())}

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield the committed records with `start <= offset < end`."""
        first, last = self.bounds(topic)[partition]
        start, end = max(start, first), min(end, last)
        if start >= end:
            return
        place = Place(self.topics.full(topic), partition)
        consumer = self.clients.consumer()
        try:
            consumer.assign([place])
            consumer.seek(place, start)
            moved, offset = time.monotonic(), start
            while offset < end:
                with self.clients.told():
                    found = consumer.poll(timeout_ms=500)
                    reached = consumer.position(place, timeout_ms=REQUEST_MS)
                for record in found.get(place, ()):
                    if record.offset >= end:
                        return
                    yield to_record(record, topic)
                if reached is not None and reached > offset:
                    moved, offset = time.monotonic(), reached
                elif time.monotonic() > moved + STUCK_SECONDS:
                    raise Unreachable(
                        f"log {','.join(self.clients.bootstrap)}: topic {topic}, partition {partition}: found nothing"
                        f" to read at offset {offset} for {STUCK_SECONDS:g} s, expected records up to {end}"
                    )
        finally:
            consumer.close(autocommit=False)
