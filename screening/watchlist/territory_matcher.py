"""Finds registrants and affiliates tied to a territory under embargo: by country, nationality or address.

A tie to a place is never more than a reason to look, so that a hit is never corroborated, and its category only leads
to review. What is looked at: a registrant's country, nationalities and address; of an affiliate, its country and
nationalities.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.evidence import TERRITORY_CATEGORY, Feature, NameHit
from screening.subjects import Registrant, digest_of
from screening.watchlist.compared import queried_digest
from screening.watchlist.countries import country_named
from screening.watchlist.delta import matching_digest
from screening.watchlist.parties import PartyKind
from screening.watchlist.paths import ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.subjects import Affiliate
    from screening.watchlist.parties import ListedParty
    from screening.watchlist.paths import Way

WHOLE_COUNTRY = "country"
"""What the detail `reach` of a territory says where the whole country is meant."""


@dataclass(frozen=True, slots=True)
class _Held:
    source: str
    party: ListedParty
    codes: frozenset[str]
    whole: bool
    words: re.Pattern[str] | None


class TerritoryMatcher:
    """Territories of all sources, ready to be compared with. Immutable.

    Args:
        lists: source → its entries; what is no territory is let be.
    """

    def __init__(self, lists: Mapping[str, Sequence[ListedParty]]) -> None:
        self._held = tuple(
            _ready(source, party)
            for source in sorted(lists)
            for party in lists[source]
            if party.kind is PartyKind.TERRITORY
        )

    def find(self, registrant: Registrant) -> tuple[NameHit, ...]:
        """Return a hit for each territory and each of the registrant and the affiliates that is tied to it."""
        if not self._held:
            return ()
        hits = list(self._of(registrant, None))
        for way in ways(registrant):
            hits += self._of(way.affiliate, way)
        return tuple(hits)

    def _of(self, subject: Registrant | Affiliate, way: Way | None) -> Iterator[NameHit]:
        path = () if way is None else way.path
        for held in self._held:
            features = tuple(_features(subject, held))
            if features:
                yield NameHit(
                    category=TERRITORY_CATEGORY,
                    source=held.source,
                    entry=held.party.entry,
                    programmes=held.party.programmes,
                    listed_name=held.party.names[0].text,
                    queried_name=subject.name,
                    party="registrant" if way is None else "affiliate",
                    affiliate=None if way is None else way.ref,
                    path=path,
                    score=1.0,
                    corroborated=False,
                    features=features,
                    queried_digest=digest_of((queried_digest(subject, path), getattr(subject, "address", None))),
                    entry_digest=matching_digest(held.party),
                )


def _ready(source: str, party: ListedParty) -> _Held:
    whole = any(detail.label == "reach" and detail.text == WHOLE_COUNTRY for detail in party.details)
    codes = frozenset(country.code for country in party.countries if country.code)
    names = [_folded(name.text) for name in party.names]
    return _Held(source, party, codes, whole, _words(names))


def _words(names: Sequence[str]) -> re.Pattern[str] | None:
    # Scripts that part words need a word's ends; the others have none to look for.
    parts = [
        rf"\b{re.escape(name)}\b" if name.isascii() or not _is_unparted(name) else re.escape(name) for name in names
    ]
    return re.compile("|".join(parts)) if parts else None


def _is_unparted(name: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI")) for letter in name)


def _features(subject: Registrant | Affiliate, held: _Held) -> Iterator[Feature]:
    country = _code(subject.country)
    if held.whole and country in held.codes:
        yield Feature(name="country", score=1.0, query=subject.country or "", candidate=_named(held, country))
    for nationality in subject.nationalities if held.whole else ():
        if (code := _code(nationality)) in held.codes:
            yield Feature(name="nationality", score=1.0, query=nationality, candidate=_named(held, code))
    if not isinstance(subject, Registrant):
        return
    found = held.words.search(_folded(subject.address)) if held.words and subject.address else None
    # A street may be called after a place far away: an address that is said to be elsewhere is not in it.
    if found is not None and (country is None or not held.codes or country in held.codes):
        yield Feature(name="address", score=1.0, query=subject.address or "", candidate=found[0])


def _named(held: _Held, code: str | None) -> str:
    return next((country.text for country in held.party.countries if country.code == code), code or "")


def _code(text: str | None) -> str | None:
    if text is None:
        return None
    return country_named(text).code or text.strip().upper()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
