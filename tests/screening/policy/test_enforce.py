from __future__ import annotations

import dataclasses
from datetime import timedelta

import msgspec
import pytest
from histories import (
    NOW,
    History,
    cases,
    content_result,
    differing_policy,
    directive,
    ids,
    registration_result,
    suspending_policy,
    types,
)
from rulebook import content_hit, name_hit, shipped_policy

from screening.decisions import (
    Channel,
    DirectiveType,
    OrderType,
    decision_name,
    notice_name,
    order_name,
    undoing_name,
)
from screening.evidence import Ceiling
from screening.policy.enforce import Outcome, decide_directive, evidence_keys
from screening.policy.standing import CaseClosed, Closed, SubjectKey
from screening.subjects import digest_of

A, B = digest_of("A"), digest_of("B")
SANCTIONED = [OrderType.SUSPEND_SERVICE, OrderType.RESTRICT_PURCHASES, OrderType.RESTRICT_RENEWALS, OrderType.NOTIFY]


def closings(decision) -> list[str]:
    return [change.by for change in decision.changes if isinstance(change, Closed)]


# What is ordered, and under which names


def test_grave_content_is_deleted_and_its_author_told():
    """Content at enforce orders its deletion, names the content and its digest, and tells the author."""
    decision = History().content(content_hit())
    assert decision.outcome is Outcome.ORDERED
    assert types(decision) == [OrderType.DELETE_CONTENT, OrderType.NOTIFY]
    for order in decision.orders:
        assert (order.account_id, order.content_id, order.content_digest) == ("a-1", "c-1", A)
        assert [ground.category for ground in order.grounds] == ["gambling"]
        assert order.reason.zh
        assert order.reason.en
        assert order.automated
        assert (order.reverses, order.reverses_type, order.directive_id) == (None, None, None)
        assert order.issued_at == NOW.isoformat()


def test_a_listed_party_is_suspended_restricted_and_told():
    """Sanctions at enforce give three orders on the account and one notice of all three, and no content."""
    decision = History().registration(name_hit())
    assert types(decision) == SANCTIONED
    assert all(order.content_id is None and order.content_digest is None for order in decision.orders)
    assert decision.orders[-1].notice.orders == tuple(SANCTIONED[:-1])


@pytest.mark.parametrize("hits", [(), (content_hit(severity=1),), (content_hit(ceiling=Ceiling.EVIDENCE),)])
def test_clear_orders_nothing_and_asks_nobody(hits):
    """A clear result is noted."""
    decision = History().content(*hits)
    assert (decision.outcome, decision.orders, cases(decision)) == (Outcome.NOTED, (), [])


def test_review_asks_a_person_and_orders_nothing():
    """A result that is unsure opens a case."""
    decision = History().content(content_hit(severity=2))
    assert (decision.outcome, decision.orders, cases(decision)) == (Outcome.REVIEW, (), ["result"])


def test_names_follow_the_contract():
    """Orders are named by type, account, target and last closed order; decision by cause and orders; notice by both."""
    content = History().content(content_hit())
    deletion = order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", A, "")
    decision_id = decision_name("a-1", A, [deletion])
    assert ids(content) == [deletion, notice_name(OrderType.NOTIFY, "inbox", decision_id)]
    assert {order.decision_id for order in content.orders} == {decision_id}
    account = History().registration(name_hit())
    named = [order_name(order_type, "a-1", "", "", "") for order_type in SANCTIONED[:-1]]
    decision_id = decision_name("a-1", A, sorted(named))
    assert ids(account) == [*named, notice_name(OrderType.NOTIFY, "inbox", decision_id)]
    assert {order.decision_id for order in account.orders} == {decision_id}


def test_an_undoing_is_named_by_what_it_reverses():
    """A lift is over the reversed id alone, its decision over what caused it."""
    history = History()
    deletion = ids(history.content(content_hit()))[0]
    lifted = history.content_rescreened(version="2")
    assert ids(lifted)[0] == undoing_name(deletion)
    assert lifted.orders[0].decision_id == decision_name("a-1", A, [undoing_name(deletion)])
    by_person = History()
    by_person.content(content_hit())
    said = by_person.lift(deletion)
    assert ids(said)[0] == undoing_name(deletion)
    assert said.orders[0].decision_id == decision_name("a-1", "d-1", [undoing_name(deletion)])


