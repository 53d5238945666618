"""What a lexicon would do: contents judged by the one in force and by another, side by side; nothing is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Final

from consumers import wire
from screening.errors import SubjectError
from screening.evidence import ContentHit
from screening.lexicon.comparison import Effect, VerdictChange, tally, verdict_change
from screening.subjects import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consumers.ledger.port import Stored
    from consumers.wiring import Installation
    from screening.decisions import Result
    from screening.lexicon.comparison import Tally
    from screening.pipeline import ContentScreener

_PAGE: Final = 500
"""Contents judged at once: a batch like those of a role."""

_SAMPLES: Final = 50
_EVIDENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One content that another lexicon judges differently, with what speaks for it."""

    account_id: str
    id: str
    change: VerdictChange
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a lexicon would do to the contents that stand."""

    tally: Tally
    samples: tuple[Sample, ...]
    unreadable: int


def judged_twice(
    before: ContentScreener, after: ContentScreener, contents: Sequence[Content]
) -> Iterator[tuple[Result, Result]]:
    """Yield the results of two lexicons for each of some contents, in order."""
    for start in range(0, len(contents), _PAGE):
        page = contents[start : start + _PAGE]
        yield from zip(before.screen(page), after.screen(page), strict=True)


def backtest(
    installation: Installation,
    screeners: tuple[ContentScreener, ContentScreener],
    limit: int | None,
    tell: Callable[[int], None] = lambda _: None,
) -> Backtest:
    """Judge the contents that stand with the lexicon in force and with another; nothing is ordered or written.

    Args:
        installation: whose ledger.
        screeners: that of the lexicon in force, and that of the candidate.
        limit: the most contents to look at.
        tell: is told how many were judged, now and then.
    """
    samples: dict[Effect, list[Sample]] = {effect: [] for effect in Effect}
    unreadable = 0

    def changes() -> Iterator[VerdictChange | None]:
        nonlocal unreadable
        judged = 0
        for page in _pages(installation, limit):
            contents = [content for stored in page if (content := _content(stored)) is not None]
            unreadable += len(page) - len(contents)
            for before, after in judged_twice(*screeners, contents):
                change = verdict_change(before, after)
                yield change
                if change is not None and len(samples[change.effect]) < _SAMPLES:
                    samples[change.effect].append(_sample(before, after, change))
            judged += len(page)
            tell(judged)

    counted = tally(changes())
    # Some of each effect, as far as there are any: what is released matters as much as what is affected.
    mixed = chain.from_iterable(zip_longest(*samples.values()))
    return Backtest(counted, tuple(islice(filter(None, mixed), _SAMPLES)), unreadable)


def _pages(installation: Installation, limit: int | None) -> Iterator[tuple[Stored, ...]]:
    after: tuple[str, str] | None = None
    left = limit
    while left is None or left > 0:
        page = installation.ledger.contents(after, _PAGE if left is None else min(_PAGE, left))
        if not page:
            return
        yield page
        after = (page[-1].account_id, page[-1].id)
        left = None if left is None else left - len(page)


def _content(stored: Stored) -> Content | None:
    try:
        content = wire.read_content(stored.record)
    except SubjectError:
        return None
    return content if isinstance(content, Content) else None


def _sample(before: Result, after: Result, change: VerdictChange) -> Sample:
    telling = before if change.effect is Effect.RELEASED else after
    other = after if change.effect is Effect.RELEASED else before
    known = {(hit.category, hit.entry) for hit in other.hits}
    quotes = [
        f"{hit.entry}: {hit.quote}"
        for hit in telling.hits
        if isinstance(hit, ContentHit) and (hit.category, hit.entry) not in known
    ]
    return Sample(after.account_id, after.id, change, tuple(quotes[:_EVIDENCE]))
