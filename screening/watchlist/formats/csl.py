"""The US Consolidated Screening List, as trade.gov publishes it: CSV, and JSON with the same fields.

Traps of the format: many rows have no number of an entry (those of the Commerce and State Departments), so theirs is
made of list and name; aliases, addresses and identifiers stand in one field each, parted by ";"; an identifier is
"COUNTRY, NUMBER, KIND", and what stands there is not always one; "(Linked To: …)" stands in the remarks.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from screening.watchlist.formats.draft import Draft, finished, joined, said, split
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.identifier_types import identifier_type
from screening.watchlist.formats.ofac_remarks import date_span
from screening.watchlist.formats.table import read_table
from screening.watchlist.formats.ties import tied
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import DateSpan, Link, ParsedList, PartyKind, Relation, counts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screening.watchlist.formats.document import Document

REQUIRED = ("source", "name", "programs", "alt_names", "addresses")
ENTITY_LIST = "entity list"
"""How the rows of the Commerce Department's Entity List begin to name their list."""

_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANIZATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_LINKED = re.compile(r"Linked To:\s*([^;)]+)", re.IGNORECASE)
_SHORT = re.compile(r"\(([A-Z]{2,5})\)")
_COUNTRY_AT_END = re.compile(r"^(?:(.*), )?([A-Z]{2})$", re.DOTALL)


class _Address(msgspec.Struct):
    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Id(msgspec.Struct):
    type: str | None = None
    number: str | None = None
    country: str | None = None


class _Result(msgspec.Struct):
    """One result of the JSON; what is a list there is one field of the CSV."""

    source: str = ""
    name: str | None = None
    entity_number: str | int | None = None
    type: str | None = None
    programs: list[str] | None = None
    title: str | None = None
    remarks: str | None = None
    alt_names: list[str] | None = None
    addresses: list[_Address] | None = None
    ids: list[_Id] | None = None
    citizenships: list[str] | None = None
    nationalities: list[str] | None = None
    dates_of_birth: list[str] | None = None
    places_of_birth: list[str] | None = None
    call_sign: str | None = None
    vessel_type: str | None = None
    gross_tonnage: str | None = None
    gross_registered_tonnage: str | None = None
    vessel_flag: str | None = None
    vessel_owner: str | None = None
    federal_register_notice: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    standard_order: str | None = None
    license_requirement: str | None = None
    license_policy: str | None = None


