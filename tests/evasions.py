"""Terms altered as writers alter them who do not want to be found, by kind, for tests and the benchmark.

Nothing here comes from the tables of the matcher: homophones come from pypinyin directly, parts of characters from the
chaizi file of the test data, traditional forms from OpenCC, the small lists below are this module's own. The same
random generator gives the same texts again.
"""

from __future__ import annotations

import enum
import functools
import unicodedata
from typing import TYPE_CHECKING

from datafolder import data_folder
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


class Kind(enum.StrEnum):
    """What is done to a term."""

    SYMBOLS = "symbols"
    STOPS = "stops"
    SPACES = "spaces"
    EMOJI_BETWEEN = "emoji-between"
    INVISIBLE = "invisible"
    COMBINING = "combining"
    WIDTH = "width"
    STYLED = "styled"
    TRADITIONAL = "traditional"
    LOOKALIKE = "lookalike"
    HOMOPHONE_ONE = "homophone-one"
    HOMOPHONE_ALL = "homophone-all"
    NEAR_HOMOPHONE = "near-homophone"
    PINYIN_WHOLE = "pinyin-whole"
    PINYIN_SPACED = "pinyin-spaced"
    PINYIN_TONES = "pinyin-tones"
    PINYIN_PART = "pinyin-part"
    INITIALS = "initials"
    INITIAL_PART = "initial-part"
    SPLIT_ONE = "split-one"
    SPLIT_ALL = "split-all"
    EMOJI_FOR = "emoji-for"
    REVERSED = "reversed"
    VERTICAL = "vertical"
    COLUMNS = "columns"
    REPEATED_ALL = "repeated-all"
    REPEATED_ONE = "repeated-one"


GROUPS = {
    "insertions": (Kind.SYMBOLS, Kind.STOPS, Kind.SPACES, Kind.EMOJI_BETWEEN, Kind.INVISIBLE, Kind.COMBINING),
    "forms": (Kind.WIDTH, Kind.STYLED, Kind.TRADITIONAL, Kind.LOOKALIKE),
    "sound": (Kind.HOMOPHONE_ONE, Kind.HOMOPHONE_ALL, Kind.NEAR_HOMOPHONE),
    "pinyin": (Kind.PINYIN_WHOLE, Kind.PINYIN_SPACED, Kind.PINYIN_TONES, Kind.PINYIN_PART),
    "initials": (Kind.INITIALS, Kind.INITIAL_PART),
    "split": (Kind.SPLIT_ONE, Kind.SPLIT_ALL),
    "emoji": (Kind.EMOJI_FOR,),
    "reversed": (Kind.REVERSED, Kind.VERTICAL, Kind.COLUMNS),
    "repeated": (Kind.REPEATED_ALL, Kind.REPEATED_ONE),
}
"""Which kinds are counted together."""

CARRIERS = (
    "昨天有个陌生人跟我说{}，我没有理他",
    "想要{}的朋友可以找我",
    "最近很多群里都在发{}，大家自己看吧",
    "{}，懂的都懂",
    "老地方见，还是{}那一套",
    "听说这里可以{}是真的吗",
    "专业{}多年，老客户都知道",
    "你说的那个{}我昨天也看见了",
    "诚信做人，长期{}，欢迎来问",
    "别再提{}了，烦不烦",
    "首页上全是{}，没有别的东西",
    "这几天手头紧，就去弄了点{}",
    "有没有人一起{}，今晚就可以开始",
    "他们公司其实是做{}的，我朋友在里面上过班",
    "{}最新地址，打不开就换一个",
    "都什么年代了还在{}",
)
"""Texts around a term; `{}` is its place."""

