"""The generator of altered names: what it gives differs from what it was given, and repeats with its seed."""

from __future__ import annotations

import random

import pytest
from namealterations import Kind, Writing, alter, as_listed, chinese_name, written

NAMES = ("Karam Nuwayf Zahrudi", "Osric Quellbrandt", "Orlanthe Air Cargo Limited", "Vantrellis Shipping S.A.")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_alters_some_name_and_no_name_into_itself(kind):
    """Every kind has a name it can alter; where it cannot it says so instead of giving the name back."""
    altered = [(name, alter(name, kind, random.Random(seed))) for name in NAMES for seed in range(10)]
    assert any(changed is not None for _, changed in altered)
    assert all(changed != name for name, changed in altered)


def test_the_same_seed_alters_the_same_way():
    """A measurement can be repeated."""
    for kind in Kind:
        assert alter(NAMES[0], kind, random.Random(3)) == alter(NAMES[0], kind, random.Random(3))


def test_a_chinese_name_is_written_in_different_ways():
    """Listed in pinyin, asked for in characters or another romanisation."""
    name = chinese_name(random.Random(5))
    ways = {written(name, writing) for writing in Writing}
    assert len(ways) >= 4
    assert ", " in as_listed(name)
    assert len(written(name, Writing.SIMPLIFIED)) == len(written(name, Writing.TRADITIONAL)) == 3
