"""Measures how fast Spark judges an archive on one core and on two, beside the stream's own screener without Spark.

The archive is what the role `archive` writes of contents and registrations that were published to a log. The job is
`consumers/cluster.py` as an operator starts it, in local mode. It runs on an archive of few rows, too: what it takes
for these is the start of Spark, of its Python processes, and the reading of the snapshot; the rate is that of the rows
that the larger archive has more.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "benchmarks")]

import pyarrow.parquet as pq
import sparkjob
from crowds import Crowd
from datafolder import data_folder
from integration.streams import Stream, flags_for
from rescreen_spark_section import FIGURES
from segmenters import segmenter

from consumers import activations, topics, wire
from consumers.cluster import ROWS
from consumers.log.port import Outgoing
from consumers.run import quiet, run_worker
from consumers.screeners import Screeners
from consumers.snapshot_files import Snapshot, read_snapshot
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = _TESTS.parent
LIST: Final = "sdn_2021-08-18.csv"
TEXTS: Final = ("clean_hotel", "clean_waimai", "clean_shopping_odd", "clean_c3", "cold_train")
FEW: Final = 1_000
"""Rows of the smaller archive."""

SUBJECTS: Final = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the job, from its start to its end: seconds by the clock."""

    subject: str
    rows: int
    cores: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Alone:
    """The same rows judged in one process by the stream's screener: seconds of the processor, without its building."""

    subject: str
    rows: int
    processor: float


def _contents(count: int) -> Iterator[Outgoing]:
    folder = data_folder() / "content"
    paths = [path for name in TEXTS for path in sorted(folder.glob(f"{name}*"))]
    texts = [json.loads(line)["text"] for path in paths for line in path.read_text("utf-8").splitlines()]
    for number in range(count):
        account = f"b-{number % 997}"
        fields = {"id": f"c-{number}", "account_id": account, "body": texts[number % len(texts)]}
        yield Outgoing(topics.CONTENT, account.encode(), json.dumps(fields).encode())


def _registrations(count: int) -> Iterator[Outgoing]:
    path = data_folder() / "sanctions" / "lists" / "ofac_history" / LIST
    crowd = Crowd(ofac_csv.parse({"sdn.csv": path.read_bytes()}).parties, data_folder() / "sanctions" / "labelled")
    for party in crowd.parties(count, 7):
        kind = "person" if party.kind is PartyKind.PERSON else "organization"
        fields = {"account_id": party.entry, "kind": kind, "name": party.names[0].text}
        yield Outgoing(topics.ACCOUNTS, party.entry.encode(), json.dumps(fields).encode())


def _archive(folder: pathlib.Path, contents: int, registrations: int) -> pathlib.Path:
    """Publish, archive, and write the snapshot; return the archive's folder."""
    with Stream(flags_for(folder / "data")) as stream:
        stream.activate_list("us-ofac-sdn", data_folder() / "sanctions" / "lists" / "ofac_history" / LIST)
        stream.publish([*_contents(contents), *_registrations(registrations)])
        run_worker(stream.installation, "archive", 0, drain=True, stopping=lambda: False, tell=quiet)
        log = stream.installation.log
        numbers = {subject: activations.latest_for(log, topic).number for subject, topic in SUBJECTS.items()}
        Snapshot.of(activations.latest(log), numbers, stream.installation.version).write(folder / "now.snapshot")
        return stream.installation.settings.archive_folder


def _job(folder: pathlib.Path, archive: pathlib.Path, subject: str, rows: int, cores: int) -> Job:
    out = folder / f"out-{subject}-{rows}-{cores}"
    arguments = (archive, folder / "now.snapshot", out, "--subject", subject)
    started = time.perf_counter()
    done = sparkjob.judge(*arguments, cores=cores, memory="2g")
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"rescreen_spark: the job ended with {done.returncode}:\n{done.stderr[-4000:]}")
    given = sum(pq.read_metadata(path).num_rows for path in (out / subject).glob("*.parquet"))
    if given != rows:
        raise SystemExit(f"rescreen_spark: found {given} results, expected {rows}")
    return Job(subject, rows, cores, seconds)


def _alone(folder: pathlib.Path, subject: str, records: Sequence[Outgoing], out: pathlib.Path) -> Alone:
    """Judge without Spark, and see that Spark's verdicts are these."""
    held = read_snapshot((folder / "now.snapshot").read_bytes())
    screeners = Screeners(held.version, segmenter)
    content = subject == "content"
    screener = (screeners.content if content else screeners.registrations)(held.activation)
    read: Any = wire.read_content if content else wire.read_registrant
    verdicts: dict[str, str | None] = {}
    screener.screen([read(record.value) for record in records[:ROWS]])
    started = time.process_time()
    for at in range(0, len(records), ROWS):
        for result in screener.screen([read(record.value) for record in records[at : at + ROWS]]):
            verdicts[result.id] = None if result.verdict is None else result.verdict.value
    processor = time.process_time() - started
    rows = [row for path in (out / subject).glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    if {row["id"]: row["verdict"] for row in rows} != verdicts:
        raise SystemExit(f"rescreen_spark: Spark's verdicts on {subject} are not those of the screener alone")
    return Alone(subject, len(records), processor)


def measure(folder: pathlib.Path, contents: int, registrations: int) -> dict[str, Any]:
    """Return the figures.

    Args:
        folder: for the archives and what is made of them.
        contents: rows of the larger archive.
        registrations: likewise.
    """
    jobs: list[Job] = []
    alone: list[Alone] = []
    counts = {"content": contents, "registration": registrations}
    few, many = folder / "few", folder / "many"
    archives = {few: _archive(few, FEW, FEW), many: _archive(many, contents, registrations)}
    for subject, count in counts.items():
        for cores in (1, 2):
            for place, rows in ((few, FEW), (many, count)):
                jobs.append(_job(place, archives[place], subject, rows, cores))
                sys.stderr.write(f"{jobs[-1]}\n")
        records = list(_contents(count) if subject == "content" else _registrations(count))
        alone.append(_alone(many, subject, records, many / f"out-{subject}-{count}-2"))
        sys.stderr.write(f"{alone[-1]}\n")
    return {
        "few": FEW,
        "load": os.getloadavg()[0],
        "jobs": [dataclasses.asdict(one) for one in jobs],
        "alone": [dataclasses.asdict(one) for one in alone],
    }


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--contents", type=int, default=200_000, help="rows (default: %(default)s)")
    parser.add_argument("--registrations", type=int, default=20_000, help="rows (default: %(default)s)")
    parser.add_argument("--into", type=pathlib.Path, default=ROOT / "docs", help="folder for the figures")
    asked = parser.parse_args()
    if not sparkjob.SPARK.is_dir():
        raise SystemExit("rescreen_spark: found no Spark in .tools, expected it: run scripts/setup-spark")
    with tempfile.TemporaryDirectory(prefix="screening-spark-") as folder:
        figures = measure(pathlib.Path(folder), asked.contents, asked.registrations)
    (asked.into / FIGURES).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
