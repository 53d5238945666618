"""Deciding about dead letters: replaying one as a new event, once, or discarding it.

The promise: the new event and the note that the letter was replayed become visible together or not at all, and only
where nothing newer stands for the same subject. What stands is asked of the log: the partition is read from the letter
on, and once more inside the open transaction up to the place that the new event takes, so that nothing can come
between. A crash before the commit leaves nothing; one after it leaves both.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consumers import topics, wire
from consumers.letter_decisions import WRITER, LetterDecision, LetterDecisions
from consumers.log.outgoing import partition_of
from consumers.log.port import Outgoing, RecordTooLarge, Retry, TopicPartition, TopicSpec
from screening.decisions import Directive
from screening.errors import SubjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from consumers.dead_letter import Letter
    from consumers.log.port import Log

REPLAY_OF: Final = "replay-of"
"""The header of a replayed event that names the letter."""

_AT_ONCE: Final = 50
"""Letters in one transaction: each costs the embedded log two writes to disk, and 15 s is what a transaction has."""

_TRIES: Final = 5
"""How often something newer may come between the look and the commit before a person is asked to try again."""

Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a letter; `why` says it of one that was refused."""

    letter: str
    outcome: str
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Replay:
    letter: Letter
    outgoing: Outgoing
    place: TopicPartition
    subject: Subject
    mended: bool


class _Overtaken(Exception):
    """Something newer, or another decision, came between the look and the commit."""


