from __future__ import annotations

import pytest
from rulebook import policy_text, shipped_policy, shipped_register

from screening.clauses import Automation, SubjectKind
from screening.decisions import PEOPLE_ONLY, Channel, OrderType, Verdict
from screening.errors import PolicyError
from screening.policy.parse import parse_policy

CONTENT_ORDERS = '["delete_content", "notify"]'
ACCOUNT_ORDERS = '["suspend_service", "restrict_purchases", "restrict_renewals", "notify"]'
GAMBLING = """
[[rule]]
category = "gambling"
severity = [2, 3]
verdict = "enforce"
orders = ["delete_content", "restrict_functions", "notify"]
why = "a rule of a test"
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, shipped_register())
    return [str(fault) for fault in caught.value.faults]


def changed(old: str, new: str) -> str:
    text = policy_text()
    assert old in text
    return text.replace(old, new, 1)


def test_the_shipped_policy_orders_what_the_contract_says():
    """Grave content is deleted with notice; a listed party is suspended and restricted with notice."""
    rows = shipped_policy().rows
    assert rows["gambling", 3].orders == (OrderType.DELETE_CONTENT, OrderType.NOTIFY)
    assert rows["sanctioned-party", None].orders == (
        OrderType.SUSPEND_SERVICE,
        OrderType.RESTRICT_PURCHASES,
        OrderType.RESTRICT_RENEWALS,
        OrderType.NOTIFY,
    )
    assert [rows["gambling", severity].verdict for severity in (1, 2, 3)] == list(Verdict)


def test_the_shipped_limits_are_those_agreed():
    """Names go to a person from 0.82 and may lead to orders from 0.90; notices go to the inbox with days to appeal."""
    policy = shipped_policy()
    certainty = policy.rows["sanctioned-party", None].certainty
    assert (certainty.review_from, certainty.enforce_from) == (0.82, 0.90)
    assert policy.notices.channels == (Channel.INBOX,)
    assert policy.notices.appeal_days == 15
    assert policy.notices.lifts


def test_every_category_has_a_row_for_each_severity():
    """Nothing is left to be decided when a hit arrives."""
    keys = {
        (category.slug, severity)
        for category in shipped_register().categories
        for severity in ((1, 2, 3) if category.subject is SubjectKind.CONTENT else (None,))
    }
    assert set(shipped_policy().rows) == keys


def test_defaults_do_not_enforce_what_is_held_to_review():
    """A default of enforce becomes review, without orders, in a category that is held to review."""
    policy = shipped_policy()
    held = {slug.slug for slug in policy.register.categories if slug.automation is Automation.REVIEW}
    rows = [row for (slug, _), row in policy.rows.items() if slug in held]
    assert rows
    assert all(row.verdict is not Verdict.ENFORCE and row.orders == () for row in rows)


def test_no_row_orders_what_is_for_people_only():
    """No rule that can be read gives an order that people alone may give."""
    assert not any(PEOPLE_ONLY.intersection(row.orders) for row in shipped_policy().rows.values())


def test_a_rule_goes_before_the_default_in_its_severities_only():
    """A rule changes the severities it names, and leaves the others and other categories alone."""
    rows = parse_policy(policy_text() + GAMBLING, shipped_register()).rows
    assert rows["gambling", 1] == shipped_policy().rows["gambling", 1]
    assert rows["gambling", 2].orders == (
        OrderType.DELETE_CONTENT,
        OrderType.RESTRICT_FUNCTIONS,
        OrderType.NOTIFY,
    )
    assert rows["gore", 3] == shipped_policy().rows["gore", 3]


def test_a_rule_without_orders_takes_the_usual_ones():
    """Saying only that something is enforced gives the default orders of its subject."""
    text = policy_text() + GAMBLING.replace('orders = ["delete_content", "restrict_functions", "notify"]\n', "")
    assert parse_policy(text, shipped_register()).rows["gambling", 2].orders == (
        OrderType.DELETE_CONTENT,
        OrderType.NOTIFY,
    )


def test_a_rule_may_set_limits_of_its_own():
    """A limit that a rule leaves out is the usual one."""
    text = policy_text() + GAMBLING + "enforce_from = 0.99\n"
    certainty = parse_policy(text, shipped_register()).rows["gambling", 3].certainty
    assert certainty.enforce_from == 0.99
    assert certainty.review_from == shipped_policy().rows["gore", 3].certainty.review_from


def test_a_misspelt_order_is_told_with_its_place():
    """The fault names the file, the rule by number and category, the value, and what could have stood there."""
    wrong = policy_text() + GAMBLING.replace('"restrict_functions"', '"delte_content"')
    (fault,) = faults_of(wrong)
    assert fault.startswith("policy.toml: rule 3 (gambling): orders[1]: found 'delte_content', expected one of delete_")


@pytest.mark.parametrize("order", sorted(PEOPLE_ONLY))
def test_a_rule_cannot_give_what_is_for_people_only(order: OrderType):
    """Ending a service, freezing, returning funds, deleting registrations and reporting stand in no rule."""
    (fault,) = faults_of(policy_text() + GAMBLING.replace("restrict_functions", order.value))
    assert f"rule 3 (gambling): orders[1]: found '{order.value}'" in fault
    assert "people alone" in fault


@pytest.mark.parametrize("order", [OrderType.LIFT, OrderType.RESTORE_CONTENT])
def test_a_rule_cannot_undo(order: OrderType):
    """Lifts follow from what changed, never from a hit."""
    (fault,) = faults_of(policy_text() + GAMBLING.replace("restrict_functions", order.value))
    assert f"orders[1]: found '{order.value}'" in fault


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schema = 1", "schema = 2", "policy.toml: schema: found 2"),
        ("schema = 1", "schema = 1\ntypo = 1", "policy.toml: typo: found an unknown key"),
        ("review_from = 0.60", "review_from = 1.5", "certainty: content: review_from: found 1.5, expected a score"),
        ("review_from = 0.60", "review_from = nan", "certainty: content: review_from: found nan, expected a score"),
        ("review_from = 0.60", "review_from = 0.95", "review_from: found 0.95, expected at most enforce_from (0.9)"),
        ("[certainty.registration]", "[certainty.registrations]", "certainty: registration: found nothing"),
        ('severity = 1\nverdict = "clear"', 'severity = 2\nverdict = "clear"', "found content of severity 2 again"),
        (
            'severity = 1\nverdict = "clear"',
            'severity = 2\nverdict = "clear"',
            "default: found none for content of sev",
        ),
        ('verdict = "review"', 'verdict = "maybe"', "verdict: found 'maybe', expected one of clear, review, enforce"),
        (CONTENT_ORDERS, '["delete_content"]', "orders: found no notice, expected one of notify, request_correction"),
        (CONTENT_ORDERS, '["notify", "notify"]', "orders[1]: found 'notify' again, expected each once"),
        (ACCOUNT_ORDERS, CONTENT_ORDERS, "default 4 (registration): orders[0]: found 'delete_content'"),
        ('severity = 2\nverdict = "review"', 'severity = 2\nverdict = "review"\norders = ["notify"]', "none at review"),
        ('"insult-defamation"', '"insults"', "rule 1 (insults): category: found 'insults', expected one of constit"),
        ('"insult-defamation"', '"rumours"', "rule 1 (rumours): verdict: found 'enforce', expected clear or review"),
        ("severity = [3]", "severity = [4]", "rule 1 (insult-defamation): severity[0]: found 4"),
        ("severity = [3]", "severity = 3", "rule 1 (insult-defamation): severity: found 3, expected a list"),
        ('why = "资料', 'because = "资料', "rule 2 (registration-quality): why: found nothing"),
        ('alone = "review"', 'alone = "enforce"', "unscreened: alone: found 'enforce', expected one of clear, review"),
        ('image = "clear"', 'image = "enforce"', "unscreened: kinds: image: found 'enforce'"),
        ('channels = ["inbox"]', 'channels = ["pigeon"]', "channels[0]: found 'pigeon', expected one of email"),
        ('channels = ["inbox"]', "channels = []", "notice: channels: found none, expected at least one of email"),
        ("days = 15", "days = 0", "appeal: days: found 0"),
        ("{until}前", "{when}前", "appeal: how: zh: found words when, expected exactly the words until"),
        ("{until}前", "{until!r}前", "appeal: how: zh: found words until!r"),
        ("{until}前", "{until.__class__}前", "appeal: how: zh: found words until.__class__"),
        ("{until}前", "{until前", "appeal: how: zh: found"),
        ('notify = { zh = "通知"', 'notifies = { zh = "通知"', "wording: orders: notify: found nothing"),
        ("expiry.zh", "expired.zh", "wording: causes: expired: found an unknown key"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, expected: str):
    """What is wrong in one value is found, with where it stands and what was expected."""
    faults = faults_of(changed(old, new))
    assert any(expected in fault for fault in faults), faults


def test_one_rule_for_each_category_and_severity():
    """Two rules for the same thing are a fault, not a matter of order."""
    (fault,) = faults_of(policy_text() + GAMBLING + GAMBLING.replace("[2, 3]", "[3]"))
    assert (
        fault
        == "policy.toml: rule 4 (gambling): severity: found content of severity 3 again, expected one rule for each"
    )


def test_registrations_have_no_severity():
    """A severity in a rule about registrations would never apply and is a fault."""
    wrong = changed('category = "registration-quality"', 'category = "registration-quality"\nseverity = [3]')
    assert any("rule 2 (registration-quality): severity: found a severity" in fault for fault in faults_of(wrong))


def test_a_graver_hit_must_not_weigh_less():
    """A rule that makes a grave hit weaker than a slighter one is a slip."""
    wrong = (
        policy_text()
        + GAMBLING.replace("[2, 3]", "[2]")
        + GAMBLING.replace("[2, 3]", "[3]").replace(
            'verdict = "enforce"\norders = ["delete_content", "restrict_functions", "notify"]', 'verdict = "review"'
        )
    )
    (fault,) = faults_of(wrong)
    assert fault.startswith("policy.toml: category gambling: found enforce at severity 2 and review at severity 3,")


def test_all_faults_are_told_at_once():
    """Faults in every part of the file come together, in its order."""
    wrong = (
        policy_text()
        .replace("enforce_from = 0.90", "enforce_from = 9")
        .replace('"insult-defamation"', '"insults"')
        .replace("days = 15", 'days = "long"')
    )
    faults = faults_of(wrong)
    found = [place for fault in faults for place in ("certainty: content", "rule 1", "appeal: days") if place in fault]
    assert found == ["certainty: content", "rule 1", "appeal: days"]


def test_an_empty_policy_is_refused():
    """A policy that says nothing is not one that orders nothing."""
    assert any("default: found none for registration" in fault for fault in faults_of(""))


def test_text_that_is_no_toml_is_one_fault():
    """A slip in the syntax is told with its line and not buried under what follows from it."""
    (fault,) = faults_of(policy_text() + "\n[[rule\n")
    assert fault.startswith("policy.toml: found ")
    assert "line" in fault


def test_rules_on_ownership_are_checked_like_the_rest():
    """A threshold that is no percentage, an unknown word and an unknown key are told together."""
    text = policy_text().replace("threshold_percent = 50", "threshold_percent = 0\nthreshold = 50")
    text = text.replace('minority = "multiply"', 'minority = "add"').replace('control = "review"', "control = true")
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, shipped_register())
    assert [(fault.where, fault.found) for fault in refused.value.faults] == [
        ("policy.toml: ownership: threshold_percent", "0"),
        ("policy.toml: ownership: minority", "'add'"),
        ("policy.toml: ownership: control", "True"),
        ("policy.toml: ownership: threshold", "an unknown key"),
    ]
