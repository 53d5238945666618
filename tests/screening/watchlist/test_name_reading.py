from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.watchlist.letters import MOST_CHARACTERS, folded_words, sound
from screening.watchlist.names import MOST_WORDS, Part, Word, read_name
from screening.watchlist.profiles import weight_of
from screening.watchlist.scoring import edits, likeness


def texts(name: str, *, person: bool = True) -> list[str]:
    return [word.text for word in read_name(name, person=person).words]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ｊｏｓé  Ñandú", ["jose", "nandu"]),
        ("O'Neill", ["oneill"]),
        ("Al-Hasan", ["al", "hasan"]),
        ("Łukasz Ørsted Straße", ["lukasz", "orsted", "strasse"]),
        ("Тhurа Lwіn", ["thura", "lwin"]),
        ("Юрий Щукин", ["yuriy", "shchukin"]),
        ("Po1ani J0se", ["polani", "jose"]),
        ("N200VR", ["n200vr"]),
        ("ali\u200bce", ["alice"]),
        ("!!! --", []),
        ("", []),
    ],
)
def test_letters_are_folded(written: str, words: list[str]) -> None:
    """Width, accents, look-alikes, Cyrillic, misread digits and what cannot be seen make no difference."""
    assert list(folded_words(written)) == words


def test_a_person_is_read_in_natural_order_with_parts() -> None:
    """The family name goes last; titles, particles and initials are known for what they are."""
    name = read_name("AL-ZAHRUDI, Dr. Karam N.", person=True)
    assert [(word.text, word.part) for word in name.words] == [
        ("dr", Part.TITLE),
        ("karam", Part.WORD),
        ("n", Part.INITIAL),
        ("al", Part.PARTICLE),
        ("zahrudi", Part.WORD),
    ]
    assert name.joined == "karamnalzahrudi"


@pytest.mark.parametrize(
    ("written", "fathers"),
    [
        ("VELDMOROV, Osrik Tarmovich", ["tarmovich"]),
        ("Abramovich Osrik Tarmovich", ["tarmovich"]),
        ("Osrik Tarmovich Abramovich", ["tarmovich"]),
        ("Анна Ильинична Вельдморова", ["ilinichna"]),
        ("Osrik Tarmowitsch Veldmorow", ["tarmowitsch"]),
        ("Sviatlana Tarmauna VELDMORAVA", ["tarmauna"]),
        ("Abramovich Osrik", []),
        ("Osrik Navarro Lopez", []),
    ],
)
def test_a_patronymic_is_known_by_its_end_and_its_place(written: str, fathers: list[str]) -> None:
    """Only one of three words or more is one, never the first; a surname of that end stays a surname."""
    name = read_name(written, person=True)
    assert [word.text for word in name.words if word.part is Part.PATRONYMIC] == fathers


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Acme, S.A. de C.V.", ["acme", "sacv"]),
        ("Acme Sociedad Anónima de Capital Variable", ["acme", "sacv"]),
        ("Acme Gesellschaft mit beschränkter Haftung", ["acme", "gmbh"]),
        ("Acme Corporattion", ["acme", "corp"]),
        ("General Trading Co., Ltd.", ["general", "trading", "co", "ltd"]),
        ("H Y J Comercializadora", ["hyj", "comercializadora"]),
        ("Limited", ["limited"]),
    ],
)
def test_legal_forms_are_written_one_way(written: str, words: list[str]) -> None:
    """Forms written out, short or misspelt become one; a name that is nothing but forms is kept as words."""
    assert texts(written, person=False) == words


def test_no_word_of_a_person_is_a_legal_form() -> None:
    """A person may be called Sa or Co; an organization may be called General."""
    assert all(word.part is Part.WORD for word in read_name("Sa Co", person=True).words)
    assert read_name("General Trading", person=False).words[0].part is Part.WORD


def test_scripts_that_are_not_read_are_marked() -> None:
    """A word that is left in its own script is marked, and the name has no run of letters to compare."""
    name = read_name("Li ສຸກ", person=True)
    assert {word.part for word in name.words} == {Part.WORD, Part.UNREAD}
    assert name.joined == ""


@given(st.text(max_size=600))
def test_reading_never_fails_and_is_bounded(text: str) -> None:
    """Any text gives at most a bounded number of words of a bounded length, for persons and organizations."""
    for natural in (True, False):
        words = read_name(text, person=natural).words
        assert len(words) <= MOST_WORDS
        assert all(word.text and len(word.text) <= 20 * MOST_CHARACTERS for word in words)


WORDS = st.text(alphabet="abcdeghikmnostuvxyz", min_size=1, max_size=12)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_within_bounds(first: str, second: str) -> None:
    """Likeness runs from 0.0 to 1.0, is 1.0 only for the same word, and does not depend on the order."""
    value = likeness(first, second)
    assert 0.0 <= value <= 1.0
    assert value == likeness(second, first)
    assert (value == 1.0) is (first == second)


@given(WORDS, st.integers(min_value=0, max_value=11))
def test_one_edit_in_a_long_word_is_little(word: str, place: int) -> None:
    """A letter left out of a word of five letters or more leaves it alike by four fifths."""
    cut = word[:place] + word[place + 1 :]
    if len(word) >= 5 and cut != word:
        assert edits(word, cut) == 1
        assert likeness(word, cut) >= 0.8


@pytest.mark.parametrize(
    ("first", "second"),
    [("gaddafi", "qadhafi"), ("mohammed", "mohamed"), ("yusuf", "youssouf"), ("wladimir", "vladimir"), ("khan", "kan")],
)
def test_transliterations_sound_alike(first: str, second: str) -> None:
    """Ways to write one foreign sound are one sound."""
    assert sound(first) == sound(second)


@pytest.mark.parametrize(
    ("first", "second"), [("ko", "gu"), ("wu", "wei"), ("sean", "dean"), ("12", "13"), ("lab7", "lab8")]
)
def test_short_words_and_numbers_are_not_blurred(first: str, second: str) -> None:
    """Short names, and words with digits, are the same or clearly less alike."""
    assert likeness(first, second) < 0.8


@pytest.mark.parametrize(
    ("written", "patronymic"),
    [
        ("Ivan Petrovich Sidorov", "petrovich"),
        ("Sidorov Ivan Petrovitch", "petrovitch"),
        ("Abramovich Ivan Petrovich", "petrovich"),
        ("Анна Львовна Сидорова", "lvovna"),
        ("Iryna Ivanauna Sidarava", "ivanauna"),
        ("Anna Janowna Wilk", "janowna"),
        ("Olga Ilyinichna Sidorova", "ilyinichna"),
        ("Ivan Petrovich", None),
        ("Peter James Browne", None),
        ("Mary Shauna Kelly", None),
        ("Rama Krishna Rao", None),
        ("Wei Ming Zhang", None),
    ],
)
def test_a_patronymic_weighs_less_than_a_name_of_ones_own(written: str, patronymic: str | None):
    """It is told by its end and its place; names that only look so weigh what they weigh."""
    words = read_name(written, person=True).words
    assert [word.text for word in words if word.part is Part.PATRONYMIC] == ([patronymic] if patronymic else [])
    for word in words:
        if word.part is Part.PATRONYMIC:
            assert weight_of(word) < weight_of(Word(word.text, Part.WORD))