class _Results(msgspec.Struct):
    results: list[_Result]


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the whole list.

    Raises:
        WatchlistError: with every fault found.
    """
    return _parse(files, lambda _: True, "at least one entry")


def parse_entity_list(files: Sequence[Document]) -> ParsedList:
    """Read the Commerce Department's Entity List alone, from a file of it or of the whole list.

    Raises:
        WatchlistError: with every fault found.
    """
    return _parse(files, lambda source: source.casefold().startswith(ENTITY_LIST), "entries of the Entity List")


def _parse(files: Sequence[Document], wanted: Callable[[str], bool], expected: str) -> ParsedList:
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        json = document.head().lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))
        for where, result in _from_json(document, faults) if json else _from_csv(document, faults):
            if not result.source:
                faults.add(where, "no source", "the list that the entry is of")
            elif wanted(result.source):
                _take(result, where, drafts, faults)
    if not drafts and not faults:
        faults.add(files[0].name, "none", expected)
    parties = tied(finished(drafts.values(), faults))
    return ParsedList(parties=parties, counts=counts_of(parties))


def _from_json(document: Document, faults: Faults) -> Iterator[tuple[str, _Result]]:
    try:
        held = msgspec.json.decode(document.whole().removeprefix(b"\xef\xbb\xbf"), type=_Results)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        faults.stop(document.name, f"no such JSON ({error})", 'a whole {"results": [...]} in UTF-8')
    for number, result in enumerate(held.results):
        yield f"{document.name}: results[{number}]", result


def _from_csv(document: Document, faults: Faults) -> Iterator[tuple[str, _Result]]:
    several = ("alt_names", "citizenships", "nationalities", "dates_of_birth", "places_of_birth", "programs")
    single = [name for name in _Result.__struct_fields__ if name not in (*several, "addresses", "ids")]
    for row in read_table(document, REQUIRED, faults, delimiter=",", fallback="cp1252"):
        fields: dict[str, Any] = {name: row(name) for name in single}
        fields |= {name: split(row(name), ";") for name in several}
        fields["source"] = fields["source"] or ""
        addresses = [_address(text) for text in split(row("addresses"), ";")]
        yield row.where, _Result(**fields, addresses=addresses, ids=[_id(text) for text in split(row("ids"), ";")])


def _address(text: str) -> _Address:
    found = _COUNTRY_AT_END.match(text)
    return _Address(address=text) if found is None else _Address(address=found[1], country=found[2])


def _id(text: str) -> _Id:
    """Read "COUNTRY, NUMBER, KIND", of which the country may be left out."""
    parts = [part.strip() for part in text.split(",")]
    country = parts.pop(0) if len(parts) > 2 and re.fullmatch(r"[A-Z]{2}", parts[0]) else None
    kind = parts.pop() if len(parts) > 1 else None
    return _Id(type=kind, number=", ".join(parts), country=country)


def _take(result: _Result, where: str, drafts: dict[str, Draft], faults: Faults) -> None:
    name = said(result.name)
    if name is None:
        faults.add(where, "no name", "the name of an entry")
        return
    found = _SHORT.search(result.source)
    short = found[1] if found else result.source.split(" - ")[0]
    number = said(None if result.entity_number is None else str(result.entity_number))
    entry = f"{short}-{number or hashlib.sha256(f'{short}|{name}'.encode()).hexdigest()[:12]}"
    if number is not None and entry in drafts:
        faults.add(where, f"entry {entry} again", f"a number that {drafts[entry].where} has not")
        return
    # Rows without a number that bear one name are one entry with several addresses.
    draft = drafts.setdefault(entry, Draft(entry, _KINDS.get((result.type or "").casefold(), PartyKind.UNKNOWN), where))
    draft.name(name)
    _take_rest(result, short, draft)


def _take_rest(result: _Result, short: str, draft: Draft) -> None:
    draft.also(text.removeprefix("and ").strip(" .") for text in result.alt_names or ())
    draft.programme(*(result.programs or ()))
    if not draft.programmes:
        draft.programme(short)
    for address in result.addresses or ():
        place = joined((address.city, address.state, address.postal_code), ", ")
        draft.address(address.address, place, address.country)
    _take_person(result, draft)
    for held in result.ids or ():
        _take_id(held, draft)
    for label in (
        "title", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage", "vessel_flag", "vessel_owner",
        "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement", "license_policy",
    ):  # fmt: skip
        draft.detail(label.replace("_", " "), getattr(result, label))
    draft.detail("list", result.source)
    draft.country(result.vessel_flag)
    if (owner := said(result.vessel_owner)) is not None:
        draft.link(Link(relation=Relation.OWNER, name=owner, label="vessel owner"))
    draft.remark(result.remarks)
    for linked in _LINKED.findall(result.remarks or ""):
        draft.link(Link(relation=Relation.LINKED, name=linked.strip(" ."), label="Linked To"))


def _take_person(result: _Result, draft: Draft) -> None:
    draft.nationality(*(result.nationalities or ()))
    draft.nationality(*(result.citizenships or ()), citizenship=True)
    for text in result.dates_of_birth or ():
        draft.date(_date(text), text)
    for text in result.places_of_birth or ():
        draft.birth_place(text)


def _take_id(held: _Id, draft: Draft) -> None:
    label = (held.type or "document").rstrip(":- ")
    number = said(held.number)
    if number is None:
        return
    known = identifier_type(label) if label != "document" else "other"
    if label.casefold() == "vessel registration identification" or number.startswith("IMO "):
        draft.identifier(label, number.removeprefix("IMO ").strip(), held.country, type_="imo")
    elif label.casefold() == "gender":
        draft.gender = number
    elif label.casefold() == "organization established date":
        draft.date(_date(number), number)
    elif known == "other":
        draft.detail(label.casefold(), number)
    else:
        draft.identifier(label, number, held.country)


def _date(text: str) -> DateSpan | None:
    return date_of(text) or date_span(text)
