"""Fixtures for every test; services live in `tests/services.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["services"]

# No test asserts on a clock: a busy machine must not fail one.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

LONGEST = ("crash", "integration")
"""The folders whose files take longest: begun first, none of them is left for one process at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; all else keeps its order."""
    items.sort(key=lambda item: not any(folder in item.path.parts for folder in LONGEST))
