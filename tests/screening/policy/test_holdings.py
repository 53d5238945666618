from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rulebook import name_hit, policy_text, shipped_policy, shipped_register, step

from screening.decisions import Verdict
from screening.policy.adjudicate import adjudicate, verdicts, with_ownership
from screening.policy.parse import parse_policy

if TYPE_CHECKING:
    from screening.evidence import NameHit
    from screening.policy.rules import Policy

A, B = "affiliates[0]", "affiliates[1]"


def owner(percent: float | None, place: str = A, relation: str = "owner", **given) -> NameHit:
    """Return a hit on an affiliate of the registrant, by default certain and corroborated."""
    return name_hit("sanctioned-affiliate", path=(step(place, percent, relation),), entry=place, **given)


def policy_with(**rules: object) -> Policy:
    """Return the shipped policy with other rules on ownership."""
    text = policy_text()
    for name, value in rules.items():
        old = next(line for line in text.splitlines() if line.startswith(f"{name} = "))
        new = f'"{value}"' if isinstance(value, str) else value
        text = text.replace(old, f"{name} = {new}")
    return parse_policy(text, shipped_register())


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ([owner(50.0)], Verdict.ENFORCE),
        ([owner(49.9)], Verdict.REVIEW),
        ([owner(30.0), owner(20.0, B)], Verdict.ENFORCE),
        ([owner(30.0), owner(20.0, B, corroborated=False)], Verdict.REVIEW),
        ([owner(30.0), owner(20.0, B, score=0.85)], Verdict.REVIEW),
        ([owner(100.0, corroborated=False)], Verdict.REVIEW),
        ([owner(None)], Verdict.REVIEW),
        ([owner(None, relation="director")], Verdict.REVIEW),
        ([owner(100.0, relation="subsidiary")], Verdict.REVIEW),
        ([owner(100.0, relation="filial")], Verdict.REVIEW),
        ([owner(60.0, relation="director")], Verdict.ENFORCE),
        ([name_hit("sanctioned-affiliate", path=())], Verdict.REVIEW),
        ([owner(100.0, score=0.5)], Verdict.CLEAR),
    ],
)
def test_half_owned_by_corroborated_listed_owners_is_enforced(hits: list[NameHit], expected: Verdict):
    """At half and more, added up over owners that something corroborates, orders follow; below it a person looks."""
    assert adjudicate(hits, (), shipped_policy()).verdict is expected


def test_who_adds_nothing_orders_nothing():
    """Beside an owner of most, a director on the list goes to a person, and is no evidence of the order."""
    hits = [owner(60.0), owner(None, B, relation="director")]
    assert verdicts(hits, shipped_policy()) == [Verdict.ENFORCE, Verdict.REVIEW]


@pytest.mark.parametrize(
    ("rules", "hit", "expected"),
    [
        ({"threshold_percent": 25}, owner(30.0), Verdict.ENFORCE),
        ({"below": "enforce"}, owner(1.0), Verdict.ENFORCE),
        ({"below": "enforce"}, owner(1.0, corroborated=False), Verdict.REVIEW),
        ({"below": "clear"}, owner(1.0), Verdict.CLEAR),
        ({"control": "enforce"}, owner(None, relation="director"), Verdict.ENFORCE),
        ({"control": "clear"}, owner(None, relation="director"), Verdict.CLEAR),
        ({"control": "clear"}, name_hit(), Verdict.ENFORCE),
    ],
)
def test_the_policy_says_what_follows(rules: dict[str, object], hit: NameHit, expected: Verdict):
    """Threshold and what follows below it and from control are the operator's; a name alone stays at review."""
    assert adjudicate([hit], (), policy_with(**rules)).verdict is expected


def test_a_minority_in_between_counts_as_the_policy_says():
    """Forty of a whole owner are forty percent, or nothing where only majorities pass on what they hold."""
    through = name_hit("sanctioned-affiliate", path=(step("affiliates[0].affiliates[0]", 40.0), step(A, 100.0)))
    beside = owner(10.0, B)
    assert adjudicate([through, beside], (), shipped_policy()).verdict is Verdict.ENFORCE
    assert adjudicate([through, beside], (), policy_with(minority="none")).verdict is Verdict.REVIEW


def test_hits_on_affiliates_tell_what_is_held_together():
    """Each hit on an affiliate has both sums, and whether it is in them; a hit on the registrant has none."""
    hits = (owner(30.0), owner(25.0, B, corroborated=False), owner(None, "affiliates[2]"), name_hit())
    told = [hit.ownership for hit in with_ownership(hits, shipped_policy())]
    assert told[3] is None
    assert [(one.total_percent, one.corroborated_percent, one.counted) for one in told[:3] if one is not None] == [
        (55.0, 30.0, True),
        (55.0, 30.0, True),
        (55.0, 30.0, False),
    ]
    assert with_ownership((name_hit(),), shipped_policy()) == (name_hit(),)


def test_an_affiliate_on_two_lists_counts_once():
    """Two entries that one owner may be do not make two owners."""
    hits = [owner(30.0), name_hit("sanctioned-affiliate", path=(step(A, 30.0),), entry="on another list")]
    assert adjudicate(hits, (), shipped_policy()).verdict is Verdict.REVIEW


def test_a_policy_without_rules_on_ownership_means_the_default_ones():
    """Versions kept from before such rules were known can still be read, and judge as the shipped ones do."""
    text = policy_text()
    start, end = text.index("[ownership]"), text.index("[unscreened]")
    assert parse_policy(text[:start] + text[end:], shipped_register()).ownership == shipped_policy().ownership


affiliates = st.builds(
    owner,
    st.none() | st.integers(0, 100).map(float),
    st.sampled_from([A, B, "affiliates[2]"]),
    st.sampled_from(["owner", "director", "subsidiary"]),
    corroborated=st.booleans(),
    score=st.sampled_from([0.5, 0.85, 0.97]),
)


@given(hits=st.lists(affiliates, max_size=5), more=affiliates)
def test_one_more_affiliate_never_weakens_what_others_lead_to(hits: list[NameHit], more: NameHit):
    """What each hit leads to can only grow by another's share."""
    policy = shipped_policy()
    before, after = verdicts(hits, policy), verdicts([*hits, more], policy)
    assert all(now.rank >= then.rank for then, now in zip(before, after, strict=False))
