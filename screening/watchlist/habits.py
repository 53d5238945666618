"""Russian names as the lists of other countries spell them: one reading for each country's habit.

A list keeps to one habit in a name, so that each is a reading of the whole name; within a word they cannot be mixed.

- by American papers: "Егор Ефимов" → "yegor yefimov"
- in French: "Георгий Пущин" → "gueorgui pouchtchine"
- in German: "Захар Жигалов" → "sachar schigalow"
- in Polish, and in the Latin letters of science without their hooks: "chochlaczew", "hohlacev"
- in Swedish: "Чижов" → "tjizjov"

Where two habits differ only by what `letters.sound` makes one ("w" and "v", "j" and "y") the shorter list suffices.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from screening.watchlist.alphabets import spelled

_SOFT = r"(?:(?<=[аеёиоуыэюяьъ])|\b)е"
"""An "е" that is spoken with a "y" before it: at the beginning, after a vowel or a sign."""


class Habit(NamedTuple):
    """What stands in the place of groups of letters, and then of single ones; the rest is spelled as English does."""

    groups: tuple[tuple[re.Pattern[str], str], ...]
    letters: dict[int, str]


def _habit(groups: tuple[tuple[str, str], ...], letters: str) -> Habit:
    pairs = dict(pair.split(":") for pair in letters.split())
    return Habit(tuple((re.compile(written), latin) for written, latin in groups), str.maketrans(pairs))


_ENDS = (r"[иы]й\b", "i")
_HISSING = (r"(?<=[аеёиоуыэюя])с(?=[аеёиоуыэюя])", "ss")

HABITS = (
    _habit(((_SOFT, "ye"), (r"[иы]й\b", "iy")), "ё:yo"),
    _habit(
        ((r"г(?=[еиэ])", "gu"), _ENDS, (r"ин\b", "ine"), _HISSING),
        "ж:j у:ou ч:tch ш:ch щ:chtch ё:io ю:iou я:ia й:i",
    ),
    _habit((_ENDS, (_SOFT, "je"), _HISSING), "в:w ж:sch з:s й:i х:ch ц:z ч:tsch ш:sch щ:schtsch ё:jo ю:ju я:ja"),
    _habit((_ENDS, (_SOFT, "je")), "в:w ж:z й:j х:ch ц:c ч:cz ш:sz щ:szcz ё:jo ю:ju я:ja"),
    _habit((), "ж:z й:j х:h ц:c ч:c ш:s щ:sc ё:e ю:u я:a ђ:d"),
    _habit(((r"[иы]й\b", "ij"), (_SOFT, "je")), "ж:zj й:j х:ch ч:tj ш:sj щ:sjtj ё:jo ю:ju я:ja"),
)

_TELLING = re.compile(rf"[жзхцчшщёюя]|{_SOFT}|ин\b|г[еиэ]|[аеёиоуыэюя]с[аеёиоуыэюя]|[иы]й\b|у")
"""Without any of these no habit differs from another by more than its sound."""


def habitual(text: str) -> tuple[str, ...]:
    """Return a name in lower case as other countries spell it; nothing where that is no other.

    >>> habitual("егор чижов")
    ('yegor chizhov', 'egor tchijov', 'jegor tschischow', 'jegor czizow', 'egor cizov', 'jegor tjizjov')
    """
    if not _TELLING.search(text):
        return ()
    return tuple(dict.fromkeys(spelled(_by(habit, text)) for habit in HABITS))


def _by(habit: Habit, text: str) -> str:
    for written, latin in habit.groups:
        text = written.sub(latin, text)
    return text.translate(habit.letters)
