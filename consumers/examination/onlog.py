"""The log: its topics, their copies, who may read what, what is stuck, and what could not be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.dead_letter import letter_of
from consumers.examination.finding import Finding, Senses, State
from consumers.letter_decisions import LetterDecisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consumers.log.port import Log, Replicas, TopicPartition
    from consumers.settings import Settings

ISOLATION: Final = "read_committed"

_SAFE_COPIES: Final = 3
"""From here on one broker may fail and another be restarted, and records are still written and kept."""


def of_topics(log: Log, settings: Settings) -> Iterator[Finding]:
    """Look at the settings of every topic."""
    specs = topics.topics(settings.log.partitions)
    if missing := log.missing([spec.name for spec in specs]):
        yield Finding("topics", State.WARNING, f"none named {', '.join(missing)}", "all", "`screening run` makes them")
    wrong = log.differences(specs)
    for line in wrong:
        said, _, advice = line.partition("; ")
        found, _, expected = said.partition(", expected ")
        yield Finding("topics", State.FAULT, found.replace(": found ", ": "), expected, advice)
    if not missing and not wrong:
        yield Finding("topics", State.OK, f"{len(specs)} topics", "all, with settings that lose nothing")


def replication(log: Log, settings: Settings) -> Iterator[Finding]:
    """Look at the copies of every topic; there is nothing to look at where the log is one file."""
    held = log.replicas([spec.name for spec in topics.topics(settings.log.partitions)])
    if not held:
        return
    what, found = "replication", list(_uncopied(held))
    yield from found
    if not found:
        copies = min(one.copies for one in held.values())
        yield Finding(what, State.OK, f"{copies} copies or more, all in sync", f"{_SAFE_COPIES} copies in sync")


def _uncopied(held: Mapping[str, Replicas]) -> Iterator[Finding]:
    what, expected = "replication", f"{_SAFE_COPIES} copies in sync"
    leaderless = {name: one.leaderless for name, one in held.items() if one.leaderless}
    if leaderless:
        found = "; ".join(f"{name} {', '.join(map(str, numbers))}" for name, numbers in leaderless.items())
        advice = "start the brokers that hold them: they can be neither written nor read"
        yield Finding(what, State.FAULT, f"no leader of {found}", expected, advice)
    refused = {name: one for name, one in held.items() if one.in_sync < one.least_in_sync and not one.leaderless}
    if refused:
        found = "; ".join(f"{name}: {one.in_sync} in sync of {one.least_in_sync}" for name, one in refused.items())
        advice = "start the brokers that hold the others, or lower min.insync.replicas: nothing can be written there"
        yield Finding(what, State.FAULT, found, "as many in sync as min.insync.replicas asks for", advice)
    behind = {name: one for name, one in held.items() if one.in_sync < one.copies and name not in refused | leaderless}
    if behind:
        found = "; ".join(f"{name}: {one.in_sync} of {one.copies} in sync" for name, one in behind.items())
        advice = "see which broker is down or slow: one more that fails may stop the roles"
        yield Finding(what, State.WARNING, found, expected, advice)
    few = {name: one for name, one in held.items() if one.copies < _SAFE_COPIES}
    if few:
        least = min(one.copies for one in few.values())
        found = f"{least} of {', '.join(few)}" if least > 1 else f"no second copy of {', '.join(few)}"
        advice = "on three brokers or more: kafka-reassign-partitions.sh, and log.replication = 3 for topics to come"
        yield Finding(what, State.WARNING, found, expected, advice)


def isolation(log: Log) -> Finding:
    """Look which records readers are given."""
    found, what = log.isolation(), "isolation"
    if found == ISOLATION:
        return Finding(what, State.OK, found, f"{ISOLATION}; whoever reads the orders must be set so too")
    advice = "a reader would act on records that were undone: use a release that is not changed"
    return Finding(what, State.FAULT, found, ISOLATION, advice)


def stuck(log: Log, settings: Settings, senses: Senses) -> frozenset[TopicPartition]:
    """Return where something stays withheld from readers."""
    names = [spec.name for spec in topics.topics(settings.log.partitions)]

    def withheld() -> dict[TopicPartition, int]:
        there = sorted({*names} - {*log.missing(names)})
        return {place: one.withheld for place, one in log.waiting("screening.doctor", there).items() if one.withheld}

    before = withheld()
    deadline = time.monotonic() + senses.patience
    while before and time.monotonic() < deadline:
        time.sleep(min(1.0, senses.patience))
        now = withheld()
        before = {place: count for place, count in before.items() if now.get(place, 0) >= count}
    return frozenset(before)


def transactions(standing: frozenset[TopicPartition], senses: Senses) -> Finding:
    """Tell what stays withheld from readers."""
    expected = f"none open for more than {senses.patience:g} s"
    if not standing:
        return Finding("transactions", State.OK, "none is stuck", expected)
    places = ", ".join(f"{place.topic} {place.partition}" for place in sorted(standing))
    advice = "kafka-transactions.sh find-hanging names its producer, and abort ends it"
    return Finding("transactions", State.FAULT, f"one stands on {places}", expected, advice)


def letters(log: Log) -> Finding:
    """Count the dead letters that nobody decided about."""
    count = 0
    if not log.missing([topics.DEAD_LETTER]):
        decisions = LetterDecisions(log)
        decisions.read()
        for partition, (first, end) in log.bounds(topics.DEAD_LETTER).items():
            held = map(letter_of, log.read(topics.DEAD_LETTER, partition, first, end))
            count += sum(one is not None and decisions.of(one) is None for one in held)
    state = State.WARNING if count else State.OK
    advice = "`screening dead-letter list --undecided`, then replay or discard" if count else ""
    return Finding("dead letters", state, f"{count} undecided", "0", advice)
