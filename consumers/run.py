"""Running roles: in this process, or as many as are asked for."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from consumers import wiring
from consumers.faults import told
from consumers.supervisor import Stopping, Task, supervise
from consumers.worker import StillWaiting, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consumers.role import Happened, Observer
    from consumers.settings import Settings
    from consumers.wiring import Installation


def run_roles(installation: Installation, roles: Sequence[str], *, drain: bool, tell: Observer) -> int:
    """Run roles and return the exit code: 0, or that of the first worker that failed.

    With `drain` the roles run one after the other, upstream first, each until its group has reached the end.
    """
    settings = installation.settings
    workers = settings.run.workers
    stopping = Stopping()
    if drain:
        return _drain(installation, roles, stopping, tell)
    tasks = [Task(role, number) for role in roles for number in range(workers)]
    if len(tasks) == 1:
        run_worker(installation, tasks[0].role, 0, drain=False, stopping=stopping, tell=tell)
        return 0
    return supervise(tasks, _process, settings, drain=False, stopping=stopping)


def _drain(installation: Installation, roles: Sequence[str], stopping: Callable[[], bool], tell: Observer) -> int:
    settings = installation.settings
    waiting = 0
    for role in (role for role in wiring.ROLES if role in roles):
        if stopping():
            break
        if settings.run.workers > 1 and installation.role(role, tell).ready() is None:
            tasks = [Task(role, number) for number in range(settings.run.workers)]
            code = supervise(tasks, _process, settings, drain=True, stopping=stopping)
            if code:
                return code
            continue
        try:
            run_worker(installation, role, 0, drain=True, stopping=stopping, tell=tell)
        except StillWaiting as error:
            sys.stderr.write(f"{error}\n")
            waiting = 1
    return waiting


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


def _process(settings: Settings, role: str, number: int, drain: bool, parent: int) -> int:  # noqa: FBT001
    """Run one worker in a process of its own, and return its exit code."""
    stopping = Stopping(parent=parent)
    with contextlib.ExitStack() as stack:
        try:
            installation = stack.enter_context(wiring.Installation(settings))
            run_worker(installation, role, number, drain=drain, stopping=stopping, tell=quiet)
        except Exception as error:
            code, text = told(error)
            if code is None:
                raise
            sys.stderr.write(f"{role}-{number}: {text}\n")
            return code
    return 0


def quiet(_happened: Happened) -> None:
    """Tell nobody."""
