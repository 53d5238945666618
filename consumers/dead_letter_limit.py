"""How many dead letters a role may write before it stops: a bad deployment must not drain a topic into them.

A release that cannot read what the former one could would turn every record into a dead letter, faster than anybody
looks. So a role counts in the order in which it reads, and stops before it commits the batch that passes a limit.
What it counts is this process's; a restart counts anew.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consumers.dead_letter import PREFIX, place_in
from consumers.log.port import TopicPartition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consumers.log.port import Outgoing, Record


class TooManyDeadLetters(Exception):
    """A role stops, for too much of what it reads cannot be read; nothing of the batch was committed."""


@dataclass(slots=True)
class DeadLetterLimit:
    """Counts what one worker of a role reads.

    Attributes:
        role: the role's name.
        in_a_row: how many records in a row may be dead letters; 0 for any number.
        percent: how many of a hundred of the last `window` records may be; 100 for any share.
        window: how many records the share is taken of; before so many were read it is not looked at.
    """

    role: str
    in_a_row: int = 0
    percent: int = 100
    window: int = 1000
    _row: int = 0
    _last: deque[bool] = field(default_factory=deque)
    _dead: int = 0
    _counted: dict[TopicPartition, int] = field(default_factory=dict)

    def check(self, records: Iterable[Record], outputs: Iterable[Outgoing]) -> None:
        """Count some records in their order; a record that comes again after an abort is not counted again.

        Args:
            records: what was read, without markers.
            outputs: what follows from them, the dead letters among it.

        Raises:
            TooManyDeadLetters: a limit is passed.
        """
        letters = {stood: one for one in outputs if (stood := place_in(one)) is not None}
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if record.offset <= self._counted.get(place, -1):
                continue
            self._counted[place] = record.offset
            letter = letters.get((record.topic, record.partition, record.offset))
            self._count(dead=letter is not None)
            if letter is not None:
                self._look(record, letter)

    def _count(self, *, dead: bool) -> None:
        self._row = self._row + 1 if dead else 0
        self._last.append(dead)
        self._dead += dead
        if len(self._last) > self.window:
            self._dead -= self._last.popleft()

    def _look(self, record: Record, letter: Outgoing) -> None:
        if self.in_a_row and self._row > self.in_a_row:
            found, expected = f"{self._row} records in a row", f"{self.in_a_row} in a row at most"
            flag = f"--dead-letters-in-a-row {10 * self.in_a_row}"
        elif len(self._last) == self.window and 100 * self._dead > self.percent * self.window:
            found, expected = f"{self._dead} of the last {self.window} records", f"{self.percent} % at most"
            flag = "--dead-letter-percent 100"
        else:
            return
        raise TooManyDeadLetters(
            f"{self.role}: found {found} that cannot be read (the last: {record.topic}, partition {record.partition},"
            f" offset {record.offset}: {_reason(letter)}), expected {expected}; stopped, and nothing of this batch was"
            " committed. If a new release reads what the former one wrote otherwise, go back to the former one; if"
            f" producers really sent this, let it pass for one run: `screening run {self.role} {flag}`"
        )


def _reason(letter: Outgoing) -> str:
    """Return where a letter's record is faulty, without what was found there, which is somebody's content."""
    error = next(value for name, value in letter.headers[::-1] if name == PREFIX + "error").decode()
    where, told, _ = error.partition(": found ")
    return where if told else ":".join(error.split(":")[:2])
