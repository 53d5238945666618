"""The loop of `view_split`: where parts of characters stand side by side, and which may be looked for there."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.loops.hashing import AGAIN, bit, holds, two

_CODES, _KEYS, _PLACES = read(np.uint32), read(np.uint64), read(np.int64)
_BYTES, _OUT = read(np.uint8), written(np.int64)
_BITS = np.uint64(21)


@compiled
def _place(keys: Any, key: Any) -> Any:
    """Return the place of a key among others in order, -1 where it is not there."""
    at = np.searchsorted(keys, key)
    return at if at < keys.size and keys[at] == key else -1


@ready(
    _CODES, _BYTES, _BYTES, NUMBER, _KEYS, _PLACES, _KEYS, _PLACES, _CODES, _BYTES, _BYTES, NUMBER,
    _OUT, _OUT, _OUT, written(np.bool_)
)  # fmt: skip
def joints(
    codes: Any,
    beginnings: Any,
    beginnings_again: Any,
    beginning_shift: Any,
    triples: Any,
    made_of_triples: Any,
    pairs: Any,
    made_of_pairs: Any,
    alone: Any,
    single: Any,
    within: Any,
    within_shift: Any,
    starts: Any,
    ends: Any,
    made: Any,
    wanted: Any,
) -> Any:
    """Find all parts that may be joined, in the order of their starts, the longest first.

    Args:
        codes: the code points of a text.
        beginnings: a bit for each hash of two characters, set where a way of writing a character begins with such.
        beginnings_again: the same for another hash, for what two of them have in common by chance.
        beginning_shift: how far hashes are shifted to a place among the bits.
        triples: the ways of three parts, each as one number, in order.
        made_of_triples: what each of them makes.
        pairs: the ways of two parts.
        made_of_pairs: what each of them makes.
        alone: for what is made the one character that it is, 0 where it may be several.
        single: by code point whether it alone is looked for; empty where none is.
        within: by the hash of two characters whether they stand side by side in something that is looked for; empty
            where everything is wanted.
        within_shift: how far that hash is shifted to a place.
        starts: takes where each joint begins.
        ends: takes where it ends.
        made: takes what it makes.
        wanted: takes whether that may stand there in something that is looked for.

    Returns:
        How many there are; -1 where there are more than there is room for, 0 where none is wanted.
    """
    size: Any = codes.size
    found: Any = 0
    may: Any = 0
    places = np.empty(max(size, 1), np.int32)
    shift = np.uint32(beginning_shift)
    for at in range(size - 1):
        places[may] = at
        may += np.int64(bit(beginnings, two(codes[at], codes[at + 1]), shift))
    for each in range(may):
        begin = np.int64(places[each])
        if not bit(beginnings_again, np.uint32(two(codes[begin], codes[begin + 1]) * AGAIN), shift):
            continue
        key = np.uint64(codes[begin]) << _BITS | np.uint64(codes[begin + 1])
        if found + 2 > starts.size:
            return -1
        if begin + 2 < size:
            place = _place(triples, key << _BITS | np.uint64(codes[begin + 2]))
            if place >= 0:
                starts[found], ends[found], made[found] = begin, begin + 3, made_of_triples[place]
                found += 1
        place = _place(pairs, key)
        if place >= 0:
            starts[found], ends[found], made[found] = begin, begin + 2, made_of_pairs[place]
            found += 1
    if not within.size:
        wanted[:found] = True
        return found
    several = False
    last: Any = -1
    shift = np.uint32(within_shift)
    for each in range(found):
        character = alone[made[each]]
        left, right = codes[max(starts[each] - 1, 0)], codes[min(ends[each], size - 1)]
        wanted[each] = (
            character == 0
            or holds(within, two(left, character), shift)
            or holds(within, two(character, right), shift)
            or (single.size > 0 and single[character] != 0)
        )
    for each in range(found):
        # What stands beside parts may itself be parts of a character.
        if each and starts[each] <= last:
            wanted[each] = wanted[each - 1] = True
        last = max(last, ends[each])
        several = several or wanted[each]
    return found if several else 0
