"""A batch that remembers under which claim it was read, so that a later claim never vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from consumers.log.port import Batch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.log.port import TopicPartition

StampT = TypeVar("StampT")


@dataclass(frozen=True, slots=True)
class StampedBatch(Batch, Generic[StampT]):
    """What one poll gave, with the adapter's own proof of who could read it then."""

    stamp: StampT | None = None


@dataclass(slots=True)
class Work(Generic[StampT]):
    """The batches that one transaction marks as done."""

    batches: list[StampedBatch[StampT]]
    notes: dict[TopicPartition, str]

    def add(self, batch: Batch, notes: Mapping[TopicPartition, str] | None) -> None:
        """Add a batch.

        Raises:
            ValueError: `poll` did not give it, or a note is for a partition that none of the batches reached.
        """
        if not isinstance(batch, StampedBatch):
            raise ValueError(f"done: found {type(batch).__name__}, expected the very batch that poll gave")  # noqa: TRY004 - a wrong value
        self.batches.append(batch)
        self.notes.update(notes or {})
        strange = [place for place in self.notes if not any(place in one.reached for one in self.batches)]
        if strange:
            raise ValueError(f"done: found a note for {strange[0]}, expected one of the partitions of the batch")

    def reached(self) -> dict[TopicPartition, int]:
        """Return how far the batches reach together."""
        return {place: offset for batch in self.batches for place, offset in batch.reached.items()}
