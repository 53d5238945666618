"""Finding entries in contents: spans, views, boundaries, allow phrases, context, overlaps."""

from __future__ import annotations

import pytest
from lexicontexts import DEFAULTS, entry, lexicon, matcher
from segmenters import segmenter

from screening.evidence import Ceiling
from screening.lexicon.matcher import MOST_HITS, ContentMatcher
from screening.lexicon.parse import parse_lexicon
from screening.subjects import Content


def content(body=None, title=None, **fields):
    return Content(id="c", account_id="a", title=title, body=body, **fields)


def hits_of(found_by, body, **fields):
    return found_by.find([content(body, **fields)])[0]


def spans(hits):
    return [(hit.entry, hit.start, hit.end) for hit in hits]


def test_a_hit_says_what_was_found_and_where():
    """All of a hit's evidence: entry, term as written, place, quote, score, and the entry's gravity."""
    (hit,) = hits_of(matcher(entry("word", "USDT赌博", severity=2, ceiling="review")), "来usdt賭\u200b博吧")
    assert (hit.category, hit.entry, hit.term, hit.field) == ("gambling", "word", "USDT赌博", "body")
    assert (hit.start, hit.end, hit.quote) == (1, 8, "usdt賭\u200b博")
    assert (hit.score, hit.severity, hit.ceiling) == (1.0, 2, Ceiling.REVIEW)
    assert hit.via == ("variant", "invisible-removed")


def test_text_that_is_the_term_has_no_steps():
    """Where the quote is the term as written, nothing led from one to the other."""
    (hit,) = hits_of(matcher(entry("word", "USDT赌博")), "USDT赌博")
    assert hit.via == ()


def test_title_and_body_are_apart():
    """A term never reaches from the title into the body, nor from one content into the next."""
    found_by = matcher(entry("word", "赌博"))
    assert found_by.find([content("博", title="赌"), content("博"), content(title="去赌博")])[:2] == [(), ()]
    hits = found_by.find([content("博", title="赌"), content("博"), content("x赌博", title="去赌博")])[2]
    assert [(hit.field, hit.start) for hit in hits] == [("body", 1), ("title", 1)]


@pytest.mark.parametrize("body", ["赌*博", "赌🎲博", "赌|博", "我们 赌 博 吧", "赌\u200b*博"])
def test_symbols_between_characters_are_read_over(body):
    """Symbols and spaces between Han characters do not hide a term; the hit is a little less sure."""
    (hit,) = hits_of(matcher(entry("word", "赌博")), body)
    assert body[hit.start : hit.end] == hit.quote
    assert hit.quote[0] + hit.quote[-1] == "赌博"
    assert hit.score == 0.9
    assert hit.via[-1] == "symbols-removed"


def test_the_symbols_view_must_be_wanted():
    """An entry that has only the exact view is not found across symbols, and the other way about."""
    assert hits_of(matcher(entry("word", "赌博", views=["exact"])), "赌*博") == ()
    assert hits_of(matcher(entry("word", "赌博", views=["symbols"])), "赌博") == ()


def test_the_largest_gap_is_the_entrys():
    """More symbols than the entry allows keep characters apart."""
    assert hits_of(matcher(entry("word", "赌博", largest_gap=1)), "赌**博") == ()
    assert len(hits_of(matcher(entry("word", "赌博", largest_gap=2)), "赌**博")) == 1


def test_a_boundary_across_symbols_looks_at_close_neighbours_only():
    """Beyond the next symbol nothing is a neighbour: 源 and 网 do not make a word of 资*源，网盘."""
    found_by = matcher(entry("word", "资源", boundary="both"))
    assert len(hits_of(found_by, "出资*源，网盘里")) == 1
    assert hits_of(found_by, "出资*源网盘里") == ()


def test_ordinary_punctuation_joins_no_words():
    """A comma or a space between sentences makes no term of their ends."""
    found_by = matcher(entry("word", "赌博"), entry("site", "网上赌场"))
    assert hits_of(found_by, "他爱打赌,博士不爱") == ()
    assert hits_of(found_by, "我在网上,赌场不在") == ()


@pytest.mark.parametrize(("boundary", "hit"), [("none", True), ("start", False), ("end", True), ("both", False)])
def test_boundaries_ask_for_ends_of_words(boundary, hit):
    """In 爱打赌博物 … the hit ends with a word or not as the segmenter says; each boundary asks for its own end."""
    body = "他打赌的"
    found_by = matcher(entry("word", "赌", boundary=boundary))
    assert bool(hits_of(found_by, body)) is hit


def test_allow_phrases_cancel_only_what_they_cover():
    """A hit inside an allow phrase is none; the same term elsewhere, or sticking out, is."""
    found_by = matcher(entry("word", "赌博", allow=["赌博默示录"]), entry("long", "看赌博默", allow=["赌博默示录"]))
    assert hits_of(found_by, "赌博默示录") == ()
    assert spans(hits_of(found_by, "赌博默示录，去赌博")) == [("word", 7, 9)]
    assert spans(hits_of(found_by, "看赌博默示录")) == [("long", 0, 4)]


def test_an_allow_phrase_is_its_entrys_own():
    """An entry's phrase does not cancel another entry's hit; a file's phrase cancels all of its category."""
    entries = (entry("word", "赌博", allow=["赌博默示录"]), entry("show", "默示录"))
    assert spans(hits_of(matcher(*entries), "赌博默示录")) == [("show", 2, 5)]
    assert hits_of(matcher(*entries, head='allow = ["赌博默示录"]'), "赌博默示录") == ()


