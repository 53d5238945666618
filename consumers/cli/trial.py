"""`screening rescreen backtest` and `shadow`: what other versions would change, before they are activated."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from consumers import shadows
from consumers.backtests import backtest
from consumers.cli.differences import PageOption, checked_page, described, print_report, write_page
from consumers.cli.frame import JsonOption, example, installation_of, print_json, say
from consumers.faults import Exit, Refused
from consumers.supervisor import Stopping
from consumers.trials import Asked, trial_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.ledger.port import Shadow, SubjectName
    from consumers.trials import Trial
    from consumers.wiring import Installation

LexiconOption = Annotated[
    str | None,
    typer.Option(
        metavar="LEXICON",
        help="Try this lexicon: a folder or file, the digest of a kept version, `active` or `shipped`.",
    ),
]
WatchlistOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VERSION",
        help="Try this version of a list: SOURCE=PATH, the digest of a kept one, or SOURCE~1. May be repeated.",
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        metavar="POLICY", help="Try this policy: a file, a folder, the digest of a kept version or `shipped`."
    ),
]
ThresholdOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LIMIT", help="Try this limit of certainty, such as registration.review_from=0.85. May be repeated."
    ),
]
SubjectOption = Annotated[
    str | None, typer.Option("--subject", metavar="KIND", help="content or registration; all that are concerned.")
]


def hang(group: typer.Typer) -> None:
    """Hang the commands on the group `rescreen`."""
    group.command(
        "backtest", epilog=example("screening rescreen backtest --watchlist us-ofac-sdn=./today --html b.html")
    )(backtest_)
    group.command("shadow", epilog=example("screening rescreen shadow stricter --threshold content.review_from=0.5"))(
        shadow
    )


def backtest_(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    lexicon: LexiconOption = None,
    watchlist: WatchlistOption = None,
    policy: PolicyOption = None,
    threshold: ThresholdOption = None,
    subject: SubjectOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The most subjects of a kind to look at; all.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that judge.")] = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge what stands by other versions and by those in force, and show what would change; nothing is ordered.

    Looks at the newest record of each subject, as the role `records` has put it into the ledger. Nothing is kept or
    activated.
    """
    checked_page(page)
    flags = {} if workers is None else {"run.workers": str(workers)}
    with installation_of(context, flags, read_only=True) as installation:
        trial = trial_of(installation, _asked(lexicon, watchlist, policy, threshold))
        if not installation.exists():
            say("nothing was ever published here: there is nothing to judge")
        report = backtest(installation, trial, _subjects(trial, subject), limit, _progress)
    write_page(page, report)
    if as_json:
        print_json(described(report))
    else:
        print_report(report)


def shadow(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The shadow's own: small letters, digits and -.")],
    *,
    lexicon: LexiconOption = None,
    watchlist: WatchlistOption = None,
    policy: PolicyOption = None,
    threshold: ThresholdOption = None,
    subject: SubjectOption = None,
    drain: Annotated[bool, typer.Option("--drain", help="Stop once all that is there has been compared.")] = False,
    report_only: Annotated[
        bool, typer.Option("--report", help="Show what it has found so far, and run nothing.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove what it has found; its name is free again.")] = False,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge what comes in by other versions, too, and count what differs; nothing is ordered, no topic is written to.

    A new shadow begins at the end of what is there and keeps the versions that it tries. It runs until Ctrl-C and then
    shows its report; called again by its name it goes on where it was, whatever is in force by then.
    """
    checked_page(page)
    asked = _asked(lexicon, watchlist, policy, threshold)
    with installation_of(context) as installation:
        held = shadows.shadow_named(installation, name)
        if forget:
            _forget(installation, name, held)
            return
        if report_only:
            held = _known(held, name)
        else:
            installation.prepare()
            held = _begun(installation, name, held, asked, subject)
            shadows.run(installation, held, drain=drain, stopping=Stopping())
            held = _known(shadows.shadow_named(installation, name), name)
        report = shadows.report_of(installation, held)
    write_page(page, report)
    if as_json:
        print_json(described(report))
    else:
        print_report(report)


def _asked(
    lexicon: str | None, watchlist: Sequence[str] | None, policy: str | None, threshold: Sequence[str] | None
) -> Asked:
    return Asked(lexicon, tuple(watchlist or ()), policy, tuple(threshold or ()))


def _subjects(trial: Trial, subject: str | None) -> tuple[SubjectName, ...]:
    wanted = tuple(kind for kind in trial.subjects if subject in (None, kind))
    if not wanted:
        expected = f"one that is judged by what is on trial: {', '.join(trial.subjects)}"
        raise Refused(f"--subject: found {subject!r}, expected {expected}", Exit.USAGE)
    return wanted


def _begun(installation: Installation, name: str, held: Shadow | None, asked: Asked, subject: str | None) -> Shadow:
    if held is not None and asked.nothing:
        return held
    if held is None and asked.nothing:
        return _known(held, name)
    trial = trial_of(installation, asked)
    subjects = _subjects(trial, subject)
    if held is None:
        return shadows.begin(installation, name, trial, subjects, getpass.getuser())
    if not shadows.tries(held, trial, subjects):
        raise Refused(
            f"shadow {name}: found other versions than it was begun with, expected the same, or none to go on: choose"
            f" another name, or `screening rescreen shadow {name} --forget` first"
        )
    return held


def _known(held: Shadow | None, name: str) -> Shadow:
    if held is None:
        raise Refused(
            f"shadow {name}: found none of this name, expected --lexicon, --watchlist, --policy or --threshold with"
            " what it is to try",
            Exit.USAGE,
        )
    return held


def _forget(installation: Installation, name: str, held: Shadow | None) -> None:
    _known(held, name)
    installation.ledger.forget_shadow(installation.log.epoch(), name)
    say(f"shadow {name}: forgotten")


def _progress(subject: SubjectName, looked: int, of: int) -> None:
    if looked % 10_000 == 0:
        say(f"{subject}: {looked} of {of} looked at")
