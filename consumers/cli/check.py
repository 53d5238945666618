"""`screening check`: results for a file or a pipe, without log and memory."""

from __future__ import annotations

import enum
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import activations, shipped, snapshots, wire, wiring
from consumers.cli.frame import example, installation_of
from consumers.cli.lines import batches, opened
from consumers.faults import Exit, Refused
from consumers.screeners import second_opinion
from screening.decisions import Verdict
from screening.errors import ScreeningError
from screening.lexicon.matcher import ContentMatcher
from screening.pipeline import ContentScreener, content_versions

if TYPE_CHECKING:
    from collections.abc import Callable

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


def content(context: typer.Context, file: FileArgument = "-", *, fail_on: FailOnOption = None) -> None:
    """Print one result for each content line, with the active lexicons, or the shipped ones where none is active."""
    with installation_of(context, read_only=True) as installation:
        current = activations.latest(installation.log) if installation.exists() else None
        screener = _shipped_screener() if current is None else installation.screeners.content(current)
        _check(file, wire.read_content, screener, fail_on)


def registrations(context: typer.Context, file: FileArgument = "-", *, fail_on: FailOnOption = None) -> None:
    """Print one result for each registration line, with the active watchlists; without one it refuses to start."""
    with installation_of(context, read_only=True) as installation:
        _check(file, wire.read_registration, _registration_screener(installation), fail_on)


def _registration_screener(installation: Installation) -> Screener[Any]:
    current = activations.latest(installation.log) if installation.exists() else None
    if current is None or not current.watchlists:
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
