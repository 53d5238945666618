"""Reading backwards, and down columns."""

from __future__ import annotations

import pytest

from screening.text.oddity import Place
from screening.text.view_reversed import believable, promising, read


def places(text: str, term: str) -> list[int] | None:
    """Return where each character of a term stands that is read in another direction."""
    reading = read(text)
    at = -1 if reading is None else reading.text.find(term)
    return None if reading is None or at < 0 else reading.starts[at : at + len(term)].tolist()


def test_a_text_is_read_backwards():
    """The last character comes first, and spans lead back."""
    assert places("去站网博赌吧\0", "赌博网站") == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("text", "term", "starts"),
    [
        ("\n裸\n聊\n\0", "裸聊", [1, 3]),
        ("裸\r\n聊\0", "裸聊", [0, 3]),
        ("我赌今\n们博天\n一网天\n起站气\0", "赌博网站", [1, 5, 9, 13]),
        ("赌\n\n博\n\n网\0", "赌博网", [0, 3, 6]),
    ],
)
def test_columns_are_read_downwards(text, term, starts):
    """Lines of one character, and three lines or more of equal length, are read down their columns."""
    assert places(text, term) == starts
    assert promising(text, starts, term)


@pytest.mark.parametrize("text", ["赌今天\n博天气很好\n\0", "赌\0博\0", "赌我\n博你\0", "赌\n\0博\n\0"])
def test_other_lines_are_no_columns(text):
    """Unequal lines, two lines only, and lines of different texts do not stand below one another."""
    assert places(text, "赌博") is None


def test_believed_is_what_stands_loose():
    """Words that read as a term backwards are words; loose rare characters are not."""
    assert believable("去站网博赌", [4, 3, 2, 1], "赌博网站", Place(("去", "站网", "博", "赌"), 1, 5))
    assert not believable("每天上网", [3, 2], "网上", Place(("每天", "上网"), 2, 4))


def test_a_palindrome_is_not_read_backwards():
    """It stands there already."""
    assert not promising("人人", [1, 0], "人人")


def test_a_short_term_in_a_column_of_wide_lines_is_an_accident():
    """Every verse has pairs of characters one below another."""
    text = "欲究先儒教\n还过支遁居\n山阶闲听法\n竹径独看书\0"
    starts = places(text, "先支")
    assert starts == [2, 8]
    assert not promising(text, starts, "先支")


def test_the_empty_text_has_no_reading():
    """There is nothing to read."""
    assert read("") is None
