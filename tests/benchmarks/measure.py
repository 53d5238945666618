"""Measures the installed `screening` on the labelled test data and writes docs/measurements.md (`make bench`)."""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import os
import pathlib
import platform
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
# The project goes first: tests/screening and tests/consumers would stand in for its packages.
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import inprocess
import load_section
import mapping
import page
from datafolder import ROOT, data_folder
from installed import Checked, Installed, Unusable

from consumers import shipped, snapshots
from screening.watchlist.matcher import PARTY_CATEGORY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE: Final = ROOT / "docs" / "measurements.md"
SOURCE: Final = "us-ofac-sdn"
LIST: Final = pathlib.PurePath("sanctions", "lists", "ofac_2021-07")
QUERIES: Final = pathlib.PurePath("sanctions", "labelled", "queries_ofac_2021-07.jsonl")

FITTING: Final = {
    "博彩": {"gambling"},
    "低俗色情": {"pornography", "vulgar", "sexual-innuendo"},
    "欺诈": {"economic-fraud"},
    "谩骂引战": {"insult-defamation", "group-discrimination", "ethnic-hatred", "vulgar"},
    "黑产广告": {"black-market-ads", "illicit-trade", "laundering-theft", "economic-fraud"},
}
"""What a label of harm_bench speaks of → the categories that are a ground for it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One file of texts that went through `check content`."""

    file: str
    texts: list[mapping.Text]
    checked: Checked


