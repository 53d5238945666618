from __future__ import annotations

import msgspec
import pytest

from screening.decisions import ACCOUNT_ORDERS, CONTENT_ORDERS, OrderType
from screening.policy.standing import (
    CaseOpened,
    Cause,
    Closed,
    Mark,
    Marked,
    Opened,
    OpenOrder,
    Pardon,
    Pardoned,
    Recaused,
    Standing,
    SubjectKey,
    Target,
)

KEY = SubjectKey("content", "c-1")
CAUSE = Cause(key=KEY, digest="d", result_id="r-1", evidence=("gambling/1",))
MARK = Mark(key=KEY, epoch="e", offset=3, activation=1, digest="d", result_id="r-1", ended=False)
ORDER = OpenOrder(
    action_id="o-1",
    type=OrderType.DELETE_CONTENT,
    content_id="c-1",
    content_digest="d",
    decision_id="x",
    grounds=(),
    causes=(CAUSE,),
)
EMPTY = Standing(account_id="a-1")


def test_a_mark_replaces_the_one_before():
    """Only the last result of a subject is remembered, and every subject has its own."""
    other = msgspec.structs.replace(MARK, key=SubjectKey("registration", "c-1"))
    later = msgspec.structs.replace(MARK, offset=9)
    after = EMPTY.after([Marked(MARK), Marked(other), Marked(later)])
    assert after.marks == {KEY: later, other.key: other}


def test_an_order_is_opened_recaused_and_closed():
    """An open order takes new causes as they come, and leaves its name as the last closed on its target."""
    opened = EMPTY.after([Opened(ORDER)])
    assert opened.open == {"o-1": ORDER}
    other = msgspec.structs.replace(CAUSE, digest="e")
    recaused = opened.after([Recaused("o-1", (other,))])
    assert recaused.open["o-1"] == msgspec.structs.replace(ORDER, causes=(other,))
    closed = recaused.after([Closed("o-1", ORDER.target, "lift")])
    assert closed.open == {}
    assert closed.last_closed == {Target(OrderType.DELETE_CONTENT, "c-1"): "o-1"}
    again = closed.after([Opened(msgspec.structs.replace(ORDER, action_id="o-2")), Closed("o-2", ORDER.target, "lift")])
    assert again.last_closed == {ORDER.target: "o-2"}


def test_pardons_are_kept_in_their_order():
    """No pardon takes the place of another."""
    one = Pardon(type=OrderType.DELETE_CONTENT, key=KEY, digest="d", evidence=("a",))
    two = msgspec.structs.replace(one, evidence=("b",))
    assert EMPTY.after([Pardoned(one)]).after([Pardoned(two)]).pardons == (one, two)


def test_changes_apply_in_their_order():
    """What one decision opens, the same decision's later change may touch; a case changes nothing here."""
    case = CaseOpened(key=KEY, digest="d", result_id="r-1", reason="result")
    after = EMPTY.after([Opened(ORDER), case, Closed("o-1", ORDER.target, "deletion"), Marked(MARK)])
    assert (after.open, after.last_closed, after.marks) == ({}, {ORDER.target: "o-1"}, {KEY: MARK})
    assert after.account_id == "a-1"


def test_a_standing_stays_as_it_is():
    """`after` makes another value and leaves the one it was asked of alone."""
    opened = EMPTY.after([Opened(ORDER), Marked(MARK)])
    opened.after(
        [Closed("o-1", ORDER.target, "lift"), Pardoned(Pardon(type=ORDER.type, key=KEY, digest="d", evidence=()))]
    )
    assert opened == Standing(account_id="a-1", open={"o-1": ORDER}, marks={KEY: MARK})
    assert Standing(account_id="a-1") == EMPTY, "the empty standing's mappings are shared with nobody"


def test_a_partial_standing_takes_a_closing_it_does_not_hold():
    """Closing an order that was not loaded still leaves its name behind."""
    assert EMPTY.after([Closed("o-9", ORDER.target, "revision")]).last_closed == {ORDER.target: "o-9"}


@pytest.mark.parametrize("order_type", sorted(CONTENT_ORDERS | ACCOUNT_ORDERS))
def test_orders_on_an_account_have_one_target_whatever_calls_for_them(order_type):
    """A deletion falls on its content; whatever falls on the account is one target for contents and registration."""
    content, registration = Target.of(order_type, KEY), Target.of(order_type, SubjectKey("registration", "a-1"))
    if order_type in CONTENT_ORDERS:
        assert content == Target(order_type, "c-1")
    else:
        assert content == registration == Target(order_type, "")
    named = msgspec.structs.replace(ORDER, type=order_type, content_id=content.content_id)
    assert named.target == content


@pytest.mark.parametrize(
    "value", [MARK, ORDER, Pardon(type=OrderType.SUSPEND_SERVICE, key=KEY, digest="d", evidence=("赌",))]
)
def test_what_is_remembered_survives_the_ledger(value):
    """Marks, open orders and pardons come back from their bytes as they were."""
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value
