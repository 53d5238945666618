"""The files of a list, from disk: plain, `.gz` or `.zip`, streamed, and never more than the limits allow.

Rules of this module:
1. What a file is stands in its first bytes, not in its name.
2. Limits count what comes out, not what a header promises, so that no archive can say less than it holds.
3. An archive within an archive is not opened: no publisher sends one.
"""

from __future__ import annotations

import gzip
import hashlib
import pathlib
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consumers.faults import Exit, Refused
from screening.watchlist.formats.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

_PIECE: Final = 1 << 20
_SMALL: Final = 16 * _PIECE
"""What may always come out of an archive, whatever its ratio: small repetitive files pack a thousandfold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be read: bytes of one file once unpacked, how many times its packed size, and files at once."""

    most_bytes: int = 2 << 30
    most_ratio: int = 100
    most_files: int = 50


@dataclass(frozen=True, slots=True)
class ListFiles:
    """What an import reads: files once unpacked, and the SHA-256 of each file as it lay there."""

    place: str
    documents: tuple[Document, ...]
    checksums: dict[str, str]


def open_files(path: pathlib.Path, limits: Limits, place: str | None = None) -> ListFiles:
    """Return a file, or the files of a folder (hidden ones apart), unpacked as they are read.

    Args:
        path: what is read.
        limits: how much.
        place: what to call it; its path otherwise.

    Raises:
        Refused: nothing is there, it cannot be read, or it is more than the limits allow.
    """
    try:
        if path.is_dir():
            found = sorted(entry for entry in path.iterdir() if entry.is_file() and not entry.name.startswith("."))
        else:
            found = [path]
        checksums = {entry.name: _checksum(entry) for entry in found}
        documents = tuple(document for entry in found for document in _documents(entry, limits))
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file or folder of a list", Exit.USAGE) from None
    if not documents:
        raise Refused(f"{path}: found an empty folder, expected the files of a list")
    if len(documents) > limits.most_files:
        raise Refused(f"{path}: found {len(documents)} files, expected at most {limits.most_files}")
    return ListFiles(place or str(path), documents, checksums)


def _checksum(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _documents(path: pathlib.Path, limits: Limits) -> list[Document]:
    with path.open("rb") as file:
        begins = file.read(4)
    packed = path.stat().st_size
    if begins.startswith(b"\x1f\x8b"):
        name = path.name.removesuffix(".gz")
        return [Document(name, _Chunks(path.name, lambda: gzip.open(path), packed, limits))]  # type: ignore[arg-type, return-value]
    if begins.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _members(path, limits)
    return [Document(path.name, _Chunks(path.name, lambda: path.open("rb"), None, limits))]


def _members(path: pathlib.Path, limits: Limits) -> list[Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [
                info
                for info in sorted(archive.infolist(), key=lambda info: info.filename)
                if not info.is_dir() and not _is_hidden(info.filename)
            ]
            names = {info.filename for info in infos}
            if "mimetype" in names or "[Content_Types].xml" in names:
                raise Refused(f"{path.name}: found a spreadsheet or office document, expected a list; save it as CSV")
            if len(infos) > limits.most_files:
                raise Refused(f"{path.name}: found {len(infos)} files, expected at most {limits.most_files}")
            total = sum(info.file_size for info in infos)
            if total > limits.most_bytes:
                raise Refused(f"{path.name}: found {total} bytes unpacked, expected at most {limits.most_bytes}")
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Refused(f"{path.name}: found a damaged archive ({error}), expected a whole one") from None
    return [Document(pathlib.PurePosixPath(info.filename).name, _member(path, info, limits)) for info in infos]


def _member(path: pathlib.Path, info: zipfile.ZipInfo, limits: Limits) -> _Chunks:
    if info.flag_bits & 1:
        raise Refused(f"{path.name}: found {info.filename} locked by a password, expected an open archive")

    def opened() -> BinaryIO:
        with zipfile.ZipFile(path) as archive:
            return archive.open(info)  # type: ignore[return-value]

    return _Chunks(f"{path.name}: {info.filename}", opened, info.compress_size, limits)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in pathlib.PurePosixPath(name).parts)


class _Chunks:
    """The bytes of a file in pieces, from the beginning each time, until a limit is reached."""

    def __init__(self, name: str, opened: Callable[[], BinaryIO], packed: int | None, limits: Limits) -> None:
        self._name, self._opened, self._packed, self._limits = name, opened, packed, limits

    def __iter__(self) -> Iterator[bytes]:
        limits, count = self._limits, 0
        try:
            with self._opened() as file:
                while piece := file.read(_PIECE):
                    count += len(piece)
                    if count > limits.most_bytes:
                        raise Refused(f"{self._name}: found more than {limits.most_bytes} bytes, expected fewer")
                    if self._packed is not None and count > max(_SMALL, self._packed * limits.most_ratio):
                        found = f"an archive that unpacks to more than {limits.most_ratio} times its size"
                        raise Refused(f"{self._name}: found {found}, expected a list")
                    yield piece
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise Refused(f"{self._name}: found a damaged archive ({error}), expected a whole one") from None
