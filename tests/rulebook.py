"""The shipped clause register and policy, and hits to judge under them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from datafolder import ROOT

from screening.clauses import ClauseRegister, parse_clauses
from screening.evidence import AffiliateRef, Ceiling, ContentHit, Feature, NameHit, PathStep
from screening.policy.parse import parse_policy
from screening.subjects import digest_of
from screening.watchlist.relations import tie_of

if TYPE_CHECKING:
    from screening.policy.rules import Policy


def clauses_text() -> str:
    """Return the shipped register's text."""
    return (ROOT / "lexicons" / "clauses.toml").read_text(encoding="utf-8")


def policy_text() -> str:
    """Return the shipped policy's text."""
    return (ROOT / "lexicons" / "policy.toml").read_text(encoding="utf-8")


@functools.cache
def shipped_register() -> ClauseRegister:
    """Return the shipped register."""
    return parse_clauses(clauses_text())


@functools.cache
def shipped_policy() -> Policy:
    """Return the shipped policy."""
    return parse_policy(policy_text(), shipped_register())


def content_hit(
    category: str = "gambling",
    *,
    score: float = 1.0,
    severity: int = 3,
    ceiling: Ceiling = Ceiling.AUTO,
    quote: str = "赌*博",
    field: str = "body",
    start: int = 3,
) -> ContentHit:
    """Return a hit in content, by default one that is certain and grave."""
    return ContentHit(
        category=category,
        entry=f"{category}-1",
        term="赌博",
        field="title" if field == "title" else "body",
        start=start,
        end=start + len(quote),
        quote=quote,
        score=score,
        via=("symbols-removed",),
        severity=severity,
        ceiling=ceiling,
    )


def step(
    party: str = "affiliates[0]",
    percent: float | None = 60.0,
    relation: str | None = "owner",
    *,
    name: str = "Ivan Invented",
    circular: bool = False,
    repeated: bool = False,
) -> PathStep:
    """Return a step on the way from an affiliate to the registrant, by default that of an owner of most of it."""
    return PathStep(
        party=party,
        name=name,
        tie=tie_of(relation, percent),
        relation=relation,
        ownership_percent=percent,
        circular=circular,
        repeated=repeated,
    )


def name_hit(
    category: str = "sanctioned-party",
    *,
    score: float = 0.97,
    corroborated: bool = True,
    queried_name: str = "Ivan Invented",
    listed_name: str = "INVENTED, Ivan",
    entry: str = "1",
    path: tuple[PathStep, ...] | None = None,
    compared: str = "",
) -> NameHit:
    """Return a hit among names, by default one that is certain and corroborated, of an affiliate that owns most.

    `compared` stands for what else than the names was compared on the registrant's side.
    """
    affiliate = None
    if category == "sanctioned-affiliate":
        path = (step(name=queried_name),) if path is None else path
        affiliate = AffiliateRef(index=0, name=queried_name, place="affiliates[0]")
    return NameHit(
        category=category,
        source="sample",
        entry=entry,
        programmes=("SAMPLE",),
        listed_name=listed_name,
        queried_name=queried_name,
        party="affiliate" if affiliate else "registrant",
        affiliate=affiliate,
        path=path or (),
        score=score,
        corroborated=corroborated,
        features=(
            Feature(name="name", score=score, query=queried_name, candidate=listed_name),
            Feature(name="birth_date", score=1.0, query="1971-02-03", candidate="1971-02-03"),
        ),
        queried_digest=digest_of((queried_name, compared, path)),
        entry_digest=digest_of(listed_name),
    )
