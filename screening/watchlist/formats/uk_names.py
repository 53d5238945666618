"""What both British lists share: names in six parts, strengths of aliases, kinds, links and numbers in one field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, joined, split
from screening.watchlist.parties import Link, PartyKind, Relation, Strength

if TYPE_CHECKING:
    from collections.abc import Callable

_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANIZATION,
    "ship": PartyKind.VESSEL,
    "vessel": PartyKind.VESSEL,
}
_NUMBERED = re.compile(r"\(\d+\)\s*|(?:^|\s)\d+[.)]\s+")


def kind_of(text: str | None) -> PartyKind:
    """Return the kind that a British list names."""
    return _KINDS.get((text or "").strip().casefold(), PartyKind.UNKNOWN)


def name_in_parts(part: Callable[[str], str | None], before: str = "Name ") -> str | None:
    """Return a name of six parts in the order in which it is spoken: 1 to 5, then 6, the family's name."""
    return joined(part(f"{before}{number}") for number in range(1, 7))


def add_name(draft: Draft, text: str | None, type_: str | None, strength: str | None) -> None:
    """Add a name with the strength that its type and quality give it."""
    kind = (type_ or "").casefold()
    if kind.startswith("primary name") and "variation" not in kind:
        draft.name(text, Strength.PRIMARY, "name")
        return
    weak = "low" in (strength or "").casefold()
    word = "fka" if "fka" in kind else "variation" if "variation" in kind else "aka"
    draft.name(text, Strength.WEAK if weak else Strength.STRONG, word)


def several(text: str | None) -> list[str]:
    """Return the parts of a field that numbers its parts.

    >>> several("(1) AB123 (2) CD456"), several("AB123")
    (['AB123', 'CD456'], ['AB123'])
    """
    return [part.strip(" ,;") for part in split(_NUMBERED.sub("\n", text or "\n").replace("\n", "|"), "|", ";")]


def link_all(draft: Draft, relation: Relation, text: str | None, label: str, *, former: bool = False) -> None:
    """Add a link to each company that a field names."""
    for name in several(text):
        draft.link(Link(relation=relation, name=name, label=label, former=former))
