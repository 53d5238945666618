"""What the batch engine costs: throughput by engine and view, building, loading, memory, and a single text's time.

    python tests/benchmarks/bench_engine.py [--terms 64000] [--million]

Terms are made of common words of the test data, cut and joined, two to six characters long, so that they are written in
the characters that texts are written in and yet occur rarely. Texts are reviews, dialogues and news titles, 300
characters each, 500 to a batch; every text is read once, so nothing is remembered of it. A figure is processor time of
this process; the load of the machine stands beside it, for other processes on the same cores slow this one down.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

from datafolder import data_folder
from plainlists import shared

from screening.lexicon.automaton import Automaton, Engine, engines
from screening.lexicon.compiled import compile_lexicon, compiled, load_compiled
from screening.lexicon.entries import Boundary, Lexicon, PlainList
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.packed import PackedTexts
from screening.subjects import Content
from screening.text.normalize import normalize_joined
from screening.text.reading import View
from screening.text.segment import Segmenter, open_tokenizer, segmenters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FILES: Final = ("clean_c3", "clean_hotel", "clean_thucnews_title_dev", "clean_shopping_odd")
LENGTH: Final = 300
BATCH: Final = 500
BATCHES: Final = 16
SINGLE: Final = 500
LENGTHS: Final = {2: 5, 3: 20, 4: 50, 5: 15, 6: 10}
"""Length of a term → how many of a hundred are so long."""

PLAIN: Final = frozenset({View.EXACT, View.SYMBOLS})
LOOSE: Final = frozenset({View.SOUND, View.PINYIN, View.REVERSED})
"""Views that are not asked of terms of two characters in the row "all views": every text holds some by chance."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    engine: str
    figure: str
    note: str = ""


def main() -> int:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--terms", type=int, default=64_000)
    asked.add_argument("--million", action="store_true", help="measure building and loading of a million terms too")
    asked.add_argument("--load", type=pathlib.Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.load is not None:
        sys.stdout.write(json.dumps(loading(given.load)))
        return 0
    try:
        texts = joined_texts(LENGTH)
    except FileNotFoundError as error:
        sys.stderr.write(f"bench_engine: {error}\n")
        return 1
    rows = [*throughput(given.terms, texts), *singles(given.terms)]
    if given.million:
        rows += building(1_000_000)
    now = dt.datetime.now(dt.UTC).date()
    head = f"{now}: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, segmenter {segmenters()[0]}"
    lines = [f"| {row.what} | {row.engine} | {row.figure} | {row.note} |" for row in rows]
    sys.stdout.write("\n".join([head, "", "| what | engine | figure | note |", "|---|---|---|---|", *lines, ""]))
    return 0


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


def throughput(count: int, texts: Sequence[str]) -> list[Row]:
    """Return how many characters a second each engine reads, by what is asked."""
    rows = []
    segmenter = Segmenter(open_tokenizer(None))
    batches = [texts[start : start + BATCH] for start in range(0, BATCH * BATCHES, BATCH)]
    size = sum(len(text) for batch in batches for text in batch)
    warming = texts[-BATCH:]
    terms = made_terms(count)
    for engine in engines():
        automaton = Automaton(terms, engine)

        def offsets(batch: Sequence[str], automaton: Automaton = automaton) -> int:
            joined = normalize_joined(batch)
            return len([joined.span(start, end) for start, end, _ in automaton.find(joined.text)])

        offsets(warming)
        rows.append(_rate(f"{count:,} terms: normalised match, original offsets", engine, offsets, batches, size))
        for what, views, boundary in (
            ("exact, with evidence", {View.EXACT}, Boundary.NONE),
            ("exact and symbols, boundaries", PLAIN, Boundary.BOTH),
            ("all views, boundaries", set(View), Boundary.BOTH),
        ):
            matcher = ContentMatcher(compiled(listed(terms, views, boundary), engine), segmenter)
            matcher.find(_contents(warming))

            def found(batch: Sequence[str], matcher: ContentMatcher = matcher) -> int:
                return sum(map(len, matcher.find(_contents(batch))))

            rows.append(_rate(f"{count:,} terms: {what}", engine, found, batches, size))
    return rows


def singles(count: int) -> list[Row]:
    """Return the time of one text alone."""
    rows = []
    terms, texts = made_terms(count), joined_texts(SINGLE)[:2000]
    for what, views in (("exact and symbols", PLAIN), ("all views", frozenset(View))):
        matcher = ContentMatcher(listed(terms, views, Boundary.BOTH), Segmenter(open_tokenizer(None)))
        matcher.find(_contents(texts[-100:]))
        times = []
        for text in texts[:-100]:
            contents = _contents([text])
            started = time.process_time()
            matcher.find(contents)
            times.append((time.process_time() - started) * 1000)
        times.sort()
        figure = f"p50 {times[len(times) // 2]:.2f} ms, p99 {times[len(times) * 99 // 100]:.2f} ms"
        rows.append(Row(f"one text of {SINGLE} characters, {what}", f"{matcher.engine}", figure))
    return rows


def building(count: int) -> list[Row]:
    """Return what a large plain list costs to compile and to load."""
    terms = made_terms(count)
    with tempfile.NamedTemporaryFile(suffix=".lexicon") as file:
        started = time.process_time()
        data = compile_lexicon(Lexicon((), (PlainList(shared(views=PLAIN), PackedTexts.of(terms)),)))
        seconds = time.process_time() - started
        file.write(data)
        file.flush()
        # In a process of its own, so that memory is measured alone.
        told = subprocess.run([sys.executable, __file__, "--load", file.name], check=True, capture_output=True)
    loaded = json.loads(told.stdout)
    engine = f"{engines()[0]}"
    return [
        Row(f"{count:,} terms: compile", engine, f"{seconds:.1f} s", f"{len(data) / 2**20:.0f} MiB of bytes"),
        Row(
            f"{count:,} terms: load",
            engine,
            f"{loaded['seconds']:.2f} s",
            f"process grows by {loaded['grown']:.0f} MiB, {loaded['most']:.0f} MiB at most",
        ),
    ]


def loading(path: pathlib.Path) -> dict[str, float]:
    """Load a compiled lexicon in a process of its own."""
    before = _resident()
    started = time.process_time()
    matcher = ContentMatcher(load_compiled(path.read_bytes()), Segmenter(open_tokenizer(None)))
    seconds = time.process_time() - started
    matcher.find(_contents(["去赌博吧"]))
    return {"seconds": seconds, "grown": _resident() - before, "most": _most_resident()}


def _rate(
    what: str, engine: Engine, read: Callable[[Sequence[str]], int], batches: Sequence[Sequence[str]], size: int
) -> Row:
    started = time.process_time()
    hits = sum(map(read, batches))
    rate = size / (time.process_time() - started) / 1e6
    note = f"{hits * 1000 / size:.2f} hits in 1,000 characters; load {os.getloadavg()[0]:.1f}"
    return Row(what, engine.value, f"{rate:.1f} Mchar/s", note)


def _contents(texts: Sequence[str]) -> list[Content]:
    return [Content(id=str(at), account_id="bench", body=text) for at, text in enumerate(texts)]


def _resident() -> float:
    """Return the memory of this process in MiB."""
    return int(pathlib.Path("/proc/self/statm").read_text("utf-8").split()[1]) * resource.getpagesize() / 2**20


def _most_resident() -> float:
    """Return the most memory that this process ever had, in MiB; getrusage tells the parent's too."""
    status = pathlib.Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
