"""Health: alive while the loop goes round, ready while the work gets done, and plain about why not."""

from __future__ import annotations

import pytest

from consumers import measures
from consumers.happenings import Aborted, Assigned, Committed, Moved
from consumers.health import Health, Limits

OWNED = (("in", 3),)


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stale():
    return {}


@pytest.fixture
def health(clock, stale):
    return Health(Limits(moved=60, commit=30), clock, ("content", "records"), stale.get)


def committed(role="content"):
    return Committed(role, (("in", 1),), (), 0.0, 0.1, 0.1)


def why(answer):
    """Return worker or role → why it is not well."""
    well, body = answer
    assert well == (body["status"] == "ok")
    return {name: " ".join(check["why"]) for name, check in body["checks"].items() if not check["ok"]}


@pytest.fixture
def workers(health):
    """Both roles at work."""
    content, records = health.started("content-0", "content"), health.started("records-0", "records")
    content(Moved("content", OWNED))
    records(Moved("records", OWNED))
    return content, records


@pytest.mark.usefixtures("workers")
def test_all_is_well(health):
    """Workers that go round and own partitions are alive and ready, though nothing was committed yet."""
    assert health.live() == (
        True,
        {"status": "ok", "checks": {n: {"ok": True, "why": []} for n in ("content-0", "records-0")}},
    )
    assert why(health.ready()) == {}


def test_a_loop_that_stands_still(health, workers, clock):
    """Beyond its budget a worker is neither alive nor ready, and the answer names it alone."""
    clock.now += 61
    workers[1](Moved("records", OWNED))
    assert why(health.live()) == {
        "content-0": "its loop has not gone round for 61 s, expected at most 60 s",
    }
    assert why(health.ready()).keys() == {"content-0"}


def test_a_worker_that_never_moved(health, clock):
    """A worker that starts is not ready, and not alive for ever."""
    health.started("content-0", "content")
    assert why(health.live()) == {}
    assert why(health.ready())["content-0"] == "it is starting"
    clock.now += 61
    assert "has not gone round for 61 s" in why(health.live())["content-0"]


def test_a_role_without_a_worker(health):
    """A role that is to run here and does not is not ready; being restarted it is still alive."""
    assert why(health.ready()) == {"content": "no worker is up", "records": "no worker is up"}
    assert why(health.live()) == {}


def test_a_role_that_lacks_something_says_what(health, workers):
    """`registrations` without a watchlist is alive, not ready, and says what it waits for."""
    workers[0](Moved("content", lacking="an active watchlist"))
    assert why(health.live()) == {}
    assert why(health.ready()) == {"content-0": "it waits for an active watchlist"}
    workers[0](Moved("content", OWNED))
    assert why(health.ready()) == {}


def test_a_role_without_partitions(health, workers):
    """A role that owns nothing is not ready; one worker standing by beside one that owns some is well."""
    workers[0](Assigned("content", OWNED, ()))
    assert why(health.ready()).keys() == {"content-0"}
    assert "owns no partition" in why(health.ready())["content-0"]
    other = health.started("content-1", "content")
    other(Moved("content", OWNED))
    assert why(health.ready()) == {}


def test_records_without_a_commit(health, workers, clock):
    """Records at hand and nothing committed for too long: not ready, with the reason of the last abort."""
    workers[0](Moved("content", OWNED, busy=True))
    clock.now += 20
    workers[0](Aborted("content", "the group shared its partitions anew"))
    assert why(health.ready()) == {}
    clock.now += 11
    workers[0](Moved("content", OWNED, busy=True))
    assert why(health.ready()) == {
        "content-0": "it has committed nothing for 31 s though it has records, expected at most 30 s"
        " (the group shared its partitions anew)"
    }
    workers[0](committed())
    assert why(health.ready()) == {}


def test_no_records_no_commit(health, workers, clock):
    """A quiet topic is no fault: a worker that has nothing to commit stays ready."""
    for _ in range(10):
        clock.now += 50
        for worker, role in zip(workers, ("content", "records"), strict=True):
            worker(Moved(role, OWNED))
    assert why(health.ready()) == {}


@pytest.mark.usefixtures("workers")
def test_what_a_role_judges_by_is_too_old(health, stale):
    """What is stale is told of the role, not of each worker."""
    stale["content"] = "the list us-ofac-sdn is 31.0 days old"
    assert why(health.ready()) == {"content": "the list us-ofac-sdn is 31.0 days old"}
    assert why(health.live()) == {}


def test_gauges_speak_of_the_living(health, workers, clock):
    """What has ended leaves no gauge behind, and the slowest worker counts."""
    clock.now += 5
    workers[0](committed())
    second = health.started("content-1", "content")
    second(Moved("content", (("in", 1),)))
    gauges = health.gauges()
    assert gauges[measures.WORKERS, ("content",)] == 2
    assert gauges[measures.PARTITIONS, ("content", "in")] == 4
    assert gauges[measures.READY, ("content",)] == 1
    assert gauges[measures.COMMITTED, ("content",)] == 1_005
    assert gauges[measures.MOVED, ("records",)] == 1_000
    health.ended("content-0")
    health.ended("content-1")
    second(Moved("content", OWNED))
    gauges = health.gauges()
    assert gauges[measures.WORKERS, ("content",)] == 0
    assert gauges[measures.READY, ("content",)] == 0
    assert not {(measures.PARTITIONS, ("content", "in")), (measures.MOVED, ("content",))} & gauges.keys()
