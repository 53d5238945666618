"""From a worker's process to the one that serves metrics: what happened, as it is, over a pipe.

The promise: a worker never waits for it. What cannot be sent at once is kept in a queue with a bound, and beyond that
it is counted as lost. A worker that is killed takes with it what it had not sent yet, a moment's worth.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import threading
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final

from consumers.happenings import Lost

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from consumers.happenings import Happening, Observer

_MOST_KEPT: Final = 10_000
"""Happenings that wait to be sent: some minutes of a busy worker's, some megabytes."""

_AT_ONCE: Final = 256

_GOODBYE_SECONDS: Final = 2.0
"""How long a worker that ends waits until what it told last is sent."""

_LOOK_SECONDS: Final = 0.5
"""How soon a new worker's pipe is listened to."""


class Forwarding:
    """An observer that hands on what it is told to another process.

    Args:
        connection: the worker's end of a pipe.
        role: the worker's role, for what is lost.
    """

    def __init__(self, connection: Connection, role: str) -> None:
        self._connection = connection
        self._role = role
        self._kept: queue.Queue[Happening | None] = queue.Queue(_MOST_KEPT)
        self._lost = 0
        self._thread = threading.Thread(target=self._send, name="forwarding", daemon=True)
        self._thread.start()

    def __call__(self, happening: Happening) -> None:
        """Hand something on, or count it as lost."""
        try:
            self._kept.put_nowait(happening)
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Send what is kept, as far as that takes no time."""
        with contextlib.suppress(queue.Full):
            self._kept.put_nowait(None)
        self._thread.join(_GOODBYE_SECONDS)
        self._connection.close()

    def _send(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody listens any more
            while (first := self._kept.get()) is not None:
                some, ended = [first], False
                with contextlib.suppress(queue.Empty):
                    while len(some) < _AT_ONCE and not ended:
                        one = self._kept.get_nowait()
                        if one is None:
                            ended = True
                        else:
                            some.append(one)
                if self._lost:
                    lost, self._lost = self._lost, 0
                    some.append(Lost(self._role, lost))
                self._connection.send(some)
                if ended:
                    return


class Receiving:
    """Listens to the workers' pipes in one thread.

    Args:
        ended: is told the name of a worker whose pipe has closed: it ended, however that came.
    """

    def __init__(self, ended: Callable[[str], None]) -> None:
        self._ended = ended
        self._pipes: dict[Connection, tuple[str, Observer]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._receive, name="receiving", daemon=True)
        self._thread.start()

    def open(self, name: str, observer: Observer) -> Connection:
        """Return the worker's end of a new pipe; what comes through it is told to an observer."""
        ours, theirs = multiprocessing.Pipe(duplex=False)
        with self._lock:
            self._pipes[ours] = (name, observer)
        return theirs

    def close(self) -> None:
        """Hear what is left, and listen no more."""
        self._stop.set()
        self._thread.join()

    def _receive(self) -> None:
        while not self._stop.is_set() or self._pipes:
            with self._lock:
                pipes = dict(self._pipes)
            heard = wait(list(pipes), _LOOK_SECONDS) if pipes else []
            if not pipes:
                self._stop.wait(_LOOK_SECONDS)
            elif self._stop.is_set() and not heard:
                return
            for pipe in heard:
                self._hear(pipe, *pipes[pipe])  # type: ignore[index, arg-type]  # only pipes were waited for

    def _hear(self, pipe: Connection, name: str, observer: Observer) -> None:
        try:
            for happening in pipe.recv():
                observer(happening)
        except (EOFError, OSError):
            with self._lock:
                del self._pipes[pipe]
            pipe.close()
            self._ended(name)
