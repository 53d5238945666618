"""Stretches of a text around suspicious places, and readings written piece by piece."""

from __future__ import annotations

from screening.text.reading import View
from screening.text.stretches import REACH, Writer, stretches


def test_stretches_reach_a_little_beyond_and_join_where_they_meet():
    """One stretch for places close together, another for those farther off."""
    text = "文" * 100
    assert list(stretches(text, [(20, 21), (25, 26), (80, 82)])) == [
        (20 - REACH, 26 + REACH, [(20, 21), (25, 26)]),
        (80 - REACH, 82 + REACH, [(80, 82)]),
    ]


def test_stretches_end_where_texts_end():
    """Nothing of another text of the batch is read."""
    assert list(stretches("甲乙\0丙丁\0戊己", [(3, 4), (7, 8)])) == [(3, 5, [(3, 4)]), (6, 8, [(7, 8)])]


def test_a_reading_leads_back_to_what_says_it():
    """Kept characters stand for themselves, said ones for all of their span; parts are separated."""
    writer = Writer()
    writer.keep("去贝者博", 0, 1)
    writer.say("赌", 1, 3)
    writer.part(4)
    writer.say("微信", 3, 4)
    reading = writer.reading(View.SPLIT)
    assert reading.text == "去赌\0微信"
    assert reading.starts.tolist() == [0, 1, 4, 3, 3]
    assert reading.ends.tolist() == [1, 3, 4, 4, 4]
