"""`screening dead-letter`: records that could not be read, and what people decide about them."""

from __future__ import annotations

import getpass
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
import typer

from consumers import topics
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.cli.lines import opened
from consumers.cli.publish import maker_of
from consumers.cli.tail import shown
from consumers.dead_letter import Letter, letter_of
from consumers.faults import Exit, Refused
from consumers.letter_decisions import LetterDecisions
from consumers.log.port import Log, Record
from consumers.replays import Replays, Told
from consumers.wiring import Installation, now

_SPAN: Final = re.compile(r"(\d{1,6})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

_Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]…", help="PARTITION:OFFSET, as `dead-letter list` prints it.")
]
_Role = Annotated[str | None, typer.Option("--role", help="Only those that this role could not read.")]
_Topic = Annotated[str | None, typer.Option("--topic", help="Only those whose record stood on this topic.")]
_Error = Annotated[str | None, typer.Option("--error", help="Only those whose error holds this text.")]
_Since = Annotated[
    str | None, typer.Option("--since", help="Only those since a time (RFC 3339), or of the last 30m, 24h, 7d.")
]
_By = Annotated[str | None, typer.Option("--by", help="Who decides; the name you are signed in with otherwise.")]
_All = Annotated[bool, typer.Option("--all", help="All that are undecided and that the filters let through.")]


@dataclass(frozen=True, slots=True)
class _Filters:
    role: str | None
    topic: str | None
    error: str | None
    since: int | None
    undecided: bool

    def pass_(self, letter: Letter, decisions: LetterDecisions) -> bool:
        return (
            self.role in (None, letter.role)
            and self.topic in (None, letter.place.topic)
            and (self.error is None or self.error in letter.error)
            and (self.since is None or letter.at >= self.since)
            and not (self.undecided and decisions.of(letter) is not None)
        )


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Records that could not be read; nothing of them is lost.",
        epilog=example("screening dead-letter list"),
    )
    group.command("list", epilog=example("screening dead-letter list --undecided --since 24h"))(list_)
    group.command("show", epilog=example("screening dead-letter show 3:17"))(show)
    group.command("replay", epilog=example("screening dead-letter replay 3:17 --file mended.json"))(replay)
    group.command("discard", epilog=example('screening dead-letter discard 3:17 --reason "sent by a test"'))(discard)
    app.add_typer(group, name="dead-letter")


def list_(  # noqa: PLR0913 - each filter is an option
    context: typer.Context,
    *,
    role: _Role = None,
    topic: _Topic = None,
    error: _Error = None,
    since: _Since = None,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only those nobody has decided about.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="The newest so many.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the dead letters, oldest first: where each came from, why it could not be read, and what was decided."""
    filters = _Filters(role, topic, error, _since(since), undecided)
    with installation_of(context, read_only=True) as installation:
        log = _log(installation)
        if log is None:
            letters, decisions = [], None
        else:
            decisions = LetterDecisions(log)
            decisions.read()
            held = (letter for letter in _letters(log) if filters.pass_(letter, decisions))
            letters = sorted(held, key=_age) if limit is None else sorted(heapq.nlargest(limit, held, _age), key=_age)
    summaries = [_summary(letter, decisions) for letter in letters]
    if as_json:
        for summary in summaries:
            print_json(summary)
        return
    names = ("id", "at", "role", "topic", "partition", "offset", "state", "error")
    print_rows(names, [[summary[name] for name in names] for summary in summaries])


def show(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="PARTITION:OFFSET, as `dead-letter list` prints it.")],
) -> None:
    """Print one dead letter whole: its original key, value and headers, what was said of it, and what was decided."""
    _check_id(identifier)
    with installation_of(context, read_only=True) as installation:
        letter = _found(_log(installation), identifier)
        decisions = LetterDecisions(installation.log)
        decisions.read()
    print_json({**_summary(letter, decisions), "record": shown(letter.record)})


def replay(  # noqa: PLR0913 - each filter is an option
    context: typer.Context,
    identifiers: _Ids = None,
    *,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="The mended value of the one letter named; - is stdin.")
    ] = None,
    everything: _All = False,
    role: _Role = None,
    topic: _Topic = None,
    error: _Error = None,
    since: _Since = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the record.")] = "",
    by: _By = None,
    as_json: JsonOption = False,
) -> None:
    """Replay dead letters as new events on their topics: mended (--file), or as they are where they can be read now.

    Each is replayed once, and only where nothing newer stands for the same subject; what is refused is told, and the
    exit code is 1. With --all every undecided letter that the filters let through.
    """
    filters = _Filters(role, topic, error, _since(since), undecided=True)
    _check_named(identifiers, filters, everything=everything)
    if file is not None and (everything or len(identifiers or ()) != 1):
        raise Refused("--file: found none or several letters, expected the ID of the one it mends", Exit.USAGE)
    who = _by(by)
    with installation_of(context) as installation:
        installation.prepare()
        letters = _chosen(installation.log, identifiers, filters)
        mended = None
        if file is not None:
            with opened(file) as source:
                value = source.read().strip()
            if letters[0].place.topic not in topics.INPUTS:
                raise Refused(f"ID: found a record of {letters[0].place.topic}, expected one of an input topic")
            mended = maker_of(letters[0].place.topic)(letters[0].place.topic, value)
        told = Replays(installation.log, by=who, clock=now).replay(letters, mended, reason)
    _tell(told, as_json=as_json)


