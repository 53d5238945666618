"""Judging the same subjects by the versions in force and by others; nothing is written and nothing ordered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from consumers import wire
from screening.differences import Differences, differences
from screening.errors import SubjectError
from screening.subjects import Content, Ended, Registrant
from screening.touched import Everyone, Nobody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consumers.activations import Activation
    from consumers.ledger.port import Judged, Ledger, SubjectName
    from consumers.screeners import Screeners
    from screening.decisions import Result
    from screening.evidence import Hit
    from screening.policy.conclusions import Conclusion
    from screening.touched import Touching

Conclusions = dict[tuple[str, str], tuple["Conclusion", ...]]
"""Account and id of a subject → what people concluded on it."""


class Screener(Protocol):
    """Either screener: what it is given is of its own kind."""

    def screen(self, subjects: Sequence[Any]) -> list[Result]:
        """Return one result for each subject, in order."""


def conclusions_on(ledger: Ledger, subject: SubjectName) -> Conclusions:
    """Return what people concluded on subjects of a kind."""
    found: dict[tuple[str, str], list[Conclusion]] = defaultdict(list)
    for account, one in ledger.concluded():
        if one.key.subject == subject:
            found[account, one.key.id].append(one)
    return {name: tuple(held) for name, held in found.items()}


class Comparing:
    """Judges subjects of one kind by two activations, side by side. Built once in each process.

    Args:
        screeners: builds what judges.
        subject: the kind.
        before: what is in force.
        after: what is on trial.
        conclusions: what people concluded on subjects of this kind; these are always judged.
        with_evidence: whether the named subjects tell what was written.
    """

    def __init__(
        self,
        screeners: Screeners,
        subject: SubjectName,
        before: Activation,
        after: Activation,
        *,
        conclusions: Mapping[tuple[str, str], tuple[Conclusion, ...]],
        with_evidence: bool,
    ) -> None:
        self._screeners = screeners
        self._subject: SubjectName = subject
        self._before = before
        self._after = after
        self._conclusions = conclusions
        self._with_evidence = with_evidence
        self._policies = (screeners.policy(before.policy), screeners.policy(after.policy))
        self._touching = self._make_touching()
        self._pair: tuple[Screener, Screener] | None = None

    def page(self, rows: Sequence[Judged]) -> Differences:
        """Compare stored subjects."""
        subjects = [read for row in rows if (read := _read(self._subject, row.record)) is not None]
        compared = self.subjects(subjects)
        return compared + Differences(looked=len(rows) - len(subjects), unreadable=len(rows) - len(subjects))

    def subjects(self, subjects: Sequence[Content | Registrant]) -> Differences:
        """Compare subjects; whoever the change cannot concern is counted and not judged."""
        unknown: list[tuple[Hit, ...]] = [()] * len(subjects)
        touched = self._touching.touched(subjects, unknown)
        concerned = [
            one
            for one, is_touched in zip(subjects, touched, strict=True)
            if is_touched or _name(one) in self._conclusions
        ]
        if not concerned:
            return Differences(looked=len(subjects))
        if self._pair is None:
            self._pair = (self._make(self._before), self._make(self._after))
        before, after = (screener.screen(concerned) for screener in self._pair)
        compared = differences(
            zip(before, after, strict=True),
            conclusions=self._conclusions,
            policies=self._policies,
            with_evidence=self._with_evidence,
        )
        return msgspec.structs.replace(compared, looked=len(subjects))

    def _make(self, activation: Activation) -> Screener:
        if self._subject == "content":
            return self._screeners.content(activation)
        return self._screeners.registrations(activation)

    def _make_touching(self) -> Touching[Any]:
        """Return what says whom the change may concern, whatever hits they had."""
        before, after = self._before, self._after
        if (before.engine, before.policy) != (after.engine, after.policy):
            return Everyone()
        if self._subject == "content":
            same = before.lexicon == after.lexicon
            return Nobody() if same else self._screeners.touched_contents(before, after)
        same = before.watchlists == after.watchlists
        return Nobody() if same else self._screeners.met_registrants(before, after)


def _name(subject: Content | Registrant) -> tuple[str, str]:
    if isinstance(subject, Content):
        return subject.account_id, subject.id
    return subject.account_id, subject.account_id


def _read(subject: SubjectName, record: bytes) -> Content | Registrant | None:
    try:
        read = wire.read_content(record) if subject == "content" else wire.read_registrant(record)
    except SubjectError:
        return None
    return None if isinstance(read, Ended) else read
