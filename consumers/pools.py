"""Pools of processes, and work that is shared among them and comes back in order."""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Answer = TypeVar("Answer")


def pool(
    workers: int, opening: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> concurrent.futures.ProcessPoolExecutor:
    """Return a pool of processes that share nothing with this one.

    Args:
        workers: how many.
        opening: is called first in each of them.
        given: what it is called with.
    """
    spawn = multiprocessing.get_context("spawn")
    return concurrent.futures.ProcessPoolExecutor(workers, spawn, opening, given)


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
