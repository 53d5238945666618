"""Limits on dead letters: a role stops before it commits what goes too far, and counts each record once."""

from __future__ import annotations

import pytest
from fakes import FATAL, KeywordScreener
from streams import activation, content, drained, everything, open_stream

from consumers import topics
from consumers.activations import Activations, activate
from consumers.content import content_role
from consumers.dead_letter import dead_letter
from consumers.dead_letter_limit import DeadLetterLimit, TooManyDeadLetters
from consumers.log.port import Outgoing, Record


def record(offset):
    return Record("t", 0, offset, 0, b"k", b"v")


def count(limit, pattern, start=0):
    """Let a limit count records, `x` for each that cannot be read."""
    records = [record(start + number) for number in range(len(pattern))]
    letters = [
        dead_letter(one, "r", "$.body: found 'secret', expected better")
        for one, how in zip(records, pattern, strict=True)
        if how == "x"
    ]
    limit.check(records, [*letters, Outgoing("elsewhere", b"k", b"v")])


def test_in_a_row():
    """So many in a row are borne, one more is not, also across batches; a good record between begins anew."""
    limit = DeadLetterLimit("r", in_a_row=3)
    count(limit, "xxx.xxx.")
    count(limit, "xx", 8)
    count(limit, "x", 10)
    with pytest.raises(TooManyDeadLetters, match="found 4 records in a row"):
        count(limit, "x", 11)


def test_a_share():
    """The share is looked at once the window is full, over the last records only."""
    limit = DeadLetterLimit("r", percent=50, window=10)
    count(limit, "x.x.x.x.x")
    count(limit, ".", 9)
    count(limit, "x.x.x.x.x.", 10)
    with pytest.raises(TooManyDeadLetters, match="found 6 of the last 10 records"):
        count(limit, "x.xx", 20)


def test_no_limit():
    """Without limits anything is borne."""
    count(DeadLetterLimit("r"), "x" * 5000)


def test_what_comes_again_is_not_counted_again():
    """A batch that is read again after an abort counts once."""
    limit = DeadLetterLimit("r", in_a_row=3)
    for _ in range(5):
        count(limit, "xxx")


def test_the_message_tells_where_and_not_what():
    """It names place, limit and way on, and nothing that somebody wrote."""
    with pytest.raises(TooManyDeadLetters) as caught:
        count(DeadLetterLimit("r", in_a_row=1), "xx")
    told = str(caught.value)
    assert "t, partition 0, offset 1: $.body)" in told
    assert "screening run r --dead-letters-in-a-row 10" in told
    assert "secret" not in told


def test_a_role_stops_before_it_commits(tmp_path):
    """Neither letters nor positions of the batch that goes too far are committed; what was before it is."""
    log = open_stream(tmp_path, partitions=1)
    activate(log, lambda _: activation())
    log.append([content("c-1"), *(content(f"x-{n}", FATAL) for n in range(6)), content("c-2")])

    def role(limit):
        return content_role(Activations(log, lambda _: True), lambda _: KeywordScreener("1"), lambda _: None, limit)

    with pytest.raises(TooManyDeadLetters, match="screening failed: ValueError"):
        drained(log, role(DeadLetterLimit("content", in_a_row=3)), most=2)
    assert len(everything(log, topics.DEAD_LETTER)) == 2  # batches of two; the marker of the activation came first
    assert len(everything(log, topics.RESULTS)) == 1
    drained(log, role(None))
    assert len(everything(log, topics.DEAD_LETTER)) == 6
    assert len(everything(log, topics.RESULTS)) == 2
    log.close()
