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
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_ALL = ~np.uint64(0)


@compiled
def _places_of_letters(text: Any) -> Any:
    places = np.zeros(_LETTERS, np.uint64)
    for place in range(text.size):
        places[text[place] - 97] |= _ONE << np.uint64(place)
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
        same = places[letters[place] - 97]
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
def _near(text: Any, places: Any, base: Any, texts: Any, allowed: Any) -> Any:
    """Return the ranks of the texts within the edits allowed, and how many edits each has."""
    length = text.size
    mine = _signature(text)
    reach = allowed[length + MOST_EDITS]
    ranks, apart, count = np.empty(64, np.int64), np.empty(64, np.int64), 0
    bits, letters, offsets, keys, starts = texts.bits, texts.letters, texts.offsets, texts.keys, texts.starts
    for other in range(max(0, length - reach), length + reach + 1):
        at = np.searchsorted(keys, base + other)
        if at == keys.size or keys[at] != base + other:
            continue
        most = allowed[max(length, other)]
        longer = abs(length - other)
        if longer > most:
            continue
        differing = 2 * most - longer
        for rank in range(starts[at], starts[at + 1]):
            theirs = bits[rank]
            if set_bits(theirs ^ mine) > differing:
                continue
            if set_bits(theirs & ~mine) > most or set_bits(mine & ~theirs) > most:
                continue
            edits = _edits(places, length, letters, offsets[rank], offsets[rank + 1])
            if edits <= most:
                if count == ranks.size:
                    ranks, apart = grown(ranks), grown(apart)
                ranks[count] = rank
                apart[count] = edits
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
def heard(
    text: Any, sound: Any, texts: Any, sounds: Any, sounding: Any, allowed: Any, likeness: Any, factor: Any, least: Any
) -> Any:
    """Return the places of the texts like a text by letter or by sound, and the better of the two likenesses.

    Args:
        text: of at most `MOST_LETTERS` letters.
        sound: its sound.
        texts: to be searched.
        sounds: their sounds, each once, by their first letter and length.
        sounding: which is whose.
        allowed: how many edits there may be, by the length of the longer.
        likeness: `scoring.likeness_of`, by edits and length.
        factor: `scoring.sound_factor`, by two lengths.
        least: the least likeness that counts.
    """
    length, loud = text.size, sound.size
    places, beats = _places_of_letters(text), _places_of_letters(sound)
    base = LONGEST * (sound[0] - 96) if loud else 0
    widest = factor.shape[0] - 1
    found, values, count = np.empty(64, np.int64), np.empty(64, np.float64), 0
    ranks, apart = _near(text, places, 0, texts, allowed)
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
            if count == found.size:
                found, values = grown(found), grown(values)
            found[count], values[count] = place, value
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
                found[count], values[count] = place, value
                count += 1
    return found[:count], values[:count]
