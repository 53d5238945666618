"""The loop that weighs words without vowels against many words spelled out: `skeletons`, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import compiled


@compiled
def remainders(written: Any, written_edges: Any, sounds: Any, sound_edges: Any, costs: Any, least: Any) -> Any:
    """Return for each pair of a word without vowels and a spelling what is left of the written letters.

    Args:
        written: the capitals of all words, by number, one word after the other.
        written_edges: where the word of each pair begins, and the last ends.
        sounds: the sounds of all spellings, by number.
        sound_edges: the same for the spellings.
        costs: what it costs that a sound stands for a capital, that one stands there first, that a capital is left
            out, that it is left out first, that a sound is too much, that one ends a word too much.
        least: what is under it may be 0.0.
    """
    stands, first_stands, left_out, first_left_out, extra, last_extra = costs
    count = written_edges.size - 1
    left = np.zeros(count, np.float64)
    for pair in range(count):
        start, end = written_edges[pair], written_edges[pair + 1]
        begin, stop = sound_edges[pair], sound_edges[pair + 1]
        size = stop - begin
        extras, row = np.empty(size, np.float64), np.empty(size + 1, np.float64)
        following = np.empty(size + 1, np.float64)
        row[0] = 0.0
        for place in range(size):
            sound = sounds[begin + place]
            extras[place] = last_extra[sound] if place == size - 1 else extra[sound]
            if place and sounds[begin + place - 1] == sound:
                extras[place] = 0.0
            row[place + 1] = row[place] + extras[place]
        alike = True
        for number in range(start, end):
            capital = written[number]
            first = number == start
            out = left_out[capital]
            following[0] = row[0] + (first_left_out[capital] if first else out)
            lowest = following[0]
            for place in range(size):
                sound = sounds[begin + place]
                cost = first_stands[capital, sound] if first else stands[capital, sound]
                value = min(row[place] + cost, row[place + 1] + out, following[place] + extras[place])
                following[place + 1] = value
                lowest = min(lowest, value)
            row, following = following, row
            if 1.0 - lowest / (end - start) < least:
                # Costs only grow, so that the words are not alike whatever follows.
                alike = False
                break
        if alike:
            left[pair] = max(0.0, 1.0 - row[size] / (end - start))
    return left
