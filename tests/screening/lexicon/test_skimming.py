"""Skimming: nothing that the automaton finds in all of a text is lost, and what holds no pattern is passed over."""

from __future__ import annotations

import random

import numpy as np
import pytest
from looped import reading
from plainlists import shared

from screening.lexicon.alphabets import Alphabet
from screening.lexicon.automaton import engines
from screening.lexicon.compiled import compiled
from screening.lexicon.entries import Lexicon, PlainList
from screening.lexicon.packed import PackedTexts
from screening.lexicon.skimming import Skimmer
from screening.text.normalize import SEPARATOR
from screening.text.reading import View
from screening.text.views import near_gaps

LONG = 4_000
"""Characters that are skimmed whatever skims."""


def some_text(chance, letters, length):
    return "".join(chance.choices(letters + SEPARATOR, k=length))


def index_of(patterns, engine):
    held = PlainList(shared(views=frozenset({View.EXACT, View.REVERSED})), PackedTexts.of(patterns))
    return compiled(Lexicon((), (held,)), engine).indexes[Alphabet.WRITTEN]


@pytest.fixture(params=[False, True], ids=["arrays", "loops"], autouse=True)
def _by_arrays_and_by_loops(request):
    with reading(by_loops=request.param):
        yield


@pytest.mark.parametrize("engine", engines())
@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost(engine, seed):
    """In long texts of few and of many characters the same is found, in the same order, as by the automaton alone."""
    chance = random.Random(seed)
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + chance.choice((4, 40, 400, 4000)))))
    widths = chance.choice(((1, 2, 3), (2,), (3, 4, 7), (1, 2, 3, 4, 5, 12)))
    patterns = sorted({"".join(chance.choices(letters, k=chance.choice(widths))) for _ in range(300)})
    index = index_of(patterns, engine)
    text = some_text(chance, letters, LONG + chance.randrange(2_000))
    for place in range(0, len(text), 97):
        held = chance.choice(patterns)
        text = f"{text[:place]}{held}{text[place + len(held) :]}"
    for read in (text, f"{text}{patterns[0]}", f"{patterns[-1]}{text}"):
        for view in (View.EXACT, View.REVERSED):
            assert index.find(read, view).tolist() == [list(held) for held in index.automaton.find(read)]


def test_most_of_a_text_is_passed_over():
    """Of a text that holds one pattern little more than that is searched, and its place is told."""
    skimmed = Skimmer(PackedTexts.of(["网上赌场", "棋牌"])).skim(f"{'今天' * 5_000}去网上赌场{'晚上' * 5_000}")
    assert skimmed is not None
    assert len(skimmed.text) < 100
    at = skimmed.text.index("网上赌场")
    assert skimmed.places[at : at + 4].tolist() == [10_001, 10_002, 10_003, 10_004]


def test_a_text_of_nothing_else_is_searched_whole():
    """Where patterns begin nearly everywhere, or one is longer than a table holds, all is searched."""
    assert Skimmer(PackedTexts.of(["赌赌", "赌赌赌"])).skim("赌" * 5_000) is None
    assert Skimmer(PackedTexts.of(["赌" * 300])).skim("今天" * 5_000) is None


def test_what_is_not_wanted_is_passed_over():
    """A skimmer for some patterns keeps these; the others may be left out."""
    skimmed = Skimmer(PackedTexts.of(["网上赌场", "棋牌"]), wanted=np.array([False, True])).skim("网上赌场棋牌" * 2)
    assert skimmed is None or "棋牌" in skimmed.text
    alone = Skimmer(PackedTexts.of(["网上赌场", "棋牌"]), wanted=np.array([False, True])).skim("网上赌场" * 900)
    assert alone is not None
    assert alone.text == ""


def test_pairs_inside_patterns_are_known():
    """Characters that stand side by side in a pattern may do so; of two that never do, most are told."""
    skimmer = Skimmer(PackedTexts.of(["网上赌场", "棋牌", "妓"]))
    written = np.array([ord(character) for character in "网上赌场棋牌"], dtype=np.uint32)
    assert skimmer.inside(written[:-1], written[1:]).tolist() == [True, True, True, False, True]
    left, middle, right = (
        np.array([ord(one) for one in held], dtype=np.uint32) for held in ("去去去", "赌天妓", "场气气")
    )
    assert skimmer.beside(left, middle, right).tolist() == [True, False, True]


def test_gaps_that_no_term_stands_over_are_passed_over():
    """A gap is looked at where a term may hold the characters beside it, and only there."""
    skimmer = Skimmer(PackedTexts.of(["网上赌场"]))
    near = near_gaps(f"去网上赌*场吧今*天{SEPARATOR}", 4, 8, skimmer)
    assert near is not None
    assert "网上赌场" in near.text
    assert near_gaps(f"今*天晚 上吃。什么{SEPARATOR}", 4, 8, skimmer) is None


@pytest.mark.parametrize("widths", [(1,), (2,), (1, 2), (3, 5), (2, 3, 4, 9)])
def test_loops_and_arrays_skim_alike(widths):
    """Of short and long texts, dense and sparse, both keep the same characters of the same places."""
    chance = random.Random(repr(widths))
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))
    skimmer = Skimmer(
        PackedTexts.of(sorted({"".join(chance.choices(letters, k=chance.choice(widths))) for _ in range(40)}))
    )
    for length in (0, 1, 2, 3, 4, 50, 3_000):
        text = some_text(chance, letters, length)
        with reading(by_loops=False):
            one = skimmer.skim(text)
        with reading(by_loops=True):
            other = skimmer.skim(text)
        assert (one is None) is (other is None)
        if one is not None and other is not None:
            assert (one.text, one.places.tolist()) == (other.text, other.places.tolist())


def test_no_place_is_lost_where_the_room_is_just_filled():
    """However many places begin a pattern, the last of them counts too, and nothing is written beyond the room."""
    skimmer, length = Skimmer(PackedTexts.of(["赌"])), 20_000
    filled = length // 16 + 2 * 2_048
    for count in (filled - 1, filled, filled + 1):
        text = f"{'赌' * count}{'今' * (length - count - 2)}赌{SEPARATOR}"
        skimmed = skimmer.skim(text)
        assert skimmed is not None
        assert skimmed.text == f"{'赌' * count}{SEPARATOR}赌{SEPARATOR}"
        assert skimmed.places[-2] == length - 2
