"""`screening log`: the log itself."""

from __future__ import annotations

from typing import Annotated

import typer

from consumers import topics
from consumers.cli.frame import JsonOption, example, print_json, print_rows, say, settings_of
from consumers.log_copies import CopiedLog, copy_log
from consumers.wiring import Installation, copy_destination, copy_source


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="The log itself.",
        epilog=example("screening log copy sqlite:///.screening/log.sqlite kafka://broker:9092"),
    )
    group.command("copy", epilog=example("screening log copy sqlite:///.screening/log.sqlite kafka://broker:9092"))(
        copy
    )
    app.add_typer(group, name="log")


def copy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="sqlite:///PATH")],
    destination: Annotated[str, typer.Argument(metavar="DEST", help="kafka://HOST:PORT[,HOST:PORT]")],
    *,
    to_prefix: Annotated[
        str | None,
        typer.Option("--to-prefix", help="Before the copy's topics and groups; `log.prefix` otherwise."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the embedded log to Kafka: records, offsets, times and committed positions; and move the ledger with it.

    Stop producers and roles first. The copy's topics must be empty or missing. It is compared with the source before
    the ledger is moved; afterwards set log.url to DEST, and run the roles there. The source stays as it is.
    """
    prefix = {} if to_prefix is None else {"log.prefix": to_prefix}
    from_settings = settings_of(context, {"log.url": source})
    to_settings = settings_of(context, {"log.url": destination, **prefix})
    names = [spec.name for spec in topics.TOPICS]
    with (
        copy_source(from_settings) as old,
        copy_destination(to_settings) as new,
        Installation(from_settings) as installation,
    ):
        copied = copy_log(old, new, installation.ledger, names=names, tell=say)
    _tell(copied, as_json=as_json)
    say(f"the ledger counts in the copy now ({copied.rows} rows); set log.url to {destination} and run the roles there")


def _tell(copied: CopiedLog, *, as_json: bool) -> None:
    names = ("topic", "partition", "records", "first", "end", "checksum")
    if as_json:
        partitions = [{name: getattr(one, name) for name in names} for one in copied.partitions]
        positions = {
            group: {f"{place.topic}/{place.partition}": position.offset for place, position in sorted(places.items())}
            for group, places in sorted(copied.positions.items())
        }
        print_json(
            {"epoch": copied.epoch, "partitions": partitions, "positions": positions, "ledger_rows": copied.rows}
        )
        return
    print_rows(names, [[getattr(one, name) for name in names] for one in copied.partitions])
