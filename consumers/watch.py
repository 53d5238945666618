"""Looks at the log and the ledger every few seconds, for gauges that no single worker can tell.

Rules of this module:
1. Looking never stops the work: it has a thread and connections of its own, waits for no transaction, and a look that
   fails is counted, told once, and tried again.
2. What could not be looked at is told no more: a gauge that nobody renews would go on saying that all is well.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from consumers import activations, measures, topics
from consumers.dead_letter import letter_of
from consumers.happenings import Blinded
from consumers.letter_decisions import LetterDecisions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from consumers.activations import Activation
    from consumers.dead_letter import Letter
    from consumers.happenings import Observer
    from consumers.ledger.port import Kept, Ledger, VersionKind
    from consumers.log.port import Log
    from consumers.measures import Measure
    from consumers.metrics import Gauges, Metrics

NAME: Final = "watch"

_NOBODY: Final = "screening.watch"
"""A group that never commits: what waits for it is all there is."""

_LATE_LOOKS: Final = 5
"""After how many missed looks what was seen last says nothing about now."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A version in force: what it is, since when, and when it was imported (in seconds since the epoch)."""

    kind: str
    source: str
    digest: str
    since: float
    entries: int | None = None
    imported: float | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """What is looked at: a log and a ledger of its own."""

    log: Log
    ledger: Ledger


@dataclass(slots=True)
class _Letters:
    """The dead letters of the roles here that stand, as far as they were read; without what they hold."""

    reached: dict[int, int] = field(default_factory=dict)
    standing: list[Letter] = field(default_factory=list)
    decisions: LetterDecisions | None = None
    decided: int = 0


