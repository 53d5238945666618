from __future__ import annotations

import threading

import pytest
from fakes import Relay, Watcher
from streams import PATIENCE, drained, everything

from consumers import worker
from consumers.happenings import Aborted, Arrived, Assigned, Committed, FencedOut, Moved, Took
from consumers.log.port import Fenced, Outgoing, Retry, TopicSpec
from consumers.log.sqlite import SqliteLog
from consumers.role import Processed
from consumers.worker import StillWaiting, work


@pytest.fixture
def log(tmp_path):
    opened = SqliteLog(tmp_path / "log.db")
    opened.ensure([TopicSpec("in", 3), TopicSpec("out", 1)])
    yield opened
    opened.close()


@pytest.fixture
def no_pause(monkeypatch):
    """Waiting between tries is for people, not for tests."""
    monkeypatch.setattr(worker, "_PAUSE_SECONDS", 0.001)


def fill(log, count=20):
    log.append([Outgoing("in", f"k{n}".encode(), f"{n:02d}".encode()) for n in range(count)])


def passed_on(batch):
    return Processed(tuple(Outgoing("out", record.key, record.value) for record in batch.records))


def out(log):
    return sorted(record.value for record in everything(log, "out"))


def wanted(count=20):
    return [f"{n:02d}".encode() for n in range(count)]


class Times:
    """Raises an error some times, then answers."""

    def __init__(self, times, error, answer=passed_on):
        self.left, self.error, self.answer = times, error, answer

    def __call__(self, batch):
        if self.left:
            self.left -= 1
            raise self.error
        return self.answer(batch)


def test_draining_ends_at_the_end(log):
    """Everything that was there at the start is processed once, in batches of the size asked for."""
    fill(log)
    role = Relay(passed_on)
    drained(log, role, most=7)
    assert out(log) == wanted()
    assert max(len(batch.records) for batch in role.batches) <= 7
    drained(log, role)
    assert out(log) == wanted(), "a second time there is nothing to do"


def test_draining_an_empty_log_ends_at_once(log):
    """Where nothing was ever written there is nothing to reach."""
    drained(log, Relay(passed_on))
    assert out(log) == []


def test_draining_does_not_wait_for_what_comes_later(log):
    """A drain ends though the topic goes on growing, else it would never end beside a producer."""
    fill(log)

    def and_more(batch):
        if len(everything(log, "in")) < 60:
            fill(log, 20)
        return passed_on(batch)

    drained(log, Relay(and_more), most=5)
    assert len(out(log)) >= 20


def test_notes_are_committed_with_positions(log):
    """What a role notes for a partition is there for the next worker."""
    fill(log)
    drained(log, Relay(lambda batch: Processed((), dict.fromkeys(batch.reached, "noted"))))
    assert {position.note for position in log.committed("screening.relay", ["in"]).values()} == {"noted"}


@pytest.mark.usefixtures("no_pause")
def test_a_retry_reads_the_same_records_again(log):
    """A role that asks for another try loses and repeats nothing, and the worker says that it tries again."""
    fill(log)
    watcher = Watcher()
    role = Relay(Times(3, Retry("not yet")))
    drained(log, role, most=6, tell=watcher)
    assert out(log) == wanted()
    assert watcher.told(Aborted) == [Aborted("relay", "not yet")] * 3
    first, again = role.batches[0], role.batches[1]
    assert {record.value for record in first.records} <= {r.value for batch in role.batches[1:] for r in batch.records}
    assert again.records


@pytest.mark.usefixtures("no_pause")
def test_retries_come_to_an_end(log):
    """What never works is told in the end, and nothing of it was committed."""
    fill(log)
    role = Relay(Times(10**6, Retry("never")))
    with pytest.raises(Retry, match="never"):
        drained(log, role)
    assert len(role.batches) == worker._TRIES + 1
    assert out(log) == []
    assert not any(position.offset for position in log.committed("screening.relay", ["in"]).values())


@pytest.mark.usefixtures("no_pause")
def test_tries_are_counted_in_a_row(log):
    """A role that needs another try now and then goes on for ever."""
    fill(log, 60)
    calls = []

    def every_other(batch):
        calls.append(batch)
        if len(calls) % 2:
            raise Retry("now and then")
        return passed_on(batch)

    drained(log, Relay(every_other), most=1)
    assert out(log) == wanted(60)
    assert len(calls) > 2 * worker._TRIES


@pytest.mark.parametrize("error", [ValueError("broken"), Fenced("another one took over")])
def test_an_error_leaves_nothing_behind(log, error):
    """Half a batch is never visible: after the failure the next worker gets the same records."""
    fill(log)
    with pytest.raises(type(error)):
        drained(log, Relay(Times(1, error)))
    assert out(log) == []
    drained(log, Relay(passed_on), member="the next")
    assert out(log) == wanted()


