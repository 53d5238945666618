"""What a failure is told as: a disk without room is a dependency out of reach, wherever it shows."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest

from consumers.faults import Exit, told
from consumers.log import sqlite_file
from consumers.log.port import Fatal, Unreachable


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_file_without_room_says_so(number):
    """Whether it has a name or not, a file that cannot grow is told with what to do, and starting again is right."""
    for error in (OSError(number, os.strerror(number)), OSError(number, os.strerror(number), "index")):
        code, text = told(error)
        assert code is Exit.UNREACHABLE
        assert "make some, then start again" in text


def test_a_name_that_cannot_be_used_is_wrong_usage():
    """Any other failure of a file is named where it has a name, and is nobody's to explain where it has none."""
    assert told(FileNotFoundError(errno.ENOENT, "not there", "x"))[0] is Exit.USAGE
    assert told(OSError(errno.EIO, "broken"))[0] is None


def test_an_embedded_log_without_room_is_out_of_reach():
    """A full disk under the log ends a role as an unreachable log does; any other fault of the file is fatal."""
    with pytest.raises(Unreachable, match="room"), sqlite_file.told():
        raise sqlite3.OperationalError("database or disk is full")
    with pytest.raises(Fatal, match="room on its disk") as other, sqlite_file.told():
        raise sqlite3.OperationalError("disk I/O error")
    assert not isinstance(other.value, Unreachable)
