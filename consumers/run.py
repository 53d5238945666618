"""Running roles: in this process, or as many as are asked for."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from consumers import wiring
from consumers.faults import Exit, told
from consumers.forwarding import Forwarding
from consumers.observers import all_told, logs_of, traced
from consumers.supervisor import Stopping, Task, supervise
from consumers.worker import StillWaiting, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

    from consumers.happenings import Happening, Observer
    from consumers.settings import Settings
    from consumers.station import Station
    from consumers.wiring import Installation


def run_roles(installation: Installation, roles: Sequence[str], *, drain: bool, station: Station | None = None) -> int:
    """Run roles and return the exit code: 0, or that of the first worker that failed.

    With `drain` the roles run one after the other, upstream first, each until its group has reached the end.

    Args:
        installation: whose log and ledger.
        roles: which.
        drain: end at the end of the topics.
        station: watches the workers; None where nobody does.
    """
    runner = _Runner(installation, drain=drain, stopping=Stopping(), station=station)
    if drain:
        return runner.drain(roles)
    tasks = [Task(role, number) for role in roles for number in range(installation.settings.run.workers)]
    return runner.here(tasks[0]) if len(tasks) == 1 else runner.below(tasks)


class _Runner:
    """Runs workers here or in processes below, and sees to it that somebody is told what they do."""

    def __init__(
        self, installation: Installation, *, drain: bool, stopping: Callable[[], bool], station: Station | None
    ) -> None:
        self._installation = installation
        self._drain = drain
        self._stopping = stopping
        self._station = station

    def drain(self, roles: Sequence[str]) -> int:
        """Run roles to the end of their topics, one after the other."""
        workers = self._installation.settings.run.workers
        waiting = 0
        for role in (role for role in (*wiring.ROLES, *wiring.FURTHER) if role in roles):
            if self._stopping():
                break
            if workers > 1 and self._installation.role(role, quiet).ready() is None:
                code = self.below([Task(role, number) for number in range(workers)])
                if code:
                    return code
                continue
            try:
                self.here(Task(role, 0))
            except StillWaiting as error:
                sys.stderr.write(f"{error}\n")
                waiting = 1
        return waiting

    def here(self, task: Task) -> int:
        """Run one worker in this process."""
        tell = quiet if self._station is None else self._station.observer(task)
        try:
            run_worker(
                self._installation, task.role, task.number, drain=self._drain, stopping=self._stopping, tell=tell
            )
        finally:
            if self._station is not None:
                self._station.ended(task)
        return 0

    def below(self, tasks: Sequence[Task]) -> int:
        """Run workers in processes of their own."""
        return supervise(
            tasks,
            _process,
            self._installation.settings,
            drain=self._drain,
            stopping=self._stopping,
            link=_no_link if self._station is None else self._station.link,
            tell=quiet if self._station is None else self._station.tell,
        )


def run_worker(
    installation: Installation,
    role: str,
    number: int | str,
    *,
    drain: bool,
    stopping: Callable[[], bool],
    tell: Observer,
) -> None:
    """Run one worker of a role in this process until it stops; its number, or another name, tells it from others."""
    settings = installation.settings
    work(
        installation.log,
        installation.role(role, tell),
        group=wiring.group_of(role),
        member=f"{installation.instance}-{role}-{number}",
        most=settings.run.batch,
        poll_seconds=settings.run.poll_seconds,
        drain=drain,
        stopping=stopping,
        tell=tell,
    )


def _process(settings: Settings, task: Task, drain: bool, parent: int, link: Connection | None) -> int:  # noqa: FBT001
    """Run one worker in a process of its own, and return its exit code."""
    stopping = Stopping(parent=parent)
    name = f"{task.role}-{task.number}"
    with contextlib.ExitStack() as stack:
        logs = stack.enter_context(logs_of(settings, short=drain, worker=name))
        observers: list[Observer] = [logs, *stack.enter_context(traced(settings, worker=name))]
        if link is not None:
            forwarding = Forwarding(link, task.role)
            stack.callback(forwarding.close)
            observers.append(forwarding)
        logs.say("info", "worker started", role=task.role, pid=os.getpid())
        try:
            installation = stack.enter_context(wiring.Installation(settings))
            run_worker(installation, task.role, task.number, drain=drain, stopping=stopping, tell=all_told(*observers))
        except Exception as error:  # noqa: BLE001 - it is told as far as it may be, and ends the worker
            code, text = told(error)
            if code is None:
                logs.crashed(error)
                return Exit.FAILED
            logs.say("error", text, role=task.role, exit_code=int(code))
            return code
    return 0


def _no_link(_task: Task) -> None:
    """Listen to nobody."""


def quiet(_happening: Happening) -> None:
    """Tell nobody."""
