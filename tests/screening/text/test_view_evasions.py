"""How many altered terms the views find, and how often ordinary texts look like one, on terms of this test alone.

Terms are searched here in each reading by hand; the real matcher is measured elsewhere. Altered terms come from
`evasions`, which shares no table with the views. No term here was used to set a threshold; the ordinary texts were,
with other terms.
"""

from __future__ import annotations

import bisect
import functools
import json
import random

import evasions
import pytest
from datafolder import data_folder
from evasions import Kind

from screening.text import view_emoji, view_pinyin, view_repeated, view_reversed, view_sound, view_split
from screening.text.normalize import SEPARATOR, normalize, normalize_joined
from screening.text.oddity import place
from screening.text.segment import open_tokenizer

TERMS = (
    "麻古", "海洛因", "摇头丸", "大麻烟", "迷魂药", "听话药水", "仿真枪",
    "气枪铅弹", "钢珠枪", "弩箭", "管制刀具", "雷管", "黑火药", "假钞",
    "假发票", "代开证明", "假身份证", "洗钱车队", "刷流水", "高利贷", "裸贷",
    "套路贷", "非法集资", "传销", "电信诈骗", "杀猪盘", "庄家", "轮盘赌",
    "地下钱庄", "六合彩", "外围赌球", "老虎机", "特码", "下注网站", "卖肾",
    "代孕", "人体器官", "迷奸", "偷拍视频", "色情网站", "成人影片", "包养",
    "嫖资", "性服务", "私家侦探", "手机定位", "窃听器", "撞库", "木马病毒",
    "盗号", "翻墙软件", "人肉搜索", "考试答案", "替考枪手", "学历造假", "荷官发牌",
    "冰壶吸毒", "蓝精灵药丸", "猎枪子弹", "伪基站", "假警服",
)  # fmt: skip

FLOORS = {
    "sound": 0.85,
    "pinyin": 0.95,
    "initials": 0.90,
    "split": 0.85,
    "emoji": 0.90,
    "reversed": 0.85,
    "repeated": 0.90,
}
"""The least share of altered terms that must be found, by group of kinds; what the project wants is less."""

MOST_ALARMS = {"sound": 10, "pinyin": 5, "split": 2, "emoji": 2, "reversed": 3, "repeated": 2}
"""Ordinary texts of 10,000 that may look as if they held one of `TERMS`."""

CLEAN = ("clean_shopping_odd", "clean_hotel", "clean_c3", "clean_thucnews_title_dev", "clean_waimai")


@functools.cache
def tokenizer():
    return open_tokenizer(None)


@functools.lru_cache(maxsize=65_536)
def cut(text):
    return tuple(tokenizer().cut(text, HMM=False))


def occurrences(reading, patterns):
    for pattern, term in patterns:
        at = reading.text.find(pattern)
        while at >= 0:
            yield term, at, at + len(pattern)
            at = reading.text.find(pattern, at + 1)


def by_sound(text, terms):
    reading = view_sound.read(text)
    patterns = [(code, term) for term in terms for code in view_sound.codes(term)]
    for term, start, end in () if reading is None else occurrences(reading, patterns):
        found = text[start:end]
        if view_sound.promising(found, term) and view_sound.believable(found, term, place(text, start, end, cut)):
            yield term, start


def by_pinyin(text, terms):
    reading = view_pinyin.read(text)
    patterns = [(spelling, term) for term in terms for spelling in view_pinyin.spellings(term)]
    for term, start, end in () if reading is None else occurrences(reading, patterns):
        spans = list(zip(reading.starts[start:end].tolist(), reading.ends[start:end].tolist(), strict=True))
        if view_pinyin.believable(text, spans, term):
            yield term, spans[0][0]


def by_parts(text, terms):
    reading = view_split.read(text)
    for term, start, end in () if reading is None else occurrences(reading, [(term, term) for term in terms]):
        first, last = reading.span(start, end)
        found = text[first:last]
        if view_split.promising(found, term) and view_split.believable(found, term, place(text, first, last, cut)):
            yield term, first


def by_emoji(text, terms):
    reading = view_emoji.read(text)
    for term, start, end in () if reading is None else occurrences(reading, [(term, term) for term in terms]):
        first, last = reading.span(start, end)
        if view_emoji.believable(text, first, last):
            yield term, first


def backwards(text, terms):
    reading = view_reversed.read(text)
    for term, start, end in () if reading is None else occurrences(reading, [(term, term) for term in terms]):
        starts = reading.starts[start:end].tolist()
        held = place(text, *reading.span(start, end), cut)
        if view_reversed.promising(text, starts, term) and view_reversed.believable(text, starts, term, held):
            yield term, min(starts)


def repeated(text, terms):
    reading = view_repeated.read(text)
    patterns = [(view_repeated.code(term), term) for term in terms]
    for term, start, end in () if reading is None else occurrences(reading, patterns):
        first, last = reading.span(start, end)
        if view_repeated.believable(text[first:last], term):
            yield term, first


FINDERS = {
    "sound": by_sound,
    "pinyin": by_pinyin,
    "initials": by_pinyin,
    "split": by_parts,
    "emoji": by_emoji,
    "reversed": backwards,
    "repeated": repeated,
}


@pytest.mark.parametrize("group", FLOORS)
def test_altered_terms_are_found(group):
    """Of the terms altered in a group's ways at least its floor is found in the text around them."""
    chance = random.Random(20261123)
    tried, missed = 0, []
    for kind in evasions.GROUPS[group]:
        for term in TERMS * (3 if kind is Kind.EMOJI_FOR else 1):
            altered = evasions.alter(term, kind, chance)
            if altered is None:
                continue
            text = normalize_joined([evasions.within(altered, chance)]).text
            if term in text:
                continue
            tried += 1
            if all(found != term for found, _ in FINDERS[group](text, (term,))):
                missed.append((kind.value, term, altered))
    assert tried >= 10
    assert len(missed) <= (1 - FLOORS[group]) * tried, missed


@pytest.mark.parametrize("group", MOST_ALARMS)
def test_ordinary_texts_are_left_alone(group):
    """In ordinary reviews, dialogues and titles hardly anything looks like an altered term."""
    alarms: list[str] = []
    screened = 0
    for name in CLEAN:
        with (data_folder() / "content" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for _, line in zip(range(4_000), lines, strict=False)]
        joined = normalize_joined(texts).text
        ends = [at for at, character in enumerate(joined) if character == SEPARATOR]
        found = {bisect.bisect_left(ends, at): term for term, at in FINDERS[group](joined, TERMS)}
        alarms.extend(f"{term}: {texts[index]}" for index, term in found.items() if term not in texts[index])
        screened += len(texts)
    assert len(alarms) <= MOST_ALARMS[group] * screened / 10_000, alarms


def test_every_kind_alters_some_term():
    """A kind that alters nothing would measure nothing; what it leaves as it was is no evasion."""
    chance = random.Random(1)
    for kind in Kind:
        altered = [evasions.alter(term, kind, chance) for term in (*TERMS, "加usdt出1c", "加v看")]
        assert any(altered), kind
        assert all(form is None or form not in TERMS for form in altered), kind


@pytest.mark.parametrize("kind", [Kind.WIDTH, Kind.STYLED, Kind.INVISIBLE, Kind.COMBINING])
def test_other_forms_of_a_term_are_made_plain(kind):
    """Forms and invisible characters are gone after normalising, before any view looks."""
    chance = random.Random(3)
    for term in (*TERMS, "usdt", "加v看片"):
        altered = evasions.alter(term, kind, chance)
        assert altered is None or normalize(altered).text == term
