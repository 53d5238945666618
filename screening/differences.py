"""What another set of versions makes of many subjects: counts, the most changed of them, and how people had concluded.

Rules of this module:
1. Differences of parts add up to those of the whole; only of equally frequent entries some may be left out.
2. What two sets of versions judge alike leaves nothing but a count. So whoever is known to be judged alike without a
   look (`touched`) may be counted and left out.
3. Entries are kept by name only; what was written stands nowhere but in `evidence`, which is left empty unless it is
   asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

import msgspec

from screening.decisions import Verdict  # noqa: TC001 - msgspec resolves annotations
from screening.evidence import ContentHit
from screening.lexicon.comparison import Effect, verdict_change
from screening.policy.standing import SubjectKind  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from screening.decisions import Result
    from screening.evidence import Hit
    from screening.policy.conclusions import Conclusion
    from screening.policy.rules import Policy

MOST: Final = 50
"""The most changed subjects that are named."""

_ENTRIES: Final = 5
"""Entries that a named subject tells, of those that came and of those that went."""

_KEPT_ENTRIES: Final = 2_000
"""Entries of which the subjects are counted, the most frequent ones; a faulty version may move every one there is."""

Counts = dict[str, int]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One subject that another set of versions judges differently.

    Attributes:
        subject: the kind of subject.
        account_id: whose it is.
        id: its id.
        effect: what becomes of it.
        before: its verdict under the versions in force.
        after: its verdict under the others.
        came: categories of its grounds that it did not have before.
        went: categories of its grounds that it has no more.
        entries_came: entries that only the others find, as CATEGORY/ENTRY or SOURCE/ENTRY; some of them.
        entries_went: entries that only those in force find.
        evidence: what was written where, for whoever may see it; empty unless it was asked for.
        size: how much has changed, to be compared: steps of verdict, grounds, entries.
    """

    subject: SubjectKind
    account_id: str
    id: str
    effect: Effect
    before: Verdict
    after: Verdict
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    entries_came: tuple[str, ...] = ()
    entries_went: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    size: tuple[int, int, int] = (0, 0, 0)


