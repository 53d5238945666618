"""Proves that re-screening by the change leads where judging everybody anew leads (`make prove-rescreen`).

Twice the same is done in two ways. By the change: versions come in force one after the other while subjects come, are
edited and go, and each time the command `rescreen run` is run. At once: in an installation of its own everybody is
judged by the last versions alone. The states are compared subject by subject (`tests/states.py`), and so is what a
whole pass (`rescreen run --all`) makes of the first.

It takes half an hour of processor time, in steps. What is done is kept in a folder, so that it goes on where it was
stopped: `--minutes` ends it in good order after the step under way, with exit code 3 where steps are left. The page
says what was done and what was not.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "benchmarks")]

import msgspec
import prove_page
from integration.streams import ORDERS, Stream, flags_for
from provedcontents import Contents
from provedregistrants import Registrants
from states import State, differences, state_of, verdicts, versions

from consumers import topics
from consumers.settings import all_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from consumers.log.port import Outgoing

    Step = Callable[[], dict[str, Any]]

ROOT: Final = _TESTS.parent
FIGURES: Final = "measurements-equality.json"

LEFT: Final = 3
"""The exit code where steps are left."""

WORKERS: Final = 2
"""Processes of each role, and those that judge anew where many are concerned."""

AT_ONCE: Final = 30_000
"""Subjects published and judged in one step to begin with."""


class Side:
    """One installation in a folder, with the command run on it as a user does."""

    def __init__(self, folder: pathlib.Path) -> None:
        kept = folder / "flags.json"
        if not kept.exists():
            # Nothing here outlives the proof, and a host that dies under it begins it anew.
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(flags_for(folder, run__batch=500, run__workers=WORKERS)))
        self.flags = json.loads(kept.read_text())
        self._folder = folder

    def run(self, *words: str) -> str:
        """Run a command that must succeed and return what it printed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
        environment |= {all_settings()[name].variable: value for name, value in self.flags.items()}
        environment["PYTHONPATH"] = str(ROOT)
        command = [sys.executable, "-m", "consumers", *words]
        done = subprocess.run(command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"screening {' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def stream(self) -> Stream:
        """Open it."""
        return Stream(self.flags)

    def publish(self, records: Sequence[Outgoing]) -> None:
        """Append records."""
        with self.stream() as stream:
            for start in range(0, len(records), 1_000):
                stream.installation.log.append(records[start : start + 1_000])

    def rescreened(self, subject: str, *more: str) -> dict[str, Any]:
        """Judge anew what a change concerns, and return what was done."""
        began, used = time.monotonic(), _children()
        words = ("rescreen", "run", "--subject", subject, "--yes", "--workers", str(WORKERS), "--json", *more)
        (report,) = json.loads(self.run(*words))
        kept = {name: report[name] for name in ("looked_at", "judged", "affected", "changed", "released")}
        return kept | {"seconds": time.monotonic() - began, "processor": _children() - used}

    def state(self) -> State:
        """Return what stands."""
        with self.stream() as stream:
            return state_of(stream.flags["store.url"], stream.installation.log.epoch())

    def sent(self) -> dict[str, int]:
        """Count what is on the log: orders, those sent twice, and dead letters."""
        with self.stream() as stream:
            orders = Counter(json.loads(one.value)["action_id"] for name in ORDERS for one in stream.records(name))
            letters = sum(1 for _ in stream.records(topics.DEAD_LETTER))
            results = sum(1 for _ in stream.records(topics.RESULTS))
        return {
            "results": results,
            "orders": orders.total(),
            "twice": sum(count > 1 for count in orders.values()),
            "dead_letters": letters,
        }


class Proof:
    """One of the two proofs, in steps.

    Args:
        folder: where it keeps what is done.
        plan: what happens, in order.
    """

    def __init__(self, folder: pathlib.Path, plan: Registrants | Contents) -> None:
        self._plan = plan
        self._changed, self._fresh = Side(folder / "changed"), Side(folder / "fresh")
        self._folder = folder

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield every step, by its name, up to the comparison with judging everybody by the last versions."""
        plan, roles = self._plan, (self._plan.role, "enforcement", "records")
        yield "in force: first", lambda: self._in_force(self._changed, 0)
        yield from self._judged(self._changed, "changed", plan.begun(), roles)
        for version in range(1, plan.versions):
            yield f"version {version}", lambda version=version: self._version(version)
        yield "state", lambda: self._kept("changed", self._changed)
        yield "in force: last", lambda: self._in_force(self._fresh, plan.versions - 1)
        yield from self._judged(self._fresh, "fresh", [*plan.begun(), *plan.all_came()], roles)
        yield "state of everybody", lambda: self._kept("fresh", self._fresh)
        yield "compared", lambda: self._compared("changed")
        yield "sent", self._changed.sent

    def whole(self) -> Iterator[tuple[str, Step]]:
        """Yield the steps of a whole pass over what the changes led to, and of comparing what it made of it."""
        yield "whole pass", lambda: self._changed.rescreened(self._plan.subject, "--all")
        yield "state after the whole pass", lambda: self._kept("whole", self._changed)
        yield "compared after the whole pass", lambda: self._compared("whole")
        yield "sent after the whole pass", self._changed.sent

    def _in_force(self, side: Side, version: int) -> dict[str, Any]:
        with side.stream() as stream:
            return self._plan.put_in_force(stream, version)

    def _judged(
        self, side: Side, name: str, records: Sequence[Outgoing], roles: Sequence[str]
    ) -> Iterator[tuple[str, Step]]:
        """Publish records and let them be judged and decided, some at once."""
        for start in range(0, len(records), AT_ONCE):

            def step(start: int = start) -> dict[str, Any]:
                used = _children()
                side.publish(records[start : start + AT_ONCE])
                side.run("run", *roles, "--drain", "--workers", str(WORKERS))
                return {"records": len(records[start : start + AT_ONCE]), "processor": _children() - used}

            yield f"{name}: judged from {start}", step

    def _version(self, version: int) -> dict[str, Any]:
        """Let some come before a version and some after its markers, and judge anew what it concerns."""
        before, after = self._plan.came(version)
        self._changed.publish(before)
        change = self._in_force(self._changed, version)
        self._changed.publish(after)
        done = self._changed.rescreened(self._plan.subject)
        return change | {"came": len(before) + len(after)} | done

    def _kept(self, name: str, side: Side) -> dict[str, Any]:
        state = side.state()
        (self._folder / f"{name}.state").write_bytes(msgspec.msgpack.encode(state))
        return {
            "subjects": len(state.judged),
            "verdicts": verdicts(state),
            "versions": versions(state),
            "ordered": len(state.orders),
            "orders": sum(map(len, state.orders.values())),
            "asked": len(state.asked),
        }

    def _compared(self, name: str) -> dict[str, Any]:
        kept = [(self._folder / f"{held}.state").read_bytes() for held in (name, "fresh")]
        one, other = (msgspec.msgpack.decode(state, type=State) for state in kept)
        found = differences(one, other)
        (self._folder / f"{name}.differences.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)))
        same = sum(
            held is not None and (two := other.judged.get(key)) is not None and held.result_id == two.result_id
            for key, held in one.judged.items()
        )
        sys.stderr.write(f"{found}\n" if str(found) else "  equal\n")
        return found.counts() | {"equal": found.none, "same_result": same}


def done_of(folder: pathlib.Path) -> dict[str, Any]:
    """Return the steps that were taken, each with its figures."""
    kept = folder / "steps.json"
    return json.loads(kept.read_text()) if kept.exists() else {}


def prove(steps: Iterable[tuple[str, Step]], folder: pathlib.Path, until: float) -> bool:
    """Take the steps that are left, one at least, and say whether all are done; not where the time was over before."""
    done, taken = done_of(folder), False
    for name, step in steps:
        if name in done:
            continue
        if taken and time.monotonic() > until:
            return False
        taken = True
        began, used = time.monotonic(), time.process_time()
        sys.stderr.write(f"{name} …\n")
        figures = step()
        spent = time.monotonic() - began
        sys.stderr.write(f"  {spent:.0f} s {figures}\n")
        done[name] = figures | {"clock": spent, "own": time.process_time() - used}
        (folder / "steps.json").write_text(json.dumps(done, indent=1))
    return True


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Prove, and write the page and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registrants", type=int, default=100_000)
    parser.add_argument("--texts", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=20211)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / ".proof", help="where what is done is kept")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end in good order after so many")
    parser.add_argument("--into", type=pathlib.Path, default=ROOT / "docs", help="where page and figures go")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip()
    figures: dict[str, Any] = {
        "machine": f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {os.cpu_count()} shared cores ({platform.machine()}),"
        f" Python {platform.python_version()}",
        "commit": commit,
        "seed": asked.seed,
        "workers": WORKERS,
    }
    plans: dict[str, Callable[[], Registrants | Contents]] = {
        "registrants": lambda: Registrants(asked.registrants, asked.seed),
        "texts": lambda: Contents(asked.texts, asked.seed),
    }
    proofs: dict[str, Proof] = {}
    complete = True
    for name, plan in plans.items():
        folder = asked.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        if complete:
            made = plan()
            proofs[name] = Proof(folder, made)
            figures[name] = {"made": made.told()}
            complete = prove(proofs[name].steps(), folder, until)
    for name, proof in proofs.items():
        complete = complete and prove(proof.whole(), asked.folder / name, until)
    for name in proofs:
        figures[name]["steps"] = done_of(asked.folder / name)
    asked.into.mkdir(parents=True, exist_ok=True)
    (asked.into / FIGURES).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    prove_page.write(figures, asked.into)
    if not complete:
        sys.stderr.write("steps are left: the same command goes on with them\n")
        return LEFT
    shutil.rmtree(asked.folder)
    return 0 if prove_page.equal(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
