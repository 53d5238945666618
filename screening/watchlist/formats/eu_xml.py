"""The EU's consolidated financial sanctions list, in XML (version 1.1): everything stands in attributes.

A `nameAlias` with `strong="false"` is a weak alias; `00` is the code of no country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.eu_csv import KINDS
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.written_dates import between, date_of, from_parts
from screening.watchlist.formats.xml import Element, read_records
from screening.watchlist.parties import ParsedList, PartyKind, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

ROOT = "export"


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for element in read_records(document, ("sanctionEntity",), faults):
            entry = element.get("logicalId") or ""
            where = f"{document.name}: sanctionEntity {entry or '?'}"
            if not entry:
                faults.add(where, "no logicalId", "the number of an entity")
            elif entry in drafts:
                faults.add(where, f"entry {entry} again", "each logicalId once")
            drafts[entry] = _draft(element, entry, where)
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _draft(element: Element, entry: str, where: str) -> Draft:
    draft = Draft(entry, _kind(element), where)
    for alias in element.all("nameAlias"):
        whole = alias.get("wholeName") or joined(alias.get(part) for part in ("firstName", "middleName", "lastName"))
        strong = alias.get("strong") != "false"
        first = strong and not any(name.strength is Strength.PRIMARY for name in draft.names.values())
        strength = Strength.PRIMARY if first else Strength.STRONG if strong else Strength.WEAK
        language = alias.get("nameLanguage")
        draft.name(whole, strength, "name" if first else "aka", id_=alias.get("logicalId"), language=said(language))
        draft.gender = draft.gender or said(alias.get("gender"))
        draft.detail("title", alias.get("title"))
        draft.detail("position", alias.get("function"))
    for regulation in element.all("regulation"):
        draft.programme(regulation.get("programme"))
    draft.detail("UN number", element.get("unitedNationId"))
    draft.detail("EU number", element.get("euReferenceNumber"))
    for birth in element.all("birthdate"):
        _birth(birth, draft)
    for held in element.all("citizenship"):
        draft.nationality(_country(held), citizenship=True)
    for address in element.all("address"):
        draft.address(
            joined((address.get("street"), address.get("poBox")), ", "),
            joined((address.get(part) for part in ("zipCode", "city", "region", "place")), ", "),
            _country(address),
            id_=address.get("logicalId"),
            remarks=joined(address.texts("remark")),
        )
    for document in element.all("identification"):
        label = document.get("identificationTypeDescription") or document.get("identificationTypeCode") or "document"
        number = document.get("number") or document.get("latinNumber")
        draft.identifier(label, number, _country(document))
    draft.remark(element.get("designationDetails"), *element.texts("remark"))
    return draft


def _kind(element: Element) -> PartyKind:
    codes = [
        code.casefold()
        for held in element.all("subjectType")
        for code in (held.get("code"), held.get("classificationCode"))
        if code
    ]
    return next((KINDS[code] for code in codes if code in KINDS), PartyKind.UNKNOWN)


def _birth(birth: Element, draft: Draft) -> None:
    circa = birth.get("circa") == "true"
    written = birth.get("birthdate")
    span = None if written is None else date_of(written)
    if span is None:
        span = from_parts(birth.get("year"), birth.get("monthOfYear"), birth.get("dayOfMonth"), circa=circa)
    elif circa:
        span = from_parts(span.first[:4], circa=True)
    if span is None:
        span = between(birth.get("yearRangeFrom"), birth.get("yearRangeTo"), circa=circa)
    draft.date(span, written)
    country = birth.get("countryDescription")
    draft.birth_place(
        birth.get("city") or birth.get("place"),
        birth.get("region"),
        None if (country or "").casefold() == "unknown" else country,
    )


def _country(element: Element) -> str | None:
    for text in (element.get("countryIso2Code"), element.get("countryDescription")):
        if text and text != "00" and text.casefold() != "unknown":
            return text
    return None
