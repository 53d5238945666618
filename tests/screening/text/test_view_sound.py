"""Reading by sound."""

from __future__ import annotations

import pytest

from screening.text.oddity import Place
from screening.text.view_sound import believable, code, codes, folded, heard, promising, read, syllable_code


@pytest.mark.parametrize("written", ["堵博", "赌搏", "度播", "土博", "赌博"])
def test_what_sounds_alike_reads_alike(written):
    """Every spelling by sound has the code of the term; another sound has another."""
    assert (code(written) == code("赌博")) is (written != "土博")


def test_a_reading_is_one_to_one():
    """Each code stands for one character; letters, digits and separators stay, what has no sound becomes U+FFFD."""
    found = read("去赌博a1,ж\0")
    assert found is not None
    assert found.text == f"{code('去赌博')}a1,\ufffd\0"
    assert found.starts.tolist() == list(range(8))
    assert found.ends.tolist() == list(range(1, 9))


def test_a_text_without_two_sounds_side_by_side_has_no_reading():
    """Letters, symbols and lone Han characters cannot be a term of two."""
    assert read("hello, 我 b 你!\0") is None
    assert read("\0") is None


def test_a_character_with_two_readings_is_found_by_either():
    """银行 is read yin hang, so 银航 is one of its spellings; 行 alone is read xing."""
    assert {code("银行"), code("银航")} <= set(codes("银行"))
    assert codes("银行")[0] == code("银行")


@pytest.mark.parametrize("term", ["赌", "usdt", "a赌", ""])
def test_a_term_of_fewer_than_two_sounds_is_not_searched(term):
    """One sound says nothing."""
    assert codes(term) == ()


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("chi", "ci"), ("shen", "seng"), ("nan", "lan"), ("ling", "rin"), ("nv", "lu")]
)
def test_sounds_that_many_do_not_tell_apart_are_folded(one, other):
    """Retroflex and flat, n, l and r, front and back nasals are one."""
    assert folded(one) == folded(other)


def test_syllables_in_letters_have_the_codes_of_characters():
    """Pinyin is read in the same alphabet; what is no syllable has no code."""
    assert syllable_code("du") == code("赌")
    assert syllable_code("zan") == code("站")
    assert syllable_code("dux") == ""
    assert heard("行") >= {"xing", "hang"}


@pytest.mark.parametrize(
    ("words", "found", "term", "believed"),
    [
        (("有人", "邀", "我", "去", "堵", "搏"), "堵搏", "赌博", True),
        (("他", "在", "读", "博士"), "读博", "赌博", False),
        (("这", "是", "一样", "的", "东西"), "是一样的", "屎一样的", False),
        (("上", "了", "赌搏", "网站"), "赌搏网站", "赌博网站", False),
        (("上", "了", "赌", "搏", "网站"), "赌搏网站", "赌博网站", True),
        (("我", "赌", "，", "博"), "赌，博", "赌一博", False),
    ],
)
def test_believed_is_what_stands_loose_and_is_rare(words, found, term, believed):
    """Replaced characters must belong to no word and be no characters of every page."""
    start = "".join(words).index(found)
    assert believable(found, term, Place(words, start, start + len(found))) is believed


def test_the_term_itself_is_not_read_by_sound():
    """It is the exact view's business; and what is on every page is not worth segmenting."""
    assert not promising("赌博", "赌博")
    assert promising("赌搏", "赌博")
    assert not promising("是一", "事宜")
