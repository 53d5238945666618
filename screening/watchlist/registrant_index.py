"""The registrants and their affiliates, to be asked whom a name or an identifier that came onto a list can concern.

It is `matcher` turned round: what is kept are the names of registrants, what is looked for are those of listed parties,
and the same two names are compared in the same direction. Whoever the matcher would find for one of the names asked for
is found here; a property test holds that. What else is known of either, such as birth dates, is not looked at: it
never hides a hit.
"""

from __future__ import annotations

import functools
from array import array
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from screening.errors import Fault, WatchlistError
from screening.subjects import affiliates_of
from screening.watchlist.identifiers import identifier_key
from screening.watchlist.index import NameIndex
from screening.watchlist.matcher import FLOOR
from screening.watchlist.packing import Packable, pack, unpack
from screening.watchlist.readings import Manner, Reading, queried_readings, readings, worth
from screening.watchlist.roll import Postings, Roll
from screening.watchlist.signatures import Signatures, Texts
from screening.watchlist.skeletons import Consonants, Skeletons
from screening.watchlist.vocabulary import Heard, Sounding, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from screening.subjects import Affiliate, Registrant
    from screening.watchlist.names import Name
    from screening.watchlist.news import NewName

_MANNERS = tuple(Manner)


class RegistrantIndex(Packable):
    """Registrants, to be searched by listed names and identifiers. Immutable once built.

    Args:
        registrants: those who stand; a name that several bear is kept once.
        floor: the least likeness of names that makes a hit.
    """

    def __init__(self, registrants: Iterable[Registrant], floor: float = FLOOR) -> None:
        self._floor = floor
        accounts: list[str] = []
        written: dict[tuple[str, bool], int] = {}
        borne, bearers = array("i"), array("i")
        identifiers: dict[str, int] = {}
        identified, holders = array("i"), array("i")
        for number, registrant in enumerate(registrants):
            accounts.append(registrant.account_id)
            for subject in _subjects(registrant):
                for text in dict.fromkeys((subject.name, *subject.aliases)):
                    borne.append(written.setdefault((text, subject.kind == "person"), len(written)))
                    bearers.append(number)
            for key in dict.fromkeys(_keys(registrant)):
                identified.append(identifiers.setdefault(key, len(identifiers)))
                holders.append(number)
        self._accounts: Sequence[str] = accounts
        self._texts: Sequence[str] = [text for text, _ in written]
        self._bearers = _postings(borne, bearers, len(written))
        self._identifiers: Mapping[str, int] = identifiers
        self._holders = _postings(identified, holders, len(identifiers))
        names: list[Name] = []
        owners, manners = array("i"), array("b")
        for place, (text, person) in enumerate(written):
            for reading in queried_readings(text, "person" if person else "organization"):
                names.append(reading.name)
                owners.append(place)
                manners.append(_MANNERS.index(reading.manner))
        self._owners, self._manners = np.array(owners, np.int32), np.array(manners, np.int8)
        self._index = NameIndex(names)

    def __len__(self) -> int:
        return len(self._accounts)

    def concerned(self, names: Iterable[NewName], identifiers: Collection[str]) -> set[str]:
        """Return the accounts of whom one of some listed names, or an identifier, would be found by the matcher.

        Args:
            names: listed names.
            identifiers: keys of listed identifiers; whether they are of one kind is not looked at.
        """
        keys = {self._identifiers[key] for key in identifiers if key in self._identifiers}
        borne = {place for name in names for place in self._alike(name)}
        found = {*_held(self._holders, keys), *_held(self._bearers, borne)}
        return {self._accounts[number] for number in found}

    def dump(self) -> list[bytes | memoryview]:
        """Return the index as bytes, in pieces: their sum is what `load` reads."""
        return pack(self)

    def _alike(self, listed: NewName) -> Iterator[int]:
        """Yield the places of the names written that would find a listed one."""
        for theirs in _read(listed):
            for number, alike in self._index.finders(theirs.name, self._floor):
                place, manner = self._owners[number], _MANNERS[self._manners[number]]
                if worth(alike, (manner, theirs.manner), (self._texts[place], listed.text)) >= self._floor:
                    yield place


_CLASSES = (
    Consonants,
    Heard,
    NameIndex,
    Postings,
    RegistrantIndex,
    Roll,
    Signatures,
    Skeletons,
    Sounding,
    Texts,
    Vocabulary,
)


def load(data: memoryview) -> RegistrantIndex:
    """Return the index that bytes are.

    Args:
        data: what `RegistrantIndex.dump` gave, unharmed, at a place in memory that is a multiple of 64; it is used,
            not copied, as long as the index is.

    Raises:
        WatchlistError: it is something else.
    """
    try:
        # Of many words few are asked for, so that none is made a text before it is.
        index = unpack(data, _CLASSES, short=0)
    except msgspec.DecodeError as error:
        raise _refused(str(error)) from None
    if not isinstance(index, RegistrantIndex):
        raise _refused(type(index).__name__)
    return index


def _refused(found: str) -> WatchlistError:
    return WatchlistError([Fault("index of registrants", found, "values as this release knows them")])


@functools.lru_cache(maxsize=4096)
def _read(listed: NewName) -> tuple[Reading, ...]:
    """Read a listed name, once for all parts of an index that are asked for it."""
    return tuple(readings(listed.text, person=listed.person))


def _postings(texts: array[int], numbers: array[int], count: int) -> Postings:
    return Postings(np.array(texts, np.int32), np.array(numbers, np.int32), np.ones(len(texts), np.float32), count)


def _held(postings: Postings, texts: Collection[int]) -> list[int]:
    """Return the numbers held under some texts."""
    held: list[int] = postings.names[postings.of(np.array(sorted(texts), np.int64))].tolist()
    return held


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
