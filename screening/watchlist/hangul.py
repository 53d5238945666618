"""Korean names: Hangul syllables taken apart, and the ways in which Koreans and lists spell them.

One name is spelled in several ways: by the rules of Seoul ("gim jeongeun"), by those of the North and of older lists
("kim jongun", "kim chongun"), and as people write themselves ("kim jungeun"). Surnames have spellings of their own.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_APART = re.compile(f"({HANGUL.pattern})")

_LEAD_TABLE = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_VOWEL_TABLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_TAIL_TABLE = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_LEADS, _VOWELS, _TAILS = _LEAD_TABLE.split(), _VOWEL_TABLE.split(), _TAIL_TABLE.split()
"""The sounds of which the code of a syllable is made, in its order, by the rules of Seoul; "-" is silence."""


class _Spelling(NamedTuple):
    """A habit of spelling: which column of the surnames it takes, and where it differs from the rules of Seoul."""

    surname: int
    leads: dict[str, str]
    vowels: dict[str, str]


_SPELLINGS = (
    _Spelling(0, {}, {"eo": "u", "yeo": "yu"}),
    _Spelling(1, {}, {"eo": "o", "yeo": "yo", "eu": "u"}),
    _Spelling(1, {"g": "k", "d": "t", "b": "p", "j": "ch"}, {"eo": "o", "yeo": "yo", "eu": "u"}),
    _Spelling(0, {"g": "k"}, {"eo": "u", "yeo": "you", "eu": "eu", "u": "oo", "i": "ee"}),
    _Spelling(2, {}, {}),
)
"""As people write themselves, the North, McCune-Reischauer without its marks, another habit; Seoul stands last."""

_SURNAME_TABLE = """
김 kim kim gim|이 lee ri i yi rhee|리 lee ri ri rhee|박 park pak bak|최 choi choe choe
정 jung jong jeong chung chong|강 kang kang gang|조 cho jo jo joe|윤 yoon yun yun|장 jang jang jang|임 lim im im
림 lim rim rim|한 han han han|오 oh o o|서 seo so seo|신 shin sin sin|권 kwon kwon gwon|황 hwang hwang hwang
안 ahn an an|송 song song song|전 jeon jon jeon|홍 hong hong hong|유 yoo yu yu|류 ryu ryu ryu|고 ko ko go
문 moon mun mun|양 yang yang yang|량 ryang ryang ryang|손 son son son|배 bae pae bae|백 baek paek baek
허 heo ho heo hur huh|남 nam nam nam|심 shim sim sim|노 noh no no roh|로 roh ro ro|하 ha ha ha|곽 kwak kwak gwak
성 sung song seong|차 cha cha cha|주 joo ju ju|우 woo u u|구 koo ku gu|민 min min min|나 na na na|라 ra ra ra
진 jin jin jin|지 ji ji ji|엄 um om eom|원 won won won|천 chun chon cheon|방 bang pang bang|공 kong kong gong
현 hyun hyon hyeon|변 byun pyon byeon|추 choo chu chu|도 do to do|석 seok sok seok|선 sun son seon|설 seol sol seol
마 ma ma ma|길 gil kil gil|연 yeon yon yeon|위 wi wi wi|표 pyo phyo pyo|명 myung myong myeong|기 ki ki gi
반 ban pan ban|왕 wang wang wang|금 keum kum geum|옥 ok ok ok|육 yook yuk yuk|맹 maeng maeng maeng|제 je je je
모 mo mo mo|탁 tak thak tak|국 kook kuk guk|여 yeo yo yeo|려 ryeo ryo ryeo|어 eo o eo|은 eun un eun
용 yong yong yong|채 chae chae chae|함 ham ham ham|태 tae thae tae|편 pyun phyon pyeon|남궁 namgung namgung namgung
황보 hwangbo hwangbo hwangbo|제갈 jegal chegal jegal|선우 sunwoo sonu seonu|독고 dokko tokko dokgo
사공 sagong sagong sagong|경 kyung kyong gyeong|계 kye kye gye
"""
"""A surname as its bearers spell it mostly, as the North does, by the rules of Seoul, and in further ways."""

_GIVEN = 2
"""The syllables of most given names."""

_FIRST = 0xAC00
_OF_A_LEAD = 588
_OF_A_VOWEL = 28
"""Unicode orders syllables by lead, vowel, tail: this many have one lead, and one lead and vowel."""

_MOST_SYLLABLES = 4
"""More syllables in one run are no Korean name."""

MOST_FURTHER = 2
"""Further ways that a surname can have."""


def spellings(text: str) -> tuple[str, ...]:
    """Return the ways to spell the Hangul of a person's name in Latin letters, the likeliest first.

    >>> spellings("박정호")
    ('park jungho', 'pak jongho', 'pak chongho', 'bak jeongho')
    """
    if not HANGUL.search(text):
        return ()
    alone = len(text.split()) == 1
    pieces = _APART.split(text)
    runs = pieces[1::2]
    read = []
    for number in range(len(_SPELLINGS) + MOST_FURTHER):
        pieces[1::2] = [f" {_spelled(run, number, alone=alone)} " for run in runs]
        read.append(" ".join("".join(pieces).split()))
    return tuple(dict.fromkeys(read))


def korean(text: str) -> bool:
    """Whether the Hangul of a name has a Korean surname where it should; a foreign name has none, and is read by ear.

    >>> korean("박정호"), korean("정호 이"), korean("시드웰 리클스")
    (True, True, False)
    """
    runs: list[str] = HANGUL.findall(text)
    if len(runs) == 1:
        return len(runs[0]) <= _MOST_SYLLABLES and any(runs[0][:length] in _surnames() for length in (2, 1))
    return any(run in _surnames() for run in runs)


@functools.lru_cache(maxsize=16_384)
def _spelled(run: str, number: int, *, alone: bool) -> str:
    """Return one run of syllables in one way of spelling, a surname and a given name apart.

    Two syllables beside another word are a given name, for then the surname is that word.
    """
    spelling = _SPELLINGS[number] if number < len(_SPELLINGS) else _SPELLINGS[0]
    column = spelling.surname if number < len(_SPELLINGS) else number - len(_SPELLINGS) + 3
    length = next((length for length in (2, 1) if len(run) >= length and run[:length] in _surnames()), 0)
    if length and (len(run) == length or len(run) > _GIVEN or alone):
        ways = _surnames()[run[:length]]
        return f"{ways[column] if column < len(ways) else ways[0]} {_given(run[length:], spelling)}".strip()
    return _given(run, spelling)


def _given(syllables: str, spelling: _Spelling) -> str:
    return "".join(_syllable(ord(syllable) - _FIRST, spelling) for syllable in syllables)


def _syllable(code: int, spelling: _Spelling) -> str:
    lead, vowel, tail = (
        _LEADS[code // _OF_A_LEAD],
        _VOWELS[code % _OF_A_LEAD // _OF_A_VOWEL],
        _TAILS[code % _OF_A_VOWEL],
    )
    if lead == "-" and vowel == "u" and spelling.surname == 0:
        return f"woo{tail.strip('-')}"
    parts = (spelling.leads.get(lead, lead), spelling.vowels.get(vowel, vowel), tail)
    return "".join(part for part in parts if part != "-")


@functools.cache
def _surnames() -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in _SURNAME_TABLE.replace("\n", "|").split("|") if row)
    return {surname: tuple(ways) for surname, *ways in rows}
