"""Contents cut into passages: what is normalised and searched at once, with the way back to each field.

Short fields are joined, some thousands of texts to a passage, since every call costs more than a short text. A field
longer than a passage is cut into several. Each of those begins with the end of the one before and ends with the
beginning of the one after, a `margin` on both sides, wide enough that everything a hit depends on stands in at least
one passage whole. A passage answers for the hits that begin in its own part, and for those that begin before it and
are too long for the passage before; so nothing hides in a cut and nothing is found twice.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from screening.text.html import Readable, readings
from screening.text.normalize import SEPARATOR, Normalized, normalize, normalize_joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screening.subjects import Content

CHUNK = 200_000
"""Code points of a passage. Between the cost of a call (nothing at this length) and memory (some 10 MiB of arrays and,
at the worst, some 100 MiB of occurrences); the arrays stay in a processor's cache."""


class Field(NamedTuple):
    """A field of a content; `text` is what a reader sees of it, as far as it is screened."""

    content: int
    name: Literal["title", "body"]
    source: str
    text: str
    markup: Readable | None
    whole: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of a span of the text."""
        if self.markup is None:
            return start, end
        return self.markup.span(start, end)


class Passage(NamedTuple):
    """Some fields, or a part of one, normalised.

    Attributes:
        fields: the fields in it.
        text: normalised, a `SEPARATOR` after each field.
        origin: where each character stands in the fields' texts joined, or in the one field's text.
        starts: where each field begins in the joined texts.
        bounds: where each field ends in `text`.
        answers: in a part of a field, where its own part begins and ends, and how far the passage before it saw.
        last: whether the fields end here.
    """

    fields: Sequence[Field]
    text: str
    origin: np.ndarray[tuple[int], np.dtype[np.int32]]
    starts: Sequence[int]
    bounds: Sequence[int]
    answers: tuple[int, int, int] | None = None
    last: bool = True

    def is_mine(self, start: int, end: int) -> bool:
        """Say whether this passage answers for a hit."""
        if self.answers is None:
            return True
        begins, ends, seen = self.answers
        return begins <= start < ends or (start < begins and end > seen)


def fields_of(contents: Sequence[Content], most: int | None = None) -> Iterator[Field]:
    """Yield all fields that hold something.

    Args:
        contents: whose fields.
        most: code points of what a reader sees, after which a field is cut off.
    """
    for index, content in enumerate(contents):
        if content.title:
            for markup in _markup(content.title, content.format):
                yield _field(index, "title", content.title, markup, most)
        if content.body:
            for markup in _markup(content.body, content.format):
                yield _field(index, "body", content.body, markup, most)


def passages(fields: Iterable[Field], margin: int, chunk: int = CHUNK) -> Iterator[Passage]:
    """Yield fields normalised, in their order, none of the parts of a cut field apart from the others.

    Args:
        fields: what to read.
        margin: normalised characters on each side of a part of a field that a hit in it may depend on.
        chunk: code points of a passage; a longer field is cut.
    """
    held: list[Field] = []
    length = 0
    for field in fields:
        size = len(field.text) + 1
        if held and length + size > chunk:
            yield _joined(held)
            held, length = [], 0
        if size > chunk:
            yield from _cut(field, margin, chunk)
        else:
            held.append(field)
            length += size
    if held:
        yield _joined(held)


def _markup(source: str, form: str) -> tuple[Readable | None, ...]:
    """Return the texts that stand in markup: what is shown, attributes, hidden text; None for plain text."""
    return readings(source) if form == "html" else (None,)


def _field(
    content: int, name: Literal["title", "body"], source: str, markup: Readable | None, most: int | None
) -> Field:
    text = source if markup is None else markup.text
    if most is not None and len(text) > most:
        return Field(content, name, source, text[:most], markup, whole=False)
    return Field(content, name, source, text, markup, whole=True)


def _joined(fields: list[Field]) -> Passage:
    joined = normalize_joined([field.text for field in fields])
    if len(fields) == 1:
        return Passage(fields, joined.text, joined.origin, (0,), (len(joined.text) - 1,))
    ends = [end - 1 for end in accumulate(len(field.text) + 1 for field in fields)]
    bounds = np.searchsorted(joined.origin, ends).tolist()
    return Passage(fields, joined.text, joined.origin, [0, *(end + 1 for end in ends)], bounds)


def _cut(field: Field, margin: int, chunk: int) -> Iterator[Passage]:
    """Yield the parts of a long field, each normalised with its margins."""
    pieces = (_piece(field.text, place, chunk) for place in range(0, len(field.text), chunk))
    before = Normalized("", np.empty(0, dtype=np.int32))
    seen = 0
    here = next(pieces, None)
    while here is not None:
        after = next(pieces, None)
        # Pieces of invisible characters alone hold no margin.
        while after is not None and len(after.text) < margin:
            more = next(pieces, None)
            if more is None:
                break
            after = _chained(after, more)
        ahead = _part(after, 0, margin)
        begins = len(before.text)
        ends = begins + len(here.text)
        window = _chained(before, here, ahead)
        origin = np.append(window.origin, np.int32(len(field.text)))
        yield Passage(
            (field,), window.text + SEPARATOR, origin, (0,), (len(window.text),), (begins, ends, seen), after is None
        )
        before = _part(_chained(before, here), max(0, ends - margin), ends)
        seen = len(before.text) + len(ahead.text)
        here = after


def _piece(text: str, place: int, chunk: int) -> Normalized:
    normal = normalize(text[place : place + chunk])
    return Normalized(normal.text, normal.origin + np.int32(place))


def _part(text: Normalized | None, start: int, end: int) -> Normalized:
    if text is None:
        return Normalized("", np.empty(0, dtype=np.int32))
    return Normalized(text.text[start:end], text.origin[start:end])


def _chained(*texts: Normalized) -> Normalized:
    return Normalized("".join(text.text for text in texts), np.concatenate([text.origin for text in texts]))
