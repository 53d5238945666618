"""Words whose script leaves vowels unwritten (Arabic, Hebrew), compared with words spelled out.

1. Such a word is kept as one capital for each written letter (`abjads` reads it), so that it is never taken for a word
   in Latin letters: "يوسف" → "YWSF". Capitals say what was written, not how it sounds.
2. A capital can stand for several Latin letters (`_STANDS_FOR`): for what it usually does, free; for what it seldom
   does, at the cost of a part of a letter. A Latin vowel that no capital stands for costs little, since short vowels
   are not written; a consonant that the other side lacks costs a whole letter.
3. Likeness is what the least cost leaves of the written letters, less the fewer they are: "لن" may be many words.
4. Words are compared only where their `keys` meet: consonants in a few classes, vowels and what is written like one
   left out; where four or more are left, one of them may differ. So a table of keys finds every word that can be alike.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from screening.watchlist.scoring import edits

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 0.6
"""Words less alike than this are not alike at all."""

LONG = 4
"""Consonants from which on one of them may differ."""

_FACTORS = {1: 0.6, 2: 0.75, 3: 0.88, 4: 0.93}
_FACTOR = 0.96
"""What likeness is worth by the number of written letters."""

_OTHER_VOWEL = 0.5

_VOWEL_TABLE = "a e i o u aa ee ii oo uu ou ai ei ay ey au aw ie eu ia io iy"
_VOWELS = frozenset(_VOWEL_TABLE.split())
_STANDS_FOR: dict[str, tuple[tuple[float, str], ...]] = {
    "A": ((0.0, "a aa"), (0.1, "e"), (0.2, "ai ei au ay ia"), (0.4, "i o u ou ee")),
    "E": ((0.0, "a aa"), (0.1, "e i o u ai ei ee oo ou au")),
    "B": ((0.0, "b"), (0.2, "v p")),
    "P": ((0.0, "p"), (0.2, "b")),
    "T": ((0.0, "t"), (0.1, "th"), (0.4, "d")),
    "Ṯ": ((0.0, "th t"), (0.2, "s")),
    "Q": ((0.0, "q k g"), (0.1, "gh c ck"), (0.3, "kh")),
    "J": ((0.0, "j g"), (0.1, "dj dzh zh y dg"), (0.3, "z ch c")),
    "H": ((0.0, "h"), (0.4, "kh ch")),
    "X": ((0.0, "kh"), (0.1, "h k ch"), (0.2, "q c")),
    "D": ((0.0, "d"), (0.2, "dh"), (0.5, "t")),
    "Ḏ": ((0.0, "d dh z"), (0.3, "th")),
    "Z": ((0.0, "z"), (0.2, "s"), (0.3, "dh zh ts")),
    "R": ((0.0, "r"),),
    "S": ((0.0, "s"), (0.1, "c"), (0.2, "z ts")),
    "C": ((0.0, "sh ch"), (0.2, "s sch c")),
    "Ś": ((0.0, "sh s"), (0.2, "ch sch")),
    "Ц": ((0.0, "ts tz"), (0.1, "z s c")),
    "G": ((0.0, "gh g"), (0.3, "q k r j")),
    "Ģ": ((0.0, "g"), (0.3, "j k")),
    "F": ((0.0, "f ph"), (0.2, "v")),
    "Φ": ((0.0, "f p ph"), (0.3, "v")),
    "V": ((0.0, "v"), (0.2, "f w")),
    "Β": ((0.0, "b v"), (0.2, "w bh")),
    "K": ((0.0, "k"), (0.1, "c q ck ch kh"), (0.4, "g")),
    "L": ((0.0, "l"),),
    "M": ((0.0, "m"),),
    "N": ((0.0, "n"),),
    "W": ((0.0, "w u o ou oo uu"), (0.1, "v au aw"), (0.3, "a eu")),
    "Y": ((0.0, "y i ee ii ie iy"), (0.1, "e ei ai ey ay j"), (0.3, "ia io"), (0.4, "a aa")),
    "Č": ((0.0, "ch c"), (0.2, "tch sh j tsh")),
    "O": ((0.0, "a e h ah eh"), (0.1, "t"), (0.2, "i o")),
}
"""What a capital stands for in Latin letters, by what that costs."""

_SOUNDS = {
    capital: {sound: cost for cost, sounds in costs for sound in sounds.split()}
    for capital, costs in _STANDS_FOR.items()
}

CAPITALS = frozenset(_SOUNDS)

_LEFT_OUT = {"A": 0.3, "E": 0.1, "W": 0.6, "Y": 0.6, "O": 0.05}
"""What it costs that no Latin letter stands for a capital; a whole letter where it is not here."""

_EXTRA = {"a": 0.05, "e": 0.08, "i": 0.08, "o": 0.1, "u": 0.1, "h": 0.5, "y": 0.5, "w": 0.6, "v": 0.7}
"""What a Latin letter costs that no capital stands for; a whole letter where it is not here, two vowels a quarter."""

_CLASSES = (
    ("P", "B P F Φ Β V", "b p f v ph bh"),
    ("T", "T Ṯ", "t th"),
    ("D", "D Ḏ", "d dh"),
    ("S", "S Z Ц", "s z ts tz"),
    ("C", "C Č Ś", "sh ch sch tch tsh"),
    ("K", "Q J X G Ģ K", "k q g gh j kh ck dj dzh zh dg"),
    ("H", "H", "h"),
    ("L", "L", "l"),
    ("M", "M", "m"),
    ("N", "N", "n"),
    ("R", "R", "r"),
)
_CLASS_OF = {sound: name for name, _, sounds in _CLASSES for sound in sounds.split()}
_CLASS_OF_CAPITAL = {capital: name for name, capitals, _ in _CLASSES for capital in capitals.split()}
_OTHER_CLASS = {"Ḏ": "S", "Ś": "S", "X": "H", "O": "H"}

_TOGETHER = re.compile(
    r"sch|tsh|tch|dzh|sh|ch|kh|gh|th|dh|ph|zh|dj|dg|ck|ts|tz|bh"
    r"|aa|ee|ii|oo|uu|ou|ai|ei|ay|ey|au|aw|ie|eu|ia|io|iy|."
)
_APART = re.compile(r"aa|ee|ii|oo|uu|ou|ai|ei|ay|ey|au|aw|ie|eu|ia|io|iy|.")


def unvowelled(word: str) -> bool:
    """Whether a word is one of capitals, its vowels unwritten.

    >>> unvowelled("YWSF"), unvowelled("yusuf")
    (True, False)
    """
    return word.isupper()


def unvowelled_likeness(first: str, second: str) -> float:
    """Return how alike two words are of which one at least has its vowels unwritten, from 0.0 to 1.0.

    >>> unvowelled_likeness("YWSF", "youssef") > 0.9, unvowelled_likeness("YWSF", "yasir")
    (True, 0.0)
    """
    if first == second:
        return 1.0
    # A word with a digit in it has no sound to compare: it is the same, or it is not alike.
    if not (first + second).isalpha() or keys(first).isdisjoint(keys(second)):
        return 0.0
    if unvowelled(first) and unvowelled(second):
        value = 1.0 - edits(first, second) / max(len(first), len(second))
        return value if value >= LEAST else 0.0
    written, spelled = (first, second) if unvowelled(first) else (second, first)
    value = max(_remainder(written, sounds) for sounds in _spellings(spelled))
    value *= _FACTORS.get(len(written), _FACTOR)
    return value if value >= LEAST else 0.0


@functools.lru_cache(maxsize=262_144)
def keys(word: str) -> frozenset[str]:
    """Return the keys of a word: words with no key in common are not alike.

    >>> sorted(keys("YWSF")), "SP" in keys("yusuf")
    (['SP'], True)
    """
    if unvowelled(word):
        usual = "".join(_CLASS_OF_CAPITAL.get(capital, "") for capital in word)
        other = "".join(_OTHER_CLASS.get(capital, _CLASS_OF_CAPITAL.get(capital, "")) for capital in word)
        skeletons = {usual, other}
    else:
        skeletons = set()
        for sounds in _spellings(word):
            skeletons |= _skeletons(sounds)
    return frozenset(key for skeleton in skeletons for key in _within_one(skeleton))


class Skeletons:
    """Words to be searched for those alike to one whose vowels are unwritten, or, by such a one, for all."""

    def __init__(self, words: Iterable[str]) -> None:
        self._all: dict[str, list[str]] = {}
        self._unvowelled: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if not word.isalpha():
                continue
            for key in keys(word):
                self._all.setdefault(key, []).append(word)
                if unvowelled(word):
                    self._unvowelled.setdefault(key, []).append(word)

    def near(self, word: str) -> dict[str, float]:
        """Return the words alike to a word, where it or they have their vowels unwritten, with their likeness."""
        held = self._all if unvowelled(word) else self._unvowelled
        if not held or not word.isalpha():
            return {}
        others = {other for key in keys(word) for other in held.get(key, ())}
        found = {other: unvowelled_likeness(word, other) for other in others}
        return {other: value for other, value in found.items() if value > 0.0}


def _within_one(skeleton: str) -> tuple[str, ...]:
    if len(skeleton) < LONG:
        return (skeleton,)
    return (skeleton, *(skeleton[:place] + skeleton[place + 1 :] for place in range(len(skeleton))))


def _skeletons(sounds: tuple[str, ...]) -> set[str]:
    """Return the consonant classes of a spelling; "v" and "h" may be a vowel's, "c" may be "s", "ch" may be "k"."""
    skeletons = set()
    for other in (False, True):
        classes = []
        before = ""
        for place, letter in enumerate(sounds):
            if letter == "c":
                classes.append("S" if other else "K")
            elif letter == before or (other and (letter == "v" or (letter == "h" and place == len(sounds) - 1))):
                continue
            elif other and letter in ("ch", "kh"):
                classes.append("K" if letter == "ch" else "H")
            else:
                classes.append(_CLASS_OF.get(letter, ""))
            before = letter
        skeletons.add("".join(classes))
    return skeletons


