"""Sanctions lists ready to be searched, and the same as bytes: made once, used by many processes where they lie.

The bytes begin with a line that says which form they have, and their SHA-256: whatever was cut or changed is refused
before anything of it is looked at.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from screening.errors import Fault, WatchlistError
from screening.watchlist.index import NameIndex
from screening.watchlist.matcher import Held, NameMatcher
from screening.watchlist.packing import Packable, pack, unpack
from screening.watchlist.parties import ListedParty, PartyKind
from screening.watchlist.roll import Postings, Roll
from screening.watchlist.signatures import Signatures, Texts
from screening.watchlist.skeletons import Consonants, Skeletons
from screening.watchlist.territory_matcher import TerritoryMatcher
from screening.watchlist.vocabulary import Heard, Sounding, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT: Final = b"screening lists "
VERSION: Final = 1
"""Counted up where the same code would read older bytes wrongly."""

_HEAD: Final = 64
"""The line and the checksum, so that what follows begins at a multiple of 64."""


class Placed(NamedTuple):
    """A place under embargo and the source it comes from."""

    source: str
    party: ListedParty


class ReadyLists(Packable):
    """Listed parties of all sources, ready to be searched, and places under embargo. Immutable.

    Args:
        lists: source → its listed parties.
    """

    FLEETING = frozenset({"territories"})

    def __init__(self, lists: Mapping[str, Sequence[ListedParty]]) -> None:
        self.names = NameMatcher(lists)
        self._placed: Sequence[Placed] = tuple(
            Placed(source, party)
            for source in sorted(lists)
            for party in lists[source]
            if party.kind is PartyKind.TERRITORY
        )
        self.awake()

    def awake(self) -> None:
        """Make the territories ready: there are few."""
        sources = dict.fromkeys(placed.source for placed in self._placed)
        self.territories = TerritoryMatcher(
            {source: [placed.party for placed in self._placed if placed.source == source] for source in sources}
        )


_CLASSES: Final = (
    Consonants,
    Heard,
    Held,
    NameIndex,
    NameMatcher,
    Placed,
    Postings,
    ReadyLists,
    Roll,
    Signatures,
    Skeletons,
    Sounding,
    TerritoryMatcher,
    Texts,
    Vocabulary,
)


def dump(lists: ReadyLists) -> list[bytes | memoryview]:
    """Return lists as bytes, in pieces: their sum is what `load` reads."""
    pieces = pack(lists)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return [_line().ljust(_HEAD - digest.digest_size) + digest.digest(), *pieces]


def load(data: memoryview) -> ReadyLists:
    """Return the lists that bytes are.

    Args:
        data: what `dump` gave, at a place in memory that is a multiple of 64; it is used, not copied, as long as
            the lists are.

    Raises:
        WatchlistError: it is something else, of another form, damaged or cut.
    """
    line, digest = bytes(data[: _HEAD - 32]).rstrip(), data[_HEAD - 32 : _HEAD]
    if not line.startswith(FORMAT):
        raise _refused(f"{line[:20]!r}", f"bytes that begin with {FORMAT.decode().strip()!r}")
    if line != _line():
        raise _refused(f"form {line[len(FORMAT) :].decode('ascii', 'replace')}", f"form {VERSION}")
    if hashlib.sha256(data[_HEAD:]).digest() != digest:
        raise _refused("bytes that do not agree with their checksum", "the bytes as they were written")
    try:
        lists = unpack(data[_HEAD:], _CLASSES)
    except msgspec.DecodeError as error:
        raise _refused(str(error), "values as this release knows them") from None
    if not isinstance(lists, ReadyLists):
        raise _refused(type(lists).__name__, "lists")
    return lists


def _line() -> bytes:
    return FORMAT + b"%d" % VERSION


def _refused(found: str, expected: str) -> WatchlistError:
    return WatchlistError([Fault("lists ready to be searched", found, expected)])
