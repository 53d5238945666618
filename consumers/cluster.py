"""The archive judged by Spark: the screeners of the stream on every core of a cluster. The only module that knows it.

A row is judged by the same function with the same versions as in the stream, and its result has the same bytes: it
names the place of its input and the activation of the snapshot. Nothing is ordered; whoever wants orders lets
`screening rescreen` do it.

    spark-submit … cluster.py ARCHIVE SNAPSHOT OUT [--subject content]
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from consumers import topics, wire
from consumers.registrations import has_watchlist
from consumers.screeners import Screeners
from consumers.snapshot_files import read_snapshot
from consumers.wiring import segmenter
from screening.errors import SubjectError
from screening.subjects import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from screening.decisions import Result
    from screening.subjects import Content, Registrant

SCHEMA: Final = "account_id string, id string, verdict string, result binary"
"""The columns of what is judged; `result` is the record that the stream would have written."""

ROWS: Final = 500
"""Rows of a batch, as many as a role judges at once: all that follows from a batch is held in memory."""

TASKS: Final = 4
"""Tasks for each core: small enough that no core waits long for the last one of another."""

_TOPIC: Final = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}

_made: dict[tuple[str, bytes], Any] = {}
"""What judges in this process, by subject and snapshot: building it takes seconds, and a worker has many tasks."""


def newest(archive: DataFrame) -> DataFrame:
    """Return the newest record of each subject that has not ended."""
    from pyspark.sql import functions as fn  # noqa: PLC0415 - an extra; what judges on a worker needs none of it

    held = fn.struct("partition", "offset", "ended", "record")
    latest = archive.groupBy("account_id", "id").agg(fn.max_by(held, "offset").alias("newest"))
    standing = latest.where(~fn.col("newest.ended"))
    return standing.select("account_id", "id", "newest.partition", "newest.offset", "newest.record")


def judged(spark: SparkSession, rows: DataFrame, subject: str, snapshot: bytes) -> DataFrame:
    """Return the results of some rows of the archive.

    The rows are spread over the cores anew: Spark cuts tasks by bytes, and takes a million registrations, which are few
    bytes and minutes of work, for a task or two.

    Args:
        spark: the session.
        rows: what `newest` gave, or any rows with its columns.
        subject: content or registration.
        snapshot: the bytes of a snapshot.
    """
    sent = spark.sparkContext.broadcast(snapshot)
    spread = rows.repartition(TASKS * spark.sparkContext.defaultParallelism)
    return spread.mapInArrow(_judging(subject, lambda: sent.value), SCHEMA)


def _judging(
    subject: str, snapshot: Callable[[], bytes]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        screen = _screen(subject, snapshot())
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS):
                yield _results(screen, subject, batch.slice(start, ROWS).to_pylist())

    return judge


def _screen(subject: str, snapshot: bytes) -> Callable[[Sequence[Any]], list[Result]]:
    key = (subject, snapshot)
    if key not in _made:
        held = read_snapshot(snapshot)
        screeners = Screeners(held.version, segmenter)
        make = screeners.content if subject == "content" else screeners.registrations
        _made.clear()
        _made[key] = (make(held.activation), held.numbers[subject])
    screener, number = _made[key]
    return lambda subjects: [msgspec.structs.replace(one, activation=number) for one in screener.screen(subjects)]


def _results(
    screen: Callable[[Sequence[Any]], list[Result]], subject: str, rows: Sequence[dict[str, Any]]
) -> pa.RecordBatch:
    read = [(row, one) for row in rows if (one := _read(subject, row["record"])) is not None]
    results = screen([one for _, one in read])
    placed = [_placed(row, subject, result) for (row, _), result in zip(read, results, strict=True)]
    columns = {
        "account_id": [one.account_id for one in placed],
        "id": [one.id for one in placed],
        "verdict": [None if one.verdict is None else one.verdict.value for one in placed],
        "result": [wire.encode(one) for one in placed],
    }
    types = [pa.string(), pa.string(), pa.string(), pa.binary()]
    return pa.RecordBatch.from_pydict(columns, schema=pa.schema(list(zip(columns, types, strict=True))))


def _placed(row: dict[str, Any], subject: str, result: Result) -> Result:
    place = msgspec.structs.replace(
        result.input, topic=_TOPIC[subject], partition=row["partition"], offset=row["offset"]
    )
    return msgspec.structs.replace(result, input=place)


def _read(subject: str, record: bytes) -> Content | Registrant | None:
    try:
        read = wire.read_content(record) if subject == "content" else wire.read_registrant(record)
    except SubjectError:
        return None
    return None if isinstance(read, Ended) else read


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge an archive and write the results as Parquet."""
    parser = argparse.ArgumentParser(description="Judge the newest record of each subject in an archive.")
    parser.add_argument("archive", help="the folder of the archive, as Spark reads it")
    parser.add_argument("snapshot", help="what `screening archive snapshot` wrote")
    parser.add_argument("out", help="the folder for the results; one for each kind of subject")
    parser.add_argument("--subject", choices=sorted(_TOPIC), action="append", help="both where left out")
    given = parser.parse_args(arguments)
    from pyspark.sql import SparkSession as Session  # noqa: PLC0415 - an extra

    snapshot = pathlib.Path(given.snapshot).read_bytes()
    held = read_snapshot(snapshot)
    spark = Session.builder.appName("screening").getOrCreate()
    try:
        for subject in given.subject or sorted(_TOPIC):
            if subject == "registration" and not has_watchlist(held.activation):
                sys.stderr.write("registration: found no watchlist in the snapshot, expected one: left out\n")
                continue
            rows = newest(spark.read.parquet(f"{given.archive}/{subject}"))
            judged(spark, rows, subject, snapshot).write.mode("overwrite").parquet(f"{given.out}/{subject}")
    finally:
        spark.stop()
    return 0


if __name__ == "__main__":
    # By its name, so that a worker finds what it has made for an earlier task.
    from consumers.cluster import main as run

    sys.exit(run())
