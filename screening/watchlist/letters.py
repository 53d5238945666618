"""Letters: folding to Latin, look-alikes, Cyrillic, and letters that sound or look alike.

Steps, each with a pair (before → after):
- invisible characters go, width and ligatures are made plain, accents go: "Ｊｏｓ\u00e9\u200b" → "jose"
- letters that no accent explains: "Łukasz Ørsted" → "lukasz orsted"
- Cyrillic or Greek letters among Latin ones are look-alikes: "Lwіn" (Cyrillic і) → "lwin"
- a word wholly in another alphabet is spelled in Latin letters (`alphabets`, `kana`): "Назаров" → "nazarov"
- digits of any script become plain ones; digits among letters are misread letters: "Po1ani" → "polani"
Words in other scripts are left as they are; `names` reads some of them and marks the others unread.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from screening.watchlist.alphabets import spelled
from screening.watchlist.kana import kana_read

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 400
"""Of a longer name only this beginning is read: the longest listed name of OFAC (2021-07) has 236 characters."""

_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        "ı": "i",
        "ħ": "h",
        "ə": "a",
        "ŋ": "ng",
    }
)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´ʻʾʿ＇′“”\""))
_LOOKALIKES = str.maketrans("аеорсухівкмнтгԁѕјһԛԝαοερνικτυχ", "aeopcyxibkmhtrdsjhqwaoepviktux")
_MISREAD = str.maketrans("015", "ols")
_POINTS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff]")
"""Marks over, under and between letters that a name is often written without; they must not cut a word in two."""
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z]")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")

_SOUNDS = (
    (re.compile(r"rn"), "m"),
    (re.compile(r"vv"), "w"),
    (re.compile(r"^(?:ks|x)"), "s"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"schtsch|shch|szcz|tsch|sch|tch|cz|sz|sh|ch"), "S"),
    (re.compile(r"dzh|zh|dj"), "j"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"[kg]h|ck|[cqg]"), "k"),
    (re.compile(r"th|dt"), "t"),
    (re.compile(r"dh"), "d"),
    (re.compile(r"ts|tz|z"), "s"),
    (re.compile(r"w"), "v"),
    (re.compile(r"ff$"), "v"),
    (re.compile(r"h$"), ""),
    (re.compile(r"ee"), "i"),
    (re.compile(r"[eiyj]+"), "i"),
    (re.compile(r"[ou]+"), "u"),
    (re.compile(r"(?<=[aiu])[aiu]+"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"S"), "s"),
)

_HABITS = (
    (re.compile(r"eo|(?<![aeiou])[ou](?=[nlmpk])"), "o"),
    (re.compile(r"(?<=[aeo])[hr](?![aeiouy])"), ""),
    (re.compile(r"oo|ou"), "u"),
    (re.compile(r"ee|ei|ie"), "i"),
    (re.compile(r"ts|tz"), "ch"),
    (re.compile(r"ph"), "p"),
    (re.compile(r"sze|szu|ssu"), "si"),
    (re.compile(r"lv|ly(?=u)"), "l"),
    (re.compile(r"nv|ny(?=u)"), "n"),
    (re.compile(r"(.)\1"), r"\1"),
)


@functools.lru_cache(maxsize=4096)
def folded_words(text: str, *, other: bool = False) -> tuple[str, ...]:
    """Return the words of a name in folded letters.

    Args:
        text: the name as written.
        other: spell other alphabets the other way, where there are two (`alphabets.spelled`).

    >>> folded_words("Тhurа O'Neill-Ørsted")
    ('thura', 'oneill', 'orsted')
    """
    if text.isascii() and text.isprintable():
        plain = text[:MOST_CHARACTERS].lower().translate(_APOSTROPHES)
        return tuple(_read(word, latin=True, other=other) for word in _WORD.findall(plain))
    shown = "".join(letter for letter in text[:MOST_CHARACTERS] if unicodedata.category(letter) not in ("Cf", "Cc"))
    apart = _POINTS.sub("", unicodedata.normalize("NFKC", shown).casefold()).translate(_APOSTROPHES)
    latin = _LATIN.search(apart) is not None
    words = [_read(word, latin=latin, other=other) for word in _WORD.findall(apart)]
    return tuple(word for word in words if word)


@functools.lru_cache(maxsize=65536)
def plain_habits(word: str) -> str:
    """Return a word without habits in which people spell one and the same syllable of Chinese or Korean.

    >>> plain_habits("wah") == plain_habits("wa"), plain_habits("jeongho") == plain_habits("jungho")
    (True, True)
    """
    for pattern, with_ in _HABITS:
        word = pattern.sub(with_, word)
    return word


@functools.lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return a word with letters that sound or look alike made one, for names heard, transliterated or misread.

    >>> sound("gaddafi") == sound("qadhafi") == sound("kadafi")
    True
    """
    for pattern, with_ in _SOUNDS:
        word = pattern.sub(with_, word)
    return word


def sounds(words: Sequence[str]) -> list[str]:
    """Return what `sound` does, for many words of the letters a to z at once: they are read as one text."""
    text = "\n".join(words)
    for pattern, with_ in _SOUNDS_OF_LINES:
        text = pattern.sub(with_, text)
    return text.split("\n") if words else []


_SOUNDS_OF_LINES = tuple((re.compile(pattern.pattern, re.MULTILINE), with_) for pattern, with_ in _SOUNDS)


def _read(word: str, *, latin: bool, other: bool) -> str:
    plain = word
    if word.isascii() and word.isalpha():
        return word
    if not word.isascii():
        alike = word.translate(_LOOKALIKES) if latin and _FOREIGN.search(word) else word
        word = kana_read(spelled(word if _FOREIGN.search(alike) else alike, other=other))
        apart = unicodedata.normalize("NFKD", word)
        plain = "".join(_digit(letter) for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)
    digits = sum(letter.isdigit() for letter in plain)
    if digits and len(plain) - digits > digits and len(plain) - digits > 2:
        misread = plain.translate(_MISREAD)
        if misread.isalpha():
            return misread
    return plain


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() else letter
