from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from looped import searching

from screening.watchlist.alignment import LEAST_PAIR, word_likeness
from screening.watchlist.vocabulary import Alike, Vocabulary, pair_edits

LATIN = ["ka", "kha", "ram", "mo", "ham", "med", "yu", "suf", "wei", "x", "k", "7"]
UNVOWELLED = ["YWSF", "MHMD", "KRM", "AHMD", "X", "WY"]


def written_in(syllables: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(syllables), min_size=1, max_size=4).map("".join)


WORDS = written_in(LATIN) | written_in(UNVOWELLED)


def numbered(texts: list[str]) -> dict[str, int]:
    return {text: number for number, text in enumerate(texts)}


def said(found: Alike) -> dict[int, float]:
    return dict(zip(found.texts.tolist(), found.values.tolist(), strict=True))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(WORDS, max_size=30, unique=True),
    st.lists(WORDS.filter(lambda pair: len(pair) > 1), max_size=30, unique=True),
    WORDS,
    st.booleans(),
)
@example(words=["MHMD"], pairs=[], asked="7hammed", by_loops=False)
def test_what_a_word_can_stand_for_is_what_comparing_with_each_says(
    words: list[str],
    pairs: list[str],
    asked: str,
    by_loops: bool,  # noqa: FBT001 - drawn
) -> None:
    """Words alike to any degree, and pairs alike enough, are found with the likeness that comparing gives."""
    with searching(by_loops=by_loops):
        vocabulary = Vocabulary(words, pairs, numbered(words), numbered(pairs))
    by_word = {number: word_likeness(asked, word) for number, word in enumerate(words)}
    assert said(vocabulary.words_like(asked)) == {number: value for number, value in by_word.items() if value > 0.0}
    if len(asked) > 1:
        by_pair = {number: word_likeness(asked, pair) for number, pair in enumerate(pairs)}
        near = {number: value for number, value in by_pair.items() if value >= LEAST_PAIR}
        assert said(vocabulary.pairs_like(asked)) == near
        long = {number: value for number, value in by_word.items() if value >= LEAST_PAIR and len(words[number]) > 1}
        assert said(vocabulary.words_like_pair(asked)) == long


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Remembered answers are those given the first time, however much was asked between."""
    words = ["karam", "kerem", "karim", "yusuf", "k"]
    asked = Vocabulary(words, [], numbered(words), {})
    first = said(asked.words_like("karam"))
    for number in range(20_000):
        asked.words_like(f"lab{number}")
    assert said(asked.words_like("karam")) == first
    assert len(asked._remembered) < 20_000


def test_pairs_allow_fewer_edits_than_words() -> None:
    """Two words written as one may be off by one letter in five."""
    assert [pair_edits(length) for length in (2, 4, 5, 9, 10, 15, 30)] == [0, 0, 1, 1, 2, 3, 3]
