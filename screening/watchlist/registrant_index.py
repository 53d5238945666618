"""The registrants and their affiliates, to be asked whom a name or an identifier that came onto a list can concern.

It is `matcher` turned round: what is kept are the names of registrants, what is looked for are those of listed parties,
and the same two names are compared in the same direction. Whoever the matcher would find for one of the names asked for
is found here; a property test holds that. What else is known of either, such as birth dates, is not looked at: it
never hides a hit.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from screening.subjects import affiliates_of
from screening.watchlist.identifiers import identifier_key
from screening.watchlist.index import NameIndex
from screening.watchlist.matcher import FLOOR
from screening.watchlist.readings import Manner, queried_readings, readings, worth
from screening.watchlist.roll import Postings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from screening.subjects import Affiliate, Registrant
    from screening.watchlist.names import Name
    from screening.watchlist.news import NewName

_MANNERS = tuple(Manner)


class RegistrantIndex:
    """Registrants, to be searched by listed names and identifiers. Immutable once built.

    Args:
        registrants: those who stand; a name that several bear is kept once.
        floor: the least likeness of names that makes a hit.
    """

    def __init__(self, registrants: Iterable[Registrant], floor: float = FLOOR) -> None:
        self._floor = floor
        self._accounts: list[str] = []
        written: dict[tuple[str, bool], int] = {}
        borne, bearers = array("i"), array("i")
        identifiers: dict[str, list[int]] = {}
        for number, registrant in enumerate(registrants):
            self._accounts.append(registrant.account_id)
            for subject in _subjects(registrant):
                for text in dict.fromkeys((subject.name, *subject.aliases)):
                    borne.append(written.setdefault((text, subject.kind == "person"), len(written)))
                    bearers.append(number)
            for key in dict.fromkeys(_keys(registrant)):
                identifiers.setdefault(key, []).append(number)
        self._texts = [text for text, _ in written]
        self._bearers = Postings(
            np.array(borne, np.int32), np.array(bearers, np.int32), np.ones(len(borne), np.float32), len(written)
        )
        self._identifiers = {key: tuple(held) for key, held in identifiers.items()}
        names: list[Name] = []
        owners, manners = array("i"), array("b")
        for place, (text, person) in enumerate(written):
            for reading in queried_readings(text, "person" if person else "organization"):
                names.append(reading.name)
                owners.append(place)
                manners.append(_MANNERS.index(reading.manner))
        self._owners, self._manners = owners, manners
        self._index = NameIndex(names)

    def __len__(self) -> int:
        return len(self._accounts)

    def concerned(self, names: Iterable[NewName], identifiers: Collection[str]) -> set[str]:
        """Return the accounts of whom one of some listed names, or an identifier, would be found by the matcher.

        Args:
            names: listed names.
            identifiers: keys of listed identifiers; whether they are of one kind is not looked at.
        """
        found = {number for key in identifiers for number in self._identifiers.get(key, ())}
        borne = np.array(sorted({place for name in names for place in self._alike(name)}), np.int64)
        found.update(self._bearers.names[self._bearers.of(borne)].tolist())
        return {self._accounts[number] for number in found}

    def _alike(self, listed: NewName) -> Iterator[int]:
        """Yield the places of the names written that would find a listed one."""
        for theirs in readings(listed.text, person=listed.person):
            for number, alike in self._index.finders(theirs.name, self._floor):
                place, manner = self._owners[number], _MANNERS[self._manners[number]]
                if worth(alike, (manner, theirs.manner), (self._texts[place], listed.text)) >= self._floor:
                    yield place


def _keys(registrant: Registrant) -> Iterator[str]:
    """Yield the keys of all identifiers that are compared of a registrant and the affiliates."""
    values = [held.value for subject in _subjects(registrant) for held in subject.identifiers]
    if registrant.payment_account:
        values.append(registrant.payment_account)
    return (key for value in values if (key := identifier_key(value)) is not None)


def _subjects(registrant: Registrant) -> Iterator[Registrant | Affiliate]:
    yield registrant
    for tied in affiliates_of(registrant):
        yield tied.affiliate
