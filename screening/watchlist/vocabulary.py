"""The words of all listed names, their neighbours written as one, and which of them a text can stand for.

Texts are found by letter and by sound, whichever is liker, and by their consonants where vowels are unwritten
(`skeletons`). Nothing that `alignment.word_likeness` calls alike is lost: among
words everything alike is found, among pairs everything from `alignment.LEAST_PAIR` on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.watchlist.alignment import INITIAL_LIKENESS, LEAST_PAIR
from screening.watchlist.compiled import loops_for
from screening.watchlist.letters import sound
from screening.watchlist.letters import sounds as sounds_of
from screening.watchlist.packing import Packable
from screening.watchlist.roll import runs
from screening.watchlist.scoring import (
    LONGEST,
    MOST_EDITS,
    factor_table,
    likeness_of,
    likeness_table,
    likenesses,
    most_edits,
    sound_factors,
)
from screening.watchlist.signatures import MOST_LETTERS, Signatures, allowing, as_bytes
from screening.watchlist.skeletons import Skeletons, unvowelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.watchlist.scoring import Floats, Integers
    from screening.watchlist.signatures import Numbers

_MOST_REMEMBERED = 16_384
"""So many answers are kept: given names come again and again, but rare ones must not fill the memory."""


class Alike(NamedTuple):
    """Texts by number, and how alike each is to the text asked for."""

    texts: Integers
    values: Floats


_WORDS, _PAIRS, _WORDS_AS_PAIRS = "words", "pairs", "words as pairs"

_NOBODY = Alike(np.empty(0, np.int64), np.empty(0, np.float64))


def pair_edits(length: int) -> int:
    """Return how many edits leave a likeness of `LEAST_PAIR`, which words written as one must reach."""
    allowed = range(most_edits(length), -1, -1)
    return next(edits for edits in allowed if edits == 0 or likeness_of(edits, length) >= LEAST_PAIR)


class Sounding(NamedTuple):
    """How texts sound: for each text its sound and its rank among the letters, for each sound its texts and rank."""

    sound_of: Numbers
    rank_of: Numbers
    by_sound: Numbers
    edges: Integers
    sound_rank_of: Numbers


class Heard(Packable):
    """Texts by their letters and by their sound.

    Args:
        texts: the texts; their places here are their numbers.
    """

    FLEETING = frozenset({"loops"})

    def __init__(self, texts: Sequence[str]) -> None:
        spelled = [number for number, text in enumerate(texts) if is_spelled(text)]
        self._numbers = np.array(spelled, np.int64)
        self._lengths = np.array([len(texts[number]) for number in spelled], np.int64)
        self._letters = Signatures([texts[number] for number in spelled])
        sounds: dict[str, int] = {}
        read = sounds_of([texts[number] for number in spelled])
        heard = np.array([sounds.setdefault(each, len(sounds)) for each in read], np.int32)
        by_sound = np.argsort(heard, kind="stable").astype(np.int32)
        edges = np.searchsorted(heard[by_sound], np.arange(len(sounds) + 1))
        self._sound_lengths = np.fromiter(map(len, sounds), np.int64, count=len(sounds))
        # Words that begin with another sound are compared by letter only.
        self._sounds = Signatures(list(sounds), same_start=True)
        ranks = (_ranks(self._letters), _ranks(self._sounds))
        self._sounding = Sounding(heard, ranks[0], by_sound, edges, ranks[1])
        self.awake()

    def awake(self) -> None:
        """Say what searches."""
        self.loops = loops_for(self._numbers.size)

    def near(self, text: str, allowed: Integers, least: float = 0.0) -> Alike:
        """Return the texts like a text, with their likeness as `scoring.likeness` gives it.

        Args:
            text: the text asked for.
            allowed: how many edits there may be, by the length of the longer (`signatures.allowing`).
            least: the least likeness that counts; what is not alike at all never does.
        """
        heard = sound(text)
        if self.loops is not None and max(len(text), len(heard)) <= MOST_LETTERS:
            places, values = self.loops.heard(
                as_bytes(text),
                as_bytes(heard),
                self._letters.texts,
                self._sounds.texts,
                self._sounding,
                allowed,
                likeness_table(),
                factor_table(),
                max(least, _HARDLY),
            )
            return Alike(self._numbers[places], values)
        length = len(text)
        places, apart = self._letters.near(text, allowed)
        values = likenesses(apart, np.maximum(self._lengths[places], length))
        sounds, sounds_apart = self._sounds.near(heard, allowed)
        if sounds.size:
            edges = self._sounding.edges
            sizes = edges[sounds + 1] - edges[sounds]
            sounding = likenesses(sounds_apart, np.maximum(self._sound_lengths[sounds], len(heard)))
            others = self._sounding.by_sound[runs(edges[sounds], sizes)].astype(np.int64)
            by_sound = sound_factors(length, self._lengths[others]) * np.repeat(sounding, sizes)
            places, values = _best(np.concatenate((places, others)), np.concatenate((values, by_sound)))
        kept = values >= max(least, _HARDLY)
        return Alike(self._numbers[places[kept]], values[kept])


_HARDLY = 1e-9
"""Less than any likeness there is."""


def _ranks(texts: Signatures) -> Numbers:
    ranks = np.empty(len(texts), np.int32)
    ranks[texts.texts.order] = np.arange(len(texts), dtype=np.int32)
    return ranks


class Vocabulary(Packable):
    """What listed names hold, to be asked for what a word of a query can stand for. Immutable but for its memory.

    Args:
        words: the words of listed names, each once.
        pairs: their neighbours written as one, each once.
        word_numbers: word → its place in `words`.
        pair_numbers: pair → its place in `pairs`.
    """

    FLEETING = frozenset({"_remembered", "_remembered_consonants"})

    def __init__(
        self,
        words: Sequence[str],
        pairs: Sequence[str],
        word_numbers: Mapping[str, int],
        pair_numbers: Mapping[str, int],
    ) -> None:
        self._word_numbers = word_numbers
        self._pair_numbers = pair_numbers
        self._words = Heard(words)
        self._pairs = Heard(pairs)
        self._skeletons = Skeletons((*words, *pairs))
        initials: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            if is_spelled(word):
                initials.setdefault(word[0], []).append(number)
        self._initials = {letter: np.array(numbers, np.int64) for letter, numbers in initials.items()}
        self.awake()

    def awake(self) -> None:
        """Begin with nothing remembered."""
        self._remembered: dict[tuple[str, str], Alike] = {}
        self._remembered_consonants: dict[str, dict[str, float]] = {}

    def words_like(self, text: str) -> Alike:
        """Return all listed words that a word of a query is like to any degree."""
        return self._recalled(_WORDS, text)

    def pairs_like(self, text: str) -> Alike:
        """Return the listed pairs, written as one, that a word of a query can stand for."""
        return self._recalled(_PAIRS, text) if len(text) > 1 else _NOBODY

    def words_like_pair(self, text: str) -> Alike:
        """Return the listed words that two words of a query, written as one, can stand for."""
        return self._recalled(_WORDS_AS_PAIRS, text)

    def _recalled(self, what: str, text: str) -> Alike:
        found = self._remembered.get((what, text))
        if found is None:
            found = self._found(what, text)
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[what, text] = found
        return found

    def _found(self, what: str, text: str) -> Alike:
        numbers = self._pair_numbers if what == _PAIRS else self._word_numbers
        if what == _WORDS:
            found = self._like(text)
        else:
            found = _likest(self._pairs if what == _PAIRS else self._words, text, numbers)
        # Words with their vowels and words without never meet but here, so nothing is found twice.
        by_consonants = {
            numbers[other]: value
            for other, value in self._near_by_consonants(text).items()
            if other in numbers and (what == _WORDS or value >= LEAST_PAIR)
        }
        if not by_consonants:
            return found
        texts = np.array([*found.texts.tolist(), *by_consonants], np.int64)
        return Alike(texts, np.array([*found.values.tolist(), *by_consonants.values()]))

    def _near_by_consonants(self, text: str) -> dict[str, float]:
        found = self._remembered_consonants.get(text)
        if found is None:
            found = self._skeletons.near(text)
            if len(self._remembered_consonants) >= _MOST_REMEMBERED:
                self._remembered_consonants.clear()
            self._remembered_consonants[text] = found
        return found

    def _like(self, text: str) -> Alike:
        if not is_spelled(text):
            initials = self._initials.get(text, _NOBODY.texts) if len(text) == 1 else _NOBODY.texts
            found = Alike(initials, np.full(initials.size, INITIAL_LIKENESS))
            return _same(found, text, self._word_numbers)
        return _with(self._words.near(text, allowing(most_edits)), self._word_numbers.get(text[0]), INITIAL_LIKENESS)


def is_spelled(text: str) -> bool:
    """Say whether a text is written in letters and more than an initial; others are the same or not alike."""
    return 1 < len(text) < LONGEST - MOST_EDITS and text.isalpha() and text.isascii() and not unvowelled(text)


def _likest(heard: Heard, text: str, numbers: Mapping[str, int]) -> Alike:
    """Return the texts that words written as one may count for."""
    if not is_spelled(text):
        return _same(_NOBODY, text, numbers)
    return heard.near(text, allowing(pair_edits), LEAST_PAIR)


def _same(found: Alike, text: str, numbers: Mapping[str, int]) -> Alike:
    """Add the text itself, where it is held; of words without vowels `skeletons` knows it."""
    return found if unvowelled(text) else _with(found, numbers.get(text), 1.0)


def _with(found: Alike, number: int | None, value: float) -> Alike:
    if number is None:
        return found
    return Alike(np.append(found.texts, number), np.append(found.values, value))


def _best(places: Integers, values: Floats) -> tuple[Integers, Floats]:
    """Return each place once, with its highest value."""
    order = np.lexsort((values, places))
    places, values = places[order], values[order]
    last = np.append(places[1:] != places[:-1], True)[: places.size]
    return places[last], values[last]
