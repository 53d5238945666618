"""What is left out because a word that must be near is not there: nothing that would be a hit."""

from __future__ import annotations

import random

import pytest
from lexicontexts import entry, lexicon
from segmenters import segmenter

from screening.lexicon.alphabets import Alphabet
from screening.lexicon.compiled import compiled
from screening.lexicon.context import Context
from screening.lexicon.matcher import Budget, ContentMatcher
from screening.lexicon.nearby import Nearby
from screening.subjects import Content

ENTRIES = (
    entry("taught", "教程", "怎么做", window=12, **{"with": [["炸药", "枪"], ["材料", "配方", "土法子"]]}),
    entry("video", "视频", "教程", window=5, near=["无码", "私", "看片"]),
    entry("bare", "赌场"),
    entry("sale", "出售", window=20, **{"with": [["银行卡", "四件套"], ["kind:phone", "加我"]]}),
    entry("shared", "视频", window=30, **{"with": [["kind:phone"]]}),
    entry("long", "出售", "视频教程", window=8, near=["视频教程", "全套教程"]),
)
WORDS = (
    "教程", "怎么做", "炸药", "枪", "材料", "配方", "土法子", "视频", "无码", "私", "看片", "赌场", "出售", "银行卡",
    "四件套", "加我", "13812345678", "全套", "教*程", "jiaocheng", "频视", "今天天气很好",
    "我们去", "，", "。", "\n", "私人",
)  # fmt: skip


def made(chance):
    """Return a text of terms, of words that they ask for, and of others."""
    return "".join(chance.choices(WORDS, k=chance.randrange(1, 25)))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_a_hit_is_left_out(monkeypatch, seed):
    """In one batch, one by one and without looking what is near: the same hits, and the same of a field's budget."""
    chance = random.Random(seed)
    contents = [Content(id=str(at), account_id="a", title=made(chance), body=made(chance)) for at in range(300)]
    budget = Budget(10_000, 4)
    matcher = ContentMatcher(lexicon(*ENTRIES), segmenter())
    found = matcher.find(contents)
    screened = matcher.screen(contents, budget)
    assert [matcher.find([content])[0] for content in contents] == found
    monkeypatch.setattr(Nearby, "asks", False)
    assert matcher.find(contents) == found
    assert matcher.screen(contents, budget) == screened
    assert {hit.entry for hits in found for hit in hits} == {"taught", "video", "bare", "sale", "shared", "long"}


@pytest.mark.parametrize(
    ("text", "term", "kept"),
    [
        ("看教程的材料和炸药", "教程", True),
        ("看教程的材料和面粉", "教程", False),
        ("怎么做炸药，材料", "怎么做", True),
        ("炸药和材料，这样写十三个字才够怎么做", "怎么做", False),
        ("视频", "视频", True),
        ("看教程，无码", "教程", True),
        ("赌场", "赌场", True),
        ("出售视频教程", "出售", True),
        ("出售银行卡", "出售", True),
        ("出售", "出售", False),
    ],
)
def test_what_asks_for_words_that_are_not_near_is_left_out(text, term, kept):
    """Each list needs a word within the window, outside the term; of a term's entries one is enough.

    A kind of term may answer a list, so that list is not asked.
    """
    ready = compiled(lexicon(*ENTRIES))
    nearby = Nearby(ready, [Context(held) for held in ready.entries])
    found = ready.indexes[Alphabet.WRITTEN].find(text)
    patterns = ready.indexes[Alphabet.WRITTEN].patterns
    (row,) = [row for row in found if patterns[int(row[2])] == term]
    may = nearby.of(text).may(Alphabet.WRITTEN, row[None, 2], row[None, 0], row[None, 1])
    assert may.tolist() == [kept]
