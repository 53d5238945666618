"""Territories under embargo, an operator's own list of them in TOML.

What it may say is described, with an example, in docs/lists.md.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

import msgspec

from screening.watchlist.countries import country_named
from screening.watchlist.formats.faults import Faults
from screening.watchlist.parties import (
    Country,
    Detail,
    ListedParty,
    ParsedList,
    PartyKind,
    Strength,
    counts_of,
    listed_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

REACH = "reach"
"""The label of the detail that says what of a territory is looked at."""


class _Territory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    names: list[str]
    countries: list[str] = []
    reach: Literal["country", "places"] = "country"
    programme: str | None = None
    reason: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    territory: list[_Territory]


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    parties: dict[str, ListedParty] = {}
    for document in files:
        try:
            held = msgspec.convert(tomllib.loads(document.whole().decode("utf-8-sig")), _File)
        except UnicodeDecodeError as error:
            faults.stop(f"{document.name}: byte {error.start}", "no UTF-8", "TOML in UTF-8")
        except tomllib.TOMLDecodeError as error:
            faults.stop(document.name, f"no TOML ({error})", "TOML 1.0")
        except msgspec.ValidationError as error:
            faults.stop(document.name, str(error), "[[territory]] tables as docs/lists.md describes them")
        for number, territory in enumerate(held.territory, start=1):
            where = f"{document.name}: territory {number}"
            if territory.id in parties:
                faults.add(where, f"id {territory.id} again", "each id once")
            parties[territory.id] = _party(territory, where, faults)
    if not parties and not faults:
        faults.add(files[0].name, "no territory", "at least one")
    faults.check()
    return ParsedList(parties=tuple(parties.values()), counts=counts_of(parties.values()))


def _party(territory: _Territory, where: str, faults: Faults) -> ListedParty:
    names = [name.strip() for name in territory.names if name.strip()]
    if not territory.id.strip():
        faults.add(f"{where}: id", "an empty text", "a name for the territory that never changes")
    if not names:
        faults.add(f"{where}: names", "none", "at least one name")
    if territory.reach == "country" and not territory.countries:
        faults.add(f"{where}: countries", "none", "at least one, for the reach is country")
    countries: list[Country] = []
    for text in territory.countries:
        country = country_named(text)
        if country.code is None and not (len(text) == 2 and text.isascii() and text.isalpha()):
            faults.add(f"{where}: countries", repr(text), "an ISO 3166-1 alpha-2 code or a country's name")
        countries.append(country if country.code else Country(text=text, code=text.upper()))
    return ListedParty(
        entry=territory.id,
        kind=PartyKind.TERRITORY,
        names=tuple(
            listed_name(name, Strength.STRONG if place else Strength.PRIMARY) for place, name in enumerate(names)
        ),
        programmes=(territory.programme,) if territory.programme else (),
        countries=tuple(countries),
        details=(Detail(label=REACH, text=territory.reach),),
        remarks=territory.reason,
    )
