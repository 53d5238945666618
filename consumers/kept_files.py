"""What took long to make, kept as files of the data directory: a shortcut, and never more than that.

Rules of this module:
1. A file is named after what it holds, says in its first line what that is and which code made it, appears whole, and
   is never written into. Whoever has it open keeps it, though it be replaced or removed.
2. Whatever could make the same data come out otherwise is part of `maker`: the code of the core, the libraries it
   asks, Python and its Unicode. What was changed in any way makes its files anew and need not be thought of.
3. One process at a time makes a file of a kind: the others of the host wait for it and load what it made.
4. Where nothing can be written, work goes on without.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import mmap
import os
import platform
import time
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable, Iterator
    from importlib.resources.abc import Traversable

_PART: Final = ".part"
_LOCK: Final = "lock"
_LIBRARIES: Final = ("pyahocorasick", "daachorse", "numpy", "rapidfuzz", "pypinyin", "msgspec")
_ABANDONED_SECONDS: Final = 3600.0
"""Age at which a part belongs to a process that was killed: the largest is written in seconds."""

_HEAD: Final = 256
"""Bytes of the first line, so that what follows begins where a processor likes to read numbers."""


class KeptFiles:
    """The files of one kind.

    Args:
        folder: where they lie; made when the first is kept.
        kind: what they hold, in one word: the ending of their names.
        most: how many stay, those used last.
        read_only: for commands that write nothing: what is there is loaded, nothing is kept.
    """

    def __init__(self, folder: pathlib.Path, kind: str, most: int, *, read_only: bool = False) -> None:
        self._folder = folder
        self._kind = kind
        self._most = most
        self.read_only = read_only

    def path(self, name: str) -> pathlib.Path:
        """Return where a file lies."""
        return self._folder / f"{name}.{self._kind}"

    def head(self, name: str) -> bytes:
        """Return how a file begins that this code may read."""
        return f"{self._kind} {name} made by {maker()}".encode().ljust(_HEAD - 1) + b"\n"

    def used(self, name: str) -> None:
        """Note that a file was used just now."""
        if not self.read_only:
            with contextlib.suppress(OSError):
                os.utime(self.path(name))

    def keep(self, name: str, pieces: Iterable[bytes | memoryview], told: Callable[[str], None]) -> bool:
        """Write a file, and remove those used longest ago.

        Args:
            name: its name.
            pieces: what it holds.
            told: is told in a few words why it could not be written.

        Returns:
            Whether it was written.
        """
        if self.read_only:
            return False
        path = self.path(name)
        part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(self.head(name))
                file.writelines(pieces)
            part.replace(path)
        except OSError as error:
            told(f"not kept in {self._folder}: {error.strerror}")
            return False
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
                self._clear()
        return True

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the kind, which ends with the process; without one where the file system knows none."""
        if self.read_only:
            yield
            return
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                file = held.enter_context((self._folder / f"{self._kind}.{_LOCK}").open("ab"))
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _clear(self) -> None:
        """Remove the files used longest ago, and what killed processes left."""
        aged = sorted(((path.stat().st_mtime, path) for path in self._folder.glob(f"*.{self._kind}")), reverse=True)
        abandoned = [
            path
            for path in self._folder.glob(f"*.{self._kind}.*{_PART}")
            if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS
        ]
        for path in (*(path for _, path in aged[self._most :]), *abandoned):
            path.unlink(missing_ok=True)


def mapped(file: BinaryIO) -> memoryview:
    """Return what an open file holds, where it lies: it is in memory once, whoever reads it.

    Raises:
        ValueError: it is empty.
    """
    # Nobody writes into it, but compiled loops tell arrays that could be written from others.
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


@functools.cache
def maker() -> str:
    """Return a name for all that decides what comes out of the same data: the same name, the same outcome."""
    digest = hashlib.sha256()
    for name, data in _files(resources.files("screening"), ""):
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    libraries = [f"{name} {_release(name)}" for name in _LIBRARIES]
    machine = (platform.python_version(), unicodedata.unidata_version, platform.machine(), *libraries)
    digest.update("\n".join(machine).encode())
    return digest.hexdigest()


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for held in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{above}{held.name}"
        if held.is_dir():
            if held.name != "__pycache__":
                yield from _files(held, f"{name}/")
        else:
            yield name, held.read_bytes()


def _release(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "none"
