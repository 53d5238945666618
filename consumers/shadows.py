"""Versions on trial beside those in force, on what comes in: a consumer of its own that reads, compares and counts.

The promise: it writes to no topic, and each record is counted once. It ends a batch in two steps:
1. what was compared and how far it reached are written to the ledger in one transaction;
2. the group's positions are committed on the log.
A crash between them costs a second reading: the ledger says how far it was, and what is below is not counted again.
"""

from __future__ import annotations

import dataclasses
import re
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import msgspec

from consumers import content, registrations, topics, wire
from consumers.activations import Activations, InForce, latest_for
from consumers.comparing import Comparing, conclusions_on
from consumers.faults import Exit, Refused
from consumers.ledger.port import Shadow
from consumers.log.port import Batch, Fatal, Retry, TopicPartition
from consumers.role import Processed
from consumers.run import quiet
from consumers.trials import Report, in_force, moved, tried
from consumers.wiring import group_of, now
from consumers.worker import work
from screening.differences import Differences
from screening.errors import SubjectError
from screening.subjects import Content, Ended, Registrant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.activations import Activation
    from consumers.ledger.port import Applying, SubjectName
    from consumers.log.port import Position, Record
    from consumers.trials import Trial
    from consumers.wiring import Installation
    from screening.policy.standing import SubjectKind

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

_TOPIC: Final[dict[SubjectName, str]] = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}

_POLL_SECONDS: Final = 1.0

_PATIENCE_SECONDS: Final = 120.0
"""How long joining a group may take: longer than a member that died is waited for."""


