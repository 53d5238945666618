"""Opening the database: engine settings for SQLite and PostgreSQL, tables, and errors told as the port's."""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3
import time
from sqlite3 import OperationalError as SqliteError
from typing import TYPE_CHECKING

from sqlalchemy import URL, and_, create_engine, event, insert, make_url, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from consumers.ledger.port import LedgerError, LedgerUnreachable, WrongStore
from consumers.ledger.tables import NOTHING_MISSING, SCHEMA, citations, metadata, registrants_by_place, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection as SqliteConnection

    from sqlalchemy import Column, ColumnElement, Connection, Engine, Table
    from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_SECONDS = 60
"""How long a writer waits for another on SQLite: above any batch, below a session's end."""

_NAP_SECONDS = 0.01

_NO_TABLE = "42P01"
"""PostgreSQL's code for a table that is not there."""

_CREATION_LOCK = 0x5C4EE11
"""PostgreSQL's advisory lock while tables are made, so that workers that start together make them once."""


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """Open the database and make its tables where there are none.

    Args:
        url: `sqlite:///PATH` or `postgresql+psycopg://…`.
        read_only: make nothing and wait for no writer; a database that is not there is refused.

    Raises:
        LedgerError: the URL names no database that can be opened, or its tables are another version's.
        LedgerUnreachable: the database cannot be reached.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            engine = create_engine(parsed, pool_pre_ping=True)
        else:
            engine = _sqlite_to_read(parsed) if read_only else _sqlite(parsed)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        message = (
            f"store.url: found a URL that opens no database ({error}), expected sqlite:///… or postgresql+psycopg://…"
        )
        raise WrongStore(message) from None
    try:
        if not read_only:
            _make_tables(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run a database transaction, telling failures of the connection as the port's.

    Raises:
        LedgerUnreachable: the database is out of reach or went away; nothing was written.
        WrongStore: it is not this project's.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except (OperationalError, DBAPIError) as error:
        if "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", None) == _NO_TABLE:
            where = engine.url.render_as_string(hide_password=True)
            raise WrongStore(
                f"store.url {where}: found no tables of this project, expected the database that belongs to the log"
            ) from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            where = engine.url.render_as_string(hide_password=True)
            raise LedgerUnreachable(
                f"store.url {where}: {error.orig}: is the database up and its disk not full?"
            ) from error
        if isinstance(error, DatabaseError) and not isinstance(error, (IntegrityError, ProgrammingError)):
            where = engine.url.render_as_string(hide_password=True)
            raise WrongStore(
                f"store.url {where}: found {error.orig}, expected a sound database of this project"
            ) from error
        raise


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what to do where a row is there already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def among(columns: Sequence[Column[str]], names: Sequence[tuple[str, ...]]) -> ColumnElement[bool]:
    """Say that some columns of an index are together one of some names.

    SQLite reads a table from end to end for `(a, b) IN (VALUES …)` alone, whatever indexes there are (3.40, by its
    `EXPLAIN QUERY PLAN`). That the first column is among those named lets it search.
    """
    return and_(columns[0].in_(sorted({name[0] for name in names})), tuple_(*columns).in_(names))


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not open transactions by itself: `BEGIN IMMEDIATE` below makes one writer wait for another
        # instead of failing half-way, where a read lock would have to become a write lock.
        connection.isolation_level = None
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _sqlite_to_read(url: URL) -> Engine:
    path = pathlib.Path(url.database or "")
    if not path.is_file():
        raise WrongStore(f"store.url: found no database {path}, expected the one that belongs to the log")
    # Not `mode=ro`: whoever only reads cannot take away the files that reading a log ahead of writing leaves behind.
    name = f"{path.resolve().as_uri()}?mode=rw"
    engine = create_engine(url, creator=lambda: sqlite3.connect(name, uri=True, timeout=_BUSY_SECONDS))

    @event.listens_for(engine, "connect")
    def _configure(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _use_wal(connection: SqliteConnection) -> None:
    """Switch to write-ahead logging, which the busy timeout does not cover while another connection opens or closes."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except SqliteError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_NAP_SECONDS)
        else:
            return


def _make_tables(engine: Engine) -> None:
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATION_LOCK})
        metadata.create_all(connection)
        registrants_by_place.create(connection, checkfirst=True)
        found = connection.execute(select(schema.c.version)).scalars().all()
        if not found:
            connection.execute(insert(schema).values(version=SCHEMA))
            connection.execute(insert(citations).values(NOTHING_MISSING))
        elif list(found) != [SCHEMA]:
            where = engine.url.render_as_string(hide_password=True)
            raise LedgerError(
                f"store.url {where}: found tables of version {found}, expected {SCHEMA}: run the release that made them"
            )
