"""`screening publish`: JSON Lines onto an input topic."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Final

import typer

from consumers import topics, wire
from consumers.cli.frame import example, installation_of, say
from consumers.cli.lines import batches, opened
from consumers.faults import Exit, Refused
from consumers.log.port import Outgoing, RecordTooLarge
from screening.errors import ScreeningError
from screening.subjects import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consumers.log.port import Log

_COMPACTED: Final = frozenset(spec.name for spec in topics.TOPICS if spec.compacted)

_AT_ONCE: Final = 500
"""Lines in one transaction: above what makes commits cheap, below what one can wait for."""


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("publish", epilog=example("screening publish content.published uploads.jsonl"))(publish)


def publish(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help=f"One of {', '.join(topics.INPUTS)}.")],
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON Lines; standard input by default.")] = "-",
    *,
    raw: Annotated[bool, typer.Option("--raw", help="Bytes as they are, as a broken producer would send.")] = False,
) -> None:
    """Append lines to an input topic.

    Each line is validated; refusals go to stderr with line and reason, the rest is published, and the exit code is 1.
    A registration is erased by {"key": "ACCOUNT", "value": null}. Directives are published to the results topic.
    """
    if topic not in topics.INPUTS:
        raise Refused(f"TOPIC: found {topic!r}, expected one of {', '.join(topics.INPUTS)}", Exit.USAGE)
    make = _raw if raw else maker_of(topic)
    published = refused = 0
    with installation_of(context) as installation:
        installation.prepare()
        with opened(file) as source:
            for batch in batches(source, raw=raw):
                for start in range(0, len(batch), _AT_ONCE):
                    done, bad = _append(installation.log, topic, batch[start : start + _AT_ONCE], make)
                    published, refused = published + done, refused + bad
    say(f"{published} published, {refused} refused")
    if refused:
        raise typer.Exit(Exit.FAILED)


def maker_of(topic: str) -> Callable[[str, bytes], Outgoing]:
    """Return what makes a record of an input topic from a line, raising `SubjectError` for one that cannot be read."""
    return _MAKERS[topic]


def _append(
    log: Log, topic: str, lines: Sequence[tuple[int, bytes]], make: Callable[[str, bytes], Outgoing]
) -> tuple[int, int]:
    """Append what can be read and tell what cannot; returns how many of each."""
    records = []
    refused = 0
    for number, line in lines:
        try:
            records.append((number, make(topic, line)))
        except ScreeningError as error:
            say(f"line {number}: {error}")
            refused += 1
    try:
        if records:
            log.append([record for _, record in records])
    except RecordTooLarge as error:
        if len(records) == 1:
            say(f"line {records[0][0]}: {error}")
            return 0, refused + 1
        readable = {number for number, _ in records}
        rest = [line for line in lines if line[0] in readable]
        halves = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        parts = [_append(log, topic, half, make) for half in halves]
        return sum(done for done, _ in parts), refused + sum(bad for _, bad in parts)
    return len(records), refused


def _content(topic: str, line: bytes) -> Outgoing:
    subject = wire.read_content(line)
    return Outgoing(topic, subject.account_id.encode(), line, wire.INPUT_HEADERS)


def _registration(topic: str, line: bytes) -> Outgoing:
    registrant = wire.read_registration(line)
    value = None if isinstance(registrant, Ended) else line
    return Outgoing(topic, registrant.account_id.encode(), value, wire.INPUT_HEADERS)


def _directive(topic: str, line: bytes) -> Outgoing:
    directive = wire.decode_directive(line)
    return Outgoing(topic, directive.account_id.encode(), line, wire.directive_headers(directive))


def _raw(topic: str, line: bytes) -> Outgoing:
    """Take bytes as they are, under the key that a producer would have taken from them where it can be read.

    A compacted topic takes nothing without a key: there a line that names no account gets one of its own.
    """
    try:
        account = json.loads(line).get("account_id")
        key = account.encode() if isinstance(account, str) else None
    except (ValueError, AttributeError, RecursionError):
        key = None
    if key is None and topic in _COMPACTED:
        key = f"raw-{hashlib.sha256(line).hexdigest()}".encode()
    return Outgoing(topic, key, line)


_MAKERS: Final = {topics.CONTENT: _content, topics.ACCOUNTS: _registration, topics.RESULTS: _directive}
