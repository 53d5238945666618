"""Wikidata's parts of names in Cyrillic once more, as fairly as they allow.

Wikidata's rows come from aligning whole names of people word by word, and most rows were met once: some pair two
different names, and many parts are borne by one person in the world. Here rows of two different names are left out, a
part is drawn as often as people bear it, and a part of Japanese syllables stands beside another such, any other
beside one that is none: of further peoples the rows say nothing. A row pairs two different names where its two sides
share less than a third of their consonants, the Cyrillic side spelled as passports do, accents and the letters of one
sound aside.
"""

from __future__ import annotations

import random
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from cyrillicspellings import Spelling, latin
from labelled import TRIALS, Trial, listed, person
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    import pathlib

    from screening.watchlist.parties import ListedParty

LEAST_SHARED: Final = 1 / 3
_ONE_SOUND: Final = (
    ("ph", "f"), ("kh", "h"), ("sch|sh|ch|ts|tz|cz|zh|dz|j", "s"), ("th", "t"), ("ck|[cqgxh]", "k"), ("z", "s"),
    ("w", "v"), ("b", "p"), ("d", "t"), ("v", "f"), ("[aeiouy'-]", ""), (r"(.)\1+", r"\1"),
)  # fmt: skip
_SYLLABLES: Final = re.compile(r"(?:(?:[kgnbpmrh]y|ts|ch|sh|[kgsztdnhbpmrjyfw])?(?:[aiueo]|ou)|n(?![aiueo]))+")


class Part(NamedTuple):
    """A part of a name in both scripts, and how many people were met who bear it."""

    latin: str
    cyrillic: str
    bearers: int


def trials(labelled: pathlib.Path, seed: int, half: int = 1) -> tuple[list[ListedParty], list[Trial]]:
    """Return names put together of parts as parties, and the same in Cyrillic as trials; `half` as in `parts`."""
    held = [part for part in parts(labelled, half) if not different(part)]
    chance = random.Random(f"{seed} borne")
    parties, asked = [], []
    by_people = [[part for part in held if _japanese(part) is japanese] for japanese in (False, True)]
    for number, given in enumerate(chance.choices(held, [part.bearers for part in held], k=TRIALS)):
        others = by_people[_japanese(given)]
        surname = chance.choices(others, [part.bearers for part in others])[0]
        entry = f"borne-{number}"
        parties.append(listed(entry, f"{surname.latin.upper()}, {given.latin.capitalize()}"))
        name = f"{given.cyrillic} {surname.cyrillic}".title()
        asked.append(Trial("script: Cyrillic, as often as people bear them", person(name), frozenset({entry})))
    return parties, asked


def parts(labelled: pathlib.Path, half: int) -> list[Part]:
    """Return the odd rows (`half` 1), set aside for the page, or the even ones (0), which may be looked at."""
    rows = [line.split("\t") for line in (labelled / "wd_russian_16").read_text("utf-8").splitlines()][half::2]
    read = (Part(row[0], row[1].replace(" ", ""), int(row[2])) for row in rows)
    return [part for part in read if len(part.latin) > 2 and len(part.cyrillic) > 1]


def share_of_different(labelled: pathlib.Path, half: int = 1) -> float:
    """Return which share of the rows pairs two different names."""
    held = parts(labelled, half)
    return sum(map(different, held)) / len(held)


def different(part: Part) -> bool:
    """Say whether a row pairs two different names.

    >>> different(Part("morinori", "гото", 1)), different(Part("çağatay", "чагатай", 4))
    (True, False)
    """
    one, other = _consonants(part.latin), _consonants(latin(part.cyrillic, Spelling.PASSPORT))
    return OSA.normalized_similarity(one, other) < LEAST_SHARED


def _japanese(part: Part) -> bool:
    return _SYLLABLES.fullmatch(_plain(part.latin)) is not None and "л" not in part.cyrillic


def _consonants(name: str) -> str:
    plain = _plain(name)
    for written, sound in _ONE_SOUND:
        plain = re.sub(written, sound, plain)
    return plain


def _plain(name: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter)
    )