def test_versions_offsets_clock_and_grounds_never_enter_a_name():
    """The same input ordered elsewhere, later, by other versions on other grounds, has the same names."""
    first = History()
    other = History(offset=1000, activation=77, epoch="another", now=NOW + timedelta(days=400))
    left = first.content(content_hit("gambling"), version="1")
    right = other.content(content_hit("gore", score=0.93, start=9), content_hit("pornography"), version="2")
    assert ids(left) == ids(right)
    left = first.registration(name_hit(), version="1")
    right = other.registration(name_hit("sanctioned-affiliate", entry="9"), version="2")
    assert ids(left) == ids(right)


def test_one_decision_gives_one_notice_for_each_channel():
    """Notices are over (type, channel, decision): one on each channel of the policy, all about the same orders."""
    policy = shipped_policy()
    channels = (Channel.INBOX, Channel.SMS)
    history = History(policy=_replaced(policy, channels=channels))
    decision = history.registration(name_hit())
    notices = [order for order in decision.orders if order.type is OrderType.NOTIFY]
    assert [order.channel for order in notices] == list(channels)
    assert [order.action_id for order in notices] == [
        notice_name(OrderType.NOTIFY, channel.value, notices[0].decision_id) for channel in channels
    ]
    assert len({order.decision_id for order in decision.orders}) == 1


def test_lifts_are_told_where_the_policy_says_so():
    """A lift has a notice of its own, unless the policy leaves lifts untold."""
    for lifts, expected in (
        (True, [OrderType.RESTORE_CONTENT, OrderType.NOTIFY]),
        (False, [OrderType.RESTORE_CONTENT]),
    ):
        history = History(policy=_replaced(shipped_policy(), lifts=lifts))
        target = ids(history.content(content_hit()))[0]
        assert types(history.lift(target)) == expected


def _replaced(policy, **notices):
    return dataclasses.replace(policy, notices=dataclasses.replace(policy.notices, **notices))


# Rule 1: superseded


@pytest.mark.parametrize(("offset", "activation"), [(4, 9), (5, 2), (5, 1), (0, 0)])
def test_what_is_not_newer_is_superseded(offset, activation):
    """A result at or before the place and activation last applied orders nothing and changes nothing."""
    history = History()
    history.decide(content_result(offset=5, activation=2))
    decision = history.decide(content_result(content_hit(), text="B", offset=offset, activation=activation))
    assert (decision.outcome, decision.orders, decision.changes) == (Outcome.SUPERSEDED, (), ())


@pytest.mark.parametrize(("offset", "activation"), [(6, 0), (6, 2), (5, 3)])
def test_what_is_newer_is_applied(offset, activation):
    """A later place counts whatever its activation, and at the same place the later activation counts."""
    history = History()
    history.decide(content_result(offset=5, activation=2))
    decision = history.decide(content_result(content_hit(), version="2", offset=offset, activation=activation))
    assert decision.outcome is Outcome.ORDERED


def test_offsets_of_another_history_are_not_compared():
    """After a new epoch the first result counts, however low its offset."""
    history = History()
    history.decide(content_result(offset=500, activation=9))
    history.epoch = "e-2"
    assert history.decide(content_result(content_hit(), text="B", offset=0)).outcome is Outcome.ORDERED
    assert history.decide(content_result(text="C", offset=0)).outcome is Outcome.SUPERSEDED


def test_a_subject_is_superseded_by_itself_alone():
    """Another content's place, and the registration's, say nothing about this content."""
    history = History()
    history.decide(content_result(id="c-2", offset=90))
    history.decide(registration_result(offset=95))
    assert history.decide(content_result(content_hit(), offset=1)).outcome is Outcome.ORDERED
    content = SubjectKey("content", "a-1")
    assert content not in history.standing.marks, "a content named like its account is another subject"


def test_a_deletion_is_not_undone_by_an_earlier_text():
    """A re-screening of what stood before a deletion is superseded by it."""
    history = History()
    history.decide(content_result(offset=1))
    history.decide(content_result(ended=True, offset=2))
    late = history.decide(content_result(content_hit(), version="2", offset=1, activation=50))
    assert late.outcome is Outcome.SUPERSEDED


# Rule 2: repeats


