"""Chinese names in Latin letters; the only door to pypinyin.

1. The reading of a person's name is its Hanyu Pinyin without tones, surname and given name apart, with the readings
   that surnames have of their own: "曾国藩" → "zeng guofan", "尉迟恭" → "yuchi gong".
2. Further readings follow from the same characters: second readings of surnames and of characters common in given
   names, the other way to write ü, the spelling of Hong Kong (`cantonese`), Wade-Giles (`wade`), a surname of one
   character where one of two is possible.
A wrong reading can miss a party; it never makes two names that are written differently compare as equal by itself.
"""

from __future__ import annotations

import functools
import re

from screening.watchlist.cantonese import hong_kong
from screening.watchlist.kana import japanese
from screening.watchlist.wade import wade_giles

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_APART = re.compile(f"({HAN.pattern})")

_SURNAME_TABLE = """
zeng:曾 shan:单單 xie:解 qiu:仇 ou:区區 zha:查 ren:任 ge:盖蓋葛 piao:朴樸 zhai:翟祭 wei:尉隗 qin:覃 yue:乐樂
xian:洗冼 yun:员員 chong:种 he:黑 miao:缪繆 she:折佘厍 gou:句 mu:牟 ji:纪紀 hua:华華 ning:宁寧 po:繁 shao:召少
pang:逄 xun:郇 chi:郗 chen:谌諶 bi:秘 zi:訾 yao:幺 ben:贲賁 bai:柏 zang:藏臧 nai:佴 nie:乜 qu:瞿曲 du:都 su:宿 da:笪
kan:阚闞 guo:过過呙 lu:陆陸 ye:叶葉 shen:沈 feng:冯馮 wan:万萬 che:车車 xing:行 qiang:强強 ying:应應 na:那 sheng:盛
yan:燕 xiang:相 gan:干 yin:尹 zhuo:卓
"""
"""Surnames whose reading as a name is not, or is not surely, the commonest one of the character."""

_SECOND_TABLE = """
tan:覃 le:乐樂 mou:牟缪繆 gai:盖蓋 shen:谌諶 kui:隗 di:翟 chou:仇 cha:查 qu:区區 dan:单單 ceng:曾 jie:解 pu:朴樸
yu:尉 xi:郗 lyu:吕呂闾 shi:佘 bo:柏 mao:缪
"""
"""Readings under which bearers of a surname are registered all the same."""

_GIVEN_TABLE = """
yue:乐樂 hang:行 zhang:长長 zhao:朝 chong:重 cheng:晟盛 xi:茜 nuo:娜 zhuan:传傳 bo:柏 jun:筠 shen:莘 xun:浚 gui:炅
zai:仔 se:色 huo:和 ceng:曾 nyu:女 lyu:吕侣绿律旅率履缕
"""
"""Second readings of characters in given names."""

_COMPOUND_TABLE = """
ouyang:欧阳歐陽 sima:司马司馬 shangguan:上官 zhuge:诸葛諸葛 dongfang:东方東方 huangfu:皇甫 yuchi:尉迟尉遲
gongsun:公孙公孫 murong:慕容 linghu:令狐 situ:司徒 xiahou:夏侯 duanmu:端木 dugu:独孤獨孤 nangong:南宫南宮
zhangsun:长孙長孫 yuwen:宇文 wenren:闻人聞人 huyan:呼延 xuanyuan:轩辕軒轅 moqi:万俟萬俟 chanyu:单于單于
tantai:澹台澹臺 puyang:濮阳濮陽 chunyu:淳于 gongye:公冶 taishi:太史 shentu:申屠 zhongsun:仲孙仲孫 zhongli:钟离鍾離
xianyu:鲜于鮮于 sikong:司空 tuoba:拓跋 helian:赫连赫連 baili:百里 ximen:西门西門 dongguo:东郭東郭 guliang:谷梁穀梁
yuezheng:乐正樂正 wuma:巫马巫馬 wanyan:完颜完顏 yelu:耶律 nalan:纳兰納蘭 yehe:叶赫葉赫 luqiu:闾丘閭丘 zongzheng:宗政
diwu:第五 dongmen:东门東門 nanmen:南门南門
"""
"""Surnames of two characters."""

PAIR = 2
"""The characters of a compound surname."""

