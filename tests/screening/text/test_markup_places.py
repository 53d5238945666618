"""Attributes and hidden text of markup: what is read of them, apart from what is shown."""

from __future__ import annotations

import pytest
from lexicontexts import entry, matcher

from screening.subjects import Content
from screening.text.html import Place, readable, readings


def read(source):
    """Each text's pieces, by the place where it stands."""
    return {held.place.value: [piece for piece in held.text.split() if piece.strip("·")] for held in readings(source)}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('<img alt="赌博">', "赌博"),
        ("<a title='赌&#21338;'>看</a>", "赌博"),
        ("<input placeholder=赌博>", "赌博"),
        ('<div aria-label="赌博"></div>', "赌博"),
        ('<optgroup label="赌博">', "赌博"),
        ('<INPUT TYPE="submit" VALUE="赌博">', "赌博"),
        ('<input value="赌博">', "赌博"),
        ('<meta name="description" content="赌博">', "赌博"),
        ('<meta content="赌博" property="og:title">', "赌博"),
    ],
)
def test_attributes_that_are_seen_are_read(source, said):
    """By a reader, a screen reader or a search engine; quoted, unquoted, with references, in any case."""
    assert read(source)["attribute"] == [said]


@pytest.mark.parametrize(
    "source",
    [
        '<a href="赌博">',
        '<img src="赌博">',
        '<p class="赌博" id=赌博 data-x="赌博">',
        '<input type="checkbox" value="赌博">',
        '<meta name="viewport" content="赌博">',
        '</p title="赌博">',
        '<img alt="">',
        "<!-- <img alt='赌博'> -->",
        "<script>var a = \"<img alt='赌博'>\"</script>",
    ],
)
def test_other_attributes_and_comments_are_not(source):
    """Addresses, classes, codes, settings, comments and scripts say nothing to anybody."""
    assert [place for place, text in read(source).items() if "赌博" in "".join(text)] == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="display:none">赌博</p>',
        '<p style="color:red; DISPLAY : none !important">赌博</p>',
        "<p hidden>赌博</p>",
        "<span style='visibility:hidden'>赌博</span>",
        "<span style='font-size:0'>赌<i>博</i></span>",
        "<span style='opacity:0.0;'>赌博</span>",
        "<template>赌博</template>",
        '<input type=hidden value="赌博">',
        '<div hidden><img alt="赌博"></div>',
        "<div hidden>赌博",
    ],
)
def test_hidden_text_is_read_and_known_as_hidden(source):
    """By style, attribute or element; what is in it is hidden too."""
    assert read(source)["hidden"] == ["赌博"]
    assert "赌博" not in readable(source).text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<b style='display:none;display:inline'>赌博</b>", "赌博"),
        ("<p hidden>x</p>赌博", "赌博"),
        ("<p hidden>x<p>赌博", "赌博"),
        ("<p hidden>x<div>赌博</div>", "赌博"),
        ("<div><span hidden>x</div>赌博", "赌博"),
        ("<i hidden>x</b></i>赌博", "赌博"),
        ("<br hidden>赌博", "赌博"),
        ("<b style='/* display:none */'>赌博</b>", "赌博"),
        ("赌<i style='display:none'>好的</i>博", "赌博"),
        ("赌<i title='好的'>博</i>", "赌博"),
    ],
)
def test_what_a_browser_shows_stays_shown(source, shown):
    """Later declarations win, elements end as in a browser, and neither hidden text nor attributes break a word."""
    assert shown in readable(source).text


def test_pieces_stand_too_far_apart_for_any_term():
    """A term is not put together from two attributes, nor from an attribute and what is hidden."""
    found_by = matcher(entry("word", "赌博", largest_gap=10))
    bodies = ['<img alt="赌"><img alt="博">', "<i hidden>赌</i><i hidden>博</i>", '<div hidden><img alt="赌">博</div>']
    assert found_by.find([Content(id="c", account_id="a", body=body, format="html") for body in bodies]) == [()] * 3


@pytest.mark.parametrize(
    ("body", "quote", "via"),
    [
        ('看<img alt="去赌&#21338;">', "赌&#21338;", ("markup-removed", "attribute")),
        ('看<img alt="去赌博">', "赌博", ("attribute",)),
        ("<p style='display:none'>赌<b>博</b></p>看", "赌<b>博", ("markup-removed", "hidden")),
    ],
)
def test_a_hit_says_where_in_the_markup_it_stands(body, quote, via):
    """The quote is the slice of the source; `via` names the place that is not shown."""
    (hit,) = matcher(entry("word", "赌博")).find([Content(id="c", account_id="a", body=body, format="html")])[0]
    assert body[hit.start : hit.end] == hit.quote == quote
    assert hit.via == via


@pytest.mark.parametrize(
    "piece",
    [
        "<p hidden>",
        "<div style='display:none'>",
        "</div>",
        "<a title=x ",
        "<li>",
        '<a style="/*">',
        "<i><b></i>",
        "<b a=' ",
    ],
)
def test_hostile_markup_is_read(piece):
    """A hundred thousand characters of any piece are read whole."""
    source = piece * (100_000 // len(piece)) + ">"
    for held in readings(source):
        assert len(held.text) == len(held.starts) == len(held.ends)
        assert isinstance(held.place, Place)
