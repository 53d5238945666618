from __future__ import annotations

import subprocess
import sys

import pytest
from datafolder import ROOT
from rulebook import clauses_text, shipped_register

from screening.clauses import Automation, SubjectKind, parse_clauses
from screening.errors import ClauseError

CLAUSE = """\
[[clause]]
number = "91"
title = { zh = "甲", en = "one" }
summary = { zh = "甲", en = "one" }
automation = "auto"
reason = { zh = "甲", en = "one" }
"""
CATEGORY = """\
[[category]]
slug = "sample"
clause = "91"
subject = "content"
automation = "auto"
operator_supplied = false
label = { zh = "甲", en = "one" }
description = { zh = "甲", en = "one" }
"""
REVIEW_ONLY = {
    "constitutional-order",
    "national-security",
    "national-honour",
    "heroes-martyrs",
    "cults-superstition",
    "rumours",
    "other-illegal",
    "ip-infringement",
    "sensational-headline",
    "scandal-hyping",
    "disaster-comment",
    "other-bad",
    "cross-border",
    "embargoed-territory",
}
OPERATOR_SUPPLIED = {
    "constitutional-order",
    "national-security",
    "national-honour",
    "heroes-martyrs",
    "rumours",
    "other-illegal",
    "disaster-comment",
    "other-bad",
}
FREE = {
    "terrorism-extremism",
    "ethnic-hatred",
    "economic-fraud",
    "black-market-ads",
    "pornography",
    "gambling",
    "violence-horror",
    "crime-abetting",
    "insult-defamation",
    "privacy",
    "illicit-trade",
    "laundering-theft",
    "sexual-innuendo",
    "gore",
    "group-discrimination",
    "vulgar",
    "minors-harm",
    "network-security",
    "sanctioned-party",
    "sanctioned-affiliate",
    "registration-quality",
}


def faults_of(text: str) -> list[str]:
    with pytest.raises(ClauseError) as caught:
        parse_clauses(text)
    return [str(fault) for fault in caught.value.faults]


def test_the_shipped_categories_are_those_of_the_contract():
    """Every category is registered once, held to review and left to the operator exactly where the contract says."""
    categories = shipped_register().categories
    assert len(categories) == 35
    assert {held.slug for held in categories} == REVIEW_ONLY | FREE
    assert {held.slug for held in categories if held.automation is Automation.REVIEW} == REVIEW_ONLY
    assert {held.slug for held in categories if held.operator_supplied} == OPERATOR_SUPPLIED


def test_registration_categories_are_told_from_content():
    """Only the categories about who registered are looked for in registrations."""
    found = {held.slug for held in shipped_register().categories if held.subject is SubjectKind.REGISTRATION}
    assert found == {"sanctioned-party", "sanctioned-affiliate", "embargoed-territory", "registration-quality"}


def test_every_category_stands_under_a_registered_clause():
    """A category leads to its clause, and the clause leads back to it."""
    register = shipped_register()
    for category in register.categories:
        assert category in register.under(register.clause(category.clause).number)


def test_wrong_references_keep_what_is_cited_and_what_is_meant():
    """Both references that the agreement gets wrong are kept with both numbers and a reason."""
    references = [held for clause in shipped_register().clauses for held in clause.references]
    assert len(references) == 2
    assert all(held.cited != held.meant and held.because.zh and held.because.en for held in references)


def test_unknown_names_are_refused_with_what_is_known():
    """Asking for a category or clause that is not registered says so."""
    with pytest.raises(ClauseError, match=r"no category 'nonsense'.*gambling"):
        shipped_register().category("nonsense")
    with pytest.raises(ClauseError, match="no clause '99'"):
        shipped_register().clause("99")


def test_a_small_register_is_read():
    """One clause and one category are enough."""
    register = parse_clauses(CLAUSE + CATEGORY)
    assert register.category("sample").label.en == "one"
    assert register.clause("91").automation is Automation.AUTO


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('slug = "sample"', 'slug = "Sample!"', "clauses.toml: category 1 (Sample!): slug: found 'Sample!'"),
        ('slug = "sample"', "", "clauses.toml: category 1: slug: found nothing"),
        ('clause = "91"', 'clause = "92"', "clauses.toml: category sample: clause: found '92'"),
        ('number = "91"', 'number = "9a"', "clauses.toml: clause 1 (9a): number: found '9a'"),
        ('subject = "content"', 'subject = "picture"', "category 1 (sample): subject: found 'picture'"),
        ("operator_supplied = false", 'operator_supplied = "no"', "operator_supplied: found 'no', expected true or"),
        ('label = { zh = "甲", en = "one" }', 'label = { zh = "甲" }', "label: en: found nothing"),
        ('label = { zh = "甲", en = "one" }', 'label = "one"', "label: found 'one', expected a table"),
        ('label = { zh = "甲", en = "one" }', 'label = { zh = "甲", en = "a", fr = "un" }', "fr: found an unknown key"),
        ('automation = "auto"\nreason', 'automation = "auto"\nwhy = "x"\nreason', "why: found an unknown key"),
        ('automation = "auto"\nreason', 'automation = "perhaps"\nreason', "automation: found 'perhaps', expected one"),
        ('automation = "auto"\nreason', 'automation = "none"\nreason', "clause 91: automation: found 'none', expected"),
        ('automation = "auto"\noperator', 'automation = "none"\noperator', "automation: found 'none', expected one of"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, expected: str):
    """What is wrong in one value is found, with where it stands and what was expected."""
    text = CLAUSE + CATEGORY
    assert old in text
    assert any(expected in fault for fault in faults_of(text.replace(old, new, 1)))


def test_repeated_names_are_faults():
    """A clause and a category each stand once."""
    faults = faults_of(CLAUSE + CLAUSE + CATEGORY + CATEGORY)
    assert "clauses.toml: clause 91: found it 2 times, expected it once" in faults
    assert "clauses.toml: category sample: found it 2 times, expected it once" in faults


def test_references_to_unknown_clauses_are_faults():
    """Both numbers of a reference must be registered."""
    wrong = CLAUSE + 'references = [{ cited = "93", meant = "94", because = { zh = "甲", en = "one" } }]\n' + CATEGORY
    assert [fault for fault in faults_of(wrong) if "references" in fault] == [
        "clauses.toml: clause 91: references: found '93', expected a registered clause",
        "clauses.toml: clause 91: references: found '94', expected a registered clause",
    ]


def test_all_faults_are_told_at_once():
    """Faults in different tables do not hide one another."""
    wrong = CLAUSE.replace("auto", "perhaps") + CATEGORY.replace("content", "picture") + "\n[other]\n"
    faults = faults_of(wrong)
    assert any("clause 1 (91): automation" in fault for fault in faults)
    assert any("category 1 (sample): subject" in fault for fault in faults)
    assert any("clauses.toml: other: found an unknown key" in fault for fault in faults)


def test_an_empty_register_is_refused():
    """A register without clauses or categories is a mistake, not a policy of doing nothing."""
    assert faults_of("") == [
        "clauses.toml: found no clause, expected at least one",
        "clauses.toml: found no category, expected at least one",
    ]


def test_text_that_is_no_toml_is_one_fault():
    """A slip in the syntax is told with its line and not buried under what follows from it."""
    (fault,) = faults_of(clauses_text() + "\n[[clause\n")
    assert fault.startswith("clauses.toml: found ")
    assert "line" in fault


def test_the_page_is_up_to_date():
    """docs/clauses.md says what the register says."""
    made = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make-clause-page"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