def test_the_same_text_again_is_no_news():
    """The same input under the same versions at a later place orders nothing, but the place counts from then on."""
    history = History()
    history.content(content_hit())
    again = history.content(content_hit())
    assert (again.outcome, again.orders) == (Outcome.REPEATED, ())
    assert history.decide(content_result(text="B", offset=history.offset)).outcome is Outcome.SUPERSEDED


def test_a_repeat_after_a_lift_is_no_news_either():
    """What a person or the clock lifted is not ordered again because the same text came again."""
    for name in ("lift", "expire"):
        history = History()
        target = ids(history.content(content_hit()))[0]
        getattr(history, name)(target)
        assert history.content(content_hit()).outcome is Outcome.REPEATED


def test_the_same_evidence_under_new_versions_orders_nothing_new():
    """While an order stands, a new version that finds the same keeps it, and gives no second notice."""
    history = History()
    first = history.content(content_hit())
    again = history.content_rescreened(content_hit(), version="2")
    assert (again.outcome, again.orders) == (Outcome.NOTED, ())
    assert list(history.standing.open) == [ids(first)[0]]


def test_a_restored_text_is_news():
    """A text that comes back after another one in between is judged anew, and its order has a new name."""
    history = History()
    first = history.content(content_hit(), text="A")
    history.content(text="B")
    third = history.content(content_hit(), text="A")
    assert third.outcome is Outcome.ORDERED
    assert not set(ids(first)) & set(ids(third))


# Rule 3: what a machine lifts


def test_a_clear_result_for_the_very_input_lifts():
    """When a list or lexicon changes and the same input is clear, its order is undone, and says which."""
    history = History()
    deletion = history.content(content_hit()).orders[0]
    lifted = history.content_rescreened(version="2")
    assert lifted.outcome is Outcome.LIFTED
    assert types(lifted) == [OrderType.RESTORE_CONTENT, OrderType.NOTIFY]
    restoration = lifted.orders[0]
    assert (restoration.reverses, restoration.reverses_type) == (deletion.action_id, OrderType.DELETE_CONTENT)
    assert (restoration.content_id, restoration.content_digest) == ("c-1", A)
    assert restoration.automated
    assert closings(lifted) == ["lift"]
    assert history.standing.open == {}


def test_every_order_on_an_account_is_lifted_by_one_of_its_own():
    """Three orders need three lifts, and one notice tells them."""
    history = History()
    given = history.registration(name_hit()).orders[:-1]
    lifted = history.registration_rescreened(version="2")
    assert types(lifted) == [OrderType.LIFT] * 3 + [OrderType.NOTIFY]
    reversed_ids = {order.reverses: order.reverses_type for order in lifted.orders[:-1]}
    assert reversed_ids == {order.action_id: order.type for order in given}


def test_review_of_the_same_input_lifts_nothing():
    """Only clear lifts: where the new version is unsure a person is asked and the order stands."""
    history = History()
    history.content(content_hit())
    unsure = history.content_rescreened(content_hit(severity=2), version="2")
    assert (unsure.outcome, unsure.orders, cases(unsure)) == (Outcome.REVIEW, (), ["result"])
    assert len(history.standing.open) == 1


@pytest.mark.parametrize("hits", [(), (name_hit(),)])
def test_nobody_is_asked_any_more_about_what_is_unsure_no_longer(hits):
    """Judged again as clear, or as certain, an input needs no answer; judged again as unsure, it still does."""
    history = History()
    unsure = name_hit(corroborated=False)
    assert cases(history.registration(unsure)) == ["result"]
    still = history.registration_rescreened(unsure, version="2")
    assert (cases(still), closed_cases(still)) == (["result"], [])
    sure = history.registration_rescreened(*hits, version="3")
    assert (cases(sure), closed_cases(sure)) == ([], [("result", digest_of("A"))])


def closed_cases(decision) -> list[tuple[str, str]]:
    return [(change.reason, change.digest) for change in decision.changes if isinstance(change, CaseClosed)]


def test_an_edit_that_would_clear_asks_a_person():
    """A subject cannot free itself by an edit: another digest that is clear lifts nothing and opens a case."""
    history = History()
    history.registration(name_hit(), text="A")
    edited = history.registration(text="B")
    assert (edited.outcome, edited.orders, cases(edited)) == (Outcome.REVIEW, (), ["edited"])
    assert len(history.standing.open) == 3
    later = history.registration_rescreened(text="B", version="2")
    assert (later.orders, cases(later)) == ((), ["edited"])


