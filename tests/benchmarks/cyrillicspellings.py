"""How Cyrillic names are written in Latin letters, by the standards and habits that lists follow.

No table is shared with the matcher: what is measured with the matcher's own tables would prove nothing.
"""

from __future__ import annotations

import enum
import re
from typing import Final


class Spelling(enum.StrEnum):
    """A standard or habit; the value says which, to people."""

    BGN = "BGN/PCGN"
    PASSPORT = "passports (ICAO 9303)"
    PASSPORT_2010 = "passports of 2010"
    ISO_9 = "ISO 9"
    PRESS = "English press"
    FRENCH = "French"
    GERMAN = "German"
    POLISH = "Polish"
    SWEDISH = "Swedish"
    UKRAINIAN = "Ukrainian, 2010"
    UKRAINIAN_BGN = "Ukrainian, BGN/PCGN"
    BELARUSIAN = "Belarusian, 2023"
    BELARUSIAN_2007 = "Belarusian, 2007"
    KAZAKH = "Kazakh passports"
    UZBEK = "Uzbek, 1995"
    TAJIK = "Tajik passports"


_Rules = tuple[tuple[str, str], ...]

_VOWEL: Final = "аеёиоуыэюяієїў"


def _letters(cyrillic: str, latin: str) -> _Rules:
    """Return rules letter by letter; a "-" stands for nothing."""
    return tuple(zip(cyrillic, ("" if one == "-" else one for one in latin.split()), strict=True))


_PLAIN: Final = _letters("абвгдезиклмнопрстуф", "a b v g d e z i k l m n o p r s t u f")
_ENGLISH: Final = _letters("жхцчшщэъь", "zh kh ts ch sh shch e - -")
_IOTATED: Final = rf"(?:(?<=[{_VOWEL}йьъ'])|\b)"

_RULES: Final[dict[Spelling, _Rules]] = {
    Spelling.BGN: ((rf"{_IOTATED}е", "ye"), *_letters("ёйыюя", "yo y y yu ya"), *_ENGLISH, *_PLAIN),
    Spelling.PASSPORT: (*_letters("ёйыюяъ", "e i y iu ia ie"), *_ENGLISH, *_PLAIN),
    Spelling.PASSPORT_2010: (*_letters("ёйыюяц", "e y y yu ya tc"), *_ENGLISH, *_PLAIN),
    Spelling.ISO_9: (*_letters("жйхцчшщъыьэюяё", "ž j h c č š ŝ - y - è û â ë"), *_PLAIN),
    Spelling.PRESS: (
        ("ксандр", "xander"), ("кс", "x"), (r"[иы]й\b", "y"), *_letters("ёйыюя", "yo y y yu ya"), *_ENGLISH, *_PLAIN,
    ),
    Spelling.FRENCH: (
        (r"ин\b", "ine"), (rf"(?<=[{_VOWEL}])с(?=[{_VOWEL}])", "ss"), ("г(?=[еиэ])", "gu"), (r"ий\b", "i"),
        (r"ый\b", "y"),
        *_letters("жйуёюяхцчшщыэъь", "j ï ou io iou ia kh ts tch ch chtch y e - -"), *_PLAIN,
    ),
    Spelling.GERMAN: (
        (rf"{_IOTATED}е", "je"), (rf"(?<=[{_VOWEL}])с(?=[{_VOWEL}])", "ss"), (r"[иы]й\b", "i"), ("кс", "x"),
        *_letters("вжзйхцчшщыэюяёъь", "w sch s i ch z tsch sch schtsch y e ju ja jo - -"), *_PLAIN,
    ),
    Spelling.POLISH: (
        (rf"{_IOTATED}е", "je"), ("л(?=[еиюяьё])", "l"), ("л", "ł"), (r"ий\b", "i"), (r"ый\b", "y"),
        *_letters("вжйхцчшщыэюяёъь", "w ż j ch c cz sz szcz y e ju ja jo - -"), *_PLAIN,
    ),
    Spelling.SWEDISH: (
        (rf"{_IOTATED}е", "je"), (r"[иы]й\b", "ij"),
        *_letters("жйхцчшщыэюяёъь", "zj j ch ts tj sj sjtj y e ju ja jo - -"), *_PLAIN,
    ),
    Spelling.UKRAINIAN: (
        ("зг", "zgh"), (r"\bє", "ye"), (r"\bї", "yi"), (r"\bй", "y"), (r"\bю", "yu"), (r"\bя", "ya"), ("'", ""),
        *_letters("гґєжиіїйюя", "h g ie zh y i i i iu ia"), *_ENGLISH, *_PLAIN,
    ),
    Spelling.UKRAINIAN_BGN: (("'", ""), *_letters("гґєжиіїйюя", "h g ye zh y i yi y yu ya"), *_ENGLISH, *_PLAIN),
    Spelling.BELARUSIAN: (
        ("'", ""), (rf"{_IOTATED}е", "ye"), (rf"{_IOTATED}ё", "yo"), (rf"{_IOTATED}ю", "yu"), (rf"{_IOTATED}я", "ya"),
        *_letters("гйіўыёюя", "h i i u y io iu ia"), *_ENGLISH, *_PLAIN,
    ),
    Spelling.BELARUSIAN_2007: (
        (rf"{_IOTATED}е", "je"), (rf"{_IOTATED}ё", "jo"), (rf"{_IOTATED}ю", "ju"), (rf"{_IOTATED}я", "ja"), ("'", ""),
        ("ль", "ĺ"), ("нь", "ń"), ("сь", "ś"), ("зь", "ź"), ("ць", "ć"), ("е", "ie"),
        *_letters("гжйіўхцчшыэёюя", "h ž j i ŭ ch c č š y e io iu ia"), *_PLAIN,
    ),
    Spelling.KAZAKH: (*_letters("әғқңөұүһійыёюя", "a g k n o u u h i i y yo yu ya"), *_ENGLISH, *_PLAIN),
    Spelling.UZBEK: (
        (rf"{_IOTATED}е", "ye"),
        *_letters("жйхцчшэъьюяёўқғҳ", "j y x ts ch sh e ʼ - yu ya yo oʻ q gʻ h"), *_PLAIN,
    ),
    Spelling.TAJIK: (*_letters("ҷқғҳӯӣйюяё", "j q gh h u i y yu ya yo"), *_ENGLISH, *_PLAIN),
}  # fmt: skip


def latin(name: str, spelling: Spelling) -> str:
    """Return a Cyrillic name in Latin letters, each word with a capital.

    >>> latin("Щёголев Юрий", Spelling.PASSPORT), latin("Яценюк Євген", Spelling.UKRAINIAN)
    ('Shchegolev Iurii', 'Yatseniuk Yevhen')
    """
    text = name.lower().replace("’", "'")
    for written, spelled in _RULES[spelling]:
        text = re.sub(written, spelled, text)
    return " ".join(word[:1].upper() + word[1:] for word in text.split())
