"""Pages of stored subjects judged anew, in this process or in several, in the order of the pages.

Each process builds the screener once. What a page needs travels to it as rows and comes back as results, so that only
one process writes. Few subjects are judged in this process, and what came of them is remembered: a run that follows its
plan judges none of them twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers.pools import in_order, pool, stand_back
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

FEW: Final = 5_000
"""So many subjects are judged sooner by this process than others are started that could help it."""

_AHEAD: Final = 3
"""Pages read ahead for each process: none waits, and little is judged in vain where a run stops."""


class Remembering:
    """Judges pages anew, and remembers what came of them, for whoever asks again about the very same rows.

    Args:
        rejudge: what judges.
    """

    def __init__(self, rejudge: Rejudge) -> None:
        self.rejudge = rejudge
        self._remembered: dict[tuple[str, str], tuple[tuple[Judged, ...], Page]] = {}

    def page(self, rows: tuple[Judged, ...]) -> Page:
        """Judge some stored subjects anew, unless they stood just like this when they were last asked for."""
        first = (rows[0].account_id, rows[0].id)
        known = self._remembered.get(first)
        if known is not None and known[0] == rows:
            return known[1]
        page = self.rejudge.page(rows)
        if len(self._remembered) * PAGE < FEW:
            self._remembered[first] = (rows, page)
        return page


_made: list[Rejudge] = []
"""What judges in this process, once it is one of the pool."""


def pages(  # noqa: PLR0913 - what is judged, and by what
    installation: Installation,
    subject: SubjectName,
    target: Activation,
    after: tuple[str, str] | None,
    *,
    whole: bool,
    accounts: tuple[str, ...] | None = None,
    apart: bool = False,
    here: Remembering | None = None,
) -> Iterator[Page]:
    """Yield what judging everything that stands gave, page by page.

    Args:
        installation: whose log and ledger; its `run.workers` says how many processes judge.
        subject: the kind of subject.
        target: the activation to judge by.
        after: account and id of the last subject that is done with; None to begin.
        whole: judge everybody anew that another set of versions judged.
        accounts: those to look at, in order; None for everybody.
        apart: judge in another process even where one is enough: one that stands back for others.
        here: what judges in this process; made where it is left out.
    """
    workers = installation.settings.run.workers
    rows = standing(installation, subject, after) if accounts is None else _of(installation, subject, after, accounts)
    few = PAGE if apart else FEW
    if (workers == 1 and not apart) or (accounts is not None and len(accounts) <= few):
        judging = here or Remembering(Rejudge(installation, subject, target, whole=whole))
        # Of everybody too little could be remembered to be worth its memory.
        yield from map(judging.rejudge.page if accounts is None else judging.page, rows)
        return
    with pool(workers, _open, (installation.settings, subject, target, whole)) as opened:
        yield from in_order(opened, _page, ((page,) for page in rows), _AHEAD * workers)


def standing(
    installation: Installation, subject: SubjectName, after: tuple[str, str] | None = None, limit: int | None = None
) -> Iterator[tuple[Judged, ...]]:
    """Yield the subjects of a kind that stand, page by page, by account and id.

    Args:
        installation: whose log and ledger.
        subject: the kind of subject.
        after: account and id of the last subject that is done with; None to begin.
        limit: the most subjects; None for all.
    """
    epoch = installation.log.epoch()
    left = limit
    while left is None or left > 0:
        page = installation.ledger.judged(subject, epoch, after, PAGE if left is None else min(PAGE, left))
        if not page:
            return
        yield page
        after = (page[-1].account_id, page[-1].id)
        left = None if left is None else left - len(page)


def _of(
    installation: Installation, subject: SubjectName, after: tuple[str, str] | None, accounts: tuple[str, ...]
) -> Iterator[tuple[Judged, ...]]:
    # An account may have further subjects behind the last one that is done with, so it is looked at again.
    left = accounts if after is None else tuple(account for account in accounts if account >= after[0])
    for start in range(0, len(left), PAGE):
        rows = installation.ledger.judged_of(subject, installation.log.epoch(), left[start : start + PAGE])
        # By code point, as the accounts are; a database may sort by the habits of a language.
        ordered = sorted(rows, key=lambda row: (row.account_id, row.id))
        fresh = tuple(row for row in ordered if after is None or (row.account_id, row.id) > after)
        if fresh:
            yield fresh


def _open(settings: Settings, subject: SubjectName, target: Activation, whole: bool) -> None:  # noqa: FBT001 - a pool's
    stand_back(settings.rescreen.nice)
    _made[:] = [Rejudge(Installation(settings, read_only=True), subject, target, whole=whole)]


def _page(rows: tuple[Judged, ...]) -> Page:
    return _made[0].page(rows)
