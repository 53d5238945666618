"""What speaks for or against a registrant being a listed party, one small function for each: its docstring explains it.

Each says what it compared and how alike that is, from 0.0 to 1.0; nothing where a value is missing on either side, for
what is missing contradicts nothing. What a feature is worth stands in `scorer`; how alike two names are in `alignment`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.evidence import Feature
from screening.subjects import Registrant
from screening.watchlist.alignment import FULL_EVIDENCE, TELLING
from screening.watchlist.countries import country_named
from screening.watchlist.dates import Agreement, best_agreement
from screening.watchlist.names import read_name
from screening.watchlist.parties import PartyKind, Strength
from screening.watchlist.places import shared, telling_words
from screening.watchlist.profiles import weighed

if TYPE_CHECKING:
    from screening.subjects import Affiliate, Identifier
    from screening.watchlist.parties import DateSpan, ListedIdentifier, ListedName, ListedParty

    Said = tuple[Feature, ...]

DAY, MONTH, YEAR, NEAR, APART = 1.0, 0.9, 0.7, 0.5, 0.0
"""How alike dates are that agree to the day, to the month, by year, nearly, or not at all."""

_DATES = {
    Agreement.DAY: DAY,
    Agreement.MONTH: MONTH,
    Agreement.YEAR: YEAR,
    Agreement.NEAR: NEAR,
    Agreement.CONTRADICTION: APART,
}
TOWN, LAND, ELSEWHERE = 1.0, 0.5, 0.0
"""How alike places are: a telling word in common, the country of birth alone, or another place of birth."""

WEAK = 0.9
"""What a weak alias says beside a name, as a feature shows it."""

EXACT = 0.99
"""From this likeness on a name is the listed one, but for how it is spaced."""

RARE = FULL_EVIDENCE
"""The weight of the words of a name from which on few people bear it: two rare words, or three common ones."""


class Compared(NamedTuple):
    """A registrant or affiliate beside a listed party: the likest names, how alike they are, shared identifiers."""

    subject: Registrant | Affiliate
    party: ListedParty
    queried: str
    listed: ListedName
    alike: float
    same: tuple[tuple[Identifier, ListedIdentifier], ...] = ()


def name(pair: Compared) -> Said:
    """The names: words aligned one to one in any order, the rarer the weightier; initials, words joined."""
    score = round(min(1.0, max(0.0, pair.alike)), 4)
    return (Feature(name="name", score=score, query=pair.queried, candidate=pair.listed.text),)


def weak_alias(pair: Compared) -> Said:
    """The listed name is one that its source calls weak: a nickname or a word that many bear."""
    if pair.listed.strength is not Strength.WEAK:
        return ()
    return (Feature(name="weak_alias", score=WEAK, query=pair.queried, candidate=pair.listed.text),)


def birth_date(pair: Compared) -> Said:
    """Birth dates, as far as both are known: to the day, to the month, by year; two years apart they say nothing."""
    return _dates("birth_date", pair.subject.birth_date, pair.party.births)


def incorporation_date(pair: Compared) -> Said:
    """Incorporation dates, as birth dates."""
    return _dates("incorporation_date", pair.subject.incorporation_date, pair.party.incorporations)


def rare_name(pair: Compared) -> Said:
    """Dates contradict, but the name is exact and few bear it: lists err about dates, so a person has to look."""
    dated = (*birth_date(pair), *incorporation_date(pair))
    if pair.alike < EXACT or all(date.score > APART for date in dated):
        return ()
    natural = pair.party.kind is PartyKind.PERSON
    if min(_telling(pair.queried, person=natural), _telling(pair.listed.text, person=natural)) < RARE:
        return ()
    return (Feature(name="rare_name", score=1.0, query=pair.queried, candidate=pair.listed.text),)


def country(pair: Compared) -> Said:
    """Nationalities, citizenships and countries: one in common is enough."""
    mine, theirs = codes_of(pair.subject), listed_codes(pair.party)
    if not mine or not theirs:
        return ()
    shared = ", ".join(code for code in mine if code in theirs)
    score = 1.0 if shared else 0.0
    shown = (shared, shared) if shared else (", ".join(mine), ", ".join(theirs))
    return (Feature(name="country", score=score, query=shown[0], candidate=shown[1]),)


def place(pair: Compared) -> Said:
    """Places of birth and addresses: a town or district in common, or a country that is only the listed place of birth.

    Every place of the registrant is held against every listed one, for people stay where they were born, and lists and
    registrants mix the two up. Only another place of birth speaks against, and little: lists name villages, papers the
    next town. Another address says nothing, for people move. The evidence shows the words in common, not the address.
    """
    born, lives = pair.subject.birth_place, _address(pair.subject)
    held = (*pair.party.birth_places, *(address.place or address.street or "" for address in pair.party.addresses))
    mine = [text for text in (born, lives) if text]
    found = next((words for text in mine for listed in held if (words := shared(text, listed))), None)
    if found is not None:
        return (Feature(name="place", score=TOWN, query=found[0], candidate=found[1]),)
    if land := _land_of_birth(pair):
        return (Feature(name="place", score=LAND, query=land[0], candidate=land[1]),)
    if born and telling_words(born) and any(map(telling_words, pair.party.birth_places)):
        return (Feature(name="place", score=ELSEWHERE, query=born, candidate="; ".join(pair.party.birth_places)),)
    return ()


def kind(pair: Compared) -> Said:
    """A natural person or not; a kind stated wrongly must not hide anyone."""
    mine, theirs = pair.subject.kind, pair.party.kind
    if mine is None or theirs is PartyKind.UNKNOWN:
        return ()
    alike = (mine == "person") == (theirs is PartyKind.PERSON)
    return (Feature(name="kind", score=1.0 if alike else 0.0, query=mine, candidate=theirs.value),)


def identifier(pair: Compared) -> Said:
    """Each number that is the same on both sides; other numbers contradict nothing, for people have many."""
    return tuple(
        Feature(
            name="identifier",
            score=1.0,
            query=f"{mine.type} {mine.value}",
            candidate=f"{theirs.label or theirs.type} {theirs.value}",
        )
        for mine, theirs in pair.same
    )


def codes_of(subject: Registrant | Affiliate) -> tuple[str, ...]:
    """Return the codes of the countries that a registrant or affiliate names, each once."""
    named = [*subject.nationalities, *([subject.country] if subject.country else [])]
    return tuple(dict.fromkeys(code.upper() for code in named))


def listed_codes(party: ListedParty) -> tuple[str, ...]:
    """Return the codes of the countries a listed party belongs to or sits in, each once."""
    named = (*party.nationalities, *party.citizenships, *party.countries)
    return tuple(dict.fromkeys(country.code for country in named if country.code is not None))


def _address(subject: Registrant | Affiliate) -> str | None:
    return subject.address if isinstance(subject, Registrant) else None


def _land_of_birth(pair: Compared) -> tuple[str, str] | None:
    """Return a country of the registrant that the list knows from a place of birth only, and that place."""
    mine, known = codes_of(pair.subject), listed_codes(pair.party)
    for listed in pair.party.birth_places:
        code = country_named(listed.rpartition(",")[2]).code
        if code in mine and code not in known:
            return code, listed
    return None


def _dates(label: str, date: str | None, spans: tuple[DateSpan, ...]) -> Said:
    if date is None or (best := best_agreement(date, spans)) is None:
        return ()
    agreed, span = best
    shown = span.first if span.first == span.last else f"{span.first} to {span.last}"
    shown = f"circa {shown}" if span.circa else shown
    return (Feature(name=label, score=_DATES[agreed], query=date, candidate=shown),)


def _telling(text: str, *, person: bool) -> float:
    """Return the weight of the words of a name that tell who is meant."""
    profile = weighed(read_name(text, person=person))
    words = zip(profile.name.words, profile.weights, strict=True)
    return sum(weight for word, weight in words if word.part in TELLING)
