"""What the roles `content` and `registrations` share: subjects in, results out, without memory.

The promise: each record gives exactly one result or one dead letter, in the record's transaction. A crash before the
commit leaves nothing; the records are read and judged again, by the same versions, with the same result names.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from consumers import topics, wire
from consumers.activations import Activations, InForce
from consumers.dead_letter import dead_letter
from consumers.dead_letter_limit import DeadLetterLimit
from consumers.log.port import Outgoing
from consumers.role import Happened, Processed
from screening.errors import SubjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.activations import Activation
    from consumers.log.port import Batch, Position, Record, TopicPartition
    from consumers.role import Observer
    from screening.decisions import Result
    from screening.subjects import Ended

_S = TypeVar("_S")
_S_contra = TypeVar("_S_contra", contravariant=True)


class Screener(Protocol[_S_contra]):
    """Judges subjects with one set of versions."""

    def screen(self, subjects: Sequence[_S_contra | Ended]) -> list[Result]:
        """Return one result for each subject, in order."""


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
        groups: dict[int, list[tuple[int, Record, _S | Ended]]] = defaultdict(list)
        by_number: dict[int, Activation] = {}
        for place, (record, activation) in enumerate(judged):
            try:
                subject = self._decode(record.key, record.value)
            except SubjectError as error:
                outputs[place] = self._refused(record, str(error))
            else:
                groups[activation.number].append((place, record, subject))
                by_number[activation.number] = activation
        for number, group in groups.items():
            screened = self._screen(by_number[number], [(record, subject) for _, record, subject in group])
            for (place, _, _), output in zip(group, screened, strict=True):
                outputs[place] = output
        sent = tuple(output for output in outputs if output is not None)
        self._limit.check((record for record, _ in judged), sent)
        return Processed(sent, notes)

    def _screen(self, activation: Activation, group: list[tuple[Record, _S | Ended]]) -> list[Outgoing]:
        screener = self._screener(activation)
        try:
            results = screener.screen([subject for _, subject in group])
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - what one subject does to the screener must not keep the others waiting
            if len(group) > 1:
                return [output for one in group for output in self._screen(activation, [one])]
            failure = f"screening failed: {type(error).__name__}: {error}"
            return [self._refused(group[0][0], failure)]
        return [self._output(record, result, activation) for (record, _), result in zip(group, results, strict=True)]

    def _output(self, record: Record, result: Result, activation: Activation) -> Outgoing:
        placed = msgspec.structs.replace(
            result.input, topic=record.topic, partition=record.partition, offset=record.offset
        )
        placed_result = msgspec.structs.replace(result, input=placed, activation=activation.number)
        self._tell(Happened(self.name, "ended" if result.verdict is None else result.verdict.value))
        headers = wire.result_headers(record.header("traceparent"))
        return Outgoing(topics.RESULTS, result.account_id.encode(), wire.encode(placed_result), headers)

    def _refused(self, record: Record, error: str) -> Outgoing:
        self._tell(Happened(self.name, "dead-letter"))
        return dead_letter(record, self.name, error)

    def _screener(self, activation: Activation) -> Screener[_S]:
        if activation.number not in self._screeners:
            # Partitions may lag: keep the two newest, as building one takes seconds and holds the lists in memory.
            for old in sorted(self._screeners)[:-1]:
                del self._screeners[old]
            self._screeners[activation.number] = self._make(activation)
        return self._screeners[activation.number]
