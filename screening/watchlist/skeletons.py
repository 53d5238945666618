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
import itertools
import re
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from screening.watchlist.compiled import loops_for
from screening.watchlist.packing import Packable
from screening.watchlist.scoring import edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from screening.watchlist.scoring import Floats, Integers

    Bits = npt.NDArray[np.uint64]
    Bytes = npt.NDArray[np.uint8]

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

_IN_TWO_WAYS = frozenset({"c", "ch", "kh", "v", "h"})
"""Sounds whose class is not certain."""

_CONSONANTS = "sch|tsh|tch|dzh|sh|ch|kh|gh|th|dh|ph|zh|dj|dg|ck|ts|tz|bh"
_LONG_VOWELS = "aa|ee|ii|oo|uu|ou|ai|ei|ay|ey|au|aw|ie|eu|ia|io|iy"
_TOGETHER = re.compile(f"{_CONSONANTS}|{_LONG_VOWELS}|.")
_APART = re.compile(f"{_LONG_VOWELS}|.")

_CAPITAL_NUMBERS = {capital: number for number, capital in enumerate(_SOUNDS)}
_SOUND_NUMBERS = {
    sound: number
    for number, sound in enumerate(
        ("", *"abcdefghijklmnopqrstuvwxyz", *_CONSONANTS.split("|"), *_LONG_VOWELS.split("|"))
    )
}


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
    return _likeness(first, second)


def _likeness(first: str, second: str) -> float:
    """Return how alike two words are that have a key in common."""
    if unvowelled(first) and unvowelled(second):
        value = 1.0 - edits(first, second) / max(len(first), len(second))
        return value if value >= LEAST else 0.0
    written, spelled = (first, second) if unvowelled(first) else (second, first)
    value = max(_remainder(written, sounds) for sounds in _spellings(spelled))
    value *= _FACTORS.get(len(written), _FACTOR)
    return value if value >= LEAST else 0.0


def _likenesses(pairs: Sequence[tuple[str, str]], loops: Any) -> list[float]:
    """Return what `_likeness` does, for many pairs at once, by a compiled loop."""
    values = [0.0] * len(pairs)
    coded: list[tuple[bytes, bytes]] = []
    whose: list[int] = []
    for number, (first, second) in enumerate(pairs):
        written, spelled = (first, second) if unvowelled(first) else (second, first)
        ways = () if unvowelled(spelled) else _coded_spellings(spelled)
        if not ways:
            values[number] = _likeness(first, second)
        capitals = _coded_capitals(written)
        for sounds in ways:
            coded.append((capitals, sounds))
            whose.append(number)
    if coded:
        left = loops.remainders(
            *_flat([one for one, _ in coded]), *_flat([other for _, other in coded]), _costs(), LEAST
        )
        for number, value in zip(whose, left.tolist(), strict=True):
            values[number] = max(values[number], value)
        for number in set(whose):
            written = pairs[number][not unvowelled(pairs[number][0])]
            value = values[number] * _FACTORS.get(len(written), _FACTOR)
            values[number] = value if value >= LEAST else 0.0
    return values


def _flat(texts: Sequence[bytes]) -> tuple[Bytes, Integers]:
    """Return texts one after the other, and where each begins and the last ends."""
    edges = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=edges[1:])
    return np.frombuffer(b"".join(texts), np.uint8), edges


@functools.lru_cache(maxsize=65_536)
def _coded_capitals(word: str) -> bytes:
    return bytes(_CAPITAL_NUMBERS[capital] for capital in word)


@functools.lru_cache(maxsize=262_144)
def _coded_spellings(word: str) -> tuple[bytes, ...]:
    """Return the spellings of a word by the numbers of their sounds; nothing where a sound has none."""
    try:
        return tuple(bytes(_SOUND_NUMBERS[sound] for sound in sounds) for sounds in _spellings(word))
    except KeyError:
        return ()


@functools.cache
def _costs() -> tuple[Floats, ...]:
    """Return what `_remainder` counts, as tables by the numbers of capitals and sounds."""
    stands = [[_standing(capital, sound) for sound in _SOUND_NUMBERS] for capital in _CAPITAL_NUMBERS]
    at_first = [
        [
            0.0 if capital in "AE" and sound in _SOUNDS[capital] else cost
            for sound, cost in zip(_SOUND_NUMBERS, costs, strict=True)
        ]
        for capital, costs in zip(_CAPITAL_NUMBERS, stands, strict=True)
    ]
    left_out = [_LEFT_OUT.get(capital, 1.0) for capital in _CAPITAL_NUMBERS]
    first_left_out = [0.1 if capital == "A" else _LEFT_OUT.get(capital, 1.0) for capital in _CAPITAL_NUMBERS]
    extra = [_extra((sound, ""), 0, sound) for sound in _SOUND_NUMBERS]
    last_extra = [_extra((sound,), 0, sound) for sound in _SOUND_NUMBERS]
    return tuple(map(np.array, (stands, at_first, left_out, first_left_out, extra, last_extra)))


