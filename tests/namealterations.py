"""Alters names as people and machines do, by means that share no table with the matcher.

Letters of other scripts, romanisations and legal forms stand here a second time on purpose: a name altered by the
matcher's own tables would prove nothing. Romanisations of Chinese names come from a small table written by hand, those
of other scripts from pairs that the caller brings.
"""

from __future__ import annotations

import enum
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import random

KEYBOARD: Final = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for place, letter in enumerate(row)
}
"""Letter → those beside it on a keyboard."""

HOMOGLYPHS: Final = {"a": "\u0430", "c": "\u0441", "e": "\u0435", "o": "\u043e", "p": "\u0440", "x": "\u0445"}
"""Latin letter → the Cyrillic one that looks the same."""

ACCENTS: Final = {"a": "\u0301", "e": "\u0300", "i": "\u0308", "o": "\u0302", "u": "\u0301", "n": "\u0303"}
"""Letter → a combining mark that stands over it in some language."""

SCANNED: Final = {"o": "0", "l": "1", "i": "1", "s": "5", "m": "rn", "rn": "m"}
"""What a scanner takes one letter for."""

HEARD: Final = (("ph", "f"), ("ck", "k"), ("sh", "ch"), ("y", "i"), ("ou", "u"), ("ee", "i"), ("q", "k"), ("w", "v"))
"""Spellings that one listener writes for another's."""

FORMS: Final = (
    ("limited", "ltd", "ltd."),
    ("company", "co", "co."),
    ("corporation", "corp", "corp."),
    ("incorporated", "inc", "inc."),
    ("gmbh", "gesellschaft mit beschränkter haftung"),
    ("s.a.", "sa", "sociedad anónima"),
    ("llc", "l.l.c.", "limited liability company"),
    ("jsc", "joint stock company"),
)
"""Ways to write one legal form."""


class Kind(enum.StrEnum):
    """What is done to a name."""

    TYPO = "one wrong, missing, additional or exchanged letter"
    TWO_TYPOS = "two such letters, in two words"
    ORDER = "words in another order"
    INITIAL = "a given name as an initial"
    JOINED = "two words written as one"
    SPLIT = "a word written as two"
    CUT = "one of three words or more left out"
    ADDED = "a further name added"
    ACCENTS = "accents added"
    LOOKALIKES = "letters of another script that look the same"
    INVISIBLE = "a character inside that nobody sees"
    SCANNED = "letters as a scanner mistakes them"
    HEARD = "written as it is heard"
    FORM = "another way to write the legal form"
    FORM_CUT = "without its legal form"


PERSONAL: Final = frozenset({Kind.INITIAL, Kind.ADDED})
FORMAL: Final = frozenset({Kind.FORM, Kind.FORM_CUT})


def alter(name: str, kind: Kind, chance: random.Random) -> str | None:
    """Return a name altered, or None where this name cannot be so.

    Args:
        name: words in natural order, with spaces between them.
        kind: what to do.
        chance: decides where.
    """
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if kind in FORMAL:
        return _form(words, chance, cut=kind is Kind.FORM_CUT)
    if kind in _IN_WORDS:
        count = 2 if kind is Kind.TWO_TYPOS else 1
        if len(long) < count:
            return None
        for place in chance.sample(long, count):
            words[place] = _IN_WORDS[kind](words[place], chance)
        changed = " ".join(words)
    else:
        changed = _rearranged(words, kind, chance)
    return changed if changed != name else None


def _rearranged(words: list[str], kind: Kind, chance: random.Random) -> str | None:
    if len(words) < (3 if kind is Kind.CUT else 2):
        return None
    if kind is Kind.ORDER:
        turn = chance.randrange(1, len(words))
        words = words[turn:] + words[:turn]
    elif kind is Kind.INITIAL:
        words[0] = words[0][0] + chance.choice(("", "."))
    elif kind is Kind.JOINED:
        place = chance.randrange(len(words) - 1)
        words[place : place + 2] = [words[place] + words[place + 1].lower()]
    elif kind is Kind.CUT:
        del words[chance.randrange(1, len(words) - 1)]
    else:
        words.insert(1, chance.choice(("Erling", "Tobias", "Marisol", "Bogdan", "Nuwayf", "Wenqing")))
    return " ".join(words)


def _typo(word: str, chance: random.Random) -> str:
    # The first letter stays: people seldom get it wrong.
    place = chance.randrange(1, len(word))
    letter = word[place].lower()
    match chance.randrange(4):
        case 0:
            return word[:place] + chance.choice(KEYBOARD.get(letter, "e") or "e") + word[place + 1 :]
        case 1:
            return word[:place] + word[place + 1 :]
        case 2:
            return word[:place] + letter + word[place:]
        case _:
            place = min(place, len(word) - 2)
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _split(word: str, chance: random.Random) -> str:
    place = chance.randrange(2, len(word) - 1)
    return f"{word[:place]} {word[place:]}"


