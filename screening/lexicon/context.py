"""What stands around a hit: words that must be near, must not be near, belong to it, or speak for the writer.

An entry's context decides in this order:
1. `near`, `not_near`, `with`: is there a hit at all? Each word of `with` that is found belongs to the hit, and the
   quote spans all of it where that is no more than `CLOSE` characters.
2. `review_near`, `review_in`, `evidence_in`: what may it lead to? Each can only lower that, and `via` names it.

A word may be a kind of term, written `kind:phone`: a telephone number must be near.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple, assert_never

from screening.evidence import Ceiling
from screening.lexicon import kinds
from screening.lexicon.conditions import AFTER, REACH, Condition, in_quotation, in_refusal, in_verse
from screening.lexicon.kinds import Kind
from screening.lexicon.spotting import spot, spread
from screening.text.normalize import SEPARATOR, normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screening.lexicon.entries import Entry

CLOSE = 40
"""The longest quote of a combination, in normalised characters: a reader takes it in at one look."""

KIND = "kind:"
"""Begins a word of the context that is a kind of term."""

REVIEW_NEAR = "context"
"""The step in `via` of a hit that `review_near` holds."""

COMBINED = "combined"
"""The step in `via` of a hit that needed the words of `with`."""

_LEVEL = {Ceiling.EVIDENCE: 0, Ceiling.REVIEW: 1, Ceiling.AUTO: 2}


class Judged(NamedTuple):
    """A hit in its surroundings.

    Attributes:
        ceiling: the most it may lead to here.
        start: where what it quotes begins.
        end: where that ends.
        steps: what of the context took part, for `via`.
    """

    ceiling: Ceiling
    start: int
    end: int
    steps: tuple[str, ...]


class Words(NamedTuple):
    """A list of the context: words in normal form, and kinds of term.

    `pattern` finds any of the words by one look, for lists hold a hundred words and most stand nowhere near; None where
    there is none.
    """

    words: tuple[str, ...]
    kinds: frozenset[Kind]
    pattern: re.Pattern[str] | None


class _Place(NamedTuple):
    """Where a word of the context stands; those closest to the hit sort first."""

    distance: int
    start: int
    end: int


class _Around(NamedTuple):
    """The surroundings of a hit, as far as its entry looks."""

    text: str
    first: int
    start: int
    end: int
    last: int

    @property
    def written(self) -> str:
        """What is inside the hit is not near it: a term may itself hold one of the words."""
        return f"{self.text[self.first : self.start]}{SEPARATOR}{self.text[self.end : self.last]}"

    def hold(self, looked: Words, written: str) -> bool:
        """Say whether one of some words or kinds stands here; `written` is the property of that name."""
        if looked.pattern is not None and looked.pattern.search(written):
            return True
        return bool(looked.kinds) and next(self.spotted(looked.kinds), None) is not None

    def places(self, looked: Words) -> list[_Place]:
        """Return where words and kinds stand closest to the hit, on each side, the closest first."""
        found: list[_Place] = []
        if looked.pattern is not None and looked.pattern.search(self.text, self.first, self.last):
            found = [place for word in looked.words for place in self._closest(word)]
        if looked.kinds:
            found.extend(self.spotted(looked.kinds))
        return sorted(found)

    def _closest(self, word: str) -> Iterator[_Place]:
        at = self.text.rfind(word, self.first, self.start)
        if at >= 0:
            yield _Place(self.start - at - len(word), at, at + len(word))
        at = self.text.find(word, self.end, self.last)
        if at >= 0:
            yield _Place(at - self.end, at, at + len(word))

    def spotted(self, wanted: frozenset[Kind]) -> Iterator[_Place]:
        """Yield what of some kinds stands here whole, outside the hit."""
        offset = max(0, self.first - kinds.REACH)
        for found in spot(self.text[offset : self.last + kinds.REACH], wanted):
            start, end = found.start + offset, found.end + offset
            if self.first <= start and end <= self.start:
                yield _Place(self.start - end, start, end)
            elif self.end <= start and end <= self.last:
                yield _Place(start - self.end, start, end)


class Context:
    """The context rules of one entry, over normalised text."""

    def __init__(self, entry: Entry) -> None:
        self._near = _plain(entry.near)
        self._not_near = _plain(entry.not_near)
        self._review_near = _plain(entry.review_near if entry.ceiling is Ceiling.AUTO else ())
        self._together = tuple(map(_plain, entry.together))
        lowering = dict.fromkeys(entry.review_in, Ceiling.REVIEW) | dict.fromkeys(entry.evidence_in, Ceiling.EVIDENCE)
        self._lowering = tuple(
            (condition, lowering[condition])
            for condition in Condition
            if condition in lowering and _LEVEL[lowering[condition]] < _LEVEL[entry.ceiling]
        )
        self._reporting = _plain(entry.reporting)
        self._refusal = _plain(tuple(word for word in entry.refusal if not word.startswith(AFTER)))
        self._condemning = _plain(tuple(word.removeprefix(AFTER) for word in entry.refusal if word.startswith(AFTER)))
        self.window = entry.window
        """How far the words of the context are looked for on each side, in code points."""
        self.asked = tuple(
            looked for looked in (self._near, *self._together) if all(looked.words or ("",)) and not looked.kinds
        )
        """Lists of which a word must stand within the window, outside the hit, or there is none. What a kind of term
        may answer is left out."""
        self._ceiling = entry.ceiling
        asked = (self._near, self._not_near, self._review_near, *self._together)
        self._asks = any(any(words) for words in asked) or bool(self._lowering)

    def judge(self, text: str, start: int, end: int) -> Judged | None:
        """Judge a hit's surroundings.

        Args:
            text: normalised text; a `SEPARATOR` parts fields, and nothing beyond it is near.
            start: where the hit begins in it.
            end: where the hit ends in it.

        Returns:
            What the hit may lead to here, and its span; None where there is no hit.
        """
        if not self._asks:
            return Judged(self._ceiling, start, end, ())
        around = self._around(text, start, end)
        written = around.written
        if any(self._near) and not around.hold(self._near, written):
            return None
        if around.hold(self._not_near, written):
            return None
        span = self._span(around)
        if span is None:
            return None
        steps = [COMBINED] if self._together else []
        ceiling = self._ceiling
        if around.hold(self._review_near, written):
            ceiling = Ceiling.REVIEW
            steps.append(REVIEW_NEAR)
        for condition, level in self._lowering:
            if self._holds(condition, around, written):
                ceiling = min(ceiling, level, key=_LEVEL.__getitem__)
                steps.append(f"in-{condition}")
        return Judged(ceiling, *span, tuple(steps))

    def _around(self, text: str, start: int, end: int) -> _Around:
        first = max(0, start - self.window)
        first = max(first, text.rfind(SEPARATOR, first, start) + 1)
        parted = text.find(SEPARATOR, end, end + self.window)
        return _Around(text, first, start, end, min(len(text), end + self.window) if parted < 0 else parted)

    def _span(self, around: _Around) -> tuple[int, int] | None:
        """Return the span of the hit with what belongs to it; None where something of it is missing.

        Each list of `with` needs a word of its own, the closest that no list before it took.
        """
        taken: list[_Place] = []
        for looked in self._together:
            free = (
                place
                for place in around.places(looked)
                if all(place.end <= held.start or held.end <= place.start for held in taken)
            )
            place = next(free, None)
            if place is None:
                return None
            taken.append(place)
        first = min([around.start, *(place.start for place in taken)])
        last = max([around.end, *(place.end for place in taken)])
        return (first, last) if last - first <= CLOSE else (around.start, around.end)

    def _holds(self, condition: Condition, around: _Around, written: str) -> bool:
        text, start, end = around.text, around.start, around.end
        match condition:
            case Condition.QUOTATION:
                return in_quotation(text, start, end)
            case Condition.REPORTING:
                return around.hold(self._reporting, written)
            case Condition.REFUSAL:
                return in_refusal(text, start, end, self._refusal.words, self._condemning.words)
            case Condition.VERSE:
                return in_verse(text, start, end)
            case never:
                assert_never(never)


def reach(entries: Iterable[Entry]) -> int:
    """Return how many characters on each side of a hit its judgement may depend on, for any of some entries."""
    widest = max((entry.window for entry in entries), default=0)
    return max(widest + kinds.REACH, REACH) + CLOSE


@functools.lru_cache(maxsize=4096)
def _plain(written: tuple[str, ...]) -> Words:
    """Normalise a list of the context; most entries share theirs."""
    words = tuple(normalize(word).text for word in written if not word.startswith(KIND))
    named = (Kind(word.removeprefix(KIND)) for word in written if word.startswith(KIND))
    pattern = re.compile("|".join(map(re.escape, words))) if words else None
    return Words(words, spread(named), pattern)
