"""`screening lexicon`: the life of the word lists, from a look at them to bringing them into force."""

from __future__ import annotations

import pathlib
import sys
from collections import Counter
from typing import Annotated, Any

import typer

from consumers import lexicons, shipped, snapshots, wiring
from consumers.cli import lexicon_changes, lexicon_exchange
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
from consumers.cli.texts import SampleOption, texts_of
from consumers.faults import Exit, Refused
from consumers.lexicons import Judging
from screening.errors import LexiconError
from screening.evidence import Ceiling
from screening.lexicon.comparison import compare, large_changes
from screening.lexicon.examples import check_examples
from screening.lexicon.lint import Finding, Flags, Level, flags_of, lint, lint_flags
from screening.lexicon.matcher import ContentMatcher

NAMED = "a folder of lexicon files, a file, the digest of a kept version, `active` or `shipped`"

FolderArgument = Annotated[str, typer.Argument(metavar="[FOLDER]", help=f"{NAMED[0].upper()}{NAMED[1:]}.")]

_AT_ONCE = 500


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True, help="The life of the word lists.", epilog=example("screening lexicon status")
    )
    group.command("lint", epilog=example("screening lexicon lint ./lexicons --sample clean.jsonl"))(lint_)
    group.command("test", epilog=example("screening lexicon test ./lexicons"))(run_examples)
    lexicon_changes.hang(group)
    lexicon_exchange.hang(group)
    group.command("activate", epilog=example("screening lexicon activate ./lexicons"))(activate)
    group.command("status", epilog=example("screening lexicon status --json"))(status)
    app.add_typer(group, name="lexicon")


