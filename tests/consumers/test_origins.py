"""Origins: a correlation id and times that lead from an event to its orders, and tell nobody's name."""

from __future__ import annotations

import pytest

from consumers.log.port import Record
from consumers.origins import Origin, origin_of_event, origin_of_rescreened, origin_of_result, seconds_of

TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def record(*headers, topic="content.published", offset=17):
    return Record(topic, 3, offset, 1_700_000_000_250, b"a-1", b"{}", headers)


def result(*headers):
    return record(*headers, topic="screening.results", offset=4)


def test_an_event_is_known_by_its_place():
    """Without a trace the way is named by where the event stands, which is also how to find it."""
    origin = origin_of_event(record(), "2026-11-23T08:00:00+08:00")
    assert origin == Origin("content.published/3/17", 1_700_000_000.25, 1_795_392_000.0)


def test_an_event_with_a_trace_is_known_by_it():
    """The trace id of the event's `traceparent` names the way, so that one search finds both."""
    origin = origin_of_event(record(("traceparent", TRACE)))
    assert origin.correlation == "0af7651916cd43dd8448eb211c80319c"
    assert origin.traceparent == TRACE
    assert origin.published is None


@pytest.mark.parametrize("said", [b"", b"Zhang Wei", b"00-0AF7-b7ad-01", TRACE + b"-more", b"\xff\xfe"])
def test_what_is_no_trace_names_nothing(said):
    """A header that somebody filled with anything never becomes an id that is logged."""
    assert origin_of_event(record(("traceparent", said))).correlation == "content.published/3/17"


def test_a_result_carries_its_origin():
    """What the headers of a result say is what the event's origin was."""
    event = origin_of_event(record(), "2026-11-23T08:00:00.125Z")
    assert origin_of_result(result(*event.headers())) == event


def test_what_was_judged_again_counts_from_its_result_on():
    """It leads back to its event, whose age says nothing about how fast we are."""
    origin = origin_of_rescreened("content.published", 3, 17)
    found = origin_of_result(result(*origin.headers()))
    assert found == Origin("content.published/3/17", 1_700_000_000.25, None, rescreened=True)


def test_a_result_that_says_nothing_is_known_by_its_own_place():
    """A directive, or a result of another hand, has the place where it stands and no times."""
    assert origin_of_result(result()) == Origin("screening.results/3/4", None, None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ce_correlationid", "王伟".encode()),
        ("ce_correlationid", b"a-1 Zhang Wei"),
        ("screening-appended-at", b"yesterday"),
        ("screening-published-at", b"9" * 400),
    ],
)
def test_what_a_stranger_wrote_into_the_headers_is_not_believed(name, said):
    """Only an id of our own form and plain numbers are taken over."""
    assert origin_of_result(result((name, said))) == Origin("screening.results/3/4", None, None)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "2026-11-23", "2026-11-23T08:00:00", "9999-12-31T23:59:59+99:00", "x" * 10_000]
)
def test_a_time_that_is_none(text):
    """A time without a zone, or no time at all, measures nothing and stops nothing."""
    assert seconds_of(text) is None
