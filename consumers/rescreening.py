"""Re-screening: what stands is judged anew after an activation, planned before it acts, and resumable.

The steps of a run, and what a crash after each costs:
1. the live role passes the markers, and `records` catches up, so that every subject stands in the ledger with its
   newest result (nothing is lost: both go on where they were);
2. unless there is one, a plan is made: the same pass, sending nothing (it is made again);
3. page by page, what the change concerns is judged, its results are appended to the log, then the place reached is
   written to the ledger (the last page is appended again; its results are older than, or as old as, what `enforcement`
   has seen of these subjects, and order nothing);
4. `enforcement` and `records` catch up.
A result names the place of its own input and the new activation, so it never overtakes a newer input of its subject.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from consumers.concerned import concerned
from consumers.faults import Refused
from consumers.ledger.port import Forecast, LedgerError, Progress, Rescreening, RescreeningState
from consumers.rejudging import ROLE, TOPIC, Rejudge, Sample, target_of
from consumers.rejudging_pool import Remembering, pages
from consumers.run import quiet, run_worker
from consumers.wiring import group_of, now
from consumers.yielding import Yielding, keeps_up
from screening.redeciding import unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from consumers.activations import Activation
    from consumers.happenings import Happening
    from consumers.ledger.port import SubjectName
    from consumers.log.port import Outgoing
    from consumers.rejudging import Page
    from consumers.wiring import Installation
    from consumers.yielding import Behind
    from screening.lexicon.comparison import Effect
    from screening.policy.rules import RescreeningRules

    Tell = Callable[["Progress"], None]

SUBJECTS: Final[tuple[SubjectName, ...]] = ("registration", "content")
"""Every kind of subject that is re-screened, sanctions first."""

MEMBER: Final = "rescreen"
"""The name of the worker that lets roles catch up; it never takes a live worker's place."""

_SILENCE: Final = timedelta(seconds=120)
"""After so long without a sign of life a run is held to be dead: many pages, and less than a person waits."""

_FEW: Final = 10
"""So many more than the forecast stop no run: new subjects come in while it goes on."""

_BEAT_SECONDS: Final = 10.0
"""How often a run that waits gives a sign of life, and one that works looks whether it is still wanted."""

_SAMPLES: Final = 50


