"""What versions on trial would do to what stands: judged by them and by those in force, and nothing is ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers.comparing import Comparing, conclusions_on
from consumers.pools import in_order, pool
from consumers.rejudging_pool import PAGE, standing
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

_AHEAD: Final = 3
"""Pages read ahead for each process."""

_made: list[Comparing] = []
"""What compares in this process, once it is one of a pool."""


def judged_twice(
    before: ContentScreener, after: ContentScreener, contents: Sequence[Content]
) -> Iterator[tuple[Result, Result]]:
    """Yield the results of two lexicons for each of some contents, in order."""
    for start in range(0, len(contents), PAGE):
        page = contents[start : start + PAGE]
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
    pages = standing(installation, subject, limit=limit)
    if workers == 1:
        comparing = _comparing(installation, trial, subject, pair, conclusions)
        yield from map(comparing.page, pages)
        return
    with pool(workers, _open, (installation.settings, trial, subject, pair, conclusions)) as opened:
        yield from in_order(opened, _page, ((page,) for page in pages), _AHEAD * workers)


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
