"""Whether the inner loops over texts are compiled (`loops`), or arrays do (numpy alone).

Both give the same answers, and tests hold them equal. Importing the loops takes most of a second and some memory, so
that a process reads by arrays until somebody who means to read much says `load`; from then on all of it reads by loops.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_held: list[Any] = []


def load() -> None:
    """Read by compiled loops from now on, where they can be had; what is not compiled yet is compiled now."""
    if not _held:
        try:
            from screening.text import loops  # noqa: PLC0415 - not before it is wanted
        except ImportError:
            return
        _held.append(loops)


def unload() -> None:
    """Read by arrays from now on: for whoever compares both."""
    _held.clear()


def loops() -> Any | None:
    """Return the loops to read with; None where arrays are to be used."""
    return _held[0] if _held else None


@functools.cache
def nothing() -> tuple[NDArray[np.uint8], NDArray[np.uint8], int]:
    """Return the tables of what is looked for where that is not told (`Sought.within`)."""
    return np.empty(0, dtype=np.uint8), np.empty(0, dtype=np.uint8), 0
