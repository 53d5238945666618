"""`screening watchlist diff`, `activate` and `rollback`: what lies between versions, and which one judges."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import watchlists
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.cli.watchlist_report import ByOption, OverrideOption, override_of, report
from screening.watchlist.delta import delta

if TYPE_CHECKING:
    from screening.watchlist.delta import Delta
    from screening.watchlist.parties import ListedParty

_NAMED = "a source (its version in force), SOURCE~1 (the one before), or a digest"


def hang(group: typer.Typer) -> None:
    """Hang the commands on the group `watchlist`."""
    group.command("diff", epilog=example("screening watchlist diff us-ofac-sdn~1 us-ofac-sdn"))(diff)
    group.command("activate", epilog=example("screening watchlist activate 3f9a0c21d4b7"))(activate)
    group.command("rollback", epilog=example("screening watchlist rollback us-ofac-sdn"))(rollback)


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"A version: {_NAMED}.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another of the same source.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show which entries were added, changed and removed, and which changes matter for matching."""
    with installation_of(context, read_only=True) as installation:
        before, first = watchlists.parties_named(installation, old)
        after, second = watchlists.parties_named(installation, new)
    if before.source != after.source:
        say(f"warning: {before.source} and {after.source} are lists of different sources")
    found = delta(first, second)
    if as_json:
        print_json({"old": before.digest, "new": after.digest, **_written(found)})
        return
    say(
        f"{len(found.added)} added, {len(found.changed)} changed ({len(found.mattering)} matter for matching),"
        f" {len(found.removed)} removed"
    )
    print_rows(("change", "entry", "name", "fields", "matters"), _rows(found))


def activate(
    context: typer.Context,
    digest: Annotated[str, typer.Argument(metavar="DIGEST", help="Of a kept version; its beginning is enough.")],
    *,
    override: OverrideOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a kept version of a list in force, such as one that was held, within the bounds against the one that is."""
    passing = override_of(override, by)
    with installation_of(context) as installation:
        installation.prepare()
        done = watchlists.activate(installation, digest, passing, say)
    report(done, held=False, as_json=as_json)


def rollback(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of the list.")],
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the version back in force that stood before the one that is; once more goes further back."""
    with installation_of(context) as installation:
        installation.prepare()
        done = watchlists.rollback(installation, source, by or getpass.getuser(), say)
    report(done, held=False, as_json=as_json)


def _written(found: Delta) -> dict[str, Any]:
    return {
        "added": [_named(party) for party in found.added],
        "changed": [
            _named(change.new) | {"fields": list(change.fields), "matters": change.matters} for change in found.changed
        ],
        "removed": [_named(party) for party in found.removed],
    }


def _named(party: ListedParty) -> dict[str, Any]:
    return {"entry": party.entry, "name": party.names[0].text}


def _rows(found: Delta) -> list[tuple[object, ...]]:
    return [
        *(("added", party.entry, party.names[0].text, "", "yes") for party in found.added),
        *(
            ("changed", one.new.entry, one.new.names[0].text, ", ".join(one.fields), "yes" if one.matters else "no")
            for one in found.changed
        ),
        *(("removed", party.entry, party.names[0].text, "", "yes") for party in found.removed),
    ]
