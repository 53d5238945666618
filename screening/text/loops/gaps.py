"""The loop of `views.near_gaps`: what of a text a term could stand in over symbols, these left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready
from screening.text.loops.hashing import two
from screening.text.normalize import SEPARATOR
from screening.text.views import HAN, STOP, SYMBOL

_PARTED = ord(SEPARATOR)


@compiled
def _symbols(codes: Any, kinds: Any) -> Any:
    """Return where symbols stand, told without a question, for ordinary text answers it now so, now so."""
    found, count = np.empty(codes.size, np.int32), np.int64(0)
    for at in range(codes.size):
        found[count] = at
        count += np.int64(kinds[codes[at]] >= SYMBOL)
    return found[:count]


@compiled
def _marked(codes: Any, kinds: Any, symbols: Any, inside: Any, shift: Any, longest: Any, largest: Any) -> Any:
    """Return a mark for each character that a term over a gap may reach; nothing where there is no such gap."""
    size = codes.size
    marks = np.zeros(0, np.uint8)
    first: Any = 0
    # What is marked whole ends before `end`, where `ahead` characters that are no symbols stand before.
    end: Any = 0
    ahead: Any = 0
    for each in range(symbols.size):
        if each + 1 < symbols.size and symbols[each + 1] == symbols[each] + 1:
            continue
        begin, first = first, each + 1
        left, right = np.int64(symbols[begin]) - 1, np.int64(symbols[each]) + 1
        if right - left - 1 > largest or left < 0 or right >= size:
            continue
        if kinds[codes[left]] != HAN or kinds[codes[right]] != HAN:
            continue
        if inside.size and not inside[two(codes[left], codes[right]) >> shift]:
            continue
        if marks.size == 0:
            marks = np.zeros(size + 8 - size % 8, np.uint8)
        stopped = False
        for place in range(begin, each + 1):
            stopped = stopped or kinds[codes[symbols[place]]] == STOP
        if stopped:
            marks[left] = marks[right] = 1
            continue
        found: Any = 0
        while left >= end and found < longest:
            if kinds[codes[left]] < SYMBOL:
                marks[left] = 1
                found += 1
            left -= 1
        before = right - each - 1
        if end <= right:
            end, ahead = right, before
        while end < size and ahead < before + longest:
            if kinds[codes[end]] < SYMBOL:
                marks[end] = 1
                ahead += 1
            end += 1
    return marks


@compiled
def _joins(codes: Any, kinds: Any, before: Any, after: Any) -> Any:
    """Say whether nothing but symbols stands between two places."""
    place = before + 1
    while place < after and kinds[codes[place]] >= SYMBOL:
        place += 1
    return bool(place == after)


@ready(read(np.uint32), read(np.uint8), read(np.uint8), *(NUMBER,) * 3)
def near_gaps(codes: Any, kinds: Any, inside: Any, inside_shift: Any, longest: Any, largest: Any) -> Any:
    """Return what `views.near_gaps` does, as code points and places; nothing where there is no gap.

    Args:
        codes: the text's code points.
        kinds: the kind of every code point.
        inside: by the hash of two characters whether a term may hold them side by side; empty where any may.
        inside_shift: how far the hash is shifted to a place in that table.
        longest: characters of the longest term.
        largest: the most symbols between two characters of a term.
    """
    marks = _marked(codes, kinds, _symbols(codes, kinds), inside, np.uint32(inside_shift), longest, largest)
    total: Any = 0
    eights = marks.view(np.uint64)
    for eight in range(eights.size):
        if eights[eight]:
            for at in range(8 * eight, 8 * eight + 8):
                total += np.int64(marks[at])
    kept, places = np.empty(2 * total, np.uint32), np.empty(2 * total, np.int32)
    count: Any = 0
    last: Any = -1
    for eight in range(eights.size):
        if eights[eight] == 0:
            continue
        for at in range(8 * eight, 8 * eight + 8):
            if marks[at] == 0:
                continue
            if last >= 0 and not _joins(codes, kinds, last, at):
                kept[count], places[count] = _PARTED, last + 1
                count += 1
            kept[count], places[count] = codes[at], at
            count += 1
            last = at
    return kept[:count], places[:count]