def discard(  # noqa: PLR0913 - each filter is an option
    context: typer.Context,
    identifiers: _Ids = None,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the letter.")],
    everything: _All = False,
    role: _Role = None,
    topic: _Topic = None,
    error: _Error = None,
    since: _Since = None,
    by: _By = None,
    as_json: JsonOption = False,
) -> None:
    """Note that nothing is to be done about dead letters, by whom and why; they stay where they are."""
    filters = _Filters(role, topic, error, _since(since), undecided=True)
    _check_named(identifiers, filters, everything=everything)
    if not reason.strip():
        raise Refused("--reason: found nothing, expected why nothing is to be done", Exit.USAGE)
    who = _by(by)
    with installation_of(context) as installation:
        installation.prepare()
        letters = _chosen(installation.log, identifiers, filters)
        told = Replays(installation.log, by=who, clock=now).discard(letters, reason)
    _tell(told, as_json=as_json)


def _tell(told: list[Told], *, as_json: bool) -> None:
    if as_json:
        for one in told:
            print_json(msgspec.to_builtins(one))
    else:
        names = ("letter", "outcome", "topic", "partition", "offset", "why")
        print_rows(names, [[getattr(one, name) for name in names] for one in told])
    refused = sum(one.outcome == "refused" for one in told)
    say(f"{len(told) - refused} decided, {refused} refused")
    if refused:
        raise typer.Exit(Exit.FAILED)


def _chosen(log: Log, identifiers: list[str] | None, filters: _Filters) -> list[Letter]:
    if identifiers:
        return [_found(log, identifier) for identifier in dict.fromkeys(identifiers)]
    decisions = LetterDecisions(log)
    decisions.read()
    return sorted((letter for letter in _letters(log) if filters.pass_(letter, decisions)), key=_age)


def _check_named(identifiers: list[str] | None, filters: _Filters, *, everything: bool) -> None:
    filtered = any(value is not None for value in (filters.role, filters.topic, filters.error, filters.since))
    if bool(identifiers) == everything or (identifiers and filtered):
        raise Refused(
            "ID: found letters named together with filters, or neither IDs nor --all; expected IDs alone, or --all with"
            " filters as wanted",
            Exit.USAGE,
        )
    for identifier in identifiers or ():
        _check_id(identifier)


def _check_id(identifier: str) -> None:
    partition, _, offset = identifier.partition(":")
    if not all(re.fullmatch(r"[0-9]{1,18}", number) for number in (partition, offset)):
        raise Refused(f"ID: found {identifier!r}, expected PARTITION:OFFSET", Exit.USAGE)


def _found(log: Log | None, identifier: str) -> Letter:
    partition, _, offset = identifier.partition(":")
    record: Record | None = None
    if log is not None and int(partition) in log.bounds(topics.DEAD_LETTER):
        record = next(log.read(topics.DEAD_LETTER, int(partition), int(offset), int(offset) + 1), None)
    letter = None if record is None else letter_of(record)
    if letter is None:
        raise Refused(f"ID: found no dead letter {identifier}, expected one that `dead-letter list` shows")
    return letter


def _letters(log: Log) -> Iterator[Letter]:
    for partition, (start, end) in sorted(log.bounds(topics.DEAD_LETTER).items()):
        for record in log.read(topics.DEAD_LETTER, partition, start, end):
            letter = letter_of(record)
            if letter is not None:
                yield letter


def _log(installation: Installation) -> Log | None:
    return installation.log if installation.exists() else None


def _age(letter: Letter) -> tuple[int, int, int]:
    return letter.at, letter.record.partition, letter.record.offset


def _summary(letter: Letter, decisions: LetterDecisions | None) -> dict[str, Any]:
    decision = None if decisions is None else decisions.of(letter)
    return {
        "id": letter.id,
        "at": datetime.fromtimestamp(letter.at / 1000, UTC).isoformat(timespec="milliseconds"),
        "role": letter.role,
        "topic": letter.place.topic,
        "partition": letter.place.partition,
        "offset": letter.offset,
        "timestamp": str(letter.timestamp),
        "error": letter.error,
        "state": "undecided" if decision is None else decision.decision,
        "decision": None if decision is None else msgspec.to_builtins(decision),
    }


def _since(text: str | None) -> int | None:
    """Return a time in milliseconds."""
    if text is None:
        return None
    span = _SPAN.fullmatch(text)
    if span:
        moment = now() - timedelta(**{_UNITS[span[2]]: int(span[1])})
        return int(moment.timestamp() * 1000)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"--since: found {text!r}, expected a time like 2026-11-23T08:00:00+08:00, or a span like 24h", Exit.USAGE
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _by(given: str | None) -> str:
    """Return who decides."""
    try:
        name = given if given is not None else getpass.getuser()
    except (KeyError, OSError):
        name = ""
    if not name.strip():
        raise Refused("--by: found nobody, expected who decides", Exit.USAGE)
    return name
