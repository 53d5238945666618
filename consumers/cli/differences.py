"""What a trial showed: as tables, as JSON, and as a page in a file."""

from __future__ import annotations

import os
import pathlib
import tempfile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consumers.cli.frame import print_rows, say
from consumers.difference_page import page_of
from consumers.faults import Exit, Refused
from screening.lexicon.comparison import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from consumers.ledger.port import SubjectName
    from consumers.trials import Report
    from screening.differences import Difference, Differences

PageOption = Annotated[
    pathlib.Path | None,
    typer.Option(
        "--html", metavar="FILE", help="Write the report as one page with plots, too; without texts or names."
    ),
]

_SHOWN = 10
"""Entries that a table names for each effect; `--json` names more."""

_TOLD = 200
"""Entries that JSON names for each effect."""


def checked_page(path: pathlib.Path | None) -> None:
    """Check that a page can be written before anything is judged for it.

    Raises:
        Refused: its folder is not there, or it is a folder itself.
    """
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise Refused(f"--html: found no place for {path}, expected a file in a folder that is there", Exit.USAGE)


def write_page(path: pathlib.Path | None, report: Report) -> None:
    """Write the page whole or not at all."""
    if path is None:
        return
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.absolute().parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(page_of(report))
            file.flush()
            os.fsync(file.fileno())
            pathlib.Path(file.name).replace(path)
        except BaseException:
            pathlib.Path(file.name).unlink(missing_ok=True)
            raise
    say(f"written to {path}")


def described(report: Report) -> dict[str, Any]:
    """Return a report as JSON."""
    return {
        "way": report.way,
        **({"name": report.name} if report.name else {}),
        "began_at": report.began_at,
        "seen_at": report.seen_at,
        "versions": [
            {"kind": one.kind, "source": one.source, "in_force": one.before, "on_trial": one.after}
            for one in report.moved
        ],
        "subjects": [{"subject": subject, **counted(part)} for subject, part in report.parts.items()],
    }


def counted(part: Differences) -> dict[str, Any]:
    """Return differences as JSON."""
    people = part.concluded
    return {
        "looked_at": part.looked,
        **{_key(effect): part.count(effect) for effect in Effect},
        "verdicts": {
            f"{before} → {after}": count
            for before, counts in sorted(part.verdicts.items())
            for after, count in sorted(counts.items())
        },
        "categories": _by_effect(part.categories),
        "sources": _by_effect(part.sources),
        "entries": {
            _key(effect): dict(_frequent(part.entries.get(effect.value, {}), _TOLD)) for effect in Effect
        },
        "concluded": {
            "wrong": people.wrong,
            "right": people.right,
            "in_force": {
                "wrong": people.wrong_before, "right": people.right_before, "precision": people.precision_before,
            },
            "on_trial": {
                "wrong": people.wrong_after, "right": people.right_after, "precision": people.precision_after,
            },
        },
        "unreadable": part.unreadable,
        "samples": [_sample(one) for one in part.most_changed()],
    }  # fmt: skip


def told(part: Differences) -> str:
    """Return the counts in a line."""
    effects = ", ".join(f"{part.count(effect)} {effect.value}" for effect in Effect)
    return effects + (f", {part.unreadable} unreadable" if part.unreadable else "")


def print_report(report: Report) -> None:
    """Print a report as tables."""
    print_rows(
        ("kind", "source", "in force", "on trial"),
        [(one.kind, one.source, (one.before or "none")[:12], one.after[:12]) for one in report.moved],
    )
    for subject, part in report.parts.items():
        say(f"{part.looked} {_NAMES[subject]}: {told(part)}")
        print_part(subject, part)


_NAMES: Mapping[SubjectName, str] = {"content": "texts", "registration": "registrations"}


def print_part(subject: SubjectName, part: Differences) -> None:
    """Print the differences of one kind of subject as tables."""
    effects = [effect.value for effect in Effect]
    print_rows(("category", *effects), _across(part.categories))
    if part.sources:
        print_rows(("list", *effects), _across(part.sources))
    entries = [
        (effect.value, name, count)
        for effect in Effect
        for name, count in _frequent(part.entries.get(effect.value, {}), _SHOWN)
    ]
    if entries:
        print_rows(("effect", "entry", "subjects"), entries)
    people = part.concluded
    if people.right + people.wrong:
        print_rows(
            ("concluded by people", "wrong", "right", "precision"),
            [
                ("all", people.wrong, people.right, ""),
                (
                    "found again by those in force",
                    people.wrong_before,
                    people.right_before,
                    _p(people.precision_before),
                ),
                ("found again by those on trial", people.wrong_after, people.right_after, _p(people.precision_after)),
            ],
        )
    most = part.most_changed()
    if most:
        print_rows(("account", subject, "effect", "before", "after", "categories", "evidence"), map(_row, most))


def _row(one: Difference) -> tuple[object, ...]:
    telling = one.evidence or (one.entries_went if one.effect is Effect.RELEASED else one.entries_came)
    evidence = "; ".join(" ".join(quote.split()) for quote in telling)
    moved = " ".join([*(f"+{name}" for name in one.came), *(f"-{name}" for name in one.went)])
    return one.account_id, one.id, one.effect.value, one.before.value, one.after.value, moved, evidence


def _sample(one: Difference) -> dict[str, Any]:
    return {
        "account_id": one.account_id,
        "id": one.id,
        "effect": one.effect.value,
        "before": one.before.value,
        "after": one.after.value,
        "categories_added": list(one.came),
        "categories_removed": list(one.went),
        "entries_added": list(one.entries_came),
        "entries_removed": list(one.entries_went),
        "evidence": list(one.evidence),
    }


def _across(counts: Mapping[str, Mapping[str, int]]) -> Iterable[tuple[object, ...]]:
    names = sorted({name for held in counts.values() for name in held})
    return [(name, *(counts.get(effect.value, {}).get(name, 0) for effect in Effect)) for name in names]


def _by_effect(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {_key(effect): dict(sorted(counts.get(effect.value, {}).items())) for effect in Effect}


def _frequent(counts: Mapping[str, int], most: int) -> Iterator[tuple[str, int]]:
    yield from sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]


def _p(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _key(effect: Effect) -> str:
    return effect.value.replace(" ", "_")
