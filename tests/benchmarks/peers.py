"""What others find: rapidfuzz over every listed name, and nomenklatura's logic-v2 on pairs where it is installed."""

from __future__ import annotations

import itertools
import os
import sys
import time
from typing import TYPE_CHECKING, Final

import numpy as np
from labelled import Pairs, Scored
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from labelled import Trial

    from screening.watchlist.parties import ListedParty

SCORERS: Final = {"rapidfuzz WRatio": fuzz.WRatio, "rapidfuzz ratio": fuzz.ratio}
_AT_ONCE: Final = 50


def scored(parties: Sequence[ListedParty], trials: Sequence[Trial], label: str) -> list[Scored]:
    """Look trials up by comparing each with every listed name, in small letters."""
    names = [(name.text.lower(), party.entry) for party in parties for name in party.names]
    places: dict[str, list[int]] = {}
    for place, (_, entry) in enumerate(names):
        places.setdefault(entry, []).append(place)
    found = []
    for start in range(0, len(trials), _AT_ONCE):
        some = trials[start : start + _AT_ONCE]
        queries = [trial.subject["name"].lower() for trial in some]
        table = process.cdist(queries, [name for name, _ in names], scorer=SCORERS[label], dtype=np.float32)
        for trial, row in zip(some, table, strict=True):
            right = [row[place] for entry in trial.entries for place in places.get(entry, ())]
            best = max(right, default=0.0) if trial.entries else row.max(initial=0.0)
            found.append(Scored(trial, float(best) / 100.0))
    return found


def pairs(rows: Sequence[Mapping[str, str]], alike: Callable[[str, str, str], float]) -> Pairs:
    """Score nomenklatura's pairs of names in another way."""
    return Pairs(
        [(row["is_match"] == "true", row["quality"], alike(row["schema"], row["name1"], row["name2"])) for row in rows]
    )


def by_ratio(_: str, first: str, second: str) -> float:
    """Return WRatio from 0.0 to 1.0."""
    return fuzz.WRatio(first.lower(), second.lower()) / 100.0


def logic_v2() -> Callable[[str, str, str], float] | None:
    """Return nomenklatura's scorer, None where it is not installed.

    `BENCH_PEERS` may name a folder of installed packages to look in, so that the peer and what it pulls in need not
    stand in the project's own environment.
    """
    if folder := os.environ.get("BENCH_PEERS"):
        sys.path.append(folder)
    try:
        from followthemoney import EntityProxy  # noqa: PLC0415 - an optional peer
        from nomenklatura.matching import get_algorithm  # noqa: PLC0415
        from nomenklatura.matching.types import ScoringConfig  # noqa: PLC0415
    except ImportError:
        return None
    algorithm, config, numbers = get_algorithm("logic-v2"), ScoringConfig.defaults(), itertools.count()

    def entity(schema: str, name: str) -> EntityProxy:
        # It remembers entities by their id.
        return EntityProxy.from_dict({"id": f"e{next(numbers)}", "schema": schema, "properties": {"name": [name]}})

    def alike(schema: str, first: str, second: str) -> float:
        return float(algorithm.compare(entity(schema, first), entity(schema, second), config).score)

    return alike


def milliseconds(alike: Callable[[str, str, str], float], rows: Sequence[Mapping[str, str]]) -> float:
    """Return the processor time that one comparison of two names takes, in milliseconds; starting not counted."""
    alike("Person", "Karam Zahrudi", "Karam Zahroudi")
    started = time.process_time()
    for row in rows:
        alike(row["schema"], row["name1"], row["name2"])
    return (time.process_time() - started) * 1000.0 / len(rows)
