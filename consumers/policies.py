"""The life of the policy: which one is meant by a name, and one of the operator's own put in force."""

from __future__ import annotations

import pathlib
import re
from typing import TYPE_CHECKING, Final

from consumers import shipped, snapshots
from consumers.faults import Exit, Refused
from consumers.lexicons import put_in_force, text_of
from screening.policy.thresholds import with_threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.activations import Activation
    from consumers.ledger.port import Version
    from consumers.lexicons import Judging
    from consumers.wiring import Installation

CLAUSES, POLICY = shipped.POLICY_FILES
"""The files of a policy: the register of clauses, and what follows from hits."""

ACTIVE: Final = "active"
"""The name of the policy in force, or of the shipped one where nothing was activated."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def named(installation: Installation, held: Version, name: str | None, thresholds: Sequence[str] = ()) -> Version:
    """Return a policy by its name, checked as a whole.

    Args:
        installation: keeps the versions that were activated.
        held: the policy in force: it has the files that a name leaves out.
        name: a file, a folder, the digest of a kept version, `active` or `shipped`; None is the one in force.
        thresholds: limits of certainty that take the place of its own, as `SECTION.NAME=VALUE`.

    Raises:
        Refused: there is no such policy.
        ScreeningError: with every fault of its files.
    """
    files, source = _files(installation, held, name)
    for said in thresholds:
        files[POLICY] = with_threshold(files[POLICY], said)
    snapshots.read_policy(files)  # all its faults are told before anything is judged by it
    return snapshots.policy_version(files, source)


def activate(installation: Installation, judged: Judging, version: Version, reason: str) -> Activation | None:
    """Keep a policy and put it in force; None where it is already.

    The lexicon and the lists stay. The policy that came with the release, beside its lexicon, is replaced by the next
    release again; one of the operator's own stays through releases.

    Args:
        installation: whose log and ledger, prepared.
        judged: what is in force.
        version: the policy, from `named`.
        reason: why, as people will read it in the history of versions.

    Raises:
        Refused: something else came into force meanwhile; nothing was changed.
        LexiconError: the lexicon in force has a category that this policy's register lacks; nothing was changed.
        Fenced: another activation came between; nothing was changed.
    """
    snapshots.read_lexicon(snapshots.files_of(judged.lexicon), snapshots.read_policy(snapshots.files_of(version)))
    release = snapshots.policy_version(shipped.shipped_policy(), shipped.SHIPPED)
    if version.digest == release.digest:
        version = release
    is_shipped = version is release and judged.lexicon.digest == snapshots.digest_of_files(shipped.shipped_lexicon())

    installation.ledger.put_version(version)
    return put_in_force(
        installation,
        judged,
        kind="policy",
        policy=version.digest,
        lexicon=judged.lexicon.digest,
        is_shipped=is_shipped,
        reason=reason,
    )


def _files(installation: Installation, held: Version, name: str | None) -> tuple[dict[str, str], str]:
    files = snapshots.files_of(held)
    if name is None or name == ACTIVE:
        return files, held.source
    path = pathlib.Path(name)
    if path.exists():
        places = {one: path / one for one in (POLICY, CLAUSES)} if path.is_dir() else {POLICY: path}
        found = {one: text_of(place) for one, place in places.items() if place.is_file()}
        if POLICY not in found:
            raise Refused(f"{path}: found no {POLICY}, expected one", Exit.USAGE)
        return files | found, path.resolve().name
    if name == shipped.SHIPPED:
        return shipped.shipped_policy(), shipped.SHIPPED
    if _DIGEST.fullmatch(name) and installation.exists():
        version = installation.version("policy", name)
        return snapshots.files_of(version), version.source
    expected = f"a file, a folder with {POLICY}, the digest of a kept version, {ACTIVE}, or {shipped.SHIPPED}"
    raise Refused(f"policy: found {name!r}, expected {expected}", Exit.USAGE)