def _standing(capital: str, sound: str) -> float:
    """Return what it costs that a sound stands for a capital."""
    cost = _SOUNDS[capital].get(sound)
    if cost is not None:
        return cost
    return _OTHER_VOWEL if capital in "AEYW" and sound in _VOWELS else 1.0


@functools.lru_cache(maxsize=262_144)
def keys(word: str) -> frozenset[str]:
    """Return the keys of a word: words with no key in common are not alike.

    >>> sorted(keys("YWSF")), "SP" in keys("yusuf")
    (['SP'], True)
    """
    return frozenset(key for skeleton in _all_skeletons(word) for key in _within_one(skeleton))


def skeletons_of(words: Sequence[str]) -> list[set[str]]:
    """Return the consonants of words, of each in every way that it may be read; plain words are read as one text."""
    plain = [word for word in words if word.isascii() and word.islower()]
    text = "\n".join(plain).replace("x", "ks")
    ways = []
    for spelled in (_MULTIPLE.sub(_coded, text), text):
        without = _LAST_H.sub("", spelled).replace("v", "")
        ways += [
            _TWICE.sub(r"\1", spelled).translate(_USUAL).split("\n"),
            _TWICE.sub(r"\1", without).translate(_OTHERWISE).split("\n"),
        ]
    read = map(set, zip(*ways, strict=True))
    return [next(read) if word.isascii() and word.islower() else _all_skeletons(word) for word in words]


def _coded(sound: re.Match[str]) -> str:
    return _CODES[sound[0]]


_MULTIPLE = re.compile(_CONSONANTS)
_CODES = {sound: chr(65 + place) for place, sound in enumerate(_MULTIPLE.pattern.split("|"))}
"""Sound of several letters → a capital for it."""

_LAST_H = re.compile(r"h$", re.MULTILINE)
_TWICE = re.compile(r"([^c\n])\1+")
_USUAL = {
    ord(code): _CLASS_OF.get(sound, "K" if sound == "c" else "")
    for sound, code in [*_CODES.items(), *((letter, letter) for letter in "abcdefghijklmnopqrstuvwyz")]
}
_OTHERWISE = _USUAL | {ord("c"): "S", ord(_CODES["ch"]): "K", ord(_CODES["kh"]): "H"}


def _all_skeletons(word: str) -> set[str]:
    """Return the consonants of a word in each way that it may be read."""
    if unvowelled(word):
        usual = "".join(_CLASS_OF_CAPITAL.get(capital, "") for capital in word)
        other = "".join(_OTHER_CLASS.get(capital, _CLASS_OF_CAPITAL.get(capital, "")) for capital in word)
        return {usual, other}
    skeletons: set[str] = set()
    for sounds in _spellings(word):
        skeletons |= _skeletons(sounds)
    return skeletons


class Skeletons(Packable):
    """Words to be searched for those alike to one whose vowels are unwritten, or, by such a one, for all."""

    FLEETING = frozenset({"loops"})

    def __init__(self, words: Iterable[str]) -> None:
        read = [word for word in dict.fromkeys(words) if word.isalpha()]
        self._all = Consonants(read)
        self._unvowelled = Consonants([word for word in read if unvowelled(word)])
        self.awake()

    def awake(self) -> None:
        """Compile what is not compiled yet."""
        self.loops = loops_for(len(self._all))
        if self.loops is not None:
            # What is not compiled yet is compiled now, not at somebody's first question.
            _likenesses([("YWSF", "yusuf")], self.loops)

    @property
    def any_unvowelled(self) -> bool:
        """Whether any of the words has its vowels unwritten."""
        return len(self._unvowelled) > 0

    def near(self, word: str) -> dict[str, float]:
        """Return the words alike to a word, where it or they have their vowels unwritten, with their likeness."""
        held = self._all if unvowelled(word) else self._unvowelled
        if not held or not word.isalpha():
            return {}
        others = list(held.meeting(word))
        pairs = [(word, other) for other in others]
        values = [_likeness(*pair) for pair in pairs] if self.loops is None else _likenesses(pairs, self.loops)
        found = dict(zip(others, values, strict=True))
        if word in found:
            found[word] = 1.0
        return {other: value for other, value in found.items() if value > 0.0}


