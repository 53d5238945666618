"""No step of a role or of a re-screening reads a table of the ledger from end to end, however much stands there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from integration.hundred import put_in_force, registered
from integration.streams import Stream, flags_for
from sqlalchemy import Engine, event

from consumers import topics
from consumers.ledger import tables
from consumers.log.port import Outgoing
from consumers.rejudging import target_of
from consumers.rescreening import Pass, catch_up

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = {"screening_schema", "versions", "frontiers", "rescreenings", "shadows"}
"""Tables that stay short; all others have a row for each subject, result or order."""

BY_PAGE = " LIMIT "
"""A statement that reads page by page ends with its page, along an index or not."""

ONCE = "SELECT DISTINCT last_results.activation"
"""A re-screening asks once which activations judged what stands: 0.1 s for a million, less than an index costs."""


@pytest.fixture
def plans(tmp_path) -> Iterator[tuple[Stream, dict[str, list[str]]]]:
    """A stream in files, and how SQLite goes about each statement that it is asked: statement → steps."""
    found: dict[str, list[str]] = {}
    asking = False

    def explain(connection, _cursor, statement, parameters, _context, many):
        nonlocal asking
        if asking or statement in found or not statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            return
        asking = True
        one = parameters[0] if many else parameters
        rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", one).fetchall()
        found[statement] = [row[3] for row in rows]
        asking = False

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        with Stream(flags_for(tmp_path)) as stream:
            yield stream, found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def test_nothing_that_grows_is_read_from_end_to_end(plans):
    """Contents, registrations, orders, their lifting and a re-screening ask by an index."""
    grow = tables.metadata.tables.keys() - SMALL
    stream, found = plans
    put_in_force(stream, range(40))
    stream.publish([registered(number) for number in range(20, 60)])
    texts = ["网上赌场开户送彩金，注册就送", "今天天气很好，我们去公园"] * 20
    stream.publish([content(number, body) for number, body in enumerate(texts)])
    stream.drain()
    stream.publish([content(number, texts[1]) for number in range(10)])
    stream.publish([Outgoing(topics.ACCOUNTS, registered(21).key, None)])
    order = json.loads(next(iter(stream.records(topics.ORDERS_CONTENT))).value)
    said = {"directive_id": "d-1", "account_id": order["account_id"], "type": "lift", "target": order["action_id"]}
    said |= {"by": "li.na", "reason": "quoted from a warning"}
    stream.publish([Outgoing(topics.RESULTS, order["account_id"].encode(), json.dumps(said).encode())])
    stream.drain()
    put_in_force(stream, range(20, 60))
    catch_up(stream.installation, ("registrations", "records"))
    one = Pass(
        stream.installation, "registration", target_of(stream.installation, "registration"), whole=False, by="a test"
    )
    one.plan(lambda _: None)
    assert one.run(one.known().progress, lambda _: None).done.otherwise > 0
    catch_up(stream.installation, ("enforcement", "records"))
    assert {"subject_marks", "open_orders", "last_closed", "directives", "citations"} <= {
        step.split()[1] for steps in found.values() for step in steps if step.startswith(("SEARCH", "SCAN"))
    }
    scans = {
        statement: steps
        for statement, steps in found.items()
        if BY_PAGE not in statement
        and not statement.startswith(ONCE)
        and any(step.split()[:2] == ["SCAN", name] for step in steps for name in grow)
    }
    assert not scans, json.dumps(scans, indent=2)


def content(number: int, body: str) -> Outgoing:
    """Return an upload."""
    fields = {"id": f"c-{number}", "account_id": f"b-{number % 7}", "body": body}
    return Outgoing(topics.CONTENT, fields["account_id"].encode(), json.dumps(fields).encode())
