"""Plain lists for tests: many terms that share all their fields."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from screening.evidence import Ceiling
from screening.lexicon.entries import Boundary, Entry, Lexicon, PlainList
from screening.lexicon.packed import PackedTexts
from screening.text.reading import View

if TYPE_CHECKING:
    from collections.abc import Iterable


def shared(name: str = "own-words", **fields: object) -> Entry:
    """Return what the terms of a list share."""
    values = {
        "category": "gambling", "severity": 2, "ceiling": Ceiling.REVIEW, "boundary": Boundary.NONE, "largest_gap": 3,
        "views": frozenset({View.EXACT, View.SYMBOLS}), "allow": (), "near": (), "not_near": (), "review_near": (),
        "window": 30, "source": "test", "reason": "test", "added": dt.date(2026, 1, 1),
        "review_by": dt.date(2027, 1, 1),
    }  # fmt: skip
    return Entry(id=name, terms=(), must_hit=(), must_not_hit=(), **(values | fields))  # type: ignore[arg-type]


def plain_lexicon(terms: Iterable[str], **fields: object) -> Lexicon:
    """Return a lexicon of one plain list."""
    return Lexicon((), (PlainList(shared(**fields), PackedTexts.of(terms)),))
