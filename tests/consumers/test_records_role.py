from __future__ import annotations

import pytest
import sqlalchemy
from fakes import Watcher
from histories import content_result, directive, registration_result
from rulebook import content_hit
from streams import activation, content, drained, everything, open_stream, registration

from consumers import topics, wire
from consumers.activations import activate
from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import Applied
from consumers.log.port import Outgoing, TopicPartition
from consumers.records import RecordsRole
from screening.decisions import DirectiveType
from screening.subjects import content_digest, ended_digest, registrant_digest


@pytest.fixture
def log(tmp_path):
    opened = open_stream(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(url):
    opened = SqlLedger(url)
    yield opened
    opened.close()


@pytest.fixture
def role(log, ledger):
    return RecordsRole(ledger, epoch=log.epoch(), tell=Watcher())


def rows(url, columns, table):
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text(f"SELECT {columns} FROM {table} ORDER BY 1, 2"))  # noqa: S608 - fixed
        found = [tuple(row) for row in found]
    engine.dispose()
    return found


def judged(result) -> Outgoing:
    return Outgoing(topics.RESULTS, b"a-1", wire.encode(result), wire.result_headers(None))


def test_the_newest_of_each_subject_is_kept(log, role, url):
    """A row holds the newest record's bytes, digest and place; an end is kept as an end."""
    log.append([content("c-1", "old"), content("c-2"), content("c-1", "new"), content("c-2", None)])
    log.append(
        [registration("a-1", "王伟"), registration("a-1", "王玮"), registration("a-2"), registration("a-2", None)]
    )
    drained(log, role)
    newest = {(r.key, r.value) for r in everything(log, topics.CONTENT)}
    contents = rows(url, "account_id, id, digest, ended, record", "contents")
    read = wire.read_content(content("c-1", "new").value)
    gone = wire.read_content(content("c-2", None).value)
    assert [row[:4] for row in contents] == [
        ("a-1", "c-1", content_digest(read), 0),
        ("a-1", "c-2", ended_digest(gone), 1),
    ]
    assert {(b"a-1", row[4]) for row in contents} <= newest
    registrants = rows(url, "account_id, id, digest, ended, record", "registrants")
    kept = wire.read_registrant(registration("a-1", "王玮").value)
    assert registrants[0] == ("a-1", "a-1", registrant_digest(kept), 0, registration("a-1", "王玮").value)
    assert registrants[1][3:] == (1, None)


def test_results_are_kept_and_directives_are_not(log, role, url):
    """Every result has a row; what people said stands in no projection."""
    found = content_result(content_hit(), id="c-1")
    gone = content_result(id="c-1", ended=True, offset=1)
    named = registration_result(offset=2)
    said = directive(DirectiveType.LIFT, "x")
    log.append([judged(found), judged(gone), judged(named), judged(said)])
    drained(log, role)
    assert sorted(rows(url, "result_id, subject, id, verdict", "results")) == sorted(
        [
            (found.result_id, "content", "c-1", "enforce"),
            (gone.result_id, "content", "c-1", None),
            (named.result_id, "registration", "a-1", "clear"),
        ]
    )


def test_what_cannot_be_read_and_markers_leave_no_row(log, role, url):
    """Another role has put a bad record among the dead letters already; here it is passed over."""
    activate(log, lambda _: activation())
    log.append([Outgoing(topics.CONTENT, b"a-1", b"\xff"), Outgoing(topics.ACCOUNTS, b"a-1", b"{}")])
    log.append(
        [Outgoing(topics.RESULTS, b"a-1", b"[" * 100_000), Outgoing(topics.CONTENT, b"a-1", None), content("c-1")]
    )
    drained(log, role)
    assert [row[1] for row in rows(url, "account_id, id", "contents")] == ["c-1"]
    assert rows(url, "account_id, id", "registrants") == rows(url, "account_id, id", "results") == []
    assert everything(log, topics.DEAD_LETTER) == []


def test_records_that_come_again_change_nothing(log, role, ledger, url):
    """A crash before the log's commit costs a second reading; a row never goes back to an older record."""
    log.append([content("c-1", "old")])
    session = log.session("g", role.topics, "m")
    early, assigned = session.poll(1.0), session.assigned()
    role.process(early, assigned)
    session.close()
    log.append([content("c-1", "new")])
    drained(log, role)
    again = RecordsRole(ledger, epoch=log.epoch(), tell=Watcher())
    assert again.process(early, assigned).outputs == ()
    assert rows(url, "id, record", "contents") == [("c-1", content("c-1", "new").value)]


def test_what_enforcement_kept_to_send_is_left_alone(log, role, ledger):
    """Orders decided and not sent yet, for their worker was killed, outlive however far the rows are ahead of them."""
    log.append([judged(content_result(content_hit(), id=f"c-{number}")) for number in range(3)])
    places = {TopicPartition(record.topic, record.partition) for record in everything(log, topics.RESULTS)}
    kept = Outgoing(topics.ORDERS_CONTENT, b"a-1", b"an order")
    with ledger.applying("enforcement", log.epoch()) as applying:
        for place in places:
            applying.frontier(place)
            applying.apply([Applied(place, 1, "a-1", "decided", outputs=(kept,))], {})
            applying.advance(place, 3, 0)
    drained(log, role)
    log.append([judged(content_result(content_hit(), id="c-9"))])
    drained(log, role)
    with ledger.applying("enforcement", log.epoch()) as applying:
        assert [applying.stored(place, 0, 3) for place in places] == [(kept,)]


def test_it_waits_for_nothing(role):
    """Projections need no versions."""
    assert role.ready() is None
