"""What must hold of content matching for any text."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from lexicontexts import entry, matcher

from screening.evidence import content_order
from screening.subjects import Content
from screening.text.html import readable
from screening.text.normalize import normalize, normalize_joined

if TYPE_CHECKING:
    from screening.lexicon.matcher import ContentMatcher

PIECES = st.sampled_from(
    [
        *"赌博网站台賭𝐀Ａa1 *,。\n\0\u200b\u0336\ufe0f🎲👨‍👩‍👧𠀀",
        "<b>", "</b>", "<p>", "<br", ">", "<!--", "-->", "<script>", "</script>", "&#36172;", "&#21338", "&amp;",
        "&", '="', "赌博", "赌博网站", "网站台", "赌博默示录", "警方", "加我", "usdt",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=25))
CONTENTS = st.builds(
    Content,
    id=st.just("c"),
    account_id=st.just("a"),
    title=st.none() | TEXTS,
    body=st.none() | TEXTS,
    format=st.sampled_from(["text", "html"]),
)


@functools.cache
def small() -> ContentMatcher:
    return matcher(
        entry("word", "赌博", allow=["赌博默示录"], review_near=["警方"]),
        entry("site", "赌博网站"),
        entry("stand", "网站台", boundary="start", severity=1),
        entry("coin", "USDTa", near=["加我"]),
        entry("tag", "b>", "p"),
    )


@given(CONTENTS)
def test_a_quote_is_what_was_sent(content):
    """`field[start:end] == quote` for plain text and any markup, and no quote is empty."""
    for hit in small().find([content])[0]:
        field = content.title if hit.field == "title" else content.body
        assert field[hit.start : hit.end] == hit.quote != ""
        assert 0.0 < hit.score <= 1.0


@given(st.lists(CONTENTS, max_size=6))
def test_a_batch_gives_what_single_contents_give(contents):
    """A content's hits do not depend on its neighbours, and come in the order of content hits."""
    together = small().find(contents)
    assert together == [small().find([content])[0] for content in contents]
    assert all(list(hits) == sorted(hits, key=content_order) for hits in together)


@given(CONTENTS)
def test_overlaps_are_resolved(content):
    """Hits of one category in one field of plain text do not overlap."""
    hits = small().find([content])[0]
    if content.format == "text":
        ends = {"title": 0, "body": 0}
        for hit in hits:
            assert hit.start >= ends[hit.field]
            ends[hit.field] = hit.end


@given(st.lists(st.sampled_from(["赌", "博", "去", "，"]), max_size=12).map("".join))
def test_a_term_written_out_is_always_found(text):
    """In plain text without allow phrases, every term that occurs leads to a hit."""
    hits = small().find([Content(id="c", account_id="a", body=text)])[0]
    assert sum(hit.via == () for hit in hits) == text.count("赌博")


@settings(max_examples=200)
@given(TEXTS)
def test_the_way_back_is_one_to_one(text):
    """Each normalised character comes from one place, places grow, and normalising joined texts is normalising each."""
    normal = normalize(text)
    places = normal.origin.tolist()
    assert len(normal.text) == len(places)
    assert places == sorted(set(places))
    for character, place in zip(normal.text, places, strict=True):
        assert normalize(text[place]).text == character
    assert normalize_joined([text, "x", text]).text == f"{normal.text}\0x\0{normal.text}\0"


@given(TEXTS)
def test_places_in_markup_grow(source):
    """Readable text has a place for each character; places never fall and stay inside the source."""
    shown = readable(source)
    assert len(shown.text) == len(shown.starts) == len(shown.ends)
    for places in (shown.starts.tolist(), shown.ends.tolist()):
        assert places == sorted(places)
        assert all(0 <= place <= len(source) for place in places)
    assert (shown.starts <= shown.ends).all()
