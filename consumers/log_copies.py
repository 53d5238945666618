"""Copying a log whole, with the offsets that others hold on to, and moving the ledger with it.

The steps, and what it costs to end after each:
1. the destination is refused unless its topics are empty (nothing was done);
2. the source is read once, for counts, gaps and checksums; the topics are made and the records written (what was
   written is useless, and is deleted by hand: the copy begins anew);
3. both are read and compared, and the source is looked at again for what came meanwhile (the same);
4. positions and dedupe ids are taken over (the same);
5. the ledger is moved in one database transaction. Before it the source goes on as ever; after it the copy does, and
   `enforcement` refuses to work on the source, because the ledger no longer knows its history.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consumers.faults import Refused
from consumers.log.port import TopicPartition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from consumers.ledger.port import Ledger
    from consumers.log.port import CopyDestination, CopySource, Position, Record, TopicSpec


@dataclass(frozen=True, slots=True)
class CopiedPartition:
    """A partition as it stands on both logs."""

    topic: str
    partition: int
    records: int
    first: int
    end: int
    checksum: str


@dataclass(frozen=True, slots=True)
class CopiedLog:
    """What a copy holds."""

    partitions: tuple[CopiedPartition, ...]
    positions: Mapping[str, Mapping[TopicPartition, Position]]
    epoch: str
    rows: int
    """Rows of the ledger that speak of the copy now."""


def copy_log(
    source: CopySource,
    destination: CopyDestination,
    ledger: Ledger,
    *,
    names: Sequence[str],
    tell: Callable[[str], None],
) -> CopiedLog:
    """Copy a log and move the ledger to the copy.

    Args:
        source: nothing may write to it meanwhile.
        destination: its topics must be empty or missing.
        ledger: the one that belongs to the source.
        names: the topics of the pipeline.
        tell: is told how far it is.

    Raises:
        Refused: the source has no topics, the destination is not empty, or the two are not the same in the end.
    """
    specs = tuple(spec for spec in source.specs() if spec.name in names)
    if not specs:
        raise Refused("SOURCE: found no topics of this project, expected a log that roles have used")
    if occupied := destination.occupied([spec.name for spec in specs]):
        raise Refused(
            f"DEST: found records in {', '.join(occupied)}, expected topics that are empty or missing: choose another"
            " --to-prefix, or delete the topics if they are what a copy that was broken off left behind"
        )
    before = _survey(source, specs, lambda text: tell(f"read {text}"))
    positions = source.positions()
    destination.begin(specs)
    for one in before:
        place = TopicPartition(one.topic, one.partition)
        destination.put(place, source.read(one.topic, one.partition, one.first, one.end), one.first, one.end)
        tell(f"copied {_named(one)}")
    copied = _survey(destination, specs, lambda text: tell(f"compared {text}"))
    if copied != before:
        wrong = next(pair for pair in zip(before, copied, strict=True) if pair[0] != pair[1])
        raise Refused(f"the copy is not the same: found {wrong[1]}, expected {wrong[0]}; delete it and copy again")
    ends = {(one.topic, one.partition): one.end for one in before}
    now = {(spec.name, number): end for spec in specs for number, (_, end) in source.bounds(spec.name).items()}
    if now != ends or source.positions() != positions:
        raise Refused(
            "SOURCE: found records or positions that came during the copy, expected it to stand still: stop producers"
            " and roles, delete what was copied, and copy again"
        )
    held = {group: _within(places, names) for group, places in positions.items()}
    taken = {group: places for group, places in held.items() if places}
    destination.end(specs, taken, source.appended())
    epoch = destination.epoch()
    return CopiedLog(before, taken, epoch, ledger.move(source.epoch(), epoch))


def _survey(
    log: CopySource | CopyDestination, specs: Iterable[TopicSpec], tell: Callable[[str], None]
) -> tuple[CopiedPartition, ...]:
    found = []
    for spec in specs:
        for partition, (first, end) in sorted(log.bounds(spec.name).items()):
            count, checksum = 0, hashlib.sha256()
            for record in log.read(spec.name, partition, first, end):
                count += 1
                _add(checksum, record)
            found.append(CopiedPartition(spec.name, partition, count, first, end, checksum.hexdigest()))
            tell(_named(found[-1]))
    return tuple(found)


def _add(checksum: hashlib._Hash, record: Record) -> None:
    """Add all that a record is: offset, time, key, headers, value."""
    parts = [record.key, record.value, *(part for name, value in record.headers for part in (name.encode(), value))]
    checksum.update(b"%d %d %d" % (record.offset, record.timestamp, len(parts)))
    for part in parts:
        checksum.update(b"-" if part is None else b"%d:" % len(part) + part)


def _within(places: Mapping[TopicPartition, Position], names: Sequence[str]) -> dict[TopicPartition, Position]:
    return {place: position for place, position in places.items() if place.topic in names}


def _named(one: CopiedPartition) -> str:
    return f"{one.topic}, partition {one.partition}: {one.records} records, offsets {one.first} to {one.end}"
