"""Markup as a reader sees it, with places in the source."""

from __future__ import annotations

import pytest

from screening.text.html import readable


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("赌<b>博</b>", "赌博"),
        ('赌<span style="color:red">博</span>', "赌博"),
        ("<p>去赌</p><p>博士</p>", "\n去赌\n\n博士\n"),
        ("赌<br>博", "赌\n博"),
        ("赌<BR/>博", "赌\n博"),
        ("&#36172;&#x535A;", "赌博"),
        ("&#00000000036172;&#X00535a", "赌博"),
        ("1 &lt; 2 &amp&amp; 3&nbsp;", "1 < 2 && 3\xa0"),
        ("&notareference; &;", "¬areference; &;"),
        ("赌<!-- 说明 -->博", "赌博"),
        ("赌<!--><b>博", "赌博"),
        ("赌<script>if (a<b) x('</b>')</script>博", "赌博"),
        ("赌<STYLE>p{}</Style >博", "赌博"),
        ("<!doctype html><?xml?>赌", "赌"),
        ('<a title="a > b">赌</a>', "赌"),
        ("<a title='a > b' x=y>赌</a>", "赌"),
        ("1 < 2 <3 <<b>赌</b>", "1 < 2 <3 <赌"),
        ("", ""),
    ],
)
def test_reads_as_a_browser_shows_it(source, read):
    """Tags, references, comments and raw content read as on the screen."""
    assert readable(source).text == read


@pytest.mark.parametrize(
    "source",
    ["<!-- 赌博", "<a title='赌博", "<a 赌博", "<script>赌博", "<style>赌博</styl", "<b 赌博 <i"],
)
def test_nothing_hides_behind_what_never_ends(source):
    """Markup that never ends is read as text."""
    assert "赌博" in readable(source).text


def test_places_are_those_of_the_source():
    """Each character knows the source that says it: itself, its whole reference, or nothing for a line feed."""
    source = "赌&#21338;<p>x"
    shown = readable(source)
    assert shown.text == "赌博\nx"
    places = list(zip(shown.starts.tolist(), shown.ends.tolist(), strict=True))
    assert [source[start:end] for start, end in places] == ["赌", "&#21338;", "", "x"]


@pytest.mark.parametrize(
    "source",
    [
        "&#" + "9" * 6000 + ";",
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "&" + "a" * 100,
        "<",
        "</",
        "<!",
        "<!-",
        "&",
        "&#",
        "&#x",
    ],
)
def test_any_reference_or_stump_is_survived(source):
    """Numbers out of range and stumps of markup give some text and never an error."""
    shown = readable(source)
    assert len(shown.text) == len(shown.starts) == len(shown.ends)


@pytest.mark.parametrize("piece", ["<", "<a ", '<a ="', "<!--", "<script>", "&#0", "</", "<a=' ", "&", "<b", "=\"'"])
def test_hostile_repetition_is_read(piece):
    """Half a million characters of any stump are read whole (quadratic work would exceed the test's time limit)."""
    assert len(readable(piece * (500_000 // len(piece))).text) > 0
