"""What people decided about dead letters: replayed or discarded, by whom, why; on a topic, so that every host sees it.

Rules of this module:
1. A decision stands beside what it led to in one transaction of the one writer, so a letter is replayed once.
2. A decision is of a letter's id *and* digest: ids begin anew where a topic is made anew.
3. The last decision counts; a discarded letter may be replayed after all, a replayed one is done with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec

from consumers import topics
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    from consumers.dead_letter import Letter
    from consumers.log.port import Log

WRITER: Final = "dead-letters"
"""The name under which decisions are appended: of all hosts only one can decide at a time."""


class LetterDecision(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the topic; the key is the letter's id."""

    letter: str
    digest: str
    decision: Literal["replayed", "discarded"]
    by: str
    reason: str
    at: str
    mended: bool = False
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None

    def outgoing(self) -> Outgoing:
        """Return the decision as it stands on the log."""
        return Outgoing(topics.DEAD_LETTER_DECISIONS, self.letter.encode(), msgspec.json.encode(self))

    def told(self) -> str:
        """Return what was decided, by whom and when, in words."""
        where = "" if self.topic is None else f" as {self.topic} {self.partition}:{self.offset}"
        return f"{self.decision}{where} by {self.by} at {self.at}"


class LetterDecisions:
    """The decisions there are, read on from where the last look ended."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._next = 0
        self._known: dict[tuple[str, str], LetterDecision] = {}

    def read(self) -> None:
        """Take up what was decided since."""
        if self._log.missing([topics.DEAD_LETTER_DECISIONS]):  # made by an older release; `run` and `replay` add it
            return
        end = self._log.bounds(topics.DEAD_LETTER_DECISIONS)[0][1]
        for record in self._log.read(topics.DEAD_LETTER_DECISIONS, 0, self._next, end):
            decision = msgspec.json.decode(record.value or b"", type=LetterDecision)
            self._known[decision.letter, decision.digest] = decision
        self._next = max(self._next, end)

    def of(self, letter: Letter) -> LetterDecision | None:
        """Return the last decision on a letter, as of the last `read`."""
        return self._known.get((letter.id, letter.digest))
