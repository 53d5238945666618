"""Hashes of characters that stand side by side, as numbers of 32 bits whose leading bits are the best spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST: Final = np.uint32(0x9E37_79B1)
SECOND: Final = np.uint32(0x85EB_CA6B)
THIRD: Final = np.uint32(0xC2B2_AE35)
AGAIN: Final = np.uint32(0x27D4_EB2F)
"""Odd factors: the golden ratio, MurmurHash3's and xxHash's."""

SPREAD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
"""The golden ratio for numbers of 64 bits."""


def two(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the hashes of characters, each with another one after it."""
    return (first * FIRST) ^ (second * SECOND)


def three(hashes: NDArray[np.uint32], third: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the hashes of two characters, given as such, with a third one after them."""
    return (hashes * THIRD) ^ (third * FIRST)
