"""What waits for a group, seen from outside, on both adapters."""

from __future__ import annotations

import time

import pytest
from logs import Place, spec

from consumers.log.port import Outgoing, TopicPartition, Waiting

PATIENCE = 60.0
FIRST, SECOND = TopicPartition("in", 0), TopicPartition("in", 1)


@pytest.fixture(params=["sqlite", "kafka"])
def log(request, tmp_path):
    """A log with the topics `in` (2 partitions) and `out`."""
    where = str(tmp_path / "log.db") if request.param == "sqlite" else request.getfixturevalue("kafka_broker")
    place = Place(request.param, where)
    opened = place.open()
    opened.ensure([spec("in", 2), spec("out")])
    yield opened
    place.close()


def fill(log, count, partition=0):
    return log.append([Outgoing("in", b"k", str(n).encode(), partition=partition) for n in range(count)])


def take(session, most=500):
    """Pass one batch on."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        batch = session.poll(0.5, most)
        if batch.records:
            with session.transaction() as transaction:
                transaction.done(batch)
            return batch
    raise AssertionError("nothing came")


def settled(log, group="g"):
    """What waits, once what was read is committed for all to see."""
    deadline = time.monotonic() + PATIENCE
    while (found := log.waiting(group, ["in"]))[FIRST].offsets and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_nothing_waits_on_an_empty_log(log):
    """Where nothing was written nothing waits, for a group that never was either."""
    assert log.waiting("nobody", ["in", "out"]) == {
        place: Waiting(0, None) for place in (FIRST, SECOND, TopicPartition("out", 0))
    }


def test_what_waits_is_counted_and_dated(log):
    """Offsets from the group's position to the end, and since when the first record there stands."""
    before = int(time.time() * 1000) - 1
    fill(log, 20)
    found = log.waiting("g", ["in"])
    assert found[FIRST].offsets >= 20
    assert before <= found[FIRST].since <= int(time.time() * 1000) + 1
    assert found[SECOND] == Waiting(0, None)


def test_what_is_done_waits_no_longer(log):
    """A part of it done leaves the rest with the time of its first record; all of it done leaves nothing."""
    fill(log, 20)
    session = log.session("g", ["in"], "m")
    done = take(session, most=5)
    half = log.waiting("g", ["in"])[FIRST]
    assert half.offsets >= 15
    assert half.since >= done.records[-1].timestamp
    left = 20 - len(done.records)
    while left > 0:
        left -= len(take(session).records)
    assert settled(log)[FIRST].since is None


def test_what_an_open_transaction_withholds_is_told(log):
    """Records of a transaction that is neither committed nor aborted lie behind the end, and are counted apart."""
    with log.appending("w") as appending:
        appending.send(Outgoing("in", b"k", b"1", partition=0))
        deadline = time.monotonic() + PATIENCE
        while not (found := log.waiting("g", ["in"])[FIRST]).withheld and time.monotonic() < deadline:
            time.sleep(0.05)
        assert found.withheld >= 1
        assert (found.offsets, found.since) == (0, None)
    deadline = time.monotonic() + PATIENCE
    while log.waiting("g", ["in"])[FIRST].withheld and time.monotonic() < deadline:
        time.sleep(0.05)
    after = log.waiting("g", ["in"])[FIRST]
    assert after.withheld == 0
    assert after.offsets >= 1


def test_members_are_counted(log):
    """A group has as many members as joined it and did not leave; one that nobody ever joined has none."""
    assert log.members("nobody") == 0
    fill(log, 1)
    session = log.session("g", ["in"], "one")
    take(session)
    assert log.members("g") == 1
    session.close()
    deadline = time.monotonic() + PATIENCE
    while log.members("g") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert log.members("g") == 0
