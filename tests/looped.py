"""Runs a test by arrays and by compiled loops."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from screening.watchlist import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def searching(*, by_loops: bool) -> Iterator[None]:
    """What is built meanwhile is searched by compiled loops, however small, or else by arrays, however large."""
    before = compiled.WORTHWHILE
    compiled.WORTHWHILE = 0 if by_loops else sys.maxsize
    try:
        yield
    finally:
        compiled.WORTHWHILE = before
