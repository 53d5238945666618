"""The loop that gathers candidates and bounds their scores: steps 1 and 3 of `index`, compiled.

For each candidate it does what `index` does with arrays for all of them: the likest word for each place of the query,
the weight that can agree on either side, and from these the most that the name can score (`ceilings`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import compiled, grown
from screening.watchlist.alignment import (
    ADDITION,
    FAINTNESS,
    FULL_EVIDENCE,
    LEAST_EVIDENCE,
    LONE_FACTOR,
    OMISSION,
)
from screening.watchlist.ceilings import SLACK

_AT_ONCE = 4096
"""So many candidates are bounded at once, so that memory stays small whatever the query."""


@compiled
def held_by(edges: Any, texts: Any, posted: Any) -> Any:
    """Return for each row how many names hold a text that it is like."""
    sizes = np.zeros(edges.size - 1, np.int64)
    for row in range(sizes.size):
        for each in range(edges[row], edges[row + 1]):
            sizes[row] += posted[texts[each] + 1] - posted[texts[each]]
    return sizes


@compiled
def reaching(asked: Any, held: Any, known: Any, work: Any) -> Any:
    """Return the names, in order, that can reach the floor, and those that are `known` to be compared.

    Names are marked as they are found, and then looked at in the order in which they lie in memory.

    Args:
        asked: the query.
        held: what the names hold.
        known: names to be returned whatever they can score.
        work: all zeros, before and after.
    """
    links = _marked(asked, held, known, work)
    lists = _listed(asked, work.chain)
    names = _unmarked(work.marks)
    most = np.zeros(names.size, np.float64)
    for start in range(0, names.size, _AT_ONCE):
        _bound(names[start : start + _AT_ONCE], most[start : start + _AT_ONCE], asked, held, work, links, lists)
    for each in range(known.size):
        most[np.searchsorted(names, known[each])] = np.inf
    for each in range(asked.texts.size):
        work.chain[asked.texts[each]] = 0
    return names[most >= asked.floor - SLACK]


@compiled
def _unmarked(marks: Any) -> Any:
    """Return the names that are marked, in order, and take the marks away."""
    names, count = np.empty(1024, np.int64), 0
    eights = marks.view(np.uint64)
    for eight in range(eights.size):
        if eights[eight] == 0:
            continue
        for name in range(8 * eight, 8 * eight + 8):
            if marks[name]:
                if count == names.size:
                    names = grown(names)
                names[count] = name
                count += 1
        eights[eight] = 0
    return names[:count]


@compiled
def _bound(names: Any, most: Any, asked: Any, held: Any, work: Any, links: Any, lists: Any) -> Any:
    """Write down the most that each of some names can score.

    What lies far apart in memory is read first, name after name and word after word, so that the processor waits for
    many of them at a time.
    """
    edges, words, text_of, weight_of = held.edges, held.words, held.text_of, held.weight_of
    chain, heads = work.chain, work.heads
    starts, ends = np.empty(names.size, np.int64), np.empty(names.size, np.int64)
    entries = np.empty(names.size, np.int64)
    size = 0
    for each in range(names.size):
        starts[each], ends[each] = edges[names[each]], edges[names[each] + 1]
        entries[each] = heads[names[each]]
        size += ends[each] - starts[each]
    read, place = np.empty(size, np.int64), 0
    for each in range(names.size):
        for at in range(starts[each], ends[each]):
            read[place] = words[at]
            place += 1
    weighing, linking = np.empty(size, np.float64), np.empty(size, np.int64)
    for place in range(size):
        text = text_of[read[place]]
        weighing[place] = weight_of[read[place]]
        linking[place] = chain[text] if text >= 0 else 0
    following, link_value, link_place, link_weight = links
    after, row_of = lists
    values, first, second, weights = asked.values, asked.first, asked.second, asked.weights
    total_asked, several, reverse = asked.total, asked.several, asked.reverse
    best = np.zeros(weights.size, np.float64)
    at = 0
    for each in range(names.size):
        total, covered, linked, agreeing = 0.0, 0.0, 0, 0.0
        for place in range(best.size):
            best[place] = 0.0
        for _ in range(ends[each] - starts[each]):
            total += weighing[at]
            likest = 0.0
            link = linking[at]
            while link > 0:
                value = values[link - 1]
                row = row_of[link - 1]
                likest = max(likest, value)
                best[first[row]] = max(best[first[row]], value)
                if second[row] >= 0:
                    best[second[row]] = max(best[second[row]], value)
                link = after[link - 1]
            covered += likest * weighing[at]
            at += 1
        for place in range(best.size):
            linked += best[place] > 0.0
        entry = entries[each]
        if entry > 0:
            heads[names[each]] = 0
        while entry > 0:
            value = link_value[entry - 1]
            best[link_place[entry - 1]] = max(best[link_place[entry - 1]], value)
            covered += value * link_weight[entry - 1]
            linked += 2
            entry = following[entry - 1]
        for place in range(best.size):
            agreeing += best[place] * weights[place]
        most[each] = _most(agreeing, covered, total_asked, total, several and linked <= 1, reverse)


@compiled
def spread(asked: Any, texts: Any, chain: Any) -> Any:
    """Return how alike each row is to each of some listed words, each given once."""
    table = np.zeros((asked.first.size, texts.size), np.float64)
    for column in range(texts.size):
        chain[texts[column]] = column + 1
    for row in range(asked.first.size):
        for each in range(asked.edges[row], asked.edges[row + 1]):
            column = chain[asked.texts[each]]
            if column > 0:
                table[row, column - 1] = asked.values[each]
    for column in range(texts.size):
        chain[texts[column]] = 0
    return table


@compiled
def _marked(asked: Any, held: Any, known: Any, work: Any) -> Any:
    """Mark the candidates, and return, as a chain for each, the pairs it holds that a word of the query is like."""
    marks, heads = work.marks, work.heads
    posted, names = held.by_word_edges, held.by_word_names
    for row in range(asked.first.size):
        if not asked.gathering[row]:
            continue
        for each in range(asked.edges[row], asked.edges[row + 1]):
            text = asked.texts[each]
            for post in range(posted[text], posted[text + 1]):
                marks[names[post]] = 1
    posted, names, pair_weights = held.by_pair_edges, held.by_pair_names, held.by_pair_weights
    size = 0
    for each in range(asked.paired_texts.size):
        text = asked.paired_texts[each]
        size += posted[text + 1] - posted[text]
    following, values = np.empty(size, np.int64), np.empty(size, np.float64)
    places, weights = np.empty(size, np.int64), np.empty(size, np.float64)
    entry = 0
    for row in range(asked.paired_place.size):
        for each in range(asked.paired_edges[row], asked.paired_edges[row + 1]):
            text = asked.paired_texts[each]
            for post in range(posted[text], posted[text + 1]):
                name = names[post]
                marks[name] = 1
                values[entry] = asked.paired_values[each]
                places[entry] = asked.paired_place[row]
                weights[entry] = pair_weights[post]
                following[entry] = heads[name]
                entry += 1
                heads[name] = entry
    for each in range(known.size):
        marks[known[each]] = 1
    return following, values, places, weights


@compiled
def _listed(asked: Any, chain: Any) -> Any:
    """Return, as a chain for each listed word, the rows that are like it."""
    after = np.empty(asked.texts.size, np.int64)
    row_of = np.empty(asked.texts.size, np.int64)
    for row in range(asked.first.size):
        for each in range(asked.edges[row], asked.edges[row + 1]):
            text = asked.texts[each]
            row_of[each] = row
            after[each] = chain[text]
            chain[text] = each + 1
    return after, row_of


@compiled
def _most(agreeing: Any, covered: Any, total: Any, their_total: Any, lone: Any, reverse: Any) -> Any:
    """Return what `ceilings.ceilings` does, for one name."""
    mine = agreeing / max(total, SLACK)
    theirs = min(1.0, covered / max(their_total, SLACK))
    evidence = min(agreeing, covered)
    least = min(mine, theirs)
    lacking, adding = (ADDITION, OMISSION) if reverse else (OMISSION, ADDITION)
    score = max(mine * (1.0 - lacking * (1.0 - theirs)), theirs * (1.0 - adding * (1.0 - mine)))
    score *= 1.0 - FAINTNESS * max(0.0, FULL_EVIDENCE - evidence) * (1.0 - least)
    if lone:
        score *= LONE_FACTOR
    if evidence < LEAST_EVIDENCE - SLACK and least < 1.0 - SLACK:
        return 0.0
    return score
