"""The screeners: what could not be read is named, and is never clear where it is all there is."""

from __future__ import annotations

import pytest
from rulebook import shipped_policy
from segmenters import segmenter

from consumers import shipped, snapshots
from screening.decisions import Verdict
from screening.lexicon.matcher import ContentMatcher
from screening.pipeline import BUDGET, ContentScreener, content_versions
from screening.subjects import Attachment, Content


@pytest.fixture(scope="module")
def screener():
    lexicon = snapshots.read_lexicon(shipped.shipped_lexicon(), shipped_policy())
    return ContentScreener(ContentMatcher(lexicon, segmenter()), shipped_policy(), content_versions("p" * 64, "l" * 64))


def judged(screener, **fields):
    (result,) = screener.screen([Content(id="c-1", account_id="a-1", **fields)])
    return result


@pytest.mark.parametrize(
    ("fields", "unscreened", "verdict"),
    [
        ({"body": '<p><img src="a.png"></p>', "format": "html"}, ("body:image",), Verdict.REVIEW),
        ({"body": "<p>今天天气很好</p><video></video>", "format": "html"}, ("body:video",), Verdict.CLEAR),
        ({"body": '<img src="a.png">'}, (), Verdict.CLEAR),
        ({"attachments": (Attachment(kind="image"),)}, ("attachments[0]:image",), Verdict.REVIEW),
        ({"body": " \n", "attachments": (Attachment(kind="image"),)}, ("attachments[0]:image",), Verdict.REVIEW),
        (
            {"body": "今天天气很好", "attachments": (Attachment(kind="image"),)},
            ("attachments[0]:image",),
            Verdict.CLEAR,
        ),
    ],
)
def test_what_could_not_be_read_is_named(screener, fields, unscreened, verdict):
    """Pictures in markup are named like attachments; a content with nothing else to read goes to a person."""
    result = judged(screener, **fields)
    assert (result.unscreened, result.verdict) == (unscreened, verdict)


def test_a_flood_goes_to_a_person(screener):
    """A text with more candidates than the budget says so, keeps its gravest hits, and is never clear."""
    result = judged(screener, body="赌博" * (BUDGET.candidates + 1000))
    assert "body" in result.unscreened
    assert result.verdict is not Verdict.CLEAR
    assert result.hits
