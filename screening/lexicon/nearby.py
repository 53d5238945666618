"""Which of many candidates have near them a word of each list that their entry asks for, told in columns.

Terms of every day (教程, 视频, 怎么) count only together with other words, and ordinary text is full of them: of a
hundred such candidates one has these words near. To judge one costs as much as to search a hundred characters, so all
candidates of a passage are first looked at together. Where a word of some list may begin is told by a look at a small
table, by the two characters that stand there; for each candidate the few such places within its window say whether a
list of its entry has no word there.

Only what surely is no hit is left out: words that begin alike, or have one hash, are kept for nothing, and `context`
says no to them. A list that a kind of term may answer is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.lexicon.kinds import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from screening.lexicon.alphabets import Alphabet
    from screening.lexicon.compiled import Compiled, Index
    from screening.lexicon.context import Context, Words

_NOTHING = -1
_FEW = 24
"""Candidates up to which each is judged alone: a text of 500 characters has some seven."""

_AT_ONCE = 500
"""Candidates looked at together: enough for a call to cost nothing. Where words stand as densely as they can, each
looks at some hundreds of places, and a passage may hold a hundred thousand candidates: all at once took gigabytes."""

_BITS = 16
"""Bits of the hash of two characters: words are some thousand, and the table stays close to the processor."""

_FIRST, _SECOND = np.uint32(0x9E37_79B1), np.uint32(0x85EB_CA6B)
"""Odd factors of the hash: the golden ratio and MurmurHash3's."""


class Beginnings(NamedTuple):
    """Where words of the context may begin in a text.

    Attributes:
        places: these places, in order; one may stand twice.
        words: for each, which words may begin there: a row of the table of lists.
    """

    places: NDArray[np.intp]
    words: NDArray[np.intp]


