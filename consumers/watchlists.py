"""Importing a sanctions list: read, check against the version in force, keep, activate; a bad one changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from consumers import activations, snapshots
from consumers.faults import Exit, Refused
from consumers.wiring import now
from screening.errors import Fault, WatchlistError
from screening.watchlist.bounds import check_bounds
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import ListCounts, counts_of

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Mapping

    from consumers.activations import Activation
    from consumers.ledger.port import Version
    from consumers.wiring import Installation
    from screening.watchlist.parties import ParsedList

SOURCES: Final[dict[str, Callable[[Mapping[str, bytes]], ParsedList]]] = {
    "us-ofac-sdn": ofac_csv.parse,
    "us-ofac-cons": ofac_csv.parse,
}
"""Source → the reader of its format."""

SAMPLE: Final = "sample"
"""The source of the demo's own list; no command imports it by name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import led to; `activation` is None where the version was held, or was in force already."""

    version: Version
    counts: ListCounts
    activation: Activation | None


def read_files(path: pathlib.Path) -> dict[str, bytes]:
    """Return name → bytes of a file, or of the files of a folder (hidden ones apart).

    Raises:
        Refused: nothing is there, or it cannot be read.
    """
    try:
        if path.is_dir():
            found = sorted(entry for entry in path.iterdir() if entry.is_file() and not entry.name.startswith("."))
        else:
            found = [path]
        files = {entry.name: entry.read_bytes() for entry in found}
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file or folder of a list", Exit.USAGE) from None
    if not files:
        raise Refused(f"{path}: found an empty folder, expected the files of a list")
    return files


def import_list(
    installation: Installation, source: str, files: Mapping[str, bytes], *, parsed: ParsedList, hold: bool = False
) -> Imported:
    """Keep a version of a list and activate it.

    Args:
        installation: whose log and ledger, prepared.
        source: the list's source.
        files: what was read, for its checksums.
        parsed: what the files hold.
        hold: keep the version without activating it.

    Raises:
        WatchlistError: it is empty, or shrunken against the version in force.
        Fenced: another activation came between.
    """
    current = activations.latest(installation.log)
    in_force = None if current is None else current.watchlists.get(source)
    old = None if in_force is None else _counts(installation, in_force)
    faults = check_bounds(parsed.counts, old, where=source)
    if faults:
        raise WatchlistError(faults)
    meta = {
        "counts": msgspec.to_builtins(parsed.counts),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "imported_at": now().isoformat(timespec="seconds"),
    }
    version = snapshots.watchlist_version(source, parsed.parties, meta)
    installation.ledger.put_version(version)
    activation = None if hold else activate(installation, version)
    return Imported(version, parsed.counts, activation)


def activate(installation: Installation, version: Version) -> Activation | None:
    """Put a kept version of a list in force; None where it is already.

    Raises:
        Fenced: another activation came between; nothing was changed.
        WatchlistError: there is nothing to put it beside, for the log was never prepared.
    """

    def change(current: Activation | None) -> Activation | None:
        if current is None:
            raise WatchlistError(
                [Fault(installation.settings.log.url, "no activation", "a log that `run` has prepared")]
            )
        if current.watchlists.get(version.source) == version.digest:
            return None
        return msgspec.structs.replace(
            current,
            activation_id=activations.new_id(),
            kind="watchlist",
            watchlists=current.watchlists | {version.source: version.digest},
            by=installation.instance,
            reason=f"{version.source}: {version.entries} entries",
            at=now().isoformat(),
            number=-1,
        )

    return activations.activate(installation.log, change)


def _counts(installation: Installation, digest: str) -> ListCounts:
    return counts_of(snapshots.parties_of(installation.version("watchlist", digest)))
