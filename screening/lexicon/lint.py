"""What is doubtful about a lexicon that can be read: findings for whoever keeps it.

A fault keeps a lexicon from being activated; a warning asks a person to look. What cannot be read at all is told by
`screening.lexicon.parse`, what the examples show by `screening.lexicon.examples`.

    a term of one category twice                      fault (within entries; told when the file is read)
    a term of several categories                      warning
    one character that orders by itself               fault; for review without a condition, a warning
    a term inside ordinary words, without a boundary  warning
    an entry past its review_by                       warning
    an order for clean texts                          fault where two texts show it, a warning where one does
    reviews or evidence for clean texts               warning, beyond what `MOST_FLAGS` says
"""

from __future__ import annotations

import bisect
import enum
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final

from screening.evidence import Ceiling
from screening.lexicon.automaton import Automaton
from screening.lexicon.entries import Boundary
from screening.lexicon.lists import normal_forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.evidence import ContentHit
    from screening.lexicon.entries import Entry, Lexicon

MOST_FLAGS: Final[Mapping[Ceiling, float]] = {Ceiling.AUTO: 1.0, Ceiling.REVIEW: 5.0, Ceiling.EVIDENCE: 50.0}
"""The most clean texts in 10,000 in which one term may be found, by what its hits may lead to. All terms together may
order in 2 of 10,000 and send 50 to a person, so that no single term may use up more than half, or a tenth."""

_SHOWN = 3
_PER: Final = 10_000


class Level(enum.StrEnum):
    """How grave a finding is."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something doubtful: where it is, what was found there, what was expected."""

    level: Level
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class _Term:
    """A term in its normal form, and whose it is."""

    entry: Entry
    written: str
    listed: bool

    @property
    def where(self) -> str:
        kind = "list" if self.listed else "entry"
        return f"{self.entry.category}: {kind} {self.entry.id!r}: {self.written!r}"


class _Terms:
    """The terms of a lexicon by their normal forms, as numbers: of millions no value is made before it is told."""

    def __init__(self, lexicon: Lexicon) -> None:
        # What is looked for by its kind has no spelling: its only term is the kind's name.
        self._entries = [(entry, term) for entry in lexicon.entries if not entry.kind for term in entry.terms]
        self._lists = lexicon.lists
        self._starts = list(accumulate((len(held.terms) for held in lexicon.lists), initial=len(self._entries)))
        self.first: dict[str, int] = {}
        self.further: dict[str, list[int]] = defaultdict(list)
        sources: list[Sequence[str]] = [[term for _, term in self._entries], *(held.terms for held in lexicon.lists)]
        for number, plain in enumerate(chain.from_iterable(map(normal_forms, sources))):
            if self.first.setdefault(plain, number) != number:
                self.further[plain].append(number)

    def entry(self, number: int) -> Entry:
        """Return the entry of a term, or what is shared in its list."""
        if number < len(self._entries):
            return self._entries[number][0]
        return self._lists[bisect.bisect_right(self._starts, number) - 1].shared

    def term(self, number: int) -> _Term:
        """Return a term."""
        if number < len(self._entries):
            return _Term(*self._entries[number], listed=False)
        at = bisect.bisect_right(self._starts, number) - 1
        return _Term(self._lists[at].shared, self._lists[at].terms[number - self._starts[at]], listed=True)

    def of(self, plain: str) -> list[int]:
        """Return the terms of a normal form."""
        return [self.first[plain], *self.further.get(plain, ())]


