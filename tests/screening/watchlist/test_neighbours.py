"""One Cyrillic name as neighbours and other countries write it: each is found where the list has the other."""

from __future__ import annotations

import pytest

from screening.subjects import Registrant
from screening.watchlist.cyrillic import further
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.neighbours import as_russian, from_russian
from screening.watchlist.parties import ListedParty, PartyKind, listed_name

REVIEW = 0.82


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Хлопотов Егор", "KHLOPOTOV, Yegor"),
        ("Георгий Пущевский", "POUCHTCHEVSKI, Gueorgui"),
        ("Жигалкин Захар", "SCHIGALKIN, Sachar"),
        ("Чужаков Андрей", "TJUZJAKOV, Andrej"),
        ("Щепкин Юрий", "SZCZEPKIN, Jurij"),
        ("Яков Гордиевич", "HORDIIEVYCH, Yakiv"),
        ("Никита Шлычков", "SHLYCHKOV, Mykyta"),
        ("Дмитрий Дрозденков", "DRAZDZIANKOU, Dzmitryi"),
        ("Геннадий Коробейников", "KARABEINIKAU, Henadz"),
        ("Віталь Галубоўскі", "GOLUBOVSKIY, Vitaliy"),
        ("Ҷӯрабоев Зоҳид", "DZHURABAEV, Zakhid"),
        ("Жўрақулов Илҳом", "DZHURAKULOV, Ilkham"),
        ("Уильям Торнбери", "THORNBERY, William"),
        ("Роджер Исидзаки", "ISHIZAKI, Roger"),
        ("Хуго Ведельман", "WEDELMANN, Hugo"),
    ],
)
def test_a_name_is_found_as_others_write_it(asked: str, listed: str) -> None:
    """The list has the name by another country's habit, in a neighbour's language or in the letters of its home."""
    party = ListedParty(entry="1", kind=PartyKind.PERSON, names=(listed_name(listed),))
    (hits,) = NameMatcher({"list": [party]}).find([Registrant(account_id="a", kind="person", name=asked)])
    assert [hit.score >= REVIEW for hit in hits] == [True]


def test_what_is_no_neighbours_name_stays() -> None:
    """A Russian name has no Russian reading of its own, and one with letters of a neighbour none of a neighbour."""
    assert as_russian("петров глеб") == ()
    assert from_russian("кісялёў глеб") == ()


def test_letters_that_only_look_latin_have_no_further_reading() -> None:
    """Who mixes letters of two scripts in a word hides a Latin name, which is read as usual."""
    assert further("Kарl Brаndеs") == ()


@pytest.mark.parametrize("syllable", ["на", "кон", "тсу"])
def test_a_word_of_endless_syllables_is_soon_read(syllable: str) -> None:
    """Each syllable is read in one way, so that a long word that nearly is Japanese is told as soon as a short one."""
    short, long = (further(f"{syllable * times}щ") for times in (2, 120))
    assert len(long) == len(short) > 0
