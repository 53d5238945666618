"""Words written without vowels, compared with words spelled out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looped import searching

from screening.watchlist.abjads import abjad_words
from screening.watchlist.skeletons import (
    CAPITALS,
    Skeletons,
    keys,
    skeletons_of,
    unvowelled,
    unvowelled_likeness,
)


def alike(written: str, spelled: str) -> float:
    (word,) = abjad_words(written)
    return unvowelled_likeness(word, spelled)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("يوسف", "youssef"), ("يوسف", "yusuf"), ("حسين", "hussein"), ("حسين", "husayn"), ("محمد", "mohammed"),
        ("سعيد", "saeed"), ("سعيد", "said"), ("إسحاق", "ishaq"), ("حذيفة", "hudhayfa"), ("رمضان", "ramazan"),
        ("قذافي", "gaddafi"), ("تشارلز", "charles"), ("چنگیز", "changiz"), ("گلزار", "gulzar"), ("پرویز", "parviz"),
        ("خامنه", "khamena"), ("طه", "taha"), ("مُنِيرَة", "munira"), ("زهـــرة", "zahra"), ("שמעון", "shimon"),
        ("אביב", "aviv"), ("רבקה", "rivka"), ("יצחק", "yitzhak"),
    ],
)  # fmt: skip
def test_a_name_meets_its_spellings(written: str, spelled: str) -> None:
    """Long vowels, ayn, hamza, endings and letters of several sounds meet the ways in which they are spelled."""
    assert alike(written, spelled) >= 0.7


@pytest.mark.parametrize(
    ("written", "spelled"),
    [("حسن", "husayn"), ("سالم", "muslim"), ("كريم", "karam"), ("نور", "nadir"), ("جمال", "jamila"), ("لن", "alina")],
)
def test_a_name_does_not_meet_another_of_the_same_consonants(written: str, spelled: str) -> None:
    """A long vowel too many or too few, another order and short words are less alike than the spellings are."""
    assert alike(written, spelled) < 0.85


def test_words_of_the_same_letters_are_one() -> None:
    """Two words in one script are compared by what is written."""
    assert unvowelled_likeness("YWSF", "YWSF") == 1.0
    assert 0.6 <= unvowelled_likeness("BRZAN", "BRZYN") < 1.0
    assert unvowelled_likeness("YWSF", "BRZAN") == 0.0


CAPITAL_WORDS = st.text(alphabet=sorted(CAPITALS), min_size=1, max_size=7)
SPELLED = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)


@given(CAPITAL_WORDS, CAPITAL_WORDS | SPELLED)
def test_likeness_is_symmetric_and_within_bounds(first: str, second: str) -> None:
    """It runs from 0.0 to 1.0, does not depend on the order, and is above nothing only where keys meet."""
    value = unvowelled_likeness(first, second)
    assert 0.0 <= value <= 1.0
    assert value == unvowelled_likeness(second, first)
    assert value == 0.0 or first == second or not keys(first).isdisjoint(keys(second))


@settings(deadline=None)
@given(st.lists(CAPITAL_WORDS | SPELLED, max_size=12), CAPITAL_WORDS | SPELLED, st.booleans())
def test_the_table_finds_what_comparing_with_each_finds(words: list[str], word: str, by_loops: bool) -> None:  # noqa: FBT001 - drawn
    """Where one of the two has its vowels unwritten, nothing alike is missed and nothing else given."""
    expected = {
        other: unvowelled_likeness(word, other)
        for other in words
        if (unvowelled(word) or unvowelled(other)) and unvowelled_likeness(word, other) > 0.0
    }
    with searching(by_loops=by_loops):
        held = Skeletons(words)
    assert held.near(word) == expected


@pytest.mark.parametrize("by_loops", [False, True])
def test_words_are_weighed_with_all_their_spellings(*, by_loops: bool) -> None:
    """Each known name meets its spellings, as `unvowelled_likeness` says, among others that it does not meet."""
    spelled = [
        "youssef",
        "yusuf",
        "ishaq",
        "isaac",
        "hudhayfa",
        "zahra",
        "muslim",
        "salim",
        "shakir",
        "charles",
        "émir",
    ]
    with searching(by_loops=by_loops):
        held = Skeletons([*spelled, "YWSF", "SALM"])
    for written in ("يوسف", "إسحاق", "حذيفة", "سالم", "تشارلز", "زهرة"):
        (word,) = abjad_words(written)
        plainly = {other: unvowelled_likeness(word, other) for other in (*spelled, "YWSF", "SALM")}
        assert held.near(word) == {other: value for other, value in plainly.items() if value > 0.0} != {}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("cchhkvlsxtzwyaejCBé", min_size=1, max_size=9), max_size=20))
def test_skeletons_of_many_words_are_those_of_each(words: list[str]) -> None:
    """Reading plain words together changes nothing."""
    assert skeletons_of(words) == [skeletons_of([word])[0] for word in words]
    assert [frozenset(within_one(held)) for held in skeletons_of(words)] == [keys(word) for word in words]


def within_one(skeletons: set[str]) -> list[str]:
    cut = [text[:place] + text[place + 1 :] for text in skeletons if len(text) >= 4 for place in range(len(text))]
    return [*skeletons, *cut]
