"""Measures how much the pipeline carries and how long it takes, and writes docs/measurements-load.md (`make load`).

The rate is measured by working off a backlog; the latency in an open loop, where a producer writes at its times whether
the pipeline keeps up or not, and counts from the time at which a text was due.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import pathlib
import platform
import random
import sys
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "benchmarks")]

import load_worker
from integration.recorded_day import SENTENCES
from services import Broker

from consumers import topics
from consumers.log.port import Outgoing
from consumers.settings import load_settings
from consumers.wiring import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = _TESTS.parent
PAGE: Final = ROOT / "docs" / "measurements-load.md"
EVERYTHING: Final = ROOT / "docs" / "measurements.md"
PLOT: Final = ROOT / "docs" / "measurements-load.svg"
FIGURES: Final = ROOT / "docs" / "measurements-load.json"

CHARACTERS: Final = 300
BACKLOG: Final = 10_000
"""Contents to work off: at the floor 3 s of work for one worker, many batches."""

OPEN_SECONDS: Final = 10.0
WARM: Final = 500
"""Contents worked off before the loop begins, so that the workers have read the lexicon and share the partitions."""

TICK_SECONDS: Final = 0.02
"""How often the producer writes what is due."""

ROLES: Final = {
    "content": ("content",),
    "repeating": ("content",),
    "whole": ("content", "enforcement", "records"),
}
"""What works → its roles: to a content's result; the same without transactions; to its orders and the ledger."""

PLAN: Final = (
    ("Kafka", "content", 1),
    ("Kafka", "repeating", 1),
    ("Kafka", "latency", 1),
    ("Kafka", "profile", 1),
    ("Kafka", "whole", 1),
    ("embedded", "content", 1),
    ("embedded", "latency", 1),
    ("Kafka", "content", 2),
    ("Kafka", "content", 4),
    ("embedded", "whole", 1),
    ("embedded", "content", 2),
    ("embedded", "content", 4),
    ("Kafka", "whole", 2),
    ("Kafka", "whole", 4),
    ("embedded", "whole", 2),
    ("embedded", "whole", 4),
    ("embedded", "profile", 1),
)
"""What is measured, on which log and with how many workers of each role, the most wanted first."""

SHORT: Final = PLAN[:3]

