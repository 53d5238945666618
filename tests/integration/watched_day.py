"""A day of samples through every role, watched by a real Prometheus: what dashboards and their pictures are tried on.

The day is the demo's own (invented people, texts written for it), in rounds: counters must grow between two scrapes
for a rate to be seen. After the first round people speak: an order is lifted and a pair is cleared.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.streams import PATIENCE, Stream, flags_for, running
from prometheus import Prometheus, prometheus

from consumers import topics, watchlists, wire
from consumers.log.port import Outgoing
from consumers.sample.files import day_lines, list_files
from consumers.wiring import now
from screening.decisions import Directive, DirectiveType
from screening.watchlist.formats import ofac_csv

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

SCRAPE_SECONDS = 3
"""Between two scrapes, and for one: short, but no shorter than an answer takes on a loaded machine."""


@dataclass(frozen=True)
class Watched:
    """The stream, and the Prometheus that has seen it."""

    stream: Stream
    prometheus: Prometheus
    seconds: float
    """Since the first scrape."""


@contextlib.contextmanager
def watched_day(folder: pathlib.Path, *, rounds: int = 2, pause: float = 0.0) -> Iterator[Watched]:
    """Run the day and yield what saw it, with everything still up.

    Args:
        folder: for files.
        rounds: how often the day is published, each time by other accounts.
        pause: seconds between two rounds, so that pictures have something to show.
    """
    more = {"metrics__port": 0, "metrics__watch_seconds": 1, "run__poll_seconds": 0.1}
    with Stream(flags_for(folder, **more)) as stream:
        origin = watchlists.Origin("sample", {})
        watchlists.import_list(stream.installation, watchlists.SAMPLE, ofac_csv.parse(list_files()), origin)
        with running(stream, workers=1) as check:
            address = _address(folder / "run.txt", check)
            with prometheus(folder, [address], seconds=SCRAPE_SECONDS) as seen:
                began = time.monotonic()
                for number in range(rounds):
                    stream.publish(_day(number))
                    stream.await_ends(check=check)
                    if number == 0:
                        stream.publish(_people(stream))
                        stream.await_ends(("enforcement", "records"), check=check)
                    scraped(seen, stream, check)
                    time.sleep(pause)
                yield Watched(stream, seen, time.monotonic() - began)


def scraped(seen: Prometheus, stream: Stream, check: Callable[[], None]) -> None:
    """Wait until Prometheus has seen every result that stands on the log, and has scraped and evaluated once more.

    On a loaded machine a scrape may come to nothing now and then: then nothing is told, and it is asked again.
    """
    results = len(stream.results())
    deadline = time.monotonic() + PATIENCE
    since = float("inf")
    while True:
        check()
        counted = _value(seen, "sum(screening_results_total)")
        at = _value(seen, "timestamp(screening_build_info)")
        if counted is not None and counted >= results and at is not None:
            since = min(since, at)
            if at >= since + 2 * SCRAPE_SECONDS:
                return
        assert time.monotonic() < deadline, f"Prometheus saw {counted} at {at}, expected {results} results"
        time.sleep(0.2)


def _value(seen: Prometheus, expression: str) -> float | None:
    found = seen.query(expression)
    return float(found[0]["value"][1]) if found else None


def _address(said: pathlib.Path, check: Callable[[], None]) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        check()
        lines = said.read_text("utf-8").splitlines(keepends=True) if said.exists() else []
        told = [json.loads(line) for line in lines if line.endswith("\n") and '"listening"' in line]
        if told:
            return told[0]["url"].removeprefix("http://")
        assert time.monotonic() < deadline, "nothing listens"
        time.sleep(0.1)


def _day(number: int) -> list[Outgoing]:
    """Return the day's records, by accounts of its own round, and one that nobody can read for each topic."""
    made = []
    for topic, lines in day_lines().items():
        for line in lines:
            value = json.loads(line)
            if topic == topics.CONTENT:
                value["id"] = f"{value['id']}-{number}"
            value["account_id"] = f"{value['account_id']}-{number}"
            value["published_at" if topic == topics.CONTENT else "registered_at"] = now().isoformat()
            made.append(Outgoing(topic, value["account_id"].encode(), json.dumps(value).encode()))
        made.append(Outgoing(topic, b"acct-nobody", b'{"account_id": 7}'))
    return made


def _people(stream: Stream) -> list[Outgoing]:
    """Return what people say after the first round: an order is lifted, and a registrant is not a listed party."""
    # Of a content that was neither edited nor deleted afterwards: its order stands.
    seen = Counter((one["account_id"], one["id"]) for one in stream.results())
    deletions = (json.loads(record.value) for record in stream.records(topics.ORDERS_CONTENT))
    order = next(one for one in deletions if seen[one["account_id"], one["content_id"]] == 1)
    hit = next(
        (result["account_id"], found)
        for result in stream.results()
        if result["subject"] == "registration" and result.get("verdict") in {"review", "enforce"}
        for found in result["hits"]
    )
    said = [
        (order["account_id"], DirectiveType.LIFT, order["action_id"]),
        (hit[0], DirectiveType.CLEAR_PAIR, f"{hit[1]['source']}/{hit[1]['entry']}"),
    ]
    directives = [
        Directive(
            directive_id=f"day-{kind}", account_id=account, type=kind, target=target,
            by="reviewer", reason="to show it", at=now().isoformat(),
        )
        for account, kind, target in said
    ]  # fmt: skip
    return [
        Outgoing(topics.RESULTS, one.account_id.encode(), wire.encode(one), wire.directive_headers(one))
        for one in directives
    ]
