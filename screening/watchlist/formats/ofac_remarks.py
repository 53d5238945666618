"""What OFAC writes as prose in its remarks: parts parted by ";", each beginning with the word for what it is.

    DOB 05 Dec 1966; alt. DOB circa 1967; POB Tver, Russia; nationality Russia; Passport 750012345 (Russia) expires
    12 May 2029; a.k.a. 'THE ACCOUNTANT'; Linked To: SOME BANK.

Parts that are not recognised stay in the remarks, which are kept whole beside what is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from screening.watchlist.countries import country_named
from screening.watchlist.formats.identifier_types import identifier_type
from screening.watchlist.parties import (
    Country,
    DateSpan,
    Detail,
    Link,
    ListedIdentifier,
    ListedName,
    Relation,
    Strength,
    listed_name,
)

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: f"{number:02d}" for number, name in enumerate(_MONTH_NAMES, start=1)}
_DATE = re.compile(r"(?:(?:(\d{1,2}) )?([A-Za-z]{3})[a-z]*\.? )?(\d{4})")
_SPAN = re.compile(
    rf"(circa |approximately |c\. ?)?(?:between )?({_DATE.pattern})(?:(?: ?to | ?and | ?- ?)({_DATE.pattern}))?",
    re.IGNORECASE,
)
_PART_WORD = re.compile(
    r"(?:alt\. )?(DOB|POB|nationality|citizen|Gender|Organization Established Date)(?::| ) ?(.+)", re.IGNORECASE
)
_ALIAS = re.compile(r"(?:alt\. )?([afn])\.k\.a\.,? ['\"‘“](.+?)['\"’”]?\.?", re.IGNORECASE)
_LINKED = re.compile(r"Linked To: ?(.+)", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?:\.[A-Z]|\b(?:LTD|CO|INC|CORP|LTDA|CIA))$", re.IGNORECASE)
_REGISTERED_IN = re.compile(r"Nationality of Registration (.+)", re.IGNORECASE)
_DETAIL = re.compile(
    r"(?:alt\. )?(Email Address|Website|Phone Number|Phone No\.|Telephone No\.|Telephone Number|Telephone|Fax No\.|Fax"
    r"|Organization Type:|Aircraft Operator|Aircraft Model|Aircraft Manufacture Date|Former Vessel Flag"
    r"|Vessel Year of Build|Vessel Flag|Vessel Type|Target Type) ?(.+)",
    re.IGNORECASE,
)

_SHORT_LABELS = (
    r"SSN|SWIFT/BIC|MMSI|R\.?F\.?C\.?|C\.?U\.?R\.?P\.?|D\.?N\.?I\.?|I\.?F\.?E\.?|C\.?U\.?I\.?T\.?|C\.?U\.?I\.?P?\.?"
    r"|NIT|RUC|RIF|RTN"
    r"|BIK \(RU\)|LE Number|Cedula|CNP \(Personal Numerical Code\)|Passport|IMO|US FEIN|N\.I\.E\."
    r"|C\.R\.|Italian Fiscal Code"
)
_IDENTIFIER = re.compile(
    r"(?:alt\. |Alternate |Previous )?"
    r"(?P<label>Digital Currency Address - [A-Z0-9]+"
    r"|(?:Unified|United) Social Credit Code(?: Certificate)? \(USCCC?\)"
    r"|Matricula Mercantil No|VisaNumberID|Aircraft Serial Identification"
    r"|Credencial electoral|Cartilla de Servicio Militar Nacional|Numero de Identidad|C\.I\.F\."
    r"|Aircraft Construction Number \(also called L/N or S/N or F/N\)"
    r"|Aircraft Manufacturer's Serial Number \(MSN\)"
    r"|(?:[^;()]*? )?(?:Passport|Number|No\.|#|ID|Card|Code|License|Document|Certificate)"
    r"(?: Number| No\.| #| Card)?(?: IMO)?"
    rf"|Vessel Registration Identification(?: IMO)?|(?:{_SHORT_LABELS})(?: No\.| #| Number)?)[:,]? "
    r"(?P<value>[^()\s][^()]*?(?:\([A-Z]+\)[^()]*?)?|\(\d+\))"
    r"(?: ?\((?P<country>[^)]*)\))?"
    r"(?P<rest>(?:,? (?:issued|expires|expired|exp\.|valid)\b.*)|, .*| \(.*)?",
)


@dataclass(slots=True)
class Remarks:
    """What was read from the remarks of one entry, in the order it stands there."""

    births: list[DateSpan] = field(default_factory=list)
    incorporations: list[DateSpan] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    nationalities: list[Country] = field(default_factory=list)
    citizenships: list[Country] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)
    aliases: list[ListedName] = field(default_factory=list)
    identifiers: list[ListedIdentifier] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    gender: str | None = None


def date_span(text: str) -> DateSpan | None:
    """Read a date as OFAC writes it, or None where it is none.

    >>> date_span("circa Jun 1970")
    DateSpan(first='1970-06', last='1970-06', circa=True)
    >>> date_span("01 Jan 1961 to 31 Dec 1962").last
    '1962-12-31'
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    first = _iso(found[3], found[4], found[5])
    last = _iso(found[7], found[8], found[9]) if found[6] else first
    if first is None or last is None or last < first[: len(last)]:
        return None
    return DateSpan(first=first, last=last, circa=found[1] is not None)