class Concluded(msgspec.Struct, frozen=True):
    """How often people said that something was found rightly or wrongly, and how often each side finds it again."""

    right: int = 0
    wrong: int = 0
    right_before: int = 0
    wrong_before: int = 0
    right_after: int = 0
    wrong_after: int = 0

    @property
    def precision_before(self) -> float | None:
        """The share of what the versions in force find again that was right; None where they find none of it."""
        return _share(self.right_before, self.wrong_before)

    @property
    def precision_after(self) -> float | None:
        """The share of what the others find again that was right; None where they find none of it."""
        return _share(self.right_after, self.wrong_after)

    def __add__(self, other: Concluded) -> Concluded:
        return Concluded(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """What another set of versions makes of the subjects that were looked at.

    Attributes:
        looked: how many were looked at.
        unreadable: how many of them could not be read.
        effects: effect → subjects.
        verdicts: verdict before → verdict after → subjects, of those that differ.
        categories: effect → category of a ground that came or went → subjects.
        sources: effect → sanctions list of which an entry came or went → subjects.
        entries: effect → entry that came or went → subjects, the most frequent ones.
        most: the most changed subjects of each effect, as many as `MOST`.
        concluded: what people had concluded on the subjects looked at.
    """

    looked: int = 0
    unreadable: int = 0
    effects: Counts = {}
    verdicts: dict[str, Counts] = {}
    categories: dict[str, Counts] = {}
    sources: dict[str, Counts] = {}
    entries: dict[str, Counts] = {}
    most: tuple[Difference, ...] = ()
    concluded: Concluded = Concluded()

    @property
    def different(self) -> int:
        """How many are judged differently."""
        return sum(self.effects.values())

    def count(self, effect: Effect) -> int:
        """Return how many subjects an effect has."""
        return self.effects.get(effect.value, 0)

    def most_changed(self) -> tuple[Difference, ...]:
        """Return the most changed of all, the most changed first; of equal ones some of each effect."""
        sizes = sorted({one.size for one in self.most}, reverse=True)
        ordered: list[Difference] = []
        for size in sizes:
            of_effect = [[one for one in self.most if (one.size, one.effect) == (size, effect)] for effect in Effect]
            ordered.extend(one for one in chain.from_iterable(zip_longest(*of_effect)) if one is not None)
        return tuple(ordered[:MOST])

    def without(self, names: Collection[tuple[SubjectKind, str, str]]) -> Differences:
        """Return these without naming some subjects, by kind, account and id; they stay in the counts."""
        most = tuple(one for one in self.most if (one.subject, one.account_id, one.id) not in names)
        return self if len(most) == len(self.most) else msgspec.structs.replace(self, most=most)

    def __add__(self, other: Differences) -> Differences:
        return Differences(
            looked=self.looked + other.looked,
            unreadable=self.unreadable + other.unreadable,
            effects=_sum(self.effects, other.effects),
            verdicts=_sums(self.verdicts, other.verdicts),
            categories=_sums(self.categories, other.categories),
            sources=_sums(self.sources, other.sources),
            entries={effect: _most_frequent(counts) for effect, counts in _sums(self.entries, other.entries).items()},
            most=_cut((*self.most, *other.most)),
            concluded=self.concluded + other.concluded,
        )


def differences(
    pairs: Iterable[tuple[Result, Result]],
    *,
    conclusions: Mapping[tuple[str, str], Sequence[Conclusion]] | None = None,
    policies: tuple[Policy, Policy] | None = None,
    with_evidence: bool = False,
) -> Differences:
    """Compare results of the same subjects, pair by pair.

    Args:
        pairs: the result of the versions in force, and that of the others.
        conclusions: account and id → what people concluded on a subject of this kind.
        policies: those of the two sides; needed with conclusions.
        with_evidence: whether the named subjects tell what was written.
    """
    looked = 0
    effects: Counter[str] = Counter()
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    categories: dict[str, Counter[str]] = defaultdict(Counter)
    sources: dict[str, Counter[str]] = defaultdict(Counter)
    entries: dict[str, Counter[str]] = defaultdict(Counter)
    most: list[Difference] = []
    concluded = Concluded()
    for before, after in pairs:
        looked += 1
        if conclusions and policies:
            for one in conclusions.get((after.account_id, after.id), ()):
                concluded += _concluded(one, one.is_met(before, policies[0]), one.is_met(after, policies[1]))
        different = _difference(before, after, with_evidence=with_evidence)
        if different is None:
            continue
        effect = different.effect.value
        effects[effect] += 1
        verdicts[different.before.value][different.after.value] += 1
        categories[effect].update({*different.came, *different.went})
        moved = _only(after.hits, before.hits) + _only(before.hits, after.hits)
        entries[effect].update({_entry(hit) for hit in moved})
        sources[effect].update({hit.source for hit in moved if not isinstance(hit, ContentHit)})
        most.append(different)
    return Differences(
        looked=looked,
        effects=dict(effects),
        verdicts=_plain(verdicts),
        categories=_plain(categories),
        sources=_plain(sources),
        entries={effect: _most_frequent(counts) for effect, counts in entries.items()},
        most=_cut(most),
        concluded=concluded,
    )


def _difference(before: Result, after: Result, *, with_evidence: bool) -> Difference | None:
    change = verdict_change(before, after)
    if change is None:
        return None
    came, went = _only(after.hits, before.hits), _only(before.hits, after.hits)
    entries_came, entries_went = (tuple(dict.fromkeys(map(_entry, hits))) for hits in (came, went))
    telling = went if change.effect is Effect.RELEASED else came
    return Difference(
        subject=after.subject,
        account_id=after.account_id,
        id=after.id,
        effect=change.effect,
        before=change.before,
        after=change.after,
        came=change.came,
        went=change.went,
        entries_came=entries_came[:_ENTRIES],
        entries_went=entries_went[:_ENTRIES],
        evidence=tuple(dict.fromkeys(map(_quoted, telling)))[:_ENTRIES] if with_evidence else (),
        size=(
            abs(change.after.rank - change.before.rank),
            len(change.came) + len(change.went),
            len(entries_came) + len(entries_went),
        ),
    )


def _only(hits: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
    """Return the hits whose entry is not among others."""
    known = set(map(_entry, others))
    return [hit for hit in hits if _entry(hit) not in known]


def _entry(hit: Hit) -> str:
    return f"{hit.category}/{hit.entry}" if isinstance(hit, ContentHit) else hit.pair


def _quoted(hit: Hit) -> str:
    if isinstance(hit, ContentHit):
        return f"{hit.entry}: {hit.quote}"
    return f"{hit.pair}: {hit.queried_name} ~ {hit.listed_name}"


def _concluded(one: Conclusion, before: bool, after: bool) -> Concluded:  # noqa: FBT001 - the two sides
    if one.right:
        return Concluded(right=1, right_before=int(before), right_after=int(after))
    return Concluded(wrong=1, wrong_before=int(before), wrong_after=int(after))


def _share(right: int, wrong: int) -> float | None:
    return None if right + wrong == 0 else right / (right + wrong)


def _order(one: Difference) -> tuple[tuple[int, int, int], str, str, str]:
    """Sort key: the most changed first, then by name, so that the same are kept in whatever order they came."""
    steps, grounds, entries = one.size
    return (-steps, -grounds, -entries), one.subject, one.account_id, one.id


def _cut(most: Iterable[Difference]) -> tuple[Difference, ...]:
    """Keep the most changed of each effect."""
    ordered = sorted(most, key=_order)
    return tuple(kept for effect in Effect for kept in [one for one in ordered if one.effect is effect][:MOST])


def _most_frequent(counts: Mapping[str, int]) -> Counts:
    if len(counts) <= 2 * _KEPT_ENTRIES:
        return dict(counts)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_KEPT_ENTRIES])


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> Counts:
    return {name: one.get(name, 0) + other.get(name, 0) for name in dict.fromkeys((*one, *other))}


def _sums(one: Mapping[str, Counts], other: Mapping[str, Counts]) -> dict[str, Counts]:
    return {name: _sum(one.get(name, {}), other.get(name, {})) for name in dict.fromkeys((*one, *other))}


def _plain(counts: Mapping[str, Counter[str]]) -> dict[str, Counts]:
    return {name: dict(held) for name, held in counts.items()}