MOST_READINGS = 8
"""Of one name only this many readings are compared, so that the work is bounded."""


def romanised(text: str, *, person: bool) -> str:
    """Return a text with its Han characters read in pinyin.

    A person's name becomes surname and given name, as lists write it; an organization's becomes its syllables.

    >>> romanised("曾国藩", person=True), romanised("欧阳修", person=True), romanised("良泰科技", person=False)
    ('zeng guofan', 'ouyang xiu', 'liang tai ke ji')
    """
    if text.isascii() or not HAN.search(text) or japanese(text):
        return text
    return HAN.sub(lambda run: f" {_read(run[0]) if person else ' '.join(_syllables(run[0]))} ", text).strip()


def further(text: str) -> tuple[str, ...]:
    """Return the other ways to read the Han characters of a person's name; none where there are none.

    >>> further("李炳强"), "shen long" in further("谌龙")
    (('lee pingkeung', 'li pingkeung', 'lei pingkeung', 'li pingchiang'), True)
    """
    if japanese(text):
        return ()
    pieces = _APART.split(text)
    runs = pieces[1::2]
    ways = [_ways(run, alone=len(runs) == 1) for run in runs]
    read = []
    for number in range(max(map(len, ways), default=0)):
        pieces[1::2] = [
            f" {held[min(number, len(held) - 1)] if held else _read(run)} "
            for run, held in zip(runs, ways, strict=True)
        ]
        read.append(" ".join("".join(pieces).split()))
    return tuple(dict.fromkeys(read))[:MOST_READINGS]


@functools.lru_cache(maxsize=65_536)
def _read(run: str) -> str:
    surname, given = _parts(run)
    return f"{_surname(surname)} {''.join(_syllables(given))}".strip()


@functools.lru_cache(maxsize=16_384)
def _ways(run: str, *, alone: bool) -> tuple[str, ...]:
    """Return the other readings of one run of characters; where it does not stand alone it may be a given name."""
    surname, given = _parts(run)
    syllables = _syllables(given)
    family, called = _surname(surname), "".join(syllables)
    ways = [*hong_kong(surname, given)]
    wade = "".join(map(wade_giles, syllables))
    ways.append(f"{''.join(map(wade_giles, _cut_surname(surname, family)))} {wade}".strip())
    if surname in _second():
        ways.append(f"{_second()[surname]} {called}".strip())
    other = "".join(_second_given().get(character, plain) for character, plain in zip(given, syllables, strict=True))
    if other != called:
        ways.append(f"{family} {other}")
    if len(surname) == PAIR:
        ways.append(f"{_surname(run[0])} {''.join(_syllables(run[1:]))}")
    if not alone:
        ways.append("".join(_syllables(run)))
    return tuple(way for way in dict.fromkeys(ways) if way != f"{family} {called}".strip())


def _parts(run: str) -> tuple[str, str]:
    length = PAIR if len(run) > PAIR and run[:PAIR] in _compounds() else 1
    return run[:length], run[length:]


def _surname(surname: str) -> str:
    known = _compounds().get(surname) or _surnames().get(surname)
    return known or "".join(_syllables(surname))


def _cut_surname(surname: str, family: str) -> tuple[str, ...]:
    return (family,) if len(surname) == 1 else tuple(_syllables(surname))


def _syllables(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its tables take a quarter of a second, and few commands ask

    # pypinyin writes ü as v, lists mostly as u.
    syllables = [syllable.replace("v", "u") for syllable in lazy_pinyin(characters)] if characters else []
    # What pypinyin does not know it leaves together.
    return syllables if len(syllables) == len(characters) else list(characters)


def _table(rows: str, length: int) -> dict[str, str]:
    held: dict[str, str] = {}
    for row in rows.split():
        reading, _, bearers = row.partition(":")
        held.update({bearers[start : start + length]: reading for start in range(0, len(bearers), length)})
    return held


@functools.cache
def _surnames() -> dict[str, str]:
    return _table(_SURNAME_TABLE, 1)


@functools.cache
def _second() -> dict[str, str]:
    return _table(_SECOND_TABLE, 1)


@functools.cache
def _second_given() -> dict[str, str]:
    return _table(_GIVEN_TABLE, 1)


@functools.cache
def _compounds() -> dict[str, str]:
    return _table(_COMPOUND_TABLE, PAIR)
