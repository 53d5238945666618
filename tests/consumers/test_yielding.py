"""Live roles go first: as long as too much waits for one that runs, and never for ever."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from logs import Place

from consumers import topics
from consumers.log.port import Outgoing, Position, TopicPartition, Waiting
from consumers.settings import RescreenSettings
from consumers.wiring import group_of
from consumers.yielding import Yielding, keeps_up, waiting_for

LIMITS = RescreenSettings(most_waiting=10, most_waiting_seconds=3.0, most_pause_seconds=5.0)
WALL = 1_000_000.0
PATIENCE = 240.0
PLACE = TopicPartition(topics.RESULTS, 0)


@dataclass
class Crowd:
    """A log at which only one role's work waits, and a clock; each nap works off some of it."""

    records: int = 0
    since: float = WALL
    running: tuple[str, ...] = ("enforcement",)
    each_nap: int = 0
    now: float = 0.0
    told: list[str] = field(default_factory=list)

    def members(self, group: str) -> int:
        return int(group in map(group_of, self.running))

    def waiting(self, group: str, names: object) -> dict[TopicPartition, Waiting]:
        assert names
        waits = self.records if group == group_of("enforcement") else 0
        return {PLACE: Waiting(waits, int(self.since * 1000) if waits else None)}

    def bounds(self, topic: str) -> dict[int, tuple[int, int]]:
        assert topic == topics.RESULTS
        return {0: (0, 100)}

    def committed(self, _group: str, _names: object) -> dict[TopicPartition, Position]:
        return {PLACE: Position(100 - self.records)}

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.records = max(0, self.records - self.each_nap)

    def tell(self, what: object) -> None:
        self.told.append(str(what))

    def yielding(self, limits: RescreenSettings = LIMITS) -> Yielding:
        return Yielding(self, limits, clock=lambda: self.now, wall=lambda: WALL, sleep=self.sleep)

    def keeps_up(self) -> bool:
        return keeps_up(self, "enforcement", 5.0, self.tell, clock=lambda: self.now, sleep=self.sleep)


def test_nothing_is_waited_for_where_all_keep_up():
    """As many records as may wait, not yet for too long, keep nobody waiting."""
    crowd = Crowd(records=10, since=WALL - 2.9)
    crowd.yielding().wait(crowd.tell)
    assert crowd.now == 0.0


@pytest.mark.parametrize("crowd", [Crowd(records=31, each_nap=1), Crowd(records=5, since=WALL - 3.5, each_nap=1)])
def test_a_live_role_goes_first(crowd):
    """What is too much, or too old, is waited for until it is worked off, and told meanwhile."""
    crowd.yielding().wait(crowd.tell)
    assert crowd.now > 0.0
    assert crowd.records <= 10
    assert all(line.startswith("enforcement: ") for line in crowd.told)


def test_a_role_that_hangs_is_not_waited_for_for_ever():
    """After the longest pause work goes on, for one piece; what is waited for was told."""
    crowd = Crowd(records=5000)
    yielding = crowd.yielding()
    yielding.wait(crowd.tell)
    assert 5.0 <= crowd.now < 5.5
    assert crowd.told[0] == "enforcement: 5000 records wait, the first for 0.0 s"
    yielding.wait(crowd.tell)
    assert 10.0 <= crowd.now < 11.0


def test_many_short_pauses_are_told_as_a_long_one_is():
    """With the pauses that are set by default, and with shorter ones, whoever looks on learns what is waited for."""
    for pause, waits in ((RescreenSettings().most_pause_seconds, 3), (0.1, 30)):
        crowd = Crowd(records=5000)
        yielding = crowd.yielding(RescreenSettings(most_pause_seconds=pause))
        for _ in range(waits):
            yielding.wait(crowd.tell)
        assert 2 <= len(crowd.told) <= 1 + crowd.now


def test_a_role_that_nobody_runs_is_not_waited_for():
    """Work that waits for nobody's worker keeps nobody waiting; a worker that comes is noticed."""
    crowd = Crowd(records=5000, running=())
    yielding = crowd.yielding()
    yielding.wait(crowd.tell)
    assert (crowd.now, yielding.live) == (0.0, ())
    crowd.running = ("enforcement",)
    crowd.now += 6.0
    assert yielding.live == ("enforcement",)


def test_whoever_runs_a_role_is_let_catch_up():
    """A role that moves is waited for to the end its topics had; one that stands still, or does not run, is not."""
    moving = Crowd(records=100, each_nap=1)
    assert moving.keeps_up()
    assert (moving.records, moving.told != []) == (0, True)
    still = Crowd(records=100)
    assert not still.keeps_up()
    assert 5.0 <= still.now < 6.0
    assert not Crowd(records=100, running=()).keeps_up()


def test_a_worker_that_dies_is_not_waited_for():
    """Once its lease is over, whoever waited does the work, however much patience is left."""
    crowd = Crowd(records=100)

    def dies(seconds: float) -> None:
        crowd.sleep(seconds)
        crowd.running = ()

    assert not keeps_up(crowd, "enforcement", 1000.0, crowd.tell, clock=lambda: crowd.now, sleep=dies)
    assert crowd.now < 10.0


@pytest.mark.parametrize("kind", ["sqlite", "kafka"])
def test_what_waits_is_seen_on_both_logs(kind, tmp_path, request):
    """A record that a joined group has not read waits for its role; once read and committed none does."""
    where = str(tmp_path / "log.db") if kind == "sqlite" else request.getfixturevalue("kafka_broker")
    place = Place(kind, where)
    try:
        log = place.open()
        log.ensure(topics.topics(1))
        session = log.session(group_of("enforcement"), (topics.RESULTS,), "one")
        until = time.monotonic() + PATIENCE
        while PLACE not in session.assigned() and time.monotonic() < until:
            session.poll(0.2)
        yielding = Yielding(log, LIMITS)
        assert yielding.live == ("enforcement",)
        log.append([Outgoing(topics.RESULTS, b"a", b"1") for _ in range(11)])
        behind = yielding.behind()
        assert behind.role == "enforcement"
        assert behind.records in (11, 12)  # on a broker the end of a transaction takes an offset too
        while waiting_for(log, "enforcement", WALL).records and time.monotonic() < until:
            batch = session.poll(0.5)
            with session.transaction() as transaction:
                transaction.done(batch)
        assert yielding.behind() is None
        session.close()
    finally:
        place.close()
