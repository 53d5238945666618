"""`screening policy`: what follows from a hit, from a look at it to one of your own in force."""

from __future__ import annotations

import difflib
import pathlib
import sys
from typing import Annotated, Any

import typer

from consumers import lexicons, policies, snapshots
from consumers.cli.frame import (
    JsonOption,
    activation_fields,
    example,
    installation_of,
    print_json,
    print_rows,
    say,
    state_of,
)
from consumers.cli.lexicon_exchange import write_files
from consumers.faults import Exit, Refused

_NAMED = "A file, a folder with policy.toml, the digest of a kept version, `active` or `shipped`."

ThresholdOption = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold", metavar="SECTION.NAME=VALUE", help="One limit of certainty, such as content.review_from=0.6."
    ),
]


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True, help="What follows from a hit: the policy.", epilog=example("screening policy status")
    )
    group.command("status", epilog=example("screening policy status --json"))(status)
    group.command("export", epilog=example("screening policy export ./policy"))(export)
    group.command("diff", epilog=example("screening policy diff ./policy"))(diff)
    group.command("activate", epilog=example("screening policy activate ./policy"))(activate)
    app.add_typer(group, name="policy")


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the policy in force: its digest, where it came from, who put it in force and why."""
    with installation_of(context, read_only=True) as installation:
        judged = lexicons.judging(installation)
    current = judged.activation
    described: dict[str, Any] = {
        "digest": judged.policy.digest,
        "source": judged.policy.source,
        **activation_fields(current),
        "reason": None if current is None else current.reason,
    }
    if as_json:
        print_json(described)
        return
    say(f"policy {judged.policy.digest[:12]} ({judged.policy.source}, {state_of(current)})")
    print_rows(("what", "says"), [(what, "" if held is None else str(held)) for what, held in described.items()])


def export(
    context: typer.Context,
    folder: Annotated[pathlib.Path, typer.Argument(metavar="FOLDER", help="Where to.")],
    *,
    policy: Annotated[str, typer.Option(metavar="POLICY", help=_NAMED)] = policies.ACTIVE,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a policy's files, to go on from: policy.toml, and the register of clauses that it speaks of."""
    with installation_of(context, read_only=True) as installation:
        chosen = policies.named(installation, lexicons.judging(installation).policy, policy)
    write_files(folder, snapshots.files_of(chosen), force=force)


def diff(
    context: typer.Context,
    policy: Annotated[str, typer.Argument(metavar="POLICY", help=_NAMED)],
    *,
    thresholds: ThresholdOption = None,
) -> None:
    """Show line by line how a policy differs from the one in force; `rescreen backtest --policy` shows for whom."""
    with installation_of(context, read_only=True) as installation:
        judged = lexicons.judging(installation)
        chosen = policies.named(installation, judged.policy, policy, thresholds or ())
    old, new = snapshots.files_of(judged.policy), snapshots.files_of(chosen)
    for name in sorted(old.keys() | new.keys()):
        before, after = (files.get(name, "").splitlines(keepends=True) for files in (old, new))
        sys.stdout.writelines(difflib.unified_diff(before, after, f"in force/{name}", f"{policy}/{name}"))


def activate(
    context: typer.Context,
    policy: Annotated[str, typer.Argument(metavar="[POLICY]", help=_NAMED)] = policies.ACTIVE,
    *,
    thresholds: ThresholdOption = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stands in the history of versions.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Check a policy as a whole, keep it as a version and put it in force.

    What is faulty is refused with every reason. What comes in from then on is judged by it; what stands is, once
    `rescreen run` is run, from the evidence on record. A policy of your own stays through later releases;
    `screening policy activate shipped` goes back.
    """
    if policy == policies.ACTIVE and not thresholds:
        raise Refused("POLICY: found none, expected a policy, or --threshold over the one in force", Exit.USAGE)
    with installation_of(context) as installation:
        installation.prepare()
        judged = lexicons.judging(installation)
        chosen = policies.named(installation, judged.policy, policy, thresholds or ())
        told = reason or f"policy {chosen.source}{''.join(f', {said}' for said in thresholds or ())}"
        done = policies.activate(installation, judged, chosen, told)
    described: dict[str, Any] = {
        "digest": chosen.digest,
        "source": chosen.source,
        "state": "in force already" if done is None else "activated",
        "activation": None if done is None else done.number,
    }
    if as_json:
        print_json(described)
        return
    print_rows(tuple(described), [(chosen.digest[:12], *list(described.values())[1:])])
    if done is not None:
        say("what stands is judged by it once it is judged again: `screening rescreen plan` shows whom it concerns")
