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
from screening.watchlist.names import Name, Part

LEAST_WEIGHT = 0.4
"""What the most common word weighs."""

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
    weights = tuple(
        _common().get(word.text, 1.0) if word.part is Part.WORD else _WEIGHTS[word.part] for word in name.words
    )
    pairs = tuple(
        Pair(start, first.text + second.text)
        for start, (first, second) in enumerate(zip(name.words, name.words[1:], strict=False))
        if first.part in _JOINABLE and second.part in _JOINABLE
    )
    return Profile(name, weights, sum(weights), pairs, name.joined)


@functools.cache
def _common() -> dict[str, float]:
    """Return what each common word weighs."""
    steps = (step.partition(":") for step in COMMON.split("|"))
    return {
        word: max(LEAST_WEIGHT, 1.0 - _FALL * math.log(int(count)))
        for count, _, words in steps
        for word in words.split()
    }


_JOINABLE = frozenset({Part.WORD, Part.PARTICLE, Part.TITLE, Part.INITIAL})
