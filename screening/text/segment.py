"""The only door to jieba: are a hit's ends also ends of words?

A lexicon term may stand inside ordinary words (赌博 in 打赌博士). Segmenting every text would cost a thousand times
more than finding its terms, so only a window around a hit is segmented, and answers are remembered.

This module reads jieba's dictionary, and only where the edge asks for it: `open_tokenizer`.
"""

from __future__ import annotations

import functools
import logging
import warnings
from typing import Any, NamedTuple

Tokenizer = Any
"""jieba's `Tokenizer`, which is untyped; it goes no further than this module."""

WINDOW = 6
"""Code points looked at on each side. Six hold an idiom of four characters and the word beside it."""

REMEMBERED = 65536
"""Answers kept; some 20 MiB at most."""


class Ends(NamedTuple):
    """Whether the start and the end of a span are ends of words."""

    start: bool
    end: bool


class Segmenter:
    """Says whether a span of a normalised text begins and ends where words do."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ask = functools.lru_cache(maxsize=REMEMBERED)(self._cut)

    def ends(self, text: str, start: int, end: int) -> Ends:
        """Judge one span by the words in a window of `WINDOW` code points around it.

        The window ends at the first character that is no Han character: words do not reach across it.
        """
        first = start
        while first > max(0, start - WINDOW) and _han(text[first - 1]):
            first -= 1
        last = end
        while last < min(len(text), end + WINDOW) and _han(text[last]):
            last += 1
        return self._ask(text[first:last], start - first, end - first)

    def _cut(self, window: str, start: int, end: int) -> Ends:
        place, places = 0, {0}
        for word in self._tokenizer.cut(window, HMM=False):
            place += len(word)
            places.add(place)
        return Ends(start in places, end in places)


def open_tokenizer(cache_folder: str | None) -> Tokenizer:
    """Open jieba's dictionary (about a second, 0.3 s from a cache), quietly.

    Args:
        cache_folder: an existing folder where jieba keeps its compiled dictionary; None writes nothing.
    """
    with warnings.catch_warnings():
        # jieba 0.42.1 imports pkg_resources and has invalid escapes in its patterns: nothing a user could mend.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - importing takes 0.3 s and warns, so it waits until it is wanted

        jieba.setLogLevel(logging.CRITICAL)
        tokenizer = jieba.Tokenizer()
        if cache_folder is None:
            # What `initialize` does, without its cache file.
            tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
            tokenizer.initialized = True
        else:
            tokenizer.tmp_dir = cache_folder
            tokenizer.cache_file = "jieba.cache"
            tokenizer.initialize()
    return tokenizer


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
