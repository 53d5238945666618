"""What only the embedded log can get wrong: its file, its compaction, writers side by side, kills at any time."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from logs import Place, spec, values

from consumers.log.port import Fatal, Fenced, Outgoing, Unreachable
from consumers.log.sqlite import SqliteLog
from consumers.log.sqlite_compaction import TOMBSTONE_SECONDS, compact
from consumers.log.sqlite_file import connect


@pytest.fixture
def place(tmp_path):
    one = Place("sqlite", str(tmp_path / "log.db"))
    yield one
    one.close()


def read_all(log, topic):
    return [
        record for number, (first, end) in log.bounds(topic).items() for record in log.read(topic, number, first, end)
    ]


def test_every_commit_is_synced(tmp_path):
    """The file is in WAL mode and each commit is synced to the disk."""
    connection = connect(tmp_path / "log.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_what_cannot_be_a_log_is_told(tmp_path):
    """A missing folder, a file of another kind and a file of another version are refused with their path."""
    with pytest.raises(Unreachable, match="nowhere"):
        SqliteLog(tmp_path / "nowhere" / "log.db")
    (tmp_path / "text").write_bytes(b"no database at all, but long enough to be read as one" * 20)
    with pytest.raises(Fatal, match="text"):
        SqliteLog(tmp_path / "text")
    SqliteLog(tmp_path / "log.db").close()
    connection = sqlite3.connect(tmp_path / "log.db")
    connection.execute("UPDATE log SET version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(Fatal, match="found version 99"):
        SqliteLog(tmp_path / "log.db")


def test_old_erasures_are_compacted_away_but_the_last_record_stays(place):
    """An erasure is kept for its time and then removed; the last record of a partition is never removed."""
    log = place.open()
    log.ensure([spec("state", compacted=True)])
    log.append([Outgoing("state", b"a", b"1"), Outgoing("state", b"a", None), Outgoing("state", b"b", None)])
    assert log.compact("state") == 1
    (partition,) = log._topics.get("state").ids
    later = time.time() + TOMBSTONE_SECONDS + 60
    assert compact(log._connection, partition, later) == 1
    assert [(one.key, one.offset) for one in read_all(log, "state")] == [(b"b", 2)]
    assert log.bounds("state") == {0: (2, 3)}
    log.ensure([spec("kept")])
    with pytest.raises(ValueError, match="expected a compacted one"):
        log.compact("kept")


def test_a_topic_that_grew_is_compacted_when_ensured(place):
    """Ensuring topics compacts those to which many records came, so that state topics do not grow for ever."""
    log = place.open()
    wanted = [spec("state", compacted=True)]
    log.ensure(wanted)
    log.append([Outgoing("state", f"k{n % 10}".encode(), b"v") for n in range(20_001)])
    log.ensure(wanted)
    assert [one.offset for one in read_all(log, "state")] == list(range(19_991, 20_001))


def test_a_reservation_that_ran_out_holds_nobody_back(place):
    """An open appending whose time ran out is passed over by readers, and its commit is refused."""
    log = place.open()
    log.ensure([spec("one")])
    with pytest.raises(Fenced), log.appending("slow") as opened:  # noqa: PT012 - the block's end is tested
        opened.send(Outgoing("one", b"k", b"late"))
        log.append([Outgoing("one", b"k", b"other")])
        log._connection.execute("UPDATE reserved SET until = 0")
        assert values(read_all(log, "one")) == [b"other"]
    assert values(read_all(log, "one")) == [b"other"]


def test_writers_side_by_side_wait_for_each_other(place):
    """Many writers at once lose nothing and give no offset twice."""
    log = place.open()
    log.ensure([spec("one")])
    logs = [place.open() for _ in range(4)]

    def write(number):
        for n in range(25):
            logs[number].append([Outgoing("one", b"k", f"{number}-{n}".encode())])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_all(log, "one")
    assert [one.offset for one in found] == list(range(100))
    assert len(set(values(found))) == 100
