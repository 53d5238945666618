"""Where and when what a record speaks of began: carried in headers from the event to the order.

The correlation id names one way through the pipeline: the trace id of the event's `traceparent`, or the event's place,
`TOPIC/PARTITION/OFFSET`, where it has none. So it can be found from either end, and tells nobody's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from consumers.log.port import Headers, Record

CORRELATION: Final = "ce_correlationid"
_APPENDED: Final = "screening-appended-at"
_PUBLISHED: Final = "screening-published-at"
_RESCREENED: Final = ("screening_origin", b"rescreen")

_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_CORRELATION = re.compile(rb"[0-9a-f]{32}|[a-z.]{1,64}/[0-9]{1,10}/[0-9]{1,19}")
_NUMBER = re.compile(rb"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The event behind a record. Times are in seconds since the epoch.

    Attributes:
        correlation: the correlation id.
        appended: when the event came onto the log; None where nobody said.
        published: when it happened, as its author says; None where nobody said.
        rescreened: it was judged again because a version changed.
        traceparent: its `traceparent`, as it came.
    """

    correlation: str
    appended: float | None
    published: float | None
    rescreened: bool = False
    traceparent: bytes | None = None

    def headers(self) -> Headers:
        """Return the headers that carry it on a result."""
        held = [(CORRELATION, self.correlation.encode())]
        if self.appended is not None:
            held.append((_APPENDED, b"%d" % round(self.appended * 1000)))
        if self.published is not None:
            held.append((_PUBLISHED, b"%d" % round(self.published * 1000)))
        if self.rescreened:
            held.append(_RESCREENED)
        return tuple(held)


def origin_of_rescreened(topic: str, partition: int, offset: int) -> Origin:
    """Return the origin of what is judged again because a version changed: the place where its event stands."""
    return Origin(f"{topic}/{partition}/{offset}", None, None, rescreened=True)


def origin_of_event(record: Record, published_at: str | None = None) -> Origin:
    """Return the origin of what a record of an input topic leads to.

    Args:
        record: the event's record.
        published_at: when its author says that it happened (RFC 3339).
    """
    traceparent = record.header("traceparent")
    return Origin(
        correlation=_trace_id(traceparent) or f"{record.topic}/{record.partition}/{record.offset}",
        appended=record.timestamp / 1000,
        published=seconds_of(published_at),
        traceparent=traceparent,
    )


def origin_of_result(record: Record) -> Origin:
    """Return the origin that a record of the results topic carries; of a directive that is the record itself.

    What was judged again is counted from its result on: that the event is old says nothing about us.
    """
    held = dict(record.headers)
    said = held.get(CORRELATION, b"")
    traceparent = held.get("traceparent")
    place = f"{record.topic}/{record.partition}/{record.offset}"
    appended, published = _seconds(held.get(_APPENDED)), _seconds(held.get(_PUBLISHED))
    rescreened = held.get(_RESCREENED[0]) == _RESCREENED[1]
    if rescreened:
        appended, published = record.timestamp / 1000, None
    return Origin(
        correlation=said.decode() if _CORRELATION.fullmatch(said) else _trace_id(traceparent) or place,
        appended=appended,
        published=published,
        rescreened=rescreened,
        traceparent=traceparent,
    )


def seconds_of(text: str | None) -> float | None:
    """Return an RFC 3339 time in seconds since the epoch, or None where there is none or its zone is not told.

    >>> seconds_of("1970-01-01T08:00:01.5+08:00")
    1.5
    >>> seconds_of("yesterday")
    """
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        return None if time.tzinfo is None else time.timestamp()
    except (ValueError, OverflowError):
        return None


def _trace_id(traceparent: bytes | None) -> str | None:
    found = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
    return None if found is None else found[1].decode()


def _seconds(milliseconds: bytes | None) -> float | None:
    if milliseconds is None or not _NUMBER.fullmatch(milliseconds):
        return None
    return int(milliseconds) / 1000
