"""Reading by sound: one code for each Han character, so that 堵博, 赌搏 and 度播 read like 赌博.

    step               before → after
    syllable           赌 → du            the character's usual reading, without its tone
    fold               zhang → zan        zh ch sh → z c s;  n r → l;  ang eng ing → an en in;  nü lü → nu lu

What many speakers do not tell apart is one code. Reading is one table lookup for a whole batch, one code point for one
code point; Latin letters, digits and ASCII symbols stand as they are, everything else becomes U+FFFD.

Every fourth pair of characters sounds like some term of two, so a candidate is evidence only where the writing itself
is odd: `believable` asks how near the sound is and whether a segmenter sees loose single characters there. A hit by
sound is never surer than review.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np

from screening.text.codes import codes_of, places
from screening.text.oddity import most, oddity
from screening.text.reading import Reading, View
from screening.text.sounds import FURTHER, USUAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.text.oddity import Place

FIRST = 0x100
"""The code point of the first code: two bytes in UTF-8, which the bytewise engine walks faster than three."""

NEAR = 2.0
"""Bits taken off for a character that only sounds near: more characters sound near than alike."""

MOST_CODES = 8
"""Ways in which one term may be read, characters with several readings multiplied out."""

_UNKNOWN = 0xFFFD

_ODD_ENOUGH = {2: 24.0, 3: 19.5}
"""Bits from which on a candidate of so many characters is no accident."""

_LONG_ENOUGH = 15.0
"""The same for four characters or more."""

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def read(normalised: str) -> Reading | None:
    """Read a text by sound; None for a text without two Han characters side by side."""
    coded = _coded(normalised)
    heard = coded >= FIRST
    if not (heard[1:] & heard[:-1]).any():
        return None
    ordered = places(len(coded) + 1)
    return Reading(View.SOUND, coded_text(normalised), ordered[:-1], ordered[1:])


@functools.lru_cache(maxsize=1)
def coded_text(normalised: str) -> str:
    """Return a whole text in the alphabet of this view, as `code` does for a term; of the last one it is kept."""
    return _coded(normalised).tobytes().decode("utf-16-le")


@functools.lru_cache(maxsize=1)
def _coded(normalised: str) -> NDArray[np.uint16]:
    """Return the codes of a text; of the last one they are kept, for two views ask for them."""
    written = codes_of(normalised)
    return sounds().take(written)


def code(term: str) -> str:
    """Return the usual reading of a normalised term in the alphabet of this view, one code point for each.

    >>> code("赌博") == code("独播"), code("中心") == code("宗星"), code("加v") == code("家v")
    (True, True, True)
    """
    return "".join([_letters().get(character) or _unheard(character) for character in term])


def codes(term: str) -> tuple[str, ...]:
    """Return all readings of a term, the usual one first: 银行 as yin xing too, which is how 行 alone is read.

    A term of fewer than two Han characters, or with one whose sound is not known, has none.
    """
    if sum(map(_han, term)) < 2:
        return ()
    usual = code(term)
    if chr(_UNKNOWN) in usual:
        return ()
    further = _further()
    choices = [
        tuple(dict.fromkeys((heard, *further.get(character, "")))) for character, heard in zip(term, usual, strict=True)
    ]
    return tuple("".join(choice) for choice in itertools.islice(itertools.product(*choices), MOST_CODES))


@functools.cache
def syllable_code(syllable: str) -> str:
    """Return the code of a syllable in Latin letters; the empty text where it is none.

    >>> syllable_code("du") == code("赌"), syllable_code("xyz")
    (True, '')
    """
    known = _numbers().get(folded(syllable))
    return "" if known is None or syllable not in syllables() else chr(FIRST + known)


def folded(syllable: str) -> str:
    """Return a syllable in which sounds that many do not tell apart are one.

    >>> folded("zhang"), folded("nv"), folded("shi")
    ('zan', 'lu', 'si')
    """
    syllable = syllable.replace("v", "u")
    for initial, becomes in _INITIALS:
        if syllable.startswith(initial):
            syllable = becomes + syllable[len(initial) :]
            break
    for final, becomes in _FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + becomes
    return syllable


def promising(found: str, term: str) -> bool:
    """Say whether a candidate is worth being segmented: it is not the term itself, and rare enough at the best.

    >>> promising("赌博", "赌博"), promising("赌搏", "赌博"), promising("是一", "事宜")
    (False, True, False)
    """
    return found != term and most(found) >= enough(len(found))


def believable(found: str, term: str, held: Place) -> bool:
    """Say whether what sounds like a term is more than an accident.

    Args:
        found: what stands in the normalised text.
        term: the normalised term, of as many characters.
        held: where that stands among the words around it (`oddity.place`).
    """
    altered: list[float | None] = []
    for written, meant in zip(found, term, strict=True):
        if written == meant:
            altered.append(None)
        elif not _han(written):
            return False
        else:
            altered.append(0.0 if _alike(written, meant) else NEAR)
    return oddity(held, altered) >= enough(len(found))


@functools.lru_cache(maxsize=65_536)
def _alike(written: str, meant: str) -> bool:
    """Say whether two Han characters may be read alike."""
    return not heard(written).isdisjoint(heard(meant))


def heard(character: str) -> frozenset[str]:
    """Return the syllables that a Han character may be read as."""
    return _readings().get(character, frozenset())


@functools.cache
def readings() -> tuple[NDArray[np.uint16], NDArray[np.int32], NDArray[np.uint16]]:
    """Return what Han characters may be read as, for a loop: by code point a row, where each row's begin, and these."""
    rows = np.zeros(0x110000, dtype=np.uint16)
    begins, said = [0, 0], list[int]()
    numbers = {syllable: at for at, syllable in enumerate(sorted(syllables()))}
    for row, (character, syllables_of) in enumerate(_readings().items(), start=1):
        rows[ord(character)] = row
        said.extend(numbers[syllable] for syllable in sorted(syllables_of))
        begins.append(len(said))
    return rows, np.array(begins, dtype=np.int32), np.array(said, dtype=np.uint16)


