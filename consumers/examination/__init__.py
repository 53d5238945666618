"""Looking at an installation from outside: what is well, what is not, and what to do about it. Nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import activations, topics
from consumers.examination import clocks, host, onledger, onlog
from consumers.examination.dashboards import dashboards
from consumers.examination.finding import Finding, Senses, State
from consumers.examination.host import EMBEDDED_BYTES, FREE_BYTES
from consumers.examination.onledger import DAY
from consumers.ledger.port import LedgerError, LedgerUnreachable
from consumers.log.port import LogError, Unreachable

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from consumers.activations import Activation
    from consumers.wiring import Installation

__all__: Final = ["DAY", "EMBEDDED_BYTES", "FREE_BYTES", "Finding", "Senses", "State", "examine"]


def examine(installation: Installation, senses: Senses, boards: pathlib.Path | None = None) -> tuple[Finding, ...]:
    """Look at everything; what is out of reach is told, and what hangs on it left out.

    Args:
        installation: opened to read only.
        senses: what the machine is seen with.
        boards: a folder of dashboards to look at too.
    """
    return tuple(_examine(installation, senses, boards))


def _examine(installation: Installation, senses: Senses, boards: pathlib.Path | None) -> Iterator[Finding]:
    settings = installation.settings
    yield host.disk(settings, senses)
    yield from host.metrics_port(settings.metrics)
    if boards is not None:
        yield from dashboards(boards)
    yield from host.embedded_log(settings, senses)
    try:
        if not installation.exists():
            found = f"no topics at {settings.log.url}"
            yield Finding("log", State.WARNING, found, "topics", "`screening run` makes them")
            return
        yield Finding("log", State.OK, settings.log.url, "within reach, and new enough")
        log = installation.log
        yield from onlog.of_topics(log, settings)
        yield from onlog.replication(log, settings)
        yield onlog.isolation(log)
        stuck = onlog.stuck(log, settings, senses)
        yield onlog.transactions(stuck, senses)
        unread = frozenset(place.topic for place in stuck)  # reading them would wait behind the transaction
        yield clocks.records(log, senses)
        yield from clocks.against("broker", log.clock, senses)
        if not unread & {topics.DEAD_LETTER, topics.DEAD_LETTER_DECISIONS}:
            yield onlog.letters(log)
        if topics.ACTIVATIONS in unread:
            return
        current = activations.latest(log)
        if current is None:
            yield Finding("versions", State.WARNING, "nothing in force", "an activation", "`screening run` makes it")
            return
        yield from _ledger(installation, current, unread, senses)
    except Unreachable as error:
        yield Finding("log", State.UNREACHABLE, str(error), "within reach", "start it, or mend log.url")
    except LogError as error:
        yield Finding("log", State.FAULT, str(error), "a sound log", "do what is said there")


def _ledger(
    installation: Installation, current: Activation, unread: frozenset[str], senses: Senses
) -> Iterator[Finding]:
    try:
        yield from onledger.versions(installation, current, senses)
        yield from onledger.frontiers(installation.log, installation.ledger, unread)
        yield from clocks.against("database", installation.ledger.clock, senses)
    except LedgerUnreachable as error:
        yield Finding("ledger", State.UNREACHABLE, str(error), "within reach", "start it, or mend store.url")
    except LedgerError as error:
        yield Finding("ledger", State.FAULT, str(error), "the log's own", "restore its backup, or mend store.url")
