from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rulebook import step

from screening.evidence import Note
from screening.watchlist.ownership import added_up


def held(*chains, threshold: float = 50.0, multiply: bool = True) -> float:
    """Return what the owners at the beginnings of some chains hold together."""
    return added_up(chains, threshold=threshold, multiply=multiply).percent


A, B = "affiliates[0]", "affiliates[1]"
A0, A1 = f"{A}.affiliates[0]", f"{A}.affiliates[1]"


@pytest.mark.parametrize(
    ("chains", "multiplied", "majority"),
    [
        ([(step(A, 60.0),)], 60, 60),
        ([(step(A, 30.0),), (step(B, 20.0),)], 50, 50),
        ([(step(A, 33.3),), (step(B, 16.7),)], 50, 50),
        # most of a company is all of what it owns
        ([(step(A0, 50.0), step(A, 60.0))], 60, 60),
        ([(step(A0, 25.0), step(A, 60.0)), (step(A1, 25.0), step(A, 60.0))], 60, 60),
        # less than most of it is its part, or nothing
        ([(step(A0, 40.0), step(A, 60.0))], 24, 0),
        ([(step(A0, 49.9), step(A, 100.0)), (step(B, 10.0),)], 59.9, 10),
        # what is listed itself is not counted through its owner again
        ([(step(A, 60.0),), (step(A0, 40.0), step(A, 60.0))], 60, 60),
        # without a percentage nothing is added
        ([(step(A, None),), (step(B, 30.0),)], 30, 30),
        ([(step(A0, None), step(A, 60.0))], 0, 0),
        ([(step(A0, 60.0), step(A, None))], 0, 0),
        ([(step(A, None, "director"),), (step(B, 100.0, "subsidiary"),)], 0, 0),
        ([], 0, 0),
    ],
)
def test_shares_add_up_through_chains(chains, multiplied: float, majority: float):
    """Owners are added up; a majority passes all on, a minority its part, or nothing where the policy says so."""
    assert held(*chains) == multiplied
    assert held(*chains, multiply=False) == majority


def test_a_sum_over_100_is_100_and_says_so():
    """More than everything cannot be owned: the sum is cut, at each party, and a note tells."""
    direct = added_up([(step(A, 70.0),), (step(B, 70.0),)], threshold=50.0, multiply=True)
    assert (direct.percent, direct.notes) == (100.0, (Note.OVER_100_PERCENT,))
    behind = added_up([(step(A0, 90.0), step(A, 20.0)), (step(A1, 90.0), step(A, 20.0))], threshold=95.0, multiply=True)
    assert (behind.percent, behind.notes) == (20.0, (Note.OVER_100_PERCENT,))
    alone = added_up([(step(A, 250.0),)], threshold=50.0, multiply=True)
    assert (alone.percent, alone.notes) == (100.0, (Note.OVER_100_PERCENT,))


def test_the_same_owner_twice_counts_once():
    """Of one party named twice as owner of the same party the greater share counts, whatever the order."""
    once, again = (step(A, 30.0),), (step(A, 40.0, repeated=True),)
    for chains in ([once, again], [again, once]):
        summed = added_up(chains, threshold=50.0, multiply=True)
        assert (summed.percent, summed.notes) == (40.0, (Note.COUNTED_ONCE,))


def test_a_chain_that_comes_back_adds_nothing():
    """What a party holds of itself through others is nobody's, and a note says that it was left out."""
    chains = [(step(A0, 80.0, circular=True), step(A, 60.0)), (step(B, 10.0),)]
    summed = added_up(chains, threshold=50.0, multiply=True)
    assert (summed.percent, summed.counted, summed.notes) == (10.0, frozenset({(step(B, 10.0),)}), (Note.CIRCULAR,))


def test_only_what_reaches_the_registrant_is_counted():
    """A chain with a step of unknown share, or through a minority that does not count, is not in the sum."""
    reaching, unknown = (step(B, 50.0),), (step(A0, None), step(A, 60.0))
    minority = (step(A1, 20.0), step(A, 60.0))
    assert added_up([reaching, unknown, minority], threshold=50.0, multiply=True).counted == {reaching, minority}
    summed = added_up([reaching, unknown, minority], threshold=50.0, multiply=False)
    assert (summed.counted, summed.notes) == ({reaching}, (Note.UNKNOWN_PERCENT,))


percents = st.none() | st.integers(0, 100).map(float)


@st.composite
def trees(draw):
    """Draw the chains of some listed owners, which lie in one tree of places."""
    places = draw(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=7))
    steps: dict[tuple[int, ...], object] = {}
    chains = []
    for place in places:
        ways = [tuple(place[:length]) for length in range(len(place), 0, -1)]
        for way in ways:
            if way not in steps:
                relation = draw(st.sampled_from(["owner", "owner", "owner", "director"]))
                percent = draw(percents) if relation == "owner" else None
                steps[way] = step(".".join(map(str, way)), percent, relation)
        chains.append(tuple(steps[way] for way in ways))
    return chains


@given(chains=trees(), threshold=st.sampled_from([10.0, 25.0, 50.0, 100.0]), multiply=st.booleans())
def test_one_more_owner_never_lowers_the_sum(chains, threshold: float, *, multiply: bool):
    """Every sum lies between 0 and 100, grows with each owner, and does not depend on their order."""
    sums = [held(*chains[:count], threshold=threshold, multiply=multiply) for count in range(len(chains) + 1)]
    assert sums == sorted(sums)
    assert 0.0 == sums[0] <= sums[-1] <= 100.0
    assert held(*reversed(chains), threshold=threshold, multiply=multiply) == sums[-1]


@given(chains=trees(), threshold=st.sampled_from([10.0, 25.0, 50.0, 100.0]))
def test_multiplying_never_gives_less_than_leaving_out(chains, threshold: float):
    """What counts a minority's part gives at least what counts none of it; nothing is counted that adds nothing."""
    multiplied = added_up(chains, threshold=threshold, multiply=True)
    left_out = added_up(chains, threshold=threshold, multiply=False)
    assert multiplied.percent >= left_out.percent
    assert multiplied.counted >= left_out.counted
    assert bool(multiplied.counted) == (multiplied.percent > 0)
