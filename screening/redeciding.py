"""What a policy makes of evidence that is on record, without looking for it again.

1. Evidence rests on the engine, on the lexicon or the lists, and on which categories there are: never on a policy's
   limits and rows. So whoever was judged under one policy has the same hits under another of the same categories.
2. Everything is kept that is evidence at all, however far below a policy's limits: names from `NAMES_FROM` on, the
   second opinion from `SECOND_OPINION_FROM` on, and every term. These floors belong to the engine, so that a limit
   below them finds nothing more in a whole pass either; `unreachable` names such limits.
3. What is decided anew is, field by field, the result that a whole pass would give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import msgspec

from screening.decisions import Input, Result, result_name
from screening.lexicon.scorer import EVIDENCE_FROM
from screening.pipeline import is_readable
from screening.policy.adjudicate import adjudicate, with_ownership
from screening.subjects import Content
from screening.watchlist.matcher import FLOOR

if TYPE_CHECKING:
    from screening.decisions import Versions
    from screening.evidence import NameHit
    from screening.policy.rules import Policy
    from screening.subjects import Registrant

NAMES_FROM: Final = FLOOR
"""The least likeness of names that is kept."""

SECOND_OPINION_FROM: Final = EVIDENCE_FROM
"""The least score of the second opinion that is kept."""


def same_evidence(old: Policy, new: Policy) -> bool:
    """Say whether both policies let the same be found: they know the same categories."""
    known, knows = ({category.slug for category in policy.register.categories} for policy in (old, new))
    return known == knows


def has_evidence(result: Result) -> bool:
    """Say whether a policy can make anything but a clear result of what is on record."""
    return bool(result.hits or result.unscreened)


def decided_anew(before: Result, subject: Content | Registrant, policy: Policy, versions: Versions) -> Result:
    """Return the result of judging a subject under another policy.

    Args:
        before: its last result, of the same engine and of a policy with the same categories, with hits that the
            lexicon or the lists in `versions` would give too.
        subject: what was judged.
        policy: what is to be made of the hits.
        versions: what to write on the result.

    Raises:
        ClauseError: a hit's category is not registered.
    """
    hits = before.hits
    if before.subject == "registration":
        hits = with_ownership(cast("tuple[NameHit, ...]", hits), policy)
    judgement = adjudicate(hits, before.unscreened, policy, readable=_is_readable(before, subject))
    return msgspec.structs.replace(
        before,
        result_id=result_name(before.subject, before.account_id, before.id, before.input.digest, versions),
        verdict=judgement.verdict,
        grounds=judgement.grounds,
        hits=hits,
        input=Input(digest=before.input.digest),
        versions=versions,
        activation=None,
    )


def unreachable(policy: Policy, subject: str) -> tuple[str, ...]:
    """Say of the limits of a policy that lie below what is evidence at all that nothing less is ever found.

    Args:
        policy: the policy.
        subject: `content` or `registration`.
    """
    if subject == "content":
        limits = {slug: row.certainty.review_from for slug, row in policy.second_opinion.items()}
        floor, what = SECOND_OPINION_FROM, "what the second opinion is less sure of"
    else:
        limits = {slug: row.certainty.review_from for (slug, severity), row in policy.rows.items() if severity is None}
        floor, what = NAMES_FROM, "what is less alike"
    below = sorted(slug for slug, limit in limits.items() if limit < floor)
    if not below:
        return ()
    limit = f"review_from lies below {floor} for {', '.join(below)}"
    return (f"{limit}, but {what} than that is no evidence: no pass finds it, with matching or without",)


def _is_readable(before: Result, subject: Content | Registrant) -> bool:
    if isinstance(subject, Content):
        return not before.unscreened or is_readable(subject)
    return "name" not in before.unscreened
