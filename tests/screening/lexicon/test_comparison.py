"""What lies between two lexicons, and between the results that they give."""

from __future__ import annotations

import msgspec
import pytest
from histories import content_result
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import DEFAULTS, entry, lexicon
from rulebook import content_hit

from screening.decisions import Verdict
from screening.evidence import Ground
from screening.lexicon.comparison import Effect, How, compare, large_changes, size, verdict_change
from screening.lexicon.parse import parse_lexicon


def listed(name: str, *terms: str, severity: int = 2) -> str:
    return "\n".join(["[[list]]", f'id = "{name}"', f"severity = {severity}", "terms = '''", *terms, "'''", ""])


def read(**files: str):
    return parse_lexicon(
        {f"{name}.toml": DEFAULTS + text for name, text in files.items()}, ["gambling", "pornography", "economic-fraud"]
    )


def test_the_same_lexicon_has_no_changes():
    """Neither order nor another file makes a change."""
    one, two = entry("one", "甲乙丙"), entry("two", "丁戊己")
    compared = compare(read(gambling=one + two + listed("l", "庚辛")), read(gambling=two + listed("l", "庚辛") + one))
    assert (compared.entries, compared.lists) == ((), ())


def test_entries_that_came_went_and_changed():
    """Each by its id, with the fields that changed and the terms that came and went."""
    old = read(gambling=entry("gone", "甲乙丙") + entry("kept", "丁戊己", "庚辛壬") + entry("same", "癸子丑"))
    new = read(
        gambling=entry("kept", "丁戊己", "寅卯辰", ceiling="review", must_hit=["前文丁戊己后文"])
        + entry("same", "癸子丑"),
        pornography=entry("came", "午未申"),
    )
    gone, kept, came = compare(old, new).entries
    assert (gone.how, gone.id, gone.went) == (How.REMOVED, "gone", ("甲乙丙",))
    assert (came.how, came.category, came.came) == (How.ADDED, "pornography", ("午未申",))
    assert (gone.category, gone.came, came.went) == ("gambling", (), ())
    assert (kept.how, kept.fields) == (How.CHANGED, ("terms", "ceiling"))
    assert (kept.came, kept.went) == (("寅卯辰",), ("庚辛壬",))


def test_an_entry_that_moves_to_another_category_changed():
    """It is the same entry, for decisions cite its id."""
    (change,) = compare(read(gambling=entry("one", "甲乙")), read(pornography=entry("one", "甲乙"))).entries
    assert (change.how, change.category, change.fields) == (How.CHANGED, "pornography", ("category",))


def test_lists_are_counted_and_sampled():
    """Thousands of terms are numbers; some are named."""
    old = [f"词{number:04d}" for number in range(1000)]
    new = old[:900] + [f"新{number:04d}" for number in range(50)]
    before = read(gambling=listed("many", *old) + listed("gone", "甲乙"))
    many, gone = sorted(compare(before, read(gambling=listed("many", *new))).lists, key=lambda one: one.how)
    assert (many.how, many.came, many.went, many.fields) == (How.CHANGED, 50, 100, ())
    assert (many.some_came[0], len(many.some_went)) == ("新0000", 20)
    assert (gone.how, gone.went, gone.some_went) == (How.REMOVED, 1, ("甲乙",))
    (regraded,) = compare(read(gambling=listed("l", "甲乙")), read(gambling=listed("l", "甲乙", severity=1))).lists
    assert (regraded.fields, regraded.came, regraded.went) == (("severity",), 0, 0)


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_a_comparison_reversed_is_the_reverse(old, new):
    """What came one way went the other way."""
    one, other = (lexicon(*(entry(name, f"{name}词语") for name in sorted(names))) for names in (old, new))
    there, back = compare(one, other).entries, compare(other, one).entries
    opposite = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED, How.CHANGED: How.CHANGED}
    assert [(opposite[c.how], c.id, c.went, c.came) for c in there] == [(c.how, c.id, c.came, c.went) for c in back]
    assert {c.id for c in there} == old ^ new


# The size of a change


def many(count: int, name: str = "w", **fields) -> str:
    return entry(name, *(f"{name}词{number}号" for number in range(count)), **fields)


def test_size_counts_terms_by_category():
    """Entries and lists alike."""
    assert size(read(gambling=many(3) + listed("l", "甲乙", "丙丁"), pornography=many(1, "p"))) == {
        "gambling": 5,
        "pornography": 1,
    }


@pytest.mark.parametrize(("left", "large"), [(100, 0), (80, 0), (79, 1), (1, 1)])
def test_a_fifth_may_go(left, large):
    """More than that needs a word from a person."""
    faults = large_changes(read(gambling=many(100)), read(gambling=many(left)))
    assert len(faults) == large
    assert all("of the 100 terms in force gone" in fault.found for fault in faults)


def test_replacing_terms_is_losing_them():
    """As many new terms do not make up for those that went."""
    (fault,) = large_changes(read(gambling=many(50, "a")), read(gambling=many(50, "b", ceiling="review")))
    assert fault.found == "50 of the 50 terms in force gone (50 in all)"


def test_a_category_may_not_vanish_unsaid():
    """A file left out shows, however small its category."""
    (fault,) = large_changes(read(gambling=many(50), pornography=many(1, "p")), read(gambling=many(50)))
    assert (fault.where, fault.found) == ("pornography", "no term where the lexicon in force has 1")


@pytest.mark.parametrize(("fields", "large"), [({}, 1), ({"ceiling": "review"}, 0)])
def test_what_orders_may_not_double_unsaid(fields, large):
    """Terms that a person looks at may come in any number."""
    old = read(gambling=many(20, "a"))
    new = read(gambling=many(20, "a") + many(21, "b", **fields))
    assert len(large_changes(old, new)) == large


def test_small_lexicons_change_freely():
    """A few terms may come or go whatever their share is."""
    assert large_changes(read(gambling=many(11)), read(gambling=many(1))) == ()
    assert large_changes(read(gambling=many(1)), read(gambling=many(11))) == ()


# Verdicts


def result(verdict: str | None, *categories: str):
    ended = verdict is None
    given = content_result(*(content_hit(category=category) for category in categories), id="c-1", ended=ended)
    grounds = tuple(Ground("x", category) for category in categories)
    return msgspec.structs.replace(given, verdict=None if ended else Verdict(verdict), grounds=grounds)


@pytest.mark.parametrize(
    ("before", "after", "effect", "came", "went"),
    [
        (("clear",), ("clear",), None, (), ()),
        (("clear",), ("review", "gambling"), Effect.AFFECTED, ("gambling",), ()),
        (("clear",), ("enforce", "gambling", "gore"), Effect.AFFECTED, ("gambling", "gore"), ()),
        (("enforce", "gambling"), ("clear",), Effect.RELEASED, (), ("gambling",)),
        (("enforce", "gambling"), ("review", "gambling"), Effect.CHANGED, (), ()),
        (("review", "gambling"), ("review", "gore"), Effect.CHANGED, ("gore",), ("gambling",)),
        (("review", "gambling"), ("review", "gambling"), None, (), ()),
        (("review",), ("review",), None, (), ()),
        ((None,), (None,), None, (), ()),
    ],
)
def test_what_became_of_a_verdict(before, after, effect, came, went):
    """Verdict or grounds must differ; hits alone do not change what happens to anybody."""
    change = verdict_change(result(*before), result(*after))
    if effect is None:
        assert change is None
    else:
        assert (change.effect, change.came, change.went) == (effect, came, went)
        assert (change.before.value, change.after.value) == (before[0], after[0])
