"""Measuring load: what there was no time for is named on the page, and costs follow from the runs."""

from __future__ import annotations

import load
import load_page
import load_section
import pytest


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """A plan worked off in no time, in which every run but the repeating one reaches 4,500 a second."""

    def rate_of(log, _folder, _broker, workers, what, *, transactions):
        assert transactions is (what != "repeating")
        return load.Run(log, what, workers, 9_000, 2.0 if transactions else 1.5, 1.5, 0.1)

    def latency_of(log, _folder, _broker, rate):
        return [
            load.Latency(log, rate, to, (20.0, late, 600.0)) for to, late in (("decision", 501.0), ("result", 90.0))
        ]

    monkeypatch.setattr(load, "rate_of", rate_of)
    monkeypatch.setattr(load, "latency_of", latency_of)
    monkeypatch.setattr(load, "profile_of", lambda _folder, _broker: {"judging": 0.75, "the log's adapter": 0.25})
    return load.Measured(tmp_path, {"Kafka": "there", "embedded": None})


def _page(measured):
    return load_page.page(measured.runs, measured.latencies, measured.profiles, "Here", measured.left_out)


def test_whole_plan_is_on_the_page(measured):
    """Every run has its row and its bar, what is reached is said, and the cost is the share lost."""
    for step in load.PLAN:
        measured.step(*step)
    page = _page(measured)
    assert measured.left_out == []
    assert "exactly-once costs 25% of the\nrate by the clock and nothing that could be seen" in page
    assert "By the clock the floor is reached, by processor time reached." in page
    assert "does, the floor is reached; to the decision, behind which a second worker stands, **not reached**." in page
    assert page.count("\n| Kafka | `content` alone") == 4
    assert page.count("\n| Kafka | the whole pipeline") == 3
    assert page.count("\n| Kafka | 2,250 |") == 2
    assert "What no time was left for" not in page
    assert load_page.plot(measured.runs).count("<rect") == 1 + len(measured.runs)


def test_what_no_time_was_left_for_is_named(measured):
    """Once the time would run out nothing more is begun, and the page names what is missing."""
    for step in load.SHORT:
        measured.step(*step)
    measured.longest = load.BUDGET_SECONDS + 1
    for step in load.PLAN[len(load.SHORT) :]:
        measured.step(*step)
    assert tuple(measured.left_out) == load.PLAN[len(load.SHORT) :]
    page = _page(measured)
    assert "- the profile, Kafka, workers: 1\n" in page
    assert "- the whole pipeline, embedded, workers: 4\n" in page


def test_section_on_the_page_of_all_measurements_is_replaced_whole(measured):
    """It stands once, before what the figures do not say, and what is written anew around it leaves it as it is."""
    for step in load.SHORT:
        measured.step(*step)
    written = load_section.section(measured.runs, measured.latencies, load_page.WHAT, "Here")
    bare = "# Measurements\n\n## Names\n\nMany.\n\n## What these figures do not say\n\nMuch.\n"
    once = load_section.placed(bare, written)
    assert load_section.of(once) == written
    assert load_section.of(bare) == ""
    assert load_section.placed(once, written) == once
    assert once.replace(written, "") == bare
    assert once.index(written) < once.index("## What these figures do not say")
    assert load_section.placed(bare, "") == bare
