"""Word ends around a hit."""

from __future__ import annotations

import logging
import pathlib
import subprocess
import sys

from segmenters import segmenter

from screening.text.segment import WINDOW, Segmenter, open_tokenizer


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


def test_nothing_is_written_without_a_cache_folder(tmp_path, monkeypatch):
    """Without a cache folder the dictionary is read and no file appears where jieba would put one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    open_tokenizer(None)
    assert list(tmp_path.iterdir()) == []


def test_cache_is_kept_in_the_folder_given(tmp_path):
    """With a folder the compiled dictionary lands in it and gives the same words."""
    first = open_tokenizer(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    second = open_tokenizer(str(tmp_path))
    for tokenizer in (first, second):
        assert Segmenter(tokenizer).ends("去赌博吧", 1, 3) == (True, True)


def test_opening_is_quiet():
    """No warning and no log line leaves the door, in a process of its own where nothing was imported before."""
    code = "from screening.text.segment import open_tokenizer; open_tokenizer(None)"
    root = pathlib.Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=root, capture_output=True, check=True)
    assert ran.stdout == b""
    assert ran.stderr == b""
    assert not logging.getLogger("jieba").isEnabledFor(logging.ERROR)
