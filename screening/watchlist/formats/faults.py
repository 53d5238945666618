"""The faults of one version of a list, gathered while its files are read."""

from __future__ import annotations

from typing import NoReturn

from screening.errors import Fault, WatchlistError

MOST_FAULTS = 50
"""How many faults are listed one by one: enough to see what is wrong, short enough to read."""


class Faults:
    """The faults of one version: all are counted, the first `MOST_FAULTS` kept."""

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    @property
    def count(self) -> int:
        """How many faults were noted."""
        return self._count

    def add(self, where: str, found: str, expected: str) -> None:
        """Note a fault."""
        self._count += 1
        if self._count <= MOST_FAULTS:
            self._kept.append(Fault(where, found, expected))

    def check(self) -> None:
        """Raise what was noted, if anything was.

        Raises:
            WatchlistError: there is a fault; the last says how many more there are than listed.
        """
        if self._count > MOST_FAULTS:
            more = Fault("and more", f"{self._count - MOST_FAULTS} more faults", "none")
            raise WatchlistError([*self._kept, more])
        if self._count:
            raise WatchlistError(self._kept)

    def stop(self, where: str, found: str, expected: str) -> NoReturn:
        """Note a fault after which nothing can be read, and raise all.

        Raises:
            WatchlistError: always.
        """
        self.add(where, found, expected)
        self.check()
        raise AssertionError("a fault was noted")
