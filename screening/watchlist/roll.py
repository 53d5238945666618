"""Listed names packed into arrays: what the index keeps of a million names instead of a million objects.

A word with the part it plays is kept once, however many names hold it; a name is a run of such words' numbers. Names
and profiles are made again from it for the few that are compared exactly.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.watchlist.names import Name, Part, Word
from screening.watchlist.packed import texts_of
from screening.watchlist.packing import Packable
from screening.watchlist.profiles import weighed, weight_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from screening.watchlist.profiles import Profile
    from screening.watchlist.scoring import Floats, Integers

    Flags = npt.NDArray[np.bool_]
    Weights = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int32]


_PARTS = tuple(Part)


class Held(NamedTuple):
    """What the names hold: of each its words, by number, and postings by word and by pair.

    `text_of` and `weight_of` say which text a word is (-1 where it is unread) and what it weighs.
    """

    edges: Integers
    words: Numbers
    text_of: Numbers
    weight_of: Floats
    by_word_edges: Integers
    by_word_names: Numbers
    by_pair_edges: Integers
    by_pair_names: Numbers
    by_pair_weights: Weights


class Postings(Packable):
    """For each text, the names that hold it, and what it weighs there at most.

    Args:
        texts: for each holding, the number of the text.
        names: for each holding, the number of the name.
        weights: for each holding, the weight.
        count: how many texts there are.
    """

    def __init__(self, texts: Numbers, names: Numbers, weights: Weights, count: int) -> None:
        order = np.argsort(texts, kind="stable")
        self.names = names[order]
        self.weights = weights[order]
        self.edges = np.searchsorted(texts[order], np.arange(count + 1))

    def sizes(self, texts: Integers) -> Integers:
        """Return how many holdings each text has."""
        found: Integers = self.edges[texts + 1] - self.edges[texts]
        return found

    def of(self, texts: Integers) -> Integers:
        """Return the places, in `names` and `weights`, of all holdings of some texts, text by text."""
        return runs(self.edges[texts], self.sizes(texts))


class Roll(Packable):
    """All listed names, packed, with the texts by which they are found. Immutable once built."""

    FLEETING = frozenset({"_words", "joined", "pairs", "words"})

    def __init__(self, names: Iterable[Name]) -> None:
        written: list[str] = []
        numbers: dict[Word, int] = {}
        joined: dict[str, int] = {}
        held, edges, runs_of = array("i"), array("q", [0]), array("i")
        for name in names:
            written.append(name.text)
            held.extend(numbers.setdefault(word, len(numbers)) for word in name.words)
            edges.append(len(held))
            runs_of.append(joined.setdefault(name.joined, len(joined)))
        self._written: Sequence[str] = written
        self._words: list[Word | None] = list(numbers)
        self._spelled: Sequence[str] = [word.text for word in numbers]
        self._parts = np.array([_PARTS.index(word.part) for word in numbers], np.int8)
        self._held = np.frombuffer(held, np.intc).astype(np.int32) if held else np.empty(0, np.int32)
        self._edges = np.array(edges, np.int64)
        self.joined: Sequence[str] = list(joined)
        self.joined_numbers: Mapping[str, int] = joined
        self._joined_of = np.array(runs_of, np.int32)
        everyone = np.arange(len(self), dtype=np.int32)
        self.by_joined = Postings(self._joined_of, everyone, np.ones(len(self), np.float32), len(joined))
        self._read_profiles(self._find_texts(list(numbers)))

    def awake(self) -> None:
        """Begin with no word made; it is when it is met."""
        self._words = [None] * len(self._spelled)
        self.joined = texts_of(self.joined_numbers)
        self.words: Sequence[str] = texts_of(self.word_numbers)
        self.pairs: Sequence[str] = texts_of(self.pair_numbers)

    def __len__(self) -> int:
        return len(self._written)

    def profile(self, number: int) -> Profile:
        """Return a listed name with what its words weigh."""
        return weighed(self._name(number))

    def words_of(self, names: Integers) -> tuple[Integers, Integers]:
        """Return the places of the words that some names hold, name by name, and how many each name holds."""
        sizes = self.word_edges[names + 1] - self.word_edges[names]
        return runs(self.word_edges[names], sizes), sizes

    @property
    def held(self) -> Held:
        """What the names hold, for the compiled loops."""
        by_word, by_pair = self.by_word, self.by_pair
        return Held(
            self._edges,
            self._held,
            self._text_of,
            self._weight_of,
            by_word.edges,
            by_word.names,
            by_pair.edges,
            by_pair.names,
            by_pair.weights,
        )

    def _name(self, number: int) -> Name:
        first, last = self._edges[number : number + 2].tolist()
        words = tuple(self._words[word] or self._word(word) for word in self._held[first:last].tolist())
        return Name(self._written[number], words, self.joined[self._joined_of[number]])

    def _word(self, number: int) -> Word:
        word = self._words[number] = Word(self._spelled[number], _PARTS[self._parts[number]])
        return word

    def _find_texts(self, words: Sequence[Word]) -> Flags:
        """Number the texts of words that are read; a text may be several words, by the parts it plays.

        Returns:
            Which of the words that names hold are read.
        """
        numbers: dict[str, int] = {}
        text_of = [-1 if word.part is Part.UNREAD else numbers.setdefault(word.text, len(numbers)) for word in words]
        self.word_numbers: Mapping[str, int] = numbers
        self.words = texts_of(numbers)
        self._text_of = np.array(text_of, np.int32)
        self._weight_of = np.array([weight_of(word) for word in words], np.float64)
        texts = self._text_of[self._held] if text_of else self._held
        read: Flags = texts >= 0
        self.word_texts = texts[read]
        self.word_edges = np.concatenate(([0], np.cumsum(read)))[self._edges]
        return read

    def _read_profiles(self, read: Flags) -> None:
        weights, totals = array("f"), array("d")
        pair_texts, pair_names, pair_weights = array("i"), array("i"), array("f")
        pair_numbers: dict[str, int] = {}
        for number in range(len(self)):
            profile = self.profile(number)
            weights.extend(profile.weights)
            totals.append(profile.total)
            for pair in profile.pairs:
                pair_texts.append(pair_numbers.setdefault(pair.text, len(pair_numbers)))
                pair_names.append(number)
                pair_weights.append(profile.weights[pair.start] + profile.weights[pair.start + 1])
        self.totals = np.array(totals, np.float64)
        self.word_weights = np.array(weights, np.float32)[read]
        sizes = np.diff(self.word_edges)
        names = np.repeat(np.arange(len(self), dtype=np.int32), sizes)
        self.by_word = Postings(self.word_texts, names, self.word_weights, len(self.words))
        self.pairs = texts_of(pair_numbers)
        self.pair_numbers: Mapping[str, int] = pair_numbers
        self.by_pair = Postings(
            np.array(pair_texts, np.int32),
            np.array(pair_names, np.int32),
            np.array(pair_weights, np.float32),
            len(pair_numbers),
        )


def runs(starts: Integers, sizes: Integers) -> Integers:
    """Return the numbers of several runs, one run after the other.

    >>> runs(np.array([10, 3]), np.array([2, 3])).tolist()
    [10, 11, 3, 4, 5]
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if ends.size else 0
    return np.arange(total) + np.repeat(starts - ends + sizes, sizes)
