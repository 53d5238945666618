"""Pools of processes, and work that is shared among them and comes back in order."""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Answer = TypeVar("Answer")

CONTEXT = "spawn"
"""How processes are started: with nothing of this one's threads and connections."""


def pool(
    workers: int, opening: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> concurrent.futures.ProcessPoolExecutor:
    """Return a pool of processes that share nothing with this one, and end with it however it ends.

    Args:
        workers: how many.
        opening: is called first in each of them.
        given: what it is called with.
    """
    context = multiprocessing.get_context(CONTEXT)
    return concurrent.futures.ProcessPoolExecutor(workers, context, _begin, (opening, given))


def stand_back(nice: int) -> None:
    """Let others go first on the processor from now on, and whatever this process starts; never less than before."""
    os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))


def in_order(
    opened: concurrent.futures.ProcessPoolExecutor,
    do: Callable[..., Answer],
    calls: Iterable[tuple[Any, ...]],
    most: int,
) -> Iterator[Answer]:
    """Yield what a pool made of each call, in their order.

    Args:
        opened: the pool.
        do: what is called there.
        calls: its arguments, read only as far ahead as `most` says.
        most: how many calls may be under way or done and not yet asked for; more than the pool has workers keeps all
            of them busy, and what is read ahead takes memory and is done in vain where nobody asks on.
    """
    waiting: collections.deque[concurrent.futures.Future[Answer]] = collections.deque()
    for call in calls:
        waiting.append(opened.submit(do, *call))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(opening: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """Begin a process of a pool: one whose maker was killed would wait for work for ever, with all it holds."""
    threading.Thread(target=_end_with_maker, name="ends with its maker", daemon=True).start()
    if opening is not None:
        opening(*given)


def _end_with_maker() -> None:
    maker = multiprocessing.parent_process()
    if maker is not None:
        maker.join()
        os._exit(1)
