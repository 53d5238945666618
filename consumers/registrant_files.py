"""The index over registrants, kept as files beside the ledger, so that a re-screening looks only for what changed.

Rules of this module:
1. A file is a shortcut and nothing more. One that is missing, damaged, of another history of the log or made by other
   code is never used: it is made anew from the ledger's rows, and so are those that follow it.
2. Files stand in order. Each holds the registrations that came since the one before it and up to a place in each
   partition, as they stood when it was made. Whoever was erased or registered anew stands in an old file still: that
   asks about one registrant too many, who is judged by what the ledger holds now, and never about one too few.
3. A file appears whole and is never written into. Small ones are made into one when more registrations come.
4. One process at a time brings the files up to date or searches them: whoever searched while two were made into one
   could miss what they hold.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import fcntl
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from consumers import topics, wire
from consumers.kept_files import maker, mapped
from consumers.pools import in_order, pool
from screening.errors import SubjectError, WatchlistError
from screening.subjects import Registrant
from screening.watchlist.registrant_index import RegistrantIndex, load

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable, Iterator

    from consumers.ledger.port import Ledger, Registered
    from consumers.log.port import Log
    from screening.watchlist.news import NewName

MOST: Final = 250_000
"""Registrations in a file: each file is asked for every name, and each is made by one process in its memory."""

_PAGE: Final = 2_000
_SUFFIX: Final = ".registrants"
_LOCK: Final = "lock"

_BESIDE: Final = 64
"""What follows the first line begins at a multiple of so many bytes, as numbers are read from memory."""


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a file."""

    maker: str
    epoch: str
    reached: dict[int, int]
    """Partition → the offset from which on the next file begins."""
    count: int
    checksum: int
    """CRC-32 of what follows the line: it tells harm from health, at the speed of memory."""


