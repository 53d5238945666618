"""Who belongs to a group of the embedded log and owns which partitions; all of it inside the caller's `immediate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from consumers.log.assignment import assign
from consumers.log.port import TopicPartition

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def join(
    connection: sqlite3.Connection, group: str, member: str, token: str, topics: Sequence[str], until: float
) -> None:
    """Enter a member under a new token: an older one of this name is fenced, its partitions stay with the name."""
    connection.execute(
        "INSERT INTO members VALUES (?, ?, ?, ?, ?) ON CONFLICT (group_name, name)"
        " DO UPDATE SET token = excluded.token, topics = excluded.topics, until = excluded.until",
        (group, member, token, json.dumps(sorted(topics)), until),
    )


def leave(connection: sqlite3.Connection, group: str, member: str, token: str) -> bool:
    """Remove a member, and say whether it was still there under this token."""
    return (
        connection.execute(
            "DELETE FROM members WHERE group_name = ? AND name = ? AND token = ?", (group, member, token)
        ).rowcount
        == 1
    )


def token_of(connection: sqlite3.Connection, group: str, member: str) -> str | None:
    """Return the token of the member that has a name now."""
    row = connection.execute("SELECT token FROM members WHERE group_name = ? AND name = ?", (group, member)).fetchone()
    return None if row is None else str(row[0])


def size(connection: sqlite3.Connection, group: str, now: float) -> int:
    """Return how many members a group has whose lease has not run out."""
    row = connection.execute("SELECT count(*) FROM members WHERE group_name = ? AND until >= ?", (group, now))
    return int(row.fetchone()[0])


def claims_of(connection: sqlite3.Connection, group: str, member: str) -> dict[int, int]:
    """Return the partitions a member owns and the epoch of each claim."""
    return dict(
        connection.execute(
            "SELECT partition, epoch FROM claims WHERE group_name = ? AND member = ?", (group, member)
        ).fetchall()
    )


def late(connection: sqlite3.Connection, group: str, member: str, now: float) -> bool:
    """Say whether another member's lease has run out."""
    found = connection.execute(
        "SELECT 1 FROM members WHERE group_name = ? AND name != ? AND until < ? LIMIT 1", (group, member, now)
    ).fetchone()
    return found is not None


def share(connection: sqlite3.Connection, group: str, member: str | None, now: float) -> None:
    """Share the partitions anew among the members there are, without those (but `member`) whose lease ran out.

    A claim that changes hands gets a new epoch, which is what fences its former owner at commit.
    """
    if member is not None:
        connection.execute("DELETE FROM members WHERE group_name = ? AND name != ? AND until < ?", (group, member, now))
    members = {
        name: frozenset(json.loads(topics))
        for name, topics in connection.execute("SELECT name, topics FROM members WHERE group_name = ?", (group,))
    }
    places: dict[TopicPartition, int] = {}
    for identity, name, number in connection.execute(
        "SELECT p.id, t.name, p.number FROM partitions p JOIN topics t ON t.id = p.topic"
    ):
        places[TopicPartition(name, number)] = identity
    claims = {
        partition: (owner, epoch)
        for partition, owner, epoch in connection.execute(
            "SELECT partition, member, epoch FROM claims WHERE group_name = ?", (group,)
        )
    }
    wanted = frozenset[str]().union(*members.values())
    read = {place: identity for place, identity in places.items() if place.topic in wanted}
    owners = {place: claims[identity][0] for place, identity in read.items() if claims.get(identity, (None,))[0]}
    given = assign(members, read, owners)
    new = {identity: given.get(place) for place, identity in read.items()}
    for identity in new.keys() | claims.keys():
        owner, epoch = claims.get(identity, (None, 0))
        if new.get(identity) != owner:
            connection.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?) ON CONFLICT (group_name, partition)"
                " DO UPDATE SET member = excluded.member, epoch = excluded.epoch",
                (group, identity, new.get(identity), epoch + 1),
            )
