"""The UK Sanctions List in XML: one `Designation` for each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.ties import tied
from screening.watchlist.formats.uk_names import add_name, kind_of, link_all, name_in_parts, several
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.formats.xml import Element, read_records
from screening.watchlist.parties import ParsedList, Relation, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

ROOT = "Designations"
_PERSON = "IndividualDetails/Individual"
_ENTITY = "EntityDetails/Entity"
_SHIP = "ShipDetails/Ship"


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for element in read_records(document, ("Designation",), faults):
            entry = element.said("UniqueID") or ""
            where = f"{document.name}: Designation {entry or '?'}"
            if not entry:
                faults.add(where, "no UniqueID", "the id of an entry")
            elif entry in drafts:
                faults.add(where, f"entry {entry} again", "each UniqueID once")
            drafts[entry] = _draft(element, entry, where)
    parties = tied(finished(drafts.values(), faults))
    return ParsedList(parties=parties, counts=counts_of(parties))


def _draft(element: Element, entry: str, where: str) -> Draft:
    draft = Draft(entry, kind_of(element.said("IndividualEntityShip")), where)
    for name in element.all("Names/Name"):
        add_name(draft, name_in_parts(name.said, "Name"), name.said("NameType"), name.said("AliasStrength"))
    for name in element.all("NonLatinNames/NonLatinName"):
        draft.name(
            name.said("NameNonLatinScript"),
            Strength.STRONG,
            "original script",
            language=name.said("NonLatinScriptLanguage"),
        )
    draft.programme(element.said("RegimeName"))
    for address in element.all("Addresses/Address"):
        lines = [address.said(f"AddressLine{number}") for number in range(1, 7)]
        place = joined((*lines[4:], address.said("AddressPostalCode")), ", ")
        draft.address(joined(lines[:4], ", "), place, address.said("AddressCountry"))
    _person(element, draft)
    for number in element.texts(f"{_ENTITY}/BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        draft.identifier("business registration", number, type_="registration")
    for text in element.texts(f"{_ENTITY}/Subsidiaries/Subsidiary"):
        link_all(draft, Relation.SUBSIDIARY, text, "subsidiary")
    for text in element.texts(f"{_ENTITY}/ParentCompanies/ParentCompany"):
        link_all(draft, Relation.OWNER, text, "parent company")
    _ship(element, draft)
    for label, path in (
        ("title", "Titles/Title"),
        ("phone", "PhoneNumbers/PhoneNumber"),
        ("email", "EmailAddresses/EmailAddress"),
        ("website", "Websites/Website"),
        ("type of entity", f"{_ENTITY}/TypeOfEntities/TypeOfEntity"),
        ("UN number", "UNReferenceNumber"),
        ("OFSI number", "OFSIGroupID"),
        ("listed on", "DateDesignated"),
        ("sanctions", "SanctionsImposed"),
    ):
        draft.detail(label, *element.texts(path))
    draft.remark(element.said("OtherInformation"), element.said("UKStatementofReasons"))
    return draft


def _person(element: Element, draft: Draft) -> None:
    for text in element.texts(f"{_PERSON}/DOBs/DOB"):
        draft.date(date_of(text), text)
    draft.nationality(*element.texts(f"{_PERSON}/Nationalities/Nationality"))
    for held in element.all(f"{_PERSON}/PassportDetails/Passport"):
        draft.identifier("passport", held.said("PassportNumber"))
    for held in element.all(f"{_PERSON}/NationalIdentifierDetails/NationalIdentifier"):
        label = held.said("NationalIdentifierAdditionalInformation") or "national identifier"
        draft.identifier(label, held.said("NationalIdentifierNumber"), type_="national-id")
    for place in element.all(f"{_PERSON}/BirthDetails/Location"):
        draft.birth_place(place.said("TownOfBirth"), place.said("CountryOfBirth"))
    draft.gender = said(element.said(f"{_PERSON}/Genders/Gender"))
    draft.detail("position", *element.texts(f"{_PERSON}/Positions/Position"))


def _ship(element: Element, draft: Draft) -> None:
    for text in element.texts(f"{_SHIP}/IMONumbers/IMONumber"):
        for number in several(text):
            draft.identifier("IMO number", number, type_="imo")
    for text in element.texts(f"{_SHIP}/CurrentOwnerOperators/CurrentOwnerOperator"):
        link_all(draft, Relation.OWNER, text, "current owner or operator")
    for text in element.texts(f"{_SHIP}/PreviousOwnerOperators/PreviousOwnerOperator"):
        link_all(draft, Relation.LINKED, text, "previous owner or operator", former=True)
    for text in element.texts(f"{_SHIP}/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"):
        draft.country(text)
        draft.detail("vessel flag", text)
    draft.detail("former vessel flag", *element.texts(f"{_SHIP}/PreviousFlags/PreviousFlag"))
    draft.detail("vessel type", *element.texts(f"{_SHIP}/TypeOfShipDetails/TypeOfShip"))
    draft.detail("tonnage", *element.texts(f"{_SHIP}/TonnageOfShipDetails/TonnageOfShip"))
    draft.detail("length", *element.texts(f"{_SHIP}/LengthOfShipDetails/LengthOfShip"))
    draft.detail("year of build", *element.texts(f"{_SHIP}/YearsBuilt/YearBuilt"))
