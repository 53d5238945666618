"""What is around suspicious places of a text, and a reading written down piece by piece.

A view that reads only parts of a text finds the places that look suspicious, takes the stretches around them and writes
each stretch anew. Stretches never reach across a `SEPARATOR`, so a text's neighbours in a batch do not matter.

Ordinary text has such places too, a few in a thousand characters, so `around` and `rewritten` do both for all places of
a batch at once; `stretches` and `Writer` do the same one by one, for views whose places are rare.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from screening.text.codes import text_of
from screening.text.normalize import SEPARATOR
from screening.text.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from screening.text.normalize import Codes, Offsets
    from screening.text.reading import View

    Places = NDArray[np.intp]

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


def around(
    written: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return what `stretches` yields in columns: where each begins, where it ends, and its first span.

    Args:
        written: the code points of a normalised text.
        starts: where suspicious places begin, at least one, in order; none of them holds a `SEPARATOR`.
        ends: where each ends.
    """
    parted = np.concatenate(([-1], np.flatnonzero(written == ord(SEPARATOR)), [len(written)]))
    first = np.maximum(starts - REACH, parted[np.searchsorted(parted, starts) - 1] + 1)
    last = np.maximum.accumulate(np.minimum(ends + REACH, parted[np.searchsorted(parted, ends)]))
    begins = np.flatnonzero(np.concatenate(([True], starts[1:] > last[:-1])))
    return first[begins], last[np.append(begins[1:], len(starts)) - 1], begins


class Rewriting(NamedTuple):
    """Spans of stretches that are read as one character each, in columns and in order.

    Attributes:
        part: which stretch each lies in.
        starts: where each begins in the text.
        ends: where each ends.
        characters: the code point that each is read as.
    """

    part: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    characters: NDArray[np.uint32]


def rewritten(
    view: View, written: NDArray[np.uint32], firsts: NDArray[np.intp], lasts: NDArray[np.intp], spans: Rewriting
) -> Reading:
    """Return stretches of a text, a `SEPARATOR` after each, with some spans read as one character.

    Args:
        view: the view that reads so.
        written: the code points of a normalised text.
        firsts: where each stretch begins.
        lasts: where each ends.
        spans: what is read as something else; the spans of one stretch do not overlap.
    """
    lengths = lasts - firsts + 1
    after = np.cumsum(lengths)
    shift = after - lengths - firsts
    places = np.arange(after[-1]) - np.repeat(shift, lengths)
    stops = after - 1
    codes = written[np.minimum(places, len(written) - 1)]
    codes[stops] = ord(SEPARATOR)
    ends = places + 1
    ends[stops] = lasts
    here = spans.starts + shift[spans.part]
    codes[here] = spans.characters
    ends[here] = spans.ends
    # What follows within a span is part of what was just said.
    inner = spans.ends - spans.starts - 1
    kept = np.ones(len(places), dtype=np.bool_)
    kept[np.repeat(here + 1 - np.cumsum(inner) + inner, inner) + np.arange(inner.sum())] = False
    text = codes[kept].tobytes().decode("utf-32-le", "surrogatepass")
    return Reading(view, text, _offsets(places[kept]), _offsets(ends[kept]))


def reread(
    looped: Any, view: View, written: Codes, spans: tuple[Places, Places, Codes], wanted: NDArray[np.bool_], most: int
) -> Reading | None:
    """Return what `rewritten` gives for the stretches in which a span is wanted, by a compiled loop.

    Args:
        looped: the loops.
        view: the view that reads so.
        written: the code points of a normalised text.
        spans: where suspicious places begin and end, in order, and the character that each is read as; 0 for several.
        wanted: which of them are looked for.
        most: spans of one stretch up to which they are sure not to overlap.

    Returns:
        None where a stretch has more spans, or a span several characters.
    """
    starts, ends, _ = spans
    room = int((ends - starts).sum()) + (2 * REACH + 1) * len(starts)
    codes = np.empty(room, dtype=np.uint32)
    firsts, lasts = np.empty((2, room), dtype=np.int32)
    count = looped.reread(written, REACH, *spans, wanted, most, codes, firsts, lasts)
    if count < 0:
        return None
    return Reading(view, text_of(codes[:count]), firsts[:count], lasts[:count])


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


def _offsets(places: NDArray[np.intp]) -> Offsets:
    return places.astype(np.int32)


def _before(text: str, place: int) -> int:
    start = max(0, place - REACH)
    return text.rfind(SEPARATOR, start, place) + 1 or start


def _after(text: str, place: int) -> int:
    end = text.find(SEPARATOR, place, place + REACH)
    return min(len(text), place + REACH) if end < 0 else end
