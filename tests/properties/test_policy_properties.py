from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rulebook import content_hit, name_hit, shipped_policy, shipped_register

from screening.clauses import Automation, SubjectKind
from screening.decisions import PEOPLE_ONLY, OrderType, Verdict
from screening.evidence import Ceiling, Hit, NameHit
from screening.policy.adjudicate import adjudicate, enforced_hits, verdict_of
from screening.policy.wording import MOST_QUOTED, MOST_QUOTES, masked, order_reason, quoted


def slugs(subject: SubjectKind) -> st.SearchStrategy[str]:
    return st.sampled_from([held.slug for held in shipped_register().categories if held.subject is subject])


scores = st.floats(0, 1)
content_hits: st.SearchStrategy[Hit] = st.builds(
    content_hit,
    slugs(SubjectKind.CONTENT),
    score=scores,
    severity=st.integers(1, 3),
    ceiling=st.sampled_from(Ceiling),
    quote=st.text(min_size=1, max_size=200),
    start=st.integers(0, 20),
)
name_hits: st.SearchStrategy[Hit] = st.builds(
    name_hit,
    slugs(SubjectKind.REGISTRATION),
    score=scores,
    corroborated=st.booleans(),
    queried_name=st.text(min_size=1, max_size=200),
)
hit_lists = st.lists(content_hits, max_size=6) | st.lists(name_hits, max_size=6)
parts = st.lists(st.sampled_from(["attachments[0]:image", "attachments[1]:archive", "name", "?"]), max_size=3)


@given(hits=st.lists(content_hits, max_size=5), more=content_hits, unread=parts, readable=st.booleans())
def test_one_more_hit_never_weakens_a_verdict(hits: list[Hit], more: Hit, unread: list[str], *, readable: bool):
    """More evidence can only make a verdict stronger, and never takes an order away."""
    policy = shipped_policy()
    before = adjudicate(hits, unread, policy, readable=readable)
    after = adjudicate([*hits, more], unread, policy, readable=readable)
    assert after.verdict.rank >= before.verdict.rank
    assert {called.type for called in after.called} >= {called.type for called in before.called}


@given(hit=content_hits | name_hits)
def test_what_is_held_to_review_never_enforces(hit: Hit):
    """A category that is held to review is never enforced, whatever the entry, the score and the rule."""
    policy = shipped_policy()
    if policy.register.category(hit.category).automation is Automation.REVIEW:
        assert verdict_of(hit, policy) is not Verdict.ENFORCE


@given(hits=st.lists(name_hits, max_size=6))
def test_a_name_alone_never_enforces(hits: list[Hit]):
    """However exact and however many, names that nothing corroborates go to a person at most."""
    alone = [hit for hit in hits if isinstance(hit, NameHit) and not hit.corroborated]
    assert adjudicate(alone, (), shipped_policy()).verdict is not Verdict.ENFORCE


@given(hits=hit_lists, unread=parts, readable=st.booleans())
def test_a_judgement_hangs_together(hits: list[Hit], unread: list[str], *, readable: bool):
    """Grounds come from hits, orders only at enforce and only on the grounds, and none that is for people."""
    policy = shipped_policy()
    judgement = adjudicate(hits, unread, policy, readable=readable)
    enforced = enforced_hits(hits, policy)
    assert {ground.category for ground in judgement.grounds} <= {hit.category for hit in hits}
    assert list(judgement.grounds) == sorted(set(judgement.grounds))
    assert bool(judgement.called) == (judgement.verdict is Verdict.ENFORCE) == bool(enforced)
    assert not {called.type for called in judgement.called} & PEOPLE_ONLY
    for called in judgement.called:
        assert called.grounds
        assert set(called.grounds) <= set(judgement.grounds)
    if judgement.verdict is Verdict.ENFORCE:
        assert {hit.category for hit in enforced} == {ground.category for ground in judgement.grounds}
        assert any(called.type is OrderType.NOTIFY for called in judgement.called)
    if judgement.verdict is Verdict.CLEAR:
        assert judgement.grounds == ()


@given(hits=hit_lists, data=st.data())
def test_the_order_of_hits_does_not_matter(hits: list[Hit], data: st.DataObject):
    """The same evidence in any order gives the same judgement."""
    policy = shipped_policy()
    assert adjudicate(data.draw(st.permutations(hits)), (), policy) == adjudicate(hits, (), policy)


@given(text=st.text(alphabet="0123456789xX-. /年月日a赌@", max_size=60))
def test_no_long_number_survives_masking(text: str):
    """Nothing of six digits in a row is left, and masking changes no length and masks nothing twice."""
    once = masked(text)
    assert not re.search(r"\d{6}", once)
    assert len(once) == len(text)
    assert masked(once) == once


@given(hits=hit_lists)
def test_texts_are_bounded_and_in_both_languages(hits: list[Hit]):
    """However long and many the hits, quotes stay few and short, and both texts are there."""
    policy = shipped_policy()
    shown = quoted(hits)
    assert len(shown) <= MOST_QUOTES
    assert all(len(one.quote) <= MOST_QUOTED for one in shown)
    grounds = tuple(sorted({policy.ground(hit.category) for hit in hits})) or (policy.ground("gambling"),)
    reason = order_reason(policy, OrderType.DELETE_CONTENT, grounds, hits)
    assert reason.zh
    assert reason.en
