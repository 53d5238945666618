"""How fast a name is looked up, what the index costs to build, and whether it misses anybody."""

from __future__ import annotations

import gc
import json
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
from looped import searching
from rapidfuzz import fuzz, process

from consumers.kept_files import KeptFiles
from screening.subjects import Registrant
from screening.watchlist.alignment import compare
from screening.watchlist.index import NameIndex
from screening.watchlist.names import read_name
from screening.watchlist.ready import ReadyLists, dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.watchlist.matcher import NameMatcher
    from screening.watchlist.names import Name
    from screening.watchlist.parties import ListedParty

PEERS: Final = {"rapidfuzz ratio": fuzz.ratio, "rapidfuzz WRatio": fuzz.WRatio}


@dataclass(frozen=True, slots=True)
class Lookups:
    """One name at a time, in milliseconds of processor time, over `names` names."""

    names: int
    queries: int
    median: float
    ninety_ninth: float
    longest: float
    per_second: float
    hits: int


@dataclass(frozen=True, slots=True)
class Built:
    """What an index costs: processor seconds, and how much memory of the process it holds, in MiB."""

    names: int
    seconds: float
    mebibytes: float
    peak: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What it costs to load an index from its file, in each of several processes at once.

    Attributes:
        names: how many it holds.
        kept: processor seconds to write the file.
        size: of the file, in MiB.
        seconds: processor seconds of the slowest, its first answer included.
        own: memory of the largest that it has to itself, in MiB; that of code and libraries is not counted.
        shared: memory that it has together with the others.
    """

    names: int
    kept: float
    size: float
    seconds: float
    own: float
    shared: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing with every listed name found, and how much of it the index missed or added."""

    queries: int
    pairs: int
    found: int
    missed: int
    other: int


def looked_up(matcher: NameMatcher, names: int, subjects: Sequence[Mapping[str, Any]]) -> Lookups:
    """Look names up one at a time, each for the first time; given names recur as they do among registrants."""
    registrants = [msgspec.convert(subject, Registrant) for subject in subjects]
    gc.collect()
    gc.freeze()
    taken, hits = [], 0
    for registrant in registrants:
        started = time.process_time_ns()
        hits += len(matcher.find([registrant])[0])
        taken.append((time.process_time_ns() - started) / 1e6)
    gc.unfreeze()
    taken.sort()
    return Lookups(
        names=names,
        queries=len(taken),
        median=taken[len(taken) // 2],
        ninety_ninth=taken[len(taken) * 99 // 100],
        longest=taken[-1],
        per_second=1000.0 * len(taken) / sum(taken),
        hits=hits,
    )


def build(lists: Mapping[str, Sequence[ListedParty]]) -> tuple[ReadyLists, Built]:
    """Make lists ready; memory is what the process holds more than before, its parties not counted."""
    gc.collect()
    before, started = _resident(), time.process_time()
    ready = ReadyLists(lists)
    seconds = time.process_time() - started
    gc.collect()
    names = sum(len(party.names) for parties in lists.values() for party in parties)
    return ready, Built(names, seconds, _resident() - before, _resident("VmHWM") - before)


def kept(ready: ReadyLists, names: int, asked: str) -> Kept:
    """Keep lists in a file, and load it in two processes at once."""
    worker = str(pathlib.Path(__file__).with_name("kept_worker.py"))
    with tempfile.TemporaryDirectory(prefix="screening-kept-") as folder:
        files = KeptFiles(pathlib.Path(folder), "lists", 1)
        started = time.process_time()
        files.keep("0" * 64, dump(ready), sys.exit)
        writing = time.process_time() - started
        size = files.path("0" * 64).stat().st_size / 2**20
        workers = [
            subprocess.Popen(
                [sys.executable, worker, folder, "0" * 64, asked],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        loaded, weighed = (_told(workers, line) for line in ("load", "weigh"))
        for one in workers:
            one.communicate()
    largest = max(weighed, key=lambda answer: answer["own"])
    return Kept(names, writing, size, max(answer["seconds"] for answer in loaded), largest["own"], largest["shared"])


def _told(workers: Sequence[subprocess.Popen[str]], line: str) -> list[dict[str, float]]:
    """Ask all workers at once, and return what they answer."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{line}\n")
        worker.stdin.flush()
    return [json.loads(worker.stdout.readline()) for worker in workers if worker.stdout is not None]


def _resident(row: str = "VmRSS") -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no path of the project
        return next(float(line.split()[1]) / 1024 for line in status if line.startswith(f"{row}:"))


def compared(names: Sequence[Mapping[str, Any]], subjects: Sequence[Mapping[str, Any]], floor: float) -> Compared:
    """Look each subject's name up in an index of some names, and compare it with every one of them without it.

    It is looked up by compiled loops, as in a long list, and by arrays too: both must say what comparing says.
    """
    with searching(by_loops=True):
        index = NameIndex(_read(subject) for subject in names)
    with searching(by_loops=False):
        by_arrays = NameIndex(_read(subject) for subject in names)
    pairs = found = missed = other = 0
    for subject in subjects:
        name = _read(subject)
        answer = dict(index.find(name, floor))
        mine = index.profile(name)
        plainly = {number: compare(mine, index.listed(number)) for number in range(len(index))}
        right = {number: score for number, score in plainly.items() if score >= floor}
        pairs += len(plainly)
        found += len(right)
        missed += len(right.keys() - answer.keys())
        other += sum(right.get(number) != score for number, score in answer.items())
        other += dict(by_arrays.find(name, floor)) != answer
    return Compared(len(subjects), pairs, found, missed, other)


def _read(subject: Mapping[str, Any]) -> Name:
    return read_name(subject["name"], person=subject["kind"] == "person")


def peers(names: Sequence[str], queries: Sequence[str]) -> dict[str, Lookups]:
    """Look names up by comparing with every listed name, written plainly in small letters, with rapidfuzz."""
    listed = [name.lower() for name in names]
    found = {}
    for label, scorer in PEERS.items():
        taken = []
        for query in queries:
            started = time.process_time_ns()
            process.cdist([query.lower()], listed, scorer=scorer, dtype=np.float32, workers=1)
            taken.append((time.process_time_ns() - started) / 1e6)
        taken.sort()
        found[label] = Lookups(
            names=len(listed),
            queries=len(taken),
            median=taken[len(taken) // 2],
            ninety_ninth=taken[len(taken) * 99 // 100],
            longest=taken[-1],
            per_second=1000.0 * len(taken) / sum(taken),
            hits=0,
        )
    return found
