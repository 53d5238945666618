"""Finds listed parties behind registrants and their affiliates. The only entry to the names room for the pipeline.

1. Who is screened: the registrant, and each affiliate exactly as the registrant is; every name and alias of each. With
   whom they are compared: the listed parties, and those of whom a list says that a listed party owns or controls them.
2. A listed party is a hit where one of its names is like one of theirs by at least the floor, or an identifier is the
   same however unlike the names. What else is known raises or lowers its score, and never hides it.
3. One hit for each (registrant or affiliate, source, entry, path), with the likest pair of names;
   `evidence.name_order`.
4. The answer for a registrant does not depend on who else is in the batch.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.evidence import NameHit, name_order
from screening.subjects import Identifier, Registrant
from screening.watchlist.alignment import compare, compare_read
from screening.watchlist.compared import entry_digest, queried_digest, with_place
from screening.watchlist.features import Compared
from screening.watchlist.identifiers import can_be_same, identifier_key
from screening.watchlist.index import NameIndex
from screening.watchlist.linked import Linked, linked
from screening.watchlist.packing import Packable
from screening.watchlist.parties import ListedParty, PartyKind, Strength
from screening.watchlist.paths import ways
from screening.watchlist.profiles import weighed
from screening.watchlist.readings import Manner, Reading, queried_readings, readings, worth
from screening.watchlist.scorer import WEAK_LEAVES, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.subjects import Affiliate
    from screening.watchlist.names import Name
    from screening.watchlist.parties import ListedIdentifier, ListedName
    from screening.watchlist.paths import Way

FLOOR = 0.70
"""The least likeness of names that is evidence at all. Review begins higher; what lies between is kept to be seen."""

PARTY_CATEGORY = "sanctioned-party"
AFFILIATE_CATEGORY = "sanctioned-affiliate"


class Held(NamedTuple):
    """A listed party and the source it comes from."""

    source: str
    party: ListedParty
    link: Linked | None = None


class _Found(NamedTuple):
    """The likest pair of names so far for one listed party."""

    likeness: float
    queried: str
    listed: ListedName


_MANNERS = tuple(Manner)


class NameMatcher(Packable):
    """Listed parties of all sources, ready to be searched. Immutable once built; safe to share between threads.

    Args:
        lists: source → its listed parties.
        floor: the least likeness of names that makes a hit, from 0.0 to 1.0.
    """

    def __init__(self, lists: Mapping[str, Sequence[ListedParty]], floor: float = FLOOR) -> None:
        if not 0.0 < floor <= 1.0:
            raise ValueError(f"floor: found {floor}, expected a number above 0.0 and up to 1.0")
        self._floor = floor
        self._held: Sequence[Held] = tuple(held for source in sorted(lists) for held in _held(source, lists[source]))
        names: list[Name] = []
        # Of each reading: whose name it is, which of that party's, and how it came about.
        owners, which, manners = array("i"), array("i"), array("b")
        keys: dict[str, int] = {}
        key_of, bearers, borne = array("i"), array("i"), array("i")
        for number, (_, party, _) in enumerate(self._held):
            for place, listed in enumerate(party.names):
                for reading in readings(listed.text, person=party.kind is PartyKind.PERSON):
                    names.append(reading.name)
                    owners.append(number)
                    which.append(place)
                    manners.append(_MANNERS.index(reading.manner))
            for place, identifier in enumerate(party.identifiers):
                key = identifier_key(identifier.value)
                if key is not None:
                    key_of.append(keys.setdefault(key, len(keys)))
                    bearers.append(number)
                    borne.append(place)
        self._owners, self._which = np.array(owners, np.int32), np.array(which, np.int32)
        self._manners = np.array(manners, np.int8)
        self._index = NameIndex(names)
        self._keys: Mapping[str, int] = keys
        order = np.argsort(np.array(key_of, np.int32), kind="stable")
        self._key_edges = np.searchsorted(np.array(key_of, np.int32)[order], np.arange(len(keys) + 1))
        self._bearers, self._borne = np.array(bearers, np.int32)[order], np.array(borne, np.int32)[order]

    def find(self, registrants: Sequence[Registrant]) -> list[tuple[NameHit, ...]]:
        """Return the hits of each registrant, in the order given."""
        return [self._of(registrant) for registrant in registrants]

    def _of(self, registrant: Registrant) -> tuple[NameHit, ...]:
        hits = self._of_subject(registrant, None)
        for way in ways(registrant):
            hits += self._of_subject(way.affiliate, way)
        return tuple(sorted(hits, key=name_order))

    def _of_subject(self, subject: Registrant | Affiliate, way: Way | None) -> list[NameHit]:
        found = self._by_name(subject)
        same = self._by_identifier(subject)
        for number in same.keys() - found.keys():
            found[number] = self._likest(subject, number)
        hits = []
        path = () if way is None else way.path
        queried = queried_digest(subject, path) if found else ""
        for number, best in found.items():
            source, party, link = self._held[number]
            alike = Compared(subject, party, best.queried, best.listed, best.likeness, tuple(same.get(number, ())))
            judged = judge(alike)
            hits.append(
                NameHit(
                    category=PARTY_CATEGORY if way is None and link is None else AFFILIATE_CATEGORY,
                    source=source,
                    entry=party.entry,
                    programmes=party.programmes,
                    listed_name=best.listed.text,
                    queried_name=best.queried,
                    party="registrant" if way is None else "affiliate",
                    affiliate=None if way is None else way.ref,
                    path=path if link is None else (link.step, *path),
                    score=judged.score,
                    corroborated=judged.corroborated,
                    features=judged.features,
                    queried_digest=with_place(queried, judged.features),
                    entry_digest=entry_digest(party) if link is None else link.digest,
                )
            )
        return hits

    def _by_name(self, subject: Registrant | Affiliate) -> dict[int, _Found]:
        found: dict[int, _Found] = {}
        for queried in dict.fromkeys((subject.name, *subject.aliases)):
            for reading in queried_readings(queried, subject.kind):
                for place, alike in self._likened(reading):
                    number, listed, manner = self._owner(place)
                    likeness = worth(alike, (reading.manner, manner), (queried, listed.text))
                    best = found.get(number)
                    if likeness >= self._floor and (best is None or _better(likeness, listed, best)):
                        found[number] = _Found(likeness, queried, listed)
        return found

    def _owner(self, place: int) -> tuple[int, ListedName, Manner]:
        """Return whose name a reading is: the number of the party, its name, and how the reading came about."""
        number = int(self._owners[place])
        return number, self._held[number].party.names[self._which[place]], _MANNERS[self._manners[place]]

    def _likened(self, reading: Reading) -> list[tuple[int, float]]:
        """Return the listed names like a reading of a queried one, and how alike they are."""
        found = self._index.find(reading.name, self._floor)
        if not reading.exact:
            return found
        query = weighed(reading.name)
        return [(place, compare_read(query, self._index.listed(place))) for place, _ in found]

    def _by_identifier(self, subject: Registrant | Affiliate) -> dict[int, list[tuple[Identifier, ListedIdentifier]]]:
        held = list(subject.identifiers)
        if isinstance(subject, Registrant) and subject.payment_account:
            held.append(Identifier(type="payment account", value=subject.payment_account))
        same: dict[int, list[tuple[Identifier, ListedIdentifier]]] = {}
        for mine in held:
            key = identifier_key(mine.value)
            for number, theirs in self._bearing(key):
                country = None if theirs.country is None else theirs.country.code
                if can_be_same(mine.type, theirs.type, mine.country, country):
                    same.setdefault(number, []).append((mine, theirs))
        return same

    def _bearing(self, key: str | None) -> Iterator[tuple[int, ListedIdentifier]]:
        """Yield the numbers of the parties that bear an identifier, each with its own."""
        at = None if key is None else self._keys.get(key)
        if at is not None:
            for held in range(self._key_edges[at], self._key_edges[at + 1]):
                number = int(self._bearers[held])
                yield number, self._held[number].party.identifiers[self._borne[held]]

    def _likest(self, subject: Registrant | Affiliate, number: int) -> _Found:
        """Return the likest pair of names of one listed party, however unlike: its identifier made it a hit."""
        party = self._held[number].party
        person = party.kind is PartyKind.PERSON
        pairs = [
            (worth(self._alike(mine, theirs), (mine.manner, theirs.manner), (subject.name, listed.text)), listed)
            for mine in queried_readings(subject.name, subject.kind)
            for listed in party.names
            for theirs in readings(listed.text, person=person)
        ]
        likeness, listed = max(pairs, key=lambda pair: pair[0])
        return _Found(likeness, subject.name, listed)

    @staticmethod
    def _alike(mine: Reading, theirs: Reading) -> float:
        compared = compare_read if mine.exact else compare
        return compared(weighed(mine.name), weighed(theirs.name))


def _held(source: str, parties: Sequence[ListedParty]) -> Iterator[Held]:
    for party in parties:
        if party.kind is not PartyKind.TERRITORY:
            yield Held(source, party)
    for link in linked(source, parties):
        yield Held(source, link.party, link)


def _better(likeness: float, listed: ListedName, best: _Found) -> bool:
    """Whether a pair of names is stronger: likeness first, then the firmer listed name; the earlier one on a tie."""
    return (_worth(likeness, listed), likeness) > (_worth(best.likeness, best.listed), best.likeness)


def _worth(likeness: float, listed: ListedName) -> float:
    return likeness * WEAK_LEAVES if listed.strength is Strength.WEAK else likeness
