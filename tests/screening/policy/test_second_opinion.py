from __future__ import annotations

import pytest
from rulebook import content_hit, policy_text, shipped_policy, shipped_register

from screening.decisions import Verdict
from screening.errors import PolicyError
from screening.evidence import SCORER, Ceiling
from screening.policy.adjudicate import adjudicate, verdict_of
from screening.policy.parse import parse_policy

TABLE = "[certainty.second_opinion]\n"
OWN = "[certainty.second_opinion.categories]\n"


def said(category="gambling", score=0.99, **named):
    """Return what the scorer alone says."""
    hit = content_hit(category, score=score, severity=2, ceiling=Ceiling.REVIEW, **named)
    return type(hit)(**{name: getattr(hit, name) for name in hit.__struct_fields__} | {"via": (SCORER,)})


def test_a_category_may_have_a_score_of_its_own():
    """What stands under categories replaces the common score for that category alone."""
    text = policy_text().replace(OWN, OWN + "gambling = 0.99\n")
    policy = parse_policy(text, shipped_register())
    assert policy.second_opinion["gambling"].certainty.review_from == 0.99
    assert policy.second_opinion["gore"] == shipped_policy().second_opinion["gore"]
    assert verdict_of(said("gambling", 0.98), policy) is Verdict.CLEAR
    assert verdict_of(said("gore", 0.98), policy) is Verdict.REVIEW


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        (OWN, OWN + "bingo = 0.9\n", "certainty: second_opinion: categories"),
        (OWN, OWN + "sanctioned-party = 0.9\n", "certainty: second_opinion: categories"),
        (OWN, OWN + "gambling = 1.5\n", "gambling: found 1.5, expected a score"),
        (TABLE, TABLE + "enforce_from = 0.9\n", "certainty: second_opinion"),
        (TABLE, "[certainty.third_opinion]\n", "certainty: second_opinion"),
    ],
)
def test_faults_are_named_with_their_place(written, instead, fault):
    """A category that is none of content, a score that is none, a limit for orders: each is a fault of the file."""
    with pytest.raises(PolicyError) as raised:
        parse_policy(policy_text().replace(written, instead), shipped_register())
    assert fault in str(raised.value)


def test_the_certainty_of_entries_is_not_that_of_the_model():
    """The same score that sends an entry's hit to review does not do so for what only the model says."""
    policy = shipped_policy()
    limit = policy.rows["gambling", 2].certainty.review_from
    assert limit < policy.second_opinion["gambling"].certainty.review_from
    assert verdict_of(content_hit(score=limit, severity=2), policy) is Verdict.REVIEW
    assert verdict_of(said(score=limit), policy) is Verdict.CLEAR


@pytest.mark.parametrize("score", [0.5, 0.9, 1.0])
def test_it_never_weakens_what_an_entry_led_to(score):
    """An order stays an order and a review a review, with the same orders, whatever the model says beside it."""
    policy = shipped_policy()
    for hit in (content_hit(severity=3), content_hit(severity=2)):
        alone, both = adjudicate([hit], (), policy), adjudicate([said(score=score), hit], (), policy)
        assert (both.verdict, both.called) == (alone.verdict, alone.called)
