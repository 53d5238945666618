"""A text as an array of code points, and numbers in order: what every view asks for, made once.

All views read the same passage, one after another, and to encode it costs as much as some of them do. So the arrays of
the texts read last are kept; nobody may write into them.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.text.normalize import Codes, Offsets

_KEPT = 2
"""Texts whose arrays are kept: the passage, and what a view made of it."""


@functools.lru_cache(maxsize=_KEPT)
def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """Return the text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def places(count: int) -> Offsets:
    """Return the numbers from 0 on, so many."""
    return _ordered(count.bit_length())[:count]


@functools.cache
def _ordered(bits: int) -> Offsets:
    """Return all numbers of so many bits; those of a passage take 1 MiB."""
    ordered = np.arange(1 << bits, dtype=np.int32)
    ordered.flags.writeable = False
    return ordered
