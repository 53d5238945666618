"""The role `records`: the newest content, registration and result of each subject, as rows in the ledger.

Rows and the frontier are written in one database transaction, so a record that comes twice changes nothing twice. A
crash before the log's commit costs a second reading.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from consumers import topics, wire
from consumers.activations import marker_of
from consumers.happenings import Happened
from consumers.ledger.port import Projected
from consumers.log.port import TopicPartition
from consumers.role import Processed
from screening.decisions import Directive
from screening.errors import SubjectError
from screening.evidence import NameHit
from screening.subjects import Ended, content_digest, ended_digest, registrant_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.ledger.port import Ledger
    from consumers.log.port import Batch, Position, Record
    from consumers.role import Observer

NAME: Final = "records"


class RecordsRole:
    """Keeps the ledger's projections up with the log.

    Args:
        ledger: where the rows go.
        epoch: the log's history.
        tell: is told what happened.
    """

    name = NAME
    topics = (topics.CONTENT, topics.ACCOUNTS, topics.RESULTS)

    def __init__(self, ledger: Ledger, *, epoch: str, tell: Observer) -> None:
        self._ledger = ledger
        self._epoch = epoch
        self._tell = tell

    def ready(self) -> str | None:
        """Return None: there is nothing to wait for."""
        return None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Write the rows of a batch that nobody has written yet."""
        by_place: dict[TopicPartition, list[Record]] = defaultdict(list)
        for record in batch.records:
            by_place[TopicPartition(record.topic, record.partition)].append(record)
        with self._ledger.applying(self.name, self._epoch) as applying:
            for place in sorted(batch.reached):
                frontier = applying.frontier(place, assigned[place].offset)
                rows = [_row(record) for record in by_place[place] if record.offset >= frontier]
                applying.project([row for row in rows if row is not None])
                # 0: the outputs kept there are another role's, who alone knows which of them it has sent.
                applying.advance(place, max(frontier, batch.reached[place]), 0)
        self._tell(Happened(self.name, "projected", len(batch.records)))
        return Processed()


def _row(record: Record) -> Projected | None:
    """Return a record's row; None for markers, directives, and what another role has put among the dead letters."""
    try:
        if record.topic == topics.RESULTS:
            return _result_row(record)
        if marker_of(record) is not None:
            return None
        if record.topic == topics.CONTENT:
            content = wire.decode_content(record.key, record.value)
            digest = ended_digest(content) if isinstance(content, Ended) else content_digest(content)
            ended = isinstance(content, Ended)
            return Projected("content", content.account_id, content.id, record, digest, ended=ended)
        registrant = wire.decode_registrant(record.key, record.value)
    except SubjectError:
        return None
    account = registrant.account_id
    if isinstance(registrant, Ended):
        return Projected("registration", account, account, record, ended_digest(registrant), ended=True)
    return Projected("registration", account, account, record, registrant_digest(registrant))


def _result_row(record: Record) -> Projected | None:
    result = wire.decode_judged(record.key, record.value)
    if isinstance(result, Directive):
        return None
    return Projected(
        "result",
        result.account_id,
        result.result_id,
        record,
        result.input.digest,
        ended=result.ended,
        verdict=None if result.verdict is None else result.verdict.value,
        subject=result.subject,
        subject_id=result.id,
        judged_at=(
            -1 if result.input.offset is None else result.input.offset,
            -1 if result.activation is None else result.activation,
        ),
        cited=frozenset((hit.source, hit.entry) for hit in result.hits if isinstance(hit, NameHit)),
    )
