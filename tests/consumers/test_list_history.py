"""Thirteen real days of one list through `import`: what was added, changed and removed, and what is refused."""

from __future__ import annotations

import pytest
from datafolder import data_folder

from consumers import watchlists
from consumers.settings import load_settings
from consumers.wiring import Installation
from screening.errors import WatchlistError

SOURCE = "us-ofac-sdn"

try:
    LISTS = data_folder() / "sanctions" / "lists"
except FileNotFoundError as error:
    pytest.skip(str(error), allow_module_level=True)


@pytest.fixture
def installation(tmp_path):
    settings = load_settings(None, "", {}, {"data": str(tmp_path / "data"), "instance": "history"})
    with Installation(settings) as opened:
        opened.prepare()
        yield opened


def take(installation, path, **given):
    with watchlists.opened(installation.settings, str(path)) as (files, origin):
        parsed = watchlists.parse(SOURCE, files)
    return watchlists.import_list(installation, SOURCE, parsed, origin, **given)


def changes(done):
    return tuple(map(len, (done.change.added, done.change.changed, done.change.removed)))


def test_the_days_of_the_list(installation, tmp_path):
    """Every day replaces the one before, 426 added and 388 removed at first; an empty day changes nothing."""
    days = sorted((LISTS / "ofac_history").glob("*.csv"))
    first = take(installation, days[0])
    assert first.change is None
    counted = {}
    for day in days[1:]:
        done = take(installation, day)
        assert done.activation is not None
        counted[day.stem.removeprefix("sdn_")] = changes(done)
        assert len(done.change.mattering) <= len(done.change.changed)
    added, _, removed = counted["2022-02-23"]
    assert (added, removed) == (426, 388)
    assert len(counted) == 12
    assert all(added + changed + removed > 0 for added, changed, removed in counted.values())
    (tmp_path / "sdn.csv").write_bytes(b"")
    with pytest.raises(WatchlistError, match="an empty file"):
        take(installation, tmp_path / "sdn.csv")
    assert watchlists.named_version(installation, SOURCE) == done.version.digest


def test_a_day_of_the_primary_file_alone_is_a_shrinking(installation):
    """Over a version with aliases and addresses, a day that has none of them is refused until a person lets it pass."""
    whole = take(installation, LISTS / "ofac_2021-07")
    assert whole.counts.aliases == 11910
    day = LISTS / "ofac_history" / "sdn_2021-08-18.csv"
    with pytest.raises(WatchlistError) as caught:
        take(installation, day)
    said = [str(fault) for fault in caught.value.faults]
    assert f"{SOURCE}: aliases: found 0 where the version in force has 11910, expected a loss of at most 25%" in said
    assert any("addresses: found 0" in fault for fault in said)
    assert watchlists.named_version(installation, SOURCE) == whole.version.digest
    passed = take(installation, day, override=watchlists.Override("Ada", "a trial"))
    assert passed.activation.by == "Ada"
    assert watchlists.rollback(installation, SOURCE).version.digest == whole.version.digest
