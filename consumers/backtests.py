"""What versions on trial would do to what stands: judged by them and by those in force, and nothing is ordered."""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
from typing import TYPE_CHECKING, Final

from consumers.comparing import Comparing, conclusions_on
from consumers.trials import Report, in_force, moved, screeners_of
from consumers.wiring import Installation, now
from screening.differences import Differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consumers.activations import Activation
    from consumers.comparing import Conclusions
    from consumers.ledger.port import Judged, SubjectName
    from consumers.settings import Settings
    from consumers.trials import Trial
    from screening.decisions import Result
    from screening.pipeline import ContentScreener
    from screening.subjects import Content

_PAGE: Final = 500
"""Subjects judged at once: a batch like those of a role."""

_AHEAD: Final = 3
"""Pages read ahead for each process."""

_made: list[Comparing] = []
"""What compares in this process, once it is one of a pool."""


def judged_twice(
    before: ContentScreener, after: ContentScreener, contents: Sequence[Content]
) -> Iterator[tuple[Result, Result]]:
    """Yield the results of two lexicons for each of some contents, in order."""
    for start in range(0, len(contents), _PAGE):
        page = contents[start : start + _PAGE]
        yield from zip(before.screen(page), after.screen(page), strict=True)


def backtest(
    installation: Installation,
    trial: Trial,
    subjects: Sequence[SubjectName],
    limit: int | None = None,
    tell: Callable[[SubjectName, int, int], None] = lambda *_: None,
) -> Report:
    """Compare what stands under the versions in force and under those on trial.

    Args:
        installation: whose ledger; its `run.workers` says how many processes judge.
        trial: what is on trial.
        subjects: which kinds to look at.
        limit: the most subjects of a kind to look at.
        tell: is told the kind, how many were looked at, and of how many.
    """
    began = now().isoformat(timespec="seconds")
    before = in_force(installation)
    after = trial.on(before)
    parts = {}
    for subject in subjects:
        total = Differences()
        if installation.exists():
            standing = installation.ledger.standing(subject, installation.log.epoch())
            of = standing if limit is None else min(limit, standing)
            for part in _compared(installation, trial, subject, (before, after), limit):
                total += part
                tell(subject, total.looked, of)
        parts[subject] = total
    return Report("backtest", moved(before, after), parts, began, now().isoformat(timespec="seconds"))


def _compared(
    installation: Installation,
    trial: Trial,
    subject: SubjectName,
    pair: tuple[Activation, Activation],
    limit: int | None,
) -> Iterator[Differences]:
    conclusions = conclusions_on(installation.ledger, subject)
    workers = installation.settings.run.workers
    pages = _pages(installation, subject, limit)
    if workers == 1:
        comparing = _comparing(installation, trial, subject, pair, conclusions)
        yield from map(comparing.page, pages)
        return
    with concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_open,
        initargs=(installation.settings, trial, subject, pair, conclusions),
    ) as pool:
        waiting: collections.deque[concurrent.futures.Future[Differences]] = collections.deque()
        for page in pages:
            waiting.append(pool.submit(_page, page))
            if len(waiting) >= _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pages(installation: Installation, subject: SubjectName, limit: int | None) -> Iterator[tuple[Judged, ...]]:
    epoch = installation.log.epoch()
    after: tuple[str, str] | None = None
    left = limit
    while left is None or left > 0:
        page = installation.ledger.judged(subject, epoch, after, _PAGE if left is None else min(_PAGE, left))
        if not page:
            return
        yield page
        after = (page[-1].account_id, page[-1].id)
        left = None if left is None else left - len(page)


def _comparing(
    installation: Installation,
    trial: Trial,
    subject: SubjectName,
    pair: tuple[Activation, Activation],
    conclusions: Conclusions,
) -> Comparing:
    screeners = screeners_of(installation, trial.versions)
    return Comparing(screeners, subject, *pair, conclusions=conclusions, with_evidence=True)


def _open(
    settings: Settings,
    trial: Trial,
    subject: SubjectName,
    pair: tuple[Activation, Activation],
    conclusions: Conclusions,
) -> None:
    _made[:] = [_comparing(Installation(settings, read_only=True), trial, subject, pair, conclusions)]


def _page(rows: tuple[Judged, ...]) -> Differences:
    return _made[0].page(rows)
