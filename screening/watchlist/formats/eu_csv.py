"""The EU's consolidated financial sanctions list, in CSV (version 1.1).

Traps of the format: ";" between columns and a mark before the text; one row for each name, address, birth, document
and citizenship of an entity, so that an entity is many rows, and not always neighbours; a row may hold several of
them. The CSV does not say which aliases are weak, the XML does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import Row, read_table
from screening.watchlist.formats.written_dates import between, date_of, from_parts
from screening.watchlist.parties import ParsedList, PartyKind, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

REQUIRED = ("Entity_LogicalId", "Entity_SubjectType", "NameAlias_WholeName", "Entity_Regulation_Programme")
KINDS = {
    "p": PartyKind.PERSON,
    "person": PartyKind.PERSON,
    "e": PartyKind.ORGANIZATION,
    "enterprise": PartyKind.ORGANIZATION,
}


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for row in read_table(document, REQUIRED, faults, delimiter=";"):
            entry = row("Entity_LogicalId")
            if entry is None:
                faults.add(row.where, "no Entity_LogicalId", "the number of an entity")
                continue
            draft = drafts.get(entry)
            if draft is None:
                draft = drafts[entry] = Draft(entry, _kind(row), row.where)
            _take(row, draft)
    if not drafts and not faults:
        faults.add(files[0].name, "a header without rows", "at least one entry")
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _kind(row: Row) -> PartyKind:
    texts = row.each("Entity_SubjectType_ClassificationCode", "Entity_SubjectType")
    return next((KINDS[text.casefold()] for text in texts if text.casefold() in KINDS), PartyKind.UNKNOWN)


def _take(row: Row, draft: Draft) -> None:
    strength = Strength.STRONG if draft.names else Strength.PRIMARY
    parts = (row("NameAlias_FirstName"), row("NameAlias_MiddleName"), row("NameAlias_LastName"))
    draft.name(
        row("NameAlias_WholeName") or joined(parts),
        strength,
        "aka" if draft.names else "name",
        id_=row("NameAlias_LogicalId"),
        language=row("NameAlias_NameLanguage"),
    )
    draft.gender = draft.gender or said(row("NameAlias_Gender"))
    draft.detail("title", row("NameAlias_Title"))
    draft.detail("position", row("NameAlias_Function"))
    draft.programme(row("Entity_Regulation_Programme"))
    draft.detail("UN number", row("Entity_UnitedNationId"))
    draft.detail("EU number", row("Entity_EU_ReferenceNumber"))
    draft.remark(row("Entity_Remark"), row("Entity_DesignationDetails"))
    if row("Address_LogicalId") or row("Address_City") or row("Address_Street") or row("Address_CountryIso2Code"):
        draft.address(
            joined((row("Address_Street"), row("Address_PoBox")), ", "),
            joined((row(f"Address_{part}") for part in ("ZipCode", "City", "Region", "Place")), ", "),
            _country(row, "Address"),
            id_=row("Address_LogicalId"),
            remarks=row("Address_Remark"),
        )
    _birth(row, draft)
    label = row("Identification_TypeDescription") or row("Identification_TypeCode") or "document"
    number = row("Identification_Number") or row("Identification_LatinNumber")
    draft.identifier(label, number, _country(row, "Identification"))
    draft.nationality(_country(row, "Citizenship"), citizenship=True)


def _birth(row: Row, draft: Draft) -> None:
    circa = (row("BirthDate_Circa") or "").casefold() == "true"
    written = row("BirthDate_BirthDate")
    span = None if written is None else date_of(written)
    if span is None:
        span = from_parts(row("BirthDate_Year"), row("BirthDate_Month"), row("BirthDate_Day"), circa=circa)
    elif circa:
        span = from_parts(span.first[:4], circa=True)
    if span is None:
        span = between(row("BirthDate_YearRangeFrom"), row("BirthDate_YearRangeTo"), circa=circa)
    draft.date(span, written)
    country = row("BirthDate_CountryDescription")
    place = (row("BirthDate_City") or row("BirthDate_Place"), row("BirthDate_Region"))
    draft.birth_place(*place, None if (country or "").casefold() == "unknown" else country)


def _country(row: Row, part: str) -> str | None:
    for text in row.each(f"{part}_CountryIso2Code", f"{part}_CountryDescription"):
        if text != "00" and text.casefold() != "unknown":
            return text
    return None
