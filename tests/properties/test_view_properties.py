"""What must hold of every view's reading of any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.text import view_emoji, view_pinyin, view_repeated, view_reversed, view_sound, view_split
from screening.text.normalize import SEPARATOR, normalize, normalize_joined

VIEWS = (view_sound, view_pinyin, view_split, view_emoji, view_reversed, view_repeated)

PIECES = st.sampled_from(
    [
        *"赌博贝者十尃女子时彩信亻言微我的，。 \n*aeiou1🐔🌸💊❤",
        "dubo", "xian", "d u b o", "made", "nv", "微微信信", "时时彩", "贝者博", "站网博赌", "赌bo", "\n赌\n博\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=20).map("".join), st.text(max_size=20)).map(
    lambda text: normalize(text).text
)


def parts(view, texts):
    """Return the parts of the reading of a batch, each with its spans; the empty ones are left out."""
    joined = SEPARATOR.join(texts) + SEPARATOR
    reading = view.read(joined)
    found, part = [], []
    for character, start, end in (
        () if reading is None else zip(reading.text, reading.starts.tolist(), reading.ends.tolist(), strict=True)
    ):
        if character != SEPARATOR:
            part.append((character, start, end))
        elif part:
            found.append(tuple(part))
            part = []
    return found + ([tuple(part)] if part else [])


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__.rpartition("_")[2])
@settings(max_examples=150)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_every_character_of_a_reading_has_a_span_inside_one_text(view, texts):
    """Spans are never empty, stay in the text, hold no separator, and readings are no longer than a few texts."""
    joined = SEPARATOR.join(texts) + SEPARATOR
    read = parts(view, texts)
    for part in read:
        for _, start, end in part:
            assert 0 <= start < end <= len(joined)
            assert SEPARATOR not in joined[start:end]
        first, last = min(start for _, start, _ in part), max(end for _, _, end in part)
        assert SEPARATOR not in joined[first:last]
    assert sum(map(len, read)) <= 20 * len(joined)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__.rpartition("_")[2])
@settings(max_examples=150)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_a_text_reads_the_same_in_any_company(view, texts):
    """The parts of a batch's reading are those of its texts alone, moved to where each text stands."""
    alone = []
    place = 0
    for text in texts:
        alone.extend(
            tuple((character, start + place, end + place) for character, start, end in part)
            for part in parts(view, [text])
        )
        place += len(text) + 1
    if view is view_sound:
        # It answers for the whole batch as soon as one of its texts can hold a term.
        assert set(alone) <= set(parts(view, texts))
    else:
        assert sorted(alone) == sorted(parts(view, texts))


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6))
def test_a_term_is_read_in_its_own_codes(term):
    """What is searched for a term is what a text holding just that term reads like."""
    term = normalize(term).text
    for view in (view_sound, view_pinyin):
        searched = view.codes(term) if view is view_sound else view.spellings(term)
        assert all(len(spelling) == len(term) for spelling in searched)
    reading = view_sound.read(normalize_joined([term]).text)
    if view_sound.codes(term):
        assert reading is not None
        assert reading.text == view_sound.codes(term)[0] + SEPARATOR
    repeated = view_repeated.read("".join(character * 3 for character in term) + SEPARATOR)
    assert repeated is not None
    assert view_repeated.code(term) in repeated.text
