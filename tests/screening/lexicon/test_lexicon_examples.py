"""A lexicon's own examples."""

from __future__ import annotations

from lexicontexts import entry, lexicon
from segmenters import segmenter

from screening.lexicon.examples import check_examples


def faults_of(*entries):
    return [str(fault) for fault in check_examples(lexicon(*entries), segmenter())]


def test_examples_that_hold_give_no_fault():
    """Nothing is said where all is well."""
    assert faults_of(entry("word", "赌博")) == []


def test_a_must_hit_needs_the_entry_itself_at_full_ceiling():
    """An example won by another entry, or held back by its context, shows nothing."""
    found = faults_of(
        entry("cut", "赌博", must_hit=["去赌博网站"]),
        entry("long", "赌博网站"),
        entry("held", "彩金", review_near=["警方"], must_hit=["警方提到彩金"]),
        entry("none", "牌九", near=["加我"], must_hit=["玩牌九"]),
    )
    assert found == [
        "gambling.toml: entry 'cut': must_hit: found long (auto) at '赌博网站' in '去赌博网站', expected cut (auto)",
        "gambling.toml: entry 'held': must_hit: found held (review) at '彩金' in '警方提到彩金', expected held (auto)",
        "gambling.toml: entry 'none': must_hit: found no hit in '玩牌九', expected none (auto)",
    ]


def test_a_must_not_hit_forbids_the_entry_even_as_evidence():
    """A hit of the entry is a fault; another entry's is not this one's business."""
    found = faults_of(
        entry("word", "赌博", must_not_hit=["他打赌博士会来"]), entry("other", "博士", must_not_hit=["赌博"])
    )
    assert found == [
        "gambling.toml: entry 'word': must_not_hit: found word (auto) at '赌博' in '他打赌博士会来', expected no word"
    ]
