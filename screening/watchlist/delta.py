"""What lies between two versions of a list, and which changes matter for matching.

A re-screening follows it: what was added or changed in what matters is looked up among the registrants, what was
removed or changed re-opens the results that cite it. A change of prose alone (remarks, titles, offices, the source's
own labels) changes no result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.subjects import digest_of
from screening.watchlist.compared import entry_digest
from screening.watchlist.parties import ListedParty, PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.watchlist.parties import Country

WORDS_ONLY = frozenset({"details", "remarks"})
"""The fields that are shown and never compared."""


class Change(NamedTuple):
    """An entry that both versions hold, and not alike.

    Attributes:
        old: as it was.
        new: as it is.
        fields: the fields that differ.
        matters: whether what is compared with registrants differs.
    """

    old: ListedParty
    new: ListedParty
    fields: tuple[str, ...]
    matters: bool


class Delta(NamedTuple):
    """What lies between two versions of a list, each part in the order of the entries."""

    added: tuple[ListedParty, ...]
    changed: tuple[Change, ...]
    removed: tuple[ListedParty, ...]

    @property
    def mattering(self) -> tuple[Change, ...]:
        """The changes that matter for matching."""
        return tuple(change for change in self.changed if change.matters)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def delta(old: Iterable[ListedParty], new: Iterable[ListedParty]) -> Delta:
    """Compare two versions of one list by their entries."""
    before = {party.entry: party for party in old}
    after = {party.entry: party for party in new}
    both = sorted(before.keys() & after.keys())
    return Delta(
        added=tuple(after[entry] for entry in sorted(after.keys() - before.keys())),
        changed=tuple(_change(before[entry], after[entry]) for entry in both if before[entry] != after[entry]),
        removed=tuple(before[entry] for entry in sorted(before.keys() - after.keys())),
    )


def matching_digest(party: ListedParty) -> str:
    """Return a hash over what of a party is compared with registrants.

    Beside what scores compare (`entry_digest`) these are programmes, addresses and links: they stand on hits, and
    ownership and territories follow them. A source's order, its ids, its labels and its prose do not enter.

    >>> import msgspec
    >>> from screening.watchlist.parties import listed_name
    >>> one = ListedParty(entry="1", kind=PartyKind.PERSON, names=(listed_name("Tove Orrinek"),), remarks="a")
    >>> matching_digest(one) == matching_digest(msgspec.structs.replace(one, remarks="b"))
    True
    """
    return digest_of(
        (
            entry_digest(party),
            sorted(party.programmes),
            sorted((held.street or "", held.place or "", _named(held.country)) for held in party.addresses),
            sorted(
                (held.relation, held.entry or "", held.name, str(held.ownership_percent), held.former)
                for held in party.links
            ),
            # Of a place the details say what is looked at.
            sorted((held.label, held.text) for held in party.details) if party.kind is PartyKind.TERRITORY else [],
        )
    )


def _named(country: Country | None) -> str:
    return "" if country is None else country.code or country.text


def _change(old: ListedParty, new: ListedParty) -> Change:
    fields = tuple(name for name in ListedParty.__struct_fields__ if getattr(old, name) != getattr(new, name))
    words = set(fields) <= WORDS_ONLY and new.kind is not PartyKind.TERRITORY
    matters = not words and matching_digest(old) != matching_digest(new)
    return Change(old, new, fields, matters)
