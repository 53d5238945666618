"""The texts that people read on orders, lifts and notices, in Chinese and in English.

Rules of this module:
1. Every text on an order names the clause, the category and a piece of the evidence; a notice also says whether a
   machine decided, and how and until when to appeal.
2. A quote is at most `MOST_QUOTED` characters, and a notice has at most `MOST_QUOTES`.
3. No quote gives away a person: long numbers (identity papers, telephones, accounts, full dates) and mail addresses
   are masked, in content as well as in names, and what corroborated a name is named but not shown.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

import msgspec

from screening.clauses import Bilingual
from screening.decisions import UNDOINGS, Quoted, Reason, Told
from screening.evidence import ContentHit, NameHit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from screening.decisions import Order, OrderType
    from screening.evidence import Feature, Ground, Hit, PathStep
    from screening.policy.rules import LiftCause, Policy

MOST_QUOTED = 80
"""The longest quote in code points: enough to recognise the passage, too little to publish it again."""

MOST_QUOTES = 5
"""How many pieces of evidence a text shows; the result holds them all."""

MOST_STEPS = 5
"""How many steps of the way from an affiliate to the registrant a text tells."""

_NOTHING = Reason("", "")
_FIELDS = {"title": Bilingual("标题", "the title"), "body": Bilingual("正文", "the body")}
_AGREEING = {
    "name": Bilingual("名称", "name"),
    "birth_date": Bilingual("出生日期", "date of birth"),
    "incorporation_date": Bilingual("成立日期", "date of incorporation"),
    "country": Bilingual("国家或地区", "country or nationality"),
    "place": Bilingual("出生地或地址", "place of birth or address"),
    "identifier": Bilingual("证件或登记号码", "identifier"),
}
_RELATIONS = {
    "owner": Bilingual("所有人", "owner"),
    "beneficial_owner": Bilingual("受益所有人", "beneficial owner"),
    "shareholder": Bilingual("股东", "shareholder"),
    "subsidiary": Bilingual("子公司", "subsidiary"),
    "director": Bilingual("董事", "director"),
    "parent": Bilingual("母公司", "parent"),
}
"""The usual words for relations; others are told as they were registered."""
_AGREEING_FROM = {"name": 0.7}
"""A name is said to agree from the likeness that makes it evidence; everything else where it agrees in full or part."""
_MASK = "•"

# Six digits are the shortest that name a person (a date of birth); two left in front still let the owner recognise
# the number. Separators of dates, telephones and cards do not break a run.
_NUMBER = re.compile(r"(?<!\d)(?P<front>\d{2})(?P<rest>(?:[\s\-./·年月]?\d){4,}[XxＸ]?)")
# A written date may be shorter: 1971年2月3日, 1971-2-3. Its year may stand.
_DATE = re.compile(r"(?<!\d)(?P<front>\d{4})(?P<rest>\s?[-./·年]\s?\d{1,2}\s?[-./·月]\s?\d{1,2})(?!\d)")
_MAIL = re.compile(r"(?P<front>[\w.+-])(?P<rest>[\w.+-]*)(?=[@＠][\w-]+\.)")
_HIDDEN = re.compile(r"[\dXxＸ]")


def order_reason(policy: Policy, order_type: OrderType, grounds: Sequence[Ground], hits: Sequence[Hit]) -> Reason:
    """Return the reason on an order: the clauses, the categories and one piece of evidence for each category.

    Args:
        policy: gives the templates and the names of categories.
        order_type: the order.
        grounds: the grounds it is given on; never empty.
        hits: the hits that called for it.
    """
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.category, hit)
    return _filled(
        policy,
        "reason",
        order=policy.wording.orders[order_type],
        grounds=_grounds(policy, grounds),
        evidence=_evidence(policy, quoted(first.values())),
    )


def lift_reason(policy: Policy, order_type: OrderType, cause: LiftCause) -> Reason:
    """Return the reason on a lift or restoration.

    Args:
        policy: gives the templates.
        order_type: the order that is undone.
        cause: why it is undone.
    """
    return _filled(policy, "lift", order=policy.wording.orders[order_type], cause=policy.wording.causes[cause])


def quoted(hits: Iterable[Hit]) -> tuple[Quoted, ...]:
    """Return the evidence as an order may quote it: masked, shortened, each quote once, at most `MOST_QUOTES`."""
    shown: dict[tuple[object, ...], Quoted] = {}
    for hit in hits:
        one = _quoted(hit)
        shown.setdefault((one.category, one.quote, one.listed_name or one.field or "", one.path), one)
    return tuple(shown.values())[:MOST_QUOTES]


def told(policy: Policy, orders: Sequence[Order], issued_at: datetime) -> Told:
    """Return what a notice says about the orders of one decision.

    Args:
        policy: gives the templates and the time to appeal.
        orders: the orders decided, or the lifts, without notices; never empty, and never both.
        issued_at: when they are issued, from which the days to appeal count.
    """
    types = tuple(dict.fromkeys(order.type for order in orders))
    target = _target(policy, next((order.content_id for order in orders if order.content_id), None))
    if orders[0].type in UNDOINGS:
        # The reason of a lift says what is undone and why, and there is nothing to appeal against.
        reasons = _joined([order.reason for order in orders], zh="", en=" ")
        text = _filled(policy, "lift_notice", target=target, reasons=reasons)
        return Told(orders=types, text=text, appeal=_NOTHING, appeal_until=None)
    until = issued_at + timedelta(days=policy.notices.appeal_days)
    appeal = _format(policy.notices.appeal_how, until=_same(until.date().isoformat()))
    text = _filled(
        policy,
        "notice",
        target=target,
        orders=_joined([policy.wording.orders[order_type] for order_type in types], zh="、", en=", "),
        grounds=_grounds(policy, sorted({ground for order in orders for ground in order.grounds})),
        evidence=_evidence(policy, tuple(dict.fromkeys(shown for order in orders for shown in order.evidence))),
        decider=_filled(policy, "by_machine" if orders[0].automated else "by_person"),
        appeal=appeal,
    )
    return Told(orders=types, text=text, appeal=appeal, appeal_until=until.isoformat())


def masked(text: str) -> str:
    """Return a text without what names a person: long numbers, full dates and mail addresses.

    >>> masked("身份证110101197102031234，1971-02-03生，电话138-0013-8000，wang@example.org")
    '身份证11••••••••••••••••，1971-••-••生，电话13•-••••-••••，w•••@example.org'
    """
    for pattern in (_DATE, _NUMBER):
        text = pattern.sub(lambda found: found["front"] + _HIDDEN.sub(_MASK, found["rest"]), text)
    return _MAIL.sub(lambda found: found["front"] + _MASK * len(found["rest"]), text)


def shortened(text: str) -> str:
    """Return a text on one line and of at most `MOST_QUOTED` code points.

    >>> shortened("a" * 100) == "a" * 79 + "…"
    True
    """
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else line[: MOST_QUOTED - 1] + "…"


def _quoted(hit: Hit) -> Quoted:
    match hit:
        case ContentHit():
            return Quoted(
                category=hit.category,
                entry=hit.entry,
                quote=_shown(hit.quote),
                field=hit.field,
                start=hit.start,
                end=hit.end,
                score=hit.score,
            )
        case NameHit():
            return Quoted(
                category=hit.category,
                entry=hit.entry,
                quote=_shown(hit.queried_name),
                source=hit.source,
                listed_name=_shown(hit.listed_name),
                agrees=tuple(dict.fromkeys(one.name for one in hit.features if _agrees(one))),
                path=tuple(map(_shown_step, hit.path)),
                ownership=hit.ownership,
                score=hit.score,
            )
        case _ as unreachable:
            assert_never(unreachable)


def _agrees(feature: Feature) -> bool:
    return feature.name in _AGREEING and feature.score >= _AGREEING_FROM.get(feature.name, 0.5)


def _shown(text: str) -> str:
    # Names and quotes have no bound of their own. What lies far beyond the quote is not worth masking, but enough is
    # kept for a number that begins inside the quote to be seen as one.
    return shortened(masked(" ".join(text.split())[: 4 * MOST_QUOTED]))


def _said(shown: Quoted) -> Bilingual:
    if shown.listed_name is not None:
        parts = [_AGREEING[name] for name in shown.agrees if name in _AGREEING] or [_AGREEING["name"]]
        agreeing = _joined(parts, zh="、", en=", ")
        tied = _tied(shown)
        return Bilingual(
            f"登记的“{shown.quote}”{tied.zh}与名单{shown.source}所列“{shown.listed_name}”相符之处：{agreeing.zh}",
            f"“{shown.quote}”{tied.en} agrees with “{shown.listed_name}” on the list {shown.source} in: {agreeing.en}",
        )
    place = _FIELDS.get(shown.field or "", _FIELDS["body"])
    return Bilingual(f"{place.zh}中的“{shown.quote}”", f"“{shown.quote}” in {place.en}")


def _shown_step(step: PathStep) -> PathStep:
    relation = None if step.relation is None else _shown(step.relation)
    return msgspec.structs.replace(step, name=_shown(step.name), relation=relation)


def _tied(shown: Quoted) -> Bilingual:
    """Return, in brackets, the way from an affiliate to the registrant and what listed parties hold together."""
    if not shown.path:
        return Bilingual("", "")
    onward = [(f"“{step.name}”", f"“{step.name}”") for step in shown.path[1:]] + [("注册人", "the registrant")]
    parts = [_step_said(step, *to) for step, to in zip(shown.path, onward, strict=True)]
    if len(parts) > MOST_STEPS:
        parts = [*parts[: MOST_STEPS - 1], Bilingual("……", "…"), parts[-1]]
    if shown.ownership is not None and shown.ownership.counted:
        together = f"{shown.ownership.corroborated_percent:g}%"
        parts.append(Bilingual(f"名单所列者合计持有注册人{together}", f"listed parties hold {together} together"))
    told = _joined(parts, zh="；", en="; ")
    return Bilingual(f"（{told.zh}）", f" ({told.en})")


def _step_said(step: PathStep, to_zh: str, to_en: str) -> Bilingual:
    share = "" if step.ownership_percent is None else f"{step.ownership_percent:g}%"
    words = _RELATIONS.get(step.relation or "", Bilingual(step.relation or "关联方", step.relation or "tied"))
    zh = f"“{step.name}”为{to_zh}的{words.zh}" + (f"，比例{share}" if share else "")
    en = f"“{step.name}” to {to_en}: {words.en}" + (f", {share}" if share else "")
    return Bilingual(zh, en)


def _evidence(policy: Policy, shown: Sequence[Quoted]) -> Reason:
    if not shown:
        return _NOTHING
    return _filled(policy, "evidence", quotes=_joined([_said(one) for one in shown[:MOST_QUOTES]], zh="；", en="; "))


def _grounds(policy: Policy, grounds: Iterable[Ground]) -> Reason:
    each = [
        _filled(policy, "ground", clause=_same(ground.clause), category=policy.register.category(ground.category).label)
        for ground in grounds
    ]
    return _joined(each, zh="、", en=", ")


def _target(policy: Policy, content_id: str | None) -> Reason:
    if content_id is None:
        return _filled(policy, "account")
    return _filled(policy, "content", id=_same(shortened(content_id)))


def _filled(policy: Policy, template: str, **words: Bilingual | Reason) -> Reason:
    return _format(policy.wording.templates[template], **words)


def _format(template: Bilingual, **words: Bilingual | Reason) -> Reason:
    zh = template.zh.format(**{name: word.zh for name, word in words.items()})
    en = template.en.format(**{name: word.en for name, word in words.items()})
    # An empty piece of evidence leaves its spaces behind.
    return Reason(zh.strip(), " ".join(en.split()))


def _joined(texts: Sequence[Bilingual | Reason], *, zh: str, en: str) -> Reason:
    return Reason(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def _same(text: str) -> Reason:
    return Reason(text, text)
