"""Reading without symbols."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.text.views import Gaps, gaps, near_gaps, without_symbols


def test_symbols_and_spaces_go_letters_and_separators_stay():
    """Symbols, stops, spaces and emoji are dropped; letters, digits, Han characters and U+0000 are not."""
    stripped = without_symbols("去 赌*博🎲,a1\0吧")
    assert stripped.text == "去赌博a1\0吧"
    assert stripped.origin.tolist() == [0, 2, 4, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("赌博网站", Gaps.NOTHING),
        ("赌*博网站", Gaps.SYMBOLS),
        ("赌🎲🎲博网|站", Gaps.SYMBOLS),
        ("赌博 网站", Gaps.ORDINARY),
        ("赌,博,网", Gaps.ORDINARY),
        ("赌 博 网", Gaps.ORDINARY),
        ("赌,博,网,站", Gaps.SYMBOLS),
        ("赌 博 网 站", Gaps.SYMBOLS),
        ("赌博,网站", Gaps.UNSOUND),
        ("赌****博网站", Gaps.UNSOUND),
    ],
)
def test_gaps_are_told_apart(text, between):
    """Symbols, and four characters all apart, are no accident; spaces are ordinary; a lone stop is unsound."""
    places = [place for place, character in enumerate(text) if character in "赌博网站"]
    assert gaps(text, places, 3) is between


def test_gap_beside_a_letter_is_unsound():
    """Only Han characters are read across symbols: a-b is ordinary writing."""
    assert gaps("b-c平台", [0, 2, 3, 4], 3) is Gaps.UNSOUND


@given(
    st.text(st.sampled_from("赌博网站去来赌博网站a1*|🎲 ,。\n\0"), max_size=25),
    st.integers(2, 4),
    st.sampled_from([1, 2, 3, 10]),
)
def test_near_gaps_nothing_is_lost(text, longest, largest):
    """Whatever may be a term over gaps in the whole text stands together near its gaps, and nothing else is read."""
    text = f"{text}\0"
    whole, near = without_symbols(text), near_gaps(text, longest, largest)
    together = set() if near is None else set(_windows(near, longest))
    for places in _windows(whole, longest):
        if gaps(text, list(places), largest) in {Gaps.SYMBOLS, Gaps.ORDINARY}:
            assert places in together
    assert together <= set(_windows(whole, longest))


def _windows(stripped, longest):
    """Yield the places of all runs of so many characters that follow one another."""
    for start in range(len(stripped.text)):
        for end in range(start + 2, min(start + longest, len(stripped.text)) + 1):
            if "\0" not in stripped.text[start:end]:
                yield tuple(stripped.origin[start:end].tolist())
