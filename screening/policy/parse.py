"""Reading a policy from its text: every fault of it at once, and no policy unless there is none."""

from __future__ import annotations

import enum
import itertools
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.clauses import Automation, Bilingual, Category, SubjectKind, bilingual
from screening.decisions import CONTENT_ORDERS, NOTICES, PEOPLE_ONLY, UNDOINGS, Channel, OrderType, Verdict
from screening.errors import Fault, PolicyError
from screening.policy.rules import (
    SEVERITIES,
    TEMPLATES,
    Certainty,
    LiftCause,
    Minority,
    NoticeRules,
    OwnershipRules,
    Policy,
    RescreeningRules,
    Row,
    RowKey,
    UnscreenedRules,
    Wording,
)
from screening.tables import Table, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.clauses import ClauseRegister

FILE = "policy.toml"
"""How faults name the data file."""

SCHEMA = 1
"""The only version of the file's format so far."""

_MOST_APPEAL_DAYS = 365
"""A year: longer is more likely a slip of the pen than a policy."""

_MOST_CONFIRMED = 1_000_000_000

_GIVABLE = tuple(kind for kind in OrderType if kind not in PEOPLE_ONLY | UNDOINGS)


class _Unseen(enum.StrEnum):
    """The verdicts possible on what was not seen."""

    CLEAR = Verdict.CLEAR.value
    REVIEW = Verdict.REVIEW.value


@dataclass(frozen=True, slots=True)
class _Defaults:
    """The default rows by subject and severity, and the certainty of each subject."""

    rows: dict[tuple[SubjectKind, int | None], Row]
    certainty: dict[SubjectKind, Certainty]
    second_opinion: dict[str, Row]

    def row(self, subject: SubjectKind, severity: int | None) -> Row:
        """Return a default row; where the file lacks it (a fault already noted), one that orders nothing."""
        return self.rows.get((subject, severity), Row(Verdict.CLEAR, (), self.certainty[subject]))


def parse_policy(text: str, clauses: ClauseRegister) -> Policy:
    """Read a policy.

    Args:
        text: the text of the data file, whose comments explain its fields.
        clauses: the register whose categories it speaks of.

    Raises:
        PolicyError: with every fault of the text.
    """
    faults: list[Fault] = []
    whole = read_tables(FILE, text, faults)
    if faults:
        raise PolicyError(faults)
    whole.integer("schema", SCHEMA, SCHEMA)
    defaults = _defaults(whole, clauses, faults)
    rows = _rows(whole, clauses, defaults)
    unscreened = _unscreened(whole.table("unscreened"))
    ownership = _ownership(whole.table("ownership")) if whole.has("ownership") else OwnershipRules()
    notices = _notices(whole)
    wording = _wording(whole.table("wording"))
    rescreening = _rescreening(whole)
    whole.close()
    if not faults:
        faults += _out_of_order(rows, clauses)
    if faults:
        raise PolicyError(faults)
    return Policy(
        clauses,
        rows,
        unscreened,
        notices,
        wording,
        defaults.second_opinion,
        ownership=ownership,
        rescreening=rescreening,
    )


def _defaults(whole: Table, clauses: ClauseRegister, faults: list[Fault]) -> _Defaults:
    named = whole.table("certainty")
    certainty: dict[SubjectKind, Certainty] = {}
    for subject in SubjectKind:
        limits = named.table(subject.value)
        certainty[subject] = _certainty(limits, None)
        limits.close()
    second_opinion = _second_opinion(named.table("second_opinion"), clauses)
    named.close()
    rows: dict[tuple[SubjectKind, int | None], Row] = {}
    for table in whole.tables("default", "subject"):
        named_subject = table.choice("subject", SubjectKind)
        if named_subject is None:
            continue
        subject = named_subject
        severity = table.integer("severity", SEVERITIES[0], SEVERITIES[-1]) if subject is SubjectKind.CONTENT else None
        verdict = table.choice("verdict", Verdict) or Verdict.CLEAR
        orders = _orders(table, subject, verdict, ())
        table.close()
        if (subject, severity) in rows:
            table.fault("severity", f"{_kind(subject, severity)} again", "each once")
        rows[subject, severity] = Row(verdict, orders, certainty[subject])
    for subject in SubjectKind:
        missing = (key for key in _severities(subject) if (subject, key) not in rows)
        faults += [Fault(f"{FILE}: default", f"none for {_kind(subject, key)}", "one") for key in missing]
    return _Defaults(rows, certainty, second_opinion)


