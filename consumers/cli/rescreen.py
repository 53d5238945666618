"""`screening rescreen`: judge what stands again after a list, a lexicon or the policy changed."""

from __future__ import annotations

import getpass
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from consumers import topics
from consumers.cli import trial
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.faults import Exit, Refused
from consumers.gaps import check_whole
from consumers.happenings import Committed
from consumers.ledger.port import Progress, RescreeningState
from consumers.pools import stand_back
from consumers.rejudging import ROLE, TOPIC
from consumers.rescreening import SUBJECTS, Pass, Report, catch_up, open_targets, passed
from consumers.yielding import ROLES, Yielding, waiting_for
from screening.lexicon.comparison import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consumers.activations import Activation
    from consumers.happenings import Happening
    from consumers.ledger.port import Rescreening, SubjectName
    from consumers.wiring import Installation

_MOST_SHOWN = 10

_SAY_SECONDS = 10.0
"""How often it is said that a run waits."""

SubjectOption = Annotated[
    str | None, typer.Option("--subject", metavar="KIND", help="content or registration; both where left out.")
]
WholeOption = Annotated[
    bool, typer.Option("--all", help="Judge everybody anew, and not only whom the change concerns.")
]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes that judge.")]
ActivationOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="Refuse where another activation is in force by now.")
]


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Judge what stands again after a list, a lexicon or the policy changed.",
        epilog=example("screening rescreen plan"),
    )
    group.command("plan", epilog=example("screening rescreen plan --json"))(plan)
    group.command("run", epilog=example("screening rescreen run --workers 2"))(run)
    group.command("index", epilog=example("screening rescreen index --rebuild"))(index)
    group.command("status", epilog=example("screening rescreen status"))(status)
    trial.hang(group)
    app.add_typer(group, name="rescreen")


