"""Partitions are shared whole, evenly, and moved as little as that allows."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from consumers.log.assignment import assign
from consumers.log.port import TopicPartition

TOPICS = ("a", "b", "c")
NAMES = st.sampled_from(["m1", "m2", "m3", "m4", "m5"])
MEMBERS = st.dictionaries(NAMES, st.frozensets(st.sampled_from(TOPICS), min_size=1), max_size=5)
PLACES = st.frozensets(st.builds(TopicPartition, st.sampled_from(TOPICS), st.integers(0, 7)))
OWNERS = st.dictionaries(st.builds(TopicPartition, st.sampled_from(TOPICS), st.integers(0, 7)), NAMES)


@given(MEMBERS, PLACES, OWNERS)
def test_each_partition_has_one_reader_of_its_topic(members, places, owners):
    """Every partition whose topic somebody reads is given to one who reads it, and no other is."""
    given_to = assign(members, places, owners)
    read = {place for place in places if any(place.topic in topics for topics in members.values())}
    assert given_to.keys() == read
    assert all(place.topic in members[owner] for place, owner in given_to.items())


@given(st.frozensets(NAMES, min_size=1), PLACES, OWNERS)
def test_equal_members_have_equal_loads(names, places, owners):
    """Where all read the same topics, no member has two partitions more than another."""
    load = Counter(dict.fromkeys(names, 0))
    load.update(assign(dict.fromkeys(names, frozenset(TOPICS)), places, owners).values())
    assert max(load.values()) - min(load.values()) <= 1


@given(MEMBERS, PLACES, OWNERS)
def test_a_second_look_moves_nothing(members, places, owners):
    """What was shared stays as it is while nothing changes."""
    once = assign(members, places, owners)
    assert assign(members, places, once) == once


@given(st.frozensets(NAMES, min_size=2), PLACES)
def test_who_leaves_gives_only_its_own(names, places):
    """When a member leaves, the others keep all they had."""
    before = assign(dict.fromkeys(names, frozenset(TOPICS)), places, {})
    gone = min(names)
    after = assign(dict.fromkeys(names - {gone}, frozenset(TOPICS)), places, before)
    assert all(after[place] == owner for place, owner in before.items() if owner != gone)
