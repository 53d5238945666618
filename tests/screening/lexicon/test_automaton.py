"""The automaton against the plain search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.lexicon.automaton import Automaton

LETTERS = st.text(st.sampled_from("ab赌博站𠀀é🎲\0"), min_size=1, max_size=4)


def naive(patterns, text):
    """Every occurrence, the plain way."""
    first = {pattern: index for index, pattern in reversed(list(enumerate(patterns)))}
    return sorted(
        (start, start + len(pattern), index)
        for pattern, index in first.items()
        for start in range(len(text) - len(pattern) + 1)
        if text.startswith(pattern, start)
    )


@given(st.lists(LETTERS, max_size=8), st.text(st.sampled_from("ab赌博站𠀀é🎲\0"), max_size=40))
def test_finds_what_the_plain_search_finds(patterns, text):
    """All occurrences, overlapping ones too, and nothing else; places count code points."""
    assert sorted(Automaton(patterns).find(text)) == naive(patterns, text)


def test_ends_grow():
    """Occurrences come in the order of their ends."""
    found = Automaton(["赌博网站", "博网", "站"]).find("去赌博网站")
    assert [end for _, end, _ in found] == sorted(end for _, end, _ in found)


def test_no_patterns_find_nothing():
    """An empty lexicon is a lexicon."""
    assert list(Automaton([]).find("赌博")) == []


def test_empty_pattern_is_refused():
    """A pattern of nothing would occur everywhere."""
    with pytest.raises(ValueError, match="pattern 1: found an empty text"):
        Automaton(["a", ""])
