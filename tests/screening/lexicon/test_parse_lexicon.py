"""Reading lexicon files: values, and every fault with its place."""

from __future__ import annotations

import datetime as dt

import pytest
from lexicontexts import CATEGORIES, DEFAULTS, entry, lexicon

from screening.errors import LexiconError
from screening.evidence import Ceiling
from screening.lexicon.entries import Boundary, View
from screening.lexicon.parse import parse_lexicon


def faults_of(text, name="gambling.toml", **others):
    with pytest.raises(LexiconError) as raised:
        parse_lexicon({name: text} | others, CATEGORIES)
    return [str(fault) for fault in raised.value.faults]


def test_an_entry_is_read_whole():
    """Every field arrives, from the entry or from the defaults; what is silent has its documented value."""
    (read,) = lexicon(
        entry("casino", "网上赌场", "线上赌场", boundary="both", near=["@come", "开户"], largest_gap=2, severity=2),
        head='allow = ["网上赌场风云"]\n[groups]\ncome = ["加我", "开户"]',
    ).entries
    assert read.category == "gambling"
    assert read.id == "casino"
    assert read.terms == ("网上赌场", "线上赌场")
    assert (read.severity, read.ceiling) == (2, Ceiling.AUTO)
    assert read.boundary is Boundary.BOTH
    assert read.views == frozenset(View)
    assert (read.largest_gap, read.window) == (2, 30)
    assert read.near == ("加我", "开户")
    assert read.allow == ("网上赌场风云",)
    assert (read.not_near, read.review_near) == ((), ())
    assert (read.added, read.review_by) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))


def test_one_term_may_be_written_alone():
    """`term` stands for a list of one."""
    text = DEFAULTS + entry("casino", "网上赌场").replace('terms = ["网上赌场"]', 'term = "网上赌场"')
    (read,) = parse_lexicon({"gambling.toml": text}, CATEGORIES).entries
    assert read.terms == ("网上赌场",)


def test_shared_words_reach_every_file():
    """Allow phrases and groups of allow.toml serve all categories."""
    shared = 'allow = ["赌博默示录"]\n[groups]\npress = ["记者"]'
    (read,) = lexicon(entry("word", "赌博", not_near=["@press"]), shared=shared).entries
    assert read.allow == ("赌博默示录",)
    assert read.not_near == ("记者",)


def test_all_faults_are_told_at_once_with_their_places():
    """A file of faults gives them all: file, entry with its place, what was found, what was expected."""
    text = DEFAULTS + "\n".join(
        [
            entry("first", "赌博", colour="red"),
            entry("first", "赌 场", severity=4),
            entry("Second One", "ab"),
            entry("third", "\u200b"),
            entry("fourth", "賭博"),
            entry("fifth", "网赌", must_hit=["没有那个词"]),
            entry("sixth", "彩金", near=["@nobody"]),
            entry("seventh", "牌九", must_not_hit=[]),
            entry("eighth", " 牛牛"),
            entry("ninth", "番摊", allow=["\u200b"]),
        ]
    )
    assert faults_of(text) == [
        (
            "gambling.toml: entry 'first' (1st): colour: found an unknown key, expected one of term, id, terms, kind, "
            "severity, ceiling, views, trusted, plainly, boundary, largest_gap, allow, near, not_near, review_near, "
            "with, review_in, evidence_in, window, field, must_hit, must_not_hit, source, reason, added, review_by"
        ),
        "gambling.toml: entry 'first' (2nd): severity: found 4, expected a whole number from 1 to 3",
        (
            "gambling.toml: entry 'first' (2nd): id: found 'first', expected an id not used before "
            "(gambling.toml: entry 'first' (1st))"
        ),
        (
            "gambling.toml: entry 'Second One' (3rd): id: found 'Second One', expected lower-case letters and digits, "
            "words joined by '-'"
        ),
        (
            "gambling.toml: entry 'third' (4th): terms: found '\\u200b', of which nothing is left after normalising, "
            "expected letters, digits or Han characters"
        ),
        (
            "gambling.toml: entry 'fourth' (5th): terms: found '賭博', expected a term whose normal form '赌博' is not "
            "taken (gambling.toml: entry 'first' (1st))"
        ),
        "gambling.toml: entry 'fifth' (6th): must_hit: found '没有那个词', expected a text that holds one of the terms",
        "gambling.toml: entry 'sixth' (7th): near: found '@nobody', expected a group among none",
        "gambling.toml: entry 'seventh' (8th): must_not_hit: found [], expected at least one example",
        "gambling.toml: entry 'eighth' (9th): terms: found ' 牛牛', expected one line without spaces at its ends",
        (
            "gambling.toml: entry 'ninth' (10th): allow: found '\\u200b', of which nothing is left after normalising, "
            "expected a visible text"
        ),
    ]


