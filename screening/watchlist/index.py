"""Which listed names may reach a score: a step that loses none of them.

1. Every word that any listed name holds (and every two neighbours written as one) stands once in a vocabulary. Words
   like a query's word are found there by what no allowed number of edits can hide: an edit changes the length by at
   most one and at most two bits of the set of letters. Whatever passes is measured exactly.
2. From the words found, an upper bound of the score of each listed name follows: each word of the query counts as if
   it had its likest word there, whether or not another word took it first.
3. Names whose bound reaches the floor are compared exactly. There is no cap on their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from screening.watchlist.alignment import (
    ADDITION,
    INITIAL_LIKENESS,
    LEAST_JOINED,
    LEAST_PAIR,
    OMISSION,
    compare,
    joined_score,
    most_joined_edits,
)
from screening.watchlist.letters import sound
from screening.watchlist.names import Name, Part
from screening.watchlist.profiles import Profile, weighed
from screening.watchlist.scoring import MOST_EDITS, edits_to, likeness_of, most_edits, sound_factor
from screening.watchlist.skeletons import Skeletons, unvowelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_LONGEST = 512
_SLACK = 1e-9
"""Sums in another order differ by less than this, so a bound never falls short by rounding."""


def _signature(text: str) -> int:
    """Return the set of letters of a word as bits: one bit for a letter, another where it stands twice or more."""
    bits = 0
    for letter in text:
        bit = 1 << (ord(letter) - 97)
        bits |= bit << 26 if bits & bit else bit
    return bits


def _table(allowed: Callable[[int], int]) -> Integers:
    return np.array([allowed(length) for length in range(_LONGEST)], dtype=np.int64)


def _pair_edits(length: int) -> int:
    """Return how many edits leave a likeness of `LEAST_PAIR`, which words written as one must reach."""
    return min(MOST_EDITS, int((1.0 - LEAST_PAIR) * length + _SLACK))


class Signatures:
    """Texts of Latin letters, ready to be searched for those within a number of edits."""

    def __init__(self, texts: Iterable[str]) -> None:
        # Sorted by length, those of a length not too far off are one slice.
        ordered = sorted(texts, key=len)
        self._texts = np.array(ordered, dtype=object)
        self._lengths = np.array([len(text) for text in ordered], dtype=np.int64)
        self._bits = np.array([_signature(text) for text in ordered], dtype=np.uint64)

    def near(self, text: str, allowed: Integers) -> list[tuple[str, int]]:
        """Return the texts within some edits, and how many edits; `allowed` says how many by the longer's length."""
        length = len(text)
        if length >= _LONGEST - MOST_EDITS:
            return []
        reach = int(allowed[length + MOST_EDITS])
        start, end = np.searchsorted(self._lengths, (length - reach, length + reach + 1)).tolist()
        most = allowed[np.maximum(self._lengths[start:end], length)]
        theirs, mine = self._bits[start:end], np.uint64(_signature(text))
        # An edit takes at most one letter from either side, so neither may lack more letters than edits are allowed.
        kept = np.flatnonzero((np.bitwise_count(theirs & ~mine) <= most) & (np.bitwise_count(mine & ~theirs) <= most))
        if not kept.size:
            return []
        texts = self._texts[start:end][kept].tolist()
        edits = edits_to(text, texts, reach)
        within = edits <= most[kept]
        return [(texts[place], edits[place]) for place in np.flatnonzero(within).tolist()]


class _Heard:
    """Words by their letters and by their sound."""

    def __init__(self, words: Iterable[str]) -> None:
        spelled = [word for word in words if word.isalpha() and len(word) > 1]
        self._by_sound: dict[str, list[str]] = {}
        for word in spelled:
            self._by_sound.setdefault(sound(word), []).append(word)
        self._letters = Signatures(spelled)
        self._sounds = Signatures(self._by_sound)

    def near(self, word: str, allowed: Integers) -> dict[str, float]:
        """Return the words like a word, with their likeness as `scoring.likeness` gives it."""
        length = len(word)
        found = {other: likeness_of(int(n), max(length, len(other))) for other, n in self._letters.near(word, allowed)}
        heard = sound(word)
        for sounded, edits in self._sounds.near(heard, allowed):
            if sounded[:1] != heard[:1]:
                continue
            value = likeness_of(int(edits), max(len(heard), len(sounded)))
            for other in self._by_sound[sounded]:
                alike = value * sound_factor(min(length, len(other)), max(length, len(other)))
                if alike > found.get(other, 0.0):
                    found[other] = alike
        return found


