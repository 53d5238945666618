"""What a hit was found by, on either side, as digests: a person's judgement of a pair holds while both are the same.

Whoever makes the scorer compare another field adds it here, or a cleared pair would stay cleared though it changed.
Order does not count, for sources send the same names in another order from one day to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.subjects import Registrant, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.evidence import Feature, PathStep
    from screening.subjects import Affiliate, Identifier
    from screening.watchlist.parties import Country, DateSpan, ListedParty


def party_digest(subject: Registrant | Affiliate) -> str:
    """Return the SHA-256 (hex) of what is compared of a registrant or affiliate, ties to others apart."""
    return digest_of(_of_subject(subject))


def queried_digest(subject: Registrant | Affiliate, path: Iterable[PathStep]) -> str:
    """Return the SHA-256 (hex) of what a person sees of the queried side: what was compared, and how it is tied."""
    tied = [(step.name, step.tie, step.relation, step.ownership_percent) for step in path]
    return digest_of((_of_subject(subject), tied))


def with_place(queried: str, features: Iterable[Feature]) -> str:
    """Return a queried side's digest with the place that it was found to share, or not to share, with an entry.

    Addresses are compared, but who moves, or is given another address by a list, is no other pair: it is one where
    they have another place in common than before.

    Args:
        queried: what `queried_digest` gave.
        features: of the hit.
    """
    said = [(one.score, one.query, one.candidate) for one in features if one.name == "place"]
    return digest_of((queried, said)) if said else queried


def entry_digest(party: ListedParty) -> str:
    """Return the SHA-256 (hex) of what is compared of a listed party; programmes and remarks are not.

    Addresses stand in the digest of the other side, by what both have in common (`with_place`).
    """
    return digest_of(
        (
            party.kind,
            sorted((name.text, name.strength) for name in party.names),
            _spans(party.births),
            _spans(party.incorporations),
            sorted(party.birth_places),
            [_countries(held) for held in (party.nationalities, party.citizenships, party.countries)],
            sorted(
                (held.type, held.value, "" if held.country is None else held.country.code or held.country.text)
                for held in party.identifiers
            ),
            party.gender,
        )
    )


def _of_subject(subject: Registrant | Affiliate) -> tuple[object, ...]:
    return (
        subject.kind,
        subject.name,
        sorted(subject.aliases),
        subject.birth_date,
        subject.incorporation_date,
        sorted(code.upper() for code in subject.nationalities),
        subject.country and subject.country.upper(),
        sorted(map(_identifier, subject.identifiers)),
        subject.birth_place,
        subject.payment_account if isinstance(subject, Registrant) else None,
    )


def _identifier(held: Identifier) -> tuple[str, str, str]:
    return (held.type, held.value, held.country or "")


def _spans(spans: Iterable[DateSpan]) -> list[tuple[str, str, bool]]:
    return sorted((span.first, span.last, span.circa) for span in spans)


def _countries(countries: Iterable[Country]) -> list[str]:
    return sorted(country.code or country.text for country in countries)
