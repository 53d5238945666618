"""An account's history, decided step by step: results and directives in, decisions and what stands after them out."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from rulebook import policy_text, shipped_policy, shipped_register

from screening.decisions import (
    Directive,
    DirectiveType,
    Input,
    Order,
    OrderType,
    Result,
    Versions,
    result_name,
)
from screening.policy.adjudicate import adjudicate
from screening.policy.enforce import Decision, decide_directive, decide_result
from screening.policy.parse import parse_policy
from screening.policy.standing import CaseOpened, Standing
from screening.subjects import digest_of

if TYPE_CHECKING:
    from screening.evidence import Hit
    from screening.policy.rules import Policy

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
POLICY_DIGEST = "p" * 64


@functools.cache
def suspending_policy() -> Policy:
    """Return a policy that suspends the account for grave content too."""
    shipped = 'orders = ["delete_content", "notify"]'
    text = policy_text()
    assert shipped in text
    return parse_policy(
        text.replace(shipped, 'orders = ["delete_content", "suspend_service", "notify"]'), shipped_register()
    )


@functools.cache
def differing_policy() -> Policy:
    """Return a policy under which gore restricts the account and asks for a correction, and deletes nothing."""
    rule = """
[[rule]]
category = "gore"
severity = [3]
verdict = "enforce"
orders = ["restrict_functions", "request_correction"]
why = "a policy for tests"
"""
    return parse_policy(policy_text() + rule, shipped_register())


def content_result(
    *hits: Hit, id: str = "c-1", text: str = "A", version: str = "1", ended: bool = False,  # noqa: A002 - as the field
    policy: Policy | None = None, **place,
) -> Result:  # fmt: skip
    """Return the result of judging a content: `text` stands for its text, `version` for the lexicon's."""
    versions = Versions(engine="1", policy=POLICY_DIGEST, lexicon=version)
    return _result("content", id, digest_of(text), versions, hits, ended=ended, policy=policy, **place)


def registration_result(
    *hits: Hit, text: str = "A", version: str = "1", ended: bool = False, policy: Policy | None = None, **place
) -> Result:
    """Return the result of judging a registration: `text` stands for its fields, `version` for the list's."""
    versions = Versions(engine="1", policy=POLICY_DIGEST, watchlist=version, watchlists={"sample": version})
    account = place.get("account_id", "a-1")
    return _result("registration", account, digest_of(text), versions, hits, ended=ended, policy=policy, **place)


def _result(
    subject, subject_id, digest, versions, hits, *, ended, policy, offset=0, activation=0, account_id="a-1", topic=None
) -> Result:
    digest = digest_of("ended") if ended else digest
    judgement = adjudicate(hits, (), policy or shipped_policy())
    return Result(
        result_id=result_name(subject, account_id, subject_id, digest, versions),
        subject=subject,
        id=subject_id,
        account_id=account_id,
        verdict=None if ended else judgement.verdict,
        grounds=() if ended else judgement.grounds,
        hits=tuple(hits),
        unscreened=(),
        input=Input(digest=digest, topic=topic, partition=0, offset=offset),
        versions=versions,
        activation=activation,
        ended=ended,
    )


def directive(
    kind: DirectiveType,
    target: str,
    id: str = "d-1",  # noqa: A002 - as the field
    account_id: str = "a-1",
) -> Directive:
    """Return what a person (`lift`) or the clock (`expire`) says about an order."""
    return Directive(directive_id=id, account_id=account_id, type=kind, target=target, by="reviewer", reason="why")


@dataclass
class History:
    """One account. Each result comes from a later offset unless it names one; `rescreened` judges the last again."""

    policy: Policy = field(default_factory=shipped_policy)
    standing: Standing = field(default_factory=lambda: Standing(account_id="a-1"))
    decisions: list[Decision] = field(default_factory=list)
    offset: int = 0
    activation: int = 0
    epoch: str = "e-1"
    now: datetime = NOW
    at: datetime | None = None
    """When the next record comes onto the log, where that is not the time of deciding."""
    said: int = 0

    @property
    def orders(self) -> list[Order]:
        """Every order given so far."""
        return [order for decision in self.decisions for order in decision.orders]

    def decide(self, result: Result) -> Decision:
        """Decide what follows from a result as it is."""
        decision = decide_result(self.standing, result, epoch=self.epoch, policy=self.policy, now=self.now, at=self.at)
        return self._take(decision)

    def content(self, *hits: Hit, **given) -> Decision:
        """A content is published and judged."""
        self.offset += 1
        return self.decide(
            content_result(*hits, policy=self.policy, offset=self.offset, activation=self.activation, **given)
        )

    def registration(self, *hits: Hit, **given) -> Decision:
        """The account registers, or changes its registration, and is judged."""
        self.offset += 1
        return self.decide(
            registration_result(*hits, policy=self.policy, offset=self.offset, activation=self.activation, **given)
        )

    def content_rescreened(self, *hits: Hit, **given) -> Decision:
        """A content is judged again where it stood, under a later activation."""
        self.activation += 1
        mark = self._mark("content", given.get("id", "c-1"))
        return self.decide(
            content_result(*hits, policy=self.policy, offset=mark.offset, activation=self.activation, **given)
        )

    def registration_rescreened(self, *hits: Hit, **given) -> Decision:
        """The registration is judged again where it stood, under a later activation."""
        self.activation += 1
        mark = self._mark("registration", "a-1")
        return self.decide(
            registration_result(*hits, policy=self.policy, offset=mark.offset, activation=self.activation, **given)
        )

    def lift(self, target: str) -> Decision:
        """A person lifts an order."""
        return self._say(DirectiveType.LIFT, target)

    def expire(self, target: str) -> Decision:
        """An order's time runs out."""
        return self._say(DirectiveType.EXPIRE, target)

    def clear(self, pair: str = "sample/1", expires_at: str | None = None) -> Decision:
        """A person clears a pair of the registrant and a listed entry."""
        return self._say(DirectiveType.CLEAR_PAIR, pair, expires_at)

    def unclear(self, pair: str = "sample/1") -> Decision:
        """A person takes a clearance back."""
        return self._say(DirectiveType.UNCLEAR_PAIR, pair)

    def _say(self, kind: DirectiveType, target: str, expires_at: str | None = None) -> Decision:
        self.said += 1
        said = msgspec.structs.replace(directive(kind, target, id=f"d-{self.said}"), expires_at=expires_at)
        return self._take(decide_directive(self.standing, said, policy=self.policy, now=self.now, at=self.at))

    def _take(self, decision: Decision) -> Decision:
        self.decisions.append(decision)
        self.standing = self.standing.after(decision.changes)
        return decision

    def _mark(self, subject: str, subject_id: str):
        return next(mark for key, mark in self.standing.marks.items() if (key.subject, key.id) == (subject, subject_id))


def types(decision: Decision) -> list[OrderType]:
    """Return the types of a decision's orders, in order."""
    return [order.type for order in decision.orders]


def ids(decision: Decision) -> list[str]:
    """Return the names of a decision's orders, in order."""
    return [order.action_id for order in decision.orders]


def cases(decision: Decision) -> list[str]:
    """Return why a decision asks a person, once for each case."""
    return [change.reason for change in decision.changes if isinstance(change, CaseOpened)]
