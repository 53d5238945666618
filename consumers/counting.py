"""From what happened to what is counted: one observer, the same for a worker in this process and one in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers import measures
from consumers.happenings import (
    Aborted,
    Assigned,
    Committed,
    Decided,
    FencedOut,
    Judged,
    Lost,
    Ordered,
    Refused,
    Restarted,
    Took,
)

if TYPE_CHECKING:
    from consumers.happenings import Happening
    from consumers.metrics import Metrics


class Counting:
    """Counts in some metrics what it is told."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, happening: Happening) -> None:  # noqa: C901, PLR0912 - one case for each kind
        """Count something that happened."""
        role, add = happening.role, self._metrics.add
        match happening:
            case Committed():
                self._committed(happening)
            case Judged():
                self._judged(happening)
            case Took():
                self._metrics.observe(
                    measures.LATENCY_SECONDS, (role, happening.since, happening.mode), happening.seconds
                )
                if happening.ahead:
                    add(measures.RECORDS_AHEAD, (role, happening.topic), happening.ahead)
            case Decided(outcomes=outcomes):
                for outcome, count in outcomes:
                    add(measures.DECISIONS, (role, outcome), count)
            case Ordered(reverses="", type=type_, automated=automated):
                add(measures.ORDERS, (role, type_, str(automated).lower()))
            case Ordered(reverses=reverses, automated=automated):
                add(measures.LIFTS, (role, reverses, str(automated).lower()))
            case Refused(topic=topic):
                add(measures.RECORDS_REFUSED, (role, topic))
            case Aborted():
                add(measures.TRANSACTIONS, (role, "aborted"))
            case FencedOut():
                add(measures.TRANSACTIONS, (role, "fenced"))
            case Assigned(before=before) if before:
                add(measures.REBALANCES, (role,))
            case Restarted():
                add(measures.RESTARTS, (role,))
            case Lost(count=count):
                add(measures.LOST, (role,), count)
            case _:
                pass

    def _committed(self, done: Committed) -> None:
        role, add, observe = done.role, self._metrics.add, self._metrics.observe
        add(measures.TRANSACTIONS, (role, "committed"))
        for topic, count in done.read:
            add(measures.RECORDS_READ, (role, topic), count)
        for topic, count in done.written:
            add(measures.RECORDS_WRITTEN, (role, topic), count)
        records = sum(count for _, count in done.read)
        if records:
            observe(measures.BATCH_RECORDS, (role,), (records,))
            observe(measures.BATCH_SECONDS, (role,), (done.seconds,))
            observe(measures.TRANSACTION_SECONDS, (role,), (done.transaction_seconds,))

    def _judged(self, judged: Judged) -> None:
        role, add = judged.role, self._metrics.add
        for (subject, verdict), count in judged.results:
            add(measures.RESULTS, (role, subject, verdict), count)
        for category, count in judged.categories:
            add(measures.CONTENT_HITS, (role, category), count)
        for source, count in judged.sources:
            add(measures.NAME_HITS, (role, source), count)
        if judged.results:
            self._metrics.observe(measures.MATCHING_SECONDS, (role,), (judged.seconds,))
