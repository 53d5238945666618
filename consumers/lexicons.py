"""The life of a lexicon at the edge: where it is read from, what is checked, and how it comes into force.

A lexicon is activated whole or not at all. What is faulty, what its own examples speak against, and what changes more
than anybody said is refused with every reason, and the lexicon in force stays.
"""

from __future__ import annotations

import importlib.metadata
import pathlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from consumers import activations, shipped, snapshots
from consumers.activations import Activation
from consumers.faults import Exit, Refused
from consumers.screeners import Screeners
from consumers.wiring import now, segmenter, shipped_lexicon_version
from screening.errors import Fault, LexiconError
from screening.lexicon.compiled import compiled
from screening.lexicon.examples import check_examples
from screening.lexicon.lint import Level, lint
from screening.pipeline import ENGINE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from consumers.activations import ActivationKind
    from consumers.ledger.port import Version, VersionKind
    from consumers.wiring import Installation
    from screening.lexicon.compiled import Compiled
    from screening.lexicon.entries import Lexicon
    from screening.pipeline import ContentScreener
    from screening.policy.rules import Policy

ACTIVE: Final = "active"
"""The name of the lexicon in force, or of the shipped one where none was activated."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Judging:
    """What judges contents: the activation (None before the first) and the versions that it names."""

    activation: Activation | None
    policy: Version
    lexicon: Version


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lexicon by the name that it was asked for."""

    name: str
    files: Mapping[str, str]
    lexicon: Lexicon
    version: Version


def judging(installation: Installation) -> Judging:
    """Return what judges contents now; creates nothing."""
    current = activations.latest(installation.log) if installation.exists() else None
    if current is None:
        policy = snapshots.policy_version(shipped.shipped_policy(), shipped.SHIPPED)
        return Judging(None, policy, shipped_lexicon_version())
    policy = installation.version("policy", current.policy)
    return Judging(current, policy, installation.version("lexicon", current.lexicon))


def policy_of(judged: Judging) -> Policy:
    """Return the policy in force, whose clause register names the categories."""
    return snapshots.read_policy(snapshots.files_of(judged.policy))


def size_of(lexicon: Lexicon) -> int:
    """Return how much a lexicon holds: its entries, and the terms of its plain lists."""
    return len(lexicon.entries) + sum(len(held.terms) for held in lexicon.lists)


def candidate(installation: Installation, judged: Judging, name: str) -> Candidate:
    """Return a lexicon by its name.

    Args:
        installation: keeps the versions that were activated.
        judged: what is in force.
        name: a folder or file, the digest of a kept version, `active` or `shipped`.

    Raises:
        Refused: there is no such thing.
        LexiconError: it cannot be read as a lexicon.
    """
    files, source = files_of(installation, judged, name)
    lexicon = snapshots.read_lexicon(files, policy_of(judged))
    return Candidate(name, files, lexicon, snapshots.lexicon_version(files, source, size_of(lexicon)))


def files_of(installation: Installation, judged: Judging, name: str) -> tuple[dict[str, str], str]:
    """Return the texts of a lexicon by its name, and where they came from."""
    path = pathlib.Path(name)
    if path.exists():
        return read_folder(path), path.resolve().name
    if name == ACTIVE:
        return snapshots.files_of(judged.lexicon), judged.lexicon.source
    if name == shipped.SHIPPED:
        return shipped.shipped_lexicon(), shipped.SHIPPED
    if _DIGEST.fullmatch(name) and installation.exists():
        version = installation.version("lexicon", name)
        return snapshots.files_of(version), version.source
    return read_folder(path), name


def read_folder(path: pathlib.Path) -> dict[str, str]:
    """Return name → text of the lexicon files in a folder, or of one file.

    Raises:
        Refused: there are none, or one cannot be read.
    """
    names = sorted(path.glob("*.toml")) if path.is_dir() else [path] if path.is_file() else []
    files = {held.name: held for held in names if held.suffix == ".toml" and held.name not in shipped.POLICY_FILES}
    if not files:
        raise Refused(f"{path}: found no lexicon files, expected a folder with CATEGORY.toml files", Exit.USAGE)
    return {name: text_of(held) for name, held in files.items()}


