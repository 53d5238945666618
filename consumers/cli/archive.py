"""`screening archive`: what judges the archive elsewhere."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

from consumers import activations, topics
from consumers.cli.frame import example, installation_of, say
from consumers.faults import Exit, Refused
from consumers.snapshot_files import Snapshot


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="What was published, for more than one machine.",
        epilog=example("screening archive snapshot now.snapshot"),
    )
    group.callback()(_only_a_group)
    group.command("snapshot", epilog=example("screening archive snapshot now.snapshot"))(snapshot)
    app.add_typer(group, name="archive")


def _only_a_group() -> None:
    """Keep a group of one command a group."""


def snapshot(
    context: typer.Context,
    file: Annotated[pathlib.Path, typer.Argument(metavar="FILE", help="Where to write it.")],
) -> None:
    """Write the versions in force into one file, so that the archive can be judged by them where no ledger is.

    The job in `consumers/cluster.py` reads it on every machine of a Spark cluster.
    """
    if not file.absolute().parent.is_dir():
        raise Refused(f"FILE: found no folder for {file}, expected one that is there", Exit.USAGE)
    with installation_of(context, read_only=True) as installation:
        current = activations.latest(installation.log) if installation.exists() else None
        if current is None:
            raise Refused("found nothing in force, expected a log on which something was activated: `screening run`")
        by = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}
        judging = {subject: activations.latest_for(installation.log, topic) for subject, topic in by.items()}
        numbers = {subject: one.number for subject, one in judging.items() if one is not None}
        Snapshot.of(current, numbers, installation.version).write(file)
    say(f"activation {current.number} written to {file}")
