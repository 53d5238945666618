"""Reading split characters: parts side by side are put together again, 贝者博 → 赌博.

A table knows the ways in which characters are written as two or three parts. Whether such parts stand side by side is
one lookup for a whole batch; only what is around them is read. Parts are characters of their own and now and then
follow one another by chance (女子, 日月), so a candidate is evidence only where the writing is odd.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.text.oddity import most, oddity
from screening.text.parts import PAIRS, TRIPLES
from screening.text.reading import View
from screening.text.stretches import Rewriting, around, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from screening.text.oddity import Place
    from screening.text.reading import Reading

MOST_WAYS = 4
"""Ways in which one part of a text is read, where parts may be joined to the left or to the right."""

_ODD_ENOUGH = {2: 16.0, 3: 16.0}
_LONG_ENOUGH = 14.0
"""Bits from which on a candidate of two characters, three, and more is no accident."""

_BITS = 21
"""A code point is at most 21 bits long, so three of them fit one number."""

_HASH_BITS = 20
"""Bits of the hash of two parts; the products of two odd numbers (golden ratio, MurmurHash3) spread them well."""


class _Joint(NamedTuple):
    """Parts that may be joined: where they stand, the characters that they make, and their place among all joints."""

    start: int
    end: int
    characters: str
    place: int


def read(normalised: str) -> Reading | None:
    """Join the parts of characters; None where none stand side by side.

    >>> found = read("去贝者博吧")
    >>> found.text[:4], found.span(1, 3)
    ('去赌博吧', (1, 4))
    """
    written = np.frombuffer(normalised.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts, ends, made = _joints(written)
    if not len(starts):
        return None
    firsts, lasts, begins = around(written, starts, ends)
    counts = np.diff(np.append(begins, len(starts)))
    # Nearly always parts that make one character stand alone; all such stretches are written at once.
    single = (counts == 1) & (_alone()[made[begins]] > 0)
    plain = np.flatnonzero(single)
    groups = plain.tolist()
    part = list(range(len(groups)))
    chosen = begins[plain].tolist()
    said = _alone()[made[chosen]].tolist()
    for group in np.flatnonzero(~single).tolist():
        held = range(begins[group], begins[group] + counts[group])
        joints = tuple(_Joint(int(starts[at]), int(ends[at]), _made()[made[at]], at) for at in held)
        for choice in itertools.islice(_choices(joints), MOST_WAYS):
            part.extend([len(groups)] * len(choice))
            chosen.extend(joint.place for joint, _ in choice)
            said.extend(ord(character) for _, character in choice)
            groups.append(group)
    # In the order of the text, and the ways of reading one stretch in the order in which they were chosen.
    order = np.argsort(groups, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    spans = Rewriting(rank[part], starts[chosen], ends[chosen], np.array(said, dtype=np.uint32))
    stretch = np.array(groups)[order]
    return rewritten(View.SPLIT, written, firsts[stretch], lasts[stretch], spans)


def promising(found: str, term: str) -> bool:
    """Say whether a candidate is worth being segmented: longer than its term, and rare enough at the best."""
    return len(found) > len(term) and most(found) >= _odd_enough(term)


def believable(found: str, term: str, held: Place) -> bool:
    """Say whether parts that make a term are more than an accident.

    Args:
        found: what stands in the normalised text.
        term: the normalised term.
        held: where that stands among the words around it (`oddity.place`).
    """
    kept = list(term)
    altered: list[float | None] = []
    for character in found:
        # What stands in the term as it is was not altered; parts stand before the next such character.
        if character in kept:
            del kept[: kept.index(character) + 1]
            altered.append(None)
        else:
            altered.append(0.0)
    return oddity(held, altered) >= _odd_enough(term)


def _odd_enough(term: str) -> float:
    return _ODD_ENOUGH.get(len(term), _LONG_ENOUGH)


def _joints(written: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return where all parts of a text that may be joined begin and end, and what they make (a place in `_made`).

    They are in the order of their starts, the longest first.
    """
    begins = np.flatnonzero(np.take(_beginnings(), _hashed(written[:-1], written[1:])))
    starts, lengths, made = [], [], []
    before = 0
    for length in (3, 2):
        keys, characters = _ways(length)
        here = begins[begins + length <= len(written)]
        packed = np.zeros(len(here), dtype=np.uint64)
        for at in range(length):
            packed = (packed << np.uint64(_BITS)) | written[here + at]
        places = np.minimum(np.searchsorted(keys, packed), len(keys) - 1)
        known = keys[places] == packed
        starts.append(here[known])
        lengths.append(np.full(len(starts[-1]), length))
        made.append(places[known] + before)
        before += len(characters)
    order = np.argsort(np.concatenate(starts), kind="stable")
    found = np.concatenate(starts)[order]
    return found, found + np.concatenate(lengths)[order], np.concatenate(made)[order]


