"""What every stream role is to the worker: a name, topics to read, and what follows from a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from consumers.happenings import Happened, Happening, Observer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.log.port import Batch, Outgoing, Position, TopicPartition


@dataclass(frozen=True, slots=True)
class Processed:
    """What follows from a batch.

    Attributes:
        outputs: what to send, in order.
        notes: what to commit with each partition's position.
        happened: what the worker tells once all of it is committed; times are in it, so that no two are alike.
    """

    outputs: tuple[Outgoing, ...] = ()
    notes: Mapping[TopicPartition, str] = field(default_factory=dict)
    happened: tuple[Happening, ...] = field(default=(), compare=False)


__all__ = ["Happened", "Observer", "Processed", "Role"]


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
