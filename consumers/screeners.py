"""Screeners for an activation: its versions are fetched by digest, read and built, and kept while they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers import shipped, snapshots
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.scorer import Scorer, read_weights
from screening.pipeline import ContentScreener, RegistrationScreener, content_versions, registration_versions
from screening.watchlist.matcher import NameMatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from consumers.activations import Activation
    from consumers.ledger.port import Version, VersionKind
    from screening.policy.rules import Policy
    from screening.text.segment import Segmenter


def second_opinion(policy: Policy) -> Scorer:
    """Return the scorer that came with the release; it is part of the engine, not of a lexicon."""
    weights = read_weights(shipped.shipped_weights())
    return Scorer(weights, frozenset(category.slug for category in policy.register.categories))


class Screeners:
    """Builds screeners from kept versions.

    Args:
        version: fetches a version by kind and digest.
        segmenter: makes the word segmenter, on first use, for it reads a dictionary.
    """

    def __init__(self, version: Callable[[VersionKind, str], Version], segmenter: Callable[[], Segmenter]) -> None:
        self._version = version
        self._segmenter = segmenter
        self._policies: dict[str, Policy] = {}

    def policy(self, digest: str) -> Policy:
        """Return the policy of a digest."""
        if digest not in self._policies:
            self._policies[digest] = snapshots.read_policy(snapshots.files_of(self._version("policy", digest)))
        return self._policies[digest]

    def content(self, activation: Activation) -> ContentScreener:
        """Return the screener of contents under an activation."""
        policy = self.policy(activation.policy)
        lexicon = snapshots.read_lexicon(snapshots.files_of(self._version("lexicon", activation.lexicon)), policy)
        matcher = ContentMatcher(lexicon, self._segmenter())
        versions = content_versions(activation.policy, activation.lexicon)
        return ContentScreener(matcher, policy, versions, second_opinion(policy))

    def registrations(self, activation: Activation) -> RegistrationScreener:
        """Return the screener of registrations under an activation that has watchlists."""
        policy = self.policy(activation.policy)
        lists = {
            source: snapshots.parties_of(self._version("watchlist", digest))
            for source, digest in sorted(activation.watchlists.items())
        }
        versions = registration_versions(activation.policy, activation.watchlists)
        return RegistrationScreener(NameMatcher(lists), policy, versions)
