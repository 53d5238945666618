"""A listed party while its format is being read: parts come in any order and more than once, and leave in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screening.watchlist.countries import country_named
from screening.watchlist.formats.identifier_types import identifier_type
from screening.watchlist.parties import (
    Address,
    Country,
    DateSpan,
    Detail,
    Link,
    ListedIdentifier,
    ListedName,
    ListedParty,
    PartyKind,
    Strength,
    listed_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.watchlist.formats.faults import Faults

_RANK = {Strength.PRIMARY: 0, Strength.STRONG: 1, Strength.WEAK: 2}
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "unknown", "not available", "-0-", "none identified"})


@dataclass(slots=True)
class Draft:
    """What is known of one entry so far. Every method takes None or an empty text as nothing said."""

    entry: str
    kind: PartyKind
    where: str = ""
    names: dict[str, ListedName] = field(default_factory=dict)
    programmes: dict[str, None] = field(default_factory=dict)
    births: dict[DateSpan, None] = field(default_factory=dict)
    incorporations: dict[DateSpan, None] = field(default_factory=dict)
    birth_places: dict[str, None] = field(default_factory=dict)
    nationalities: dict[Country, None] = field(default_factory=dict)
    citizenships: dict[Country, None] = field(default_factory=dict)
    countries: dict[Country, None] = field(default_factory=dict)
    addresses: dict[Address, None] = field(default_factory=dict)
    identifiers: dict[ListedIdentifier, None] = field(default_factory=dict)
    links: dict[Link, None] = field(default_factory=dict)
    details: dict[tuple[str, str], None] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    gender: str | None = None

    def name(
        self,
        text: str | None,
        strength: Strength = Strength.PRIMARY,
        type_: str = "name",
        *,
        id_: str | None = None,
        language: str | None = None,
    ) -> None:
        """Add a name; of the same one told twice the firmer stays."""
        bare = said(text)
        if bare is None:
            return
        held = self.names.get(bare)
        if held is None or _RANK[strength] < _RANK[held.strength]:
            self.names[bare] = listed_name(bare, strength, type_, id_=id_, language=language)

    def also(self, texts: Iterable[str | None], strength: Strength = Strength.STRONG, type_: str = "aka") -> None:
        """Add further names."""
        for text in texts:
            self.name(text, strength, type_)

    def date(self, span: DateSpan | None, text: str | None = None) -> None:
        """Add a date of birth, or of incorporation where this is no person; a text that is no date becomes a detail."""
        if span is None:
            self.detail("date of birth" if self.kind is PartyKind.PERSON else "date", text)
        elif self.kind in (PartyKind.PERSON, PartyKind.UNKNOWN):
            self.births[span] = None
        else:
            self.incorporations[span] = None

    def address(
        self,
        street: str | None,
        place: str | None,
        country: str | None,
        *,
        id_: str | None = None,
        remarks: str | None = None,
    ) -> None:
        """Add an address and its country."""
        named = None if said(country) is None else country_named(country or "")
        held = Address(id=id_, street=said(street), place=said(place), country=named, remarks=said(remarks))
        if held.street or held.place or held.remarks:
            self.addresses[held] = None
        if named is not None:
            self.countries[named] = None

    def identifier(
        self, label: str, value: str | None, country: str | None = None, *, type_: str | None = None
    ) -> None:
        """Add an identifier; its type is taken from the label where it is not given."""
        bare = said(value)
        if bare is not None:
            named = None if said(country) is None else country_named(country or "")
            held = ListedIdentifier(type=type_ or identifier_type(label), value=bare, country=named, label=label)
            self.identifiers[held] = None

    def nationality(self, *texts: str | None, citizenship: bool = False) -> None:
        """Add nationalities or citizenships."""
        held = self.citizenships if citizenship else self.nationalities
        held.update((country_named(text), None) for text in map(said, texts) if text is not None)

    def country(self, *texts: str | None) -> None:
        """Add countries that the party is tied to otherwise."""
        self.countries.update((country_named(text), None) for text in map(said, texts) if text is not None)

    def birth_place(self, *parts: str | None) -> None:
        """Add a place of birth, its parts joined."""
        text = joined(parts, ", ")
        if text is not None:
            self.birth_places[text] = None

    def programme(self, *texts: str | None) -> None:
        """Add programmes."""
        self.programmes.update((text, None) for text in map(said, texts) if text is not None)

    def detail(self, label: str, *texts: str | None) -> None:
        """Add what has no field of its own."""
        self.details.update(((label, text), None) for text in map(said, texts) if text is not None)

    def remark(self, *texts: str | None) -> None:
        """Add prose."""
        self.remarks.update((text, None) for text in map(said, texts) if text is not None)

    def link(self, link: Link) -> None:
        """Add a link that names somebody."""
        if link.name or link.entry:
            self.links[link] = None

    def party(self) -> ListedParty:
        """Return the party, its firmest name first."""
        names = sorted(self.names.values(), key=lambda name: _RANK[name.strength])
        return ListedParty(
            entry=self.entry,
            kind=self.kind,
            names=tuple(names),
            programmes=tuple(self.programmes),
            births=tuple(self.births),
            incorporations=tuple(self.incorporations),
            birth_places=tuple(self.birth_places),
            nationalities=tuple(self.nationalities),
            citizenships=tuple(self.citizenships),
            countries=tuple(self.countries),
            addresses=tuple(self.addresses),
            identifiers=tuple(self.identifiers),
            links=tuple(self.links),
            gender=self.gender,
            details=tuple(Detail(label=label, text=text) for label, text in self.details),
            remarks="\n".join(self.remarks) or None,
        )


def finished(drafts: Iterable[Draft], faults: Faults) -> tuple[ListedParty, ...]:
    """Return the parties of some drafts; one without a name is a fault.

    Raises:
        WatchlistError: with every fault noted so far, these included.
    """
    held = tuple(drafts)
    for draft in held:
        if not draft.names:
            faults.add(draft.where or f"entry {draft.entry}", f"no name of entry {draft.entry}", "at least one name")
    faults.check()
    return tuple(draft.party() for draft in held)


def said(text: str | None) -> str | None:
    """Return a text with its runs of blanks made one, or None where it says nothing ("", "n/a", "-").

    >>> said("  Tamarisk   Ltd "), said("N/A")
    ('Tamarisk Ltd', None)
    """
    if text is None:
        return None
    bare = " ".join(text.split())
    return None if bare.casefold() in _NOTHING else bare


def joined(parts: Iterable[str | None], by: str = " ") -> str | None:
    """Return the parts that say something as one text, or None where none does."""
    return by.join(part for part in map(said, parts) if part is not None) or None


def split(text: str | None, *by: str) -> list[str]:
    """Return the parts of a field that holds several, parted by any of some marks."""
    parts = [text or ""]
    for mark in by:
        parts = [piece for part in parts for piece in part.split(mark)]
    return [piece for piece in map(said, parts) if piece is not None]
