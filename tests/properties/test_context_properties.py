"""What must hold of context, kinds of term and markup for any text."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicontexts import entry, lexicon, matcher
from segmenters import segmenter

from screening.evidence import Ceiling
from screening.lexicon.kinds import Kind
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.spotting import spot, spread
from screening.subjects import Content
from screening.text.html import readings
from screening.text.normalize import normalize, normalize_joined

ALL = spread(Kind) - {Kind.HEADLINE}
EXAMPLES = {"must_hit": ["x"], "must_not_hit": ["y"]}
HEAD = '[groups]\nreporting = ["警方"]\nrefusal = ["拒绝", "…害人"]'

PIECES = st.sampled_from(
    [
        *["兼职", "日结", "加我", "赌博", "警方", "拒绝", "害人", "震惊！", "速看", "很长的一段话没有别的意思"],
        *["“", "”", "《", "》", "，", "。", "\n", "\u200b", "*", " ", "白日依山尽", "黄河入海流"],
        *["13912345678", "139", "1234", "５６７８", "一三九", "微信", "：", "boss_88", "扣扣", "vx", "abc88"],
        *[".vip", "点com", "t.cn/a1", "@", "11010519491231002X", "6222"],
        *["<b>", "</b>", "<p>", "<i hidden>", "</i>", '<img alt="', '">', "<p style='display:none'>", "</p>"],
        *["&#36172;", "<!--", "-->"],
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=20))
CONTENTS = st.builds(
    Content,
    id=st.just("c"),
    account_id=st.just("a"),
    title=st.none() | TEXTS,
    body=st.none() | TEXTS,
    format=st.sampled_from(["text", "html"]),
)


def kind(name, **fields):
    rows = {"ceiling": '"review"', "must_hit": '["x"]', "must_not_hit": '["y"]'} | fields
    written = "\n".join(f"{key} = {value}" for key, value in rows.items())
    return f'[[entry]]\nid = "{name}"\nkind = "{name}"\n{written}\n'


ENTRIES = (
    entry("job", "兼职", ceiling="evidence", severity=1),
    entry("offer", "日结", severity=2, **{"with": [["兼职", "加我"], ["kind:contact", "加我"]]}),
    entry("word", "赌博", review_in=["quotation", "verse", "reporting"], evidence_in=["refusal"]),
    entry("near", "加我", near=["kind:phone", "kind:domain"], not_near=["kind:bank-card"]),
    entry("title", "速看", field="title"),
    kind("contact"),
    kind("domain", ceiling='"evidence"'),
    kind("identity-number", ceiling='"auto"'),
    kind("headline"),
)


@functools.cache
def with_entries(count=None) -> ContentMatcher:
    return matcher(*ENTRIES[:count], head=HEAD)


def level(hits):
    ceilings = {Ceiling.EVIDENCE: 1, Ceiling.REVIEW: 2, Ceiling.AUTO: 3}
    return max((min(hit.severity, ceilings[hit.ceiling]) for hit in hits), default=0)


@given(CONTENTS)
def test_every_quote_is_what_was_sent(content):
    """`field[start:end] == quote`, not empty, for combinations, kinds, titles, attributes and hidden text."""
    for hit in with_entries().find([content])[0]:
        field = content.title if hit.field == "title" else content.body
        assert field[hit.start : hit.end] == hit.quote != ""


@given(st.lists(CONTENTS, max_size=5))
def test_context_does_not_depend_on_the_batch(contents):
    """Neighbours in a batch change nothing."""
    assert with_entries().find(contents) == [with_entries().find([content])[0] for content in contents]


@given(CONTENTS, st.integers(1, len(ENTRIES) - 1))
def test_a_further_entry_never_weakens(content, count):
    """What some entries call for, these and further ones call for too."""
    few, all_of_them = with_entries(count).find([content])[0], with_entries().find([content])[0]
    assert level(few) <= level(all_of_them)


@settings(max_examples=50)
@given(TEXTS, st.integers(300, 600))
def test_context_does_not_depend_on_where_a_field_is_cut(text, chunk):
    """A long field searched in pieces gives what it gives whole."""
    content = Content(id="c", account_id="a", body=(text + "，中间隔着一些别的话，") * 40)
    cut = ContentMatcher(lexicon(*ENTRIES, head=HEAD), segmenter(), chunk=chunk)
    assert cut.find([content]) == with_entries().find([content])


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_of_a_kind_depends_on_its_own_text_only(before, text, after):
    """In a batch each text gives what it gives alone."""
    alone = [(found.start, found.end, found.kind) for found in spot(normalize(text).text, ALL)]
    joined = normalize_joined([before, text, after])
    start = len(normalize(before).text) + 1
    end = start + len(normalize(text).text)
    inside = [found for found in spot(joined.text, ALL) if start <= found.start < end]
    assert [(found.start - start, found.end - start, found.kind) for found in inside] == alone


@given(st.sampled_from(sorted(ALL)), TEXTS)
def test_kinds_are_found_alike_alone_and_together(wanted, text):
    """Asking for more kinds takes none away."""
    plain = normalize(text).text
    alone, together = spot(plain, frozenset({wanted})), spot(plain, ALL)
    assert [found for found in together if found.kind is wanted] == alone


@given(TEXTS)
def test_places_grow_in_every_reading_of_markup(source):
    """Shown, attributes and hidden text each have places that never fall and stay inside the source."""
    for held in readings(source):
        assert len(held.text) == len(held.starts) == len(held.ends)
        for places in (held.starts.tolist(), held.ends.tolist()):
            assert places == sorted(places)
            assert all(0 <= place <= len(source) for place in places)
        assert (held.starts <= held.ends).all()


@pytest.mark.parametrize("condition", ["quotation", "verse", "reporting", "refusal"])
@given(body=TEXTS)
def test_a_condition_only_ever_lowers(condition, body):
    """With a condition the same hits are found, none of them higher."""
    content = Content(id="c", account_id="a", body=body)
    free = matcher_of(None).find([content])[0]
    held = matcher_of(condition).find([content])[0]
    assert [(hit.start, hit.end) for hit in held] == [(hit.start, hit.end) for hit in free]
    assert all(hit.ceiling in {Ceiling.AUTO, Ceiling.REVIEW} for hit in held)


@functools.cache
def matcher_of(condition):
    fields = {} if condition is None else {"review_in": [condition]}
    return matcher(entry("word", "赌博", **fields), head=HEAD)
