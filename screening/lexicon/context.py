"""What stands around a hit: words that must be near, must not be near, or call for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.evidence import Ceiling
from screening.text.normalize import SEPARATOR, normalize

if TYPE_CHECKING:
    from screening.lexicon.entries import Entry


class Context:
    """The context rules of one entry, over normalised text."""

    def __init__(self, entry: Entry) -> None:
        self._near = _plain(entry.near)
        self._not_near = _plain(entry.not_near)
        self._review_near = _plain(entry.review_near) if entry.ceiling is Ceiling.AUTO else ()
        self._window = entry.window
        self._ceiling = entry.ceiling

    def ceiling(self, text: str, start: int, end: int) -> Ceiling | None:
        """Judge a hit's surroundings.

        Args:
            text: normalised text; a `SEPARATOR` parts fields, and nothing beyond it is near.
            start: where the hit begins in it.
            end: where the hit ends in it.

        Returns:
            The most that the hit may lead to here; None where there is no hit.
        """
        if not (self._near or self._not_near or self._review_near):
            return self._ceiling
        before = text[max(0, start - self._window) : start].rpartition(SEPARATOR)[2]
        after = text[end : end + self._window].partition(SEPARATOR)[0]
        # What is inside the hit is not near it: a term may itself hold one of the words.
        around = f"{before}{SEPARATOR}{after}"
        if self._near and not any(word in around for word in self._near):
            return None
        if any(word in around for word in self._not_near):
            return None
        if any(word in around for word in self._review_near):
            return Ceiling.REVIEW
        return self._ceiling


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(normalize(word).text for word in words)
