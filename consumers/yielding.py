"""How a re-screening lets live roles go first, and never waits for ever.

1. Live is a role whose group has members. What waits for a role that does not run keeps nobody waiting.
2. While more waits for a live role than the settings say, in records or in seconds, nothing is judged or sent.
3. After `rescreen.most_pause_seconds` a portion goes out all the same: that is the least pace.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consumers import content, enforcement, registrations
from consumers.log.port import TopicPartition
from consumers.wiring import group_of, topics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consumers.log.port import Log, Position
    from consumers.settings import RescreenSettings

ROLES: Final = (enforcement.NAME, content.NAME, registrations.NAME)
"""Whose work somebody waits for; the most crowded first."""

LIVE_SECONDS: Final = 5.0
"""How long it is believed that a role runs, or does not: below any lease, and seldom enough for a broker."""

TELL_SECONDS: Final = 1.0
"""How often a wait is told: soon enough for a person, and no work beside a page."""

_NAPS: Final = (0.02, 0.2)
"""The least and the longest between two looks: each asks the log, which has other work, above all a broker."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What waits for a live role."""

    role: str
    records: int
    seconds: float

    def __str__(self) -> str:
        """Return it as people read it."""
        return f"{self.role}: {self.records} records wait, the first for {self.seconds:.1f} s"


class Yielding:
    """Waits for live roles before a piece of work.

    Args:
        log: where their work waits.
        limits: how much may wait for them, and how long they are waited for.
        clock: returns the seconds of a clock that never goes back.
        wall: returns the time, in seconds since the epoch.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        log: Log,
        limits: RescreenSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._log = log
        self._limits = limits
        self._clock = clock
        self._wall = wall
        self._sleep = sleep
        self._looked = -LIVE_SECONDS
        self._live: tuple[str, ...] = ()
        self._told = clock()

    @property
    def live(self) -> tuple[str, ...]:
        """The roles that run."""
        now = self._clock()
        if now >= self._looked + LIVE_SECONDS:
            self._live = tuple(role for role in ROLES if self._log.members(group_of(role)))
            self._looked = now
        return self._live

    def behind(self) -> Behind | None:
        """Return the first live role for which too much waits; None where all keep up."""
        for role in self.live:
            one = waiting_for(self._log, role, self._wall())
            if one.records > self._limits.most_waiting or one.seconds > self._limits.most_waiting_seconds:
                return one
        return None

    def wait(self, tell: Callable[[Behind], None]) -> None:
        """Wait until live roles keep up, for as long as it may take at most; `tell` is told now and then for what.

        How often it is told does not depend on how long one pause may be: many short ones are told as a long one is.
        """
        began, nap = self._clock(), _NAPS[0]
        while (behind := self.behind()) is not None:
            now = self._clock()
            if now >= self._told + TELL_SECONDS:
                tell(behind)
                self._told = now
            if now >= began + self._limits.most_pause_seconds:
                return
            self._sleep(nap)
            nap = min(2 * nap, _NAPS[1])


def waiting_for(log: Log, role: str, now: float) -> Behind:
    """Return what waits for a role, whether it runs or not."""
    # Offsets without a record are those of transactions: nobody waits for them.
    found = [one for one in log.waiting(group_of(role), topics_of(role)).values() if one.since is not None]
    since = min((one.since for one in found if one.since is not None), default=None)
    return Behind(role, sum(one.offsets for one in found), 0.0 if since is None else max(0.0, now - since / 1000))


def keeps_up(
    log: Log,
    role: str,
    patience: float,
    tell: Callable[[Behind], None],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until whoever runs a role has reached the ends that its topics have now.

    Args:
        log: the log.
        role: the role.
        patience: how many seconds it may stand still.
        tell: is told now and then what waits.
        clock: returns the seconds of a clock that never goes back.
        sleep: waits for some seconds.

    Returns:
        False where nobody runs it, or whoever does stands still: then somebody else must.
    """
    group, names = group_of(role), topics_of(role)
    ends = {TopicPartition(name, number): bounds for name in names for number, bounds in log.bounds(name).items()}
    moved = told = clock()
    looked, before = moved - LIVE_SECONDS, -1
    while True:
        if clock() >= looked + LIVE_SECONDS:
            looked = clock()
            if not log.members(group):
                return False
        committed = log.committed(group, names)
        left = sum(max(0, end - _offset(committed, place, first)) for place, (first, end) in ends.items())
        if not left:
            return True
        now = clock()
        if left != before:
            before, moved = left, now
        elif now >= moved + patience:
            return False
        if now >= told + TELL_SECONDS:
            tell(waiting_for(log, role, time.time()))
            told = now
        sleep(_NAPS[1])


def _offset(committed: Mapping[TopicPartition, Position], place: TopicPartition, first: int) -> int:
    return committed[place].offset if place in committed else first
