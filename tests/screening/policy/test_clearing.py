from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from histories import NOW, History, cases, ids, registration_result, suspending_policy, types
from hypothesis import given
from hypothesis import strategies as st
from rulebook import content_hit, name_hit, step

from screening.decisions import OrderType
from screening.policy.enforce import Outcome
from screening.policy.standing import CaseClosed, Closed, Uncleared, registration_of

if TYPE_CHECKING:
    from screening.evidence import NameHit

ORDERED = [OrderType.SUSPEND_SERVICE, OrderType.RESTRICT_PURCHASES, OrderType.RESTRICT_RENEWALS, OrderType.NOTIFY]
LIFTED = [OrderType.LIFT, OrderType.LIFT, OrderType.LIFT, OrderType.NOTIFY]
LATER = (NOW + timedelta(days=30)).isoformat()


def closed_cases(decision) -> set[str]:
    return {change.reason for change in decision.changes if isinstance(change, CaseClosed)}


def owner(entry: str, percent: float, place: str) -> NameHit:
    return name_hit("sanctioned-affiliate", entry=entry, path=(step(place, percent),), queried_name=f"Owner {entry}")


def test_clearing_lifts_what_stood_for_the_pair_alone():
    """Orders whose only cause is the pair are lifted as a person's decision, and nobody is asked about it any more."""
    history = History()
    history.registration(name_hit())
    decision = history.clear()
    assert (decision.outcome, types(decision)) == (Outcome.LIFTED, LIFTED)
    assert not any(order.automated for order in decision.orders)
    assert {order.directive_id for order in decision.orders} == {"d-1"}
    assert closed_cases(decision) == {"result", "edited"}
    assert history.standing.open == {}


def test_a_cleared_pair_stays_cleared_while_it_is_the_same():
    """The same again, an edit of what is not compared and a newer list order nothing and ask nobody."""
    history = History()
    history.registration(name_hit())
    history.clear()
    again = [
        history.registration(name_hit(), text="another address"),
        history.registration_rescreened(name_hit(), text="another address", version="2"),
        history.registration(name_hit(score=0.93), text="A", version="3"),
    ]
    assert [(decision.outcome, decision.orders, cases(decision)) for decision in again] == [(Outcome.NOTED, (), [])] * 3


@pytest.mark.parametrize(
    "changed",
    [
        name_hit(compared="another birth date"),
        name_hit(listed_name="INVENTED, Ivan Ivanovich"),
        name_hit(entry="2"),
        name_hit("sanctioned-affiliate"),
    ],
)
def test_what_changed_on_either_side_counts_again(changed: NameHit):
    """Another field compared, another listed name, another entry, another party: each is a new comparison."""
    history = History()
    history.registration(name_hit())
    history.clear()
    assert types(history.registration(changed, text="B")) == ORDERED


def test_a_clearance_holds_for_what_was_compared_then_again():
    """An edit there and back, or a list rolled back, brings back what the person judged."""
    history = History()
    history.registration(name_hit(corroborated=False))
    history.clear()
    assert cases(history.registration(name_hit(corroborated=False, compared="x"), text="B")) == ["result"]
    assert cases(history.registration(name_hit(corroborated=False), text="A")) == []


def test_a_case_closes_and_does_not_open_again():
    """Where a name alone asked a person, clearing answers it; the next version asks nobody."""
    history = History()
    assert cases(history.registration(name_hit(corroborated=False))) == ["result"]
    decision = history.clear()
    assert (decision.outcome, decision.orders, closed_cases(decision)) == (Outcome.CLEARED, (), {"result", "edited"})
    assert cases(history.registration_rescreened(name_hit(corroborated=False), version="2")) == []


def test_another_entry_keeps_its_orders():
    """Of two entries that call for the same, clearing one leaves the order standing for the other."""
    history = History()
    history.registration(name_hit(), name_hit(entry="2"))
    decision = history.clear()
    assert (decision.outcome, decision.orders) == (Outcome.CLEARED, ())
    assert closed_cases(decision) == set()
    assert {cause.pairs for order in history.standing.open.values() for cause in order.causes} == {("sample/2",)}
    assert types(history.clear("sample/2")) == LIFTED