class Vocabulary:
    """The words of all listed names, their neighbours written as one, and those like a given text."""

    def __init__(self, words: Iterable[str], pairs: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._pairs = frozenset(pairs)
        self._heard = _Heard(self._words)
        self._heard_pairs = _Heard(self._pairs - self._words)
        self._any_edits = _table(most_edits)
        self._few_edits = _table(_pair_edits)
        self._initials: dict[str, dict[str, float]] = {}
        for word in self._words:
            if word.isalpha() and len(word) > 1:
                self._initials.setdefault(word[0], {})[word] = INITIAL_LIKENESS

    def near(self, word: str) -> dict[str, float]:
        """Return the listed words (and pairs written as one) that a word of a query can stand for, with likeness."""
        same = {word: 1.0} if word in self._words or word in self._pairs else {}
        if not word.isalpha():
            return same
        if len(word) == 1:
            return self._initials.get(word, {}) | same
        found = self._heard.near(word, self._any_edits) | self._heard_pairs.near(word, self._few_edits) | same
        if word[0] in self._words:
            found[word[0]] = INITIAL_LIKENESS
        return found

    def near_pair(self, pair: str) -> dict[str, float]:
        """Return the listed words that two words of a query written as one can stand for, with their likeness."""
        same = {pair: 1.0} if pair in self._words else {}
        return self._heard.near(pair, self._few_edits) | same if pair.isalpha() else same


class _Reach:
    """Where the words like one word stand: listed names, and the likeness and weight each gives at most."""

    __slots__ = ("likeness", "names", "weight")

    def __init__(self, names: Integers, likeness: Floats, weight: Floats) -> None:
        self.names, self.likeness, self.weight = names, likeness, weight


class NameIndex:
    """Listed names, to be searched for all that score at least a floor. Immutable once built."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.profiles = tuple(map(weighed, names))
        postings: dict[str, list[int]] = {}
        heaviest: dict[str, float] = {}
        for number, profile in enumerate(self.profiles):
            for text, weight in _held(profile).items():
                postings.setdefault(text, []).append(number)
                heaviest[text] = max(weight, heaviest.get(text, 0.0))
        consonants = {
            word.text for profile in self.profiles for word in profile.name.words if word.part is Part.UNVOWELLED
        }
        words = {
            word.text
            for profile in self.profiles
            for word in profile.name.words
            if word.part not in (Part.UNREAD, Part.UNVOWELLED)
        }
        pairs = {pair.text for profile in self.profiles for pair in profile.pairs}
        self._vocabulary = Vocabulary(words, pairs)
        self._skeletons = Skeletons(words | pairs | consonants)
        self._postings = {text: np.array(numbers, dtype=np.int64) for text, numbers in postings.items()}
        self._heaviest = heaviest
        self._totals = np.array([max(profile.total, _SLACK) for profile in self.profiles], dtype=np.float64)
        joined: dict[str, list[int]] = {}
        for number, profile in enumerate(self.profiles):
            if len(profile.joined) >= LEAST_JOINED:
                joined.setdefault(profile.joined, []).append(number)
        self._joined = joined
        self._runs = _Heard(joined)
        self._run_edits = _table(most_joined_edits)

    def profile(self, name: Name) -> Profile:
        """Weigh a query's words by how common they are."""
        return weighed(name)

    def compare(self, query: Profile, name: Name) -> float:
        """Return how alike a query and any one name are."""
        return compare(query, weighed(name))

    def session(self) -> Search:
        """Begin a search that remembers the words it met; its answers do not depend on what was asked before."""
        return Search(self)

    def near(self, text: str, *, pair: bool) -> dict[str, float]:
        """Return the listed words like a word of a query, or like two of its words written as one."""
        if unvowelled(text):
            return self._skeletons.near(text)
        near = self._vocabulary.near_pair(text) if pair else self._vocabulary.near(text)
        return near | self._skeletons.near(text)

    def reach(self, near: dict[str, float]) -> _Reach:
        """Return where words stand, with the most that each listed name can gain by them."""
        if not near:
            nothing = np.empty(0, np.float64)
            return _Reach(np.empty(0, np.int64), nothing, nothing)
        texts = sorted(near, key=lambda text: near[text])
        places = [self._postings[text] for text in texts]
        sizes = [len(numbers) for numbers in places]
        likenesses = np.array([near[text] for text in texts])
        weights = likenesses * np.array([self._heaviest[text] for text in texts])
        names = np.concatenate(places)
        return _Reach(names, np.repeat(likenesses, sizes), np.repeat(weights, sizes))

    def bounds(self, query: Profile, reaches: Sequence[Sequence[_Reach]]) -> Floats:
        """Return for each listed name an upper bound of its aligned score; `reaches` has those of each word."""
        found = np.zeros(len(self.profiles))
        covered = np.zeros(len(self.profiles))
        for weight, held in zip(query.weights, reaches, strict=True):
            best = np.zeros(len(self.profiles))
            heaviest = np.zeros(len(self.profiles))
            for reach in held:
                np.maximum.at(best, reach.names, reach.likeness)
                np.maximum.at(heaviest, reach.names, reach.weight)
            found += weight * best
            covered += heaviest
        share = np.minimum(1.0, covered / self._totals)
        mine = found / max(query.total, _SLACK)
        bounds: Floats = np.maximum(mine * (1.0 - OMISSION * (1.0 - share)), share * (1.0 - ADDITION * (1.0 - mine)))
        return bounds

    def run_together(self, joined: str) -> set[int]:
        """Return the listed names that are like a name written as one run of letters."""
        if len(joined) < LEAST_JOINED:
            return set()
        near = {joined} & self._joined.keys()
        if joined.isalpha():
            near |= self._runs.near(joined, self._run_edits).keys()
        return {number for text in near if joined_score(joined, text) > 0.0 for number in self._joined[text]}


class Search:
    """Looks names up in an index, remembering the words it met, so that a batch shares the work."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._near: dict[tuple[str, bool], dict[str, float]] = {}
        self._reach: dict[tuple[str, bool], _Reach] = {}

    def find(self, name: Name, floor: float) -> list[tuple[int, float]]:
        """Return every listed name (its number) that scores at least `floor`, with its score, by number."""
        query = self._index.profile(name)
        reaches: list[list[_Reach]] = [[] for _ in query.name.words]
        near: dict[str, dict[str, float]] = {}
        for pair in query.pairs:
            reach = self._reached(pair.text, pair=True)
            reaches[pair.start].append(reach)
            reaches[pair.start + 1].append(reach)
            near[pair.text] = self._near[pair.text, True]
        for place, word in enumerate(query.name.words):
            if word.part is not Part.UNREAD:
                reaches[place].append(self._reached(word.text, pair=False))
                near[word.text] = self._near[word.text, False]
        bounds = self._index.bounds(query, reaches)
        candidates = set(np.flatnonzero(bounds >= floor - _SLACK).tolist()) | self._index.run_together(query.joined)

        def alike(word: str, other: str) -> float:
            return near[word].get(other, 0.0)

        scored = ((number, compare(query, self._index.profiles[number], alike)) for number in sorted(candidates))
        return [(number, score) for number, score in scored if score >= floor]

    def _reached(self, text: str, *, pair: bool) -> _Reach:
        key = (text, pair)
        reach = self._reach.get(key)
        if reach is None:
            near = self._near[key] = self._index.near(text, pair=pair)
            reach = self._reach[key] = self._index.reach(near)
        return reach


def _held(profile: Profile) -> dict[str, float]:
    """Return the texts by which a name is found, each with the most weight it can give."""
    held: dict[str, float] = {}
    for word, weight in zip(profile.name.words, profile.weights, strict=True):
        if word.part is not Part.UNREAD:
            held[word.text] = max(weight, held.get(word.text, 0.0))
    for pair in profile.pairs:
        weight = profile.weights[pair.start] + profile.weights[pair.start + 1]
        held[pair.text] = max(weight, held.get(pair.text, 0.0))
    return held
