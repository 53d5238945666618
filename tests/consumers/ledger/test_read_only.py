"""A ledger opened to look: nothing is made, and nobody is waited for."""

from __future__ import annotations

import pytest

from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import WrongStore
from consumers.snapshots import policy_version, watchlist_version


def test_it_reads_while_another_one_writes(tmp_path):
    """A writer in the middle of its transaction keeps no reader waiting."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    writer = SqlLedger(url)
    version = policy_version({"policy.toml": "x"}, "shipped")
    writer.put_version(version)
    with writer.applying("records", "e-1"):
        reader = SqlLedger(url, read_only=True)
        assert reader.version("policy", version.digest) == version
        reader.close()
    writer.close()


def test_it_makes_nothing(tmp_path):
    """Where there is no database it is refused, and none is there afterwards."""
    with pytest.raises(WrongStore, match="found no database"):
        SqlLedger(f"sqlite:///{tmp_path / 'store.sqlite'}", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_told(tmp_path):
    """A file of something else is refused with its name, not with a stack."""
    (tmp_path / "store.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(WrongStore, match=r"store\.sqlite"):
        SqlLedger(f"sqlite:///{tmp_path / 'store.sqlite'}")


def test_the_same_parties_of_another_source_are_another_version():
    """A list imported under two sources is kept under both."""
    assert watchlist_version("one", (), {}).digest != watchlist_version("other", (), {}).digest
