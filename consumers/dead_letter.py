"""Records that could not be read: the original bytes, and headers that say where they stood and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    from consumers.log.port import Record

_MOST_ERROR: Final = 4000
"""The longest error text kept, in code points: enough for any fault, well within a header."""

PREFIX: Final = "dead-letter-"


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
