"""What the commands that change a list share: who lets a version pass, and what came of it."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from consumers import watchlists
from consumers.cli.frame import print_json, print_rows, say
from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from screening.watchlist.delta import Delta

ByOption = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Who decides; the system's user otherwise.")]
OverrideOption = Annotated[
    str | None,
    typer.Option("--override", metavar="WHY", help="Let it pass beyond the bounds; who and why are recorded."),
]


def override_of(reason: str | None, by: str | None) -> watchlists.Override | None:
    """Return who lets a version pass beyond the bounds, or None where nobody does.

    Raises:
        Refused: no reason is given.
    """
    if reason is None:
        return None
    if not reason.strip():
        raise Refused("--override: found an empty text, expected the reason", Exit.USAGE)
    return watchlists.Override(by or getpass.getuser(), reason.strip())


def report(done: watchlists.Imported, *, held: bool, as_json: bool) -> None:
    """Tell what came of an import, an activation or a rollback."""
    for warning in done.warnings:
        say(f"warning: {warning}")
    version, counts, change = done.version, done.counts, done.change
    state = "held" if held else "activated" if done.activation is not None else "in force already"
    number = None if done.activation is None else done.activation.number
    changes = None if change is None else _changes(change)
    if as_json:
        print_json(
            {
                "source": version.source,
                "digest": version.digest,
                "entries": version.entries,
                "state": state,
                "activation": number,
                "change": changes,
                **version.meta,
            }
        )
        return
    print_rows(
        ("source", "version", "entries", "aliases", "addresses", "identifiers", "added", "changed", "removed",
         "activation"),
        [
            (
                version.source,
                version.digest[:12],
                counts.entries,
                counts.aliases,
                counts.addresses,
                counts.identifiers,
                *([None] * 3 if changes is None else [changes[key] for key in ("added", "changed", "removed")]),
                state if number is None else number,
            )
        ],
    )  # fmt: skip


def _changes(change: Delta) -> dict[str, int]:
    return {
        "added": len(change.added),
        "changed": len(change.changed),
        "mattering": len(change.mattering),
        "removed": len(change.removed),
    }
