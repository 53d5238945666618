"""The hashes of `text.hashes` inside loops, and looking them up."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import compiled
from screening.text.hashes import AGAIN, FIRST, SECOND, THIRD

__all__ = ["AGAIN", "bit", "holds", "three", "two"]

_ONE = np.uint8(1)


@compiled
def two(first: Any, second: Any) -> Any:
    """Return the hash of two characters."""
    return np.uint32(np.uint32(first * FIRST) ^ np.uint32(second * SECOND))


@compiled
def three(pair: Any, third: Any) -> Any:
    """Return the hash of two characters, given as such, and a third one."""
    return np.uint32(np.uint32(pair * THIRD) ^ np.uint32(third * FIRST))


@compiled
def bit(bits: Any, hashed: Any, shift: Any) -> Any:
    """Return the bit at the place of a hash."""
    place = np.uint32(hashed >> shift)
    return np.uint8(bits[np.uint64(place >> np.uint32(3))] >> np.uint8(place & np.uint32(7))) & _ONE


@compiled
def holds(table: Any, hashed: Any, shift: Any) -> Any:
    """Say whether a table has a number at the place of a hash."""
    return table[np.uint64(np.uint32(hashed >> shift))] != 0
