"""The ledger on SQLAlchemy Core: SQLite for one host, PostgreSQL in production. See `port` for what it promises."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import and_, delete, func, or_, select, text, tuple_

from consumers.ledger.applying import SqlApplying, cite
from consumers.ledger.database import inserting, open_engine, transaction
from consumers.ledger.moving import move
from consumers.ledger.port import (
    Applying,
    Counted,
    Judged,
    Kept,
    KeptVersion,
    LedgerError,
    Progress,
    Registered,
    Rescreening,
    RescreeningState,
    Shadow,
    Stored,
    SubjectName,
    Version,
    VersionKind,
)
from consumers.ledger.tables import (
    NOTHING_MISSING,
    cases,
    citations,
    clearances,
    contents,
    directives,
    frontiers,
    last_results,
    pardons,
    registrants,
    rescreenings,
    results,
    shadows,
    versions,
)
from consumers.log.port import TopicPartition
from screening.decisions import DirectiveType
from screening.policy.conclusions import cleared, lifted, taken_back
from screening.policy.standing import Clearance, Pardon

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, RowMapping, Select, Table

    from screening.policy.conclusions import Conclusion

_AT_ONCE: Final = 1_000
"""Entries named in one statement; SQLite takes 32,766 values."""

_TAKEN_BACK: Final = f"{DirectiveType.UNCLEAR_PAIR.value} "
"""How what a directive said begins where it takes a clearance back; the pair follows."""

_STANDING: Final[dict[SubjectName, Table]] = {"content": contents, "registration": registrants}


class SqlLedger:
    """A ledger behind any SQLAlchemy URL.

    Args:
        url: `sqlite:///PATH` or `postgresql+psycopg://…`.
        read_only: for commands that only look: nothing is made, no writer is waited for.

    Raises:
        LedgerError: the URL opens no database, or one of another version.
        LedgerUnreachable: the database cannot be reached.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self._engine = open_engine(url, read_only=read_only)

    @contextlib.contextmanager
    def applying(self, consumer: str, epoch: str) -> Iterator[Applying]:
        """Open one database transaction of a consumer."""
        with transaction(self._engine) as connection:
            yield SqlApplying(connection, consumer, epoch)

    def reached(self, consumer: str, epoch: str) -> Mapping[TopicPartition, int]:
        """Return how far a consumer has applied each partition of a history."""
        held = frontiers.c
        mine = (held.consumer == consumer) & (held.epoch == epoch)
        with transaction(self._engine) as connection:
            rows = connection.execute(select(held.topic, held.partition, held.reached).where(mine)).all()
        return {TopicPartition(row.topic, row.partition): row.reached for row in rows}

    def clock(self) -> float | None:
        """Return the time of a database server."""
        if self._engine.dialect.name == "sqlite":
            return None
        with transaction(self._engine) as connection:
            return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def put_version(self, version: Version) -> None:
        """Keep a version; one that is kept already stays as it is."""
        if digest_of_payload(version.payload) != version.digest:
            raise LedgerError(f"{version.kind} {version.digest}: found a payload of another digest, expected this one")
        with transaction(self._engine) as connection:
            connection.execute(
                inserting(connection, versions)
                .values(
                    kind=version.kind,
                    digest=version.digest,
                    source=version.source,
                    entries=version.entries,
                    meta=json.dumps(dict(version.meta), sort_keys=True),
                    payload=zlib.compress(version.payload),
                )
                .on_conflict_do_nothing()
            )

    def version(self, kind: VersionKind, digest: str) -> Version:
        """Return a version."""
        with transaction(self._engine) as connection:
            named = (versions.c.kind == kind) & (versions.c.digest == digest)
            row = connection.execute(select(versions).where(named)).mappings().first()
        if row is None:
            again = ", or import it again" if kind == "watchlist" else ""
            raise LedgerError(
                f"{kind} {digest}: found nothing in the ledger, expected the version that was activated: restore the"
                f" ledger's backup{again}"
            )
        payload = _decompressed(bytes(row["payload"]))
        if payload is None or digest_of_payload(payload) != digest:
            raise LedgerError(
                f"{kind} {digest}: found a damaged payload in the ledger, expected its digest; import it again"
            )
        return Version(
            kind=kind,
            digest=digest,
            source=row["source"],
            entries=row["entries"],
            meta=json.loads(row["meta"]),
            payload=payload,
        )

    def cleared(self, account_id: str | None = None) -> tuple[tuple[str, Clearance], ...]:
        """Return what is cleared, of one account or of all."""
        wanted = select(clearances).order_by(clearances.c.account_id, clearances.c.pair)
        if account_id is not None:
            wanted = wanted.where(clearances.c.account_id == account_id)
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple((row["account_id"], msgspec.json.decode(row["clearance"], type=Clearance)) for row in rows)

    def concluded(self) -> tuple[tuple[str, Conclusion], ...]:
        """Return what people concluded on what was found, with the account."""
        cleared_pairs = self.cleared()
        known = {(account, one.pair) for account, one in cleared_pairs}
        said = select(directives.c.account_id, directives.c.said).where(directives.c.said.like(f"{_TAKEN_BACK}%"))
        with transaction(self._engine) as connection:
            lifts = connection.execute(select(pardons.c.account_id, pardons.c.pardon).order_by(pardons.c.number)).all()
            taken = connection.execute(said.order_by(directives.c.account_id, directives.c.said)).all()
        pairs = dict.fromkeys((row.account_id, row.said.removeprefix(_TAKEN_BACK)) for row in taken)
        return (
            *((row.account_id, lifted(msgspec.json.decode(row.pardon, type=Pardon))) for row in lifts),
            *((account, cleared(account, one)) for account, one in cleared_pairs),
            *((account, taken_back(account, pair)) for account, pair in pairs if (account, pair) not in known),
        )

    def kept(self, kind: VersionKind, digest: str) -> Kept | None:
        """Return what is known of a version without reading its payload."""
        wanted = select(versions.c.source, versions.c.entries, versions.c.meta)
        with transaction(self._engine) as connection:
            row = connection.execute(wanted.where(versions.c.kind == kind, versions.c.digest == digest)).first()
        return None if row is None else Kept(row.source, row.entries, json.loads(row.meta))

    def counted(self) -> Counted:
        """Return how many cases are open, and how much people cleared."""
        how_many = func.count().label("how_many")
        open_cases = select(cases.c.subject, cases.c.reason, how_many).where(cases.c.open.is_(True))
        cleared = select(pardons.c.subject, how_many).group_by(pardons.c.subject)
        with transaction(self._engine) as connection:
            found = connection.execute(open_cases.group_by(cases.c.subject, cases.c.reason)).all()
            settled = connection.execute(cleared).all()
            pairs = connection.execute(select(how_many).select_from(clearances)).scalar_one()
        return Counted(
            cases={(row.subject, row.reason): row.how_many for row in found},
            cleared={row.subject: row.how_many for row in settled} | {"pair": pairs},
        )

    def kept_versions(self, kind: VersionKind) -> tuple[KeptVersion, ...]:
        """Return all versions of a kind, by source and digest."""
        held = versions.c
        wanted = select(held.digest, held.source, held.entries, held.meta).where(held.kind == kind)
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted.order_by(held.source, held.digest)).mappings().all()
        return tuple(
            KeptVersion(kind, row["digest"], row["source"], row["entries"], json.loads(row["meta"])) for row in rows
        )

    def contents(self, after: tuple[str, str] | None, most: int) -> tuple[Stored, ...]:
        """Return contents that stand, after the last one already seen."""
        name = tuple_(contents.c.account_id, contents.c.id)
        wanted = select(contents).where(contents.c.ended.is_(False), contents.c.record.is_not(None))
        if after is not None:
            wanted = wanted.where(name > after)
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted.order_by(contents.c.account_id, contents.c.id).limit(most)).mappings()
            return tuple(Stored(row["account_id"], row["id"], row["digest"], bytes(row["record"])) for row in rows)

    def judged(self, subject: SubjectName, epoch: str, after: tuple[str, str] | None, most: int) -> tuple[Judged, ...]:
        """Return subjects that stand, after the last one already seen, each with the newest result about it."""
        table = _STANDING[subject]
        wanted = _with_results(table, subject, epoch).limit(most)
        if after is not None:
            wanted = wanted.where(tuple_(table.c.account_id, table.c.id) > after)
        with transaction(self._engine) as connection:
            return tuple(map(_judged, connection.execute(wanted).mappings()))

    def judged_of(self, subject: SubjectName, epoch: str, accounts: Sequence[str]) -> tuple[Judged, ...]:
        """Return the subjects that stand of some accounts, each with the newest result about it."""
        table = _STANDING[subject]
        wanted = _with_results(table, subject, epoch).where(table.c.account_id.in_(accounts))
        with transaction(self._engine) as connection:
            return tuple(map(_judged, connection.execute(wanted).mappings()))

    def registered(self, epoch: str, partition: int, start: int, most: int) -> tuple[Registered, ...]:
        """Return registrations that stand, by the place of their record."""
        held = registrants.c
        wanted = (
            select(held.account_id, held.record, held.offset)
            .where(held.epoch == epoch, held.partition == partition, held.offset >= start)
            .where(_stands(registrants, epoch))
            .order_by(held.offset)
            .limit(most)
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted).all()
        return tuple(Registered(row.account_id, bytes(row.record), row.offset) for row in rows)

    def judged_by(self, subject: SubjectName, epoch: str) -> frozenset[int]:
        """Return by which activations the newest results of a kind of subject were judged."""
        held = last_results.c
        wanted = select(held.activation).where(held.subject == subject, held.epoch == epoch).distinct()
        with transaction(self._engine) as connection:
            return frozenset(connection.execute(wanted).scalars())

    def citing(self, cited: Collection[tuple[str, str]]) -> frozenset[str] | None:
        """Return the accounts whose registration has, or had, a hit on one of some listed parties."""
        held = citations.c
        by_source: dict[str, list[str]] = {}
        for source, entry in sorted(cited):
            by_source.setdefault(source, []).append(entry)
        found: set[str] = set()
        with transaction(self._engine) as connection:
            if connection.execute(select(held.source).where(_is_whole())).first() is None:
                return None
            for source, entries in by_source.items():
                for start in range(0, len(entries), _AT_ONCE):
                    on = and_(held.source == source, held.entry.in_(entries[start : start + _AT_ONCE]))
                    found.update(connection.execute(select(held.account_id).where(on)).scalars())
        return frozenset(found)

    def cite(self, cited: Collection[tuple[str, str, str]], *, whole: bool) -> None:
        """Note hits that were found before they were noted as they came."""
        with transaction(self._engine) as connection:
            cite(connection, {*cited, NOTHING_MISSING} if whole else cited)

    def standing(self, subject: SubjectName, epoch: str) -> int:
        """Return how many subjects of a kind stand."""
        table = _STANDING[subject]
        with transaction(self._engine) as connection:
            counted = select(func.count()).select_from(table).where(_stands(table, epoch))
            return int(connection.execute(counted).scalar_one())

    def rescreenings(self, epoch: str) -> tuple[Rescreening, ...]:
        """Return every re-screening of a history, in the order of activations."""
        table = rescreenings
        with transaction(self._engine) as connection:
            rows = connection.execute(
                select(table).where(table.c.epoch == epoch).order_by(table.c.activation, table.c.subject)
            ).mappings()
            return tuple(
                Rescreening(
                    row["subject"],
                    row["activation"],
                    RescreeningState(row["state"]),
                    row["holder"],
                    row["beat_at"],
                    msgspec.json.decode(bytes(row["progress"]), type=Progress),
                )
                for row in rows
            )

    def keep_rescreening(self, epoch: str, one: Rescreening, *, held_since: str | None) -> bool:
        """Write how a re-screening stands, and say whether it is still the writer's."""
        table = rescreenings
        named = {"subject": one.subject, "epoch": epoch, "activation": one.activation}
        fields = {
            "state": one.state.value,
            "holder": one.holder,
            "beat_at": one.beat_at,
            "progress": msgspec.json.encode(one.progress),
        }
        mine = table.c.holder == one.holder
        if held_since is not None:
            mine = or_(mine, table.c.state != RescreeningState.RUNNING.value, table.c.beat_at < held_since)
        with transaction(self._engine) as connection:
            written = connection.execute(
                inserting(connection, table)
                .values(**named, **fields)
                .on_conflict_do_update(index_elements=list(named), set_=fields, where=mine)
                .returning(table.c.holder)
            ).all()
        return bool(written)

    def shadows(self, epoch: str) -> tuple[Shadow, ...]:
        """Return every shadow of a history, by name."""
        with transaction(self._engine) as connection:
            named = select(shadows.c.shadow).where(shadows.c.epoch == epoch).order_by(shadows.c.name)
            found = connection.execute(named).scalars().all()
        return tuple(msgspec.json.decode(bytes(one), type=Shadow) for one in found)

    def forget_shadow(self, epoch: str, name: str) -> bool:
        """Remove a shadow, and say whether there was one."""
        with transaction(self._engine) as connection:
            named = and_(shadows.c.epoch == epoch, shadows.c.name == name)
            return connection.execute(delete(shadows).where(named)).rowcount > 0

    def move(self, old: str, new: str) -> int:
        """Let all that counts in one history of the log count in another; see the port."""
        with transaction(self._engine) as connection:
            return move(connection, old, new)

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()


