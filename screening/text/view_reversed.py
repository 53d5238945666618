"""Reading in other directions: from right to left (站网博赌), and down the columns of lines one below another.

Backwards the whole text is read, since nothing tells beforehand which part is meant so. Read backwards, ordinary
writing makes a term now and then (上网: 网上), so a candidate is evidence only where the writing is odd.

    赌 今      columns are read where three lines or more are equally long, or where each line holds one character
    博 天
    网 好
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from screening.text.codes import codes_of, places
from screening.text.looping import loops
from screening.text.normalize import SEPARATOR
from screening.text.oddity import bits, most, oddity
from screening.text.rarity import MOST
from screening.text.reading import Reading, View
from screening.text.stretches import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from screening.text.oddity import Place

_ODD_ENOUGH = {2: 24.0, 3: 20.0}
_LONG_ENOUGH = 16.0
"""Bits from which on a term of two characters, three, and more read backwards is no accident."""

_WIDEST = 14
"""Characters in a line up to which columns are read: two half-lines of verse; what is longer is prose."""

_FEWEST_LINES = 3
_FEWEST_ALONE = 2
"""Lines below one another from which on columns are read, and the same where each line is one character."""

_LINE = re.compile(rf"[^\n\r{SEPARATOR}]+|{SEPARATOR}")
_BRIEF = 2_000
"""Characters up to which a text is looked through line by line sooner than all at once."""

_LINE_ENDS = frozenset({"", "\n", "\r", SEPARATOR})

_COLUMN_LENGTH = 3
_COLUMN_BITS = 33.0
"""Characters and bits from which on a term in a column of wider lines is no accident."""


def read(normalised: str) -> Reading | None:
    """Read a text backwards, and its columns downwards; None for an empty one.

    >>> found = read("去博赌")
    >>> found.text[:3], found.span(0, 2)
    ('赌博去', (1, 3))
    """
    if not normalised:
        return None
    written = codes_of(normalised)
    ordered = places(len(written) + 1)
    starts, ends = ordered[-2::-1], ordered[:0:-1]
    backwards = normalised[::-1]
    columns = _columns(normalised, written)
    if columns is None:
        return Reading(View.REVERSED, backwards, starts, ends)
    return Reading(
        View.REVERSED,
        f"{backwards}{SEPARATOR}{columns.text}",
        np.concatenate((starts, starts[-1:], columns.starts)),
        np.concatenate((ends, starts[-1:], columns.ends)),
    )


def promising(text: str, starts: Sequence[int], term: str) -> bool:
    """Say whether a candidate is worth being segmented: read in another direction, and rare enough at the best.

    Args:
        text: normalised text.
        starts: where each character of the term stands in it.
        term: the normalised term.
    """
    if _downwards(starts):
        return _column(text, starts, term)
    return term != term[::-1] and most(term) >= _ODD_ENOUGH.get(len(term), _LONG_ENOUGH)


def believable(text: str, starts: Sequence[int], term: str, held: Place) -> bool:
    """Say whether a term read in another direction is more than an accident.

    Args:
        text: normalised text.
        starts: where each character of the term stands in it.
        term: the normalised term.
        held: where the candidate stands among the words around it (`oddity.place`).
    """
    if _downwards(starts):
        return _column(text, starts, term)
    return oddity(held, [0.0] * len(term)) >= _ODD_ENOUGH.get(len(term), _LONG_ENOUGH)


def _downwards(starts: Sequence[int]) -> bool:
    return len(starts) > 1 and starts[1] > starts[0]


def _column(text: str, starts: Sequence[int], term: str) -> bool:
    if all(_alone(text, place) for place in starts):
        return True
    total = sum(bits().get(character, MOST) for character in term)
    return len(term) >= _COLUMN_LENGTH and total >= _COLUMN_BITS


def _alone(text: str, place: int) -> bool:
    """Say whether a character is all of its line."""
    return text[max(0, place - 1) : place] in _LINE_ENDS and text[place + 1 : place + 2] in _LINE_ENDS


def _columns(text: str, written: NDArray[np.uint32]) -> Reading | None:
    """Read the columns of the lines of a text downwards; None where no lines stand below one another."""
    looped = loops()
    if looped is not None:
        if not looped.lined(written, _WIDEST, _FEWEST_LINES):
            return None
    elif len(text) < _BRIEF and not _lined(text):
        return None
    writer = Writer()
    blocks = _blocks(written)
    for lines, width in blocks:
        for column in range(width):
            for start in lines:
                writer.keep(text, start + column, start + column + 1)
            writer.part(lines[-1])
    return writer.reading(View.REVERSED) if blocks else None


def _lined(text: str) -> bool:
    """Say whether two lines of one text, one below the other, are equally long."""
    before = 0
    for line in _LINE.finditer(text):
        start, end = line.span()
        if text[start] == SEPARATOR:
            before = 0
        elif end - start == before <= _WIDEST:
            return True
        else:
            before = end - start
    return False


def _blocks(written: NDArray[np.uint32]) -> list[tuple[list[int], int]]:
    """Return where lines begin that are equally long and follow one another, and how long they are."""
    ending = np.flatnonzero((written == ord("\n")) | (written == ord("\r")) | (written == ord(SEPARATOR)))
    if len(ending) < _FEWEST_ALONE:
        return []
    starts = np.concatenate(([0], ending + 1))
    lengths = np.concatenate((ending, [len(written)])) - starts
    # How many texts came before: lines of two texts do not stand below one another.
    texts = np.concatenate(([0], np.cumsum(written[ending] == ord(SEPARATOR))))
    lined = lengths > 0
    starts, lengths, texts = starts[lined], lengths[lined], texts[lined]
    below = (lengths[1:] == lengths[:-1]) & (lengths[1:] <= _WIDEST) & (texts[1:] == texts[:-1])
    found: list[tuple[list[int], int]] = []
    for at in np.flatnonzero(below).tolist():
        if found and found[-1][0][-1] == starts[at]:
            found[-1][0].append(int(starts[at + 1]))
        else:
            found.append(([int(starts[at]), int(starts[at + 1])], int(lengths[at])))
    return [(lines, width) for lines, width in found if width == 1 or len(lines) >= _FEWEST_LINES]
