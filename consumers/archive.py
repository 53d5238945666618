"""The role `archive`: every content and registration in Parquet files, for what is too much for one machine.

The promise: each record stands in the archive once, and nothing of a subject that ended. A batch ends in four steps:
1. what the files are to be is written beside them;
2. in one transaction of the ledger that holds the partitions' frontiers, the files are put in place
3. and the frontiers advance;
4. the group's positions are committed on the log.
A crash before 2 leaves parts that nobody reads; one between 2 and 3 leaves records beyond the frontier, which are
written again in the same place; one after 3 costs a second reading. Another worker that was taken for dead finds the
frontier advanced and puts nothing in place.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, cast

from consumers import topics, wire
from consumers.activations import marker_of
from consumers.archive_files import ArchiveFiles, Prepared, Row, discard, put
from consumers.happenings import Happened
from consumers.log.port import Fatal, Retry, TopicPartition
from consumers.role import Processed
from screening.errors import SubjectError
from screening.subjects import Ended, Registrant

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from consumers.ledger.port import Applying, Ledger
    from consumers.log.port import Batch, Position, Record
    from consumers.role import Observer
    from screening.subjects import Content

NAME: Final = "archive"

FOLDERS: Final[Mapping[str, Literal["content", "registration"]]] = {
    topics.CONTENT: "content",
    topics.ACCOUNTS: "registration",
}
"""Topic → the folder of its records."""

_ABOUT: Final = "archive.json"
"""The file that says of which histories of a log the archive is."""


class ArchiveRole:
    """Keeps an archive up with the log.

    Args:
        folder: where it lies; made when the first record comes.
        ledger: holds the frontiers.
        epoch: the log's history.
        tell: is told what happened.
    """

    name = NAME
    topics = tuple(FOLDERS)

    def __init__(self, folder: pathlib.Path, ledger: Ledger, *, epoch: str, tell: Observer) -> None:
        self._folder = folder
        self._ledger = ledger
        self._epoch = epoch
        self._tell = tell
        self._files = {topic: ArchiveFiles(folder / name) for topic, name in FOLDERS.items()}
        self._known = False

    def ready(self) -> str | None:
        """Return None: there is nothing to wait for."""
        return None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Archive the records of a batch that nobody has archived yet."""
        places = sorted(batch.reached)
        with self._ledger.applying(self.name, self._epoch) as applying:
            frontiers = {place: applying.frontier(place, assigned[place].offset) for place in places}
        self._check(began=any(frontiers.values()))
        rows = self._rows(batch, frontiers)
        prepared: list[Prepared] = []
        try:
            for place, held in rows.items():
                ended = {(row.account_id, row.id): row.offset for row in held if row.ended}
                files = self._files[place.topic]
                prepared += files.prepare(place.partition, frontiers[place], held, ended)
            with self._ledger.applying(self.name, self._epoch) as applying:
                _hold(applying, frontiers)
                put(prepared)
                for place in places:
                    applying.advance(place, max(frontiers[place], batch.reached[place]), 0)
        except BaseException:
            discard(prepared)
            raise
        self._tell(Happened(self.name, "archived", sum(map(len, rows.values()))))
        return Processed()

    def _rows(self, batch: Batch, frontiers: Mapping[TopicPartition, int]) -> dict[TopicPartition, list[Row]]:
        rows: dict[TopicPartition, list[Row]] = defaultdict(list)
        for record in batch.records:
            place = TopicPartition(record.topic, record.partition)
            if record.offset >= frontiers[place] and (row := _row(record)) is not None:
                rows[place].append(row)
        return rows

    def _check(self, *, began: bool) -> None:
        """Check once that the archive is this log's: offsets of another history mean nothing.

        Args:
            began: whether the ledger knows of anything archived from this history, by this log or by one it copies.
        """
        if self._known:
            return
        about = self._folder / _ABOUT
        epochs = cast("list[str]", json.loads(about.read_text("utf-8"))["epochs"]) if about.exists() else []
        if self._epoch not in epochs:
            if epochs and not began:
                raise Fatal(
                    f"{about}: found the archive of another log ({', '.join(epochs)}), expected that of {self._epoch}"
                    " or an empty folder: name another one by archive.path"
                )
            self._folder.mkdir(parents=True, exist_ok=True)
            part = about.with_name(f".{_ABOUT}.part")
            part.write_text(json.dumps({"schema": 1, "epochs": [*epochs, self._epoch]}), "utf-8")
            part.replace(about)
        for files in self._files.values():
            files.tidy()
        self._known = True


def _hold(applying: Applying, frontiers: Mapping[TopicPartition, int]) -> None:
    """Hold the frontiers until the block ends, always in one order.

    Raises:
        Retry: one has moved.
    """
    for place in sorted(frontiers):
        if applying.frontier(place) != frontiers[place]:
            raise Retry(f"{place}: another worker has archived it meanwhile")


def _row(record: Record) -> Row | None:
    """Return a record's row; None for markers, and for what another role has put among the dead letters."""
    if marker_of(record) is not None:
        return None
    try:
        if record.topic == topics.CONTENT:
            read: Content | Registrant | Ended = wire.decode_content(record.key, record.value)
        else:
            read = wire.decode_registrant(record.key, record.value)
    except SubjectError:
        return None
    ended = isinstance(read, Ended)
    return Row(
        account_id=read.account_id,
        id=read.account_id if isinstance(read, Registrant) else read.id,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        ended=ended,
        record=None if ended else record.value,
    )
