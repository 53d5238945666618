"""How far two partial dates agree."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.watchlist.parties import DateSpan

YEARS_APART = 2
"""Lists err about ages: years this far apart still say nothing against; further apart, they contradict."""


class Agreement(enum.IntEnum):
    """How far dates agree; a greater one is a stronger agreement."""

    CONTRADICTION = 0
    NEAR = 1
    YEAR = 2
    MONTH = 3
    DAY = 4


def best_agreement(date: str, spans: Iterable[DateSpan]) -> tuple[Agreement, DateSpan] | None:
    """Return the strongest agreement of a date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`) with any of some spans.

    One date that agrees is enough, as a party may be listed with several; None where there is none to compare with.
    """
    compared = [(agreement(date, span), span) for span in spans]
    return max(compared, key=lambda pair: pair[0]) if compared else None


def agreement(date: str, span: DateSpan) -> Agreement:
    """Return how far a date agrees with a span; one of years, or that the source is unsure of, agrees by year at most.

    >>> from screening.watchlist.parties import DateSpan
    >>> agreement("1971-02", DateSpan(first="1971-02-05", last="1971-02-05")).name
    'MONTH'
    >>> agreement("1971-02-06", DateSpan(first="1971-02-05", last="1971-02-05")).name
    'NEAR'
    """
    year, first, last = int(date[:4]), int(span.first[:4]), int(span.last[:4])
    if not first - YEARS_APART <= year <= last + YEARS_APART:
        return Agreement.CONTRADICTION
    if span.first != span.last:
        return Agreement.YEAR if _within(date, span) else Agreement.NEAR
    if span.circa:
        return Agreement.YEAR if year == first else Agreement.NEAR
    common = min(len(date), len(span.first))
    if date[:common] != span.first[:common]:
        return Agreement.NEAR
    return {4: Agreement.YEAR, 7: Agreement.MONTH}.get(common, Agreement.DAY)


def _within(date: str, span: DateSpan) -> bool:
    low, high = min(len(date), len(span.first)), min(len(date), len(span.last))
    return span.first[:low] <= date[:low] and date[:high] <= span.last[:high]
