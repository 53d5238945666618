"""The screeners: immutable lists and rules in, one result for each subject out, in the same order.

`ENGINE` names the way of judging. It changes with every release that may judge the same input with the same versions
differently, and its change is an activation like that of a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screening.decisions import Input, Result, Versions, result_name
from screening.evidence import content_order, name_order
from screening.lexicon.matcher import Budget, Findings
from screening.policy.adjudicate import adjudicate, with_ownership
from screening.subjects import Content, Ended, content_digest, digest_of, ended_digest, registrant_digest
from screening.text.html import readable
from screening.text.media import media
from screening.watchlist.unread import unread_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.evidence import NameHit
    from screening.lexicon.matcher import ContentMatcher
    from screening.lexicon.scorer import Scorer
    from screening.policy.rules import Policy
    from screening.subjects import Registrant
    from screening.watchlist.matcher import NameMatcher
    from screening.watchlist.territory_matcher import TerritoryMatcher

ENGINE: Final = "3"

BUDGET: Final = Budget(characters=11_000_000, candidates=50_000)
"""The most work for one field. No text of a record that the log takes is longer than the first; the second is reached
only by floods, some second of work, of which a person then sees what was not looked at. Counted, so that the same text
always ends the same way."""


def content_versions(policy_digest: str, lexicon_digest: str) -> Versions:
    """Return what stands on a content's result."""
    return Versions(engine=ENGINE, policy=policy_digest, lexicon=lexicon_digest)


def registration_versions(policy_digest: str, watchlists: Mapping[str, str]) -> Versions:
    """Return what stands on a registration's result; `watchlists` is source → digest."""
    named = dict(sorted(watchlists.items()))
    return Versions(engine=ENGINE, policy=policy_digest, watchlist=digest_of(list(named.items())), watchlists=named)


class ContentScreener:
    """Judges contents with one lexicon under one policy.

    Args:
        matcher: finds the lexicon's terms.
        policy: says what follows from hits.
        versions: what to write on each result.
        scorer: the second opinion, if there is to be one; it is part of the engine.
    """

    def __init__(
        self, matcher: ContentMatcher, policy: Policy, versions: Versions, scorer: Scorer | None = None
    ) -> None:
        self._matcher = matcher
        self._scorer = scorer
        self._policy = policy
        self.versions = versions

    def screen(self, subjects: Sequence[Content | Ended]) -> list[Result]:
        """Return one result for each subject, in order; the results do not depend on what else is in the batch."""
        found = iter(self._find([subject for subject in subjects if isinstance(subject, Content)]))
        return [
            _ended(subject, self.versions) if isinstance(subject, Ended) else self._judge(subject, next(found))
            for subject in subjects
        ]

    def _find(self, contents: Sequence[Content]) -> list[Findings]:
        found = self._matcher.screen(contents, BUDGET)
        if self._scorer is None:
            return found
        seconds = self._scorer.find(contents)
        return [
            Findings(tuple(sorted((*one.hits, *second), key=content_order)), one.unscreened) if second else one
            for one, second in zip(found, seconds, strict=True)
        ]

    def _judge(self, content: Content, findings: Findings) -> Result:
        hits = findings.hits
        unscreened = (*_unscreened(content), *findings.unscreened)
        # Only beside something unread does it matter whether there was anything to read.
        judgement = adjudicate(hits, unscreened, self._policy, readable=not unscreened or is_readable(content))
        digest = content_digest(content)
        return Result(
            result_id=result_name("content", content.account_id, content.id, digest, self.versions),
            subject="content",
            id=content.id,
            account_id=content.account_id,
            verdict=judgement.verdict,
            grounds=judgement.grounds,
            hits=hits,
            unscreened=unscreened,
            input=Input(digest=digest),
            versions=self.versions,
        )


class RegistrationScreener:
    """Judges registrants and their affiliates against sanctions lists under one policy.

    Args:
        matcher: finds listed parties.
        policy: says what follows from hits.
        versions: what to write on each result.
        territories: finds ties to places under embargo, if a list of them is active.
    """

    def __init__(
        self, matcher: NameMatcher, policy: Policy, versions: Versions, territories: TerritoryMatcher | None = None
    ) -> None:
        self._matcher = matcher
        self._territories = territories
        self._policy = policy
        self.versions = versions

    def screen(self, subjects: Sequence[Registrant | Ended]) -> list[Result]:
        """Return one result for each subject, in order; the results do not depend on what else is in the batch."""
        found = iter(self._matcher.find([subject for subject in subjects if not isinstance(subject, Ended)]))
        return [
            _ended(subject, self.versions) if isinstance(subject, Ended) else self._judge(subject, next(found))
            for subject in subjects
        ]

    def _judge(self, registrant: Registrant, hits: tuple[NameHit, ...]) -> Result:
        hits = with_ownership(hits, self._policy)
        if self._territories is not None and (tied := self._territories.find(registrant)):
            hits = tuple(sorted((*hits, *tied), key=name_order))
        unscreened = unread_names(registrant)
        judgement = adjudicate(hits, unscreened, self._policy, readable="name" not in unscreened)
        digest = registrant_digest(registrant)
        account = registrant.account_id
        return Result(
            result_id=result_name("registration", account, account, digest, self.versions),
            subject="registration",
            id=account,
            account_id=account,
            verdict=judgement.verdict,
            grounds=judgement.grounds,
            hits=hits,
            unscreened=unscreened,
            input=Input(digest=digest),
            versions=self.versions,
        )


def _unscreened(content: Content) -> tuple[str, ...]:
    """Name what no lexicon can read: what markup shows beside text, and attachments, by place and kind."""
    shown: list[str] = []
    if content.format == "html":
        for name, source in (("title", content.title), ("body", content.body)):
            shown += [f"{name}:{kind}" for kind in media(source or "")]
    attached = (f"attachments[{index}]:{held.kind}" for index, held in enumerate(content.attachments))
    return (*shown, *attached)


def is_readable(content: Content) -> bool:
    """Say whether there is a letter or digit left to read, markup apart."""
    texts = [text for text in (content.title, content.body) if text]
    shown = [readable(text).text for text in texts] if content.format == "html" else texts
    return any(letter.isalnum() for text in shown for letter in text)


def _ended(ended: Ended, versions: Versions) -> Result:
    digest = ended_digest(ended)
    return Result(
        result_id=result_name(ended.subject, ended.account_id, ended.id, digest, versions),
        subject=ended.subject,
        id=ended.id,
        account_id=ended.account_id,
        verdict=None,
        grounds=(),
        hits=(),
        unscreened=(),
        input=Input(digest=digest),
        versions=versions,
        ended=True,
    )
