"""What searching costs: throughput by engine and view, and the time of a single text, with a list of made terms.

    python tests/benchmarks/bench_engine.py [--terms 64000]

Terms are made of common words of the test data, cut and joined, two to six characters long, so that they are written in
the characters that texts are written in and yet occur rarely. Texts are reviews, dialogues and news titles, 300
characters each, 500 to a batch; every text is read once, so nothing is remembered of it. A figure is processor time of
this process; the load of the machine stands beside it, for other processes on the same cores slow this one down.

One lexicon is compiled for all views. Where a view is measured alone, the others are switched off in it.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import pathlib
import random
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import numpy as np
from datafolder import data_folder
from plainlists import shared

from screening.lexicon.alphabets import BIT
from screening.lexicon.automaton import Automaton, Engine, engines
from screening.lexicon.compiled import Compiled, compiled
from screening.lexicon.entries import Boundary, Lexicon, PlainList
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.packed import PackedTexts
from screening.subjects import Content
from screening.text.normalize import normalize_joined
from screening.text.reading import View
from screening.text.segment import Segmenter, open_tokenizer, segmenters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FILES: Final = ("clean_c3", "clean_hotel", "clean_thucnews_title_dev", "clean_shopping_odd")
LENGTH: Final = 300
BATCH: Final = 500
BATCHES: Final = 16
SINGLE: Final = 500
LENGTHS: Final = {2: 5, 3: 20, 4: 50, 5: 15, 6: 10}
"""Length of a term → how many of a hundred are so long."""

PLAIN: Final = frozenset({View.EXACT, View.SYMBOLS})
LOOSE: Final = frozenset({View.SOUND, View.PINYIN, View.REVERSED})
"""Views that are not asked of terms of two characters: every text holds some by chance."""

RAW: Final = "normalised match, original offsets"
EVIDENCE: Final = "exact, without boundaries, with evidence"
PLAINLY: Final = "exact and symbols, boundaries"
EVERY: Final = "all views, boundaries"
ALONE: Final[Mapping[str, View]] = {f"{view} alone, boundaries": view for view in View}
ASKED: Final[Mapping[str, tuple[frozenset[View], Boundary]]] = {
    EVIDENCE: (frozenset({View.EXACT}), Boundary.NONE),
    **{what: (frozenset({view}), Boundary.BOTH) for what, view in ALONE.items()},
    PLAINLY: (PLAIN, Boundary.BOTH),
    EVERY: (frozenset(View), Boundary.BOTH),
}
"""What is measured → the views and the boundary that are asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the figure in words, and the same as numbers by name."""

    what: str
    engine: str
    figure: str
    note: str = ""
    values: tuple[tuple[str, float], ...] = ()


def main() -> int:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--terms", type=int, default=64_000)
    given = asked.parse_args()
    try:
        rows = list(measured(given.terms))
    except FileNotFoundError as error:
        sys.stderr.write(f"bench_engine: {error}\n")
        return 1
    now = dt.datetime.now(dt.UTC).date()
    head = f"{now}: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, segmenter {segmenters()[0]}"
    lines = [f"| {row.what} | {row.engine} | {row.figure} | {row.note} |" for row in rows]
    sys.stdout.write("\n".join([head, "", "| what | engine | figure | note |", "|---|---|---|---|", *lines, ""]))
    return 0


def measured(count: int) -> Iterator[Row]:
    """Yield what each engine does with so many terms: characters a second by what is asked, and one text's time."""
    terms = made_terms(count)
    texts, long = joined_texts(LENGTH), joined_texts(SINGLE)[:2000]
    whole = compiled(listed(terms, View, Boundary.BOTH), engines()[0])
    segmenter = Segmenter(open_tokenizer(None))
    batches = [texts[start : start + BATCH] for start in range(0, BATCH * BATCHES, BATCH)]
    for engine in engines():
        held = searched_by(whole, engine)
        yield _raw(count, terms, engine, batches, texts[-BATCH:])
        for what, (views, boundary) in ASKED.items():
            matcher = ContentMatcher(only(held, views, boundary), segmenter)
            matcher.find(_contents(texts[-BATCH:]))

            def found(batch: Sequence[str], matcher: ContentMatcher = matcher) -> int:
                return sum(map(len, matcher.find(_contents(batch))))

            yield _rate(count, what, engine, found, batches)
            if what in {PLAINLY, EVERY}:
                yield _single(count, what, engine, matcher, long)


def joined_texts(length: int) -> list[str]:
    """Return ordinary texts of one length, made by joining and cutting."""
    chance = random.Random(1)
    lines = []
    for name in FILES:
        rows = (data_folder() / "content" / f"{name}.jsonl").read_text("utf-8").splitlines()
        lines += [json.loads(row)["text"] for row in chance.sample(rows, min(len(rows), 15_000))]
    chance.shuffle(lines)
    whole = "\n".join(lines)
    return [whole[start : start + length] for start in range(0, len(whole) - length, length)]