def test_what_was_less_than_the_cleared_pair_is_asked_about():
    """A name alone stood in the shade of an order; once that is lifted a person is asked about it."""
    history = History()
    history.registration(name_hit(), name_hit(entry="2", corroborated=False))
    decision = history.clear()
    assert (types(decision), cases(decision)) == (LIFTED, ["result"])


def test_one_owner_cleared_leaves_the_other_too_little():
    """Two owners of thirty each order together; without one the other's thirty are for a person."""
    history = History()
    assert types(history.registration(owner("1", 30.0, "affiliates[0]"), owner("2", 30.0, "affiliates[1]"))) == ORDERED
    decision = history.clear()
    assert (types(decision), cases(decision)) == (LIFTED, ["result"])


def test_an_order_for_another_cause_stands_though_the_newest_result_weighs_it_less():
    """Clearing an entry never lifts what stands for another, also where a newer version only asks about that."""
    history = History()
    history.registration(name_hit())
    history.registration_rescreened(name_hit(corroborated=False), name_hit(entry="2", corroborated=False), version="2")
    decision = history.clear("sample/2")
    assert (decision.outcome, decision.orders) == (Outcome.CLEARED, ())
    assert len(history.standing.open) == 3


def test_an_order_on_an_earlier_input_is_lifted_with_its_pair():
    """An edit that hides the birth date leaves the order standing; the person who clears the pair lifts it."""
    history = History()
    history.registration(name_hit())
    assert cases(history.registration(name_hit(corroborated=False, compared="no date"), text="B")) == ["result"]
    assert types(history.clear()) == LIFTED


def test_taking_back_orders_anew():
    """Without the clearance the last result leads to what it led to, under new ids, named after the directive."""
    history = History()
    given_ = ids(history.registration(name_hit()))
    history.clear()
    decision = history.unclear()
    assert (decision.outcome, types(decision)) == (Outcome.ORDERED, ORDERED)
    assert not set(ids(decision)) & set(given_)
    assert {(order.directive_id, order.automated) for order in decision.orders} == {("d-2", True)}
    assert {order.result_id for order in decision.orders} == {registration_result(name_hit()).result_id}
    assert history.unclear().outcome is Outcome.NOT_OPEN


def test_taking_back_asks_where_it_asked():
    """Where the pair had only asked a person, it asks again."""
    history = History()
    history.registration(name_hit(corroborated=False))
    history.clear()
    decision = history.unclear()
    assert (decision.outcome, cases(decision)) == (Outcome.REVIEW, ["result"])


def test_taking_back_what_is_met_no_longer_does_nothing():
    """Once the entry is off the list, there is nothing to order."""
    history = History()
    history.registration(name_hit())
    history.clear()
    history.registration_rescreened(version="2")
    assert (history.unclear().outcome, history.standing.clearances) == (Outcome.NOTED, {})


def test_a_clearance_runs_out_by_the_time_of_the_record():
    """Even the very same result counts again once it comes after the end; time of deciding plays no part."""
    history = History()
    history.registration(name_hit())
    history.clear(expires_at=LATER)
    history.at = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert history.registration(name_hit()).outcome is Outcome.REPEATED
    history.at = NOW + timedelta(days=30)
    decision = history.registration(name_hit())
    assert types(decision) == ORDERED
    assert Uncleared("sample/1") in decision.changes


def test_the_clock_ends_a_clearance():
    """What the clock says needs no new result, and a second time it is no news."""
    history = History()
    history.registration(name_hit())
    history.clear(expires_at=LATER)
    assert types(history.expire("sample/1")) == ORDERED
    again = history.expire("sample/1")
    assert (again.outcome, again.orders, again.changes) == (Outcome.NOTED, (), ())


def test_what_has_run_out_already_clears_nothing():
    """A clearance that comes after its own end is refused."""
    history = History()
    history.registration(name_hit())
    assert history.clear(expires_at=NOW.isoformat()).outcome is Outcome.NOT_OPEN


