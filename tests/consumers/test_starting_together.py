"""Roles that start at the same moment on an empty log come up all the same."""

from __future__ import annotations

import pytest
from integration.streams import flags_for, settings_of

from consumers import activations, wiring
from consumers.log.port import Fenced
from consumers.wiring import Installation


def prepared(tmp_path, monkeypatch, activate):
    """Prepare an installation whose activations go by way of another function, without pauses."""
    monkeypatch.setattr(wiring.activations, "activate", activate)
    monkeypatch.setattr(wiring, "_PAUSES", (0.0, 0.0))
    with Installation(settings_of(flags_for(tmp_path))) as installation:
        installation.prepare()
        return activations.latest(installation.log)


def test_who_was_fenced_finds_it_done(tmp_path, monkeypatch):
    """Where another process activated first, the one that was fenced looks again and activates nothing more."""
    real, calls = activations.activate, []

    def beaten(log, change):
        calls.append(real(log, change))
        raise Fenced("another writer took over")

    assert prepared(tmp_path, monkeypatch, beaten) == calls[0]
    assert len(calls) == 1


def test_fenced_for_good_is_told(tmp_path, monkeypatch):
    """Whoever is fenced every time says so in the end."""

    def beaten(log, change):  # noqa: ARG001 - as the real one is called
        raise Fenced("another writer took over")

    with pytest.raises(Fenced):
        prepared(tmp_path, monkeypatch, beaten)
