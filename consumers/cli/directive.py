"""`screening directive`: what people and the clock say of orders and pairs, until there is a desk to say it at."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers import topics, wire
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.faults import Exit, Refused
from consumers.ledger.port import Wanted
from consumers.log.port import Outgoing
from consumers.wiring import now
from screening.decisions import Directive, DirectiveType, expiry_name
from screening.policy.standing import registration_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from consumers.wiring import Installation
    from screening.policy.standing import Clearance, Standing

AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account.")]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="The list, as the hit names it.")]
EntryArgument = Annotated[str, typer.Argument(metavar="ENTRY", help="The listed entry, as the hit names it.")]
ByOption = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who says so.")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="A name for it; under one name it is said once.")
]


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True,
        help="What people and the clock say of orders and of cleared pairs.",
        epilog=example("screening directive list"),
    )
    pair = "a-1 us-ofac-sdn 12345 --by li.na"
    group.command("clear-pair", epilog=example(f"screening directive clear-pair {pair} --reason birthplace"))(
        clear_pair
    )
    group.command("unclear-pair", epilog=example(f"screening directive unclear-pair {pair} --reason mistaken"))(
        unclear_pair
    )
    lifted = "0b5e8f0e-6d0c-5a0e-9a3f-1f2d3c4b5a69"
    group.command("lift", epilog=example(f"screening directive lift a-1 {lifted} --by li.na --reason appeal"))(lift)
    group.command("expire", epilog=example("screening directive expire"))(expire)
    group.command("list", epilog=example("screening directive list --json"))(list_)
    app.add_typer(group, name="directive")


def clear_pair(  # noqa: PLR0913 - a command has its options as parameters
    context: typer.Context,
    account: AccountArgument,
    source: SourceArgument,
    entry: EntryArgument,
    *,
    by: ByOption,
    reason: ReasonOption,
    expires_at: Annotated[
        str | None,
        typer.Option("--expires-at", metavar="TIME", help="A day or an RFC 3339 time in future; never by default."),
    ] = None,
    identifier: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a registrant is not the listed entry that a hit found.

    The pair stays cleared until what was compared changes, on either side, or its time runs out. What was ordered for
    it alone is lifted. Hits of other entries go on counting.
    """
    until = None if expires_at is None else _future(expires_at)
    directive = _directive(DirectiveType.CLEAR_PAIR, account, f"{source}/{entry}", by, reason, identifier, until)
    with installation_of(context) as installation:
        installation.prepare()
        mark = _standing(installation, account).marks.get(registration_of(account))
        met = sorted({hit.pair for hit in mark.hits}) if mark is not None else []
        if directive.target not in met:
            raise Refused(
                f"{account}: found no hit of {directive.target} that asks for a review or an order in the last result"
                f" that enforcement has applied, expected one of: {', '.join(met) or 'none'}"
            )
        _say(installation, [directive], as_json=as_json)


