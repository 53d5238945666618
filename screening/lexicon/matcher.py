"""Finding the entries of a lexicon in contents, batch by batch, with spans in the text as it was sent.

Rules of this module:
1. `field[start:end] == quote`, always, also in markup.
2. A content's hits do not depend on what else is in its batch, nor on where a long field is cut.
3. Of overlapping hits the gravest stays, and a flood hides nothing: `overlaps` says how.
4. What a budget leaves unread is named, never silently clear.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from screening.evidence import ContentHit, content_order
from screening.lexicon.certainty import STEPS, held, lesser, score
from screening.lexicon.compiled import Compiled, compiled
from screening.lexicon.context import CLOSE
from screening.lexicon.entries import Lexicon, Part, View, listed_id
from screening.lexicon.headline import headline_hits
from screening.lexicon.kinds import Kind
from screening.lexicon.occurrences import Searcher
from screening.lexicon.overlaps import MOST_HITS, Found, Settling, resolved
from screening.lexicon.passages import CHUNK, Field, Passage, fields_of, passages
from screening.text import looping
from screening.text.html import Place
from screening.text.normalize import hidden, steps_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from screening.lexicon.automaton import Engine
    from screening.lexicon.entries import Entry
    from screening.lexicon.occurrences import Candidate, Limit
    from screening.subjects import Content
    from screening.text.segment import Segmenter

__all__ = ["MOST_HITS", "Budget", "ContentMatcher", "Findings"]


WORTHWHILE = 20_000
"""Terms of a lexicon from which on its process reads by compiled loops: who has so long a list has much to read."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most work that one field may cost. It is counted, not timed, so that the same text ends the same way.

    Attributes:
        characters: code points of what a reader sees of a field; what is beyond is not screened.
        candidates: occurrences of terms looked at in a field, all views together.
    """

    characters: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a content.

    Attributes:
        hits: in the order of `content_order`.
        unscreened: fields that a budget left unread in part; a person must look.
    """

    hits: tuple[ContentHit, ...]
    unscreened: tuple[str, ...] = ()


_NOTHING = Findings(())


class ContentMatcher:
    """Finds a lexicon's entries. Built once for a version of the lexicon, then only read.

    Args:
        lexicon: what to find; compiled on the spot where it is not yet.
        segmenter: says where words begin and end.
        chunk: code points searched at once; a longer field is cut.
    """

    def __init__(self, lexicon: Lexicon | Compiled, segmenter: Segmenter, chunk: int = CHUNK) -> None:
        self._lexicon = compiled(lexicon) if isinstance(lexicon, Lexicon) else lexicon
        if len(self._lexicon.terms) >= WORTHWHILE:
            looping.load()
        self._searcher = Searcher(self._lexicon, segmenter)
        self._headlines = tuple(entry for entry in self._lexicon.entries if entry.kind is Kind.HEADLINE)
        self._chunk = chunk

    @property
    def engine(self) -> Engine | None:
        """What searches; None where the lexicon is empty."""
        return next((index.automaton.engine for index in self._lexicon.indexes.values()), None)

    def find(self, contents: Sequence[Content]) -> list[tuple[ContentHit, ...]]:
        """Return the hits of each content, in the order of `content_order`."""
        return [findings.hits for findings in self.screen(contents)]

    def screen(self, contents: Sequence[Content], budget: Budget | None = None) -> list[Findings]:
        """Return what was found in each content, and what of it a budget left unread."""
        hits: dict[int, list[ContentHit]] = {}
        unread: dict[int, dict[str, None]] = {}
        fields = fields_of(contents, None if budget is None else budget.characters)
        settling: dict[str, Settling] = {}
        spent = _Spent(budget)
        for passage in passages(fields, self._searcher.reach, self._chunk):
            limit = None if budget is None else spent.limit(passage)
            grouped = self._grouped(passage, limit)
            if passage.answers is not None:
                # What belongs to a hit may stand before it.
                settled = int(passage.origin[max(0, passage.answers[1] - CLOSE)])
                for category in settling.keys() | {category for _, category in grouped}:
                    settling.setdefault(category, Settling()).add(grouped.get((0, category), ()), settled)
                if not passage.last:
                    continue
                kept = {(0, category): held.done() for category, held in settling.items()}
                settling = {}
            else:
                kept = {key: resolved(founds) for key, founds in grouped.items()}
            for (at, _), founds in kept.items():
                field = passage.fields[at]
                hits.setdefault(field.content, []).extend(_hit(found, field) for found in founds)
            for field in spent.unread(passage):
                unread.setdefault(field.content, {})[field.name] = None
        for index, hit in headline_hits(contents, self._headlines):
            hits.setdefault(index, []).append(hit)
        findings = [_NOTHING] * len(contents)
        for index in hits.keys() | unread.keys():
            found = sorted(hits.get(index, ()), key=content_order)
            findings[index] = Findings(tuple(found), tuple(unread.get(index, ())))
        return findings

    def _grouped(self, passage: Passage, limit: Limit | None) -> dict[tuple[int, str], list[Found]]:
        """Return the hits of a passage by field and category, in places of each field's text."""
        grouped: dict[tuple[int, str], list[Found]] = defaultdict(list)
        for candidate in self._searcher.search(passage.text, limit):
            if not passage.is_mine(candidate.first, candidate.last):
                continue
            at = bisect.bisect_right(passage.bounds, candidate.first)
            number = self._lexicon.entry_of[candidate.term]
            entry = self._lexicon.entries[number]
            if entry.field is Part.ANY or entry.field.value == passage.fields[at].name:
                found = self._found(candidate, entry, passage, at)
                grouped[at, entry.category].append(found)
        return grouped

    def _found(self, candidate: Candidate, entry: Entry, passage: Passage, at: int) -> Found:
        view, judged, term = candidate.view, candidate.judged, self._lexicon.terms[candidate.term]
        start = int(passage.origin[judged.start]) - passage.starts[at]
        end = int(passage.origin[judged.end - 1]) + 1 - passage.starts[at]
        ceiling = held(judged.ceiling, view, len(term), trusted=entry.trusts(view))
        if entry.plainly is not None and view is View.EXACT and not hidden(passage.fields[at].text[start:end]):
            ceiling = lesser(ceiling, entry.plainly)
        return Found(
            entry=entry,
            term=term,
            start=start,
            end=end,
            width=candidate.last - candidate.first,
            view=view,
            ceiling=ceiling,
            steps=judged.steps,
            listed=self._lexicon.entry_of[candidate.term] >= self._lexicon.listed_from,
        )


