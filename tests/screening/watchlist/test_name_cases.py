from __future__ import annotations

import json

import pytest
from datafolder import ROOT
from invented import organization, party, person

from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import PartyKind

REVIEW = 0.82
CASES = [
    json.loads(line) for line in (ROOT / "tests" / "cases" / "names.jsonl").read_text(encoding="utf-8").splitlines()
][1:]


def score(case: dict[str, object]) -> float:
    natural = case["kind"] == "person"
    listed = party("1", str(case["listed"]), kind=PartyKind.PERSON if natural else PartyKind.ORGANIZATION)
    register = person if natural else organization
    (hits,) = NameMatcher({"cases": [listed]}, floor=0.5).find([register(str(case["query"]))])
    return max((hit.score for hit in hits), default=0.0)


@pytest.mark.parametrize("case", [case for case in CASES if case["tier"] == "STRONG"], ids=lambda case: case["why"])
def test_strong_cases_hold(case: dict[str, object]) -> None:
    """A pair that no one would dispute is alike, or is not, as the case says."""
    assert (score(case) >= REVIEW) is case["alike"], score(case)
