"""What names in Cyrillic are measured on: spelled as the standards say, repeatable, and without the other script."""

from __future__ import annotations

import borneparts
import bothscripts
import cyrillicnames
import pytest
from cyrillicspellings import Spelling, latin
from datafolder import data_folder


@pytest.mark.parametrize(
    ("spelling", "cyrillic", "expected"),
    [
        (Spelling.BGN, "Щукина Елена", "Shchukina Yelena"),
        (Spelling.PASSPORT, "Цыплаков Юрий", "Tsyplakov Iurii"),
        (Spelling.ISO_9, "Ярцев Эдуард", "Ârcev Èduard"),
        (Spelling.FRENCH, "Пущин Георгий", "Pouchtchine Gueorgui"),
        (Spelling.GERMAN, "Зуев Ефим", "Sujew Jefim"),
        (Spelling.POLISH, "Жариков Лев", "Żarikow Lew"),
        (Spelling.SWEDISH, "Чижов Андрей", "Tjizjov Andrej"),
        (Spelling.UKRAINIAN, "Згурська Євгенія", "Zghurska Yevheniia"),
        (Spelling.BELARUSIAN_2007, "Лук'янаў Юрый", "Lukjanaŭ Juryj"),
        (Spelling.UZBEK, "Ўринов Жасур", "Oʻrinov Jasur"),
    ],
)
def test_names_are_spelled_as_the_standards_say(spelling, cyrillic, expected):
    """The measurement's own tables follow the standards and habits that they name."""
    assert latin(cyrillic, spelling) == expected


def test_patronymics_and_womens_names_are_formed_as_their_bearers_form_them():
    """The endings that are formed and not written down."""
    assert [cyrillicnames.fathers(name) for name in ("Юрий", "Дмитрий", "Сергей", "Илья", "Игорь", "Антон")] == [
        "Юрьевич", "Дмитриевич", "Сергеевич", "Ильич", "Игоревич", "Антонович",
    ]  # fmt: skip
    assert [cyrillicnames.daughters(name) for name in ("Юрьевич", "Ильич")] == ["Юрьевна", "Ильинична"]
    assert [cyrillicnames.hers(name) for name in ("Донской", "Гришин", "Яворський", "Сакалоў", "Бойко")] == [
        "Донская", "Гришина", "Яворська", "Сакалова", "Бойко",
    ]  # fmt: skip


def test_a_measurement_repeats_and_the_halves_share_no_surname():
    """Who looks at one half learns nothing of the other."""
    parties, asked = cyrillicnames.trials(7, half=1)
    assert (parties, asked) == cyrillicnames.trials(7, half=1)
    assert all(party.names[0].text.isascii() or party.names[0].script == "Latn" for party in parties)
    shown, aside = (set(cyrillicnames.parts("russian-surnames")[half::2]) for half in (0, 1))
    assert not shown & aside


def test_rows_of_two_names_are_told_from_spellings_of_one():
    """What shares fewer than a third of its consonants is another name."""
    assert borneparts.different(borneparts.Part("morinori", "гото", 1))
    assert not borneparts.different(borneparts.Part("çağatay", "чагатай", 4))


def test_parties_with_both_scripts_are_listed_without_the_other():
    """Whoever is asked for in another script stands on the list in Latin letters only."""
    try:
        lists = data_folder() / "sanctions" / "lists"
    except FileNotFoundError as error:
        pytest.skip(str(error))
    parties, asked = bothscripts.trials(lists)
    entries = {party.entry for party in parties}
    assert all(trial.entries <= entries for trial in asked)
    assert all(name.script in ("Latn", "Zyyy") for party in parties for name in party.names)
    assert sum("Cyrillic, persons" in trial.kind for trial in asked) > 30
