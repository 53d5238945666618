"""`screening run`: the stream roles."""

from __future__ import annotations

from typing import Annotated

import typer

from consumers.cli.frame import example, installation_of
from consumers.faults import Exit, Refused, told
from consumers.observers import logs_of
from consumers.run import run_roles
from consumers.station import Station
from consumers.wiring import FURTHER, ROLES

_ROLES = f"Of {', '.join(ROLES)}; all of these where none is named. Also {', '.join(FURTHER)}."


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("run", epilog=example("screening run --drain"))(run)


def run(  # noqa: PLR0913 - an argument is an option
    context: typer.Context,
    roles: Annotated[list[str] | None, typer.Argument(metavar="[ROLE]…", help=_ROLES)] = None,
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
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Answer /metrics, /livez and /readyz here; 0: a free port.")
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="Write lines from here on: debug, info, warning or error.")
    ] = None,
) -> None:
    """Run the stream roles (default: all) until stopped; Ctrl-C ends the batch at hand first."""
    wanted = tuple(roles or ROLES)
    unknown = [role for role in wanted if role not in ROLES and role not in FURTHER]
    if unknown:
        raise Refused(f"ROLE: found {', '.join(unknown)}, expected some of {', '.join((*ROLES, *FURTHER))}", Exit.USAGE)
    flags = {
        "run.workers": workers,
        "run.dead_letters_in_a_row": dead_letters_in_a_row,
        "run.dead_letter_percent": dead_letter_percent,
        "metrics.port": metrics_port,
        "logging.level": log_level,
    }
    given = {name: str(value) for name, value in flags.items() if value is not None}
    with installation_of(context, given) as installation:
        settings = installation.settings
        with logs_of(settings, short=drain) as logs, Station(settings, wanted, logs) as station:
            installation.prepare()
            station.start()
            if not drain:
                logs.say("info", "running", roles=list(wanted), log=settings.log.url, workers=settings.run.workers)
            try:
                code = run_roles(installation, wanted, drain=drain, station=station)
            except Exception as error:
                if told(error)[0] is not None:
                    raise
                logs.crashed(error)
                code = Exit.FAILED
    if code:
        raise typer.Exit(code)
