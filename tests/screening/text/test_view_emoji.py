"""Reading emoji as characters."""

from __future__ import annotations

import pytest

from screening.text.normalize import normalize
from screening.text.view_emoji import believable, read


@pytest.mark.parametrize(
    ("written", "term", "quote"),
    [
        ("玩炸金🌸的来", "炸金花", "炸金🌸"),
        ("➕V❤️看", "加v信", "➕v❤"),
        ("卖 💊 的", "卖药", "卖 💊"),
        ("🎰上分", "老虎机上分", "🎰上分"),
        ("约👄爆", "约口爆", "约👄爆"),
        ("发👩🏻奴", "女奴", "👩🏻奴"),
    ],
)
def test_an_emoji_is_read_as_what_it_shows_or_sounds_like(written, term, quote):
    """One emoji may be a character or a word; spaces, selectors and skin tones between are passed over."""
    text = normalize(written).text
    reading = read(text)
    assert reading is not None
    at = reading.text.index(term)
    start, end = reading.span(at, at + len(term))
    assert text[start:end] == quote
    assert believable(text, start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"), [("送花🌸🌸", 1, 3), ("好🌸🌸", 1, 3), ("没有", 0, 2), ("🔥🌸去", 1, 3)]
)
def test_decoration_is_not_believed(text, start, end):
    """Of several emoji in a row nobody reads one; and without an emoji there is nothing to believe."""
    assert not believable(text, start, end)


@pytest.mark.parametrize("text", ["", "\0", "赌*博网站\0", "👾\0"])
def test_a_text_without_telling_emoji_has_no_reading(text):
    """Nothing is read where no emoji says anything."""
    assert read(text) is None
