"""What each word of a name weighs, by its part and by how many listed names hold it.

A word that one listed name holds weighs 1.0; one that a thousand hold ("mohammad", "trading") half of that. Legal
forms, titles and particles weigh little whatever their number. Words that no listed name holds weigh as the rarest.
"""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING, NamedTuple

from screening.watchlist.names import Name, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class Rarity:
    """How many of some names hold each word."""

    def __init__(self, names: Iterable[Name]) -> None:
        counts: collections.Counter[str] = collections.Counter()
        for name in names:
            counts.update({word.text for word in name.words if word.part is Part.WORD})
        self._weights = {text: max(LEAST_WEIGHT, 1.0 - _FALL * math.log(count)) for text, count in counts.items()}

    def profile(self, name: Name) -> Profile:
        """Weigh the words of a name."""
        weights = tuple(
            self._weights.get(word.text, 1.0) if word.part is Part.WORD else _WEIGHTS[word.part] for word in name.words
        )
        pairs = tuple(
            Pair(start, first.text + second.text)
            for start, (first, second) in enumerate(zip(name.words, name.words[1:], strict=False))
            if first.part in _JOINABLE and second.part in _JOINABLE
        )
        return Profile(name, weights, sum(weights), pairs, name.joined)


_JOINABLE = frozenset({Part.WORD, Part.PARTICLE, Part.TITLE, Part.INITIAL})