def test_a_split_allow_phrase_cancels_no_exact_hit():
    """Symbols put into an innocent phrase do not buy a pardon for a term written out."""
    found_by = matcher(entry("word", "赌博", allow=["禁止赌博"]))
    assert hits_of(found_by, "禁止赌博") == ()
    assert len(hits_of(found_by, "禁止*赌博")) == 1
    assert hits_of(found_by, "禁*止*赌*博") == ()


def test_near_is_needed_and_not_near_forbids():
    """Context within the window decides whether there is a hit."""
    found_by = matcher(entry("word", "百家乐", near=["加我"], not_near=["超市"], window=5))
    assert hits_of(found_by, "玩百家乐") == ()
    assert len(hits_of(found_by, "玩百家乐，加我")) == 1
    assert hits_of(found_by, "玩百家乐，一二三四五加我") == ()
    assert hits_of(found_by, "百家乐超市，加我") == ()


def test_context_ends_with_the_field():
    """Words of the next content are not near."""
    found_by = matcher(entry("word", "百家乐", near=["加我"]))
    assert found_by.find([content("百家乐"), content("加我")]) == [(), ()]


def test_what_is_in_the_hit_is_not_near_it():
    """A term that holds a context word is not its own context."""
    assert hits_of(matcher(entry("word", "百家乐加我", near=["加我"])), "百家乐加我") == ()


def test_review_near_holds_the_ceiling():
    """A word of reporting turns an automatic hit into one for people, and the hit says so."""
    found_by = matcher(entry("word", "网上赌场", review_near=["警方"]))
    (plain,) = hits_of(found_by, "网上赌场")
    (held,) = hits_of(found_by, "警方查封网上赌场")
    assert (plain.ceiling, plain.via) == (Ceiling.AUTO, ())
    assert (held.ceiling, held.via) == (Ceiling.REVIEW, ("context",))


def test_review_near_never_raises_a_ceiling():
    """Evidence stays evidence, whatever stands near."""
    (hit,) = hits_of(matcher(entry("word", "赌场", ceiling="evidence", review_near=["警方"])), "警方查封赌场")
    assert hit.ceiling is Ceiling.EVIDENCE


def test_of_overlapping_hits_the_longest_then_leftmost_stays():
    """Within a category overlaps are resolved."""
    found_by = matcher(entry("a", "赌博"), entry("b", "赌博网站"), entry("c", "站台"), entry("d", "网站台"))
    assert spans(hits_of(found_by, "赌博网站台")) == [("b", 0, 4)]
    assert spans(hits_of(matcher(entry("a", "赌博"), entry("b", "博彩")), "赌博彩")) == [("a", 0, 2)]


def test_a_longer_slight_hit_never_hides_a_grave_one():
    """Gravity goes before length, so adding an entry never weakens a verdict."""
    found_by = matcher(entry("grave", "赌博"), entry("slight", "赌博网站", severity=1, ceiling="evidence"))
    assert spans(hits_of(found_by, "赌博网站")) == [("grave", 0, 2)]
    held = matcher(entry("held", "赌博网站", review_near=["警方"]), entry("auto", "赌博"))
    assert spans(hits_of(held, "警方:赌博网站")) == [("auto", 3, 5)]


def test_categories_do_not_resolve_against_each_other():
    """The same place may be evidence for two categories."""
    files = {
        "gambling.toml": DEFAULTS + entry("g", "裸聊赌博"),
        "pornography.toml": DEFAULTS + entry("p", "裸聊"),
    }
    found_by = ContentMatcher(parse_lexicon(files, ["gambling", "pornography"]), segmenter())
    assert spans(hits_of(found_by, "裸聊赌博")) == [("p", 0, 2), ("g", 0, 4)]


def test_a_flood_is_cut_but_hides_nothing_graver():
    """At most so many hits of a category are kept in a field, the gravest first."""
    found_by = matcher(entry("slight", "赌", severity=1), entry("grave", "网上赌场"))
    hits = hits_of(found_by, "赌" * 500 + "网上赌场")
    assert len(hits) == MOST_HITS
    assert hits[-1].entry == "grave"


def test_markup_is_read_over_and_quoted_as_sent():
    """In HTML the quote is the slice of the source, tags and references included."""
    body = "<p>去赌<b>&#21338;</b>吧</p>"
    (hit,) = hits_of(matcher(entry("word", "赌博")), body, format="html")
    assert body[hit.start : hit.end] == hit.quote == "赌<b>&#21338;"
    assert hit.via == ("markup-removed",)


def test_blocks_part_words_and_text_is_no_markup():
    """A term does not reach from one paragraph into the next, and in plain text tags are but characters."""
    found_by = matcher(entry("word", "赌博", views=["exact"]))
    assert hits_of(found_by, "<p>去赌</p><p>博士</p>", format="html") == ()
    assert hits_of(found_by, "赌<b>博</b>") == ()


def test_empty_contents_and_batches_are_fine():
    """No contents, no fields, empty fields: no hits."""
    found_by = matcher(entry("word", "赌博"))
    assert found_by.find([]) == []
    assert found_by.find([content(), content("", title="")]) == [(), ()]


def test_an_empty_lexicon_finds_nothing():
    """A lexicon may be empty."""
    assert hits_of(ContentMatcher(lexicon(), segmenter()), "赌*博") == ()


def test_a_term_with_spaces_or_latin_letters_is_found():
    """Spaces inside a term count, letters compare without case and width."""
    found_by = matcher(entry("phrase", "bc pan"), entry("coin", "ＵＳＤＴ搬砖"))
    assert spans(hits_of(found_by, "BC Pan usdt搬砖")) == [("phrase", 0, 6), ("coin", 7, 13)]
