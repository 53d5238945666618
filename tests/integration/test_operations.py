"""What an engineer on call sees of a running pipeline: metrics, health and logs, and nothing of what people wrote."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import socket
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass

import pytest
import terminal
from integration.streams import PATIENCE, Stream, flags_for, running
from prometheus import prometheus
from prometheus_client.parser import text_string_to_metric_families

from consumers import topics
from consumers.dead_letter import letter_of
from consumers.happenings import Blinded
from consumers.letter_decisions import LetterDecision
from consumers.log.port import Outgoing
from consumers.measures import MEASURES
from consumers.metrics import Metrics
from consumers.watch import Places, Watch
from consumers.wiring import ROLES, TOPICS, group_of

CANARIES = ("canarybird", "金丝雀", "canary@example.org", "CANARY-750099913")
"""What nobody may find in metrics, health or logs: of a text, a name, an address and a number."""

ACCOUNT = "acct-canarybird"


@dataclass
class Station:
    """A pipeline that runs in processes of its own, as seen from outside."""

    stream: Stream
    url: str
    said: pathlib.Path
    check: object

    def ask(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:  # noqa: S310 - ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def samples(self):
        """Return (name, labels) → value, as Prometheus reads them; every name must be of the table."""
        status, text = self.ask("/metrics")
        assert status == 200
        families = [one for one in text_string_to_metric_families(text) if one.name.startswith("screening_")]
        assert {one.name for one in families} == {measure.name.removesuffix("_total") for measure in MEASURES}
        return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}

    def sum(self, name, samples=None, **labels):
        """Return the sum of a metric over all that have some labels; None where there is none."""
        held = self.samples() if samples is None else samples
        found = [value for (one, has), value in held.items() if one == name and has >= labels.items()]
        return sum(found) if found else None

    def until(self, what, expected=True):  # noqa: FBT002 - what is awaited
        """Wait for something to be so."""
        deadline = time.monotonic() + PATIENCE
        while (found := what()) != expected:
            self.check()
            assert time.monotonic() < deadline, f"found {found}, expected {expected}"
            time.sleep(0.25)

    def lines(self):
        """Return what was logged; every line is JSON."""
        return [json.loads(line) for line in self.said.read_text("utf-8").splitlines()]


@contextlib.contextmanager
def watched(stream, workers):
    """Run all roles and find where they answer."""
    with running(stream, workers) as check:
        said = pathlib.Path(stream.flags["data"]) / "run.txt"
        station = Station(stream, "", said, check)
        station.until(lambda: '"listening"' in said.read_text("utf-8"))
        station.url = next(line["url"] for line in station.lines() if line["event"] == "listening")
        yield station


def events():
    """Return contents and registrations that lead to every kind of result, with canaries in every field."""
    body = f"{CANARIES[0]} {CANARIES[1]} 性感荷官在线发牌，注册送彩金 {CANARIES[2]}"
    contents = [
        {"id": f"{CANARIES[0]}-{n}", "account_id": ACCOUNT, "title": CANARIES[1],
         "body": body if n % 2 else CANARIES[0], "published_at": "2026-11-23T08:00:00+08:00"}
        for n in range(20)
    ]  # fmt: skip
    registrations = [
        terminal.LISTED | {"account_id": ACCOUNT, "email": CANARIES[2], "address": CANARIES[0]},
        {"account_id": f"{ACCOUNT}-2", "kind": "person", "name": CANARIES[1], "registered_at": CANARIES[0]},
    ]
    broken = [
        b'{"id": "%s", "account_id": 7}' % CANARIES[3].encode(),
        CANARIES[1].encode("gbk"),
        b"\xff" + CANARIES[0].encode(),
    ]
    return [
        *(Outgoing(topics.CONTENT, ACCOUNT.encode(), json.dumps(one).encode()) for one in contents),
        *(Outgoing(topics.ACCOUNTS, one["account_id"].encode(), json.dumps(one).encode()) for one in registrations),
        *(
            Outgoing(topics.CONTENT, ACCOUNT.encode(), value, (("traceparent", CANARIES[0].encode()),))
            for value in broken
        ),
    ]


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """A pipeline on the embedded log, two workers of each role, that has worked off some events."""
    folder = tmp_path_factory.mktemp("operations")
    more = {"metrics__port": 0, "metrics__watch_seconds": 1, "logging__level": "debug", "run__poll_seconds": 0.1}
    with Stream(flags_for(folder, **more)) as stream:
        (folder / "sdn.csv").write_text(terminal.SDN, "utf-8")
        with watched(stream, workers=2) as station:
            yield station


def waiting_for_a_list(station):
    status, text = station.ask("/readyz")
    checks = json.loads(text)["checks"]
    why = [" ".join(checks.get(f"registrations-{n}", {}).get("why", [])) for n in (0, 1)]
    return status == 503 and all("active watchlist" in one for one in why)


def test_everything_in_its_turn(station, tmp_path):
    """One run, from no watchlist to a killed worker.

    Without a list `registrations` is alive and not ready, and says why. With one, all is ready; what was counted is
    what stands on the log. A worker that is killed leaves no gauge of its own behind, its counts stay, and it comes
    back; every scrape meanwhile is answered whole, and a real Prometheus that scrapes on sees no counter fall.
    """
    station.until(lambda: waiting_for_a_list(station))
    assert station.ask("/livez")[0] == 200
    station.stream.activate_list("us-ofac-sdn", pathlib.Path(station.stream.flags["data"]) / "sdn.csv")
    station.until(lambda: station.ask("/readyz")[0], 200)

    sent = events()
    station.stream.publish(sent)
    station.stream.await_ends(check=station.check)
    station.until(lambda: station.sum("screening_lag_records"), 0)
    _counts_are_what_stands_on_the_log(station, sent)

    with prometheus(tmp_path, [station.url.removeprefix("http://")]) as scraping:
        station.until(lambda: bool(scraping.query("screening_records_read_total")))
        _a_killed_worker_takes_nothing_with_it(station)
        station.until(lambda: bool(scraping.query('screening_worker_restarts_total{role="content"}')))
        fallen = scraping.query('{__name__=~"screening_.*_total|screening_.*_count"}[10m]')
        for series in fallen:
            values = [float(value) for _, value in series["values"]]
            assert values == sorted(values), f"Prometheus saw a counter fall: {series['metric']}"
        assert len(fallen) > 20
    station.until(lambda: station.sum("screening_workers", role="content"), 2)
    station.until(lambda: station.sum("screening_partitions", role="content"), 6)
    station.until(lambda: station.ask("/readyz")[0], 200)

    _nobody_is_named(station)


def _a_killed_worker_takes_nothing_with_it(station):
    before = station.samples()
    pid = next(
        line["pid"] for line in station.lines() if line["event"] == "worker started" and line["worker"] == "content-1"
    )
    os.kill(pid, signal.SIGKILL)
    least = before
    while station.sum("screening_worker_restarts_total", least, role="content") is None:
        station.check()
        now = station.samples()
        grown = [
            key for key, value in least.items() if key[0].endswith(("_total", "_count", "_bucket")) and now[key] < value
        ]
        assert grown == [], "a counter never falls"
        least = now
        time.sleep(0.05)


def _counts_are_what_stands_on_the_log(station, sent):
    stream, samples = station.stream, station.samples()
    results = stream.results()
    told = Counter((one["subject"], one["verdict"]) for one in results)
    assert {("content", "clear"), ("content", "enforce"), ("registration", "enforce")} <= told.keys()
    for (subject, verdict), count in told.items():
        assert station.sum("screening_results_total", samples, subject=subject, verdict=verdict) == count
    hits = Counter(hit["category"] for one in results if one["subject"] == "content" for hit in one["hits"])
    for category, count in hits.items():
        assert station.sum("screening_content_hits_total", samples, category=category) == count
    sources = Counter(hit["source"] for one in results if one["subject"] == "registration" for hit in one["hits"])
    assert sources
    for source, count in sources.items():
        assert station.sum("screening_name_hits_total", samples, source=source) == count
    orders = [
        (json.loads(record.value)["type"], record.header("ce_correlationid"))
        for topic in topics.ORDER_TOPICS
        for record in stream.records(topic)
    ]
    for kind, count in Counter(kind for kind, _ in orders).items():
        assert station.sum("screening_orders_total", samples, type=kind) == count
    letters = len(list(stream.records(topics.DEAD_LETTER)))
    assert letters == 3
    assert station.sum("screening_records_refused_total", samples, role="content") == letters
    station.until(lambda: station.sum("screening_dead_letters", role="content", topic=topics.CONTENT), letters)
    for topic in (topics.CONTENT, topics.ACCOUNTS):
        markers = sum(1 for record in stream.records(topic) if record.header("ce_type") == b"screening.activation.v1")
        read = sum(1 for one in sent if one.topic == topic) + markers
        role = "content" if topic == topics.CONTENT else "registrations"
        assert station.sum("screening_records_read_total", samples, role=role, topic=topic) == read
        assert station.sum("screening_records_read_total", samples, role="records", topic=topic) == read
    for role in ("content", "registrations", "enforcement"):
        count = station.sum("screening_latency_seconds_count", samples, role=role, since="appended", mode="live")
        assert count == (len(results) if role == "enforcement" else sum(n for (s, _), n in told.items() if s in role))
    published = station.sum("screening_latency_seconds_count", samples, role="enforcement", since="published")
    assert published == 20, (
        "as many contents said when they were published; the registration that said nonsense is not one"
    )
    for role in ROLES:
        assert station.sum("screening_transactions_total", samples, role=role, outcome="committed") > 0
        for name in ("screening_batch_seconds_count", "screening_transaction_seconds_count"):
            assert station.sum(name, samples, role=role) > 0
    assert station.sum("screening_matching_seconds_count", samples, role="content") > 0
    for kind in ("engine", "policy", "lexicon", "watchlist"):
        assert station.sum("screening_version_info", samples, kind=kind) == 1
        assert time.time() - 86_400 < station.sum("screening_version_in_force_timestamp_seconds", samples, kind=kind)
    assert station.sum("screening_version_entries", samples, kind="watchlist", source="us-ofac-sdn") == 2
    assert time.time() - 86_400 < station.sum("screening_list_imported_timestamp_seconds", samples)
    assert station.sum("screening_workers", samples) == 2 * len(ROLES)
    correlations = {line["correlation"] for line in station.lines() if line["event"] == "ordered"}
    assert correlations == {held.decode() for _, held in orders}, "log lines lead from an order to its event"
    assert {one["input"]["topic"] for one in results} >= {correlation.split("/")[0] for correlation in correlations}


def _nobody_is_named(station):
    refused = [line for line in station.lines() if line["event"] == "record refused"]
    assert len(refused) == 3
    told = "\n".join(
        [station.said.read_text("utf-8"), *(station.ask(path)[1] for path in ("/metrics", "/livez", "/readyz"))]
    )
    spelled = [*CANARIES, *(json.dumps(one).strip('"') for one in CANARIES), ACCOUNT, terminal.LISTED["name"], "荷官"]
    assert [one for one in spelled if one in told] == []


@pytest.fixture
def kafka(kafka_broker, tmp_path):
    with Stream(flags_for(tmp_path, broker=kafka_broker, metrics__port=0, metrics__watch_seconds=1)) as stream:
        yield stream


def test_on_kafka_lag_is_seen_and_rebalances_counted(kafka):
    """What waits is told in records and seconds before anybody reads, and is gone once done; joins are counted."""
    contents = [{"id": f"c-{n}", "account_id": f"a-{n}", "body": "今天天气很好"} for n in range(60)]
    kafka.publish([Outgoing(topics.CONTENT, one["account_id"].encode(), json.dumps(one).encode()) for one in contents])
    told = []
    metrics = Metrics()
    watch = Watch(
        lambda: contextlib.nullcontext(Places(kafka.installation.log, kafka.installation.ledger)),
        {role: (group_of(role), TOPICS[role]) for role in ("content", "enforcement")},
        seconds=1, metrics=metrics, tell=told.append,
    )  # fmt: skip
    time.sleep(0.01)
    watch.look(Places(kafka.installation.log, kafka.installation.ledger))
    lag = {(measure.name, labels): value for (measure, labels), value in watch.gauges().items()}
    assert lag["screening_lag_records", ("content", topics.CONTENT)] >= 60
    assert lag["screening_lag_seconds", ("content", topics.CONTENT)] > 0
    assert lag["screening_lag_records", ("enforcement", topics.RESULTS)] == 0
    assert lag["screening_open_transaction_seconds", ("content", topics.CONTENT)] == 0
    assert told == []
    with watched(kafka, workers=2) as station:
        station.until(lambda: station.sum("screening_partitions", role="content", topic=topics.CONTENT), 6)
        kafka.await_ends(("content", "enforcement", "records"), check=station.check)
        station.until(lambda: station.sum("screening_lag_records", role="content"), 0)
        station.until(lambda: station.sum("screening_lag_seconds", role="content"), 0)
        samples = station.samples()
        assert station.sum("screening_results_total", samples, verdict="clear") == 60
        assert station.sum("screening_transactions_total", samples, role="content", outcome="committed") >= 1
        before = station.sum("screening_rebalances_total", role="content") or 0
        with contextlib.closing(kafka.installation.log.session(group_of("content"), TOPICS["content"], "late")) as late:

            def moved():
                late.poll(0.1)
                now = station.sum("screening_rebalances_total", role="content") or 0
                return bool(late.assigned()) and now > before

            station.until(moved)
        station.until(lambda: station.sum("screening_partitions", role="content", topic=topics.CONTENT), 6)


def test_a_log_that_cannot_be_looked_at_is_told_once(tmp_path):
    """A watch that fails says so once, counts each time, and takes its gauges away."""
    with Stream(flags_for(tmp_path)) as stream:
        told, metrics = [], Metrics()
        places = Places(stream.installation.log, stream.installation.ledger)
        watch = Watch(lambda: contextlib.nullcontext(places), {"content": (group_of("content"), (topics.CONTENT,))},
                      seconds=60, metrics=metrics, tell=told.append)  # fmt: skip
        watch.look(places)
        assert watch.blind() is None
        assert any(measure.name == "screening_lag_records" for measure, _ in watch.gauges())
        broken = Places(None, None)
        for _ in range(3):
            with pytest.raises(AttributeError):
                watch.look(broken)
        assert told == [Blinded("watch", "log", "AttributeError")]
        assert not any(measure.name == "screening_lag_records" for measure, _ in watch.gauges())
        watch.look(places)
        assert any(measure.name == "screening_lag_records" for measure, _ in watch.gauges())


def test_a_dead_letter_that_was_decided_waits_no_longer(tmp_path):
    """Dead letters are counted until somebody discards or replays them, with the time of the oldest."""
    with Stream(flags_for(tmp_path)) as stream:
        stream.publish([Outgoing(topics.CONTENT, b"a-1", value) for value in (b"7", b"8")])
        stream.drain(["content"])
        places = Places(stream.installation.log, stream.installation.ledger)
        watch = Watch(lambda: contextlib.nullcontext(places), {"content": (group_of("content"), (topics.CONTENT,))},
                      seconds=60, metrics=Metrics(), tell=lambda _: None)  # fmt: skip

        def standing():
            watch.look(places)
            named = {(measure.name, labels): value for (measure, labels), value in watch.gauges().items()}
            labels = ("content", topics.CONTENT)
            oldest = named.get(("screening_dead_letter_oldest_timestamp_seconds", labels))
            return named.get(("screening_dead_letters", labels)), oldest

        letters = [letter_of(record) for record in stream.records(topics.DEAD_LETTER)]
        assert standing() == (2, min(letter.at for letter in letters) / 1000)
        for left, letter in ((1, letters[0]), (None, letters[1])):
            said = LetterDecision(
                letter=letter.id,
                digest=letter.digest,
                decision="discarded",
                by="x",
                reason="x",
                at="2026-11-23T08:00:00Z",
            )
            stream.installation.log.append([said.outgoing()])
            assert standing()[0] == left


def test_a_metrics_port_in_use(tmp_path):
    """Wrong configuration, told with the setting; nothing was run."""
    someone = terminal.Terminal(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = someone.run("run", "content", "--drain", "--metrics-port", str(port))
    assert done.code == 2
    assert f"metrics.port: found {port} on 127.0.0.1 in use, expected a port that nothing else listens on" in done.err
    assert someone.files() == {}
