"""Measures how names are found and how fast; writes docs/measurements-names.md (`make bench-names`)."""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import csv
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
# The project goes first: tests/screening and tests/consumers would stand in for its packages.
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import borneparts
import bothscripts
import cyrillicnames
import labelled
import lookups
import namecurves
import namepage
import peers
from crowds import Crowd
from datafolder import ROOT, data_folder

from consumers import shipped, snapshots
from screening.watchlist.formats import ofac_csv
from screening.watchlist.matcher import FLOOR, PARTY_CATEGORY, NameMatcher
from screening.watchlist.parties import PartyKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labelled import Pairs, Trial

    from screening.watchlist.parties import ListedParty

PAGE: Final = ROOT / "docs" / "measurements-names.md"
FIGURES: Final = ROOT / "docs" / "measurements-names.json"
PICTURES: Final = ROOT / "docs" / "pictures"
SEED: Final = 31
SIZES: Final = (33_000, 1_000_000)
ADVERSARIAL: Final = 1000
ORDINARY_EVERY: Final = 25
"""Of the 50,000 invented ordinary people so many-th are asked for: 2,000."""
EXHAUSTIVE: Final = 1000
PEER_QUERIES: Final = 100


def main() -> int:
    """Measure, write the page, the pictures and the figures, and return the exit code."""
    began, code = time.monotonic(), _code()
    try:
        measured = measure(data_folder() / "sanctions")
    except FileNotFoundError as error:
        sys.stderr.write(f"names: {error}\n")
        return 1
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    machine = f"{os.cpu_count()} shared cores ({platform.machine()}), Python {platform.python_version()}"
    day = time.strftime("%Y-%m-%d", time.gmtime())
    head = f"{day}, code of `{code}`, {machine}, {(time.monotonic() - began) / 60:.0f} minutes in all."
    PICTURES.mkdir(exist_ok=True)
    namecurves.draw(measured, PICTURES)
    figures = namepage.figures(measured)
    PAGE.write_text(namepage.written(measured, figures, before.get("figures", {}), head), "utf-8")
    FIGURES.write_text(json.dumps({"day": day, "figures": figures}, indent=1, sort_keys=True) + "\n", "utf-8")
    tell(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


def _code() -> str:
    """Return which commit is measured, and whether something was changed since."""
    git = shutil.which("git") or "git"
    asked = [git, "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def measure(data: pathlib.Path) -> namepage.Measured:
    """Measure everything."""
    known = data / "labelled"
    folder = data / "lists" / "ofac_2021-07"
    parties = ofac_csv.parse({path.name: path.read_bytes() for path in sorted(folder.iterdir())}).parties
    review_from = snapshots.read_policy(shipped.shipped_policy()).rows[PARTY_CATEGORY, None].certainty.review_from
    un, un_trials = labelled.un_names(known)
    han, han_trials = labelled.chinese(SEED)
    native, native_trials = labelled.in_scripts(known, SEED)
    cyrillic, cyrillic_trials = cyrillicnames.trials(SEED, half=1)
    borne, borne_trials = borneparts.trials(known, SEED)
    both, both_trials = bothscripts.trials(data / "lists")
    sdn = {"us-ofac-sdn": parties}
    tell("finding")
    matcher = NameMatcher({**sdn, "un": un, "han": han, "native": native})
    spelled = NameMatcher({**sdn, "cyrillic": cyrillic, "borne": borne, "both": both})
    queries = labelled.ofac_queries(known / "queries_ofac_2021-07.jsonl")
    ordinary = labelled.ordinary(known, ORDINARY_EVERY)
    altered = labelled.altered(parties, SEED)
    adversarial = labelled.recombined(parties, ADVERSARIAL, SEED)
    alone = NameMatcher(sdn)
    found = {
        "labelled": labelled.scored(alone, queries),
        "altered": labelled.scored(alone, altered),
        "ordinary": labelled.scored(alone, ordinary),
        "adversarial": labelled.scored(alone, adversarial),
        "un": labelled.scored(matcher, un_trials),
        "chinese": labelled.scored(matcher, han_trials),
        "scripts": labelled.scored(matcher, native_trials),
        "lists": labelled.scored(spelled, both_trials),
        "cyrillic": labelled.scored(spelled, cyrillic_trials),
        "borne": labelled.scored(spelled, borne_trials),
    }
    tell("finding as the peers do")
    others = {label: peers.scored(parties, queries, label) for label in peers.SCORERS}
    tell("comparing with every listed name")
    exhaustive = lookups.compared(_behind(parties, altered), _mixed(altered, ordinary, EXHAUSTIVE), FLOOR)
    tell("pairs")
    bench = known / "name_bench_dev.csv"
    return namepage.Measured(
        review_from=review_from,
        listed=sum(len(party.names) for party in parties),
        found=found,
        different_parts=borneparts.share_of_different(known),
        peers=others,
        pairs={
            "name_bench": labelled.name_bench(bench),
            "entity_bench": labelled.entity_bench(known / "entity_bench.yml"),
        },
        peer_pairs=_peer_pairs(bench),
        exhaustive=exhaustive,
        speed=_speed(parties, known, queries, altered, ordinary),
        peer_speed=lookups.peers(
            [name.text for party in parties for name in party.names],
            [trial.subject["name"] for trial in queries[:: len(queries) // PEER_QUERIES]],
        ),
    )


def _behind(parties: Sequence[ListedParty], altered: Sequence[Trial]) -> list[Mapping[str, Any]]:
    """Return the main names of the parties behind the altered names that are compared plainly, as subjects."""
    behind = {entry for trial in _spread(altered, EXHAUSTIVE // 2) for entry in trial.entries}
    return [
        (labelled.person if party.kind is PartyKind.PERSON else labelled.organization)(party.names[0].text)
        for party in parties
        if party.entry in behind
    ]


def _spread(trials: Sequence[Trial], count: int) -> Sequence[Trial]:
    return trials[:: len(trials) // count][:count]


def _mixed(first: Sequence[Trial], second: Sequence[Trial], count: int) -> list[Mapping[str, Any]]:
    """Return so many subjects, half of either."""
    half = count // 2
    return [trial.subject for trial in (*_spread(first, half), *_spread(second, half))]


def _speed(
    parties: Sequence[ListedParty],
    known: pathlib.Path,
    queries: Sequence[Trial],
    altered: Sequence[Trial],
    ordinary: Sequence[Trial],
) -> tuple[namepage.Speed, ...]:
    """Measure looking up among more and more names; the real list is topped up with made names."""
    crowd = Crowd(parties, known)
    real = sum(len(party.names) for party in parties)
    subjects = [trial.subject for trial in queries]
    mixed = _mixed(altered, ordinary, len(subjects) * 2)
    rows = []
    for size in SIZES:
        tell(f"looking up among {size:,} names")
        made = list(crowd.parties(size - real, SEED))
        ready, built = lookups.build({"us-ofac-sdn": parties, "made": made})
        matcher = ready.names
        kept = lookups.kept(ready, size, parties[0].names[0].text)
        # The first answers read tables that belong to the release and not to the list.
        lookups.looked_up(matcher, size, subjects[::40])
        by_query = {
            "labelled names, altered or of nobody": lookups.looked_up(matcher, size, subjects),
            "names altered by the generator and ordinary people, half each": lookups.looked_up(matcher, size, mixed),
        }
        again = lookups.looked_up(matcher, size, mixed)
        rows.append(namepage.Speed(size, built, kept, by_query, again))
        del ready, matcher, made
    return tuple(rows)


def _peer_pairs(path: pathlib.Path) -> dict[str, tuple[Pairs, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {"rapidfuzz WRatio": (peers.pairs(rows, peers.by_ratio), peers.milliseconds(peers.by_ratio, rows))}
    alike = peers.logic_v2()
    if alike is not None:
        found["nomenklatura logic-v2"] = (peers.pairs(rows, alike), peers.milliseconds(alike, rows))
    return found


def tell(text: str) -> None:
    """Say on stderr how far it is."""
    sys.stderr.write(f"names: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
