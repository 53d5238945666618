"""Measures how long a decision takes to come while a full pass runs beside it, and while none does.

Every role runs in a process of its own, as the command `run` starts them. Probes are published one by one at times that
do not depend on the pipeline: contents and registrations that an order follows from. A probe's latency is the time from
its record on the log to the order's. A while of rest and a full pass take turns, so that what else the machine does
falls on both.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "benchmarks")]

from installed import SCREENING, environment
from integration.streams import Stream, flags_for, running
from services import Broker

from consumers import topics
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIGURES: Final = "measurements-rescreen-latency.json"

BETWEEN_SECONDS: Final = 0.2
"""Between two probes, on the average."""

LISTED: Final = 300
"""Parties of the invented list; its names are made of parts that no crowd of a real list is needed for."""

FIRST: Final = ("Ahmad", "Karim", "Olga", "Pavel", "Meili", "Tariq", "Ingrid", "Bogdan", "Selim", "Marta")
LAST: Final = (
    "Vasilenko", "Alrashid", "Zhangova", "Haddad", "Petrovic", "Okafor", "Lindqvist", "Moradi", "Castellan", "Ruiz",
    "Tarkovan", "Belmondi", "Osmanli", "Greyhaven", "Nakasoni", "Durrani", "Eskelin", "Varga", "Quillan", "Ibarra",
    "Stoyanka", "Falkner", "Merabi", "Tolstun", "Hadzic", "Wrangel", "Pontevi", "Karelin", "Bashiri", "Ombeki",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Latency:
    """Latencies of one log, in milliseconds: at rest, and while a pass runs."""

    log: str
    registrants: int
    workers: int
    rounds: int
    load: float
    """Processes that wanted the processor, on the average of a minute before and after."""
    pass_seconds: float
    probes: tuple[int, int]
    p50: tuple[float, float]
    p99: tuple[float, float]


def _row(number: int) -> str:
    name = f"{LAST[number // 10].upper()}, {FIRST[number % 10]}"
    return f'{number},"{name}","individual","TESTPROG",' + "-0- ," * 7 + f'"DOB {number % 27 + 1:02} Jan 1971."\n'


def _list(folder: pathlib.Path, numbers: Sequence[int]) -> pathlib.Path:
    path = folder / "sdn.csv"
    path.write_text("".join(map(_row, numbers)) + "\x1a\n", encoding="utf-8")
    return path


def _registered(account: str, name: str, birth: str) -> Outgoing:
    fields = {"account_id": account, "kind": "person", "name": name, "birth_date": birth}
    return Outgoing(topics.ACCOUNTS, account.encode(), json.dumps(fields).encode())


def _crowd(count: int) -> Iterator[Outgoing]:
    chance = random.Random(3)
    for number in range(count):
        name = "".join(chance.choices("aeiou", k=1) + chance.choices("bdgklmnprstv", k=1)) + chance.choice(LAST).lower()
        yield _registered(f"crowd-{number:06}", f"{chance.choice(FIRST)}{name[:3]} {name.title()}", "1985-06-07")


class Probes:
    """Publishes probes and knows when each was written."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._chance = random.Random(11)
        self._count = 0
        self.phase: dict[str, int] = {}

    def publish(self, phase: int) -> None:
        """Publish one, of either kind in turn."""
        self._count += 1
        account = f"probe-{self._count:05}"
        self.phase[account] = phase
        if self._count % 2:
            fields = {"id": "c-1", "account_id": account, "body": "新用户注册送彩金三十八元"}
            one = Outgoing(topics.CONTENT, account.encode(), json.dumps(fields).encode())
        else:
            number = LISTED - 1 - self._count % (LISTED // 2)  # of those who stay listed
            one = _registered(account, f"{FIRST[number % 10]} {LAST[number // 10]}", f"1971-01-{number % 27 + 1:02}")
        self._stream.publish([one])

    def during(self, phase: int, going: Any) -> None:
        """Publish for as long as something goes on."""
        due = time.monotonic()
        while going():
            self.publish(phase)
            due += self._chance.uniform(0.5, 1.5) * BETWEEN_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))

    def latencies(self) -> dict[int, list[float]]:
        """Return phase → milliseconds from each probe to its first order."""
        began: dict[str, int] = {}
        for topic in (topics.CONTENT, topics.ACCOUNTS):
            for record in self._stream.records(topic):
                began[(record.key or b"").decode()] = record.timestamp
        ended: dict[str, int] = {}
        for topic in (topics.ORDERS_CONTENT, topics.ORDERS_ACCOUNTS):
            for record in self._stream.records(topic):
                account = (record.key or b"").decode()
                ended[account] = min(record.timestamp, ended.get(account, record.timestamp))
        found: dict[int, list[float]] = {}
        for account, phase in self.phase.items():
            found.setdefault(phase, []).append(float(ended[account] - began[account]))
        return found


