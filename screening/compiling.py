"""The only door to numba, which compiles loops over arrays and numbers.

That takes seconds. numba keeps what it made beside the code or in the user's cache, so that the next process loads it;
where nothing can be kept, it goes on without.
What is changed in another module (a constant, an inner loop) numba does not notice: remove its files then.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numba
import numba.extending
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import DTypeLike

NUMBER: Any = numba.types.int64
"""A whole number, among the arguments of a loop that is made `ready`."""


def read(dtype: DTypeLike) -> Any:
    """Return the type of an array that lies whole in memory and is only read."""
    return numba.types.Array(numba.from_dtype(np.dtype(dtype)), 1, "C", readonly=True)


def written(dtype: DTypeLike) -> Any:
    """Return the type of an array that lies whole in memory and is written to."""
    return numba.types.Array(numba.from_dtype(np.dtype(dtype)), 1, "C")


def compiled(loop: Any) -> Any:
    """Compile a loop when it is first called, or when a loop that calls it is compiled."""
    return _compiled(loop, None)


def ready(*arguments: Any) -> Callable[[Any], Any]:
    """Return what compiles a loop at once, so that nobody waits for it when it is first called.

    Args:
        arguments: their types: `NUMBER`, `read(…)`, `written(…)`. Others are refused.
    """
    return lambda loop: _compiled(loop, arguments)


def _compiled(loop: Any, arguments: Any) -> Any:
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(loop)
    except RuntimeError:
        # No folder of this machine can be written to: each process compiles for itself.
        made = numba.njit(nogil=True, error_model="numpy")(loop)
    else:
        _keep_if_possible(made)
    if arguments is not None:
        made.compile(arguments)
        made.disable_compile()
    return made


def _keep_if_possible(made: Any) -> None:
    """Let a loop do its work though what was compiled cannot be kept: on a disk that is full numba would end it."""
    cache = made._cache  # noqa: SLF001 - numba has no other way to say so
    save = cache.save_overload

    def saved(signature: Any, overload: Any) -> None:
        with contextlib.suppress(OSError):
            save(signature, overload)

    cache.save_overload = saved


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
