"""Records that could not be read: the original bytes, and headers that say where they stood and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.log.port import Outgoing, TopicPartition

if TYPE_CHECKING:
    from consumers.log.port import Headers, Record

_MOST_ERROR: Final = 4000
"""The longest error text kept, in code points: enough for any fault, well within a header."""

PREFIX: Final = "dead-letter-"

_NAMES: Final = ("topic", "partition", "offset", "timestamp", "role", "error")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter, read.

    Attributes:
        id: `PARTITION:OFFSET` of the letter itself.
        digest: of all that it holds, so that a topic made anew never lends its letters an older one's decision.
        at: when it became one, in milliseconds since the epoch, UTC.
        place: where the record stood.
        offset: its offset there.
        timestamp: its own time, in milliseconds.
        role: who could not read it.
        error: why.
        record: the letter as it stands on the log.
        headers: the record's own.
    """

    id: str
    digest: str
    at: int
    place: TopicPartition
    offset: int
    timestamp: int
    role: str
    error: str
    record: Record
    headers: Headers


def dead_letter(record: Record, role: str, error: str) -> Outgoing:
    """Return what to send so that nothing of a record is lost: its key, value and headers untouched, and ours."""
    ours = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "role": role,
        "error": error[:_MOST_ERROR],
    }
    headers = tuple((PREFIX + name, value.encode("utf-8", "backslashreplace")) for name, value in ours.items())
    # No client sends a record of nothing at all, but somebody's once arrived.
    value = b"" if record.key is None and record.value is None else record.value
    return Outgoing(topics.DEAD_LETTER, record.key, value, (*record.headers, *headers))


def letter_of(record: Record) -> Letter | None:
    """Read a record of the dead letters' topic; None for what no role of ours wrote there."""
    said = _said(record.headers)
    if said is None:
        return None
    numbers = [said[name] for name in ("partition", "offset", "timestamp")]
    if not all(number.removeprefix("-").isdecimal() for number in numbers):
        return None
    partition, offset, timestamp = map(int, numbers)
    return Letter(
        id=f"{record.partition}:{record.offset}",
        digest=_digest(record),
        at=record.timestamp,
        place=TopicPartition(said["topic"], partition),
        offset=offset,
        timestamp=timestamp,
        role=said["role"],
        error=said["error"],
        record=record,
        headers=record.headers[: -len(_NAMES)],
    )


def place_in(outgoing: Outgoing) -> tuple[str, int, int] | None:
    """Return topic, partition and offset of the record that an output is the dead letter of; None for other outputs."""
    said = _said(outgoing.headers) if outgoing.topic == topics.DEAD_LETTER else None
    return None if said is None else (said["topic"], int(said["partition"]), int(said["offset"]))


def _said(headers: Headers) -> dict[str, str] | None:
    """Return what the last headers say, for those before them are the record's own, which may be a letter's again."""
    last = headers[-len(_NAMES) :]
    if [name for name, _ in last] != [PREFIX + name for name in _NAMES]:
        return None
    return {name.removeprefix(PREFIX): value.decode("utf-8", "backslashreplace") for name, value in last}


def _digest(record: Record) -> str:
    told = hashlib.sha256()
    parts = [record.key, record.value, *(part for name, value in record.headers for part in (name.encode(), value))]
    for part in parts:
        told.update(b"-" if part is None else b"%d:" % len(part) + part)
    return told.hexdigest()
