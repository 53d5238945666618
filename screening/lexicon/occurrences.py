"""What of a lexicon occurs in one passage, in every view: candidates, and which of them are hits.

    the passage as it stands             EXACT
    without symbols                      SYMBOLS: the gaps must be more than an accident of ordinary writing
    as each further view reads it        one reading, one search in the view's alphabet, mapped back

A candidate is a hit where its entry wants the view, no allow phrase covers it, its ends are ends of words as far as the
entry asks, and its context lets it. An allow phrase counts where it stands written as it is, and in a view's own
reading; between its characters there may be no more symbols than between a term's.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.lexicon.alphabets import ALPHABET, BIT, NARROWED, READERS, Alphabet
from screening.lexicon.belief import Sceptic
from screening.lexicon.context import Context, reach
from screening.lexicon.entries import Boundary
from screening.lexicon.fields import MOST_GAP
from screening.lexicon.hearing import Hearing
from screening.lexicon.kinds import WITHIN, Kind
from screening.lexicon.nearby import Nearby
from screening.lexicon.spotting import spot, spread
from screening.text.codes import codes_of
from screening.text.reading import View
from screening.text.segment import WINDOW
from screening.text.views import Gaps, gaps, near_gaps, without_symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from screening.lexicon.compiled import Compiled, Found, Index
    from screening.lexicon.context import Judged
    from screening.lexicon.entries import Entry
    from screening.lexicon.nearby import Near
    from screening.text.reading import Reading
    from screening.text.segment import Ends, Segmenter

    Spans = dict[int, list[tuple[int, int]]]
    """Allow list → its phrases' spans, widest first at each start."""

    Limit = Callable[[NDArray[np.int32]], NDArray[np.bool_]]
    """Given where candidates stand in the passage, says which of them may be looked at."""

LEAST_REACH = 1_000
"""Characters on each side that any view may look at to read one (rule of `screening.text.reading`)."""


_ACCIDENTS = frozenset({Gaps.NOTHING, Gaps.UNSOUND})
"""What stands between the characters of a term where it says nothing."""


_FEW = 4
"""Terms seen up to which the words around each are looked at alone."""

_BOUNDED = frozenset({View.EMOJI, View.REPEATED})
"""Readings that are still words amid words; the others look at the words of the text itself."""


class Sighting(NamedTuple):
    """A pattern seen: where in the reading, which, and where in the normalised passage."""

    start: int
    end: int
    pattern: int
    first: int
    last: int


class Candidate(NamedTuple):
    """A hit.

    Attributes:
        term: which term of the lexicon.
        first: where it was seen in the normalised passage.
        last: where what was seen ends.
        view: the view that saw it.
        judged: what it may lead to, and what it quotes, with what belongs to it.
    """

    term: int
    first: int
    last: int
    view: View
    judged: Judged


