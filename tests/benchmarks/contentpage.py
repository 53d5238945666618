"""The page of content's measurements: floors and aims with what was reached, the tables, and the run before."""

# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import bench_engine
import contentcurves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench_engine import Row
    from contentquality import Part

SHOWN: Final = 60
"""Changes since the run before that are shown, the largest first."""
NOISE: Final = 0.1
"""A time, rate or memory that changes by less than this share says nothing: other work runs on the machine."""
_TIMED: Final = ("speed.", "single.", "import", "activate", "load.", "compile.")
_ALL: Final = bench_engine.EVERY


@dataclass(frozen=True, slots=True)
class Target:
    """A figure with its floor, its aim where there is one, and why the aim is not reached, if it is not.

    Attributes:
        figure: its name.
        what: the same in words.
        floor: what must be reached.
        aim: what would make it the best known; None where nobody named one.
        less: whether less is better.
        beside: the same figure of the required engine.
        why: what keeps it from its aim, and what was tried.
    """

    figure: str
    what: str
    floor: float
    aim: float | None = None
    less: bool = False
    beside: str = ""
    why: str = ""

    def verdict(self, value: float) -> str:
        """Say what is reached."""
        if not self._holds(value, self.floor):
            return "**floor not reached**"
        if self.aim is None:
            return "floor reached"
        return "aim reached" if self._holds(value, self.aim) else "floor reached, aim **not**"

    def short(self, value: float) -> bool:
        """Say whether the aim, or the floor where there is no aim, is missed."""
        return not self._holds(value, self.floor if self.aim is None else self.aim)

    def _holds(self, value: float, bound: float) -> bool:
        return value <= bound if self.less else value >= bound


_RAW: Final = "Reached when the machine is quiet: each step of the automaton waits for memory, which other processes share (57 on a load of 1.7, 37 on one of 4.5, the same day and code). Feeding it only where a term can begin was tried and is kept, but this row does without."
_SLOW: Final = "Every view is a reading and a search of its own; normalising is shared, so that together they cost less than their rows below added up. Tried and kept: no search where no term can begin, readings only of stretches in which a term of the view can stand, one table pass for all forms of a character, compiled loops for what the views share and for the readings, one call to the segmenter for many hits ([decision 50](decisions/0050-content-is-read-by-loops.md)). What is left is the words and the evidence of each hit and candidate, in Python, and the memory that each pass waits for."
_LATE: Final = "A text alone pays the fixed cost of every view, which a batch shares among 500 texts. Tried and kept: short texts take shorter ways, and compiled loops stand in for dozens of array operations ([decision 50](decisions/0050-content-is-read-by-loops.md)). What else runs on the machine shows here most: beside other work the slowest hundredth takes two and a half times the median, for what drives the views' tables out of the processor's caches."
_SOUND: Final = "Terms of two characters are missed most: what they sound like is often a word itself (出声 for 畜生), and counts only where the writing around it falls apart. Tried: every term by sound, trusted by all or by a few dozen; [decision 17](decisions/0017-every-view-for-every-term.md) has what each cost in ordinary texts."
_SPLIT: Final = "Much of what is missed is split into strokes that nobody writes for the character (子 as 了一, 七 as 丿乚), which the view does not take for parts of it. Tried: every term in the view, and less belief where too little stands around it ([decision 17](decisions/0017-every-view-for-every-term.md))."
_BACKWARDS: Final = "What is missed is mostly short terms read backwards, which ordinary words hold by chance, so that more must speak for them; [decision 17](decisions/0017-every-view-for-every-term.md) has the steps that were tried."
_INSERTED: Final = "Most of what is missed is split by stops or spaces, which everybody writes between words that only meet there; [decision 17](decisions/0017-every-view-for-every-term.md) has the steps that were tried."
_STOPPED: Final = "Two thirds of what is stopped is the lexicon's, the rest the second opinion's. Tried and kept: words that everybody may write count only in disguise ([decision 17](decisions/0017-every-view-for-every-term.md)), and the two heads that stopped most ask for a higher score ([decision 8](decisions/0008-second-opinion.md), which tells by file what each stops). Both bought recall with the room that the floor leaves; the aim would take it back."
_HARM: Final = "Vulgar and abusive items are missed most (see the table): they are said in ordinary words. Tried: combinations of ordinary words, and the second opinion, which may not learn from these rows."
_COLD: Final = (
    "The head is linear over runs of characters; [decision 8](decisions/0008-second-opinion.md) has its curve."
)

