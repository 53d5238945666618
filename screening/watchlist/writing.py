"""Which script a name is written in, as an ISO 15924 code."""

from __future__ import annotations

import collections
import functools
import unicodedata

LATIN = "Latn"
NO_SCRIPT = "Zyyy"
"""The code for what has no letters."""

OTHER_SCRIPT = "Zzzz"
"""The code for letters of a script that is not in the table."""

_CODES = {
    "LATIN": LATIN,
    "FULLWIDTH": LATIN,
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HALFWIDTH": "Kana",
    "HANGUL": "Hang",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "LAO": "Laoo",
    "KHMER": "Khmr",
    "MYANMAR": "Mymr",
    "ETHIOPIC": "Ethi",
    "TIBETAN": "Tibt",
    "MONGOLIAN": "Mong",
    "SINHALA": "Sinh",
}


def script_of(text: str) -> str:
    """Return the script of most letters of a text; on a tie the one that comes first.

    >>> script_of("Tamarisk Ltd"), script_of("雪松 (Cedar) 有限公司"), script_of("123")
    ('Latn', 'Hani', 'Zyyy')
    """
    if text.isascii():
        return LATIN if any(map(str.isalpha, text)) else NO_SCRIPT
    counts = collections.Counter(_script_of_letter(letter) for letter in text if letter.isalpha())
    return counts.most_common(1)[0][0] if counts else NO_SCRIPT


@functools.lru_cache(maxsize=8192)
def _script_of_letter(letter: str) -> str:
    return _CODES.get(unicodedata.name(letter, "").split(" ")[0], OTHER_SCRIPT)
