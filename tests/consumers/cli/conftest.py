"""Fixtures for the tests of commands."""

from __future__ import annotations

import pytest
import terminal


@pytest.fixture
def fresh(tmp_path):
    """Someone in an empty folder."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    return terminal.Terminal(folder)


@pytest.fixture(scope="session")
def _imported(tmp_path_factory):
    return terminal.with_watchlist(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def installed(_imported, tmp_path):
    """Someone whose data directory has the small list in force."""
    return terminal.copy_of(_imported, tmp_path / "installed")
