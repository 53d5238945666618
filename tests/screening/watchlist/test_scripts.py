"""Names in other alphabets, and Arabic names of several words."""

from __future__ import annotations

import pytest

from screening.watchlist.alphabets import spelled
from screening.watchlist.compounds import compounded
from screening.watchlist.names import Part, read_name


def texts(name: str, **how: bool) -> list[str]:
    return [word.text for word in read_name(name, person=True, **how).words]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Щукина Юлия", ["shchukina", "yuliya"]),
        ("Ґалаґан Їжакевич", ["galagan", "yizhakevich"]),
        ("Ўладзімір", ["uladzimir"]),
        ("Ҷалолӣ Ғафур", ["jaloli", "gafur"]),
        ("Търновски", ["tarnovski"]),
        ("Παπανδρέου Μπάρκας", ["papandreou", "barkas"]),
        ("Ξένια Ψαρρού", ["xenia", "psarrou"]),
        ("ნინო ბერიძე", ["nino", "beridze"]),
        ("Նարեկ Թումանյան", ["narek", "tumanyan"]),
    ],
)
def test_alphabets_are_spelled_in_latin_letters(written: str, words: list[str]) -> None:
    """Cyrillic of several languages, Greek, Georgian and Armenian have one Latin spelling each."""
    assert texts(written) == words


def test_cyrillic_of_neighbours_has_another_spelling() -> None:
    """The same letters are read otherwise in Kyiv and in Belgrade; what is the same everywhere stays."""
    assert texts("Гончар Михайло", other=True) == ["honchar", "myhaylo"]
    assert spelled("џеђић", other=True) == "dzedjic"
    assert texts("Iван Honchar", other=True) == texts("Iван Honchar")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("عبد الرحمن بن سعود", ["abd", "RHMN", "bin", "SEWD"]),
        ("عبدالرحمن", ["abd", "RHMN"]),
        ("نور الدین الشامي", ["NWR", "din", "al", "CAMY"]),
        ("نورالدين", ["NWR", "din"]),
        ("أبو بكر", ["abu", "BKR"]),
        ("אברהם בן דוד", ["AΒRHM", "bin", "DWD"]),
    ],
)
def test_words_without_vowels_keep_what_is_written(written: str, words: list[str]) -> None:
    """Small words become their Latin form, compounds come apart, the rest keeps its letters."""
    assert texts(written) == words


def test_a_name_without_vowels_is_no_run_of_letters() -> None:
    """Without its vowels a name cannot be compared as one run of letters."""
    name = read_name("يوسف Karam", person=True)
    assert [word.part for word in name.words] == [Part.UNVOWELLED, Part.WORD]
    assert name.joined == ""


@pytest.mark.parametrize("written", ["٣ ١٢", "۳ ۱۲", "३ १२"])
def test_digits_of_any_script_are_numbers(written: str) -> None:
    """Arabic, Persian and Indian digits are the numbers that they are."""
    assert [word.text for word in read_name(written, person=False).words] == ["3", "12"]


@pytest.mark.parametrize(
    "written",
    ["abd al rahman", "abdul rahman", "abdulrahman", "abdurrahman", "abd ar rahman", "abdel rahman", "abderrahman"],
)
def test_the_servant_of_has_one_form(written: str) -> None:
    """Joined or apart, with whatever vowel and article, the compound is the same two words."""
    assert compounded(tuple(written.split())) == ("abd", "rahman")


@pytest.mark.parametrize("written", ["nur al din", "nur ud deen", "nuruddin", "nuraddine", "nureddin"])
def test_of_the_faith_has_one_form(written: str) -> None:
    """The ending is a word of its own, however it is joined."""
    assert compounded(tuple(written.split())) == ("nur", "din")


@pytest.mark.parametrize("word", ["abdullah", "abdallah", "abdullayev", "abdi", "abdou", "aladin", "benedin", "odin"])
def test_other_words_are_left_as_they_are(word: str) -> None:
    """What only looks like a compound, or is a word in its own right, is not taken apart."""
    assert compounded((word,)) == (word,)


def test_small_words_have_one_form() -> None:
    """The article before any letter, and the words for son and father."""
    assert compounded(("ash", "shami", "ibn", "abou", "el", "masri")) == ("al", "shami", "bin", "abu", "al", "masri")
    assert compounded(("an", "li")) == ("an", "li")
