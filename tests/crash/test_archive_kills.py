"""SIGKILL at any point archives every record once: three workers of `archive` on Kafka and PostgreSQL."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, deque

import pytest
from crash.mortals import OUTSIDE, MortalWorker, keep_busy, look, started
from integration.streams import Stream, flags_for

from consumers import topics
from consumers.archive_files import read
from consumers.log.port import Outgoing

SEED = 4
WORKERS = 3
DEATHS = ("applied", OUTSIDE) * 3
"""How each worker dies: where the ledger has the frontier and the log does not, or anywhere."""

FEW, MORE = 30, 1.0
"""Records published at each kill, and again where none came for so many seconds."""


@pytest.fixture
def stream(kafka_broker, postgres_url, tmp_path):
    flags = flags_for(
        tmp_path / "data", broker=kafka_broker, store=postgres_url, run__batch=7, run__poll_seconds=0.1,
        log__partitions=WORKERS,
    )  # fmt: skip
    with Stream(flags) as opened:
        yield opened


def test_killed_workers_archive_every_record_once(stream):
    """Contents, registrations and deletions, as published; of those who went, nothing that came before."""
    chance = random.Random(SEED)
    fleet = [
        MortalWorker(
            stream, f"archive-{n}", random.Random(f"{SEED} {n}"), deque(DEATHS), role="archive", number=n
        )
        for n in range(WORKERS)
    ]  # fmt: skip
    published: list[Outgoing] = []

    def publish() -> None:
        new = [one(chance, len(published) + n) for n in range(FEW)]
        stream.publish(new)
        published.extend(new)

    with started(fleet):
        keep_busy(fleet, publish, more=MORE)
        stream.await_ends(["archive"], lambda: look(fleet))
    kills = sum((mortal.kills for mortal in fleet), Counter())
    sys.stdout.write(f"{len(published)} records, kills {kills}\n")
    assert kills == Counter({"applied": 3 * WORKERS, OUTSIDE: 3 * WORKERS})
    for folder, topic in (("content", topics.CONTENT), ("registration", topics.ACCOUNTS)):
        sent = [record for record in published if record.topic == topic]
        assert archived(stream, folder) == expected(sent)


def one(chance: random.Random, number: int) -> Outgoing:
    """Return a content, a registration or the end of one of either."""
    account = f"a-{chance.randrange(20)}"
    match chance.randrange(8):
        case 0:
            return Outgoing(topics.ACCOUNTS, account.encode(), None)
        case 1 | 2:
            fields = {"account_id": account, "kind": "person", "name": f"Anna Nr{number}"}
            return Outgoing(topics.ACCOUNTS, account.encode(), json.dumps(fields).encode())
        case _:
            fields = {"account_id": account, "id": f"c-{chance.randrange(3)}", "body": f"今天天气很好 {number}"}
            if chance.randrange(6) == 0:
                fields = {**fields, "deleted": True}
            return Outgoing(topics.CONTENT, account.encode(), json.dumps(fields).encode())


def archived(stream: Stream, folder: str) -> Counter[tuple[str, str, bytes | None]]:
    """Return how often each record stands in the archive, as (account, subject, what was published)."""
    held = read(stream.installation.settings.archive_folder / folder)
    places = Counter(zip(held["partition"].to_pylist(), held["offset"].to_pylist(), strict=True))
    assert set(places.values()) <= {1}
    return Counter((row["account_id"], row["id"], row["record"]) for row in held.to_pylist())


def expected(sent: list[Outgoing]) -> Counter[tuple[str, str, bytes | None]]:
    """Return what is to stand: of a subject all since it last ended, and that end."""
    kept: dict[tuple[str, str], list[bytes | None]] = {}
    for record in sent:
        fields = {} if record.value is None else json.loads(record.value)
        name = (record.key.decode(), fields.get("id", record.key.decode()))
        ended = record.value is None or fields.get("deleted", False)
        kept[name] = [None] if ended else [*kept.get(name, []), record.value]
    return Counter((*name, value) for name, values in kept.items() for value in values)