TARGETS: Final = (
    Target(
        f"speed.64000.daachorse.{bench_engine.RAW}",
        "normalised match with original offsets, 64,000 terms, batched, Mchar/s",
        25, 45, beside=f"speed.64000.pyahocorasick.{bench_engine.RAW}", why=_RAW,
    ),
    Target(
        f"speed.64000.daachorse.{_ALL}",
        "all views and boundary checks, 64,000 terms, batched, Mchar/s",
        8, 15, beside=f"speed.64000.pyahocorasick.{_ALL}", why=_SLOW,
    ),
    Target(
        f"single.64000.daachorse.{bench_engine.PLAINLY} p99",
        "one text of 500 characters, exact and symbols, p99, ms",
        0.5, less=True, beside=f"single.64000.pyahocorasick.{bench_engine.PLAINLY} p99", why=_LATE,
    ),
    Target(
        f"single.64000.daachorse.{_ALL} p99",
        "the same, all views, p99, ms",
        0.5, less=True, beside=f"single.64000.pyahocorasick.{_ALL} p99", why=_LATE,
    ),
    Target("clean.ordered", "ordinary texts with an automatic order, per 10,000", 2, 1, less=True, why=_STOPPED),
    Target("clean.stopped", "ordinary texts sent to review, per 10,000", 50, 20, less=True, why=_STOPPED),
    Target("harm.five kinds.at 2 %", "ChineseHarm, five kinds: recall at 2 % false alarms", 0.60, 0.85, why=_HARM),
    Target("cold.head F1", "COLD, development split, F1 (a linear model alone: .88)", 0.87, why=_COLD),
    Target("evasions.insertions", "evasions found: insertions", 0.97, 0.99, why=_INSERTED),
    Target("evasions.sound", "evasions found: sound", 0.85, 0.95, why=_SOUND),
    Target("evasions.pinyin", "evasions found: pinyin", 0.75, 0.90, why=_SOUND),
    Target("evasions.split", "evasions found: split characters", 0.75, 0.90, why=_SPLIT),
    Target("evasions.reversed", "evasions found: reversed and vertical", 0.75, 0.90, why=_BACKWARDS),
    Target("import and activate.1000000 s", "a plain list of 1,000,000 terms imported, checked and compiled, s", 30, less=True),
    Target("load.1000000.daachorse s", "the same loaded from the compiled form, s", 3, less=True, beside="load.1000000.pyahocorasick s"),
    Target("load.1000000.daachorse MiB", "memory of the process that loads it, at most, MiB", 600, less=True, beside="load.1000000.pyahocorasick MiB"),
)  # fmt: skip
"""What is held against the design's floors. With the `fast` extra; the required engine stands beside it."""


def floors_of_evasions() -> dict[str, float]:
    """Return group of evasions → its floor."""
    return {
        target.figure.removeprefix("evasions."): target.floor
        for target in TARGETS
        if target.figure.startswith("evasions.")
    }


