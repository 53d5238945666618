"""Going on with a copied log: the pipeline moves from the embedded log to a broker, and orders as if it had not."""

from __future__ import annotations

import json

import pytest
from integration.hundred import put_in_force, registered
from integration.streams import Stream, difference, flags_for, outcome_of, settings_of
from integration.test_rescreening import rescreened

from consumers import topics
from consumers.ledger.port import LedgerError
from consumers.log.port import Outgoing
from consumers.log_copies import copy_log
from consumers.wiring import ROLES, copy_destination, copy_source

NAMES = [spec.name for spec in topics.TOPICS]


def said(number, text="网上赌场开户送彩金"):
    fields = {"id": f"c-{number}", "account_id": f"a-{number % 7}", "body": text}
    return Outgoing(topics.CONTENT, fields["account_id"].encode(), json.dumps(fields).encode())


def before(stream):
    """Half a day: a list, registrations and contents, an update and its re-screening; then more, not ordered yet."""
    put_in_force(stream, {1, 2, 3})
    stream.publish([registered(n) for n in (1, 2, 4, 5)] + [said(n) for n in range(20)])
    stream.publish([Outgoing(topics.CONTENT, b"a-1", b"{broken")])
    stream.drain()
    put_in_force(stream, {1, 3, 4})
    rescreened(stream)
    stream.publish([registered(3), said(1), said(20), said(3, "今天天气很好")])
    stream.drain(("content", "registrations"))


def after(stream):
    """The other half: what waited, more, and another update with its re-screening."""
    stream.drain(ROLES)
    stream.publish([said(n) for n in range(18, 30)] + [registered(2)])
    stream.drain()
    put_in_force(stream, {3, 4, 5})
    rescreened(stream)


@pytest.mark.timeout(600)
def test_a_copy_goes_on_as_if_nothing_had_happened(tmp_path, kafka_broker):
    """The orders, results and dead letters are those of an uninterrupted run, none twice; the source orders no more."""
    with Stream(flags_for(tmp_path / "whole")) as whole:
        before(whole)
        after(whole)
        expected = outcome_of(whole)
    old = flags_for(tmp_path / "moved")
    with Stream(old) as source:
        before(source)
    new = old | {"log.url": f"kafka://{kafka_broker}"}
    with (
        copy_source(settings_of(old)) as held,
        copy_destination(settings_of(new)) as taking,
        Stream(old) as source,
    ):
        copy_log(held, taking, source.installation.ledger, names=NAMES, tell=lambda _: None)
    with Stream(new) as copied:
        after(copied)
        found = outcome_of(copied)
    assert len(expected.orders) > 20
    assert len(expected.dead_letters) == 1
    for name in ("orders", "dead_letters", "results"):
        assert not difference(getattr(expected, name), getattr(found, name)), name
    with Stream(old) as source, pytest.raises(LedgerError):
        source.drain(("enforcement",))
