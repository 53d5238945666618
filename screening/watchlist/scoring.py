"""How alike two words are, and the only door to rapidfuzz.

Likeness counts edits (insertion, deletion, substitution, neighbours swapped: "optimal string alignment") against the
longer word, on the letters as folded and on their sounds; the better of the two counts. Words further apart than
`most_edits` allows are not alike at all (0.0), which is what lets the index find every pair that can count.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening.watchlist.letters import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

MOST_EDITS = 3
"""The most edits between two words that can count as one."""


STEEP_BELOW = 0.8
STEEPNESS = 0.5
"""Below `STEEP_BELOW` likeness falls faster than edits: one edit in three letters makes another name ("Wei", "Wu")."""


def most_edits(length: int) -> int:
    """Return how many edits a pair may have whose longer word has `length` letters: two fifths, at most three."""
    return min(MOST_EDITS, (2 * length) // 5)


def likeness_of(edits: int, length: int) -> float:
    """Return how alike a pair is with `edits` between them, the longer of `length` letters."""
    if edits == 0:
        return 1.0
    if edits > most_edits(length):
        return 0.0
    plain = 1.0 - edits / length
    return plain - STEEPNESS * max(0.0, STEEP_BELOW - plain)


def likeness(first: str, second: str) -> float:
    """Return how alike two words are, from 0.0 to 1.0. Words with digits are the same or not alike.

    >>> likeness("estrada", "estradn") > 0.85
    True
    """
    if first == second:
        return 1.0
    if not (first.isalpha() and second.isalpha()):
        return 0.0
    by_letter = likeness_of(edits(first, second), max(len(first), len(second)))
    factor = sound_factor(min(len(first), len(second)), max(len(first), len(second)))
    if by_letter >= factor:
        return by_letter
    heard, other = sound(first), sound(second)
    if heard[:1] != other[:1]:
        return by_letter
    by_sound = likeness_of(edits(heard, other), max(len(heard), len(other)))
    return max(by_letter, factor * by_sound)


def sound_factor(shorter: int, longer: int) -> float:
    """Return what likeness by sound is worth beside likeness by letter, by the lengths of the two words.

    The shorter a word, the more often it sounds like another by chance ("Ko", "Gu"; "Sean", "Zein"). Words that do not
    begin with the same sound are compared by letter only ("Susan", "Husayn").
    """
    if shorter < 3 or longer < 4:
        return 0.0
    return {3: 0.85, 4: 0.85, 5: 0.93}.get(shorter, 0.97)


def edits(first: str, second: str) -> int:
    """Return the edits between two words."""
    return int(OSA.distance(first, second))


def edits_to(word: str, others: Sequence[str], most: int) -> Integers:
    """Return the edits from a word to each of others; those over `most` count as `most + 1`."""
    # rapidfuzz's stubs leave the element type open.
    table: Any = process.cdist([word], others, scorer=OSA.distance, score_cutoff=most, dtype=np.int64)
    row: Integers = table[0]
    return row


LONGEST = 2048
"""More letters than a word of a name can have, however its characters fold (400 of at most four letters each)."""

_SAME_FROM = 64
"""From this length on `sound_factor` no longer changes."""


@functools.cache
def likeness_table() -> Floats:
    """Return `likeness_of` as a table, by edits and length; a row more for all that is further apart."""
    rows = [[likeness_of(edits, length) for length in range(LONGEST)] for edits in range(MOST_EDITS + 1)]
    return np.array([*rows, [0.0] * LONGEST])


@functools.cache
def factor_table() -> Floats:
    """Return `sound_factor` as a table, by two lengths; the last row and column are for all longer ones."""
    lengths = range(_SAME_FROM + 1)
    return np.array([[sound_factor(min(one, two), max(one, two)) for two in lengths] for one in lengths])


def likenesses(apart: Integers, lengths: Integers) -> Floats:
    """Return what `likeness_of` does, for many at once; more than `MOST_EDITS` edits are not alike."""
    values: Floats = likeness_table()[np.minimum(apart, MOST_EDITS + 1), lengths]
    return values


def sound_factors(length: int, lengths: Integers) -> Floats:
    """Return `sound_factor` of a word of one length with words of others."""
    values: Floats = factor_table()[min(length, _SAME_FROM), np.minimum(lengths, _SAME_FROM)]
    return values
