"""How odd is it that these characters stand here? What tells an evasion from an accident of ordinary writing.

Read by sound, backwards or from parts, ordinary sentences are full of terms. But in ordinary writing a segmenter sees
words, and between them a few single characters that are on every page. An evasion is made of characters that belong to
no word around them and seldom stand alone. So the oddity of a candidate is a sum of bits:

    a character that stands alone            as many bits as it is rare (log2 of one in how many words)
    one of them that the writer left as is   the same, at most `KEPT`
    a character of a word                    3, and 6 where it is left as is; less where the word reaches beyond

Where all the writing around is of rare single characters (classical verse, lists of names), oddity is no evidence, so
the share of these in the surroundings is taken off. Where next to nothing stands around, and no word of every day, it
is a name, of which nothing can be said. The figures were set on altered terms of the shipped lexicons, and
on reviews, dialogues, news titles and poems.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from screening.text.normalize import SEPARATOR
from screening.text.rarity import BITS, MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

AROUND = 12
"""Code points looked at on each side of a candidate."""

KEPT = 13.0
"""The most bits of a character that nobody altered: it may be what the text is about."""

_ALONE = 9
"""Bits from which on a single character in the surroundings counts as rare."""

_NAME = 6
"""Fewer Han characters around than this, with no word among them that every sentence has, are a name: of a plant, a
medicine, a village. There characters that belong to no word are no sign of anything."""

_SHORT = 3
"""Characters of a candidate up to which that is so."""

_USUAL = 10
"""Bits up to which a single character is a word that every sentence has."""

_FEW = 4
"""Fewer Han characters around than this tell nothing about the writing."""

_USUAL_SHARE = 0.25
"""The share of rare single characters that ordinary writing has."""

_PENALTY = 50.0
"""Bits taken off where all characters around are rare and single."""


_OF_WORD = 3.0
_OF_WORD_KEPT = 6.0
_CROSSING = 2.0
"""Bits of a character of a word, where some of the word was altered, where none was, and altered in a word that reaches
beyond."""

_LEAST_SHORT, _LEAST_LONG = 8.0, 3.0

WEIGHTS = (_PENALTY, _USUAL_SHARE, _CROSSING, _OF_WORD, _OF_WORD_KEPT, _LEAST_SHORT, _LEAST_LONG)
COUNTS = (_ALONE, _USUAL, _NAME, _SHORT, _FEW)
"""These figures, for a loop that judges many at once (`text.loops.heard`)."""


class Place(NamedTuple):
    """Where a candidate stands among the words that a segmenter sees.

    Attributes:
        words: the words of the candidate and its surroundings, in order.
        start: where in the joined words the candidate begins.
        end: where it ends.
    """

    words: tuple[str, ...]
    start: int
    end: int


def place(text: str, start: int, end: int, cut: Callable[[str], Iterable[str]]) -> Place:
    """Cut a candidate and its surroundings into words.

    Args:
        text: normalised text; nothing beyond a `SEPARATOR` is looked at.
        start: where the candidate begins in it.
        end: where it ends.
        cut: a segmenter: gives the words of a text, in order and without loss.
    """
    first, last = around(text, start, end)
    return Place(tuple(cut(text[first:last])), start - first, end - first)


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a candidate's surroundings begin and end, the candidate among them."""
    first = text.rfind(SEPARATOR, max(0, start - AROUND), start) + 1 or max(0, start - AROUND)
    last = text.find(SEPARATOR, end, end + AROUND)
    return first, min(len(text), end + AROUND) if last < 0 else last


def oddity(held: Place, altered: Sequence[float | None]) -> float:
    """Return the bits of a candidate, 0.0 where what was altered is itself ordinary.

    Args:
        held: the candidate among the words around it.
        altered: for each of its characters None where it is as the term has it, else bits to take off (0.0: none).
    """
    start, stop = held.start, held.end
    total = changed = 0.0
    begin = first = last = 0
    for at, word in enumerate(held.words):
        end = begin + len(word)
        if end <= start:
            first = at + 1
        elif begin >= stop:
            break
        else:
            gained, evidence = _word(word, altered[max(begin - start, 0) : end - start])
            total += gained
            changed += evidence
            last = at + 1
        begin = end
    if changed < least(stop - start):
        # Most candidates end here, so what stands around is looked at only now.
        return 0.0
    rarity = bits()
    odd = around = usual = 0
    for word in (*held.words[:first], *held.words[max(first, last) :]):
        if _han(word[0]):
            around += len(word)
            odd += len(word) == 1 and rarity.get(word, MOST) > _ALONE
            usual += len(word) == 1 and rarity.get(word, MOST) <= _USUAL
    if around < _NAME and not usual and held.end - held.start <= _SHORT:
        return 0.0
    if around >= _FEW:
        total -= _PENALTY * max(0.0, odd / around - _USUAL_SHARE)
    return max(0.0, total)


def most(found: str) -> float:
    """Return the bits that a candidate could have at most: cheap, to be asked before anything is segmented."""
    rarity = bits()
    return float(sum(rarity.get(character, MOST) for character in found))


@functools.cache
def bits() -> dict[str, int]:
    """Return how rare each Han character is as a word of its own; those not in it have `MOST` bits."""
    rows = (row.partition(":") for row in BITS.split("|"))
    return {character: int(number) for number, _, characters in rows for character in characters}


def _word(word: str, lost: Sequence[float | None]) -> tuple[float, float]:
    """Return the bits of the part of a word that a candidate covers, and how many of them are from what was altered."""
    if len(word) == 1:
        rarity = float(bits().get(word, MOST)) if _han(word) else 0.0
        if lost[0] is None:
            return min(rarity, KEPT), 0.0
        return rarity - lost[0], rarity - lost[0]
    crossing = len(lost) < len(word)
    replaced = len(lost) - lost.count(None)
    if replaced:
        return (_CROSSING if crossing else _OF_WORD) * len(lost), _OF_WORD * replaced
    return (_OF_WORD if crossing else _OF_WORD_KEPT) * len(lost), 0.0


def least(length: int) -> float:
    """Return how many bits the altered characters of a candidate must have among themselves."""
    return _LEAST_SHORT if length <= 4 else _LEAST_LONG


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
