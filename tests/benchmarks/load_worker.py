"""A worker of one role in a process of its own that remembers how long everything took; `load` starts it."""

from __future__ import annotations

import cProfile
import pstats
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from consumers.happenings import Committed, Took
from consumers.log import kafka_session
from consumers.log.port import Position
from consumers.run import run_worker
from consumers.settings import load_settings
from consumers.wiring import Installation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.happenings import Happening


@dataclass
class Seen:
    """What a worker did, told once it ends, from the end of its first batch to the end of its last.

    The first batch is left out: it waits for the worker's share of the partitions, and reads the lexicon.
    """

    records: int = 0
    first: float = 0.0
    last: float = 0.0
    processor: float = 0.0
    batch_seconds: float = 0.0
    transaction_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    profile: dict[str, float] = field(default_factory=dict)
    _began: float | None = None

    def __call__(self, happening: Happening) -> None:
        """Remember what counts."""
        match happening:
            case Committed(read=read) if read and self._began is None:
                self._began, self.first = time.process_time(), time.time()
            case Committed(read=read) if read:
                self.records += sum(count for _, count in read)
                self.batch_seconds += happening.seconds
                self.transaction_seconds += happening.transaction_seconds
                self.last = time.time()
                self.processor = time.process_time() - (self._began or 0.0)
            case Took(since="published"):
                self.latencies += happening.seconds
            case _:
                pass


def work(
    flags: Mapping[str, str],
    role: str,
    number: int,
    ready: Any,
    stop: Any,
    told: Any,
    *,
    profiled: bool = False,
    transactions: bool = True,
) -> None:
    """Run a worker until told to stop, and tell what it did."""
    if not transactions:
        leave_out_transactions()
    seen = Seen()
    profile = cProfile.Profile() if profiled else None
    with Installation(load_settings(None, "", {}, dict(flags))) as installation:
        ready.release()
        if profile:
            profile.enable()
        run_worker(installation, role, number, drain=False, stopping=stop.is_set, tell=seen)
        if profile:
            profile.disable()
            seen.profile = _by_part(profile)
    told.put((role, {name: held for name, held in vars(seen).items() if not name.startswith("_")}))


def leave_out_transactions() -> None:
    """Make this process write to Kafka as a pipeline does that may repeat: outputs first, then the positions.

    What is written and read stays the same, by the same client, without repetition by its own retries.
    """

    def commit(session: Any, opened: Any) -> None:
        producer = producers.setdefault(id(session), None) or session._clients.copier()
        producers[id(session)] = producer
        positions = {
            place: Position(offset, opened.work.notes.get(place, session._committed[place].note))
            for place, offset in opened.work.reached().items()
        }
        kafka_session.sent_all(producer, session._topics, opened.sent)
        session._consumer.commit(session._offsets(positions))
        session._committed |= positions

    producers: dict[int, Any] = {}
    kafka_session.KafkaSession._commit = commit  # type: ignore[assignment, method-assign]


PARTS = {
    "screening/lexicon/scorer": "second opinion",
    "screening/lexicon": "finding terms",
    "screening/text": "reading texts",
    "screening/": "judging",
    "consumers/log": "the log's adapter",
    "consumers/wire": "decoding and encoding",
    "consumers/decoding": "decoding and encoding",
    "consumers/": "the rest of the edge",
    "kafka/": "kafka-python",
    "socket": "kafka-python",
    "select": "waiting",
    "sqlite3": "SQLite",
    "msgspec": "decoding and encoding",
    "time.sleep": "waiting",
}
"""What stands in a function's file or name → the part it counts to; the first that fits."""


def _by_part(profile: cProfile.Profile) -> dict[str, float]:
    """Return part → seconds spent in its own functions."""
    found: dict[str, float] = {}
    for (file, _, name), row in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        where = f"{file.replace(chr(92), '/')} {name}"
        part = next((part for key, part in PARTS.items() if key in where), "Python and numpy")
        found[part] = found.get(part, 0.0) + row[2]
    return found
