"""Where in a long text a pattern may begin at all, told for all places at once.

An automaton takes a step for every character, and with many patterns each step waits for memory. But most places of a
text begin no pattern, which a look at a small table tells, by the hash of the three characters that stand there (of two
for patterns of two). Only what follows the other places, as far as the longest pattern with that beginning reaches, is
searched: a tenth of ordinary text, or less.

Nothing is lost: equal characters have equal hashes, so a place where a pattern stands is always kept. Unequal ones with
one hash are kept for nothing, and the automaton finds nothing there.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from screening.text.codes import codes_of, text_of
from screening.text.hashes import AGAIN, three, two
from screening.text.looping import loops
from screening.text.normalize import SEPARATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.lexicon.packed import PackedTexts

_LONG, _LONG_BY_LOOPS = 4_000, 100
"""Characters from which on skimming is cheaper than searching all: by arrays, and by a loop."""

_DENSE = 0.5
"""The share of a text from which on all of it is searched."""

_LEAST_BITS, _MOST_BITS = 10, 22
"""A table is at most 4 MiB. The smaller, the more of it stays close to the processor."""

_MOST_WHOLE = 26
"""Bits of the hash of whole patterns; a table of single bits is at most 8 MiB."""

_WIDEST = 255
"""Code points of a pattern that a table of bytes can hold."""

_NONE = np.empty(0, dtype=np.uint8)


class Skimmed(NamedTuple):
    """The parts of a text in which a pattern may stand, a `SEPARATOR` after each.

    Attributes:
        text: the parts.
        places: where each of its characters stands in the whole.
    """

    text: str
    places: NDArray[np.intp]


class _Table:
    """A number for each hash, 0 for most: by its leading bits, some of them to spare so that few share a place."""

    def __init__(self, count: int, spare: int) -> None:
        bits = min(max(count.bit_length() + spare, _LEAST_BITS), _MOST_BITS)
        self.shift = np.uint32(32 - bits)
        self.numbers = np.zeros(1 << bits, dtype=np.uint8)

    def put(self, hashes: NDArray[np.uint32], numbers: NDArray[np.uint8] | np.uint8) -> None:
        """Keep numbers; of several at one place the largest."""
        np.maximum.at(self.numbers, hashes >> self.shift, numbers)

    def get(self, hashes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Return the numbers that are kept for hashes, or more where others share their place."""
        return self.numbers.take(hashes >> self.shift)


def worthwhile(text: str) -> bool:
    """Say whether a text is long enough to be skimmed."""
    return len(text) >= (_LONG if loops() is None else _LONG_BY_LOOPS)


