"""The files of a list, as the formats get them: a name, and bytes that can be read more than once."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from screening.watchlist.formats.faults import Faults

HEAD_BYTES = 65_536
"""How much of a file's beginning is looked at to recognise its format."""


class Document(NamedTuple):
    """One file. `chunks` gives its bytes in pieces, from the beginning each time it is iterated."""

    name: str
    chunks: Iterable[bytes]

    def head(self) -> bytes:
        """Return the beginning of the file."""
        held = b""
        for chunk in self.chunks:
            held += chunk
            if len(held) >= HEAD_BYTES:
                break
        return held[:HEAD_BYTES]

    def whole(self) -> bytes:
        """Return all of the file."""
        return b"".join(self.chunks)


def documents(files: Mapping[str, bytes]) -> tuple[Document, ...]:
    """Return files that are held in memory, in the order of their names."""
    return tuple(Document(name, (files[name],)) for name in sorted(files))


def lines_of(document: Document, faults: Faults, fallback: str | None = None) -> Iterator[str]:
    r"""Yield the lines of a text file with their ends, decoded as UTF-8 (a mark before it is dropped).

    Args:
        document: the file.
        faults: where to note bytes that are no text; nothing more is read then.
        fallback: the encoding of files of this format that are no UTF-8, where its publisher used one.

    Raises:
        WatchlistError: the bytes are no text.
    """
    encoding = _encoding(document, faults, fallback)
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    held, number = "", 1
    for chunk in document.chunks:
        try:
            pieces = (held + decoder.decode(chunk)).split("\n")
        except UnicodeDecodeError as error:
            line = number + error.object.count(b"\n", 0, error.start)
            _refuse(document, line, error.object[error.start], encoding, faults)
        held = pieces.pop()
        number += len(pieces)
        for piece in pieces:
            yield piece + "\n"
    held += decoder.decode(b"", final=True)
    if held.strip("\x1a"):
        yield held


def _encoding(document: Document, faults: Faults, fallback: str | None) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="strict")
    line = 1
    for chunk in document.chunks:
        if b"\0" in chunk:
            faults.stop(f"{document.name}: line {line}", "a NUL byte (UTF-16, or no text at all)", "text in UTF-8")
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            if fallback is not None:
                return fallback
            _refuse(
                document, line + error.object.count(b"\n", 0, error.start), error.object[error.start], "utf-8", faults
            )
        line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if fallback is not None:
            return fallback
        _refuse(document, line, error.object[error.start], "utf-8", faults)
    return "utf-8-sig"


def _refuse(document: Document, line: int, byte: int, encoding: str, faults: Faults) -> NoReturn:
    expected = "text in UTF-8" if encoding.startswith("utf-8") else f"text in UTF-8 or {encoding}"
    faults.stop(f"{document.name}: line {line}", f"byte 0x{byte:02x}, which is no text", expected)
