from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rulebook import content_hit, name_hit, shipped_policy, step

from screening.decisions import Order, OrderType, Reason
from screening.evidence import Ground, Hit
from screening.policy.adjudicate import with_ownership
from screening.policy.rules import LiftCause
from screening.policy.wording import (
    MOST_QUOTED,
    MOST_QUOTES,
    lift_reason,
    masked,
    order_reason,
    quoted,
    told,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def order_for(
    order_type: OrderType, hits: list[Hit], *, content_id: str | None = None, automated: bool = True
) -> Order:
    policy = shipped_policy()
    grounds = tuple(sorted({policy.ground(hit.category) for hit in hits}))
    return Order(
        action_id=f"action-{order_type.value}",
        type=order_type,
        account_id="a-1",
        content_id=content_id,
        decision_id="d-1",
        grounds=grounds,
        reason=order_reason(policy, order_type, grounds, hits),
        evidence=quoted(hits),
        automated=automated,
        issued_at=NOW.isoformat(),
    )


def lift_of(order_type: OrderType, content_id: str | None = None) -> Order:
    return Order(
        action_id="lift-1",
        type=OrderType.RESTORE_CONTENT if content_id else OrderType.LIFT,
        account_id="a-1",
        content_id=content_id,
        decision_id="d-2",
        reverses="action-1",
        reverses_type=order_type,
        grounds=(shipped_policy().ground("gambling"),),
        reason=lift_reason(shipped_policy(), order_type, LiftCause.VERSIONS),
        automated=True,
        issued_at=NOW.isoformat(),
    )


def both(text: Reason) -> tuple[str, str]:
    return text.zh, text.en


def test_a_reason_names_the_clause_the_category_and_the_evidence():
    """Whoever reads an order sees on which clause it rests and on which words."""
    policy = shipped_policy()
    ground = policy.ground("gambling")
    reason = order_reason(policy, OrderType.DELETE_CONTENT, (ground,), [content_hit()])
    for text in both(reason):
        assert ground.clause in text
        assert "赌*博" in text
    assert "（赌博）" in reason.zh
    assert "删除该内容" in reason.zh
    assert "(gambling)" in reason.en
    assert "the content is deleted" in reason.en


def test_a_reason_shows_one_piece_of_evidence_for_each_category():
    """A reason is short: the notice shows more and the result all."""
    policy = shipped_policy()
    hits = [content_hit(quote="first"), content_hit(quote="second"), content_hit("gore", quote="third")]
    grounds = (policy.ground("gambling"), policy.ground("gore"))
    text = order_reason(policy, OrderType.DELETE_CONTENT, grounds, hits).en
    assert "first" in text
    assert "third" in text
    assert "second" not in text


def test_a_reason_without_evidence_has_no_empty_quotes():
    """An order that rests on no hit says nothing about evidence."""
    policy = shipped_policy()
    reason = order_reason(policy, OrderType.SUSPEND_SERVICE, (policy.ground("gambling"),), [])
    assert reason.zh.endswith("暂停服务。")
    assert reason.en.endswith("service is suspended.")


@pytest.mark.parametrize("cause", list(LiftCause))
@pytest.mark.parametrize("order_type", [OrderType.DELETE_CONTENT, OrderType.SUSPEND_SERVICE])
def test_a_lift_says_what_is_undone_and_why(order_type: OrderType, cause: LiftCause):
    """A lift names the order and the cause in both languages."""
    policy = shipped_policy()
    reason = lift_reason(policy, order_type, cause)
    assert policy.wording.orders[order_type].zh in reason.zh
    assert policy.wording.causes[cause].zh in reason.zh
    assert policy.wording.orders[order_type].en in reason.en
    assert policy.wording.causes[cause].en in reason.en


def test_a_notice_tells_everything_that_is_owed():
    """What was decided, on which clause, on what evidence, that a machine did, how and until when to appeal."""
    hits: list[Hit] = [content_hit()]
    notice = told(shipped_policy(), [order_for(OrderType.DELETE_CONTENT, hits, content_id="c-1")], NOW)
    assert notice.orders == (OrderType.DELETE_CONTENT,)
    assert notice.appeal_until == "2026-12-08T08:00:00+00:00"
    clause = shipped_policy().ground("gambling").clause
    for text, appeal in zip(both(notice.text), both(notice.appeal), strict=True):
        for owed in ("c-1", clause, "赌*博", appeal, "2026-12-08"):
            assert owed in text
    assert "系统自动" in notice.text.zh
    assert "automatically" in notice.text.en


def test_a_notice_names_every_order_of_its_decision_once():
    """One notice for one decision: its evidence stands there once."""
    hits: list[Hit] = [name_hit()]
    kinds = (OrderType.SUSPEND_SERVICE, OrderType.RESTRICT_PURCHASES)
    notice = told(shipped_policy(), [order_for(kind, hits) for kind in kinds], NOW)
    assert notice.orders == kinds
    assert "暂停服务、限制新购产品和服务" in notice.text.zh
    assert "您的账户" in notice.text.zh
    assert notice.text.en.count("Ivan Invented") == 1


def test_a_notice_says_when_a_person_decided():
    """Whether a machine or a person decided is never left open."""
    notice = told(shipped_policy(), [order_for(OrderType.SUSPEND_SERVICE, [name_hit()], automated=False)], NOW)
    assert "工作人员" in notice.text.zh
    assert "by a person" in notice.text.en


def test_a_notice_of_lifts_says_why_and_offers_no_appeal():
    """There is nothing to appeal against in a lift."""
    lifts = [lift_of(OrderType.SUSPEND_SERVICE), lift_of(OrderType.RESTRICT_RENEWALS)]
    notice = told(shipped_policy(), lifts, NOW)
    assert notice.orders == (OrderType.LIFT,)
    assert notice.appeal_until is None
    assert both(notice.appeal) == ("", "")
    for lift in lifts:
        assert lift.reason.zh in notice.text.zh
        assert lift.reason.en in notice.text.en


def test_a_notice_of_a_restoration_names_the_content():
    """Whoever reads that a content is back reads which one."""
    notice = told(shipped_policy(), [lift_of(OrderType.DELETE_CONTENT, "c-1")], NOW)
    assert "c-1" in notice.text.zh
    assert "c-1" in notice.text.en


def test_quotes_are_few_and_short_and_stand_once():
    """A notice shows enough to recognise the passage and does not publish it again."""
    hits = [content_hit(quote=f"{index}赌" * 100, start=index) for index in range(9)]
    shown = quoted([*hits, *hits])
    assert len(shown) == MOST_QUOTES
    assert all(len(one.quote) <= MOST_QUOTED for one in shown)
    assert len({one.quote for one in shown}) == MOST_QUOTES


def test_a_quote_knows_where_it_stood():
    """The place and the entry stay with the quote, so that it can be checked against the content."""
    hit = content_hit(field="title", start=4)
    (one,) = quoted([hit])
    assert (one.category, one.entry, one.field, one.start, one.end) == ("gambling", "gambling-1", "title", 4, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("110101197102031234", "11••••••••••••••••"),
        ("11010119710203123X号", "11••••••••••••••••号"),
        ("138 0013 8000", "13• •••• ••••"),
        ("１３８００１３８０００", "１３•••••••••"),
        ("1971-02-03", "1971-••-••"),
        ("1971年2月3日", "1971年•月•日"),
        ("1971.2.3", "1971.•.•"),
        ("19710203", "19••••••"),
        ("E12345678", "E12••••••"),
        ("wang.wu@example.org", "w••••••@example.org"),
        ("第3名，共20人，2026年", "第3名，共20人，2026年"),
        ("赌博网站888", "赌博网站888"),
    ],
)
def test_numbers_that_name_a_person_are_masked(text: str, expected: str):
    """Identity papers, telephones, full dates and mail addresses never leave in a notice; short numbers stay."""
    assert masked(text) == expected


