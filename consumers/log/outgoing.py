"""What every adapter asks of a record before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.log.partitioner import partition_for
from consumers.log.port import RecordTooLarge

if TYPE_CHECKING:
    from consumers.log.port import Outgoing, TopicSpec


def size(outgoing: Outgoing) -> int:
    """Return a record's size in bytes: key, value and headers together."""
    total = len(outgoing.key or b"") + len(outgoing.value or b"")
    for name, value in outgoing.headers:
        total += len(name.encode()) + len(value)
    return total


def partition_of(outgoing: Outgoing, topic: TopicSpec) -> int:
    """Check a record against its topic and return the partition it belongs to.

    Raises:
        RecordTooLarge: it exceeds the topic's limit.
        ValueError: it has neither key nor value, no key in a compacted topic, or a partition the topic does not have.
    """
    found = size(outgoing)
    if found > topic.most_bytes:
        raise RecordTooLarge(f"{topic.name}: found a record of {found} bytes, expected {topic.most_bytes} at most")
    if outgoing.key is None and (topic.compacted or outgoing.value is None):
        wanted = "a key, for the topic is compacted" if topic.compacted else "a key or a value"
        raise ValueError(f"{topic.name}: found a record without a key, expected {wanted}")
    if outgoing.partition is None:
        return partition_for(outgoing.key, topic.partitions)
    if not 0 <= outgoing.partition < topic.partitions:
        raise ValueError(f"{topic.name}: found partition {outgoing.partition}, expected 0 to {topic.partitions - 1}")
    return outgoing.partition
