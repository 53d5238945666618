"""Log lines: JSON off a terminal, words on one, and nothing of what people wrote or are called."""

from __future__ import annotations

import io
import json
import logging

import pytest

from consumers.happenings import (
    Aborted,
    Assigned,
    Committed,
    Decided,
    FencedOut,
    Happened,
    Judged,
    Moved,
    Ordered,
    Refused,
)
from consumers.logs import Logs
from consumers.settings import LoggingSettings

CANARY = "canary-王伟-secret"


def logs(level="debug", format_="auto", stream=None, **more):
    stream = io.StringIO() if stream is None else stream
    return Logs(LoggingSettings(level=level, format=format_), stream, **more), stream


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_off_a_terminal_a_line_is_json():
    """Each line is one object: time, level, event, the worker's name, and what it is about."""
    written, stream = logs(worker="content-0")
    written(Refused("content", "content.published", 3, 17, "content.published/3/17"))
    [line] = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "warning", "event": "record refused", "worker": "content-0", "role": "content",
        "topic": "content.published", "partition": 3, "offset": 17, "correlation": "content.published/3/17",
        "todo": "screening dead-letter list",
    }  # fmt: skip


def test_on_a_terminal_a_line_is_for_people(monkeypatch):
    """Words and pairs instead of JSON; without colour where NO_COLOR is set."""
    monkeypatch.setenv("NO_COLOR", "1")
    written, stream = logs(stream=Terminal())
    written.say("info", "running", roles=["content"])
    assert "running" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())


@pytest.mark.parametrize("format_", ["json", "text"])
def test_the_form_can_be_set(format_):
    """`logging.format` wins over what standard error is."""
    written, stream = logs(format_=format_, stream=Terminal() if format_ == "json" else None)
    written.say("info", "running")
    assert stream.getvalue().startswith("{") == (format_ == "json")


def test_the_level_decides():
    """Lines below the level are not written."""
    for level, wanted in (("debug", 3), ("info", 2), ("warning", 1), ("error", 0)):
        written, stream = logs(level)
        for said in ("debug", "info", "warning"):
            written.say(said, "x")
        assert len(lines(stream)) == wanted


def test_what_is_worth_a_line():
    """An order and an abort are told with their way and reason; a loop that goes round is told to nobody."""
    written, stream = logs()
    for happening in (
        Moved("content"),
        Happened("enforcement", "applied", 3),
        Committed("content", (("in", 2),), (), 0.0, 0.25, 0.1),
        Committed("content", (), (), 0.0, 0.25, 0.1),
        Judged("content", 0.1, ((("content", "clear"), 2),), (), ()),
        Decided("enforcement", (("decided", 1),)),
        Assigned("content", (), (("in", 3),)),
        Ordered("enforcement", "lift", "suspend_service", False, "an-id", "content.published/0/1"),
        Aborted("content", "not yet"),
        FencedOut("content", "taken over"),
    ):
        written(happening)
    told = lines(stream)
    assert [(one["level"], one["event"]) for one in told] == [
        ("debug", "committed"),
        ("debug", "judged"),
        ("debug", "decided"),
        ("info", "partitions assigned"),
        ("info", "ordered"),
        ("warning", "transaction aborted, reading again"),
        ("error", "fenced"),
    ]
    assert told[4]["correlation"] == "content.published/0/1"
    assert told[4]["reverses"] == "suspend_service"


def test_of_a_crash_only_type_and_place():
    """An error that nobody foresaw may quote what it choked on: its message is not written, its way is."""
    written, stream = logs("error")
    try:
        try:
            {}[CANARY]
        except KeyError:
            raise ValueError(f"cannot bear {CANARY}")  # noqa: B904 - as it happens
    except ValueError as error:
        written.crashed(error)
    [line] = lines(stream)
    assert (line["event"], line["error"], line["caused_by"]) == ("crashed", "ValueError", "KeyError")
    assert line["where"][-1].startswith("tests/consumers/test_logs.py:")
    assert CANARY not in json.dumps(line, ensure_ascii=False)
    assert CANARY not in stream.getvalue()


def test_libraries_speak_in_the_same_form():
    """What a library warns of is a line like ours; its whispers and its exceptions are not written."""
    written, stream = logs()
    with written:
        logging.getLogger("kafka.test").debug("whisper")
        try:
            int(CANARY)
        except ValueError:
            logging.getLogger("kafka.test").warning("node %s is away", 3, exc_info=True)
    logging.getLogger("kafka.test").warning("afterwards")
    [line] = lines(stream)
    assert (line["level"], line["event"], line["logger"]) == ("warning", "node 3 is away", "kafka.test")
    assert CANARY not in stream.getvalue()


def test_a_line_that_cannot_be_written_stops_nobody():
    """A reader that went away is no reason to stop screening."""
    written, stream = logs()
    stream.close()
    written.say("info", "x")
