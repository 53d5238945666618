"""Whole installations for tests: made under a prefix of their own, published to, run, waited for, and read.

Also what two runs are compared by: everything that was ordered, put among the dead letters or concluded, without what
must differ between runs (times, offsets, numbers of activations).
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec

from consumers import activations, dead_letter, shipped, snapshots, topics, watchlists, wire, wiring
from consumers.activations import marker_of
from consumers.log.port import TopicPartition
from consumers.run import quiet, run_worker
from consumers.settings import Settings, all_settings, load_settings
from consumers.wiring import ROLES, Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consumers.ledger.port import Version
    from consumers.log.port import Outgoing, Record

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

PATIENCE = 240.0
"""Seconds after which something that must happen is held not to happen: many times what it takes."""

AT_ONCE = 100
"""Records appended in one transaction."""

READS = {**wiring.TOPICS, **wiring.FURTHER}
"""Role → the topics it reads, upstream first."""

VOLATILE = ("ce_time", "ce_correlationid", "traceparent")
"""Headers of an order that differ between runs of the same day: a correlation id may be a place on the log."""

ORDERS = (topics.ORDERS_CONTENT, topics.ORDERS_ACCOUNTS, topics.NOTICES_TOPIC, topics.REPORTS)


def flags_for(
    folder: pathlib.Path, *, broker: str | None = None, store: str | None = None, **more: object
) -> dict[str, str]:
    """Return settings, by dotted name, for an installation that shares nothing with any other.

    Args:
        folder: for its files, made where it is missing.
        broker: `host:port` of a Kafka broker; the embedded log otherwise.
        store: the ledger's URL; a file otherwise.
        more: further settings, with two underscores for the dot: `run__batch=20`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    flags = {"data": str(folder), "instance": "stream", "log.prefix": f"t{uuid.uuid4().hex[:12]}."}
    flags["log.url"] = f"kafka://{broker}" if broker else f"sqlite:///{folder / 'log.sqlite'}"
    flags["store.url"] = store or f"sqlite:///{folder / 'store.sqlite'}"
    return flags | {name.replace("__", "."): str(value) for name, value in more.items()}


def settings_of(flags: Mapping[str, str]) -> Settings:
    """Return the settings that some flags are."""
    return load_settings(None, "", {}, flags)


class Stream:
    """One installation, in use.

    Args:
        flags: its settings, from `flags_for`.
    """

    def __init__(self, flags: Mapping[str, str]) -> None:
        self.flags = dict(flags)
        self.installation = Installation(settings_of(flags))
        self.installation.prepare()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.installation.__exit__(*error)

    def activate_list(self, source: str, path: pathlib.Path) -> None:
        """Import one version of a list and put it in force."""
        with watchlists.opened(self.installation.settings, str(path)) as (files, origin):
            parsed = watchlists.parse(source, files)
        done = watchlists.import_list(self.installation, source, parsed, origin)
        assert done.activation is not None, f"{path.name} was in force already"

    def publish(self, records: Sequence[Outgoing]) -> None:
        """Append records in their order, some at once."""
        for start in range(0, len(records), AT_ONCE):
            self.installation.log.append(records[start : start + AT_ONCE])

    def drain(self, roles: Sequence[str] = ROLES) -> None:
        """Run roles in this process, one after the other, each to the end of its topics."""
        for role in roles:
            run_worker(self.installation, role, 0, drain=True, stopping=lambda: False, tell=quiet)

    def await_ends(self, roles: Sequence[str] = ROLES, check: Callable[[], None] = lambda: None) -> None:
        """Wait until roles that run elsewhere have committed up to the ends of their topics, upstream first.

        Args:
            roles: which.
            check: is called while waiting, to fail early where a process has ended.
        """
        deadline = time.monotonic() + PATIENCE
        for role in (role for role in READS if role in roles):
            ends = self._ends(role)
            while (behind := self._behind(role, ends)) > 0:
                check()
                assert time.monotonic() < deadline, f"{role}: {behind} offsets behind after {PATIENCE:.0f} s"
                time.sleep(0.25)

    def behind(self, role: str) -> int:
        """Return how many offsets a role has not committed yet."""
        return self._behind(role, self._ends(role))

    def records(self, topic: str) -> Iterator[Record]:
        """Yield all committed records of a topic, partition by partition."""
        log = self.installation.log
        for partition, (first, end) in sorted(log.bounds(topic).items()):
            yield from log.read(topic, partition, first, end)

    def inputs(self) -> list[Record]:
        """Return what was published to the topics that are screened, without the markers."""
        both = (record for topic in (topics.CONTENT, topics.ACCOUNTS) for record in self.records(topic))
        return [record for record in both if marker_of(record) is None]

    def results(self) -> list[dict[str, Any]]:
        """Return the results, without the directives among them."""
        values = [json.loads(record.value) for record in self.records(topics.RESULTS) if _is_result(record)]
        return [value for value in values if "result_id" in value]

    def _ends(self, role: str) -> dict[TopicPartition, tuple[int, int]]:
        log = self.installation.log
        return {
            TopicPartition(topic, partition): bounds
            for topic in READS[role]
            for partition, bounds in log.bounds(topic).items()
        }

    def _behind(self, role: str, ends: Mapping[TopicPartition, tuple[int, int]]) -> int:
        committed = self.installation.log.committed(wiring.group_of(role), READS[role])
        at = {place: committed[place].offset if place in committed else first for place, (first, _) in ends.items()}
        return sum(max(0, end - at[place]) for place, (_, end) in ends.items())