def lint_(
    context: typer.Context,
    folder: FolderArgument = lexicons.ACTIVE,
    *,
    sample: SampleOption = None,
    words: Annotated[
        pathlib.Path | None,
        typer.Option(metavar="FILE", help="Ordinary words, one in each line; the segmenter's dictionary by default."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look for what is doubtful in a lexicon: faults, and warnings that a person should look at.

    Faults of the files, terms twice, terms inside ordinary words without a boundary, entries past their day; with a
    sample of clean texts also how often each term is found in them. Faults give exit code 1.
    """
    texts = None if sample is None else texts_of(sample)
    with installation_of(context) as installation:
        judged = lexicons.judging(installation)
        files, _ = lexicons.files_of(installation, judged, folder)
    flags = None
    try:
        lexicon = snapshots.read_lexicon(files, lexicons.policy_of(judged))
    except LexiconError as error:
        findings = tuple(Finding(Level.FAULT, fault.where, fault.found, fault.expected) for fault in error.faults)
    else:
        findings = lint(lexicon, wiring.now().date(), lexicons.ordinary_words(words))
        if texts:
            matcher = ContentMatcher(lexicon, wiring.segmenter())
            pages = (texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE))
            flags = flags_of(hits for page in pages for hits in matcher.find(page))
            findings = (*findings, *lint_flags(flags))
    counts = Counter(finding.level for finding in findings)
    if as_json:
        rows = [
            {"level": one.level.value, "where": one.where, "found": one.found, "expected": one.expected}
            for one in findings
        ]
        said = {"faults": counts[Level.FAULT], "warnings": counts[Level.WARNING], "findings": rows}
        print_json(said | ({} if flags is None else {"sample": _flags_described(flags)}))
    else:
        headings = ("level", "where", "found", "expected")
        print_rows(headings, ((one.level.value, one.where, one.found, one.expected) for one in findings))
        say(f"{counts[Level.FAULT]} faults, {counts[Level.WARNING]} warnings")
        if flags is not None:
            described = _flags_described(flags)
            say(", ".join(f"{name} {count}" for name, count in described.items()))
    if counts[Level.FAULT]:
        raise typer.Exit(Exit.FAILED)


def _flags_described(flags: Flags) -> dict[str, int]:
    return {"texts": flags.texts} | {ceiling.value: flags.by_ceiling.get(ceiling, 0) for ceiling in Ceiling}


def run_examples(
    context: typer.Context, folder: FolderArgument = shipped.SHIPPED, *, as_json: JsonOption = False
) -> None:
    """Run the examples of every entry: what must be hit is hit, what must not be is not."""
    with installation_of(context) as installation:
        judged = lexicons.judging(installation)
        lexicon = lexicons.candidate(installation, judged, folder).lexicon
    faults = check_examples(lexicon, wiring.segmenter())
    hits = sum(len(entry.must_hit) for entry in lexicon.entries)
    misses = sum(len(entry.must_not_hit) for entry in lexicon.entries)
    counts = {"entries": len(lexicon.entries), "must hit": hits, "must not hit": misses, "failed": len(faults)}
    if as_json:
        rows = [{"where": fault.where, "found": fault.found, "expected": fault.expected} for fault in faults]
        print_json({name.replace(" ", "_"): count for name, count in counts.items()} | {"faults": rows})
    else:
        for fault in faults:
            say(str(fault))
        print_rows(tuple(counts), [tuple(counts.values())])
    if faults:
        raise typer.Exit(Exit.FAILED)


def activate(
    context: typer.Context,
    folder: Annotated[str | None, typer.Argument(metavar="[FOLDER]", help=f"{NAMED[0].upper()}{NAMED[1:]}.")] = None,
    *,
    back: Annotated[bool, typer.Option("--shipped", help="Go back to the lexicon that came with the release.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="A large change is meant; do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a lexicon, keep it as a version and put it in force, whole.

    What is faulty, or fails its own examples, is refused with every reason, and the lexicon in force stays. So is what
    takes away much of what is in force, unless a person says that it is meant. An own lexicon stays in force through
    later releases; `--shipped` goes back to the release's.
    """
    if (folder is None) != back:
        raise Refused("FOLDER: found none or both, expected a lexicon or --shipped", Exit.USAGE)
    with installation_of(context) as installation:
        installation.prepare()
        judged = lexicons.judging(installation)
        chosen = lexicons.candidate(installation, judged, folder or shipped.SHIPPED)
        ready = lexicons.check(chosen.lexicon, wiring.now().date())
        in_force = lexicons.in_force(judged)
        if not yes and not back:
            _ask(judged, large_changes(in_force, chosen.lexicon))
        compared = compare(in_force, chosen.lexicon)
        done = lexicons.activate(installation, judged, chosen.version, ready, say)
    changes = Counter([*(one.how.value for one in compared.entries), *(one.how.value for one in compared.lists)])
    described: dict[str, Any] = {
        "digest": chosen.version.digest,
        "source": chosen.version.source,
        "entries": chosen.version.entries,
        "state": "in force already" if done is None else "activated",
        "activation": None if done is None else done.number,
        **{how: changes[how] for how in ("added", "changed", "removed")},
    }
    if as_json:
        print_json(described)
        return
    print_rows(tuple(described), [(described["digest"][:12], *list(described.values())[1:])])


def _ask(judged: Judging, doubts: tuple[object, ...]) -> None:
    """Ask about a large change, or refuse it where nobody can answer."""
    if not doubts:
        return
    told = "\n".join(map(str, doubts))
    if sys.stdin.isatty():
        say(told)
        typer.confirm(f"Replace lexicon {judged.lexicon.digest[:12]} all the same?", abort=True, err=True)
        return
    raise Refused(f"{told}\nnothing was changed; say --yes if this is meant (`screening lexicon diff` shows it)")


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the lexicon in force: its digest, where it came from, and the entries of each category."""
    with installation_of(context, read_only=True) as installation:
        judged = lexicons.judging(installation)
    lexicon = lexicons.in_force(judged)
    counts = Counter(entry.category for entry in lexicon.entries)
    for held in lexicon.lists:
        counts[held.shared.category] += len(held.terms)
    today = wiring.now().date()
    every = (*lexicon.entries, *(held.shared for held in lexicon.lists))
    current = judged.activation
    described: dict[str, Any] = {
        "digest": judged.lexicon.digest,
        "source": judged.lexicon.source,
        **activation_fields(current),
        "entries": lexicons.size_of(lexicon),
        "terms": sum(len(entry.terms) for entry in lexicon.entries) + sum(len(held.terms) for held in lexicon.lists),
        "expired": sum(entry.review_by < today for entry in every),
        "lists": {held.shared.id: len(held.terms) for held in lexicon.lists},
        "categories": dict(sorted(counts.items())),
    }
    if as_json:
        print_json(described)
        return
    state = state_of(current)
    say(f"lexicon {judged.lexicon.digest[:12]} ({judged.lexicon.source}, {described['entries']} entries, {state})")
    if described["expired"]:
        say(f"{described['expired']} entries are past their review_by (see `screening lexicon lint`)")
    print_rows(("category", "entries"), sorted(counts.items()))
