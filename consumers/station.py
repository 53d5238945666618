"""What of a running process can be watched from outside: metrics, health and logs, and one port for all its workers.

The workers of a role may be this process itself or processes below it. Either way they tell what happened to the same
observers here; from below it comes through a pipe.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import time
from typing import TYPE_CHECKING, Final, Self

from consumers import content, measures, registrations, wiring
from consumers.counting import Counting
from consumers.endpoint import Endpoint, PortTaken
from consumers.faults import Exit, Refused
from consumers.forwarding import Receiving
from consumers.health import Health, Limits
from consumers.metrics import Metrics
from consumers.observers import all_told, check_tracing, traced
from consumers.watch import Places, Watch
from screening.pipeline import ENGINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from consumers.happenings import Happening, Observer
    from consumers.logs import Logs
    from consumers.settings import Settings
    from consumers.supervisor import Task

_DAY: Final = 86_400.0


class Station:
    """Watches the workers of this process and those below it.

    Args:
        settings: where to listen, if anywhere, and what is well.
        roles: the roles that run here.
        logs: where lines are written.

    Raises:
        Refused: the port is taken.
    """

    def __init__(self, settings: Settings, roles: Sequence[str], logs: Logs) -> None:
        self._settings = settings
        self._roles = tuple(roles)
        self._logs = logs
        self._metrics = Metrics()
        self._counting = Counting(self._metrics)
        limits = Limits(settings.health.moved_seconds, settings.health.commit_seconds)
        self._health = Health(limits, time.time, self._roles, self._stale)
        self._receiving: Receiving | None = None
        self._watch: Watch | None = None
        self._traces: tuple[Observer, ...] = ()
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> Self:
        check_tracing(self._settings)
        self._traces = self._closing.enter_context(traced(self._settings))
        try:
            self._open()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    def start(self) -> None:
        """Begin to look at log and ledger, which must be there by now."""
        if self._watch is not None:
            self._watch.start()

    def observer(self, task: Task) -> Observer:
        """Return what a worker in this very process tells."""
        return all_told(self._logs, *self._traces, self._observer(task))

    def ended(self, task: Task) -> None:
        """Take note that a worker in this process has ended."""
        self._health.ended(_name(task))

    def link(self, task: Task) -> Connection | None:
        """Return a new worker's end of a pipe, or None where nobody listens."""
        if self._receiving is None:
            return None
        return self._receiving.open(_name(task), self._observer(task))

    def tell(self, happening: Happening) -> None:
        """Count and log what the supervisor itself tells."""
        self._logs(happening)
        self._counting(happening)

    def _open(self) -> None:
        port = self._settings.metrics.port
        if port is None:
            return
        try:
            endpoint = Endpoint(
                self._settings.metrics.host,
                port,
                written=self._metrics.written,
                live=self._health.live,
                ready=self._health.ready,
            )
        except PortTaken as error:
            raise Refused(str(error), Exit.USAGE) from None
        self._closing.callback(endpoint.close)
        self._receiving = Receiving(self._health.ended)
        self._closing.callback(self._receiving.close)
        self._watch = Watch(
            self._places,
            {role: (wiring.group_of(role), wiring.topics_of(role)) for role in self._roles},
            seconds=self._settings.metrics.watch_seconds,
            metrics=self._metrics,
            tell=self._logs,
        )
        self._closing.callback(self._watch.close)
        for gauges in (self._built, self._health.gauges, self._watch.gauges):
            self._metrics.ask(gauges)
        endpoint.start()
        self._logs.say("info", "listening", url=endpoint.url, paths=["/metrics", "/livez", "/readyz"])

    def _observer(self, task: Task) -> Observer:
        health = self._health.started(_name(task), task.role)

        def observe(happening: Happening) -> None:
            health(happening)
            self._counting(happening)

        return observe

    def _built(self) -> dict[tuple[measures.Measure, tuple[str, ...]], float]:
        return {(measures.BUILD_INFO, (importlib.metadata.version("screening-pipeline"), ENGINE)): 1.0}

    @contextlib.contextmanager
    def _places(self) -> Iterator[Places]:
        with wiring.Installation(self._settings, read_only=True) as installation:
            yield Places(installation.log, installation.ledger)

    def _stale(self, role: str) -> str | None:
        """Return why what a role judges by is not fit, or None."""
        assert self._watch is not None  # noqa: S101 - asked by the endpoint, which is made beside it
        if (blind := self._watch.blind()) is not None:
            return blind
        now, health = time.time(), self._settings.health
        for one in self._watch.versions():
            if role == registrations.NAME and one.kind == "watchlist":
                age, most, name = now - (one.imported or one.since), health.watchlist_days, f"list {one.source}"
            elif role == content.NAME and one.kind == "lexicon" and health.lexicon_days is not None:
                age, most, name = now - one.since, health.lexicon_days, "lexicon"
            else:
                continue
            if age > most * _DAY:
                return f"the {name} is {age / _DAY:.1f} days old, expected at most {most:g}: import a newer one"
        return None


def _name(task: Task) -> str:
    return f"{task.role}-{task.number}"
