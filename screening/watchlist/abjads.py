"""Arabic and Hebrew letters: words whose vowels are not written, as capitals that `skeletons` compares.

- pointing, stretching and the forms of hamza go: "أَحْمَـد" → "AHMD"
- Persian, Urdu and Pashto letters are read too: "چنگیز" → "ČNĢYZ"
- small words become their usual Latin form, the article, "abd" and "-allah", "-din" apart: "عبد الرحمن" → "abd" "RHMN"
- an ending that is written one way and spoken in several has a capital of its own: "فاطمة" → "FATMO"
"""

from __future__ import annotations

import re
import unicodedata

from screening.watchlist.skeletons import CAPITALS

_ABJAD = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufb4f]")

_LETTERS = str.maketrans(
    {
        letter: capital
        for capital, letters in {
            "A": "اأإآٱאٲٳ", "E": "عע", "B": "ب", "P": "پ", "T": "تطةٹטתټ", "Ṯ": "ث", "Q": "قק", "J": "جژږݲ",
            "H": "حهھہהۀ", "X": "خחښ", "D": "دڈדډ", "Ḏ": "ذضظ", "Z": "زזځ", "R": "رڑרړ", "S": "سصסڅ", "C": "ش",
            "Ś": "ש", "Ц": "צץ", "G": "غ", "Ģ": "گגګڭ", "F": "ف", "Φ": "פף",
            "V": "ڤۋ", "Β": "ב", "K": "كکכךڪ", "L": "لל", "M": "مמם",
            "N": "نںןנڼ", "W": "وؤוۇۆ", "Y": "يىئیےיېۍۓ", "Č": "چ", "O": "ة",
        }.items()
        for letter in letters
    }
    | dict.fromkeys(map(ord, "ءـٴ׳״"), "")
)  # fmt: skip

_SMALL = {
    word: latin
    for latin, words in {
        "bin": "بن ابن בן", "bint": "بنت בת", "abu": "ابو ابي ابا أبو أبي أبا", "umm": "ام أم", "ould": "ولد",
        "al": "ال آل", "abd": "عبد", "ali": "علي على علی", "haji": "حاج الحاج حاجي", "sheikh": "شيخ الشيخ شیخ",
        "dr": "دكتور الدكتور", "sayyid": "سيد السيد سید", "mullah": "ملا", "allah": "الله", "din": "الدين الدین دين",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Words that are short, common or titles: their usual Latin form."""

_ARTICLE = "ال"
_GOD = "الله"
_ABD = "عبد"
_FAITH = ("الدين", "الدین")


def in_abjad(word: str) -> bool:
    """Whether a word holds letters of a script that leaves vowels unwritten."""
    return not word.isascii() and _ABJAD.search(word) is not None


def unpointed(word: str) -> str:
    """Return a word without the marks that are mostly left out.

    >>> unpointed("مُحَمَّد") == "محمد"
    True
    """
    apart = unicodedata.normalize("NFC", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and letter != "ـ")


def abjad_words(word: str) -> tuple[str, ...]:
    """Return a written word as small Latin words and words of capitals.

    >>> abjad_words("عبدالرحمن"), abjad_words("يوسف"), abjad_words("סעיד")
    (('abd', 'RHMN'), ('YWSF',), ('SEYD',))
    """
    bare = unpointed(word)
    small = _SMALL.get(bare)
    if small is not None:
        return (small,)
    if bare.startswith(_ABD) and len(bare) > len(_ABD) + 1:
        rest = bare.removeprefix(_ABD)
        if rest != _GOD:
            return ("abd", *(part for part in abjad_words(rest) if part != "al"))
    for faith in _FAITH:
        if bare.endswith(faith) and len(bare) > len(faith) + 1:
            return (*abjad_words(bare.removesuffix(faith)), "din")
    if bare.startswith(_ARTICLE) and len(bare) > len(_ARTICLE) + 1:
        return ("al", *_capitals(bare.removeprefix(_ARTICLE)))
    return _capitals(bare)


def _capitals(word: str) -> tuple[str, ...]:
    capitals = word.translate(_LETTERS).replace("TC", "Č")
    if capitals.endswith("H") and len(capitals) > 1:
        capitals = capitals[:-1] + "O"
    return (capitals if CAPITALS.issuperset(capitals) else word,) if capitals else ()
