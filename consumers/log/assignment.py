"""Who owns which partition: balanced, and moving as few as that allows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from consumers.log.port import TopicPartition


def assign(
    members: Mapping[str, Collection[str]],
    partitions: Collection[TopicPartition],
    owners: Mapping[TopicPartition, str],
) -> dict[TopicPartition, str]:
    """Share partitions among the members that read their topic.

    Owners keep what they have; what is free goes to whoever has least; then partitions move from a member that has at
    least two more than another that could take them. Each move lowers the sum of the squared loads, so this ends.

    Args:
        members: the topics each live member reads, by its name.
        partitions: all partitions of those topics.
        owners: who owned a partition before; names that are no longer members lose theirs.

    Returns:
        The owner of each partition; a partition whose topic nobody reads is left out.
    """
    given: dict[TopicPartition, str] = {}
    load = Counter(dict.fromkeys(members, 0))
    for place in sorted(partitions):
        owner = owners.get(place)
        if owner is not None and place.topic in members.get(owner, ()):
            given[place] = owner
            load[owner] += 1
    for place in sorted(partitions):
        if place not in given:
            willing = [name for name, topics in members.items() if place.topic in topics]
            if willing:
                least = min(willing, key=lambda name: (load[name], name))
                given[place] = least
                load[least] += 1
    while (move := _next_move(members, given, load)) is not None:
        place, receiver = move
        load[given[place]] -= 1
        load[receiver] += 1
        given[place] = receiver
    return given


def _next_move(
    members: Mapping[str, Collection[str]], given: Mapping[TopicPartition, str], load: Mapping[str, int]
) -> tuple[TopicPartition, str] | None:
    for receiver in sorted(members, key=lambda name: (load[name], name)):
        for giver in sorted(members, key=lambda name: (-load[name], name)):
            if load[giver] < load[receiver] + 2:
                break
            places = [place for place, owner in given.items() if owner == giver and place.topic in members[receiver]]
            if places:
                return max(places), receiver
    return None
