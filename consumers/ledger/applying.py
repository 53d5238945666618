"""One database transaction of a consumer: frontiers, stored outputs, standings and projections."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import and_, delete, insert, or_, select, update

from consumers.ledger import tables
from consumers.ledger.database import among, inserting
from consumers.ledger.port import LedgerError, Shadow
from consumers.log.port import Headers, Outgoing
from screening.decisions import OrderType
from screening.policy.standing import (
    CaseClosed,
    CaseOpened,
    Clearance,
    Cleared,
    Closed,
    Mark,
    Marked,
    Opened,
    OpenOrder,
    Pardon,
    Pardoned,
    Recaused,
    Standing,
    SubjectKey,
    Target,
    Uncleared,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from consumers.ledger.port import Applied, Projected, Wanted
    from consumers.log.port import TopicPartition
    from screening.policy.standing import Change

_T = TypeVar("_T")

_AT_ONCE = 300
"""Values in one IN list: below SQLite's oldest limit of 999 variables for three columns, above most batches' need."""

_PROJECTIONS = {"content": tables.contents, "registration": tables.registrants}


class SqlApplying:
    """Implements `port.Applying` on one connection.

    Args:
        connection: within a transaction that somebody else ends.
        consumer: whose frontier is moved.
        epoch: the history of the log that all offsets count in.
    """

    def __init__(self, connection: Connection, consumer: str, epoch: str) -> None:
        self._connection = connection
        self._consumer = consumer
        self._epoch = epoch

    def frontier(self, place: TopicPartition, committed: int = 0) -> int:
        """Return the next offset that nobody has applied, and hold the partition until the block ends."""
        table = tables.frontiers
        mine = self._mine(table, place)
        first = {"consumer": self._consumer, **self._place(place), "reached": 0}
        self._connection.execute(inserting(self._connection, table).values(first).on_conflict_do_nothing())
        found = self._connection.execute(select(table.c.reached).where(mine).with_for_update()).scalar_one()
        if found < committed:
            raise LedgerError(
                f"{self._consumer} on {place.topic}, partition {place.partition}: found the ledger at offset {found},"
                f" expected at least {committed}, which the log has committed: the ledger has lost what it knew, and"
                " going on would repeat orders; restore its backup, or name the ledger that belongs to this log"
            )
        return int(found)

    def stored(self, place: TopicPartition, start: int, end: int) -> tuple[Outgoing, ...]:
        """Return the outputs decided for a range of offsets, in ledger order."""
        table = tables.outputs
        within = and_(self._at(table, place), table.c.offset >= start, table.c.offset < end)
        rows = self._connection.execute(select(table).where(within).order_by(table.c.offset, table.c.seq)).mappings()
        return tuple(
            Outgoing(row["to_topic"], _bytes(row["key"]), _bytes(row["value"]), _headers(row["headers"]))
            for row in rows
        )

    def standings(self, wanted: Collection[Wanted]) -> dict[str, Standing]:
        """Return what is remembered of some accounts, as far as it is wanted."""
        keys = sorted({(one.account_id, key.subject, key.id) for one in wanted for key in one.keys})
        named = sorted({action_id for one in wanted for action_id in one.action_ids})
        found: dict[str, dict[str, Any]] = defaultdict(
            lambda: {"marks": {}, "open": {}, "last_closed": {}, "pardons": [], "clearances": {}}
        )
        for row in self._by_subject(tables.subject_marks, keys):
            mark = msgspec.json.decode(row["mark"], type=Mark)
            found[row["account_id"]]["marks"][mark.key] = mark
        for row in self._by_subject(tables.pardons, keys):
            found[row["account_id"]]["pardons"].append(msgspec.json.decode(row["pardon"], type=Pardon))
        for row in self._clearances(keys):
            clearance = msgspec.json.decode(row["clearance"], type=Clearance)
            found[row["account_id"]]["clearances"][clearance.pair] = clearance
        for row in self._open_orders(keys, named):
            order = msgspec.json.decode(row["standing"], type=OpenOrder)
            found[row["account_id"]]["open"][order.action_id] = order
        for row in self._by_target(tables.last_closed, keys):
            target = Target(OrderType(row["type"]), row["content_id"])
            found[row["account_id"]]["last_closed"][target] = row["action_id"]
        return {
            one.account_id: Standing(
                account_id=one.account_id,
                **{**found[one.account_id], "pardons": tuple(found[one.account_id]["pardons"])},
            )
            for one in wanted
        }

    def said(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return what those of some directives said that were applied before."""
        table = tables.directives
        return {
            (row.account_id, row.directive_id): row.said
            for part in _parts(sorted(names))
            for row in self._connection.execute(
                select(table).where(among((table.c.account_id, table.c.directive_id), part))
            )
        }

    def apply(self, applied: Sequence[Applied], standings: Mapping[str, Standing]) -> None:
        """Remember what became of some records, in their order, and the standings they led to."""
        self._put(
            tables.applied,
            [{**self._of(one), "account_id": one.account_id, "outcome": one.outcome} for one in applied],
        )
        self._put(
            tables.outputs,
            [
                {
                    **self._of(one),
                    "seq": seq,
                    "to_topic": output.topic,
                    "key": output.key,
                    "value": output.value,
                    "headers": msgspec.msgpack.encode(output.headers),
                }
                for one in applied
                for seq, output in enumerate(one.outputs)
            ],
        )
        self._put(
            tables.actions,
            [
                {
                    "action_id": order.action_id,
                    "type": order.type.value,
                    "account_id": order.account_id,
                    "decision_id": order.decision_id,
                    "result_id": order.result_id,
                    "record": msgspec.json.encode(order),
                }
                for one in applied
                for order in one.orders
            ],
        )
        self._put(
            tables.directives,
            [
                {
                    "directive_id": one.directive_id,
                    "account_id": one.account_id,
                    "said": one.said,
                    "outcome": one.outcome,
                }
                for one in applied
                if one.directive_id is not None
            ],
        )
        changes: dict[str, list[Change]] = defaultdict(list)
        for one in applied:
            if one.changes:
                changes[one.account_id] += one.changes
        self._remember([(standings[account_id], held) for account_id, held in sorted(changes.items())])

    def project(self, rows: Sequence[Projected]) -> None:
        """Put the newest record of each subject, and each result, in place."""
        for kind, table in _PROJECTIONS.items():
            newest = {(row.account_id, row.id): row for row in rows if row.kind == kind}
            self._upsert(
                table,
                [{**self._row(row), "id": row.id, "ended": row.ended} for _, row in sorted(newest.items())],
            )
        named = {row.id: row for row in rows if row.kind == "result"}
        self._upsert(
            tables.results,
            [
                {
                    **self._row(row),
                    "result_id": name,
                    "subject": row.subject,
                    "id": row.subject_id,
                    "verdict": row.verdict,
                }
                for name, row in sorted(named.items())
            ],
        )
        self._note_last([row for row in rows if row.kind == "result"])
        cite(self._connection, {(*key, row.account_id) for row in rows for key in row.cited})

    def _note_last(self, rows: Sequence[Projected]) -> None:
        """Note the newest result of each subject; one of a re-screening may come after that of a newer input."""
        newest: dict[tuple[str, str, str], Projected] = {}
        for row in rows:
            key = (row.account_id, row.subject, row.subject_id)
            if key not in newest or newest[key].judged_at <= row.judged_at:
                newest[key] = row
        values = [
            {
                **dict(zip(("account_id", "subject", "id"), key, strict=True)),
                "epoch": self._epoch,
                "offset": row.judged_at[0],
                "activation": row.judged_at[1],
                "result_id": row.id,
            }
            for key, row in sorted(newest.items())
        ]
        if not values:
            return
        table = tables.last_results
        statement = inserting(self._connection, table)
        given = statement.excluded
        newer = or_(
            table.c.epoch != given.epoch,
            table.c.offset < given.offset,
            and_(table.c.offset == given.offset, table.c.activation <= given.activation),
        )
        named = [column.name for column in table.primary_key]
        fields = {column.name: given[column.name] for column in table.columns if column.name not in named}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=named, set_=fields, where=newer), values
        )

    def shadow(self, name: str) -> Shadow | None:
        """Return a shadow, or None where there is none of this name."""
        table = tables.shadows
        mine = and_(table.c.name == name, table.c.epoch == self._epoch)
        found = self._connection.execute(select(table.c.shadow).where(mine)).scalar_one_or_none()
        return None if found is None else msgspec.json.decode(bytes(found), type=Shadow)

    def keep_shadow(self, shadow: Shadow) -> None:
        """Write how a shadow stands."""
        row = {"name": shadow.name, "epoch": self._epoch, "shadow": msgspec.json.encode(shadow)}
        self._upsert(tables.shadows, [row])

    def advance(self, place: TopicPartition, reached: int, first: int) -> None:
        """Set a partition's frontier, and drop the outputs that were certainly sent."""
        table = tables.frontiers
        self._connection.execute(update(table).where(self._mine(table, place)).values(reached=reached))
        sent = and_(self._at(tables.outputs, place), tables.outputs.c.offset < first)
        self._connection.execute(delete(tables.outputs).where(sent))

    def _remember(self, changed: Sequence[tuple[Standing, Sequence[Change]]]) -> None:
        """Write the parts of some standings, of an account each, that changes touched, as they stand now."""
        marks: list[dict[str, Any]] = []
        orders: list[dict[str, Any]] = []
        gone: list[str] = []
        lasts: list[dict[str, Any]] = []
        pardons: list[dict[str, Any]] = []
        for standing, changes in changed:
            account = {"account_id": standing.account_id}
            marked, touched, closed, pardoned = _concerned(changes)
            pardons += [{**account, **_key(one.key), "pardon": msgspec.json.encode(one)} for one in pardoned]
            marks += [
                {**account, **_key(key), "mark": msgspec.json.encode(standing.marks[key])}
                for key in sorted(marked, key=_sorting)
            ]
            orders += [
                {
                    **account,
                    "action_id": action_id,
                    "content_id": standing.open[action_id].content_id,
                    "expires_at": standing.open[action_id].expires_at,
                    "standing": msgspec.json.encode(standing.open[action_id]),
                }
                for action_id in sorted(touched & standing.open.keys())
            ]
            gone += sorted(touched - standing.open.keys())
            lasts += [
                {
                    **account,
                    "type": target.type.value,
                    "content_id": target.content_id,
                    "action_id": change.action_id,
                    "closed_by": change.by,
                }
                for target, change in closed.items()
            ]
        self._put(tables.pardons, pardons)
        self._upsert(tables.subject_marks, marks)
        self._upsert(tables.open_orders, orders)
        for part in _parts(gone):
            self._connection.execute(delete(tables.open_orders).where(tables.open_orders.c.action_id.in_(part)))
        self._upsert(tables.last_closed, lasts)
        self._keep_cases(changed)
        for standing, changes in changed:
            self._keep_clearances(standing, changes)

    def _keep_cases(self, changed: Sequence[tuple[Standing, Sequence[Change]]]) -> None:
        """Write which cases are open after some changes."""
        cases = {
            (standing.account_id, change.key, change.digest, change.reason): change
            for standing, changes in changed
            for change in changes
            if isinstance(change, CaseOpened | CaseClosed)
        }
        self._upsert(
            tables.cases,
            [
                {
                    "account_id": account_id,
                    **_key(case.key),
                    "digest": case.digest,
                    "reason": case.reason,
                    "result_id": case.result_id,
                    "open": True,
                }
                for (account_id, *_), case in cases.items()
                if isinstance(case, CaseOpened)
            ],
        )
        for (account_id, *_), case in cases.items():
            if isinstance(case, CaseClosed):
                self._close(account_id, case)

    def _close(self, account_id: str, case: CaseClosed) -> None:
        """Ask nobody about a case any more, if anybody was asked."""
        named = tables.cases.c
        mine = and_(named.account_id == account_id, named.subject == case.key.subject, named.id == case.key.id)
        this = and_(mine, named.digest == case.digest, named.reason == case.reason)
        self._connection.execute(update(tables.cases).where(this).values(open=False))

    def _keep_clearances(self, standing: Standing, changes: Sequence[Change]) -> None:
        """Write what is cleared of the pairs that some changes touched, as it stands now."""
        pairs = {change.clearance.pair for change in changes if isinstance(change, Cleared)}
        pairs |= {change.pair for change in changes if isinstance(change, Uncleared)}
        table = tables.clearances
        self._upsert(
            table,
            [
                {
                    "account_id": standing.account_id,
                    "pair": pair,
                    "expires_at": standing.clearances[pair].expires_at,
                    "clearance": msgspec.json.encode(standing.clearances[pair]),
                }
                for pair in sorted(pairs & standing.clearances.keys())
            ],
        )
        for part in _parts(sorted(pairs - standing.clearances.keys())):
            mine = and_(table.c.account_id == standing.account_id, table.c.pair.in_(part))
            self._connection.execute(delete(table).where(mine))

    def _clearances(self, keys: Sequence[tuple[str, str, str]]) -> Iterator[RowMapping]:
        """Yield what is cleared of the accounts whose registrations are concerned."""
        table = tables.clearances
        for part in _parts(sorted({account for account, subject, _ in keys if subject == "registration"})):
            yield from self._connection.execute(select(table).where(table.c.account_id.in_(part))).mappings()

    def _open_orders(self, keys: Sequence[tuple[str, str, str]], named: Sequence[str]) -> Iterator[RowMapping]:
        table = tables.open_orders
        yield from self._by_target(table, keys)
        for names in _parts(named):
            yield from self._connection.execute(select(table).where(table.c.action_id.in_(names))).mappings()

    def _by_target(self, table: Table, keys: Sequence[tuple[str, str, str]]) -> Iterator[RowMapping]:
        """Yield the rows that speak of the subjects' accounts, or of the contents themselves."""
        targets = sorted({(account, "") for account, _, _ in keys} | {(account, name) for account, _, name in keys})
        for part in _parts(targets):
            on = among((table.c.account_id, table.c.content_id), part)
            yield from self._connection.execute(select(table).where(on)).mappings()

    def _by_subject(self, table: Table, keys: Sequence[tuple[str, str, str]]) -> Iterator[RowMapping]:
        for part in _parts(keys):
            on = among((table.c.account_id, table.c.subject, table.c.id), part)
            yield from self._connection.execute(select(table).where(on)).mappings()

    def _row(self, row: Projected) -> dict[str, object]:
        return {
            "account_id": row.account_id,
            "epoch": self._epoch,
            "partition": row.record.partition,
            "offset": row.record.offset,
            "digest": row.digest,
            "record": row.record.value,
        }

    def _upsert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = inserting(self._connection, table)
        named = [column.name for column in table.primary_key]
        values = {name: statement.excluded[name] for name in rows[0] if name not in named}
        self._connection.execute(statement.on_conflict_do_update(index_elements=named, set_=values), rows)

    def _put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)

    def _place(self, place: TopicPartition) -> dict[str, object]:
        return {"epoch": self._epoch, "topic": place.topic, "partition": place.partition}

    def _of(self, applied: Applied) -> dict[str, object]:
        return {**self._place(applied.place), "offset": applied.offset}

    def _at(self, table: Table, place: TopicPartition) -> ColumnElement[bool]:
        return and_(table.c.epoch == self._epoch, table.c.topic == place.topic, table.c.partition == place.partition)

    def _mine(self, table: Table, place: TopicPartition) -> ColumnElement[bool]:
        return and_(table.c.consumer == self._consumer, self._at(table, place))


