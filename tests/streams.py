"""The pipeline's topics on a real embedded log, with what tests put in and read back."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from consumers import topics
from consumers.activations import Activation, new_id
from consumers.log.port import Outgoing
from consumers.log.sqlite import SqliteLog
from consumers.worker import work

if TYPE_CHECKING:
    import pathlib

    from consumers.activations import ActivationKind
    from consumers.log.port import Batch, Log, Record, Session
    from consumers.role import Observer, Role

PARTITIONS = 3
PATIENCE = 30.0
"""Seconds after which something that must happen is held not to happen: many times what it takes."""


def open_stream(path: pathlib.Path, partitions: int = PARTITIONS) -> SqliteLog:
    """Open a log with every topic of the pipeline."""
    log = SqliteLog(path / "log.db")
    log.ensure(topics.topics(partitions))
    return log


def everything(log: Log, topic: str) -> list[Record]:
    """Return all committed records of a topic, partition by partition."""
    return [
        record
        for partition, (first, end) in sorted(log.bounds(topic).items())
        for record in log.read(topic, partition, first, end)
    ]


def activation(kind: ActivationKind = "shipped", *, lexicon: str = "1", **watchlists: str) -> Activation:
    """Return a set of versions: `lexicon` names the lexicon, `watchlists` are source → version."""
    return Activation(
        activation_id=new_id(),
        kind=kind,
        engine="1",
        policy="p" * 64,
        lexicon=lexicon,
        watchlists=watchlists,
        shipped=kind == "shipped",
        by="a test",
        reason="a test",
        at="2026-11-23T08:00:00+00:00",
    )


def content(name: str, body: str | None = "文", account_id: str = "a-1", **more) -> Outgoing:
    """Return a content as a producer sends it; without a body it is a deletion."""
    fields = {"id": name, "account_id": account_id, **({"deleted": True} if body is None else {"body": body})}
    return Outgoing(topics.CONTENT, account_id.encode(), json.dumps(fields).encode(), **more)


def registration(account_id: str, name: str | None = "王伟", **more) -> Outgoing:
    """Return a registration as a producer sends it; without a name it is an erasure."""
    fields = {"account_id": account_id, "kind": "person", "name": name}
    return Outgoing(topics.ACCOUNTS, account_id.encode(), None if name is None else json.dumps(fields).encode(), **more)


def drained(log: Log, role: Role, *, member: str = "m", most: int = 500, tell: Observer = lambda _: None) -> None:
    """Run a role to the end of its topics."""
    work(
        log, role, group=f"screening.{role.name}", member=member, most=most, poll_seconds=0.05, drain=True,
        stopping=lambda: False, tell=tell,
    )  # fmt: skip


def next_batch(session: Session) -> Batch:
    """Poll until a batch has records."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        batch = session.poll(0.2)
        if batch.records:
            return batch
    raise AssertionError("nothing came")
