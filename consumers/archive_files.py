"""The archive on disk: Parquet files by kind of subject and day. The only module that knows pyarrow.

    content/day=2026-11-26/p00003-00000000000000000042.parquet
    registration/day=2026-11-26/p00003-00000000000000000007.parquet

Rules of this module:
1. A file holds records of one partition, from the offset in its name on, in the order of offsets, each once. It grows
   by being replaced whole until it has `ROWS` records; no two files hold the same record.
2. Files are prepared beside their place, flushed, and put there by whoever holds the partition's frontier
   (`consumers.archive`). What lies at or beyond the frontier in a file is what a crash left; it is written again.
3. What is being prepared has a name that begins with a dot, which nobody reads.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

ROWS: Final = 10_000
"""Records of a file that is full: enough to be read fast, few enough to be replaced at each batch until then."""

_ABANDONED_SECONDS: Final = 86_400.0
"""The age from which on what was being prepared belongs to a process that was killed."""

SCHEMA: Final = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("partition", pa.int32(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("timestamp", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("ended", pa.bool_(), nullable=False),
        pa.field("record", pa.binary()),
    ]
)
"""The columns; `record` is what was published, null where a subject ended."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the archive. `timestamp` is milliseconds since the epoch, UTC."""

    account_id: str
    id: str
    partition: int
    offset: int
    timestamp: int
    ended: bool
    record: bytes | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is written and not yet in its place; `rows` 0 takes away the one that is there."""

    part: pathlib.Path
    place: pathlib.Path
    rows: int


class ArchiveFiles:
    """The files of one kind of subject.

    Args:
        folder: the kind's own.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    def prepare(
        self, partition: int, frontier: int, rows: Sequence[Row], ended: Mapping[tuple[str, str], int]
    ) -> list[Prepared]:
        """Write what the files of a partition are to be, beside them.

        Args:
            partition: its number.
            frontier: the first offset that is not in the archive yet.
            rows: its records from there on.
            ended: account and id of subjects that ended → the offset at which they did; all before it is taken out.
        """
        kept = [row for row in rows if ended.get((row.account_id, row.id), -1) <= row.offset]
        by_day: dict[str, list[Row]] = defaultdict(list)
        for row in kept:
            by_day[_day(row.timestamp)].append(row)
        prepared: list[Prepared] = []
        try:
            for day, new in sorted(by_day.items()):
                prepared.append(self._grown(partition, frontier, self._folder / f"day={day}", new, ended))
            grown = {one.place for one in prepared}
            others = [path for path in self._of(partition) if path not in grown] if ended else []
            for path in others:
                prepared.extend(self._without(path, ended))
        except BaseException:
            discard(prepared)
            raise
        return prepared

    def tidy(self) -> None:
        """Remove what killed processes were preparing."""
        for path in self._folder.glob("day=*/.*.part"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()

    def _grown(
        self, partition: int, frontier: int, day: pathlib.Path, new: Sequence[Row], ended: Mapping[tuple[str, str], int]
    ) -> Prepared:
        last = max(day.glob(f"p{partition:05}-*.parquet"), default=None)
        table = _table(new)
        if last is not None:
            held = pq.read_table(last, schema=SCHEMA, partitioning=None)
            held = held.filter(pa.compute.less(held["offset"], frontier))
            if held.num_rows < ROWS:
                table = pa.concat_tables([_left(held, ended), table])
            else:
                last = None
        return _written(last or day / f"p{partition:05}-{frontier:020}.parquet", table)

    def _without(self, path: pathlib.Path, ended: Mapping[tuple[str, str], int]) -> Iterator[Prepared]:
        """Prepare a file without the subjects that ended; nothing where it holds none of them."""
        names = pq.read_table(path, columns=["account_id", "id", "offset"], partitioning=None)
        if _left(names, ended).num_rows < names.num_rows:
            yield _written(path, _left(pq.read_table(path, schema=SCHEMA, partitioning=None), ended))

    def _of(self, partition: int) -> list[pathlib.Path]:
        return sorted(self._folder.glob(f"day=*/p{partition:05}-*.parquet"))


def put(prepared: Iterable[Prepared]) -> None:
    """Put prepared files into their places, and see that they stay there."""
    folders = set()
    for one in prepared:
        if one.rows:
            one.part.replace(one.place)
        else:
            one.place.unlink(missing_ok=True)
            one.part.unlink(missing_ok=True)
        folders.add(one.place.parent)
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def discard(prepared: Iterable[Prepared]) -> None:
    """Remove what was prepared and not put in place."""
    for one in prepared:
        one.part.unlink(missing_ok=True)


def read(folder: pathlib.Path, columns: Collection[str] | None = None) -> pa.Table:
    """Return everything that a kind's files hold."""
    paths = sorted(folder.glob("day=*/p*.parquet"))
    chosen = None if columns is None else list(columns)
    tables = [pq.read_table(path, columns=chosen, partitioning=None) for path in paths]
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def _day(timestamp: int) -> str:
    """Return the day of a time; the first of all for one that no calendar has, as a producer's clock may say."""
    try:
        return f"{datetime.fromtimestamp(timestamp / 1000, UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return "1970-01-01"


def _table(rows: Sequence[Row]) -> pa.Table:
    columns = {name: [getattr(row, name) for row in rows] for name in SCHEMA.names}
    return pa.Table.from_pydict(columns, schema=SCHEMA)


def _left(table: pa.Table, ended: Mapping[tuple[str, str], int]) -> pa.Table:
    if not ended:
        return table
    named = zip(table["account_id"].to_pylist(), table["id"].to_pylist(), table["offset"].to_pylist(), strict=True)
    return table.filter(pa.array([ended.get((account, name), -1) <= offset for account, name, offset in named]))


def _written(place: pathlib.Path, table: pa.Table) -> Prepared:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Prepared(part, place, table.num_rows)
