"""How fast a name is looked up, what the index costs to build, and whether it misses anybody."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
from looped import searching
from rapidfuzz import fuzz, process

from screening.subjects import Registrant
from screening.watchlist.alignment import compare
from screening.watchlist.index import NameIndex
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.names import read_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def build(lists: Mapping[str, Sequence[ListedParty]]) -> tuple[NameMatcher, Built]:
    """Build a matcher; memory is what the process holds more than before, its parties not counted."""
    gc.collect()
    before, started = _resident(), time.process_time()
    matcher = NameMatcher(lists)
    seconds = time.process_time() - started
    gc.collect()
    names = sum(len(party.names) for parties in lists.values() for party in parties)
    return matcher, Built(names, seconds, _resident() - before, _resident("VmHWM") - before)


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
