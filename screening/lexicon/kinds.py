"""Kinds of term: things that no list can spell out, found by what they are made of.

    phone             mobile numbers of the mainland, landlines, 400 numbers       13812345678, 一三八 1234 五六七八
    messenger         an id after one of the names of a messenger                  微信:boss_88, vx boss88, 扣扣 1234567
    email             an address                                                   boss@qq.com
    short-link        an address of a service that hides where it leads            t.cn/Ab3dE, dwz点cn/x1
    domain            any other address without or with its "http"                 abc88.vip, abc88点vip/reg
    contact           any of the first four: how an offer is answered
    identity-number   18 characters, with region, birth date and check digit       11010519491231002X
    bank-card         16 to 19 digits of a known issuer, with check digit          6222 0212 3456 7890 …

Texts are normalised before, so circled, full-width and styled digits need nothing here; symbols and spaces between
digits, and digits written in Han characters, are read over, and what needed that is `dressed`.

Work is linear in the length of the text: one table lookup finds runs of digits, of letters and marks for the whole
passage, and only runs that are long enough are looked at one by one, each within fixed bounds. What is found depends on
`REACH` characters on each side of it and on nothing more.
"""

from __future__ import annotations

import enum
import functools
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Classes = NDArray[np.uint8]

REACH = 128
"""The most characters on each side of what is found that may decide about it."""

_BLOCK, _DIGIT, _HAN_DIGIT, _LETTER, _JOINT, _MARK = range(6)

HAN_DIGITS = {
    **{character: str(value) for value, character in enumerate("零一二三四五六七八九")},
    **{character: str(value) for value, character in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    "〇": "0",
    "幺": "1",
}
"""Digits as Han characters, formal and telephone forms too, in normal form."""

_MOST_MARKS = 3
"""Symbols and spaces between two digits of one number; beyond it a reader sees two numbers."""

_MOST_RUN = 60
"""Characters of a run of digits that are looked at from any place in it: 19 digits with marks between all of them."""


class Kind(enum.StrEnum):
    """What a term may be in place of a spelling."""

    PHONE = "phone"
    MESSENGER = "messenger"
    EMAIL = "email"
    SHORT_LINK = "short-link"
    DOMAIN = "domain"
    CONTACT = "contact"
    IDENTITY_NUMBER = "identity-number"
    BANK_CARD = "bank-card"
    HEADLINE = "headline"
    """A title that shouts what its body does not tell; found by `headline`, for it needs both."""


MEANS = {
    Kind.CONTACT: frozenset({Kind.PHONE, Kind.MESSENGER, Kind.EMAIL, Kind.SHORT_LINK}),
}
"""Kinds that stand for several."""
WITHIN = {kind: (kind, *(wide for wide, narrow in MEANS.items() if kind in narrow)) for kind in Kind}
"""Each kind with those that stand for it too."""

CONTEXTUAL = frozenset(Kind) - {Kind.HEADLINE}
"""Kinds that may stand near a term."""


class Spotted(NamedTuple):
    """Something of a kind, in normalised text."""

    start: int
    end: int
    kind: Kind
    dressed: bool


class Surface(NamedTuple):
    """A text with what its characters are, for whoever looks for a kind.

    Attributes:
        text: normalised text.
        classes: what each of its characters is.
    """

    text: str
    classes: Classes

    def digit_runs(self, least: int) -> list[tuple[int, int]]:
        """Return the spans of at least so many digits, Han digits too, with nothing but a few marks between."""
        digits = ((self.classes == _DIGIT) | (self.classes == _HAN_DIGIT)).nonzero()[0]
        if not _close(digits, least, _MOST_MARKS + 1):
            return []
        blocks = np.cumsum((self.classes == _BLOCK) | (self.classes == _LETTER), dtype=np.int32)[digits]
        parted = (digits[1:] - digits[:-1] > _MOST_MARKS + 1) | (blocks[1:] > blocks[:-1])
        return _runs(digits, parted.nonzero()[0], least)

    def word_runs(self, least: int) -> list[tuple[int, int]]:
        """Return the spans of at least so many Latin letters, digits, `_` and `-` side by side."""
        places = ((self.classes == _DIGIT) | (self.classes == _LETTER) | (self.classes == _JOINT)).nonzero()[0]
        if not _close(places, least, 1):
            return []
        return _runs(places, (places[1:] - places[:-1] > 1).nonzero()[0], least)

    def points(self, characters: str) -> list[int]:
        """Return where one of some characters stands between a letter or digit and a letter."""
        text, classes = self.text, self.classes
        letters = classes == _LETTER
        # None of them is itself a letter, so it stands before the first letter of a word.
        first = (letters[2:] & ~letters[1:-1] & (letters[:-2] | (classes[:-2] == _DIGIT))).nonzero()[0]
        return [place + 1 for place in first.tolist() if text[place + 1] in characters]


def _close(places: Places, count: int, apart: int) -> bool:
    """Say whether so many places stand so close to one another that they may be a run: in most texts they do not."""
    if len(places) < count:
        return False
    return bool((places[count - 1 :] - places[: len(places) - count + 1]).min() <= apart * (count - 1))


def _runs(places: Places, parted: Places, least: int) -> list[tuple[int, int]]:
    """Return the spans of runs of places, given after which of them a run ends."""
    first = np.concatenate(([0], parted + 1))
    last = np.concatenate((parted, [len(places) - 1]))
    long = (last - first + 1 >= least).nonzero()[0]
    return list(zip(places[first[long]].tolist(), (places[last[long]] + 1).tolist(), strict=True))


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def surface(text: str) -> Surface:
    """Look up what each character of a normalised text is."""
    return Surface(text, _classes().take(codes_of(text)))


@functools.cache
def _classes() -> Classes:
    """Build, once, the table of classes (30 ms, 1 MiB)."""
    classes = np.full(0x110000, _BLOCK, dtype=np.uint8)
    for code in (*range(0x20, 0x3400), *range(0xFE00, 0x10000), *range(0x1F000, 0x1FB00)):
        if unicodedata.category(chr(code))[0] in "PSZ":
            classes[code] = _MARK
    for character in "\u2028\u2029":
        classes[ord(character)] = _BLOCK
    for character in "_-":
        classes[ord(character)] = _JOINT
    for character in "0123456789":
        classes[ord(character)] = _DIGIT
    for character in HAN_DIGITS:
        classes[ord(character)] = _HAN_DIGIT
    for character in "abcdefghijklmnopqrstuvwxyz":
        classes[ord(character)] = _LETTER
    return classes
