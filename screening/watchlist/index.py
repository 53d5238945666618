"""Which listed names can reach a score: a step that loses none of them.

1. Words of the query that cannot make a name score the floor by agreeing alone (`ceilings.dispensable`) are set aside,
   the commonest first. Whoever scores the floor agrees in one of the others, or in two words written as one, or is
   like the query as one run of letters.
2. The words of listed names like those (`vocabulary`) lead to the names that hold them.
3. For each such name the likeness of all its words is known, and from it the most that it can score (`ceilings`).
4. Names whose most reaches the floor are compared exactly. There is no cap on their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.watchlist.alignment import LEAST_JOINED, compare, joined_score, most_joined_edits
from screening.watchlist.ceilings import SLACK, ceilings, dispensable, telling_words
from screening.watchlist.letters import sound, sounds
from screening.watchlist.names import Part
from screening.watchlist.profiles import weighed
from screening.watchlist.roll import Roll
from screening.watchlist.signatures import Signatures, allowing
from screening.watchlist.vocabulary import Vocabulary, is_spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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


class NameIndex:
    """Listed names, to be searched for all that score at least a floor. Immutable once built; share it freely."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._roll = Roll(names)
        roll = self._roll
        self._vocabulary = Vocabulary(roll.words, roll.pairs, roll.word_numbers, roll.pair_numbers)
        self._runs = [number for number, text in enumerate(roll.joined) if _is_run(text)]
        runs = [roll.joined[number] for number in self._runs]
        self._run_letters = Signatures(runs, allowing(most_joined_edits))
        self._run_sounds: dict[str, list[int]] = {}
        for number, heard in zip(self._runs, sounds(runs), strict=True):
            self._run_sounds.setdefault(heard, []).append(number)

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
        search = _Search(self._roll, self._vocabulary, self.profile(name), floor)
        return search.found(self._run_together(search.query.joined))

    def finders(self, name: Name, floor: float) -> list[tuple[int, float]]:
        """Return every name held (its number) that, looked for, would find a listed name: the way back of `find`.

        Likeness is not the same both ways, for to leave words out costs less than to add some.
        """
        search = _Search(self._roll, self._vocabulary, self.profile(name), floor, reverse=True)
        return search.found(self._run_together(search.query.joined))

    def _run_together(self, joined: str) -> Integers:
        """Return the listed names that are like a name written as one run of letters."""
        if len(joined) < LEAST_JOINED:
            return np.empty(0, np.int64)
        same = self._roll.joined_numbers.get(joined)
        near = set() if same is None else {same}
        if _is_run(joined):
            near.update(self._runs[place] for place in self._run_letters.near(joined)[0].tolist())
            near.update(self._run_sounds.get(sound(joined), ()))
        alike = [number for number in sorted(near) if joined_score(joined, self._roll.joined[number]) > 0.0]
        held = self._roll.by_joined
        found: Integers = held.names[held.of(np.array(alike, np.int64))].astype(np.int64)
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
        self._weights = np.array(query.weights)
        self._several = telling_words(query) > 1
        words = [(place, word.text) for place, word in enumerate(query.name.words) if word.part is not Part.UNREAD]
        self._words = [_Row((place,), text, vocabulary.words_like(text)) for place, text in words]
        self._pairs = [
            _Row((pair.start, pair.start + 1), pair.text, vocabulary.words_like_pair(pair.text)) for pair in query.pairs
        ]
        self._pairs_near = {text: vocabulary.pairs_like(text) for _, text in words}
        self._paired = [
            _Paired(place, roll.by_pair.names[held], np.repeat(alike.values, sizes), roll.by_pair.weights[held])
            for place, text in words
            if (alike := self._pairs_near[text]).texts.size
            for held, sizes in [(roll.by_pair.of(alike.texts), roll.by_pair.sizes(alike.texts))]
        ]

    def found(self, run_together: Integers) -> list[tuple[int, float]]:
        """Return the names that score the floor; `run_together` are those to be compared in any case."""
        known = np.zeros(len(self._roll), bool)
        known[run_together] = True
        chosen = known.copy()
        held = self._roll.by_word
        sizes = [int(held.sizes(row.alike.texts).sum()) for row in self._words]
        by_place = [0] * len(self.query.weights)
        for row, size in zip(self._words, sizes, strict=True):
            by_place[row.places[0]] = size
        aside = dispensable(self.query, by_place, self._floor, reverse=self._reverse)
        for row in (*(row for row in self._words if row.places[0] not in aside), *self._pairs):
            chosen[held.names[held.of(row.alike.texts)]] = True
        for paired in self._paired:
            chosen[paired.names] = True
        candidates = np.flatnonzero(chosen)
        return [
            (number, score)
            for start in range(0, candidates.size, _AT_ONCE)
            for number, score in self._scored(candidates[start : start + _AT_ONCE], known)
            if score >= self._floor
        ]

    def _scored(self, names: Integers, known: Flags) -> Iterator[tuple[int, float]]:
        held, sizes = self._roll.words_of(names)
        starts = np.cumsum(sizes) - sizes
        texts, columns = _distinct(self._roll.word_texts[held], len(self._roll.words))
        rows = [*self._words, *self._pairs]
        table = self._table(rows, texts)
        spread = table[:, columns]
        kept = self._reaching(names, spread, starts, self._roll.word_weights[held]) | known[names]
        alike = self._likeness(rows, texts, table, columns[np.repeat(kept, sizes)])
        for number in names[kept].tolist():
            held_name = self._roll.profile(number)
            if self._reverse:
                yield number, compare(held_name, self.query, lambda word, other: alike(other, word))
            else:
                yield number, compare(self.query, held_name, alike)

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

    def _reaching(self, names: Integers, spread: Floats, starts: Integers, weights: Weights) -> Flags:
        """Say of each name whether the most it can score reaches the floor."""
        best = np.zeros((len(self.query.weights), names.size))
        for row, line in zip((*self._words, *self._pairs), np.maximum.reduceat(spread, starts, axis=1), strict=True):
            for place in row.places:
                np.maximum(best[place], line, out=best[place])
        covered = np.add.reduceat(spread.max(axis=0) * weights, starts)
        linked = (best > 0.0).sum(axis=0)
        for paired in self._paired:
            places = np.searchsorted(names, paired.names)
            inside = (places < names.size) & (names[np.minimum(places, names.size - 1)] == paired.names)
            places = places[inside]
            np.maximum.at(best[paired.place], places, paired.values[inside])
            np.add.at(covered, places, paired.values[inside] * paired.weights[inside])
            linked[places] += 2
        found = self._weights @ best
        lone = (linked <= 1) if self._several else np.zeros(names.size, bool)
        total = max(self.query.total, SLACK)
        theirs = covered / np.maximum(self._roll.totals[names], SLACK)
        most = ceilings(found / total, theirs, np.minimum(found, covered), lone, reverse=self._reverse)
        reaching: Flags = most >= self._floor - SLACK
        return reaching

    def _likeness(
        self, rows: list[_Row], texts: Numbers, table: Floats, columns: Integers
    ) -> Callable[[str, str], float]:
        """Return the likeness of a word (or two as one) of the query and a text of a name that is compared."""
        near: dict[str, dict[str, float]] = {
            text: {
                self._roll.pairs[number]: value for number, value in zip(*map(np.ndarray.tolist, alike), strict=True)
            }
            for text, alike in self._pairs_near.items()
        }
        needed = np.unique(columns)
        words = [self._roll.words[number] for number in texts[needed].tolist()]
        for row, line in zip(rows, table[:, needed].tolist(), strict=True):
            near.setdefault(row.text, {}).update(zip(words, line, strict=True))

        def alike(word: str, other: str) -> float:
            return near[word].get(other, 0.0)

        return alike


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
