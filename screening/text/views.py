"""Other ways of reading a normalised text: so far, without the symbols between Han characters.

    赌*博  赌 博  赌🎲博  赌|博|网|站 → 赌博 赌博 赌博 赌博网站

Stops and commas part sentences far more often than they hide words, so a gap that holds one counts only where
every character of the term stands apart (赌.博.网, but not 我在网上，赌场), and the caller must see to it that the
term's ends are ends of words. Four characters or more that all stand apart are no accident, whatever is between them.
"""

from __future__ import annotations

import enum
import functools
import itertools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from screening.text.codes import codes_of, text_of
from screening.text.hashes import two
from screening.text.looping import loops, nothing
from screening.text.normalize import SEPARATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.text.normalize import Offsets
    from screening.text.reading import Sought

OTHER, HAN, SYMBOL, SPACE, STOP = range(5)
"""Kinds of characters."""

_STOPS = frozenset(",.!?;:、。…—~～·・/\"'“”‘’()[]{}《》<>「」『』【】〔〕〈〉\n\r\v\f")
"""What ordinary writing puts between Han characters, in normal form; line ends too."""


_NO_ACCIDENT = 3
"""Gaps, with nothing but gaps between the characters, from which on writing is no longer ordinary."""


class Gaps(enum.Enum):
    """What stands between the characters of a term."""

    NOTHING = "nothing"
    SYMBOLS = "symbols"
    """What ordinary writing does not put there."""
    ORDINARY = "ordinary"
    """Spaces, or stops around each of a few characters: to be trusted only where words begin and end."""
    UNSOUND = "unsound"
    """Too wide, beside a letter or digit, or what ordinary writing looks like."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without symbols and spaces; `origin` gives the place of each character in the text given."""

    text: str
    origin: Offsets


def without_symbols(text: str) -> Stripped:
    """Drop all symbols, stops and spaces of a normalised text (separators of a batch stay).

    >>> without_symbols("去 赌*博").text
    '去赌博'
    """
    codes = codes_of(text)
    origin = (_kinds()[codes] < SYMBOL).nonzero()[0].astype(np.int32)
    return Stripped(text_of(codes[origin]), origin)


def near_gaps(
    text: str,
    longest: int,
    largest: int,
    sought: Sought | None = None,
) -> Stripped | None:
    """Return the same where a term could stand over a gap, None where there is no gap: a third of most texts.

    Around a gap without stops, that is everything a term of `longest` characters may reach; around one with a stop, the
    two characters beside it, for there every character of the term must stand apart. What does not follow one another
    is parted by a `SEPARATOR`.

    Args:
        text: the normalised text, with a `SEPARATOR` at its end.
        longest: characters of the longest term.
        largest: the most symbols between two characters of any term.
        sought: what is looked for; gaps between characters that nothing of it holds side by side are passed over.
    """
    codes = codes_of(text)
    _, inside, shift = nothing() if sought is None else sought.within
    looped = loops()
    if looped is not None:
        kept, places = looped.near_gaps(codes, _kinds(), inside, shift, longest, largest)
        return Stripped(text_of(kept), places) if len(places) else None
    kinds = _kinds().take(codes)
    symbols = (kinds >= SYMBOL).nonzero()[0]
    # Everything below is as long as there are symbols, until something is marked.
    if not len(symbols):
        return None
    ends = np.ones(len(symbols), dtype=np.bool_)
    np.greater(symbols[1:] - symbols[:-1], 1, out=ends[:-1])
    starts = np.ones_like(ends)
    starts[1:] = ends[:-1]
    begins = starts.nonzero()[0]
    left, right = symbols[begins] - 1, symbols[ends] + 1
    stopped = np.maximum.reduceat(kinds[symbols], begins) == STOP
    # A text ends with its separator, so something stands to the right of every gap.
    between = (right - left - 1 <= largest) & (kinds[left] == HAN) & (kinds[right] == HAN) & (left >= 0)
    if sought is not None:
        pairs = two(codes[left], codes[np.minimum(right, len(codes) - 1)])
        between &= inside.take(pairs >> np.uint32(shift)) != 0
    left, right, stopped = left[between], right[between], stopped[between]
    if not len(left):
        return None
    marked = np.zeros(len(codes), dtype=bool)
    marked[left[stopped]] = marked[right[stopped]] = True
    if not stopped.all():
        for start, end in _reached(left[~stopped], right[~stopped], symbols, len(codes), longest):
            marked[start:end] = True
        marked[symbols] = False
    chosen = marked.nonzero()[0]
    # Two marked characters follow one another where nothing but symbols is between them; else the place after the
    # first becomes a separator.
    apart = (chosen[1:] - chosen[:-1] > 1).nonzero()[0]
    before, after = chosen[apart], chosen[apart + 1]
    passed = symbols.searchsorted(after) - symbols.searchsorted(before)
    parted = before[after - before - 1 > passed] + 1
    marked[parted] = True
    codes = codes.copy()
    codes[parted] = ord(SEPARATOR)
    origin: Offsets = marked.nonzero()[0].astype(np.int32)
    return Stripped(text_of(codes[origin]), origin)


def _reached(
    left: NDArray[np.intp], right: NDArray[np.intp], symbols: NDArray[np.intp], length: int, longest: int
) -> list[tuple[int, int]]:
    """Return the spans that a term across each of some gaps may reach, symbols read over."""
    if not len(left):
        return []
    # Characters are counted without symbols, and counted back.
    before = symbols - np.arange(len(symbols))
    first = np.maximum(left - np.searchsorted(symbols, left) - longest + 1, 0)
    last = np.minimum(right - np.searchsorted(symbols, right) + longest - 1, length - len(symbols) - 1)
    starts = first + np.searchsorted(before, first, side="right")
    ends = last + np.searchsorted(before, last, side="right") + 1
    spans: list[tuple[int, int]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def gaps(text: str, places: list[int], largest: int) -> Gaps:
    """Judge what stands between the characters of a term.

    Args:
        text: the normalised text.
        places: where in it each character of the term stands.
        largest: the most symbols allowed between two of them.
    """
    kinds = _kinds()
    apart = 0
    between: set[int] = set()
    for left, right in itertools.pairwise(places):
        if right == left + 1:
            continue
        if right - left - 1 > largest or kinds[ord(text[left])] != HAN or kinds[ord(text[right])] != HAN:
            return Gaps.UNSOUND
        apart += 1
        between.update(int(kinds[ord(text[place])]) for place in range(left + 1, right))
    if not apart:
        return Gaps.NOTHING
    if apart == len(places) - 1 and apart >= _NO_ACCIDENT:
        return Gaps.SYMBOLS
    if STOP in between:
        return Gaps.ORDINARY if apart == len(places) - 1 else Gaps.UNSOUND
    return Gaps.ORDINARY if SPACE in between else Gaps.SYMBOLS


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    """Build, once, the table of kinds (0.1 s, 1 MiB)."""
    kinds = np.full(0x110000, OTHER, dtype=np.uint8)
    for first, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0)):
        kinds[first:end] = HAN
    kinds[0x3007] = HAN
    for code in (*range(0x3400), *range(0x4DC0, 0x4E00), *range(0xA000, 0xAC00), *range(0xE000, 0x20000)):
        character = chr(code)
        if character.isspace():
            kinds[code] = STOP if character in _STOPS else SPACE
        elif unicodedata.category(character)[0] in "PS" or unicodedata.category(character) == "Co":
            kinds[code] = STOP if character in _STOPS else SYMBOL
    return kinds
