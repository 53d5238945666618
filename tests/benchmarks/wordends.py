"""Where the two word segmenters put the ends of words: how often they differ, and what each costs."""

# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import mapping
from contentquality import Part

from screening.text.normalize import normalize
from screening.text.segment import WINDOW, Segmenter, Words, open_tokenizer, segmenters

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable

SEED: Final = 7
TEXTS: Final = 2_000
"""Of each file."""
WINDOWS: Final = 4
"""Of each text."""


def compared(data: pathlib.Path) -> Part:
    """Cut the same windows of real text with each segmenter, as they are cut around hits, and with guessing besides."""
    chance = random.Random(SEED)
    windows = []
    for path in sorted([*data.glob("clean_*.jsonl"), data / "cold_dev.jsonl", data / "harm_bench_dev.jsonl"]):
        if "words" in path.stem:
            continue
        items = mapping.texts(path)
        for item in chance.sample(items, min(TEXTS, len(items))):
            text = normalize(item.subject["body"]).text
            for _ in range(WINDOWS if text else 0):
                at = chance.randrange(len(text))
                windows.append(text[at : at + 2 * WINDOW + chance.randint(2, 6)])
    ends, rows = {}, []
    for words in segmenters():
        held = Segmenter(open_tokenizer(None, words))
        held.cut("热身")
        started = time.process_time()
        cut = [held.cut(window) for window in windows]
        took = (time.process_time() - started) / len(windows) * 1e6
        ends[words] = list(map(_ends, cut))
        rows.append(f"| {words} | {len(windows):,} | {sum(map(len, ends[words])):,} | {took:.1f} |")
    figures = {}
    told = "Only jieba is installed here, so nothing was compared."
    if len(ends) > 1:
        differing = sum(one != other for one, other in zip(ends[Words.RJIEBA], ends[Words.JIEBA], strict=True))
        boundaries = sum(len(one ^ two) for one, two in zip(ends[Words.RJIEBA], ends[Words.JIEBA], strict=True))
        guessed = [[_ends(tuple(cut(window))) for window in windows] for cut in _guessing()]
        other = sum(one != two for one, two in zip(*guessed, strict=True))
        figures = {"segmenters.windows that differ": differing, "segmenters.windows that differ, guessing": other}
        told = _TOLD.format(differing=differing, boundaries=boundaries, windows=len(windows), guessed=other)
    return Part(_HEAD + "\n".join(rows) + f"\n\n{told}", figures)


def _guessing() -> list[Callable[[str], Iterable[str]]]:
    """Return what cuts with guessing of unknown words, which the project never asks for."""
    cutters = []
    for words in segmenters():
        tokenizer = open_tokenizer(None, words)
        cutters.append(lambda text, tokenizer=tokenizer: tokenizer.cut(text, HMM=True))
    return cutters


def _ends(words: tuple[str, ...]) -> frozenset[int]:
    """Return the places where words end."""
    place, places = 0, set()
    for word in words:
        place += len(word)
        places.add(place)
    return frozenset(places)


_HEAD: Final = """## Where words end: jieba and rjieba

Windows of real text such as are cut around a hit, cut by each segmenter as the matcher asks for it: by the dictionary, without guessing unknown words.

| segmenter | windows | word ends | microseconds a window |
| --- | ---: | ---: | ---: |
"""

_TOLD: Final = """In {differing:,} of {windows:,} windows they differ, in {boundaries:,} word ends. Both weigh the same dictionary by the same method (the most probable path through all words that a window holds), so nothing parts them as long as nobody adds words at run time and nobody asks them to guess. With guessing (the hidden Markov model for words that no dictionary has) {guessed:,} windows are cut otherwise: rare characters such as 𥮾, which one of them joins, and letters or numbers with dots and underscores, such as `jpm_p`, which their patterns for what is not Chinese take differently. That is one reason why guessing is never asked for; the other is that a guessed word can swallow the end of a term. So rjieba stands in for jieba wherever it is installed, and a test watches that both go on cutting alike."""
