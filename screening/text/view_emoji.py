"""Reading emoji as characters: 金🌸 → 金花, ➕V❤ → 加v信.

One lookup finds the emoji of a batch that say something; what is around them is read, with each of an emoji's readings
in turn. Spaces and skin tones between them are passed over. Emoji also decorate: of several in a row, or of the same
one twice, nobody reads a single one as a character, so `believable` wants the sign among characters.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np

from screening.text.codes import codes_of
from screening.text.emoji import MEANINGS
from screening.text.looping import loops
from screening.text.reading import View
from screening.text.stretches import Writer, stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.text.normalize import Codes
    from screening.text.reading import Reading

MOST_WAYS = 6
"""Ways in which one stretch is read, the readings of its emoji multiplied out."""

_FEWEST_ALONE = 3
"""Different emoji that, with no character among them, may still be a term."""

_ROOM = 1_024
"""Emoji that a loop finds room for."""

_PASSED = frozenset(" \u3000🏻🏼🏽🏾🏿")
"""Between emoji and characters these say nothing."""


def read(normalised: str) -> Reading | None:
    """Read emoji as characters; None where there are none that say anything.

    >>> found = read("玩金🌸的来")
    >>> found.text[:5], found.span(1, 3)
    ('玩金花的来', (1, 3))
    """
    written = codes_of(normalised)
    places = _signs(written)
    if not places:
        return None
    writer = Writer()
    meanings = _meanings()
    for first, last, spans in stretches(normalised, [(place, place + 1) for place in places]):
        signs = dict.fromkeys(normalised[start] for start, _ in spans)
        for chosen in itertools.islice(itertools.product(*(meanings[sign] for sign in signs)), MOST_WAYS):
            said = dict(zip(signs, chosen, strict=True))
            for at in range(first, last):
                character = normalised[at]
                if character in said:
                    writer.say(said[character], at, at + 1)
                elif character not in _PASSED:
                    writer.keep(normalised, at, at + 1)
            writer.part(last)
    return writer.reading(View.EMOJI)


def believable(text: str, start: int, end: int) -> bool:
    """Say whether a candidate, read from emoji, is meant so.

    Args:
        text: normalised text.
        start: where the candidate begins in it.
        end: where it ends.
    """
    meanings = _meanings()
    found = text[start:end]
    signs = sum(character in meanings for character in found)
    if not signs:
        return False
    if all(character in meanings or character in _PASSED for character in found):
        # Emoji alone: three different ones that make a term are no decoration.
        return len(set(found) - _PASSED) >= _FEWEST_ALONE
    beside = text[max(0, start - 1) : start], text[end : end + 1]
    return not any(
        inner in meanings and (outer in meanings or outer == inner)
        for inner, outer in ((found[0], beside[0]), (found[-1], beside[1]))
    )


def _signs(written: Codes) -> list[int]:
    """Return where emoji stand that say something."""
    looped = loops()
    if looped is not None:
        places = np.empty(_ROOM, dtype=np.intp)
        count = looped.marked(written, _speaking(), places)
        if count >= 0:
            return list(map(int, places[:count]))
    return list(map(int, _speaking().take(written).nonzero()[0]))


@functools.cache
def _meanings() -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1:].split("/")) for row in MEANINGS.split("|")}


@functools.cache
def _speaking() -> NDArray[np.bool_]:
    """Return which code points are emoji that say something (1 MiB)."""
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[ord(sign) for sign in _meanings()]] = True
    return table
