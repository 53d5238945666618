"""Measuring content: what is switched off does not count, and the page says plainly what is not reached."""

from __future__ import annotations

import bench_engine
import contentpage
import pytest
from contentquality import Part
from segmenters import segmenter

from screening.lexicon.automaton import engines
from screening.lexicon.compiled import compiled
from screening.lexicon.entries import Boundary
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content
from screening.text.reading import View

TERMS = ["赌博网站", "兼职刷单", "信用卡套现", "老虎机", "博彩"]
TEXT = "赌博网站，赌*博*网*站，堵博网站，dubowangzhan，老唬机，机虎老，亻言用卡套现，兼兼职职刷刷单单，博彩。"
CONTENTS = [Content(id="c", account_id="a", body=TEXT)]


def found(lexicon):
    return ContentMatcher(lexicon, segmenter()).find(CONTENTS)


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("engine", engines())
def test_a_view_alone_is_what_a_lexicon_of_it_finds(view, engine):
    """Switching the other views off, and the engine over, gives the hits of a lexicon that asks for this view only."""
    whole = compiled(bench_engine.listed(TERMS, View, Boundary.BOTH), engines()[0])
    alone = bench_engine.only(bench_engine.searched_by(whole, engine), frozenset({view}), Boundary.NONE)
    assert found(alone) == found(compiled(bench_engine.listed(TERMS, {view}, Boundary.NONE), engine))


def test_the_measured_views_find_something():
    """The text above holds a hit in most views, so that the test above compares more than nothing."""
    views = [view for view in View if any(found(bench_engine.listed(TERMS, {view}, Boundary.NONE)))]
    assert len(views) >= 6


def test_the_page_tells_what_is_missed_and_what_changed():
    """A figure under its floor or aim is said to be, with the reason; one that moved stands beside what it was."""
    figures = {"clean.ordered": 3.0, "evasions.pinyin": 0.95, "harm.five kinds.at 2 %": 0.7}
    before = {"day": "2026-01-01", "code": "abc", "figures": figures | {"harm.five kinds.at 2 %": 0.8}}
    page = contentpage.written("now", figures, before, [Part("## Evasions\n", figures)], [], [])
    assert "| 2 | 1 | 3.00 | **floor not reached** |" in page
    assert "| 0.75 | 0.9 | 0.950 | aim reached |" in page
    assert "| 0.6 | 0.85 | 0.700 | floor reached, aim **not** |" in page
    reasons = page.partition("Where an aim is not reached")[2].partition("## Since")[0]
    assert "automatic order" in reasons
    assert "pinyin" not in reasons
    assert "| harm.five kinds.at 2 % | 0.800 | 0.700 |" in page


def test_every_target_says_why_it_could_be_missed():
    """Whatever has an aim has a sentence ready for the day on which it is not reached."""
    assert [target.what for target in contentpage.TARGETS if target.aim is not None and not target.why] == []
