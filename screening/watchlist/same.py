"""The same party on several lists: by a number that only one can have, or by name and date of birth together.

Entries are the same where they share
- an identifier that by itself points at one party (a passport of one country, a ship's number, a tax or registration
  number of one country), or
- a whole name (whatever its case, order, marks) together with a full date of birth or of incorporation.
A name alone joins nobody. What a joins b and b joins c makes one group; who stands on one list only is in none.
"""

from __future__ import annotations

import collections
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from screening.watchlist.identifiers import family_of, identifier_key
from screening.watchlist.parties import PartyKind, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.watchlist.parties import ListedParty

_UNIQUE_ALONE = frozenset({"imo", "mmsi", "lei", "swift", "wallet", "duns", "aircraft"})
_UNIQUE_IN_COUNTRY = frozenset({"passport", "state number"})
_APART = re.compile(r"[\W_]+")
_FULL_DATE = 10


class Place(NamedTuple):
    """An entry of a source."""

    source: str
    entry: str


def same_parties(lists: Mapping[str, Sequence[ListedParty]]) -> tuple[tuple[Place, ...], ...]:
    """Return the groups of entries of different sources that are one party, in order."""
    places: list[Place] = []
    first: dict[tuple[str, ...], int] = {}
    parents: list[int] = []

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for source in sorted(lists):
        for party in lists[source]:
            number = len(places)
            places.append(Place(source, party.entry))
            parents.append(number)
            for key in _keys(party):
                other = first.setdefault(key, number)
                parents[root(number)] = root(other)
    groups: dict[int, list[Place]] = collections.defaultdict(list)
    for number, place in enumerate(places):
        groups[root(number)].append(place)
    return tuple(sorted(tuple(sorted(held)) for held in groups.values() if len({place.source for place in held}) > 1))


def _keys(party: ListedParty) -> Iterator[tuple[str, ...]]:
    if party.kind is PartyKind.TERRITORY:
        return
    for identifier in party.identifiers:
        value, family = identifier_key(identifier.value), family_of(identifier.type)
        country = None if identifier.country is None else identifier.country.code
        if value is None or family is None:
            continue
        if family in _UNIQUE_ALONE:
            yield (family, value)
        elif family in _UNIQUE_IN_COUNTRY and country is not None:
            yield (family, value, country)
    dates = {
        span.first
        for span in (*party.births, *party.incorporations)
        if span.first == span.last and len(span.first) == _FULL_DATE and not span.circa
    }
    for name in party.names if dates else ():
        if name.strength is not Strength.WEAK and (words := _words(name.text)):
            for date in dates:
                yield ("name", words, date)


def _words(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = sorted(word for word in _APART.split(bare) if word)
    joined = "".join(words)
    # "Li" is nobody's whole name; three Han characters are.
    return " ".join(words) if len(joined) > 3 or (len(joined) > 1 and not joined.isascii()) else ""
