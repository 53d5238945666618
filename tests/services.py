"""A real Kafka broker and a real PostgreSQL for tests, started when first asked for and stopped at the end.

Never a skip: what is missing is named, with how to get it. `SCREENING_TEST_KAFKA=host:port` uses a broker that runs
already (it must allow session timeouts of one second: `group.min.session.timeout.ms=1000`).
"""

from __future__ import annotations

import base64
import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
KAFKA_HOME = ROOT / ".tools" / "kafka-4.1.1"

UP_SECONDS = 240.0
"""How long a service may take to come up: it takes 3 s, and many times that on a machine with other work."""

SERVER_PROPERTIES = """\
node.id=1
process.roles=broker,controller
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
log.dirs={folder}/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
transaction.abort.timed.out.transaction.cleanup.interval.ms=500
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.backoff.ms=200
log.initial.task.delay.ms=500
"""


class MissingService(Exception):
    """A service cannot be started on this machine; the message says what is missing and how to get it."""


def free_port() -> int:
    """Return a TCP port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name: str, how: str) -> str:
    """Return a program's path.

    Raises:
        MissingService: it is not on PATH.
    """
    found = shutil.which(name)
    if found is None:
        raise MissingService(f"found no '{name}' on PATH, expected it there: {how}")
    return found


def ends_with_parent() -> list[str]:
    """Return the words before a command that end it with the process that started it, where util-linux knows them."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


@dataclass
class Broker:
    """One Kafka broker in a folder of its own; `stop`, `kill` and `start` again keep its records and its port."""

    folder: pathlib.Path
    port: int = field(default_factory=free_port)
    controller_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def format(self) -> None:
        """Prepare the folder of a new one-node cluster."""
        program("java", "install Java 17 or newer (on Debian: apt-get install openjdk-17-jre-headless)")
        if not (KAFKA_HOME / "complete").exists():
            made = subprocess.run([ROOT / "scripts" / "setup-broker"], capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise MissingService(f"scripts/setup-broker failed: {made.stderr or made.stdout}")
        text = SERVER_PROPERTIES.format(folder=self.folder, port=self.port, controller_port=self.controller_port)
        (self.folder / "server.properties").write_text(text, encoding="utf-8")
        self._java(
            "kafka.tools.StorageTool", "format", "--standalone", "-t", self._cluster_id(), "-c", "server.properties"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "broker.log").open("ab") as out:
            self.process = subprocess.Popen(
                [*ends_with_parent(), *self._command(), "kafka.Kafka", "server.properties"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        deadline = time.monotonic() + UP_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")[-3000:]
                self.kill()
                raise MissingService(f"the Kafka broker did not come up on {self.address}; its log ends:\n{tail}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise where it ended by itself, so that no test is blamed for it."""
        if self.process is not None and (code := self.process.poll()) is not None:
            tail = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")[-3000:]
            raise MissingService(
                f"the Kafka broker on {self.address} ended by itself with {code}; its log ends:\n{tail}"
            )

    def stop(self) -> None:
        """Stop it in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            log = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")
            return "Kafka Server started" in log
        return False

    def _command(self) -> list[str]:
        return [
            program("java", "install Java 17 or newer"), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", f"{KAFKA_HOME / 'libs'}/*",
        ]  # fmt: skip

    def _java(self, *words: str) -> None:
        done = subprocess.run([*self._command(), *words], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MissingService(f"{words[0]} failed: {done.stdout}{done.stderr}")

    @staticmethod
    def _cluster_id() -> str:
        """A random id; the first bit is clear so that it never begins with `-`, which would read as a flag."""
        first, *rest = uuid.uuid4().bytes
        return base64.urlsafe_b64encode(bytes([first & 0x7F, *rest])).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[str]:
    """The address of a real Kafka broker, `host:port`."""
    given = os.environ.get("SCREENING_TEST_KAFKA")
    if given:
        host, _, port = given.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except (OSError, ValueError) as fault:
            raise MissingService(f"SCREENING_TEST_KAFKA: found {given!r}, expected a broker there: {fault}") from fault
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="screening-kafka-") as folder:
        broker = Broker(pathlib.Path(folder))
        broker.format()
        broker.start()
        try:
            yield broker.address
            broker.check()
        finally:
            broker.kill()


def _postgres_programs() -> pathlib.Path:
    """Return the folder with `initdb` and `postgres`, the newest where there are several."""
    places = [*pathlib.Path("/usr/lib/postgresql").glob("*/bin")]
    places.sort(key=lambda place: [int(part) for part in re.findall(r"\d+", place.parent.name)], reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        places.append(pathlib.Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise MissingService(
        "found no initdb and postgres in /usr/lib/postgresql/*/bin or on PATH, expected PostgreSQL 13 or newer:"
        " run scripts/setup-postgres (Debian, as root) or install it"
    )


def _postgres_user() -> dict[str, object]:
    """Return who the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            person = pwd.getpwnam(name)
            return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": ()}
    raise MissingService("running as root: found no user 'postgres' or 'nobody', expected one to run PostgreSQL as")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address `host:port` of a real PostgreSQL whose superuser is `screening`, without a password."""
    programs, person = _postgres_programs(), _postgres_user()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="screening-postgres-"))
    if person:
        os.chown(folder, person["user"], person["group"])
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    process: subprocess.Popen[bytes] | None = None
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "screening", "-A", "trust", "-E", "UTF8", "--no-sync"],
            cwd=folder, env=environment, capture_output=True, text=True, check=False, **person,
        )  # fmt: skip
        if made.returncode != 0:
            raise MissingService(f"initdb failed: {made.stdout}{made.stderr}")
        port = free_port()
        settings = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 100,
        }  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "server.log").open("ab") as out:
            process = subprocess.Popen(
                [*ends_with_parent(), programs / "postgres", "-D", folder / "data", *words],
                cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **person,
            )  # fmt: skip
        _await_postgres(port, process, folder / "server.log")
        yield f"127.0.0.1:{port}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await_postgres(port: int, process: subprocess.Popen[bytes], log: pathlib.Path) -> None:
    deadline = time.monotonic() + UP_SECONDS
    while True:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=screening dbname=postgres").close()
        except psycopg.OperationalError as fault:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise MissingService(f"PostgreSQL did not come up on port {port}; its log ends:\n{tail}") from fault
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty PostgreSQL database, dropped after the test."""
    host, _, port = postgres_server.partition(":")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"host={host} port={port} user=screening dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://screening@{host}:{port}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