def made_terms(count: int) -> list[str]:
    """Return terms that look like a list's."""
    chance = random.Random(2)
    rows = (data_folder() / "content" / "clean_thuocl_words.jsonl").read_text("utf-8").splitlines()
    words = [word for word in (json.loads(row)["text"] for row in rows) if 2 <= len(word) <= 4]
    made: set[str] = set()
    while len(made) < count:
        (length,) = chance.choices(list(LENGTHS), list(LENGTHS.values()))
        first, second, third = chance.choices(words, k=3)
        made.add(first[0] + second[-1] if length == 2 else f"{first[: length - 1]}{second}{third}"[:length])
    return sorted(made)


def listed(terms: Sequence[str], views: Iterable[View], boundary: Boundary) -> Lexicon:
    """Return terms as plain lists; those of two characters without the views in which any text holds them."""
    lists = []
    for name, held, chosen in (
        ("long", [term for term in terms if len(term) > 2], frozenset(views)),
        ("short", [term for term in terms if len(term) <= 2], frozenset(views) - LOOSE),
    ):
        lists.append(PlainList(shared(name, views=chosen, boundary=boundary), PackedTexts.of(held)))
    return Lexicon((), tuple(lists))


def searched_by(whole: Compiled, engine: Engine) -> Compiled:
    """Return a compiled lexicon whose automata are another engine's."""
    if all(index.automaton.engine is engine for index in whole.indexes.values()):
        return whole
    indexes = {
        alphabet: dataclasses.replace(index, automaton=Automaton(index.patterns, engine))
        for alphabet, index in whole.indexes.items()
    }
    return dataclasses.replace(whole, indexes=indexes)


def only(whole: Compiled, views: frozenset[View], boundary: Boundary) -> Compiled:
    """Return a compiled lexicon with every other view switched off, and with one boundary for all terms."""
    mask = sum(BIT[view] for view in views)
    indexes = {}
    for alphabet, index in whole.indexes.items():
        bits = np.frombuffer(index.views, dtype=np.uint8) & np.uint8(mask)
        if bits.any():
            indexes[alphabet] = dataclasses.replace(index, views=bits.tobytes())
    entries = tuple(dataclasses.replace(entry, boundary=boundary) for entry in whole.entries)
    return dataclasses.replace(whole, entries=entries, indexes=indexes)


def _raw(
    count: int, terms: Sequence[str], engine: Engine, batches: Sequence[Sequence[str]], warming: Sequence[str]
) -> Row:
    """Measure the automaton on normalised text, each hit led back to its place: no evidence, no overlaps resolved."""
    automaton = Automaton(terms, engine)

    def offsets(batch: Sequence[str]) -> int:
        joined = normalize_joined(batch)
        return len([joined.span(start, end) for start, end, _ in automaton.find(joined.text)])

    offsets(warming)
    return _rate(count, RAW, engine, offsets, batches)


def _rate(
    count: int, what: str, engine: Engine, read: Callable[[Sequence[str]], int], batches: Sequence[Sequence[str]]
) -> Row:
    size = sum(len(text) for batch in batches for text in batch)
    started = time.process_time()
    hits = sum(map(read, batches))
    rate = size / (time.process_time() - started) / 1e6
    note = f"{hits * 1000 / size:.2f} hits in 1,000 characters; load {os.getloadavg()[0]:.1f}"
    named = f"speed.{count}.{engine.value}.{what}"
    return Row(f"{count:,} terms: {what}", engine.value, f"{rate:.1f} Mchar/s", note, ((named, rate),))


def _single(count: int, what: str, engine: Engine, matcher: ContentMatcher, texts: Sequence[str]) -> Row:
    """Measure one text at a time."""
    matcher.find(_contents(texts[-100:]))
    times = []
    for text in texts[:-100]:
        contents = _contents([text])
        started = time.process_time()
        matcher.find(contents)
        times.append((time.process_time() - started) * 1000)
    times.sort()
    median, late = times[len(times) // 2], times[len(times) * 99 // 100]
    named = f"single.{count}.{engine.value}.{what}"
    return Row(
        f"{count:,} terms, one text of {SINGLE} characters: {what}",
        engine.value,
        f"p50 {median:.2f} ms, p99 {late:.2f} ms",
        f"load {os.getloadavg()[0]:.1f}",
        ((f"{named} p50", median), (f"{named} p99", late)),
    )


def _contents(texts: Sequence[str]) -> list[Content]:
    return [Content(id=str(at), account_id="bench", body=text) for at, text in enumerate(texts)]


if __name__ == "__main__":
    sys.exit(main())
