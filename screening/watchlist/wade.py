"""Pinyin syllables as Wade-Giles writes them, which Taiwan and older lists use: "guo" → "kuo", "xiu" → "hsiu".

Without its apostrophes and dots, which lists leave out, Wade-Giles does not tell "zhang" from "chang". So what has
been turned from pinyin is compared only with names as they stand, never with another that was turned.
"""

from __future__ import annotations

import functools
import re

from screening.text.sounds import FURTHER, USUAL

_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "er": "erh",
    "ye": "yeh", "yan": "yen", "you": "yu", "yong": "yung", "yue": "yueh", "yuan": "yuan", "guo": "kuo", "kuo": "kuo",
    "huo": "huo", "shuo": "shuo", "gui": "kuei", "kui": "kuei", "ge": "ko", "ke": "ko", "he": "ho", "e": "o", "yi": "i",
}  # fmt: skip
_INITIALS = (
    ("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("p", "p"), ("d", "t"), ("t", "t"), ("g", "k"), ("k", "k"),
    ("j", "ch"), ("q", "ch"), ("z", "ts"), ("c", "ts"), ("x", "hs"), ("r", "j"),
)  # fmt: skip
_FINALS = ((r"ian$", "ien"), (r"ie$", "ieh"), (r"ue$", "ueh"), (r"ve$", "ueh"), (r"ong$", "ung"), (r"uo$", "o"))
_MOST_SYLLABLES = 4
_MOST_WORDS = 4
_MOST_JOINED = 3

_SURNAME_TABLE = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang han feng
deng cao peng zeng xiao tian dong yuan pan jiang cai yu du ye cheng su wei lu ding ren shen yao cui zhong tan fan jin
shi liao jia xia fu fang bai zou meng xiong qin qiu hou yin xue yan duan lei long tao gu mao hao gong shao wan qian
dai mo kong xiang chang qiao lai wen kang niu geng ge xing an qi zhuang ji lan pang nie zhuo zhai mei guan zhan shu qu
zuo hua chu ou ning xin gan ke
"""
"""Surnames of a hundred and more of the commonest; a name without one is hardly Chinese."""

_SURNAMES = frozenset(_SURNAME_TABLE.split())


@functools.cache
def syllables() -> frozenset[str]:
    """Return the syllables of pinyin, without tones, ü as "u"."""
    return frozenset(row.partition(":")[0].replace("v", "u") for row in f"{USUAL}|{FURTHER}".split("|"))


@functools.lru_cache(maxsize=4096)
def wade_giles(syllable: str) -> str:
    """Return a syllable of pinyin in Wade-Giles, without apostrophes and dots.

    >>> [wade_giles(syllable) for syllable in ("zhang", "xiu", "qian", "guo", "zi", "xiong")]
    ['chang', 'hsiu', 'chien', 'kuo', 'tzu', 'hsiung']
    """
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    pinyin, initial = next(((old, new) for old, new in _INITIALS if syllable.startswith(old)), ("", ""))
    final = syllable.removeprefix(pinyin)
    for pattern, new in _FINALS:
        final = re.sub(pattern, new, final)
    return initial + final


@functools.lru_cache(maxsize=16_384)
def cut(word: str) -> tuple[str, ...]:
    """Return the syllables of a word of pinyin, or nothing where it is none; the fewest, longest first.

    >>> cut("guofan"), cut("yuanqiao"), cut("karam")
    (('guo', 'fan'), ('yuan', 'qiao'), ())
    """
    if word in syllables():
        return (word,)
    for length in range(min(6, len(word) - 1), 0, -1):
        if word[:length] in syllables() and (rest := cut(word[length:])) and len(rest) < _MOST_SYLLABLES:
            return (word[:length], *rest)
    return ()


def turned(words: tuple[str, ...]) -> str | None:
    """Return the words of a Chinese name of pinyin in Wade-Giles; None where they are none, or stay the same.

    >>> turned(("zhang", "guotao")), turned(("juan", "sanchez"))
    ('chang kuotao', None)
    """
    if not 1 < len(words) <= _MOST_WORDS or _SURNAMES.isdisjoint(words) or not all(map(cut, words)):
        return None
    spelled = " ".join("".join(map(wade_giles, cut(word))) for word in words)
    return None if spelled == " ".join(words) else spelled


def apart(word: str) -> str | None:
    """Return a Chinese name of pinyin that is written as one word as surname and given name; None where it is none.

    >>> apart("zhuoguoqiao"), apart("guo"), apart("karam")
    ('zhuo guoqiao', None, None)
    """
    syllables_held = cut(word)
    if not 1 < len(syllables_held) <= _MOST_JOINED or syllables_held[0] not in _SURNAMES:
        return None
    return f"{syllables_held[0]} {''.join(syllables_held[1:])}"
