"""What `doctor` says of an installation, for every fault that it names: each row of the table makes the fault.

The log is a real one, a file or a broker's; the ledger is a file or a real PostgreSQL's. What no test can do to its
machine, its clock and its disk, is told to the command in place of the machine's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import struct
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import terminal
from integration.streams import Stream, flags_for
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource
from kafka.protocol.api_key import ApiKey
from kafka.protocol.broker_version_data import BROKER_API_VERSIONS
from services import free_port
from sqlalchemy import make_url

from consumers import topics
from consumers.cli import doctor as command
from consumers.examination import DAY, EMBEDDED_BYTES, FREE_BYTES, Senses
from consumers.examination.dashboards import asked_for, exported
from consumers.faults import Exit, told
from consumers.log import kafka_clients
from consumers.log.port import Fatal, Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOUR = 3600.0
ROOM = 100 * FREE_BYTES
ALWAYS = {("replication", "warning")}
"""What is never well with one broker."""


@dataclass
class Place:
    """An installation, as somebody at a terminal sees it.

    Attributes:
        someone: runs commands on it.
        data: its folder.
        broker: `host:port`, where its log is on Kafka.
        prefix: its topics'.
        store: its ledger's URL.
    """

    someone: terminal.Terminal
    data: pathlib.Path
    broker: str = ""
    prefix: str = ""
    store: str = ""

    def doctor(self, *arguments: str) -> tuple[int, list[dict[str, str]]]:
        """Return the exit code and the lines."""
        done = self.someone.run("doctor", "--json", *arguments)
        assert not done.err, done.err
        return done.code, done.lines

    def set(self, name: str, value: str) -> None:
        """Set a setting for this and later commands."""
        self.someone.environment["SCREENING_" + name] = value


def host(monkeypatch: pytest.MonkeyPatch, **senses: Any) -> None:
    """Give the command a host: with much room, the time of this one, and little patience, or otherwise as told."""
    held = Senses(**({"free": lambda _: ROOM, "patience": 0.5} | senses))
    monkeypatch.setattr(command, "Senses", lambda: held)


@dataclass(frozen=True)
class Fault:
    """A row of the table: how a fault is made, and what the command must say of it.

    Attributes:
        make: makes the fault, and undoes it at the end; may return arguments for the command.
        what: the lines that are no longer well.
        found: what one of them says was found.
        advice: what it says is to be done.
        code: the exit code.
        state: of these lines.
    """

    name: str
    make: Callable[[Place, pytest.MonkeyPatch], contextlib.AbstractContextManager[list[str] | None]]
    what: str
    found: str
    advice: str
    code: int = 1
    state: str = "fault"


TABLE: dict[str, list[Fault]] = {"embedded": [], "kafka": []}


def fault(where: str, what: str, found: str, advice: str, code: int = 1, state: str = "fault") -> Callable[..., Any]:
    """Put the function below into the table."""

    def put(make: Callable[..., Any]) -> Callable[..., Any]:
        name = make.__name__.lstrip("_")
        TABLE[where].append(Fault(name, contextlib.contextmanager(make), what, found, advice, code, state))
        return make

    return put


# The host


@fault("embedded", "disk", "0.5 GiB free at", "make room, or move the data directory")
def _a_full_disk(place: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    host(patch, free=lambda path: FREE_BYTES // 2 if path == place.data else ROOM)
    (place.data / "elsewhere").mkdir()
    shutil.move(place.data / "log.sqlite", place.data / "elsewhere" / "log.sqlite")
    place.set("LOG_URL", f"sqlite:///{place.data / 'elsewhere' / 'log.sqlite'}")
    yield


@fault("embedded", "log file", "0.5 GiB free beside it", "make room now")
def _no_room_for_the_log_to_grow(place: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    (place.data / "elsewhere").mkdir()
    shutil.move(place.data / "log.sqlite", place.data / "elsewhere" / "log.sqlite")
    place.set("LOG_URL", f"sqlite:///{place.data / 'elsewhere' / 'log.sqlite'}")
    host(patch, free=lambda path: FREE_BYTES // 2 if path.name == "elsewhere" else ROOM)
    yield


@fault("embedded", "log file", "65.0 GiB, 100.0 GiB free", "move to Kafka: `screening log copy`", 0, "warning")
def _a_log_above_its_ceiling(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    os.truncate(place.data / "log.sqlite", EMBEDDED_BYTES + FREE_BYTES)  # a hole: it takes no room
    yield


@fault("embedded", "log file", "20.0 GiB, 15.0 GiB free", "neither a backup", 0, "warning")
def _no_room_for_a_backup_of_the_log(place: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    os.truncate(place.data / "log.sqlite", 20 * FREE_BYTES)
    host(patch, free=lambda _: 15 * FREE_BYTES)
    yield


@fault("embedded", "metrics port", "in use by something else", "choose another by metrics.port")
def _a_metrics_port_in_use(_: Place, __: pytest.MonkeyPatch) -> Iterator[list[str]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        threading.Thread(target=_says_nonsense, args=(taken,), daemon=True).start()
        yield ["--metrics-port", str(taken.getsockname()[1])]


def _says_nonsense(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"who is there?\r\n")


@fault("embedded", "metrics port", "not usable", "choose another by metrics.port")
def _an_address_of_another_machine(place: Place, _: pytest.MonkeyPatch) -> Iterator[list[str]]:
    place.set("METRICS_HOST", "192.0.2.1")
    yield ["--metrics-port", str(free_port())]


@fault("embedded", "dashboards", "stream.json, ", "mend the query")
def _a_dashboard_for_a_metric_that_vanished(place: Place, _: pytest.MonkeyPatch) -> Iterator[list[str]]:
    boards = place.data / "boards"
    shutil.copytree(ROOT / "deploy" / "grafana", boards)
    board = boards / "stream.json"
    text = board.read_text("utf-8")
    assert "screening_batch_seconds_bucket" in text
    board.write_text(text.replace("screening_batch_seconds_bucket", "screening_batch_time_bucket"), "utf-8")
    yield ["--dashboards", str(boards)]


@fault("embedded", "dashboards", "no *.json in", "deploy/grafana")
def _a_folder_without_dashboards(place: Place, _: pytest.MonkeyPatch) -> Iterator[list[str]]:
    yield ["--dashboards", str(place.data)]


# Clocks


@fault("embedded", "clock", "s ahead", "have both follow a time server")
def _a_clock_that_was_an_hour_ahead(place: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    later = time.time() + HOUR
    with pytest.MonkeyPatch.context() as writer:
        writer.setattr("consumers.log.sqlite_topics.time.time", lambda: later)
        place.someone.publish("content.published", {"id": "c-9", "account_id": "a-9", "body": "今天天气很好"})
    host(patch)
    yield


@fault("kafka", "clock, broker clock, database clock", "behind that of the", "have both follow a time server")
def _this_clock_an_hour_behind(_: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    host(patch, now=lambda: time.time() - HOUR)
    yield


@fault("kafka", "broker clock, database clock", "ahead of that of the", "have both follow a time server")
def _this_clock_an_hour_ahead(_: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    host(patch, now=lambda: time.time() + HOUR)
    yield


# The log


@fault("embedded", "log", "expected an embedded log", "do what is said there")
def _a_file_that_is_no_log(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    (place.data / "log.sqlite").write_bytes(b"this is no database" * 1000)
    yield


@fault("kafka", "log", "found no answer", "mend log.url", 5, "unreachable")
def _a_broker_that_is_not_there(_: Place, __: pytest.MonkeyPatch) -> Iterator[list[str]]:
    yield ["--log", f"kafka://127.0.0.1:{free_port()}"]


@fault("kafka", "log", "found a broker as old as Kafka 2.8, which cannot do DescribeTransactions", "what is said there")
def _a_broker_that_is_too_old(place: Place, _: pytest.MonkeyPatch) -> Iterator[list[str]]:
    with old_broker(place.broker, (2, 8)) as address:
        yield ["--log", f"kafka://{address}"]


@fault("embedded", "topics", "partitions: 6", "set log.partitions to 6")
def _another_number_of_partitions(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    place.set("LOG_PARTITIONS", "3")
    yield


@fault("embedded", "topics", "compacted: True", "a new log file")
def _a_topic_of_the_file_that_would_be_compacted(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(place.data / "log.sqlite")) as log, log:
        log.execute("UPDATE topics SET compacted = 1 WHERE name = ?", (topics.RESULTS,))
    yield


@fault("kafka", "topics", "cleanup.policy: compact", "--add-config cleanup.policy=delete")
def _a_topic_that_would_be_compacted(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.CONTENT, "cleanup.policy", "compact", "delete"):
        yield


@fault("kafka", "topics", "cleanup.policy: delete", "--add-config cleanup.policy=compact")
def _a_topic_that_would_never_be_compacted(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.ACCOUNTS, "cleanup.policy", "delete", "compact"):
        yield


@fault("kafka", "topics", "retention.ms: 604800000", "--add-config retention.ms=-1")
def _a_topic_that_would_forget_by_age(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.RESULTS, "retention.ms", "604800000", "-1"):
        yield


@fault("kafka", "topics", "retention.bytes: 1000000000", "--add-config retention.bytes=-1")
def _a_topic_that_would_forget_by_size(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.RESULTS, "retention.bytes", "1000000000", "-1"):
        yield


@fault("kafka", "topics", "max.message.bytes: 1000000", "--add-config max.message.bytes=")
def _a_topic_that_refuses_large_records(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.CONTENT, "max.message.bytes", "1000000", str(topics.MOST_BYTES + (1 << 20))):
        yield


@fault("kafka", "replication", "1 in sync of 2", "nothing can be written there")
def _more_copies_asked_for_than_there_are(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with altered(place, topics.RESULTS, "min.insync.replicas", "2", "1"):
        yield


@fault("kafka", "isolation", "read_uncommitted", "undone")
def _readers_that_see_what_was_undone(_: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def uncommitted(**settings: Any) -> KafkaConsumer:
        return KafkaConsumer(**(settings | {"isolation_level": "read_uncommitted"}))

    patch.setattr(kafka_clients, "KafkaConsumer", uncommitted)
    yield


@fault("kafka", "transactions", "one stands on content.published 2", "find-hanging")
def _a_stuck_transaction(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    producer = KafkaProducer(
        bootstrap_servers=place.broker,
        transactional_id=place.prefix + "stuck",
        transaction_timeout_ms=600_000,
    )
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(place.prefix + topics.CONTENT, key=b"a-1", value=b"{}", partition=2).get(timeout=60)
    try:
        yield
    finally:
        producer.abort_transaction()
        producer.close()


@fault("embedded", "dead letters", "1 undecided", "screening dead-letter list --undecided", 0, "warning")
def _a_dead_letter_that_nobody_decided_about(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    assert place.someone.run("publish", "content.published", "--raw", given=b"{broken\n").code == 0
    assert place.someone.run("run", "content", "--drain").code == 0
    yield


# The ledger


@fault("embedded", "ledger", "found no database", "mend store.url")
def _a_ledger_that_is_not_there(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    place.set("STORE_URL", f"sqlite:///{place.data / 'nowhere.sqlite'}")
    yield


@fault("embedded", "ledger", "found no tables", "mend store.url")
def _a_file_that_is_another_program_s(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(place.data / "other.sqlite")) as other:
        other.execute("CREATE TABLE something (x)")
    place.set("STORE_URL", f"sqlite:///{place.data / 'other.sqlite'}")
    yield


@fault("embedded", "ledger", "enforcement screening.results", "restore its newest backup")
def _a_ledger_put_back_to_an_older_state(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    backup(place.data / "store.sqlite", place.data / "backup.sqlite")
    more(place)
    backup(place.data / "backup.sqlite", place.data / "store.sqlite")
    yield


@fault("embedded", "ledger", "enforcement screening.results", "restore the log and the ledger of one time together")
def _a_log_put_back_to_an_older_state(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    backup(place.data / "log.sqlite", place.data / "backup.sqlite")
    more(place)
    backup(place.data / "backup.sqlite", place.data / "log.sqlite")
    yield


@fault("kafka", "ledger", "enforcement screening.results", "restore its newest backup")
def _a_database_put_back_to_an_older_state(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    # PostgreSQL's own way to a copy; more happens after it, and then the copy is what the roles are pointed at.
    with copied_database(place.store) as older:
        more(place)
        place.set("STORE_URL", older)
        try:
            yield
        finally:
            place.set("STORE_URL", place.store)


@fault("kafka", "ledger", "found no tables", "mend store.url")
def _a_database_without_our_tables(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    with copied_database(place.store, template="template0") as empty:
        place.set("STORE_URL", empty)
        try:
            yield
        finally:
            place.set("STORE_URL", place.store)


@fault("kafka", "ledger", "is the database up", "mend store.url", 5, "unreachable")
def _a_database_that_is_not_there(place: Place, _: pytest.MonkeyPatch) -> Iterator[None]:
    place.set("STORE_URL", f"postgresql+psycopg://someone@127.0.0.1:{free_port()}/store")
    try:
        yield
    finally:
        place.set("STORE_URL", place.store)


@fault("embedded", "list us-ofac-sdn", "31.", "import a newer one")
def _an_old_list(_: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    later = time.time() + 31.1 * DAY
    host(patch, now=lambda: later)
    yield


@fault("embedded", "lexicon", "days old", "import a newer one")
def _an_old_lexicon(place: Place, patch: pytest.MonkeyPatch) -> Iterator[None]:
    place.set("HEALTH_LEXICON_DAYS", "10")
    later = time.time() + 11 * DAY
    host(patch, now=lambda: later)
    yield


def more(place: Place) -> None:
    """Let something happen that leads to orders."""
    body = "性感荷官在线发牌，注册送彩金"
    name = f"c-{time.time_ns()}"
    assert place.someone.publish("content.published", {"id": name, "account_id": "a-1", "body": body}).code == 0
    done = place.someone.run("run", "--drain", "content", "enforcement", "records")
    assert done.code == 0, done.err


def backup(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copy a database by SQLite's own way."""
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