def test_an_output_that_cannot_be_sent_aborts_the_batch(log):
    """Outputs and positions become visible together or not at all."""
    fill(log)
    too_large = Outgoing("out", b"k", b"x" * (2 * 1024 * 1024))
    with pytest.raises(Exception, match="found a record of"):
        drained(log, Relay(lambda batch: Processed((*passed_on(batch).outputs, too_large))))
    assert out(log) == []
    assert not any(position.offset for position in log.committed("screening.relay", ["in"]).values())


def test_draining_says_what_records_wait_for(log):
    """Where a role lacks something and records are there, a drain fails and says so; without records it is done."""
    role = Relay(passed_on, lacks=["a list"])
    drained(log, role)
    fill(log)
    with pytest.raises(StillWaiting, match="relay: records wait for a list"):
        drained(log, role)
    assert role.batches == []
    role.lacks.clear()
    drained(log, role)
    assert out(log) == wanted()


@pytest.mark.usefixtures("no_pause")
def test_a_role_that_lacks_something_waits_and_says_so_once(log):
    """Without a drain the worker waits until what it needs is there, or it is told to stop."""
    fill(log)
    watcher, role = Watcher(), Relay(passed_on, lacks=["a list"])
    asked = []

    def stopping():
        asked.append(True)
        if len(asked) == 5:
            role.lacks.clear()
        return len(asked) > 5 and len(out(log)) == 20

    run(log, role, stopping, watcher)
    assert out(log) == wanted()
    assert watcher.count("waits for a list") == 1
    run(log, Relay(passed_on, lacks=["what never comes"]), lambda: True, watcher)


def run(log, role, stopping, tell=lambda _: None):
    work(log, role, group="g", member="m", most=50, poll_seconds=0.02, drain=False, stopping=stopping, tell=tell)


def test_a_worker_goes_on_until_it_is_told_to_stop(log):
    """What comes after the start is processed too, and stopping leaves at once and in good order."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(log, Relay(passed_on), stop.is_set))
    thread.start()
    fill(log, 10)
    seen = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if len(out(log)) == 10 or seen.wait(0.02):
            break
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert out(log) == wanted(10)


def test_two_workers_share_the_work(log):
    """Two members of a group process everything once between them."""
    fill(log, 60)
    done = threading.Event()
    roles = [Relay(passed_on, name="one"), Relay(passed_on, name="two")]

    def member(number):
        work(
            log, roles[number], group="g", member=f"m{number}", most=5, poll_seconds=0.02, drain=False,
            stopping=done.is_set, tell=lambda _: None,
        )  # fmt: skip

    threads = [threading.Thread(target=member, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if len(out(log)) >= 60 or pause.wait(0.05):
            break
    done.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert out(log) == wanted(60)


def test_leaving_lets_another_take_over_at_once(log):
    """A worker that ends leaves its group, so that nobody waits out its lease."""
    fill(log, 5)
    drained(log, Relay(passed_on), member="first")
    fill(log, 8)
    drained(log, Relay(passed_on), member="second")
    assert len(out(log)) == 13


def test_a_worker_tells_what_it_did_once_it_is_committed(log):
    """Records read and written are told by topic after their commit, and the role's own tale with them."""
    fill(log)
    watcher = Watcher()
    arrived = Arrived("relay", "in", published=(0.0,), appended=(0.0, 10.0**12))

    def answer(batch):
        assert watcher.told(Committed) == [], "nothing is told of a batch that may still be aborted"
        done = passed_on(batch)
        return Processed(done.outputs, happened=(arrived,) if batch.records else ())

    drained(log, Relay(answer), tell=watcher)
    read = [one for one in watcher.told(Committed) if one.read]
    assert [(one.role, one.read, one.written) for one in read] == [("relay", (("in", 20),), (("out", 20),))]
    assert 0 <= read[0].transaction_seconds <= read[0].seconds
    published, appended = watcher.told(Took)
    assert (published.since, len(published.seconds), published.ahead) == ("published", 1, 0)
    assert (appended.since, appended.seconds[1], appended.ahead) == ("appended", 0.0, 1)


@pytest.mark.usefixtures("no_pause")
def test_a_worker_tells_that_it_moves_and_what_it_owns(log):
    """Whoever watches learns that the loop goes round, and which topics' partitions it owns."""
    fill(log)
    watcher = Watcher()
    drained(log, Relay(passed_on), tell=watcher)
    assert watcher.told(Assigned)[-1].now == (("in", 3),)
    assert watcher.told(Moved)[-1].partitions == (("in", 3),)
    waiting = Relay(passed_on, lacks=["a list"])
    run(log, waiting, lambda: True, watcher)
    assert watcher.told(Moved)[-1].lacking == "a list"


def test_a_worker_tells_that_it_was_fenced(log):
    """Being fenced ends the worker, and is told before."""
    fill(log)
    watcher = Watcher()

    def taken_over(_batch):
        raise Fenced("another one")

    with pytest.raises(Fenced):
        drained(log, Relay(taken_over), tell=watcher)
    assert watcher.told(FencedOut) == [FencedOut("relay", "another one")]
    assert watcher.told(Committed) == []
