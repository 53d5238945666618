"""Slavic names in Latin letters: one spelling among neighbours, and among the habits of Western Europe.

1. Ukrainian and Belarusian given names meet the Russian ones by a table: "Ihar" → "igor", "Volodymyr" → "vladimir".
   What differs in Cyrillic stands in `neighbours`.
2. Letters with a hook or a roof, and the heaps of consonants of German and Polish, are written as English does:
   "Ščerbakov", "Schtscherbakow", "Szczerbakow" → "shcherbakov".
What `turned` gives says less than what was written (`readings.TURNED`).
"""

from __future__ import annotations

import re
import unicodedata

_LATIN_WORD = re.compile(r"[^\W\d_]+")

_LATIN_TABLE = """
igor ihar igar ihor|vladimir uladzimir volodymyr|vladislav uladzislau vladyslav
aleksandr aliaksandr alyaksandr oleksandr olexandr alexander aleksander
aleksei aliaksei alyaksei alyaksey oleksii oleksiy oleksij olexiy
sergei siarhei siarhey syarhey serhii serhiy serhij sergii|nikolai mikalai mikalay mykola
mikhail mykhailo mykhaylo mykhajlo mihajlo|dmitriy dzmitry dzmitryi dzmitriy dmytro
evgeniy yauhen yauheni jauhen yevhen yevhenii yevheniy evhen|grigoriy ryhor hryhorii hryhoriy
andrei andrii andriy|georgiy heorhii heorhiy|gennadiy hennadii hennadiy henadz|vasiliy vasyl
pavel pavlo|fedor fedir|konstantin kostiantyn kanstantsin|tatyana tetiana tatsiana|natalya nataliia natallia
elena olena|ekaterina kateryna katsiaryna|olga volha|svetlana svitlana sviatlana
"""
"""A Russian given name as English spells it, then the same among its neighbours, and in other habits."""

_HOOKS = str.maketrans(
    {
        "š": "sh", "č": "ch", "ž": "zh", "ŝ": "shch", "ş": "sh", "ç": "ch", "ż": "zh", "ŭ": "u", "â": "ya", "û": "yu",
        "ë": "yo",
    }
)  # fmt: skip
_HOOKED = re.compile(r"[šžčŝż]")
_HEAPS = re.compile(r"schtsch|tsch|dsch|szcz|cz|sz")
_HEAPED = (
    ("schtsch|szcz", "shch"), ("dsch", "dzh"), ("tsch|cz", "\u010d"), ("sch|sz", "sh"), ("ch", "kh"), ("\u010d", "ch"),
    ("w", "v"), ("(?<![aeiou])j(?=[aeou])|j", "y"),
)  # fmt: skip
_ROOFED = (("ch", "kh"), ("c", "ts"), ("j", "y"))


def turned(text: str) -> str | None:
    """Return a name in Latin letters with its Slavic words as English writes Russian ones; None where nothing changes.

    >>> turned("Ihar Haurylau"), turned("Jurij Ščerbakov"), turned("Osric Quellbrandt")
    ('igor haurylau', 'yuriy shcherbakov', None)
    """
    plain = unicodedata.normalize("NFC", text).lower()
    spelled = plain
    if _HEAPS.search(plain):
        spelled = _changed(spelled, _HEAPED)
    elif _HOOKED.search(plain):
        spelled = _changed(spelled, _ROOFED)
    spelled = spelled.translate(_HOOKS)
    spelled = _LATIN_WORD.sub(lambda word: _GIVEN.get(word[0], word[0]), spelled)
    return None if spelled == plain else spelled


def _changed(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for written, with_ in table:
        text = re.sub(written, with_, text)
    return text


def _rows(table: str) -> list[list[str]]:
    return [row.split() for row in table.replace("\n", "|").split("|") if row]


_GIVEN = {other: russian for russian, *others in _rows(_LATIN_TABLE) for other in others}
