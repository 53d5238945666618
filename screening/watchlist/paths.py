"""The way from each affiliate to the registrant, as hits tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.evidence import AffiliateRef, PathStep
from screening.subjects import affiliates_of
from screening.watchlist.compared import party_digest
from screening.watchlist.relations import tie_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.subjects import Affiliate, Registrant


class Way(NamedTuple):
    """An affiliate, how a hit names it, and the way from it to the registrant, its own step first."""

    affiliate: Affiliate
    ref: AffiliateRef
    path: tuple[PathStep, ...]


def ways(registrant: Registrant) -> Iterator[Way]:
    """Yield the affiliates of a registrant, and theirs, with their ways.

    An affiliate that says the same of itself as an earlier one of the same party is that one named twice: its step
    bears the same `party`, and says so.
    """
    seen: dict[tuple[str, str], str] = {}
    known: dict[str, tuple[PathStep, ...]] = {"": ()}
    for place, affiliate in affiliates_of(registrant):
        onward = known[place.rpartition(".")[0]]
        behind = onward[0].party if onward else ""
        party = seen.setdefault((behind, party_digest(affiliate)), place)
        step = PathStep(
            party=party,
            name=affiliate.name,
            tie=tie_of(affiliate.relation, affiliate.ownership_percent),
            relation=affiliate.relation,
            ownership_percent=affiliate.ownership_percent,
            repeated=party != place,
            circular=_folded(affiliate.name) in {_folded(registrant.name), *(_folded(one.name) for one in onward)},
        )
        known[place] = (step, *onward)
        ref = AffiliateRef(
            index=int(place.removeprefix("affiliates[").partition("]")[0]),
            name=affiliate.name,
            relation=affiliate.relation,
            ownership_percent=affiliate.ownership_percent,
            place=place,
        )
        yield Way(affiliate, ref, known[place])


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
