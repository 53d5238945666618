"""The life of a sanctions list: read, check against the version in force, keep, activate; a bad one changes nothing."""

from __future__ import annotations

import pathlib
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from consumers import activations, list_history, shipped, snapshots
from consumers.faults import Exit, Refused
from consumers.list_fetch import Fetcher
from consumers.list_files import Limits, ListFiles, open_files
from consumers.wiring import now
from screening.errors import Fault, WatchlistError
from screening.watchlist.bounds import bounds_of, check_bounds, parse_bounds
from screening.watchlist.delta import Delta, delta
from screening.watchlist.formats import sources
from screening.watchlist.formats.mapped_csv import parse_mapping
from screening.watchlist.parties import ListCounts, counts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consumers.activations import Activation
    from consumers.ledger.port import Version
    from consumers.settings import Settings
    from consumers.wiring import Installation
    from screening.watchlist.bounds import Bounds
    from screening.watchlist.parties import ListedParty, ParsedList

SOURCES: Final = tuple(sources.SOURCES)
"""The sources of which lists can be imported."""

SEVERAL: Final = ("csv", "ftm", "territories")
"""Sources of which an operator may keep several lists, told apart by a name of their own: `csv:resellers`."""

SAMPLE: Final = "sample"
"""The source of the demo's own list; no command imports it by name."""

_OWN_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Override:
    """Who lets a version pass that goes beyond the bounds, and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import led to.

    Attributes:
        version: the version.
        counts: how much it holds.
        change: what lies between it and the version that was in force; None where none was.
        activation: None where it was held, or was in force already.
        warnings: what a person should look at.
    """

    version: Version
    counts: ListCounts
    change: Delta | None
    activation: Activation | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version came from: the place as it may be shown, and name → SHA-256 of the files as they were there."""

    place: str
    files: Mapping[str, str]
    more: Mapping[str, str] = field(default_factory=dict)


def check_source(source: str) -> None:
    """Check that a source is one that can be imported.

    Raises:
        Refused: it is not.
    """
    kind, parted, own = source.partition(":")
    if kind not in SOURCES or (parted and (kind not in SEVERAL or not _OWN_NAME.fullmatch(own))):
        known = ", ".join(SOURCES)
        raise Refused(
            f"SOURCE: found {source!r}, expected one of {known};"
            f" of {', '.join(SEVERAL)} also with an own name behind, such as csv:resellers",
            Exit.USAGE,
        )


@contextmanager
def opened(settings: Settings, place: str, sha256: str | None = None) -> Iterator[tuple[ListFiles, Origin]]:
    """Open the files of a list, from disk or from an https address.

    Args:
        settings: limits, and the hosts from which may be fetched.
        place: a path, or an https address.
        sha256: the checksum that the one file must have, as it lies there.

    Raises:
        Refused: it cannot be read, may not be, or has another checksum.
    """
    held = settings.watchlist
    limits = Limits(held.most_bytes, held.most_ratio)
    if "://" not in place:
        files = open_files(pathlib.Path(place), limits)
        _check_sum(files.checksums, sha256, place)
        yield files, Origin(pathlib.Path(place).name, files.checksums)
        return
    with tempfile.TemporaryDirectory(prefix="screening-list-") as folder:
        fetcher = Fetcher(held.allowed_hosts, held.most_bytes, held.most_seconds)
        fetched = fetcher.fetch(place, pathlib.Path(folder))
        _check_sum({fetched.path.name: fetched.sha256}, sha256, fetched.shown)
        more = {} if fetched.last_modified is None else {"last_modified": fetched.last_modified}
        files = open_files(fetched.path, limits, fetched.shown)
        yield files, Origin(fetched.shown, files.checksums, more)


def parse(source: str, files: ListFiles, mapping: pathlib.Path | None = None) -> ParsedList:
    """Read a list in whichever of its source's formats it comes.

    Raises:
        Refused: a mapping is missing, cannot be read, or has no meaning for this source.
        WatchlistError: with every fault of the files.
    """
    kind = source.partition(":")[0]
    if kind != "csv":
        if mapping is not None:
            raise Refused(f"--mapping: found a file for {source}, expected it for csv only", Exit.USAGE)
        return sources.parse_list(kind, files.documents)
    if mapping is None:
        raise Refused("--mapping: found none, expected a TOML file that says which column is what", Exit.USAGE)
    return sources.parse_list(kind, files.documents, parse_mapping(_text(mapping), str(mapping)))


def bounds_for(settings: Settings, source: str) -> Bounds:
    """Return the bounds of a source: the operator's over the release's.

    Raises:
        Refused: the operator's file cannot be read.
        WatchlistError: it is faulty.
    """
    texts = {"bounds.toml": shipped.shipped_bounds()}
    own = settings.watchlist.bounds
    if own is not None:
        texts[str(own)] = _text(own)
    return bounds_of(parse_bounds(texts), source)


def import_list(
    installation: Installation,
    source: str,
    parsed: ParsedList,
    origin: Origin,
    *,
    hold: bool = False,
    override: Override | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Keep a version of a list and activate it.

    Args:
        installation: whose log and ledger, prepared.
        source: the list's source.
        parsed: what its files hold.
        origin: where they came from.
        hold: keep the version without activating it.
        override: who lets it pass beyond the bounds, and why.
        tell: is told in a line what takes long, and what could not be kept.

    Raises:
        WatchlistError: it is empty, or changes beyond the bounds.
        Fenced: another activation came between.
    """
    old = _parties_in_force(installation, source, tell)
    broken = _check(installation, source, parsed.counts, old, override)
    bounds = bounds_for(installation.settings, source)
    warnings = []
    if old is None and parsed.counts.entries < bounds.usual:
        warnings.append(
            f"{source}: {parsed.counts.entries} entries, usually at least {bounds.usual}: is the file whole?"
        )
    meta: dict[str, object] = {
        "counts": msgspec.to_builtins(parsed.counts),
        "files": dict(sorted(origin.files.items())),
        "from": origin.place,
        "imported_at": now().isoformat(timespec="seconds"),
        **origin.more,
    }
    if override is not None and broken:
        meta["override"] = {"by": override.by, "reason": override.reason, "beyond": [str(fault) for fault in broken]}
    version = snapshots.watchlist_version(source, parsed.parties, meta)
    installation.ledger.put_version(version)
    change = None if old is None else delta(old, parsed.parties)
    activation = None if hold else _activate(installation, version, override if broken else None, tell)
    return Imported(version, parsed.counts, change, activation, tuple(warnings))


