from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from screening.watchlist.ceilings import SLACK, ceilings, dispensable
from screening.watchlist.names import read_name
from screening.watchlist.profiles import weighed

SHARES = st.floats(min_value=0.0, max_value=1.0)
SOME = st.floats(min_value=0.0, max_value=3.0)


def one(mine: float, theirs: float, evidence: float, lone: bool) -> float:  # noqa: FBT001 - a column
    return float(ceilings(np.array([mine]), np.array([theirs]), np.array([evidence]), np.array([lone]))[0])


@given(SHARES, SHARES, SOME, SHARES, SHARES, SOME, st.booleans())
def test_a_ceiling_rises_with_all_that_can_agree(
    mine: float,
    theirs: float,
    evidence: float,
    more: float,
    other: float,
    further: float,
    lone: bool,  # noqa: FBT001 - drawn
) -> None:
    """Where more can agree the ceiling is no lower, so that a ceiling of upper bounds is one of the score."""
    low = one(min(mine, more), min(theirs, other), min(evidence, further), lone)
    high = one(max(mine, more), max(theirs, other), max(evidence, further), lone)
    assert 0.0 <= low <= high + SLACK
    assert high <= 1.0 + SLACK


def test_the_commonest_words_are_set_aside_first() -> None:
    """What is set aside cannot make a name by itself, and something is always left to look up by."""
    query = weighed(read_name("Karam Zahrudi", person=True))
    assert dispensable(query, [500, 3], 0.7) == {0}
    assert dispensable(query, [3, 500], 0.7) == {1}
    assert dispensable(query, [3, 500], 0.05) == frozenset()
    assert 1 in dispensable(weighed(read_name("Karam bin Zahrudi", person=True)), [500, 4000, 3], 0.7)
    for single in ("Karam", "bin", "K", ""):
        held = weighed(read_name(single, person=True))
        assert dispensable(held, [9] * len(held.weights), 0.7) == frozenset()
