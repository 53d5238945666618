"""OpenSanctions' simplified table, `targets.simple.csv`: one row for each target, several values parted by ";"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, split
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.ftm_vocabulary import KINDS
from screening.watchlist.formats.table import Row, read_table
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import ParsedList, PartyKind, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

REQUIRED = ("id", "schema", "name", "aliases", "birth_date", "countries", "identifiers", "sanctions")


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of a data set. What an identifier is the table does not say, so it may be any.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for row in read_table(document, REQUIRED, faults, delimiter=","):
            entry = row("id")
            if entry is None:
                faults.add(row.where, "no id", "the id of an entity")
                continue
            if entry in drafts:
                faults.add(row.where, f"entry {entry} again", f"an id that {drafts[entry].where} has not")
                continue
            drafts[entry] = _draft(row, entry)
    if not drafts and not faults:
        faults.add(files[0].name, "a header without rows", "at least one target")
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _draft(row: Row, entry: str) -> Draft:
    draft = Draft(entry, KINDS.get(row("schema") or "", PartyKind.UNKNOWN), row.where)
    draft.name(row("name"))
    draft.also(split(row("aliases"), ";"))
    for text in split(row("birth_date"), ";"):
        draft.date(date_of(text), text)
    draft.country(*split(row("countries"), ";"))
    for text in split(row("addresses"), ";"):
        draft.address(text, None, None)
    for text in split(row("identifiers"), ";"):
        draft.identifier("identifier", text, type_="other")
    draft.programme(*(split(row("program_ids"), ";") or split(row("dataset"), ";")))
    draft.detail("sanction", *split(row("sanctions"), ";"))
    draft.detail("phone", *split(row("phones"), ";"))
    draft.detail("email", *split(row("emails"), ";"))
    return draft
