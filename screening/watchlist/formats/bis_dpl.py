"""The Commerce Department's list of denied persons: a table parted by tabs (`dpl.txt`), or the same as CSV.

Traps of the format: there is no number of an entry, so it is made of the name; a party has one row for each address;
whether it is a person is not said; a name holds its aliases ("A/K/A", "D/B/A") and blanks before it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, finished, joined
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import Row, read_table
from screening.watchlist.parties import ParsedList, PartyKind, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.watchlist.formats.document import Document

REQUIRED = ("Name", "Street_Address", "City", "Country", "Effective_Date", "FR_Citation")
_ALIAS = re.compile(r"[\s,(]+(a|f|n|d)/(?:k|b)/a[\s:)]+", re.IGNORECASE)


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the list.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        for row in read_table(document, REQUIRED, faults, fallback="cp1252"):
            name = row("Name")
            if name is None:
                faults.add(row.where, "no name", "the name of a denied person")
                continue
            entry = f"DPL-{hashlib.sha256(' '.join(name.casefold().split()).encode()).hexdigest()[:12]}"
            draft = drafts.setdefault(entry, Draft(entry, PartyKind.UNKNOWN, row.where))
            _take(row, name, draft)
    if not drafts and not faults:
        faults.add(files[0].name, "a header without rows", "at least one entry")
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _take(row: Row, name: str, draft: Draft) -> None:
    first, *rest = _ALIAS.split(name)
    draft.name(first.strip(" ,("))
    for word, alias in zip(rest[::2], rest[1::2], strict=True):
        draft.name(alias.strip(" ,()"), Strength.STRONG, "dba" if word in "dD" else f"{word.casefold()}ka")
    place = joined((row("City"), row("State"), row("Postal_Code")), ", ")
    draft.address(row("Street_Address"), place, row("Country"))
    draft.programme("DPL")
    draft.detail("effective date", row("Effective_Date"))
    draft.detail("expiration date", row("Expiration_Date"))
    draft.detail("federal register notice", row("FR_Citation"))
    draft.remark(row("Action"))
