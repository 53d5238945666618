"""One name among Russians, Ukrainians and Belarusians, and one Russian name among the habits of Western Europe.

1. Ukrainian and Belarusian have given names and endings of their own for what Russian papers and many lists write in
   the Russian way: "Сергій" and "Сяргей" → "Сергей", "Гаўрылаў" → "Гаврилов". `as_russian` does it in Cyrillic.
2. In Latin letters the same given names meet by a table: "Ihar" → "igor", "Volodymyr" → "vladimir".
3. Letters with a hook or a roof, and the heaps of consonants of German and Polish, are written as English does:
   "Ščerbakov", "Schtscherbakow", "Szczerbakow" → "shcherbakov".
What `turned` gives says less than what was written (`readings.TURNED`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STEM_TABLE = """
олександр александр|олексі алексе|михайл михаил|миколай николае|сергій сергей|сергійо сергее|андрій андрей
андрійо андрее|володимир владимир|євген евген|федор федор|костянтин константин|тетян татьян|наталі наталь|олен елен
катерин екатерин|світлан светлан|юрійо юрье|василь василье|анатолійо анатолье|валерійо валерье|геннадійо геннадье
григорійо григорье|ігоро игоре|аляксандр александр|аляксе алексе|андрэ андре|сярге серге|уладзімір владимир
уладзіслаў владислав|уладзіслав владислав|дзмітры дмитри|мікала никола|міхаіл михаил|васіл васил
рыгор григор|яўген евген|юрый юрий|фёдар федор|ігар игор
віктар виктор|канстанцін константин|таццян татьян|наталл наталь|вольг ольг|ален елен|кацярын екатерин|святлан светлан
марыя мария|мікіт никит|раман роман|алег олег
"""
"""Beginnings of given names and patronymics, Ukrainian and then Belarusian, with the Russian ones."""

_WORD_TABLE = """
микола николай|дмитро дмитрий|ілля илья|петро петр|павло павел|федір федор|ігор игорь|ігар игорь|василь василий
васіль василий|рыгор григорий|яўген евгений|михайло михаил
"""
"""The same for whole words."""

_ENDINGS = (
    (r"дз(?=[іеёюя])", "д"), (r"ц(?=[іеёюя])", "т"), (r"аў\b", "ов"), (r"[еёя]ў\b", "ев"), (r"аў(?=на\b)", "ов"),
    (r"[её]ў(?=на\b)", "ев"), (r"[іи]в(?=на\b)", "ов"), (r"їв(?=на\b)", "ев"), (r"ав(?=[іи]ч)", "ов"),
    (r"[ае]нка\b", "енко"), (r"(?<=[чжшрц])э", "е"),
    (r"ськ(?=ий|а)", "ск"), (r"цьк(?=ий|а)", "цк"), (r"(?<=[сц]к)і\b", "ий"), (r"ры", "ри"),
    (r"ў", "в"), (r"є", "е"), (r"[іїи]", "и"), (r"['’ʼ]", ""),
)  # fmt: skip
_NEIGHBOURS = re.compile(r"[іїєґў]")
_WORD = re.compile(r"[\u0400-\u04ff'’ʼ]+")
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


def as_russian(text: str) -> str:
    """Return a Ukrainian or Belarusian name, in lower case, as Russian has it; other names mostly as they are.

    >>> as_russian("сяргей гаўрылаў"), as_russian("олександр гончаренко"), as_russian("петров")
    ('сергей гаврилов', 'александр гончаренко', 'петров')
    """
    return _WORD.sub(lambda word: _russian(word[0]), text)


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


def _russian(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    stem = next((stem for stem in _STEMS if word.startswith(stem)), "")
    if stem:
        word = _STEMS[stem] + word.removeprefix(stem)
    return _changed(word, _ENDINGS) if stem or _NEIGHBOURS.search(word) else word


def _changed(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for written, with_ in table:
        text = re.sub(written, with_, text)
    return text


def _rows(table: str) -> list[list[str]]:
    return [row.split() for row in table.replace("\n", "|").split("|") if row]


def _pairs(table: str) -> Mapping[str, str]:
    """Return old → new, the longest first."""
    return {row[0]: row[1] for row in sorted(_rows(table), key=lambda row: -len(row[0]))}


_STEMS = _pairs(_STEM_TABLE)
_WORDS = _pairs(_WORD_TABLE)
_GIVEN = {other: russian for russian, *others in _rows(_LATIN_TABLE) for other in others}