def test_the_newest_input_that_calls_for_an_order_is_the_one_it_cites():
    """After an edit that still calls for the order, a clear result for the edit lifts, and one for the older never."""
    history = History()
    history.registration(name_hit(), text="A")
    kept = history.registration(name_hit(), text="B")
    assert (kept.outcome, kept.orders) == (Outcome.NOTED, ())
    assert [cause.digest for order in history.standing.open.values() for cause in order.causes] == [B] * 3
    assert types(history.registration_rescreened(text="B", version="2")) == [OrderType.LIFT] * 3 + [OrderType.NOTIFY]


def test_nothing_is_lifted_while_another_cause_stands():
    """A suspension for a registration and a content ends with the last of the two, whichever that is."""
    for last in ("content", "registration"):
        history = History(policy=suspending_policy())
        history.registration(name_hit())
        joined = history.content(content_hit())
        assert types(joined) == [OrderType.DELETE_CONTENT, OrderType.NOTIFY], "the suspension stands already"
        steps = [history.registration_rescreened, history.content_rescreened]
        first, second = steps if last == "content" else reversed(steps)
        lifted = [order.reverses_type for order in first(version="2").orders]
        assert OrderType.SUSPEND_SERVICE not in lifted
        lifted = [order.reverses_type for order in second(version="2").orders]
        assert OrderType.SUSPEND_SERVICE in lifted
        assert history.standing.open == {}


def test_a_clear_result_lifts_only_what_its_own_subject_caused():
    """A registration that is clear does not restore a content, nor one content another."""
    history = History()
    history.registration(name_hit())
    history.content(content_hit(), id="c-1")
    history.content(content_hit(), id="c-2")
    lifted = history.content_rescreened(id="c-1", version="2")
    assert [order.content_id for order in lifted.orders if order.reverses] == ["c-1"]
    assert sorted(order.type for order in history.standing.open.values()) == sorted(
        [*SANCTIONED[:-1], OrderType.DELETE_CONTENT]
    )


def test_a_lift_says_which_result_caused_it_and_quotes_nothing():
    """A lift names the clear result; it carries the grounds of what it reverses and no evidence."""
    history = History()
    deletion = history.content(content_hit()).orders[0]
    lift = history.content_rescreened(version="2").orders[0]
    result = content_result(version="2")
    assert (lift.result_id, lift.directive_id) == (result.result_id, None)
    assert (lift.grounds, lift.evidence) == (deletion.grounds, ())


# Rule 4: revisions, deletions, erasures


def test_a_newer_revision_closes_the_order_on_the_older():
    """An edit closes what stood on the old text without undoing it; what the new text calls for is a new order."""
    history = History()
    first = history.content(content_hit(), text="A")
    second = history.content(content_hit(), text="B")
    assert closings(second) == ["revision"]
    assert types(second) == [OrderType.DELETE_CONTENT, OrderType.NOTIFY]
    assert second.orders[0].content_digest == B
    assert list(history.standing.open) == [ids(second)[0]]
    assert ids(second)[0] == order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", B, ids(first)[0])


def test_a_clean_new_revision_restores_nothing_and_asks_a_person():
    """What was deleted stays deleted when its author edits it: a person looks at the edit."""
    history = History()
    history.content(content_hit(), text="A")
    edited = history.content(text="B")
    assert (edited.outcome, edited.orders, cases(edited)) == (Outcome.REVIEW, (), ["edited"])
    assert closings(edited) == ["revision"]
    rescreened = history.content_rescreened(text="B", version="2")
    assert (rescreened.orders, cases(rescreened)) == ((), []), "the order is closed: nothing is left to ask about"


def test_a_deletion_closes_without_undoing():
    """When the author deletes the content, its order is closed and nobody is told anything."""
    history = History()
    history.content(content_hit())
    ended = history.content(ended=True)
    assert (ended.outcome, ended.orders, closings(ended)) == (Outcome.NOTED, (), ["deletion"])
    assert history.standing.open == {}
    again = history.content(ended=True)
    assert (again.orders, closings(again)) == ((), [])


