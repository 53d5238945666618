"""Measures content screening on altered terms and real texts; writes docs/measurements-content.md (`make bench-content`)."""

# ruff: noqa: E402 - what is imported lies in folders that are named first
# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

import json
import os
import pathlib
import platform
import random
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
# The project goes first: tests/screening and tests/consumers would stand in for its packages.
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import bench_engine
import evasions
import mapping
import msgspec
from datafolder import ROOT, data_folder

from consumers import shipped, snapshots, wiring
from consumers.screeners import second_opinion
from screening.lexicon.matcher import ContentMatcher
from screening.policy.adjudicate import adjudicate
from screening.subjects import Content
from screening.text.reading import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.decisions import Verdict
    from screening.evidence import ContentHit
    from screening.lexicon.entries import Entry

PAGE: Final = ROOT / "docs" / "measurements-content.md"
BLIND: Final = ROOT / "tests" / "cases" / "blind-content.jsonl"
"""Plain texts, violations and clean ones, by somebody who has not seen the lexicons; measured where they are there."""
SEED: Final = 20
TRIALS: Final = 1200
"""Altered terms of each kind."""
TERMS: Final = 64_000
FLOORS: Final = {"insertions": 0.97, "sound": 0.85, "pinyin": 0.75, "split": 0.75, "reversed": 0.75}
VIEWS: Final = {
    "insertions": View.SYMBOLS,
    "forms": View.EXACT,
    "sound": View.SOUND,
    "pinyin": View.PINYIN,
    "initials": View.PINYIN,
    "split": View.SPLIT,
    "emoji": View.EMOJI,
    "reversed": View.REVERSED,
    "repeated": View.REPEATED,
}
"""Group of evasions → the view that an entry must ask for to be found so."""
MOST_REVIEW: Final = 50
MOST_ORDERED: Final = 2
COLD_FROM: Final = 0.3118
COLD_HEAD: Final = "group-discrimination"
FALSE_ALARMS: Final = 0.02
CLEAN_LABEL: Final = "不违规"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """A text that holds a term, altered or plain, and where it stands."""

    entry: Entry
    text: str
    start: int
    end: int
    asked: bool
    """Whether the entry asks for the view that reads such alterations."""


class Bench:
    """The shipped lexicons, policy and second opinion, built once."""

    def __init__(self) -> None:
        self.policy = snapshots.read_policy(shipped.shipped_policy())
        self.lexicon = snapshots.read_lexicon(shipped.shipped_lexicon(), self.policy)
        self.matcher = ContentMatcher(self.lexicon, wiring.segmenter())
        self.scorer = second_opinion(self.policy)

    def found(self, texts: Sequence[str]) -> list[tuple[ContentHit, ...]]:
        """Return the lexicon's hits."""
        return [hits for batch in _batches(texts) for hits in self.matcher.find(batch)]

    def seconded(self, texts: Sequence[str]) -> list[tuple[ContentHit, ...]]:
        """Return the second opinion's hits."""
        return [hits for batch in _batches(texts) for hits in self.scorer.find(batch)]

    def verdict(self, hits: tuple[ContentHit, ...]) -> Verdict:
        """Return what the shipped policy makes of hits."""
        return adjudicate(hits, (), self.policy, readable=True).verdict


def main() -> int:
    """Measure, write the page, and return the exit code."""
    began = time.monotonic()
    try:
        data = data_folder() / "content"
        bench = Bench()
        parts = [_evasions(bench), _clean(bench, data), *_blind(bench, BLIND), _harm(bench, data)]
        parts += [_offensive(bench, data), _speed()]
    except FileNotFoundError as error:
        sys.stderr.write(f"content: {error}\n")
        return 1
    machine = f"{os.cpu_count()} shared cores ({platform.machine()}), Python {platform.python_version()}"
    taken = f"{time.strftime('%Y-%m-%d', time.gmtime())}, {machine}, {time.monotonic() - began:.0f} s in all."
    PAGE.write_text("\n\n".join([_HEAD, taken, *parts, _LIMITS]) + "\n", "utf-8")
    sys.stderr.write(f"content: wrote {PAGE.relative_to(ROOT)}\n")
    return 0


