"""The loop of `lexicon.skimming`: where in a text patterns may begin, and what of it must be searched.

To guess wrong and to wait for memory costs a processor more than all else here. So places are chosen without a question
that ordinary text answers now so, now so: first by one bit for each hash, few of which are set, in tables that stay
close to the processor, and only of these are widths looked up, which lie further away.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.hashes import AGAIN, FIRST, SECOND, THIRD
from screening.text.normalize import SEPARATOR

_PARTED = ord(SEPARATOR)
_CODES, _BYTES = read(np.uint32), read(np.uint8)
_ONE, _TWO = np.uint8(1), np.uint8(2)


@compiled
def _two(first: Any, second: Any) -> Any:
    return np.uint32(np.uint32(first * FIRST) ^ np.uint32(second * SECOND))


@compiled
def _three(two: Any, third: Any) -> Any:
    return np.uint32(np.uint32(two * THIRD) ^ np.uint32(third * FIRST))


@compiled
def _bit(bits: Any, hashed: Any, shift: Any) -> Any:
    place = np.uint32(hashed >> shift)
    return np.uint8(bits[np.uint64(place >> np.uint32(3))] >> np.uint8(place & np.uint32(7))) & _ONE


@compiled
def _beginnings(codes: Any, single: Any, pairs: Any, longer: Any, widths: Any, shifts: Any) -> Any:
    """Return where patterns may begin, in order, and how far the longest of them would reach."""
    size = codes.size
    starts, reached = np.empty(size, np.int32), np.empty(size, np.uint8)
    chosen: Any = 0
    count: Any = 0
    for at in range(size - 2):
        two = _two(codes[at], codes[at + 1])
        may = _bit(pairs, two, shifts[0]) | _bit(longer, _three(two, codes[at + 2]), shifts[1])
        if single.size:
            may |= single[codes[at]]
        starts[chosen] = at
        chosen += np.int64(may)
    for each in range(chosen):
        place = np.int64(starts[each])
        two = _two(codes[place], codes[place + 1])
        three = _three(two, codes[place + 2])
        width = _bit(longer, three, shifts[1]) * widths[np.uint32(three * AGAIN) >> shifts[2]]
        width = max(width, _TWO * _bit(pairs, two, shifts[0]))
        if single.size:
            width = max(width, single[codes[place]])
        starts[count], reached[count] = place, width
        count += np.int64(width > 0)
    for at in range(max(0, size - 2), size):
        width = np.uint8(0)
        if at + 1 < size:
            width = _TWO * _bit(pairs, _two(codes[at], codes[at + 1]), shifts[0])
        if single.size:
            width = max(width, single[codes[at]])
        starts[count], reached[count] = at, width
        count += np.int64(width > 0)
    return starts[:count], reached[:count]


@ready(_CODES, *(_BYTES,) * 4, *(NUMBER,) * 3, written(np.uint32), written(np.int64))
def skimmed(
    codes: Any,
    single: Any,
    pairs: Any,
    longer: Any,
    widths: Any,
    pair_shift: Any,
    longer_shift: Any,
    width_shift: Any,
    kept: Any,
    places: Any,
) -> Any:
    """Write down what of a text must be searched, a `SEPARATOR` after each part, and where each character stood.

    Args:
        codes: the text's code points.
        single: by code point whether it is a pattern; empty where none is.
        pairs: a bit for each hash of two characters, set where a pattern is such a pair.
        longer: the same of three characters, set where a pattern begins with such.
        widths: by other bits of that hash how far the longest of these patterns reaches.
        pair_shift: how far the hash of two is shifted to a place among the bits.
        longer_shift: the same of three.
        width_shift: the same of the other bits.
        kept: takes the code points.
        places: takes the places.

    Returns:
        How many were written; -1 where there are more than there is room for.
    """
    size: Any = codes.size
    count: Any = 0
    reached: Any = -1
    shifts = (np.uint32(pair_shift), np.uint32(longer_shift), np.uint32(width_shift))
    starts, wide = _beginnings(codes, single, pairs, longer, widths, shifts)
    for each in range(starts.size):
        at, end = np.int64(starts[each]), min(np.int64(starts[each]) + np.int64(wide[each]), size)
        if at > reached >= 0:
            # What was found before ends here, parted from what follows.
            if count == kept.size:
                return -1
            kept[count], places[count] = _PARTED, reached
            count += 1
        begins = max(at, reached)
        reached = max(reached, end)
        if count + reached - begins > kept.size:
            return -1
        for place in range(begins, reached):
            kept[count], places[count] = codes[place], place
            count += 1
    if reached >= 0:
        if count == kept.size:
            return -1
        kept[count], places[count] = _PARTED, reached
        count += 1
    return count
