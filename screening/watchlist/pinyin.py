"""Chinese names in Latin letters; the only door to pypinyin.

First form: one reading for each name, in Hanyu Pinyin without tones, with the readings that surnames have of their own.
Wade-Giles, Cantonese and further readings are later keys. A wrong reading can miss a party; it never makes two names
that are written differently compare as equal by itself.
"""

from __future__ import annotations

import functools
import re

from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")

_SURNAMES = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou", "查": "zha", "任": "ren",
    "盖": "ge", "蓋": "ge", "朴": "piao", "樸": "piao", "翟": "zhai", "尉": "wei", "覃": "qin", "乐": "yue", "樂": "yue",
    "洗": "xian", "冼": "xian", "员": "yun", "員": "yun", "种": "chong", "黑": "he", "缪": "miao", "繆": "miao",
    "折": "she", "句": "gou", "牟": "mu", "纪": "ji", "紀": "ji", "华": "hua", "華": "hua", "宁": "ning", "寧": "ning",
}  # fmt: skip
"""Surnames whose reading as a name is not the commonest one of the character (standard dictionaries of surnames)."""

_COMPOUND = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 夏侯 端木 独孤 獨孤 南宫 南宮 长孙 長孫"
    " 宇文 闻人 聞人 呼延 轩辕 軒轅".split()
)
"""Surnames of two characters that are still in use."""


def romanised(text: str, *, person: bool) -> str:
    """Return a text with its Han characters read in pinyin.

    A person's name becomes surname and given name, as lists write it; an organization's becomes its syllables.

    >>> romanised("曾国藩", person=True), romanised("欧阳修", person=True), romanised("良泰科技", person=False)
    ('zeng guofan', 'ouyang xiu', 'liang tai ke ji')
    """
    return _HAN.sub(lambda run: f" {_read(run[0], person=person)} ", text).strip() if _HAN.search(text) else text


@functools.lru_cache(maxsize=65_536)
def _read(run: str, *, person: bool) -> str:
    syllables = [_plain(syllable) for syllable in lazy_pinyin(run)]
    if not person or len(syllables) != len(run):
        return " ".join(syllables)
    if len(run) > 2 and run[:2] in _COMPOUND:
        return f"{''.join(syllables[:2])} {''.join(syllables[2:])}"
    return f"{_SURNAMES.get(run[0], syllables[0])} {''.join(syllables[1:])}".strip()


def _plain(syllable: str) -> str:
    return syllable.replace("ü", "u")
