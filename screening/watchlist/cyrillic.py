"""Cyrillic names read in further ways than letter by letter (`alphabets`).

1. As the lists of other countries spell Russian names (`habits`): "Хохлачёва" → "chochlatschjowa", "hohlaceva".
2. As the neighbours have one and the same name (`neighbours`): "Уладзімір" → "vladimir", "Сергей" → "siarhei".
3. Names of the East by the tables of Polivanov and Palladius: "Сюити Ходзё" → "shuichi hojo", "Цзинь Чжэн" → "jin
   zheng". Palladius only where the whole name can be cut into such syllables.
4. Other foreign names, which Russian writes as they are heard (`heard`): "Уильям Джойс" → "william joys".
"""

from __future__ import annotations

import functools
import re

from screening.watchlist.alphabets import spelled
from screening.watchlist.habits import habitual
from screening.watchlist.heard import foreign, heard
from screening.watchlist.neighbours import as_russian, from_russian
from screening.watchlist.wade import syllables

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_MIXED = re.compile(r"[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")
"""Letters that only look Latin, within a word."""

_WORD = re.compile(r"[\u0400-\u04ff]+")
_JAPANESE = re.compile(r"(?:(?:сс|тт|кк|пп|тц|дз|[кстнхмргзбдпфц])?[аиуэеояюё]й?|н(?![аиуэеояюё])|м(?=[бмп]))+")
"""Syllables, each of which can be read in one way only: else a long word that is none takes for ever to be told."""

_TELLING = re.compile(r"дз|[ст][иёюя]|ц|[хгкнмрбп]ё|^ё|[эй]")
_POLIVANOV = (
    ("дзи", "ji"), ("дз(?=[ёюя])", "j"), ("дз", "z"), ("си", "shi"), ("с(?=[ёюя])", "sh"), ("ти", "chi"),
    ("т(?=[ёюя])", "ch"), ("ц", "ts"), ("(?<=j)ё|(?<=h)ё", "o"), ("(?<=j)ю|(?<=h)ю", "u"), ("(?<=j)я|(?<=h)я", "a"),
    ("ё", "yo"), ("й", "i"), ("х", "h"), ("э", "e"),
)  # fmt: skip

_INITIALS = (
    ("zh", "чж"), ("ch", "ч"), ("sh", "ш"), ("b", "б"), ("p", "п"), ("m", "м"), ("f", "ф"), ("d", "д"), ("t", "т"),
    ("n", "н"), ("l", "л"), ("g", "г"), ("k", "к"), ("h", "х"), ("j", "цз"), ("q", "ц"), ("x", "с"), ("r", "ж"),
    ("z", "цз"), ("c", "ц"), ("s", "с"), ("y", "y"), ("w", "в"), ("", ""),
)  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь",
    "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй",
    "uan": "уань", "un": "унь", "uang": "уан", "ue": "юэ", "er": "эр",
}  # fmt: skip
_FRONTED = {"u": "юй", "uan": "юань", "un": "юнь", "ue": "юэ"}
_AFTER_Y = {
    "i": "и", "a": "я", "e": "е", "ao": "яо", "ou": "ю", "an": "янь", "in": "инь", "ang": "ян", "ing": "ин",
    "ong": "юн", "o": "йо", **_FRONTED,
}  # fmt: skip
_WHOLE = {"wu": "у", "hui": "хуэй"}
_BUZZING = frozenset(("z", "c", "s"))
_LONGEST = 6
_MOST_WORDS = 4


def further(text: str) -> tuple[str, ...]:
    """Return the further ways to read the Cyrillic words of a person's name; none where there are none.

    >>> further("Анна Хохлачева")[0], further("Сергей Сорока")[-2:]
    ('anna khokhlatcheva', ('serhiy soroka', 'syarhey saraka'))
    >>> further("Сюити Ходзё")[-1], further("Цзинь Чжэн")[-2]
    ('shuichi hojo', 'jin zheng')
    """
    plain = text.casefold()
    if not _CYRILLIC.search(plain) or _MIXED.search(plain):
        return ()
    words = _WORD.findall(plain)
    ways = [*habitual(plain), *map(spelled, as_russian(plain))]
    ways += [spelled(way, other=True) for way in from_russian(plain)]
    ways.append(spelled(_chinese(plain, words)))
    if any(foreign(word) or _japanese(word) for word in words):
        ways.append(spelled(_WORD.sub(lambda word: _foreign(word[0]), plain)))
    usual = spelled(plain)
    return tuple(dict.fromkeys(way for way in ways if way and way != usual))


def _japanese(word: str) -> bool:
    """Whether a word can be Japanese and is spelled otherwise by Polivanov than by letters."""
    return _JAPANESE.fullmatch(word) is not None and _TELLING.search(word) is not None


def _foreign(word: str) -> str:
    if _japanese(word):
        return _changed(word, _POLIVANOV)
    return heard(word) if foreign(word) else word


def _changed(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for written, latin in table:
        text = re.sub(written, latin, text)
    return text


def _chinese(text: str, words: list[str]) -> str:
    """Return a Chinese name in pinyin; nothing where it cannot be one."""
    if not 1 < len(words) <= _MOST_WORDS:
        return ""
    read = [_cut(word.replace("ъ", "")) for word in words]
    if not all(read) or not any(word in _palladius() for word in words):
        return ""
    found = iter(read)
    return _WORD.sub(lambda _: next(found), text)


@functools.lru_cache(maxsize=4096)
def _cut(word: str) -> str:
    """Return a word of syllables as Palladius writes them in pinyin, the longest first; nothing where it is none."""
    table = _palladius()
    if word in table:
        return table[word]
    for length in range(min(_LONGEST, len(word) - 1), 0, -1):
        if word[:length] in table and (rest := _cut(word[length:])):
            return table[word[:length]] + rest
    return ""


@functools.cache
def _palladius() -> dict[str, str]:
    """Return each syllable of Chinese as Palladius writes it, with its pinyin."""
    return {cyrillic: pinyin for pinyin in sorted(syllables()) if (cyrillic := _written(pinyin)) is not None}


def _written(pinyin: str) -> str | None:
    if pinyin in _WHOLE:
        return _WHOLE[pinyin]
    initial, lead = next((latin, lead) for latin, lead in _INITIALS if pinyin.startswith(latin))
    final = pinyin.removeprefix(initial)
    if initial == "y":
        return _AFTER_Y.get(final)
    if initial in ("j", "q", "x"):
        end = _FRONTED.get(final) or _FINALS.get(final)
    elif initial in _BUZZING and final == "i":
        end = "ы"
    else:
        end = _FINALS.get(final)
    return None if end is None else lead + end