def plan(
    context: typer.Context,
    *,
    subject: SubjectOption = None,
    whole: WholeOption = False,
    activation: ActivationOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how many subjects the versions in force would judge otherwise than they were judged; nothing is ordered."""
    with installation_of(context, _flags(workers)) as installation:
        installation.prepare()
        _stand_back(installation)
        reports = []
        targets = _targets(installation, subject, activation)
        check_whole(installation, (*(TOPIC[kind] for kind, _ in targets), topics.RESULTS))
        for kind, target in targets:
            one = Pass(installation, kind, target, whole=whole, by=getpass.getuser())
            with _bar(f"planning {kind}") as tell:
                reports.append(one.plan(tell))
    _print(reports, as_json=as_json)


def run(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    subject: SubjectOption = None,
    whole: WholeOption = False,
    activation: ActivationOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Go on where the policy wants a person to confirm.")] = False,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who asks; this user where left out.")] = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge what stands anew, as far as the change concerns it, and send the results on.

    Roles that have not caught up are let do so first, and `enforcement` afterwards. What was stopped goes on where it
    was. Where more subjects would be judged otherwise than the policy's `confirm_above`, nothing is sent without --yes.
    """
    name = by or getpass.getuser()
    with installation_of(context, _flags(workers)) as installation:
        installation.prepare()
        _stand_back(installation)
        targets = _targets(installation, subject, activation)
        check_whole(installation, (*(TOPIC[kind] for kind, _ in targets), topics.RESULTS))
        catch_up(installation, (*(ROLE[kind] for kind, _ in targets), "records"), _Waits(), _Works())
        reports = []
        for kind, target in targets:
            passed(installation, kind, target)
            reports.append(_one(Pass(installation, kind, target, whole=whole, by=name), kind, yes=yes, name=name))
        catch_up(installation, ("enforcement", "records"), _Waits(), _Works())
    _print(reports, as_json=as_json)


def index(
    context: typer.Context,
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all of it anew from the ledger.")] = False,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index over registrants up to date, by which an update of a list finds whom it concerns.

    `plan` and `run` do it by themselves; doing it before an update comes saves them the time.
    """
    with installation_of(context, _flags(workers)) as installation:
        installation.prepare()
        total = installation.ledger.standing("registration", installation.log.epoch())
        with _bar("indexing registrations") as tell:
            kept = installation.registrants.update(lambda read: tell(Progress(looked=read, of=total)), rebuild=rebuild)
    if as_json:
        print_json({"files": kept.files, "registrations": kept.registrations, "read": kept.added})
        return
    print_rows(("files", "registrations", "read"), [(kept.files, kept.registrations, kept.added)])


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show what was judged anew, what is under way and what waits for it."""
    with installation_of(context, read_only=True) as installation:
        if not installation.exists():
            rows, waiting, roles = [], {}, []
        else:
            rows = list(installation.ledger.rescreenings(installation.log.epoch()))
            waiting = open_targets(installation)
            running = Yielding(installation.log, installation.settings.rescreen).live
            roles = [(waiting_for(installation.log, role, time.time()), role in running) for role in ROLES]
    done = {(one.subject, one.activation) for one in rows}
    open_ = [(kind, target) for kind, target in waiting.items() if (kind, target.number) not in done]
    if as_json:
        print_json(
            {
                "rescreenings": [_described(one) for one in rows],
                "open": [{"subject": kind, "activation": target.number} for kind, target in open_],
                "roles": [
                    {"role": one.role, "runs": runs, "records": one.records, "seconds": round(one.seconds, 1)}
                    for one, runs in roles
                ],
            }
        )
        return
    print_rows(
        ("subject", "activation", "state", "looked at", "of", "judged", "affected", "changed", "released", "by", "at"),
        [
            (
                one.subject, one.activation, one.state.value, one.progress.looked, one.progress.of,
                *_counts(one), one.progress.by, one.progress.ended_at or one.beat_at,
            )
            for one in rows
        ],
    )  # fmt: skip
    for one in rows:
        if one.state is RescreeningState.RUNNING and one.progress.waits_for:
            say(f"{one.subject}: lets others go first; {one.progress.waits_for}")
    for waits, runs in roles:
        if waits.records:
            say(f"{waits}" + ("" if runs else "; nobody runs it"))
    for kind, target in open_:
        say(f"{kind}: nothing has been judged anew under activation {target.number} yet ({target.reason})")


def _one(one: Pass, kind: SubjectName, *, yes: bool, name: str) -> Report:
    """Plan where nobody has, ask where the policy wants it, and run."""
    known = one.known()
    if known is not None and known.state is RescreeningState.DONE and not one.whole:
        say(f"{kind}: done under activation {known.activation} by {known.progress.by} (--all judges everybody again)")
        return one.nothing()
    if known is None or known.state is RescreeningState.DONE or not one.follows(known.progress):
        with _bar(f"planning {kind}") as tell:
            one.plan(tell)
        known = one.known()
        assert known is not None  # noqa: S101 - it was planned just now
    progress = known.progress
    forecast = progress.forecast
    assert forecast is not None  # noqa: S101 - the same
    confirmed = None
    if forecast.otherwise > one.rules.confirm_above and progress.confirmed_by is None:
        if not yes:
            raise Refused(
                f"{kind}: found {forecast.otherwise} subjects that would be judged otherwise ({forecast.affected} newly"
                f" affected, {forecast.changed} changed, {forecast.released} released), expected at most"
                f" {one.rules.confirm_above} without a word that it is meant: look at `screening rescreen plan`, then"
                " `screening rescreen run --yes`"
            )
        confirmed = name
    with _bar(f"judging {kind}") as tell:
        return one.run(progress, tell, confirmed_by=confirmed)


def _targets(
    installation: Installation, subject: str | None, activation: int | None
) -> list[tuple[SubjectName, Activation]]:
    if subject is not None and subject not in SUBJECTS:
        raise Refused(f"--subject: found {subject!r}, expected one of {', '.join(SUBJECTS)}", Exit.USAGE)
    targets = open_targets(installation)
    if subject is not None and subject not in targets:
        raise Refused(f"{subject}: found nothing in force that could judge it, expected an active watchlist")
    wanted = [(kind, target) for kind, target in targets.items() if subject in (None, kind)]
    if activation is not None:
        other = [f"{target.number} for {kind}" for kind, target in wanted if target.number != activation]
        wanted = [(kind, target) for kind, target in wanted if target.number == activation]
        if not wanted:
            raise Refused(
                f"--activation: found {activation}, expected one that is in force ({', '.join(other)}): the lists moved"
                " on, or there never was one; plan again"
            )
    return wanted


def _stand_back(installation: Installation) -> None:
    """Take less of the processor where somebody runs the live roles."""
    if Yielding(installation.log, installation.settings.rescreen).live:
        stand_back(installation.settings.rescreen.nice)


def _flags(workers: int | None) -> dict[str, str]:
    return {} if workers is None else {"run.workers": str(workers)}


class _Waits:
    """Says now and then what is waited for."""

    def __init__(self) -> None:
        self._said = -_SAY_SECONDS

    def __call__(self, what: object) -> None:
        now = time.monotonic()
        if now >= self._said + _SAY_SECONDS:
            self._said = now
            say(f"lets others go first; {what}")


class _Works:
    """Says now and then how far a role is that nobody else runs."""

    def __init__(self) -> None:
        self._read: Counter[str] = Counter()
        self._said = time.monotonic()

    def __call__(self, happening: Happening) -> None:
        if not isinstance(happening, Committed):
            return
        self._read[happening.role] += sum(count for _, count in happening.read)
        now = time.monotonic()
        if now >= self._said + _SAY_SECONDS:
            self._said = now
            say(f"{happening.role}: nobody runs it, so it catches up here; {self._read[happening.role]} records read")


class _bar:  # noqa: N801 - used as a word: `with _bar(…) as tell`
    """A bar with the time left on a terminal; a line now and then where stderr is none."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._shown.add_task(what, total=None)
        self._told = 0
        self._waits = _Waits()

    def __enter__(self) -> Callable[[Progress], None]:
        self._shown.start()
        return self._tell

    def __exit__(self, *_error: object) -> None:
        self._shown.stop()

    def _tell(self, reached: Progress) -> None:
        what = f"{self._what}, lets others go first" if reached.waits_for else self._what
        self._shown.update(
            self._task, description=what, completed=reached.looked, total=max(reached.of, reached.looked)
        )
        if self._shown.disable and reached.waits_for:
            self._waits(reached.waits_for)
        if self._shown.disable and reached.looked - self._told >= 100_000:
            self._told = reached.looked
            say(f"{self._what}: {reached.looked} of {reached.of}, {reached.done.otherwise} otherwise than before")


def _print(reports: list[Report], *, as_json: bool) -> None:
    for one in reports:
        for note in one.notes:
            say(f"{one.subject}: {note}")
    if as_json:
        print_json([_report(one) for one in reports])
        return
    print_rows(
        (
            "subject", "activation", "state", "looked at", "matched", "judged",
            *(effect.value for effect in Effect), "seconds",
        ),
        [
            (
                one.subject, one.activation, one.state.value, one.looked, one.done.matched, one.done.judged,
                one.done.affected, one.done.changed, one.done.released, f"{one.seconds:.1f}",
            )
            for one in reports
        ],
    )  # fmt: skip
    because = [row for one in reports for row in _because(one)]
    if because:
        print_rows(("subject", "effect", "entry", "subjects"), because)
    samples = [sample for one in reports for sample in one.samples[:_MOST_SHOWN]]
    if samples:
        print_rows(
            ("subject", "account", "id", "effect", "before", "after", "because of"),
            [
                (
                    one.subject, one.account_id, one.id, one.change.effect.value, one.change.before.value,
                    one.change.after.value, ", ".join(one.because),
                )
                for one in samples
            ],
        )  # fmt: skip


def _because(one: Report) -> Iterator[tuple[str, str, str, int]]:
    for effect, counts in one.because.items():
        for name, count in counts.most_common(_MOST_SHOWN):
            yield one.subject, effect.value, name, count


def _report(one: Report) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "activation": one.activation,
        "state": one.state.value,
        "looked_at": one.looked,
        "unjudged": one.unjudged,
        "matched": one.done.matched,
        "judged": one.done.judged,
        "affected": one.done.affected,
        "changed": one.done.changed,
        "released": one.done.released,
        "confirm_above": one.confirm_above,
        "notes": list(one.notes),
        "because": {effect.value: dict(counts.most_common(50)) for effect, counts in one.because.items()},
        "samples": [
            {
                "account_id": sample.account_id,
                "id": sample.id,
                "effect": sample.change.effect.value,
                "before": sample.change.before.value,
                "after": sample.change.after.value,
                "because": list(sample.because),
            }
            for sample in one.samples
        ],
        "seconds": round(one.seconds, 3),
    }


def _described(one: Rescreening) -> dict[str, Any]:
    reached = one.progress
    judged, affected, changed, released = _counts(one)
    return {
        "subject": one.subject,
        "activation": one.activation,
        "state": one.state.value,
        "looked_at": reached.looked,
        "of": reached.of,
        "judged": judged,
        "affected": affected,
        "changed": changed,
        "released": released,
        "by": reached.by,
        "confirmed_by": reached.confirmed_by,
        "began_at": reached.began_at,
        "ended_at": reached.ended_at,
        "beat_at": one.beat_at,
        "waits_for": reached.waits_for if one.state is RescreeningState.RUNNING else "",
    }


def _counts(one: Rescreening) -> tuple[int, int, int, int]:
    shown = one.progress.forecast if one.state is RescreeningState.PLANNED else one.progress.done
    return (0, 0, 0, 0) if shown is None else (shown.judged, shown.affected, shown.changed, shown.released)
