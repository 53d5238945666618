"""Chinese names as people of Hong Kong spell them: "鄧炳強" → "tang pingkeung", "李家超" → "lee kachiu".

The Hong Kong Government's spelling, which is on identity cards and so on lists, follows from the Cantonese sound, but
for surnames, whose owners keep older ways; those in use stand here.
"""

from __future__ import annotations

import functools

from screening.text.variants import SIMPLIFIED, VARIANTS
from screening.watchlist.cantonese_sounds import SOUNDS

_INITIALS = (
    ("gw", "kw"), ("kw", "kw"), ("ng", "ng"), ("b", "p"), ("p", "p"), ("m", "m"), ("f", "f"), ("d", "t"), ("t", "t"),
    ("n", "n"), ("l", "l"), ("g", "k"), ("k", "k"), ("h", "h"), ("w", "w"), ("z", "ch"), ("c", "ch"), ("s", "s"),
    ("j", "y"),
)  # fmt: skip
_FINALS = {
    "aa": "a", "aai": "ai", "aau": "au", "aam": "am", "aan": "an", "aang": "ang", "aap": "ap", "aat": "at", "aak": "ak",
    "oe": "eu", "oeng": "eung", "oek": "euk", "eoi": "ui", "eon": "un", "eot": "ut", "ou": "o", "yu": "u", "yun": "uen",
    "yut": "uet",
}  # fmt: skip
_BEFORE_BACK = ("a", "o", "u")

_SURNAME_TABLE = """
lee li lei:李 tsang:曾 tang:鄧邓 chan:陳陈 lam:林 cheng:鄭郑 wong:黃黄王汪 ng:吳吴伍 cheung:張张章 chow chau:周鄒邹
lau low:劉刘 leung:梁 ho:何 yeung:楊杨 chu:朱 tsui chui:徐崔 sun suen:孫孙 ma:馬马 kwok:郭 law lo:羅罗 lo:盧卢路勞劳
hui:許许 ip yip:葉叶 lui:呂吕雷 tse:謝谢 tam:譚谭 choi tsoi:蔡 yu:余俞于茹 au:區区歐欧 kwan:關关 mok:莫 so:蘇苏
fung:馮冯 kong:江 tong:湯汤唐 szeto:司徒 auyeung:歐陽欧阳 poon pun:潘 siu shiu:蕭萧肖邵 hung:洪孔 kwong:鄺邝 sin
shin:單单冼 chung:鍾钟鐘 chiu:趙赵招 yuen:袁阮源 mak:麥麦 fan:范 tin:田 shek:石 tsoi:賽 wan:溫温尹雲云 chin
tsin:錢钱 hau:侯 pang:彭 kan:簡简 lai:黎賴赖 shum sham:岑沈 woo wu:胡鄔邬 wu:胡 tso cho:曹左 mui:梅 ko:高 kam:甘金
yim:嚴严閻阎 lung:龍龙 yau:游丘邱 yan yin:殷甄 to:杜陶 luk:陸陆 wai:韋韦衛卫 kei:紀纪 lok:駱骆樂乐 hon:韓韩 ting:丁
che:車车 tai:戴 pak:白 kau:仇 cha:查 kok:郭 yam:任 chak:翟 tsang:曾 ngai:倪魏 man:文 moy:梅 hong:康 ku:古顧顾 sze
si:施史 sit:薛 wat:屈 cham tam:覃 siao:萧 ngan:顏颜 shea:佘 sung:宋 fong:方房 ling:凌 tung:董童 fok:霍 fu foo:傅符
lin:連连練 shing sing:成盛 kwai:季桂 mo mao:毛武 in:燕
"""
"""The spellings of a surname, the commonest first, and who has it."""

PAIR = 2
"""The characters of a compound surname, and of most given names."""


def hong_kong(surname: str, given: str) -> tuple[str, ...]:
    """Return the ways a person's Chinese name is spelled in Hong Kong; none where a character is not known.

    >>> hong_kong("李", "家超"), hong_kong("歐陽", "偉")
    (('lee kachiu', 'li kachiu', 'lei kachiu'), ('auyeung wai',))
    """
    syllables = [_spelled(character) for character in given]
    if not all(syllables):
        return ()
    surnames = _surnames().get(surname) or ("".join(map(_spelled, surname)),)
    called = ["".join(syllables)]
    if "tsz" in syllables:
        called.append("".join(syllables).replace("tsz", "chi"))
    if len(syllables) > PAIR:
        called.append(" ".join(syllables))
    return tuple(f"{spelled} {name}".strip() for spelled in surnames if spelled for name in called)


@functools.cache
def _surnames() -> dict[str, tuple[str, ...]]:
    held: dict[str, list[str]] = {}
    spellings: list[str] = []
    for word in _SURNAME_TABLE.split():
        spelled, _, bearers = word.partition(":")
        spellings.append(spelled)
        if bearers:
            compound = spelled in ("szeto", "auyeung")
            step = PAIR if compound else 1
            for start in range(0, len(bearers), step):
                held.setdefault(bearers[start : start + step], []).extend(spellings)
            spellings = []
    return {surname: tuple(dict.fromkeys(ways)) for surname, ways in held.items()}


@functools.cache
def _sounds() -> dict[str, str]:
    rows = (row.partition(":") for row in SOUNDS.split("|"))
    sounds = {character: sound for sound, _, characters in rows for character in characters}
    forms = zip(VARIANTS, SIMPLIFIED, strict=True)
    return {form: sounds[plain] for form, plain in forms if plain in sounds} | sounds


@functools.lru_cache(maxsize=16_384)
def _spelled(character: str) -> str:
    """Return the Government's spelling of a character's sound, or nothing where it is not known.

    >>> [_spelled(character) for character in "炳強源若子"]
    ['ping', 'keung', 'yuen', 'yeuk', 'tsz']
    """
    sound = _sounds().get(character, "")
    if sound in ("zi", "ci"):
        return "tsz" if character in "子梓慈紫賜赐" else "chi"
    initial, spelled = next(((heard, way) for heard, way in _INITIALS if sound.startswith(heard)), ("", ""))
    final = sound.removeprefix(initial)
    if initial == "j" and final.startswith("yu"):
        return "y" + _FINALS.get(final, final)
    if spelled == "ch" and final.startswith(_BEFORE_BACK) and not final.startswith(("aan", "un", "oe")):
        spelled = "ts" if initial == "z" else "ch"
    return spelled + _FINALS.get(final, final)
