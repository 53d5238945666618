"""Loops that look for texts like one by letter and by sound: `signatures` and `vocabulary`, compiled.

Letters come as bytes. Edits are counted as `scoring.edits` does ("optimal string alignment"), in the bits of one number
as Hyyrö (2003) describes it, so that a text asked for has at most `MOST_LETTERS` letters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import compiled, grown, set_bits
from screening.watchlist.scoring import LONGEST, MOST_EDITS

_LETTERS = 26
_CODES = 128
"""A letter is looked up by its code as it stands."""

_LANES = 128
"""The edits of so many texts are counted side by side, so that what is worked on stays small."""

_ONE = np.uint64(1)
_NONE = np.uint64(0)
_ALL = ~np.uint64(0)


@compiled
def _places_of_letters(text: Any) -> Any:
    places = np.zeros(_CODES, np.uint64)
    for place in range(text.size):
        places[text[place]] |= _ONE << np.uint64(place)
    return places


@compiled
def _edits(places: Any, length: Any, letters: Any, first: Any, last: Any) -> Any:
    """Return the edits between a text, given by the places of its letters, and some letters."""
    if length == 0:
        return last - first
    up, down, diagonal, before = _ALL, _NONE, _NONE, _NONE
    top = _ONE << np.uint64(length - 1)
    apart = length
    for place in range(first, last):
        same = places[letters[place]]
        swapped = (((~diagonal) & same) << _ONE) & before
        diagonal = (((same & up) + up) ^ up) | same | down | swapped
        right = down | ~(diagonal | up)
        left = diagonal & up
        if right & top:
            apart += 1
        if left & top:
            apart -= 1
        right = (right << _ONE) | _ONE
        left <<= _ONE
        up = left | ~(diagonal | right)
        down = right & diagonal
        before = same
    return apart


@compiled
def _signature(text: Any) -> Any:
    bits = _NONE
    for place in range(text.size):
        bit = _ONE << np.uint64(text[place] - 97)
        if bits & bit:
            bit <<= np.uint64(_LETTERS)
        bits |= bit
    return bits


@compiled
def _passing(bits: Any, mine: Any, most: Any, differing: Any, flags: Any) -> Any:
    """Flag the texts of one length whose sets of letters do not lie too far apart.

    Without a branch and over a slice from its beginning, so that the processor looks at several texts at a time.
    """
    for place in range(bits.size):
        theirs = bits[place]
        more, less = set_bits(theirs & ~mine), set_bits(mine & ~theirs)
        flags[place] = (more <= most) & (less <= most) & (more + less <= differing)
    # What stands behind is read too, eight flags at a time.
    for place in range(bits.size, 8 * ((bits.size + 7) // 8)):
        flags[place] = 0


@compiled
def _chosen(flags: Any, count: Any, first: Any, ranks: Any) -> Any:
    """Write down the ranks that are flagged, and return how many they are."""
    eights = flags.view(np.uint64)
    size = 0
    for eight in range((count + 7) // 8):
        left = eights[eight]
        while left:
            lowest = left & (~left + _ONE)
            ranks[size] = first + 8 * eight + (set_bits(lowest - _ONE) >> 3)
            size += 1
            left ^= lowest
    return size


@compiled
def _edits_of(places: Any, length: Any, letters: Any, other: Any, at_letter: Any, side: Any) -> Any:
    """Count the edits as `_edits` does, for texts of `other` letters side by side.

    Args:
        places: where each letter stands in the text asked for.
        length: the letters of that.
        letters: the letters of the texts.
        other: how many letters each has.
        at_letter: where each begins; it is moved on.
        side: what is worked on; its last row holds the edits in the end.
    """
    lanes = at_letter.size
    same, up, down, diagonal, before, edits = side[0], side[1], side[2], side[3], side[4], side[5]
    for lane in range(lanes):
        up[lane], down[lane], diagonal[lane], before[lane] = _ALL, _NONE, _NONE, _NONE
        edits[lane] = np.uint64(length)
    if length == 0:
        edits[:lanes] = np.uint64(other)
        return
    top = np.uint64(length - 1)
    for _ in range(other):
        for lane in range(lanes):
            same[lane] = places[letters[at_letter[lane]]]
            at_letter[lane] += 1
        for lane in range(lanes):
            now, above, below = same[lane], up[lane], down[lane]
            swapped = (((~diagonal[lane]) & now) << _ONE) & before[lane]
            across = (((now & above) + above) ^ above) | now | below | swapped
            right = below | ~(across | above)
            left = across & above
            edits[lane] += ((right >> top) & _ONE) - ((left >> top) & _ONE)
            right = (right << _ONE) | _ONE
            left <<= _ONE
            up[lane] = left | ~(across | right)
            down[lane] = right & across
            diagonal[lane] = across
            before[lane] = now


@compiled
def _near(text: Any, places: Any, base: Any, texts: Any, allowed: Any) -> Any:
    """Return the ranks of the texts within the edits allowed, and how many edits each has.

    Texts of one length are read letter by letter, all of them side by side.
    """
    length = text.size
    mine = _signature(text)
    reach = allowed[length + MOST_EDITS]
    bits, letters, offsets, keys, starts = texts.bits, texts.letters, texts.offsets, texts.keys, texts.starts
    shortest = np.searchsorted(keys, base + max(0, length - reach))
    longest = np.searchsorted(keys, base + length + reach + 1)
    most_texts = 0
    for at in range(shortest, longest):
        most_texts = max(most_texts, starts[at + 1] - starts[at])
    size = 8 * ((most_texts + 7) // 8)
    flags, chosen = np.empty(size, np.uint8), np.empty(size, np.int64)
    side, at_letter = np.empty((6, _LANES), np.uint64), np.empty(_LANES, np.int64)
    edits = side[5]
    ranks, apart, count = np.empty(64, np.int64), np.empty(64, np.int64), 0
    for at in range(shortest, longest):
        other = keys[at] - base
        most = allowed[max(length, other)]
        longer = abs(length - other)
        if longer > most:
            continue
        first, last = starts[at], starts[at + 1]
        _passing(bits[first:last], mine, most, 2 * most - longer, flags)
        lanes = _chosen(flags, last - first, first, chosen)
        read = letters[offsets[first] : offsets[last]]
        for start in range(0, lanes, _LANES):
            block = chosen[start : min(lanes, start + _LANES)]
            for lane in range(block.size):
                at_letter[lane] = (block[lane] - first) * other
            _edits_of(places, length, read, other, at_letter[: block.size], side)
            for lane in range(block.size):
                if edits[lane] <= np.uint64(most):
                    if count == ranks.size:
                        ranks, apart = grown(ranks), grown(apart)
                    ranks[count] = block[lane]
                    apart[count] = edits[lane]
                    count += 1
    return ranks[:count], apart[:count]


@compiled
def near(text: Any, base: Any, texts: Any, allowed: Any) -> Any:
    """Return the places of the texts within the edits allowed, and how many edits each has.

    Args:
        text: of at most `MOST_LETTERS` letters.
        base: what is added to a length in the keys of the texts that count.
        texts: to be searched.
        allowed: how many edits there may be, by the length of the longer.
    """
    ranks, apart = _near(text, _places_of_letters(text), base, texts, allowed)
    places = np.empty(ranks.size, np.int64)
    for place in range(ranks.size):
        places[place] = texts.order[ranks[place]]
    return places, apart


@compiled
def heard(asked: Any, words: Any, pairs: Any, tables: Any) -> Any:
    """Return, question by question, the numbers of the texts like one by letter or by sound, and their likeness.

    Args:
        asked: the questions (`vocabulary.Questions`).
        words: the texts that all but pairs are asked of (`vocabulary.Listing`).
        pairs: those that pairs are asked of.
        tables: what counts as like (`vocabulary.Tables`).

    Returns:
        Where the answer to each question begins and the last ends, the numbers, the likenesses.
    """
    edges = np.zeros(asked.whats.size + 1, np.int64)
    numbers, values, count = np.empty(256, np.int64), np.empty(256, np.float64), 0
    for question in range(asked.whats.size):
        what, which = asked.whats[question], asked.texts[question]
        text = asked.letters[asked.edges[which] : asked.edges[which + 1]]
        sound = asked.beats[asked.beat_edges[which] : asked.beat_edges[which + 1]]
        allowed, least = tables.allowed[what], tables.least[what]
        if what == tables.of_pairs:
            found, alike = _heard(text, sound, pairs, allowed, tables.likeness, tables.factor, least)
        else:
            found, alike = _heard(text, sound, words, allowed, tables.likeness, tables.factor, least)
        further = asked.further[question]
        while count + found.size + 1 > numbers.size:
            numbers, values = grown(numbers), grown(values)
        numbers[count : count + found.size] = found
        values[count : count + found.size] = alike
        count += found.size
        if further >= 0:
            numbers[count], values[count] = further, tables.further
            count += 1
        edges[question + 1] = count
    return edges, numbers[:count], values[:count]


@compiled
def _heard(text: Any, sound: Any, listing: Any, allowed: Any, likeness: Any, factor: Any, least: Any) -> Any:
    """Return the numbers of the texts like a text by letter or by sound, and the better of the two likenesses."""
    texts, sounds, sounding, number_of = listing.letters, listing.sounds, listing.sounding, listing.numbers
    length, loud = text.size, sound.size
    places, beats = _places_of_letters(text), _places_of_letters(sound)
    base = LONGEST * (sound[0] - 96) if loud else 0
    widest = factor.shape[0] - 1
    ranks, apart = _near(text, places, 0, texts, allowed)
    found, values, count = np.empty(ranks.size + 64, np.int64), np.empty(ranks.size + 64, np.float64), 0
    for each in range(ranks.size):
        rank = ranks[each]
        place = texts.order[rank]
        other = texts.offsets[rank + 1] - texts.offsets[rank]
        value = likeness[apart[each], max(length, other)]
        by_sound = factor[min(length, widest), min(other, widest)]
        if by_sound > value:
            at = sounding.sound_rank_of[sounding.sound_of[place]]
            first, last = sounds.offsets[at], sounds.offsets[at + 1]
            if (first == last and loud == 0) or (first < last and loud and sounds.letters[first] == sound[0]):
                edits = _edits(beats, loud, sounds.letters, first, last)
                if edits <= allowed[max(loud, last - first)]:
                    value = max(value, by_sound * likeness[edits, max(loud, last - first)])
        if value >= least:
            found[count], values[count] = number_of[place], value
            count += 1
    ranks, apart = _near(sound, beats, base, sounds, allowed)
    for each in range(ranks.size):
        rank = ranks[each]
        which = sounds.order[rank]
        alike = likeness[apart[each], max(loud, sounds.offsets[rank + 1] - sounds.offsets[rank])]
        for held in range(sounding.edges[which], sounding.edges[which + 1]):
            place = sounding.by_sound[held]
            at = sounding.rank_of[place]
            first, last = texts.offsets[at], texts.offsets[at + 1]
            value = factor[min(length, widest), min(last - first, widest)] * alike
            if value < least:
                continue
            most = allowed[max(length, last - first)]
            # Who is near by letter was found above.
            if abs(length - (last - first)) > most or _edits(places, length, texts.letters, first, last) > most:
                if count == found.size:
                    found, values = grown(found), grown(values)
                found[count], values[count] = number_of[place], value
                count += 1
    return found[:count], values[:count]
