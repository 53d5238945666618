"""SIGKILL at any point loses and repeats nothing: workers are killed over and over, and every order is counted."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from crash.mortals import OUTSIDE, MortalWorker, keep_busy, left_behind, look, started
from integration.recorded_day import SENTENCES, Examples
from integration.streams import ORDERS, Stream, flags_for

from consumers import topics, wire
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

SEED = 9
ROLES = ("content", "enforcement")
WORKERS = 2
BATCH = 20
"""Records of a poll: few, so that there are many transactions to be killed in."""

DEATHS = {
    "content": ("sent", OUTSIDE, "sent", OUTSIDE, "sent", OUTSIDE),
    "enforcement": ("applied", OUTSIDE, "sent", OUTSIDE, "applied", OUTSIDE),
}
"""How each worker of a role dies, one death after the other; `applied` and `sent` lie between the two commits."""

FEW, MORE = 100, 1.0
"""Uploads published at each kill, and again where none came for so many seconds, so that there is always work."""


def uploads() -> Iterator[Outgoing]:
    """Yield uploads without end: few contents, again and again with another text, the same, or deleted."""
    chance, examples = random.Random(SEED), Examples()
    grave = [examples.grave() for _ in range(6)]
    while True:
        account = f"a-{chance.randrange(60)}"
        value: dict[str, object] = {"id": f"c-{chance.randrange(8)}", "account_id": account}
        match chance.randrange(8):
            case 0:
                value["deleted"] = True
            case 1 | 2 | 3:
                value["body"] = chance.choice(SENTENCES)
            case _:
                value["body"] = chance.choice(grave)
        text = json.dumps(value, ensure_ascii=False).encode()
        yield Outgoing(topics.CONTENT, account.encode(), text, wire.INPUT_HEADERS)


def killed(stream: Stream) -> tuple[int, dict[str, Counter[str]]]:
    """Publish while workers die all their deaths, wait until the rest is done, and stop them.

    Returns:
        How many uploads were published, and for each role how often each death was died.
    """
    flow = uploads()
    fleet = [
        MortalWorker(
            stream, f"{role}-{number}", random.Random(f"{SEED} {role} {number}"), deque(DEATHS[role]),
            role=role, number=number,
        )
        for role in ROLES
        for number in range(WORKERS)
    ]  # fmt: skip
    published = 0

    def publish() -> None:
        nonlocal published
        stream.publish(list(islice(flow, FEW)))
        published += FEW

    with started(fleet):
        keep_busy(fleet, publish, more=MORE)
        stream.await_ends(ROLES, lambda: look(fleet))
    died = {role: sum((mortal.kills for mortal in fleet if mortal.role == role), Counter()) for role in ROLES}
    return published, died


def counted(stream: Stream) -> tuple[Counter[str], Counter[str]]:
    """Return how often each order and each result stands on the log."""
    orders = Counter(wire.decode_order(one.value).action_id for topic in ORDERS for one in stream.records(topic))
    return orders, Counter(result["result_id"] for result in stream.results())


def uninterrupted(folder: pathlib.Path, published: int) -> tuple[Counter[str], Counter[str]]:
    """Return the same of a run of the same uploads that nobody disturbed."""
    with Stream(flags_for(folder, run__poll_seconds=0.05)) as stream:
        stream.publish(list(islice(uploads(), published)))
        stream.drain(ROLES)
        return counted(stream)


def assert_nothing_lost_or_repeated(stream: Stream, published: int, folder: pathlib.Path) -> None:
    """Fail where an order or a result stands on the log more or less often than in the undisturbed run."""
    orders, results = counted(stream)
    wanted_orders, wanted_results = uninterrupted(folder, published)
    assert set(wanted_orders.values()) == {1}
    assert results.total() == published
    assert not list(stream.records(topics.DEAD_LETTER))
    for found, wanted in ((results, wanted_results), (orders, wanted_orders)):
        assert not wanted - found, f"lost: {wanted - found}"
        assert not found - wanted, f"repeated, or never due: {found - wanted}"


def assert_died(died: dict[str, Counter[str]]) -> None:
    """Fail where too few kills came, or too few between the ledger's commit and the log's."""
    assert died["content"].total() >= 10
    assert died["enforcement"].total() >= 10
    between = died["enforcement"]["applied"] + died["enforcement"]["sent"]
    assert 2 * between >= died["enforcement"].total()


@pytest.fixture
def kafka_stream(kafka_broker, postgres_url, tmp_path):
    """A stream on a real broker and a real PostgreSQL."""
    with Stream(flags_for(tmp_path / "kafka", broker=kafka_broker, store=postgres_url, **RUN)) as stream:
        yield stream


@pytest.fixture
def sqlite_stream(tmp_path):
    """A stream in two files."""
    with Stream(flags_for(tmp_path / "sqlite", **RUN)) as stream:
        yield stream


RUN = {"run__batch": BATCH, "run__poll_seconds": 0.1}


def test_kills_on_kafka_lose_and_repeat_nothing(kafka_stream, kafka_broker, tmp_path):
    """Two workers a role are killed inside their transactions, which leaves aborted records; each order is there once.

    Without records left behind by the dead the kills would have hit nothing, and the test would have proved nothing.
    """
    published, died = killed(kafka_stream)
    assert_died(died)
    prefix = kafka_stream.flags["log.prefix"]
    aborted = {
        "content": left_behind(kafka_broker, prefix, (topics.RESULTS,)),
        "enforcement": left_behind(kafka_broker, prefix, ORDERS),
    }
    sys.stdout.write(f"{published} uploads, kills {died}, records left behind {aborted}\n")
    assert all(count > 0 for count in aborted.values()), f"the kills left nothing behind: {aborted}"
    assert_nothing_lost_or_repeated(kafka_stream, published, tmp_path / "oracle")


def test_kills_on_the_embedded_log_lose_and_repeat_nothing(sqlite_stream, tmp_path):
    """The same on the embedded log, whose transactions leave nothing behind."""
    published, died = killed(sqlite_stream)
    assert_died(died)
    sys.stdout.write(f"{published} uploads, kills {died}\n")
    assert_nothing_lost_or_repeated(sqlite_stream, published, tmp_path / "oracle")
