"""Loops that look for characters that say something to a view, most often to find that there are none."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, read, ready, written

_CODES = read(np.uint32)
_NEWLINE, _RETURN, _SEPARATOR = 0x0A, 0x0D, 0


@ready(_CODES, read(np.bool_), written(np.int64))
def marked(codes: Any, table: Any, places: Any) -> Any:
    """Write down where the characters stand that a table marks, and return how many; -1 without room for all."""
    found = 0
    for at in range(codes.size):
        if table[codes[at]]:
            if found == places.size:
                return -1
            places[found] = at
            found += 1
    return found


@ready(_CODES, NUMBER)
def lined(codes: Any, widest: Any) -> Any:
    """Say whether two lines of one text, one below the other, are equally long and no longer than `widest`."""
    before, begin = 0, 0
    for at in range(codes.size):
        code = codes[at]
        if code > _RETURN or code not in (_NEWLINE, _RETURN, _SEPARATOR):
            continue
        length = at - begin
        if length:
            if length == before and length <= widest:
                return True
            before = length
        if code == _SEPARATOR:
            before = 0
        begin = at + 1
    return codes.size - begin == before and 0 < before <= widest