def cite(connection: Connection, cited: Collection[tuple[str, str, str]]) -> None:
    """Note source, entry and account of hits; what is noted already stays."""
    if cited:
        named = ("source", "entry", "account_id")
        rows = [dict(zip(named, one, strict=True)) for one in sorted(cited)]
        connection.execute(inserting(connection, tables.citations).on_conflict_do_nothing(), rows)


def _concerned(changes: Sequence[Change]) -> tuple[set[SubjectKey], set[str], dict[Target, Closed], list[Pardon]]:
    """Return the marks and the orders that some changes touched, the last closed of each target, and the pardons."""
    marked: set[SubjectKey] = set()
    touched: set[str] = set()
    closed: dict[Target, Closed] = {}
    pardons: list[Pardon] = []
    for change in changes:
        match change:
            case Marked(mark):
                marked.add(mark.key)
            case Opened(order):
                touched.add(order.action_id)
            case Recaused(action_id, _):
                touched.add(action_id)
            case Closed(action_id, target, _):
                touched.add(action_id)
                closed[target] = change
            case Pardoned(pardon):
                pardons.append(pardon)
            case CaseOpened() | CaseClosed() | Cleared() | Uncleared():
                pass  # kept apart
    return marked, touched, closed, pardons


def _key(key: SubjectKey) -> dict[str, str]:
    return {"subject": key.subject, "id": key.id}


def _sorting(key: SubjectKey) -> tuple[str, str]:
    return (key.subject, key.id)


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _bytes(value: bytes | None) -> bytes | None:
    return None if value is None else bytes(value)


def _headers(value: bytes) -> Headers:
    return msgspec.msgpack.decode(bytes(value), type=tuple[tuple[str, bytes], ...])
