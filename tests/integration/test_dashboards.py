"""Dashboards are those that the script writes, ask for metrics that exist, and show something once a day has passed."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time

import pytest
from integration.watched_day import watched_day
from test_alerts import ALERTS, RECORDED, unknown

from consumers.measures import MEASURES

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
PANELS = [(path.stem, panel) for path in FILES for panel in json.loads(path.read_text("utf-8"))["panels"]]
QUERIES = [
    (f"{name}: {panel['title']} {target['refId']}", target["expr"])
    for name, panel in PANELS
    for target in panel["targets"]
]

EMPTY_SECONDS = 30.0
"""After which a query that answers nothing is held to answer nothing."""


def test_the_dashboards_are_up_to_date():
    """What is checked in is what the script writes."""
    command = [sys.executable, str(ROOT / "scripts" / "make-dashboards"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.stem for path in FILES] == ["content", "enforcement", "sanctions", "stream"]


@pytest.mark.parametrize(("what", "expression"), QUERIES, ids=[what for what, _ in QUERIES])
def test_queries_name_only_metrics_that_exist(what, expression):
    """A panel for a metric that vanished fails here, not before the engineer on call."""
    assert unknown(expression) == set(), what


def test_every_panel_says_why():
    """A panel has a description, a unit and a place of its own, and the page of dashboards names it."""
    page = (ROOT / "docs" / "operations" / "dashboards.md").read_text("utf-8")
    for name, panel in PANELS:
        assert panel["description"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert f"| {panel['title']} |" in page, f"{name}: {panel['title']}"
    for path in FILES:
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for name, panel in PANELS if name == path.stem]
        assert len(set(places)) == len(places)


def test_every_metric_that_stands_for_work_is_seen():
    """Every metric is asked for by a panel or a rule, but for those that only explain others."""
    rules = "\n".join(path.read_text("utf-8") for path in (ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))
    asked = rules + "\n".join(expression for _, expression in QUERIES)
    left_out = {measure.name for measure in MEASURES if measure.name not in asked}
    assert left_out == {
        "screening_build_info",
        "screening_metrics_lost_total",
        "screening_partitions",
        "screening_worker_moved_timestamp_seconds",
    }


def test_after_a_day_every_panel_shows_something(tmp_path):
    """Every query returns a sample from a real Prometheus that scraped real roles, and the rules were evaluated."""
    with watched_day(tmp_path) as watched:
        # Each is asked until it has answered: where a scrape comes to nothing, its metrics are gone until the next.
        empty, deadline = dict(QUERIES), time.monotonic() + EMPTY_SECONDS
        while empty and time.monotonic() < deadline:
            empty = {
                what: query
                for what, query in empty.items()
                if not watched.prometheus.query(query.replace("$__rate_interval", "5m"))
            }
            time.sleep(0.2 if empty else 0)
        assert list(empty) == []
        groups = watched.prometheus.ask("rules")["groups"]
        rules = {rule["name"]: rule for group in groups for rule in group["rules"]}
        assert set(rules) == set(ALERTS) | RECORDED
        assert {name: rule.get("lastError") for name, rule in rules.items() if rule["health"] != "ok"} == {}
