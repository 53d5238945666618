"""Paging through what stands costs what a page holds, however many there are."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Engine, event

from consumers.ledger.ledger import SqlLedger


@pytest.mark.parametrize("subject", ["registration", "content"])
def test_a_page_of_what_stands_is_sought_and_not_sorted_out_of_everybody(tmp_path, subject):
    """The database goes along the accounts; an index by another column would be read whole for each page."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert ledger.judged(subject, "epoch", ("a-1", "a-1"), 10) == ()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        ledger.close()
    ((statement, parameters),) = [one for one in asked if one[0].startswith("SELECT")]
    with sqlite3.connect(tmp_path / "ledger.db") as store:
        steps = [row[-1] for row in store.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    store.close()
    assert not [step for step in steps if "TEMP B-TREE" in step], steps


def test_a_new_ledger_knows_of_every_hit(tmp_path):
    """Nothing is missing from before hits were noted, so that no result need be read for them."""
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert ledger.citing({("list", "1")}) == frozenset()
    ledger.close()