def activate(
    installation: Installation,
    digest: str,
    override: Override | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Put a kept version of a list in force, checked against the one that is.

    Raises:
        Refused: no such version is kept.
        WatchlistError: it changes beyond the bounds.
        Fenced: another activation came between; nothing was changed.
    """
    version = installation.version("watchlist", named_version(installation, digest))
    parties = snapshots.parties_of(version)
    old = _parties_in_force(installation, version.source, tell)
    counts = counts_of(parties)
    broken = _check(installation, version.source, counts, old, override)
    activation = _activate(installation, version, override if broken else None, tell)
    return Imported(version, counts, None if old is None else delta(old, parties), activation)


def rollback(
    installation: Installation, source: str, by: str | None = None, tell: Callable[[str], None] = lambda _: None
) -> Imported:
    """Put the version in force that stood before the one that is; bounds do not hold, for it was in force once.

    Raises:
        Refused: there is none.
        Fenced: another activation came between; nothing was changed.
    """
    digest = list_history.before(activations.history(installation.log), source) if installation.exists() else None
    if digest is None:
        raise Refused(f"{source}: found no version before the one in force, expected one to go back to")
    version = installation.version("watchlist", digest)
    old = _parties_in_force(installation, source, tell)
    parties = snapshots.parties_of(version)
    reason = f"{source}: back to {version.entries} entries"
    activation = _put_in_force(installation, version, by or installation.instance, reason, tell)
    return Imported(version, counts_of(parties), None if old is None else delta(old, parties), activation)


def named_version(installation: Installation, name: str) -> str:
    """Return the digest of a version by its name: a digest or its beginning, a source, or a source with `~1`.

    `SOURCE` is its version in force, `SOURCE~1` the one before.

    Raises:
        Refused: nothing has this name, or several things have.
    """
    history = activations.history(installation.log) if installation.exists() else ()
    source, back, _ = name.partition("~1")
    held = list_history.in_force(history).get(source)
    if held is not None and name in (source, f"{source}~1"):
        digest = list_history.before(history, source) if back else held.digest
        if digest is None:
            raise Refused(f"{name}: found no version before the one in force of {source}, expected one")
        return digest
    found = (
        [kept for kept in installation.ledger.kept_versions("watchlist") if kept.digest.startswith(name)]
        if _DIGEST.fullmatch(name) and installation.exists()
        else []
    )
    if len(found) != 1:
        number = f"{len(found)} versions" if found else "no version"
        expected = "a source that has one in force, SOURCE~1, or the digest of a kept one (six letters are enough)"
        raise Refused(f"{name}: found {number} of this name, expected {expected}", Exit.USAGE)
    return found[0].digest


def parties_named(installation: Installation, name: str) -> tuple[Version, Sequence[ListedParty]]:
    """Return a version by its name, and its parties."""
    version = installation.version("watchlist", named_version(installation, name))
    return version, snapshots.parties_of(version)


def _check(
    installation: Installation,
    source: str,
    counts: ListCounts,
    old: Sequence[ListedParty] | None,
    override: Override | None,
) -> tuple[Fault, ...]:
    """Return the bounds that a version breaks and may break.

    Raises:
        WatchlistError: it breaks bounds, and nobody lets it pass; or it is empty, which nobody can.
    """
    bounds = bounds_for(installation.settings, source)
    broken = check_bounds(counts, None if old is None else counts_of(old), bounds, where=source)
    if broken and (override is None or counts.entries == 0):
        raise WatchlistError(broken)
    return broken


def _activate(
    installation: Installation, version: Version, override: Override | None, tell: Callable[[str], None]
) -> Activation | None:
    reason = f"{version.source}: {version.entries} entries"
    if override is None:
        return _put_in_force(installation, version, installation.instance, reason, tell)
    return _put_in_force(installation, version, override.by, f"{reason}; beyond the bounds: {override.reason}", tell)


def _put_in_force(
    installation: Installation, version: Version, by: str, reason: str, tell: Callable[[str], None]
) -> Activation | None:
    """Put a version in force; what it is searched by is kept first, for the workers of this host to load.

    Raises:
        Fenced: another activation came between; nothing was changed.
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
            by=by,
            reason=reason,
            at=now().isoformat(),
            number=-1,
        )

    current = activations.latest(installation.log)
    current = activations.latest(installation.log)
    if current is not None and current.watchlists.get(version.source) != version.digest:
        wanted = current.watchlists | {version.source: version.digest}
        lost = [source for source, digest in sorted(wanted.items()) if not _is_kept(installation, digest)]
        if lost:
            tell(f"{', '.join(lost)}: found nothing of it in the ledger, though it is in force: import it again too")
        else:
            tell(f"{version.source}: making {version.entries} entries ready to be searched")
            installation.screeners.lists(wanted, tell)
    return activations.activate(installation.log, change)


def _parties_in_force(
    installation: Installation, source: str, tell: Callable[[str], None]
) -> tuple[ListedParty, ...] | None:
    """Return the parties of a source's version in force; None where none is, or a lost ledger kept it."""
    current = activations.latest(installation.log)
    digest = None if current is None else current.watchlists.get(source)
    if digest is None:
        return None
    if not _is_kept(installation, digest):
        tell(f"{source}: found nothing in the ledger of the version in force, so that nothing can be compared with it")
        return None
    return snapshots.parties_of(installation.version("watchlist", digest))


def _is_kept(installation: Installation, digest: str) -> bool:
    return installation.ledger.kept("watchlist", digest) is not None


def _check_sum(found: Mapping[str, str], expected: str | None, place: str) -> None:
    if expected is None:
        return
    if len(found) != 1:
        raise Refused(f"--sha256: found {len(found)} files in {place}, expected one file", Exit.USAGE)
    (held,) = found.values()
    if held != expected.strip().lower():
        raise Refused(f"{place}: found the checksum {held}, expected {expected}")


def _text(path: pathlib.Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file that can be read", Exit.USAGE) from None
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: byte {error.start}: found no UTF-8, expected TOML in UTF-8", Exit.USAGE) from None