_SYMBOLS = "*|_^+=#@&%\\$★☆●◆※→♥♦♠♣■◇"
_STOPS = ".。、，…—·~/!-;:"
_SPACES = " \u3000\u2009"
_EMOJI = "🎲🔥💰🌟👍🎉😀❤🚀🍀✨💎"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u2062"
_COMBINING = "\u0336\u0335\u0338\u0301\u0489\u20dd\u0332"
_LOOKALIKE = {
    "a": "аɑα", "b": "Ьƅ", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡ", "h": "һ", "i": "іι", "j": "ј", "k": "κк", "l": "ӏ",
    "m": "м", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υս", "v": "ѵν", "w": "ԝω",
    "x": "хχ", "y": "уγ", "z": "ᴢ",
}  # fmt: skip
_EMOJI_FOR = {
    "鸡": "🐔🐓", "机": "🐔", "码": "🐴🐎", "马": "🐴🐎", "药": "💊", "牌": "🃏🎴", "车": "🚗🚙",
    "狗": "🐶🐕", "猪": "🐷🐖", "牛": "🐮🐂", "虎": "🐯🐅", "龙": "🐲🐉", "蛇": "🐍", "鱼": "🐟🐠",
    "花": "🌸🌹🌺", "草": "🌿🌱", "火": "🔥", "水": "💧💦", "冰": "🧊❄️", "枪": "🔫", "刀": "🔪",
    "炮": "🎆💣", "弹": "💣", "钱": "💰💵", "卡": "💳", "房": "🏠", "球": "⚽🏀", "茶": "🍵",
    "酒": "🍺🍷", "烟": "🚬", "女": "👩👧", "男": "👨👦", "手": "✋🖐️", "口": "👄", "加": "➕",
    "心": "❤️💗", "信": "❤️", "中": "🀄", "麻": "🀄", "日": "☀️🌞", "月": "🌙", "菜": "🥬",
    "蛋": "🥚", "鬼": "👻", "鸭": "🦆", "羊": "🐑", "猴": "🐵", "鼠": "🐭", "桃": "🍑",
    "嘴": "👄", "吻": "💋", "飞": "✈️", "票": "🎫", "书": "📖📚", "针": "💉", "电": "⚡",
    "包": "👜🎒", "面": "🍜", "肉": "🥩",
}  # fmt: skip
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_NEAR_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def within(altered: str, random: random.Random) -> str:
    """Return a text that holds an altered term."""
    return random.choice(CARRIERS).format(altered)


def alter(term: str, kind: Kind, random: random.Random) -> str | None:
    """Return a term altered in one way; None where that cannot be done to it, or changes nothing."""
    altered = _ALTERATIONS[kind](term, random)
    return None if altered is None or altered == term else altered


def han(character: str) -> bool:
    """Say whether a character is a Han character."""
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def _between(marks: str, *, most: int = 1) -> Callable[[str, random.Random], str | None]:
    def insert(term: str, random: random.Random) -> str | None:
        if len(term) < 2 or not all(map(han, term)):
            return None
        mark = "".join(random.choice(marks) for _ in range(random.randint(1, most)))
        if random.random() < 0.5:
            return mark.join(term)
        at = random.randrange(1, len(term))
        return term[:at] + mark + term[at:]

    return insert


def _apart(term: str, random: random.Random) -> str | None:
    """Put a stop between all characters: one alone would be ordinary punctuation."""
    return random.choice(_STOPS).join(term) if len(term) > 1 and all(map(han, term)) else None


def _after_each(marks: str) -> Callable[[str, random.Random], str]:
    return lambda term, random: "".join(character + random.choice(marks) for character in term)


def _latin(change: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str | None]:
    def each(term: str, random: random.Random) -> str | None:
        if not any(character.isascii() and character.isalnum() for character in term):
            return None
        return "".join(change(character, random) if character.isascii() else character for character in term)

    return each


def _wide(character: str, _: random.Random) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


def _styled(character: str, random: random.Random) -> str:
    if "a" <= character <= "z":
        firsts = (0x1D41A, 0x1D44E if character != "h" else 0x1D41A, 0x1D4EA, 0x1D68A, 0x24D0, 0x1F170, 0x1F130)
        return chr(random.choice(firsts) + ord(character) - ord("a"))
    if "1" <= character <= "9":
        return chr(random.choice((0x2460, 0x2776, 0x1D7CF, 0x1D7ED)) + ord(character) - ord("1"))
    return character


