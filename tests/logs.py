"""Logs for tests: both adapters opened the same way, and a member in a process of its own, to be stopped or killed.

Run as a program it is that member: commands come on standard input, one JSON line answers each.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from consumers.log.kafka import KafkaLog  # noqa: E402 - found through the line above when run as a program
from consumers.log.port import Log, LogError, Outgoing, Retry, TopicSpec  # noqa: E402
from consumers.log.sqlite import SqliteLog  # noqa: E402

LEASE_SECONDS = 20.0
"""Long enough that a machine with other work never makes a live member look dead."""


@dataclass
class Place:
    """Where a log is, under a prefix that nobody else uses."""

    kind: str
    where: str
    prefix: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}.")
    opened: list[Log] = field(default_factory=list)

    def open(self, lease_seconds: float = LEASE_SECONDS) -> Log:
        """Open the log once more."""
        log = open_log(self.kind, self.where, self.prefix, lease_seconds)
        self.opened.append(log)
        return log

    def close(self) -> None:
        for log in self.opened:
            log.close()


def open_log(kind: str, where: str, prefix: str, lease_seconds: float) -> Log:
    if kind == "sqlite":
        return SqliteLog(pathlib.Path(where), prefix, lease_seconds)
    return KafkaLog([where], prefix, lease_seconds=lease_seconds)


class OtherMember:
    """A member of a group in a process of its own."""

    def __init__(self, place: Place, group: str, topics: list[str], member: str, lease_seconds: float) -> None:
        words = [place.kind, place.where, place.prefix, str(lease_seconds), group, ",".join(topics), member]
        self.process = subprocess.Popen(
            [sys.executable, __file__, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._answer() == "ready"

    def tell(self, command: str) -> None:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def ask(self, command: str):
        self.tell(command)
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def stop(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def values(records) -> list[bytes]:
    return [record.value for record in records]


def spec(name: str, partitions: int = 1, **settings) -> TopicSpec:
    return TopicSpec(name, partitions, **settings)


def _serve() -> None:
    kind, where, prefix, lease, group, topics, member = sys.argv[1:]
    log = open_log(kind, where, prefix, float(lease))
    session = log.session(group, topics.split(","), member)
    _tell("ready")
    batch = None
    for line in sys.stdin:
        try:
            match line.split():
                case ["poll", seconds]:
                    batch = session.poll(float(seconds))
                    answer = [record.value.decode() for record in batch.records]
                case ["commit", topic]:
                    with session.transaction() as transaction:
                        for record in batch.records:
                            transaction.send(Outgoing(topic, record.key, record.value))
                        transaction.done(batch)
                    answer = "committed"
                case ["work", topic]:
                    _work(session, topic)
                case ["close"]:
                    session.close()
                    answer = "closed"
        except LogError as error:
            answer = type(error).__name__
        _tell(answer)


def _work(session, topic) -> None:
    """Pass records on in small transactions until the process is killed."""
    while True:
        batch = session.poll(0.2, most=20)
        try:
            with session.transaction() as transaction:
                for record in batch.records:
                    transaction.send(Outgoing(topic, record.key, record.value))
                transaction.done(batch)
        except Retry:
            continue


def _tell(answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