def _with_results(table: Table, subject: SubjectName, epoch: str) -> Select[Any]:
    """Select subjects that stand, in an order that does not change, each with the newest result about it."""
    of_subject = and_(
        last_results.c.account_id == table.c.account_id,
        last_results.c.subject == subject,
        last_results.c.id == table.c.id,
        last_results.c.epoch == epoch,
    )
    return (
        select(table, last_results.c.activation, results.c.record.label("result"))
        .select_from(
            table.outerjoin(last_results, of_subject).outerjoin(
                results, results.c.result_id == last_results.c.result_id
            )
        )
        .where(_of_epoch(table, epoch), *_standing(table))
        .order_by(table.c.account_id, table.c.id)
    )


def _judged(row: RowMapping) -> Judged:
    result = None if row["result"] is None else bytes(row["result"])
    record = bytes(row["record"])
    place = (row["partition"], row["offset"])
    return Judged(row["account_id"], row["id"], record, *place, row["digest"], row["activation"], result)


def _is_whole() -> ColumnElement[bool]:
    return and_(citations.c.source == "", citations.c.entry == "", citations.c.account_id == "")


def _stands(table: Table, epoch: str) -> ColumnElement[bool]:
    return and_(table.c.epoch == epoch, *_standing(table))


def _standing(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.ended.is_(False), table.c.record.is_not(None)


def _of_epoch(table: Table, epoch: str) -> ColumnElement[bool]:
    """Ask for an epoch in words that no index answers: each page would be sought, and sorted, among all rows of it."""
    return table.c.epoch.concat("") == epoch


def digest_of_payload(payload: bytes) -> str:
    """Return the SHA-256 (hex) that names a version."""
    return hashlib.sha256(payload).hexdigest()


def _decompressed(payload: bytes) -> bytes | None:
    try:
        return zlib.decompress(payload)
    except zlib.error:
        return None
