"""`screening lexicon diff` and `backtest`: what another lexicon would change."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from consumers import lexicons
from consumers.backtests import Sample, backtest, judged_twice
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.cli.texts import SampleOption, texts_of
from screening.lexicon.comparison import Comparison, Effect, Tally, VerdictChange, compare, tally, verdict_change

_NAMED = "a folder or file, the digest of a kept version, `active` or `shipped`"

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
        counted = None
        if texts is not None:
            pair = [lexicons.screener(installation, judged, one.version) for one in (first, second)]
            results = list(judged_twice(pair[0], pair[1], texts))
            changed = [verdict_change(before, after) for before, after in results]
            counted = tally(changed)
            changes = [(after.id, one) for (_, after), one in zip(results, changed, strict=True) if one is not None]
    if as_json:
        print_json(
            {
                "old": first.version.digest,
                "new": second.version.digest,
                **_compared(compared),
                **({} if counted is None else {"sample": _counted(counted) | {"changes": _lines(changes)}}),
            }
        )
        return
    print_rows(("change", "category", "id", "fields", "terms added", "terms removed"), _rows(compared))
    if counted is not None:
        say(_told(counted))
        print_rows(
            ("line", "effect", "before", "after", "categories"),
            ((line, one.effect.value, one.before, one.after, _moved(one)) for line, one in changes),
        )


def backtest_(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help=f"A lexicon: {_NAMED}.")],
    *,
    limit: Annotated[int | None, typer.Option(min=1, help="The most contents to look at; all by default.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Judge the contents that stand with a lexicon and with the one in force, and show who would be affected.

    Orders nothing and changes nothing. The contents are those that the role `records` has put into the ledger.
    """
    with installation_of(context) as installation:
        judged = lexicons.judging(installation)
        chosen = lexicons.candidate(installation, judged, folder)
        if judged.activation is None:
            say("nothing was ever published here: there are no contents to judge")
            done = None
        else:
            pair = (
                lexicons.screener(installation, judged, judged.lexicon),
                lexicons.screener(installation, judged, chosen.version),
            )
            done = backtest(installation, pair, limit, _progress)
    counted = tally(()) if done is None else done.tally
    samples = () if done is None else done.samples
    unreadable = 0 if done is None else done.unreadable
    if as_json:
        print_json(
            {
                "in_force": judged.lexicon.digest,
                "candidate": chosen.version.digest,
                **_counted(counted),
                "unreadable": unreadable,
                "samples": [_sample(sample) for sample in samples],
            }
        )
        return
    say(_told(counted) + (f", {unreadable} unreadable" if unreadable else ""))
    categories = sorted({name for counts in counted.categories.values() for name in counts})
    by_effect = [[counted.categories[effect].get(name, 0) for effect in Effect] for name in categories]
    print_rows(
        ("category", *(effect.value for effect in Effect)),
        [(name, *counts) for name, counts in zip(categories, by_effect, strict=True)],
    )
    if samples:
        print_rows(
            ("account", "content", "effect", "before", "after", "categories", "evidence"),
            (
                (
                    one.account_id,
                    one.id,
                    one.change.effect.value,
                    one.change.before,
                    one.change.after,
                    _moved(one.change),
                    "; ".join(" ".join(quote.split()) for quote in one.quotes),
                )
                for one in samples
            ),
        )


def _progress(judged: int) -> None:
    if judged % 10_000 == 0:
        say(f"{judged} contents judged")


def _counted(counted: Tally) -> dict[str, Any]:
    return {
        "texts": counted.texts,
        **{_key(effect): count for effect, count in counted.effects.items()},
        "verdicts": {f"{before} → {after}": count for (before, after), count in sorted(counted.verdicts.items())},
        "categories": {_key(effect): dict(sorted(counts.items())) for effect, counts in counted.categories.items()},
    }


def _told(counted: Tally) -> str:
    effects = ", ".join(f"{count} {effect.value}" for effect, count in counted.effects.items())
    return f"{counted.texts} texts: {effects}"


def _key(effect: Effect) -> str:
    return effect.value.replace(" ", "_")


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


def _sample(one: Sample) -> dict[str, Any]:
    return {"account_id": one.account_id, "id": one.id} | _change(one.change) | {"evidence": list(one.quotes)}


def _moved(one: VerdictChange) -> str:
    return " ".join([*(f"+{name}" for name in one.came), *(f"-{name}" for name in one.went)])
