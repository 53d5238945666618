from __future__ import annotations

import itertools
import json
import uuid

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions import (
    ACCOUNT_ORDERS,
    CONTENT_ORDERS,
    NAMESPACE,
    NOTICES,
    PEOPLE_ONLY,
    UNDOINGS,
    Channel,
    OrderType,
    Verdict,
    Versions,
    decision_name,
    notice_name,
    order_name,
    result_name,
    strongest,
    undoing_name,
)

VERSIONS = Versions(engine="1", policy="p", lexicon="l")


def test_names_never_change():
    """These names are with people downstream, who drop repeats by them for ever."""
    deletion = order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", "d", "")
    decision = decision_name("a-1", "d", [deletion])
    assert str(NAMESPACE) == "75895481-b368-514c-b74e-5f469de0e744"
    assert deletion == "77686553-820e-5563-ae24-5041f34c321d"
    assert undoing_name(deletion) == "1089bd39-b6f6-5c24-ab8a-667ff58585f5"
    assert decision == "3afdbede-872d-5131-80f3-659b23a82434"
    assert notice_name(OrderType.NOTIFY, "inbox", decision) == "885f298f-49e0-5001-89f3-97426777fe0b"
    assert result_name("content", "a-1", "c-1", "d", VERSIONS) == "4d91643d-0248-56c1-8215-be99a5a07c72"


def test_each_part_of_a_name_matters():
    """Another type, account, content, digest or last closed order is another order."""
    parts = ("a", "c", "d", "l")
    names = {order_name(OrderType.DELETE_CONTENT, *parts), order_name(OrderType.SUSPEND_SERVICE, *parts)}
    for place in range(4):
        changed = [*parts]
        changed[place] = "other"
        names.add(order_name(OrderType.DELETE_CONTENT, *changed))
    assert len(names) == 6


def test_names_are_what_the_standard_library_makes_of_them():
    """A name is the UUIDv5 of its parts as JSON, as RFC 9562 has it."""
    parts = ["result", "content", "a-1", "内容", "d", VERSIONS.engine, VERSIONS.policy, VERSIONS.lexicon or "", ""]
    written = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    assert result_name("content", "a-1", "内容", "d", VERSIONS) == str(uuid.uuid5(NAMESPACE, written))


def test_each_part_of_a_result_name_matters():
    """Another subject, input, engine, policy, lexicon or watchlist is another result."""
    names = {
        result_name(*parts, VERSIONS) for parts in itertools.product(["content", "registration"], "ab", "cd", "ef")
    }
    for field in ("engine", "policy", "lexicon", "watchlist"):
        names.add(result_name("content", "a", "c", "e", msgspec.structs.replace(VERSIONS, **{field: "other"})))
    assert len(names) == 20


@given(left=st.tuples(*[st.text(max_size=4)] * 4), right=st.tuples(*[st.text(max_size=4)] * 4))
def test_no_two_orders_share_a_name(left, right):
    """Parts never run into each other, whatever quotes, commas or separators they hold."""
    same = order_name(OrderType.FREEZE_FUNDS, *left) == order_name(OrderType.FREEZE_FUNDS, *right)
    assert same == (left == right)


@given(ids=st.lists(st.uuids().map(str), max_size=6), data=st.data())
def test_a_decision_is_named_whatever_the_order_of_its_orders(ids, data):
    """The ids of a decision's orders are sorted before they enter."""
    assert decision_name("a", "d", data.draw(st.permutations(ids))) == decision_name("a", "d", ids)
    assert decision_name("a", "d", iter(ids)) == decision_name("a", "d", ids)


def test_notices_differ_by_type_channel_and_decision():
    """Each channel's notice of each decision has a name of its own."""
    types = (*NOTICES, OrderType.REPORT_TO_AUTHORITY)
    names = {notice_name(kind, channel, name) for kind in types for channel in Channel for name in "12"}
    assert len(names) == 3 * len(Channel) * 2


@given(st.lists(st.sampled_from(Verdict)))
def test_the_strongest_verdict_is_in_the_list(verdicts):
    """The strongest of some verdicts is one of them that none outranks; of none it is clear."""
    found = strongest(verdicts)
    assert found in (verdicts or [Verdict.CLEAR])
    assert all(verdict.rank <= found.rank for verdict in verdicts)


def test_verdicts_rank_in_the_order_they_are_written():
    """Weakest first, strictly."""
    assert [verdict.rank for verdict in Verdict] == [0, 1, 2]


def test_every_order_is_of_exactly_one_kind():
    """Orders on content, on the account, undoings, notices and reports share nothing and leave nothing out."""
    kinds = [CONTENT_ORDERS, ACCOUNT_ORDERS, UNDOINGS, NOTICES, {OrderType.REPORT_TO_AUTHORITY}]
    assert sum(map(len, kinds)) == len(OrderType)
    assert set().union(*kinds) == set(OrderType)


@pytest.mark.parametrize("kind", ["terminate_service", "freeze_funds", "return_funds", "report_to_authority"])
def test_what_needs_people_is_marked(kind):
    """Ending a service, touching money and reporting are for people."""
    assert OrderType(kind) in PEOPLE_ONLY