class Watch:
    """Looks, and keeps what it saw for whoever asks.

    Args:
        open_places: opens what is looked at; opened again after a failure.
        roles: role → its group and topics, for the roles that run here.
        seconds: between two looks.
        metrics: counts the looks that failed.
        tell: is told when looks begin to fail.
        clock: returns seconds since the epoch.
    """

    def __init__(
        self,
        open_places: Callable[[], AbstractContextManager[Places]],
        roles: Mapping[str, tuple[str, Sequence[str]]],
        *,
        seconds: float,
        metrics: Metrics,
        tell: Observer,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._open = open_places
        self._roles = roles
        self._seconds = seconds
        self._metrics = metrics
        self._tell = tell
        self._clock = clock
        self._seen: dict[str, Gauges] = {}
        self._looked: dict[str, float] = {}
        self._failing: set[str] = set()
        self._versions: tuple[InForce, ...] = ()
        self._letters = _Letters()
        self._withheld: dict[tuple[str, int], tuple[int, float]] = {}
        self._history: tuple[int, tuple[Activation, ...]] = (-1, ())
        self._kept: dict[tuple[VersionKind, str], Kept] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def gauges(self) -> Gauges:
        """Return what was seen last, of what could be seen."""
        late = self._clock() - self._seconds * _LATE_LOOKS
        found: Gauges = {}
        for what, seen in tuple(self._seen.items()):
            found[measures.WATCHED, (what,)] = self._looked[what]
            if self._looked[what] >= late:
                found |= seen
        return found

    def versions(self) -> tuple[InForce, ...]:
        """Return the versions in force, as they were seen last."""
        return self._versions

    def blind(self) -> str | None:
        """Return why nothing is known of the versions, or None."""
        looked = self._looked.get("log")
        if looked is None:
            return "the log has not been looked at yet"
        age = self._clock() - looked
        if age <= self._seconds * _LATE_LOOKS:
            return None
        return f"the log could not be looked at for {age:.0f} s"

    def look(self, places: Places) -> None:
        """Look once at the log, then at the ledger.

        Raises:
            Exception: what failed; what could not be seen is told no more.
        """
        for what, seen in (("log", self._log), ("ledger", self._ledger)):
            try:
                gauges = seen(places)
            except Exception as error:
                self._failed(what, error)
                raise
            self._seen[what], self._looked[what] = gauges, self._clock()
            self._failing.discard(what)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._open() as places:
                    while not self._stop.is_set():
                        self.look(places)
                        self._stop.wait(self._seconds)
            except Exception as error:  # noqa: BLE001 - whatever it is, the work goes on and so does the watch
                if not self._failing:
                    self._failed("log", error)
            self._stop.wait(self._seconds)

    def _failed(self, what: str, error: Exception) -> None:
        self._metrics.add(measures.WATCH_FAILURES, (what,))
        self._seen.pop(what, None)
        if what not in self._failing:
            self._failing.add(what)
            self._tell(Blinded(NAME, what, type(error).__name__))

    def _log(self, places: Places) -> Gauges:
        found: Gauges = {}
        for role, (group, names) in self._roles.items():
            found |= self._lag(places.log, role, group, names)
        found |= self._dead(places.log)
        self._versions = self._in_force(places)
        for one in self._versions:
            found[measures.VERSION_INFO, (one.kind, one.source, one.digest)] = 1
            found[measures.VERSION_IN_FORCE, (one.kind, one.source)] = one.since
            if one.entries is not None:
                found[measures.VERSION_ENTRIES, (one.kind, one.source)] = one.entries
            if one.imported is not None:
                found[measures.LIST_IMPORTED, (one.source,)] = one.imported
        if self._history[1]:
            found[measures.ACTIVATION, ()] = self._history[1][-1].number
        return found

    def _lag(self, log: Log, role: str, group: str, names: Sequence[str]) -> Gauges:
        records: defaultdict[str, float] = defaultdict(float)
        seconds: defaultdict[str, float] = defaultdict(float)
        standing: defaultdict[str, float] = defaultdict(float)
        waiting = log.waiting(group, names)
        now = self._clock()
        for place, one in waiting.items():
            records[place.topic] += one.offsets
            age = 0.0 if one.since is None else max(0.0, now - one.since / 1000)
            seconds[place.topic] = max(seconds[place.topic], age)
            stands = self._standing((place.topic, place.partition), one.withheld, now)
            standing[place.topic] = max(standing[place.topic], stands)
        labelled: tuple[tuple[Measure, Mapping[str, float]], ...] = (
            (measures.LAG_RECORDS, records),
            (measures.LAG_SECONDS, seconds),
            (measures.OPEN_TRANSACTION_SECONDS, standing),
        )
        return {(measure, (role, topic)): value for measure, held in labelled for topic, value in held.items()}

    def _standing(self, place: tuple[str, int], withheld: int, now: float) -> float:
        """Return for how long something has been withheld; a busy topic always has some, and never the same for long.

        The end of what may be read moves on with each commit, so what is withheld stays or grows only where one
        transaction stands.
        """
        before = self._withheld.get(place)
        if not withheld or (before is not None and withheld < before[0]):
            self._withheld.pop(place, None)
        if not withheld:
            return 0.0
        _, since = self._withheld.setdefault(place, (withheld, now))
        self._withheld[place] = (withheld, since)
        return now - since

    def _dead(self, log: Log) -> Gauges:
        """Take up the dead letters that came and the decisions that were made since, and count what stands."""
        letters = self._letters
        there = log.waiting(_NOBODY, [topics.DEAD_LETTER])
        for place, one in there.items():
            if one.offsets == letters.reached.get(place.partition, 0):
                continue
            first, end = log.bounds(topics.DEAD_LETTER)[place.partition]
            start = first + letters.reached.get(place.partition, 0)
            for record in log.read(topics.DEAD_LETTER, place.partition, start, end):
                letter = letter_of(record)
                if letter is not None and letter.role in self._roles:
                    bare = replace(record, key=None, value=None, headers=())
                    letters.standing.append(replace(letter, record=bare, headers=(), error=""))
            letters.reached[place.partition] = end - first
        made = sum(one.offsets for one in log.waiting(_NOBODY, [topics.DEAD_LETTER_DECISIONS]).values())
        if letters.decisions is None or made != letters.decided:
            letters.decisions, letters.decided = LetterDecisions(log), made
            letters.decisions.read()
        letters.standing = [letter for letter in letters.standing if letters.decisions.of(letter) is None]
        found: Gauges = {}
        for letter in letters.standing:
            named = (letter.role, letter.place.topic if letter.place.topic in topics.INPUTS else "unknown")
            found[measures.DEAD_LETTERS, named] = found.get((measures.DEAD_LETTERS, named), 0.0) + 1
            oldest = (measures.DEAD_LETTER_OLDEST, named)
            found[oldest] = min(found.get(oldest, float("inf")), letter.at / 1000)
        return found

    def _in_force(self, places: Places) -> tuple[InForce, ...]:
        there = places.log.waiting(_NOBODY, [topics.ACTIVATIONS])
        size = sum(one.offsets for one in there.values())
        if size != self._history[0]:
            self._history = (size, activations.history(places.log))
        history = self._history[1]
        if not history:
            return ()
        now = history[-1]
        held: list[tuple[VersionKind, str, str | None]] = [("policy", now.policy, None), ("lexicon", now.lexicon, None)]
        held += [("watchlist", digest, source) for source, digest in sorted(now.watchlists.items())]
        engine = InForce("engine", "", now.engine, _since(history, lambda one: one.engine == now.engine))
        return (engine, *(self._version(places.ledger, history, *one) for one in held))

    def _version(
        self, ledger: Ledger, history: Sequence[Activation], kind: VersionKind, digest: str, source: str | None
    ) -> InForce:
        if (kind, digest) not in self._kept and (kept := ledger.kept(kind, digest)) is not None:
            self._kept[kind, digest] = kept
        known = self._kept.get((kind, digest))
        since = _since(history, lambda one: _digest(one, kind, source) == digest)
        imported = None if known is None or kind != "watchlist" else _seconds(known.meta.get("imported_at"))
        where = source or ("" if known is None else known.source)
        return InForce(kind, where, digest, since, None if known is None else known.entries, imported)

    def _ledger(self, places: Places) -> Gauges:
        if not self._roles.keys() & {"enforcement"}:
            return {}
        counted = places.ledger.counted()
        found: Gauges = {(measures.CASES_OPEN, named): float(count) for named, count in counted.cases.items()}
        return found | {(measures.CLEARED, (subject,)): float(count) for subject, count in counted.cleared.items()}


def _since(history: Sequence[Activation], same: Callable[[Activation], bool]) -> float:
    """Return since when the last activations have been the same in something."""
    since = 0.0
    for one in reversed(history):
        if not same(one):
            break
        since = _seconds(one.at) or since
    return since


def _digest(activation: Activation, kind: VersionKind, source: str | None) -> str | None:
    match kind:
        case "policy":
            return activation.policy
        case "lexicon":
            return activation.lexicon
        case "watchlist":
            return activation.watchlists.get(source or "")


def _seconds(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