class Nearby:
    """Looks for what entries ask for. Built once for a lexicon, then only read.

    Args:
        lexicon: whose terms.
        contexts: for each of its entries the context rules.
    """

    def __init__(self, lexicon: Compiled, contexts: Sequence[Context]) -> None:
        lists: dict[Words, int] = {}
        self._asked = [
            tuple(dict.fromkeys((lists.setdefault(looked, len(lists)), context.window) for looked in context.asked))
            for context in contexts
        ]
        words = [(word, number) for looked, number in lists.items() for word in looked.words]
        self._alone, alone = _table([(ord(word), number) for word, number in words if len(word) == 1], 0x110000)
        pairs = [(int(_two(codes_of(word[:2]))[0]), number) for word, number in words if len(word) > 1]
        self._paired, paired = _table(pairs, 1 << _BITS)
        self._held = np.zeros((len(alone) + len(paired), len(lists)), dtype=np.bool_)
        for row, numbers in enumerate((*alone, *paired)):
            self._held[row, list(numbers)] = True
        self._shift = len(alone)
        demands: dict[tuple[int, ...], int] = {}
        self._demands = {
            alphabet: self._demanded(lexicon, index, demands) for alphabet, index in lexicon.indexes.items()
        }
        # One row for each list that one of a pattern's entries asks for; `leads` says where an entry's rows begin.
        self._counts = np.array([sum(len(self._asked[one]) for one in held) for held in demands], dtype=np.intp)
        self._begins = np.cumsum(self._counts) - self._counts
        rows = [row for held in demands for one in held for row in self._asked[one]]
        self._lists, self._windows = np.array(rows, dtype=np.intp).reshape(-1, 2).T
        self._leads = np.array(
            [not at for held in demands for one in held for at in range(len(self._asked[one]))], dtype=np.bool_
        )
        patterns = [looked.pattern for looked in lists]
        self._each = [
            [[(patterns[number], window) for number, window in self._asked[one]] for one in held] for held in demands
        ]

    @property
    def asks(self) -> bool:
        """Whether there is anything to look for."""
        return bool(len(self._counts))

    def of(self, text: str) -> Near:
        """Return what judges the candidates of one normalised text."""
        return Near(self, text)

    def demands(self, alphabet: Alphabet) -> NDArray[np.int32]:
        """Return for each pattern of an alphabet the number of what its terms ask for; -1 where one asks nothing."""
        return self._demands[alphabet]

    def beginnings(self, text: str) -> Beginnings:
        """Return where words may begin in a normalised text."""
        codes = codes_of(text)
        single, pair = self._alone.take(codes), self._paired.take(_two(codes))
        alone, paired = np.flatnonzero(single != 0), np.flatnonzero(pair != 0)
        places = np.concatenate((alone, paired))
        order = np.argsort(places, kind="stable")
        words = np.concatenate((single[alone], pair[paired] + np.uint16(self._shift)))
        return Beginnings(places[order], words[order].astype(np.intp) - 1)

    def may(
        self, held: Beginnings, starts: NDArray[np.int32], ends: NDArray[np.int32], demands: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """Say of candidates whether all that one of their entries asks for may stand near.

        Args:
            held: where words may begin.
            starts: where each candidate begins in the text.
            ends: where each ends.
            demands: the number of what each asks for; none of them -1.
        """
        counts = self._counts[demands]
        rows = _spread(self._begins[demands], counts)
        owner = np.repeat(np.arange(len(demands)), counts)
        lists, windows, starts, ends = self._lists[rows], self._windows[rows], starts[owner], ends[owner]
        low = np.searchsorted(held.places, starts - windows)
        met = np.searchsorted(held.places, ends + windows) - low
        looked, row = _spread(low, met), np.repeat(np.arange(len(rows)), met)
        places = held.places[looked]
        # A word that begins inside the candidate is not near it.
        stands = self._held[held.words[looked], lists[row]] & ((places < starts[row]) | (places >= ends[row]))
        has = np.zeros(len(rows), dtype=np.bool_)
        has[row[stands]] = True
        entries = np.flatnonzero(self._leads[rows])
        may = np.zeros(len(demands), dtype=np.bool_)
        may[owner[entries[np.logical_and.reduceat(has, entries)]]] = True
        return may

    def may_be(self, text: str, start: int, end: int, demand: int) -> bool:
        """Say the same of one candidate: of a few that is sooner than all at once."""
        return any(
            all(
                pattern is None or pattern.search(text, max(0, start - window), end + window)
                for pattern, window in asked
            )
            for asked in self._each[demand]
        )

    def _demanded(self, lexicon: Compiled, index: Index, demands: dict[tuple[int, ...], int]) -> NDArray[np.int32]:
        """Number what the patterns of an index ask for: what one of the entries of their terms does."""
        first = np.array(index.first, dtype=np.intp)
        entries = np.array(lexicon.entry_of, dtype=np.intp)[first]
        asks = np.array([bool(asked) for asked in self._asked], dtype=np.bool_)
        found = np.full(len(first), _NOTHING, dtype=np.int32)
        asking = np.flatnonzero((first != _NOTHING) & asks[entries])
        for pattern, entry in zip(asking.tolist(), entries[asking].tolist(), strict=True):
            every = {entry, *(lexicon.entry_of[term] for term in index.further.get(pattern, ()))}
            if all(self._asked[one] for one in every):
                found[pattern] = demands.setdefault(tuple(sorted(every)), len(demands))
        return found


class Near:
    """Judges the candidates of one text; where words may begin in it is looked up once, when it is first asked."""

    def __init__(self, nearby: Nearby, text: str) -> None:
        self._nearby = nearby
        self._text = text
        self._beginnings: Beginnings | None = None

    def may(
        self, alphabet: Alphabet, patterns: NDArray[np.int32], starts: NDArray[np.int32], ends: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """Say of candidates whether what their entries ask for may stand near.

        Args:
            alphabet: in which they were found.
            patterns: which pattern each is.
            starts: where each begins in the text.
            ends: where each ends.
        """
        demands = self._nearby.demands(alphabet)[patterns]
        may: NDArray[np.bool_] = demands == _NOTHING
        asking = np.flatnonzero(~may)
        if len(asking) <= _FEW:
            rows = zip(asking.tolist(), starts[asking].tolist(), ends[asking].tolist(), strict=True)
            for at, start, end in rows:
                may[at] = self._nearby.may_be(self._text, start, end, int(demands[at]))
        else:
            if self._beginnings is None:
                self._beginnings = self._nearby.beginnings(self._text)
            for begin in range(0, len(asking), _AT_ONCE):
                held = asking[begin : begin + _AT_ONCE]
                may[held] = self._nearby.may(self._beginnings, starts[held], ends[held], demands[held])
        return may


def _table(keys: Iterable[tuple[int, int]], size: int) -> tuple[NDArray[np.uint16], list[set[int]]]:
    """Return a table that numbers keys from 1 on, 0 for all others, and for each the numbers that go with it."""
    held: dict[int, set[int]] = {}
    for key, number in keys:
        held.setdefault(key, set()).add(number)
    table = np.zeros(size, dtype=np.uint16)
    table[list(held)] = np.arange(1, len(held) + 1)
    return table, list(held.values())


def _two(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the hash of each character with the one after it."""
    return ((codes[:-1] * _FIRST) ^ (codes[1:] * _SECOND)) >> np.uint32(32 - _BITS)


def _spread(begins: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return ranges, given where each begins and how long it is, one after another."""
    after = np.cumsum(counts)
    total = int(after[-1]) if len(after) else 0
    return np.repeat(begins - after + counts, counts) + np.arange(total)
