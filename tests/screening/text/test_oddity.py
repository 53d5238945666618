"""How odd it is that characters stand where they stand."""

from __future__ import annotations

import pytest

from screening.text.oddity import AROUND, KEPT, Place, bits, most, oddity, place
from screening.text.rarity import MOST


def test_rare_characters_have_more_bits_than_those_of_every_page():
    """的 is everywhere, 搏 seldom a word; what the table does not list has the most."""
    assert bits()["的"] < bits()["水"] < bits().get("搏", MOST) == MOST
    assert most("搏a") == 2 * MOST


def test_altered_loose_rare_characters_are_odd():
    """The sum of the bits of characters that stand alone, those left as they are up to a limit."""
    held = Place(("去", "赌", "搏", "吧"), 1, 3)
    assert oddity(held, [None, 0.0]) == min(KEPT, bits().get("赌", MOST)) + MOST
    assert oddity(held, [None, 2.0]) == oddity(held, [None, 0.0]) - 2.0


@pytest.mark.parametrize(
    "held",
    [
        Place(("他", "在", "读博"), 2, 4),
        Place(("独播", "剧场"), 0, 2),
        Place(("我", "的", "是", "你"), 1, 3),
    ],
)
def test_words_and_common_characters_are_not_odd(held):
    """What was altered into a word, or into characters of every page, says nothing."""
    assert oddity(held, [0.0, 0.0]) < 20.0


def test_among_rare_single_characters_nothing_is_odd():
    """In classical verse every line is like an evasion, so less is made of it."""
    verse = Place(("寒", "竹", "影", "欹", "砌", "苔", "痕"), 0, 2)
    prose = Place(("寒", "竹", "今天", "我们", "一起"), 0, 2)
    assert oddity(verse, [0.0, 0.0]) < oddity(prose, [0.0, 0.0])


def test_a_candidate_is_cut_with_its_surroundings_up_to_the_ends_of_its_text():
    """So many characters on each side, and never those of another text of the batch."""
    text = f"前文\0{'一' * 20}赌搏{'二' * 3}\0后文"
    start = text.index("赌")
    held = place(text, start, start + 2, list)
    assert "".join(held.words) == "一" * AROUND + "赌搏" + "二" * 3
    assert (held.start, held.end) == (AROUND, AROUND + 2)
