"""The words of all listed names, their neighbours written as one, and which of them a text can stand for.

Texts are found by letter and by sound, whichever is liker, and by their consonants where vowels are unwritten
(`skeletons`). Nothing that `alignment.word_likeness` calls alike is lost: among
words everything alike is found, among pairs everything from `alignment.LEAST_PAIR` on.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
from screening.watchlist.signatures import MOST_LETTERS, Signatures, Texts, allowing
from screening.watchlist.skeletons import Skeletons, unvowelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from screening.watchlist.scoring import Floats, Integers
    from screening.watchlist.signatures import Bytes, Numbers

_MOST_REMEMBERED = 16_384
"""So many answers are kept: given names come again and again, but rare ones must not fill the memory."""


class Alike(NamedTuple):
    """Texts by number, and how alike each is to the text asked for."""

    texts: Integers
    values: Floats


_WORDS: Final = 0
_PAIRS: Final = 1
_WORDS_AS_PAIRS: Final = 2
"""What a text is asked about: which words it is like, which pairs, or, itself a pair, which words."""

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


class Listing(NamedTuple):
    """Texts as compiled loops search them: the numbers that they have elsewhere, by their places here."""

    numbers: Integers
    letters: Texts
    sounds: Texts
    sounding: Sounding


class Questions(NamedTuple):
    """Texts and their sounds, one after the other, and what is asked: about what, and of which of the texts.

    `further` is a number that belongs to the answer besides, or -1.
    """

    letters: Bytes
    edges: Integers
    beats: Bytes
    beat_edges: Integers
    whats: Integers
    texts: Integers
    further: Integers


class Tables(NamedTuple):
    """What counts as like: by what is asked the edits allowed and the least likeness, and what edits and sounds say."""

    allowed: npt.NDArray[np.int64]
    least: Floats
    likeness: Floats
    factor: Floats
    of_pairs: int
    further: float


@functools.cache
def _tables() -> Tables:
    words, pairs = allowing(most_edits), allowing(pair_edits)
    least = np.array([_HARDLY, LEAST_PAIR, LEAST_PAIR])
    allowed = np.array([words, pairs, pairs])
    return Tables(allowed, least, likeness_table(), factor_table(), _PAIRS, INITIAL_LIKENESS)


class Heard(Packable):
    """Texts by their letters and by their sound.

    Args:
        texts: the texts; their places here are their numbers.
    """

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

    def __len__(self) -> int:
        return self._numbers.size

    @property
    def listing(self) -> Listing:
        """The texts as compiled loops search them."""
        return Listing(self._numbers, self._letters.texts, self._sounds.texts, self._sounding)

    def near(self, text: str, allowed: Integers, least: float = 0.0) -> Alike:
        """Return the texts like a text, with their likeness as `scoring.likeness` gives it.

        Args:
            text: the text asked for.
            allowed: how many edits there may be, by the length of the longer (`signatures.allowing`).
            least: the least likeness that counts; what is not alike at all never does.
        """
        heard = sound(text)
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

    FLEETING = frozenset({"_remembered", "_remembered_consonants", "loops"})

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
        """Begin with nothing remembered, and say what searches."""
        self._remembered: dict[tuple[int, str], Alike] = {}
        self._remembered_consonants: dict[str, dict[str, float]] = {}
        self.loops = loops_for(len(self._words) + len(self._pairs))

    def learn(self, words: Sequence[str], pairs: Sequence[str]) -> None:
        """Find, and remember, what will be asked about the words of a query and its pairs written as one.

        Compiled loops do it all at once; otherwise each is found when it is asked for.
        """
        if self.loops is None:
            return
        asked = [(what, text) for text in words for what in (_WORDS, _PAIRS)]
        asked += [(_WORDS_AS_PAIRS, text) for text in pairs]
        new = [key for key in dict.fromkeys(asked) if key not in self._remembered and is_spelled(key[1])]
        for key, found in self._searched(self.loops, new):
            self._remember(key, found)

    def words_like(self, text: str) -> Alike:
        """Return all listed words that a word of a query is like to any degree."""
        return self._recalled(_WORDS, text)

    def pairs_like(self, text: str) -> Alike:
        """Return the listed pairs, written as one, that a word of a query can stand for."""
        return self._recalled(_PAIRS, text) if len(text) > 1 else _NOBODY

    def words_like_pair(self, text: str) -> Alike:
        """Return the listed words that two words of a query, written as one, can stand for."""
        return self._recalled(_WORDS_AS_PAIRS, text)

    def _recalled(self, what: int, text: str) -> Alike:
        found = self._remembered.get((what, text))
        if found is None:
            found = self._found(what, text)
            self._remember((what, text), found)
        return found

    def _remember(self, key: tuple[int, str], found: Alike) -> None:
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = found

    def _found(self, what: int, text: str) -> Alike:
        if self.loops is not None and is_spelled(text):
            for _, found in self._searched(self.loops, [(what, text)]):
                return found
        if what == _WORDS:
            found = self._like(text)
        else:
            numbers = self._pair_numbers if what == _PAIRS else self._word_numbers
            found = _likest(self._pairs if what == _PAIRS else self._words, text, numbers)
        return self._with_consonants(what, text, found)

    def _searched(self, loops: Any, asked: Sequence[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], Alike]]:
        """Yield what loops find for spelled texts, with what is asked; nothing for texts too long for them."""
        texts = list(dict.fromkeys(text for _, text in asked))
        heard = sounds_of(texts)
        place_of = {
            text: place
            for place, (text, sounding) in enumerate(zip(texts, heard, strict=True))
            if len(text) <= MOST_LETTERS and len(sounding) <= MOST_LETTERS
        }
        keys = [key for key in asked if key[1] in place_of]
        if not keys:
            return
        initials = self._word_numbers
        edges, numbers, values = loops.heard(
            Questions(
                *_flat(texts),
                *_flat(heard),
                np.array([what for what, _ in keys], np.int64),
                np.array([place_of[text] for _, text in keys], np.int64),
                np.array([initials.get(text[0], -1) if what == _WORDS else -1 for what, text in keys], np.int64),
            ),
            self._words.listing,
            self._pairs.listing,
            _tables(),
        )
        for (what, text), (first, last) in zip(keys, itertools.pairwise(edges.tolist()), strict=True):
            yield (what, text), self._with_consonants(what, text, Alike(numbers[first:last], values[first:last]))

    def _with_consonants(self, what: int, text: str, found: Alike) -> Alike:
        """Add what is alike where vowels are unwritten.

        Words with their vowels and words without never meet but here, so nothing is found twice.
        """
        if not self._skeletons.any_unvowelled and not unvowelled(text):
            return found
        near = self._near_by_consonants(text)
        numbers = self._pair_numbers if what == _PAIRS else self._word_numbers
        by_consonants = {
            numbers[other]: value
            for other, value in near.items()
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


def _flat(texts: Sequence[str]) -> tuple[Bytes, Integers]:
    """Return the letters of texts one after the other, and where each begins and the last ends."""
    edges = np.array([0, *itertools.accumulate(map(len, texts))], np.int64)
    return np.frombuffer("".join(texts).encode("ascii"), np.uint8), edges


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