def unclear_pair(  # noqa: PLR0913 - a command has its options as parameters
    context: typer.Context,
    account: AccountArgument,
    source: SourceArgument,
    entry: EntryArgument,
    *,
    by: ByOption,
    reason: ReasonOption,
    identifier: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back that a pair is cleared; its hits count again at once."""
    directive = _directive(DirectiveType.UNCLEAR_PAIR, account, f"{source}/{entry}", by, reason, identifier)
    with installation_of(context) as installation:
        installation.prepare()
        cleared = [clearance.pair for _, clearance in installation.ledger.cleared(account)]
        if directive.target not in cleared:
            raise Refused(
                f"{account}: found {directive.target} not cleared, expected one of: {', '.join(cleared) or 'none'}"
            )
        _say(installation, [directive], as_json=as_json)


def lift(
    context: typer.Context,
    account: AccountArgument,
    action_id: Annotated[str, typer.Argument(metavar="ACTION_ID", help="The order, by its action_id.")],
    *,
    by: ByOption,
    reason: ReasonOption,
    identifier: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lift an order; no machine gives it again on the same input and evidence."""
    directive = _directive(DirectiveType.LIFT, account, action_id, by, reason, identifier)
    with installation_of(context) as installation:
        installation.prepare()
        if action_id not in _standing(installation, account, {action_id}).open:
            raise Refused(f"{account}: found no open order {action_id}, expected the action_id of one that stands")
        _say(installation, [directive], as_json=as_json)


def expire(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """End the clearances whose time has run out, so that their hits count again without waiting for a new result.

    Meant to be run by a clock, as often as wanted: what was said before is no news.
    """
    with installation_of(context) as installation:
        installation.prepare()
        over = [one for one in installation.ledger.cleared() if one[1].has_run_out(now())]
        said = [
            _directive(
                DirectiveType.EXPIRE,
                account,
                clearance.pair,
                installation.instance,
                "its time has run out",
                expiry_name(account, clearance.pair, clearance.directive_id),
            )
            for account, clearance in over
        ]
        _say(installation, said, as_json=as_json)


def list_(
    context: typer.Context,
    *,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Only of this one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the cleared pairs: who cleared each, why, until when, and whether it still holds.

    `changed` means that the entry is met again, and not by what was compared when the pair was cleared.
    """
    with installation_of(context, read_only=True) as installation:
        rows = _rows(installation, account) if installation.exists() else []
    if as_json:
        for row in rows:
            print_json(row)
        return
    names = ("account_id", "pair", "state", "by", "reason", "at", "expires_at", "directive_id")
    print_rows(names, [[row[name] for name in names] for row in rows])


def _rows(installation: Installation, account: str | None) -> list[dict[str, Any]]:
    held = installation.ledger.cleared(account)
    standings = _standings(installation, {name for name, _ in held})
    return [
        {
            "account_id": name,
            "pair": clearance.pair,
            "state": _state(clearance, standings[name]),
            "by": clearance.by,
            "reason": clearance.reason,
            "at": clearance.at,
            "expires_at": clearance.expires_at,
            "directive_id": clearance.directive_id,
        }
        for name, clearance in held
    ]


def _state(clearance: Clearance, standing: Standing) -> str:
    if clearance.has_run_out(now()):
        return "expired"
    mark = standing.marks.get(registration_of(standing.account_id))
    met = [hit for hit in (() if mark is None else mark.hits) if hit.pair == clearance.pair]
    return "in force" if all(map(clearance.covers, met)) else "changed"


def _standing(installation: Installation, account: str, orders: Collection[str] = ()) -> Standing:
    return _standings(installation, {account}, orders)[account]


def _standings(
    installation: Installation, accounts: Collection[str], orders: Collection[str] = ()
) -> dict[str, Standing]:
    wanted = [Wanted(name, frozenset({registration_of(name)}), frozenset(orders)) for name in sorted(accounts)]
    with installation.ledger.applying("desk", installation.log.epoch()) as applying:
        return applying.standings(wanted)


def _directive(
    kind: DirectiveType,
    account: str,
    target: str,
    by: str,
    reason: str,
    identifier: str | None,
    expires_at: datetime | None = None,
) -> Directive:
    """Return a directive, read as one that came from elsewhere would be."""
    directive = Directive(
        directive_id=identifier or str(uuid.uuid4()),
        account_id=account,
        type=kind,
        target=target,
        by=by,
        reason=reason,
        at=now().isoformat(timespec="seconds"),
        expires_at=None if expires_at is None else expires_at.isoformat(),
    )
    return wire.decode_directive(wire.encode(directive))


def _future(text: str) -> datetime:
    expected = "a day (YYYY-MM-DD, its beginning in UTC) or an RFC 3339 time with its zone, in future"
    try:
        time = datetime.fromisoformat(text) if len(text) > len("YYYY-MM-DD") else None
        time = time or datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError:
        raise Refused(f"--expires-at: found {text!r}, expected {expected}", Exit.USAGE) from None
    if time.tzinfo is None or time <= now():
        raise Refused(f"--expires-at: found {text!r}, expected {expected}", Exit.USAGE)
    return time


def _say(installation: Installation, directives: Sequence[Directive], *, as_json: bool) -> None:
    records = [
        Outgoing(topics.RESULTS, one.account_id.encode(), wire.encode(one), wire.directive_headers(one))
        for one in directives
    ]
    if records:
        installation.log.append(records)
    if as_json:
        for one in directives:
            print_json({name: getattr(one, name) for name in one.__struct_fields__})
    else:
        names = ("directive_id", "type", "account_id", "target", "expires_at")
        print_rows(names, [[getattr(one, name) for name in names] for one in directives])
    say(f"{len(directives)} said; enforcement carries them out in the order of the log")
