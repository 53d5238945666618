"""What each word of a name weighs, by its part and by how common it is.

A rare word weighs 1.0; one that hundreds of listed parties bear ("mohammad", "trading") little more than half of that.
Legal forms, titles and particles weigh little however rare. How common a word is stands in a table of its own and does
not depend on the lists in force: so the score of two names depends on these two names alone, and a change of a list
changes the scores of nobody else.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

from screening.watchlist.commonness import COMMON
from screening.watchlist.names import Name, Part, Word
from screening.watchlist.skeletons import Skeletons

LEAST_WEIGHT = 0.4
"""What the most common word weighs."""

SURELY_ALIKE = 0.8
"""The likeness from which a word written without vowels is taken for a common one."""

OF_THE_FATHER = 0.65
"""What a patronymic weighs of what the word weighs else: papers and lists leave it out, and it names somebody else."""

_FALL = 0.5 / math.log(1000)
_WEIGHTS = {
    Part.INITIAL: 0.25,
    Part.NUMBER: 0.8,
    Part.PARTICLE: 0.15,
    Part.TITLE: 0.12,
    Part.FORM: 0.10,
    Part.UNREAD: 1.0,
}


class Pair(NamedTuple):
    """Two neighbouring words written as one; `start` is the place of the first."""

    start: int
    text: str


class Profile(NamedTuple):
    """A name ready to be compared: words, their weights, their sum, neighbours joined, and all joined."""

    name: Name
    weights: tuple[float, ...]
    total: float
    pairs: tuple[Pair, ...]
    joined: str


def weighed(name: Name) -> Profile:
    """Weigh the words of a name."""
    weights = tuple(map(weight_of, name.words))
    pairs = tuple(
        Pair(start, first.text + second.text)
        for start, (first, second) in enumerate(zip(name.words, name.words[1:], strict=False))
        if first.part in _JOINABLE and second.part in _JOINABLE
    )
    return Profile(name, weights, sum(weights), pairs, name.joined)


def weight_of(word: Word) -> float:
    """Return what a word weighs, whatever name it stands in."""
    if word.part is Part.WORD:
        return _common().get(word.text, 1.0)
    if word.part is Part.PATRONYMIC:
        return OF_THE_FATHER * _common().get(word.text, 1.0)
    return _unvowelled(word.text) if word.part is Part.UNVOWELLED else _WEIGHTS[word.part]


@functools.lru_cache(maxsize=65_536)
def _unvowelled(text: str) -> float:
    """Return what a word without its vowels weighs: as much as the commonest word that it may be."""
    near = _common_skeletons().near(text)
    return min((_common()[word] for word, alike in near.items() if alike >= SURELY_ALIKE), default=1.0)


@functools.cache
def _common_skeletons() -> Skeletons:
    return Skeletons(_common())


@functools.cache
def _common() -> dict[str, float]:
    """Return what each common word weighs."""
    steps = (step.partition(":") for step in COMMON.split("|"))
    return {
        word: max(LEAST_WEIGHT, 1.0 - _FALL * math.log(int(count)))
        for count, _, words in steps
        for word in words.split()
    }


_JOINABLE = frozenset({Part.WORD, Part.PATRONYMIC, Part.PARTICLE, Part.TITLE, Part.INITIAL})
