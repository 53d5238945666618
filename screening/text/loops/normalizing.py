"""The loop of `normalize`: each code point becomes what the table says, or is dropped."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import read, ready
from screening.text.normalize import DROPPED, SEPARATOR

_PARTED = ord(SEPARATOR)


@ready(read(np.uint32), read(np.uint32), read(np.int64))
def normalized(codes: Any, table: Any, ends: Any) -> Any:
    """Return the normalised code points of some texts, and where each stood.

    Args:
        codes: the texts' code points, one more after each text.
        table: what each code point becomes.
        ends: where each text ends.
    """
    kept, origin = np.empty(codes.size, np.uint32), np.empty(codes.size, np.int32)
    count: Any = 0
    begin: Any = 0
    for text in range(ends.size):
        # Cut out, so that the compiler sees that no place is negative.
        part = codes[begin : ends[text]]
        for at in range(part.size):
            becomes = table[part[at]]
            kept[count], origin[count] = becomes, begin + at
            count += np.int64(becomes != DROPPED)
        kept[count], origin[count] = _PARTED, ends[text]
        count += 1
        begin = ends[text] + 1
    return kept[:count], origin[:count]