def read_remarks(text: str) -> Remarks:
    """Read the remarks of one entry."""
    remarks = Remarks()
    parts = re.split(r";\s*", text.strip().removesuffix(";"))
    last = len(parts) - 1
    for index, part in enumerate(parts):
        bare = part.strip()
        if index == last and bare.endswith(".") and not _ABBREVIATION.search(bare[:-1]):
            bare = bare[:-1]
        if bare:
            _read_part(bare, remarks)
    return remarks


def _iso(day: str | None, month: str | None, year: str) -> str | None:
    if month is None:
        return year
    number = _MONTHS.get(month[:3].casefold())
    if number is None:
        return None
    return f"{year}-{number}" if day is None else f"{year}-{number}-{int(day):02d}"


def _read_part(part: str, remarks: Remarks) -> None:
    if found := _REGISTERED_IN.fullmatch(part):
        remarks.countries.append(country_named(found[1]))
    elif found := _PART_WORD.fullmatch(part):
        _read_word(found[1].casefold(), found[2].strip(), remarks)
    elif found := _ALIAS.fullmatch(part):
        remarks.aliases.append(listed_name(found[2].strip(), Strength.WEAK, f"{found[1].casefold()}ka"))
    elif found := _LINKED.fullmatch(part):
        remarks.links.append(Link(relation=Relation.LINKED, name=found[1].strip(), label="Linked To"))
    elif found := _DETAIL.fullmatch(part):
        remarks.details.append(Detail(label=found[1].rstrip(":").casefold(), text=found[2].strip()))
    elif found := _IDENTIFIER.fullmatch(part):
        identifier = _identifier(found["label"], found["value"], found["country"])
        if identifier is not None:
            remarks.identifiers.append(identifier)


def _read_word(word: str, text: str, remarks: Remarks) -> None:
    match word:
        case "dob" | "organization established date":
            if span := date_span(text):
                (remarks.births if word == "dob" else remarks.incorporations).append(span)
        case "pob":
            remarks.birth_places.append(text)
        case "nationality":
            remarks.nationalities.append(country_named(text))
        case "citizen":
            remarks.citizenships.append(country_named(text))
        case _:
            remarks.gender = text


def _identifier(label: str, value: str, country: str | None) -> ListedIdentifier | None:
    folded = label.casefold()
    bare = re.split(r",? (?:issued|expires|expired)\b", value)[0].strip().strip("()")
    if not any(letter.isdigit() for letter in bare) and "swift" not in folded:
        return None
    return ListedIdentifier(
        type=identifier_type(label),
        value=bare,
        country=None if country is None or any(c.isdigit() for c in country) else country_named(country),
        label=label,
    )
