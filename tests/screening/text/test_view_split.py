"""Reading split characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.text import view_split
from screening.text.oddity import Place
from screening.text.view_split import believable, promising, read


@pytest.mark.parametrize(
    ("written", "term", "span"),
    [
        ("去贝者博吧", "赌博", (1, 4)),
        ("去贝者十尃网", "赌博", (1, 5)),
        ("加彳山兀攵亻言号", "加微信号", None),
        ("有木仓卖", "枪", (1, 3)),
        ("人贝者博", "赌博", (1, 4)),
    ],
)
def test_parts_are_put_together(written, term, span):
    """Two and three parts become their character, whichever way the parts may be joined; the span holds all of them."""
    reading = read(written)
    assert reading is not None
    at = reading.text.find(term)
    if span is None:
        assert "信号" in reading.text
    else:
        assert reading.span(at, at + len(term)) == span


def test_what_is_around_is_read_too():
    """A term may have characters that were left as they are on both sides."""
    reading = read("今天有人教我怎么上网贝者博网站真的可以提现吗")
    assert reading is not None
    assert "上网赌博网站" in reading.text


def test_nothing_is_joined_across_texts():
    """Parts in two texts of a batch are no character."""
    assert read("贝\0者\0") is None


@pytest.mark.parametrize("text", ["", "\0", "plain text\0", "今夜风雪\0"])
def test_a_text_without_parts_has_no_reading(text):
    """Nothing is read where no parts stand side by side."""
    assert read(text) is None


def test_believed_is_what_stands_loose():
    """Parts that ordinary words are made of say nothing; rare single ones do."""
    assert believable("贝者博", "赌博", Place(("去", "贝", "者", "博", "吧"), 1, 4))
    assert not believable("女子色", "好色", Place(("那个", "女子", "色彩"), 2, 5))
    assert promising("贝者博", "赌博")
    assert not promising("赌博", "赌博")


PARTS = [*"贝者博女子日月人从众心木林森口马走干", "。", "\0", "a"]


@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_all_parts_at_once_are_those_found_one_by_one(text):
    """However many parts may be joined, the same are found, in the same order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_split, "_FEW", -1)
        told = read(text)
        patch.setattr(view_split, "_FEW", 1_000)
        plain = read(text)
    assert (told is None) == (plain is None)
    if told is not None and plain is not None:
        assert (told.text, told.starts.tolist(), told.ends.tolist()) == (
            plain.text,
            plain.starts.tolist(),
            plain.ends.tolist(),
        )