BUDGET_SECONDS: Final = 540.0
"""No step is begun that would end later, going by the longest before it: the whole takes no more than ten minutes. On
a loaded machine the last ones are left out, and the page says so."""
_BAD: Final = "性感荷官在线发牌，注册送彩金"
_PATIENCE: Final = 300.0

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Run:
    """What some workers did with a backlog: of the role `content` alone, or of each role of the whole pipeline."""

    log: str
    what: str
    workers: int
    records: int
    wall: float
    processor: float
    transaction_share: float

    @property
    def rate(self) -> float:
        """Contents a second, by the clock."""
        return self.records / self.wall

    @property
    def per_processor(self) -> float:
        """Contents in a second of processor time of the workers."""
        return self.records / self.processor


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles in milliseconds at a rate, to the result and to the decision about it."""

    log: str
    rate: float
    to: str
    percentiles: tuple[float, float, float]


def texts(count: int, seed: int = 1) -> Iterator[str]:
    """Yield texts of ordinary sentences, no two alike; one in a hundred holds what is forbidden."""
    chance = random.Random(seed)
    for number in range(count):
        held = [_BAD] if number % 100 == 0 else []
        while sum(map(len, held)) < CHARACTERS:
            held.append(chance.choice(SENTENCES))
        yield "".join(held)[:CHARACTERS]


def content(number: int, body: str, due: float | None) -> Outgoing:
    """Return a content as a producer sends it; without the time at which it was due its latency does not count."""
    account = f"a-{number % 2_000}"
    value = {"id": f"c-{number}", "account_id": account, "kind": "comment", "body": body}
    if due is not None:
        value["published_at"] = dt.datetime.fromtimestamp(due, dt.UTC).isoformat()
    return Outgoing(topics.CONTENT, account.encode(), json.dumps(value, ensure_ascii=False).encode())


class Pipeline:
    """An installation of its own and workers on it."""

    def __init__(self, folder: pathlib.Path, broker: str | None) -> None:
        folder.mkdir(parents=True)
        self.flags = {"data": str(folder), "instance": "load", "log.prefix": f"l{uuid.uuid4().hex[:8]}."}
        if broker:
            self.flags["log.url"] = f"kafka://{broker}"
        with Installation(load_settings(None, "", {}, self.flags)) as installation:
            installation.prepare()

    def publish(self, count: int) -> None:
        """Write a backlog."""
        with Installation(load_settings(None, "", {}, self.flags)) as installation:
            records = [content(number, body, None) for number, body in enumerate(texts(count))]
            for start in range(0, count, 500):
                installation.log.append(records[start : start + 500])

    def work(self, roles: Sequence[str], during: Any = None, **how: bool) -> list[Any]:
        """Run a worker for each role named until all have worked off what there is, and return what they tell."""
        ready, stop, told = _CONTEXT.Semaphore(0), _CONTEXT.Event(), _CONTEXT.Queue()
        numbers = {role: iter(range(100)) for role in roles}
        processes = [
            _CONTEXT.Process(
                target=load_worker.work, args=(self.flags, role, next(numbers[role]), ready, stop, told), kwargs=how
            )
            for role in roles
        ]
        for process in processes:
            process.start()
        for _ in processes:
            ready.acquire()
        if during is not None:
            during()
        self.wait(roles)
        stop.set()
        found = [told.get(timeout=_PATIENCE) for _ in processes]
        for process in processes:
            process.join()
        return found

    def wait(self, roles: Sequence[str]) -> None:
        """Wait until roles have worked off what there is."""
        from consumers.wiring import TOPICS, group_of  # noqa: PLC0415 - only here

        deadline = time.monotonic() + _PATIENCE
        with Installation(load_settings(None, "", {}, self.flags)) as installation:
            for role in dict.fromkeys(roles):  # upstream first
                while time.monotonic() < deadline:
                    waiting = installation.log.waiting(group_of(role), TOPICS[role])
                    if not any(one.offsets or one.withheld for one in waiting.values()):
                        break
                    time.sleep(0.5)
                else:
                    raise SystemExit(f"{role}: found records that wait after {_PATIENCE:.0f} s, expected none")


def rate_of(
    name: str, folder: pathlib.Path, broker: str | None, workers: int, what: str, *, transactions: bool = True
) -> Run:
    """Work off a backlog with some workers of each role."""
    pipeline = Pipeline(folder, broker)
    pipeline.publish(BACKLOG)
    found = pipeline.work([role for role in ROLES[what] for _ in range(workers)], transactions=transactions)
    busy = [seen for _, seen in found if seen["records"]]
    wall = max(seen["last"] for seen in busy) - min(seen["first"] for seen in busy)
    share = sum(seen["transaction_seconds"] for seen in busy) / sum(seen["batch_seconds"] for seen in busy)
    contents = sum(seen["records"] for role, seen in found if role == "content")
    return Run(name, what, workers, contents, wall, sum(seen["processor"] for seen in busy), share)


def latency_of(name: str, folder: pathlib.Path, broker: str | None, rate: float) -> list[Latency]:
    """Write in an open loop, with a worker of `content` and one of `enforcement` at work."""
    pipeline = Pipeline(folder, broker)
    pipeline.publish(WARM)
    count = int(rate * OPEN_SECONDS)
    producer = _CONTEXT.Process(target=produce, args=(pipeline.flags, rate, count))

    def during() -> None:
        pipeline.wait(["content", "enforcement"])
        producer.start()
        producer.join()

    found = pipeline.work(["content", "enforcement"], during)
    return [
        Latency(name, rate, "result" if role == "content" else "decision", percentiles(seen["latencies"]))
        for role, seen in sorted(found)
    ]


def produce(flags: dict[str, str], rate: float, count: int) -> None:
    """Write each content when it is due, whatever becomes of it."""
    bodies = list(texts(count, seed=2))
    with Installation(load_settings(None, "", {}, flags)) as installation:
        installation.log.append([])
        began, written = time.time() + 0.2, 0
        while written < count:
            due = min(count, int((time.time() - began) * rate))
            if due > written:
                some = [content(n, bodies[n], began + n / rate) for n in range(written, due)]
                installation.log.append(some)
                written = due
            time.sleep(TICK_SECONDS)


def percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Return the 50th, 99th and 99.9th percentile in milliseconds."""
    held = sorted(seconds)
    at = [held[min(len(held) - 1, int(len(held) * share))] * 1000 for share in (0.5, 0.99, 0.999)]
    return at[0], at[1], at[2]


