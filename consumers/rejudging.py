"""Judging stored subjects anew, page by page: whom the change concerns, with what result, and what that changes.

A subject is judged by the very code that judges the stream, and its result carries the place of its own input, so that
whoever decides sees a later judgement of the same input and not a new one. Where only the policy differs the evidence
on record is judged, and nothing is looked for again (`screening.redeciding`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import msgspec

from consumers import registrations, topics, wire
from consumers.activations import Activations, latest_for
from consumers.ledger.port import Forecast, LedgerError, LedgerUnreachable, RescreeningState
from consumers.log.port import Outgoing
from consumers.origins import origin_of_rescreened
from screening.decisions import Result
from screening.errors import SubjectError
from screening.evidence import ContentHit
from screening.lexicon.comparison import Effect, verdict_change
from screening.pipeline import content_versions, registration_versions
from screening.redeciding import decided_anew, has_evidence, same_evidence
from screening.subjects import Ended
from screening.touched import Everyone, Nobody, TouchedRegistrants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from consumers.activations import Activation
    from consumers.ledger.port import Judged, SubjectName
    from consumers.wiring import Installation
    from screening.decisions import Versions
    from screening.evidence import Hit
    from screening.lexicon.comparison import VerdictChange
    from screening.subjects import Content, Registrant
    from screening.touched import Touching
    from screening.watchlist.news import News

_Subject: TypeAlias = "Content | Registrant"

TOPIC: Final[Mapping[SubjectName, str]] = {"content": topics.CONTENT, "registration": topics.ACCOUNTS}
"""Kind of subject → the topic it comes on."""

ROLE: Final[Mapping[SubjectName, str]] = {"content": "content", "registration": registrations.NAME}
"""Kind of subject → the role that judges it live."""

_SAMPLES: Final = 3
"""Samples of each effect that a page gives."""

_QUOTES: Final = 3


class _Screener(Protocol):
    """Either screener: what it is given is of its own kind."""

    def screen(self, subjects: Sequence[Any]) -> list[Result]:
        """Return one result for each subject, in order."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A subject that is judged otherwise than before, with what speaks for it."""

    subject: SubjectName
    account_id: str
    id: str
    change: VerdictChange
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What judging some subjects anew gave."""

    last: tuple[str, str]
    looked: int
    outputs: tuple[Outgoing, ...] = ()
    done: Forecast = field(default_factory=Forecast)
    unjudged: int = 0
    """Subjects without a result: not judged yet, or not to be read; the stream or the dead letters have them."""
    because: Mapping[Effect, Mapping[str, int]] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()


def target_of(installation: Installation, subject: SubjectName) -> Activation | None:
    """Return the activation that judges a kind of subject now; None where none is enough yet."""
    activation = latest_for(installation.log, TOPIC[subject])
    if activation is None or (subject == "registration" and not registrations.has_watchlist(activation)):
        return None
    return activation


class Rejudge:
    """Judges pages of one kind of subject anew, under one activation. Built once in each process.

    Args:
        installation: whose versions.
        subject: which kind.
        target: the activation to judge by.
        whole: judge everybody anew whom another set of versions judged, and not only whom the change concerns.
    """

    def __init__(self, installation: Installation, subject: SubjectName, target: Activation, *, whole: bool) -> None:
        self._installation = installation
        self._subject: SubjectName = subject
        self._target = target
        self._whole = whole
        self._activations = Activations(installation.log, lambda _: True)
        self._screener: _Screener | None = None
        self._touching: dict[int, Touching[Any]] = {}
        self._same_evidence: dict[str, bool] = {}
        self._new = self._versions(target)
        # Whoever stood when an earlier re-screening was done has been found to be judged rightly by its versions.
        self._done = sorted(
            one.activation
            for one in installation.ledger.rescreenings(installation.log.epoch())
            if one.subject == subject and one.state is RescreeningState.DONE and one.activation < target.number
        )

    def page(self, rows: Sequence[Judged]) -> Page:
        """Judge some stored subjects anew, as far as the change concerns them."""
        by_base: dict[int, list[tuple[Judged, _Subject, Result]]] = defaultdict(list)
        unjudged = 0
        for row in rows:
            read = self._read(row)
            if read is None:
                unjudged += 1
            else:
                by_base[self._base(read[1])].append((row, *read))
        concerned: list[tuple[Judged, _Subject, Result]] = []
        judged: list[tuple[Judged, Result, Result]] = []
        for base, held in by_base.items():
            touched = self._touching_since(base).touched(
                [subject for _, subject, _ in held], [before.hits for *_, before in held]
            )
            for (row, subject, before), is_touched in zip(held, touched, strict=True):
                policy = before.versions.policy
                if is_touched or not self._has_same_evidence(policy):
                    concerned.append((row, subject, before))
                elif policy != self._target.policy and has_evidence(before):
                    judged.append((row, before, self._decided(subject, before)))
        results = self._screen([subject for _, subject, _ in concerned])
        judged += [(row, before, result) for (row, _, before), result in zip(concerned, results, strict=True)]
        judged.sort(key=lambda one: (one[0].account_id, one[0].id))
        return self._page(rows, judged, unjudged, len(concerned))

    def news(self, judged: Iterable[int]) -> tuple[News, ...] | None:
        """Return what came with the lists since some activations judged; None where it may concern everybody."""
        bases = sorted({self._since(number) for number in judged})
        touching = [self._touching_since(base) for base in bases]
        changes = [one.news for one in touching if isinstance(one, TouchedRegistrants)]
        if any(isinstance(one, Everyone) for one in touching) or any(one.territories for one in changes):
            return None
        if any(base.policy != self._target.policy for base in map(self._activation, bases) if base is not None):
            return None  # it may make something else of anybody's evidence
        return tuple(changes)

    def _page(
        self, rows: Sequence[Judged], judged: Sequence[tuple[Judged, Result, Result]], unjudged: int, matched: int
    ) -> Page:
        outputs: list[Outgoing] = []
        effects: Counter[Effect] = Counter()
        because: dict[Effect, Counter[str]] = defaultdict(Counter)
        samples: list[Sample] = []
        for row, before, result in judged:
            if result.result_id == before.result_id:
                continue
            outputs.append(self._output(row, result))
            change = verdict_change(before, result)
            if change is None:
                continue
            reasons = _reasons(before, result, change)
            because[change.effect].update(reasons)
            if effects[change.effect] < _SAMPLES:
                samples.append(Sample(self._subject, row.account_id, row.id, change, reasons[:_QUOTES]))
            effects[change.effect] += 1
        done = Forecast(
            len(outputs), effects[Effect.AFFECTED], effects[Effect.CHANGED], effects[Effect.RELEASED], matched
        )
        last = (rows[-1].account_id, rows[-1].id)
        return Page(last, len(rows), tuple(outputs), done, unjudged, because, tuple(samples))

    def _screen(self, subjects: list[_Subject]) -> list[Result]:
        if not subjects:
            return []
        if self._screener is None:
            self._screener = self._make()
        return self._screener.screen(subjects)

    def _make(self) -> _Screener:
        screeners = self._installation.screeners
        if self._subject == "content":
            return screeners.content(self._target)
        return screeners.registrations(self._target)

    def _decided(self, subject: _Subject, before: Result) -> Result:
        policy = self._installation.screeners.policy(self._target.policy)
        return decided_anew(before, subject, policy, self._new)

    def _output(self, row: Judged, result: Result) -> Outgoing:
        place = msgspec.structs.replace(
            result.input, topic=TOPIC[self._subject], partition=row.partition, offset=row.offset
        )
        placed = msgspec.structs.replace(result, input=place, activation=self._target.number)
        headers = wire.result_headers(None, origin_of_rescreened(TOPIC[self._subject], row.partition, row.offset))
        return Outgoing(topics.RESULTS, result.account_id.encode(), wire.encode(placed), headers)

    def _read(self, row: Judged) -> tuple[_Subject, Result] | None:
        if row.result is None:
            return None
        before = wire.decode_judged(row.account_id.encode(), row.result)
        # By what was judged, not by its place: where the same was sent again during a run, the results on both places
        # bear one name, and the older place's may have come last and taken the row in the ledger.
        if not isinstance(before, Result) or before.input.digest != row.digest:
            return None  # a newer input is on its way; the stream judges it by the new versions
        read: Callable[[bytes], Content | Registrant | Ended]
        read = wire.read_content if self._subject == "content" else wire.read_registrant
        try:
            subject = read(row.record)
        except SubjectError:
            return None
        return None if isinstance(subject, Ended) else (subject, before)

    def _base(self, before: Result) -> int:
        return self._since(-1 if before.activation is None else before.activation)

    def _since(self, judged: int) -> int:
        return max([judged, *(number for number in self._done if number > judged)])

    def _touching_since(self, base: int) -> Touching[Any]:
        if base not in self._touching:
            self._touching[base] = self._make_touching(self._activation(base))
        return self._touching[base]

    def _activation(self, number: int) -> Activation | None:
        """Return what judged; None where nobody knows any more."""
        if number < 0:
            return None
        try:
            return self._activations.number(number)
        except LookupError:
            return None

    def _has_same_evidence(self, policy: str) -> bool:
        """Say whether what was found under a policy is what is found under the new one; not where it is not kept."""
        target = self._target.policy
        if policy not in self._same_evidence:
            screeners = self._installation.screeners
            try:
                same = policy == target or same_evidence(screeners.policy(policy), screeners.policy(target))
            except LedgerUnreachable:
                raise
            except LedgerError:
                same = False
            self._same_evidence[policy] = same
        return self._same_evidence[policy]

    def _make_touching(self, base: Activation | None) -> Touching[Any]:
        target = self._target
        if base is None or base.engine != target.engine or self._whole or not self._has_same_evidence(base.policy):
            return Everyone()
        if self._looked_for(base) == self._looked_for(target):
            return Nobody()
        screeners = self._installation.screeners
        try:
            if self._subject == "content":
                return screeners.touched_contents(base, target)
            return screeners.touched_registrants(base, target)
        except LedgerUnreachable:
            raise
        except LedgerError:
            return Everyone()  # what judged then is not kept any more

    def _looked_for(self, activation: Activation) -> object:
        return activation.lexicon if self._subject == "content" else activation.watchlists

    def _versions(self, activation: Activation) -> Versions:
        if self._subject == "content":
            return content_versions(activation.policy, activation.lexicon)
        return registration_versions(activation.policy, activation.watchlists)


def _reasons(before: Result, after: Result, change: VerdictChange) -> tuple[str, ...]:
    """Name the entries that speak for a change: those that came, or those that went where a subject is released."""
    telling, other = (before, after) if change.effect is Effect.RELEASED else (after, before)
    known = {_entry(hit) for hit in other.hits}
    return tuple(dict.fromkeys(name for hit in telling.hits if (name := _entry(hit)) not in known))


def _entry(hit: Hit) -> str:
    return f"{hit.category}/{hit.entry}" if isinstance(hit, ContentHit) else f"{hit.source}/{hit.entry}"
