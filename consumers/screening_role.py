"""What the roles `content` and `registrations` share: subjects in, results out, without memory.

The promise: each record gives exactly one result or one dead letter, in the record's transaction. A crash before the
commit leaves nothing; the records are read and judged again, by the same versions, with the same result names.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from consumers import topics, wire
from consumers.activations import Activations, InForce
from consumers.dead_letter import dead_letter
from consumers.dead_letter_limit import DeadLetterLimit
from consumers.happenings import Arrived, Happened
from consumers.log.port import Outgoing
from consumers.origins import origin_of_event
from consumers.role import Processed
from consumers.tallies import judged as tallied
from screening.errors import SubjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.activations import Activation
    from consumers.happenings import Observer
    from consumers.log.port import Batch, Position, Record, TopicPartition
    from consumers.origins import Origin
    from screening.decisions import Result
    from screening.subjects import Ended

_S = TypeVar("_S")
_S_contra = TypeVar("_S_contra", contravariant=True)


class Screener(Protocol[_S_contra]):
    """Judges subjects with one set of versions."""

    def screen(self, subjects: Sequence[_S_contra | Ended]) -> list[Result]:
        """Return one result for each subject, in order."""


@dataclass(frozen=True, slots=True)
class _Read(Generic[_S]):
    """A record that was read: its place in the batch, and what it holds."""

    place: int
    record: Record
    subject: _S | Ended
    origin: Origin


class ScreeningRole(Generic[_S]):
    """Judges one topic's subjects with the versions that the log says are in force.

    Args:
        name: the role's name.
        topic: what it reads.
        decode: reads a record's key and value.
        screener: makes the screener of an activation; called once for each activation met.
        activations: the activations; the first that is enough serves before any marker.
        waits_for: what is said while none is.
        tell: is told what happened.
        limit: how many dead letters are borne; any number where None.
    """

    def __init__(  # noqa: PLR0913 - the role is wired from these
        self,
        name: str,
        topic: str,
        *,
        decode: Callable[[bytes | None, bytes | None], _S | Ended],
        screener: Callable[[Activation], Screener[_S]],
        activations: Activations,
        waits_for: str,
        tell: Observer,
        limit: DeadLetterLimit | None = None,
    ) -> None:
        self.name = name
        self.topics = (topic,)
        self._decode = decode
        self._make = screener
        self._activations = activations
        self._in_force = InForce(activations)
        self._waits_for = waits_for
        self._tell = tell
        self._limit = limit or DeadLetterLimit(name)
        self._screeners: dict[int, Screener[_S]] = {}

    def ready(self) -> str | None:
        """Return None once an activation is enough, else what is waited for."""
        return self._waits_for if self._activations.first() is None else None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Return a result or a dead letter for each record that is no marker, in the order of the records."""
        judged, notes = self._in_force.walk(batch, assigned)
        outputs: list[Outgoing | None] = [None] * len(judged)
        groups: dict[int, list[_Read[_S]]] = defaultdict(list)
        by_number: dict[int, Activation] = {}
        for place, (record, activation) in enumerate(judged):
            try:
                subject = self._decode(record.key, record.value)
            except SubjectError as error:
                outputs[place] = dead_letter(record, self.name, str(error))
            else:
                groups[activation.number].append(_Read(place, record, subject, _origin(record, subject)))
                by_number[activation.number] = activation
        told: list[Result] = []
        seconds = 0.0
        for number, group in groups.items():
            screener = self._screener(by_number[number])
            began = time.perf_counter()
            results = self._screen(screener, group)
            seconds += time.perf_counter() - began
            for one, result in zip(group, results, strict=True):
                if isinstance(result, str):
                    outputs[one.place] = dead_letter(one.record, self.name, result)
                else:
                    outputs[one.place] = _output(one, result, by_number[number])
                    told.append(result)
        arrived = self._arrived([one.origin for group in groups.values() for one in group])
        happened = (tallied(self.name, told, seconds), arrived)
        sent = tuple([output for output in outputs if output is not None])
        self._limit.check((record for record, _ in judged), sent)
        return Processed(sent, notes, happened)

    def _screen(self, screener: Screener[_S], group: list[_Read[_S]]) -> list[Result | str]:
        """Return the result of each subject, or why there is none."""
        try:
            return list(screener.screen([one.subject for one in group]))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - what one subject does to the screener must not keep the others waiting
            if len(group) > 1:
                return [result for one in group for result in self._screen(screener, [one])]
            return [f"screening failed: {type(error).__name__}: {error}"]

    def _arrived(self, origins: Sequence[Origin]) -> Arrived:
        published = tuple([one.published for one in origins if one.published is not None])
        appended = tuple([one.appended for one in origins if one.appended is not None])
        return Arrived(self.name, self.topics[0], published, appended)

    def _screener(self, activation: Activation) -> Screener[_S]:
        if activation.number not in self._screeners:
            # Partitions may lag: keep the two newest, as building one takes seconds and holds the lists in memory.
            for old in sorted(self._screeners)[:-1]:
                del self._screeners[old]
            self._screeners[activation.number] = self._make(activation)
            self._tell(Happened(self.name, f"judges by activation {activation.number}"))
        return self._screeners[activation.number]


def _output(one: _Read[_S], result: Result, activation: Activation) -> Outgoing:
    record = one.record
    placed = msgspec.structs.replace(result.input, topic=record.topic, partition=record.partition, offset=record.offset)
    placed_result = msgspec.structs.replace(result, input=placed, activation=activation.number)
    headers = wire.result_headers(one.origin.traceparent, one.origin)
    return Outgoing(topics.RESULTS, result.account_id.encode(), wire.encode(placed_result), headers)


def _origin(record: Record, subject: object) -> Origin:
    published = getattr(subject, "published_at", None) or getattr(subject, "registered_at", None)
    return origin_of_event(record, published)