@dataclass
class Report:
    """What a plan or a run found, as it grows."""

    subject: SubjectName
    activation: int
    looked: int = 0
    unjudged: int = 0
    done: Forecast = field(default_factory=Forecast)
    because: dict[Effect, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    samples: list[Sample] = field(default_factory=list)
    state: RescreeningState = RescreeningState.PLANNED
    seconds: float = 0.0
    confirm_above: int = 0
    notes: tuple[str, ...] = ()
    """What is to be known of the policy before it acts."""


class Pass:
    """One pass over what stands of one kind of subject.

    Args:
        installation: whose log and ledger.
        subject: the kind.
        target: the activation to judge by.
        whole: judge everybody anew that another set of versions judged.
        by: who asks.
    """

    def __init__(
        self, installation: Installation, subject: SubjectName, target: Activation, *, whole: bool, by: str
    ) -> None:
        self._installation = installation
        self._subject: SubjectName = subject
        self._target = target
        self.whole = whole
        self._by = by
        self._epoch = installation.log.epoch()
        self._holder = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        policy = installation.screeners.policy(target.policy)
        self.rules: RescreeningRules = policy.rescreening
        self._notes = unreachable(policy, subject)
        self._yielding = Yielding(installation.log, installation.settings.rescreen)
        self._looked = self._beat = time.monotonic()

    @functools.cached_property
    def accounts(self) -> tuple[str, ...] | None:
        """The accounts to look at, found once for plan and run; None for everybody."""
        return None if self.whole else concerned(self._installation, self._subject, self._here.rejudge)

    @functools.cached_property
    def _here(self) -> Remembering:
        """What judges in this process, made once for all that is asked of it."""
        return Remembering(Rejudge(self._installation, self._subject, self._target, whole=self.whole))

    def known(self) -> Rescreening | None:
        """Return how this re-screening stands, or None where nobody began it."""
        return next(
            (
                one
                for one in self._installation.ledger.rescreenings(self._epoch)
                if (one.subject, one.activation) == (self._subject, self._target.number)
            ),
            None,
        )

    def follows(self, progress: Progress) -> bool:
        """Say whether a run can go on from there: by a plan, of the same subjects.

        Whoever stands before the place that a look at those concerned had reached was not all looked at.
        """
        return progress.forecast is not None and progress.whole == self.whole

    def plan(self, tell: Tell) -> Report:
        """Look at everything and say what a run would do; nothing is ordered."""
        began = now()
        progress = self._begun(began)
        report = self._look(progress, tell)
        forecast = msgspec.structs.replace(progress, forecast=report.done)
        self._keep(RescreeningState.PLANNED, forecast, taking=True)
        return report

    def run(self, progress: Progress, tell: Tell, *, confirmed_by: str | None = None) -> Report:
        """Judge anew and send the results, from where it was stopped.

        Raises:
            Refused: another process runs it, or it left its forecast.
        """
        if confirmed_by is not None:
            progress = msgspec.structs.replace(progress, confirmed_by=confirmed_by)
        self._keep(RescreeningState.RUNNING, progress, taking=True)
        report = self._report()
        began = time.monotonic()
        try:
            for page in self._pages(progress.after):
                self._still_wanted()
                self._send(page.outputs, progress, tell)
                progress = msgspec.structs.replace(
                    progress,
                    looked=progress.looked + page.looked,
                    done=_sum(progress.done, page.done),
                    after=page.last,
                )
                self._keep(RescreeningState.RUNNING, progress)
                _add(report, page.looked, page.unjudged, page.done, page.because, page.samples)
                tell(progress)
                self._check(progress)
        except BaseException:
            with contextlib.suppress(LedgerError, Refused):  # what stopped it is what matters
                self._keep(RescreeningState.STOPPED, progress)
            raise
        self._keep(RescreeningState.DONE, msgspec.structs.replace(progress, ended_at=_text(now())))
        report.state = RescreeningState.DONE
        report.seconds = time.monotonic() - began
        return report

    def _look(self, progress: Progress, tell: Tell) -> Report:
        report = self._report()
        began, reached = time.monotonic(), progress
        for page in self._pages(None):
            self._yielding.wait(lambda behind, held=reached: tell(_waiting(held, behind)))  # type: ignore[misc]
            _add(report, page.looked, page.unjudged, page.done, page.because, page.samples)
            reached = msgspec.structs.replace(progress, looked=report.looked, done=report.done)
            tell(reached)
        report.seconds = time.monotonic() - began
        return report

    def _pages(self, after: tuple[str, str] | None) -> Iterator[Page]:
        return pages(
            self._installation,
            self._subject,
            self._target,
            after,
            whole=self.whole,
            accounts=self.accounts,
            apart=bool(self._yielding.live),
            here=self._here,
        )

    def nothing(self) -> Report:
        """Return the report of a run that had nothing to do."""
        report = self._report()
        report.state = RescreeningState.DONE
        return report

    def _report(self) -> Report:
        confirm_above = self.rules.confirm_above
        return Report(self._subject, self._target.number, confirm_above=confirm_above, notes=self._notes)

    def _begun(self, began: datetime) -> Progress:
        return Progress(
            of=self._installation.ledger.standing(self._subject, self._epoch)
            if self.accounts is None
            else len(self.accounts),
            whole=self.whole,
            by=self._by,
            began_at=_text(began),
        )

    def _check(self, progress: Progress) -> None:
        """Stop a run that changes more than its plan said."""
        forecast = progress.forecast
        if forecast is None:
            return
        most = forecast.otherwise * (1.0 + self.rules.tolerance) + _FEW
        if progress.done.otherwise > most:
            raise Refused(
                f"{self._subject}, activation {self._target.number}: found {progress.done.otherwise} judged otherwise"
                f" than before after {progress.looked} of {progress.of}, expected at most {most:.0f} by its plan:"
                " stopped; look at `screening rescreen plan`, then `screening rescreen run` goes on from here"
            )

    def _keep(self, state: RescreeningState, progress: Progress, *, taking: bool = False) -> None:
        at = now()
        one = Rescreening(self._subject, self._target.number, state, self._holder, _text(at), progress)
        self._beat = time.monotonic()
        held_since = _text(at - _SILENCE) if taking else None
        if not self._installation.ledger.keep_rescreening(self._epoch, one, held_since=held_since):
            raise Refused(
                f"{self._subject}, activation {self._target.number}: found another process at it, expected to be the"
                " only one: see `screening rescreen status`; one that died is taken over after two minutes"
            )

    def _send(self, outputs: tuple[Outgoing, ...], progress: Progress, tell: Tell) -> None:
        """Send a page's results, a few at once where live roles run, and each time let these go first."""
        left, reached = outputs, progress

        def waits(behind: Behind) -> None:
            nonlocal reached
            reached = _waiting(progress, behind)
            tell(reached)
            self._live_on(reached)

        while True:
            self._yielding.wait(waits)
            most = self._installation.settings.rescreen.portion if self._yielding.live else len(left)
            if left:
                self._installation.log.append(left[:most])
            left = left[most:]
            if not left:
                return
            self._live_on(reached)

    def _live_on(self, progress: Progress) -> None:
        """Give a sign of life, if it is time for one."""
        if time.monotonic() >= self._beat + _BEAT_SECONDS:
            self._keep(RescreeningState.RUNNING, progress)

    def _still_wanted(self) -> None:
        """Stop where the versions have moved on: what this run finds is out of date.

        Raises:
            Refused: they have.
        """
        if time.monotonic() < self._looked + _BEAT_SECONDS:
            return
        self._looked = time.monotonic()
        now_in_force = target_of(self._installation, self._subject)
        if now_in_force is not None and now_in_force.number != self._target.number:
            raise Refused(
                f"{self._subject}, activation {self._target.number}: found activation {now_in_force.number} in force"
                " by now, expected this one: the lists moved on; what was sent stands, and `screening rescreen run`"
                " goes on by the versions in force"
            )


def catch_up(
    installation: Installation,
    roles: tuple[str, ...],
    tell: Callable[[Behind], None] = lambda _: None,
    observe: Callable[[Happening], None] = quiet,
) -> None:
    """Let roles reach the ends of their topics: wait for whoever runs them, or run them here where nobody does.

    Args:
        installation: whose log and ledger.
        roles: which, upstream first.
        tell: is told now and then what waits.
        observe: is told what happens in a role that runs here.
    """
    patience = installation.settings.health.commit_seconds
    for role in roles:
        if keeps_up(installation.log, role, patience, tell):
            continue
        run_worker(installation, role, MEMBER, drain=True, stopping=lambda: False, tell=observe)


def passed(installation: Installation, subject: SubjectName, target: Activation) -> None:
    """Check that the live role has passed the markers of an activation.

    Raises:
        Refused: it has not.
    """
    topic = TOPIC[subject]
    committed = installation.log.committed(group_of(ROLE[subject]), (topic,))
    notes = {place.partition: position.note for place, position in committed.items()}
    behind = [
        partition
        for partition in sorted(installation.log.bounds(topic))
        if int(notes.get(partition) or -1) < target.number
    ]
    if behind:
        named = ", ".join(map(str, behind))
        raise Refused(
            f"{topic}: found the role {ROLE[subject]} before activation {target.number} in partition {named}, expected"
            " it beyond: run `screening run --drain`, or wait for the live workers, then this again"
        )


def open_targets(installation: Installation) -> dict[SubjectName, Activation]:
    """Return, for each kind of subject, the activation that judges it now."""
    found = {subject: target_of(installation, subject) for subject in SUBJECTS}
    return {subject: target for subject, target in found.items() if target is not None}


def _waiting(progress: Progress, behind: Behind) -> Progress:
    return msgspec.structs.replace(progress, waits_for=str(behind))


def _add(
    report: Report,
    looked: int,
    unjudged: int,
    done: Forecast,
    because: Mapping[Effect, Mapping[str, int]],
    samples: tuple[Sample, ...],
) -> None:
    report.looked += looked
    report.unjudged += unjudged
    report.done = _sum(report.done, done)
    for effect, counts in because.items():
        report.because[effect].update(counts)
    report.samples += samples[: _SAMPLES - len(report.samples)]


def _sum(one: Forecast, other: Forecast) -> Forecast:
    return Forecast(*(getattr(one, name) + getattr(other, name) for name in Forecast.__struct_fields__))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
