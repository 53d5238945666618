"""Alphabets read letter by letter: Cyrillic, Greek, Georgian and Armenian words in Latin letters.

- Russian as lists mostly write it: "Щукин" → "shchukin"; letters of its neighbours too: "Ҷалолӣ" → "jaloli"
- the same letters as Ukrainian, Belarusian and Serbian names are written, where that differs: "Гончар" → "honchar"
- Greek with its double letters: "Παπανδρέου" → "papandreou", "Μπάρκας" → "barkas"
Words come in lower case. What differs only by habit ("y", "i", "iy") is left to `letters.sound`.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = {
    **dict(zip("абвгдезиклмнопрстуфыэіјўґ", "abvgdeziklmnoprstufyeijug", strict=True)),
    **dict(zip("әғқңөұүһҳҷҡҙҫӣӯҝҹ", "agknouuhhjkzsiugj", strict=True)),
    "ё": "e", "ж": "zh", "й": "y", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu",
    "я": "ya", "є": "ye", "ї": "yi", "ђ": "dj", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "g", "ќ": "k",
    "ѕ": "dz", "ѣ": "e", "ѳ": "f", "ӏ": "",
}  # fmt: skip
_RUSSIAN = str.maketrans(_CYRILLIC)
_UKRAINIAN = str.maketrans(_CYRILLIC | {"г": "h", "х": "h", "и": "y"})
_SERBIAN = str.maketrans(_CYRILLIC | {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s"})
_SERBIAN_LETTER = re.compile(r"[јљњћђџ]")
_HARD_VOWEL = re.compile(r"ъ(?=[бвгджзклмнпрстфхцчшщ])")
"""In Bulgarian a vowel; in Russian the sign stands only before another vowel."""

_GREEK = str.maketrans(
    {
        **dict(zip("αβγδεζηικλμνορσςτυφω", "avgdeziiklmnorsstyfo", strict=True)),
        "θ": "th", "ξ": "x", "π": "p", "χ": "ch", "ψ": "ps",
    }
)  # fmt: skip
_GREEK_PAIRS = (
    (re.compile(r"ου"), "ou"),
    (re.compile(r"([αεη])υ(?=[θκξπσςτφχψ]|$)"), r"\1f"),
    (re.compile(r"([αεη])υ"), r"\1v"),
    (re.compile(r"^μπ"), "b"),
    (re.compile(r"^ντ"), "d"),
    (re.compile(r"^γκ|γκ$"), "g"),
    (re.compile(r"μπ"), "mp"),
    (re.compile(r"γγ"), "ng"),
    (re.compile(r"γ(?=[ξχ])"), "n"),
)

_GEORGIAN = str.maketrans(
    {
        **dict(zip("აბგდევზთიკლმნოპრსტუფქყხჰჯ", "abgdevztiklmnoprstupkqkhj", strict=True)),
        "ჟ": "zh", "ღ": "gh", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh",
    }
)  # fmt: skip
_ARMENIAN_PAIRS = (
    (re.compile("ու"), "u"),
    (re.compile("եւ|և"), "ev"),
    (re.compile("^ե"), "ye"),
    (re.compile("^ո"), "vo"),
)
_ARMENIAN = str.maketrans(
    {
        **dict(zip("աբգդեզէըթիլխկհձղճմյնոպջռսվտրցւփքօֆ", "abgdezeatilkkhdgcmynopjrsvtrtvpkof", strict=True)),
        "ժ": "zh", "ծ": "ts", "խ": "kh", "ձ": "dz", "ղ": "gh", "ճ": "ch", "շ": "sh", "չ": "ch", "ց": "ts",
    }
)  # fmt: skip

_CYRILLIC_LETTER = re.compile(r"[\u0400-\u052f]")
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff]")
_GEORGIAN_LETTER = re.compile(r"[\u10a0-\u10ff]")
_ARMENIAN_LETTER = re.compile(r"[\u0530-\u058f]")
_VARYING = re.compile(r"[гхјљњћђџ]")


def spelled(word: str, *, other: bool = False) -> str:
    """Return a word of one of these alphabets in Latin letters; any other word as it is.

    Args:
        word: a word in lower case.
        other: read Cyrillic as Ukrainian and its like, or as Serbian where a letter is only Serbian.

    >>> spelled("георгиос"), spelled("гончар", other=True), spelled("παπανδρέου"), spelled("ბერიძე")
    ('georgios', 'honchar', 'papandreou', 'beridze')
    """
    if _CYRILLIC_LETTER.search(word):
        word = _HARD_VOWEL.sub("а", word)
        if _SERBIAN_LETTER.search(word) and other:
            return word.translate(_SERBIAN)
        return word.translate(_UKRAINIAN if other else _RUSSIAN)
    if _GREEK_LETTER.search(word):
        word = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        return _in_pairs(word, _GREEK_PAIRS).translate(_GREEK)
    if _GEORGIAN_LETTER.search(word):
        return word.translate(_GEORGIAN)
    if _ARMENIAN_LETTER.search(word):
        return _in_pairs(word, _ARMENIAN_PAIRS).translate(_ARMENIAN)
    return word


def reads_in_two_ways(text: str) -> bool:
    """Whether a text holds Cyrillic letters that neighbours read otherwise."""
    return _VARYING.search(text) is not None


def _in_pairs(word: str, pairs: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for written, latin in pairs:
        word = written.sub(latin, word)
    return word