def lint(lexicon: Lexicon, today: dt.date, words: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return what is doubtful about a lexicon by itself.

    Args:
        lexicon: what to look at.
        today: the day on which an entry's time is up.
        words: ordinary words, the most common first; no term may stand inside one unless its boundary says so.
    """
    terms = _Terms(lexicon)
    return tuple(
        sorted(
            (*_repeated(terms), *_single(terms), *_inside(terms, words), *_expired(lexicon, today)),
            key=lambda finding: (finding.level, finding.where),
        )
    )


def _repeated(terms: _Terms) -> Iterator[Finding]:
    """Yield terms that several entries have; for lists one finding for each pair, for they may share thousands."""
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for plain, numbers in terms.further.items():
        first = terms.term(terms.first[plain])
        for other in map(terms.term, numbers):
            if other.entry.category == first.entry.category and (other.entry.plainly or first.entry.plainly):
                continue
            if not other.listed:
                expected = f"a normal form {plain!r} that no other entry has ({first.where})"
                yield Finding(Level.WARNING, other.where, f"{other.written!r} a second time", expected)
            else:
                named = f"list {first.entry.id!r}" if first.listed else f"entries of {first.entry.category}"
                shared[f"{other.entry.category}: list {other.entry.id!r}", named].append(other.written)
    for (where, named), written in shared.items():
        shown = ", ".join(map(repr, written[:_SHOWN]))
        found = f"{len(written)} terms that stand in {named} before ({shown}{', …' if len(written) > _SHOWN else ''})"
        yield Finding(Level.WARNING, where, found, "each term once: where both hit, the graver one stays")


def _single(terms: _Terms) -> Iterator[Finding]:
    for plain in filter(lambda plain: len(plain) == 1, terms.first):
        for term in map(terms.term, terms.of(plain)):
            asked = term.entry.near or term.entry.together
            if term.entry.ceiling is Ceiling.EVIDENCE or (asked and term.entry.ceiling is Ceiling.REVIEW):
                continue
            level = Level.FAULT if term.entry.ceiling is Ceiling.AUTO else Level.WARNING
            found = f"one character with ceiling {term.entry.ceiling}"
            yield Finding(level, term.where, found, "at least two characters: one stands in every text")


def _inside(terms: _Terms, words: Sequence[str]) -> Iterator[Finding]:
    """Yield terms that ordinary words hold, where no boundary, allow phrase or condition keeps them out."""
    open_ = [plain for plain in terms.first if any(_is_open(terms.entry(number)) for number in terms.of(plain))]
    if not open_ or not words:
        return
    normal = list(normal_forms(words))
    ends = list(accumulate(len(word) + 1 for word in normal))
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for start, end, place in Automaton(open_).find("\0".join(normal) + "\0"):
        at = bisect.bisect_right(ends, start)
        first = ends[at] - len(normal[at]) - 1
        if (start, end) != (first, ends[at] - 1):
            found[place].append((at, start - first, end - first))
    allows: dict[tuple[str, ...], tuple[str, ...]] = {}
    for place, held in sorted(found.items()):
        for term in (term for term in map(terms.term, terms.of(open_[place])) if _is_open(term.entry)):
            if term.entry.allow not in allows:
                allows[term.entry.allow] = tuple(normal_forms(term.entry.allow))
            phrases = allows[term.entry.allow]
            inside = dict.fromkeys(
                words[at]
                for at, start, end in sorted(held)
                if _reaches(term.entry.boundary, start, end, len(normal[at]))
                and not _allowed(normal[at], start, end, phrases)
            )
            if inside:
                shown = ", ".join(list(inside)[:_SHOWN])
                said = f"it inside {len(inside)} ordinary words ({shown}{', …' if len(inside) > _SHOWN else ''})"
                yield Finding(Level.WARNING, term.where, said, "a boundary or allow phrases that keep it out of them")


def _is_open(entry: Entry) -> bool:
    return entry.boundary is not Boundary.BOTH and not entry.near and not entry.together


def _reaches(boundary: Boundary, start: int, end: int, length: int) -> bool:
    """Say whether a boundary lets a term be found at a place in a word."""
    return (start == 0 or boundary in {Boundary.NONE, Boundary.END}) and (
        end == length or boundary in {Boundary.NONE, Boundary.START}
    )


def _allowed(word: str, start: int, end: int, phrases: Iterable[str]) -> bool:
    """Say whether an allow phrase covers a place in a word."""
    for phrase in phrases:
        at = word.find(phrase)
        while at >= 0:
            if at <= start and end <= at + len(phrase):
                return True
            at = word.find(phrase, at + 1)
    return False


def _expired(lexicon: Lexicon, today: dt.date) -> Iterator[Finding]:
    for entry in (*lexicon.entries, *(held.shared for held in lexicon.lists)):
        if entry.review_by < today:
            where = f"{entry.category}: {'entry' if entry.terms else 'list'} {entry.id!r}: review_by"
            expected = f"a day from {today} on: look whether it still holds"
            yield Finding(Level.WARNING, where, str(entry.review_by), expected)


# ------------------------------------------------------------------------------------------------- on clean texts


@dataclass(frozen=True, slots=True)
class Flags:
    """How often terms were found in clean texts.

    Attributes:
        texts: how many were looked at.
        by_term: (category, entry, term, ceiling of the hit) → how many texts, and the first of them, from 1.
        by_ceiling: the highest ceiling among a text's hits → how many texts.
    """

    texts: int
    by_term: Mapping[tuple[str, str, str, Ceiling], tuple[int, int]]
    by_ceiling: Mapping[Ceiling, int]


def flags_of(found: Iterable[Sequence[ContentHit]]) -> Flags:
    """Count the hits of clean texts, given those of each text in order."""
    texts = 0
    counts: Counter[tuple[str, str, str, Ceiling]] = Counter()
    first: dict[tuple[str, str, str, Ceiling], int] = {}
    by_ceiling: Counter[Ceiling] = Counter()
    for texts, hits in enumerate(found, 1):
        keys = {(hit.category, hit.entry, hit.term, hit.ceiling) for hit in hits}
        counts.update(keys)
        for key in keys:
            first.setdefault(key, texts)
        if keys:
            by_ceiling[max((key[-1] for key in keys), key=list(Ceiling).index)] += 1
    return Flags(texts, {key: (count, first[key]) for key, count in counts.items()}, by_ceiling)


def lint_flags(flags: Flags) -> tuple[Finding, ...]:
    """Return the terms that are found in more clean texts than they may be, the most frequent first."""
    findings = []
    for (category, entry, term, ceiling), (count, first) in sorted(
        flags.by_term.items(), key=lambda held: (-held[1][0], held[0])
    ):
        rate = count * _PER / flags.texts
        if rate <= MOST_FLAGS[ceiling]:
            continue
        # One text of a small sample is a high rate that proves little.
        level = Level.FAULT if ceiling is Ceiling.AUTO and count > 1 else Level.WARNING
        found = f"{rate:.1f} of 10,000 clean texts with {ceiling} ({count} of {flags.texts}; the first is text {first})"
        findings.append(
            Finding(level, f"{category}: entry {entry!r}: {term!r}", found, f"at most {MOST_FLAGS[ceiling]:g}")
        )
    return tuple(sorted(findings, key=lambda finding: finding.level))
