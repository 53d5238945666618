"""Whether two places may be one: the words of addresses and places of birth that tell a place.

"Maple Street 5, 20095 Hamburg, Germany" tells "maple" and "hamburg": numbers, words for streets, towns and provinces,
points of the compass and the names of countries tell nothing. Words are folded and spelled in Latin letters as names
are, so that "Грозный" is "Groznyy".
"""

from __future__ import annotations

import functools
import re

from screening.watchlist.countries import TABLE
from screening.watchlist.letters import MOST_CHARACTERS, folded_words
from screening.watchlist.scoring import likeness

LEAST_LETTERS = 4
"""Shorter words stand in too many places ("San", "Abu")."""

ONE_PLACE = 0.85
"""The likeness from which on two words are one place: "groznyy" and "grozny", "makhachkala" and "mahachkala"."""

MOST_WORDS = 30
"""So many words of a place are looked at."""

_TELLING_NOTHING = """
address aleja alley area avenida avenue block boulevard branch building calle camp capital central centre center
city close colonia colony community compound corner council country county court crescent cross cruz district division
drive east eastern estate federation flat floor former gate general governorate great greater high highway hill hotel
house industrial international island islands kingdom kommune lane level line lower main market municipality mosque
mountain near neighborhood north northern northeast northwest number oblast office opposite ostrov park parish
place plaza plot port post prefecture province quarter raion rayon refugee region republic river road room sector
section shop south southern southeast southwest square station state states street strasse strass subdistrict suburb
suite system territory tower town township ulitsa unit united university upper valley village villages villa ville ward
west western zone province provincia unknown possibly currently last known reportedly prison detention apartment
apartments
"""


def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a place that tell which it is, each once.

    >>> telling_words("Maple Street 5, 20095 Hamburg, Germany"), telling_words("г. Грозный")
    (('maple', 'hamburg'), ('groznyy',))
    """
    # Cut before it is remembered: an address may be a book.
    return _telling(text[:MOST_CHARACTERS])


@functools.lru_cache(maxsize=16_384)
def _telling(text: str) -> tuple[str, ...]:
    words = folded_words(text)[:MOST_WORDS]
    kept = (word for word in words if len(word) >= LEAST_LETTERS and word.isascii() and word.isalpha())
    return tuple(dict.fromkeys(word for word in kept if word not in _nothing()))


def shared(mine: str, theirs: str) -> tuple[str, str] | None:
    """Return the first telling word that two places have in common, as either spells it; None where there is none.

    >>> shared("12 Mira Street, Grozny", "Грозный, Чечня"), shared("Hamburg, Germany", "Bremen, Germany")
    (('grozny', 'groznyy'), None)
    """
    others = telling_words(theirs)
    pairs = ((word, other) for word in telling_words(mine) for other in others)
    return next((pair for pair in pairs if likeness(*pair) >= ONE_PLACE), None)


@functools.cache
def _nothing() -> frozenset[str]:
    """Return what tells no place: words for kinds of places, and the words of the names of countries."""
    return frozenset((*_TELLING_NOTHING.split(), *re.findall(r"[a-z]{4,}", TABLE.casefold())))
