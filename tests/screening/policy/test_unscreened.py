from __future__ import annotations

import pytest

from screening.decisions import Verdict
from screening.policy.rules import UnscreenedRules
from screening.policy.unscreened import kind_of, verdict_on

RULES = UnscreenedRules(
    alone=Verdict.REVIEW, otherwise=Verdict.CLEAR, kinds={"image": Verdict.CLEAR, "archive": Verdict.REVIEW}
)


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("attachments[0]:image", "image"),
        ("attachments[12]:IMAGE", "image"),
        ("attachments[0]: video/mp4", "video"),
        ("image", "image"),
        ("aliases[2]", "aliases"),
        ("affiliates[0].aliases[1]", "aliases"),
        ("attachments[0]:", ""),
    ],
)
def test_the_kind_is_told_from_the_place(part: str, kind: str):
    """Places and subtypes do not hide what kind of thing was not read."""
    assert kind_of(part) == kind


def test_the_strictest_kind_counts():
    """One part that asks for a person is enough."""
    parts = ("attachments[0]:image", "attachments[1]:archive")
    assert verdict_on(parts, RULES, readable=True) is Verdict.REVIEW


def test_kinds_nobody_named_follow_the_rule_for_others():
    """A kind that the policy does not list is treated as it says for such kinds."""
    assert verdict_on(("attachments[0]:hologram",), RULES, readable=True) is Verdict.CLEAR