def shadow_named(installation: Installation, name: str) -> Shadow | None:
    """Return a shadow by its name, or None.

    Raises:
        Refused: it is no name.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"NAME: found {name!r}, expected small letters, digits and -, at most 40", Exit.USAGE)
    if not installation.exists():
        return None
    return next((one for one in installation.ledger.shadows(installation.log.epoch()) if one.name == name), None)


def tries(shadow: Shadow, trial: Trial, subjects: Sequence[SubjectName]) -> bool:
    """Say whether a shadow tries these very versions on these kinds of subject."""
    digests = {source: one.digest for source, one in trial.watchlists.items()}
    named = (
        None if trial.lexicon is None else trial.lexicon.digest,
        None if trial.policy is None else trial.policy.digest,
    )
    same = (shadow.lexicon, shadow.policy) == named and shadow.watchlists == digests
    return same and shadow.subjects == tuple(subjects)


def begin(installation: Installation, name: str, trial: Trial, subjects: Sequence[SubjectName], by: str) -> Shadow:
    """Begin a shadow at the end of what is there, and keep the versions that it tries.

    Args:
        installation: whose log and ledger, prepared.
        name: the shadow's.
        trial: what is on trial.
        subjects: the kinds of subject to judge twice.
        by: who begins it.
    """
    for version in trial.versions:
        installation.ledger.put_version(version)
    at = now().isoformat(timespec="seconds")
    shadow = Shadow(
        name=name,
        lexicon=None if trial.lexicon is None else trial.lexicon.digest,
        policy=None if trial.policy is None else trial.policy.digest,
        watchlists={source: one.digest for source, one in sorted(trial.watchlists.items())},
        subjects=tuple(subjects),
        by=by,
        began_at=at,
        seen_at=at,
        parts={subject: Differences() for subject in subjects},
    )
    read = tuple(_TOPIC[subject] for subject in subjects)
    ends = {
        TopicPartition(topic, partition): end
        for topic in read
        for partition, (_, end) in installation.log.bounds(topic).items()
    }
    # Asked after the ends: what is activated between the two judges a few records early, never for long wrongly.
    force = {topic: latest_for(installation.log, topic) for topic in read}
    notes = {place: "" if (one := force[place.topic]) is None else str(one.number) for place in ends}
    _commit(installation, name, ends, notes)
    with installation.ledger.applying(_consumer(name), installation.log.epoch()) as applying:
        for place in sorted(ends):
            applying.frontier(place)
            applying.advance(place, ends[place], 0)
        applying.keep_shadow(shadow)
    return shadow


def run(installation: Installation, shadow: Shadow, *, drain: bool, stopping: Callable[[], bool]) -> None:
    """Compare what comes in until told to stop, or with `drain` until all that is there has been compared."""
    work(
        installation.log,
        ShadowRole(installation, shadow),
        group=group_of(_consumer(shadow.name)),
        member=_member(installation, shadow.name),
        most=installation.settings.run.batch,
        poll_seconds=installation.settings.run.poll_seconds,
        drain=drain,
        stopping=stopping,
        tell=quiet,
    )


def report_of(installation: Installation, shadow: Shadow) -> Report:
    """Return what a shadow has shown so far."""
    before = in_force(installation)
    after = _tried(shadow, before)
    return Report("shadow", moved(before, after), shadow.parts, shadow.began_at, shadow.seen_at, name=shadow.name)


class ShadowRole:
    """Judges what comes in by the versions in force and by those on trial, and counts what differs.

    Args:
        installation: whose log and ledger; the versions on trial are kept there.
        shadow: what is on trial.
    """

    def __init__(self, installation: Installation, shadow: Shadow) -> None:
        self.name = _consumer(shadow.name)
        self.topics = tuple(_TOPIC[subject] for subject in shadow.subjects)
        self._installation = installation
        self._shadow = shadow
        self._epoch = installation.log.epoch()
        enough: dict[SubjectName, Callable[[Activation], bool]] = {
            "content": lambda _: True,
            "registration": registrations.has_watchlist,
        }
        self._activations = {subject: Activations(installation.log, enough[subject]) for subject in shadow.subjects}
        self._in_force = {subject: InForce(known) for subject, known in self._activations.items()}
        self._comparing: dict[tuple[SubjectName, int], Comparing] = {}

    def ready(self) -> str | None:
        """Return None once something is in force to compare with, else what is waited for."""
        roles = {"content": content.NAME, "registration": registrations.NAME}
        lacking = [roles[subject] for subject, known in self._activations.items() if known.first() is None]
        return f"versions in force for {', '.join(lacking)}" if lacking else None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Compare a batch and keep what differs; nothing is sent."""
        with self._installation.ledger.applying(self.name, self._epoch) as applying:
            frontiers = {place: applying.frontier(place, assigned[place].offset) for place in sorted(batch.reached)}
        notes: dict[TopicPartition, str] = {}
        found: dict[SubjectName, Differences] = {}
        seen: set[tuple[SubjectKind, str, str]] = set()
        for subject in self._shadow.subjects:
            topic = _TOPIC[subject]
            reached = {place: offset for place, offset in batch.reached.items() if place.topic == topic}
            part = Batch(tuple(one for one in batch.records if one.topic == topic), reached)
            judged, at = self._in_force[subject].walk(part, assigned)
            notes |= at
            uncounted = [
                (record, activation)
                for record, activation in judged
                if record.offset >= frontiers[TopicPartition(record.topic, record.partition)]
            ]
            found[subject] = self._compared(subject, uncounted, seen)
        with self._installation.ledger.applying(self.name, self._epoch) as applying:
            self._keep(applying, batch, frontiers, found, seen)
        return Processed(notes=notes)

    def _compared(
        self,
        subject: SubjectName,
        judged: Sequence[tuple[Record, Activation]],
        seen: set[tuple[SubjectKind, str, str]],
    ) -> Differences:
        """Compare records in rounds, each subject once in a round: a revision takes the place of the one before."""
        total = Differences()
        rounds: list[dict[tuple[SubjectKind, str, str], tuple[Content | Registrant | Ended, Activation]]] = []
        turns: Counter[tuple[SubjectKind, str, str]] = Counter()
        for record, activation in judged:
            read = _read(subject, record)
            if read is None:
                total += Differences(looked=1, unreadable=1)
                continue
            name = (subject, read.account_id, read.account_id if isinstance(read, Registrant) else read.id)
            if turns[name] == len(rounds):
                rounds.append({})
            rounds[turns[name]][name] = (read, activation)
            turns[name] += 1
        seen.update(turns)
        for one in rounds:
            total = total.without(one.keys())
            by_activation: dict[int, list[Content | Registrant]] = defaultdict(list)
            activations = {activation.number: activation for _, activation in one.values()}
            for read, activation in one.values():
                if not isinstance(read, Ended):
                    by_activation[activation.number].append(read)
            for number, subjects in by_activation.items():
                total += self._beside(subject, activations[number]).subjects(subjects)
        return total

    def _beside(self, subject: SubjectName, activation: Activation) -> Comparing:
        name = (subject, activation.number)
        if name not in self._comparing:
            # As a role does: the two newest are kept, for partitions may lag.
            for old in sorted(one for one in self._comparing if one[0] == subject)[:-1]:
                del self._comparing[old]
            self._comparing[name] = Comparing(
                self._installation.screeners,
                subject,
                activation,
                _tried(self._shadow, activation),
                conclusions=conclusions_on(self._installation.ledger, subject),
                with_evidence=False,
            )
        return self._comparing[name]

    def _keep(
        self,
        applying: Applying,
        batch: Batch,
        frontiers: Mapping[TopicPartition, int],
        found: Mapping[SubjectName, Differences],
        seen: set[tuple[SubjectKind, str, str]],
    ) -> None:
        for place in sorted(batch.reached):
            if applying.frontier(place) != frontiers[place]:
                raise Retry(f"{place}: another process of this shadow has counted it meanwhile")
        shadow = applying.shadow(self._shadow.name)
        if shadow is None or _trial_of(shadow) != _trial_of(self._shadow):
            raise Fatal(
                f"shadow {self._shadow.name}: found it forgotten or begun anew, expected the one that was begun"
            )
        parts = {
            subject: shadow.parts.get(subject, Differences()).without(seen) + part for subject, part in found.items()
        }
        applying.keep_shadow(
            msgspec.structs.replace(shadow, parts=shadow.parts | parts, seen_at=now().isoformat(timespec="seconds"))
        )
        for place in sorted(batch.reached):
            applying.advance(place, max(frontiers[place], batch.reached[place]), 0)


