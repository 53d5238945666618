"""The lexicons that ship: they parse, their examples hold, the cases come out, and clean texts stay clean."""

from __future__ import annotations

import functools
import json
import pathlib

import pytest
from datafolder import data_folder
from lexicontexts import shipped
from segmenters import segmenter

from screening.evidence import Ceiling
from screening.lexicon.examples import check_examples
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content
from screening.text.normalize import normalize

CASES = [
    json.loads(line)
    for line in (pathlib.Path(__file__).resolve().parents[2] / "cases" / "content.jsonl")
    .read_text("utf-8")
    .splitlines()
]
LEVELS = ("clear", "evidence", "review", "enforce")
CEILINGS = {Ceiling.EVIDENCE: 1, Ceiling.REVIEW: 2, Ceiling.AUTO: 3}
REVIEW_ONLY = {"cults-superstition", "national-security"}
CLEAN = {
    "clean_shopping_odd": 1,
    "clean_hotel": 1,
    "clean_waimai": 1,
    "clean_c3": 1,
    "clean_thucnews_title_dev": 1,
    "clean_tang_poem_trad": 1,
}


@functools.cache
def matcher():
    return ContentMatcher(shipped(), segmenter())


def level_of(hits):
    """What the hits call for: severity 1 evidence, 2 review, 3 an order, each at most its ceiling."""
    return max((min(hit.severity, CEILINGS[hit.ceiling]) for hit in hits), default=0)


def test_every_example_holds():
    """Each must-hit example is found with the entry's full ceiling, each must-not-hit example is left alone."""
    assert [str(fault) for fault in check_examples(shipped(), segmenter())] == []


def test_must_hit_examples_are_written_as_people_write():
    """Eight characters or more, and the term does not stand between spaces."""
    for entry in shipped().entries:
        for example in entry.must_hit:
            assert len(example) >= 8, (entry.id, example)
            text = f" {normalize(example).text} "
            assert not any(f" {normalize(term).text} " in text for term in entry.terms), (entry.id, example)


def test_must_not_hit_examples_come_close():
    """One of them shares two characters with a term: an innocent text that has nothing in common proves nothing."""
    for entry in shipped().entries:
        shared = [
            max(len(set(normalize(term).text) & set(normalize(example).text)) for term in entry.terms)
            for example in entry.must_not_hit
        ]
        assert max(shared) >= 2, entry.id


def test_review_only_categories_claim_no_more():
    """What a person must judge is not marked automatic."""
    assert [e.id for e in shipped().entries if e.category in REVIEW_ONLY and e.ceiling is Ceiling.AUTO] == []


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:16] for case in CASES])
def test_cases_come_out(case):
    """A labelled text calls for at least, or at most, what its label says."""
    (hits,) = matcher().find([Content(id="c", account_id="a", body=case["text"])])
    ours = [hit for hit in hits if hit.category == case["category"]]
    if "least" in case:
        assert level_of(ours) >= LEVELS.index(case["least"]), hits
    else:
        assert level_of(hits) <= LEVELS.index(case["most"]), hits


@pytest.mark.parametrize("name", CLEAN)
def test_clean_texts_stay_clean(name):
    """Of every seventh clean text, at most 2 in 10,000 call for an order and 50 for review; one is always allowed."""
    lines = (data_folder() / "content" / f"{name}.jsonl").read_text("utf-8").splitlines()[::7]
    contents = [Content(id=str(at), account_id="a", body=json.loads(line)["text"]) for at, line in enumerate(lines)]
    levels = [level_of(hits) for hits in matcher().find(contents)]
    assert sum(level == 3 for level in levels) <= max(1, len(lines) * 2 / 10_000)
    assert sum(level >= 2 for level in levels) <= max(1, len(lines) * 50 / 10_000)


def test_no_grave_term_stands_in_a_common_word():
    """None of 156,289 common words calls for review by itself."""
    lines = (data_folder() / "content" / "clean_thuocl_words.jsonl").read_text("utf-8").splitlines()
    words = [json.loads(line)["text"] for line in lines]
    found = matcher().find([Content(id=str(at), account_id="a", body=word) for at, word in enumerate(words)])
    assert [word for word, hits in zip(words, found, strict=True) if level_of(hits) >= 2] == []
