"""The epoch of a log on Kafka: a name that changes when its topics were deleted and made anew.

The topic `screening.epoch` holds the name together with the broker's ids of the topics it was given for. New topics
join it; one that has another id than recorded begins a new epoch.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from consumers.log.kafka_appending import appending
from consumers.log.port import Fatal, Fenced, Outgoing, Retry, TopicSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.log.kafka_appending import Appended
    from consumers.log.kafka_clients import Clients
    from consumers.log.kafka_topics import Topics

EPOCHS = TopicSpec("screening.epoch", 1)
TRIES = 10
"""Processes that start together fence each other here; each that fails makes way for one that writes."""


class Epoch(msgspec.Struct, frozen=True):
    """One record of the topic."""

    epoch: str
    topics: dict[str, str]


@dataclass(slots=True)
class History:
    """Reads and writes the epoch."""

    clients: Clients
    topics: Topics
    appended: Appended

    def current(self, names: Sequence[str] = ()) -> str:
        """Return the epoch, after recording topics that are new and beginning another where one was made anew."""
        for _ in range(TRIES):
            last = self._last()
            if (wanted := self._wanted(last, names)) == last and last is not None:
                return last.epoch
            try:
                with appending(self.clients, self.topics, self.appended, "epoch", None) as opened:
                    last = self._last()
                    wanted = self._wanted(last, names)
                    if wanted != last:
                        opened.send(Outgoing(EPOCHS.name, b"epoch", msgspec.json.encode(wanted)))
            except (Fenced, Retry):
                continue
            return wanted.epoch
        raise Fatal(
            f"epoch: found others writing it {TRIES} times, expected them to end; start fewer processes at once"
        )

    def recorded(self) -> str | None:
        """Return the epoch as it was last recorded, or None where none was."""
        last = self._last()
        return None if last is None else last.epoch

    def _last(self) -> Epoch | None:
        end = self.appended.reading.bounds(EPOCHS.name)[0][1]
        found = None
        for record in self.appended.reading.read(EPOCHS.name, 0, 0, end):
            found = msgspec.json.decode(record.value or b"", type=Epoch)
        return found

    def _wanted(self, last: Epoch | None, names: Sequence[str]) -> Epoch:
        known = {} if last is None else last.topics
        now = {name: found[2] for name, found in self.topics.describe([*known, *names]).items()}
        anew = last is None or any(now.get(name, identity) != identity for name, identity in known.items())
        return Epoch(uuid.uuid4().hex if anew or last is None else last.epoch, known | now)
