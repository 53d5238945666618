"""Reading pinyin in Latin letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.text import view_pinyin
from screening.text.normalize import SEPARATOR, normalize
from screening.text.view_pinyin import believable, read, spellings


def found(written: str, term: str) -> str | None:
    """Return what is read as a term and believed, in the normalised text; None where nothing is."""
    text = normalize(written).text
    reading = read(text)
    if reading is None:
        return None
    for spelling in spellings(term):
        at = reading.text.find(spelling)
        while at >= 0:
            spans = [(int(reading.starts[place]), int(reading.ends[place])) for place in range(at, at + len(spelling))]
            if believable(text, spans, term):
                return text[spans[0][0] : spans[-1][1]]
            at = reading.text.find(spelling, at + 1)
    return None


@pytest.mark.parametrize(
    ("written", "term", "quote"),
    [
        ("一起去dubo吧", "赌博", "dubo"),
        ("来玩 d u b o 的加我", "赌博", "d u b o"),
        ("dǔ bó网站", "赌博", "du bo"),
        ("du3bo2", "赌博", "du3bo"),
        ("大家来赌bo", "赌博", "赌bo"),
        ("DU博平台", "赌博", "du博"),
        ("长期收菠cai", "博彩", "菠cai"),
        ("有l聊的吗", "裸聊", "l聊"),
        ("wodubole", "赌博", "dubo"),
        ("du博wang站", "赌博网站", "du博wang站"),
        ("需要dkfp联系", "代开发票", "dkfp"),
        ("招nv销售", "招女销售", "招nv销售"),
        ("gaoefanshui", "高额返水", "gaoefanshui"),
        ("quxianle", "去西安了", "quxianle"),
    ],
)
def test_letters_that_spell_a_term_are_read(written, term, quote):
    """Whole or in part, joined or apart, with tones, by initials; the quote is all of it."""
    assert found(written, term) == quote


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("made in china", "妈的"),
        ("The double bottom line", "赌博"),
        ("vip聊天室", "裸聊"),
        ("abdkfpx", "代开发票"),
        ("tubo", "赌博"),
        ("赌博", "赌博"),
        ("d,是b", "赌博"),
    ],
)
def test_other_letters_are_left_alone(written, term):
    """English words, initials inside other letters, other syllables and the term itself are not pinyin of it."""
    assert found(written, term) is None


@pytest.mark.parametrize("text", ["", "赌博网站\0", "123 456\0", "，。\0"])
def test_a_text_without_letters_has_no_reading(text):
    """Nothing is suspicious where no Latin letter stands."""
    assert read(text) is None


def test_a_term_is_searched_by_its_sounds_and_initials():
    """One character as an initial for every place; all initials only of four characters or more."""
    two, four = spellings("赌博"), spellings("代开发票")
    assert any(spelling.startswith("d") and len(spelling) == 2 for spelling in two)
    assert "db" not in two
    assert "dkfp" in four


def test_a_long_run_of_letters_is_not_tried():
    """Letters without end cost no time without end: runs are cut off, ways are few."""
    reading = read("ana" * 2000 + "赌bo\0")
    assert reading is None or len(reading.text) < 400


def _all_runs(text, _sought=None):
    """Where every run of letters begins, as if each were worth reading."""
    return [found.start() for found in re.finditer("[a-z]+", text)]


written = st.text(alphabet="dubowexinoktheaivip12369 .赌博去吧\n\0", max_size=40)


@given(st.lists(st.one_of(written, st.integers(1, 30).map("今".__mul__), st.sampled_from(["ok", "app"])), max_size=20))
def test_runs_that_say_nothing_change_nothing(pieces):
    """Passing over runs that say nothing, far from those that do, gives the same reading as looking at all."""
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        told = view_pinyin.read(text)
        patch.setattr(view_pinyin, "_worth_reading", _all_runs)
        plain = view_pinyin.read(text)
    assert (told is None) == (plain is None)
    if told is not None and plain is not None:
        assert told.text == plain.text
        assert told.starts.tolist() == plain.starts.tolist()
        assert told.ends.tolist() == plain.ends.tolist()


@given(st.lists(st.one_of(written, st.sampled_from(["xian", "changan", "d u b o", "the time"])), max_size=12))
def test_readings_remembered_are_those_made_anew(pieces):
    """Letters are read alike whether their reading is remembered, at another place, or made where they stand."""
    text = "".join(pieces)
    remembered = read(f"去{text}"), read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_pinyin, "_LONGEST_REMEMBERED", 0)
        anew = read(f"去{text}"), read(text)
    for one, other in zip(remembered, anew, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.text, one.starts.tolist(), one.ends.tolist()) == (
                other.text,
                other.starts.tolist(),
                other.ends.tolist(),
            )


def test_every_way_of_reading_several_runs_is_told_in_order():
    """Two runs of two ways each give four ways, the later run changing first, each with the places of its letters."""
    reading = read("xian changan\0")
    ways = reading.text.split(SEPARATOR)[:4]
    assert len(set(ways)) == 4
    assert [len(way) for way in ways] == [3, 3, 4, 4]
    spans = list(zip(reading.starts.tolist(), reading.ends.tolist(), strict=True))
    assert spans[:3] == [(0, 4), (5, 9), (9, 12)]
    assert spans[4:7] == [(0, 4), (5, 10), (10, 12)]
