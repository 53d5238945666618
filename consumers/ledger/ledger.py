"""The ledger on SQLAlchemy Core: SQLite for one host, PostgreSQL in production. See `port` for what it promises."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from consumers.ledger.applying import SqlApplying
from consumers.ledger.database import inserting, open_engine, transaction
from consumers.ledger.port import Applying, LedgerError, Stored, Version, VersionKind
from consumers.ledger.tables import contents, versions

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            raise LedgerError(f"{kind} {digest}: found nothing in the ledger, expected the version that was activated")
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

    def contents(self, after: tuple[str, str] | None, most: int) -> tuple[Stored, ...]:
        """Return contents that stand, after the last one already seen."""
        name = tuple_(contents.c.account_id, contents.c.id)
        wanted = select(contents).where(contents.c.ended.is_(False), contents.c.record.is_not(None))
        if after is not None:
            wanted = wanted.where(name > after)
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted.order_by(contents.c.account_id, contents.c.id).limit(most)).mappings()
            return tuple(Stored(row["account_id"], row["id"], row["digest"], bytes(row["record"])) for row in rows)

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()


def digest_of_payload(payload: bytes) -> str:
    """Return the SHA-256 (hex) that names a version."""
    return hashlib.sha256(payload).hexdigest()


def _decompressed(payload: bytes) -> bytes | None:
    try:
        return zlib.decompress(payload)
    except zlib.error:
        return None
