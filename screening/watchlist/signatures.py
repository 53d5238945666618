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

from screening.watchlist.compiled import loops_for
from screening.watchlist.packing import Packable
from screening.watchlist.scoring import LONGEST, MOST_EDITS, edits_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from screening.watchlist.scoring import Integers

    Bits = npt.NDArray[np.uint64]
    Bytes = npt.NDArray[np.uint8]
    Numbers = npt.NDArray[np.int32]
    Small = npt.NDArray[np.int8]

MOST_LETTERS = 64
"""Longer texts are not asked of compiled loops, which keep a bit for each letter."""

_LETTERS = 26
_BLOCK = 1 << 16
"""So many texts are looked through at once, that what is worked on stays in the processor's cache."""


@functools.cache
def allowing(most: Callable[[int], int]) -> Integers:
    """Return as a table how many edits two texts may have, by the length of the longer."""
    return np.array([most(length) for length in range(LONGEST)], dtype=np.int64)


class Texts(NamedTuple):
    """Texts of the letters a to z in the order of their keys: their letters, and sets of letters, side by side.

    `order` is each text's place in the sequence given; `keys` are the different keys and `starts` where each begins.
    """

    order: Numbers
    letters: Bytes
    offsets: Integers
    keys: Integers
    starts: Integers
    bits: Bits


class Signatures(Packable):
    """Texts of the letters a to z.

    Args:
        texts: the texts, of fewer than `LONGEST` letters; their places in this sequence are what a search gives.
        same_start: whether only texts that begin with the same letter count; then they are kept by it.
    """

    FLEETING = frozenset({"_windows", "loops"})

    def __init__(self, texts: Sequence[str], *, same_start: bool = False) -> None:
        self._same_start = same_start
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        keys = lengths + LONGEST * np.array([_start(text) for text in texts], np.int64) if same_start else lengths
        order = np.argsort(keys, kind="stable")
        ordered = [texts[place] for place in order.tolist()]
        self._lengths = lengths[order]
        once, starts = np.unique(keys[order], return_index=True)
        self.texts = Texts(
            order.astype(np.int32),
            np.frombuffer("".join(ordered).encode("ascii"), np.uint8),
            np.concatenate((_ZERO, np.cumsum(self._lengths))),
            once,
            np.append(starts, len(texts)).astype(np.int64),
            _bits_of(ordered, self._lengths),
        )
        self.awake()

    def awake(self) -> None:
        """Begin with no slice looked for."""
        self._windows: dict[tuple[int, int], _Window] = {}
        self.loops = loops_for(len(self))

    def __len__(self) -> int:
        return self.texts.order.size

    def near(self, text: str, allowed: Integers) -> tuple[Integers, Integers]:
        """Return the places of the texts within the edits allowed, and how many edits each has.

        Args:
            text: the text asked for.
            allowed: how many edits there may be, by the length of the longer (`allowing`).
        """
        if self.loops is not None and len(text) <= MOST_LETTERS:
            base = LONGEST * _start(text) if self._same_start else 0
            found: tuple[Integers, Integers] = self.loops.near(as_bytes(text), base, self.texts, allowed)
            return found
        window = self._window(text, allowed)
        mine = np.uint64(_signature(text))
        kept = self._passing(mine, window)
        if not kept.size:
            return _NOTHING, _NOTHING
        apart = edits_to(text, [self._text(rank) for rank in kept.tolist()], window.reach)
        within = apart <= window.most[kept - window.start]
        return self.texts.order[kept[within]].astype(np.int64), apart[within]

    def _text(self, rank: int) -> str:
        first, last = self.texts.offsets[rank : rank + 2].tolist()
        return self.texts.letters[first:last].tobytes().decode("ascii")

    def _window(self, text: str, allowed: Integers) -> _Window:
        """Return the slice of texts that are not too long or short; the same for all texts of a length."""
        length = len(text)
        base = LONGEST * _start(text) if self._same_start else 0
        key = (id(allowed), base + length)
        window = self._windows.get(key)
        if window is None:
            reach = int(allowed[length + MOST_EDITS])
            edges = (base + max(0, length - reach), base + length + reach + 1)
            start, end = self.texts.starts[self.texts.keys.searchsorted(edges)].tolist()
            lengths = self._lengths[start:end]
            most = allowed[np.maximum(lengths, length)]
            window = _Window(
                start, end, reach, most.astype(np.int8), (2 * most - abs(lengths - length)).astype(np.int8)
            )
            self._windows[key] = window
        return window

    def _passing(self, mine: np.uint64, window: _Window) -> Integers:
        """Return where in a slice the letters differ by no more than the edits allowed can make them."""
        found = []
        for first in range(window.start, window.end, _BLOCK):
            last = min(window.end, first + _BLOCK)
            apart = np.bitwise_count(self.texts.bits[first:last] ^ mine)
            found.append((apart <= window.apart[first - window.start : last - window.start]).nonzero()[0] + first)
        if not found:
            return _NOTHING
        kept: Integers = found[0] if len(found) == 1 else np.concatenate(found)
        theirs, most = self.texts.bits[kept], window.most[kept - window.start]
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
_ZERO: Integers = np.zeros(1, np.int64)


def as_bytes(text: str) -> Bytes:
    """Return the letters of a text as numbers."""
    return np.frombuffer(text.encode("ascii"), np.uint8)


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
