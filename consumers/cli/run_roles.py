"""`screening run`: the stream roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consumers.cli.frame import example, installation_of, say
from consumers.faults import Exit, Refused
from consumers.run import run_roles
from consumers.wiring import ROLES

if TYPE_CHECKING:
    from consumers.role import Happened


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("run", epilog=example("screening run --drain"))(run)


def run(
    context: typer.Context,
    roles: Annotated[list[str] | None, typer.Argument(metavar="[ROLE]…", help=f"Of {', '.join(ROLES)}; all.")] = None,
    *,
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop at the end of the topics, upstream roles first.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes for each role.")] = None,
    dead_letters_in_a_row: Annotated[
        int | None, typer.Option(min=0, help="Stop when more in a row cannot be read; 0 for any number.")
    ] = None,
    dead_letter_percent: Annotated[
        int | None, typer.Option(min=1, max=100, help="Stop when more of a hundred cannot be read; 100 for any share.")
    ] = None,
) -> None:
    """Run the stream roles (default: all) until stopped; Ctrl-C ends the batch at hand first."""
    wanted = tuple(roles or ROLES)
    unknown = [role for role in wanted if role not in ROLES]
    if unknown:
        raise Refused(f"ROLE: found {', '.join(unknown)}, expected some of {', '.join(ROLES)}", Exit.USAGE)
    given = {
        "run.workers": workers,
        "run.dead_letters_in_a_row": dead_letters_in_a_row,
        "run.dead_letter_percent": dead_letter_percent,
    }
    flags = {name: str(value) for name, value in given.items() if value is not None}
    with installation_of(context, flags) as installation:
        installation.prepare()
        if not drain:
            say(f"running {', '.join(wanted)} on {installation.settings.log.url} (Ctrl-C stops)")
        code = run_roles(installation, wanted, drain=drain, tell=_tell)
    if code:
        raise typer.Exit(code)


def _tell(happened: Happened) -> None:
    """Show what a person should see while roles run: waiting and retries."""
    if happened.what.startswith(("waits", "retry")):
        say(f"{happened.role} {happened.what}")
