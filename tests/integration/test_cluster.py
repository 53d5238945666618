"""The archive judged by Spark, in local mode: byte for byte what the stream said of whatever stands."""

from __future__ import annotations

import json
import pathlib

import pyarrow.parquet as pq
import pytest
import sparkjob
from integration.hundred import put_in_force, registered
from integration.streams import Stream, flags_for

from consumers import activations, topics, wire
from consumers.cluster import SCHEMA, _results, _screen
from consumers.ledger.port import LedgerError
from consumers.log.port import Outgoing
from consumers.run import quiet, run_worker
from consumers.snapshot_files import Snapshot, read_snapshot


def content(number: int, body: str | None) -> Outgoing:
    account = f"b-{number % 5}"
    fields = {"id": f"c-{number}", "account_id": account, **({"deleted": True} if body is None else {"body": body})}
    return Outgoing(topics.CONTENT, account.encode(), json.dumps(fields).encode())


def snapshot_of(stream) -> Snapshot:
    log = stream.installation.log
    by = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}
    numbers = {subject: activations.latest_for(log, topic).number for subject, topic in by.items()}
    return Snapshot.of(activations.latest(log), numbers, stream.installation.version)


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """A day with revisions, a deletion and an erasure, judged by the stream and archived."""
    folder = tmp_path_factory.mktemp("archived")
    with Stream(flags_for(folder / "data", log__partitions=3)) as stream:
        put_in_force(stream, range(40))
        bad, good = "网上赌场开户送彩金，注册就送", "今天的天气很好，我们去公园走走"
        stream.publish([content(number, bad if number % 3 else good) for number in range(30)])
        stream.publish([content(3, f"{bad}！"), content(4, f"{good}。"), content(7, None)])
        people = [registered(number, right=bool(number % 2)) for number in range(30, 50)]
        stream.publish([*people, Outgoing(topics.ACCOUNTS, b"a-31", None)])
        stream.drain()
        run_worker(stream.installation, "archive", 0, drain=True, stopping=lambda: False, tell=quiet)
        snapshot_of(stream).write(folder / "now.snapshot")
        standing = {}
        for record in stream.records(topics.RESULTS):
            result = wire.decode_judged(record.key, record.value)
            standing[result.subject, result.account_id, result.id] = (result, record.value)
        kept = {key: value for key, (result, value) in standing.items() if not result.ended}
        yield folder, kept


def test_spark_gives_what_the_stream_gave(archived):
    """The same results to the byte, for the newest record of each subject that stands, and for nobody else."""
    folder, standing = archived
    assert sparkjob.SPARK.is_dir(), "found no Spark in .tools, expected it: run scripts/setup-spark"
    done = sparkjob.judge(folder / "data" / "archive", folder / "now.snapshot", folder / "out")
    assert done.returncode == 0, done.stderr[-4000:]
    found = {
        (subject, row["account_id"], row["id"]): row["result"]
        for subject in ("content", "registration")
        for path in pathlib.Path(folder / "out" / subject).glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    assert found == standing
    verdicts = {json.loads(value)["verdict"] for value in found.values()}
    assert {"clear", "enforce"} <= verdicts
    assert ("content", "b-2", "c-7") not in found
    assert ("registration", "a-31", "a-31") not in found


def test_what_a_worker_of_the_cluster_does(archived):
    """Rows in, results out, by the snapshot alone; what cannot be read gives no row."""
    folder, standing = archived
    screen = _screen("content", (folder / "now.snapshot").read_bytes())
    record = json.dumps({"id": "c-1", "account_id": "b-1", "body": "网上赌场开户送彩金，注册就送"}).encode()
    rows = [{"partition": 0, "offset": 5, "record": record}, {"partition": 0, "offset": 6, "record": b"{"}]
    given = _results(screen, "content", rows).to_pylist()
    assert [row["id"] for row in given] == ["c-1"]
    assert list(given[0]) == [column.split()[0] for column in SCHEMA.split(", ")]
    result = json.loads(given[0]["result"])
    known = json.loads(standing["content", "b-1", "c-1"])
    assert (result["result_id"], result["input"]["offset"]) == (known["result_id"], 5)
    assert {**result, "input": known["input"]} == known


def test_a_snapshot_is_whole_or_refused(archived):
    """A damaged one never judges."""
    data = (archived[0] / "now.snapshot").read_bytes()
    assert read_snapshot(data).activation.watchlists.keys() == {"us-ofac-sdn"}
    for broken in (data[:-9], b"", data[::-1]):
        with pytest.raises(LedgerError, match="expected what"):
            read_snapshot(broken)
    with pytest.raises(LedgerError, match="found nothing in the snapshot"):
        read_snapshot(data).version("policy", "0" * 64)
