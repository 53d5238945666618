"""Cutting long fields: nothing hides in a cut."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicontexts import entry, lexicon
from plainlists import plain_lexicon
from segmenters import segmenter

from screening.lexicon.compiled import compiled
from screening.lexicon.matcher import Budget, ContentMatcher
from screening.subjects import Content

FILLING = "今天天气不错我们去公园里走一走看看花再回家吃饭，"
PIECES = st.sampled_from(
    [
        "赌博", "赌*博", "赌\u200b博", "赌博网站", "赌博默示录", "警方", "加我", "堵博", "贝者博",
        "dubo", "站网博赌", "赌赌博博",
        FILLING * 3, FILLING * 30, "\u200b" * 1500, "*" * 40, "赌" * 30, "\n", "<b>",
    ]
)  # fmt: skip
LONG = st.lists(PIECES, min_size=6, max_size=40).map("".join)


@functools.cache
def small():
    return compiled(
        lexicon(
            entry("word", "赌博", allow=["赌博默示录"], review_near=["警方"], window=60),
            entry("site", "赌博网站", boundary="start", severity=1),
            entry("coin", "网站", near=["加我"], window=300),
        )
    )


@functools.cache
def whole():
    return ContentMatcher(small(), segmenter())


@functools.cache
def cut(chunk):
    return ContentMatcher(small(), segmenter(), chunk)


def content(body, **fields):
    return Content(id="c", account_id="a", body=body, **fields)


@settings(max_examples=60, deadline=None)
@given(text=LONG, chunk=st.sampled_from([50, 333, 2000]))
def test_a_cut_text_gives_what_the_whole_gives(text, chunk):
    """Hits in any view, their context and their allow phrases are the same wherever a field is cut."""
    assert cut(chunk).find([content(text)]) == whole().find([content(text)])


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(LONG | st.sampled_from(["赌博", "", "去赌博网站"]), max_size=5))
def test_short_and_long_fields_of_a_batch_do_not_matter_to_each_other(texts):
    """A batch of cut and joined fields gives what each content gives alone."""
    contents = [content(text, title=text[:20]) for text in texts]
    assert cut(333).find(contents) == [whole().find([held])[0] for held in contents]


@pytest.mark.parametrize("at", range(990, 1012))
def test_a_term_across_a_cut_is_found(at):
    """Wherever a term lies across a cut, it is found once."""
    text = (FILLING * 100)[:at] + "赌博网站" + FILLING * 100
    hits = cut(1000).find([content(text)])[0]
    assert [(hit.start, hit.quote) for hit in hits] == [(at, "赌博")]


def test_a_long_text_is_read_to_its_end():
    """Three million characters, and what stands last is found in its place."""
    text = FILLING * 120_000 + "赌博"
    (hit,) = whole().find([content(text)])[0]
    assert (hit.start, hit.quote) == (len(text) - 2, "赌博")


def test_one_character_repeated_ends():
    """A term of one character in a text of nothing else keeps the best hits and ends."""
    found_by = ContentMatcher(plain_lexicon(["啊", "啊啊", "啊啊啊"]), segmenter(), 30_000)
    hits = found_by.find([content("啊" * 100_000)])[0]
    assert len(hits) == 50
    assert {hit.term for hit in hits} == {"啊啊啊"}


def test_a_grave_hit_at_the_end_of_a_flood_is_kept():
    """A flood of slight hits in a cut field does not push out the one that matters."""
    found_by = ContentMatcher(
        lexicon(entry("slight", "啊啊", severity=1, views=["exact"]), entry("grave", "赌博", views=["exact"])),
        segmenter(),
        20_000,
    )
    hits = found_by.find([content("啊" * 100_000 + "赌博")])[0]
    assert hits[-1].entry == "grave"


def test_a_budget_names_what_it_left_unread():
    """Beyond so many characters a field is not screened, and said not to be; the other field is."""
    (found,) = whole().screen([content("去赌博，" + FILLING + "赌博", title="赌博")], Budget(10, 100))
    assert [(hit.field, hit.start) for hit in found.hits] == [("body", 1), ("title", 0)]
    assert found.unscreened == ("body",)


def test_a_budget_of_candidates_is_each_fields_own():
    """A flood in one field costs that field its screening, and no other one of the batch."""
    contents = [content("赌博" * 50), content("去赌博"), content("赌博" * 3)]
    found = whole().screen(contents, Budget(1000, 10))
    assert [held.unscreened for held in found] == [("body",), (), ()]
    assert [len(held.hits) for held in found] == [10, 1, 3]
    assert whole().screen(contents[1:], Budget(1000, 10)) == found[1:]


def test_a_large_budget_changes_nothing():
    """What fits a budget is screened as without one."""
    contents = [content("去赌博网站，赌*博，警方"), content("堵博", title="赌博默示录")]
    found = whole().screen(contents, Budget(1_000, 1_000))
    assert [held.hits for held in found] == whole().find(contents)
    assert all(held.unscreened == () for held in found)
