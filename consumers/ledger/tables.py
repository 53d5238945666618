"""The ledger's tables. Times are kept as the log's milliseconds or as RFC 3339 texts, never in the database's zone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA: Final = 1
"""The version of these tables; a database made by another version is refused with what to do."""

metadata = MetaData()

schema = Table("screening_schema", metadata, Column("version", Integer, primary_key=True))

versions = Table(
    "versions",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("source", Text, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("meta", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)


def _place() -> tuple[Column[str], Column[str], Column[int]]:
    return (
        Column("epoch", String(64), primary_key=True),
        Column("topic", String(249), primary_key=True),
        Column("partition", Integer, primary_key=True),
    )


frontiers = Table(
    "frontiers",
    metadata,
    Column("consumer", String(64), primary_key=True),
    *_place(),
    Column("reached", BigInteger, nullable=False),
)

applied = Table(
    "applied",
    metadata,
    *_place(),
    Column("offset", BigInteger, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
)

outputs = Table(
    "outputs",
    metadata,
    *_place(),
    Column("offset", BigInteger, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("to_topic", String(249), nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", LargeBinary, nullable=False),
)

subject_marks = Table(
    "subject_marks",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("subject", String(16), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("mark", LargeBinary, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("action_id", String(36), primary_key=True),
    Column("type", String(32), nullable=False),
    Column("account_id", Text, nullable=False, index=True),
    Column("decision_id", String(36), nullable=False, index=True),
    Column("result_id", String(36), index=True),
    Column("record", LargeBinary, nullable=False),
)

open_orders = Table(
    "open_orders",
    metadata,
    Column("action_id", String(36), primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("content_id", Text, nullable=False),
    Column("expires_at", Text),
    Column("standing", LargeBinary, nullable=False),
    Index("open_orders_by_target", "account_id", "content_id"),
)

last_closed = Table(
    "last_closed",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("type", String(32), primary_key=True),
    Column("content_id", Text, primary_key=True),
    Column("action_id", String(36), nullable=False),
    Column("closed_by", String(16), nullable=False),
)

pardons = Table(
    "pardons",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("account_id", Text, nullable=False),
    Column("subject", String(16), nullable=False),
    Column("id", Text, nullable=False),
    Column("pardon", LargeBinary, nullable=False),
    Index("pardons_by_subject", "account_id", "subject", "id"),
)

clearances = Table(
    "clearances",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("pair", Text, primary_key=True),
    Column("expires_at", Text),
    Column("clearance", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("subject", String(16), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("reason", String(16), primary_key=True),
    Column("result_id", String(36), nullable=False),
    Column("open", Boolean, nullable=False),
)

directives = Table(
    "directives",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("directive_id", Text, primary_key=True),
    Column("said", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
)


def _subject() -> tuple[Column[str], Column[str]]:
    return Column("account_id", Text, primary_key=True), Column("id", Text, primary_key=True)


def _record() -> tuple[Column[int] | Column[str] | Column[bytes], ...]:
    return (
        Column("epoch", String(64), nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("record", LargeBinary),
    )


contents = Table("contents", metadata, *_subject(), *_record(), Column("ended", Boolean, nullable=False))

registrants = Table("registrants", metadata, *_subject(), *_record(), Column("ended", Boolean, nullable=False))

registrants_by_place = Index("registrants_by_place", registrants.c.epoch, registrants.c.partition, registrants.c.offset)
"""For what came since an index was made of them; a ledger of an earlier release gets it when it is opened."""

results = Table(
    "results",
    metadata,
    Column("result_id", String(36), primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("subject", String(16), nullable=False),
    Column("id", Text, nullable=False),
    Column("verdict", String(16)),
    *_record(),
    Index("results_by_subject", "account_id", "subject", "id"),
)

last_results = Table(
    "last_results",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("subject", String(16), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("activation", BigInteger, nullable=False),
    Column("result_id", String(36), nullable=False),
)
"""The newest result of each subject: by the place of its input, then by the activation that judged it."""

citations = Table(
    "citations",
    metadata,
    Column("source", Text, primary_key=True),
    Column("entry", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
)
"""Of which listed parties registrations had hits, now or in an earlier result: never fewer than the newest has.

The row of empty texts says that nothing is missing from before the table was there; a new ledger begins with it.
"""

NOTHING_MISSING = ("", "", "")
"""That row."""

rescreenings = Table(
    "rescreenings",
    metadata,
    Column("subject", String(16), primary_key=True),
    Column("epoch", String(64), primary_key=True),
    Column("activation", BigInteger, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("holder", Text, nullable=False),
    Column("beat_at", Text, nullable=False),
    Column("progress", LargeBinary, nullable=False),
)
"""Re-screenings planned, running and done; `progress` is JSON of `port.Progress`."""

shadows = Table(
    "shadows",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("epoch", String(64), primary_key=True),
    Column("shadow", LargeBinary, nullable=False),
)
"""Versions that are tried beside those in force on what comes in; `shadow` is JSON of `port.Shadow`."""
