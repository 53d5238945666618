"""The consolidated list of the UN Security Council, in XML.

Traps of the format: `DATAID` stands on two entries now and then, so the reference number is the entry (and the
`DATAID` where it is missing); the quality of an alias says "Low" or "Good", an empty one nothing; dates of birth are
exact, approximate or between two years; names in the original script are names, not remarks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said, split
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.written_dates import between, date_of, from_parts
from screening.watchlist.formats.xml import Element, read_records
from screening.watchlist.parties import DateSpan, ParsedList, PartyKind, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

ROOT = "CONSOLIDATED_LIST"
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for element in read_records(document, ("INDIVIDUAL", "ENTITY"), faults):
            draft = _draft(element, document.name, faults)
            if draft.entry in drafts:
                faults.add(draft.where, f"entry {draft.entry} again", "each reference number once")
            drafts[draft.entry] = draft
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _draft(element: Element, file: str, faults: Faults) -> Draft:
    person = element.tag == "INDIVIDUAL"
    entry = element.said("REFERENCE_NUMBER") or element.said("DATAID") or ""
    where = f"{file}: entry {entry or '?'}"
    if not entry:
        faults.add(where, "no REFERENCE_NUMBER and no DATAID", "one of them")
    draft = Draft(entry, PartyKind.PERSON if person else PartyKind.ORGANIZATION, where)
    draft.name(joined(element.said(part) for part in _NAME_PARTS))
    draft.also(element.texts("NAME_ORIGINAL_SCRIPT"), type_="original script")
    prefix = "INDIVIDUAL" if person else "ENTITY"
    for alias in element.all(f"{prefix}_ALIAS"):
        _alias(alias, draft)
    draft.programme(element.said("UN_LIST_TYPE"))
    draft.nationality(*element.texts("NATIONALITY/VALUE"), *element.texts("NATIONALITY2"))
    for birth in element.all("INDIVIDUAL_DATE_OF_BIRTH"):
        draft.date(_birth(birth), birth.said("NOTE"))
    for place in element.all("INDIVIDUAL_PLACE_OF_BIRTH"):
        draft.birth_place(place.said("CITY"), place.said("STATE_PROVINCE"), place.said("COUNTRY"))
    _take_papers(element, prefix, draft)
    draft.gender = said(element.said("GENDER"))
    draft.detail("title", *element.texts("TITLE/VALUE"))
    draft.detail("position", *element.texts("DESIGNATION/VALUE"))
    draft.detail("listed on", element.said("LISTED_ON"))
    draft.remark(element.said("COMMENTS1"))
    return draft


def _take_papers(element: Element, prefix: str, draft: Draft) -> None:
    for address in element.all(f"{prefix}_ADDRESS"):
        draft.address(
            address.said("STREET"),
            joined((address.said(tag) for tag in ("CITY", "STATE_PROVINCE", "ZIP_CODE")), ", "),
            address.said("COUNTRY"),
            remarks=address.said("NOTE"),
        )
    for document in element.all("INDIVIDUAL_DOCUMENT"):
        label = joined((document.said("TYPE_OF_DOCUMENT"), document.said("TYPE_OF_DOCUMENT2"))) or "document"
        country = document.said("ISSUING_COUNTRY") or document.said("COUNTRY_OF_ISSUE")
        draft.identifier(label, document.said("NUMBER"), country)


def _alias(alias: Element, draft: Draft) -> None:
    quality = (alias.said("QUALITY") or "").casefold()
    strength = Strength.WEAK if quality == "low" else Strength.STRONG
    kind = "fka" if quality == "f.k.a." else "aka"
    # Several names stand in one alias of an entity, parted by ";".
    draft.also(split(alias.said("ALIAS_NAME"), ";"), strength, kind)
    draft.date(_written(alias.said("DATE_OF_BIRTH")))
    draft.birth_place(alias.said("CITY_OF_BIRTH"), alias.said("COUNTRY_OF_BIRTH"))


def _birth(birth: Element) -> DateSpan | None:
    kind = (birth.said("TYPE_OF_DATE") or "").casefold()
    circa = kind.startswith("approx")
    if kind == "between":
        return between(birth.said("FROM_YEAR"), birth.said("TO_YEAR"))
    if (text := birth.said("DATE")) is not None:
        span = date_of(text)
        return span if span is None or not circa else from_parts(span.first[:4], circa=True)
    return from_parts(birth.said("YEAR"), circa=circa)


def _written(text: str | None) -> DateSpan | None:
    return None if text is None else date_of(text)
