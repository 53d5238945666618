"""The Swiss list of SECO, in XML.

Traps of the format:
- Delisted targets stay in the file: the newest `modification` says whether a target is listed, and one that is
  `de-listed` is not read. Where several are of one day, being listed again goes before being delisted, and that before
  being amended.
- Within a modification whole former states of the target are repeated: only what stands directly under it counts.
- Names come in parts with spelling variants for each language and script, which are names of their own once put
  together. Addresses and places of birth name a `place` elsewhere in the file.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.written_dates import between, from_parts
from screening.watchlist.formats.xml import Element, read_records
from screening.watchlist.parties import Link, ParsedList, PartyKind, Relation, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

ROOT = "swiss-sanctions-list"
MOST_VARIANTS = 40
"""How many spellings of one name are put together from its parts; beyond it the rest are spelt part by part."""

_ORDER = {"listed": 2, "de-listed": 1}
_RELATIONS = (
    ("own", Relation.OWNER),
    ("control", Relation.CONTROLLER),
    ("operat", Relation.CONTROLLER),
    ("subsidiary", Relation.SUBSIDIARY),
    ("child", Relation.FAMILY),
    ("son", Relation.FAMILY),
    ("daughter", Relation.FAMILY),
    ("father", Relation.FAMILY),
    ("mother", Relation.FAMILY),
    ("brother", Relation.FAMILY),
    ("sister", Relation.FAMILY),
    ("wife", Relation.FAMILY),
    ("husband", Relation.FAMILY),
    ("married", Relation.FAMILY),
    ("family", Relation.FAMILY),
    ("associate", Relation.ASSOCIATE),
    ("director", Relation.DIRECTED),
    ("representative", Relation.REPRESENTED),
)


@dataclass(slots=True)
class _Read:
    drafts: dict[str, Draft] = field(default_factory=dict)
    programmes: dict[str, str] = field(default_factory=dict)
    places: dict[str, Element] = field(default_factory=dict)
    sets: list[tuple[Draft, str]] = field(default_factory=list)
    addresses: list[tuple[Draft, Element]] = field(default_factory=list)
    births: list[tuple[Draft, Element]] = field(default_factory=list)


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults, read = Faults(), _Read()
    for document in files:
        for element in read_records(document, ("sanctions-program", "place", "target"), faults):
            if element.tag == "target":
                _take_target(element, document.name, read, faults)
            elif element.tag == "place":
                read.places[element.get("ssid") or ""] = element
            else:
                _take_programme(element, read)
    for draft, number in read.sets:
        draft.programme(read.programmes.get(number, number))
    for draft, element in read.addresses:
        _place_address(draft, element, read)
    for draft, element in read.births:
        place = read.places.get(element.get("place-id") or "")
        if place is not None:
            draft.birth_place(place.said("location"), place.said("area"), place.said("country"))
    parties = finished(read.drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _take_programme(element: Element, read: _Read) -> None:
    keys = {key.get("lang"): key.text for key in element.all("program-key")}
    names = {name.get("lang"): name.text for name in element.all("program-name")}
    named = keys.get("eng") or names.get("eng") or next(iter([*keys.values(), *names.values()]), None)
    for held in element.all("sanctions-set"):
        number = held.get("ssid")
        if number and named:
            read.programmes[number] = named


def _take_target(element: Element, file: str, read: _Read, faults: Faults) -> None:
    entry = element.get("ssid") or ""
    where = f"{file}: target {entry or '?'}"
    held = next((child for tag in ("individual", "entity", "object") for child in element.all(tag)), None)
    if not entry:
        faults.add(where, "no ssid", "the number of a target")
    elif entry in read.drafts:
        faults.add(where, f"entry {entry} again", "each ssid once")
    elif held is None:
        faults.add(where, "a target of no kind", "an individual, an entity or an object")
    elif not _is_delisted(element):
        _read_target(element, held, Draft(entry, _kind(held), where), read)


def _read_target(element: Element, held: Element, draft: Draft, read: _Read) -> None:
    read.drafts[draft.entry] = draft
    numbers = [element.get("sanctions-set-id"), *element.texts("sanctions-set-id")]
    read.sets += [(draft, number) for number in numbers if number]
    draft.gender = held.get("sex")
    draft.detail("foreign identifier", element.said("foreign-identifier"))
    for identity in sorted(held.all("identity"), key=lambda one: one.get("main") != "true"):
        _take_identity(identity, draft, read)
    for relation in held.all("relation"):
        kind = (relation.get("relation-type") or "").casefold()
        draft.link(
            Link(
                relation=next((one for word, one in _RELATIONS if word in kind), Relation.LINKED),
                entry=relation.get("target-id"),
                label=joined((kind, relation.said("remark")), ": "),
            )
        )
    draft.remark(*held.texts("justification"), *held.texts("other-information"))
    for text in held.texts("other-information"):
        label, _, value = text.partition(":")
        if value and any(letter.isdigit() for letter in value) and len(value) < 60:
            _take_number(label.strip(), value.strip(" ."), draft)


def _take_number(label: str, value: str, draft: Draft) -> None:
    folded = label.casefold()
    if "date of registration" in folded:
        return
    if any(word in folded for word in ("number", "imo", "tax", "inn", "ogrn", "swift", "code", "passport")):
        draft.identifier(label, value)


def _is_delisted(element: Element) -> bool:
    newest: tuple[str, int] | None = None
    for modification in element.all("modification"):
        dates = map(modification.get, ("effective-date", "publication-date", "enactment-date"))
        date = next((day for day in dates if day), "")
        rank = (date, _ORDER.get(modification.get("modification-type") or "", 0))
        newest = rank if newest is None else max(newest, rank)
    return newest is not None and newest[1] == _ORDER["de-listed"]


def _kind(element: Element) -> PartyKind:
    match element.tag:
        case "individual":
            return PartyKind.PERSON
        case "entity":
            return PartyKind.ORGANIZATION
        case _:
            kinds = {"vessel": PartyKind.VESSEL, "aircraft": PartyKind.AIRCRAFT}
            return kinds.get((element.get("object-type") or "").casefold(), PartyKind.UNKNOWN)


def _take_identity(identity: Element, draft: Draft, read: _Read) -> None:
    for name in identity.all("name"):
        _take_name(name, draft)
    for country in identity.all("nationality/country"):
        draft.nationality(country.get("iso-code") or country.text)
    for day in identity.all("day-month-year"):
        draft.date(from_parts(day.get("year"), day.get("month"), day.get("day"), circa=day.get("quality") == "circa"))
    for span in identity.all("year-range") + identity.all("date-range"):
        draft.date(between(span.get("from") or span.said("from"), span.get("to") or span.said("to")))
    read.addresses += [(draft, address) for address in identity.all("address")]
    read.births += [(draft, place) for place in identity.all("place-of-birth")]
    for document in identity.all("identification-document"):
        issuer = next(iter(document.all("issuer")), None)
        by = None if issuer is None else issuer.get("code") or issuer.text
        draft.identifier(document.get("document-type") or "document", document.said("number"), by)


def _take_name(name: Element, draft: Draft) -> None:
    """Add a name in every way in which its parts are spelt."""
    primary = name.get("name-type") == "primary-name"
    kind = {"alias": "aka", "formerly-known-as": "fka"}.get(name.get("name-type") or "", "name")
    weak = name.get("quality") == "low"
    parts = sorted(name.all("name-part"), key=lambda part: int(part.get("order") or 0))
    main = [part.said("value") for part in parts if part.get("name-part-type") != "title"]
    draft.detail("title", *(part.said("value") for part in parts if part.get("name-part-type") == "title"))
    firm = Strength.WEAK if weak else Strength.PRIMARY if primary else Strength.STRONG
    draft.name(joined(main), firm, kind)
    cultures: dict[tuple[str | None, str | None], dict[int, list[str]]] = {}
    named = [part for part in parts if part.get("name-part-type") != "title"]
    for place, part in enumerate(named):
        for variant in part.all("spelling-variant"):
            if variant.text is not None:
                culture = (variant.get("lang"), variant.get("script"))
                cultures.setdefault(culture, {}).setdefault(place, []).append(variant.text)
    for (language, _), spelt in cultures.items():
        ways = [spelt.get(place, [text or ""]) for place, text in enumerate(main)]
        for way in itertools.islice(itertools.product(*ways), MOST_VARIANTS):
            draft.name(joined(way), Strength.WEAK if weak else Strength.STRONG, "spelling", language=language)


def _place_address(draft: Draft, element: Element, read: _Read) -> None:
    place = read.places.get(element.get("place-id") or "")
    where: list[str | None] = [element.said("zip-code")]
    country = None
    if place is not None:
        where += [place.said("location"), place.said("area")]
        named = next(iter(place.all("country")), None)
        country = None if named is None else named.get("iso-code") or named.text
    street = joined((element.said("c-o"), element.said("address-details"), element.said("p-o-box")), ", ")
    draft.address(street, joined(where, ", "), said(country), remarks=element.said("remarks"))
