"""What a change of lists brings: which parties' hits it can alter, and what of it nobody can have been found by before.

The likeness of two names depends on these two alone. So whoever is like a name that a party bore already has a hit on
that party, and is known by what the hit cites; only names and identifiers that a party did not bear before can be like
somebody who has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from screening.watchlist.compared import entry_digest
from screening.watchlist.identifiers import identifier_key
from screening.watchlist.linked import linked
from screening.watchlist.parties import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.watchlist.parties import ListedParty

    Lists = Mapping[str, Sequence[ListedParty]]
    """Source → its listed parties."""

    Key = tuple[str, str]
    """Source and entry."""


class NewName(NamedTuple):
    """A name that a party did not bear before, and whether it is read as a person's."""

    text: str
    person: bool


@dataclass(frozen=True, slots=True)
class News:
    """What came with a change of lists.

    Attributes:
        cited: source and entry of each party that came, went or changed, or that is tied to one that did.
        names: the names that came, each once, in an order that does not change.
        identifiers: the keys of the identifiers that came.
        parties: source → parties that bear what came and nothing else, to be found as any.
        territories: source → territories that came or changed.
    """

    cited: frozenset[Key]
    names: tuple[NewName, ...]
    identifiers: frozenset[str]
    parties: Mapping[str, tuple[ListedParty, ...]]
    territories: Mapping[str, tuple[ListedParty, ...]]


def news(old: Lists, new: Lists) -> News:
    """Return what came with the change from some lists to others."""
    before, after = _by_entry(old), _by_entry(new)
    changed = {key for key in before.keys() | after.keys() if _said(before.get(key)) != _said(after.get(key))}
    cited = changed | _tied(changed, before) | _tied(changed, after)
    parties: dict[str, list[ListedParty]] = {}
    territories: dict[str, list[ListedParty]] = {}
    names: dict[NewName, None] = {}
    identifiers: set[str] = set()
    for source, entry in sorted(cited & after.keys()):
        party, was = after[source, entry], before.get((source, entry))
        if party.kind is PartyKind.TERRITORY:
            territories.setdefault(source, []).append(party)
            continue
        came = _came(party, was)
        if came is None:
            continue
        parties.setdefault(source, []).append(came)
        names.update(dict.fromkeys(name for name in _names(party) if name not in _names_of(was)))
        identifiers.update(_keys(came))
    for source, party in _linked(old, new):
        parties.setdefault(source, []).append(party)
        names.update(dict.fromkeys(_names(party)))
    return News(
        cited=frozenset(cited),
        names=tuple(names),
        identifiers=frozenset(identifiers),
        parties={source: tuple(held) for source, held in parties.items()},
        territories={source: tuple(held) for source, held in territories.items()},
    )


def _came(party: ListedParty, was: ListedParty | None) -> ListedParty | None:
    """Return a party with what it did not bear before; None where that is nothing."""
    had, known = _names_of(was), () if was is None else was.identifiers
    names = tuple(name for name, new in zip(party.names, _names(party), strict=True) if new not in had)
    identifiers = tuple(held for held in party.identifiers if held not in known)
    if not names and not identifiers:
        return None
    # Whoever bears a new identifier is compared by all the names, for a party has at least one.
    return msgspec.structs.replace(party, names=names or party.names, identifiers=identifiers, links=())


def _names_of(was: ListedParty | None) -> frozenset[NewName]:
    """Return the names by which a party could be found before; a territory is found by no name."""
    return frozenset() if was is None or was.kind is PartyKind.TERRITORY else frozenset(_names(was))


def _names(party: ListedParty) -> Iterator[NewName]:
    person = party.kind is PartyKind.PERSON
    return (NewName(name.text, person) for name in party.names)


def _keys(party: ListedParty) -> Iterator[str]:
    return (key for held in party.identifiers if (key := identifier_key(held.value)) is not None)


def _linked(old: Lists, new: Lists) -> Iterator[tuple[str, ListedParty]]:
    """Yield the parties known by a link alone whose name the same holder did not tell of before."""
    for source in sorted(new):
        told = {(one.party.entry, one.party.names) for one in linked(source, old.get(source, ()))}
        for one in linked(source, new[source]):
            if (one.party.entry, one.party.names) not in told:
                yield source, one.party


def _said(party: ListedParty | None) -> object:
    """Return what of a party a hit can show or rest on; a remark that changed concerns nobody."""
    if party is None or party.kind is PartyKind.TERRITORY:
        return party
    return (entry_digest(party), party.names, party.programmes, party.identifiers, party.links, party.addresses)


def _by_entry(lists: Lists) -> dict[Key, ListedParty]:
    return {(source, party.entry): party for source, parties in lists.items() for party in parties}


def _tied(changed: set[Key], parties: Mapping[Key, ListedParty]) -> set[Key]:
    """Return all that is tied to what changed, through however many others: their hits may tell of it."""
    ties: dict[Key, list[Key]] = {}
    for (source, entry), party in parties.items():
        for other in _ends(party):
            ties.setdefault((source, other), []).append((source, entry))
            ties.setdefault((source, entry), []).append((source, other))
    reached: set[Key] = set()
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