def written(
    head: str,
    figures: Mapping[str, float],
    before: Mapping[str, Any],
    quality: Sequence[Part],
    speed: Sequence[Row],
    large: Sequence[Row],
) -> str:
    """Return the page."""
    parts = (
        _HEAD.format(head=head),
        _targets(figures, before.get("figures", {})),
        _changes(figures, before),
        *(part.text + _PICTURES.get(part.text.split("\n")[0], "") for part in quality),
        _SPEED + _rows(speed) + f"\n\n![Throughput by view and engine](pictures/{contentcurves.SPEED})",
        _LARGE + _rows(large),
        _LIMITS,
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _targets(figures: Mapping[str, float], before: Mapping[str, float]) -> str:
    held = [target for target in TARGETS if target.figure in figures]
    lines = [
        f"| {target.what} | {target.floor:g} | {'' if target.aim is None else f'{target.aim:g}'} | {_figure(figures[target.figure])} | {target.verdict(figures[target.figure])} | {_of(figures, target.beside)} | {_of(before, target.figure)} |"
        for target in held
    ]
    table = "\n".join(
        [
            "| what | floor | aim | measured | reached | required engine | the run before |",
            "| --- | ---: | ---: | ---: | --- | ---: | ---: |",
            *lines,
        ]
    )
    why: dict[str, list[str]] = {}
    for target in held:
        if target.short(figures[target.figure]):
            why.setdefault(target.why or "Not looked into yet.", []).append(target.what)
    reasons = "\n".join(f"- **{'; '.join(what)}.** {text}" for text, what in why.items())
    return "## Floors and aims\n\n" + table + (f"\n\nWhere an aim is not reached:\n\n{reasons}" if why else "")


def _changes(figures: Mapping[str, float], before: Mapping[str, Any]) -> str:
    """Tell what changed since the run before, what moved by more than noise alone."""
    old: Mapping[str, float] = before.get("figures", {})
    if not old:
        return "## Since the run before\n\nThere was none to compare with."
    moved = []
    for name in sorted(figures.keys() & old.keys()):
        was, now = old[name], figures[name]
        share = abs(now - was) / max(abs(was), abs(now), 1e-9)
        if share > (NOISE if name.startswith(_TIMED) else 0.001):
            moved.append((share, f"| {name} | {_figure(was)} | {_figure(now)} |"))
    moved.sort(reverse=True)
    told = f"## Since the run before\n\nThat was on {before['day']}, code of `{before['code']}`. Of {len(figures.keys() & old.keys()):,} figures these changed, times and rates by more than a tenth, which is what other work on the machine does to them"
    if not moved:
        return f"{told}: none."
    rest = f"\n\n… and {len(moved) - SHOWN} more." if len(moved) > SHOWN else ""
    lines = "\n".join(line for _, line in moved[:SHOWN])
    return f"{told}:\n\n| figure | before | now |\n| --- | ---: | ---: |\n{lines}{rest}"


def _rows(rows: Sequence[Row]) -> str:
    return "\n".join(f"| {row.what} | {row.engine} | {row.figure} | {row.note} |" for row in rows)


def _of(figures: Mapping[str, float], name: str) -> str:
    return _figure(figures[name]) if name in figures else ""


def _figure(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


_PICTURES: Final = {
    "## Evasions": f"\n\n![Share found by kind](pictures/{contentcurves.KINDS})",
    "## Labelled items: ChineseHarm": f"\n\n![Recall against false alarms](pictures/{contentcurves.HARM})",
}

_HEAD: Final = """# How content is measured

Written by `make bench-content`; figures change only by running it again, and stand in [a file](measurements-content.json) that the next run compares with. Quality is asked of the matcher with the shipped lexicons, the second opinion and the shipped policy, in process; speed of lists of made terms.

{head}"""

_SPEED: Final = """## Speed

`tests/benchmarks/bench_engine.py` says how. Processor time of one process on one core, batches of 500 texts of 300 characters, each text read for the first time. One lexicon is compiled for all views; where a view stands alone, the others are switched off in it. Terms of two characters are not looked for by sound, in pinyin or backwards. The first row of each engine is the automaton with the way back to the original and nothing else; the others give evidence, with overlaps resolved.

| what | engine | measured | note |
| --- | --- | ---: | --- |
"""

_LARGE: Final = """## Large lists

`tests/benchmarks/biglists.py` says how. Each in a process of its own: processor time, and the most memory that the whole process ever held. `lexicon import` reads a list of another tool and writes a lexicon file; `lexicon activate` reads that, checks it, compares it with what is in force, compiles it, keeps the compiled form and puts it in force; "load" is what a worker does with the compiled form, checksum included. pyahocorasick's automaton is built anew from the patterns when it is loaded, which is quicker than reading its own files.

| what | engine | time | memory |
| --- | --- | ---: | --- |
"""

_LIMITS: Final = """## What these figures do not say

- **ChineseHarm is not held out.** Its misses were read while the lexicons were written, so recall there flatters. No row of it taught the second opinion.
- **The ordinary texts are not new either.** Terms, boundaries and the views' thresholds were set with clean texts at hand, the policy's scores by how many of them are stopped. Only the second opinion has not seen the odd rows.
- **Evasions are made, not met.** The generator does one thing at a time to one term in a short sentence; writers combine. The generator and its sentences stand in the views' own tests, so they are not new to the views. Latin lookalikes are altered in every letter.
- **Found is not stopped.** A hit through an uncertain view is often only evidence or review.
- **COLD's test split** is not measured: it is not in the test data.
- **Made terms are not a real list.** Of a million some stand in ordinary text every eighty characters, ten times as often as of 64,000, and each hit has its words, overlaps and evidence to settle: at that size the rows with evidence measure hits more than searching. A well-kept list hits rarely, whatever its length."""
