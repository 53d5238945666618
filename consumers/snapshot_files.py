"""An activation with all that it names in one file: what judges where neither log nor ledger is in reach."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import msgspec

from consumers.activations import Activation  # noqa: TC001 - msgspec resolves annotations
from consumers.ledger.port import LedgerError, Version, VersionKind

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Mapping, Sequence


class _Held(msgspec.Struct, frozen=True):
    kind: VersionKind
    digest: str
    source: str
    entries: int
    payload: bytes


class _File(msgspec.Struct, frozen=True):
    schema: int
    activation: Activation
    numbers: dict[str, int]
    versions: tuple[_Held, ...]


class Snapshot:
    """An activation and its versions.

    Args:
        activation: names the versions.
        numbers: kind of subject → the number of the activation by which the stream judges it; a lexicon's change puts
            no marker where registrations come, nor a list's where contents do.
        versions: all that it names.
    """

    def __init__(self, activation: Activation, numbers: Mapping[str, int], versions: Sequence[Version]) -> None:
        self.activation = activation
        self.numbers = dict(numbers)
        self._versions = {(one.kind, one.digest): one for one in versions}

    @classmethod
    def of(
        cls, activation: Activation, numbers: Mapping[str, int], fetch: Callable[[VersionKind, str], Version]
    ) -> Snapshot:
        """Gather what an activation names."""
        named: list[tuple[VersionKind, str]] = [("policy", activation.policy), ("lexicon", activation.lexicon)]
        named += [("watchlist", digest) for _, digest in sorted(activation.watchlists.items())]
        return cls(activation, numbers, [fetch(kind, digest) for kind, digest in named])

    def version(self, kind: VersionKind, digest: str) -> Version:
        """Return a version.

        Raises:
            LedgerError: it is not in the snapshot.
        """
        held = self._versions.get((kind, digest))
        if held is None:
            raise LedgerError(f"{kind} {digest}: found nothing in the snapshot, expected what its activation names")
        return held

    def write(self, path: pathlib.Path) -> None:
        """Write it into a file, whole or not at all."""
        held = tuple(
            _Held(one.kind, one.digest, one.source, one.entries, one.payload) for one in self._versions.values()
        )
        file = _File(1, self.activation, self.numbers, held)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(zlib.compress(msgspec.msgpack.encode(file)))
        part.replace(path)


def read_snapshot(data: bytes) -> Snapshot:
    """Read what `write` wrote.

    Raises:
        LedgerError: it is no snapshot, or one that is damaged.
    """
    try:
        file = msgspec.msgpack.decode(zlib.decompress(data), type=_File)
    except (zlib.error, msgspec.DecodeError) as error:
        raise LedgerError(f"snapshot: found {error}, expected what `screening archive snapshot` wrote") from None
    for one in file.versions:
        if hashlib.sha256(one.payload).hexdigest() != one.digest:
            raise LedgerError(f"snapshot: found a damaged {one.kind} {one.digest}, expected its digest")
    versions = [Version(one.kind, one.digest, one.source, one.entries, {}, one.payload) for one in file.versions]
    return Snapshot(file.activation, file.numbers, versions)
