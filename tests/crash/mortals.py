"""Processes that are killed and started again, over and over, and what the dead leave behind on a broker.

They are forked from one process that has loaded the program and opened nothing, so that a start costs little. Each is
killed with whoever runs the test.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import multiprocessing
import os
import pathlib
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crash import mortal_pass, mortal_worker
from integration.streams import PATIENCE
from kafka import KafkaConsumer, TopicPartition

if TYPE_CHECKING:
    import random
    from collections import deque
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.process import BaseProcess

    from integration.streams import Stream

OUTSIDE = "outside"
"""A kill from outside, at no chosen point."""

LONGEST_WAIT = 0.2
"""Seconds between a worker's first work and a kill from outside, at most: some batches."""

LOADED = ("consumers.cli", "consumers.run", "consumers.rescreening", "consumers.log.kafka", "consumers.log.sqlite")
"""What the process they are forked from has loaded."""

_SELDOMER = 10

_DIES_WITH_PARENT = 1
"""Linux's name for it: PR_SET_PDEATHSIG."""


@dataclass
class Mortal:
    """One process, started again under its name after each death, as long as its list of deaths lasts.

    Args:
        stream: the installation it works in.
        name: tells it from others.
        chance: decides when it dies.
        deaths: how it dies, one death after the other: a point of the program, or from outside.
        kills: the deaths it died.
        latest: it dies the first, second, … time that a point is reached, at the latest so many.
        ends: it ends by itself once its work is done.
    """

    stream: Stream
    name: str
    chance: random.Random
    deaths: deque[str]
    kills: Counter[str] = field(default_factory=Counter)
    process: BaseProcess | None = None
    due: float | None = None
    latest: int = 3
    ends: bool = False

    @property
    def folder(self) -> pathlib.Path:
        return pathlib.Path(self.stream.flags["data"])

    @property
    def mark(self) -> pathlib.Path:
        return self.folder / f"{self.name}.worked"

    def asked(self) -> tuple[Callable[[dict[str, Any]], None], dict[str, Any]]:
        """Return what the process does, and what it is told beside where and when to die."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, to die the next death on its list, or to live."""
        does, asked = self.asked()
        asked |= {"flags": self.stream.flags, "mark": str(self.mark)}
        if self.deaths and self.deaths[0] != OUTSIDE:
            asked |= {"point": self.deaths[0], "time": self.chance.randint(1, self.latest)}
        self.mark.unlink(missing_ok=True)
        self.due = None
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(LOADED))
        self.process = context.Process(target=_life, args=(does, asked, str(self.folder / f"{self.name}.txt")))
        self.process.start()

    def look(self) -> bool:
        """Kill it where its time has come, start it again where it died; say whether it did."""
        code = self.process.exitcode
        if code is None:
            self._kill_from_outside()
            return False
        if code == 0 and self.ends:
            return False
        assert code == -signal.SIGKILL, f"{self.name} ended with {code}:\n{self.said()}"
        assert self.deaths, f"{self.name} was killed by somebody else:\n{self.said()}"
        self.kills[self.deaths.popleft()] += 1
        self.start()
        return True

    def stop(self) -> None:
        """Stop it in good order."""
        self.process.terminate()
        self.process.join(timeout=PATIENCE)
        assert self.process.exitcode == 0, f"{self.name} ended with {self.process.exitcode}:\n{self.said()}"

    def end(self) -> None:
        """End it in any way."""
        if self.process is not None and self.process.is_alive():
            self.process.kill()
            self.process.join()

    def said(self) -> str:
        """Return the end of what its processes wrote."""
        path = self.folder / f"{self.name}.txt"
        # The process makes the file, and may not have come to that.
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def _kill_from_outside(self) -> None:
        if not self.deaths or self.deaths[0] != OUTSIDE or not self.mark.exists():
            return
        if self.due is None:
            self.due = time.monotonic() + self.chance.uniform(0, LONGEST_WAIT)
        if time.monotonic() >= self.due:
            self.process.kill()
            self.process.join()


@dataclass
class MortalWorker(Mortal):
    """A worker of a role."""

    role: str = ""
    number: int = 0

    def asked(self) -> tuple[Callable[[dict[str, Any]], None], dict[str, Any]]:
        """See `Mortal`."""
        return mortal_worker.work, {"role": self.role, "number": self.number}


@dataclass
class MortalPass(Mortal):
    """The command `rescreen run` on one kind of subject, until it has ended well."""

    subject: str = ""
    latest: int = 1
    ends: bool = True

    def asked(self) -> tuple[Callable[[dict[str, Any]], None], dict[str, Any]]:
        """See `Mortal`."""
        return mortal_pass.rescreen, {"subject": self.subject}

    def ended(self) -> bool:
        """Say whether it has ended well, and not died."""
        return self.process.exitcode == 0


@contextlib.contextmanager
def started(fleet: Sequence[Mortal]) -> Iterator[None]:
    """Start them all, stop them in good order after what is done meanwhile, and end them whatever happens."""
    try:
        for mortal in fleet:
            mortal.start()
        yield
        for mortal in fleet:
            mortal.stop()
    finally:
        for mortal in fleet:
            mortal.end()


def look(fleet: Sequence[Mortal]) -> int:
    """Look after everybody, and say how many died."""
    return sum(mortal.look() for mortal in fleet)


def keep_busy(fleet: Sequence[Mortal], publish: Callable[[], None], *, more: float, most: float = math.inf) -> None:
    """Publish on until everybody has died their deaths.

    Args:
        fleet: they.
        publish: publishes something, at each death.
        more: seconds after which it is called again where nobody died, so that there is always work.
        most: calls after which that is done `_SELDOMER` times as seldom: somebody waits long for their share,
            and must find some when it comes.
    """
    deadline, last, calls = time.monotonic() + PATIENCE, -math.inf, 0
    while any(mortal.deaths for mortal in fleet):
        if look(fleet) or time.monotonic() - last > (more if calls < most else _SELDOMER * more):
            publish()
            last, calls = time.monotonic(), calls + 1
        left = {mortal.name: list(mortal.deaths) for mortal in fleet if mortal.deaths}
        if time.monotonic() >= deadline:
            said = "\n".join(mortal.said() for mortal in fleet)
            raise AssertionError(f"deaths left after {PATIENCE:.0f} s and {calls} calls: {left}\n{said}")
        time.sleep(0.01)


def _life(does: Callable[[dict[str, Any]], None], asked: dict[str, Any], said: str) -> None:
    """Do what is asked, in a process of its own."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number in (1, 2):
        os.dup2(out, number)
    does(asked)


def left_behind(broker: str, prefix: str, names: tuple[str, ...]) -> int:
    """Return how many records of some topics were written and never committed."""
    everything, committed = (_count(broker, prefix, names, level) for level in ("read_uncommitted", "read_committed"))
    return everything - committed


def _count(broker: str, prefix: str, names: tuple[str, ...], level: str) -> int:
    consumer = KafkaConsumer(
        bootstrap_servers=[broker], isolation_level=level, auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        topics_ = [prefix + name for name in names]
        places = [TopicPartition(topic, one) for topic in topics_ for one in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        count, deadline = 0, time.monotonic() + PATIENCE
        while any(consumer.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, f"reading {topics_} ({level}) stood still"
            count += sum(len(records) for records in consumer.poll(timeout_ms=200).values())
        return count
    finally:
        consumer.close()
