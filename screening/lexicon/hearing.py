"""Which of many candidates by sound are worth being judged one by one, told in columns.

Ordinary text holds ten to twenty of them in a thousand characters, nearly all parts of ordinary words, and to judge one
(`view_sound.believable`) costs as much as to search a hundred characters. So all candidates of a passage are first
weighed together, as well as they can come out:

    a character in a word of two, beside it in the candidate      `_IN_WORD` bits at most, 3 where it was altered
    any other character                                           as many bits as it is rare, as `oddity` counts them

and those go on that may reach what `believable` asks for. Words of two are looked up, not segmented, so now and then a
candidate is dropped that a segmenter would have cut otherwise; the tests say how often.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from screening.text import oddity, view_sound
from screening.text.codes import codes_of
from screening.text.hashes import SPREAD
from screening.text.looping import loops
from screening.text.rarity import MOST
from screening.text.segment import REMEMBERED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.lexicon.compiled import Compiled, Index
    from screening.text.segment import Segmenter

_ALTERED_IN_WORD = 3
_IN_WORD = 6
_FEW = 24
"""Candidates up to which each is weighed alone: a text of 500 characters has some ten."""

_ROOM = 8_192
"""Pairs of characters of which nothing is known that a loop finds room for at first."""

_PAIRS = 17
"""Bits of the hash of pairs that are remembered (1 MiB)."""

_CHARACTER, _MASK, _ONE = np.uint64(21), np.uint64((1 << 21) - 1), np.uint64(1)
_SLOT = np.uint64(64 - _PAIRS)

_LEAST_ALTERED = 9
"""Bits that the altered characters of a candidate must have among themselves."""


class Hearing:
    """Weighs candidates by sound. Built once for a lexicon."""

    def __init__(self, lexicon: Compiled, index: Index, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._lexicon, self._index = lexicon, index
        self._pairs = np.zeros(1 << _PAIRS, dtype=np.uint64)
        """Pairs of characters, each at the place that its hash says, with a last bit that says whether it is a word."""
        self._knows = functools.lru_cache(maxsize=REMEMBERED)(lambda word: segmenter.knows((word,))[0])
        meant = [lexicon.normal[term] for term in index.first]
        self._meant = np.frombuffer("".join(meant).encode("utf-32-le"), dtype=np.uint32)
        self._begins = np.cumsum([0, *map(len, meant)], dtype=np.int32)
        self._several = np.zeros(len(meant), dtype=bool)
        self._several[list(index.further)] = True
        self._least = np.array([view_sound.enough(width) for width in range(index.longest + 1)])

    def worth(self, text: str, table: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Say of each candidate (start, end, pattern) whether it may be believed."""
        looped = loops()
        if looped is not None:
            return self._looped(looped, codes_of(text), table)
        if len(table) <= _FEW:
            return np.array([self._worth(text, *row) for row in table.tolist()], dtype=np.bool_)
        codes = codes_of(text)
        starts, last = table[:, 0], table[:, 1] - 1
        widths = last - starts + 1
        total = np.zeros(len(table), dtype=np.int32)
        # Candidates are few, so their characters are looked up, not those of the whole text.
        for at in range(widths.max(initial=0)):
            longer = np.flatnonzero(widths > at)
            total[longer] += _rarity()[codes[starts[longer] + at]]
        worth: NDArray[np.bool_] = total >= self._least[widths]
        rows = np.flatnonzero(worth)
        if len(rows):
            worth[rows] = self._weighed(codes, table[rows])
        return worth

    def believed(self, text: str, table: NDArray[np.int32]) -> list[bool | None] | None:
        """Say of each candidate that is worth it whether it is more than an accident, as `view_sound.believable` does.

        Returns:
            None for a candidate whose pattern stands for several terms, and for all where arrays are to be used.
        """
        looped = loops()
        if looped is None or not len(table):
            return None
        spans = [oddity.around(text, start, end) for start, end, _ in table.tolist()]
        words = self._segmenter.lengths([text[first:last] for first, last in spans])
        answers = np.empty(len(table), dtype=np.bool_)
        looped.believed(
            codes_of(text),
            table.reshape(-1),
            self._meant,
            self._begins,
            np.array(spans, dtype=np.int32).reshape(-1),
            np.array(words, dtype=np.int32),
            _rarity(),
            *view_sound.readings(),
            self._least,
            *_weights(),
            answers,
        )
        several = self._several[table[:, 2]].tolist()
        return [None if many else answer for many, answer in zip(several, answers.tolist(), strict=True)]

    def _looped(self, looped: Any, codes: NDArray[np.uint32], table: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Weigh candidates by a compiled loop; pairs of which it does not know whether they are words are asked for."""
        worth = np.empty(len(table), dtype=np.bool_)
        known = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.bool_)
        fixed = (
            codes, np.ascontiguousarray(table).reshape(-1), int(oddity.KEPT), self._meant, self._begins, self._several,
            _rarity(), self._least, _in_word(), self._pairs, int(_SLOT),
        )  # fmt: skip
        for room in (_ROOM, len(table) * (self._index.longest + 1)):
            unknown = np.empty(room, dtype=np.uint64)
            count = looped.weighed(*fixed, *known, unknown, worth)
            if count >= 0:
                break
        if count:
            asked = np.array(sorted(set(unknown[:count].tolist())), dtype=np.uint64)
            known = asked, self._asked(asked)
            looped.weighed(*fixed, *known, unknown, worth)
            self._pairs[asked * SPREAD >> _SLOT] = asked << _ONE | known[1]
        return worth

    def _asked(self, pairs: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Ask the dictionary which pairs of characters are words."""
        left, right = (pairs >> _CHARACTER).tolist(), (pairs & _MASK).tolist()
        words = [chr(one) + chr(other) for one, other in zip(left, right, strict=True)]
        return np.array(self._segmenter.knows(words), dtype=np.bool_)

    def _worth(self, text: str, start: int, end: int, pattern: int) -> bool:
        """Say the same of one candidate: of a few that is sooner than all at once."""
        rarity = oddity.bits()
        alone = [rarity.get(character, MOST) for character in text[start:end]]
        width = end - start
        if sum(alone) < self._least[width]:
            return False
        knows = self._knows
        word = [knows(text[at : at + 2]) for at in range(start - 1, end)]
        word[0] = word[0] and start > 0
        if width > 2:
            word[0] = word[-1] = word[0] and word[-1]
        meant = self._pattern(pattern)
        bits = changed = 0
        for at, worth in enumerate(alone):
            covered = word[at] or word[at + 1]
            if meant is None or text[start + at] != meant[at]:
                bits += _ALTERED_IN_WORD if covered else worth
                changed += _ALTERED_IN_WORD if covered else worth
            else:
                bits += _IN_WORD if covered else min(worth, int(oddity.KEPT))
        return bits >= self._least[width] and changed >= (_LEAST_ALTERED if width <= 4 else _ALTERED_IN_WORD)

    def _pattern(self, pattern: int) -> str | None:
        """Return the term that a pattern stands for; None where it stands for several."""
        return None if pattern in self._index.further else self._lexicon.normal[self._index.first[pattern]]

    def _weighed(self, codes: NDArray[np.uint32], table: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Weigh candidates, each padded to the width of the widest."""
        widths = table[:, 1] - table[:, 0]
        columns = np.arange(widths.max(), dtype=np.int32)
        within = columns < widths[:, None]
        places = np.minimum(table[:, :1] + columns, len(codes) - 1)
        meant = np.minimum(self._begins[table[:, 2]][:, None] + columns, len(self._meant) - 1)
        written = codes[places]
        # A pattern of several terms is weighed as if all of it were altered, in rare characters.
        altered = (written != self._meant[meant]) | self._several[table[:, 2]][:, None]
        covered = self._covered(codes, table[:, 0], widths, within)
        alone = _rarity()[written].astype(np.int32)
        bits = np.where(altered, alone, np.minimum(alone, int(oddity.KEPT)))
        changed = np.where(covered, _ALTERED_IN_WORD, alone) * (altered & within)
        bits = np.where(covered, np.where(altered, _ALTERED_IN_WORD, _IN_WORD), bits) * within
        fewest = np.where(widths <= 4, _LEAST_ALTERED, _ALTERED_IN_WORD)
        weighed: NDArray[np.bool_] = (bits.sum(axis=1) >= self._least[widths]) & (changed.sum(axis=1) >= fewest)
        return weighed

    def _covered(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int32], widths: NDArray[np.int32], within: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Say of each character of each candidate whether a word of two holds it.

        Of two characters, one in a word with what stands outside belongs there. Of more, that is believed only where it
        is so at both ends: at one end alone the segmenter may well see it otherwise.
        """
        lefts = starts[:, None] + np.arange(-1, within.shape[1], dtype=np.int32)
        asked = np.concatenate((np.ones((len(starts), 1), dtype=np.bool_), within), axis=1)
        asked[:, 0] &= starts > 0
        word = np.zeros(asked.shape, dtype=np.bool_)
        word[asked] = self._words(codes[lefts[asked]], codes[lefts[asked] + 1])
        every = np.arange(len(starts))
        both = (word[:, 0] & word[every, widths]) | (widths <= 2)
        word[:, 0] &= both
        word[every, widths] &= both
        covered: NDArray[np.bool_] = word[:, :-1] | word[:, 1:]
        return covered

    def _words(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Say of pairs of characters whether each is a word; answers are remembered, each in one number."""
        pairs = left.astype(np.uint64) << _CHARACTER | right
        slots = pairs * SPREAD >> _SLOT
        held = self._pairs[slots]
        known: NDArray[np.bool_] = (held & _ONE).astype(np.bool_)
        unknown = (held >> _ONE != pairs).nonzero()[0]
        if len(unknown):
            asked, back = np.unique(pairs[unknown], return_inverse=True)
            known[unknown] = self._asked(asked)[back]
            self._pairs[slots[unknown]] = pairs[unknown] << _ONE | known[unknown]
        return known


@functools.cache
def _rarity() -> NDArray[np.uint8]:
    """Build, once, the table of what every code point alone is worth (1 MiB)."""
    rarity = np.full(0x110000, MOST, dtype=np.uint8)
    for character, worth in oddity.bits().items():
        rarity[ord(character)] = worth
    return rarity


@functools.cache
def _in_word() -> NDArray[np.int32]:
    """Return what the loop weighs with."""
    return np.array([_IN_WORD, _ALTERED_IN_WORD, _LEAST_ALTERED, _ALTERED_IN_WORD], dtype=np.int32)


@functools.cache
def _weights() -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return what the loop judges with."""
    bits = (oddity.KEPT, view_sound.NEAR, *oddity.WEIGHTS)
    return np.array(bits, dtype=np.float64), np.array(oddity.COUNTS, dtype=np.int32)
