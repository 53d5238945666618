"""What is around suspicious places of a text, and a reading written down piece by piece.

A view that reads only parts of a text finds the places that look suspicious, takes the stretches around them and writes
each stretch anew. Stretches never reach across a `SEPARATOR`, so a text's neighbours in a batch do not matter.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from screening.text.normalize import SEPARATOR
from screening.text.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screening.text.reading import View

REACH = 8
"""Characters read on each side of a suspicious place: what a long term may hold besides."""


def stretches(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield stretches of a text and the spans that each was taken for.

    >>> list(stretches("一二三四五六七八九十加微信", [(9, 10), (12, 13)]))
    [(1, 13, [(9, 10), (12, 13)])]

    Args:
        text: normalised text.
        spans: suspicious places, in the order of their starts; they may overlap.
    """
    group: list[tuple[int, int]] = []
    first = last = 0
    for start, end in spans:
        if group and start <= last:
            last = max(last, _after(text, end))
            group.append((start, end))
            continue
        if group:
            yield first, last, group
        group, first, last = [(start, end)], _before(text, start), _after(text, end)
    if group:
        yield first, last, group


class Writer:
    """Writes a reading: characters as they stand, and characters said by something else."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._starts: list[Sequence[int]] = []
        self._ends: list[Sequence[int]] = []

    def keep(self, text: str, start: int, end: int) -> None:
        """Write a part of the text as it stands."""
        self._texts.append(text[start:end])
        self._starts.append(range(start, end))
        self._ends.append(range(start + 1, end + 1))

    def say(self, characters: str, start: int, end: int) -> None:
        """Write characters that a span of the text says, each of them for the whole span."""
        self._texts.append(characters)
        self._starts.append((start,) * len(characters))
        self._ends.append((end,) * len(characters))

    def part(self, place: int) -> None:
        """End a part: what follows does not follow what was written so far."""
        self.say(SEPARATOR, place, place)

    def reading(self, view: View) -> Reading:
        """Return what was written."""
        starts, ends = (
            np.fromiter(itertools.chain.from_iterable(places), dtype=np.int32) for places in (self._starts, self._ends)
        )
        return Reading(view, "".join(self._texts), starts, ends)


def _before(text: str, place: int) -> int:
    start = max(0, place - REACH)
    return text.rfind(SEPARATOR, start, place) + 1 or start


def _after(text: str, place: int) -> int:
    end = text.find(SEPARATOR, place, place + REACH)
    return min(len(text), place + REACH) if end < 0 else end
