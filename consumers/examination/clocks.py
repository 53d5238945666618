"""Clocks: this host's against the broker's, the database's, and the times of the newest records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.examination.finding import Finding, Senses, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consumers.log.port import Log

CLOCK_SECONDS: Final = 60.0
"""How far two clocks may be apart: far above what hosts that follow a time server differ by."""


def records(log: Log, senses: Senses) -> Finding:
    """Look for records from the future, which show that one of the clocks was wrong."""
    times = [log.newest(name) for name in topics.INPUTS if not log.missing([name])]
    ahead = max((one for one in times if one is not None), default=0) / 1000 - senses.now()
    expected = f"no record more than {CLOCK_SECONDS:g} s ahead of this clock"
    if ahead <= CLOCK_SECONDS:
        return Finding("clock", State.OK, "the newest records are not ahead", expected)
    advice = "this host's clock is behind, or a writer's is ahead: have both follow a time server"
    return Finding("clock", State.FAULT, f"a record {ahead:.0f} s ahead", expected, advice)


def against(whose: str, clock: Callable[[], float | None], senses: Senses) -> Iterator[Finding]:
    """Compare this host's clock with another one, where there is another that tells.

    How long the answer took is no difference: within it nobody knows.
    """
    before = senses.now()
    theirs = clock()
    after = senses.now()
    if theirs is None:
        return
    ahead = before - theirs if theirs < before else min(0.0, after - theirs)
    expected = f"at most {CLOCK_SECONDS:g} s from that of the {whose}"
    if abs(ahead) <= CLOCK_SECONDS:
        yield Finding(f"{whose} clock", State.OK, "it and this host's are together", expected)
        return
    found = f"this host's is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} that of the {whose}"
    advice = "have both follow a time server: deadlines, expiries and the age of lists are told by them"
    yield Finding(f"{whose} clock", State.FAULT, found, expected, advice)
