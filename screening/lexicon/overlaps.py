"""Which of overlapping hits stay.

1. Overlapping hits of one category in one field: the gravest stays (the lesser of severity and ceiling, then severity),
   then the longest, then the leftmost. Gravity comes first so that a further entry never weakens a verdict: a grave
   term that here is evidence only must not hide a serious one that calls for a person. Hits of different categories are
   all kept.
2. Of one category at most `MOST_HITS` are kept in a field, gravest first: a flood never hides another category and
   never turns a hit into none.
"""

from __future__ import annotations

import bisect
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from screening.lexicon.certainty import GRAVITY, SCORES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.evidence import Ceiling
    from screening.lexicon.entries import Entry
    from screening.text.reading import View

MOST_HITS = 50
"""Hits of one category kept in one field: enough evidence for any person, and a result stays far below 10 MiB."""

MOST_CHAINED = 50_000
"""Overlapping hits in a row that are resolved together in a field that is cut; beyond it (one character repeated for
pages) they are resolved in pieces. Memory stays bounded, and nothing graver is lost: each piece keeps its gravest."""


class Found(NamedTuple):
    """A hit before overlaps are resolved.

    Attributes:
        entry: whose hit it is; what is shared where it is a plain list's.
        term: the spelling as written in the lexicon.
        start: where it begins in the field's text.
        end: where it ends there.
        width: how many normalised characters its term covers; words that belong to it do not count.
        view: the view that found it.
        ceiling: the most it may lead to here.
        steps: what of the context took part.
        listed: whether it is a term of a plain list.
    """

    entry: Entry
    term: str
    start: int
    end: int
    width: int
    view: View
    ceiling: Ceiling
    listed: bool
    steps: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int, float, str, str]:
        """Sort key: who wins comes first."""
        severity, ceiling = self.entry.severity, GRAVITY[self.ceiling]
        gravity = 100 * min(severity - 1, ceiling) + 10 * severity + ceiling
        return (-gravity, -self.width, self.start, -SCORES[self.view], self.entry.id, self.term)


def resolved(founds: Sequence[Found]) -> list[Found]:
    """Return, of one category in one field, the hits that stay, best first."""
    if len(founds) == 1:
        return list(founds)
    kept: list[Found] = []
    taken: list[tuple[int, int]] = []
    for found in sorted(founds, key=attrgetter("rank")):
        at = bisect.bisect_left(taken, (found.start, found.end))
        if at and taken[at - 1][1] > found.start:
            continue
        if at < len(taken) and taken[at][0] < found.end:
            continue
        taken.insert(at, (found.start, found.end))
        kept.append(found)
        if len(kept) == MOST_HITS:
            break
    return kept


class Settling:
    """Resolves the hits of one category in a long field as they come, keeping only what may still matter.

    Hits that overlap in a chain are resolved together, and chains do not touch each other, so a chain that has ended is
    resolved once, and of all that stayed the best `MOST_HITS` are kept: the same as resolving all hits at once.
    """

    def __init__(self) -> None:
        self._kept: list[Found] = []
        self._open: list[Found] = []

    def add(self, founds: Iterable[Found], settled: int) -> None:
        """Take further hits; those to come begin at `settled` or later, or reach beyond it."""
        waiting = sorted((*self._open, *founds), key=attrgetter("start"))
        chain: list[Found] = []
        reached = 0
        for found in waiting:
            if chain and (reached <= min(found.start, settled) or len(chain) >= MOST_CHAINED):
                self._close(chain)
                chain = []
            chain.append(found)
            reached = max(reached, found.end)
        if chain and reached <= settled:
            self._close(chain)
            chain = []
        self._open = chain

    def done(self) -> list[Found]:
        """Return the hits that stay, best first."""
        self._close(self._open)
        self._open = []
        return resolved(self._kept)

    def _close(self, chain: list[Found]) -> None:
        kept = sorted((*self._kept, *resolved(chain)), key=attrgetter("rank"))
        del kept[MOST_HITS:]
        self._kept = kept
