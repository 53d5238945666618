"""Which subjects a change of versions can concern: never fewer than are judged differently, mostly hardly more.

A subject that is not touched has the very hits under the new versions that it had under the old ones, so that judging
the touched ones anew leads where judging everybody anew would lead. That holds because

1. the score of two names depends on these two alone (`watchlist.profiles`), and a party's hits on that party and on
   those it is tied to; so a registrant is touched where a hit cites a party that went, changed or is tied to one that
   did, or where a party that came or changed is found now;
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
from screening.watchlist.compared import entry_digest
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import PartyKind
from screening.watchlist.territory_matcher import TerritoryMatcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from screening.evidence import Hit
    from screening.subjects import Content, Registrant
    from screening.text.segment import Segmenter
    from screening.watchlist.parties import ListedParty

    Lists = Mapping[str, Sequence[ListedParty]]
    """Source → its listed parties."""

_S_contra = TypeVar("_S_contra", contravariant=True)

_MARK = "~before"
"""What is put behind the id of an entry's old form, so that both can be looked for at once; no id holds it."""


class Touching(Protocol[_S_contra]):
    """Says which subjects a change concerns."""

    def touched(self, subjects: Sequence[_S_contra], hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each subject, with the hits it had under the old versions, whether it is to be judged anew."""


class Everyone:
    """A change that may concern everybody: another engine or policy."""

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
        before, after = _by_entry(old), _by_entry(new)
        changed = {key for key in before.keys() | after.keys() if _said(before.get(key)) != _said(after.get(key))}
        changed |= _tied(changed, before) | _tied(changed, after)
        self._cited = frozenset(changed)
        came: dict[str, list[ListedParty]] = {}
        for source, entry in sorted(changed & after.keys()):
            came.setdefault(source, []).append(after[source, entry])
        self._matcher = NameMatcher(came) if came else None
        self._territories = TerritoryMatcher(came)

    @property
    def entries(self) -> int:
        """How many listed parties came, went, changed, or are tied to one that did."""
        return len(self._cited)

    def touched(self, subjects: Sequence[Registrant], hits: Sequence[tuple[Hit, ...]]) -> list[bool]:
        """Say of each registrant whether the change concerns it."""
        cites = [
            any(isinstance(hit, NameHit) and (hit.source, hit.entry) in self._cited for hit in had) for had in hits
        ]
        if self._matcher is None:
            return cites
        found = self._matcher.find(subjects)
        tied = map(self._territories.find, subjects)
        return [cited or bool(now) or bool(there) for cited, now, there in zip(cites, found, tied, strict=True)]


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


def _said(party: ListedParty | None) -> object:
    """Return what of a party a hit can show or rest on; a remark that changed concerns nobody."""
    if party is None or party.kind is PartyKind.TERRITORY:
        return party
    return (entry_digest(party), party.names, party.programmes, party.identifiers, party.links)


def _by_entry(lists: Lists) -> dict[tuple[str, str], ListedParty]:
    return {(source, party.entry): party for source, parties in lists.items() for party in parties}


def _tied(changed: set[tuple[str, str]], parties: Mapping[tuple[str, str], ListedParty]) -> set[tuple[str, str]]:
    """Return all that is tied to what changed, through however many others: their hits may tell of it."""
    ties: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (source, entry), party in parties.items():
        for other in _ends(party):
            ties.setdefault((source, other), []).append((source, entry))
            ties.setdefault((source, entry), []).append((source, other))
    reached: set[tuple[str, str]] = set()
    waiting = [key for key in changed if key in ties]
    while waiting:
        for key in ties.get(waiting.pop(), ()):
            if key not in reached and key not in changed:
                reached.add(key)
                waiting.append(key)
    return reached & parties.keys()


def _ends(party: ListedParty) -> Iterable[str]:
    """Return the entries that a party says it is tied to."""
    return (tie.entry for tie in party.links if tie.entry is not None)


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
