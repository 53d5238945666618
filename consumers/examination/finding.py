"""What an examination finds, and what it sees the machine with."""

from __future__ import annotations

import enum
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

STUCK_SECONDS: Final = 20.0
"""How long something may be withheld before its transaction is stuck: a transaction may be open for 15 s."""


class State(enum.StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an examination."""

    what: str
    state: State
    found: str
    expected: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Senses:
    """What an examination sees the machine with."""

    now: Callable[[], float] = time.time
    free: Callable[[pathlib.Path], int] = lambda path: shutil.disk_usage(path).free
    patience: float = STUCK_SECONDS
