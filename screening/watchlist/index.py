"""Which listed names can reach a score: a step that loses none of them.

1. Words of the query that cannot make a name score the floor by agreeing alone (`ceilings.dispensable`) are set aside,
   the commonest first. Whoever scores the floor agrees in one of the others, or in two words written as one, or is
   like the query as one run of letters.
2. The words of listed names like those (`vocabulary`) lead to the names that hold them.
3. For each such name the likeness of all its words is known, and from it the most that it can score (`ceilings`).
4. Names whose most reaches the floor are compared exactly. There is no cap on their number.
Compiled loops set no word aside, but tell by which words a name holds like ones whether it need be looked at (3).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from screening.watchlist.alignment import LEAST_JOINED, compare, joined_score, most_joined_edits
from screening.watchlist.ceilings import SLACK, ceilings, dispensable, telling_words
from screening.watchlist.compiled import loops_for
from screening.watchlist.letters import sound, sounds
from screening.watchlist.names import Part
from screening.watchlist.packing import Packable
from screening.watchlist.profiles import weighed
from screening.watchlist.roll import Postings, Roll
from screening.watchlist.signatures import Signatures, allowing
from screening.watchlist.vocabulary import Vocabulary, is_spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from screening.watchlist.names import Name
    from screening.watchlist.profiles import Profile
    from screening.watchlist.roll import Numbers, Weights
    from screening.watchlist.scoring import Floats, Integers
    from screening.watchlist.vocabulary import Alike

    Flags = npt.NDArray[np.bool_]

_AT_ONCE = 8192
"""So many candidates are weighed at once, so that memory is bounded whatever the query."""


class _Row(NamedTuple):
    """What one word of the query, or two written as one, is like: its places, its text, the listed words."""

    places: tuple[int, ...]
    text: str
    alike: Alike


class _Paired(NamedTuple):
    """Listed names that hold two neighbours which, written as one, a word of the query is like."""

    place: int
    names: Numbers
    values: Floats
    weights: Weights


class _Asked(NamedTuple):
    """A query: the texts that its words, and its pairs written as one, are like.

    A row is a word, or a pair of which `second` is the other place (-1 for a word). Of each word `paired` has the
    listed pairs that it is like.
    """

    edges: Integers
    texts: Integers
    values: Floats
    first: Integers
    second: Integers
    paired_edges: Integers
    paired_texts: Integers
    paired_values: Floats
    paired_place: Integers
    weights: Floats
    total: float
    several: bool
    floor: float
    reverse: bool


class _Scratch(NamedTuple):
    """Zeros, for each listed word and twice for each name; a query leaves them as it found them."""

    chain: Numbers
    marks: npt.NDArray[np.uint8]
    heads: Numbers

    @classmethod
    def of(cls, roll: Roll) -> _Scratch:
        """Return what a query works on."""
        names = len(roll)
        return cls(np.zeros(len(roll.words), np.int32), np.zeros(names, np.uint8), np.zeros(names, np.int32))


class NameIndex(Packable):
    """Listed names, to be searched for all that score at least a floor. Immutable once built; share it freely."""

    FLEETING = frozenset({"_spare", "loops"})

    def __init__(self, names: Iterable[Name]) -> None:
        self._roll = Roll(names)
        roll = self._roll
        self._vocabulary = Vocabulary(roll.words, roll.pairs, roll.word_numbers, roll.pair_numbers)
        runs = [number for number, text in enumerate(roll.joined) if _is_run(text)]
        self._runs = np.array(runs, np.int32)
        letters = [roll.joined[number] for number in runs]
        self._run_letters = Signatures(letters)
        heard: dict[str, int] = {}
        sound_of = np.array([heard.setdefault(each, len(heard)) for each in sounds(letters)], np.int32)
        self._run_sounds: Mapping[str, int] = heard
        self._by_sound = Postings(sound_of, self._runs, np.ones(self._runs.size, np.float32), len(heard))
        self.awake()

    def awake(self) -> None:
        """Begin with nothing to work on."""
        roll = self._roll
        self.loops = loops_for(len(roll))
        self._spare: list[_Scratch] = []
        if self.loops is not None:
            # What is not compiled yet is compiled now, not at somebody's first question.
            for number in range(min(1, len(roll))):
                self.find(roll.profile(number).name, 1.0)

    def __len__(self) -> int:
        return len(self._roll)

    def listed(self, number: int) -> Profile:
        """Return a listed name with what its words weigh."""
        return self._roll.profile(number)

    def profile(self, name: Name) -> Profile:
        """Weigh a query's words by how common they are."""
        return weighed(name)

    def compare(self, query: Profile, name: Name) -> float:
        """Return how alike a query and any one name are."""
        return compare(query, weighed(name))

    def find(self, name: Name, floor: float) -> list[tuple[int, float]]:
        """Return every listed name (its number) that scores at least `floor`, with its score, by number."""
        return self._found(_Search(self._roll, self._vocabulary, self.profile(name), floor))

    def finders(self, name: Name, floor: float) -> list[tuple[int, float]]:
        """Return every name held (its number) that, looked for, would find a listed name: the way back of `find`.

        Likeness is not the same both ways, for to leave words out costs less than to add some.
        """
        return self._found(_Search(self._roll, self._vocabulary, self.profile(name), floor, reverse=True))

    def _found(self, search: _Search) -> list[tuple[int, float]]:
        together = self._run_together(search.query.joined)
        if self.loops is None:
            return search.found(together)
        # Taken and given back whole, so that two threads never work on the same.
        work = self._spare.pop() if self._spare else _Scratch.of(self._roll)
        found = search.found_by(self.loops, together, work)
        self._spare.append(work)
        return found

    def _run_together(self, joined: str) -> Integers:
        """Return the listed names that are like a name written as one run of letters."""
        if len(joined) < LEAST_JOINED:
            return np.empty(0, np.int64)
        same = self._roll.joined_numbers.get(joined)
        near = set() if same is None else {same}
        if _is_run(joined):
            near.update(self._runs[self._run_letters.near(joined, allowing(most_joined_edits))[0]].tolist())
            heard = self._run_sounds.get(sound(joined))
            if heard is not None:
                held = self._by_sound
                near.update(held.names[held.edges[heard] : held.edges[heard + 1]].tolist())
        alike = [number for number in sorted(near) if joined_score(joined, self._roll.joined[number]) > 0.0]
        if not alike:
            return _NO_TEXTS
        borne = self._roll.by_joined
        found: Integers = borne.names[borne.of(np.array(alike, np.int64))].astype(np.int64)
        return found


