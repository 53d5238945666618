"""Which failure ends a command with which exit code, and what it tells."""

from __future__ import annotations

import enum
import os

from consumers.dead_letter_limit import TooManyDeadLetters
from consumers.ledger.port import LedgerError, LedgerUnreachable, WrongStore
from consumers.log.port import LogError, Unreachable, WrongTopics
from consumers.settings import SettingsError
from consumers.worker import StillWaiting
from screening.errors import ScreeningError


class Exit(enum.IntEnum):
    """The exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FOUND = 3
    INTEGRITY = 4
    UNREACHABLE = 5


class Refused(Exception):
    """A command cannot do what was asked; the message says why and what to do.

    Attributes:
        code: the exit code.
    """

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.code = code


def told(error: BaseException) -> tuple[Exit | None, str]:
    """Return the exit code and the text for an error; None as the code for one that nobody foresaw."""
    match error:
        case Refused(code=code):
            return code, str(error)
        case SettingsError() | WrongTopics() | WrongStore():
            return Exit.USAGE, str(error)
        case Unreachable() | LedgerUnreachable():
            return Exit.UNREACHABLE, str(error)
        case LogError() | LedgerError() | ScreeningError() | StillWaiting() | TooManyDeadLetters():
            return Exit.FAILED, f"{str(error) or type(error).__name__}"
        case OSError(filename=str() | bytes() as name):
            # Only names that a setting or an argument gave are opened by name.
            return Exit.USAGE, f"{os.fsdecode(name)}: found {error.strerror}, expected a place that can be used"
        case _:
            return None, str(error)
