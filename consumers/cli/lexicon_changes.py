"""`screening lexicon diff` and `backtest`: what another lexicon would change."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from consumers import lexicons
from consumers.backtests import backtest, judged_twice
from consumers.cli.differences import PageOption, checked_page, counted, print_part, told, write_page
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.cli.texts import SampleOption, texts_of
from consumers.trials import Asked, trial_of
from screening.differences import Differences, differences
from screening.lexicon.comparison import Comparison, VerdictChange, compare, verdict_change

_NAMED = "a folder or file, the digest of a kept version, `active` or `shipped`"

_OF_A_SAMPLE: Final = ("newly_affected", "changed", "released", "verdicts", "categories")
"""What of differences is told of a sample's texts, all of which are listed."""

_SHOWN: Final = 10
"""Terms of one entry that a table names; `--json` names all."""


def hang(group: typer.Typer) -> None:
    """Hang the commands on the group `lexicon`."""
    group.command("diff", epilog=example("screening lexicon diff active ./lexicons --sample texts.jsonl"))(diff)
    group.command("backtest", epilog=example("screening lexicon backtest ./lexicons --limit 10000"))(backtest_)


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"A lexicon: {_NAMED}.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another.")],
    *,
    sample: SampleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what lies between two lexicons, and which texts of a sample they judge differently."""
    texts = None if sample is None else texts_of(sample)
    with installation_of(context) as installation:
        judged = lexicons.judging(installation)
        first, second = (lexicons.candidate(installation, judged, name) for name in (old, new))
        compared = compare(first.lexicon, second.lexicon)
        changes: list[tuple[str, VerdictChange]] = []
        sampled = None
        if texts is not None:
            pair = [lexicons.screener(installation, judged, one.version) for one in (first, second)]
            results = list(judged_twice(pair[0], pair[1], texts))
            changed = [verdict_change(before, after) for before, after in results]
            sampled = differences(results)
            changes = [(after.id, one) for (_, after), one in zip(results, changed, strict=True) if one is not None]
    if as_json:
        print_json(
            {
                "old": first.version.digest,
                "new": second.version.digest,
                **_compared(compared),
                **({} if sampled is None else {"sample": _counted(sampled) | {"changes": _lines(changes)}}),
            }
        )
        return
    print_rows(("change", "category", "id", "fields", "terms added", "terms removed"), _rows(compared))
    if sampled is not None:
        say(f"{sampled.looked} texts: {told(sampled)}")
        print_rows(
            ("line", "effect", "before", "after", "categories"),
            ((line, one.effect.value, one.before, one.after, _moved(one)) for line, one in changes),
        )


def backtest_(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help=f"A lexicon: {_NAMED}.")],
    *,
    limit: Annotated[int | None, typer.Option(min=1, help="The most contents to look at; all by default.")] = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge the contents that stand with a lexicon and with the one in force, and show who would be affected.

    Orders nothing and changes nothing. The contents are those that the role `records` has put into the ledger.
    """
    checked_page(page)
    with installation_of(context) as installation:
        trial = trial_of(installation, Asked(lexicon=folder))
        in_force = lexicons.judging(installation).lexicon.digest
        if not installation.exists():
            say("nothing was ever published here: there are no contents to judge")
        report = backtest(installation, trial, ("content",), limit, _progress)
    part = report.parts["content"]
    write_page(page, report)
    if as_json:
        (version,) = trial.versions
        print_json({"in_force": in_force, "candidate": version.digest, "texts": part.looked} | counted(part))
        return
    say(f"{part.looked} texts: {told(part)}")
    print_part("content", part)


def _progress(_subject: str, looked: int, of: int) -> None:
    if looked % 10_000 == 0:
        say(f"{looked} of {of} contents looked at")


def _counted(sampled: Differences) -> dict[str, Any]:
    said = counted(sampled)
    return {"texts": sampled.looked} | {name: said[name] for name in _OF_A_SAMPLE}


def _compared(compared: Comparison) -> dict[str, Any]:
    return {
        "entries": [
            {
                "change": one.how.value,
                "category": one.category,
                "id": one.id,
                "fields": list(one.fields),
                "terms_added": list(one.came),
                "terms_removed": list(one.went),
            }
            for one in compared.entries
        ],
        "lists": [
            {
                "change": one.how.value,
                "category": one.category,
                "id": one.id,
                "fields": list(one.fields),
                "added": one.came,
                "removed": one.went,
                "some_added": list(one.some_came),
                "some_removed": list(one.some_went),
            }
            for one in compared.lists
        ],
    }


def _rows(compared: Comparison) -> list[tuple[object, ...]]:
    entries = [
        (one.how.value, one.category, one.id, ", ".join(one.fields), _some(one.came), _some(one.went))
        for one in compared.entries
    ]
    lists = [
        (one.how.value, one.category, f"{one.id} (list)", ", ".join(one.fields), one.came, one.went)
        for one in compared.lists
    ]
    return [*entries, *lists]


def _some(terms: tuple[str, ...]) -> str:
    more = len(terms) - _SHOWN
    return " ".join(terms) if more <= 0 else f"{' '.join(terms[:_SHOWN])} … and {more} more"


def _lines(changes: list[tuple[str, VerdictChange]]) -> list[dict[str, Any]]:
    return [{"line": int(line)} | _change(one) for line, one in changes]


def _change(one: VerdictChange) -> dict[str, Any]:
    return {
        "effect": one.effect.value,
        "before": one.before.value,
        "after": one.after.value,
        "categories_added": list(one.came),
        "categories_removed": list(one.went),
    }


def _moved(one: VerdictChange) -> str:
    return " ".join([*(f"+{name}" for name in one.came), *(f"-{name}" for name in one.went)])