def _lookalike(character: str, random: random.Random) -> str:
    return random.choice(_LOOKALIKE.get(character, character))


def _traditional(term: str, _: random.Random) -> str | None:
    return _opencc().convert(term)


@functools.cache
def _opencc() -> OpenCC:
    return OpenCC("s2t")


@functools.cache
def _standard() -> dict[str, str]:
    """Return the characters of the first level of GB 2312, by each syllable that they may be read as."""
    found: dict[str, str] = {}
    for code in range(0xB0A1, 0xD7FA):
        try:
            character = code.to_bytes(2, "big").decode("gb2312")
        except UnicodeDecodeError:
            continue
        usual = lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0]
        found[usual] = found.get(usual, "") + character
    return found


def _syllables(term: str) -> list[str]:
    """Return the syllable of each character in its place in the term, the empty text for what is no Han character."""
    if not term or not all(map(han, term)):
        return ["" for _ in term]
    read = lazy_pinyin(term, style=Style.NORMAL, v_to_u=False)
    return read if len(read) == len(term) else ["" for _ in term]


def _homophones(*, near: bool, every: bool) -> Callable[[str, random.Random], str | None]:
    def replace(term: str, random: random.Random) -> str | None:
        choices = []
        for character, syllable in zip(term, _syllables(term), strict=True):
            sounds = _near(syllable) if near else (syllable,)
            choices.append("".join(_standard().get(sound, "") for sound in sounds).replace(character, ""))
        places = [at for at, others in enumerate(choices) if others]
        if len(term) < 2 or not places or (every and len(places) < len(term)):
            return None
        replaced = places if every else random.sample(places, 1)
        return "".join(random.choice(choices[at]) if at in replaced else held for at, held in enumerate(term))

    return replace


def _near(syllable: str) -> tuple[str, ...]:
    """Return syllables that many speakers do not tell from this one."""
    found = []
    for left, right in _NEAR:
        for one, other in ((left, right), (right, left)):
            rest = syllable[len(one) :]
            if syllable.startswith(one) and not (one in {"z", "c", "s"} and rest.startswith("h")):
                found.append(other + rest)
    for left, right in _NEAR_ENDS:
        found.extend(
            syllable[: -len(one)] + other for one, other in ((left, right), (right, left)) if syllable.endswith(one)
        )
    return tuple(sound for sound in found if sound in _standard())


def _pinyin(joined: str, *, tones: bool = False, part: bool = False) -> Callable[[str, random.Random], str | None]:
    def spell(term: str, random: random.Random) -> str | None:
        if len(term) < 2 or not all(map(han, term)):
            return None
        style = random.choice((Style.TONE, Style.TONE3)) if tones else Style.NORMAL
        spelled = lazy_pinyin(term, style=style)
        if len(spelled) != len(term):
            return None
        if not part:
            return joined.join(spelled)
        count = random.randint(1, len(term) - 1)
        replaced = random.sample(range(len(term)), count)
        return "".join(spelled[at] if at in replaced else held for at, held in enumerate(term))

    return spell


def _initials(*, part: bool) -> Callable[[str, random.Random], str | None]:
    def shorten(term: str, random: random.Random) -> str | None:
        if len(term) < (2 if part else 4) or not all(_syllables(term)):
            return None
        letters = [syllable[0] for syllable in _syllables(term)]
        if not part:
            return "".join(letters)
        at = random.randrange(len(term))
        return term[:at] + letters[at] + term[at + 1 :]

    return shorten


@functools.cache
def _parts() -> dict[str, list[str]]:
    """Return the ways in which the chaizi file takes each character apart, into two or three parts."""
    found: dict[str, list[str]] = {}
    for line in (data_folder() / "content" / "chaizi-jt.txt").read_text(encoding="utf-8").splitlines():
        character, *ways = line.split("\t")
        for way in ways:
            parts = way.split()
            if 2 <= len(parts) <= 3 and all(len(part) == 1 and han(part) for part in parts):
                found.setdefault(character, []).append("".join(parts))
    return found