class _Part(NamedTuple):
    """What goes into one file: the records, and from where on the next one begins in each partition."""

    reached: dict[int, int]
    records: list[bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """How the index stands: files, registrations in them, and how many of these were read anew just now."""

    files: int
    registrations: int
    added: int


class RegistrantFiles:
    """The index of one data directory.

    Args:
        folder: where the files lie; made when the first is written.
        ledger: holds the registrations.
        log: says which partitions there are.
        workers: processes that make files, and threads that search them.
    """

    def __init__(self, folder: pathlib.Path, ledger: Ledger, log: Log, *, workers: int = 1) -> None:
        self._folder = folder
        self._ledger = ledger
        self._log = log
        self._workers = workers

    def update(self, tell: Callable[[int], None], *, rebuild: bool = False) -> Kept:
        """Bring the files up to what the ledger holds.

        Args:
            tell: is told how many registrations were read so far.
            rebuild: make all of them anew.
        """
        with self._alone():
            kept = [] if rebuild else self._sound()
            for path in self._folder.glob(f"*{_SUFFIX}*"):
                if path not in {one for one, _ in kept}:
                    path.unlink()
            epoch = self._log.epoch()
            added = self._add(epoch, kept, tell)
            heads = [head for _, head in self._sound()]
        return Kept(len(heads), sum(head.count for head in heads), added)

    def concerned(self, names: Iterable[NewName], identifiers: Iterable[str]) -> set[str]:
        """Return the accounts whom listed names and identifiers can concern, of those the files hold."""
        wanted, keys = tuple(names), frozenset(identifiers)
        if not (wanted or keys):
            return set()
        try:
            return self._search(wanted, keys)
        except DamagedIndex as damaged:
            damaged.path.unlink(missing_ok=True)
            self.update(lambda _: None)
            return self._search(wanted, keys)

    def _search(self, names: tuple[NewName, ...], identifiers: frozenset[str]) -> set[str]:
        with self._alone():
            paths = [path for path, _ in self._sound()]
            if self._workers == 1 or len(paths) <= 1:
                return set().union(*(_search(path, names, identifiers) for path in paths))
            # Most of a search is done outside of Python, so that threads do it beside each other.
            with concurrent.futures.ThreadPoolExecutor(self._workers) as opened:
                return set().union(*opened.map(_search, paths, [names] * len(paths), [identifiers] * len(paths)))

    def _add(self, epoch: str, kept: list[tuple[pathlib.Path, _Head]], tell: Callable[[int], None]) -> int:
        """Write files for what came since, the last small ones with it; return how many registrations were read."""
        came = sum(len(rows) for _, rows in self._rows(epoch, kept[-1][1].reached)) if kept else 0
        # A file is made again where it is no larger than what is added to it: so each is made a few times at most.
        while came and kept and kept[-1][1].count < MOST and kept[-1][1].count <= came:
            path, head = kept.pop()
            came += head.count
            path.unlink()
        if kept and not came:
            return 0
        parts = self._parts(epoch, dict(kept[-1][1].reached) if kept else {})
        read = 0
        for size in self._made(enumerate(parts, len(kept) + 1), epoch):
            read += size
            tell(read)
        return read

    def _made(self, parts: Iterable[tuple[int, _Part]], epoch: str) -> Iterator[int]:
        """Write a file for each part, and yield how many registrations each holds."""
        if self._workers == 1:
            for place, part in parts:
                yield _make(self._path(place), epoch, part)
            return
        with pool(self._workers) as opened:
            calls = ((self._path(place), epoch, part) for place, part in parts)
            yield from in_order(opened, _make, calls, self._workers + 1)

    def _parts(self, epoch: str, reached: dict[int, int]) -> Iterator[_Part]:
        """Yield the records for each file, and how far it reaches."""
        part: list[bytes] = []
        for partition, rows in self._rows(epoch, dict(reached)):
            for row in rows:
                part.append(row.record)
                reached[partition] = row.offset + 1
                if len(part) == MOST:
                    yield _Part(dict(reached), part)
                    part = []
        if part:
            yield _Part(dict(reached), part)

    def _rows(self, epoch: str, reached: dict[int, int]) -> Iterator[tuple[int, tuple[Registered, ...]]]:
        for partition in sorted(self._log.bounds(topics.ACCOUNTS)):
            start = reached.get(partition, 0)
            while rows := self._ledger.registered(epoch, partition, start, _PAGE):
                start = rows[-1].offset + 1
                yield partition, rows

    def _sound(self) -> list[tuple[pathlib.Path, _Head]]:
        """Return the files that can be used, in order, up to the first that cannot."""
        found: list[tuple[pathlib.Path, _Head]] = []
        epoch = self._log.epoch()
        for place, path in enumerate(sorted(self._folder.glob(f"*{_SUFFIX}")), 1):
            head = _head(path)
            if head is None or head.epoch != epoch or head.maker != maker() or path != self._path(place):
                break
            found.append((path, head))
        return found

    def _path(self, place: int) -> pathlib.Path:
        return self._folder / f"{place:06}{_SUFFIX}"

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _LOCK).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _make(path: pathlib.Path, epoch: str, part: _Part) -> int:
    pieces = RegistrantIndex(_read(part.records)).dump()
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
    count = len(part.records)
    head = _Head(maker=maker(), epoch=epoch, reached=part.reached, count=count, checksum=checksum)
    line = msgspec.json.encode(head)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(line + b" " * (-(len(line) + 1) % _BESIDE) + b"\n")
            file.writelines(pieces)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return head.count


def _read(records: list[bytes]) -> Iterator[Registrant]:
    """Read registrations; one that cannot be read stands among the dead letters and was never judged."""
    for record in records:
        with contextlib.suppress(SubjectError):
            registrant = wire.read_registrant(record)
            if isinstance(registrant, Registrant):
                yield registrant


def _head(path: pathlib.Path) -> _Head | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.readline(), type=_Head)
    except (OSError, msgspec.DecodeError):
        return None


def _search(path: pathlib.Path, names: tuple[NewName, ...], identifiers: frozenset[str]) -> set[str]:
    return _load(path).concerned(names, identifiers)


def _load(path: pathlib.Path) -> RegistrantIndex:
    """Load a file whose head was found to be right: it is searched where it lies, and all searches share it."""
    with path.open("rb") as file:
        head = msgspec.json.decode(file.readline(), type=_Head)
        start = file.tell()
        data = mapped(file)[start:]
    if zlib.crc32(data) != head.checksum:
        raise DamagedIndex(path)
    try:
        return load(data)
    except WatchlistError:
        raise DamagedIndex(path) from None


class DamagedIndex(Exception):
    """A file does not hold what its first line says."""

    def __init__(self, path: pathlib.Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: found something else than its first line says, expected the index as it was written"
