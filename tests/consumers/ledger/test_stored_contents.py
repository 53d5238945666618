"""The contents that stand can be read page by page, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import pytest

from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import Projected, Stored
from consumers.log.port import Record

EPOCH = "e" * 32
DIGEST = "d" * 64


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request, tmp_path):
    """A ledger on an empty database."""
    own = f"sqlite:///{tmp_path / 'ledger.db'}"
    opened = SqlLedger(own if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()


def project(ledger: SqlLedger, *named: tuple[str, str], value: bytes | None = b"{}", ended: bool = False) -> None:
    rows = [
        Projected("content", account, name, Record("content.published", 0, at, 0, None, value), DIGEST, ended=ended)
        for at, (account, name) in enumerate(named)
    ]
    with ledger.applying("records", EPOCH) as applying:
        applying.project(rows)


def pages(ledger: SqlLedger, most: int) -> list[Stored]:
    found: list[Stored] = []
    after = None
    while page := ledger.contents(after, most):
        assert len(page) <= most
        found += page
        after = (page[-1].account_id, page[-1].id)
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_every_content_is_read_once(ledger, most):
    """Whatever the size of a page, and with names of any script, none is left out and none comes twice."""
    named = [("a-1", "c-1"), ("a-1", "c-2"), ("a-10", "c-1"), ("账户", "文😀"), ("A", "'"), (" ", "c"), ("a-1", "C")]
    project(ledger, *named)
    found = [(one.account_id, one.id) for one in pages(ledger, most)]
    assert sorted(found) == sorted(named)


def test_only_what_stands_is_read(ledger):
    """A content that was deleted is no more; of the others the newest revision counts, bytes and all."""
    project(ledger, ("a", "kept"), ("a", "gone"), ("a", "revised"))
    project(ledger, ("a", "gone"), ended=True)
    project(ledger, ("a", "revised"), value=b"\x00new")
    assert pages(ledger, 10) == [Stored("a", "kept", DIGEST, b"{}"), Stored("a", "revised", DIGEST, b"\x00new")]


def test_an_empty_ledger_has_no_contents(ledger):
    """There is nothing to read before anything was published."""
    assert ledger.contents(None, 10) == ()
