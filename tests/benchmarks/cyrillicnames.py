"""Names of those who write in Cyrillic letters: listed in Latin letters, asked for in Cyrillic.

Given names, patronymics and surnames of one people are put together, so that a name is one that somebody could bear;
the endings of women and of patronymics are formed here. Nobody in particular is meant.
"""

from __future__ import annotations

import functools
import pathlib
import random
import tomllib
from typing import TYPE_CHECKING, Final, NamedTuple

from cyrillicspellings import Spelling, latin
from labelled import Trial, listed, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.watchlist.parties import ListedParty

EACH: Final = 100
"""Names of each kind."""


_FATHERS: Final = {
    "Павел": "Павлович", "Лев": "Львович", "Пётр": "Петрович", "Михаил": "Михайлович", "Яков": "Яковлевич",
    "Илья": "Ильич", "Лука": "Лукич", "Никита": "Никитич", "Кузьма": "Кузьмич",
}  # fmt: skip
"""Fathers whose patronymics do not follow from the end of their names."""


class Bearer(NamedTuple):
    """A name in Cyrillic: in its own language, and as Russian papers have it. A patronymic may be empty."""

    own: tuple[str, str, str]
    russian: tuple[str, str, str]


def trials(seed: int, half: int) -> tuple[list[ListedParty], list[Trial]]:
    """Return parties in Latin letters and their names in Cyrillic as trials.

    Args:
        seed: repeats a measurement.
        half: which surnames are used: 0 those that may be looked at, 1 those set aside for the page.
    """
    parties: list[ListedParty] = []
    asked: list[Trial] = []
    for label, maker, spelling, listed_russian, asked_russian in _KINDS:
        chance = random.Random(f"{seed} {half} {label}")
        for _ in range(EACH):
            bearer = maker(chance, half)
            entry = f"cyrillic-{half}-{len(parties)}"
            parties.append(
                listed(entry, _as_listed(bearer.russian if listed_russian else bearer.own, spelling, chance))
            )
            name = _as_asked(bearer.russian if asked_russian else bearer.own, chance)
            asked.append(Trial(f"Cyrillic: {label}", person(name), frozenset({entry})))
    return parties, asked


@functools.cache
def parts(kind: str) -> tuple[str, ...]:
    """Return written-down parts of names, as "russian-surnames" or "kazakh-men"."""
    file = pathlib.Path(__file__).with_name("cyrillicparts.toml")
    return tuple(tomllib.loads(file.read_text("utf-8"))[kind].split())


def is_own(kind: str) -> bool:
    """Say whether a kind of trial stays within one language: listed by a standard of the language it is asked for in.

    >>> is_own("Cyrillic: Uzbek, 1995, asked for in Russian"), is_own("Cyrillic: Russian, listed by BGN/PCGN")
    (False, True)
    """
    crossed = "listed as Russian" in kind or "asked for in Russian" in kind
    return not crossed and not kind.endswith((Spelling.FRENCH, Spelling.GERMAN, Spelling.POLISH, Spelling.SWEDISH))


def _as_listed(name: tuple[str, str, str], spelling: Spelling, chance: random.Random) -> str:
    given, father, surname = (latin(part, spelling) for part in name)
    if not father or chance.random() < 0.2:
        return f"{surname.upper()}, {given}"
    return chance.choice((f"{surname.upper()}, {given} {father}", f"{given} {father} {surname.upper()}"))


def _as_asked(name: tuple[str, str, str], chance: random.Random) -> str:
    given, father, surname = name
    if not father or chance.random() < 0.2:
        return chance.choice((f"{given} {surname}", f"{surname} {given}"))
    return chance.choice((f"{given} {father} {surname}", f"{surname} {given} {father}"))


def _russian(chance: random.Random, half: int) -> Bearer:
    woman = chance.random() < 0.3
    father = fathers(chance.choice(parts("russian-men")))
    surname = chance.choice(parts("russian-surnames")[half::2])
    name = (
        chance.choice(parts("russian-women") if woman else parts("russian-men")),
        daughters(father) if woman else father,
        hers(surname) if woman else surname,
    )
    return Bearer(name, name)


def _ukrainian(chance: random.Random, half: int) -> Bearer:
    woman = chance.random() < 0.3
    given = _either(chance.choice(parts("ukrainian-women") if woman else parts("ukrainian-men")))
    father = _either(chance.choice(parts("ukrainian-fathers")))
    surname = chance.choice(parts("ukrainian-surnames")[half::2])
    pair = (surname, _russified(surname))
    if woman:
        father = (
            father[0].removesuffix("ович") + ("ївна" if father[0].endswith("йович") else "івна"),
            daughters(father[1]),
        )
        father = (father[0].replace("йївна", "ївна"), father[1])
        pair = (hers(pair[0]), hers(pair[1]))
    return _of(given, father, pair)


def _belarusian(chance: random.Random, half: int) -> Bearer:
    woman = chance.random() < 0.3
    given = _either(chance.choice(parts("belarusian-women") if woman else parts("belarusian-men")))
    father = _either(chance.choice(parts("belarusian-fathers")))
    pair = _either(chance.choice(parts("belarusian-surnames")[half::2]))
    if woman:
        father = (father[0].removesuffix("віч") + "ўна", daughters(father[1]))
        pair = (hers(pair[0]), hers(pair[1]))
    return _of(given, father, pair)


