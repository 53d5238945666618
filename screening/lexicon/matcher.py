"""Finding the entries of a lexicon in contents, batch by batch, with spans in the text as it was sent.

Rules of this module:
1. `field[start:end] == quote`, always, also in markup.
2. A content's hits do not depend on what else is in its batch.
3. Overlapping hits of one category: the gravest stays (severity, then ceiling), then the longest, then the leftmost.
   Gravity comes first so that a further entry never weakens a verdict. Hits of different categories are all kept.
4. Of one category at most `MOST_HITS` are kept in a field, gravest first: a flood never hides another category and
   never turns a hit into none.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

import numpy as np

from screening.evidence import Ceiling, ContentHit, content_order
from screening.lexicon.automaton import Automaton
from screening.lexicon.context import Context
from screening.lexicon.entries import Boundary, Entry, Lexicon, View
from screening.text.html import Readable, readable
from screening.text.normalize import Normalized, normalize, normalize_joined, steps_within
from screening.text.segment import WINDOW
from screening.text.views import Gaps, gaps, without_symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screening.subjects import Content
    from screening.text.segment import Segmenter

MOST_HITS = 50
"""Hits of one category kept in one field: enough evidence for any person, and a result stays far below 10 MiB."""

SCORES = {View.EXACT: 1.0, View.SYMBOLS: 0.9}
"""How sure a hit is by the view that found it. A judgement, not a measured probability."""

_CHUNK = 4_000_000
"""Code points joined at once, some 150 MiB of arrays; longer batches are taken in pieces."""

_GRAVITY = {Ceiling.EVIDENCE: 0, Ceiling.REVIEW: 1, Ceiling.AUTO: 2}


@dataclass(frozen=True, slots=True)
class _Rule:
    """An entry, ready to be applied."""

    entry: Entry
    context: Context


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a content; `text` is what a reader sees, `start` its place in the joined text."""

    content: int
    name: Literal["title", "body"]
    source: str
    text: str
    start: int
    markup: Readable | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of a span of the text."""
        if self.markup is None:
            return start, end
        return int(self.markup.starts[start]), int(self.markup.ends[end - 1])


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit in normalised text, before overlaps are resolved."""

    rule: _Rule
    term: str
    start: int
    end: int
    view: View
    ceiling: Ceiling

    @property
    def rank(self) -> tuple[int, int, int, float, str, str]:
        """Sort key: who wins comes first."""
        gravity = 10 * self.rule.entry.severity + _GRAVITY[self.ceiling]
        return (-gravity, self.start - self.end, self.start, -SCORES[self.view], self.rule.entry.id, self.term)


class ContentMatcher:
    """Finds a lexicon's entries. Built once for a version of the lexicon, then only read."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        places: dict[str, int] = {}
        self._terms: dict[int, list[tuple[_Rule, str]]] = defaultdict(list)
        self._allowed: dict[int, set[str]] = defaultdict(set)
        for entry in lexicon.entries:
            rule = _Rule(entry, Context(entry))
            for term in entry.terms:
                place = places.setdefault(normalize(term).text, len(places))
                self._terms[place].append((rule, term))
            for phrase in entry.allow:
                place = places.setdefault(normalize(phrase).text, len(places))
                self._allowed[place].add(entry.id)
        self._automaton = Automaton(places)

    def find(self, contents: Sequence[Content]) -> list[tuple[ContentHit, ...]]:
        """Return the hits of each content, in the order of `content_order`."""
        hits: list[list[ContentHit]] = [[] for _ in contents]
        for fields in _chunks(contents):
            joined = normalize_joined([field.text for field in fields])
            grouped: dict[tuple[int, str], list[_Found]] = defaultdict(list)
            ends = np.array([field.start + len(field.text) for field in fields])
            bounds = np.searchsorted(joined.origin, ends).tolist()
            for found in (*self._exact(joined.text), *self._symbols(joined.text)):
                grouped[bisect.bisect_right(bounds, found.start), found.rule.entry.category].append(found)
            for (index, _), founds in grouped.items():
                field = fields[index]
                hits[field.content].extend(_hit(found, field, joined) for found in _resolved(founds))
        return [tuple(sorted(held, key=content_order)) for held in hits]

    def _exact(self, text: str) -> Iterator[_Found]:
        occurrences = self._automaton.find(text)
        cancelled = self._cancelled(occurrences)
        for start, end, pattern in occurrences:
            for rule, term in self._terms.get(pattern, ()):
                entry = rule.entry
                if View.EXACT not in entry.views or _covered(cancelled.get(entry.id), start, end):
                    continue
                if not self._bounded(entry.boundary, text, start, end):
                    continue
                ceiling = rule.context.ceiling(text, start, end)
                if ceiling is not None:
                    yield _Found(rule, term, start, end, View.EXACT, ceiling)

    def _symbols(self, text: str) -> Iterator[_Found]:
        stripped = without_symbols(text)
        occurrences = self._automaton.find(stripped.text)
        if not occurrences:
            return
        origin = stripped.origin
        cancelled = self._cancelled(occurrences)
        for start, end, pattern in occurrences:
            first, last = int(origin[start]), int(origin[end - 1])
            if last - first == end - 1 - start:
                continue
            places = origin[start:end].tolist()
            for rule, term in self._terms.get(pattern, ()):
                entry = rule.entry
                if View.SYMBOLS not in entry.views or _covered(cancelled.get(entry.id), start, end):
                    continue
                if not self._sound(entry, text, places, stripped.text, start):
                    continue
                ceiling = rule.context.ceiling(text, first, last + 1)
                if ceiling is not None:
                    yield _Found(rule, term, first, last + 1, View.SYMBOLS, ceiling)

    def _sound(self, entry: Entry, text: str, places: list[int], stripped: str, start: int) -> bool:
        """Say whether a term read over gaps is more than an accident of ordinary writing."""
        end = start + len(places)
        match gaps(text, places, entry.largest_gap):
            case Gaps.UNSOUND | Gaps.NOTHING:
                return False
            case Gaps.ORDINARY:
                return self._bounded(Boundary.BOTH, stripped, start, end)
            case Gaps.SYMBOLS:
                return self._bounded(entry.boundary, *_closed(text, places[0], places[-1], stripped[start:end]))
            case never:
                assert_never(never)

    def _bounded(self, boundary: Boundary, text: str, start: int, end: int) -> bool:
        if boundary is Boundary.NONE:
            return True
        ends = self._segmenter.ends(text, start, end)
        return (ends.start or boundary is Boundary.END) and (ends.end or boundary is Boundary.START)

    def _cancelled(self, occurrences: Iterable[tuple[int, int, int]]) -> dict[str, list[tuple[int, int]]]:
        """Return, for each entry, the spans of its allow phrases, widest first at each start."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, pattern in occurrences:
            for entry in self._allowed.get(pattern, ()):
                spans[entry].append((start, end))
        return {entry: _outermost(held) for entry, held in spans.items()}