class Skimmer:
    """Skims texts for some patterns. Built once for them, then only read.

    Args:
        patterns: none of them empty.
        wanted: for each whether it is looked for; all where None.
    """

    def __init__(self, patterns: PackedTexts, wanted: NDArray[np.bool_] | None = None) -> None:
        self._patterns = patterns
        codes = codes_of(patterns.joined)
        ends = np.array(patterns.ends, dtype=np.int64)
        widths = np.diff(ends, prepend=0)
        self._inside = _inside(codes, ends)
        if wanted is not None:
            ends, widths = ends[wanted], widths[wanted]
        begins = ends - widths
        self._longest = int(widths.max(initial=0))
        self._fits = self._longest <= _WIDEST
        single = codes[begins[widths == 1]]
        self._single = np.zeros(0x110000, dtype=np.uint8) if len(single) else None
        if self._single is not None:
            self._single[single] = 1
        pairs, longer = begins[widths == 2], begins[widths > 2]
        self._pairs = _Table(len(pairs), 6) if len(pairs) else None
        if self._pairs is not None:
            self._pairs.put(two(codes[pairs], codes[pairs + 1]), np.uint8(2))
        hashes = three(two(codes[longer], codes[longer + 1]), codes[longer + 2])
        self._longer, self._closer, self._widths = (_Table(len(longer), spare) for spare in (2, 4, 4))
        self._longer.put(hashes, np.uint8(1))
        self._closer.put(hashes, np.uint8(1))
        self._widths.put(hashes * AGAIN, np.minimum(widths[widths > 2], _WIDEST).astype(np.uint8))
        paired = self._pairs or _Table(0, 0)
        self._tables = (
            _NONE if self._single is None else self._single,
            *(np.packbits(table.numbers, bitorder="little") for table in (paired, self._closer)),
            self._widths.numbers,
            *(int(table.shift) for table in (paired, self._closer, self._widths)),
        )
        self._within = (_NONE if self._single is None else self._single, self._inside.numbers, int(self._inside.shift))
        """What the compiled loop reads: tables, two of them of single bits, and how hashes are shifted to places."""

    def skim(self, text: str) -> Skimmed | None:
        """Return what of a text must be searched; None where that is most of it."""
        if not self._fits:
            return None
        codes = codes_of(text)
        looped = loops()
        if looped is not None:
            return self._looped(looped, codes)
        starts, widths = self._beginnings(codes)
        if not len(starts):
            return Skimmed("", starts)
        reached = np.minimum(np.maximum.accumulate(starts + widths), len(codes))
        parted = (starts[1:] > reached[:-1]).nonzero()[0]
        firsts = starts[np.concatenate(([0], parted + 1))]
        lasts = reached[np.append(parted, len(reached) - 1)]
        lengths = lasts - firsts + 1
        after = np.cumsum(lengths)
        if after[-1] > _DENSE * len(codes):
            return None
        places = np.arange(after[-1]) + np.repeat(firsts - after + lengths, lengths)
        kept = codes[np.minimum(places, len(codes) - 1)]
        kept[after - 1] = ord(SEPARATOR)
        return Skimmed(text_of(kept), places)

    def _looped(self, looped: Any, codes: NDArray[np.uint32]) -> Skimmed | None:
        """Do the same by a compiled loop."""
        most = int(_DENSE * len(codes))
        count, kept, places = looped.skimmed(codes, *self._tables, most)
        return None if count > most else Skimmed(text_of(kept), places)

    @property
    def within(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8], int]:
        """Return single characters and pairs inside patterns as tables for a loop, and how hashes are shifted."""
        return self._within

    @property
    def beginnings(self) -> tuple[Any, ...] | None:
        """Return with what patterns begin, as tables for a loop; None where a pattern may be one character."""
        if not self._fits or self._single is not None:
            return None
        wholes, shift = self._wholes
        return *self._tables[1:4], wholes, *self._tables[4:], shift, self._longest

    @functools.cached_property
    def _wholes(self) -> tuple[NDArray[np.uint8], int]:
        """Return two bits for each hash of a whole pattern of three characters or more, and how hashes are shifted."""
        codes = codes_of(self._patterns.joined)
        ends = np.array(self._patterns.ends, dtype=np.int64)
        widths = np.diff(ends, prepend=0)
        begins, widths = (ends - widths)[widths > 2], widths[widths > 2]
        hashes = two(codes[begins], codes[begins + 1])
        for at in range(2, widths.max(initial=0)):
            longer = (widths > at).nonzero()[0]
            hashes[longer] = three(hashes[longer], codes[begins[longer] + at])
        shift = 32 - min(max(len(begins).bit_length() + 5, _LEAST_BITS), _MOST_WHOLE)
        bits = np.zeros(1 << 32 - shift >> 3, dtype=np.uint8)
        for places in (hashes >> np.uint32(shift), hashes * AGAIN >> np.uint32(shift)):
            np.bitwise_or.at(bits, places >> np.uint32(3), np.uint8(1) << (places & np.uint32(7)).astype(np.uint8))
        return bits, shift

    def inside(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Say of pairs of characters whether they may follow one another inside a pattern; never no where they do."""
        known: NDArray[np.bool_] = self._inside.get(two(left, right)) != 0
        return known

    def beside(
        self, left: NDArray[np.uint32], middle: NDArray[np.uint32], right: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Say of characters, with what is beside them, whether patterns may hold them; never no where one does."""
        may = self.inside(left, middle) | self.inside(middle, right)
        return may if self._single is None else may | (self._single.take(middle) != 0)

    def _beginnings(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where patterns may begin, in order, and how far the longest of them would reach."""
        reached = np.zeros(len(codes), dtype=np.uint8)
        pairs = two(codes[:-1], codes[1:])
        triples = three(pairs[:-1], codes[2:])
        # Two more tables, of more and of other bits of that hash, drop most of what the first one keeps for nothing.
        kept = self._longer.get(triples).nonzero()[0]
        kept = kept[self._closer.get(triples.take(kept)) != 0]
        reached[kept] = self._widths.get(triples.take(kept) * AGAIN)
        if self._pairs is not None:
            np.maximum(reached[:-1], self._pairs.get(pairs), out=reached[:-1])
        if self._single is not None:
            np.maximum(reached, self._single.take(codes), out=reached)
        starts = (reached != 0).nonzero()[0]
        return starts, reached[starts].astype(np.intp)


def _inside(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> _Table:
    """Return the pairs of characters inside patterns."""
    within = np.ones(len(codes), dtype=np.bool_)
    within[ends - 1] = False
    left = np.flatnonzero(within)
    table = _Table(len(left), 4)
    table.put(two(codes[left], codes[left + 1]), np.uint8(1))
    return table
