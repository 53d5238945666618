"""`screening tail`: what stands on a topic, as JSON Lines."""

from __future__ import annotations

import base64
import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from consumers import topics
from consumers.cli.frame import example, installation_of
from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from consumers.log.port import Log, Record

_PAUSE_SECONDS: Final = 0.3
_LAST: Final = 10
"""Records shown of each partition without --from-start."""


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("tail", epilog=example("screening tail enforcement.content --from-start"))(tail)


def tail(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="The topic's name, without the log's prefix.")],
    *,
    from_start: Annotated[bool, typer.Option("--from-start", help="From the first record on.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on at the end, until stopped.")] = False,
) -> None:
    """Print a topic's records: the last of each partition, or all of them."""
    known = [spec.name for spec in topics.TOPICS]
    if topic not in known:
        raise Refused(f"TOPIC: found {topic!r}, expected one of {', '.join(known)}", Exit.USAGE)
    with installation_of(context, read_only=True) as installation:
        if not installation.exists():
            raise Refused(
                f"{installation.settings.log.url}: found no log, expected one; `screening publish` or `run` makes it"
            )
        log = installation.log
        reached = {
            partition: start if from_start or follow else max(start, end - _LAST)
            for partition, (start, end) in log.bounds(topic).items()
        }
        if follow and not from_start:
            reached = {partition: end for partition, (_, end) in log.bounds(topic).items()}
        reached = _print(log, topic, reached)
        while follow:
            time.sleep(_PAUSE_SECONDS)
            reached = _print(log, topic, reached)


def _print(log: Log, topic: str, reached: dict[int, int]) -> dict[int, int]:
    """Print what stands from some offsets on, in the order of time, and return where it ended."""
    ends = {partition: end for partition, (_, end) in log.bounds(topic).items()}
    for partition, end in sorted(ends.items()):
        for record in log.read(topic, partition, reached.get(partition, 0), end):
            sys.stdout.write(json.dumps(shown(record), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return ends


def shown(record: Record) -> dict[str, Any]:
    """Return a record as `tail` and `dead-letter` print it."""
    moment = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": moment.isoformat(timespec="milliseconds"),
        "key": None if record.key is None else record.key.decode("utf-8", "backslashreplace"),
        "headers": {name: value.decode("utf-8", "backslashreplace") for name, value in record.headers},
        **_value(record.value),
    }


def _value(value: bytes | None) -> dict[str, Any]:
    if value is None:
        return {"value": None}
    try:
        decoded = json.loads(value)
        json.dumps(decoded, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {"value_base64": base64.b64encode(value).decode()}
    return {"value": decoded}
