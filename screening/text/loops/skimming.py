"""The loop of `lexicon.skimming`: where in a text patterns may begin, and what of it must be searched.

To guess wrong and to wait for memory costs a processor more than all else here. So places are chosen without a question
that ordinary text answers now so, now so: first by one bit for each hash, few of which are set, in tables that stay
close to the processor, and only of these are widths looked up, which lie further away. Little is noted meanwhile.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, grown, read, ready
from screening.text.loops.hashing import AGAIN, bit, three, two
from screening.text.normalize import SEPARATOR

_PARTED = ord(SEPARATOR)
_CODES, _BYTES = read(np.uint32), read(np.uint8)
_TWO = np.uint8(2)
_AT_ONCE = 2048
"""Places chosen by bits at once."""


@compiled
def _chosen(codes: Any, single: Any, pairs: Any, longer: Any, shifts: Any, chosen: Any) -> Any:
    """Note the places of a few characters that may begin a pattern by a bit, and return how many there are."""
    found: Any = 0
    for at in range(codes.size - 2):
        hashed = two(codes[at], codes[at + 1])
        may = bit(pairs, hashed, shifts[0]) | bit(longer, three(hashed, codes[at + 2]), shifts[1])
        if single.size:
            may |= single[codes[at]]
        chosen[found] = at
        found += np.int64(may)
    return found


@compiled
def _beginnings(codes: Any, single: Any, pairs: Any, longer: Any, widths: Any, shifts: Any) -> Any:
    """Return where patterns may begin, in order, and how far the longest of them would reach."""
    size = codes.size
    chosen = np.empty(min(size, _AT_ONCE), np.int32)
    starts, reached = np.empty(size // 16 + 2 * _AT_ONCE, np.int32), np.empty(size // 16 + 2 * _AT_ONCE, np.uint8)
    count: Any = 0
    for begin in range(0, size - 2, _AT_ONCE):
        # Cut out, so that the compiler sees that no place is negative.
        found = _chosen(codes[begin : begin + _AT_ONCE + 2], single, pairs, longer, shifts, chosen)
        if count + found > starts.size:
            starts, reached = grown(starts), grown(reached)
        for each in range(found):
            place = begin + np.int64(chosen[each])
            hashed = two(codes[place], codes[place + 1])
            triple = three(hashed, codes[place + 2])
            width = bit(longer, triple, shifts[1]) * widths[np.uint32(triple * AGAIN) >> shifts[2]]
            width = max(width, _TWO * bit(pairs, hashed, shifts[0]))
            if single.size:
                width = max(width, single[codes[place]])
            starts[count], reached[count] = place, width
            count += np.int64(width > 0)
    if count + 2 > starts.size:
        starts, reached = grown(starts), grown(reached)
    for at in range(max(0, size - 2), size):
        width = np.uint8(0)
        if at + 1 < size:
            width = _TWO * bit(pairs, two(codes[at], codes[at + 1]), shifts[0])
        if single.size:
            width = max(width, single[codes[at]])
        starts[count], reached[count] = at, width
        count += np.int64(width > 0)
    return starts[:count], reached[:count]


@ready(_CODES, *(_BYTES,) * 4, *(NUMBER,) * 4)
def skimmed(
    codes: Any,
    single: Any,
    pairs: Any,
    longer: Any,
    widths: Any,
    pair_shift: Any,
    longer_shift: Any,
    width_shift: Any,
    most: Any,
) -> Any:
    """Return what of a text must be searched, a `SEPARATOR` after each part, and where each character stood.

    Args:
        codes: the text's code points.
        single: by code point whether it is a pattern; empty where none is.
        pairs: a bit for each hash of two characters, set where a pattern is such a pair.
        longer: the same of three characters, set where a pattern begins with such.
        widths: by other bits of that hash how far the longest of these patterns reaches.
        pair_shift: how far the hash of two is shifted to a place among the bits.
        longer_shift: the same of three.
        width_shift: the same of the other bits.
        most: characters, beyond which nothing is written down.

    Returns:
        How many characters there are, these, and their places; fewer than there are where there are more than `most`.
    """
    size = codes.size
    shifts = (np.uint32(pair_shift), np.uint32(longer_shift), np.uint32(width_shift))
    starts, wide = _beginnings(codes, single, pairs, longer, widths, shifts)
    total: Any = 0
    reached: Any = -1
    for each in range(starts.size):
        at, end = np.int64(starts[each]), min(np.int64(starts[each]) + np.int64(wide[each]), size)
        total += np.int64(at > reached)
        total += max(reached, end) - max(at, reached)
        reached = max(reached, end)
    room = total if total <= most else 0
    kept, places = np.empty(room, np.uint32), np.empty(room, np.int64)
    if room == 0:
        return total, kept, places
    reached = -1
    count: Any = 0
    for each in range(starts.size):
        at, end = np.int64(starts[each]), min(np.int64(starts[each]) + np.int64(wide[each]), size)
        if at > reached >= 0:
            # What was found before ends here, parted from what follows.
            kept[count], places[count] = _PARTED, reached
            count += 1
        for place in range(max(at, reached), max(end, reached)):
            kept[count], places[count] = codes[place], place
            count += 1
        reached = max(reached, end)
    kept[count], places[count] = _PARTED, reached
    return total, kept, places
