"""The loops of `lexicon.hearing`: what sounds like a term is weighed, and judged among the words around it.

They do what `view_sound.believable` and `oddity.oddity` say in words, for many candidates at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import NUMBER, compiled, read, ready, written
from screening.text.hashes import SPREAD

_CODES, _BYTES, _INTS, _PAIRS = read(np.uint32), read(np.uint8), read(np.int32), read(np.uint64)
_FLAGS, _OUT = read(np.bool_), written(np.bool_)
_CHARACTER, _ONE = np.uint64(21), np.uint64(1)


@compiled
def _is_word(first: Any, second: Any, pairs: Any, shift: Any, asked: Any, answers: Any) -> Any:
    """Say whether two characters are a word: 1, 0, or -1 where that is not known."""
    pair = np.uint64(first) << _CHARACTER | np.uint64(second)
    held = pairs[np.uint64(pair * SPREAD) >> shift]
    if held >> _ONE == pair:
        return np.int64(held & _ONE)
    at = np.searchsorted(asked, pair)
    if at < asked.size and asked[at] == pair:
        return np.int64(answers[at])
    return np.int64(-1)


@ready(
    _CODES, read(np.int32), NUMBER, _CODES, _INTS, _FLAGS, _BYTES, read(np.float64), _INTS,
    _PAIRS, NUMBER, _PAIRS, _FLAGS, written(np.uint64), _OUT
)  # fmt: skip
def weighed(
    codes: Any,
    table: Any,
    kept: Any,
    meant: Any,
    begins: Any,
    several: Any,
    rarity: Any,
    least: Any,
    in_word: Any,
    pairs: Any,
    shift: Any,
    asked: Any,
    answers: Any,
    unknown: Any,
    worth: Any,
) -> Any:
    """Say of candidates whether they may be believed.

    Args:
        codes: the code points of a text.
        table: the candidates, one after the other: start, end, pattern.
        kept: the most bits of a character that nobody altered.
        meant: the terms of all patterns, joined.
        begins: for each pattern where its term begins there.
        several: for each pattern whether it stands for several terms.
        rarity: by code point what a character alone is worth.
        least: by length the bits that a candidate must reach.
        in_word: bits of a character in a word, of an altered one, and the fewest that altered characters must have in a
            candidate of up to four characters, and in a longer one.
        pairs: by hash a pair of characters and whether it is a word.
        shift: how far that hash is shifted to a place.
        asked: further pairs, in order.
        answers: which of them are words.
        unknown: takes pairs of which nothing is known; they count as no words.
        worth: takes the answers.

    Returns:
        How many pairs are unknown; -1 where there are more than there is room for.
    """
    missing: Any = 0
    moved = np.uint64(shift)
    for row in range(worth.size):
        start, end, pattern = np.int64(table[3 * row]), np.int64(table[3 * row + 1]), table[3 * row + 2]
        width, total = end - start, np.int64(0)
        for at in range(start, end):
            total += rarity[codes[at]]
        worth[row] = False
        if total < least[width]:
            continue
        words, found = np.zeros(width + 1, np.bool_), np.int64(0)
        for at in range(width + 1):
            left = start - 1 + at
            if left < 0:
                continue
            answer = _is_word(codes[left], codes[left + 1], pairs, moved, asked, answers)
            words[at] = answer > 0
            if answer < 0:
                if missing + found == unknown.size:
                    return -1
                unknown[missing + found] = np.uint64(codes[left]) << _CHARACTER | np.uint64(codes[left + 1])
                found += 1
        if width > 2 and not (words[0] and words[width]):
            words[0] = words[width] = False
        bits = changed = np.int64(0)
        for at in range(width):
            covered, alone = words[at] or words[at + 1], np.int64(rarity[codes[start + at]])
            if several[pattern] or codes[start + at] != meant[begins[pattern] + at]:
                gained = np.int64(in_word[1]) if covered else alone
                changed += gained
            else:
                gained = np.int64(in_word[0]) if covered else min(alone, kept)
            bits += gained
        worth[row] = bits >= least[width] and changed >= (in_word[2] if width <= 4 else in_word[3])
        if worth[row]:
            # What is a word takes bits off: a candidate that has too few without need not be asked about.
            missing += found
    return missing


@compiled
def _han(code: Any) -> Any:
    return 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x323AF


@compiled
def _alike(one: Any, other: Any, rows: Any, ends: Any, syllables: Any) -> Any:
    """Say whether two characters may be read alike."""
    first, second = np.int64(rows[one]), np.int64(rows[other])
    for at in range(ends[first], ends[first + 1]):
        for against in range(ends[second], ends[second + 1]):
            if syllables[at] == syllables[against]:
                return True
    return False


@ready(
    _CODES, read(np.int32), _CODES, _INTS, _INTS, _INTS, _BYTES, read(np.uint16), _INTS, read(np.uint16),
    read(np.float64), read(np.float64), _INTS, _OUT
)  # fmt: skip
def believed(
    codes: Any,
    table: Any,
    meant: Any,
    begins: Any,
    firsts: Any,
    words: Any,
    rarity: Any,
    rows: Any,
    ends: Any,
    syllables: Any,
    enough: Any,
    bits: Any,
    counts: Any,
    answers: Any,
) -> None:
    """Say of candidates whether they are more than an accident.

    Args:
        codes: the code points of a text.
        table: the candidates, one after the other: start, end, pattern.
        meant: the terms of all patterns, joined.
        begins: for each pattern where its term begins there.
        firsts: for each candidate where the words around it begin, and behind that where they end.
        words: the lengths of the words around all candidates, one between those of two candidates.
        rarity: by code point what a character alone is worth.
        rows: by code point a row of readings.
        ends: for each row where its readings begin; the next one's begin where they end.
        syllables: the readings.
        enough: by length the bits that are no accident.
        bits: `oddity.KEPT`, `view_sound.NEAR`, `oddity.WEIGHTS`.
        counts: `oddity.COUNTS`.
        answers: takes the answers.
    """
    most_kept, near, penalty, share = bits[0], bits[1], bits[2], bits[3]
    two, three, six, least_short, least_long = bits[4], bits[5], bits[6], bits[7], bits[8]
    alone, usual_bits, name, short, few = counts[0], counts[1], counts[2], counts[3], counts[4]
    word: Any = 0
    for row in range(answers.size):
        start, stop = np.int64(table[3 * row]), np.int64(table[3 * row + 1])
        term = np.int64(begins[table[3 * row + 2]]) - start
        begin, last = np.int64(firsts[2 * row]), np.int64(firsts[2 * row + 1])
        total = changed = 0.0
        odd = around = usual = np.int64(0)
        same, foreign = True, False
        while begin < last:
            size = np.int64(words[word])
            word += 1
            end = begin + size
            if end <= start or begin >= stop:
                if _han(codes[begin]):
                    around += size
                    if size == 1:
                        odd += rarity[codes[begin]] > alone
                        usual += rarity[codes[begin]] <= usual_bits
                begin = end
                continue
            inner, outer = max(begin, start), min(end, stop)
            replaced, lost = np.int64(0), 0.0
            for at in range(inner, outer):
                if codes[at] != meant[term + at]:
                    same = False
                    replaced += 1
                    foreign = foreign or not _han(codes[at])
                    if size == 1 and not _alike(codes[at], meant[term + at], rows, ends, syllables):
                        lost = near
            held = np.float64(outer - inner)
            if size == 1:
                rare = np.float64(rarity[codes[begin]]) if _han(codes[begin]) else 0.0
                if replaced:
                    total += rare - lost
                    changed += rare - lost
                else:
                    total += min(rare, most_kept)
            elif replaced:
                total += (two if outer - inner < size else three) * held
                changed += three * np.float64(replaced)
            else:
                total += (three if outer - inner < size else six) * held
            begin = end
        word += 1
        length = stop - start
        answers[row] = False
        if same or foreign or changed < (least_short if length <= 4 else least_long):
            continue
        if around < name and not usual and length <= short:
            continue
        if around >= few:
            total -= penalty * max(0.0, odd / around - share)
        answers[row] = max(0.0, total) >= enough[length]
