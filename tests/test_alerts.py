"""Rules hold what promtool tests say, name only metrics that exist, and every alert says what it wants."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest
from prometheus import RULES, program_of
from ruamel.yaml import YAML
from test_docs import anchors

from consumers.measures import MEASURES, Kind

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNIT_TESTS = sorted((RULES.parent / "tests").glob("*.yml"))


def rules():
    """Return every rule of every file."""
    files = [YAML(typ="safe").load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yml"))]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}
RECORDED = {rule["record"] for rule in rules() if "record" in rule}
EXPORTED = {
    measure.name + suffix
    for measure in MEASURES
    for suffix in (("_bucket", "_sum", "_count") if measure.kind is Kind.HISTOGRAM else ("",))
}


def unknown(expression: str) -> set[str]:
    """Return the metrics of ours in an expression that neither a role exports nor a rule records."""
    recorded = set(re.findall(r"[a-z_]+:screening_\w+(?::\w+)?", expression))
    plain = re.sub(r"[a-z_]+:screening_\w+(?::\w+)?", "", expression)
    return (recorded - RECORDED) | (set(re.findall(r"\bscreening_\w+", plain)) - EXPORTED)


def promtool(*words):
    """Run promtool and return what it said; it must succeed."""
    done = subprocess.run([program_of("promtool"), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_are_valid():
    """Promtool takes every rule, and finds no two alike."""
    promtool("check", "rules", "--lint=all", "--lint-fatal", *sorted(RULES.glob("*.yml")))


@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_alerts_fire_where_they_should(path):
    """The unit tests of the rules hold."""
    assert "SUCCESS" in promtool("test", "rules", path)


def test_every_alert_has_a_unit_test():
    """No alert is without a test in which it fires."""
    tested = "\n".join(path.read_text("utf-8") for path in UNIT_TESTS)
    firing = set(re.findall(r'ALERTS\{alertname="(\w+)", alertstate="firing"\}\)', tested))
    firing |= set(re.findall(r"alertname: (\w+)\n +exp_alerts:\n", tested))
    assert firing == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_says_what_it_wants(name):
    """An alert has a severity, a summary, a description and a section that its link leads to, and that says enough."""
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert {"summary", "description", "runbook_url"} == rule["annotations"].keys()
    path, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    page = ROOT / path
    assert anchor == name.lower()
    assert anchor in anchors(page)
    section = page.read_text("utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert len(section.split()) > 20, "it says what the alert means and what to do"


def test_no_section_is_left_over():
    """The page has a section for each alert, and for nothing else."""
    page = (ROOT / "docs" / "operations" / "alerts.md").read_text("utf-8")
    assert set(re.findall(r"^## (.+)$", page, re.MULTILINE)) == set(ALERTS)


def test_rules_name_only_metrics_that_exist():
    """A metric in a rule is one of the table, or one that a rule records."""
    assert {name for rule in rules() for name in unknown(rule["expr"])} == set()


def test_every_recorded_metric_is_used():
    """Nothing is recorded that neither an alert nor a dashboard asks for."""
    used = "\n".join(rule["expr"] for rule in ALERTS.values())
    used += "\n".join(path.read_text("utf-8") for path in (ROOT / "deploy" / "grafana").glob("*.json"))
    used += "\n".join(rule["expr"] for rule in rules() if "record" in rule)
    assert {name for name in RECORDED if name not in used} == set()


def test_a_metric_that_vanished_is_noticed():
    """The check finds a name that nobody exports, recorded or plain."""
    assert unknown("max(screening_gone) + a:screening_gone:max + screening_lag_records") == {
        "screening_gone",
        "a:screening_gone:max",
    }
