"""The CSV family in which OFAC publishes its lists: a primary file, aliases, addresses, and overflowing remarks.

`ofac_files` reads lines and says which file is which, `ofac_remarks` reads the prose of the remarks; here both become
listed parties. Remarks longer than 1,000 characters go on in the comments, in the middle of a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screening.watchlist.countries import country_named
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.ofac_files import Role, Row, rows_by_role
from screening.watchlist.formats.ofac_remarks import Remarks, read_remarks
from screening.watchlist.formats.ties import tied
from screening.watchlist.parties import (
    Address,
    Country,
    Detail,
    Link,
    ListedName,
    ListedParty,
    ParsedList,
    PartyKind,
    Relation,
    Strength,
    counts_of,
    listed_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PROGRAMMES = re.compile(r"\]\s*\[|;\s*")
_VESSEL_FIELDS = ("call sign", "vessel type", "tonnage", "gross registered tonnage", "vessel flag", "vessel owner")


@dataclass(slots=True)
class _Draft:
    primary: Row
    aliases: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def parse(files: Mapping[str, bytes]) -> ParsedList:
    """Read one version of an OFAC list.

    Args:
        files: name → bytes. The primary file is needed; aliases, addresses and comments may be absent (whether that
            is a shrinking is for `check_bounds` to say).

    Raises:
        WatchlistError: with every fault found in any of the files.
    """
    faults = Faults()
    by_role = rows_by_role(files, faults)
    drafts: dict[str, _Draft] = {}
    for row in by_role.get(Role.PRIMARY, ()):
        _take_primary(row, drafts, faults)
    for role in (Role.ALIASES, Role.ADDRESSES, Role.COMMENTS):
        for row in by_role.get(role, ()):
            _take_other(role, row, drafts, faults)
    if Role.PRIMARY in by_role and not drafts:
        faults.add("primary file", "no entry", "at least one entry")
    faults.check()
    parties = tied(_party(entry, draft) for entry, draft in drafts.items())
    return ParsedList(parties=parties, counts=counts_of(parties))


def _take_primary(row: Row, drafts: dict[str, _Draft], faults: Faults) -> None:
    entry = row.text(0)
    if entry is None or not entry.isascii() or not entry.isdigit():
        faults.add(f"{row.where}: column 1", repr(entry or ""), "the number of an entry")
    elif entry in drafts:
        faults.add(
            f"{row.where}: column 1", f"entry {entry} again", f"a number that {drafts[entry].primary.where} has not"
        )
    elif row.text(1) is None:
        faults.add(f"{row.where}: column 2", "an empty name", f"the name of entry {entry}")
    else:
        drafts[entry] = _Draft(row)


def _take_other(role: Role, row: Row, drafts: Mapping[str, _Draft], faults: Faults) -> None:
    entry = row.text(0)
    draft = drafts.get(entry or "")
    if draft is None:
        faults.add(f"{row.where}: column 1", f"entry {entry or repr('')}", "an entry of the primary file")
    elif role is Role.ALIASES:
        if row.text(3) is None:
            faults.add(f"{row.where}: column 4", "an empty alias", f"an alias of entry {entry}")
        draft.aliases.append(row)
    elif role is Role.ADDRESSES:
        draft.addresses.append(row)
    else:
        draft.comments.append(row.fields[1] or "")


def _party(entry: str, draft: _Draft) -> ListedParty:
    row = draft.primary
    written = (row.fields[11] or "") + "".join(draft.comments)
    remarks = read_remarks(written) if written.strip() else Remarks()
    addresses = tuple(_address(held) for held in draft.addresses)
    flag = row.text(9)
    countries = [held.country for held in addresses if held.country] + remarks.countries
    if flag and flag.casefold() != "none identified":
        countries.append(country_named(flag))
    details = [Detail(label="title", text=row.text(4) or "")] if row.text(4) else []
    details += [
        Detail(label=label, text=text)
        for label, index in zip(_VESSEL_FIELDS, range(5, 11), strict=True)
        if (text := row.text(index)) is not None
    ]
    return ListedParty(
        entry=entry,
        kind=_kind(row.text(2)),
        names=(listed_name(row.text(1) or ""), *map(_alias, draft.aliases), *remarks.aliases),
        programmes=tuple(part.strip("[] ") for part in _PROGRAMMES.split(row.text(3) or "") if part.strip("[] ")),
        births=tuple(remarks.births),
        incorporations=tuple(remarks.incorporations),
        birth_places=tuple(remarks.birth_places),
        nationalities=_unique(remarks.nationalities),
        citizenships=_unique(remarks.citizenships),
        countries=_unique(countries),
        addresses=addresses,
        identifiers=tuple(remarks.identifiers),
        links=(*_owner(row), *remarks.links),
        gender=remarks.gender,
        details=(*details, *remarks.details),
        remarks=written.strip() or None,
    )


def _kind(text: str | None) -> PartyKind:
    match (text or "").casefold():
        case "individual":
            return PartyKind.PERSON
        case "vessel":
            return PartyKind.VESSEL
        case "aircraft":
            return PartyKind.AIRCRAFT
        case "" | "entity":
            return PartyKind.ORGANIZATION
        case _:
            return PartyKind.UNKNOWN


def _owner(row: Row) -> tuple[Link, ...]:
    name = row.text(10)
    return () if name is None else (Link(relation=Relation.OWNER, name=name, label="vessel owner"),)


def _alias(row: Row) -> ListedName:
    return listed_name(
        row.text(3) or "",
        Strength.STRONG,
        (row.text(2) or "aka").replace(".", "").casefold(),
        id_=row.text(1),
        remarks=row.text(4),
    )


def _address(row: Row) -> Address:
    country = row.text(4)
    return Address(
        id=row.text(1),
        street=row.text(2),
        place=row.text(3),
        country=country_named(country) if country else None,
        remarks=row.text(5),
    )


def _unique(countries: Iterable[Country]) -> tuple[Country, ...]:
    return tuple(dict.fromkeys(countries))
