"""One limit of a policy set otherwise."""

from __future__ import annotations

import pytest
from rulebook import policy_text, shipped_register

from screening.errors import PolicyError
from screening.policy.parse import parse_policy
from screening.policy.thresholds import with_threshold


@pytest.mark.parametrize("said", ["registration.review_from=0.87", "second_opinion.review_from=0.91"])
def test_one_line_changes_and_the_policy_can_be_read(said):
    """Everything else stays as people wrote it, notes too."""
    old, new = policy_text().split("\n"), with_threshold(policy_text(), said).split("\n")
    assert [one for one, two in zip(old, new, strict=True) if one != two]
    assert sum(one != two for one, two in zip(old, new, strict=True)) == 1
    parse_policy("\n".join(new), shipped_register())


@pytest.mark.parametrize(
    "said",
    ["review_from=0.5", "certainty.review_from=0.5", "content.review_from", "content.review_from=high", "content.no=1"],
)
def test_what_is_no_limit_is_refused(said):
    """With what was found and what was expected."""
    with pytest.raises(PolicyError, match="expected"):
        with_threshold(policy_text(), said)


def test_a_limit_that_makes_no_sense_is_for_the_policy_to_refuse():
    """The text is changed; reading it tells what is wrong with it."""
    with pytest.raises(PolicyError):
        parse_policy(with_threshold(policy_text(), "content.review_from=7"), shipped_register())
