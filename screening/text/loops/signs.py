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


@ready(_CODES, NUMBER, NUMBER)
def lined(codes: Any, widest: Any, fewest: Any) -> Any:
    """Say whether lines of one text, one below the other, are equally long: two of one character, or several others.

    Args:
        codes: the code points of a text.
        widest: characters of a line up to which it counts.
        fewest: lines of more than one character from which on they count.
    """
    before, begin, lines = 0, 0, 1
    for at in range(codes.size + 1):
        code = codes[at] if at < codes.size else _SEPARATOR
        if code > _RETURN or code not in (_NEWLINE, _RETURN, _SEPARATOR):
            continue
        length = at - begin
        if length:
            lines = lines + 1 if length == before else 1
            if lines > 1 and length <= widest and (length == 1 or lines >= fewest):
                return True
            before = length
        if code == _SEPARATOR:
            before = 0
        begin = at + 1
    return False
