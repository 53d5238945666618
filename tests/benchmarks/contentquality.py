"""How well content is screened: evasions by kind, ordinary texts, labelled texts. Each part is a table and its figures."""

# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import evasions
import mapping
import msgspec

from consumers import shipped, snapshots, wiring
from consumers.screeners import second_opinion
from screening.lexicon.matcher import ContentMatcher
from screening.policy.adjudicate import adjudicate
from screening.subjects import Content
from screening.text.reading import View

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping, Sequence

    from screening.decisions import Verdict
    from screening.evidence import ContentHit
    from screening.lexicon.entries import Entry

SEED: Final = 20
TRIALS: Final = 1200
"""Altered terms of each kind."""
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
COLD_FROM: Final = 0.3118
COLD_HEAD: Final = "group-discrimination"
FALSE_ALARMS: Final = 0.02
CLEAN_LABEL: Final = "不违规"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page, and its figures by name; `curve` is (share of clean stopped, recall) by falling score."""

    text: str
    figures: Mapping[str, float]
    curve: tuple[tuple[float, float], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Trial:
    """A text that holds a term, altered or plain, and where it stands."""

    entry: Entry
    text: str
    start: int
    end: int
    asked: bool
    """Whether the entry asks for the view that reads such alterations, and trusts it."""


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

    def stopped(self, texts: Sequence[str]) -> tuple[list[bool], list[bool]]:
        """Say of each text whether it is stopped by the lexicon alone, and with the second opinion."""
        alone = self.found(texts)
        both = [(*hits, *second) for hits, second in zip(alone, self.seconded(texts), strict=True)]
        one, two = ([self.verdict(hits) != "clear" for hits in found] for found in (alone, both))
        return one, two


def altered(bench: Bench) -> Part:
    """Alter terms of the shipped lexicons and look whether they are still found."""
    terms = [(entry, term) for entry in bench.lexicon.entries if entry.kind is None for term in entry.terms]
    rows, figures, dropped, tried = [], {}, 0, 0
    for group, kinds in evasions.GROUPS.items():
        total: list[tuple[Trial, bool]] = []
        lines = []
        for kind in kinds:
            plain, changed = _trials(terms, kind, VIEWS[group])
            # A term that does not count in this sentence as it is says nothing about the alteration.
            counts = _reached(bench, plain, whole=True)
            held = [trial for trial, does in zip(changed, counts, strict=True) if does]
            tried, dropped = tried + len(changed), dropped + len(changed) - len(held)
            outcome = list(zip(held, _reached(bench, held), strict=True))
            total += outcome
            lines.append(_evasion_row(kind.value, outcome))
            figures[f"evasions.{group}.{kind.value}"] = _share(outcome)
        figures[f"evasions.{group}"] = _share(total)
        rows += [_evasion_row(f"**{group}**", total), *lines]
    head = _EVASIONS.format(trials=TRIALS, seed=SEED, terms=len(terms), tried=tried, dropped=dropped)
    return Part(head + "\n".join(rows), figures)


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


def _evasion_row(name: str, outcome: Sequence[tuple[Trial, bool]]) -> str:
    asking = [(trial, found) for trial, found in outcome if trial.asked]
    hits = sum(found for _, found in outcome)
    return f"| {name} | {len(outcome):,} | {hits:,} | {_share(outcome):.1%} | {len(asking):,} | {_share(asking):.1%} |"


def _share(outcome: Sequence[tuple[Trial, bool]]) -> float:
    return sum(found for _, found in outcome) / max(1, len(outcome))


def ordinary(bench: Bench, data: pathlib.Path) -> Part:
    """Count the ordinary texts that the lexicon stops alone, and with the second opinion."""
    rows, figures, every = [], {}, [0, 0, 0, 0]
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
        figures[f"clean.{path.stem}.stopped"] = counts[2] * 1e4 / counts[0]
        if "words" not in path.stem:
            every = [one + other for one, other in zip(every, counts, strict=True)]
    rows.append(_clean_row("**together, words apart**", every))
    texts, alone, stopped, ordered = every
    figures |= {
        "clean.stopped": stopped * 1e4 / texts,
        "clean.stopped by the lexicon alone": alone * 1e4 / texts,
        "clean.ordered": ordered * 1e4 / texts,
    }
    return Part(_CLEAN + "\n".join(rows), figures)


def _clean_row(name: str, counts: Sequence[int]) -> str:
    texts, alone, both, ordered = counts
    rates = " | ".join(f"{count * 1e4 / texts:.1f}" for count in (alone, both, ordered))
    return f"| {name} | {texts:,} | {rates} |"


def blind(bench: Bench, path: pathlib.Path) -> list[Part]:
    """Measure recall by kind and false alarms on texts by somebody else; nothing where there are none."""
    if not path.is_file():
        return []
    items = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    alone, both = bench.stopped([item["text"] for item in items])
    kinds = sorted({item["kind"] for item in items if item["expect"] == "violation"})
    chosen = {kind: [item["expect"] == "violation" and item["kind"] == kind for item in items] for kind in kinds}
    chosen["**all violations**"] = [item["expect"] == "violation" for item in items]
    chosen["clean, stopped wrongly"] = [item["expect"] == "clean" for item in items]
    rows, figures = [], {}
    for kind, wanted in chosen.items():
        one, two = ([said for said, is_wanted in zip(told, wanted, strict=True) if is_wanted] for told in (alone, both))
        share = sum(two) / max(1, len(two))
        rows.append(f"| {kind} | {len(one):,} | {sum(one):,} | {sum(two):,} | {share:.1%} |")
        figures[f"blind.{kind.strip('*')}"] = share
    return [Part(_BLIND + "\n".join(rows), figures)]


def harmful(bench: Bench, data: pathlib.Path) -> Part:
    """Measure recall by kind, under the policy and where a fixed share of the clean items is stopped."""
    items = mapping.texts(data / "harm_bench_dev.jsonl")
    texts = [item.subject["body"] for item in items]
    lexicon, both = bench.stopped(texts)
    highest = [float(score) for score in bench.scorer.scores(texts).max(axis=1)]
    clean = [item.label == CLEAN_LABEL for item in items]

    def shares(score: float) -> tuple[float, float]:
        stopped = [held or high >= score for held, high in zip(lexicon, highest, strict=True)]
        of_clean = sum(one for one, is_clean in zip(stopped, clean, strict=True) if is_clean)
        return of_clean / sum(clean), (sum(stopped) - of_clean) / (len(clean) - sum(clean))

    points = {score: shares(score) for score in sorted({*highest, 1.1}, reverse=True)}
    # The lowest score at which no more clean items than that are stopped; the lexicon's own count among them.
    limit = min(score for score, (alarms, _) in points.items() if alarms <= FALSE_ALARMS or score > 1)
    fixed = [stopped or score >= limit for stopped, score in zip(lexicon, highest, strict=True)]
    rows, figures = [], {}
    labels = sorted({item.label for item in items} - {CLEAN_LABEL})
    for label, wanted in (
        *((label, {label}) for label in labels),
        ("**five kinds**", set(labels)),
        ("clean", {CLEAN_LABEL}),
    ):
        places = [at for at, item in enumerate(items) if item.label in wanted]
        parts = [sum(said[at] for at in places) / len(places) for said in (lexicon, both, fixed)]
        rows.append(f"| {label} | {len(places):,} | " + " | ".join(f"{share:.3f}" for share in parts) + " |")
        name = "five kinds" if len(wanted) > 1 else label
        figures |= {f"harm.{name}.policy": parts[1], f"harm.{name}.at 2 %": parts[2]}
    text = _HARM + "\n".join(rows) + f"\n\nThe score of the last column is {limit:.4f}."
    return Part(text, figures, tuple(points.values()))


def offensive(bench: Bench, data: pathlib.Path) -> Part:
    """Measure the second opinion's head on COLD's development split, and what the policy makes of the same posts."""
    items = mapping.texts(data / "cold_dev.jsonl")
    texts = [item.subject["body"] for item in items]
    head = [head.category for head in bench.scorer.heads].index(COLD_HEAD)
    scored = [bool(score >= COLD_FROM) for score in bench.scorer.scores(texts)[:, head]]
    lexicon, both = bench.stopped(texts)
    rows, figures = [], {}
    for name, told in (
        (f"the group head alone, from {COLD_FROM}", scored),
        ("lexicon, policy", lexicon),
        ("with second opinion, policy", both),
    ):
        pairs = [(bool(item.bad), said) for item, said in zip(items, told, strict=True)]
        right, wrong, missed = (pairs.count(pair) for pair in ((True, True), (False, True), (True, False)))
        precision, recall = right / max(1, right + wrong), right / (right + missed)
        score = 2 * right / (2 * right + wrong + missed)
        rows.append(f"| {name} | {len(pairs):,} | {precision:.3f} | {recall:.3f} | {score:.3f} |")
        figures[f"cold.{'head' if told is scored else name} F1"] = score
    return Part(_COLD + "\n".join(rows), figures)


def _batches(texts: Sequence[str]) -> Iterator[list[Content]]:
    for start in range(0, len(texts), BATCH):
        yield [
            msgspec.convert({"id": f"{at}", "account_id": "bench", "body": text}, Content)
            for at, text in enumerate(texts[start : start + BATCH])
        ]


_EVASIONS: Final = """## Evasions

Terms of the shipped lexicons ({terms:,}), up to {trials:,} of each kind, drawn with seed {seed}, altered by a generator that shares no table with the matcher, and put into one of sixteen ordinary sentences. Found means that a hit of the term's entry, or of its category, overlaps the altered span, whatever its score. Terms whose entry asks for words nearby, or does not count in that sentence even unaltered, say nothing and are left out: {dropped:,} of {tried:,}. The share of all is what is held against the floor; beside it the share of those whose entry trusts the view that reads such alterations.

| kind | altered | found | share | whose entry trusts the view | share of these |
| --- | ---: | ---: | ---: | ---: | ---: |
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

Posts on race, gender and region, offensive or not. The head's score was the best on a held-out tenth of the training split. Under the policy far higher scores are asked for, because half of what COLD calls offensive is for a debate and not for a person's desk. The training split taught the second opinion and is not measured.

| who says so | posts | precision | recall | F1 |
| --- | ---: | ---: | ---: | ---: |
"""
