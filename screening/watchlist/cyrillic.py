"""Cyrillic names read in further ways than letter by letter (`alphabets`).

1. As Western Europe spells Russian names: "Хохлачёва" → "chochlacheva", "hohlaceva". What else differs between these
   habits ("schtsch", "szcz", "chtch") is one sound in `letters.sound`.
2. Ukrainian and Belarusian names as Russian has them (`slavic`): "Уладзімір" → "vladimir".
3. Names of the East by the tables of Polivanov and Palladius: "Сюити Ходзё" → "shuichi hojo", "Цзинь Чжэн" → "jin
   zheng". Only where the whole name can be cut into such syllables.
4. Other foreign names, which Russian writes as they are heard: "Уильям Джойс" → "wiliam joys".
"""

from __future__ import annotations

import functools
import re

from screening.watchlist.alphabets import spelled
from screening.watchlist.slavic import as_russian
from screening.watchlist.wade import syllables

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[\u0400-\u04ff]+")
_WESTERN = str.maketrans({"ж": "z", "х": "ch"})
_SCHOLARLY = str.maketrans({"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "й": "j", "ђ": "d"})
_TELLING = re.compile(r"[жхцчшщђ]")

_HEARD = (
    ("дж", "j"), ("х", "h"), ("чж", "zh"), ("ц", "c"), ("кв", "qu"), (r"эй|ей(?!\b)", "ay"), ("ай", "i"), ("оу", "o"),
    ("ау", "ow"), ("у(?=[аеиоэ])", "w"), ("ё", "o"), ("ю", "u"), ("э", "a"), ("й", "y"), ("ж", "g"), ("ье", "ie"),
    ("ьо", "io"), ("я", "ia"), ("[чш]", "ch"),
)  # fmt: skip
_FOREIGN = re.compile(r"дж|эй|ей(?!$)|[оа]у|у[аеиоэ]|ё(?!в)|э|ью|ьо|кс|^х|[бдгзкпт]$")
"""What seldom stands in a Russian name and often in a foreign one."""

_JAPANESE = re.compile(r"(?:(?:сс|тт|кк|пп|тц|дз|[кстнхмргзбдпфц])?[аиуэеояюё]й?|н|м(?=[бмп]))+")
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

    >>> further("Анна Хохлачева")
    ('anna chochlacheva', 'anna hohlaceva', 'anna hohlacheva')
    >>> further("Сюити Ходзё")[-2:], further("Цзинь Чжэн")[-2:]
    (('shuichi hojo', 'suiti hodzo'), ('jin zheng', 'czin zhan'))
    """
    if not _CYRILLIC.search(text):
        return ()
    plain = text.casefold()
    ways = []
    if _TELLING.search(plain):
        ways += [plain.translate(_WESTERN), plain.translate(_SCHOLARLY)]
    ways.append(as_russian(plain))
    words = _WORD.findall(plain)
    if 1 < len(words) <= _MOST_WORDS and all(map(_JAPANESE.fullmatch, words)):
        ways.append(_changed(plain, _POLIVANOV))
    ways.append(_chinese(plain, words))
    if any(map(_FOREIGN.search, words)):
        ways.append(_changed(plain, _HEARD))
    return tuple(dict.fromkeys(spelled(way) for way in ways if way and way != plain))


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
