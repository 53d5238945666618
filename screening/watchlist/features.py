"""What besides the name speaks for or against a registrant being a listed party, and what follows for the score.

A value that is missing on either side gives no feature and changes nothing: with it agreeing the score is at least as
high, with it contradicting at most as high.

The figures: what agrees closes a part of the gap to 1.0, what contradicts takes a part away. A birth date to the day
closes more than a third, so that a name at 0.85 passes 0.90 with it and a name at 0.82 alone does not; a year alone is
shared by one in sixty people and closes little. A contradicting birth year brings an exact name below the score at
which the weakest names are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.evidence import Feature
from screening.watchlist.dates import Agreement, best_agreement
from screening.watchlist.identifiers import surely_same
from screening.watchlist.parties import PartyKind, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.subjects import Affiliate, Identifier, Registrant
    from screening.watchlist.parties import DateSpan, ListedIdentifier, ListedName, ListedParty

DATE_SCORES = {
    Agreement.DAY: 1.0,
    Agreement.MONTH: 0.9,
    Agreement.YEAR: 0.7,
    Agreement.NEAR: 0.5,
    Agreement.CONTRADICTION: 0.0,
}
DATE_RAISES = {Agreement.DAY: 0.35, Agreement.MONTH: 0.25, Agreement.YEAR: 0.10}
COUNTRY_RAISE = 0.10
DATE_CONTRADICTED = 0.75
COUNTRY_CONTRADICTED = 0.97
KIND_CONTRADICTED = 0.90
WEAK_ALIAS = 0.90
IDENTIFIER_SCORE = 0.95
"""The least score where an identifier is the same, however unlike the name."""
IDENTIFIER_DISPUTED = 0.90
"""The same where a birth date contradicts: a person has to look, so it must not sink below review."""


NAMED = 0.70
"""The likeness of names beside which a number of an unknown kind says something; alone it could be any number."""


class Judged(NamedTuple):
    """The score of a registrant against a listed party, whether more than names agree, and why."""

    score: float
    corroborated: bool
    features: tuple[Feature, ...]


class _Weighing:
    """Gathers features and what each does to the score."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self.gap = 1.0
        self.factor = 1.0
        self.contradicted = False
        self.dated = Agreement.CONTRADICTION
        self.country = False

    def date(self, name: str, date: str | None, spans: tuple[DateSpan, ...]) -> None:
        if date is None or (best := best_agreement(date, spans)) is None:
            return
        agreed, span = best
        shown = span.first if span.first == span.last else f"{span.first} to {span.last}"
        shown = f"circa {shown}" if span.circa else shown
        self.features.append(Feature(name=name, score=DATE_SCORES[agreed], query=date, candidate=shown))
        self.gap *= 1.0 - DATE_RAISES.get(agreed, 0.0)
        if agreed is Agreement.CONTRADICTION:
            self.factor *= DATE_CONTRADICTED
            self.contradicted = True
        self.dated = max(self.dated, agreed)

    def countries(self, mine: tuple[str, ...], theirs: tuple[str, ...]) -> None:
        if not mine or not theirs:
            return
        shared = [code for code in mine if code in theirs]
        self.country = bool(shared)
        score = 1.0 if shared else 0.0
        self.features.append(
            Feature(name="country", score=score, query=", ".join(shared or mine), candidate=", ".join(shared or theirs))
        )
        if shared:
            self.gap *= 1.0 - COUNTRY_RAISE
        else:
            self.factor *= COUNTRY_CONTRADICTED

    def kind(self, mine: str | None, theirs: PartyKind) -> None:
        if mine is None or theirs is PartyKind.UNKNOWN:
            return
        alike = (mine == "person") == (theirs is PartyKind.PERSON)
        self.features.append(Feature(name="kind", score=1.0 if alike else 0.0, query=mine, candidate=theirs.value))
        if not alike:
            self.factor *= KIND_CONTRADICTED


def codes_of(subject: Registrant | Affiliate) -> tuple[str, ...]:
    """Return the codes of the countries that a registrant or affiliate names, each once."""
    named = [*subject.nationalities, *([subject.country] if subject.country else [])]
    return tuple(dict.fromkeys(code.upper() for code in named))


def listed_codes(party: ListedParty) -> tuple[str, ...]:
    """Return the codes of the countries a listed party belongs to or sits in, each once."""
    named = (*party.nationalities, *party.citizenships, *party.countries)
    return tuple(dict.fromkeys(country.code for country in named if country.code is not None))


def judge(
    subject: Registrant | Affiliate,
    party: ListedParty,
    named: tuple[str, ListedName, float],
    same: Iterable[tuple[Identifier, ListedIdentifier]] = (),
) -> Judged:
    """Weigh everything that is known of both sides.

    Args:
        subject: the registrant or affiliate.
        party: the listed party.
        named: the queried name, the listed name it is most like, and how alike they are.
        same: the identifiers that are one on both sides.
    """
    queried, listed, alike = named
    weighing = _Weighing()
    name = round(min(1.0, max(0.0, alike)), 4)
    weighing.features.append(Feature(name="name", score=name, query=queried, candidate=listed.text))
    if listed.strength is Strength.WEAK:
        weighing.factor *= WEAK_ALIAS
        weighing.features.append(Feature(name="weak_alias", score=WEAK_ALIAS, query=queried, candidate=listed.text))
    weighing.date("birth_date", subject.birth_date, party.births)
    weighing.date("incorporation_date", subject.incorporation_date, party.incorporations)
    weighing.countries(codes_of(subject), listed_codes(party))
    weighing.kind(subject.kind, party.kind)
    identified = False
    certain = name >= NAMED
    for mine, theirs in same:
        identified = True
        certain = certain or surely_same(mine.type, theirs.type)
        label = theirs.label or theirs.type
        weighing.features.append(
            Feature(
                name="identifier", score=1.0, query=f"{mine.type} {mine.value}", candidate=f"{label} {theirs.value}"
            )
        )
    score = (1.0 - (1.0 - name) * weighing.gap) * weighing.factor
    if identified:
        score = max(score, IDENTIFIER_DISPUTED if weighing.contradicted else IDENTIFIER_SCORE)
    dated = weighing.dated >= Agreement.MONTH or (weighing.dated is Agreement.YEAR and weighing.country)
    corroborated = ((identified and certain) or dated) and not weighing.contradicted
    return Judged(round(score, 4), corroborated, tuple(weighing.features))
