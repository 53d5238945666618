"""The most a listed name can score, from what is known of it before it is compared.

The exact score (`alignment`) grows with the share of weight that agrees on either side, with the weight that agrees,
and with how many words do. Put into the same formula, the most that each of these can be gives the most the score can
be; a test holds that no score lies above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from screening.watchlist.alignment import (
    ADDITION,
    FAINTNESS,
    FULL_EVIDENCE,
    LEAST_EVIDENCE,
    LONE_FACTOR,
    OMISSION,
    TELLING,
    combined,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from screening.watchlist.profiles import Profile
    from screening.watchlist.scoring import Floats

    Flags = npt.NDArray[np.bool_]

SLACK = 1e-6
"""Sums in another order, and weights kept in half the bits, differ by less than this."""


def ceilings(mine: Floats, theirs: Floats, evidence: Floats, lone: Flags, *, reverse: bool = False) -> Floats:
    """Return the most that each of some names can score.

    Args:
        mine: the share of the query's weight that can agree, for each name.
        theirs: the same of the listed name's weight.
        evidence: the weight that can agree.
        lone: whether only one word can agree and the query has more.
        reverse: whether the names are those looked for, and the query is the one that is listed.
    """
    theirs = np.minimum(1.0, theirs)
    lacking, adding = (ADDITION, OMISSION) if reverse else (OMISSION, ADDITION)
    score = np.maximum(mine * (1.0 - lacking * (1.0 - theirs)), theirs * (1.0 - adding * (1.0 - mine)))
    score *= 1.0 - FAINTNESS * np.maximum(0.0, FULL_EVIDENCE - evidence) * (1.0 - np.minimum(mine, theirs))
    score[lone] *= LONE_FACTOR
    # Too little evidence is no likeness, but where all words are the same.
    score[(evidence < LEAST_EVIDENCE - SLACK) & (np.minimum(mine, theirs) < 1.0 - SLACK)] = 0.0
    return score


def dispensable(query: Profile, held_by: Sequence[int], floor: float, *, reverse: bool = False) -> frozenset[int]:
    """Return places of words that, agreeing alone, cannot make any name score a floor: those of most names first.

    Whoever scores the floor agrees in some other word, so nobody need be looked up by these.

    Args:
        query: the name looked for.
        held_by: for each word how many listed names hold it.
        floor: the least score that counts.
        reverse: whether the names held are those looked for, and the query is the one that is listed.
    """
    places: set[int] = set()
    for place in sorted(range(len(held_by)), key=lambda place: -held_by[place]):
        if _alone(query, places | {place}, reverse=reverse) < floor - SLACK:
            places.add(place)
    return frozenset(places)


def _alone(query: Profile, places: set[int], *, reverse: bool) -> float:
    evidence = sum(query.weights[place] for place in places)
    mine = evidence / query.total if query.total else 1.0
    share = combined(1.0, mine) if reverse else combined(mine, 1.0)
    score = share * (1.0 - FAINTNESS * max(0.0, FULL_EVIDENCE - evidence) * (1.0 - mine))
    lone = len(places) == 1 and telling_words(query) > 1
    return score * LONE_FACTOR if lone else score


def telling_words(profile: Profile) -> int:
    """Return how many words of a name tell who is meant: neither initial nor number, particle, title or form."""
    return sum(word.part in TELLING for word in profile.name.words)
