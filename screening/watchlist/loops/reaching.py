"""The loop that gathers candidates and bounds their scores: steps 1 and 3 of `index`, compiled.

For each candidate it does what `index` does with arrays for all of them: the likest word for each place of the query,
the weight that can agree on either side, and from these the most that the name can score (`ceilings`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from screening.watchlist.alignment import (
    ADDITION,
    FAINTNESS,
    FULL_EVIDENCE,
    LEAST_EVIDENCE,
    LONE_FACTOR,
    OMISSION,
)
from screening.watchlist.ceilings import SLACK
from screening.watchlist.loops.engine import compiled, grown


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

    Args:
        asked: the query.
        held: what the names hold.
        known: names to be returned whatever they can score.
        work: all zeros, before and after.
    """
    candidates, count = _gathered(asked, held, known, work.marks)
    following, link_value, link_place, link_weight, heads = _chained(asked, held, work.marks, count)
    after, row_of = _listed(asked, work.chain)
    best = np.zeros(asked.weights.size, np.float64)
    kept, found = np.empty(64, np.int64), 0
    for number in range(count):
        name = candidates[number]
        best[:] = 0.0
        covered, linked = 0.0, 0
        for place in range(held.word_edges[name], held.word_edges[name + 1]):
            likest = 0.0
            entry = work.chain[held.word_texts[place]]
            while entry > 0:
                value = asked.values[entry - 1]
                row = row_of[entry - 1]
                likest = max(likest, value)
                best[asked.first[row]] = max(best[asked.first[row]], value)
                if asked.second[row] >= 0:
                    best[asked.second[row]] = max(best[asked.second[row]], value)
                entry = after[entry - 1]
            covered += likest * held.word_weights[place]
        for value in best:
            linked += value > 0.0
        entry = heads[number]
        while entry > 0:
            value = link_value[entry - 1]
            best[link_place[entry - 1]] = max(best[link_place[entry - 1]], value)
            covered += value * link_weight[entry - 1]
            linked += 2
            entry = following[entry - 1]
        agreeing = 0.0
        for place in range(best.size):
            agreeing += best[place] * asked.weights[place]
        lone = asked.several and linked <= 1
        if number < known.size or _most(agreeing, covered, asked, held.totals[name], lone) >= asked.floor - SLACK:
            if found == kept.size:
                kept = grown(kept)
            kept[found] = name
            found += 1
    for number in range(count):
        work.marks[candidates[number]] = 0
    for each in range(asked.texts.size):
        work.chain[asked.texts[each]] = 0
    return np.sort(kept[:found])


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
def _gathered(asked: Any, held: Any, known: Any, marks: Any) -> Any:
    """Return the candidates, the known ones first, each once, marked with its place from 1."""
    candidates, count = np.empty(1024, np.int64), 0
    for each in range(known.size):
        if count == candidates.size:
            candidates = grown(candidates)
        candidates[count] = known[each]
        count += 1
        marks[known[each]] = count
    for row in range(asked.first.size):
        if not asked.gathering[row]:
            continue
        for each in range(asked.edges[row], asked.edges[row + 1]):
            text = asked.texts[each]
            for post in range(held.by_word_edges[text], held.by_word_edges[text + 1]):
                name = held.by_word_names[post]
                if marks[name] == 0:
                    if count == candidates.size:
                        candidates = grown(candidates)
                    candidates[count] = name
                    count += 1
                    marks[name] = count
    for each in range(asked.paired_texts.size):
        text = asked.paired_texts[each]
        for post in range(held.by_pair_edges[text], held.by_pair_edges[text + 1]):
            name = held.by_pair_names[post]
            if marks[name] == 0:
                if count == candidates.size:
                    candidates = grown(candidates)
                candidates[count] = name
                count += 1
                marks[name] = count
    return candidates, count


@compiled
def _chained(asked: Any, held: Any, marks: Any, count: Any) -> Any:
    """Return, as a chain for each candidate, the pairs it holds that a word of the query is like."""
    size = 0
    for each in range(asked.paired_texts.size):
        text = asked.paired_texts[each]
        size += held.by_pair_edges[text + 1] - held.by_pair_edges[text]
    following, values = np.empty(size, np.int64), np.empty(size, np.float64)
    places, weights = np.empty(size, np.int64), np.empty(size, np.float64)
    heads = np.zeros(count, np.int64)
    entry = 0
    for row in range(asked.paired_place.size):
        for each in range(asked.paired_edges[row], asked.paired_edges[row + 1]):
            text = asked.paired_texts[each]
            for post in range(held.by_pair_edges[text], held.by_pair_edges[text + 1]):
                candidate = marks[held.by_pair_names[post]] - 1
                values[entry] = asked.paired_values[each]
                places[entry] = asked.paired_place[row]
                weights[entry] = held.by_pair_weights[post]
                following[entry] = heads[candidate]
                entry += 1
                heads[candidate] = entry
    return following, values, places, weights, heads


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
def _most(agreeing: Any, covered: Any, asked: Any, their_total: Any, lone: Any) -> Any:
    """Return what `ceilings.ceilings` does, for one name."""
    mine = agreeing / max(asked.total, SLACK)
    theirs = min(1.0, covered / max(their_total, SLACK))
    evidence = min(agreeing, covered)
    least = min(mine, theirs)
    lacking, adding = (ADDITION, OMISSION) if asked.reverse else (OMISSION, ADDITION)
    score = max(mine * (1.0 - lacking * (1.0 - theirs)), theirs * (1.0 - adding * (1.0 - mine)))
    score *= 1.0 - FAINTNESS * max(0.0, FULL_EVIDENCE - evidence) * (1.0 - least)
    if lone:
        score *= LONE_FACTOR
    if evidence < LEAST_EVIDENCE - SLACK and least < 1.0 - SLACK:
        return 0.0
    return score
