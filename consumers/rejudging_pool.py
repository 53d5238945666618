"""Pages of stored subjects judged anew, in this process or in several, in the order of the pages.

Each process builds the screener once. What a page needs travels to it as rows and comes back as results, so that only
one process writes.
"""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
from typing import TYPE_CHECKING, Final

from consumers.rejudging import Rejudge
from consumers.wiring import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.activations import Activation
    from consumers.ledger.port import Judged, SubjectName
    from consumers.rejudging import Page
    from consumers.settings import Settings

PAGE: Final = 500
"""Subjects judged at once: a batch like those of a role."""

_AHEAD: Final = 3
"""Pages read ahead for each process: none waits, and little is judged in vain where a run stops."""

_made: list[Rejudge] = []
"""What judges in this process, once it is one of the pool."""


def pages(
    installation: Installation,
    subject: SubjectName,
    target: Activation,
    after: tuple[str, str] | None,
    *,
    whole: bool,
) -> Iterator[Page]:
    """Yield what judging everything that stands gave, page by page.

    Args:
        installation: whose log and ledger; its `run.workers` says how many processes judge.
        subject: the kind of subject.
        target: the activation to judge by.
        after: account and id of the last subject that is done with; None to begin.
        whole: judge everybody anew that another set of versions judged.
    """
    workers = installation.settings.run.workers
    rows = _rows(installation, subject, after)
    if workers == 1:
        rejudge: Rejudge = Rejudge(installation, subject, target, whole=whole)
        yield from map(rejudge.page, rows)
        return
    with concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_open,
        initargs=(installation.settings, subject, target, whole),
    ) as pool:
        waiting: collections.deque[concurrent.futures.Future[Page]] = collections.deque()
        for page in rows:
            waiting.append(pool.submit(_page, page))
            if len(waiting) >= _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _rows(
    installation: Installation, subject: SubjectName, after: tuple[str, str] | None
) -> Iterator[tuple[Judged, ...]]:
    epoch = installation.log.epoch()
    while rows := installation.ledger.judged(subject, epoch, after, PAGE):
        yield rows
        after = (rows[-1].account_id, rows[-1].id)


def _open(settings: Settings, subject: SubjectName, target: Activation, whole: bool) -> None:  # noqa: FBT001 - a pool's
    _made[:] = [Rejudge(Installation(settings, read_only=True), subject, target, whole=whole)]


def _page(rows: tuple[Judged, ...]) -> Page:
    return _made[0].page(rows)
