"""`screening check`: results for a file or a pipe, without log and memory."""

from __future__ import annotations

import enum
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import activations, shipped, snapshots, wire, wiring
from consumers.cli.frame import example, installation_of, say
from consumers.cli.lines import batches, opened
from consumers.faults import Exit, Refused
from consumers.registrations import has_watchlist
from consumers.screeners import second_opinion
from screening.decisions import Verdict
from screening.errors import ScreeningError
from screening.lexicon.matcher import ContentMatcher
from screening.pipeline import ENGINE, ContentScreener, content_versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from consumers.activations import Activation
    from consumers.screening_role import Screener
    from consumers.wiring import Installation

FileArgument = Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON Lines; standard input by default.")]


class FailOn(enum.StrEnum):
    """The weakest verdict that makes the command exit with 3."""

    REVIEW = "review"
    ENFORCE = "enforce"


FailOnOption = Annotated[
    FailOn | None, typer.Option("--fail-on", help="Exit with 3 if a verdict is at least this strong.")
]


AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="WHEN", help="By the versions in force then: a day, a time, or an activation."),
]


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Screen a file or a pipe, without log and memory.",
        epilog=example("screening check content posts.jsonl"),
    )
    group.command("content", epilog=example("screening check content posts.jsonl"))(content)
    group.command("registrations", epilog=example("screening check registrations - < accounts.jsonl"))(registrations)
    app.add_typer(group, name="check")


def content(
    context: typer.Context, file: FileArgument = "-", *, fail_on: FailOnOption = None, as_of: AsOfOption = None
) -> None:
    """Print one result for each content line, with the active lexicons, or the shipped ones where none is active."""
    with installation_of(context, read_only=True) as installation:
        current = _in_force(installation, as_of)
        screener = _shipped_screener() if current is None else installation.screeners.content(current)
        _check(file, wire.read_content, screener, fail_on)


def registrations(
    context: typer.Context, file: FileArgument = "-", *, fail_on: FailOnOption = None, as_of: AsOfOption = None
) -> None:
    """Print one result for each registration line, with the active watchlists; without one it refuses to start."""
    with installation_of(context, read_only=True) as installation:
        _check(file, wire.read_registration, _registration_screener(installation, as_of), fail_on)


def _in_force(installation: Installation, as_of: str | None) -> Activation | None:
    """Return the versions to judge by: those in force now, or then."""
    if as_of is None:
        return activations.latest(installation.log) if installation.exists() else None
    when = _moment(as_of)
    then = activations.as_of(installation.log, when) if installation.exists() else None
    if then is None:
        raise Refused(f"--as-of: found nothing in force at {as_of}, expected a time since the first activation")
    if then.engine != ENGINE:
        say(f"engine {then.engine} judged then; this release judges as engine {ENGINE}, with the lists of then")
    return then


def _moment(written: str) -> int | datetime:
    """Read a number, a time, or a day, which means its end (UTC)."""
    if written.isdecimal() and len(written) < 10 and "-" not in written:
        return int(written)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        expected = "an activation's number, a day (2026-11-20, its end in UTC) or a time (2026-11-20T08:00:00+08:00)"
        raise Refused(f"--as-of: found {written!r}, expected {expected}", Exit.USAGE) from None
    if len(written) == len("2026-11-20"):
        moment += timedelta(days=1, microseconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _registration_screener(installation: Installation, as_of: str | None) -> Screener[Any]:
    current = _in_force(installation, as_of)
    if current is None or not has_watchlist(current):
        message = "no watchlist is active: nobody could be found; import one (see `screening watchlist import --help`)"
        raise Refused(message, Exit.USAGE)
    return installation.screeners.registrations(current)


def _shipped_screener() -> ContentScreener:
    policy_files, lexicon_files = shipped.shipped_policy(), shipped.shipped_lexicon()
    policy = snapshots.read_policy(policy_files)
    matcher = ContentMatcher(snapshots.read_lexicon(lexicon_files, policy), wiring.segmenter())
    digests = (snapshots.digest_of_files(policy_files), snapshots.digest_of_files(lexicon_files))
    return ContentScreener(matcher, policy, content_versions(*digests), second_opinion(policy))


def _check(path: str, read: Callable[[bytes], Any], screener: Screener[Any], fail_on: FailOn | None) -> None:
    refused, strongest = False, 0
    with opened(path) as file:
        for batch in batches(file):
            subjects: list[tuple[int, Any]] = []
            for number, line in batch:
                try:
                    subjects.append((number, read(line)))
                except ScreeningError as error:
                    subjects.append((number, error))
            results = iter(screener.screen([one for _, one in subjects if not isinstance(one, ScreeningError)]))
            for number, one in subjects:
                if isinstance(one, ScreeningError):
                    refused = True
                    sys.stdout.write(json.dumps({"line": number, "error": str(one)}, ensure_ascii=False) + "\n")
                    continue
                result = next(results)
                strongest = max(strongest, 0 if result.verdict is None else result.verdict.rank)
                sys.stdout.write(wire.encode_checked(result).decode() + "\n")
            sys.stdout.flush()
    if refused:
        raise typer.Exit(Exit.FAILED)
    if fail_on is not None and strongest >= Verdict(fail_on.value).rank:
        raise typer.Exit(Exit.FOUND)
