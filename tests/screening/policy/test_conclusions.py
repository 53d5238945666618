"""Whether other versions find again what people judged."""

from __future__ import annotations

import msgspec
import pytest
from histories import content_result, registration_result
from rulebook import content_hit, name_hit, shipped_policy

from screening.decisions import OrderType
from screening.policy.conclusions import cleared, lifted, taken_back
from screening.policy.standing import Clearance, Pardon, SubjectKey

RESULT = content_result(content_hit())
PARDON = Pardon(
    type=OrderType.DELETE_CONTENT,
    key=SubjectKey("content", "c-1"),
    digest=RESULT.input.digest,
    evidence=("gambling/gambling-1",),
)


@pytest.mark.parametrize(
    ("result", "met"),
    [
        (RESULT, True),
        (content_result(content_hit(), text="B"), False),
        (content_result(content_hit("gore")), False),
        (content_result(content_hit(score=0.1)), False),
        (content_result(), False),
    ],
)
def test_a_lifted_order_is_met_on_the_same_input_by_the_same_evidence(result, met):
    """Not on another revision, not by another entry, and not below review."""
    assert lifted(PARDON).is_met(result, shipped_policy()) is met
    assert not lifted(PARDON).right


def test_a_cleared_pair_is_met_while_what_was_compared_is_the_same():
    """As its clearance holds; another entry or other details are another question."""
    hit = name_hit()
    clearance = Clearance(
        pair=hit.pair,
        compared=((hit.queried_digest, hit.entry_digest),),
        directive_id="d-1",
        by="reviewer",
        reason="why",
    )
    one, policy = cleared("a-1", clearance), shipped_policy()
    assert one.is_met(registration_result(hit), policy)
    assert not one.is_met(registration_result(name_hit(compared="other")), policy)
    assert not one.is_met(registration_result(name_hit(entry="2")), policy)
    assert not one.is_met(registration_result(msgspec.structs.replace(hit, score=0.75)), policy)


def test_a_clearance_taken_back_is_met_by_any_hit_of_the_pair():
    """The person who took it back spoke of the two, not of a comparison."""
    one = taken_back("a-1", "sample/1")
    assert one.right
    assert one.is_met(registration_result(name_hit(compared="other")), shipped_policy())
    assert not one.is_met(registration_result(name_hit(entry="2")), shipped_policy())
