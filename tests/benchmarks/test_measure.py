"""Measuring: rows become subjects, counts become a page, and a command that breaks its promise gives no figure."""

from __future__ import annotations

import json
import sys

import inprocess
import installed
import mapping
import page
import pytest


def test_a_query_becomes_a_registration(tmp_path):
    """A labelled name arrives under `name`, with an account of its own; a vessel is an organization."""
    path = tmp_path / "queries.jsonl"
    rows = [
        {"n": 3, "category": "typo1", "query": "Jon Doe", "ids": ["17"], "schema": "Person"},
        {"n": 4, "category": "neg_recombined", "query": "Tbpan 1", "ids": [], "schema": "Vessel"},
    ]
    path.write_bytes(mapping.lines(rows))
    person, vessel = mapping.queries(path)
    assert person.subject == {"account_id": "query-3", "kind": "person", "name": "Jon Doe"}
    assert vessel.subject["kind"] == "organization"
    assert (mapping.group_of(person), mapping.group_of(vessel)) == ("listed", "adversarial")


def test_a_text_becomes_a_content(tmp_path):
    """A text arrives under `body`; line separators inside a text split nothing."""
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"text": "一\u2028二", "y": 1, "topic": "race"}, ensure_ascii=False) + "\n", "utf-8")
    (text,) = mapping.texts(path)
    assert text.subject == {"id": "posts-1", "account_id": "posts", "body": "一\u2028二"}
    assert (text.label, text.bad, text.characters) == ("race", True, 3)
    assert len(mapping.lines([text.subject, text.subject]).split(b"\n")) == 3


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ('{"line": 1, "error": "found nothing"}', 1),
        ("", 0),
        ('{"id": "another"}', 0),
        ('{"id": "c-1"}', 1),
    ],
    ids=["an error line", "no result", "another's result", "a bad exit code"],
)
def test_a_broken_promise_gives_no_figure(tmp_path, monkeypatch, printed, code):
    """A run with an error line, a missing or foreign result, or a bad exit code is not measured."""
    script = tmp_path / "screening"
    script.write_text(f"#!{sys.executable}\nimport sys\nprint({printed!r})\nsys.exit({code})\n")
    script.chmod(0o755)
    monkeypatch.setattr(installed, "SCREENING", script)
    with pytest.raises(installed.Unusable):
        installed.Installed(tmp_path).check("content", b"", ["c-1"])


def test_the_page_says_what_was_counted():
    """Shares, F1 and totals on the page follow from the counts."""
    measured = page.Measured(
        day="2026-11-23",
        machine="2 shared cores",
        versions="Engine `1`.",
        listed="A list.",
        review_from=0.82,
        names=(page.NameRow("typo1", 4, 3, 4, 0), page.NameRow("neg_negatives_us", 8, 1, 2, 5)),
        name_enforced=0,
        name_seconds=1.0,
        clean=(page.CleanRow("clean_a", 5000, 1234567, 2, 1, 1.0), page.CleanRow("clean_words", 10, 20, 9, 9, 1.0)),
        labels=(page.LabelRow("博彩", 200, 50, 10, 40, 60),),
        offensive=(page.OffensiveRow("cold_dev", 10, 3, 1, 2),),
        command=page.Command(texts=5010, characters=1000, seconds=2.0, start_seconds=0.5),
        matcher=6_000_000.0,
        lookup=inprocess.Lookup(queries=12, names=20000, median=0.5, ninety_ninth=2.0, longest=3.0),
    )
    written = page.written(measured)
    for said in (
        "Recall is **0.750**: 3 of 4 found, 4 with a hit",
        "| **ordinary people together** | 8 | 1 | 2 | 5 |",
        "| **together, words apart** | 5,000 | 1,234,567 | 2 | 4.0 | 2.0 |",
        "| 博彩 | 200 | 50 | 0.250 | 0.200 | 0.050 | 0.300 |",
        "| cold_dev | 10 | 5 | 4 | 0.750 | 0.600 | 0.667 |",
        "500 characters/s",
    ):
        assert said in written
