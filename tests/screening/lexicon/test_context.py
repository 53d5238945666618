"""Context: words that belong to a hit, kinds near it, named conditions, and the field it counts in."""

from __future__ import annotations

import pytest
from lexicontexts import DEFAULTS, entry, lexicon, matcher

from screening.errors import LexiconError
from screening.evidence import Ceiling
from screening.lexicon.conditions import in_quotation, in_refusal, in_verse
from screening.lexicon.context import CLOSE
from screening.subjects import Content
from screening.text.normalize import normalize

GROUPS = '[groups]\nreporting = ["警方", "法院"]\nrefusal = ["拒绝", "远离", "…害人"]'


def hits_of(found_by, body, **fields):
    return found_by.find([Content(id="c", account_id="a", body=body, **fields)])[0]


# -------------------------------------------------------------------------------------------------- combinations


def test_a_combination_needs_a_word_of_every_list():
    """Weak terms mean something only together, in any order, each list with a word of its own."""
    found_by = matcher(entry("together", "日结", **{"with": [["兼职", "招人"], ["加我", "扣1"]]}))
    assert hits_of(found_by, "兼职日结") == ()
    assert hits_of(found_by, "日结，加我") == ()
    (hit,) = hits_of(found_by, "急！招人做单，日结，扣1了解")
    assert (hit.term, hit.quote, hit.via) == ("日结", "招人做单，日结，扣1", ("width", "combined"))


def test_one_word_does_not_serve_two_lists():
    """Two lists that share a word need it twice."""
    found_by = matcher(entry("together", "日结", **{"with": [["兼职"], ["兼职", "加我"]]}))
    assert hits_of(found_by, "兼职日结") == ()
    assert len(hits_of(found_by, "兼职日结兼职")) == 1
    assert len(hits_of(found_by, "加我，兼职日结")) == 1


def test_the_quote_of_a_wide_combination_is_its_main_term():
    """Beyond what a reader takes in at one look the quote is the term alone; outside the window there is no hit."""
    found_by = matcher(entry("together", "日结", window=60, **{"with": [["兼职"]]}))
    (close,) = hits_of(found_by, "兼职" + "一" * (CLOSE - 4) + "日结")
    (wide,) = hits_of(found_by, "兼职" + "一" * (CLOSE - 3) + "日结")
    assert (len(close.quote), wide.quote, wide.via) == (CLOSE, "日结", ("combined",))
    assert hits_of(found_by, "兼职" + "一" * 59 + "日结") == ()


def test_the_closest_word_belongs_to_the_hit():
    """Of several the quote takes the nearest."""
    found_by = matcher(entry("together", "日结", **{"with": [["兼职"]]}))
    assert hits_of(found_by, "兼职兼职的一天日结啊兼职")[0].quote == "日结啊兼职"


def test_a_combination_may_need_a_kind():
    """A contact detail alone is nothing here; beside an offer it makes an advertisement."""
    found_by = matcher(entry("offer", "招代理", **{"with": [["kind:contact"]]}))
    assert hits_of(found_by, "招代理的事以后再说，我在微信里看到") == ()
    (hit,) = hits_of(found_by, "招代理，加微信：ｂoss_88 详谈")
    assert hit.quote == "招代理，加微信：ｂoss_88"


def test_a_number_cut_by_the_window_is_not_near():
    """What reaches beyond the window is no shorter number inside it."""
    found_by = matcher(entry("offer", "招代理", near=["kind:phone"], window=12))
    assert hits_of(found_by, "招代理，139123456789999") == ()
    assert len(hits_of(found_by, "招代理，13912345678")) == 1


def test_kinds_may_forbid_and_hold_too():
    """`not_near` and `review_near` take kinds as `near` does."""
    found_by = matcher(entry("a", "招代理", not_near=["kind:email"], review_near=["kind:domain"]))
    assert hits_of(found_by, "招代理 hr@example.com") == ()
    assert hits_of(found_by, "招代理 www.example.com")[0].via == ("context",)
    assert hits_of(found_by, "招代理")[0].ceiling is Ceiling.AUTO


# ---------------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("他说“去网上赌场”。", True),
        ("演过《网上赌场》的", True),
        ("「先去『网上赌场』再说」", True),
        ('所谓"网上赌场"而已', True),
        ("“好”网上赌场“坏”", False),
        ('"好"网上赌场"坏"', False),
        ("“网上赌场", False),
        ("网上赌场”", False),
        ("“去\n网上赌场”", False),
        ("“" + "一" * 200 + "网上赌场”", False),
        ("【网上赌场】", False),
    ],
)
def test_quotation_is_between_a_pair_of_marks_on_its_line(text, quoted):
    """Marks must open before and close after; an advertisement's brackets are no quotation."""
    plain = normalize(text).text
    start = plain.index("网上赌场")
    assert in_quotation(plain, start, start + 4) is quoted


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("请大家远离网上赌场", True),
        ("拒绝参与任何形式的网上赌场", True),
        ("网上赌场害人不浅", True),
        ("网上赌场真的害人", True),
        ("拒绝假货，网上赌场加我", False),
        ("拒绝一切没有信誉的骗子来信誉最好的网上赌场", False),
        ("网上赌场，害人的是别家", False),
        ("网上赌场", False),
    ],
)
def test_refusal_governs_what_follows_closely_in_its_clause(text, refused):
    """A word of refusal elsewhere buys no pardon."""
    start = text.index("网上赌场")
    assert in_refusal(text, start, start + 4, ("拒绝", "远离"), ("害人",)) is refused


