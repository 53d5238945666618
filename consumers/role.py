"""What every stream role is to the worker: a name, topics to read, and what follows from a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.log.port import Batch, Outgoing, Position, TopicPartition


@dataclass(frozen=True, slots=True)
class Processed:
    """What follows from a batch: outputs in order, and the notes to commit with each partition's position."""

    outputs: tuple[Outgoing, ...] = ()
    notes: Mapping[TopicPartition, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something a role or worker did, for whoever counts or shows it; never content, never names."""

    role: str
    what: str
    count: int = 1


Observer: TypeAlias = Callable[[Happened], None]


class Role(Protocol):
    """One stage of the stream."""

    @property
    def name(self) -> str:
        """The role's name, also of its group."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics it reads."""

    def ready(self) -> str | None:
        """Return None where it can start, or what it waits for."""

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Return what follows from a batch. The same batch again gives the same outputs.

        Raises:
            Retry: not yet; the batch is to be read again.
        """
