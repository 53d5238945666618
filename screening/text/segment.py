"""The only door to the word segmenters: where, around a hit, do words begin and end?

A lexicon term may stand inside ordinary words (赌博 in 打赌博士). Segmenting every text would cost a thousand times
more than finding its terms, so only a window around a hit is segmented, and answers are remembered.

Two segmenters cut alike, always without guessing unknown words (their "HMM"):

    jieba    required, and the reference. Some 18 microseconds for a window; opening its dictionary takes half a second.
    rjieba   the `fast` extra: the same dictionary and the same method in Rust, some 6 microseconds for a window, opened
             in a tenth of a second. Version 0.2.2 was compared with jieba 0.42.1 on 40,000 windows of real text, 60,000
             strings of common words and rare characters and 60,000 of letters, symbols, emoji and line ends: not one
             was cut otherwise. A test keeps watch. So it is used where it is installed. What would part them are words
             added at run time, which nobody does here.

This module reads a dictionary only where the edge asks for it: `open_tokenizer`.
"""

from __future__ import annotations

import enum
import functools
import logging
import re
import warnings
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from screening.text.normalize import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Tokenizer = Any
"""A segmenter's tokenizer, which is untyped; it goes no further than this module."""

_rjieba: Any
try:
    import rjieba
except ImportError:
    _rjieba = None
else:
    _rjieba = rjieba

WINDOW = 6
"""Code points looked at on each side. Six hold an idiom of four characters and the word beside it."""

_HAN = "[\u3400-\u9fff\U00020000-\U000323af]"
_HAN_BEHIND = re.compile(rf"{_HAN}*\Z")
_HAN_AHEAD = re.compile(f"{_HAN}*")

_FEW = 4
"""Texts up to which each is cut alone."""

REMEMBERED = 65536
"""Windows whose words are kept; some 30 MiB at most."""


class Words(enum.StrEnum):
    """What segments."""

    RJIEBA = "rjieba"
    JIEBA = "jieba"


class Ends(NamedTuple):
    """Whether the start and the end of a span are ends of words."""

    start: bool
    end: bool


class _Rjieba:
    """rjieba, asked as jieba is."""

    def __init__(self) -> None:
        self.words: Any = _rjieba.Jieba()

    def cut(self, text: str, *, HMM: bool = True) -> list[str]:  # noqa: N803 - jieba's name
        """Cut a text into words."""
        words: list[str] = self.words.cut(text, hmm=HMM)
        return words


class Segmenter:
    """Says where words begin and end around a span of a normalised text."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._cut: Callable[[str], Iterable[str]] = _cutter(tokenizer)
        self._knows = _dictionary(tokenizer)
        self._words = functools.lru_cache(maxsize=REMEMBERED)(lambda text: tuple(self._cut(text)))
        self._known: dict[str, frozenset[int]] = {}

    def ends(self, text: str, start: int, end: int) -> Ends:
        """Judge one span by the words in a window of `WINDOW` code points around it.

        The window ends at the first character that is no Han character: words do not reach across it.
        """
        first, places = self._window(text, start, end)
        return Ends(start - first in places, end - first in places)

    def ends_of(self, text: str, spans: Sequence[tuple[int, int]]) -> list[Ends]:
        """Judge many spans of a text as `ends` does; all windows that are not known yet are cut in one call."""
        framed = [self._frame(text, start, end) for start, end in spans]
        windows = [text[first:last] for first, last in framed]
        known = {window: self._known.get(window) for window in windows}
        unknown = [window for window, places in known.items() if places is None]
        found = self._segment(unknown) if unknown else {}
        ends = []
        for (start, end), (first, _), window in zip(spans, framed, windows, strict=True):
            places = known[window] or found[window]
            ends.append(Ends(start - first in places, end - first in places))
        return ends

    def loose(self, text: str, start: int, end: int) -> tuple[bool, ...]:
        """Say of each character of a span whether it is a word of its own there.

        A text in which a word was written with other characters that sound alike falls apart into such.
        """
        first, places = self._window(text, start, end)
        return tuple(place in places and place + 1 in places for place in range(start - first, end - first))

    def cut(self, text: str) -> tuple[str, ...]:
        """Return the words of a short text; answers are remembered."""
        return self._words(text)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return the lengths of the words of many texts, a 1 between two texts; of a few, answers are remembered."""
        if len(texts) <= _FEW:
            words = [[*map(len, self._words(text)), 1] for text in texts]
            return list(chain.from_iterable(words))
        # No segmenter sees a word across this, and one call is sooner than many.
        return list(map(len, self._cut(SEPARATOR.join(texts))))

    def knows(self, words: Iterable[str]) -> list[bool]:
        """Say of each of many words whether the dictionary has it."""
        return [bool(self._knows(word)) for word in words]

    def _window(self, text: str, start: int, end: int) -> tuple[int, frozenset[int]]:
        first, last = self._frame(text, start, end)
        window = text[first:last]
        places = self._known.get(window)
        return first, self._segment([window])[window] if places is None else places

    @staticmethod
    def _frame(text: str, start: int, end: int) -> tuple[int, int]:
        """Return where the window around a span begins and ends."""
        before = _HAN_BEHIND.search(text[max(0, start - WINDOW) : start])
        after = _HAN_AHEAD.match(text, end, end + WINDOW)
        return start - (len(before[0]) if before else 0), after.end() if after else end

    def _segment(self, windows: Sequence[str]) -> dict[str, frozenset[int]]:
        """Return the places in windows where a word begins or ends, and remember them."""
        found: dict[str, frozenset[int]] = {}
        # No window holds what parts them, and no segmenter sees a word across it.
        words = iter(self._cut(SEPARATOR.join(windows)))
        for window in windows:
            place, places = 0, {0}
            for word in words:
                if word == SEPARATOR:
                    break
                place += len(word)
                places.add(place)
            found[window] = frozenset(places)
        if len(self._known) + len(found) > REMEMBERED:
            self._known.clear()
        self._known.update(found)
        return found


def open_tokenizer(cache_folder: str | None, words: Words | None = None) -> Tokenizer:
    """Open a segmenter's dictionary, quietly: jieba's in about a second (0.3 s from a cache), rjieba's in 0.1 s.

    Args:
        cache_folder: an existing folder where jieba keeps its compiled dictionary; None writes nothing.
        words: which segmenter; the fastest that is installed where None.

    Raises:
        ValueError: that segmenter is not installed.
    """
    if (words or segmenters()[0]) is Words.RJIEBA:
        if _rjieba is None:
            raise ValueError("segmenter: found rjieba, which is not installed, expected jieba")
        return _Rjieba()
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


def segmenters() -> tuple[Words, ...]:
    """Return the segmenters that are installed, the fastest first."""
    return (Words.JIEBA,) if _rjieba is None else (Words.RJIEBA, Words.JIEBA)


def _cutter(tokenizer: Tokenizer) -> Callable[[str], Iterable[str]]:
    """Return what cuts a text into words of the dictionary, without guessing unknown ones."""
    if isinstance(tokenizer, _Rjieba):
        return functools.partial(tokenizer.words.cut, hmm=False)
    return functools.partial(tokenizer.cut, HMM=False)


def _dictionary(tokenizer: Tokenizer) -> Callable[[str], object]:
    """Return what says whether a word is in the dictionary; in jieba's the beginnings of words stand with 0."""
    if isinstance(tokenizer, _Rjieba):
        has_word: Callable[[str], object] = tokenizer.words.has_word
        return has_word
    frequencies: dict[str, int] = getattr(tokenizer, "FREQ", {})
    return frequencies.get