class Consonants(Packable):
    """Words by their skeletons, to be searched for those with a key in common.

    Skeletons with a key in common lack at most one consonant of each other, however ordered. The consonants of each
    stand as 64 bits, so that most are told from a word's by one pass of arithmetic; keys are made for what is left.
    """

    def __init__(self, words: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        skeletons, places = array("i"), array("i")
        for place, held in enumerate(skeletons_of(words)):
            for skeleton in held:
                skeletons.append(numbers.setdefault(skeleton, len(numbers)))
                places.append(place)
        self._words: Sequence[str] = list(words)
        listed = np.array(skeletons, np.int64)
        order = np.argsort(listed, kind="stable")
        self._places = np.array(places, np.int32)[order]
        self._edges = np.searchsorted(listed[order], np.arange(len(numbers) + 1))
        texts = list(numbers)
        lengths = np.fromiter(map(len, texts), np.int64, count=len(texts))
        self._order = np.argsort(lengths, kind="stable")
        self._skeletons: Sequence[str] = [texts[number] for number in self._order.tolist()]
        self._lengths = lengths[self._order]
        self._bits = _bits_of(self._skeletons, self._lengths)

    def __len__(self) -> int:
        return len(self._words)

    def meeting(self, word: str) -> set[str]:
        """Return the words that have a key in common with a word."""
        mine = keys(word)
        return {
            self._words[place]
            for skeleton in _all_skeletons(word)
            for near in self._near(skeleton)
            if not mine.isdisjoint(_within_one(self._skeletons[near]))
            for number in (self._order[near],)
            for place in self._places[self._edges[number] : self._edges[number + 1]].tolist()
        }

    def _near(self, skeleton: str) -> list[int]:
        """Return where skeletons stand that lack at most one consonant of another, and it of them."""
        start, end = self._lengths.searchsorted((len(skeleton) - 1, len(skeleton) + 2)).tolist()
        mine, theirs = _bits_of([skeleton], np.array([len(skeleton)]))[0], self._bits[start:end]
        lacking, left = np.bitwise_count(mine & ~theirs), np.bitwise_count(theirs & ~mine)
        near: list[int] = (np.flatnonzero((lacking <= 1) & (left <= 1)) + start).tolist()
        return near


def _bits_of(skeletons: Sequence[str], lengths: Integers) -> Bits:
    """Return for skeletons, sorted by length, how often each consonant stands in them: a bit each time, up to five."""
    bits = np.zeros(len(skeletons), np.uint64)
    edges = [0, *(np.flatnonzero(np.diff(lengths)) + 1).tolist(), len(skeletons)]
    for first, last in itertools.pairwise(edges):
        run = skeletons[first:last]
        letters = (
            np.frombuffer("".join(run).encode("ascii"), np.uint8).reshape(len(run), int(lengths[first]))
            if run
            else _NOTHING
        )
        for number, (name, _, _) in enumerate(_CLASSES):
            times = (letters == ord(name)).sum(axis=1)
            for time in range(_TIMES):
                bits[first:last] |= (times > time).astype(np.uint64) << np.uint64(number * _TIMES + time)
    return bits


_TIMES = 5
_NOTHING = np.empty((0, 0), np.uint8)


def _within_one(skeleton: str) -> tuple[str, ...]:
    if len(skeleton) < LONG:
        return (skeleton,)
    return (skeleton, *(skeleton[:place] + skeleton[place + 1 :] for place in range(len(skeleton))))


def _skeletons(sounds: tuple[str, ...]) -> set[str]:
    """Return the consonant classes of a spelling; "v" and "h" may be a vowel's, "c" may be "s", "ch" may be "k"."""
    if _IN_TWO_WAYS.isdisjoint(sounds):
        return {"".join([_CLASS_OF.get(letter, "") for letter, _ in itertools.groupby(sounds)])}
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
    """Return the share of the written letters that is left after the least cost of standing for some sounds.

    What is under `LEAST` may be returned as 0.0.
    """
    extras = _extras(sounds)
    row = list(itertools.accumulate(extras, initial=0.0))
    for number, capital in enumerate(written):
        left_out = _LEFT_OUT.get(capital, 1.0)
        following = [row[0] + (0.1 if capital == "A" and number == 0 else left_out)]
        for place, sound in enumerate(sounds):
            cost = _standing(capital, sound)
            if number == 0 and capital in "AE" and sound in _SOUNDS[capital]:
                cost = 0.0
            following.append(min(row[place] + cost, row[place + 1] + left_out, following[place] + extras[place]))
        row = following
        if 1.0 - min(row) / len(written) < LEAST:
            # Costs only grow, so that the words are not alike whatever follows.
            return 0.0
    return max(0.0, 1.0 - row[-1] / len(written))


@functools.lru_cache(maxsize=65_536)
def _extras(sounds: tuple[str, ...]) -> tuple[float, ...]:
    """Return what each sound costs that no capital stands for."""
    return tuple(_extra(sounds, place, sound) for place, sound in enumerate(sounds))


def _extra(sounds: tuple[str, ...], place: int, sound: str) -> float:
    if place and sounds[place - 1] == sound:
        return 0.0
    if sound == "h" and place == len(sounds) - 1:
        return 0.05
    return _EXTRA.get(sound, 0.25 if sound in _VOWELS else 1.0)
