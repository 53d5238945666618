r"""Other ways to read a normalised text, and what every one of them gives.

A view is a pure function `read(normalised) -> Reading | None` in a module of its own (`view_sound`, `view_pinyin` …).
It is given the joined, normalised texts of a batch, a `SEPARATOR` after each, and answers with another text in which
terms are searched like in the first, and with the way back: for each of its characters the span that it stands for.

    view_reversed.read("去博赌网\0") → text "网赌博去\0", starts 3 2 1 0 4, ends 4 3 2 1 5
    view_split.read("去贝者博\0")    → text "去赌博\0", starts 0 1 3 4, ends 1 3 4 5

Rules for a view:
1. None where nothing is suspicious; finding that out costs next to nothing, since most texts are innocent.
2. A reading may hold only the parts of the text that look suspicious. Parts that do not follow one another, and the
   texts of a batch, stand apart by a `SEPARATOR`; no term holds one, so nothing is ever found across.
3. What a text reads like does not depend on its neighbours in the batch.
4. What is read at a place depends on at most 1,000 characters on each side of it, for a long text is read in parts.
5. Within one part of a reading, places only grow or only fall.
6. A view may be told what is looked for (`Sought`) and leave out stretches in which nothing of it can stand.
7. The length of a reading is bounded by a small multiple of the text's.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from screening.text.normalize import Offsets

    Table = NDArray[np.uint8]


class View(enum.StrEnum):
    """A way of reading a text."""

    EXACT = "exact"
    """The normalised text as it stands."""

    SYMBOLS = "symbols"
    """Without symbols and spaces between Han characters."""

    SOUND = "sound"
    """By the sound of each Han character: what is written with others that sound alike."""

    PINYIN = "pinyin"
    """Latin letters that spell Han characters, whole or by their initials."""

    SPLIT = "split"
    """Characters written as their parts, one beside another, are put together again."""

    EMOJI = "emoji"
    """Emoji read as the characters that they mean or sound like."""

    REVERSED = "reversed"
    """From right to left."""

    REPEATED = "repeated"
    """Characters written several times over, read once."""


class Sought(Protocol):
    """What is looked for, as far as a view asks for it to read less. Never no where something is looked for."""

    def beside(
        self, left: NDArray[np.uint32], middle: NDArray[np.uint32], right: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Say of characters, given what stands on both sides of them, which may stand so in what is looked for."""
        ...

    @property
    def within(self) -> tuple[Table, Table, int]:
        """Return the same as tables for a loop: characters alone, hashes of pairs, and how these are shifted."""
        ...

    @property
    def beginnings(self) -> tuple[Any, ...] | None:
        """Return with what patterns begin, as tables for a loop; None where a single character may be one."""
        ...


class Reading(NamedTuple):
    """A text as one view reads it.

    Attributes:
        view: which view this is.
        text: what is read; parts that do not follow one another stand apart by a `SEPARATOR`.
        starts: for each character of `text`, where in the normalised text that which says it begins.
        ends: for each character of `text`, where that ends. Of a `SEPARATOR`'s own place nothing is asked.
    """

    view: View
    text: str
    starts: Offsets
    ends: Offsets

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the normalised text behind a span of this reading that is not empty.

        Readings may run backwards, so the span reaches from the lowest start to the highest end.
        """
        return int(self.starts[start:end].min()), int(self.ends[start:end].max())
