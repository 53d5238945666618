"""The only door to numba, which compiles loops over arrays when they are first called.

That takes seconds. numba keeps what it made beside the code or in the user's cache, so that the next process loads it.
"""

from __future__ import annotations

from typing import Any

import numba
import numba.extending
import numpy as np


def compiled(loop: Any) -> Any:
    """Compile a loop over arrays and numbers."""
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(loop)
    except RuntimeError:
        # No folder of this machine can be written to: each process compiles for itself.
        return numba.njit(nogil=True, error_model="numpy")(loop)


def _counted(_context: Any, _number: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return numba.types.int64(numba.types.uint64), generate


set_bits: Any = numba.extending.intrinsic(_counted)
"""Returns how many bits of a number are set: one instruction, which numba has no other name for."""


@compiled
def grown(array: Any) -> Any:
    """Return an array of twice the size that begins like another."""
    larger = np.empty(2 * array.size, array.dtype)
    larger[: array.size] = array
    return larger
