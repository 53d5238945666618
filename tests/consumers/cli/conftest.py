"""Fixtures for the tests of commands."""

from __future__ import annotations

import os
import pathlib
import sys

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


@pytest.fixture(scope="session", autouse=True)
def on_path():
    """The installed command is found by its name, as for a user who has activated the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(pathlib.Path(sys.executable).parent), prepend=os.pathsep)
        yield
