"""What words sound like, one by one and many at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screening.watchlist.letters import sound, sounds


@given(st.lists(st.text("abcdeghijkoqrstvwxyzf", min_size=1, max_size=9), max_size=12))
def test_many_words_at_once_sound_as_each_does(words: list[str]) -> None:
    """Reading words as one text lets none run into the next."""
    assert sounds(words) == [sound(word) for word in words]
