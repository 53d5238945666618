"""Names of every script that is read, by cases that are data."""

from __future__ import annotations

import json

import pytest
from datafolder import ROOT
from invented import organization, party, person

from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import PartyKind

REVIEW = 0.82
_FILE = ROOT / "tests" / "cases" / "names-by-script.jsonl"
CASES = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()][1:]
SCRIPTS = list(dict.fromkeys(case["script"] for case in CASES))
UNREAD = "none that is read"


def score(case: dict[str, str]) -> float:
    natural = case["kind"] == "person"
    listed = party("1", case["listed"], kind=PartyKind.PERSON if natural else PartyKind.ORGANIZATION)
    register = person if natural else organization
    (hits,) = NameMatcher({"cases": [listed]}, floor=0.5).find([register(case["query"])])
    return max((hit.score for hit in hits), default=0.0)


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_case_of_a_script_holds(script: str) -> None:
    """What is one name is alike however it is written, and another name is not."""
    cases = [case for case in CASES if case["script"] == script]
    wrong = [(case["query"], case["listed"], score(case)) for case in cases if (score(case) >= REVIEW) != case["alike"]]
    assert wrong == []


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script != UNREAD])
def test_every_script_has_cases_of_both_kinds(script: str) -> None:
    """A script with nothing but likeness would be held by a matcher that finds everybody."""
    assert {case["alike"] for case in CASES if case["script"] == script} == {True, False}