@pytest.mark.parametrize("hits", [(), (name_hit(entry="2"),), (name_hit(score=0.5),)])
def test_only_what_asks_for_something_can_be_cleared(hits: tuple[NameHit, ...]):
    """An entry that the last result did not meet, or met below review, is refused and not remembered."""
    history = History()
    assert history.clear().outcome is Outcome.NOT_OPEN
    history.registration(*hits)
    assert history.clear().outcome is Outcome.NOT_OPEN
    assert history.standing.clearances == {}


def test_who_registers_anew_is_judged_anew():
    """An erasure ends what was cleared."""
    history = History()
    history.registration(name_hit())
    history.clear()
    history.registration(ended=True)
    assert history.standing.clearances == {}
    assert types(history.registration(name_hit())) == ORDERED


def test_clearing_again_replaces_what_was_cleared():
    """A person may look again at a pair that changed; the newest word holds."""
    history = History()
    history.registration(name_hit())
    history.clear()
    history.registration(name_hit(compared="B"), text="B")
    assert types(history.clear(expires_at=LATER)) == LIFTED
    (clearance,) = history.standing.clearances.values()
    assert (clearance.expires_at, len(clearance.compared)) == (LATER, 1)


def test_a_mark_keeps_only_what_leads_to_something():
    """What stands in the ledger for it is bounded by what a person must see; of a clean registration it is nothing."""
    history = History()
    history.registration(name_hit(), name_hit(entry="2", score=0.5))
    mark = history.standing.marks[registration_of("a-1")]
    assert [hit.entry for hit in mark.hits] == ["1"]
    history.registration(name_hit(score=0.5), text="B")
    mark = history.standing.marks[registration_of("a-1")]
    assert (mark.hits, mark.policy) == ((), "")


def test_an_order_of_several_subjects_stands_for_the_others():
    """A clearance takes the registration's cause away and leaves a content's."""
    history = History(policy=suspending_policy())
    history.registration(name_hit())
    history.content(content_hit())
    decision = history.clear()
    suspended = [order for order in history.standing.open.values() if order.type is OrderType.SUSPEND_SERVICE]
    assert [cause.key.subject for order in suspended for cause in order.causes] == ["content"]
    assert len([change for change in decision.changes if isinstance(change, Closed)]) == 2


def test_what_called_for_nothing_without_the_cleared_pair_is_no_cause_any_more():
    """An owner who held too little alone, and counted beside the one who is cleared, is not left as a reason."""
    history = History()
    history.registration(name_hit(), owner("2", 0.0, "p"), owner("3", 50.0, "p"))
    history.clear("sample/3")
    assert {cause.pairs for order in history.standing.open.values() for cause in order.causes} == {("sample/1",)}


ENTRIES = ("1", "2", "3")
single = st.builds(
    lambda entry, corroborated, score: name_hit(entry=entry, corroborated=corroborated, score=score),
    st.sampled_from(ENTRIES),
    st.booleans(),
    st.sampled_from([0.5, 0.85, 0.97]),
)
owners = st.builds(owner, st.sampled_from(ENTRIES), st.integers(0, 100).map(float), st.sampled_from(["p", "q"]))


@given(hits=st.lists(single | owners, max_size=5), cleared=st.sampled_from(ENTRIES), edited=st.booleans())
def test_a_cleared_pair_leaves_every_other_as_if_it_had_not_been_found(hits, cleared: str, *, edited: bool):
    """Whatever else is found: after clearing, orders stand and people are asked as if that entry were not there."""
    others = [hit for hit in hits if hit.entry != cleared]
    with_it, without_it = History(), History()
    with_it.registration(*hits)
    if with_it.clear(f"sample/{cleared}").outcome is Outcome.NOT_OPEN:
        return
    if edited:
        with_it.registration(*hits, text="B", version="2")
    without_it.registration(*others, text="B" if edited else "A", version="2")

    def stands(history: History) -> set[tuple[OrderType, tuple[tuple[str, ...], ...]]]:
        return {(order.type, tuple(cause.pairs for cause in order.causes)) for order in history.standing.open.values()}

    assert stands(with_it) == stands(without_it)
    last_with, last_without = with_it.decisions[-1], without_it.decisions[-1]
    assert cases(last_with) == cases(last_without)