def text_of(path: pathlib.Path) -> str:
    """Return a file's text, with the ends of lines that the project's own files have.

    Raises:
        Refused: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise Refused(f"{path}: found {found}, expected UTF-8") from None
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file that can be read", Exit.USAGE) from None


def ordinary_words(path: pathlib.Path | None) -> tuple[str, ...]:
    """Return common words, the most common first: of a file with one in each line, or of the segmenter's dictionary.

    Raises:
        Refused: the file cannot be read.
    """
    try:
        if path is not None:
            lines = path.read_text("utf-8").split("\n")
            return tuple(dict.fromkeys(line.split()[0] for line in lines if line.strip()))
        # Its package is not imported for a file of data: that takes a third of a second and warns.
        held = importlib.metadata.distribution("jieba").locate_file("jieba/dict.txt")
        rows = [line.split(" ") for line in pathlib.Path(str(held)).read_text("utf-8").split("\n") if line]
        return tuple(row[0] for row in sorted(rows, key=lambda row: -int(row[1])))
    except (OSError, UnicodeDecodeError, ValueError, importlib.metadata.PackageNotFoundError) as error:
        where = path or "the segmenter's dictionary"
        raise Refused(f"{where}: found {error}, expected a UTF-8 file with a word in each line", Exit.USAGE) from None


def check(lexicon: Lexicon, today: dt.date) -> Compiled:
    """Check what must hold before a lexicon comes into force, and return it as it was searched for that.

    Raises:
        LexiconError: with every fault that is found in it, and every example that does not hold.
    """
    faults = [
        Fault(finding.where, finding.found, finding.expected)
        for finding in lint(lexicon, today)
        if finding.level is Level.FAULT
    ]
    if not size_of(lexicon):
        faults.append(Fault("lexicon", "no entry", "at least one: an empty lexicon finds nothing"))
    ready = compiled(lexicon)
    faults.extend(check_examples(lexicon, segmenter(), ready))
    if faults:
        raise LexiconError(faults)
    return ready


def in_force(judged: Judging) -> Lexicon:
    """Return the lexicon that judges now."""
    return snapshots.read_lexicon(snapshots.files_of(judged.lexicon), policy_of(judged))


def activate(
    installation: Installation,
    judged: Judging,
    version: Version,
    ready: Compiled | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Activation | None:
    """Keep a lexicon that was checked and put it in force; None where it is already.

    Args:
        installation: whose log and ledger, prepared.
        judged: what the lexicon was checked against.
        version: the lexicon; if it came with the release, the next release replaces it.
        ready: the lexicon as `check` gave it. It is kept before the lexicon comes into force, so that the workers of
            this host load it when they meet the marker, and judge again a moment later.
        tell: is told in a line where it could not be kept.

    Raises:
        Refused: something else came into force since it was checked; nothing was changed.
        Fenced: another activation came between; nothing was changed.
    """
    back = version.digest == shipped_lexicon_version().digest
    own_policy = judged.policy.source != shipped.SHIPPED
    policy = judged.policy
    if back and not own_policy:
        policy = snapshots.policy_version(shipped.shipped_policy(), shipped.SHIPPED)
    is_shipped = back and not own_policy

    installation.ledger.put_version(policy)
    installation.ledger.put_version(version)
    if ready is not None:
        installation.compiled.keep(version.digest, ready, tell)
    return put_in_force(
        installation,
        judged,
        kind="lexicon" if policy.digest == judged.policy.digest else "shipped",
        policy=policy.digest,
        lexicon=version.digest,
        is_shipped=is_shipped,
        reason=f"lexicon {version.source}: {version.entries} entries",
    )


def put_in_force(
    installation: Installation,
    judged: Judging,
    *,
    kind: ActivationKind,
    policy: str,
    lexicon: str,
    is_shipped: bool,
    reason: str,
) -> Activation | None:
    """Put a kept policy and a kept lexicon in force, by their digests; None where they are already.

    The lists stay.

    Args:
        installation: whose log.
        judged: what they were checked against.
        kind: what is new.
        policy: the policy's digest.
        lexicon: the lexicon's digest.
        is_shipped: whether the next release replaces both.
        reason: why, as people will read it in the history of versions.

    Raises:
        Refused: something else came into force since they were checked; nothing was changed.
        Fenced: another activation came between; nothing was changed.
    """

    def change(current: Activation | None) -> Activation | None:
        if current is None or judged.activation is None or current.number != judged.activation.number:
            raise Refused("the versions in force have changed meanwhile, expected those checked against; try again")
        if (current.policy, current.lexicon, current.shipped) == (policy, lexicon, is_shipped):
            return None
        return msgspec.structs.replace(
            current,
            activation_id=activations.new_id(),
            kind=kind,
            policy=policy,
            lexicon=lexicon,
            shipped=is_shipped,
            by=installation.instance,
            reason=reason,
            at=now().isoformat(),
            number=-1,
        )

    return activations.activate(installation.log, change)


def screener(installation: Installation, judged: Judging, version: Version) -> ContentScreener:
    """Return what judges with a lexicon, whether it is kept or not, under the policy in force."""
    held = {(one.kind, one.digest): one for one in (judged.policy, version)}

    def fetch(kind: VersionKind, digest: str) -> Version:
        return held.get((kind, digest)) or installation.version(kind, digest)

    activation = Activation(
        activation_id="",
        kind="lexicon",
        engine=ENGINE,
        policy=judged.policy.digest,
        lexicon=version.digest,
        watchlists={},
        shipped=False,
        by="",
        reason="",
        at="",
    )
    return Screeners(fetch, segmenter).content(activation)