def _rescreening(whole: Table) -> RescreeningRules:
    """Take the limits of re-screenings; a policy of an earlier release says nothing of them."""
    if not whole.has("rescreening"):
        return RescreeningRules()
    table = whole.table("rescreening")
    rules = RescreeningRules(table.integer("confirm_above", 0, _MOST_CONFIRMED), table.score("tolerance"))
    table.close()
    return rules


def _second_opinion(table: Table, clauses: ClauseRegister) -> dict[str, Row]:
    """Take the scores from which a person looks at what only the scorer says: one for all categories, or its own."""
    usual = table.score("review_from")
    categories = table.table("categories")
    rows = {}
    for category in clauses.categories:
        if category.subject is SubjectKind.CONTENT:
            score = categories.score(category.slug) if categories.has(category.slug) else usual
            rows[category.slug] = Row(Verdict.REVIEW, (), Certainty(score, 1.0))
    categories.close()
    table.close()
    return rows


def _rows(whole: Table, clauses: ClauseRegister, defaults: _Defaults) -> dict[RowKey, Row]:
    ruled: dict[RowKey, Row] = {}
    known = {category.slug: category for category in clauses.categories}
    for table in whole.tables("rule", "category"):
        slug = table.text("category")
        category = known.get(slug)
        if category is None:
            if slug:
                table.fault("category", repr(slug), f"one of {', '.join(known)}")
            continue
        severities = _ruled_severities(table, category)
        verdict = table.choice("verdict", Verdict) or Verdict.CLEAR
        if verdict is Verdict.ENFORCE and category.automation is not Automation.AUTO:
            table.fault("verdict", "'enforce'", "clear or review: the clause register holds this category to review")
        usual = defaults.row(category.subject, severities[-1])
        orders = _orders(table, category.subject, verdict, usual.orders)
        row = Row(verdict, orders, _certainty(table, defaults.certainty[category.subject]))
        table.text("why")
        table.close()
        for severity in severities:
            if (slug, severity) in ruled:
                table.fault("severity", f"{_kind(category.subject, severity)} again", "one rule for each")
            ruled[slug, severity] = row
    return {
        (category.slug, severity): ruled.get(
            (category.slug, severity), _held(defaults.row(category.subject, severity), category)
        )
        for category in clauses.categories
        for severity in _severities(category.subject)
    }


def _held(row: Row, category: Category) -> Row:
    """Return a default row as it is for a category, which may be held to review."""
    if row.verdict is Verdict.ENFORCE and category.automation is not Automation.AUTO:
        return Row(Verdict.REVIEW, (), row.certainty)
    return row


def _ruled_severities(table: Table, category: Category) -> tuple[int | None, ...]:
    if not table.has("severity"):
        return _severities(category.subject)
    named = table.integers("severity", SEVERITIES[0], SEVERITIES[-1])
    if category.subject is SubjectKind.REGISTRATION:
        table.fault("severity", "a severity", "none: hits in registrations have no severity")
        return (None,)
    return named or _severities(category.subject)


def _severities(subject: SubjectKind) -> tuple[int | None, ...]:
    return SEVERITIES if subject is SubjectKind.CONTENT else (None,)


def _kind(subject: SubjectKind, severity: int | None) -> str:
    return subject.value if severity is None else f"{subject.value} of severity {severity}"


def _certainty(table: Table, usual: Certainty | None) -> Certainty:
    """Take the two limits; where there are usual ones, each may be left out."""
    review_from = table.score("review_from") if usual is None or table.has("review_from") else usual.review_from
    enforce_from = table.score("enforce_from") if usual is None or table.has("enforce_from") else usual.enforce_from
    table.allow("review_from", "enforce_from")
    if review_from > enforce_from:
        table.fault("review_from", str(review_from), f"at most enforce_from ({enforce_from})")
    return Certainty(review_from, enforce_from)


