"""`screening watchlist`: the life of the sanctions lists."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import activations, watchlists
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from consumers.wiring import Installation


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True, help="The life of the sanctions lists.", epilog=example("screening watchlist status")
    )
    group.command("import", epilog=example("screening watchlist import us-ofac-sdn ./ofac"))(import_)
    group.command("status", epilog=example("screening watchlist status --json"))(status)
    app.add_typer(group, name="watchlist")


def import_(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(watchlists.SOURCES)}.")],
    path: Annotated[pathlib.Path, typer.Argument(metavar="PATH", help="The list's file, or the folder of its files.")],
    *,
    hold: Annotated[bool, typer.Option("--hold", help="Check and keep the version without activating it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Build a version of a list, check it against the one in force, and activate it.

    A faulty, empty or suddenly shrunken list is refused with every reason, and the version in force stays.
    """
    if source not in watchlists.SOURCES:
        known = ", ".join(watchlists.SOURCES)
        raise Refused(f"SOURCE: found {source!r}, expected one of {known} (this release reads no others)", Exit.USAGE)
    files = watchlists.read_files(path)
    say(f"{source}: reading {', '.join(files)}")
    parsed = watchlists.SOURCES[source](files)
    with installation_of(context) as installation:
        installation.prepare()
        done = watchlists.import_list(installation, source, files, parsed=parsed, hold=hold)
    if as_json:
        print_json(_described(done, hold=hold))
        return
    counts = done.counts
    print_rows(
        ("source", "version", "entries", "aliases", "addresses", "identifiers", "activation"),
        [
            (
                source,
                done.version.digest[:12],
                counts.entries,
                counts.aliases,
                counts.addresses,
                counts.identifiers,
                _activation(done, hold=hold),
            )
        ],
    )


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the versions in force."""
    with installation_of(context, read_only=True) as installation:
        rows = _in_force(installation)
    if as_json:
        print_json(rows)
        return
    if not rows:
        say("no watchlist is active; registrations stay unread until one is (see `screening watchlist import --help`)")
    names = ("source", "digest", "entries", "imported_at")
    print_rows(("source", "version", "entries", "imported"), [[row[name] for name in names] for row in rows])


def _in_force(installation: Installation) -> list[dict[str, Any]]:
    current = activations.latest(installation.log) if installation.exists() else None
    if current is None:
        return []
    versions = [installation.version("watchlist", digest) for _, digest in sorted(current.watchlists.items())]
    return [
        {"source": version.source, "digest": version.digest, "entries": version.entries, **version.meta}
        for version in versions
    ]


def _described(done: watchlists.Imported, *, hold: bool) -> dict[str, Any]:
    version = done.version
    state = "held" if hold else "activated" if done.activation is not None else "in force already"
    number = None if done.activation is None else done.activation.number
    return {
        "source": version.source,
        "digest": version.digest,
        "entries": version.entries,
        "state": state,
        "activation": number,
        **version.meta,
    }


def _activation(done: watchlists.Imported, *, hold: bool) -> str:
    if hold:
        return "held"
    return "in force already" if done.activation is None else str(done.activation.number)
