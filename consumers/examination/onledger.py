"""The ledger: whether it keeps what is in force, how old that is, and whether it and the log belong together."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from consumers import activations, enforcement, records
from consumers.examination.finding import Finding, Senses, State
from consumers.wiring import ARCHIVE, FURTHER, TOPICS, group_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.activations import Activation
    from consumers.ledger.port import Ledger, VersionKind
    from consumers.log.port import Log, TopicPartition
    from consumers.wiring import Installation

DAY: Final = 86_400.0

_REMEMBERING: Final = (enforcement.NAME, records.NAME, ARCHIVE)
"""The roles that keep in the ledger how far they have come."""


def frontiers(log: Log, ledger: Ledger, unread: frozenset[str]) -> Iterator[Finding]:
    """Look whether ledger and log are of one time: neither may have been put back to an older one without the other.

    Topics that are unread are left out.
    """
    epoch, faults = log.recorded_epoch(), 0
    if epoch is None:
        return
    for role in _REMEMBERING:
        names = [name for name in {**TOPICS, **FURTHER}[role] if name not in unread and not log.missing([name])]
        # The ledger goes first and never falls behind, so the position is asked for before it, and the end after it.
        committed = log.committed(group_of(role), names)
        reached = ledger.reached(role, epoch)
        lost = {place: one.offset for place, one in committed.items() if reached.get(place, 0) < one.offset}
        if lost:
            faults += 1
            found = ", ".join(f"{_named(place)} at {reached.get(place, 0)}" for place in sorted(lost))
            expected = f"at {', '.join(str(lost[place]) for place in sorted(lost))} or beyond, as the log has committed"
            advice = (
                "stop the role; the ledger was put back to an older state or is another log's: restore its newest"
                " backup, or name the right one in store.url"
            )
            yield Finding("ledger", State.FAULT, f"{role} {found}", expected, advice)
        ends = {(name, one): end for name in names for one, (_, end) in log.bounds(name).items()}
        beyond = sorted(one for one, at in reached.items() if at > ends.get((one.topic, one.partition), at))
        if beyond:
            faults += 1
            found = ", ".join(f"{_named(place)} at {reached[place]}" for place in beyond)
            expected = f"at most {', '.join(str(ends[one.topic, one.partition]) for one in beyond)}, the log's end"
            advice = (
                "stop the roles: the log was put back to an older state, and what comes now would be taken for what the"
                " ledger knows; restore the log and the ledger of one time together"
            )
            yield Finding("ledger", State.FAULT, f"{role} {found}", expected, advice)
    if not faults:
        yield Finding("ledger", State.OK, "as far as the log", "as far as what the log has committed")


def versions(installation: Installation, current: Activation, senses: Senses) -> Iterator[Finding]:
    """Look whether what is in force is kept, and not too old."""
    health = installation.settings.health
    held: list[tuple[VersionKind, str, str]] = [("policy", "policy", current.policy)]
    held.append(("lexicon", "lexicon", current.lexicon))
    held += [("watchlist", f"list {source}", digest) for source, digest in sorted(current.watchlists.items())]
    for kind, name, digest in held:
        kept = installation.ledger.kept(kind, digest)
        if kept is None:
            advice = "restore the ledger's backup" + (", or import it again" if kind == "watchlist" else "")
            yield Finding(name, State.FAULT, f"{digest[:12]} in force, not kept", "kept in the ledger", advice)
            continue
        most = {"watchlist": health.watchlist_days, "lexicon": health.lexicon_days}.get(kind)
        at = kept.meta.get("imported_at") if kind == "watchlist" else _since(installation, current.lexicon)
        if most is None or not at:
            yield Finding(name, State.OK, f"{digest[:12]}, {kept.entries} entries", "kept in the ledger")
            continue
        age = (senses.now() - datetime.fromisoformat(str(at)).timestamp()) / DAY
        late = age > most
        advice = "import a newer one" if late else ""
        yield Finding(name, State.FAULT if late else State.OK, f"{age:.1f} days old", f"at most {most:g} days", advice)
    if not current.watchlists:
        advice = "`screening watchlist import`; registrations stay unread until then"
        yield Finding("lists", State.WARNING, "none in force", "one or more", advice)


def _named(place: TopicPartition) -> str:
    return f"{place.topic} {place.partition}"


def _since(installation: Installation, lexicon: str) -> str:
    """Return when a lexicon came into force."""
    at = ""
    for one in reversed(activations.history(installation.log)):
        if one.lexicon != lexicon:
            break
        at = one.at
    return at
