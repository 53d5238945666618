"""The ways to read Chinese, Korean and Japanese names, and what each is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import party, person

from screening.subjects import Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.pinyin import MOST_READINGS
from screening.watchlist.readings import TURNED, Manner, queried_readings, readings, same_characters, worth
from screening.watchlist.unread import unread_names
from screening.watchlist.wade import cut, syllables, turned, wade_giles

REVIEW = 0.82


def score(query: str, listed: str) -> float:
    (hits,) = NameMatcher({"made-up": [party("1", listed)]}, floor=0.3).find([person(query)])
    return hits[0].score if hits else 0.0


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("曾远桥", "ZENG, Yuanqiao"), ("查远桥", "ZHA, Yuanqiao"), ("仇远桥", "QIU, Yuanqiao"),
        ("解远桥", "XIE, Yuanqiao"), ("朴远桥", "PIAO, Yuanqiao"), ("盖远桥", "GE, Yuanqiao"),
        ("盖远桥", "GAI, Yuanqiao"), ("区远桥", "OU, Yuanqiao"),
        ("尉迟远桥", "YUCHI, Yuanqiao"), ("万俟远桥", "MOQI, Yuanqiao"), ("歐陽遠橋", "OUYANG, Yuanqiao"),
        ("覃远桥", "QIN, Yuanqiao"), ("覃远桥", "TAN, Yuanqiao"), ("吕远桥", "LU, Yuanqiao"),
        ("吕远桥", "LYU, Yuanqiao"),
        ("远桥 曾", "ZENG, Yuanqiao"), ("鄺遠橋", "KWONG, Yuen-kiu"), ("邝远桥", "KWONG, Yuen-kiu Terence"),
        ("区炳强", "AU, Ping-keung"), ("謝遠橋", "HSIEH, Yuan-chiao"), ("司徒炳强", "SZETO, Ping Keung"),
        ("Zhuo Guoqiao", "CHO, Kuo-ch'iao"), ("CHO Kuo-chiao", "ZHUO, Guoqiao"),
        ("ZHUO, Guoqiao", "卓国桥"), ("Cheuk Kwok-kiu", "卓國橋"), ("卓国桥", "卓國橋"),
        ("표정호", "PYO, Jeong-ho"), ("표정호", "PYO, Jung Ho"), ("표정호", "PHYO, Chong-ho"),
        ("남궁정호", "NAMGUNG, Jong Ho"),
        ("이정호", "RHEE, Jung-ho"), ("리정호", "RI, Jong Ho"), ("정호 이", "LEE, Jungho"), ("Pyo Jung Ho", "표정호"),
        ("たちばな しゅんすけ", "TACHIBANA, Shunsuke"), ("タチバナ・シュンスケ", "TACHIBANA, Shunsuke"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_each_of_its_readings(query: str, listed: str) -> None:
    """Surnames with a reading of their own, compound ones, Hong Kong, Taiwan, both Koreas and kana."""
    assert score(query, listed) >= REVIEW


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("曾远桥", "CHAN, Yuanqiao"),
        ("邝远桥", "KWONG, Ping-keung"),
        ("표정호", "PYO, Myong Chol"),
        ("손영희", "SONG, Chun Ting"),
        ("卓国桥", "赵国桥"),
        ("卓国桥", "卓果乔"),
        ("Zhang Jun", "ZHUANG, Chun"),
        ("卓瑞颖", "ZHUO, Cuiying"),
        ("표영철", "PYO, Jong Chol"),
    ],
)
def test_another_name_is_not_found_by_any_reading(query: str, listed: str) -> None:
    """Another surname or given name, other characters of the same sound, and what two readings share by chance."""
    assert score(query, listed) < REVIEW


def test_characters_leave_no_room_for_slips_but_letters_do() -> None:
    """Who is registered in characters is compared syllable by syllable; who writes letters may mistype one."""
    assert score("卓瑞颖", "ZHUO, Cuiying") < REVIEW <= score("Zhuo Ruiying", "ZHUO, Cuiying")
    assert score("Zhuo Guoqiaao", "卓國橋") >= REVIEW


def test_readings_are_worth_what_they_say() -> None:
    """A further reading must fit closely, a turned one says less, and two of them say nothing."""
    written = ("Zhang Guotao", "Chang Kuo-tao")
    assert worth(0.9, (Manner.USUAL, Manner.USUAL), written) == 0.9
    assert worth(0.9, (Manner.FURTHER, Manner.USUAL), written) < 0.9
    assert worth(1.0, (Manner.USUAL, Manner.FURTHER), written) == 1.0
    assert worth(1.0, (Manner.TURNED, Manner.USUAL), written) == TURNED
    assert worth(1.0, (Manner.TURNED, Manner.FURTHER), written) == 0.0


def test_characters_count_whatever_their_form() -> None:
    """Traditional and simplified forms are one; each other character costs; names in letters are not concerned."""
    assert same_characters("卓國橋", "卓国桥") == 1.0
    assert 1.0 > same_characters("卓国桥", "卓国乔") > same_characters("卓国桥", "卓果乔") > 0.0
    assert same_characters("卓国桥", "Zhuo Guoqiao") == same_characters("", "卓") == 1.0


@pytest.mark.parametrize("name", ["智也 伊藤", "佐々木七海", "田中 さくら"])
def test_a_japanese_name_in_han_characters_is_not_read_as_chinese(name: str) -> None:
    """Its Chinese reading would be another name; the part in kana is read, and without any a person looks."""
    assert all(reading.manner is Manner.USUAL for reading in readings(name, person=True))
    registrant = Registrant(account_id="a-1", kind="person", name=name)
    assert unread_names(registrant) == (() if "さ" in name else ("name",))


def test_only_chinese_names_are_turned() -> None:
    """A name in Latin letters is turned only where every word can be pinyin and one is a surname."""
    assert turned(("zhuo", "guoqiao")) == "cho kuochiao"
    assert turned(("guoqiao", "karam")) is turned(("zhuo",)) is turned(("wu", "wen")) is None


def test_every_syllable_of_pinyin_has_a_spelling_in_letters() -> None:
    """Each syllable is cut as itself and turned into letters."""
    assert len(syllables()) > 390
    for syllable in syllables():
        assert cut(syllable) == (syllable,)
        assert wade_giles(syllable).isalpha()


@given(st.text(max_size=60) | st.text(alphabet="曾远桥邝강정호이さトー々אב", max_size=12))
def test_readings_are_bounded_and_each_once(text: str) -> None:
    """Any text has a usual reading first, a bounded number of readings, and none twice."""
    read = queried_readings(text, "person")
    assert read[0].manner is Manner.USUAL
    assert len({one.name.words for one in read}) == len(read) <= 2 * (MOST_READINGS + 9)
