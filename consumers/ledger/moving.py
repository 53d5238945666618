"""Moving a ledger with its log: what counted in one history counts in another, whose offsets are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import bindparam, func, select, tuple_, update

from consumers.ledger import tables
from consumers.ledger.port import LedgerError
from screening.policy.standing import Mark

if TYPE_CHECKING:
    from sqlalchemy import Connection

_AT_ONCE: Final = 1_000
"""Marks rewritten at once: enough to make the statement's cost small, few enough to hold."""


def move(connection: Connection, old: str, new: str) -> int:
    """Rename an epoch in every table; the marks of subjects hold it within, and are read and written anew.

    Raises:
        LedgerError: something was applied from the new one already.
    """
    frontiers = tables.frontiers
    there = connection.execute(select(func.count()).select_from(frontiers).where(frontiers.c.epoch == new)).scalar_one()
    if there:
        raise LedgerError(
            f"ledger: found {there} frontiers of the log's copy {new}, expected none: roles have run on it already, and"
            " what they decided was decided without what stood before; restore the ledger's backup"
        )
    moved = 0
    for table in tables.metadata.sorted_tables:
        if "epoch" in table.c:
            changed = connection.execute(update(table).where(table.c.epoch == old).values(epoch=new))
            moved += changed.rowcount
    return moved + _move_marks(connection, old, new)


def _move_marks(connection: Connection, old: str, new: str) -> int:
    table = tables.subject_marks
    named = tuple_(table.c.account_id, table.c.subject, table.c.id)
    wanted = select(table).order_by(table.c.account_id, table.c.subject, table.c.id).limit(_AT_ONCE)
    rewritten = (
        update(table)
        .where(
            table.c.account_id == bindparam("an_account"),
            table.c.subject == bindparam("a_subject"),
            table.c.id == bindparam("an_id"),
        )
        .values(mark=bindparam("a_mark"))
    )
    moved, after = 0, None
    while rows := connection.execute(wanted if after is None else wanted.where(named > after)).all():
        changes = []
        for row in rows:
            mark = msgspec.json.decode(bytes(row.mark), type=Mark)
            if mark.epoch == old:
                written = msgspec.json.encode(msgspec.structs.replace(mark, epoch=new))
                changes.append(
                    {"an_account": row.account_id, "a_subject": row.subject, "an_id": row.id, "a_mark": written}
                )
        if changes:
            connection.execute(rewritten, changes)
        moved += len(changes)
        after = (rows[-1].account_id, rows[-1].subject, rows[-1].id)
    return moved