def _accented(word: str, _: random.Random) -> str:
    return unicodedata.normalize("NFC", "".join(letter + ACCENTS.get(letter.lower(), "") for letter in word))


def _lookalike(word: str, _: random.Random) -> str:
    return "".join(HOMOGLYPHS.get(letter, letter) for letter in word.lower())


def _invisible(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + chance.choice(("\u200b", "\u00ad", "\u2060")) + word[place:]


def _scanned(word: str, chance: random.Random) -> str:
    places = [place for place in range(len(word)) if word[place].lower() in SCANNED]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + SCANNED[word[place].lower()] + word[place + 1 :]


def _heard(word: str, _: random.Random) -> str:
    for written, heard in HEARD:
        changed = word.lower().replace(written, heard, 1)
        if changed != word.lower():
            return changed
    return word


_IN_WORDS: Final = {
    Kind.TYPO: _typo,
    Kind.TWO_TYPOS: _typo,
    Kind.SPLIT: _split,
    Kind.ACCENTS: _accented,
    Kind.LOOKALIKES: _lookalike,
    Kind.INVISIBLE: _invisible,
    Kind.SCANNED: _scanned,
    Kind.HEARD: _heard,
}


def _form(words: list[str], chance: random.Random, *, cut: bool) -> str | None:
    last = words[-1].lower().rstrip(",") if words else ""
    for ways in FORMS:
        if last in ways:
            if cut:
                return " ".join(words[:-1]).rstrip(",") if len(words) > 2 else None
            return " ".join([*words[:-1], chance.choice([way for way in ways if way != last])])
    return None


class Han(NamedTuple):
    """A character used in names: simplified, traditional, and how four romanisations write it."""

    simplified: str
    traditional: str
    pinyin: str
    wade: str
    cantonese: str


SURNAMES: Final = tuple(
    Han(*line.split())
    for line in """
    王 王 wang wang wong
    张 張 zhang chang cheung
    陈 陳 chen ch'en chan
    周 周 zhou chou chow
    许 許 xu hsu hui
    郑 鄭 zheng cheng cheng
    谢 謝 xie hsieh tse
    萧 蕭 xiao hsiao siu
    蔡 蔡 cai ts'ai choi
    邓 鄧 deng teng tang
    曾 曾 zeng tseng tsang
    吕 呂 lü lü lui
    钱 錢 qian ch'ien chin
    梁 梁 liang liang leung
    郭 郭 guo kuo kwok
    """.strip().splitlines()
)
GIVEN: Final = tuple(
    Han(*line.split())
    for line in """
    建 建 jian chien kin
    国 國 guo kuo kwok
    华 華 hua hua wah
    志 志 zhi chih chi
    强 強 qiang ch'iang keung
    伟 偉 wei wei wai
    晓 曉 xiao hsiao hiu
    明 明 ming ming ming
    军 軍 jun chün kwan
    海 海 hai hai hoi
    荣 榮 rong jung wing
    春 春 chun ch'un chun
    德 德 de te tak
    玉 玉 yu yü yuk
    成 成 cheng ch'eng shing
    小 小 xiao hsiao siu
    庆 慶 qing ch'ing hing
    文 文 wen wen man
    """.strip().splitlines()
)


class Writing(enum.StrEnum):
    """A way to write a Chinese name that a list gives in pinyin."""

    SIMPLIFIED = "simplified characters"
    TRADITIONAL = "traditional characters"
    GIVEN_FIRST = "pinyin, given name first"
    SPACED = "pinyin, a space after every syllable"
    WADE = "Wade-Giles"
    CANTONESE = "Cantonese, as in Hong Kong"


def chinese_name(chance: random.Random) -> tuple[Han, ...]:
    """Return an invented name: a surname and two given characters."""
    return (chance.choice(SURNAMES), *chance.sample(GIVEN, 2))


def as_listed(name: tuple[Han, ...]) -> str:
    """Write a Chinese name as lists do: "ZHANG, Guohua"."""
    return f"{name[0].pinyin.upper()}, {''.join(given.pinyin for given in name[1:]).capitalize()}"


def written(name: tuple[Han, ...], writing: Writing) -> str:
    """Write a Chinese name in one of the ways."""
    surname, *given = name
    match writing:
        case Writing.SIMPLIFIED:
            return "".join(character.simplified for character in name)
        case Writing.TRADITIONAL:
            return "".join(character.traditional for character in name)
        case Writing.GIVEN_FIRST:
            return f"{''.join(character.pinyin for character in given).capitalize()} {surname.pinyin.capitalize()}"
        case Writing.SPACED:
            return " ".join(character.pinyin.capitalize() for character in name)
        case Writing.WADE:
            return f"{surname.wade.capitalize()} {'-'.join(character.wade for character in given).capitalize()}"
        case _:
            return f"{surname.cantonese.capitalize()} {' '.join(each.cantonese.capitalize() for each in given)}"