def main() -> int:
    """Measure, write the page, and return the exit code."""
    try:
        data = data_folder()
        with tempfile.TemporaryDirectory(prefix="screening-bench-") as folder:
            measured = measure(data, Installed(pathlib.Path(folder)))
    except (Unusable, FileNotFoundError) as error:
        sys.stderr.write(f"measure: {error}\n")
        return 1
    load = load_section.of(PAGE.read_text("utf-8")) if PAGE.is_file() else ""
    PAGE.write_text(load_section.placed(page.written(measured), load), "utf-8")
    tell(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


def measure(data: pathlib.Path, installed: Installed) -> page.Measured:
    """Run everything and return what came out."""
    tell("importing the list")
    installed.run("watchlist", "import", SOURCE, str(data / LIST))
    queries = mapping.queries(data / QUERIES)
    tell(f"checking {len(queries)} names")
    names = installed.check(
        "registrations",
        mapping.lines(query.subject for query in queries),
        [query.subject["account_id"] for query in queries],
    )
    runs = [_content(installed, path) for path in sorted((data / "content").glob("*.jsonl"))]
    started = installed.check("content", b"", [])
    tell("the matchers in process")
    running = [text for run in runs if _is_running(run.file) for text in run.texts]
    review_from = _review_from()
    files = {path.name: path.read_bytes() for path in sorted((data / LIST).iterdir())}
    return page.Measured(
        day=time.strftime("%Y-%m-%d", time.gmtime()),
        machine=_machine(),
        versions=_versions(names.results[0]["versions"], runs[0].checked.results[0]["versions"]),
        listed=_listed(installed.run("watchlist", "status")),
        review_from=review_from,
        names=_name_rows(queries, names.results, review_from),
        name_enforced=sum(result["verdict"] == "enforce" for result in names.results),
        name_seconds=names.seconds,
        clean=tuple(_clean_row(run) for run in runs if run.file.startswith("clean_")),
        labels=tuple(row for run in runs if run.file.startswith("harm_") for row in _label_rows(run)),
        offensive=tuple(_offensive_row(run) for run in runs if run.file.startswith("cold_")),
        command=page.Command(
            texts=sum(len(run.texts) for run in runs),
            characters=sum(text.characters for run in runs for text in run.texts),
            seconds=sum(run.checked.seconds for run in runs),
            start_seconds=started.seconds,
        ),
        matcher=inprocess.characters_per_second(running),
        lookup=inprocess.lookups(files, queries),
    )


def _content(installed: Installed, path: pathlib.Path) -> Run:
    texts = mapping.texts(path)
    tell(f"checking {len(texts)} texts of {path.stem}")
    lines = mapping.lines(text.subject for text in texts)
    return Run(path.stem, texts, installed.check("content", lines, [text.subject["id"] for text in texts]))


def _is_running(file: str) -> bool:
    """Say whether a file holds ordinary running text: not single words, not picked for what is wrong with it."""
    return file.startswith("clean_") and "words" not in file


def _name_rows(
    queries: Sequence[mapping.Query], results: Sequence[dict[str, Any]], review_from: float
) -> tuple[page.NameRow, ...]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for query, result in zip(queries, results, strict=True):
        for place, counted in enumerate((True, *_reached(query, result, review_from))):
            counts[query.category][place] += counted
    return tuple(page.NameRow(category, *counted) for category, counted in sorted(counts.items()))


def _reached(query: mapping.Query, result: dict[str, Any], review_from: float) -> tuple[bool, bool, bool]:
    """Say whether a name has a hit that counts at review, at any score, and whether it could not be read."""
    scores = [
        hit["score"]
        for hit in result["hits"]
        if not query.ids or (hit["source"] == SOURCE and hit["entry"] in query.ids)
    ]
    return any(score >= review_from for score in scores), bool(scores), "name" in result["unscreened"]


def _clean_row(run: Run) -> page.CleanRow:
    verdicts = [result["verdict"] for result in run.checked.results]
    return page.CleanRow(
        file=run.file,
        texts=len(run.texts),
        characters=sum(text.characters for text in run.texts),
        review=sum(verdict != "clear" for verdict in verdicts),
        enforce=verdicts.count("enforce"),
        seconds=run.checked.seconds,
    )


def _label_rows(run: Run) -> list[page.LabelRow]:
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for text, result in zip(run.texts, run.checked.results, strict=True):
        held[text.label].append(result)
    return [_label_row(label, results) for label, results in sorted(held.items(), key=lambda pair: pair[0])]


def _label_row(label: str, results: Sequence[dict[str, Any]]) -> page.LabelRow:
    def count(says: Callable[[dict[str, Any]], bool]) -> int:
        return sum(map(says, results))

    fitting = FITTING.get(label)
    return page.LabelRow(
        label=label,
        texts=len(results),
        flagged=count(lambda result: result["verdict"] != "clear"),
        enforce=count(lambda result: result["verdict"] == "enforce"),
        fitting=None
        if fitting is None
        else count(lambda result: any(ground["category"] in fitting for ground in result["grounds"])),
        seen=count(lambda result: bool(result["hits"])),
    )


def _offensive_row(run: Run) -> page.OffensiveRow:
    pairs = [
        (bool(text.bad), result["verdict"] != "clear")
        for text, result in zip(run.texts, run.checked.results, strict=True)
    ]
    return page.OffensiveRow(
        file=run.file,
        texts=len(pairs),
        right=pairs.count((True, True)),
        wrong=pairs.count((False, True)),
        missed=pairs.count((True, False)),
    )


def _review_from() -> float:
    policy = snapshots.read_policy(shipped.shipped_policy())
    return policy.rows[PARTY_CATEGORY, None].certainty.review_from


def _listed(status: str) -> str:
    """Say which list is in force, from the second line of `watchlist status`: source, version, entries."""
    source, version, entries, *_ = status.splitlines()[1].split("\t")
    return f"The list `{source}` was imported whole ({int(entries):,} entries, version `{version[:12]}`)."


def _versions(registration: dict[str, str], content: dict[str, str]) -> str:
    return (
        f"Engine `{content['engine']}`, policy `{content['policy'][:12]}`, lexicon `{content['lexicon'][:12]}`,"
        f" watchlist `{registration['watchlist'][:12]}`."
    )


def _machine() -> str:
    return f"{os.cpu_count()} shared cores ({platform.machine()}), Python {platform.python_version()}"


def tell(text: str) -> None:
    """Say on stderr how far it is."""
    sys.stderr.write(f"measure: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