@contextlib.contextmanager
def altered(place: Place, topic: str, name: str, value: str, right: str) -> Iterator[None]:
    """Change a topic's setting, and set it right at the end."""
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=place.broker)) as admin:

        def alter(to: str) -> None:
            admin.alter_configs([ConfigResource("TOPIC", place.prefix + topic, {name: to})])
            deadline = time.monotonic() + 120
            while True:
                found = admin.describe_configs([ConfigResource("TOPIC", place.prefix + topic, None)])
                if found["topic"][place.prefix + topic].get(name, {}).get("value") == to:
                    return
                assert time.monotonic() < deadline, f"{topic} {name}: expected {to}"
                time.sleep(0.1)

        alter(value)
        try:
            yield
        finally:
            alter(right)


@contextlib.contextmanager
def copied_database(url: str, template: str = "") -> Iterator[str]:
    """Make a PostgreSQL database that is a copy of another one, or of a template, and drop it at the end."""
    parsed = make_url(url)
    name = f"{parsed.database}_{time.time_ns()}"
    server = f"host={parsed.host} port={parsed.port} user={parsed.username} dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or parsed.database}"')
        try:
            yield parsed.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def old_broker(address: str, version: tuple[int, int]) -> Iterator[str]:
    """Stand before a real broker and say of it that it takes only what an older one takes; give the address."""
    offered = {**BROKER_API_VERSIONS[version], ApiKey.ApiVersions.value: (0, 0)}
    body = struct.pack(">h", 0) + struct.pack(">i", len(offered))
    body += b"".join(struct.pack(">hhh", int(key), *limits) for key, limits in offered.items())
    refused = struct.pack(">hi", 35, 1) + struct.pack(">hhh", ApiKey.ApiVersions.value, 0, 0)

    def serve(theirs: socket.socket) -> None:
        host_, _, port = address.rpartition(":")
        with theirs, socket.create_connection((host_, int(port))) as ours, contextlib.suppress(OSError):
            threading.Thread(target=relay, args=(ours, theirs), daemon=True).start()
            with theirs.makefile("rb") as asked:
                while len(size := asked.read(4)) == 4:
                    request = asked.read(struct.unpack(">i", size)[0])
                    key, asked_version, correlation = struct.unpack(">hhi", request[:8])
                    if key == ApiKey.ApiVersions.value:
                        answer = struct.pack(">i", correlation) + (refused if asked_version else body)
                        theirs.sendall(struct.pack(">i", len(answer)) + answer)
                    else:
                        ours.sendall(size + request)

    def relay(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    def accept(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> terminal.Terminal:
    """An installation on the embedded log with a list in force and something done."""
    someone = terminal.with_watchlist(tmp_path_factory.mktemp("prepared"))
    more(Place(someone, someone.data))
    return someone


@pytest.fixture
def embedded(prepared: terminal.Terminal, tmp_path: pathlib.Path) -> Place:
    """One of its own."""
    someone = terminal.copy_of(prepared, tmp_path / "copy")
    return Place(someone, someone.data)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory, kafka_broker: str, postgres_server: str) -> Iterator[Place]:
    """An installation on a real broker and a real PostgreSQL, with a list in force and something done."""
    folder = tmp_path_factory.mktemp("examined")
    server = f"postgresql+psycopg://screening@{postgres_server}/postgres"
    with copied_database(server, "template0") as store:
        flags = flags_for(folder, broker=kafka_broker, store=store)
        with Stream(flags) as stream:
            (folder / "sdn.csv").write_text(terminal.SDN, "utf-8")
            stream.activate_list("us-ofac-sdn", folder / "sdn.csv")
        environment = {"SCREENING_" + name.upper().replace(".", "_"): value for name, value in flags.items()}
        place = Place(terminal.Terminal(folder, environment), folder, kafka_broker, flags["log.prefix"], store)
        more(place)
        yield place


def unwell(lines: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Return what is not well, and how badly."""
    return {(line["what"], line["state"]) for line in lines if line["state"] != "ok"}


def shown(place: Place, one: Fault, patch: pytest.MonkeyPatch, always: set[tuple[str, str]]) -> None:
    """Make a fault and ask for it."""
    host(patch)
    with one.make(place, patch) as arguments:
        code, lines = place.doctor(*(arguments or ()))
    expected = {(what, one.state) for what in one.what.split(", ")}
    assert expected <= unwell(lines) <= expected | always, "it is named, and nothing else is blamed"
    assert code == one.code
    about = [line for line in lines if (line["what"], line["state"]) in expected]
    assert any(one.found in line["found"] and one.advice in line["advice"] for line in about), about
    assert all(line["expected"] for line in lines)
    assert all(line["advice"] for line in lines if line["state"] != "ok"), "each says what to do"


@pytest.mark.parametrize("one", TABLE["embedded"], ids=lambda one: one.name)
def test_a_fault_on_one_host(embedded, one, monkeypatch):
    """It is named with what was found and what is to be done, it decides the exit code, and nothing else is blamed."""
    shown(embedded, one, monkeypatch, set())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("one", TABLE["kafka"], ids=lambda one: one.name)
def test_a_fault_on_kafka_and_postgresql(kafka, one, monkeypatch):
    """The same, where the log is a broker's and the ledger a server's; of one broker's topics no copy is ever made."""
    shown(kafka, one, monkeypatch, ALWAYS)


@pytest.mark.parametrize("where", ["embedded", "kafka"])
def test_a_sound_installation(where, request, monkeypatch):
    """Nothing is at fault, and everything there is was looked at; the dashboards that come with it are sound too."""
    host(monkeypatch)
    place = request.getfixturevalue(where)
    code, lines = place.doctor("--dashboards", str(ROOT / "deploy" / "grafana"), "--metrics-port", str(free_port()))
    assert code == 0
    assert unwell(lines) == (ALWAYS if where == "kafka" else set())
    own = {"embedded": {"log file"}, "kafka": {"replication", "broker clock", "database clock"}}[where]
    looked = {"disk", "metrics port", "dashboards", "log", "topics", "isolation", "transactions", "clock"}
    assert {line["what"] for line in lines} == looked | own | {
        "dead letters", "ledger", "policy", "lexicon", "list us-ofac-sdn",
    }  # fmt: skip


def test_without_a_list_it_says_what_waits(tmp_path, monkeypatch):
    """No list in force is a warning: registrations stay unread."""
    host(monkeypatch)
    with Stream(flags_for(tmp_path)) as stream:
        environment = {"SCREENING_" + name.upper().replace(".", "_"): value for name, value in stream.flags.items()}
        code, lines = Place(terminal.Terminal(tmp_path, environment), tmp_path).doctor()
    assert (code, unwell(lines)) == (0, {("lists", "warning")})
    assert any("registrations stay unread" in line["advice"] for line in lines)


@pytest.mark.timeout(300)
def test_a_role_that_is_not_ready_is_asked_why(tmp_path, monkeypatch):
    """On the port of a role that runs, its own reasons are told: here it waits for a list."""
    host(monkeypatch)
    place = Place(terminal.Terminal(tmp_path, {"SCREENING_METRICS_PORT": str(free_port())}), tmp_path)
    running = place.someone.start("run", "registrations")
    try:
        deadline = time.monotonic() + 240
        while True:
            found = place.doctor()
            if any("active watchlist" in line["found"] for line in found[1]):
                break
            assert running.poll() is None, running.communicate()
            assert time.monotonic() < deadline, found
            time.sleep(0.5)
    finally:
        running.kill()
        running.communicate()
    code, lines = found
    assert (code, unwell(lines)) == (0, {("metrics port", "warning"), ("lists", "warning")})


@pytest.mark.timeout(300)
def test_a_record_from_the_future_on_kafka(tmp_path, kafka_broker, monkeypatch):
    """A writer whose clock is far ahead is told of, wherever in the topic its record stands."""
    host(monkeypatch)
    with Stream(flags_for(tmp_path, broker=kafka_broker)) as stream:
        with contextlib.closing(KafkaProducer(bootstrap_servers=kafka_broker)) as producer:
            at = int((time.time() + 0.9 * HOUR) * 1000)  # a broker refuses what is a whole hour ahead
            topic = stream.flags["log.prefix"] + topics.CONTENT
            producer.send(topic, key=b"a-1", value=b"{}", timestamp_ms=at).get(timeout=60)
        stream.publish([Outgoing(topics.CONTENT, b"a-1", b"{}") for _ in range(3)])
        environment = {"SCREENING_" + name.upper().replace(".", "_"): value for name, value in stream.flags.items()}
        code, lines = Place(terminal.Terminal(tmp_path, environment), tmp_path).doctor()
    assert code == 1
    assert unwell(lines) == {("clock", "fault"), ("lists", "warning"), *ALWAYS}


class Ahead:
    """The clock of a host that is two hours ahead; all else of it is as ever."""

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        return time.time() + 2 * HOUR


@pytest.mark.timeout(300)
def test_a_role_whose_clock_is_hours_ahead_ends_and_says_so(tmp_path, kafka_broker, monkeypatch):
    """The broker refuses what it would write; trying again would not help, so it ends, with nothing done."""
    with Stream(flags_for(tmp_path, broker=kafka_broker)) as stream:
        stream.publish([Outgoing(topics.CONTENT, b"a-1", b'{"id": "c-1", "account_id": "a-1", "body": "x"}')])
        monkeypatch.setattr("consumers.log.kafka_sending.time", Ahead())
        with pytest.raises(Fatal, match="this host's clock further ahead than the broker takes") as raised:
            stream.drain(["content"])
        assert told(raised.value)[0] == Exit.FAILED
        assert stream.behind("content") > 0


@pytest.mark.timeout(300)
def test_a_role_does_not_start_on_a_broker_that_is_too_old(tmp_path, kafka_broker):
    """It ends with the same words, and not with the code after which starting it again would be right."""
    with old_broker(kafka_broker, (2, 8)) as address:
        done = terminal.Terminal(tmp_path).run("run", "--drain", "--log", f"kafka://{address}")
    assert done.code == 1
    assert "found a broker as old as Kafka 2.8" in done.err
    assert "expected Kafka 3.0 or newer; upgrade the brokers" in done.err


def test_a_wrong_setting(tmp_path):
    """A fault of the configuration is told as everywhere, with its exit code."""
    done = terminal.Terminal(tmp_path, {"SCREENING_LOG_PARTITIONS": "many"}).run("doctor")
    assert done.code == 2
    assert "SCREENING_LOG_PARTITIONS" in done.err


def test_nothing_is_made(tmp_path):
    """On an empty machine it says that there is no log, and leaves no file."""
    someone = terminal.Terminal(tmp_path)
    done = someone.run("doctor", "--json")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1])["state"] == "warning"
    assert not someone.files()


def test_which_metrics_a_query_asks_for():
    """Recorded ones and what stands in quotes are not ours to know; of a histogram only its parts can be asked for."""
    assert asked_for('sum(screening_ready{x="screening_y"}) / a:screening_z:max') == {"screening_ready"}
    assert "screening_batch_seconds_count" in exported()
    assert "screening_batch_seconds" not in exported()
