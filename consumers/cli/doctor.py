"""`screening doctor`: what is not as it must be, and what to do about it."""

from __future__ import annotations

import dataclasses

import typer

from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows
from consumers.examination import Senses, State, examine
from consumers.faults import Exit


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("doctor", epilog=example("screening doctor"))(doctor)


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Look at disk, log, topics, transactions, clock, dead letters, ledger and versions; write nothing.

    The exit code is 1 if something is at fault, 5 if log or ledger is out of reach, and 0 with warnings alone.
    """
    with installation_of(context, read_only=True) as installation:
        findings = examine(installation, Senses())
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
