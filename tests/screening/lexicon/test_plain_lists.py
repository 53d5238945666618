"""Plain lists: many terms in one text, which never order anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import DEFAULTS, entry
from segmenters import segmenter

from screening.errors import LexiconError
from screening.evidence import Ceiling
from screening.lexicon.entries import Boundary, View, listed_id
from screening.lexicon.lists import MOST_LISTED, MOST_TOLD, packed
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.parse import category_of, parse_lexicon
from screening.subjects import Content

CATEGORIES = ("gambling", "pornography")


def listed(*terms: str, head: str = "", name: str = "words") -> str:
    """Return a plain list as TOML."""
    lines = "\n".join(terms)
    return f"[[list]]\nid = \"{name}\"\nseverity = 2\n{head}\nterms = '''\n{lines}\n'''\n"


def faults_of(**files: str) -> list[str]:
    with pytest.raises(LexiconError) as raised:
        parse_lexicon({f"{name.replace('__', '.')}.toml": text for name, text in files.items()}, CATEGORIES)
    return [str(fault) for fault in raised.value.faults]


def test_a_list_is_read_beside_entries():
    """Its terms share their fields; what `[defaults]` say of ceiling, views and boundary does not reach them."""
    text = "\n".join([DEFAULTS, entry("one", "甲乙丙"), listed("丁戊己", "", "  庚辛壬  ")])
    lexicon = parse_lexicon({"gambling.toml": text}, CATEGORIES)
    assert [held.id for held in lexicon.entries] == ["one"]
    (held,) = lexicon.lists
    assert list(held.terms) == ["丁戊己", "庚辛壬"]
    shared = held.shared
    assert (shared.category, shared.id, shared.severity, shared.terms) == ("gambling", "words", 2, ())
    assert (shared.ceiling, shared.boundary) == (Ceiling.REVIEW, Boundary.BOTH)
    assert shared.views == {View.EXACT, View.SYMBOLS}
    assert (shared.source, str(shared.added)) == ("test", "2026-01-01")


def test_a_hit_of_a_list_is_named_and_capped():
    """The hit names the list and the term, and leads to review at most."""
    lexicon = parse_lexicon({"gambling.toml": DEFAULTS + listed("丁戊己")}, CATEGORIES)
    matcher = ContentMatcher(lexicon, segmenter())
    ((hit,),) = matcher.find([Content(id="c", account_id="a", body="看看，丁*戊己。")])
    assert (hit.entry, hit.term, hit.quote, hit.ceiling) == (
        listed_id("words", "丁戊己"),
        "丁戊己",
        "丁*戊己",
        "review",
    )


def test_a_list_never_orders():
    """A ceiling of auto is refused, for nobody wrote examples."""
    (fault,) = faults_of(gambling=DEFAULTS + listed("丁戊己", head='ceiling = "auto"'))
    assert "gambling.toml: list 'words' (1st): ceiling: found 'auto', expected one of evidence, review" in fault


def test_faulty_terms_are_told_and_bounded():
    """Each with its place, and of a wholly faulty list only the first."""
    (fault,) = faults_of(gambling=DEFAULTS + listed("丁戊己", "！？"))
    assert fault.startswith("gambling.toml: list 'words' (1st): terms[1]: found '！？'")
    many = faults_of(gambling=DEFAULTS + listed(*["。。。"] * 1000))
    assert len(many) == MOST_TOLD + 1


def test_more_terms_than_a_list_may_hold_are_refused():
    """Before any work is done on them, with the number and the bound."""
    held, faults = packed("gambling.toml: list 'words'", ["甲乙"] * (MOST_LISTED + 1))
    assert len(held) == 0
    assert [str(fault) for fault in faults] == [
        "gambling.toml: list 'words': terms: found 2000001 terms, expected at most 2000000"
    ]


def test_other_faults_of_a_list_are_told():
    """No terms, an unknown key, a missing field, an id that is taken, examples that no list has."""
    faults = faults_of(
        gambling="\n".join([DEFAULTS, listed("丁戊己"), listed("庚辛壬"), listed(name="empty")]),
        pornography=listed("丁戊己", head='colour = 1\nmust_hit = ["丁戊己"]', name="other"),
    )
    for found in (
        "list 'words' (2nd): id: found 'words', expected an id not used before",
        "list 'empty' (3rd): terms: found no term",
        "list 'other' (1st): colour: found an unknown key",
        "list 'other' (1st): must_hit: found an unknown key",
        "list 'other' (1st): found no source, expected a value here or in [defaults]",
    ):
        assert any(found in fault for fault in faults), (found, faults)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("gambling.toml", "gambling"),
        ("gambling.our-words.toml", "gambling"),
        ("black-market-ads.x1.toml", "black-market-ads"),
        ("gambling", None),
        ("gambling.txt", None),
        ("gambling..toml", None),
        ("gambling.Our.toml", None),
        ("gambling.a.b.toml", None),
        (".toml", None),
    ],
)
def test_a_files_name_says_its_category(name, category):
    """A category may have several files, each with a name of its own behind it."""
    assert category_of(name) == category


def test_terms_of_one_category_are_compared_over_its_files():
    """The same term in two files of a category is a fault, as it is in one file."""
    files = {
        "gambling": DEFAULTS + entry("one", "甲乙丙"),
        "gambling__more": DEFAULTS + entry("two", "甲乙丙", "丁戊己"),
    }
    (fault,) = faults_of(**files)
    assert fault.startswith(("gambling.toml: entry 'one'", "gambling.more.toml: entry 'two'"))
    assert "is not taken" in fault


@given(st.lists(st.text(st.characters(codec="utf-8", categories=("Lo", "Ll", "Nd")), min_size=1), min_size=1))
def test_what_was_written_is_read(terms):
    """Letters and digits of any script come back as they were written, in their order."""
    try:
        lexicon = parse_lexicon({"gambling.toml": DEFAULTS + listed(*terms)}, CATEGORIES)
    except LexiconError as error:
        assert all("nothing that can be searched is left" in str(fault) for fault in error.faults)  # noqa: PT017
        return
    assert list(lexicon.lists[0].terms) == terms