def _rescreen(stream: Stream, workers: int) -> subprocess.Popen[bytes]:
    flags = stream.flags
    return subprocess.Popen(
        [str(SCREENING), "rescreen", "run", "--all", "--subject", "registration", "--yes", "--workers", str(workers)],
        cwd=flags["data"],
        env=environment(flags),
        stdout=subprocess.DEVNULL,
    )


def measure(
    name: str, flags: dict[str, str], registrants: int, *, rounds: int, rest_seconds: float, workers: int
) -> Latency:
    """Measure on one log: rest and passes in turns."""
    seconds, before = 0.0, os.getloadavg()[0]
    with Stream(flags) as stream:
        folder = pathlib.Path(flags["data"])
        stream.activate_list("us-ofac-sdn", _list(folder, range(LISTED)))
        stream.publish(list(_crowd(registrants)))
        stream.drain()
        probes = Probes(stream)
        with running(stream, 1) as check:
            probes.publish(2)  # so that every role has read what it judges by
            stream.await_ends(check=check)
            for number in range(rounds):
                stream.activate_list("us-ofac-sdn", _list(folder, range(number + 1, LISTED)))
                probes.publish(2)
                stream.await_ends(check=check)
                until = time.monotonic() + rest_seconds
                probes.during(0, lambda until=until: time.monotonic() < until)
                began = time.monotonic()
                with _rescreen(stream, workers) as command:
                    probes.during(1, lambda command=command: command.poll() is None)
                assert command.returncode == 0
                seconds += time.monotonic() - began
                check()
            stream.await_ends(check=check)
        found = probes.latencies()
    rest, beside = found[0], found[1]
    return Latency(
        log=name,
        registrants=registrants,
        workers=workers,
        rounds=rounds,
        load=round((before + os.getloadavg()[0]) / 2, 1),
        pass_seconds=seconds / rounds,
        probes=(len(rest), len(beside)),
        p50=(statistics.median(rest), statistics.median(beside)),
        p99=(_p99(rest), _p99(beside)),
    )


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registrants", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=2, help="of rest and a pass")
    parser.add_argument("--rest", type=float, default=30.0, metavar="SECONDS", help="of each round")
    parser.add_argument("--workers", type=int, default=1, help="processes that judge")
    parser.add_argument("--log", choices=("embedded", "kafka"), action="append", help="which; both where left out")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, by its dotted name"
    )
    parser.add_argument("--into", type=pathlib.Path, default=_TESTS.parent / "docs", help="where the figures go")
    asked = parser.parse_args()
    more = dict(one.split("=", 1) for one in asked.set)
    found = []
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        logs = {}
        wanted = asked.log or ["embedded", "kafka"]
        if "embedded" in wanted:
            logs["embedded"] = flags_for(folder / "embedded")
        if "kafka" in wanted:
            broker = Broker(folder / "broker")
            broker.folder.mkdir()
            broker.format()
            broker.start()
            stack.callback(broker.kill)
            logs["Kafka"] = flags_for(folder / "kafka", broker=broker.address)
        for name, flags in logs.items():
            given = {"rounds": asked.rounds, "rest_seconds": asked.rest, "workers": asked.workers}
            found.append(measure(name, flags | more, asked.registrants, **given))
            sys.stderr.write(f"{found[-1]}\n")
    (asked.into / FIGURES).write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