def test_a_number_cut_by_the_shortening_is_still_masked():
    """Shortening comes after masking, so that the end of a quote gives away nothing."""
    (one,) = quoted([content_hit(quote="字" * (MOST_QUOTED - 5) + "110101197102031234")])
    assert one.quote.endswith("11••…")


def test_a_notice_about_a_name_shows_no_date_and_no_identifier():
    """What corroborated a name stays in the result."""
    hits: list[Hit] = [name_hit(listed_name="INVENTED, Ivan (1971-02-03, passport 123456789)")]
    notice = told(shipped_policy(), [order_for(OrderType.SUSPEND_SERVICE, hits)], NOW)
    for text in both(notice.text):
        assert "02-03" not in text
        assert "345" not in text
        assert "sample" in text


def test_braces_in_what_was_written_stay_as_they_are():
    """Evidence is text, never a template."""
    ground = Ground(shipped_policy().ground("gambling").clause, "gambling")
    reason = order_reason(shipped_policy(), OrderType.DELETE_CONTENT, (ground,), [content_hit(quote="{order}{0}")])
    assert "{order}{0}" in reason.zh


def test_evidence_on_an_affiliate_names_the_way_and_the_sum():
    """Whoever is told of an affiliate reads through whom it is tied to them, and what listed parties hold together."""
    firm = step(percent=60.0, relation="shareholder", name="Nordic 123456789")
    path = (step("affiliates[0].affiliates[0]", 80.0), firm)
    hits = with_ownership((name_hit("sanctioned-affiliate", path=path),), shipped_policy())
    zh, en = both(order_for(OrderType.SUSPEND_SERVICE, list(hits)).reason)
    assert "“Ivan Invented”为“Nordic 12•••••••”的所有人，比例80%；“Nordic 12•••••••”为注册人的股东，比例60%" in zh
    assert "名单所列者合计持有注册人60%" in zh
    assert "“Ivan Invented” to “Nordic 12•••••••”: owner, 80%" in en
    assert "“Nordic 12•••••••” to the registrant: shareholder, 60%; listed parties hold 60% together" in en
    (shown,) = quoted(hits)
    assert [one.name for one in shown.path] == ["Ivan Invented", "Nordic 12•••••••"]


def test_a_long_way_is_told_by_its_ends():
    """Of a way of many steps a text tells the first ones and the last."""
    path = tuple(step(f"p{number}", name=f"Firm {number}") for number in range(40))
    _, en = both(order_for(OrderType.SUSPEND_SERVICE, [name_hit("sanctioned-affiliate", path=path)]).reason)
    assert "“Firm 0” to “Firm 1”" in en
    assert "…; “Firm 39” to the registrant" in en
    assert "Firm 20" not in en