class Searcher:
    """Finds a lexicon's terms in normalised passages. Built once for a version of the lexicon, then only read."""

    def __init__(self, lexicon: Compiled, segmenter: Segmenter) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._contexts = [Context(entry) for entry in lexicon.entries]
        self._nearby = Nearby(lexicon, self._contexts)
        sound = lexicon.indexes.get(Alphabet.SOUND)
        self._hearing = None if sound is None else Hearing(lexicon, sound, segmenter)
        self._kinds = _of_kinds(lexicon)
        self._bounds = [entry.boundary is not Boundary.NONE for entry in lexicon.entries]
        self.reach = _reach(lexicon)

    def search(self, text: str, limit: Limit | None = None) -> Iterator[Candidate]:
        """Yield the hits in a normalised passage, view by view.

        Args:
            text: the passage, a `SEPARATOR` after each field.
            limit: which candidates may be looked at; all where None.
        """
        allowed: Spans = {}
        near = self._nearby.of(text) if self._nearby.asks else None
        written = self._lexicon.indexes.get(Alphabet.WRITTEN)
        if written is not None:
            found = written.find(text)
            if len(found):
                allowed = _allowed(written, found)
                rows = found[written.bits[found[:, 2]] & BIT[View.EXACT] != 0]
                seen = _sighted(View.EXACT, rows, rows[:, 0], rows[:, 1], near, limit)
                yield from self._hits(
                    View.EXACT, text, written, seen, allowed, allowed, self._stands(text, seen, written)
                )
            if written.used & BIT[View.SYMBOLS]:
                yield from self._symbols(text, written, allowed, near, limit)
        for view, read in READERS.items():
            index = self._lexicon.indexes.get(ALPHABET[view])
            if index is None or not index.used & BIT[view]:
                continue
            reading = NARROWED[view](text, index.skimmer) if view in NARROWED else read(text)
            if reading is not None:
                yield from self._reading(text, reading, index, allowed, near, limit)
        if self._kinds:
            yield from self._spotted(text, allowed, limit)

    def _spotted(self, text: str, written: Spans, limit: Limit | None) -> Iterator[Candidate]:
        """Yield what entries of a kind find; what is dressed is as sure as what stands apart."""
        lexicon = self._lexicon
        spotted = spot(text, spread(self._kinds))
        if limit is not None and spotted:
            may = limit(np.array([found.start for found in spotted], dtype=np.int32))
            spotted = list(compress(spotted, may.tolist()))
        for found in spotted:
            view = View.SYMBOLS if found.dressed else View.EXACT
            for number, term in chain.from_iterable(self._kinds.get(kind, ()) for kind in WITHIN[found.kind]):
                if _covered(written.get(lexicon.allow_of[number]), found.start, found.end):
                    continue
                judged = self._contexts[number].judge(text, found.start, found.end)
                if judged is not None:
                    yield Candidate(term, found.start, found.end, view, judged)

    def _symbols(
        self, text: str, index: Index, written: Spans, near: Near | None, limit: Limit | None
    ) -> Iterator[Candidate]:
        stripped = near_gaps(text, index.longest, MOST_GAP, index.skimmer)
        if stripped is None:
            return
        table = index.find(stripped.text)
        if not len(table):
            return
        firsts, lasts = stripped.origin[table[:, 0]], stripped.origin[table[:, 1] - 1]
        widths = table[:, 1] - table[:, 0]
        apart = (lasts - firsts >= widths) & (lasts - firsts <= (widths - 1) * (MOST_GAP + 1))
        chosen = np.flatnonzero(apart & (index.bits[table[:, 2]] & BIT[View.SYMBOLS] != 0))
        seen = _sighted(View.SYMBOLS, table[chosen], firsts[chosen], lasts[chosen] + 1, near, limit)
        origin = stripped.origin

        def believed(entry: Entry, term: int, held: Sighting) -> bool:
            places = origin[held.start : held.end].tolist()
            kind = gaps(text, places, entry.largest_gap)
            if kind in _ACCIDENTS or self._pardoned(text, index, term, held):
                return False
            if kind is Gaps.ORDINARY:
                return self._bounded(Boundary.BOTH, *_bridged(text, places))
            return self._bounded(entry.boundary, *_closed(text, places))

        yield from self._hits(View.SYMBOLS, text, index, seen, {}, written, believed)

    def _pardoned(self, text: str, index: Index, term: int, seen: Sighting) -> bool:
        """Say whether an allow phrase, read over gaps as a term is, covers a term read over gaps."""
        number = self._lexicon.allow_of[self._lexicon.entry_of[term]]
        if number < 0:
            return False
        far = (MOST_GAP + 1) * index.longest
        begin = max(0, seen.first - far)
        around = without_symbols(text[begin : seen.last + far])
        for start, end, pattern in index.automaton.find(around.text):
            if number in index.allows.get(pattern, ()):
                first, last = int(around.origin[start]), int(around.origin[end - 1])
                near = last - first <= (end - start - 1) * (MOST_GAP + 1)
                if near and begin + first <= seen.first and seen.last <= begin + last + 1:
                    return True
        return False

    def _reading(
        self, text: str, reading: Reading, index: Index, written: Spans, near: Near | None, limit: Limit | None
    ) -> Iterator[Candidate]:
        table = index.find(reading.text, reading.view)
        if not len(table):
            return
        chosen = np.flatnonzero(index.bits[table[:, 2]] & BIT[reading.view] != 0)
        if reading.view is View.SOUND and self._hearing is not None:
            chosen = chosen[self._hearing.worth(text, table[chosen])]
        if reading.view is View.PINYIN:
            chosen = chosen[_spelled(text, reading, table[chosen])]
        if not len(chosen):
            return
        own = _allowed(index, table)
        rows = table[chosen]
        # Within a part of a reading places only grow or only fall, so its ends say how far it reaches.
        left, right = rows[:, 0], rows[:, 1] - 1
        firsts = np.minimum(reading.starts[left], reading.starts[right])
        lasts = np.maximum(reading.ends[left], reading.ends[right])
        seen = _sighted(reading.view, rows, firsts, lasts, near, limit)
        heard = None
        if reading.view is View.SOUND and self._hearing is not None and seen:
            places = np.array([sighting[:3] for sighting in seen], dtype=np.int32)
            heard = self._hearing.believed(text, places)
        if heard is not None:
            seen = [sighting for sighting, answer in zip(seen, heard, strict=True) if answer is not False]
        sceptic = Sceptic(text, reading, self._segmenter)
        bounded = reading.view in _BOUNDED

        def believed(entry: Entry, term: int, held: Sighting) -> bool:
            if heard is not None and held.pattern not in index.further:
                return True
            if not sceptic.believes(self._lexicon.normal[term], held.start, held.end, held.first, held.last):
                return False
            return not bounded or self._bounded(entry.boundary, reading.text, held.start, held.end)

        yield from self._hits(reading.view, text, index, seen, own, written, believed)

    def _hits(
        self,
        view: View,
        text: str,
        index: Index,
        seen: Iterable[Sighting],
        own: Spans,
        written: Spans,
        believed: Callable[[Entry, int, Sighting], bool],
    ) -> Iterator[Candidate]:
        """Judge what was seen in one view."""
        lexicon = self._lexicon
        for sighting in seen:
            start, end, pattern, first, last = sighting
            for term in index.terms(pattern):
                number = lexicon.entry_of[term]
                entry = lexicon.entries[number]
                if view not in entry.views:
                    continue
                allow = lexicon.allow_of[number]
                if _covered(own.get(allow), start, end) or _covered(written.get(allow), first, last):
                    continue
                if not believed(entry, term, sighting):
                    continue
                judged = self._contexts[number].judge(text, first, last)
                if judged is not None:
                    yield Candidate(term, first, last, view, judged)

    def _stands(self, text: str, seen: list[Sighting], index: Index) -> Callable[[Entry, int, Sighting], bool]:
        """Return what judges terms that stand written as they are."""
        bounds, entry_of, first = self._bounds, self._lexicon.entry_of, index.first
        # Of many the words around are told at once.
        asked = [held[3:] for held in seen if bounds[entry_of[first[held.pattern]]]] if len(seen) > _FEW else []
        told = dict(zip(asked, self._segmenter.ends_of(text, asked), strict=True)) if asked else {}

        def believed(entry: Entry, _: int, held: Sighting) -> bool:
            return self._bounded(entry.boundary, text, held.first, held.last, told.get(held[3:]))

        return believed

    def _bounded(self, boundary: Boundary, text: str, start: int, end: int, told: Ends | None = None) -> bool:
        if boundary is Boundary.NONE:
            return True
        ends = told or self._segmenter.ends(text, start, end)
        return (ends.start or boundary is Boundary.END) and (ends.end or boundary is Boundary.START)


