"""An identifier without a name: exact by itself only where both sides say what kind of number it is."""

from __future__ import annotations

import pytest
from rulebook import shipped_policy

from screening.decisions import OrderType, Verdict
from screening.policy.adjudicate import adjudicate
from screening.policy.wording import order_reason, quoted
from screening.subjects import Identifier, Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import ListedIdentifier, ListedName, ListedParty, PartyKind

PARTY = ListedParty(
    entry="1",
    kind=PartyKind.PERSON,
    names=(ListedName(text="QUELLBRANDT, Osric"),),
    identifiers=(ListedIdentifier(type="passport", value="750099913", label="Passport"),),
)


def hits(name, kind_of_number):
    registrant = Registrant(
        account_id="a-1", kind="person", name=name, identifiers=(Identifier(type=kind_of_number, value="750099913"),)
    )
    return NameMatcher({"sample": [PARTY]}).find([registrant])[0]


@pytest.mark.parametrize(
    ("name", "kind_of_number", "verdict"),
    [
        ("John Smithson", "passport", Verdict.ENFORCE),
        ("John Smithson", "order number", Verdict.REVIEW),
        ("John Smithson", "", Verdict.REVIEW),
        ("Osric Quellbrandt", "", Verdict.ENFORCE),
    ],
)
def test_a_number_of_an_unknown_kind_orders_nothing_by_itself(name, kind_of_number, verdict):
    """Any number may equal a passport's; without its kind, or a name like the listed one, a person looks."""
    assert adjudicate(hits(name, kind_of_number), (), shipped_policy()).verdict is verdict


def test_a_reason_says_what_agrees_and_nothing_else():
    """Where only the identifier agrees, no text says that the name does, and the number itself is not shown."""
    found = hits("John Smithson", "passport")
    policy = shipped_policy()
    grounds = adjudicate(found, (), policy).grounds
    reason = order_reason(policy, OrderType.SUSPEND_SERVICE, grounds, found)
    assert [one.agrees for one in quoted(found)] == [("identifier",)]
    assert "identifier" in reason.en
    assert "名称" not in reason.zh.split("相符之处")[1]
    assert "750099913" not in reason.en + reason.zh
