"""Links told by name: which entry of the same list the other party is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.watchlist.parties import Link, ListedParty


def tied(parties: Iterable[ListedParty]) -> tuple[ListedParty, ...]:
    """Return parties whose links name the entry of the other, where one entry alone bears exactly that name.

    A primary name goes before an alias. A name that two entries bear stays a name: guessing would tie the wrong one.
    """
    held = tuple(parties)
    if not any(link.entry is None for party in held for link in party.links):
        return held
    primary: dict[str, str | None] = {}
    other: dict[str, str | None] = {}
    for party in held:
        for place, name in enumerate(party.names):
            bearers = other if place else primary
            key = _key(name.text)
            bearers[key] = party.entry if bearers.get(key, party.entry) == party.entry else None
    found = {**other, **primary}
    return tuple(_with_entries(party, found) for party in held)


def _with_entries(party: ListedParty, found: dict[str, str | None]) -> ListedParty:
    if not party.links:
        return party
    links = tuple(_with_entry(link, party.entry, found) for link in party.links)
    return party if links == party.links else msgspec.structs.replace(party, links=links)


def _with_entry(link: Link, own: str, found: dict[str, str | None]) -> Link:
    entry = found.get(_key(link.name)) if link.entry is None else None
    return link if entry is None or entry == own else msgspec.structs.replace(link, entry=entry)


def _key(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").replace(",", " ").split())
