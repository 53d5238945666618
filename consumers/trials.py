"""Versions on trial: a lexicon, lists, a policy or limits in the place of those in force, without activating them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from consumers import lexicons, policies, snapshots, watchlists
from consumers.activations import Activation
from consumers.faults import Exit, Refused
from consumers.screeners import Screeners
from consumers.wiring import now, segmenter
from screening.pipeline import ENGINE
from screening.watchlist.parties import counts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.ledger.port import SubjectName, Version, VersionKind
    from consumers.wiring import Installation
    from screening.differences import Differences


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be tried, as it was asked for.

    Attributes:
        lexicon: a folder or file, the digest of a kept version, `active` or `shipped`.
        watchlists: of each list a kept version by its name, or `SOURCE=PATH`.
        policy: a file, a folder, the digest of a kept version or `shipped`.
        thresholds: limits of certainty, as `SECTION.NAME=VALUE`, over that policy or the one in force.
    """

    lexicon: str | None = None
    watchlists: tuple[str, ...] = ()
    policy: str | None = None
    thresholds: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing was asked for."""
        return self == Asked()


@dataclass(frozen=True, slots=True)
class Trial:
    """Versions that take the place of those in force; None where those in force stay."""

    lexicon: Version | None = None
    policy: Version | None = None
    watchlists: Mapping[str, Version] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version on trial."""
        named = (self.policy, self.lexicon, *(one for _, one in sorted(self.watchlists.items())))
        return tuple(one for one in named if one is not None)

    @property
    def subjects(self) -> tuple[SubjectName, ...]:
        """The kinds of subject that are judged by what is on trial."""
        kinds: list[SubjectName] = []
        if self.policy is not None or self.watchlists:
            kinds.append("registration")
        if self.policy is not None or self.lexicon is not None:
            kinds.append("content")
        return tuple(kinds)

    def on(self, activation: Activation) -> Activation:
        """Return an activation with what is on trial in the place of what it names."""
        return tried(
            activation,
            policy=None if self.policy is None else self.policy.digest,
            lexicon=None if self.lexicon is None else self.lexicon.digest,
            watchlists={source: one.digest for source, one in self.watchlists.items()},
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """One version that is on trial, and the one in whose place: digests, None where there is none."""

    kind: VersionKind
    source: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a trial showed.

    Attributes:
        way: on what stands, or on what comes in.
        moved: what was on trial.
        parts: kind of subject → what is judged differently.
        began_at: when it began, RFC 3339.
        seen_at: up to when, RFC 3339.
        name: that of a shadow.
    """

    way: Literal["backtest", "shadow"]
    moved: tuple[Moved, ...]
    parts: Mapping[SubjectName, Differences]
    began_at: str
    seen_at: str
    name: str = ""


def tried(
    activation: Activation, *, policy: str | None, lexicon: str | None, watchlists: Mapping[str, str]
) -> Activation:
    """Return an activation with some versions, by digest, in the place of those it names."""
    return msgspec.structs.replace(
        activation,
        policy=policy or activation.policy,
        lexicon=lexicon or activation.lexicon,
        watchlists=activation.watchlists | dict(watchlists),
    )


def trial_of(installation: Installation, asked: Asked) -> Trial:
    """Read what is to be tried; nothing is kept or activated.

    Raises:
        Refused: nothing was asked for, or there is no such version.
        ScreeningError: with every fault of a file.
    """
    if asked.nothing:
        raise Refused(
            "found nothing to try, expected --lexicon, --watchlist, --policy or --threshold with what is to be tried",
            Exit.USAGE,
        )
    judged = lexicons.judging(installation)
    chosen = None if asked.lexicon is None else lexicons.candidate(installation, judged, asked.lexicon)
    lists = [_list(installation, name) for name in asked.watchlists]
    if len({one.source for one in lists}) < len(lists):
        raise Refused("--watchlist: found two versions of one source, expected one of each", Exit.USAGE)
    return Trial(
        lexicon=None if chosen is None else chosen.version,
        policy=_policy(installation, judged.policy, asked),
        watchlists={one.source: one for one in lists},
    )


def in_force(installation: Installation) -> Activation:
    """Return what judges now; what came with the release where nothing was activated yet."""
    judged = lexicons.judging(installation)
    if judged.activation is not None:
        return judged.activation
    return Activation(
        activation_id="", kind="shipped", engine=ENGINE, policy=judged.policy.digest, lexicon=judged.lexicon.digest,
        watchlists={}, shipped=True, by="", reason="", at=now().isoformat(),
    )  # fmt: skip


def moved(before: Activation, after: Activation) -> tuple[Moved, ...]:
    """Return what differs between what is in force and what is tried."""
    pairs: list[tuple[VersionKind, str, str | None, str]] = [
        ("policy", "", before.policy, after.policy),
        ("lexicon", "", before.lexicon, after.lexicon),
        *(
            ("watchlist", source, before.watchlists.get(source), one)
            for source, one in sorted(after.watchlists.items())
        ),
    ]
    return tuple(Moved(kind, source, old, new) for kind, source, old, new in pairs if old != new)


def screeners_of(installation: Installation, versions: Sequence[Version]) -> Screeners:
    """Return what builds screeners from kept versions, and from some that need not be kept."""
    fetch = _fetching(installation.version, versions)
    return Screeners(fetch, segmenter, installation.compiled.looking(), installation.compiled_lists.looking())


def _fetching(
    kept: Callable[[VersionKind, str], Version], versions: Sequence[Version]
) -> Callable[[VersionKind, str], Version]:
    held = {(one.kind, one.digest): one for one in versions}

    def fetch(kind: VersionKind, digest: str) -> Version:
        return held.get((kind, digest)) or kept(kind, digest)

    return fetch


def _list(installation: Installation, name: str) -> Version:
    source, equals, path = name.partition("=")
    if not equals:
        digest = watchlists.named_version(installation, name)
        return installation.version("watchlist", digest)
    watchlists.check_source(source)
    if source.partition(":")[0] == "csv":
        raise Refused(
            f"--watchlist: found files for {source}, expected a kept version: only `screening watchlist import {source}"
            " PATH --mapping FILE --hold` can say which column is what",
            Exit.USAGE,
        )
    with watchlists.opened(installation.settings, path) as (files, origin):
        parsed = watchlists.parse(source, files)
    if counts_of(parsed.parties).entries == 0:
        raise Refused(f"{path}: found no listed party, expected a list: an empty one would release everybody")
    return snapshots.watchlist_version(source, parsed.parties, {"from": origin.place})


def _policy(installation: Installation, held: Version, asked: Asked) -> Version | None:
    if asked.policy is None and not asked.thresholds:
        return None
    return policies.named(installation, held, asked.policy, asked.thresholds)