class _Search:
    """One query on its way through the index; in `reverse` it is the one listed, and the names held are looked for."""

    def __init__(
        self, roll: Roll, vocabulary: Vocabulary, query: Profile, floor: float, *, reverse: bool = False
    ) -> None:
        self._reverse = reverse
        self.query = query
        self._roll = roll
        self._floor = floor
        self._several = telling_words(query) > 1
        words = [(place, word.text) for place, word in enumerate(query.name.words) if word.part is not Part.UNREAD]
        vocabulary.learn([text for _, text in words], [pair.text for pair in query.pairs])
        self._words = [_Row((place,), text, vocabulary.words_like(text)) for place, text in words]
        self._pairs = [
            _Row((pair.start, pair.start + 1), pair.text, vocabulary.words_like_pair(pair.text)) for pair in query.pairs
        ]
        self._pairs_near = {text: vocabulary.pairs_like(text) for _, text in words}
        self._near = [(place, alike) for place, text in words if (alike := self._pairs_near[text]).texts.size]

    def found(self, run_together: Integers) -> list[tuple[int, float]]:
        """Return the names that score the floor; `run_together` are those to be compared in any case."""
        return [(number, score) for number, score in self._compared(run_together) if score >= self._floor]

    def found_by(self, loops: Any, run_together: Integers, work: _Scratch) -> list[tuple[int, float]]:
        """Do what `found` does, by compiled loops."""
        roll = self._roll
        rows = [*self._words, *self._pairs]
        asked = _Asked(
            *_side_by_side([row.alike for row in rows]),
            np.array([row.places[0] for row in rows], np.int64),
            np.array([row.places[1] if len(row.places) > 1 else -1 for row in rows], np.int64),
            *_side_by_side([alike for _, alike in self._near]),
            np.array([place for place, _ in self._near], np.int64),
            np.array(self.query.weights, np.float64),
            self.query.total,
            self._several,
            self._floor,
            self._reverse,
        )
        names, texts, table = loops.reaching(asked, roll.held, run_together, work)
        if not names.size:
            return []
        alike = self._likeness(rows, texts, table)
        scored = ((number, self._score(number, alike)) for number in names.tolist())
        return [(number, score) for number, score in scored if score >= self._floor]

    def _aside(self, sizes: Sequence[int]) -> frozenset[int]:
        """Return the places of words by which nobody need be looked up; `sizes` says how many names hold each."""
        by_place = [0] * len(self.query.weights)
        for row, size in zip(self._words, sizes, strict=False):
            by_place[row.places[0]] = size
        return dispensable(self.query, by_place, self._floor, reverse=self._reverse)

    def _compared(self, run_together: Integers) -> Iterator[tuple[int, float]]:
        """Compare the names whose most reaches the floor."""
        known = np.zeros(len(self._roll), bool)
        known[run_together] = True
        chosen = known.copy()
        held, by_pair = self._roll.by_word, self._roll.by_pair
        aside = self._aside([int(held.sizes(row.alike.texts).sum()) for row in self._words])
        for row in (*(row for row in self._words if row.places[0] not in aside), *self._pairs):
            chosen[held.names[held.of(row.alike.texts)]] = True
        paired = []
        for place, alike in self._near:
            places, sizes = by_pair.of(alike.texts), by_pair.sizes(alike.texts)
            paired.append(
                _Paired(place, by_pair.names[places], np.repeat(alike.values, sizes), by_pair.weights[places])
            )
            chosen[paired[-1].names] = True
        candidates = np.flatnonzero(chosen)
        for start in range(0, candidates.size, _AT_ONCE):
            yield from self._scored(candidates[start : start + _AT_ONCE], known, paired)

    def _scored(self, names: Integers, known: Flags, paired: list[_Paired]) -> Iterator[tuple[int, float]]:
        held, sizes = self._roll.words_of(names)
        starts = np.cumsum(sizes) - sizes
        texts, columns = _distinct(self._roll.word_texts[held], len(self._roll.words))
        rows = [*self._words, *self._pairs]
        table = self._table(rows, texts)
        spread = table[:, columns]
        kept = self._reaching(names, spread, starts, self._roll.word_weights[held], paired) | known[names]
        needed = np.unique(columns[np.repeat(kept, sizes)])
        alike = self._likeness(rows, texts[needed], table[:, needed])
        for number in names[kept].tolist():
            yield number, self._score(number, alike)

    def _score(self, number: int, alike: Callable[[str, str], float]) -> float:
        held = self._roll.profile(number)
        if self._reverse:
            return compare(held, self.query, lambda word, other: alike(other, word))
        return compare(self.query, held, alike)

    def _table(self, rows: list[_Row], texts: Numbers) -> Floats:
        """Return how alike each word of the query (or two as one) is to each of some listed words."""
        place_of = np.full(len(self._roll.words), -1, np.int32)
        place_of[texts] = np.arange(texts.size, dtype=np.int32)
        table = np.zeros((len(rows), texts.size))
        for line, row in zip(table, rows, strict=True):
            places = place_of[row.alike.texts]
            there = places >= 0
            line[places[there]] = row.alike.values[there]
        return table

    def _reaching(
        self, names: Integers, spread: Floats, starts: Integers, weights: Weights, pairs: list[_Paired]
    ) -> Flags:
        """Say of each name whether the most it can score reaches the floor."""
        best = np.zeros((len(self.query.weights), names.size))
        for row, line in zip((*self._words, *self._pairs), np.maximum.reduceat(spread, starts, axis=1), strict=True):
            for place in row.places:
                np.maximum(best[place], line, out=best[place])
        covered = np.add.reduceat(spread.max(axis=0) * weights, starts)
        linked = (best > 0.0).sum(axis=0)
        for paired in pairs:
            places = np.searchsorted(names, paired.names)
            inside = (places < names.size) & (names[np.minimum(places, names.size - 1)] == paired.names)
            places = places[inside]
            np.maximum.at(best[paired.place], places, paired.values[inside])
            np.add.at(covered, places, paired.values[inside] * paired.weights[inside])
            linked[places] += 2
        found = np.array(self.query.weights) @ best
        lone = (linked <= 1) if self._several else np.zeros(names.size, bool)
        total = max(self.query.total, SLACK)
        theirs = covered / np.maximum(self._roll.totals[names], SLACK)
        most = ceilings(found / total, theirs, np.minimum(found, covered), lone, reverse=self._reverse)
        reaching: Flags = most >= self._floor - SLACK
        return reaching

    def _likeness(self, rows: list[_Row], texts: Numbers, table: Floats) -> Callable[[str, str], float]:
        """Return the likeness of a word (or two as one) of the query and a text of a name that is compared.

        Args:
            rows: the words and pairs of the query.
            texts: the listed words of all names that are compared.
            table: how alike each row is to each of these.
        """
        pairs = self._roll.pairs
        near: dict[str, dict[str, float]] = {
            text: dict(zip([pairs[number] for number in alike.texts.tolist()], alike.values.tolist(), strict=True))
            for text, alike in self._pairs_near.items()
            if alike.texts.size
        }
        words = [self._roll.words[number] for number in texts.tolist()]
        for row, line in zip(rows, table.tolist(), strict=True):
            near.setdefault(row.text, {}).update(zip(words, line, strict=True))

        def alike(word: str, other: str) -> float:
            return near[word].get(other, 0.0)

        return alike


def _side_by_side(found: Sequence[Alike]) -> tuple[Integers, Integers, Floats]:
    """Return several answers as arrays: where each begins and the last ends, the texts, the values."""
    edges = np.array([0, *itertools.accumulate(alike.texts.size for alike in found)], np.int64)
    if not found:
        return edges, _NO_TEXTS, _NO_VALUES
    return edges, np.concatenate([alike.texts for alike in found]), np.concatenate([alike.values for alike in found])


_NO_TEXTS: Integers = np.empty(0, np.int64)
_NO_VALUES: Floats = np.empty(0, np.float64)


def _is_run(text: str) -> bool:
    return len(text) >= LEAST_JOINED and is_spelled(text)


def _distinct(numbers: Numbers, count: int) -> tuple[Numbers, Integers]:
    """Return some numbers below `count`, each once, and for each of them all where it stands among those."""
    place_of = np.empty(count, np.int64)
    order = np.arange(numbers.size)
    place_of[numbers] = order
    once = numbers[place_of[numbers] == order]
    place_of[once] = np.arange(once.size)
    return once, place_of[numbers]
