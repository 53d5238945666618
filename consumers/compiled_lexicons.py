"""Compiled lexicons, kept as files in the data directory, so that a worker loads in a second what took long to make.

Rules of this module:
1. A file is a shortcut and nothing more. One that is missing, damaged, of another lexicon or made by other code is
   never used: the lexicon is compiled from its texts, which the ledger keeps, and the file made anew.
2. Whatever could make the same texts compile otherwise is part of `maker`: the code of the core, the search engines,
   Python and its Unicode. What was changed in any way makes its files anew and need not be thought of.
3. A file appears whole, under the name of its lexicon's digest, and is never written into.
4. One process at a time compiles: the other workers of the host wait for it and load what it made.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import os
import platform
import time
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Final

from screening.errors import LexiconError
from screening.lexicon.compiled import compiled, dump, load_compiled

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable

    from screening.lexicon.compiled import Compiled
    from screening.lexicon.entries import Lexicon

KEPT: Final = 4
"""Files that stay, those used last: a worker holds two versions, and people go back to the one before."""

_SUFFIX: Final = ".lexicon"
_PART: Final = ".part"
_LOCK: Final = "lock"
_ENGINES: Final = ("pyahocorasick", "daachorse", "numpy")
_ABANDONED_SECONDS: Final = 3600.0
"""Age at which a part belongs to a process that was killed: the largest lexicon is written in seconds."""


class CompiledLexicons:
    """The compiled lexicons of a data directory.

    Args:
        folder: where the files lie; made when the first is kept.
        read_only: for commands that write nothing: what is there is loaded, nothing is kept.
    """

    def __init__(self, folder: pathlib.Path, *, read_only: bool = False) -> None:
        self._folder = folder
        self._read_only = read_only

    def get(self, digest: str, lexicon: Callable[[], Lexicon], tell: Callable[[str], None]) -> Compiled:
        """Return a lexicon, compiled: from its file, or else from its texts.

        Args:
            digest: names the lexicon.
            lexicon: reads it from its texts; called only where no file can be used.
            tell: is told in a line why a file could not be used or made.

        Raises:
            LexiconError: a term of which nothing is left after normalising.
        """
        found = self._load(digest, tell)
        if found is not None:
            return found
        with self._alone():
            # Another worker may have made it meanwhile.
            found = self._load(digest, lambda _: None)
            if found is None:
                found = compiled(lexicon())
                self._keep(digest, found, tell)
        return found

    def keep(self, digest: str, ready: Compiled, tell: Callable[[str], None]) -> None:
        """Keep what was compiled already, for the workers of this host to load."""
        with self._alone():
            self._keep(digest, ready, tell)

    def path(self, digest: str) -> pathlib.Path:
        """Return where the file of a lexicon lies."""
        return self._folder / f"{digest}{_SUFFIX}"

    def _load(self, digest: str, tell: Callable[[str], None]) -> Compiled | None:
        path = self.path(digest)
        head = _head(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            tell(f"compiled lexicon {digest[:12]}: found {error.strerror}, compiling it anew")
            return None
        if not data.startswith(head):
            tell(f"compiled lexicon {digest[:12]}: made by another release or engine, compiling it anew")
            return None
        try:
            loaded = load_compiled(memoryview(data)[len(head) :])
        except LexiconError as error:
            tell(f"compiled lexicon {digest[:12]}: {error}; compiling it anew")
            return None
        if not self._read_only:
            with contextlib.suppress(OSError):
                os.utime(path)
        return loaded

    def _keep(self, digest: str, ready: Compiled, tell: Callable[[str], None]) -> None:
        if self._read_only:
            return
        path = self.path(digest)
        part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(_head(digest))
                file.write(dump(ready))
            part.replace(path)
        except OSError as error:
            tell(f"compiled lexicon {digest[:12]}: not kept in {self._folder}: {error.strerror}")
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
                self._clear()

    def _clear(self) -> None:
        """Remove the files used longest ago, and what killed processes left."""
        aged = sorted(((path.stat().st_mtime, path) for path in self._folder.glob(f"*{_SUFFIX}")), reverse=True)
        abandoned = [
            path for path in self._folder.glob(f"*{_PART}") if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS
        ]
        for path in (*(path for _, path in aged[KEPT:]), *abandoned):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process; without one where the file system knows none."""
        if self._read_only:
            yield
            return
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                file = held.enter_context((self._folder / _LOCK).open("ab"))
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


@functools.cache
def maker() -> str:
    """Return a name for all that decides what a lexicon's texts compile to: the same name, the same outcome."""
    digest = hashlib.sha256()
    for name, data in _files(resources.files("screening"), ""):
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    engines = [f"{name} {_release(name)}" for name in _ENGINES]
    machine = (platform.python_version(), unicodedata.unidata_version, platform.machine(), *engines)
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


def _head(digest: str) -> bytes:
    return f"lexicon {digest} made by {maker()}\n".encode()
