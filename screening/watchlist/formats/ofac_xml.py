"""OFAC's lists in XML, as `sdn.xml` and `consolidated.xml` have them (`sdnList`, `publshInformation`, `sdnEntry`).

The file says how many entries it holds; another number is a cut. What stands under "ID" may be no identifier: a
gender, an address in the net, a risk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.ofac_remarks import date_span, read_remarks
from screening.watchlist.formats.ties import tied
from screening.watchlist.formats.xml import Element, read_records
from screening.watchlist.parties import Link, ParsedList, PartyKind, Relation, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

ROOT = "sdnList"
_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANIZATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_NO_IDENTIFIER = (
    "secondary sanctions", "additional sanctions", "website", "email", "phone", "fax", "telephone", "organization type",
    "target type", "effective date", "listing date", "cmic", "nationality of registration", "former vessel", "vessel",
    "aircraft model", "aircraft operator", "aircraft manufacture date", "executive order", "transactions", "subject to",
    "digital currency type", "issuer name", "equity ticker", "isin", "peesa", "risk",
)  # fmt: skip
_LINKED = re.compile(r"Linked To:\s*([^;)]+)", re.IGNORECASE)


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of an OFAC list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        _read(document, drafts, faults)
    parties = tied(finished(drafts.values(), faults))
    return ParsedList(parties=parties, counts=counts_of(parties))


def _read(document: Document, drafts: dict[str, Draft], faults: Faults) -> None:
    stated: str | None = None
    count = 0
    for element in read_records(document, ("publshInformation", "sdnEntry"), faults):
        if element.tag == "publshInformation":
            stated = element.said("Record_Count")
            continue
        count += 1
        entry = element.said("uid") or ""
        where = f"{document.name}: sdnEntry {entry or '?'}"
        if not entry:
            faults.add(where, "no uid", "the number of an entry")
        elif entry in drafts:
            faults.add(where, f"entry {entry} again", "each uid once")
        drafts[entry] = _draft(element, entry, where)
    if stated is not None and stated.isdecimal() and int(stated) != count:
        faults.add(f"{document.name}: Record_Count", f"{stated}, and {count} entries", "as many entries as it says")


def _draft(element: Element, entry: str, where: str) -> Draft:
    kind = _KINDS.get((element.said("sdnType") or "").casefold(), PartyKind.UNKNOWN)
    draft = Draft(entry, kind, where)
    draft.name(_name(element))
    for alias in element.all("akaList/aka"):
        weak = (alias.said("category") or "").casefold() == "weak"
        word = (alias.said("type") or "aka").replace(".", "").casefold()
        draft.name(_name(alias), Strength.WEAK if weak else Strength.STRONG, word, id_=alias.said("uid"))
    draft.programme(*element.texts("programList/program"))
    for address in element.all("addressList/address"):
        draft.address(
            joined((address.said(f"address{number}") for number in (1, 2, 3)), ", "),
            joined((address.said(tag) for tag in ("city", "stateOrProvince", "postalCode")), ", "),
            address.said("country"),
            id_=address.said("uid"),
        )
    draft.nationality(*element.texts("nationalityList/nationality/country"))
    draft.nationality(*element.texts("citizenshipList/citizenship/country"), citizenship=True)
    for text in element.texts("dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        draft.date(date_span(text), text)
    for text in element.texts("placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        draft.birth_place(text)
    for held in element.all("idList/id"):
        _take_id(held, draft)
    _take_vessel(element, draft)
    draft.detail("title", element.said("title"))
    if (remarks := element.said("remarks")) is not None:
        _take_remarks(remarks, draft)
    return draft


def _take_id(held: Element, draft: Draft) -> None:
    label = (held.said("idType") or "document").rstrip(":")
    number, country, folded = held.said("idNumber"), held.said("idCountry"), label.casefold()
    if folded == "gender":
        draft.gender = said(number)
    elif folded == "organization established date":
        draft.date(date_span(number or ""), number)
    elif "vessel registration identification" in folded or "mmsi" in folded:
        draft.identifier(
            label, (number or "").removeprefix("IMO ").strip(), type_="mmsi" if "mmsi" in folded else "imo"
        )
    elif folded.startswith(_NO_IDENTIFIER):
        draft.detail(folded, joined((number, country)))
    else:
        draft.identifier(label, number, country)


def _take_vessel(element: Element, draft: Draft) -> None:
    for vessel in element.all("vesselInfo"):
        for label, tag in (
            ("call sign", "callSign"),
            ("vessel type", "vesselType"),
            ("tonnage", "tonnage"),
            ("gross registered tonnage", "grossRegisteredTonnage"),
            ("vessel flag", "vesselFlag"),
            ("vessel owner", "vesselOwner"),
        ):
            draft.detail(label, vessel.said(tag))
        draft.country(vessel.said("vesselFlag"))
        owner = said(vessel.said("vesselOwner"))
        if owner is not None:
            draft.link(Link(relation=Relation.OWNER, name=owner, label="vessel owner"))


def _take_remarks(text: str, draft: Draft) -> None:
    """Keep the remarks, and read from them what older files say there only."""
    draft.remark(text)
    for name in _LINKED.findall(text):
        draft.link(Link(relation=Relation.LINKED, name=name.strip(" ."), label="Linked To"))
    for alias in read_remarks(text).aliases:
        draft.name(alias.text, alias.strength, alias.type)


def _name(element: Element) -> str | None:
    """Return a name as the CSV has it: LAST, First."""
    last, first = element.said("lastName"), element.said("firstName")
    return f"{last}, {first}" if last and first else last or first
