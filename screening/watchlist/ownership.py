"""How much of a registrant listed owners hold together: the sum over their chains.

Rules of this module:
1. Of each party its listed owners' shares are added up, to 100 at most. A party that is listed itself, or of whom they
   hold the threshold, counts whole in what it owns itself: who owns most of a company disposes of all it owns.
2. What is held through a party below the threshold counts by multiplication, or not at all, as the policy says.
3. Only ownership with a known percentage adds. The same party named twice as owner of the same party counts once, by
   the greater share; a chain that comes back to a party it went through adds nothing.
4. One more listed owner, or a greater share, never lowers a sum.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from screening.evidence import Note, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.evidence import PathStep

WHOLE = 100.0

_Key: TypeAlias = tuple[str, ...]
"""A party within the tree of chains: the parties from the registrant's side up to it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What listed owners hold of the registrant, in percent, and which chains are in it."""

    percent: float
    counted: frozenset[tuple[PathStep, ...]]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Party:
    """A party on some chain: its share in the next one, and whether it is listed itself."""

    percent: float = 0.0
    listed: bool = False
    held: float = 0.0


def added_up(chains: Iterable[tuple[PathStep, ...]], *, threshold: float, multiply: bool) -> Sum:
    """Add up what some listed parties hold.

    Args:
        chains: for each listed party, the way from it to the registrant (see `PathStep`); none is empty.
        threshold: the percentage from which a party counts as its owners' own.
        multiply: whether shares held through a party below the threshold count, multiplied.

    >>> from screening.evidence import PathStep
    >>> def step(party, percent):
    ...     return PathStep(party=party, name=party, tie=Tie.OWNS, ownership_percent=percent)
    >>> direct, through = (step("a", 30.0),), (step("c", 60.0), step("b", 30.0))
    >>> added_up([direct, through], threshold=50.0, multiply=True).percent
    60.0
    """
    given = tuple(dict.fromkeys(chains))
    parties: dict[_Key, _Party] = defaultdict(_Party)
    for chain in given:
        key: _Key = ()
        for step in reversed(chain):
            key = (*key, step.party)
            party = parties[key]
            party.percent = max(party.percent, _share(step))
        parties[key].listed = True
    total, over = _Party(), False
    # The outermost first: a party is counted once all is known of what is held of it.
    for key in sorted(parties, key=len, reverse=True):
        party = parties[key]
        over |= party.held > WHOLE
        party.held = min(party.held, WHOLE)
        holder = parties[key[:-1]] if key[:-1] else total
        holder.held += party.percent * _weight(party, threshold, multiply=multiply)
    over |= total.held > WHOLE
    counted = frozenset(chain for chain in given if _counts(chain, parties, threshold, multiply=multiply))
    return Sum(round(min(total.held, WHOLE), 4), counted, _notes(given, over=over))


def _share(step: PathStep) -> float:
    if step.tie is not Tie.OWNS or step.circular or step.ownership_percent is None:
        return 0.0
    return min(max(step.ownership_percent, 0.0), WHOLE)


def _weight(party: _Party, threshold: float, *, multiply: bool) -> float:
    if party.listed or round(party.held, 4) >= threshold:
        return 1.0
    return party.held / WHOLE if multiply else 0.0


def _counts(chain: Sequence[PathStep], parties: dict[_Key, _Party], threshold: float, *, multiply: bool) -> bool:
    """Say whether something of a listed party's share reaches the registrant."""
    names = tuple(step.party for step in reversed(chain))
    on_the_way = [parties[names[:length]] for length in range(1, len(names) + 1)]
    return all(party.percent and _weight(party, threshold, multiply=multiply) for party in on_the_way)


def _notes(chains: Sequence[tuple[PathStep, ...]], *, over: bool) -> tuple[Note, ...]:
    steps = [step for chain in chains for step in chain]
    said = {
        Note.UNKNOWN_PERCENT: any(step.tie is Tie.OWNS and step.ownership_percent is None for step in steps),
        Note.OVER_100_PERCENT: over or any((step.ownership_percent or 0.0) > WHOLE for step in steps),
        Note.COUNTED_ONCE: any(step.repeated for step in steps),
        Note.CIRCULAR: any(step.circular for step in steps),
    }
    return tuple(note for note, holds in said.items() if holds)