def test_delete_restore_delete_again_are_three_names():
    """An order, its restoration and the next order on the same text have different names, and so on for ever."""
    history = History()
    seen = [*ids(history.content(content_hit()))]
    for version in range(2, 12):
        found = () if version % 2 == 0 else (content_hit(),)
        seen += ids(history.content_rescreened(*found, version=str(version)))
    assert len(history.orders) == 22
    assert len(set(seen)) == 22


def test_publishing_again_after_a_deletion_is_a_new_order():
    """The same text under the same id, published again after its deletion, is deleted under a new name."""
    history = History()
    first = history.content(content_hit())
    history.content(ended=True)
    again = history.content(content_hit())
    assert types(again) == types(first)
    assert not set(ids(first)) & set(ids(again))


def test_an_erasure_closes_the_orders_on_the_registration():
    """An erased registration has nothing standing; registering the same again is ordered under new names."""
    history = History()
    first = history.registration(name_hit())
    erased = history.registration(ended=True)
    assert (erased.orders, closings(erased)) == ((), ["deletion"] * 3)
    again = history.registration(name_hit())
    assert types(again) == SANCTIONED
    assert not set(ids(first)) & set(ids(again))


def test_a_registration_does_not_revise_a_content_of_the_same_name():
    """A content whose id is that of its account is closed neither by a registration nor by an erasure."""
    history = History()
    history.content(content_hit(), id="a-1")
    history.registration(text="B")
    history.registration(ended=True)
    assert [order.content_id for order in history.standing.open.values()] == ["a-1"]


def test_an_erasure_leaves_what_a_content_called_for():
    """A suspension that a content calls for as well goes on after the erasure, for that content alone."""
    history = History(policy=suspending_policy())
    history.content(content_hit())
    history.registration(name_hit())
    history.registration(ended=True)
    [suspension] = [order for order in history.standing.open.values() if order.type is OrderType.SUSPEND_SERVICE]
    assert [cause.key.subject for cause in suspension.causes] == ["content"]


@pytest.mark.parametrize("registered_first", [True, False])
def test_deleting_a_content_does_not_free_the_account(registered_first):
    """An author who deletes what called for a suspension stays suspended, whatever else clears before or after."""
    history = History(policy=suspending_policy())
    history.registration(name_hit())
    history.content(content_hit())
    if registered_first:
        history.registration_rescreened(version="2")
        history.content(ended=True)
    else:
        history.content(ended=True)
        history.registration_rescreened(version="2")
    assert [order.type for order in history.standing.open.values()] == [OrderType.SUSPEND_SERVICE]
    assert not [order for order in history.orders if order.reverses_type is OrderType.SUSPEND_SERVICE]


# Rule 5: what a person lifted


def test_what_a_person_lifted_is_not_ordered_again_on_the_same_evidence():
    """New versions that find the same words in the same text order nothing again, now or later."""
    history = History()
    target = ids(history.content(content_hit()))[0]
    lifted = history.lift(target)
    assert lifted.outcome is Outcome.LIFTED
    assert not lifted.orders[0].automated
    for version in ("2", "3"):
        decision = history.content_rescreened(content_hit(score=0.95), version=version)
        assert (decision.outcome, decision.orders) == (Outcome.NOTED, ())


def test_new_evidence_in_the_same_text_orders_again():
    """A person judged what was found then; what is found besides is a new reason."""
    history = History()
    first = history.content(content_hit("gambling"))
    history.lift(ids(first)[0])
    again = history.content_rescreened(content_hit("gambling"), content_hit("gore"), version="2")
    assert types(again) == [OrderType.DELETE_CONTENT, OrderType.NOTIFY]
    assert not set(ids(first)) & set(ids(again))
    history.lift(ids(again)[0])
    only_new = history.content_rescreened(content_hit("gore"), version="3")
    assert (only_new.outcome, only_new.orders) == (Outcome.NOTED, ()), "both were judged by now"


def test_less_evidence_in_the_same_text_orders_nothing():
    """Part of what a person has judged is no new reason."""
    history = History()
    first = history.content(content_hit("gambling"), content_hit("gore"))
    history.lift(ids(first)[0])
    assert history.content_rescreened(content_hit("gore"), version="2").orders == ()


def test_a_pardon_is_for_one_input():
    """Another revision, and another content with the same words, are not pardoned."""
    history = History()
    first = history.content(content_hit(), text="A")
    history.lift(ids(first)[0])
    assert types(history.content(content_hit(), text="B"))[0] is OrderType.DELETE_CONTENT
    assert types(history.content(content_hit(), id="c-2", text="A"))[0] is OrderType.DELETE_CONTENT


