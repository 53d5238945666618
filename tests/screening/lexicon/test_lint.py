"""What is doubtful about a lexicon is found, and what is sound is left alone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import DEFAULTS, entry, shipped
from segmenters import segmenter

from screening.evidence import Ceiling
from screening.lexicon.lint import MOST_FLAGS, Level, flags_of, lint, lint_flags
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.parse import parse_lexicon
from screening.subjects import Content

TODAY = dt.date(2026, 11, 23)
WORDS = ("打赌博士", "赌博机", "博士", "手机", "赌博")


def linted(gambling: str, *, words=(), today=TODAY, **others: str):
    files = {"gambling.toml": DEFAULTS + gambling} | {f"{name}.toml": DEFAULTS + text for name, text in others.items()}
    lexicon = parse_lexicon(files, ["gambling", "pornography"])
    return lint(lexicon, today, words)


def plain(name: str, *terms: str, **fields: str) -> str:
    rows = "\n".join(f'{field} = "{value}"' for field, value in fields.items())
    return "\n".join(["[[list]]", f'id = "{name}"', rows, "terms = '''", *terms, "'''", ""])


def test_a_sound_lexicon_has_no_findings():
    """Nothing is said where there is nothing to say."""
    assert linted(entry("one", "赌博网站", "usdt") + entry("two", "博彩平台"), words=WORDS) == ()


@pytest.mark.parametrize(
    ("fields", "inside"),
    [
        ({}, "2 ordinary words (打赌博士, 赌博机)"),
        ({"boundary": "start"}, "1 ordinary words (赌博机)"),
        ({"boundary": "end"}, None),
        ({"boundary": "both"}, None),
        ({"allow": ["打赌博士"]}, "1 ordinary words (赌博机)"),
        ({"allow": ["打赌博士", "赌博机"]}, None),
        ({"near": ["开户"]}, None),
        ({"with": [["开户"]]}, None),
    ],
)
def test_a_term_inside_ordinary_words(fields, inside):
    """It is told with the words, unless a boundary, an allow phrase or a condition keeps it out of them."""
    findings = linted(entry("one", "赌博", **fields), words=WORDS)
    assert [f.found for f in findings] == ([] if inside is None else [f"it inside {inside}"])
    assert all(f.level is Level.WARNING and f.where == "gambling: entry 'one': '赌博'" for f in findings)


def test_words_are_compared_in_normal_form():
    """A traditional word holds a simplified term; the word is shown as it was given."""
    (finding,) = linted(entry("one", "赌博"), words=("打賭博士",))
    assert "打賭博士" in finding.found


def test_many_words_are_cut_short():
    """The most common come first, and the rest is a number."""
    (finding,) = linted(entry("one", "赌博"), words=("一赌博", "二赌博", "三赌博", "四赌博", "一赌博"))
    assert finding.found == "it inside 4 ordinary words (一赌博, 二赌博, 三赌博, …)"


def test_a_term_of_two_categories():
    """Told at the second one, with where the first stands; written forms may differ."""
    (finding,) = linted(entry("one", "賭博網"), pornography=entry("two", "赌博网"))
    assert (finding.level, finding.where) == (Level.WARNING, "pornography: entry 'two': '赌博网'")
    assert "gambling: entry 'one': '賭博網'" in finding.expected


def test_terms_that_a_list_shares():
    """One finding for each pair: with entries, with another list, and within the list."""
    text = (
        entry("one", "甲乙丙", "丁戊己")
        + plain("many", "甲乙丙", "丁戊己", "庚辛壬", "庚辛壬")
        + plain("more", "庚辛壬")
    )
    found = {finding.where: finding.found for finding in linted(text, pornography=plain("else", "庚辛壬"))}
    findings = [(f.where, f.found) for f in linted(text, pornography=plain("else", "庚辛壬"))]
    assert len(findings) == 4
    assert found["gambling: list 'more'"].startswith("1 terms that stand in list 'many' before ('庚辛壬')")
    assert found["pornography: list 'else'"].startswith("1 terms that stand in list 'many'")
    assert (
        "gambling: list 'many'",
        "2 terms that stand in entries of gambling before ('甲乙丙', '丁戊己')",
    ) in findings
    assert ("gambling: list 'many'", "1 terms that stand in list 'many' before ('庚辛壬')") in findings


def test_a_boundary_of_a_list_counts():
    """Lists stand at word ends unless they say otherwise."""
    assert linted(plain("many", "赌博"), words=WORDS) == ()
    (finding,) = linted(plain("many", "赌博", boundary="none"), words=WORDS)
    assert finding.where == "gambling: list 'many': '赌博'"


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({}, Level.FAULT),
        ({"near": ["开户"]}, Level.FAULT),
        ({"ceiling": "review"}, Level.WARNING),
        ({"ceiling": "review", "near": ["开户"]}, None),
        ({"ceiling": "evidence"}, None),
    ],
)
def test_one_character(fields, level):
    """It stands in every text, so it never orders, and sends to a person only under a condition."""
    findings = linted(entry("one", "博", **fields))
    assert [f.level for f in findings] == ([] if level is None else [level])


def test_an_entry_past_its_day():
    """Its day itself is still in time; lists expire too."""
    text = entry("one", "甲乙丙", review_by="X").replace('"X"', "2026-11-22") + entry("two", "丁戊己")
    assert linted(text, today=dt.date(2026, 11, 21)) == ()
    assert linted(text, today=dt.date(2026, 11, 22)) == ()
    (finding,) = linted(text)
    assert finding.where == "gambling: entry 'one': review_by"
    later = linted(text + plain("many", "庚辛壬"), today=dt.date(2027, 1, 2))
    assert {f.where.split(": ")[1] for f in later} == {"entry 'one'", "entry 'two'", "list 'many'"}
    assert {f.level for f in later} == {Level.WARNING}


def test_faults_come_first():
    """Whoever reads the findings sees first what keeps the lexicon from being activated."""
    findings = linted(entry("one", "博", boundary="both") + entry("two", "赌博"), words=WORDS)
    assert [f.level for f in findings] == [Level.FAULT, Level.WARNING]
    assert str(findings[0]).startswith("fault: gambling: entry 'one': '博': found one character with ceiling auto")


# On clean texts


def flagged(text: str, *bodies: str):
    lexicon = parse_lexicon({"gambling.toml": DEFAULTS + text}, ["gambling"])
    contents = [Content(id=str(at), account_id="a", body=body) for at, body in enumerate(bodies)]
    return flags_of(ContentMatcher(lexicon, segmenter()).find(contents))


def test_flags_count_texts():
    """A term that stands in a text three times is one text; each text counts once, by its gravest hit."""
    flags = flagged(
        entry("one", "甲乙丙") + entry("two", "丁戊己", ceiling="review"),
        "无",
        "甲乙丙甲乙丙",
        "甲乙丙，丁戊己",
        "丁戊己",
    )
    assert flags.texts == 4
    assert flags.by_term["gambling", "one", "甲乙丙", Ceiling.AUTO] == (2, 2)
    assert flags.by_term["gambling", "two", "丁戊己", Ceiling.REVIEW] == (2, 3)
    assert dict(flags.by_ceiling) == {Ceiling.AUTO: 2, Ceiling.REVIEW: 1}


@pytest.mark.parametrize(
    ("clean", "dirty", "level"), [(0, 1, "warning"), (8, 2, "fault"), (9998, 2, "fault"), (9999, 1, None)]
)
def test_an_order_for_clean_texts(clean, dirty, level):
    """Two texts show a fault, one in a small sample asks to look, one in ten thousand is within the bound."""
    flags = flagged(entry("one", "甲乙丙"), *["甲乙丙"] * dirty, *["无"] * clean)
    assert [f.level.value for f in lint_flags(flags)] == ([] if level is None else [level])


@pytest.mark.parametrize("ceiling", ["review", "evidence"])
def test_reviews_and_evidence_for_clean_texts(ceiling):
    """They only ask to look, and only beyond their bound."""
    within = round(MOST_FLAGS[Ceiling(ceiling)] * 2000 / 10_000)
    text = entry("one", "甲乙丙", ceiling=ceiling)
    assert lint_flags(flagged(text, *["甲乙丙"] * within, *["无"] * (2000 - within))) == ()
    (finding,) = lint_flags(flagged(text, *["甲乙丙"] * (within + 1), *["无"] * (1999 - within)))
    assert finding.level is Level.WARNING
    assert finding.where == "gambling: entry 'one': '甲乙丙'"
    assert f"({within + 1} of 2000; the first is text 1)" in finding.found


def test_no_texts_no_flags():
    """An empty sample says nothing and divides by nothing."""
    assert lint_flags(flags_of([])) == ()


ALPHABET = "甲乙丙丁"


@given(
    st.lists(st.text(ALPHABET, min_size=2, max_size=3), min_size=1, max_size=4, unique=True),
    st.lists(st.text(ALPHABET, min_size=1, max_size=6), max_size=6, unique=True),
    st.sampled_from(["none", "start", "end", "both"]),
)
def test_inside_is_what_a_plain_search_says(terms, words, boundary):
    """The words told are those that hold the term where its boundary lets it be found."""

    def holds(word: str, term: str) -> bool:
        places = [at for at in range(len(word)) if word.startswith(term, at)]
        return any(
            (at == 0 or boundary in {"none", "end"}) and (at + len(term) == len(word) or boundary in {"none", "start"})
            for at in places
            if word != term and boundary != "both"
        )

    findings = linted("".join(entry(f"e{at}", term, boundary=boundary) for at, term in enumerate(terms)), words=words)
    expected = {term: sum(holds(word, term) for word in words) for term in terms}
    told = {f.where.split("'")[3]: int(f.found.split()[2]) for f in findings}
    assert told == {term: count for term, count in expected.items() if count}


def test_the_shipped_lexicon_has_no_faults():
    """What comes with the release can be activated."""
    assert [str(f) for f in lint(shipped(), TODAY) if f.level is Level.FAULT] == []


def test_what_has_no_spelling_is_left_alone():
    """An entry that looks for a kind of thing has no term to look at."""
    by_kind = entry("one", "x", kind="phone", ceiling="review").replace('terms = ["x"]\n', "")
    assert linted(by_kind, words=("phone", "phones")) == ()
