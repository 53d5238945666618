"""Whether the workers of a process live and are ready, and why not: pure of clocks and sockets, for both are passed in.

A worker lives while its loop goes round. It is ready when, besides, it has what it needs to start, its role owns
partitions, it commits what it reads, and what it judges by is not too old. One that stands by because there are more
workers than partitions is well: a role is ready while any of its workers owns some.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from consumers.happenings import Aborted, Assigned, Committed, FencedOut, Moved
from consumers.measures import COMMITTED, MOVED, PARTITIONS, READY, WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from consumers.happenings import Counts, Happening, Observer
    from consumers.measures import Measure
    from consumers.metrics import Gauges


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds.

    Attributes:
        moved: between two rounds of a worker's loop.
        commit: between records at hand and their commit.
    """

    moved: float
    commit: float


@dataclass(slots=True)
class _Worker:
    """What is known of one worker; times are of the clock that is passed in."""

    role: str
    started: float
    moved: float | None = None
    committed: float | None = None
    busy_since: float | None = None
    why: str = ""
    lacking: str | None = None
    partitions: Counts = field(default_factory=tuple)


class Health:
    """Knows the workers of a process, from what they tell.

    Args:
        limits: how long things may take.
        clock: returns seconds since the epoch.
        roles: the roles that are to run here.
        stale: returns why what a role judges by is not fit, or None; it must be at hand.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], roles: tuple[str, ...], stale: Callable[[str], str | None]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._roles = roles
        self._stale = stale
        self._workers: dict[str, _Worker] = {}
        self._committed: dict[str, float] = {}
        self._lock = threading.Lock()

    def started(self, name: str, role: str) -> Observer:
        """Take note of a worker that starts, and return what it tells."""
        with self._lock:
            self._workers[name] = _Worker(role, self._clock())
        return lambda happening: self._told(name, happening)

    def ended(self, name: str) -> None:
        """Take note of a worker that has ended: nothing is told of it any more."""
        with self._lock:
            self._workers.pop(name, None)

    def live(self) -> tuple[bool, dict[str, Any]]:
        """Say whether every worker's loop goes round, and the worker whose loop does not."""
        with self._lock:
            now = self._clock()
            workers = {name: self._stuck(worker, now) for name, worker in sorted(self._workers.items())}
        return _answer({name: [why] if why else [] for name, why in workers.items()})

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Say whether every role here does its work, and of each worker why not."""
        with self._lock:
            return _answer(self._faults())

    def gauges(self) -> Gauges:
        """Return what is known of the workers as gauges."""
        with self._lock:
            faults = self._faults()
            found: Gauges = {}
            partitions: defaultdict[tuple[str, str], float] = defaultdict(float)
            up = Counter(worker.role for worker in self._workers.values())
            for role in self._roles:
                mine = {name: worker for name, worker in self._workers.items() if worker.role == role}
                found[WORKERS, (role,)] = up[role]
                names = [role, *mine]
                found[READY, (role,)] = float(bool(mine) and not any(faults.get(name) for name in names))
                moved = [worker.moved for worker in mine.values() if worker.moved is not None]
                if moved:
                    found[MOVED, (role,)] = min(moved)
                if role in self._committed:
                    found[COMMITTED, (role,)] = self._committed[role]
                for worker in mine.values():
                    for topic, count in worker.partitions:
                        partitions[role, topic] += count
            measure: Measure = PARTITIONS
            return found | {(measure, labels): value for labels, value in partitions.items()}

    def _told(self, name: str, happening: Happening) -> None:
        with self._lock:
            worker = self._workers.get(name)
            if worker is None:
                return
            now = self._clock()
            match happening:
                case Moved(lacking=lacking, partitions=partitions, busy=busy):
                    worker.moved, worker.lacking, worker.partitions = now, lacking, partitions
                    if busy and worker.busy_since is None:
                        worker.busy_since = now
                case Assigned(now=partitions):
                    worker.moved, worker.partitions = now, partitions
                case Committed():
                    worker.moved = worker.committed = self._committed[worker.role] = now
                    worker.busy_since, worker.why = None, ""
                case Aborted(why=why):
                    worker.moved, worker.why = now, why
                    worker.busy_since = now if worker.busy_since is None else worker.busy_since
                case FencedOut(why=why):
                    worker.why = why
                case _:
                    pass

    def _stuck(self, worker: _Worker, now: float) -> str | None:
        age = now - (worker.started if worker.moved is None else worker.moved)
        if age <= self._limits.moved:
            return None
        return f"its loop has not gone round for {age:.0f} s, expected at most {self._limits.moved:g} s"

    def _faults(self) -> dict[str, list[str]]:
        """Return worker → why it is not ready, and role → what concerns all of it; the lock is held."""
        now = self._clock()
        faults: dict[str, list[str]] = {}
        for role in self._roles:
            mine = {name: worker for name, worker in sorted(self._workers.items()) if worker.role == role}
            owning = any(worker.partitions for worker in mine.values())
            for name, worker in mine.items():
                faults[name] = self._worker_faults(worker, now, owning=owning)
            if not mine:
                faults[role] = ["no worker is up"]
            elif all(worker.lacking is None for worker in mine.values()) and (stale := self._stale(role)):
                faults[role] = [stale]
        return faults

    def _worker_faults(self, worker: _Worker, now: float, *, owning: bool) -> list[str]:
        found = [stuck] if (stuck := self._stuck(worker, now)) else []
        if worker.lacking is not None:
            found.append(f"it waits for {worker.lacking}")
        elif worker.moved is None:
            found.append("it is starting")
        elif not owning:
            found.append("it owns no partition yet: the group is sharing them, or other processes own them all")
        if worker.busy_since is not None and now - worker.busy_since > self._limits.commit:
            age, why = now - worker.busy_since, f" ({worker.why})" if worker.why else ""
            found.append(
                f"it has committed nothing for {age:.0f} s though it has records, expected at most"
                f" {self._limits.commit:g} s{why}"
            )
        return found


def _answer(faults: dict[str, list[str]]) -> tuple[bool, dict[str, Any]]:
    well = not any(faults.values())
    return well, {
        "status": "ok" if well else "failing",
        "checks": {name: {"ok": not why, "why": why} for name, why in faults.items()},
    }
