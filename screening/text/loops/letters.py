"""The loop of `view_pinyin`: which runs of Latin letters could be part of anything that is looked for.

What stands there is not read but only walked over, in every way in which letters may be cut: as letters, as syllables
from each place, with gaps, tones and parts of the text passed over more freely than a reading does. So whatever a
reading holds is walked over here too, and where nothing that is looked for begins so, nothing needs to be read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.loops.hashing import AGAIN, bit, three, two

_CODES, _BYTES, _SHORTS, _OUT = read(np.uint32), read(np.uint8), read(np.uint16), written(np.int64)
_A, _ALPHABET = ord("a"), 26
_HAN_FIRST, _HAN_LAST = 0x3400, 0x9FFF
_WIDEST_GAP = 2
_NEWLINE = 0x0A
"""Passed over, for the view takes the characters at the end of a line for such before letters."""

_AROUND = 11
"""Characters on each side of letters that one part of a reading may hold: eight, a gap, and a tone."""

_LONGEST_RUN, _LONGEST_RAW, _FREE_RUN, _FEW_VOWELS = 40, 8, 2, 2
"""Letters of a run that is cut into syllables, and of one that may be initials (both as `view_pinyin` has them); of one
that may be part of a syllable across gaps; and vowels within a run up to which the view finds a cut where there is one.
"""

_PARTED, _HAN, _LETTER, _RAW, _BEGINS, _ENDS, _CROSSES = 0, 1, 2, 4, 8, 16, 32
"""What is known of an element: nothing reaches across it; it is a character, or a letter; that may be read as it is; a
syllable may begin with it, or end with it; and syllables reach across gaps there."""

_MOST_EDGES = 8
_DEEPEST = 64
"""Sounds of something that is looked for up to which it is walked to its end."""


@compiled
def _stops(code: Any) -> Any:
    """Say whether no part of a reading reaches across a character."""
    return code in (0x00, 0x0D, 0x30, 0x5F) or 0x36 <= code <= 0x39


@compiled
def _is_letter(code: Any) -> Any:
    return _A <= code < _A + _ALPHABET


@compiled
def _run(codes: Any, first: Any, last: Any, children: Any, syllables: Any, kinds: Any, count: Any) -> Any:
    """Write down how the letters of one run may be read; return whether they say anything."""
    size = last - first
    digit = last < codes.size and 0x30 <= codes[last] <= 0x39
    if size <= _FREE_RUN or (digit and size <= _LONGEST_RUN):
        kinds[count : count + size] = _LETTER | _RAW | _BEGINS | _ENDS | _CROSSES
        return True
    kinds[count : count + size] = _LETTER | _RAW
    if size > _LONGEST_RUN:
        return digit
    begins, ends, vowels = np.zeros(size + 1, np.bool_), np.zeros(size + 1, np.bool_), 0
    begins[0] = ends[size] = True
    for back in range(size, 0, -1):
        # From the end: where what follows can be cut.
        at, node = back - 1, np.int64(0)
        vowels += at > 0 and codes[first + at] in (0x61, 0x65, 0x6F)
        while at < size:
            node = np.int64(children[node * _ALPHABET + np.int64(codes[first + at]) - _A])
            if not node:
                break
            at += 1
            if syllables[node] and ends[at]:
                ends[back - 1] = True
    if not ends[0]:
        return size <= _LONGEST_RAW
    for start in range(size):
        at, node = start, np.int64(0)
        while begins[start] and at < size:
            node = np.int64(children[node * _ALPHABET + np.int64(codes[first + at]) - _A])
            if not node:
                break
            at += 1
            begins[at] |= syllables[node] != 0
    raw = _LETTER | _RAW if vowels > _FEW_VOWELS else _LETTER
    for at in range(size):
        kinds[count + at] = raw | (_BEGINS if begins[at] else 0) | (_ENDS if ends[at + 1] else 0)
    return True


@compiled
def _elements(
    codes: Any, first: Any, last: Any, sounds: Any, children: Any, syllables: Any, said: Any, kinds: Any
) -> Any:
    """Write down what between two places says something: letters, sounds, and where one part must end."""
    count = gap = 0
    at = first
    while at < last:
        code = codes[at]
        at += 1
        if _is_letter(code):
            begin = at - 1
            while at < last and _is_letter(codes[at]):
                at += 1
            gap = 0
            if _run(codes, begin, at, children, syllables, kinds, count):
                said[count : count + at - begin] = codes[begin:at]
                count += at - begin
            else:
                kinds[count], said[count] = _PARTED, 0
                count += 1
        elif _HAN_FIRST <= code <= _HAN_LAST:
            kinds[count], said[count] = _HAN, sounds[code]
            gap = 0
            count += 1
        elif code != _NEWLINE and not 0x31 <= code <= 0x35:
            gap += 1
            if gap > _WIDEST_GAP or _stops(code):
                kinds[count], said[count] = _PARTED, 0
                count += 1
    return count


@compiled
def _edges(at: Any, count: Any, said: Any, kinds: Any, children: Any, syllables: Any, labels: Any, nexts: Any) -> Any:
    """Write down what may be read from a place on, and where it ends; return in how many ways."""
    if at >= count or kinds[at] == _PARTED:
        return 0
    labels[0], nexts[0] = said[at], at + 1
    if kinds[at] == _HAN:
        return 1
    ways, node, begun = np.int64(kinds[at] & _RAW != 0), np.int64(0), kinds[at]
    while begun & _BEGINS and at < count and kinds[at] > _HAN and (kinds[at] ^ begun) & _CROSSES == 0:
        node = np.int64(children[node * _ALPHABET + np.int64(said[at]) - _A])
        if not node:
            break
        at += 1
        if syllables[node] and kinds[at - 1] & _ENDS and ways < _MOST_EDGES:
            labels[ways], nexts[ways] = syllables[node], at
            ways += 1
    return ways


@compiled
def _ahead(count: Any, kinds: Any) -> Any:
    """Return for each element where the next letter stands, -1 where none does before one part must end."""
    letters = np.empty(count, np.int64)
    letter: Any = -1
    for at in range(count - 1, -1, -1):
        if kinds[at] == _PARTED:
            letter = -1
        elif kinds[at] > _HAN:
            letter = at
        letters[at] = letter
    return letters


@compiled
def _may(
    count: Any, said: Any, kinds: Any, children: Any, syllables: Any, tables: Any, shifts: Any, longest: Any
) -> Any:
    """Say whether anything that is looked for, a letter in it, may be read."""
    pairs, longer, widths, wholes = tables
    letters = _ahead(count, kinds)
    labels, nexts = np.empty((_DEEPEST, _MOST_EDGES), np.uint32), np.empty((_DEEPEST, _MOST_EDGES), np.int64)
    ways, taken, hashes = np.empty(_DEEPEST, np.int64), np.empty(_DEEPEST, np.int64), np.empty(_DEEPEST, np.uint32)
    for at in range(count):
        letter, depth, deepest = letters[at], 0, np.int64(2)
        if letter < 0 or letter - at >= longest:
            continue
        ways[0], taken[0] = _edges(at, count, said, kinds, children, syllables, labels[0], nexts[0]), 0
        while depth >= 0:
            if taken[depth] == ways[depth]:
                depth -= 1
                continue
            label, end = labels[depth, taken[depth]], nexts[depth, taken[depth]]
            taken[depth] += 1
            if depth == 0:
                hashes[0] = label
            elif depth == 1:
                hashes[1] = two(hashes[0], label)
                if letter < end and bit(pairs, hashes[1], shifts[0]):
                    return True
            else:
                hashes[depth] = three(hashes[depth - 1], label)
                if depth == 2:
                    if not bit(longer, hashes[2], shifts[1]):
                        continue
                    deepest = np.int64(widths[np.uint64(np.uint32(hashes[2] * AGAIN) >> shifts[2])]) - 1
                    if letter >= max(end, at + deepest + 1):
                        continue
                    if deepest >= _DEEPEST:
                        return True
                again = np.uint32(hashes[depth] * AGAIN)
                if letter < end and bit(wholes, hashes[depth], shifts[3]) and bit(wholes, again, shifts[3]):
                    return True
                if depth >= deepest:
                    continue
            depth += 1
            ways[depth] = _edges(end, count, said, kinds, children, syllables, labels[depth], nexts[depth])
            taken[depth] = 0
    return False


@ready(
    _CODES, NUMBER, _SHORTS, _SHORTS, _SHORTS, *(_BYTES,) * 4, *(NUMBER,) * 5, _OUT, _OUT
)  # fmt: skip
def spelling(
    codes: Any,
    far: Any,
    sounds: Any,
    children: Any,
    syllables: Any,
    pairs: Any,
    longer: Any,
    widths: Any,
    wholes: Any,
    pair_shift: Any,
    longer_shift: Any,
    width_shift: Any,
    whole_shift: Any,
    longest: Any,
    starts: Any,
    ends: Any,
) -> Any:
    """Write down where runs of letters begin and end that could be part of something that is looked for.

    Args:
        codes: the code points of a text.
        far: characters between two runs from which on they are told apart.
        sounds: by code point what a character sounds like.
        children: by 26 times a place in the tree of syllables and a letter, the place to which it leads; 0 for none.
        syllables: by place in the tree the sound of the syllable that ends there, 0 where none does.
        pairs: of what is looked for, as `skimmed` takes it.
        longer: the same.
        widths: the same.
        wholes: two bits for each hash of all of something that is looked for.
        pair_shift: the same.
        longer_shift: the same.
        width_shift: the same.
        whole_shift: how far that hash is shifted to a place among the bits.
        longest: characters of the longest of what is looked for.
        starts: takes where runs begin.
        ends: takes where they end.

    Returns:
        How many there are; -1 where there are more than there is room for.
    """
    size, found, at = codes.size, 0, 0
    tables = (pairs, longer, widths, wholes)
    shifts = (np.uint32(pair_shift), np.uint32(longer_shift), np.uint32(width_shift), np.uint32(whole_shift))
    while at < size:
        if not _is_letter(codes[at]):
            at += 1
            continue
        # All runs that are close together are one group.
        group, last = found, at
        while at < size and at - last <= far:
            if not _is_letter(codes[at]):
                at += 1
                continue
            if found == starts.size:
                return -1
            starts[found] = at
            while at < size and _is_letter(codes[at]):
                at += 1
            ends[found] = last = at
            found += 1
        begin, end = max(starts[group] - _AROUND, 0), min(last + _AROUND, size)
        said, kinds = np.empty(end - begin, np.uint32), np.empty(end - begin, np.uint8)
        count = _elements(codes, begin, end, sounds, children, syllables, said, kinds)
        if not _may(count, said, kinds, children, syllables, tables, shifts, longest):
            found = group
    return found
