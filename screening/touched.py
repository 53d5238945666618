"""Which subjects a change of versions can concern: never fewer than are judged differently, mostly hardly more.

A subject that is not touched has the very hits under the new versions that it had under the old ones, so that judging
the touched ones anew leads where judging everybody anew would lead. That holds because

1. the score of two names depends on these two alone (`watchlist.profiles`), and a party's hits on that party and on
   those it is tied to; so a registrant is touched where a hit cites a party that went, changed or is tied to one that
   did, or where a name or identifier that a party did not bear before is found now (`watchlist.news`);
2. whether an entry of a lexicon is found, and whether it wins over others, depends on the entries that occur in the
   same text; so a content is touched where any changed entry's term, as it was or as it is now, stands in it at all,
   whatever its context or allow phrases say.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol, TypeVar

from screening.evidence import ContentHit, NameHit
from screening.lexicon.entries import Entry, Lexicon, Part, PlainList
from screening.lexicon.kinds import Kind
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.packed import PackedTexts
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.news import news
from screening.watchlist.territory_matcher import TerritoryMatcher

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from screening.evidence import Hit
    from screening.subjects import Content, Registrant
    from screening.text.segment import Segmenter
    from screening.watchlist.news import Lists
    from screening.watchlist.parties import ListedParty

_S_contra = TypeVar("_S_contra", contravariant=True)

_MARK = "~before"
"""What is put behind the id of an entry's old form, so that both can be looked for at once; no id holds it."""


class Touching(Protocol[_S_contra]):
    """Says which subjects a change concerns."""

    def touched(self, subjects: Sequence[_S_contra], hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each subject, with the hits it had under the old versions, whether it is to be judged anew."""


class Everyone:
    """A change that may concern everybody: another engine, or other categories."""

    def touched(self, subjects: Sequence[object], _hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say yes of each."""
        return [True] * len(subjects)


class Nobody:
    """A change that concerns nobody: the very versions that judged them."""

    def touched(self, subjects: Sequence[object], _hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say no of each."""
        return [False] * len(subjects)


class TouchedRegistrants:
    """The registrants that a change of sanctions lists concerns.

    Args:
        old: the lists by which they were judged.
        new: the lists by which they are to be judged.
    """

    def __init__(self, old: Lists, new: Lists) -> None:
        self.news = news(old, new)
        self._matcher = NameMatcher(self.news.parties) if self.news.parties else None
        self._territories = TerritoryMatcher(self.news.territories)

    @property
    def entries(self) -> int:
        """How many listed parties came, went, changed, or are tied to one that did."""
        return len(self.news.cited)

    def touched(self, subjects: Sequence[Registrant], hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each registrant whether the change concerns it."""
        cited = self.news.cited
        cites = [any(isinstance(hit, NameHit) and (hit.source, hit.entry) in cited for hit in had) for had in hits]
        return [before or self._met(subject) for before, subject in zip(cites, subjects, strict=True)]

    def _met(self, subject: Registrant) -> bool:
        """Say whether what came is found for a registrant."""
        found = self._matcher is not None and any(self._matcher.find([subject]))
        return found or bool(self._territories.find(subject))


class MetRegistrants:
    """The registrants whom a change of sanctions lists concerns, whatever hits they had, known or not.

    Whoever is like any name, old or new, of a party that came, went or changed is met. That is more than
    `TouchedRegistrants` says of those whose hits are known, and never fewer than are judged differently.

    Args:
        old: one side's lists.
        new: the other's.
    """

    def __init__(self, old: Lists, new: Lists) -> None:
        cited = news(old, new).cited
        sides = [_among(lists, cited) for lists in (old, new)]
        self._matchers = [NameMatcher(lists) for lists in sides if lists]
        self._territories = [TerritoryMatcher(lists) for lists in sides if lists]

    def touched(self, subjects: Sequence[Registrant], _hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each registrant whether the change may concern it."""
        met = [any(self._territory(subject)) for subject in subjects]
        for matcher in self._matchers:
            met = [before or bool(found) for before, found in zip(met, matcher.find(subjects), strict=True)]
        return met

    def _territory(self, subject: Registrant) -> Iterable[bool]:
        return (bool(matcher.find(subject)) for matcher in self._territories)


class TouchedContents:
    """The contents that a change of the lexicon concerns.

    Args:
        old: the lexicon by which they were judged.
        new: the lexicon by which they are to be judged.
        segmenter: says where words begin and end.
    """

    def __init__(self, old: Lexicon, new: Lexicon, segmenter: Segmenter) -> None:
        before, after = ({entry.id: entry for entry in lexicon.entries} for lexicon in (old, new))
        changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        forms = [
            bare
            for name in sorted(changed)
            for entry, mark in ((before.get(name), _MARK), (after.get(name), ""))
            if entry is not None
            for bare in [_bare(entry, mark)]
        ]
        # A headline's hit rests on no term, so that nothing short of judging anew tells whom the change concerns.
        self._everyone = any(form.kind is Kind.HEADLINE for form in forms)
        lists = tuple(_changed_lists(old, new))
        self._cited = frozenset(changed) | {held.shared.id.removesuffix(_MARK) for held in lists}
        looked_for = Lexicon(tuple(form for form in forms if form.kind is not Kind.HEADLINE), lists)
        self._matcher = ContentMatcher(looked_for, segmenter) if forms or lists else None

    @property
    def entries(self) -> int:
        """How many entries and plain lists came, went or changed."""
        return len(self._cited)

    def touched(self, subjects: Sequence[Content], hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each content whether the change concerns it."""
        if self._everyone:
            return [True] * len(subjects)
        if self._matcher is None:
            return [False] * len(subjects)
        cites = [any(isinstance(hit, ContentHit) and hit.entry in self._cited for hit in had) for had in hits]
        found = self._matcher.find(subjects)
        return [cited or bool(now) for cited, now in zip(cites, found, strict=True)]


def _among(lists: Lists, cited: Collection[tuple[str, str]]) -> dict[str, list[ListedParty]]:
    """Return source → those of its parties that are cited."""
    kept = {source: [one for one in held if (source, one.entry) in cited] for source, held in lists.items()}
    return {source: held for source, held in kept.items() if held}


def _bare(entry: Entry, mark: str) -> Entry:
    """Return an entry that is found wherever one of its terms stands at all, under a name that tells its form."""
    return dataclasses.replace(
        entry,
        id=entry.id + mark,
        allow=(),
        near=(),
        not_near=(),
        together=(),
        field=Part.ANY,
    )


def _changed_lists(old: Lexicon, new: Lexicon) -> Iterable[PlainList]:
    """Yield, of each plain list, the terms that came or went; all of them where what they share has changed."""
    before, after = ({held.shared.id: held for held in lexicon.lists} for lexicon in (old, new))
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        had = set() if was is None else set(was.terms)
        has = set() if now is None else set(now.terms)
        if was is not None and now is not None and was.shared == now.shared:
            had, has = had - has, has - had
        for held, terms, mark in ((was, had, _MARK), (now, has, "")):
            if held is not None and terms:
                yield PlainList(_bare(held.shared, mark), PackedTexts.of(tuple(sorted(terms))))
