"""`screening dead-letter`: records that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import topics
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows
from consumers.cli.tail import shown
from consumers.dead_letter import PREFIX
from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.log.port import Log, Record
    from consumers.wiring import Installation


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Records that could not be read; nothing of them is lost.",
        epilog=example("screening dead-letter list"),
    )
    group.command("list", epilog=example("screening dead-letter list --json"))(list_)
    group.command("show", epilog=example("screening dead-letter show 3:17"))(show)
    app.add_typer(group, name="dead-letter")


def list_(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the dead letters: where each came from and why it could not be read."""
    with installation_of(context, read_only=True) as installation:
        letters = [_summary(record) for record in _letters(installation)]
    if as_json:
        for letter in letters:
            print_json(letter)
        return
    names = ("id", "role", "topic", "partition", "offset", "error")
    print_rows(names, [[letter[name] for name in names] for letter in letters])


def show(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="PARTITION:OFFSET, as `dead-letter list` prints it.")],
) -> None:
    """Print one dead letter whole: its original key, value and headers, and what was said of it."""
    partition, _, offset = identifier.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise Refused(f"ID: found {identifier!r}, expected PARTITION:OFFSET", Exit.USAGE)
    with installation_of(context, read_only=True) as installation:
        log = _log(installation)
        found: Iterator[Record] = iter(())
        if log is not None and int(partition) in log.bounds(topics.DEAD_LETTER):
            found = log.read(topics.DEAD_LETTER, int(partition), int(offset), int(offset) + 1)
        record = next(iter(found), None)
    if record is None:
        raise Refused(f"ID: found no dead letter {identifier}, expected one that `dead-letter list` shows")
    print_json({**_summary(record), "record": shown(record)})


def _letters(installation: Installation) -> list[Record]:
    log = _log(installation)
    if log is None:
        return []
    bounds = log.bounds(topics.DEAD_LETTER)
    return [
        record
        for partition, (start, end) in sorted(bounds.items())
        for record in log.read(topics.DEAD_LETTER, partition, start, end)
    ]


def _log(installation: Installation) -> Log | None:
    return installation.log if installation.exists() else None


def _summary(record: Record) -> dict[str, Any]:
    said = {
        name.removeprefix(PREFIX): value.decode("utf-8", "backslashreplace")
        for name, value in record.headers
        if name.startswith(PREFIX)
    }
    numbers = {name: int(said[name]) for name in ("partition", "offset") if said.get(name, "").isdecimal()}
    return {"id": f"{record.partition}:{record.offset}", **said, **numbers}