@pytest.mark.parametrize(
    ("text", "verse"),
    [
        ("白日依山尽，黄河入海流。\n欲穷千里目，更上赌场楼。", True),
        ("朝辞白帝彩云间，千里江陵一日还。两岸猿声啼不住，轻舟已过赌场山。", True),
        ("白日依山尽，黄河入海流。更上赌场楼。", False),
        ("白日依山尽，黄河入海流了。欲穷千里目，更上赌场楼。", False),
        ("来我们的赌场玩，天天有好礼相送", False),
        ("赌场", False),
    ],
)
def test_verse_is_four_lines_of_one_length(text, verse):
    """Five or seven Han characters, four lines running, the hit's among them."""
    start = text.index("赌场")
    assert in_verse(text, start, start + 2) is verse


@pytest.mark.parametrize(
    ("condition", "body"),
    [
        ("quotation", "他演过《网上赌场》"),
        ("reporting", "警方查封网上赌场"),
        ("refusal", "远离网上赌场"),
        ("verse", "白日依山尽，黄河入海流。欲穷千里目，网上赌场楼。"),
    ],
)
def test_a_condition_lowers_to_what_the_entry_says_and_is_named(condition, body):
    """`review_in` holds to review, `evidence_in` to evidence; elsewhere nothing changes."""
    for field, ceiling in (("review_in", Ceiling.REVIEW), ("evidence_in", Ceiling.EVIDENCE)):
        found_by = matcher(entry("word", "网上赌场", **{field: [condition]}), head=GROUPS)
        (held,) = hits_of(found_by, body)
        assert (held.ceiling, held.via) == (ceiling, (f"in-{condition}",))
        (free,) = hits_of(found_by, "来网上赌场")
        assert (free.ceiling, free.via) == (Ceiling.AUTO, ())


def test_the_lowest_condition_counts_and_none_raises():
    """Several lower together; evidence stays evidence."""
    both = matcher(entry("word", "网上赌场", review_in=["quotation"], evidence_in=["refusal"]), head=GROUPS)
    (hit,) = hits_of(both, "“远离网上赌场”")
    assert (hit.ceiling, hit.via) == (Ceiling.EVIDENCE, ("in-quotation", "in-refusal"))
    low = matcher(entry("word", "网上赌场", ceiling="evidence", review_in=["quotation"]))
    assert hits_of(low, "“网上赌场”")[0].ceiling is Ceiling.EVIDENCE


# --------------------------------------------------------------------------------------------------------- field


def test_an_entry_may_count_in_the_title_only():
    """Or in the body only; by default in both."""
    found_by = matcher(entry("t", "速看", field="title"), entry("b", "加我", field="body"), entry("any", "赌博"))
    content = Content(id="c", account_id="a", title="速看加我赌博", body="速看加我赌博")
    hits = found_by.find([content])[0]
    assert [(hit.entry, hit.field) for hit in hits] == [
        ("b", "body"),
        ("any", "body"),
        ("t", "title"),
        ("any", "title"),
    ]


# ------------------------------------------------------------------------------------------------------ the file


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"with": []}, "with: found [], expected a list of lists of texts, none of them empty"),
        ({"with": ["加我"]}, "with: found ['加我'], expected a list of lists of texts, none of them empty"),
        ({"with": [["@nobody"]]}, "with: found '@nobody', expected a group among none"),
        ({"near": ["kind:moon"]}, "near: found 'kind:moon', expected kind: and one of bank-card, contact, domain,"),
        ({"near": ["kind:headline"]}, "near: found 'kind:headline', expected kind: and one of bank-card"),
        (
            {"review_in": ["dream"]},
            "review_in: found ['dream'], expected a list of quotation, reporting, refusal, verse",
        ),
        ({"review_in": ["refusal"]}, "review_in: found 'refusal', expected a group of this name among none"),
        ({"field": "footer"}, "field: found 'footer', expected one of any, title, body"),
        ({"kind": "phone"}, "found both terms and kind, expected one of them"),
    ],
)
def test_a_context_that_cannot_be_is_told(row, expected):
    """Each with its place and what was expected."""
    with pytest.raises(LexiconError) as raised:
        lexicon(entry("word", "赌博", **row))
    assert expected in str(raised.value.faults[0])


def test_a_kind_needs_no_terms_and_spreads_groups():
    """An entry of a kind is read whole, and `with` takes groups."""
    row = '[[entry]]\nid = "phone"\nkind = "phone"\nwith = [["@call", "扣1"]]\nmust_hit = ["x"]\nmust_not_hit = ["y"]'
    (read,) = lexicon(row, head='[groups]\ncall = ["加我"]').entries
    assert (read.kind, read.terms, read.views, read.together) == ("phone", ("phone",), frozenset(), (("加我", "扣1"),))
    assert "kind" not in DEFAULTS