def _is_result(record: Record) -> bool:
    return record.header("ce_type") == wire.RESULT_TYPE.encode()


@contextlib.contextmanager
def running(stream: Stream, workers: int) -> Iterator[Callable[[], None]]:
    """Run all roles as the command `run` does, in processes of their own, and stop them in good order at the end.

    Yields:
        A function that fails with what the command said where it has ended.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
    environment |= {all_settings()[name].variable: value for name, value in stream.flags.items()}
    environment["PYTHONPATH"] = str(ROOT)
    folder = pathlib.Path(stream.flags["data"])
    said = folder / "run.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "consumers", "run", "--workers", str(workers)],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip

    def check() -> None:
        assert process.poll() is None, f"run ended with {process.returncode}:\n{said.read_text()[-4000:]}"

    try:
        yield check
        process.terminate()
        code = process.wait(timeout=PATIENCE)
        assert code == 0, f"run ended with {code}:\n{said.read_text()[-4000:]}"
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            process.kill()
            process.wait()


def activate_lexicon(installation: Installation, files: Mapping[str, str]) -> None:
    """Put a lexicon in force as it is, whether its own examples hold or not."""
    lexicon = snapshots.read_lexicon(files, snapshots.read_policy(shipped.shipped_policy()))
    activate_version(installation, snapshots.lexicon_version(files, "a test", len(lexicon.entries)))


def activate_version(installation: Installation, version: Version) -> None:
    """Put a lexicon or a policy in force, if it is not."""
    installation.ledger.put_version(version)

    def change(current: activations.Activation | None) -> activations.Activation | None:
        assert current is not None
        if getattr(current, version.kind) == version.digest:
            return None
        return msgspec.structs.replace(
            current,
            **{version.kind: version.digest},
            activation_id=activations.new_id(),
            kind=version.kind,
            shipped=False,
            by="a test",
            reason="a test",
            at=wiring.now().isoformat(),
            number=-1,
        )

    activations.activate(installation.log, change)


# ---------------------------------------------------------------- what runs are compared by


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run, each as sorted lines of canonical JSON: multisets that can be compared and shown."""

    orders: tuple[str, ...]
    dead_letters: tuple[str, ...]
    results: tuple[str, ...]


def outcome_of(stream: Stream) -> Outcome:
    """Return what came of a run, without what differs between runs of the same day."""
    return Outcome(
        orders=_sorted(_order_line(record) for topic in ORDERS for record in stream.records(topic)),
        dead_letters=_sorted(_dead_line(record) for record in stream.records(topics.DEAD_LETTER)),
        results=_sorted(_result_line(record) for record in stream.records(topics.RESULTS) if _is_result(record)),
    )


def difference(first: Sequence[str], second: Sequence[str]) -> str:
    """Return what two multisets do not share, for a message; empty where they are equal."""
    one, other = Counter(first), Counter(second)
    lines = [f"- {count} x {line}" for line, count in (one - other).items()]
    lines += [f"+ {count} x {line}" for line, count in (other - one).items()]
    return "\n".join(lines[:20]) + (f"\n… {len(lines) - 20} more" if len(lines) > 20 else "")


def order_of(line: str) -> dict[str, Any]:
    """Return the order in a line of an outcome."""
    return json.loads(line)["value"]


def _order_line(record: Record) -> dict[str, Any]:
    value = json.loads(record.value)
    until = (value.get("notice") or {}).pop("appeal_until", None)
    del value["issued_at"], value["expires_at"]
    if until is not None:
        for text in (value["notice"]["text"], value["notice"]["appeal"]):
            for language in text:
                text[language] = text[language].replace(until[:10], "DAY")
    headers = {name: held.decode() for name, held in record.headers if name not in VOLATILE}
    # The id first, so that lines sort by it.
    return {"action_id": value["action_id"], "topic": record.topic, "key": _shown(record.key), "headers": headers} | {
        "value": value
    }


def _dead_line(record: Record) -> dict[str, Any]:
    volatile = {dead_letter.PREFIX + name for name in ("offset", "timestamp")}
    headers = [[name, _shown(held)] for name, held in record.headers if name not in volatile]
    return {"key": _shown(record.key), "value": _shown(record.value), "headers": headers}


def _result_line(record: Record) -> dict[str, Any]:
    value = json.loads(record.value)
    del value["input"]["offset"], value["activation"]
    return {"result_id": value["result_id"], "key": _shown(record.key), "value": value}


def _shown(data: bytes | None) -> str | None:
    return None if data is None else data.decode("latin-1")


def _sorted(lines: Iterator[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted(json.dumps(line, ensure_ascii=False) for line in lines))