def test_a_pardon_outlives_edits_and_deletions():
    """A text that a person has let stand may come back after an edit or a deletion."""
    for between in ({"text": "B"}, {"ended": True}):
        history = History()
        history.lift(ids(history.content(content_hit(), text="A"))[0])
        history.content(**between)
        assert history.content(content_hit(), text="A").orders == ()


def test_a_pardon_is_for_one_order():
    """Lifting the suspension leaves the restrictions, and pardons only the suspension."""
    history = History()
    given = history.registration(name_hit())
    lifted = history.lift(ids(given)[0])
    assert [order.reverses_type for order in lifted.orders if order.reverses] == [OrderType.SUSPEND_SERVICE]
    assert sorted(order.type for order in history.standing.open.values()) == sorted(SANCTIONED[1:3])
    assert history.registration_rescreened(name_hit(), version="2").orders == ()
    assert types(history.registration_rescreened(name_hit(), name_hit(entry="2"), version="3")) == [
        OrderType.SUSPEND_SERVICE,
        OrderType.NOTIFY,
    ]


def test_a_pardoned_order_does_not_pardon_its_neighbours():
    """What the clock lifted beside what a person lifted comes back, and only that."""
    history = History()
    given = history.registration(name_hit())
    history.lift(ids(given)[0])
    history.expire(ids(given)[1])
    assert types(history.registration_rescreened(name_hit(), version="2")) == [
        OrderType.RESTRICT_PURCHASES,
        OrderType.NOTIFY,
    ]


def test_what_was_pardoned_does_not_hold_up_another_cause():
    """A suspension lifted for one content, and given for another, ends with the other's clear result."""
    history = History(policy=suspending_policy())
    given = history.content(content_hit(), id="c-1")
    history.lift(ids(given)[types(given).index(OrderType.SUSPEND_SERVICE)])
    assert OrderType.SUSPEND_SERVICE in types(history.content(content_hit(), id="c-2"))
    history.content_rescreened(content_hit(), id="c-1", version="2")
    lifted = history.content_rescreened(id="c-2", version="2")
    assert OrderType.SUSPEND_SERVICE in [order.reverses_type for order in lifted.orders]


def test_going_back_to_what_was_pardoned_asks_a_person():
    """An edit back to what a person had let stand does not free the account by itself: a person is asked."""
    history = History()
    history.lift(ids(history.registration(name_hit(), text="A"))[0])
    history.registration(name_hit(), text="B")
    back = history.registration(name_hit(), text="A")
    assert (back.outcome, back.orders, cases(back)) == (Outcome.REVIEW, (), ["edited"])
    assert OrderType.SUSPEND_SERVICE in [order.type for order in history.standing.open.values()]


def test_what_expired_may_be_ordered_again():
    """Time that has run out undoes an order and pardons nothing."""
    history = History()
    first = history.content(content_hit())
    expired = history.expire(ids(first)[0])
    assert types(expired) == [OrderType.RESTORE_CONTENT, OrderType.NOTIFY]
    assert expired.orders[0].automated
    assert history.standing.pardons == ()
    again = history.content_rescreened(content_hit(), version="2")
    assert types(again) == [OrderType.DELETE_CONTENT, OrderType.NOTIFY]
    assert not set(ids(first)) & set(ids(again))


# Rule 6: decisions and directives


def test_each_order_has_its_own_grounds_evidence_and_notices():
    """Where categories call for different things, an order cites only what called for it, and brings its own notice."""
    history = History(policy=differing_policy())
    found = (content_hit("gambling", quote="赌"), content_hit("gore", quote="血"))
    decision = history.content(*found)
    assert types(decision) == [
        OrderType.DELETE_CONTENT,
        OrderType.RESTRICT_FUNCTIONS,
        OrderType.NOTIFY,
        OrderType.REQUEST_CORRECTION,
    ]
    deletion, restriction = decision.orders[:2]
    assert [ground.category for ground in deletion.grounds] == ["gambling"]
    assert [ground.category for ground in restriction.grounds] == ["gore"]
    assert [shown.quote for shown in deletion.evidence] == ["赌"]
    assert [shown.quote for shown in restriction.evidence] == ["血"]
    history.expire(restriction.action_id)
    assert types(history.content_rescreened(*found, version="2")) == [
        OrderType.RESTRICT_FUNCTIONS,
        OrderType.REQUEST_CORRECTION,
    ]


