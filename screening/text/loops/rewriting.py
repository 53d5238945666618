"""The loop of `stretches.rewritten`: stretches around suspicious places, some spans read as one character each."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.normalize import SEPARATOR

_CODES, _PLACES, _OUT = read(np.uint32), read(np.int64), written(np.int32)
_PARTED = ord(SEPARATOR)


@compiled
def _before(codes: Any, place: Any, reach: Any) -> Any:
    first = place
    while first > 0 and place - first < reach and codes[first - 1] != _PARTED:
        first -= 1
    return first


@compiled
def _after(codes: Any, place: Any, reach: Any) -> Any:
    last = place
    while last < codes.size and last - place < reach and codes[last] != _PARTED:
        last += 1
    return last


@ready(
    _CODES, NUMBER, _PLACES, _PLACES, _CODES, read(np.bool_), NUMBER, written(np.uint32), _OUT, _OUT
)  # fmt: skip
def reread(
    codes: Any,
    reach: Any,
    starts: Any,
    ends: Any,
    characters: Any,
    wanted: Any,
    most: Any,
    text: Any,
    firsts: Any,
    lasts: Any,
) -> Any:
    """Write down all stretches in which some span is wanted, a `SEPARATOR` after each.

    Args:
        codes: the code points of a text.
        reach: characters read on each side of a span.
        starts: where spans begin, in order.
        ends: where they end; none holds a `SEPARATOR`.
        characters: what each is read as; 0 where that is more than one character.
        wanted: which of them are looked for.
        most: spans of one stretch up to which they are sure not to overlap.
        text: takes the code points that are read.
        firsts: takes for each where that begins which is read so.
        lasts: takes for each where that ends.

    Returns:
        How many were written; -1 where a stretch must be read in another way, or there is no room for all.
    """
    count: Any = 0
    span: Any = 0
    while span < starts.size:
        first, last = _before(codes, starts[span], reach), _after(codes, ends[span], reach)
        behind, looked_for = span, False
        while behind < starts.size and starts[behind] <= last:
            last = max(last, _after(codes, ends[behind], reach))
            looked_for = looked_for or wanted[behind]
            behind += 1
        if not looked_for:
            span = behind
            continue
        if behind - span > most or count + last - first + 1 > text.size:
            return -1
        place = first
        while place < last:
            end = place + 1
            text[count] = codes[place]
            if span < behind and starts[span] == place:
                if characters[span] == 0:
                    return -1
                text[count], end = characters[span], ends[span]
                span += 1
            firsts[count], lasts[count] = place, end
            count += 1
            place = end
        text[count], firsts[count], lasts[count] = _PARTED, last, last
        count += 1
    return count