def _split(*, every: bool) -> Callable[[str, random.Random], str | None]:
    def apart(term: str, random: random.Random) -> str | None:
        places = [at for at, character in enumerate(term) if character in _parts()]
        if len(term) < 2 or not places or (every and len(places) < len(term)):
            return None
        replaced = places if every else random.sample(places, 1)
        return "".join(random.choice(_parts()[held]) if at in replaced else held for at, held in enumerate(term))

    return apart


def _emoji_for(term: str, random: random.Random) -> str | None:
    places = [at for at, character in enumerate(term) if character in _EMOJI_FOR]
    if len(term) < 2 or not places:
        return None
    at = random.choice(places)
    drawn = [drawing for drawing in _EMOJI_FOR[term[at]] if drawing != "\ufe0f"]
    return term[:at] + random.choice(drawn) + term[at + 1 :]


def _backwards(term: str, _: random.Random) -> str | None:
    return term[::-1] if len(term) > 1 and any(map(han, term)) else None


def _vertical(term: str, _: random.Random) -> str | None:
    return "\n" + "\n".join(term) + "\n" if len(term) > 1 and all(map(han, term)) else None


def _columns(term: str, random: random.Random) -> str | None:
    if not 3 <= len(term) <= 9 or not all(map(han, term)):
        return None
    fillers = [
        random.choice(("今天天气真是不错大家好", "我们一起去看海吧朋友们", "春风又绿江南岸明月照")) for _ in range(2)
    ]
    lines = ["".join((fillers[0][at], held, fillers[1][at])) for at, held in enumerate(term)]
    return "\n" + "\n".join(lines) + "\n"


def _repeated(*, every: bool) -> Callable[[str, random.Random], str | None]:
    def repeat(term: str, random: random.Random) -> str | None:
        if len(term) < 2 or not all(map(han, term)):
            return None
        if every:
            times = random.randint(2, 3)
            return "".join(character * times for character in term)
        at = random.randrange(len(term))
        return term[:at] + term[at] * random.randint(2, 4) + term[at + 1 :]

    return repeat


_ALTERATIONS: dict[Kind, Callable[[str, random.Random], str | None]] = {
    Kind.SYMBOLS: _between(_SYMBOLS, most=2),
    Kind.STOPS: _apart,
    Kind.SPACES: _between(_SPACES),
    Kind.EMOJI_BETWEEN: _between(_EMOJI, most=2),
    Kind.INVISIBLE: _between(_INVISIBLE, most=3),
    Kind.COMBINING: _after_each(_COMBINING),
    Kind.WIDTH: _latin(_wide),
    Kind.STYLED: _latin(_styled),
    Kind.LOOKALIKE: _latin(_lookalike),
    Kind.TRADITIONAL: _traditional,
    Kind.HOMOPHONE_ONE: _homophones(near=False, every=False),
    Kind.HOMOPHONE_ALL: _homophones(near=False, every=True),
    Kind.NEAR_HOMOPHONE: _homophones(near=True, every=False),
    Kind.PINYIN_WHOLE: _pinyin(""),
    Kind.PINYIN_SPACED: _pinyin(" "),
    Kind.PINYIN_TONES: _pinyin(" ", tones=True),
    Kind.PINYIN_PART: _pinyin("", part=True),
    Kind.INITIALS: _initials(part=False),
    Kind.INITIAL_PART: _initials(part=True),
    Kind.SPLIT_ONE: _split(every=False),
    Kind.SPLIT_ALL: _split(every=True),
    Kind.EMOJI_FOR: _emoji_for,
    Kind.REVERSED: _backwards,
    Kind.VERTICAL: _vertical,
    Kind.COLUMNS: _columns,
    Kind.REPEATED_ALL: _repeated(every=True),
    Kind.REPEATED_ONE: _repeated(every=False),
}
