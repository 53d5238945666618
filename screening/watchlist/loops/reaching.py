"""The loop that gathers candidates and bounds their scores: steps 1 to 3 of `index`, compiled.

Words by which nobody need be looked up are not set aside here: names are marked by all words, which is cheap, and it
is the marks that tell who cannot reach the floor. For each name left the loop does what `index` does with arrays for
all of them: the likest word for each place of the query, the weight that can agree on either side, and from these the
most that the name can score (`ceilings`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.compiling import compiled
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

_APART = 5
_REST, _TWICE, _KNOWN = 1 << 5, 1 << 6, 1 << 7
"""A mark has a bit for each of the first places of a query and one for all others; one where two words stand for one
of the query; one for what is compared in any case."""


@compiled
def reaching(asked: Any, held: Any, known: Any, work: Any) -> Any:
    """Return the names, in order, that can reach the floor, and those that are `known` to be compared.

    Of each name is marked which places of the query find a like word in it. That alone tells of most names that they
    cannot score the floor, so that their words are never read. The others are looked at in the order in which they lie
    in memory.

    Args:
        asked: the query.
        held: what the names hold.
        known: names to be returned whatever they can score.
        work: all zeros, before and after.

    Returns:
        The names; the texts of all their words, and how alike each row is to each of these.
    """
    marked, links, best = _marked(asked, held, known, work)
    names = _unmarked(work.marks, marked, _worthwhile(asked, best))
    lists = _listed(asked, work.chain)
    most = np.zeros(names.size, np.float64)
    for start in range(0, names.size, _AT_ONCE):
        _bound(names[start : start + _AT_ONCE], most[start : start + _AT_ONCE], asked, held, work, links, lists)
    for each in range(known.size):
        most[np.searchsorted(names, known[each])] = np.inf
    names = names[most >= asked.floor - SLACK]
    texts, table = _table(names, asked, held, work.chain, lists)
    for each in range(asked.texts.size):
        work.chain[asked.texts[each]] = 0
    posted = held.by_pair_edges
    for each in range(asked.paired_texts.size):
        text = asked.paired_texts[each]
        for post in range(posted[text], posted[text + 1]):
            work.heads[held.by_pair_names[post]] = 0
    return names, texts, table


@compiled
def _worthwhile(asked: Any, best: Any) -> Any:
    """Return of each mark whether a name that bears it can reach the floor, were all of its words found.

    Args:
        asked: the query.
        best: for each place of it the most that any word is like it.
    """
    worthwhile = np.zeros(256, np.bool_)
    for mark in range(256):
        agreeing, linked = 0.0, 0
        for place in range(best.size):
            if mark & _mark_of(place):
                agreeing += best[place] * asked.weights[place]
        for place in range(_APART):
            linked += (mark >> place) & 1
        lone = asked.several and linked <= 1 and not mark & (_REST | _TWICE)
        most = _most(agreeing, np.inf, asked.total, 1.0, lone, asked.reverse)
        worthwhile[mark] = mark & _KNOWN or most >= asked.floor - 2.0 * SLACK
    return worthwhile


@compiled
def _mark_of(place: Any) -> Any:
    return 1 << place if place < _APART else _REST


@compiled
def _unmarked(marks: Any, marked: Any, worthwhile: Any) -> Any:
    """Return the names whose marks are worth while, in order, and take all marks away."""
    names, count = np.empty(marked.size + 1, np.int64), 0
    for each in range(marked.size):
        name = marked[each]
        # Without a branch, which the processor would guess wrongly.
        names[count] = name
        count += worthwhile[marks[name]]
        marks[name] = 0
    return np.sort(names[:count])


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
def _table(names: Any, asked: Any, held: Any, chain: Any, lists: Any) -> Any:
    """Return the texts of the words of some names, and how alike each row is to each of them."""
    after, row_of = lists
    size = 0
    for each in range(names.size):
        size += held.edges[names[each] + 1] - held.edges[names[each]]
    texts, count = np.empty(size, np.int64), 0
    for each in range(names.size):
        for at in range(held.edges[names[each]], held.edges[names[each] + 1]):
            text = held.text_of[held.words[at]]
            if text >= 0:
                texts[count] = text
                count += 1
    texts = texts[:count]
    table = np.zeros((asked.first.size, count), np.float64)
    for column in range(count):
        link = chain[texts[column]]
        while link > 0:
            table[row_of[link - 1], column] = asked.values[link - 1]
            link = after[link - 1]
    return texts, table


@compiled
def _marked(asked: Any, held: Any, known: Any, work: Any) -> Any:
    """Mark the names by the places of the query that find something in them.

    Returns:
        The names that are marked; as a chain for each, the pairs it holds that a word of the query is like; and for
        each place of the query the most that anything is like it.
    """
    marks, heads = work.marks, work.heads
    best = np.zeros(asked.weights.size, np.float64)
    marked, count = np.empty(_postings(asked, held) + known.size, np.int64), 0
    posted, names = held.by_word_edges, held.by_word_names
    for row in range(asked.first.size):
        one, other = asked.first[row], asked.second[row]
        mark = _mark_of(one) | (_mark_of(other) if other >= 0 else 0)
        for each in range(asked.edges[row], asked.edges[row + 1]):
            text = asked.texts[each]
            best[one] = max(best[one], asked.values[each])
            if other >= 0:
                best[other] = max(best[other], asked.values[each])
            for post in range(posted[text], posted[text + 1]):
                name = names[post]
                marked[count] = name
                count += marks[name] == 0
                marks[name] |= mark
    posted, names, pair_weights = held.by_pair_edges, held.by_pair_names, held.by_pair_weights
    size = 0
    for each in range(asked.paired_texts.size):
        text = asked.paired_texts[each]
        size += posted[text + 1] - posted[text]
    following, values = np.empty(size, np.int64), np.empty(size, np.float64)
    places, weights = np.empty(size, np.int64), np.empty(size, np.float64)
    entry = 0
    for row in range(asked.paired_place.size):
        place = asked.paired_place[row]
        for each in range(asked.paired_edges[row], asked.paired_edges[row + 1]):
            text = asked.paired_texts[each]
            best[place] = max(best[place], asked.paired_values[each])
            for post in range(posted[text], posted[text + 1]):
                name = names[post]
                marked[count] = name
                count += marks[name] == 0
                marks[name] |= _mark_of(place) | _TWICE
                values[entry] = asked.paired_values[each]
                places[entry] = place
                weights[entry] = pair_weights[post]
                following[entry] = heads[name]
                entry += 1
                heads[name] = entry
    for each in range(known.size):
        marked[count] = known[each]
        count += marks[known[each]] == 0
        marks[known[each]] |= _KNOWN
    return marked[:count], (following, values, places, weights), best


@compiled
def _postings(asked: Any, held: Any) -> Any:
    """Return how often names can be marked."""
    size = 1
    for each in range(asked.texts.size):
        size += held.by_word_edges[asked.texts[each] + 1] - held.by_word_edges[asked.texts[each]]
    for each in range(asked.paired_texts.size):
        size += held.by_pair_edges[asked.paired_texts[each] + 1] - held.by_pair_edges[asked.paired_texts[each]]
    return size


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
