"""Parties that no list lists, and that a list says a listed party owns or controls.

Half of a company in listed hands makes it as good as listed, whether or not anybody has listed it. All that is known of
such a company is a name, so that it can be found and never corroborated: a hit on it asks a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.evidence import PathStep, Tie
from screening.subjects import digest_of
from screening.watchlist.compared import entry_digest
from screening.watchlist.parties import ListedName, ListedParty, PartyKind, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.watchlist.parties import Link

_HOLDS = {
    Relation.SUBSIDIARY: (Tie.OWNS, "owner"),
    Relation.BENEFICIALLY_OWNED: (Tie.OWNS, "beneficial_owner"),
    Relation.CONTROLLED: (Tie.CONTROLS, "controller"),
    Relation.DIRECTED: (Tie.CONTROLS, "director"),
}
"""What the other of a link is to the listed party → what the listed party is to the other."""


class Linked(NamedTuple):
    """A party known by a link alone: under the entry that tells of it, with the step that leads to the listed party."""

    party: ListedParty
    step: PathStep
    digest: str


def linked(source: str, parties: Sequence[ListedParty]) -> Iterator[Linked]:
    """Yield the parties of one list that others of it own or control, and that are not on it themselves.

    Two listed parties that are tied to each other need none of this: each is found by itself, and is listed whole.
    """
    entries = {party.entry for party in parties}
    for party in parties:
        for link in dict.fromkeys(party.links):
            if link.name.strip() and link.relation in _HOLDS and link.entry not in entries and not link.former:
                yield _linked(source, party, link)


def _linked(source: str, holder: ListedParty, link: Link) -> Linked:
    tie, relation = _HOLDS[link.relation]
    step = PathStep(
        party=f"{source}/{holder.entry}",
        name=holder.names[0].text,
        tie=tie,
        relation=relation,
        ownership_percent=link.ownership_percent,
    )
    party = ListedParty(
        entry=holder.entry,
        kind=PartyKind.UNKNOWN,
        names=(ListedName(text=link.name),),
        programmes=holder.programmes,
    )
    digest = digest_of((entry_digest(holder), link.name, relation, link.ownership_percent))
    return Linked(party, step, digest)