def _caucasian(chance: random.Random, half: int) -> Bearer:
    name = (
        chance.choice(parts("caucasian-men")),
        chance.choice(parts("caucasian-fathers")),
        chance.choice(parts("caucasian-surnames")[half::2]),
    )
    return Bearer(name, name)


def _without_fathers(people: str) -> Callable[[random.Random, int], Bearer]:
    def make(chance: random.Random, half: int) -> Bearer:
        given, surname = chance.choice(parts(f"{people}-men")), chance.choice(parts(f"{people}-surnames")[half::2])
        return _of(_either(given), ("", ""), _either(surname))

    return make


def _of(given: tuple[str, str], father: tuple[str, str], surname: tuple[str, str]) -> Bearer:
    (own, russian), (fathers, fathers_russian), (family, family_russian) = given, father, surname
    return Bearer((own, fathers, family), (russian, fathers_russian, family_russian))


def _either(pair: str) -> tuple[str, str]:
    own, _, russian = pair.partition("=")
    return own, russian or own


def fathers(given: str) -> str:
    """Return the patronymic of a Russian given name."""
    if given in _FATHERS:
        return _FATHERS[given]
    if given.endswith("ий"):
        return f"{given[:-2]}{'и' if given[-3] in 'ктх' or given[-4:-2] == 'тр' else 'ь'}евич"
    if given[-1] in "йь":
        return f"{given[:-1]}евич"
    return f"{given}ович"


def daughters(father: str) -> str:
    """Return a daughter's patronymic for a son's."""
    return f"{father.removesuffix('ич')}на" if father.endswith("вич") else f"{father}на".replace("ичн", "иничн")


def hers(surname: str) -> str:
    """Return a woman's surname for a man's; those that are the same for both stay."""
    for his, hers in (
        ("ський", "ська"), ("цький", "цька"), ("ний", "на"), ("дчий", "дча"), ("скі", "ская"), ("цкі",
        "цкая"), ("окі", "окая"), ("ский", "ская"), ("цкий", "цкая"), ("окий", "окая"), ("ный", "ная"), ("ой",
        "ая"), ("оў", "ова"), ("аў", "ава"), ("ёў", "ёва"), ("еў", "ева"),
    ):  # fmt: skip
        if surname.endswith(his):
            return surname.removesuffix(his) + hers
    return f"{surname}а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын")) else surname


def _russified(surname: str) -> str:
    """Return a Ukrainian surname as Russian papers have it.

    >>> _russified("Білецький"), _russified("Дем'яненко"), _russified("Єременко"), _russified("Стрілець")
    ('Билецкий', 'Демьяненко', 'Еременко', 'Стрилець')
    """
    for own, russian in (
        ("ський", "ский"), ("цький", "цкий"), ("'я", "ья"), ("'", "ъ"), ("ьо", "ё"), ("є", "е"),
        ("Є", "Е"), ("і", "и"), ("І", "И"), ("ї", "и"), ("Ї", "И"), ("ґ", "г"),
    ):  # fmt: skip
        surname = surname.replace(own, russian)
    return surname


_EASTERN: Final = (
    ("Kazakh", _without_fathers("kazakh"), Spelling.KAZAKH),
    ("Uzbek", _without_fathers("uzbek"), Spelling.UZBEK),
    ("Tajik", _without_fathers("tajik"), Spelling.TAJIK),
)
_KINDS: Final = (
    *(
        (f"Russian, listed by {spelling}", _russian, spelling, True, True)
        for spelling in (
            Spelling.BGN, Spelling.PASSPORT, Spelling.PASSPORT_2010, Spelling.ISO_9, Spelling.PRESS, Spelling.FRENCH,
            Spelling.GERMAN, Spelling.POLISH, Spelling.SWEDISH,
        )
    ),
    *(
        (f"{spelling}, asked for in {'Russian' if russian else 'its own language'}", maker, spelling, False, russian)
        for spelling, maker in (
            (Spelling.UKRAINIAN, _ukrainian), (Spelling.UKRAINIAN_BGN, _ukrainian), (Spelling.BELARUSIAN, _belarusian),
            (Spelling.BELARUSIAN_2007, _belarusian),
        )
        for russian in (False, True)
    ),
    ("Ukrainian, listed as Russian by BGN/PCGN, asked for in Ukrainian", _ukrainian, Spelling.BGN, True, False),
    ("Belarusian, listed as Russian by BGN/PCGN, asked for in Belarusian", _belarusian, Spelling.BGN, True, False),
    ("Caucasian, listed by BGN/PCGN", _caucasian, Spelling.BGN, True, True),
    *(
        (f"{people}, listed as Russian by BGN/PCGN, asked for in its own language", maker, Spelling.BGN, True, False)
        for people, maker, _ in _EASTERN
    ),
    *((f"{spelling}, asked for in its own language", maker, spelling, False, False) for _, maker, spelling in _EASTERN),
    *((f"{spelling}, asked for in Russian", maker, spelling, False, True) for _, maker, spelling in _EASTERN),
)  # fmt: skip
"""What it is called, who, how the list spells, whether it has the Russian name, and whether that is asked for."""
