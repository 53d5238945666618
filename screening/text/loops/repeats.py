"""The loop of `view_repeated`: where runs of one character stand, and which may be looked for there."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.loops.hashing import holds, two

_CODES, _BYTES, _OUT = read(np.uint32), read(np.uint8), written(np.int64)
_TWICE, _NEVER = 2, 255


@compiled
def _twice(codes: Any) -> Any:
    """Return where a character stands that stands at the next place too, told without a question."""
    found, count = np.empty(codes.size, np.int32), np.int64(0)
    for at in range(codes.size - 1):
        found[count] = at
        count += np.int64(codes[at] == codes[at + 1])
    return found[:count]


@ready(_CODES, _BYTES, read(np.bool_), NUMBER, _BYTES, _BYTES, NUMBER, _OUT, _OUT, written(np.bool_))
def runs(
    codes: Any,
    least: Any,
    doubled: Any,
    close: Any,
    single: Any,
    within: Any,
    within_shift: Any,
    starts: Any,
    ends: Any,
    wanted: Any,
) -> Any:
    """Find the runs that say something, in order.

    Args:
        codes: the code points of a text.
        least: by code point how many in a row are a run; 255 where none are.
        doubled: by code point whether ordinary writing has it twice in a row.
        close: characters between two runs up to which an ordinary doubling counts.
        single: by code point whether it alone is looked for; empty where none is.
        within: by the hash of two characters whether they stand side by side in something that is looked for; empty
            where everything is wanted.
        within_shift: how far that hash is shifted to a place.
        starts: takes where each run begins.
        ends: takes where it ends.
        wanted: takes whether its character may stand there in something that is looked for.

    Returns:
        How many there are; -1 where there are more than there is room for, 0 where none is wanted.
    """
    size, found, first = codes.size, 0, 0
    twice = _twice(codes)
    for each in range(twice.size):
        if each + 1 < twice.size and twice[each + 1] == twice[each] + 1:
            continue
        begin, end = np.int64(twice[first]), np.int64(twice[each]) + 2
        first = each + 1
        code = codes[begin]
        if least[code] == _NEVER or end - begin < least[code]:
            continue
        if found == starts.size:
            return -1
        starts[found], ends[found] = begin, end
        found += 1
    kept, any_wanted = 0, False
    shift = np.uint32(within_shift)
    before = -close - 1
    for each in range(found):
        begin, end = starts[each], ends[each]
        code = codes[begin]
        telling = end - begin > _TWICE or not doubled[code]
        telling = telling or begin - before <= close or (each + 1 < found and starts[each + 1] - end <= close)
        before = end
        if not telling:
            continue
        starts[kept], ends[kept] = begin, end
        wanted[kept] = (
            within.size == 0
            or holds(within, two(codes[max(begin - 1, 0)], code), shift)
            or holds(within, two(code, codes[min(end, size - 1)]), shift)
            or (single.size > 0 and single[code] != 0)
        )
        any_wanted = any_wanted or wanted[kept]
        kept += 1
    return kept if any_wanted else 0