def _orders(
    table: Table, subject: SubjectKind, verdict: Verdict, usual: tuple[OrderType, ...]
) -> tuple[OrderType, ...]:
    table.allow("orders")
    given = table.has("orders")
    orders = table.choices("orders", OrderType) if given else usual
    if verdict is not Verdict.ENFORCE:
        if given:
            table.fault("orders", "orders", f"none at {verdict.value}: only enforce orders anything")
        return ()
    for index, order in enumerate(orders):
        if order not in _GIVABLE:
            expected = f"one of {', '.join(_GIVABLE)}: people alone decide others"
            table.fault(f"orders[{index}]", repr(order.value), expected)
        elif order in CONTENT_ORDERS and subject is SubjectKind.REGISTRATION:
            table.fault(f"orders[{index}]", repr(order.value), "an order that falls on an account")
    if not NOTICES.intersection(orders):
        table.fault("orders", "no notice", f"one of {', '.join(sorted(NOTICES))}: whoever is acted upon is told")
    return orders


def _ownership(table: Table) -> OwnershipRules:
    """Take the rules on affiliates. Policies from before they were known have none, and mean the default ones."""
    rules = OwnershipRules(
        threshold_percent=table.percentage("threshold_percent"),
        minority=table.choice("minority", Minority) or Minority.NONE,
        below=table.choice("below", Verdict) or Verdict.REVIEW,
        control=table.choice("control", Verdict) or Verdict.REVIEW,
    )
    table.close()
    return rules


def _unscreened(table: Table) -> UnscreenedRules:
    kinds = table.table("kinds")
    rules = UnscreenedRules(
        alone=_unseen(table, "alone"),
        otherwise=_unseen(table, "otherwise"),
        kinds={name.casefold(): _unseen(kinds, name) for name in kinds.names()},
    )
    table.close()
    return rules


def _unseen(table: Table, name: str) -> Verdict:
    return Verdict(table.choice(name, _Unseen) or _Unseen.REVIEW)


def _notices(whole: Table) -> NoticeRules:
    notice, appeal = whole.table("notice"), whole.table("appeal")
    channels = notice.choices("channels", Channel)
    if notice.has("channels") and not channels:
        notice.fault("channels", "none", f"at least one of {', '.join(Channel)}")
    rules = NoticeRules(
        channels=channels,
        lifts=notice.flag("lifts"),
        appeal_days=appeal.integer("days", 1, _MOST_APPEAL_DAYS),
        appeal_how=_template(appeal, "how", frozenset({"until"})),
    )
    notice.close()
    appeal.close()
    return rules


def _wording(table: Table) -> Wording:
    orders, causes = table.table("orders"), table.table("causes")
    wording = Wording(
        templates={name: _template(table, name, words) for name, words in TEMPLATES.items()},
        orders={kind: bilingual(orders, kind.value) for kind in OrderType},
        causes={cause: bilingual(causes, cause.value) for cause in LiftCause},
    )
    for inner in (orders, causes, table):
        inner.close()
    return wording


def _template(table: Table, name: str, words: frozenset[str]) -> Bilingual:
    """Take a template in both languages; each must use all its words, once or more, and no others."""
    both = bilingual(table, name)
    expected = f"exactly the words {', '.join(sorted(words))}" if words else "no words in braces"
    for language, text in (("zh", both.zh), ("en", both.en)):
        if not text:
            continue
        try:
            used = set(_words(text))
        except ValueError as error:
            table.fault(f"{name}: {language}", str(error), "braces in pairs")
            continue
        if used != words:
            table.fault(f"{name}: {language}", f"words {', '.join(sorted(used)) or 'none'}", expected)
    return both


def _words(text: str) -> Iterable[str]:
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is not None:
            # A format or an attribute of a word would be code in a data file: it is a word of another name.
            yield f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"


def _out_of_order(rows: dict[RowKey, Row], clauses: ClauseRegister) -> list[Fault]:
    """Return a fault for each category in which a graver hit weighs less than a slighter one."""
    return [
        Fault(
            f"{FILE}: category {category.slug}",
            f"{rows[category.slug, slight].verdict.value} at severity {slight}"
            f" and {rows[category.slug, grave].verdict.value} at severity {grave}",
            "a graver hit to weigh no less",
        )
        for category in clauses.categories
        if category.subject is SubjectKind.CONTENT
        for slight, grave in itertools.pairwise(SEVERITIES)
        if rows[category.slug, slight].verdict.rank > rows[category.slug, grave].verdict.rank
    ]