@functools.lru_cache(maxsize=262_144)
def _spellings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to take letters that may be one sound or two: "sh" in "Shakir", and in "Ishaq"."""
    word = word.replace("x", "ks")
    together = tuple(_TOGETHER.findall(word))
    apart = tuple(_APART.findall(word))
    return (together,) if together == apart else (together, apart)


def _remainder(written: str, sounds: tuple[str, ...]) -> float:
    """Return the share of the written letters that is left after the least cost of standing for some sounds."""
    row = [0.0]
    for place, sound in enumerate(sounds):
        row.append(row[-1] + _extra(sounds, place, sound))
    for number, capital in enumerate(written):
        stands = _SOUNDS[capital]
        left_out = _LEFT_OUT.get(capital, 1.0)
        following = [row[0] + (0.1 if capital == "A" and number == 0 else left_out)]
        for place, sound in enumerate(sounds):
            cost = stands.get(sound)
            if cost is None:
                cost = _OTHER_VOWEL if capital in "AEYW" and sound in _VOWELS else 1.0
            elif number == 0 and capital in "AE":
                cost = 0.0
            following.append(
                min(row[place] + cost, row[place + 1] + left_out, following[place] + _extra(sounds, place, sound))
            )
        row = following
    return max(0.0, 1.0 - row[-1] / len(written))


def _extra(sounds: tuple[str, ...], place: int, sound: str) -> float:
    if place and sounds[place - 1] == sound:
        return 0.0
    if sound == "h" and place == len(sounds) - 1:
        return 0.05
    return _EXTRA.get(sound, 0.25 if sound in _VOWELS else 1.0)