def _evasions(bench: Bench) -> str:
    """Alter terms of the shipped lexicons and look whether they are still found."""
    terms = [(entry, term) for entry in bench.lexicon.entries if entry.kind is None for term in entry.terms]
    rows, dropped, tried = [], 0, 0
    for group, kinds in evasions.GROUPS.items():
        total: list[tuple[Trial, bool]] = []
        lines = []
        for kind in kinds:
            plain, altered = _trials(terms, kind, VIEWS[group])
            # A term that does not count in this sentence as it is says nothing about the alteration.
            counts = _reached(bench, plain, whole=True)
            held = [trial for trial, does in zip(altered, counts, strict=True) if does]
            tried, dropped = tried + len(altered), dropped + len(altered) - len(held)
            outcome = list(zip(held, _reached(bench, held), strict=True))
            total += outcome
            lines.append(_evasion_row(kind.value, outcome, ""))
        floor = FLOORS.get(group)
        reached = _share(total)
        verdict = "" if floor is None else f"{floor:.0%}: {'reached' if reached >= floor else '**not reached**'}"
        rows += [_evasion_row(f"**{group}**", total, verdict), *lines]
    return _EVASIONS.format(trials=TRIALS, seed=SEED, terms=len(terms), tried=tried, dropped=dropped) + "\n".join(rows)


def _trials(terms: Sequence[tuple[Entry, str]], kind: evasions.Kind, view: View) -> tuple[list[Trial], list[Trial]]:
    """Return the same texts with terms as they are and altered."""
    chance = random.Random(f"{SEED} {kind}")
    plain, altered = [], []
    for entry, term in chance.sample(terms, len(terms)):
        changed = evasions.alter(term, kind, chance)
        if changed is None:
            continue
        carrier = chance.choice(evasions.CARRIERS)
        for trials, written in ((plain, term), (altered, changed)):
            start = carrier.index("{}")
            text = carrier.replace("{}", written)
            trials.append(Trial(entry, text, start, start + len(written), view in entry.views and entry.trusts(view)))
        if len(altered) == TRIALS:
            break
    return plain, altered


def _reached(bench: Bench, trials: Sequence[Trial], *, whole: bool = False) -> list[bool]:
    """Say of each trial whether a hit of its entry, or of its category, overlaps the term, or covers all of it."""
    found = bench.found([trial.text for trial in trials])

    def reaches(hit: ContentHit, trial: Trial) -> bool:
        if hit.category != trial.entry.category:
            return False
        if whole:
            return hit.start <= trial.start and hit.end >= trial.end
        return hit.start < trial.end and hit.end > trial.start

    return [any(reaches(hit, trial) for hit in hits) for trial, hits in zip(trials, found, strict=True)]


def _evasion_row(name: str, outcome: Sequence[tuple[Trial, bool]], floor: str) -> str:
    asking = [(trial, found) for trial, found in outcome if trial.asked]
    hits = sum(found for _, found in outcome)
    return f"| {name} | {len(outcome):,} | {hits:,} | {_share(outcome):.1%} | {len(asking):,} | {_share(asking):.1%} | {floor} |"


def _share(outcome: Sequence[tuple[Trial, bool]]) -> float:
    return sum(found for _, found in outcome) / max(1, len(outcome))


def _clean(bench: Bench, data: pathlib.Path) -> str:
    """Count the ordinary texts that the lexicon stops alone, and with the second opinion."""
    rows, every = [], [0, 0, 0, 0]
    for path in sorted(data.glob("clean_*.jsonl")):
        texts = [text.subject["body"] for text in mapping.texts(path)[1::2]]
        alone = bench.found(texts)
        both = [(*hits, *second) for hits, second in zip(alone, bench.seconded(texts), strict=True)]
        single, double = ([bench.verdict(hits) for hits in found] for found in (alone, both))
        counts = [
            len(texts),
            sum(verdict != "clear" for verdict in single),
            sum(verdict != "clear" for verdict in double),
            sum(verdict == "enforce" for verdict in double),
        ]
        rows.append(_clean_row(path.stem, counts))
        if "words" not in path.stem:
            every = [one + other for one, other in zip(every, counts, strict=True)]
    rows.append(_clean_row("**together, words apart**", every))
    review, ordered = every[2] * 1e4 / every[0], every[3] * 1e4 / every[0]
    verdict = (
        f"To review: {review:.1f}, floor {MOST_REVIEW}: {_met(reached=review <= MOST_REVIEW)}. "
        f"To order: {ordered:.2f}, floor {MOST_ORDERED}: {_met(reached=ordered <= MOST_ORDERED)}."
    )
    return _CLEAN + "\n".join(rows) + f"\n\n{verdict}"


def _clean_row(name: str, counts: Sequence[int]) -> str:
    texts, alone, both, ordered = counts
    rates = " | ".join(f"{count * 1e4 / texts:.1f}" for count in (alone, both, ordered))
    return f"| {name} | {texts:,} | {rates} |"


