"""Contents made to cost much or to slip through: all are judged, bounded, and what was left unread goes to a person."""

from __future__ import annotations

import tracemalloc

import pytest
from lexicontexts import entry, lexicon, shipped
from rulebook import shipped_policy
from segmenters import segmenter

from screening import pipeline
from screening.decisions import Verdict
from screening.lexicon.matcher import MOST_HITS, Budget, ContentMatcher
from screening.pipeline import BUDGET, ContentScreener, content_versions
from screening.subjects import Content
from screening.text import view_split

OFFER = "。去赌博网站开户"
FILLING = "今天天气不错我们去公园里走一走看看花再回家吃饭，"


def screener_of(held):
    matcher = ContentMatcher(held, segmenter())
    return ContentScreener(matcher, shipped_policy(), content_versions("p" * 64, "l" * 64))


@pytest.fixture(scope="module")
def screener():
    """Judges with the shipped lexicons and policy."""
    return screener_of(shipped())


def judged(screener, body, **fields):
    (result,) = screener.screen([Content(id="c", account_id="a", body=body, **fields)])
    return result


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "口",
        "木",
        "赌",
        "a",
        "0",
        "q",
        "微信",
        "加我",
        "贝者",
        "堵博",
        "\u200b",
        "*",
        " ",
        "\n",
        "\u0301",
        "😀",
        "@",
    ],
)
def test_one_piece_repeated_hides_nothing(screener, piece):
    """Whatever is repeated before it, an offer is found in its place. Parts of characters once made a chain of joints
    that no view could take apart in the end."""
    flood = piece * (20_000 // len(piece))
    result = judged(screener, flood + OFFER)
    assert any(hit.start == len(flood) + 2 and hit.quote.startswith("赌博") for hit in result.hits)
    assert result.verdict is not Verdict.CLEAR


@pytest.mark.parametrize("piece", ["<", "<b>", "<!--", "&#", "&amp;", "</p", "<a title='"])
def test_markup_repeated_ends(screener, piece):
    """Markup that never ends is read to its end, and its content judged."""
    result = judged(screener, OFFER + piece * 10_000, format="html")
    assert any(hit.start == 2 and hit.quote.startswith("赌博") for hit in result.hits)


def test_a_chain_of_parts_is_cut_in_bounded_pieces():
    """Parts that overlap for long are read a piece at a time; what stands behind them is put together as ever."""
    chain = "一" * (view_split.MOST_JOINTS * 40)
    found = view_split.read(f"{chain}，去贝者博")
    assert found is not None
    assert "去赌博" in found.text


@pytest.mark.parametrize("piece", ["加我", "一", "微信", "赌博"])
def test_memory_is_bounded(screener, piece):
    """A passage full of terms, of words that must be near them, or of parts takes tens of megabytes."""
    text = piece * (60_000 // len(piece))
    judged(screener, text[:1000])
    tracemalloc.start()
    try:
        judged(screener, text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200 * 2**20


def test_a_hundred_megabytes_cost_no_more_than_the_budget(screener, monkeypatch):
    """Beyond the budget a text is not read, which is said, and a person looks; what stands within it is found."""
    monkeypatch.setattr(pipeline, "BUDGET", Budget(characters=200_000, candidates=BUDGET.candidates))
    text = OFFER + FILLING * (34_000_000 // len(FILLING))
    assert len(text) * 3 > 100_000_000
    result = judged(screener, text)
    assert result.unscreened == ("body",)
    assert result.verdict is not Verdict.CLEAR
    assert any(hit.start == 2 and hit.quote.startswith("赌博") for hit in result.hits)
    assert judged(screener, FILLING * 10_000).verdict is Verdict.REVIEW


def test_a_million_hits_are_bounded():
    """So many hits are not all looked at, which is said; some are shown, and the text is not clear."""
    result = judged(screener_of(lexicon(entry("word", "赌博", views=["exact"]))), "赌博" * 1_000_000)
    assert len(result.hits) == MOST_HITS
    assert result.unscreened == ("body",)
    assert result.verdict is not Verdict.CLEAR