def test_a_directive_names_itself_on_what_it_undoes():
    """The lift and its notice say which directive called for them, and no result."""
    history = History()
    target = ids(history.content(content_hit()))[0]
    lifted = history.lift(target)
    assert all((order.directive_id, order.result_id) == ("d-1", None) for order in lifted.orders)
    assert {order.decision_id for order in lifted.orders} == {decision_name("a-1", "d-1", [undoing_name(target)])}


@pytest.mark.parametrize("kind", list(DirectiveType))
def test_a_directive_on_what_does_not_stand_changes_nothing(kind):
    """An order that was never given, or stands no longer, cannot be lifted."""
    history = History()
    target = ids(history.content(content_hit()))[0]
    history.content(ended=True)
    for named in (target, "never-given"):
        decision = decide_directive(history.standing, directive(kind, named), policy=history.policy, now=NOW)
        assert (decision.outcome, decision.orders, decision.changes) == (Outcome.NOT_OPEN, (), ())


def test_a_second_lift_finds_nothing():
    """An order is lifted once."""
    history = History()
    target = ids(history.content(content_hit()))[0]
    history.lift(target)
    assert history.lift(target).outcome is Outcome.NOT_OPEN
    assert history.expire(target).outcome is Outcome.NOT_OPEN


def test_a_lifted_order_of_several_leaves_the_next_clear_result_only_the_rest():
    """What a person has lifted already is not lifted again by a machine."""
    history = History()
    given = history.registration(name_hit())
    history.lift(ids(given)[0])
    lifted = history.registration_rescreened(version="2")
    assert {order.reverses for order in lifted.orders if order.reverses} == set(ids(given)[1:3])


def test_one_more_hit_never_weakens_what_is_ordered():
    """A stronger result keeps every order and may add some, but never lifts."""
    history = History()
    history.content(content_hit())
    more = history.content_rescreened(content_hit(), content_hit("gore"), content_hit(severity=2), version="2")
    assert more.orders == ()
    assert closings(more) == []
    assert len(history.standing.open) == 1


def test_an_order_remembers_its_decision_and_evidence():
    """What stands names its decision, its grounds and the evidence keys that a pardon would need."""
    history = History()
    deletion = history.content(content_hit(), content_hit("gore"), content_hit("vulgar", severity=1)).orders[0]
    [standing] = history.standing.open.values()
    assert standing.decision_id == deletion.decision_id
    assert standing.grounds == deletion.grounds
    assert [cause.evidence for cause in standing.causes] == [("gambling/gambling-1", "gore/gore-1")]


def test_evidence_is_named_by_entry_and_by_who_was_found():
    """The same entry at another place or score is the same evidence; another name or list entry is not."""
    assert evidence_keys([content_hit(start=1), content_hit(start=9, score=0.91)]) == ("gambling/gambling-1",)
    found = evidence_keys([name_hit(), name_hit(score=0.91), name_hit(entry="2"), name_hit(queried_name="Other")])
    assert len(found) == 3


def test_a_result_without_a_place_is_older_than_any_that_has_one():
    """A result that says no place is applied first and never overtakes."""
    history = History()
    history.decide(content_result(content_hit(), offset=None, activation=None))
    assert history.decide(content_result(text="B", offset=None, activation=None)).outcome is Outcome.SUPERSEDED
    assert history.decide(content_result(text="B", offset=0, activation=None)).outcome is Outcome.REVIEW


def test_deciding_does_not_change_the_standing_it_was_given():
    """A standing is a value: the same result on the same standing gives the same decision."""
    history = History()
    history.content(content_hit())
    before = history.standing
    copy = msgspec.structs.replace(before, marks=dict(before.marks), open=dict(before.open))
    history.content_rescreened(version="2")
    assert before == copy


def test_a_result_that_names_hits_the_policy_does_not_enforce_orders_nothing():
    """The verdict on the record opens the door; the hits under the policy decide what is ordered."""
    result = msgspec.structs.replace(content_result(content_hit()), hits=(content_hit(severity=2),))
    decision = History().decide(result)
    assert (decision.outcome, decision.orders) == (Outcome.NOTED, ())
