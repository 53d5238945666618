"""Whether the inner loops of the search are compiled (`loops`), or arrays do (numpy alone).

Both give the same answers, and tests hold them equal. Importing the loops takes most of a second and some memory, so
that only long lists ask for them.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WORTHWHILE = 5000
"""Texts or names from which on the loops pay for being loaded."""


def loops_for(count: int) -> Any | None:
    """Return the loops to search so many texts or names with; nothing where arrays are to be used."""
    return _loops() if count >= WORTHWHILE else None


class Loops:
    """The loops as attributes. What holds them can be pickled: it names them, and whoever reads it uses its own."""

    def __init__(self, module: Any) -> None:
        for name in module.__all__:
            setattr(self, name, getattr(module, name))

    def __reduce__(self) -> tuple[Callable[[], Loops | None], tuple[()]]:
        """Say how they are got anew: nothing where a process has no numba, and then arrays are searched."""
        return _loops, ()


@functools.cache
def _loops() -> Any | None:
    try:
        from screening.watchlist import loops  # noqa: PLC0415 - not before it is needed
    except ImportError:
        return None
    return Loops(loops)
