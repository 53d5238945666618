"""`screening tail`: what stands on a topic, a JSON line each."""

from __future__ import annotations

import base64
import datetime as dt
import json
import signal
import threading

CONTENT = {"id": "c-1", "account_id": "a-1", "body": "今天天气很好"}


def test_the_fields_of_a_record(fresh):
    """A line holds topic, partition, offset, timestamp, key, headers and the value as JSON."""
    fresh.publish("content.published", CONTENT)
    (line,) = fresh.tail("content.published")
    assert line.keys() == {"topic", "partition", "offset", "timestamp", "key", "headers", "value"}
    assert (line["topic"], line["key"], line["value"]) == ("content.published", "a-1", CONTENT)
    assert isinstance(line["partition"], int)
    assert isinstance(line["offset"], int)
    assert dt.datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_chinese_is_shown_as_written(fresh):
    """Text is printed as text, not as escapes."""
    fresh.publish("content.published", CONTENT)
    assert "今天天气很好" in fresh.run("tail", "content.published", "--from-start").out


def test_a_value_that_is_no_json(fresh):
    """Bytes that are not JSON, or JSON that cannot be printed, come as base64, exactly."""
    values = [b"\xff\xfe", b"not json", b'{"body": "\\ud800"}', b"[" * 100_000]
    fresh.run("publish", "content.published", "--raw", given=b"\n".join(values))
    shown = fresh.tail("content.published")
    assert sorted(base64.b64decode(line["value_base64"]) for line in shown) == sorted(values)
    assert all("value" not in line for line in shown)


def test_it_ends_at_the_end(fresh):
    """Without `--follow` it prints the last records of each partition and ends; `--from-start` prints all."""
    fresh.publish("content.published", *(CONTENT | {"id": f"c-{n}"} for n in range(40)))
    last = [
        line["value"]["id"] for line in fresh.run("tail", "content.published").lines if "id" in (line["value"] or {})
    ]
    assert last == [f"c-{n}" for n in range(40 - len(last), 40)]
    assert 0 < len(last) < 40
    assert len(fresh.tail("content.published")) == 40


def test_an_empty_topic(fresh):
    """A topic without records prints nothing."""
    fresh.publish("content.published", CONTENT)
    assert fresh.tail("enforcement.content") == []


def test_a_topic_that_is_not_ours(fresh):
    """An unknown topic is wrong usage; the fault names those there are."""
    done = fresh.run("tail", "content")
    assert (done.code, done.out) == (2, "")
    assert "enforcement.content" in done.err


def test_no_log_yet(fresh):
    """Where there is no log it says so, makes none, and exits with 1."""
    done = fresh.run("tail", "content.published")
    assert (done.code, done.out) == (1, "")
    assert "found no log" in done.err
    assert fresh.files() == {}


def test_follow_shows_what_comes(fresh):
    """With `--follow` a record that is published afterwards appears, until Ctrl-C ends it."""
    fresh.publish("content.published", CONTENT)
    process = fresh.start("tail", "content.published", "--follow", "--from-start")
    # Should nothing come, the test fails instead of hanging.
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        seen = []
        while seen != ["c-1", "c-2"]:
            line = process.stdout.readline()
            assert line, seen
            if name := (json.loads(line)["value"] or {}).get("id"):
                seen.append(name)
            if seen == ["c-1"]:
                fresh.publish("content.published", CONTENT | {"id": "c-2"})
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert b"Traceback" not in err
