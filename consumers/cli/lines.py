"""Input lines: from a file or standard input, numbered as they stand, in batches as they arrive."""

from __future__ import annotations

import codecs
import contextlib
import pathlib
import sys
from typing import TYPE_CHECKING, BinaryIO, Final

from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1024 * 1024
"""Bytes asked for at once; a pipe gives what it has, so a reader who waits for an answer gets one."""


@contextlib.contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`.

    Raises:
        Refused: it cannot be read.
    """
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = pathlib.Path(path).open("rb")  # noqa: SIM115 - closed below; only opening is told as a usage fault
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file that can be read", Exit.USAGE) from None
    with file:
        yield file


def batches(file: BinaryIO, *, raw: bool = False) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the lines that are there, with their numbers from 1; waits only for a first byte.

    Args:
        file: what to read.
        raw: the bytes between line feeds as they are; otherwise blank lines, carriage returns at their ends and a mark
            of UTF-8 before the first line are left out.
    """
    rest: list[bytes] = []
    number = 0
    while chunk := file.read1(_CHUNK):  # type: ignore[attr-defined]  # both kinds of file opened above have it
        *lines, last = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join([*rest, lines[0]])
            rest = []
            numbered = [(at, _shorn(at, line, raw=raw)) for at, line in enumerate(lines, number + 1)]
            number += len(lines)
            if said := [(at, line) for at, line in numbered if raw or line]:
                yield said
        rest.append(last)
    final = _shorn(number + 1, b"".join(rest), raw=raw)
    if final:
        yield [(number + 1, final)]


def _shorn(number: int, line: bytes, *, raw: bool) -> bytes:
    if raw:
        return line
    text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    return text.removesuffix(b"\r") if text.strip() else b""