def _commit(
    installation: Installation, name: str, ends: Mapping[TopicPartition, int], notes: Mapping[TopicPartition, str]
) -> None:
    """Let a shadow's group begin at some offsets, as a member of it, for no other may move its positions."""
    read = tuple(sorted({place.topic for place in ends}))
    session = installation.log.session(group_of(_consumer(name)), read, _member(installation, name))
    deadline = time.monotonic() + _PATIENCE_SECONDS
    try:
        while True:
            batch = session.poll(_POLL_SECONDS, 1)
            if batch.reached.keys() == ends.keys() == session.assigned().keys():
                break
            if time.monotonic() > deadline:
                raise Refused(f"shadow {name}: found another process of this name at work, expected none")
        with session.transaction() as transaction:
            # The stamp stays: it proves that these partitions are ours to move.
            transaction.done(dataclasses.replace(batch, records=(), reached=dict(ends)), notes)
    finally:
        session.close()


def _read(subject: SubjectName, record: Record) -> Content | Registrant | Ended | None:
    try:
        if subject == "content":
            return wire.decode_content(record.key, record.value)
        return wire.decode_registrant(record.key, record.value)
    except SubjectError:
        return None


def _tried(shadow: Shadow, activation: Activation) -> Activation:
    return tried(activation, policy=shadow.policy, lexicon=shadow.lexicon, watchlists=shadow.watchlists)


def _trial_of(shadow: Shadow) -> tuple[object, ...]:
    return shadow.lexicon, shadow.policy, shadow.watchlists, shadow.began_at


def _consumer(name: str) -> str:
    return f"shadow.{name}"


def _member(installation: Installation, name: str) -> str:
    return f"{installation.instance}-shadow-{name}"
