"""What another set of versions makes of many subjects."""

from __future__ import annotations

import msgspec
import pytest
from histories import content_result, registration_result
from rulebook import content_hit, name_hit, shipped_policy

from screening.differences import MOST, Concluded, Differences, differences
from screening.evidence import Ceiling
from screening.lexicon.comparison import Effect
from screening.policy.conclusions import Conclusion, taken_back
from screening.policy.standing import SubjectKey


def clear(name: str = "c-1", **more):
    return content_result(id=name, **more)


def enforced(name: str = "c-1", category: str = "gambling", **more):
    return content_result(content_hit(category), id=name, **more)


def reviewed(name: str = "c-1", category: str = "gambling", **more):
    return content_result(content_hit(category, ceiling=Ceiling.REVIEW), id=name, **more)


def test_counts_by_effect_verdict_category_and_entry():
    """Whoever is judged alike is counted once and tells nothing; a category counts once for a subject."""
    found = differences(
        [
            (clear(), clear()),
            (clear("c-2"), enforced("c-2")),
            (clear("c-3"), reviewed("c-3")),
            (reviewed("c-4"), reviewed("c-4", "gore")),
            (enforced("c-5"), clear("c-5")),
        ]
    )
    assert (found.looked, found.different) == (5, 4)
    assert [found.count(effect) for effect in Effect] == [2, 1, 1]
    assert found.verdicts == {"clear": {"enforce": 1, "review": 1}, "review": {"review": 1}, "enforce": {"clear": 1}}
    assert found.categories == {
        "newly affected": {"gambling": 2},
        "changed": {"gambling": 1, "gore": 1},
        "released": {"gambling": 1},
    }
    assert found.entries["changed"] == {"gambling/gambling-1": 1, "gore/gore-1": 1}
    assert [one.id for one in found.most_changed()] == ["c-2", "c-5", "c-3", "c-4"]


def test_lists_are_counted_for_registrations():
    """A list counts where one of its entries came or went."""
    listed, other = registration_result(name_hit()), registration_result(name_hit(entry="2"))
    found = differences([(registration_result(), listed), (listed, other), (listed, listed)])
    assert found.sources == {"newly affected": {"sample": 1}}
    assert found.entries == {"newly affected": {"sample/1": 1}}
    assert found.count(Effect.CHANGED) == 0


def test_parts_add_up_to_the_whole():
    """Judged page by page, in whatever pages, the same is told."""
    pairs = [
        (clear(f"c-{number:03}"), enforced(f"c-{number:03}", "gore" if number % 3 else "gambling"))
        if number % 2
        else (reviewed(f"c-{number:03}"), clear(f"c-{number:03}"))
        for number in range(400)
    ]
    whole = differences(pairs)
    parts = Differences()
    for start in range(0, 400, 37):
        parts += differences(pairs[start : start + 37])
    assert parts == whole
    assert len(whole.most_changed()) == MOST
    assert {one.effect for one in whole.most} == {Effect.AFFECTED, Effect.RELEASED}


def test_what_was_written_is_told_only_where_it_is_asked_for():
    """A report that is kept or sent on holds no quote and no name."""
    pairs = [(clear(), enforced()), (registration_result(), registration_result(name_hit()))]
    quiet, loud = (differences(pairs, with_evidence=said) for said in (False, True))
    assert all(one.evidence == () for one in quiet.most)
    assert not any(told in msgspec.json.encode(quiet).decode() for told in ("赌*博", "Ivan", "INVENTED"))
    told = {one.evidence for one in loud.most}
    assert told == {("gambling-1: 赌*博",), ("sample/1: Ivan Invented ~ INVENTED, Ivan",)}


def test_a_subject_that_ended_is_named_no_more():
    """It stays in the counts, for it was judged when it stood."""
    found = differences([(clear(), enforced()), (clear("c-2"), enforced("c-2"))])
    left = found.without({("content", "a-1", "c-1")})
    assert [one.id for one in left.most] == ["c-2"]
    assert left.count(Effect.AFFECTED) == 2
    assert found.without({("registration", "a-1", "a-1")}) is found


def test_an_end_is_no_difference():
    """Both sides say that it ended."""
    assert differences([(clear(ended=True), clear(ended=True))]).different == 0


def test_precision_from_what_people_concluded():
    """Of what people had said, how much each side finds again, and how much of that was right."""
    lifted = Conclusion(
        key=SubjectKey("content", "c-1"),
        right=False,
        digest=enforced().input.digest,
        evidence=("gambling/gambling-1",),
    )
    held = registration_result(name_hit())
    people = {("a-1", "c-1"): (lifted,), ("a-1", "a-1"): (taken_back("a-1", "sample/1"),)}
    policies = (shipped_policy(), shipped_policy())
    found = differences([(enforced(), clear()), (held, held)], conclusions=people, policies=policies).concluded
    assert found == Concluded(right=1, wrong=1, right_before=1, wrong_before=1, right_after=1, wrong_after=0)
    assert (found.precision_before, found.precision_after) == (0.5, 1.0)
    assert Concluded(wrong=3).precision_after is None


@pytest.mark.parametrize("frequent", [3])
def test_of_very_many_entries_the_frequent_ones_are_kept(frequent):
    """A version that moves every entry there is does not make a report without bounds."""
    many = {f"gore/{number:05}": 1 for number in range(9_000)} | {"gore/often": frequent}
    found = Differences(entries={"changed": many}) + Differences()
    assert found.entries["changed"]["gore/often"] == frequent
    assert len(found.entries["changed"]) < 5_000
