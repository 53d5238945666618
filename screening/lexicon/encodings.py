"""In what encoding a list of terms was written, and its lines.

Chinese word lists come in UTF-8 or in GBK, and seldom say which. A whole file is one or the other; a line that cannot
be read is told, and the others are read.
"""

from __future__ import annotations

import codecs
from itertools import islice
from typing import TYPE_CHECKING

from screening.errors import Fault, LexiconError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 2_000
"""Lines that decide on the encoding of a file whose bytes are not UTF-8 throughout."""

_COMMON = 0.8
"""The least share of common characters (those of GB 2312) in what was truly written in GBK. Words of simplified Chinese
lie above 0.95; UTF-8 read as GBK gives characters of which a third or more are rare."""

_BOTH = 64 * 1024
"""Up to this size a file is asked whether it could be UTF-8 and GBK alike: a few words may be, long lists are not."""


def recognised(name: str, data: bytes) -> str:
    """Return the name of the encoding that some bytes are written in.

    Args:
        name: the file's name, for faults.
        data: the whole file.

    Raises:
        LexiconError: it cannot be told; whoever knows it must say it.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if _reads(data, "utf-8"):
        if len(data) <= _BOTH and _could_be_gbk(data.decode(), data):
            raise _unsure(name, "bytes that could be UTF-8 and GBK alike")
        return "utf-8"
    lines = list(islice((line for line in data.split(b"\n") if not line.isascii()), _LOOKED_AT))
    if 2 * sum(_reads(line, "utf-8") for line in lines) >= len(lines):
        return "utf-8"
    if 2 * sum(map(_is_gbk, lines)) >= len(lines):
        return "gb18030"
    raise _unsure(name, "bytes that are neither UTF-8 nor GBK")


def lines_of(name: str, data: bytes, encoding: str) -> Iterator[tuple[int, str | Fault]]:
    """Yield the lines with their numbers from 1; a fault in the place of one that cannot be read.

    Raises:
        LexiconError: nobody knows the encoding, or the file as a whole cannot be read in it.
    """
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        raise LexiconError([Fault(name, f"encoding {encoding!r}", "one like utf-8, gb18030, big5, utf-16")]) from None
    if codec.startswith(("utf-16", "utf-32")):
        # Their line ends are more than one byte, so they are read whole.
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            raise LexiconError([Fault(f"{name}: byte {error.start}", error.reason, f"text in {encoding}")]) from None
        yield from enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1)
        return
    ending = b"\n" if b"\n" in data or b"\r" not in data else b"\r"
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(ending), 1):
        try:
            yield number, line.removesuffix(b"\r").decode("utf-8" if codec == "utf-8-sig" else codec)
        except UnicodeDecodeError as error:
            found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
            yield number, Fault(f"{name}: line {number}", found, f"text in {encoding}")


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_gbk(data: bytes) -> bool:
    """Say whether bytes are GBK with mostly common characters."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    wide = [character for character in text if ord(character) > 0x7F]
    return bool(wide) and sum(_reads_back(character) for character in wide) >= _COMMON * len(wide)


def _reads_back(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _could_be_gbk(text: str, data: bytes) -> bool:
    """Say whether what reads as UTF-8 without any Chinese reads as GBK with common characters only."""
    return not text.isascii() and max(text) < "\u0800" and _is_gbk(data)


def _unsure(name: str, found: str) -> LexiconError:
    return LexiconError([Fault(name, found, "UTF-8 or GBK; say which encoding it is")])
