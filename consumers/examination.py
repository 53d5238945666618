"""Looking at an installation from outside: what is well, what is not, and what to do about it. Nothing is written."""

from __future__ import annotations

import enum
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from consumers import activations, topics
from consumers.dead_letter import letter_of
from consumers.ledger.port import LedgerError, LedgerUnreachable
from consumers.letter_decisions import LetterDecisions
from consumers.log.port import LogError, Unreachable

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from consumers.activations import Activation
    from consumers.ledger.port import VersionKind
    from consumers.log.port import TopicPartition
    from consumers.wiring import Installation

DAY: Final = 86_400.0
CLOCK_SECONDS: Final = 60.0
"""How far ahead of this clock a record may lie: far above what hosts that follow a time server differ by."""
STUCK_SECONDS: Final = 20.0
"""How long something may be withheld before its transaction is stuck: a transaction may be open for 15 s."""
FREE_BYTES: Final = 1 << 30
"""Below this much free space the disk is a fault, below ten times as much a warning."""


class State(enum.StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an examination."""

    what: str
    state: State
    found: str
    expected: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Senses:
    """What an examination sees the machine with."""

    now: Callable[[], float] = time.time
    free: Callable[[pathlib.Path], int] = lambda path: shutil.disk_usage(path).free
    patience: float = STUCK_SECONDS


def examine(installation: Installation, senses: Senses) -> tuple[Finding, ...]:
    """Look at everything; what is out of reach is told, and what hangs on it left out."""
    return tuple(_examine(installation, senses))


def _examine(installation: Installation, senses: Senses) -> Iterator[Finding]:
    yield _disk(installation, senses)
    where = installation.settings.log.url
    try:
        if not installation.exists():
            yield Finding("log", State.WARNING, f"no topics at {where}", "topics", "`screening run` makes them")
            return
        yield Finding("log", State.OK, where, "within reach")
        yield from _topics(installation)
        yield _transactions(installation, senses)
        yield _clock(installation, senses)
        yield _letters(installation)
        current = activations.latest(installation.log)
    except Unreachable as error:
        yield Finding("log", State.UNREACHABLE, str(error), "within reach", "start it, or mend log.url")
        return
    except LogError as error:
        yield Finding("log", State.FAULT, str(error), "a sound log", "do what is said there")
        return
    if current is None:
        yield Finding("versions", State.WARNING, "nothing in force", "an activation", "`screening run` makes it")
        return
    try:
        yield from _versions(installation, current, senses)
    except LedgerUnreachable as error:
        yield Finding("ledger", State.UNREACHABLE, str(error), "within reach", "start it, or mend store.url")
    except LedgerError as error:
        yield Finding("ledger", State.FAULT, str(error), "the log's own", "restore its backup, or mend store.url")


def _disk(installation: Installation, senses: Senses) -> Finding:
    place = installation.settings.data.absolute()
    while not place.exists():
        place = place.parent
    free = senses.free(place)
    state = State.FAULT if free < FREE_BYTES else State.WARNING if free < 10 * FREE_BYTES else State.OK
    advice = (
        "" if state is State.OK else "make room, or move the data directory: what cannot be written stops the roles"
    )
    return Finding("disk", state, f"{free / FREE_BYTES:.1f} GiB free at {place}", "10 GiB or more", advice)


def _topics(installation: Installation) -> Iterator[Finding]:
    specs = topics.topics(installation.settings.log.partitions)
    if missing := installation.log.missing([spec.name for spec in specs]):
        yield Finding("topics", State.WARNING, f"none named {', '.join(missing)}", "all", "`screening run` makes them")
    wrong = installation.log.differences(specs)
    for line in wrong:
        said, _, advice = line.partition("; ")
        found, _, expected = said.partition(", expected ")
        yield Finding("topics", State.FAULT, found.replace(": found ", ": "), expected, advice)
    if not missing and not wrong:
        yield Finding("topics", State.OK, f"{len(specs)} topics", "all, with settings that lose nothing")


def _transactions(installation: Installation, senses: Senses) -> Finding:
    def withheld() -> dict[TopicPartition, int]:
        names = [name for name in topics.INPUTS if not installation.log.missing([name])]
        waiting = installation.log.waiting("screening.doctor", names)
        return {place: one.withheld for place, one in waiting.items() if one.withheld}

    before = withheld()
    deadline = time.monotonic() + senses.patience
    while before and time.monotonic() < deadline:
        time.sleep(min(1.0, senses.patience))
        now = withheld()
        before = {place: count for place, count in before.items() if now.get(place, 0) >= count}
    expected = f"none open for more than {senses.patience:g} s"
    if not before:
        return Finding("transactions", State.OK, "none is stuck", expected)
    places = ", ".join(sorted(f"{place.topic} {place.partition}" for place in before))
    advice = "kafka-transactions.sh find-hanging names its producer, and abort ends it"
    return Finding("transactions", State.FAULT, f"one stands on {places}", expected, advice)


def _clock(installation: Installation, senses: Senses) -> Finding:
    newest = 0.0
    for topic in (name for name in topics.INPUTS if not installation.log.missing([name])):
        for partition, (first, end) in installation.log.bounds(topic).items():
            for record in installation.log.read(topic, partition, max(first, end - 2), end):
                newest = max(newest, record.timestamp / 1000)
    ahead = newest - senses.now()
    expected = f"no record more than {CLOCK_SECONDS:g} s ahead of this clock"
    if ahead <= CLOCK_SECONDS:
        return Finding("clock", State.OK, "the newest records are not ahead", expected)
    advice = "this host's clock is behind, or a writer's is ahead: have both follow a time server"
    return Finding("clock", State.FAULT, f"a record {ahead:.0f} s ahead", expected, advice)


def _letters(installation: Installation) -> Finding:
    log = installation.log
    count = 0
    if not log.missing([topics.DEAD_LETTER]):
        decisions = LetterDecisions(log)
        decisions.read()
        for partition, (first, end) in log.bounds(topics.DEAD_LETTER).items():
            letters = map(letter_of, log.read(topics.DEAD_LETTER, partition, first, end))
            count += sum(one is not None and decisions.of(one) is None for one in letters)
    state = State.WARNING if count else State.OK
    advice = "`screening dead-letter list --undecided`, then replay or discard" if count else ""
    return Finding("dead letters", state, f"{count} undecided", "0", advice)


def _versions(installation: Installation, current: Activation, senses: Senses) -> Iterator[Finding]:
    health = installation.settings.health
    held: list[tuple[VersionKind, str, str]] = [("policy", "policy", current.policy)]
    held.append(("lexicon", "lexicon", current.lexicon))
    held += [("watchlist", f"list {source}", digest) for source, digest in sorted(current.watchlists.items())]
    for kind, name, digest in held:
        kept = installation.ledger.kept(kind, digest)
        if kept is None:
            advice = "restore the ledger's backup, or import and activate it again"
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


def _since(installation: Installation, lexicon: str) -> str:
    """Return when a lexicon came into force."""
    at = ""
    for one in reversed(activations.history(installation.log)):
        if one.lexicon != lexicon:
            break
        at = one.at
    return at
