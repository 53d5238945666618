"""The British lists in CSV, in both layouts that are about.

- The UK Sanctions List: "Report Date: …" in the first line, `Unique ID`, one row for each name (and address). The ODS
  file saved as CSV is the same.
- The Treasury's consolidated list: "Last Updated,…" in the first line, `Name 6` first, `Group ID` last, one row for
  each name and address.

The layout is told by the columns, never by the first line: both have a column of that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined, said
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import Row, column_key, header_of, read_table
from screening.watchlist.formats.ties import tied
from screening.watchlist.formats.uk_names import add_name, kind_of, link_all, name_in_parts, several
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import ParsedList, Relation, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

SANCTIONS_LIST = ("Unique ID", "Name 6", "Name 1", "Name type", "Regime Name")
TREASURY = ("Group ID", "Name 6", "Name 1", "Alias Type", "Group Type", "Regime")
_FALLBACK = "cp1252"
_NUMBERS = (
    ("Passport number", "passport"),
    ("National Identifier number", "national-id"),
    ("National Identification Number", "national-id"),
    ("Business registration number (s)", "registration"),
    ("IMO number", "imo"),
    ("Hull identification number (HIN)", "hull"),
)


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of a British list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        treasury = any(
            column_key("Group ID") in keys and column_key("Unique ID") not in keys
            for keys in header_of(document.head())
        )
        required, key = (TREASURY, "Group ID") if treasury else (SANCTIONS_LIST, "Unique ID")
        for row in read_table(document, required, faults, delimiter=",", fallback=_FALLBACK):
            entry = row(key)
            if entry is None:
                faults.add(row.where, f"no {key}", "the id of an entry")
                continue
            draft = drafts.get(entry)
            if draft is None:
                kind = row("Group Type") if treasury else _kind(row)
                draft = drafts[entry] = Draft(entry, kind_of(kind), row.where)
            (_take_treasury if treasury else _take)(row, draft)
    if not drafts and not faults:
        faults.add(files[0].name, "a header without rows", "at least one entry")
    parties = tied(finished(drafts.values(), faults))
    return ParsedList(parties=parties, counts=counts_of(parties))


def _kind(row: Row) -> str | None:
    return next(iter(row.each("Designation Type", "Individual, Entity, Ship", "Entity, Vessel or Individual")), None)


def _take(row: Row, draft: Draft) -> None:
    add_name(draft, name_in_parts(row.__call__), row("Name type"), row("Alias strength"))
    _take_person(row, draft)
    draft.programme(row("Regime Name"))
    _births(row("D.O.B"), draft)
    _address(row, draft, "Address Line {}", "Address Postal Code", "Address Country")
    draft.nationality(*several(row("Nationality(/ies)")))
    link_all(draft, Relation.SUBSIDIARY, row("Subsidiaries"), "subsidiary")
    link_all(draft, Relation.OWNER, row("Parent company"), "parent company")
    link_all(draft, Relation.OWNER, row("Current owner/operator (s)"), "current owner or operator")
    link_all(draft, Relation.LINKED, row("Previous owner/operator (s)"), "previous owner or operator", former=True)
    for text in several(row("Current believed flag of ship")):
        draft.country(text)
        draft.detail("vessel flag", text)
    draft.detail("former vessel flag", *several(row("Previous flags")))
    for label, column in (
        ("vessel type", "Type of ship"), ("tonnage", "Tonnage of ship"), ("length", "Length of ship"),
        ("year of build", "Year Built"), ("type of entity", "Type of entity"), ("UN number", "UN Reference Number"),
        ("OFSI number", "OFSI Group ID"), ("listed on", "Date Designated"), ("phone", "Phone number"),
        ("website", "Website"), ("email", "Email address"), ("sanctions", "Sanctions Imposed"),
    ):  # fmt: skip
        draft.detail(label, row(column))
    draft.remark(row("Other Information"), row("UK Statement of Reasons"))


def _take_treasury(row: Row, draft: Draft) -> None:
    add_name(draft, name_in_parts(row.__call__), row("Alias Type"), row("Alias Quality"))
    _take_person(row, draft)
    draft.programme(row("Regime"))
    _births(row("DOB"), draft)
    _address(row, draft, "Address {}", "Post/Zip Code", "Country")
    draft.nationality(*several(row("Nationality")))
    draft.detail("listed on", row("Listed On"))
    draft.remark(row("Other Information"))


def _take_person(row: Row, draft: Draft) -> None:
    draft.name(
        row("Name non-latin script"), Strength.STRONG, "original script", language=row("Non-latin script language")
    )
    draft.detail("title", row("Title"))
    draft.detail("position", row("Position"))
    draft.gender = draft.gender or said(row("Gender"))
    draft.birth_place(row("Town of birth"), row("Country of birth"))
    for column, type_ in _NUMBERS:
        for text in several(row(column)):
            draft.identifier(column.casefold(), text, type_=type_)


def _births(text: str | None, draft: Draft) -> None:
    for written in several(text):
        draft.date(date_of(written), written)


def _address(row: Row, draft: Draft, line: str, code: str, country: str) -> None:
    lines = [row(line.format(number)) for number in range(1, 7)]
    draft.address(joined(lines[:4], ", "), joined((*lines[4:], row(code)), ", "), row(country))
