"""Normalising: each step as before → after, and the way back."""

from __future__ import annotations

import sys

import pytest

from screening.text.normalize import SEPARATOR, normalize, normalize_joined, steps_within
from screening.text.variants import SIMPLIFIED, VARIANTS


@pytest.mark.parametrize(
    ("sent", "normal", "steps"),
    [
        ("ＡＢ！（全角）", "ab!(全角)", ("width", "case")),
        ("𝐀⑤⒈㊙⾚🅰", "a51秘赤a", ("style", "case")),
        ("٣५", "35", ("digit",)),
        ("dǔ bó", "du bo", ("accent",)),
        ("USDT", "usdt", ("case",)),
        ("賭博売", "赌博卖", ("variant",)),
        ("ѕһаbі ΟΤС エロ", "shabi otc 工口", ("case", "lookalike")),
        ("赌\u200b博\u00ad网\ufe0f站\ufeff", "赌博网站", ("invisible-removed",)),
        ("赌\u0336博\u0336", "赌博", ("invisible-removed",)),
        ("赌\u3164博", "赌博", ("invisible-removed",)),
        ("赌博", "赌博", ()),
    ],
)
def test_each_step_does_what_its_line_says(sent, normal, steps):
    """Every documented step turns its before into its after, and only the steps that applied are named."""
    assert normalize(sent).text == normal
    assert steps_within(sent) == steps


def test_simplified_text_is_left_alone():
    """Characters of the simplified standard set never change, though some are traditional forms of others."""
    standard = "".join(
        bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    )
    assert len(standard) > 6700
    assert normalize(standard).text == standard


def test_table_reaches_its_end_at_once():
    """What normalising gives does not change when normalised again, for any code point."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    once = normalize(everything).text
    assert normalize(once).text == once


def test_variant_table_is_one_to_one():
    """Each variant has one simplified form at the same place, and none maps to itself."""
    assert len(VARIANTS) == len(SIMPLIFIED) == len(set(VARIANTS)) > 4000
    assert all(left != right for left, right in zip(VARIANTS, SIMPLIFIED, strict=True))


def test_span_leads_back_over_dropped_characters():
    """A span in normal form covers what was dropped inside it, not around it."""
    sent = "去\u200b赌\u200b\u200b博\u200b吧"
    start, end = normalize(sent).span(1, 3)
    assert sent[start:end] == "赌\u200b\u200b博"


def test_lone_surrogate_does_not_break():
    """A lone surrogate becomes the replacement character."""
    assert normalize("赌\ud800博").text == "赌\ufffd博"


def test_line_ends_stay():
    """White space that parts lines is kept as it is."""
    assert normalize("一\r\n二\t三").text == "一\r\n二\t三"


def test_joined_texts_keep_apart():
    """Each text is followed by a separator, a text's own U+0000 is dropped, and offsets count in the joined text."""
    joined = normalize_joined(["Ａ\0b", "", "賭"])
    assert joined.text == f"ab{SEPARATOR}{SEPARATOR}赌{SEPARATOR}"
    assert joined.origin.tolist() == [0, 2, 3, 4, 5, 6]
