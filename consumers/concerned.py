"""Which accounts a change of lists can concern, found without a look at everybody.

1. Whoever has a hit on a party that came, went or changed, or is tied to one that did: the ledger's citations say who.
2. Whoever a name or an identifier that came would be found for: the index over registrants says who.
These are never fewer than `screening.touched` would pick from everybody; it is asked about each of them afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import wire
from screening.decisions import Result
from screening.errors import SubjectError
from screening.evidence import NameHit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.ledger.port import SubjectName
    from consumers.rejudging import Rejudge
    from consumers.wiring import Installation

_PAGE: Final = 2_000


def concerned(installation: Installation, subject: SubjectName, rejudge: Rejudge) -> tuple[str, ...] | None:
    """Return the accounts to look at, in order; None where that is everybody.

    Everybody is looked at where another engine, policy or list of territories judges, and among contents, whose texts
    are read for the terms that changed.

    Args:
        installation: whose log and ledger.
        subject: the kind of subject.
        rejudge: what is to judge them.
    """
    if subject != "registration":
        return None
    epoch = installation.log.epoch()
    news = rejudge.news(installation.ledger.judged_by(subject, epoch))
    if news is None:
        return None
    cited = frozenset[tuple[str, str]]().union(*(one.cited for one in news))
    names = dict.fromkeys(name for one in news for name in one.names)
    identifiers = frozenset[str]().union(*(one.identifiers for one in news))
    accounts = _citing(installation, epoch, cited) if cited else set()
    if names or identifiers:
        installation.registrants.update(lambda _: None)
        accounts |= installation.registrants.concerned(names, identifiers)
    return tuple(sorted(accounts))


def _citing(installation: Installation, epoch: str, cited: frozenset[tuple[str, str]]) -> set[str]:
    found = installation.ledger.citing(cited)
    if found is None:
        for page in _found_before(installation, epoch):
            installation.ledger.cite(page, whole=False)
        installation.ledger.cite((), whole=True)
        found = installation.ledger.citing(cited)
        assert found is not None  # noqa: S101 - nothing is missing any more
    return set(found)


def _found_before(installation: Installation, epoch: str) -> Iterator[set[tuple[str, str, str]]]:
    """Yield the hits of all newest results: a ledger of an earlier release did not note them as they came."""
    after: tuple[str, str] | None = None
    while rows := installation.ledger.judged("registration", epoch, after, _PAGE):
        after = (rows[-1].account_id, rows[-1].id)
        cited: set[tuple[str, str, str]] = set()
        for row in rows:
            if row.result is None:
                continue
            try:
                before = wire.decode_judged(row.account_id.encode(), row.result)
            except SubjectError:
                continue
            if isinstance(before, Result):
                hits = (hit for hit in before.hits if isinstance(hit, NameHit))
                cited.update((hit.source, hit.entry, row.account_id) for hit in hits)
        yield cited