def _blind(bench: Bench, path: pathlib.Path) -> list[str]:
    """Measure recall by kind and false alarms on texts by somebody else; nothing where there are none."""
    if not path.is_file():
        return []
    items = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    texts = [item["text"] for item in items]
    found, seconded = bench.found(texts), bench.seconded(texts)
    alone = [bench.verdict(hits) != "clear" for hits in found]
    both = [bench.verdict((*hits, *second)) != "clear" for hits, second in zip(found, seconded, strict=True)]
    kinds = sorted({item["kind"] for item in items if item["expect"] == "violation"})
    chosen = {kind: [item["expect"] == "violation" and item["kind"] == kind for item in items] for kind in kinds}
    chosen["**all violations**"] = [item["expect"] == "violation" for item in items]
    chosen["clean, stopped wrongly"] = [item["expect"] == "clean" for item in items]
    rows = []
    for kind, wanted in chosen.items():
        one, two = ([said for said, is_wanted in zip(told, wanted, strict=True) if is_wanted] for told in (alone, both))
        rows.append(f"| {kind} | {len(one):,} | {sum(one):,} | {sum(two):,} | {sum(two) / max(1, len(two)):.1%} |")
    return [_BLIND + "\n".join(rows)]


def _harm(bench: Bench, data: pathlib.Path) -> str:
    """Measure recall by kind, under the policy and where a fixed share of the clean items is stopped."""
    items = mapping.texts(data / "harm_bench_dev.jsonl")
    texts = [item.subject["body"] for item in items]
    alone = bench.found(texts)
    lexicon = [bench.verdict(hits) != "clear" for hits in alone]
    both = [
        bench.verdict((*hits, *second)) != "clear" for hits, second in zip(alone, bench.seconded(texts), strict=True)
    ]
    highest = [float(score) for score in bench.scorer.scores(texts).max(axis=1)]
    clean = [at for at, item in enumerate(items) if item.label == CLEAN_LABEL]
    most = int(FALSE_ALARMS * len(clean))
    # The lowest score at which no more clean items than that are stopped; the lexicon's own count among them.
    limit = min(
        score
        for score in {*highest, 1.1}
        if sum(lexicon[at] or highest[at] >= score for at in clean) <= most or score > 1
    )
    fixed = [stopped or score >= limit for stopped, score in zip(lexicon, highest, strict=True)]
    rows = []
    labels = sorted({item.label for item in items} - {CLEAN_LABEL})
    for label, wanted in [
        *((label, {label}) for label in labels),
        ("**five kinds**", set(labels)),
        ("clean", {CLEAN_LABEL}),
    ]:
        places = [at for at, item in enumerate(items) if item.label in wanted]
        shares = [sum(said[at] for at in places) / len(places) for said in (lexicon, both, fixed)]
        rows.append(f"| {label} | {len(places):,} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
        if label == "**five kinds**":
            verdict = f"Recall at 2 % false alarms: {shares[2]:.3f}, floor 0.60: {_met(reached=shares[2] >= 0.6)}."
    return _HARM + "\n".join(rows) + f"\n\nThe score of the last column is {limit:.4f}. {verdict}"


def _offensive(bench: Bench, data: pathlib.Path) -> str:
    """Measure the second opinion on COLD's development split."""
    items = mapping.texts(data / "cold_dev.jsonl")
    head = [head.category for head in bench.scorer.heads].index(COLD_HEAD)
    scores = bench.scorer.scores([item.subject["body"] for item in items])[:, head]
    pairs = [(bool(item.bad), bool(score >= COLD_FROM)) for item, score in zip(items, scores, strict=True)]
    right, wrong, missed = (pairs.count(pair) for pair in ((True, True), (False, True), (True, False)))
    precision, recall, both = (
        right / (right + wrong),
        right / (right + missed),
        2 * right / (2 * right + wrong + missed),
    )
    row = f"| {len(pairs):,} | {precision:.3f} | {recall:.3f} | {both:.3f} | {_met(reached=both >= 0.87)} |"
    return _COLD.format(limit=COLD_FROM) + row


def _speed() -> str:
    rows = [
        *bench_engine.throughput(TERMS, bench_engine.joined_texts(bench_engine.LENGTH)),
        *bench_engine.singles(TERMS),
    ]
    table = _SPEED + "\n".join(f"| {row.what} | {row.engine} | {row.figure} | {row.note} |" for row in rows)
    verdicts = []
    for what, engine, fits in (
        ("normalised match, original offsets", "daachorse", lambda rate: rate >= 25),
        ("all views, boundaries", "daachorse", lambda rate: rate >= 8),
        ("characters, exact and symbols", "", lambda late: late <= 0.5),
        ("characters, all views", "", lambda late: late <= 0.5),
    ):
        for row in rows:
            if row.what.endswith(what) and row.engine.startswith(engine):
                figure = float(row.figure.rpartition("p99 ")[2].split()[0])
                verdicts.append(f"- {row.what}, {row.engine}: {_met(reached=fits(figure))}.")
    return table + "\n\nAgainst the floors:\n\n" + "\n".join(verdicts)


def _batches(texts: Sequence[str]) -> Iterator[list[Content]]:
    for start in range(0, len(texts), BATCH):
        yield [
            msgspec.convert({"id": f"{at}", "account_id": "bench", "body": text}, Content)
            for at, text in enumerate(texts[start : start + BATCH])
        ]


def _met(*, reached: bool) -> str:
    return "reached" if reached else "**not reached**"


_HEAD: Final = """# How content is measured

Written by `make bench-content`; figures change only by running it again. It asks the matcher with the shipped lexicons, the second opinion and the shipped policy, in process."""

_EVASIONS: Final = """## Evasions

Terms of the shipped lexicons ({terms:,}), up to {trials:,} of each kind, drawn with seed {seed}, altered by a generator that shares no table with the matcher, and put into one of sixteen ordinary sentences. Found means that a hit of the term's entry, or of its category, overlaps the altered span, whatever its score. Terms whose entry asks for words nearby, or does not count in that sentence even unaltered, say nothing and are left out: {dropped:,} of {tried:,}. An entry that does not ask for a view is not looked for in it; the share of all counts it as missed and is what is held against the floor, the share of those that ask says what the view itself does.

| kind | altered | found | share | whose entry asks for the view | share of these | floor, for all |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
"""

_CLEAN: Final = """## Ordinary texts

Odd rows, counted from 0, of each file: the even ones taught the second opinion. Per 10,000 texts. Orders come from the lexicon alone; the second opinion gives none.

| file | texts | to review or order, lexicon alone | the same, with the second opinion | to order |
| --- | ---: | ---: | ---: | ---: |
"""

_BLIND: Final = """## Texts by somebody else

Plain violations and innocent texts, written by somebody who has not seen the lexicons; nobody who writes lexicons reads them. How many are sent to review or order.

| kind | texts | lexicon alone | with the second opinion | share |
| --- | ---: | ---: | ---: | ---: |
"""

_HARM: Final = """## Labelled items: ChineseHarm

Share of the items of each kind that a person would see, or that is ordered. "At 2 %" keeps what the lexicon stops and lowers the second opinion's score, one for all heads, until 2 % of the clean items are stopped; that score is taken from these same clean items, for comparison only. In the row "clean" the shares are false alarms.

| kind | items | lexicon, policy | with second opinion, policy | at 2 % false alarms |
| --- | ---: | ---: | ---: | ---: |
"""

_COLD: Final = """## Labelled posts: COLD, development split

The second opinion's group head alone, from the score {limit}, which was the best on a held-out tenth of the training split. Under the policy the score is far stricter. Floor: F1 0.87.

| posts | precision | recall | F1 | floor |
| ---: | ---: | ---: | ---: | --- |
"""

_SPEED: Final = """## Speed

Made terms, not the shipped lexicons; `tests/benchmarks/bench_engine.py` says how. Processor time of one process, batches of 500 texts of 300 characters. Floors: 25 Mchar/s for the normalised match with offsets and 8 Mchar/s for all views with boundaries, both with `daachorse`; 0.5 ms at the 99th percentile for one text of 500 characters.

| what | engine | measured | note |
| --- | --- | ---: | --- |
"""

_LIMITS: Final = """## What these figures do not say

- **ChineseHarm is not held out.** Its misses were read while the lexicons were written, so recall there flatters. No row of it taught the second opinion.
- **The ordinary texts are not new either.** Terms, boundaries and the views' thresholds were set with clean texts at hand, the policy's scores by how many of them are stopped. Only the second opinion has not seen the odd rows.
- **Evasions are made, not met.** The generator does one thing at a time to one term in a short sentence; writers combine. The generator and its sentences stand in the views' own tests, so they are not new to the views. Latin lookalikes are altered in every letter.
- **Found is not stopped.** A hit through an uncertain view is often only evidence or review.
- **COLD's test split** is not measured: it is not in the test data.
- **Large lists** (a million terms) are measured by `bench_engine.py --million`, not here. There is no plot."""


if __name__ == "__main__":
    sys.exit(main())
