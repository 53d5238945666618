"""Reading repeated characters once."""

from __future__ import annotations

import pytest

from screening.text.view_repeated import believable, code, read


@pytest.mark.parametrize(
    ("written", "term", "quote"),
    [
        ("加微微信信号", "微信号", "微微信信号"),
        ("赌赌赌博博网网网站", "赌博网站", "赌赌赌博博网网网站"),
        ("玩时时彩彩计划", "时时彩计划", "时时彩彩计划"),
        ("uuusssdddttt", "usdt", "uuusssdddttt"),
        ("买发发发票", "买发票", "买发发发票"),
    ],
)
def test_repeated_characters_are_read_once(written, term, quote):
    """The span holds all the repetitions, and what the term itself repeats is still a match."""
    reading = read(written)
    assert reading is not None
    at = reading.text.index(code(term))
    start, end = reading.span(at, at + len(code(term)))
    assert written[start:end] == quote
    assert believable(quote, term)


@pytest.mark.parametrize(
    ("found", "term"),
    [
        ("微信号", "微信号"),
        ("时彩彩", "时时彩"),
        ("赌赌博博", "赌博"),
        ("他妈妈的事", "他妈的事"),
        ("微微信", "微信号"),
    ],
)
def test_what_ordinary_writing_repeats_is_not_believed(found, term):
    """Nor what the exact view sees, or what lacks a character that the term repeats."""
    assert not believable(found, term)


@pytest.mark.parametrize("text", ["", "\0\0", "see you soon\0", "谢谢你\0", "他妈妈说\0", "！！！！\0"])
def test_ordinary_doubling_has_no_reading(text):
    """Doubled letters, symbols and the doublings of every page are nothing suspicious."""
    assert read(text) is None
