"""Texts of Latin letters, ready to be searched for those within a few edits of another.

An edit changes the length by at most one and takes at most one letter from the set of letters of either text. Texts
stand sorted by length, so that those of a length not too far off are one slice, and each set of letters is a number
of 64 bits, so that most of a slice is told from the text by one pass of arithmetic. Whatever passes is measured.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.watchlist.scoring import LONGEST, MOST_EDITS, edits_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from screening.watchlist.scoring import Integers

    Bits = npt.NDArray[np.uint64]
    Small = npt.NDArray[np.int8]

_LETTERS = 26
_BLOCK = 1 << 16
"""So many texts are looked through at once, that what is worked on stays in the processor's cache."""


@functools.cache
def allowing(most: Callable[[int], int]) -> Integers:
    """Return as a table how many edits two texts may have, by the length of the longer."""
    return np.array([most(length) for length in range(LONGEST)], dtype=np.int64)


class Signatures:
    """Texts of the letters a to z.

    Args:
        texts: the texts, of fewer than `LONGEST` letters; their places in this sequence are what a search gives.
        allowed: how many edits a text may have to one searched for, by the length of the longer (`allowing`).
        same_start: whether only texts that begin with the same letter count; then they are kept by it.
    """

    def __init__(self, texts: Sequence[str], allowed: Integers, *, same_start: bool = False) -> None:
        self._allowed = allowed
        self._same_start = same_start
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        keys = lengths + LONGEST * np.array([_start(text) for text in texts], np.int64) if same_start else lengths
        self._order = np.argsort(keys, kind="stable")
        ordered = [texts[place] for place in self._order.tolist()]
        self._texts = np.empty(len(texts), object)
        self._texts[:] = ordered
        self._keys = keys[self._order]
        self._lengths = lengths[self._order]
        self._bits = _bits_of(ordered, self._lengths)
        self._windows: dict[int, _Window] = {}

    def near(self, text: str) -> tuple[Integers, Integers]:
        """Return the places of the texts within the edits allowed, and how many edits each has."""
        window = self._window(text)
        mine = np.uint64(_signature(text))
        kept = self._passing(mine, window)
        if not kept.size:
            return _NOTHING, _NOTHING
        apart = edits_to(text, self._texts[kept].tolist(), window.reach)
        within = apart <= window.most[kept - window.start]
        return self._order[kept[within]], apart[within]

    def _window(self, text: str) -> _Window:
        """Return the slice of texts that are not too long or short; the same for all texts of a length."""
        length = len(text)
        base = LONGEST * _start(text) if self._same_start else 0
        window = self._windows.get(base + length)
        if window is None:
            reach = int(self._allowed[length + MOST_EDITS])
            edges = (base + max(0, length - reach), base + length + reach + 1)
            start, end = self._keys.searchsorted(edges).tolist()
            lengths = self._lengths[start:end]
            most = self._allowed[np.maximum(lengths, length)]
            window = _Window(
                start, end, reach, most.astype(np.int8), (2 * most - abs(lengths - length)).astype(np.int8)
            )
            self._windows[base + length] = window
        return window

    def _passing(self, mine: np.uint64, window: _Window) -> Integers:
        """Return where in a slice the letters differ by no more than the edits allowed can make them."""
        found = []
        for first in range(window.start, window.end, _BLOCK):
            last = min(window.end, first + _BLOCK)
            apart = np.bitwise_count(self._bits[first:last] ^ mine)
            found.append((apart <= window.apart[first - window.start : last - window.start]).nonzero()[0] + first)
        if not found:
            return _NOTHING
        kept: Integers = found[0] if len(found) == 1 else np.concatenate(found)
        theirs, most = self._bits[kept], window.most[kept - window.start]
        passing = (np.bitwise_count(theirs & ~mine) <= most) & (np.bitwise_count(mine & ~theirs) <= most)
        passed: Integers = kept[passing]
        return passed


class _Window(NamedTuple):
    """A slice of texts: the edits that any may have, that each may have, and how many letters each may differ in.

    Who is longer by some letters has so many edits fewer in which a letter takes another's place, which make two
    letters differ.
    """

    start: int
    end: int
    reach: int
    most: Small
    apart: Small


_NOTHING: Integers = np.empty(0, np.int64)


def _start(text: str) -> int:
    return ord(text[0]) - 96 if text else 0


def _signature(text: str) -> int:
    """Return the set of letters of a text as bits: one bit for a letter, another where it stands twice or more."""
    bits = 0
    for letter in text:
        bit = 1 << (ord(letter) - 97)
        bits |= bit << _LETTERS if bits & bit else bit
    return bits


def _bits_of(texts: Sequence[str], lengths: Integers) -> Bits:
    """Return the signatures of texts; those that stand side by side with one length are read together."""
    bits = np.zeros(len(texts), np.uint64)
    edges = [0, *(np.flatnonzero(np.diff(lengths)) + 1).tolist(), len(texts)]
    for first, last in itertools.pairwise(edges):
        for start in range(first, last, _BLOCK):
            run = texts[start : min(last, start + _BLOCK)]
            letters = np.frombuffer("".join(run).encode("ascii"), np.uint8).reshape(len(run), int(lengths[first]))
            for number in range(_LETTERS):
                times = (letters == 97 + number).sum(axis=1)
                bits[start : start + len(run)] |= (times > 0).astype(np.uint64) << np.uint64(number)
                bits[start : start + len(run)] |= (times > 1).astype(np.uint64) << np.uint64(_LETTERS + number)
    return bits
