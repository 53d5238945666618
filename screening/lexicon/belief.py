"""Whether what one view reads as a term was meant so: one question to the view itself, asked alike of all.

Each view knows best what tells an evasion from an accident, and asks for what it needs: the text, the term, the words
around. What stands written as it is has been found before, so no view finds it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from screening.text import oddity, view_emoji, view_pinyin, view_repeated, view_reversed, view_sound, view_split
from screening.text.reading import View

if TYPE_CHECKING:
    from screening.text.oddity import Place
    from screening.text.reading import Reading
    from screening.text.segment import Segmenter


class Sceptic:
    """Judges candidates of one reading of one text.

    Args:
        text: the normalised text.
        reading: what a view made of it.
        segmenter: sees words.
    """

    def __init__(self, text: str, reading: Reading, segmenter: Segmenter) -> None:
        self._text = text
        self._reading = reading
        self._segmenter = segmenter

    def believes(  # noqa: PLR0911 - one question for each view
        self, term: str, start: int, end: int, first: int, last: int
    ) -> bool:
        """Say whether a candidate was meant.

        Args:
            term: the normalised term.
            start: where the candidate begins in the reading.
            end: where it ends there.
            first: where it begins in the text.
            last: where it ends there.
        """
        text, reading = self._text, self._reading
        found = text[first:last]
        if found == term:
            return False
        match reading.view:
            case View.SOUND:
                # `Hearing` has weighed what is worth being segmented, all candidates at once.
                return view_sound.believable(found, term, self._place(first, last))
            case View.SPLIT:
                return view_split.promising(found, term) and view_split.believable(
                    found, term, self._place(first, last)
                )
            case View.REVERSED:
                starts = reading.starts[start:end].tolist()
                return view_reversed.promising(text, starts, term) and view_reversed.believable(
                    text, starts, term, self._place(first, last)
                )
            case View.PINYIN:
                spans = zip(reading.starts[start:end].tolist(), reading.ends[start:end].tolist(), strict=True)
                return view_pinyin.believable(text, list(spans), term)
            case View.EMOJI:
                return view_emoji.believable(text, first, last)
            case View.REPEATED:
                return view_repeated.believable(found, term)
            case View.EXACT | View.SYMBOLS:
                raise ValueError(f"view: found {reading.view.value}, which needs no reading, expected one that does")
            case never:
                assert_never(never)

    def _place(self, first: int, last: int) -> Place:
        return oddity.place(self._text, first, last, self._segmenter.cut)
