"""`screening watchlist`: the life of the sanctions lists; `import` and `status`."""

from __future__ import annotations

import datetime as dt
import pathlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import activations, list_history, snapshots, watchlists
from consumers.cli import watchlist_changes
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.cli.watchlist_report import ByOption, OverrideOption, override_of, report
from consumers.wiring import now
from screening.watchlist.same import same_parties

if TYPE_CHECKING:
    from consumers.ledger.port import KeptVersion, Version
    from consumers.wiring import Installation


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True, help="The life of the sanctions lists.", epilog=example("screening watchlist status")
    )
    group.command("import", epilog=example("screening watchlist import us-ofac-sdn ./ofac"))(import_)
    group.command("status", epilog=example("screening watchlist status --json"))(status)
    watchlist_changes.hang(group)
    app.add_typer(group, name="watchlist")


def import_(  # noqa: PLR0913 - one argument for each option
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(watchlists.SOURCES)}.")],
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL",
            help="The list's file, the folder of its files, or an https address at one of watchlist.hosts.",
        ),
    ],
    *,
    hold: Annotated[bool, typer.Option("--hold", help="Check and keep the version without activating it.")] = False,
    mapping: Annotated[
        pathlib.Path | None, typer.Option(metavar="FILE", help="For csv: a TOML file that says which column is what.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="The checksum that the file must have.")
    ] = None,
    override: OverrideOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build a version of a list, check it against the one in force, and activate it.

    The format is recognised; .gz and .zip are unpacked. A faulty, empty or suddenly shrunken list is refused with every
    reason, and the version in force stays.
    """
    watchlists.check_source(source)
    passing = override_of(override, by)
    with installation_of(context) as installation:
        with watchlists.opened(installation.settings, path, sha256) as (files, origin):
            say(f"{source}: reading {', '.join(document.name for document in files.documents)}")
            parsed = watchlists.parse(source, files, mapping)
        installation.prepare()
        done = watchlists.import_list(installation, source, parsed, origin, hold=hold, override=passing, tell=say)
    report(done, held=hold, as_json=as_json)


def status(
    context: typer.Context,
    *,
    kept: Annotated[bool, typer.Option("--all", help="Also the versions that are kept and not in force.")] = False,
    shared: Annotated[bool, typer.Option(help="Count the parties that stand on several lists in force.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the versions in force: how much each holds, how old it is, and since when it judges."""
    with installation_of(context, read_only=True) as installation:
        rows = _rows(installation, kept=kept)
        groups = _shared(installation) if shared else None
    if groups is not None:
        for row in rows:
            row["shared"] = sum(any(place.source == row["source"] for place in group) for group in groups)
    if as_json:
        print_json(rows)
        return
    if not rows:
        say("no watchlist is active; registrations stay unread until one is (see `screening watchlist import --help`)")
    names = ["source", "digest", "entries", "imported_at", "age_days", "in_force_since"]
    headings = ["source", "version", "entries", "imported", "age in days", "in force since"]
    if groups is not None:
        names.append("shared")
        headings.append("on other lists too")
    print_rows(headings, [[row[name] for name in names] for row in rows])


def _rows(installation: Installation, *, kept: bool) -> list[dict[str, Any]]:
    history = activations.history(installation.log) if installation.exists() else ()
    if not history:
        return []
    held = list_history.in_force(history)
    versions = {(one.source, one.digest): one for one in installation.ledger.kept_versions("watchlist")}
    rows = []
    for source, one in held.items():
        version = versions.get((source, one.digest)) or installation.version("watchlist", one.digest)
        rows.append(_row(version) | {"state": "in force", "in_force_since": one.at, "activation": one.number})
        rows[-1] |= {"activated_by": one.by, "activated_because": one.reason}
    shown = {(source, one.digest) for source, one in held.items()}
    others = [version for place, version in versions.items() if place not in shown] if kept else []
    rows += [_row(version) | {"state": "kept", "in_force_since": None, "activation": None} for version in others]
    return sorted(rows, key=lambda row: (row["source"], row["state"], row["imported_at"] or ""))


def _row(version: KeptVersion | Version) -> dict[str, Any]:
    imported = str(version.meta.get("imported_at") or "") or None
    age = None if imported is None else (now() - dt.datetime.fromisoformat(imported)).days
    fields = {"source": version.source, "digest": version.digest, "entries": version.entries}
    return {**fields, **version.meta, "imported_at": imported, "age_days": age}


def _shared(installation: Installation) -> list[tuple[Any, ...]]:
    current = activations.latest(installation.log) if installation.exists() else None
    lists = {} if current is None else current.watchlists
    held = {source: snapshots.parties_of(installation.version("watchlist", digest)) for source, digest in lists.items()}
    return list(same_parties(held))
