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
    character: reading
    for reading, characters in {
        "zeng": "曾", "shan": "单單", "xie": "解", "qiu": "仇", "ou": "区區", "zha": "查", "ren": "任", "ge": "盖蓋",
        "piao": "朴樸", "zhai": "翟", "wei": "尉", "qin": "覃", "yue": "乐樂", "xian": "洗冼", "yun": "员員",
        "chong": "种", "he": "黑", "miao": "缪繆", "she": "折", "gou": "句", "mu": "牟", "ji": "纪紀", "hua": "华華",
        "ning": "宁寧",
    }.items()
    for character in characters
}  # fmt: skip
"""Surnames whose reading as a name is not the commonest one of the character (standard dictionaries of surnames)."""

_COMPOUND = frozenset(
    {
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙", "公孫",
        "慕容", "令狐", "司徒", "夏侯", "端木", "独孤", "獨孤", "南宫", "南宮", "长孙", "長孫", "宇文", "闻人", "聞人",
        "呼延", "轩辕", "軒轅",
    }
)  # fmt: skip
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
