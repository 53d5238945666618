"""`screening doctor`: what is not as it must be, and what to do about it."""

from __future__ import annotations

import dataclasses
import pathlib
from typing import Annotated

import typer

from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows
from consumers.examination import Senses, State, examine
from consumers.faults import Exit


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("doctor", epilog=example("screening doctor"))(doctor)


def doctor(
    context: typer.Context,
    *,
    dashboards: Annotated[
        pathlib.Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Look for queries of dashboards whose metric is gone, too.",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="The port that a role here is to answer on, if not as set.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look at everything that must be well around the roles, say what is not and what to do about it; write nothing.

    Disk, metrics port, log, topics, replication, isolation level, transactions, clocks, dead letters, the age of lists
    and lexicon, and whether ledger and log belong together.

    The exit code is 1 if something is at fault, 5 if log or ledger is out of reach, and 0 with warnings alone.
    """
    extra = {} if metrics_port is None else {"metrics.port": str(metrics_port)}
    with installation_of(context, extra, read_only=True) as installation:
        findings = examine(installation, Senses(), dashboards)
    rows = [dataclasses.asdict(one) for one in findings]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        names = ("what", "state", "found", "expected", "advice")
        print_rows(names, [[row[name] for name in names] for row in rows])
    states = {one.state for one in findings}
    if State.UNREACHABLE in states:
        raise typer.Exit(Exit.UNREACHABLE)
    if State.FAULT in states:
        raise typer.Exit(Exit.FAILED)
