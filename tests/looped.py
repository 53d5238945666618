"""Runs a test by arrays and by compiled loops."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import pytest

from screening.text import looping
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


@contextlib.contextmanager
def reading(*, by_loops: bool) -> Iterator[None]:
    """Meanwhile texts are read by compiled loops, or else by arrays; skipped where numba is missing."""
    before = looping.loops()
    looping.unload()
    try:
        if by_loops:
            looping.load()
            if looping.loops() is None:
                pytest.skip("numba is not installed (extra `fast`)")
        yield
    finally:
        looping.unload()
        if before is not None:
            looping.load()