def _choices(joints: Sequence[_Joint]) -> Iterator[tuple[tuple[_Joint, str], ...]]:
    """Yield choices of joints that do not overlap, and what each makes, multiplied out over all joints."""
    clusters: list[list[tuple[tuple[_Joint, str], ...]]] = []
    held: list[_Joint] = []
    for joint in (*joints, None):
        if held and (joint is None or joint.start >= max(one.end for one in held)):
            clusters.append(list(itertools.islice(_apart(tuple(held)), MOST_WAYS)))
            held = []
        if joint is not None:
            held.append(joint)
    for chosen in itertools.product(*clusters):
        yield tuple(itertools.chain.from_iterable(chosen))


def _apart(joints: tuple[_Joint, ...]) -> Iterator[tuple[tuple[_Joint, str], ...]]:
    """Yield the largest choices out of joints that overlap."""
    for at, joint in enumerate(joints):
        if at and joint.start >= min(one.end for one in joints[:at]):
            # Whatever begins behind another joint belongs to the choice that holds that one.
            return
        rest = tuple(one for one in joints[at + 1 :] if one.start >= joint.end)
        for others in _apart(rest) if rest else ((),):
            for character in joint.characters:
                yield ((joint, character), *others)


@functools.cache
def _ways(length: int) -> tuple[NDArray[np.uint64], tuple[str, ...]]:
    """Return the ways of so many parts as sorted numbers, and the characters that each makes."""
    rows = PAIRS if length == 2 else TRIPLES
    made: dict[int, str] = {}
    for at in range(0, len(rows), length + 1):
        packed = 0
        for part in rows[at : at + length]:
            packed = packed << _BITS | ord(part)
        made[packed] = made.get(packed, "") + rows[at + length]
    keys = sorted(made)
    return np.array(keys, dtype=np.uint64), tuple(made[key] for key in keys)


@functools.cache
def _made() -> tuple[str, ...]:
    """Return the characters that each way makes, those of three parts first."""
    return (*_ways(3)[1], *_ways(2)[1])


@functools.cache
def _alone() -> NDArray[np.uint32]:
    """Return the code point of the character that each way makes, 0 where it makes several."""
    return np.array([ord(made) if len(made) == 1 else 0 for made in _made()], dtype=np.uint32)


@functools.cache
def _beginnings() -> NDArray[np.bool_]:
    """Return which hashes the first two parts of a way may have: one look at 1 MiB instead of a search."""
    table = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
    for length in (2, 3):
        keys, _ = _ways(length)
        mask = np.uint64((1 << _BITS) - 1)
        shift = np.uint64(_BITS)
        first, second = keys >> shift, keys & mask
        if length == 3:
            first, second = first >> shift, first & mask
        table[_hashed(first.astype(np.uint32), second.astype(np.uint32))] = True
    return table


def _hashed(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return ((first * np.uint32(0x9E37_79B1)) ^ (second * np.uint32(0x85EB_CA6B))) >> np.uint32(32 - _HASH_BITS)
