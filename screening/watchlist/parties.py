"""Listed parties as every list format gives them, and the counts by which a version is checked.

Values survive JSON and MessagePack unchanged, because versions are kept as built. What a source wrote is kept beside
what we made of it, so that no later reader depends on our reading.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from screening.watchlist.writing import LATIN, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class PartyKind(enum.StrEnum):
    """What a listed party is, as far as its source says."""

    PERSON = "person"
    ORGANIZATION = "organization"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    TERRITORY = "territory"
    """No party but a place under embargo, on the operator's own list of them."""
    UNKNOWN = "unknown"


class Strength(enum.StrEnum):
    """How well a name points at its party: a weak alias is a nickname or a name that many others bear."""

    PRIMARY = "primary"
    STRONG = "strong"
    WEAK = "weak"


class ListedName(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name of a listed party, as sent; `type` is the source's word (name, aka, fka, nka).

    `script` is the ISO 15924 code of most of its letters; `language` the source's word for its language, if any.
    """

    text: str
    strength: Strength = Strength.PRIMARY
    type: str = "name"
    id: str | None = None
    remarks: str | None = None
    script: str = LATIN
    language: str | None = None


class DateSpan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A date as far as it is known: `first` and `last` are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    A single date has `first == last`. `circa` says that the source itself is not sure.
    """

    first: str
    last: str
    circa: bool = False


class Country(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A country as written, with its ISO 3166-1 alpha-2 code where recognised."""

    text: str
    code: str | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A postal address, as sent."""

    id: str | None = None
    street: str | None = None
    place: str | None = None
    country: Country | None = None
    remarks: str | None = None


class ListedIdentifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number that an authority gave; `label` is the source's word for what `type` says.

    Vessels have theirs of type `imo`, `mmsi` and `call-sign`, aircraft `aircraft`; a wallet is of type `wallet`, with
    the currency in its label.
    """

    type: str
    value: str
    country: Country | None = None
    label: str | None = None


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """Something else that a source says in a field of its own: a title, a call sign, a flag."""

    label: str
    text: str


class Relation(enum.StrEnum):
    """What the other party of a link is to the one that holds it.

    A link that two parties hold is said from both sides: where A is B's `owner`, B is A's `subsidiary`.
    """

    OWNER = "owner"
    SUBSIDIARY = "subsidiary"
    """Owned by the one that holds the link; without a percentage, by how much is not known."""
    BENEFICIAL_OWNER = "beneficial_owner"
    BENEFICIALLY_OWNED = "beneficially_owned"
    CONTROLLER = "controller"
    CONTROLLED = "controlled"
    DIRECTOR = "director"
    DIRECTED = "directed"
    """The one that holds the link directs it, or holds an office in it."""
    REPRESENTATIVE = "representative"
    REPRESENTED = "represented"
    FAMILY = "family"
    ASSOCIATE = "associate"
    LINKED = "linked"
    """The source says that they are linked, and not how."""


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tie of a listed party to another party, listed or not: "the other is my `relation`".

    Attributes:
        relation: what the other is to the party that holds the link.
        name: the other's name, as sent; empty where only its entry is known.
        entry: the other's entry on the same list, where it is known to be there.
        ownership_percent: of an owner or subsidiary, how much is owned, from 0 to 100; None where it is not said.
        label: the source's words for the tie.
        former: whether the source says that it has ended.
    """

    relation: Relation
    name: str = ""
    entry: str | None = None
    ownership_percent: float | None = None
    label: str | None = None
    former: bool = False


class ListedParty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a sanctions list. `entry` is the source's own id; the primary name stands first in `names`."""

    entry: str
    kind: PartyKind
    names: tuple[ListedName, ...]
    programmes: tuple[str, ...] = ()
    births: tuple[DateSpan, ...] = ()
    incorporations: tuple[DateSpan, ...] = ()
    birth_places: tuple[str, ...] = ()
    nationalities: tuple[Country, ...] = ()
    citizenships: tuple[Country, ...] = ()
    countries: tuple[Country, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[ListedIdentifier, ...] = ()
    links: tuple[Link, ...] = ()
    gender: str | None = None
    details: tuple[Detail, ...] = ()
    remarks: str | None = None


def listed_name(
    text: str,
    strength: Strength = Strength.PRIMARY,
    type_: str = "name",
    *,
    id_: str | None = None,
    remarks: str | None = None,
    language: str | None = None,
) -> ListedName:
    """Return a name with its script."""
    return ListedName(
        text=text, strength=strength, type=type_, id=id_, remarks=remarks, script=script_of(text), language=language
    )


class ListCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How much a version of a list holds. `aliases` are the strong ones; weak ones are counted apart."""

    entries: int = 0
    aliases: int = 0
    weak_aliases: int = 0
    addresses: int = 0
    identifiers: int = 0
    births: int = 0


class ParsedList(msgspec.Struct, frozen=True, kw_only=True):
    """What a format module made of one version's files: parties in the order of the source, and their counts."""

    parties: tuple[ListedParty, ...]
    counts: ListCounts


def counts_of(parties: Iterable[ListedParty]) -> ListCounts:
    """Count what some listed parties hold."""
    entries = aliases = weak = addresses = identifiers = births = 0
    for party in parties:
        entries += 1
        aliases += sum(name.strength is Strength.STRONG for name in party.names)
        weak += sum(name.strength is Strength.WEAK for name in party.names)
        addresses += len(party.addresses)
        identifiers += len(party.identifiers)
        births += len(party.births)
    return ListCounts(
        entries=entries,
        aliases=aliases,
        weak_aliases=weak,
        addresses=addresses,
        identifiers=identifiers,
        births=births,
    )
