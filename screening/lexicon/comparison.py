"""What lies between two lexicons: entries and terms that came, went or changed, and what that does to verdicts."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from screening.decisions import Verdict
from screening.errors import Fault
from screening.evidence import Ceiling
from screening.lexicon.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.decisions import Result
    from screening.lexicon.entries import Lexicon, PlainList

_SHOWN: Final = 20
"""Terms of a plain list that are named one by one."""

_LOST: Final = 0.2
"""The share of terms that may go without anybody saying so: an edit takes away a few, a file left out takes many."""

_GROWN: Final = 1.0
"""By how much what orders by itself may grow, as a share of what there was."""

_FEW: Final = 10
"""Terms that may come or go whatever their share is."""


class How(enum.StrEnum):
    """What became of an entry."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What became of one entry.

    Attributes:
        how: whether it came, went or changed.
        category: the entry's category, the new one where it changed.
        id: the entry's id.
        fields: of a changed one, what changed.
        came: terms that it did not have before.
        went: terms that it has no more.
    """

    how: How
    category: str
    id: str
    fields: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """What became of one plain list; of its terms some are named, all are counted."""

    how: How
    category: str
    id: str
    fields: tuple[str, ...]
    came: int
    went: int
    some_came: tuple[str, ...]
    some_went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that lies between two lexicons, in the order of categories and ids."""

    entries: tuple[EntryChange, ...]
    lists: tuple[ListChange, ...]


def compare(old: Lexicon, new: Lexicon) -> Comparison:
    """Compare two lexicons, entry by entry, by their ids."""
    before, after = ({entry.id: entry for entry in lexicon.entries} for lexicon in (old, new))
    entries = [
        change
        for name in before.keys() | after.keys()
        if (change := _entry(before.get(name), after.get(name))) is not None
    ]
    had, has = ({held.shared.id: held for held in lexicon.lists} for lexicon in (old, new))
    lists = [moved for name in had.keys() | has.keys() if (moved := _list(had.get(name), has.get(name))) is not None]
    return Comparison(
        tuple(sorted(entries, key=lambda change: (change.category, change.id))),
        tuple(sorted(lists, key=lambda moved: (moved.category, moved.id))),
    )


def size(lexicon: Lexicon) -> dict[str, int]:
    """Return how many terms each category has."""
    counts: Counter[str] = Counter()
    for entry in lexicon.entries:
        counts[entry.category] += len(entry.terms)
    for held in lexicon.lists:
        counts[held.shared.category] += len(held.terms)
    return dict(sorted(counts.items()))


def large_changes(old: Lexicon, new: Lexicon) -> tuple[Fault, ...]:
    """Return what of a change is so large that a person should say it is meant; nothing where it is not.

    A file left out, a folder mistaken, a list imported where nobody meant to: each shows as one of these.
    """
    had, has = size(old), size(new)
    faults = [
        Fault(category, f"no term where the lexicon in force has {had[category]}", "some, or a word that it is meant")
        for category in sorted(had.keys() - has.keys())
    ]
    before, after = sum(had.values()), sum(has.values())
    kept = before - _terms_lost(old, new)
    if before - kept > max(_FEW, before * _LOST):
        found = f"{before - kept} of the {before} terms in force gone ({after} in all)"
        faults.append(Fault("terms", found, f"a loss of at most {_LOST:.0%}, or a word that it is meant"))
    ordering, orders = _ordering(old), _ordering(new)
    if orders - ordering > max(_FEW, ordering * _GROWN):
        found = f"{orders} terms that may order by themselves where the lexicon in force has {ordering}"
        faults.append(Fault("terms", found, f"a growth of at most {_GROWN:.0%}, or a word that it is meant"))
    return tuple(faults)


def _ordering(lexicon: Lexicon) -> int:
    return sum(len(entry.terms) for entry in lexicon.entries if entry.ceiling is Ceiling.AUTO)


def _terms_lost(old: Lexicon, new: Lexicon) -> int:
    def terms(lexicon: Lexicon) -> set[tuple[str, str]]:
        held = {(entry.category, term) for entry in lexicon.entries for term in entry.terms}
        held.update((one.shared.category, term) for one in lexicon.lists for term in one.terms)
        return held

    return len(terms(old) - terms(new))


def _changed(old: Entry, new: Entry) -> tuple[str, ...]:
    return tuple(one.name for one in fields(Entry) if getattr(old, one.name) != getattr(new, one.name))


def _missing(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    held = set(others)
    return tuple(term for term in some if term not in held)


def _entry(old: Entry | None, new: Entry | None) -> EntryChange | None:
    if old is None:
        assert new is not None  # noqa: S101 - the id came from one of the two
        return EntryChange(How.ADDED, new.category, new.id, came=new.terms)
    if new is None:
        return EntryChange(How.REMOVED, old.category, old.id, went=old.terms)
    changed = _changed(old, new)
    if not changed:
        return None
    return EntryChange(
        How.CHANGED, new.category, new.id, changed, _missing(new.terms, old.terms), _missing(old.terms, new.terms)
    )


def _list(old: PlainList | None, new: PlainList | None) -> ListChange | None:
    if old is None:
        assert new is not None  # noqa: S101 - the id came from one of the two
        some = tuple(new.terms[:_SHOWN])
        return ListChange(How.ADDED, new.shared.category, new.shared.id, (), len(new.terms), 0, some, ())
    if new is None:
        some = tuple(old.terms[:_SHOWN])
        return ListChange(How.REMOVED, old.shared.category, old.shared.id, (), 0, len(old.terms), (), some)
    changed = _changed(old.shared, new.shared)
    came, went = _missing(new.terms, old.terms), _missing(old.terms, new.terms)
    if not changed and not came and not went:
        return None
    return ListChange(
        How.CHANGED,
        new.shared.category,
        new.shared.id,
        changed,
        len(came),
        len(went),
        came[:_SHOWN],
        went[:_SHOWN],
    )


# ------------------------------------------------------------------------------------------------------- verdicts


class Effect(enum.StrEnum):
    """What another lexicon does to one text."""

    AFFECTED = "newly affected"
    CHANGED = "changed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A text that two lexicons judge differently; categories are those of the grounds."""

    effect: Effect
    before: Verdict
    after: Verdict
    came: tuple[str, ...]
    went: tuple[str, ...]


def verdict_change(before: Result, after: Result) -> VerdictChange | None:
    """Return how two results for one text differ in verdict or grounds; None where they do not, or where it ended."""
    if before.verdict is None or after.verdict is None:
        return None
    had = {ground.category for ground in before.grounds}
    has = {ground.category for ground in after.grounds}
    if (before.verdict, had) == (after.verdict, has):
        return None
    if before.verdict is Verdict.CLEAR:
        effect = Effect.AFFECTED
    elif after.verdict is Verdict.CLEAR:
        effect = Effect.RELEASED
    else:
        effect = Effect.CHANGED
    return VerdictChange(effect, before.verdict, after.verdict, tuple(sorted(has - had)), tuple(sorted(had - has)))
