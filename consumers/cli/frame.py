"""What all commands share: options that work before or after the subcommand, settings, and ways to print."""

from __future__ import annotations

import json
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from consumers.settings import Settings, read_settings
from consumers.wiring import Installation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consumers.activations import Activation

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

SHARED: Final = ("--data", "--config", "--log")
"""Options that work before or after the subcommand."""


def example(command: str) -> str:
    """Return the last lines of a command's help."""
    return f"Example: {command}\n\n--data DIR, --config FILE and --log URL work here too."


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Screen content and registrations against the user agreement: match, decide, order, explain, undo.",
    epilog="Example: screening demo",
)


@app.callback()
def _keep(
    context: typer.Context,
    data: Annotated[str | None, typer.Option(metavar="DIR", help="The data directory (default: ./.screening).")] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="The configuration file (default: ./screening.toml).")
    ] = None,
    log: Annotated[str | None, typer.Option(metavar="URL", help="sqlite:///PATH or kafka://HOST:PORT.")] = None,
) -> None:
    named = {"data": data, "config": config, "log": log}
    context.obj = {name: value for name, value in named.items() if value is not None}


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Move the shared options before the subcommand, for they work behind it too.

    >>> hoisted(["run", "--drain", "--data", "here", "--", "--log"])
    ['--data', 'here', 'run', '--drain', '--', '--log']
    """
    front: list[str] = []
    rest = list(arguments)
    at = 0
    while at < len(rest) and rest[at] != "--":
        name, given_here, _ = rest[at].partition("=")
        if name not in SHARED:
            at += 1
            continue
        taken = 1 if given_here else 2
        front += rest[at : at + taken]
        del rest[at : at + taken]
    return [*front, *rest]


def given(context: typer.Context) -> dict[str, str]:
    """Return the shared options that were given on the command line."""
    return dict(context.obj)


def settings_of(context: typer.Context, extra: Mapping[str, str] | None = None) -> Settings:
    """Return the settings for a command.

    Args:
        context: the command's.
        extra: further flags, by the setting's dotted name.

    Raises:
        SettingsError: with every fault.
    """
    flags = given(context)
    config = flags.pop("config", None)
    named = {"data": "data", "log": "log.url"}
    dotted = {named[name]: value for name, value in flags.items()} | dict(extra or {})
    return read_settings(config=pathlib.Path(config) if config else None, environment=os.environ, flags=dotted)


def installation_of(
    context: typer.Context, extra: Mapping[str, str] | None = None, *, read_only: bool = False
) -> Installation:
    """Return the installation a command works on; it is a context manager."""
    return Installation(settings_of(context, extra), read_only=read_only)


def say(text: str) -> None:
    """Tell something beside the output, on stderr."""
    sys.stderr.write(text + "\n")


def activation_fields(current: Activation | None) -> dict[str, object]:
    """Return what a command says of the activation in force, or of there being none."""
    return {
        "active": current is not None,
        "activation": None if current is None else current.number,
        "kind": None if current is None else current.kind,
        "at": None if current is None else current.at,
        "by": None if current is None else current.by,
    }


def state_of(current: Activation | None) -> str:
    """Return in a few words whether there is an activation in force."""
    return "not activated yet; the shipped one serves" if current is None else f"activation {current.number}"


def print_json(value: object) -> None:
    """Print one JSON value on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table: drawn on a terminal, tab-separated when piped."""
    cells = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(headings), *cells]:
            sys.stdout.write("\t".join(row) + "\n")
        return
    table = Table(*headings, title=title, title_justify="left")
    for row in cells:
        table.add_row(*row)
    Console(no_color="NO_COLOR" in os.environ).print(table)
