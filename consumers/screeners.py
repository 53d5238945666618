"""Screeners for an activation: its versions are fetched by digest, read and built, and kept while they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers import shipped, snapshots
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.scorer import Scorer, read_weights
from screening.pipeline import ContentScreener, RegistrationScreener, content_versions, registration_versions
from screening.touched import MetRegistrants, TouchedContents, TouchedRegistrants
from screening.watchlist.ready import ReadyLists

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consumers.activations import Activation
    from consumers.compiled_lexicons import CompiledLexicons
    from consumers.compiled_lists import CompiledLists
    from consumers.ledger.port import Version, VersionKind
    from screening.lexicon.compiled import Compiled
    from screening.lexicon.entries import Lexicon
    from screening.policy.rules import Policy
    from screening.text.segment import Segmenter
    from screening.watchlist.parties import ListedParty


def second_opinion(policy: Policy) -> Scorer:
    """Return the scorer that came with the release; it is part of the engine, not of a lexicon."""
    weights = read_weights(shipped.shipped_weights())
    return Scorer(weights, frozenset(category.slug for category in policy.register.categories))


class Screeners:
    """Builds screeners from kept versions.

    Args:
        version: fetches a version by kind and digest.
        segmenter: makes the word segmenter, on first use, for it reads a dictionary.
        kept: lexicons that were compiled before; None where each is compiled.
        kept_lists: sanctions lists that were made ready before; None where all are made ready.
    """

    def __init__(
        self,
        version: Callable[[VersionKind, str], Version],
        segmenter: Callable[[], Segmenter],
        kept: CompiledLexicons | None = None,
        kept_lists: CompiledLists | None = None,
    ) -> None:
        self._version = version
        self._segmenter = segmenter
        self._kept = kept
        self._kept_lists = kept_lists
        self._policies: dict[str, Policy] = {}

    def policy(self, digest: str) -> Policy:
        """Return the policy of a digest."""
        if digest not in self._policies:
            self._policies[digest] = snapshots.read_policy(snapshots.files_of(self._version("policy", digest)))
        return self._policies[digest]

    def content(self, activation: Activation, tell: Callable[[str], None] = lambda _: None) -> ContentScreener:
        """Return the screener of contents under an activation.

        Args:
            activation: names the versions.
            tell: is told in a line what was wrong with a kept compiled lexicon, if anything was.
        """
        policy = self.policy(activation.policy)
        lexicon: Lexicon | Compiled
        if self._kept is None:
            lexicon = self._lexicon(activation)
        else:
            lexicon = self._kept.get(activation.lexicon, lambda: self._lexicon(activation), tell)
        matcher = ContentMatcher(lexicon, self._segmenter())
        versions = content_versions(activation.policy, activation.lexicon)
        return ContentScreener(matcher, policy, versions, second_opinion(policy))

    def registrations(
        self, activation: Activation, tell: Callable[[str], None] = lambda _: None
    ) -> RegistrationScreener:
        """Return the screener of registrations under an activation that has watchlists.

        Args:
            activation: names the versions.
            tell: is told in a line what was wrong with kept lists, if anything was.
        """
        policy = self.policy(activation.policy)
        versions = registration_versions(activation.policy, activation.watchlists)
        ready = self.lists(activation.watchlists, tell)
        return RegistrationScreener(ready.names, policy, versions, ready.territories)

    def lists(self, watchlists: Mapping[str, str], tell: Callable[[str], None] = lambda _: None) -> ReadyLists:
        """Return sanctions lists, ready to be searched.

        Args:
            watchlists: source → digest of the version.
            tell: is told in a line what was wrong with kept lists, if anything was.
        """
        if self._kept_lists is None:
            return ReadyLists(self._parties(watchlists))
        digest = registration_versions("", watchlists).watchlist
        return self._kept_lists.get(str(digest), lambda: self._parties(watchlists), tell)

    def touched_contents(self, old: Activation, new: Activation) -> TouchedContents:
        """Return what says which contents the change from one activation to another concerns."""
        return TouchedContents(self._lexicon(old), self._lexicon(new), self._segmenter())

    def touched_registrants(self, old: Activation, new: Activation) -> TouchedRegistrants:
        """Return what says which registrants the change from one activation to another concerns."""
        return TouchedRegistrants(self._parties(old.watchlists), self._parties(new.watchlists))

    def met_registrants(self, old: Activation, new: Activation) -> MetRegistrants:
        """Return what says whom the change from one activation to another may concern, whatever hits they had."""
        return MetRegistrants(self._parties(old.watchlists), self._parties(new.watchlists))

    def _lexicon(self, activation: Activation) -> Lexicon:
        files = snapshots.files_of(self._version("lexicon", activation.lexicon))
        return snapshots.read_lexicon(files, self.policy(activation.policy))

    def _parties(self, watchlists: Mapping[str, str]) -> dict[str, tuple[ListedParty, ...]]:
        return {
            source: snapshots.parties_of(self._version("watchlist", digest))
            for source, digest in sorted(watchlists.items())
        }
