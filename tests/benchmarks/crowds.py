"""Listed parties by the thousand and the million, made of parts of real names at the time of measuring.

Nothing of it is kept. Half of the words of a person follow their real frequency on a sanctions list, so that common
names are as common as there; the other half comes from Wikidata's name parts, so that the vocabulary grows as that of
a larger list would.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from screening.watchlist.parties import ListedName, ListedParty, PartyKind

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Sequence

_ALPHABETS: Final = ("arabic", "chinese", "hebrew", "japanese", "katakana", "korean", "russian")


class Crowd:
    """Names to be drawn.

    Args:
        parties: a real list, whose words are drawn by their frequency.
        labelled: the folder with Wikidata's name parts.
    """

    def __init__(self, parties: Sequence[ListedParty], labelled: pathlib.Path) -> None:
        self._surnames: list[str] = []
        self._given: list[str] = []
        self._firms: list[str] = []
        for party in parties:
            for name in party.names:
                if party.kind is PartyKind.PERSON and "," in name.text:
                    surname, _, given = name.text.partition(",")
                    self._surnames += surname.split()
                    self._given += given.split()
                elif party.kind is not PartyKind.PERSON:
                    self._firms += name.text.split()
        self._parts = [
            row.split("\t")[0].capitalize()
            for alphabet in _ALPHABETS
            for row in (labelled / f"wd_{alphabet}_16").read_text("utf-8").splitlines()
        ]

    def parties(self, count: int, seed: int) -> Iterator[ListedParty]:
        """Give so many parties of one name each: six of ten are persons."""
        chance = random.Random(seed)
        for number in range(count):
            person = chance.random() < 0.6
            yield ListedParty(
                entry=f"made-{number}",
                kind=PartyKind.PERSON if person else PartyKind.ORGANIZATION,
                names=(ListedName(text=self._person(chance) if person else self._firm(chance)),),
            )

    def _person(self, chance: random.Random) -> str:
        given = [self._word(self._given, chance) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
        return f"{self._word(self._surnames, chance).upper()}, {' '.join(given)}"

    def _firm(self, chance: random.Random) -> str:
        count = chance.choice((2, 3, 3, 4, 5))
        return " ".join(self._word(self._firms, chance) for _ in range(count)).upper()

    def _word(self, real: Sequence[str], chance: random.Random) -> str:
        return chance.choice(real if chance.random() < 0.5 else self._parts)