class _Spent:
    """Counts, field by field, what was spent of a budget."""

    def __init__(self, budget: Budget | None) -> None:
        self._budget = budget
        self._used: dict[tuple[int, str], int] = {}

    def limit(self, passage: Passage) -> Limit:
        """Return what says which candidates of a passage may still be looked at."""
        # Markup gives several texts of one field, which share its budget.
        numbers: dict[tuple[int, str], int] = {}
        places = np.array([numbers.setdefault(_key(field), len(numbers)) for field in passage.fields], dtype=np.intp)
        keys = list(numbers)
        most = np.iinfo(np.int64).max if self._budget is None else self._budget.candidates

        def may(candidates: NDArray[np.int32]) -> NDArray[np.bool_]:
            answers = np.ones(len(candidates), dtype=np.bool_)
            if len(keys) == 1:
                before = self._spend(keys[0], len(candidates))
                answers[max(0, most - before) :] = False
                return answers
            held = places[np.searchsorted(passage.bounds, candidates, side="right")]
            for at, count in enumerate(np.bincount(held).tolist()):
                if count:
                    before = self._spend(keys[at], count)
                    if before + count > most:
                        answers[(held == at).nonzero()[0][max(0, most - before) :]] = False
            return answers

        return may

    def _spend(self, key: tuple[int, str], count: int) -> int:
        """Count candidates, and return how many there were before."""
        before = self._used.get(key, 0)
        self._used[key] = before + count
        return before

    def unread(self, passage: Passage) -> Iterator[Field]:
        """Yield the fields of a passage that were not screened whole."""
        if self._budget is None:
            return
        for field in passage.fields:
            if not field.whole or self._used.get(_key(field), 0) > self._budget.candidates:
                yield field


def _key(field: Field) -> tuple[int, str]:
    """Return what fields that share a budget have in common: the parts of one that are read one by one."""
    return field.content, field.name


def _hit(found: Found, field: Field) -> ContentHit:
    """Turn what was found in a field's text into evidence about the field as it was sent."""
    start, end = field.span(found.start, found.end)
    quote, seen = field.source[start:end], field.text[found.start : found.end]
    entry = found.entry
    via: list[str] = []
    if quote != found.term:
        if quote != seen:
            via.append("markup-removed")
        via.extend(steps_within(seen))
        step = STEPS[found.view]
        if step is not None:
            via.append(step)
    if field.markup is not None and field.markup.place is not Place.SHOWN:
        via.append(field.markup.place.value)
    via.extend(found.steps)
    return ContentHit(
        category=entry.category,
        entry=listed_id(entry.id, found.term) if found.listed else entry.id,
        term=found.term,
        field=field.name,
        start=start,
        end=end,
        quote=quote,
        score=score(found.view, via),
        via=tuple(via),
        severity=entry.severity,
        ceiling=found.ceiling,
    )
