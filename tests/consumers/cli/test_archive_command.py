"""`screening archive`: the versions in force as one file."""

from __future__ import annotations

from consumers.snapshot_files import read_snapshot


def test_a_snapshot_holds_what_is_in_force(installed):
    """Everything that the activation names, and nothing of the ledger is needed to read it."""
    done = installed.run("archive", "snapshot", "now.snapshot")
    assert done.code == 0, done.err
    snapshot = read_snapshot((installed.folder / "now.snapshot").read_bytes())
    assert snapshot.numbers.keys() == {"content", "registration"}
    for source, digest in snapshot.activation.watchlists.items():
        assert snapshot.version("watchlist", digest).source == source


def test_where_nothing_is_in_force_or_no_folder_is_there(fresh):
    """Refused, and nothing is made."""
    assert fresh.run("archive", "snapshot", "now.snapshot").code == 1
    assert fresh.run("archive", "snapshot", "nowhere/now.snapshot").code == 2
    assert fresh.files() == {}
