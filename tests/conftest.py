"""Fixtures for every test; services live in `tests/services.py`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["services"]

# No test asserts on a clock: a busy machine must not fail one.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