class Replays:
    """Decides about letters.

    Args:
        log: the log, with its topics made.
        by: who decides.
        clock: returns the time, aware of its zone.
    """

    def __init__(self, log: Log, *, by: str, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._by = by
        self._clock = clock
        self._decisions = LetterDecisions(log)

    def replay(self, letters: Sequence[Letter], mended: Outgoing | None = None, reason: str = "") -> list[Told]:
        """Replay letters as new events on their topics.

        Args:
            letters: which; those that stand for one subject go out in the order in which their records stood.
            mended: of a single letter, the event in its place.
            reason: why, for the record.
        """
        self._decisions.read()
        told: dict[str, Told] = {}
        wanted: list[_Replay] = []
        for letter in sorted(letters, key=lambda one: (one.place, one.offset)):
            try:
                wanted.append(self._prepared(letter, mended))
            except (SubjectError, RecordTooLarge, ValueError) as error:
                told[letter.id] = Told(letter.id, "refused", why=str(error))
        for start in range(0, len(wanted), _AT_ONCE):
            told |= self._sent(wanted[start : start + _AT_ONCE], reason)
        return [told[letter.id] for letter in letters]

    def discard(self, letters: Sequence[Letter], reason: str) -> list[Told]:
        """Note that nothing is to be done about letters; they stay where they are."""
        told: dict[str, Told] = {}
        for start in range(0, len(letters), _AT_ONCE):
            part = letters[start : start + _AT_ONCE]
            with self._log.appending(WRITER, _dedupe("discard", part)) as appending:
                self._decisions.read()
                for letter in part:
                    before = self._decisions.of(letter)
                    if before is not None:
                        told[letter.id] = _refused(letter, f"decided already: {before.told()}")
                        continue
                    appending.send(self._decision(letter, "discarded", reason).outgoing())
                    told[letter.id] = Told(letter.id, "discarded")
        return [told[letter.id] for letter in letters]

    def _prepared(self, letter: Letter, mended: Outgoing | None) -> _Replay:
        """Return what is to go out.

        Raises:
            SubjectError: it still cannot be read.
            RecordTooLarge: the note of where it came from has no room in it.
            ValueError: its topic takes no replays.
        """
        topic = letter.place.topic
        if topic not in topics.INPUTS:
            raise ValueError(f"found a record of {topic}, expected one of {', '.join(topics.INPUTS)}")
        event = mended or Outgoing(topic, letter.record.key, letter.record.value)
        ours = {name for name, _ in event.headers} | {REPLAY_OF}
        kept = tuple(header for header in letter.headers if header[0] not in ours)
        headers = (*kept, *event.headers, (REPLAY_OF, letter.id.encode()))
        outgoing = Outgoing(topic, event.key, event.value, headers)
        subject = subject_of(topic, event.key, event.value)
        partition = partition_of(outgoing, TopicSpec(topic, self._log.partitions(topic), most_bytes=_most(topic)))
        return _Replay(letter, outgoing, TopicPartition(topic, partition), subject, mended is not None)

    def _sent(self, wanted: Sequence[_Replay], reason: str) -> dict[str, Told]:
        for _ in range(_TRIES):
            told: dict[str, Told] = {}
            self._decisions.read()
            seen = _Newer(self._log, wanted)
            seen.read_to({place: self._log.bounds(place.topic)[place.partition][1] for place in seen.places})
            going = []
            for one in wanted:
                why = self._speaks_against(one, seen)
                if why:
                    told[one.letter.id] = _refused(one.letter, why)
                else:
                    going.append(one)
            if not going:
                return told
            try:
                return told | self._committed(going, seen, reason)
            except (_Overtaken, Retry):
                continue
        why = "newer events for the same subjects kept coming; try again"
        return {one.letter.id: _refused(one.letter, why) for one in wanted}

    def _committed(self, going: Sequence[_Replay], seen: _Newer, reason: str) -> dict[str, Told]:
        with self._log.appending(WRITER, _dedupe("replay", [one.letter for one in going])) as appending:
            if appending.repeated:
                raise _Overtaken
            told: dict[str, Told] = {}
            first: dict[TopicPartition, int] = {}
            decided: list[LetterDecision] = []
            for one in going:
                offset = appending.send(one.outgoing).offset
                first.setdefault(one.place, offset)
                topic, partition = one.place.topic, one.place.partition
                told[one.letter.id] = Told(one.letter.id, "replayed", topic, partition, offset)
                decided.append(self._decision(one.letter, "replayed", reason, one, offset))
            self._decisions.read()
            seen.read_to(first)
            if any(self._speaks_against(one, seen) for one in going):
                raise _Overtaken
            for decision in decided:
                appending.send(decision.outgoing())
        return told

    def _speaks_against(self, one: _Replay, seen: _Newer) -> str:
        before = self._decisions.of(one.letter)
        if before is not None and before.decision == "replayed":
            return f"decided already: {before.told()}"
        newer = seen.of(one)
        if newer is None:
            return ""
        return f"something newer stands for the same subject: {one.place.topic} {one.place.partition}:{newer}"

    def _decision(
        self, letter: Letter, decision: str, reason: str, replay: _Replay | None = None, offset: int | None = None
    ) -> LetterDecision:
        return LetterDecision(
            letter=letter.id,
            digest=letter.digest,
            decision="discarded" if decision == "discarded" else "replayed",
            by=self._by,
            reason=reason,
            at=self._clock().isoformat(timespec="seconds"),
            mended=replay is not None and replay.mended,
            topic=None if replay is None else replay.place.topic,
            partition=None if replay is None else replay.place.partition,
            offset=offset,
        )


class _Newer:
    """The newest readable record of each subject wanted, behind the letters; read on in steps.

    A letter whose record stood in another partition, under a wrong key, shares no order with what stands where it
    goes: there everything with a later time is newer, read from the beginning.
    """

    def __init__(self, log: Log, wanted: Sequence[_Replay]) -> None:
        self._log = log
        self._keys: dict[TopicPartition, dict[bytes | None, set[Subject]]] = defaultdict(lambda: defaultdict(set))
        self._next: dict[TopicPartition, int] = {}
        self._found: dict[tuple[TopicPartition, Subject], tuple[int, int]] = {}
        for one in wanted:
            self._keys[one.place][one.outgoing.key].add(one.subject)
            start = one.letter.offset + 1 if one.place == one.letter.place else 0
            self._next[one.place] = min(start, self._next.get(one.place, start))

    @property
    def places(self) -> tuple[TopicPartition, ...]:
        """The partitions looked at."""
        return tuple(self._next)

    def read_to(self, ends: dict[TopicPartition, int]) -> None:
        """Read on up to some offsets."""
        for place, end in ends.items():
            keys = self._keys[place]
            for record in self._log.read(place.topic, place.partition, self._next[place], end):
                if record.key not in keys:
                    continue
                try:
                    subject = subject_of(place.topic, record.key, record.value)
                except SubjectError:  # a dead letter itself: it does not stand
                    continue
                if subject in keys[record.key]:
                    self._found[place, subject] = (record.offset, record.timestamp)
            self._next[place] = max(self._next[place], end)

    def of(self, one: _Replay) -> int | None:
        """Return the offset of what is newer than a letter's record."""
        found = self._found.get((one.place, one.subject))
        if found is None:
            return None
        offset, timestamp = found
        moved = one.place != one.letter.place
        newer = timestamp >= one.letter.timestamp if moved else offset > one.letter.offset
        return offset if newer else None


def subject_of(topic: str, key: bytes | None, value: bytes | None) -> Subject:
    """Return what a record speaks of: a newer one of the same takes its place.

    Raises:
        SubjectError: it cannot be read.
    """
    if topic == topics.CONTENT:
        content = wire.decode_content(key, value)
        return ("content", content.account_id, content.id)
    if topic == topics.ACCOUNTS:
        return ("registration", wire.decode_registrant(key, value).account_id)
    judged = wire.decode_judged(key, value)
    if isinstance(judged, Directive):
        return ("directive", judged.account_id, judged.target)
    return ("result", judged.account_id, judged.subject, judged.id)


def _most(topic: str) -> int:
    return next(spec.most_bytes for spec in topics.TOPICS if spec.name == topic)


def _refused(letter: Letter, why: str) -> Told:
    return Told(letter.id, "refused", why=why)


def _dedupe(action: str, letters: Sequence[Letter]) -> str:
    return f"{action}:{hashlib.sha256(''.join(_names(letters)).encode()).hexdigest()}"


def _names(letters: Sequence[Letter]) -> Iterator[str]:
    return (f"{letter.id} {letter.digest} " for letter in letters)
