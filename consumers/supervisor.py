"""Workers as processes: one for each role and number; restarted when killed, stopped together.

A worker that ends with an error stops the others, for going on would hide it. A worker that was killed (out of memory,
by hand) is started again after a pause: nothing is lost or repeated by that.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Final

from consumers.happenings import Restarted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import FrameType

    from consumers.happenings import Observer
    from consumers.settings import Settings

_LOOK_SECONDS: Final = 0.2
_RESTART_SECONDS: Final = 1.0
"""Before a killed worker is started again: long enough not to spin, short enough not to be missed by lag alerts."""

_PATIENCE_SECONDS: Final = 60.0
"""How long workers may take to end their batch when told to stop, before they are killed (which loses nothing)."""


@dataclass(frozen=True, slots=True)
class Task:
    """One worker: which role, and its number among those of the role."""

    role: str
    number: int


class Stopping:
    """Notes SIGTERM, SIGINT and the end of the parent, so that the batch at hand is ended first."""

    def __init__(self, *, parent: int | None = None) -> None:
        self._asked = threading.Event()
        self._parent = parent
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def __call__(self) -> bool:
        """Say whether to stop."""
        return self._asked.is_set() or (self._parent is not None and os.getppid() != self._parent)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()


def supervise(
    tasks: Sequence[Task],
    run: Callable[[Settings, Task, bool, int, Connection | None], int],
    settings: Settings,
    *,
    drain: bool,
    stopping: Callable[[], bool],
    link: Callable[[Task], Connection | None],
    tell: Observer,
) -> int:
    """Run workers until they end or a stop is asked for.

    Args:
        tasks: the workers.
        run: what a worker's process calls: settings, task, drain, this process's id, its end of a pipe by which it
            tells what it does (None where nobody listens); returns its exit code.
        settings: handed on.
        drain: whether workers end by themselves.
        stopping: asked a few times a second.
        link: makes the pipe of a worker that starts.
        tell: is told when a killed worker is started again.

    Returns:
        The first exit code that is not 0, or 0.
    """
    context = multiprocessing.get_context("spawn")

    def start(task: Task) -> BaseProcess:
        theirs = link(task)
        process = context.Process(
            target=_child, args=(run, settings, task, drain, os.getpid(), theirs), name=f"{task.role}-{task.number}"
        )
        # Ctrl-C reaches every process of a terminal. A worker leaves it to this one, which then tells all of them to
        # stop; met while a worker still starts, it would break off in the middle of an import.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            if theirs is not None:
                theirs.close()  # so that its end is seen here when the worker's is closed
        return process

    resource_tracker.ensure_running()  # it is started with the first process otherwise, and lets SIGINT through again
    living = {task: start(task) for task in tasks}
    code = 0
    while living and code == 0 and not stopping():
        for task, process in list(living.items()):
            if process.is_alive():
                continue
            del living[task]
            if (process.exitcode or 0) < 0:
                tell(Restarted(task.role, task.number, -(process.exitcode or 0)))
                time.sleep(_RESTART_SECONDS)
                living[task] = start(task)
            else:
                code = code or (process.exitcode or 0)
        time.sleep(_LOOK_SECONDS)
    return _end(list(living.values())) or code


def _child(
    run: Callable[[Settings, Task, bool, int, Connection | None], int],
    settings: Settings,
    task: Task,
    drain: bool,  # noqa: FBT001 - the arguments of a process are positions
    parent: int,
    link: Connection | None,
) -> None:
    sys.exit(run(settings, task, drain, parent, link))


def _end(processes: Sequence[BaseProcess]) -> int:
    code = 0
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            sys.stderr.write(f"{process.name}: did not end its batch in {_PATIENCE_SECONDS:.0f} s, killing it\n")
            process.kill()
            process.join()
            continue
        code = code or max(0, process.exitcode or 0)
    return code
