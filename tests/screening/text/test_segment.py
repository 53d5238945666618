"""Word ends around a hit."""

from __future__ import annotations

import json
import logging
import pathlib
import random
import subprocess
import sys

import pytest
from datafolder import data_folder
from segmenters import segmenter

from screening.text import segment
from screening.text.normalize import normalize
from screening.text.segment import WINDOW, Segmenter, Words, open_tokenizer, segmenters


class CountingTokenizer:
    """Cuts into single characters, and counts how often it is asked."""

    def __init__(self):
        self.windows = []

    def cut(self, window, *, HMM):  # noqa: N803 - jieba's name
        assert HMM is False
        self.windows.append(window)
        return list(window)


def ends_of(text, term):
    start = text.index(term)
    return segmenter().ends(text, start, start + len(term))


def test_words_and_parts_of_words_differ():
    """A term that is a word has both ends; one inside other words does not."""
    assert ends_of("我们去赌博吧", "赌博") == (True, True)
    assert ends_of("他常常打赌博士会来", "赌博") == (False, False)


def test_one_end_may_hold_alone():
    """The start and the end are judged apart."""
    assert ends_of("她在中学生日记里写", "学生") == (False, True)
    assert ends_of("我爱大学生活", "大学生") == (True, False)


def test_only_a_window_is_cut_and_answers_are_kept():
    """Text beyond the window plays no part, and the same window is asked once."""
    counting = CountingTokenizer()
    judge = Segmenter(counting)
    text = "甲" * 50 + "赌博" + "乙" * 50
    judge.ends(text, 50, 52)
    judge.ends("丙丙" + text, 52, 54)
    assert counting.windows == ["甲" * WINDOW + "赌博" + "乙" * WINDOW]


def test_window_stops_at_what_is_no_han_character():
    """Words do not reach across punctuation, letters or the separator of a batch."""
    counting = CountingTokenizer()
    Segmenter(counting).ends("打，赌博\0士", 2, 4)
    assert counting.windows == ["赌博"]


@pytest.mark.parametrize("words", segmenters())
def test_many_spans_are_judged_as_one_is(words):
    """Windows that are cut in one call have the ends of words that each has alone, whatever stands in them."""
    tokenizer = open_tokenizer(None, words)
    chance = random.Random(4)
    pieces = [
        *"我们去赌博吧他常打士会来她在中学生日记里写爱大活的了一，。 *\r\n\t🎲",
        "usdt",
        "3.5%",
        "ab_c",
        "大学生活",
    ]
    text = "".join(chance.choices(pieces, k=3_000))
    spans = [(start, start + chance.randrange(1, 7)) for start in range(0, len(text) - 6, 3)]
    alone = Segmenter(tokenizer)
    assert Segmenter(tokenizer).ends_of(text, spans) == [alone.ends(text, start, end) for start, end in spans]


def test_nothing_is_written_without_a_cache_folder(tmp_path, monkeypatch):
    """Without a cache folder the dictionary is read and no file appears where jieba would put one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    open_tokenizer(None, Words.JIEBA)
    assert list(tmp_path.iterdir()) == []


def test_cache_is_kept_in_the_folder_given(tmp_path):
    """With a folder the compiled dictionary lands in it and gives the same words."""
    first = open_tokenizer(str(tmp_path), Words.JIEBA)
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    second = open_tokenizer(str(tmp_path), Words.JIEBA)
    for tokenizer in (first, second):
        assert Segmenter(tokenizer).ends("去赌博吧", 1, 3) == (True, True)


@pytest.mark.parametrize("words", segmenters())
def test_opening_is_quiet(words):
    """No warning and no log line leaves the door, in a process of its own where nothing was imported before."""
    code = f"from screening.text.segment import Words, open_tokenizer; open_tokenizer(None, Words('{words}'))"
    root = pathlib.Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=root, capture_output=True, check=True)
    assert ran.stdout == b""
    assert ran.stderr == b""
    open_tokenizer(None, Words.JIEBA)
    assert not logging.getLogger("jieba").isEnabledFor(logging.ERROR)


def test_loose_characters_are_words_of_their_own():
    """A word written with another character of the same sound falls apart; one that is left as it is does not."""
    text = "我们去堵博网站吧"
    assert segmenter().loose(text, 3, 7) == (True, True, False, False)
    assert segmenter().loose("我们去赌博", 3, 5) == (False, False)


def test_the_dictionary_can_be_asked():
    """A word is known, what only begins one is not; both segmenters say so."""
    for words in segmenters():
        assert Segmenter(open_tokenizer(None, words)).knows(["赌博", "中华人", "堵博"]) == [True, False, False]


def test_a_segmenter_that_is_not_installed_is_refused(monkeypatch):
    """Who asks for the fast one by name is told where it is missing; who does not gets the other."""
    monkeypatch.setattr(segment, "_rjieba", None)
    assert segmenters() == (Words.JIEBA,)
    with pytest.raises(ValueError, match="found rjieba, which is not installed, expected jieba"):
        open_tokenizer(None, Words.RJIEBA)
    assert Segmenter(open_tokenizer(None)).ends("去赌博吧", 1, 3) == (True, True)


def test_segmenters_cut_alike():
    """On ten thousand windows of real text, letters and symbols among them, all segmenters give the same words."""
    chance = random.Random(7)
    held = [Segmenter(open_tokenizer(None, words)) for words in segmenters()]
    windows = 0
    for name in ("clean_hotel", "clean_thucnews_title_dev", "clean_tang_poem_trad", "cold_dev", "harm_bench_dev"):
        lines = (data_folder() / "content" / f"{name}.jsonl").read_text("utf-8").splitlines()
        for line in chance.sample(lines, 1000):
            text = normalize(json.loads(line)["text"]).text
            for _ in range(2):
                at = chance.randrange(len(text))
                window = text[at : at + 2 * WINDOW + chance.randint(1, 14)]
                first, *others = [judge.cut(window) for judge in held]
                assert all(other == first for other in others), window
                windows += 1
    assert windows == 10_000
