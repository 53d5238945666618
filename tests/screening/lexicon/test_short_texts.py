"""Short texts take shorter ways, long ones are skimmed: both find what is found without."""

from __future__ import annotations

import random

import evasions
import pytest
from looped import reading
from plainlists import plain_lexicon
from segmenters import segmenter

from screening.lexicon import hearing, occurrences, skimming
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content
from screening.text import view_pinyin, view_reversed
from screening.text.reading import View

TERMS = (
    "网上赌博", "赌场", "棋牌平台", "时时彩计划", "代开发票", "办证刻章", "信用卡套现", "枪支弹药", "明星", "好吧",
    "加微信号", "shabi", "www", "色情网站", "裸聊", "刷单兼职", "高利贷", "迷药", "林森", "从众心理",
)  # fmt: skip
FILLER = "今天天气好女子日月人从众心相看看谢谢微微笑林木木森的了是在我们去买vip ok app 3d 2b。，！\n"


@pytest.fixture(scope="module")
def matcher():
    """All views, all terms."""
    return ContentMatcher(plain_lexicon(TERMS, views=frozenset(View)), segmenter())


def made(chance):
    """Return a text with altered terms amid ordinary characters, some of them parts, doubles and letters."""
    pieces = []
    for _ in range(chance.randrange(1, 6)):
        kind = chance.choice(list(evasions.Kind))
        term = chance.choice(TERMS)
        pieces.append(evasions.alter(term, kind, chance) or term)
        pieces.append("".join(chance.choices(FILLER, k=chance.randrange(25))))
    chance.shuffle(pieces)
    return "".join(pieces)


def found(matcher, texts):
    return [matcher.find([Content(id=str(at), account_id="a", body=text)])[0] for at, text in enumerate(texts) if text]


@pytest.mark.parametrize("seed", range(4))
def test_all_ways_find_the_same(matcher, monkeypatch, seed):
    """Alone by the short ways, alone without any of them, and in one batch that is skimmed: the same hits."""
    chance = random.Random(seed)
    texts = [text for text in (made(chance) for _ in range(250)) if text.strip()]
    short = found(matcher, texts)
    contents = [Content(id=str(at), account_id="a", body=text) for at, text in enumerate(texts)]
    assert sum(map(len, texts)) > skimming._LONG
    assert matcher.find(contents) == short
    with reading(by_loops=True):
        assert found(matcher, texts) == short
        assert matcher.find(contents) == short
    monkeypatch.setattr(skimming, "_LONG", 1 << 40)
    monkeypatch.setattr(hearing, "_FEW", 0)
    monkeypatch.setattr(occurrences, "NARROWED", {})
    monkeypatch.setattr(view_pinyin, "_BRIEF", 0)
    monkeypatch.setattr(view_reversed, "_BRIEF", 0)
    assert found(matcher, texts) == short
    assert matcher.find(contents) == short
    assert sum(map(len, short)) > 100
