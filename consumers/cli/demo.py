"""`screening demo`: a day of sample uploads and registrations through every role, in under a minute."""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import typer

from consumers import topics, watchlists, wire
from consumers.cli.frame import example, given, print_rows, say
from consumers.cli.publish import maker_of
from consumers.faults import Exit, Refused
from consumers.log.port import Outgoing
from consumers.run import run_roles
from consumers.sample.files import day_lines, list_files
from consumers.settings import Settings, load_settings
from consumers.wiring import ROLES, Installation, now
from screening.decisions import Directive, DirectiveType, Order, Result
from screening.watchlist.formats import ofac_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.log.port import Record

_FOLDER: Final = ".screening-demo"
_MARK: Final = "this-is-a-demo"
"""A file that says that everything else in the directory may be thrown away by the next demo."""


_TRY: Final = '{"account_id": "a-1", "kind": "person", "name": "Ozric Quelbrandt", "birth_date": "1966-12"}'

_BROKEN: Final = {
    topics.CONTENT: Outgoing(topics.CONTENT, b"acct-xie", b'{"id": "post-129", "account_id": "acct-xie", "body": 7}'),
    topics.ACCOUNTS: Outgoing(topics.ACCOUNTS, b"acct-nobody", b'{"account_id": "acct-nobody", "kind": "person"'),
}
"""What a broken producer sends now and then."""


def hang(app: typer.Typer) -> None:
    """Hang the command on the app."""
    app.command("demo", epilog=example("screening demo"))(demo)


def demo(context: typer.Context) -> None:
    """Stream a day of sample uploads and registrations through every role, and show what was found and ordered.

    It works in ./.screening-demo, or in the directory that --data names, if that is empty or a demo's own. What a
    configuration file or the environment names is never touched.
    """
    flags = given(context)
    folder = pathlib.Path(flags.get("data", _FOLDER))
    _claim(folder)
    started = time.monotonic()
    with Installation(_settings(folder, flags.get("log"))) as installation:
        installation.prepare()
        say("reading the sample watchlist (invented parties)")
        origin = watchlists.Origin("sample", {})
        watchlists.import_list(installation, watchlists.SAMPLE, ofac_csv.parse(list_files()), origin)
        for topic, lines in day_lines().items():
            make = maker_of(topic)
            installation.log.append([*(make(topic, line) for line in lines), _BROKEN[topic]])
            say(f"{len(lines) + 1} records published to {topic}")
        say(f"running {', '.join(ROLES)}")
        code = run_roles(installation, ROLES, drain=True)
        say("a reviewer lifts one of the orders")
        _lift_one(installation)
        code = run_roles(installation, ROLES, drain=True) or code
        _show(installation, time.monotonic() - started)
        at = shlex.join(["--data", str(folder), *(["--log", flags["log"]] if "log" in flags else [])])
    program = _program()
    say("\nTry next:")
    for command in (
        f"{program} tail enforcement.notices --from-start {at}",
        f"{program} dead-letter list {at}",
        f"""echo '{_TRY}' | {program} check registrations {at}""",
    ):
        say(f"  {command}")
    if code:
        raise typer.Exit(code)


def _program() -> str:
    """Return how this command is called here: by its name where that is found, else by its path."""
    if shutil.which("screening"):
        return "screening"
    started = pathlib.Path(sys.argv[0])
    return shlex.quote(os.path.relpath(started)) if started.name == "screening" else f"{sys.executable} -m consumers"


def _claim(folder: pathlib.Path) -> None:
    """Take an empty directory, or empty a demo's own.

    Raises:
        Refused: it holds something that no demo made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _MARK
    if any(folder.iterdir()) and not mark.exists():
        message = f"{folder}: found files that no demo made, expected an empty directory; choose another by --data"
        raise Refused(message, Exit.USAGE)
    mark.touch()
    for path in folder.iterdir():
        if path != mark and path.is_file():
            path.unlink()


def _settings(folder: pathlib.Path, log: str | None) -> Settings:
    flags = {"data": str(folder), "instance": "demo"}
    if log is not None:
        flags["log.url"] = log
    return load_settings(None, "", {}, flags)


def _lift_one(installation: Installation) -> None:
    """Say what a reviewer would say who found that a deletion was wrong."""
    deletions = sorted(_orders(installation, topics.ORDERS_CONTENT), key=lambda order: order.content_id or "")
    if not deletions:
        return
    order = deletions[0]
    directive = Directive(
        directive_id=f"demo-{order.action_id}",
        account_id=order.account_id,
        type=DirectiveType.LIFT,
        target=order.action_id,
        by="demo-reviewer",
        reason="to show how an order is undone",
        at=now().isoformat(),
    )
    headers = wire.directive_headers(directive)
    installation.log.append([Outgoing(topics.RESULTS, order.account_id.encode(), wire.encode(directive), headers)])


def _show(installation: Installation, seconds: float) -> None:
    judged = [wire.decode_judged(record.key, record.value) for record in _all(installation, topics.RESULTS)]
    results = [one for one in judged if isinstance(one, Result)]
    verdicts = Counter((one.subject, "ended" if one.verdict is None else one.verdict.value) for one in results)
    print_rows(
        ("subject", "verdict", "results"),
        [(subject, verdict, count) for (subject, verdict), count in sorted(verdicts.items())],
        title="What was found",
    )
    decisions: dict[str, list[Order]] = {}
    for topic in (topics.ORDERS_CONTENT, topics.ORDERS_ACCOUNTS):
        for order in _orders(installation, topic):
            decisions.setdefault(order.decision_id, []).append(order)
    print_rows(
        ("ordered", "account", "content", "clause", "category", "evidence"),
        [
            (
                ", ".join(order.type.value for order in orders),
                orders[0].account_id,
                orders[0].content_id,
                ", ".join(ground.clause for ground in orders[0].grounds),
                ", ".join(ground.category for ground in orders[0].grounds),
                "; ".join(quoted.quote for quoted in orders[0].evidence[:2]) or orders[0].reason.en,
            )
            for orders in sorted(decisions.values(), key=lambda orders: (orders[0].issued_at, orders[0].account_id))
        ],
        title="What was ordered",
    )
    counts = {topic: sum(1 for _ in _all(installation, topic)) for topic in (topics.NOTICES_TOPIC, topics.DEAD_LETTER)}
    ordered = sum(map(len, decisions.values()))
    say(
        f"{len(results)} results, {ordered} orders in {len(decisions)} decisions,"
        f" {counts[topics.NOTICES_TOPIC]} notices, {counts[topics.DEAD_LETTER]} records that could not be read,"
        f" in {seconds:.1f} s"
    )


def _orders(installation: Installation, topic: str) -> list[Order]:
    return [wire.decode_order(record.value or b"") for record in _all(installation, topic)]


def _all(installation: Installation, topic: str) -> Iterator[Record]:
    for partition, (start, end) in sorted(installation.log.bounds(topic).items()):
        yield from installation.log.read(topic, partition, start, end)