def test_faults_of_several_files_come_together():
    """A broken file does not hide the faults of the next."""
    found = faults_of("entry = 3", **{"pornography.toml": "[[entry]\n", "weather.toml": ""})
    assert found[0] == "gambling.toml: entry: found 3, expected tables written [[entry]]"
    assert found[1].startswith("pornography.toml: found ")
    assert found[1].endswith("expected valid TOML")
    assert found[2].startswith("weather.toml: found 'weather', expected a file named after a category (economic-fraud")


def test_missing_fields_are_named():
    """What neither the entry nor the defaults say is a fault each."""
    found = faults_of(entry("casino", "网上赌场"))
    missing = ["severity", "ceiling", "source", "reason", "added", "review_by"]
    assert found == [
        f"gambling.toml: entry 'casino' (1st): found no {field}, expected a value here or in [defaults]"
        for field in missing
    ]


def test_dates_must_be_dates_in_order():
    """A quoted date is none, and a review cannot be due before the entry came in."""
    quoted = DEFAULTS.replace("added = 2026-01-01", 'added = "2026-01-01"')
    found = faults_of(quoted + entry("casino", "网上赌场"))
    assert found[0].startswith("gambling.toml: defaults: added: found '2026-01-01', expected a date")
    early = DEFAULTS.replace("review_by = 2027", "review_by = 2025")
    assert faults_of(early + entry("casino", "网上赌场")) == [
        (
            "gambling.toml: entry 'casino' (1st): review_by: found 2025-01-01 (added 2026-01-01), "
            "expected a date after that of added"
        )
    ]


def test_defaults_hold_only_what_entries_can_share():
    """Ids and terms belong to single entries, and unknown keys to nobody."""
    found = faults_of(DEFAULTS + 'id = "x"\ncolour = 1\n' + entry("casino", "网上赌场"))
    assert found[0].startswith("gambling.toml: defaults.colour: found an unknown key, expected one of added,")
    assert found[1].startswith("gambling.toml: defaults.id: found a field of single entries, expected one of added,")


def test_unknown_keys_of_a_file_are_faults():
    """Also in allow.toml, which has neither entries nor defaults."""
    found = faults_of("colour = 1", **{"allow.toml": "entry = []"})
    assert found == [
        "allow.toml: entry: found an unknown key, expected one of allow, groups",
        "gambling.toml: colour: found an unknown key, expected one of allow, defaults, entry, groups, list",
    ]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("views", ["moon"], f"a list of at least one of {', '.join(View)}"),
        ("boundary", "middle", "one of none, start, end, both"),
        ("ceiling", "order", "one of evidence, review, auto"),
        ("window", 0, "a whole number from 1 to 500"),
        ("largest_gap", True, "a whole number from 1 to 10"),
        ("near", "加我", "a list of texts, none of them empty"),
        ("reason", " ", "a text that is not empty"),
    ],
)
def test_a_value_that_does_not_fit_is_told(field, value, expected):
    """Each field says what it expects."""
    (found,) = faults_of(DEFAULTS + entry("casino", "网上赌场", **{field: value}))
    assert found.startswith(f"gambling.toml: entry 'casino' (1st): {field}: found ")
    assert found.endswith(f"expected {expected}")


def test_the_same_term_may_stand_in_two_categories():
    """Categories are kept apart; only ids are unique over all."""
    files = {f"{name}.toml": DEFAULTS + entry(f"in-{name}", "裸聊诈骗") for name in ("gambling", "pornography")}
    assert [read.category for read in parse_lexicon(files, CATEGORIES).entries] == ["gambling", "pornography"]
