"""Reading split characters: parts side by side are put together again, 贝者博 → 赌博.

A table knows the ways in which characters are written as two or three parts. Whether such parts stand side by side is
one lookup for a whole batch; only what is around them is read. Parts are characters of their own and now and then
follow one another by chance (女子, 日月), so a candidate is evidence only where the writing is odd.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from screening.text.codes import codes_of
from screening.text.hashes import AGAIN, two
from screening.text.looping import loops, nothing
from screening.text.oddity import most, oddity
from screening.text.parts import PAIRS, TRIPLES
from screening.text.reading import View
from screening.text.stretches import Rewriting, around, reread, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from screening.text.normalize import Codes
    from screening.text.oddity import Place
    from screening.text.reading import Reading, Sought

    Joints = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]
    """Where parts that may be joined begin and end, what they make, and whether that may be looked for."""

MOST_WAYS = 4
"""Ways in which one part of a text is read, where parts may be joined to the left or to the right."""

MOST_JOINTS = 64
"""Joints that overlap in one chain and are weighed together: a term of ten characters has fewer. A longer chain, such
as one character repeated, is cut, and what overlaps the cut is left as it is written."""

_ODD_ENOUGH = {2: 16.0, 3: 16.0}
_LONG_ENOUGH = 14.0
"""Bits from which on a candidate of two characters, three, and more is no accident."""

_FEW = 24
"""Places up to which each is looked up alone."""

_ROOM = 4_096
"""Joints that a loop finds room for at first; few texts have more."""

_HASH_BITS = 20
"""Bits of the hash of two parts."""


class _Joint(NamedTuple):
    """Parts that may be joined: where they stand, the characters that they make, and their place among all joints."""

    start: int
    end: int
    characters: str
    place: int


def read(normalised: str, sought: Sought | None = None) -> Reading | None:
    """Join the parts of characters; None where none stand side by side.

    >>> found = read("去贝者博吧")
    >>> found.text[:4], found.span(1, 3)
    ('去赌博吧', (1, 4))

    Args:
        normalised: the text.
        sought: what is looked for; what else could be there is not read.
    """
    written = codes_of(normalised)
    looped = loops()
    joints = _told(normalised, written, sought) if looped is None else _looped(looped, written, sought)
    starts, ends, made, wanted = joints
    if not wanted.any():
        return None
    if looped is not None:
        found = reread(looped, View.SPLIT, written, (starts, ends, _alone()[made]), wanted, 1)
        if found is not None:
            return found
    firsts, lasts, begins = around(written, starts, ends)
    counts = np.diff(np.append(begins, len(starts)))
    kept = np.maximum.reduceat(wanted, begins)
    # Nearly always parts that make one character stand alone; all such stretches are written at once.
    single = (counts == 1) & (_alone()[made[begins]] > 0)
    plain = np.flatnonzero(single & kept)
    groups = plain.tolist()
    part = list(range(len(groups)))
    chosen = begins[plain].tolist()
    said = _alone()[made[chosen]].tolist()
    for group in np.flatnonzero(~single & kept).tolist():
        held = range(begins[group], begins[group] + counts[group])
        chain = tuple(_Joint(int(starts[at]), int(ends[at]), _made()[made[at]], at) for at in held)
        for choice in itertools.islice(_choices(chain), MOST_WAYS):
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


def _told(normalised: str, written: Codes, sought: Sought | None) -> Joints:
    """Return all parts that may be joined, and which of them may be looked for."""
    starts, ends, made = _joints(normalised, written)
    if sought is None or not len(starts):
        return starts, ends, made, np.ones(len(starts), dtype=np.bool_)
    return starts, ends, made, _wanted(written, starts, ends, made, sought)


def _looped(looped: Any, written: Codes, sought: Sought | None) -> Joints:
    """Return the same by a compiled loop, or nothing where none is looked for."""
    within = nothing() if sought is None else sought.within
    for room in (_ROOM, 2 * len(written) + 2):
        starts, ends, made = np.empty((3, room), dtype=np.intp)
        wanted = np.empty(room, dtype=np.bool_)
        count = looped.joints(written, *_searched(), *within, starts, ends, made, wanted)
        if count >= 0:
            break
    return starts[:count], ends[:count], made[:count], wanted[:count]


def _joints(
    normalised: str, written: NDArray[np.uint32]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return where all parts of a text that may be joined begin and end, and what they make (a place in `_made`).

    They are in the order of their starts, the longest first.
    """
    begins = _beginnings().take(_hashed(written[:-1], written[1:])).nonzero()[0]
    if len(begins) > _FEW:
        return _all_joints(written, begins)
    known = _known()
    found = [
        (at, at + length, place)
        for at in begins.tolist()
        for length in (3, 2)
        if at + length <= len(written) and (place := known.get(normalised[at : at + length])) is not None
    ]
    columns = np.array(found, dtype=np.intp).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def _all_joints(
    written: NDArray[np.uint32], begins: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the same, given where it may begin, by looking up all at once."""
    pairs = _packed(written[begins], written[begins + 1])
    triples = _packed(pairs, written.take(begins + 2, mode="clip"))
    lengths: list[NDArray[np.intp]] = []
    places: list[NDArray[np.intp]] = []
    starts: list[NDArray[np.intp]] = []
    for length, keys in ((3, triples), (2, pairs)):
        known, made = _sorted(length)
        at = np.minimum(known.searchsorted(keys), len(known) - 1)
        found = (known[at] == keys) & (begins + length <= len(written))
        starts.append(begins[found])
        lengths.append(np.full(len(starts[-1]), length, dtype=np.intp))
        places.append(made[at[found]])
    start, length_of, place = map(np.concatenate, (starts, lengths, places))
    order = np.argsort(start, kind="stable")
    return start[order], (start + length_of)[order], place[order]


def _wanted(
    written: NDArray[np.uint32],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
    made: NDArray[np.intp],
    sought: Sought,
) -> NDArray[np.bool_]:
    """Say of parts that may be joined whether what they make may stand there in something that is looked for."""
    left, right = written.take(starts - 1, mode="clip"), written.take(ends, mode="clip")
    character = _alone()[made]
    wanted: NDArray[np.bool_] = sought.beside(left, character, right) | (character == 0)
    # What stands beside parts may itself be parts of a character.
    near = starts[1:] <= np.maximum.accumulate(ends)[:-1]
    wanted[1:] |= near
    wanted[:-1] |= near
    return wanted


def _choices(joints: Sequence[_Joint]) -> Iterator[tuple[tuple[_Joint, str], ...]]:
    """Yield choices of joints that do not overlap, and what each makes, multiplied out over all joints."""
    clusters: list[list[tuple[tuple[_Joint, str], ...]]] = []
    held: list[_Joint] = []
    end = 0
    for joint in (*joints, None):
        apart = joint is None or joint.start >= end
        if held and (apart or len(held) == MOST_JOINTS):
            clusters.append(list(itertools.islice(_apart(tuple(held)), MOST_WAYS)))
            held = []
        if joint is not None and (held or apart):
            held.append(joint)
            end = max(end, joint.end)
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
def _ways() -> dict[str, str]:
    """Return the ways in which characters are written as parts, and the characters that each makes."""
    made: dict[str, str] = {}
    for rows, length in ((TRIPLES, 3), (PAIRS, 2)):
        for at in range(0, len(rows), length + 1):
            parts = rows[at : at + length]
            made[parts] = made.get(parts, "") + rows[at + length]
    return made


@functools.cache
def _known() -> dict[str, int]:
    """Return the ways with their places in `_made`."""
    return {parts: place for place, parts in enumerate(_ways())}


@functools.cache
def _sorted(length: int) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return the ways of so many parts, each as one number, in order, with their places in `_made`."""
    ways = [(parts, place) for parts, place in _known().items() if len(parts) == length]
    keys = np.array([[ord(part) for part in parts] for parts, _ in ways], dtype=np.uint32).T
    packed = functools.reduce(_packed, keys[1:], keys[0].astype(np.uint64))
    order = np.argsort(packed)
    return packed[order], np.array([place for _, place in ways], dtype=np.intp)[order]


def _packed(left: NDArray[np.uint32] | NDArray[np.uint64], right: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return two or three code points, of 21 bits each, as one number."""
    return left.astype(np.uint64) << np.uint64(21) | right


@functools.cache
def _made() -> tuple[str, ...]:
    """Return the characters that each way makes."""
    return tuple(_ways().values())


@functools.cache
def _alone() -> NDArray[np.uint32]:
    """Return the code point of the character that each way makes, 0 where it makes several."""
    return np.array([ord(made) if len(made) == 1 else 0 for made in _made()], dtype=np.uint32)


@functools.cache
def _searched() -> tuple[Any, ...]:
    """Return what the loop searches; the first two tables have single bits, to stay close to the processor."""
    bits = np.packbits(_beginnings(), bitorder="little")
    first, second = (np.array([ord(parts[at]) for parts in _ways()], dtype=np.uint32) for at in (0, 1))
    again = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
    again[two(first, second) * AGAIN >> np.uint32(32 - _HASH_BITS)] = True
    return bits, np.packbits(again, bitorder="little"), 32 - _HASH_BITS, *_sorted(3), *_sorted(2), _alone()


@functools.cache
def _beginnings() -> NDArray[np.bool_]:
    """Return which hashes the first two parts of a way may have: one look at 1 MiB instead of a search."""
    table = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
    first, second = (np.array([ord(parts[at]) for parts in _ways()], dtype=np.uint32) for at in (0, 1))
    table[_hashed(first, second)] = True
    return table


def _hashed(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return two(first, second) >> np.uint32(32 - _HASH_BITS)
