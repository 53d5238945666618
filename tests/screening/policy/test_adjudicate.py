from __future__ import annotations

import msgspec
import pytest
from rulebook import content_hit, name_hit, shipped_policy

from screening.decisions import OrderType, Verdict
from screening.errors import ClauseError
from screening.evidence import Ceiling, ContentHit, Hit, NameHit
from screening.policy.adjudicate import Judgement, adjudicate, enforced_hits, verdict_of


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        (content_hit(), Verdict.ENFORCE),
        (content_hit(severity=2), Verdict.REVIEW),
        (content_hit(severity=1), Verdict.CLEAR),
        (content_hit(score=0.9), Verdict.ENFORCE),
        (content_hit(score=0.89), Verdict.REVIEW),
        (content_hit(score=0.6), Verdict.REVIEW),
        (content_hit(score=0.59), Verdict.CLEAR),
        (content_hit(ceiling=Ceiling.REVIEW), Verdict.REVIEW),
        (content_hit(ceiling=Ceiling.EVIDENCE), Verdict.CLEAR),
        (content_hit("rumours"), Verdict.REVIEW),
        (content_hit("insult-defamation", score=0.94), Verdict.REVIEW),
        (content_hit("insult-defamation", score=0.95), Verdict.ENFORCE),
        (name_hit(), Verdict.ENFORCE),
        (name_hit("sanctioned-affiliate"), Verdict.ENFORCE),
        (name_hit(score=0.9), Verdict.ENFORCE),
        (name_hit(score=0.89), Verdict.REVIEW),
        (name_hit(score=0.82), Verdict.REVIEW),
        (name_hit(score=0.81), Verdict.CLEAR),
        (name_hit(score=1.0, corroborated=False), Verdict.REVIEW),
        (name_hit("embargoed-territory"), Verdict.REVIEW),
        (name_hit("registration-quality"), Verdict.REVIEW),
    ],
)
def test_a_hit_gives_the_weakest_of_rule_and_caps(hit: Hit, expected: Verdict):
    """Severity, certainty, the entry's ceiling, the category and corroboration each cap what the rule says."""
    assert verdict_of(hit, shipped_policy()) is expected


def test_nothing_found_is_clear():
    """Without a hit and without anything unread there is nothing to say."""
    assert adjudicate((), (), shipped_policy()) == Judgement(Verdict.CLEAR)


def test_only_the_grounds_at_the_level_of_the_verdict_count():
    """Weaker hits stay evidence: they give neither grounds nor orders."""
    hits = [content_hit("gore"), content_hit("gambling"), content_hit("vulgar", severity=2), content_hit("gambling")]
    judgement = adjudicate(hits, (), shipped_policy())
    assert judgement.verdict is Verdict.ENFORCE
    assert sorted(ground.category for ground in judgement.grounds) == ["gambling", "gore"]
    assert list(judgement.grounds) == sorted(judgement.grounds)
    assert [called.type for called in judgement.called] == [OrderType.DELETE_CONTENT, OrderType.NOTIFY]
    assert all(called.grounds == judgement.grounds for called in judgement.called)


def test_review_calls_for_nothing():
    """What goes to a person has grounds and no orders."""
    judgement = adjudicate([content_hit(severity=2)], (), shipped_policy())
    assert judgement.verdict is Verdict.REVIEW
    assert [ground.category for ground in judgement.grounds] == ["gambling"]
    assert judgement.called == ()


def test_a_listed_party_is_suspended_restricted_and_told():
    """A corroborated name calls for the default orders in a fixed order."""
    judgement = adjudicate([name_hit("sanctioned-affiliate"), name_hit()], (), shipped_policy())
    assert [called.type for called in judgement.called] == [
        OrderType.SUSPEND_SERVICE,
        OrderType.RESTRICT_PURCHASES,
        OrderType.RESTRICT_RENEWALS,
        OrderType.NOTIFY,
    ]
    assert [ground.category for ground in judgement.grounds] == ["sanctioned-affiliate", "sanctioned-party"]


def test_enforced_hits_are_those_that_order_by_themselves():
    """Evidence for an order is only what calls for it, in the order given."""
    content: list[ContentHit] = [content_hit("gore"), content_hit(severity=2), content_hit()]
    assert enforced_hits(content, shipped_policy()) == (content[0], content[2])
    names: list[NameHit] = [name_hit(corroborated=False), name_hit()]
    assert enforced_hits(names, shipped_policy()) == (names[1],)


@pytest.mark.parametrize(
    ("unscreened", "readable", "expected"),
    [
        ((), True, Verdict.CLEAR),
        ((), False, Verdict.CLEAR),
        (("attachments[0]:image",), True, Verdict.CLEAR),
        (("attachments[0]:image",), False, Verdict.REVIEW),
        (("attachments[0]:image", "attachments[1]:archive"), True, Verdict.REVIEW),
        (("attachments[0]:hologram",), True, Verdict.REVIEW),
        (("name",), False, Verdict.REVIEW),
        (("affiliates[0].name",), True, Verdict.REVIEW),
    ],
)
def test_what_was_not_read_goes_to_a_person_where_it_matters(
    unscreened: tuple[str, ...], *, readable: bool, expected: Verdict
):
    """A picture beside text is named only; without text, or of a kind that hides things, a person looks."""
    judgement = adjudicate((), unscreened, shipped_policy(), readable=readable)
    assert judgement == Judgement(expected)


def test_what_was_not_read_does_not_weaken_what_was():
    """A picture beside a grave hit changes nothing."""
    hits = [content_hit()]
    alone = adjudicate(hits, (), shipped_policy())
    assert adjudicate(hits, ("attachments[0]:archive",), shipped_policy(), readable=False) == alone


def test_an_unknown_category_is_refused():
    """A hit of a category that is not registered cannot be judged, and says so."""
    stray = msgspec.structs.replace(content_hit(), category="nonsense")
    with pytest.raises(ClauseError, match="no category 'nonsense'"):
        adjudicate([stray], (), shipped_policy())