def _closed(text: str, first: int, last: int, term: str) -> tuple[str, int, int]:
    """Return the text around a term with the term's gaps closed, and where the term stands in it.

    What lies beyond the next symbol is no neighbour: there the writer parted words on purpose.
    """
    before = text[max(0, first - WINDOW) : first]
    return before + term + text[last + 1 : last + 1 + WINDOW], len(before), len(before) + len(term)


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans inside others, so that starts and ends both grow."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def _covered(spans: list[tuple[int, int]] | None, start: int, end: int) -> bool:
    """Say whether one of some outermost spans covers a span."""
    if not spans:
        return False
    # Among spans that begin early enough, the last one reaches farthest.
    at = bisect.bisect_right(spans, start, key=lambda span: span[0])
    return at > 0 and spans[at - 1][1] >= end


def _chunks(contents: Sequence[Content]) -> Iterator[list[_Field]]:
    """Yield the fields of contents, `_CHUNK` code points at a time."""
    fields: list[_Field] = []
    place = 0
    for index, content in enumerate(contents):
        titled: tuple[tuple[Literal["title", "body"], str | None], ...]
        titled = (("title", content.title), ("body", content.body))
        for name, source in titled:
            if not source:
                continue
            markup = readable(source) if content.format == "html" else None
            text = source if markup is None else markup.text
            fields.append(_Field(index, name, source, text, place, markup))
            place += len(text) + 1
            if place > _CHUNK:
                yield fields
                fields, place = [], 0
    if fields:
        yield fields


def _resolved(founds: list[_Found]) -> list[_Found]:
    """Keep, of one category in one field, the hits that win (rules 3 and 4)."""
    kept: list[_Found] = []
    taken: list[tuple[int, int]] = []
    for found in sorted(founds, key=lambda held: held.rank):
        at = bisect.bisect_left(taken, (found.start, found.end))
        if at and taken[at - 1][1] > found.start:
            continue
        if at < len(taken) and taken[at][0] < found.end:
            continue
        taken.insert(at, (found.start, found.end))
        kept.append(found)
        if len(kept) == MOST_HITS:
            break
    return kept


def _hit(found: _Found, field: _Field, joined: Normalized) -> ContentHit:
    """Turn what was found in joined, normalised text into evidence about a field."""
    first, last = joined.span(found.start, found.end)
    first, last = first - field.start, last - field.start
    start, end = field.span(first, last)
    quote, seen = field.source[start:end], field.text[first:last]
    entry = found.rule.entry
    via: list[str] = []
    if quote != found.term:
        if quote != seen:
            via.append("markup-removed")
        via.extend(steps_within(seen))
        if found.view is View.SYMBOLS:
            via.append("symbols-removed")
    if found.ceiling is not entry.ceiling:
        via.append("context")
    return ContentHit(
        category=entry.category,
        entry=entry.id,
        term=found.term,
        field=field.name,
        start=start,
        end=end,
        quote=quote,
        score=SCORES[found.view],
        via=tuple(via),
        severity=entry.severity,
        ceiling=found.ceiling,
    )
