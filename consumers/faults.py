"""Which failure ends a command with which exit code, and what it tells."""

from __future__ import annotations

import enum
import errno
import os
from typing import Final

from consumers.dead_letter_limit import TooManyDeadLetters
from consumers.ledger.port import LedgerError, LedgerUnreachable, WrongStore
from consumers.log.port import LogError, Unreachable, WrongTopics
from consumers.settings import SettingsError
from consumers.worker import StillWaiting
from screening.errors import ScreeningError

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
        case OSError():
            return _told_of_files(error)
        case _:
            return None, str(error)


def _told_of_files(error: OSError) -> tuple[Exit | None, str]:
    if error.errno in _NO_ROOM:
        return Exit.UNREACHABLE, f"disk: found {error.strerror}, expected room for it: make some, then start again"
    if isinstance(error.filename, str | bytes):
        # Only names that a setting or an argument gave are opened by name.
        found = f"{os.fsdecode(error.filename)}: found {error.strerror}"
        return Exit.USAGE, f"{found}, expected a place that can be used"
    return None, str(error)
