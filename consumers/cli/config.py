"""`screening config show`: every setting, its value and where it came from."""

from __future__ import annotations

import typer

from consumers.cli.frame import JsonOption, example, print_json, print_rows, settings_of
from consumers.settings import describe


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    group = typer.Typer(no_args_is_help=True, help="The configuration.", epilog=example("screening config show"))
    group.command("show", epilog=example("screening config show --json"))(show)
    app.add_typer(group, name="config")


def show(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show every setting, its value and where it came from, secrets masked."""
    rows = describe(settings_of(context))
    if as_json:
        print_json([{"name": row.name, "value": row.value, "source": row.source, "help": row.help} for row in rows])
    else:
        print_rows(("setting", "value", "from", "what it is for"), ((r.name, r.value, r.source, r.help) for r in rows))