def _unheard(character: str) -> str:
    return character if character.isascii() else chr(_UNKNOWN)


@functools.cache
def _letters() -> dict[str, str]:
    """Return the code of each Han character."""
    return {
        character: chr(FIRST + _numbers()[folded(syllable)])
        for syllable, characters in _rows(USUAL)
        for character in characters
    }


def enough(length: int) -> float:
    """Return the bits from which on a candidate of so many characters is no accident."""
    return _ODD_ENOUGH.get(length, _LONG_ENOUGH)


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"


@functools.cache
def _rows(table: str) -> tuple[tuple[str, str], ...]:
    return tuple((syllable, characters) for syllable, _, characters in (row.partition(":") for row in table.split("|")))


@functools.cache
def syllables() -> frozenset[str]:
    """Return all syllables that some character is read as."""
    return frozenset(syllable for syllable, _ in (*_rows(USUAL), *_rows(FURTHER)))


@functools.cache
def _readings() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for syllable, characters in (*_rows(USUAL), *_rows(FURTHER)):
        for character in characters:
            found[character] = found.get(character, frozenset()) | {syllable}
    return found


@functools.cache
def _numbers() -> dict[str, int]:
    """Number the folded syllables."""
    return {heard: at for at, heard in enumerate(sorted({folded(syllable) for syllable in syllables()}))}


@functools.cache
def _further() -> dict[str, str]:
    """Return the codes of the less usual readings of characters."""
    found: dict[str, str] = {}
    for syllable, characters in _rows(FURTHER):
        for character in characters:
            found[character] = found.get(character, "") + chr(FIRST + _numbers()[folded(syllable)])
    return found


@functools.cache
def sounds() -> NDArray[np.uint16]:
    """Build, once, the table of codes (a few ms, 2 MiB); all lie below the surrogates, so it holds UTF-16."""
    table = np.full(0x110000, _UNKNOWN, dtype=np.uint16)
    table[:0x80] = np.arange(0x80)
    for character, letter in _letters().items():
        table[ord(character)] = ord(letter)
    table.flags.writeable = False
    return table