def profile_of(folder: pathlib.Path, broker: str | None) -> dict[str, float]:
    """Return part → share of one worker's time, waiting apart."""
    pipeline = Pipeline(folder, broker)
    pipeline.publish(BACKLOG // 2)
    [(_, seen)] = pipeline.work(["content"], profiled=True)
    parts = {part: held for part, held in seen["profile"].items() if part != "waiting"}
    return {part: held / sum(parts.values()) for part, held in parts.items()}


@dataclass(slots=True)
class Measured:
    """What was measured so far, step by step, and what no time was left for."""

    folder: pathlib.Path
    addresses: dict[str, str | None]
    began: float = field(default_factory=time.monotonic)
    longest: float = 0.0
    runs: list[Run] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)
    profiles: dict[str, dict[str, float]] = field(default_factory=dict)
    left_out: list[tuple[str, str, int]] = field(default_factory=list)

    def step(self, log: str, what: str, workers: int) -> None:
        """Measure one thing of the plan, unless the time would run out."""
        start = time.monotonic()
        if start - self.began + self.longest > BUDGET_SECONDS:
            self.left_out.append((log, what, workers))
            return
        folder, address = self.folder / f"{log}-{what}-{workers}", self.addresses[log]
        if what == "latency":
            half = next(run.rate for run in self.runs if run.log == log) / 2
            self.latencies += latency_of(log, folder, address, half)
            say(f"{log} at {half:.0f}/s: {self.latencies[-2:]}")
        elif what == "profile":
            self.profiles[log] = profile_of(folder, address)
        else:
            run = rate_of(log, folder, address, workers, what, transactions=what != "repeating")
            say(f"{log}, {what}, {workers}: {run.rate:.0f}/s, {run.per_processor:.0f} in a processor second")
            self.runs.append(run)
        self.longest = max(self.longest, time.monotonic() - start)


def main() -> int:
    """Measure, write the page, the plot and the figures; with `--short` one worker on Kafka alone, in a minute."""
    short = "--short" in sys.argv
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="screening-load-") as name:
        folder = pathlib.Path(name)
        (folder / "broker").mkdir()
        broker = Broker(folder / "broker")
        broker.format()
        broker.start()
        try:
            measured = Measured(folder, {"Kafka": broker.address, "embedded": None})
            for log, what, workers in SHORT if short else PLAN:
                measured.step(log, what, workers)
        finally:
            broker.kill()
    import load_page  # noqa: PLC0415 - beside this file
    import load_section  # noqa: PLC0415 - beside this file

    runs = sorted(measured.runs, key=lambda run: (run.log != "Kafka", list(ROLES).index(run.what), run.workers))
    page = load_page.page(runs, measured.latencies, measured.profiles, _machine(before), measured.left_out)
    PAGE.write_text(page, "utf-8")
    PLOT.write_text(load_page.plot(runs), "utf-8")
    section = load_section.section(runs, measured.latencies, load_page.WHAT, _machine(before))
    EVERYTHING.write_text(load_section.placed(EVERYTHING.read_text("utf-8"), section), "utf-8")
    figures = {
        "runs": [asdict(run) | {"rate": run.rate, "per_processor": run.per_processor} for run in runs],
        "latencies": [asdict(one) for one in measured.latencies],
        "profiles": measured.profiles,
        "left_out": measured.left_out,
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    say(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def _machine(load: float) -> str:
    cores = multiprocessing.cpu_count()
    day = dt.datetime.now(dt.UTC).date()
    return (
        f"{day}, {cores} shared cores ({platform.machine()}), Python {platform.python_version()}; before it began"
        f" {load:.1f} other processes wanted a core"
    )


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