def _reach(lexicon: Compiled) -> int:
    """Return how many characters on each side of a cut a hit there may depend on."""
    longest = max((index.longest for index in lexicon.indexes.values()), default=0)
    widest = (MOST_GAP + 1) * longest
    return widest + max(LEAST_REACH, widest, reach(lexicon.entries))


def _of_kinds(lexicon: Compiled) -> dict[Kind, list[tuple[int, int]]]:
    """Return, for each kind that entries look for, these entries with the places of their terms."""
    found: dict[Kind, list[tuple[int, int]]] = {}
    for term, number in enumerate(lexicon.entry_of[: sum(len(entry.terms) for entry in lexicon.entries)]):
        kind = lexicon.entries[number].kind
        if kind is not None and kind is not Kind.HEADLINE:
            found.setdefault(kind, []).append((number, term))
    return found


def _spelled(text: str, reading: Reading, table: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Say of many candidates in letters whether each holds a letter at all: most are Han characters beside letters."""
    codes = codes_of(text)
    letters = np.concatenate([[0], np.cumsum(codes[reading.starts] < 0x80, dtype=np.int32)])
    spelled: NDArray[np.bool_] = letters[table[:, 1]] > letters[table[:, 0]]
    return spelled


def _sighted(
    view: View,
    rows: Found,
    firsts: NDArray[np.int32],
    lasts: NDArray[np.int32],
    near: Near | None,
    limit: Limit | None,
) -> list[Sighting]:
    """Return what was seen in a view of what may be looked at, but for what surely lacks a word that must be near.

    Args:
        view: the view.
        rows: what was found in its reading.
        firsts: where each begins in the normalised passage.
        lasts: where each ends there.
        near: knows which words are near.
        limit: which may be looked at; all where None.
    """
    if not len(rows):
        return []
    may = np.ones(len(rows), dtype=np.bool_) if limit is None else limit(firsts)
    if near is not None:
        may &= near.may(ALPHABET[view], rows[:, 2], firsts, lasts)
    columns = (column[may].tolist() for column in (*rows.T, firsts, lasts))
    return [Sighting(*held) for held in zip(*columns, strict=True)]


def _allowed(index: Index, found: Found) -> Spans:
    """Return, for each allow list, the spans of its phrases, widest first at each start."""
    allows = index.allows
    if not allows:
        return {}
    spans: Spans = defaultdict(list)
    for start, end, pattern in found[index.pardons[found[:, 2]]].tolist():
        for number in allows[pattern]:
            spans[number].append((start, end))
    return {number: _outermost(held) for number, held in spans.items()}


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


def _closed(text: str, places: list[int]) -> tuple[str, int, int]:
    """Return the text around a term with the term's gaps closed, and where the term stands in it.

    What lies beyond the next symbol is no neighbour: there the writer parted words on purpose.
    """
    before = text[max(0, places[0] - WINDOW) : places[0]]
    after = text[places[-1] + 1 : places[-1] + 1 + WINDOW]
    return f"{before}{_term(text, places)}{after}", len(before), len(before) + len(places)


def _bridged(text: str, places: list[int]) -> tuple[str, int, int]:
    """Return the same with all gaps closed, those of its neighbours too, as far as a term's may be."""
    far = WINDOW * (MOST_GAP + 1)
    before = without_symbols(text[max(0, places[0] - far) : places[0]]).text[-WINDOW:]
    after = without_symbols(text[places[-1] + 1 : places[-1] + 1 + far]).text[:WINDOW]
    return f"{before}{_term(text, places)}{after}", len(before), len(before) + len(places)


def _term(text: str, places: list[int]) -> str:
    return "".join([text[place] for place in places])
