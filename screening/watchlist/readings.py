"""The ways to read a name. Each is compared by itself, and the likest pair of readings counts.

1. The usual reading stands first (`names.read_name`). Cyrillic as its neighbours read it is as usual.
2. Chinese characters and Hangul have further readings: second readings of surnames, the spelling of Hong Kong,
   Wade-Giles, and the ways in which Koreans spell themselves. What fits one of these must fit it closely: what is
   missing to 1.0 counts more (`STRICTNESS`). Such characters say which syllables are meant, so who is registered in
   them is compared without any allowance for slips (`alignment.compare_read`).
3. Cyrillic has further readings too (`cyrillic`), for it is spelled in many habits and writes foreign names by ear.
4. A name in Latin letters that can be pinyin is also turned into Wade-Giles, or taken apart where it is one word; one
   that can be Slavic is turned into the habit of English (`slavic`). That says less than what was written (`TURNED`).
5. Two names neither of which is read in its usual way are not compared: two mended readings meet by chance.
6. Chinese characters that sound alike are not the same name: where both sides are written in them, each character that
   differs costs (`same_characters`).
"""

from __future__ import annotations

import enum
import functools
import re
from typing import NamedTuple

from screening.text.variants import SIMPLIFIED, VARIANTS
from screening.watchlist import cyrillic, slavic
from screening.watchlist.alphabets import reads_in_two_ways
from screening.watchlist.hangul import HANGUL, korean, spellings
from screening.watchlist.kana import japanese
from screening.watchlist.letters import MOST_CHARACTERS, folded_words
from screening.watchlist.names import Name, read_name
from screening.watchlist.pinyin import HAN, further
from screening.watchlist.wade import apart, turned

TURNED = 0.94
"""What a likeness is worth where one side was turned into another spelling."""

STRICTNESS = 0.5
"""How much more it counts that a further reading does not fit: "sonyong ho" is not "Chun Ting Ho"."""

CHARACTER = 0.35
"""What it costs that all characters differ though they sound the same; some of them cost their share."""

_SYLLABLES = re.compile(f"{HAN.pattern}|{HANGUL.pattern}")


class Manner(enum.Enum):
    """How a reading came about."""

    USUAL = "usual"
    FURTHER = "further"
    TURNED = "turned"


class Reading(NamedTuple):
    """One way to read a name; `exact` where nothing but characters that each say a syllable were read."""

    name: Name
    manner: Manner = Manner.USUAL
    exact: bool = False


def readings(text: str, *, person: bool) -> tuple[Reading, ...]:
    """Return the ways to read a name, the usual one first, none twice.

    Args:
        text: the name as written.
        person: whether it is a natural person's.

    >>> [" ".join(word.text for word in one.name.words) for one in readings("邓炳强", person=True)]
    ['deng bingqiang', 'tang pingkeung', 'teng pingchiang']
    """
    exact = of_syllables(text)
    read = [Reading(read_name(text, person=person), exact=exact)]
    short = text[:MOST_CHARACTERS]
    if person:
        turnings = (_turned(short) if text.isascii() else None, slavic.turned(short))
        read += [Reading(read_name(text, person=True, latin=way), Manner.TURNED) for way in turnings if way is not None]
    if text.isascii():
        return _each_once(read)
    if reads_in_two_ways(short.casefold()):
        read.append(Reading(read_name(text, person=person, other=True)))
    if person:
        ways = (*further(short), *spellings(short), *cyrillic.further(short))
        read += [Reading(read_name(text, person=True, latin=latin), Manner.FURTHER, exact) for latin in ways]
    elif spelled := spellings(short):
        read.append(Reading(read_name(text, person=False, latin=spelled[0]), Manner.FURTHER, exact))
    return _each_once(read)


def queried_readings(text: str, kind: str | None) -> tuple[Reading, ...]:
    """Return the ways to read a name by the kind stated, and by the other kind where that gives other words.

    A kind stated wrongly must not hide anyone: "Emma Tel Plus Limited" registered as a person is still found.
    """
    stated = readings(text, person=kind == "person")
    other = readings(text, person=kind != "person")
    return _each_once([*stated, *other])


def worth(alike: float, manners: tuple[Manner, Manner], written: tuple[str, str]) -> float:
    """Return what the likeness of two readings is worth, from 0.0 to 1.0.

    Args:
        alike: how alike the readings are.
        manners: how the query and the listed name were read.
        written: the query and the listed name as written.

    >>> worth(1.0, (Manner.TURNED, Manner.USUAL), ("Zhang Guotao", "Chang Kuo-t'ao"))
    0.94
    """
    if Manner.USUAL not in manners:
        return 0.0
    if Manner.FURTHER in manners:
        alike = max(0.0, alike - STRICTNESS * (1.0 - alike))
    if Manner.TURNED in manners:
        alike *= TURNED
    same = same_characters(*written)
    # Where not even the sound is the same, another character is no slip of the pen.
    return alike * (same if alike == 1.0 else same * same)


def of_syllables(text: str) -> bool:
    """Whether a name is written in nothing but characters that each say a syllable, and is read from them.

    >>> of_syllables("卓国桥"), of_syllables("표정호"), of_syllables("Zhuo 国桥"), of_syllables("タチバナ")
    (True, True, False, False)
    """
    if text.isascii():
        return False
    letters = "".join(filter(str.isalpha, text))
    if not letters or _SYLLABLES.sub("", letters) or japanese(text):
        return False
    return HANGUL.search(text) is None or korean(text)


def same_characters(query: str, listed: str) -> float:
    """Return what is left of a likeness by sound where both names are in Chinese characters.

    >>> same_characters("王小明", "王曉明") < 1.0, same_characters("孙金龙", "孫金龍")
    (True, 1.0)
    """
    if query.isascii() or listed.isascii():
        return 1.0
    mine, theirs = _characters(query), _characters(listed)
    if not mine or not theirs:
        return 1.0
    left = list(theirs)
    shared = 0
    for character in mine:
        if character in left:
            left.remove(character)
            shared += 1
    return 1.0 - CHARACTER * (1.0 - shared / max(len(mine), len(theirs)))


@functools.lru_cache(maxsize=65_536)
def _turned(text: str) -> str | None:
    """Return a name of pinyin in Wade-Giles, or apart where it is one word; None where it is none or stays the same."""
    last, comma, first = text.partition(",")
    words = folded_words(f"{first} {last}" if comma else text)
    return apart(words[0]) if len(words) == 1 else turned(words)


@functools.lru_cache(maxsize=65_536)
def _characters(text: str) -> str:
    return "".join(HAN.findall(text)).translate(_simplified())


@functools.cache
def _simplified() -> dict[int, int]:
    return str.maketrans(VARIANTS, SIMPLIFIED)


def _each_once(read: list[Reading]) -> tuple[Reading, ...]:
    once: list[Reading] = []
    for reading in read:
        # There are a few, and to compare words is quicker than to make a hash of them.
        if all(reading.name.words != one.name.words for one in once):
            once.append(reading)
    return tuple(once)
