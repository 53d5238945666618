"""Many texts as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.lexicon.packed import PackedTexts


@given(st.lists(st.text(max_size=5)))
def test_packed_texts_are_the_texts(texts):
    """Length, items from both ends, slices and iteration are those of the list that was packed."""
    packed = PackedTexts.of(texts)
    assert list(packed) == texts
    assert [packed[at] for at in range(-len(texts), len(texts))] == [*texts, *texts]
    assert list(packed[1:3]) == texts[1:3]
    assert packed == PackedTexts(packed.joined, packed.ends)
    with pytest.raises(IndexError):
        packed[len(texts)]


def test_ends_must_fit():
    """Columns that do not belong together are refused."""
    with pytest.raises(ValueError, match="found ends up to 2, expected 3"):
        PackedTexts("赌博网", PackedTexts.of(["赌博"]).ends)
