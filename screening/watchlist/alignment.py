"""How alike two names are: their words aligned one to one, in any order, each counting by its weight.

1. Every word of the query may stand for one word of the candidate, or for two neighbours written as one, or two of its
   own neighbours for one word there. The likest pairs are taken first; no word is taken twice.
2. `q` is the share of the query's weight that found a like word, `c` the same of the candidate. A word of the query
   that the candidate lacks is a difference; a word that only one side leaves out altogether is common (middle names,
   patronymics), so where the rest agrees it costs only a part: OMISSION of what the candidate has more, ADDITION of
   what the query has more.
3. What agrees only in initials, titles, particles or legal forms is not alike at all; a single word that agrees with a
   part of a longer name says less than two.
4. A name written as one run of letters is compared as such; the better of the two counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.letters import plain_habits, sound
from screening.watchlist.names import Part
from screening.watchlist.scoring import edits, likeness, sound_factor
from screening.watchlist.skeletons import unvowelled, unvowelled_likeness

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.watchlist.profiles import Profile

    Alike = Callable[[str, str], float]

OMISSION = 0.30
"""What it would cost to leave out the whole of the candidate's weight."""

ADDITION = 0.40
"""What saying more than the candidate's whole name would cost, were nothing of the query's weight found there."""

INITIAL_LIKENESS = 0.8
"""What an initial is worth for the word it may stand for."""

LEAST_PAIR = 0.8
"""Two words count for one only when written together they are at least this like it."""

LEAST_EVIDENCE = 0.35
"""The least weight that must agree: less than the most common word has, more than a legal form and an initial."""

FULL_EVIDENCE = 1.8
FAINTNESS = 0.3
"""Where the candidate has more to its name, agreeing in less than two rare words says less, the commoner they are:
"Carlos Sanchez" for "Sanchez Montoya, Juan Carlos". Chosen among 0.2 to 0.5 and 1.2 to 3.0: on names altered from a
real list it lost nothing at 0.82, and it halved the alarms among 3,000 ordinary people."""

LONE_FACTOR = 0.85
"""What a single agreeing word is worth where either name has more: "Gaddafi" for "Gaddafi, Hannibal"."""

TELLING = frozenset({Part.WORD, Part.PATRONYMIC, Part.UNVOWELLED})
"""Words that tell who is meant."""

HABIT_LIKENESS = 0.95
"""What words are worth that differ by habits of spelling."""

JOINED_FACTOR = 0.97
LEAST_JOINED = 6
"""Fewer letters than this written as one say too little."""
LEAST_HEARD = 10
"""Shorter runs sound the same by chance, having lost where words begin: "Kåre Bøe", "Caribo"."""


def most_joined_edits(length: int) -> int:
    """Return how many edits two names written as one may have: one in eight letters, at most three."""
    return min(3, length // 8)


def combined(query_share: float, candidate_share: float) -> float:
    """Return the score of two names from the shares of their weight that found a like word. Grows with both."""
    leaves_out = query_share * (1.0 - OMISSION * (1.0 - candidate_share))
    says_more = candidate_share * (1.0 - ADDITION * (1.0 - query_share))
    return max(leaves_out, says_more)


def word_likeness(first: str, second: str) -> float:
    """Return how alike two words are, an initial standing for any word that begins with it."""
    if unvowelled(first) or unvowelled(second):
        return unvowelled_likeness(first, second)
    if (len(first) == 1) != (len(second) == 1):
        return INITIAL_LIKENESS if first[0] == second[0] and (first + second).isalpha() else 0.0
    return likeness(first, second)


def joined_score(query: str, candidate: str) -> float:
    """Return how alike two names are as runs of letters, by letter or sound; 0.0 where too short or too far apart."""
    if min(len(query), len(candidate)) < LEAST_JOINED:
        return 0.0
    if query == candidate:
        return JOINED_FACTOR
    if not (query.isalpha() and candidate.isalpha()):
        return 0.0
    value = _run_likeness(query, candidate)
    if min(len(query), len(candidate)) >= LEAST_HEARD and sound(query) == sound(candidate):
        value = max(value, sound_factor(LEAST_HEARD, LEAST_HEARD))
    return JOINED_FACTOR * value


def _run_likeness(first: str, second: str) -> float:
    length = max(len(first), len(second))
    apart = edits(first, second)
    return 1.0 - apart / length if apart <= most_joined_edits(length) else 0.0


def compare(query: Profile, candidate: Profile, alike: Alike = word_likeness) -> float:
    """Return how alike two names are, from 0.0 to 1.0.

    Args:
        query: the name looked for.
        candidate: the listed name.
        alike: the likeness of two words; the index passes one that knows the answers already.
    """
    score = joined_score(query.joined, candidate.joined)
    if query.total and candidate.total:
        score = max(score, _aligned(query, candidate, alike))
    return min(1.0, score)


def compare_read(query: Profile, candidate: Profile) -> float:
    """Return how alike two names are of which one was read from characters: never more than `compare` gives.

    Characters say exactly which syllables are meant, and one letter makes another name of a syllable ("Yong", "Jong").
    So words are the same, or the same but for habits of spelling ("Wah", "Wa"), or not alike.
    """
    same = query.joined == candidate.joined and len(query.joined) >= LEAST_JOINED
    score = JOINED_FACTOR if same else 0.0
    if query.total and candidate.total:
        score = max(score, _aligned(query, candidate, _read_likeness))
    return min(1.0, score)


def _read_likeness(first: str, second: str) -> float:
    if first == second:
        return 1.0
    if len(first) == 1 or len(second) == 1:
        return word_likeness(first, second)
    # No more than what the index knows to be alike.
    return min(HABIT_LIKENESS, word_likeness(first, second)) if plain_habits(first) == plain_habits(second) else 0.0


def _aligned(query: Profile, candidate: Profile, alike: Alike) -> float:
    links = _links(query, candidate, alike)
    links.sort(key=lambda link: (-link[0], link[1], link[2]))
    mine: set[int] = set()
    theirs: set[int] = set()
    found = covered = evidence = 0.0
    words = 0
    for value, places, others in links:
        if mine.isdisjoint(places) and theirs.isdisjoint(others):
            mine.update(places)
            theirs.update(others)
            weight = sum(query.weights[place] for place in places)
            other = sum(candidate.weights[place] for place in others)
            found += value * weight
            covered += value * other
            evidence += value * min(weight, other)
            words += max(_telling(query, places), _telling(candidate, others))
    mine_shared, theirs_shared = found / query.total, covered / candidate.total
    left = 1.0 - min(mine_shared, theirs_shared)
    score = combined(mine_shared, theirs_shared) * (1.0 - FAINTNESS * max(0.0, FULL_EVIDENCE - evidence) * left)
    if evidence < LEAST_EVIDENCE and query.name.words != candidate.name.words:
        return 0.0
    if words <= 1 and (_words_left(query, mine) or _words_left(candidate, theirs)):
        return LONE_FACTOR * score
    return score


def _words_left(profile: Profile, taken: set[int]) -> bool:
    return any(word.part in TELLING and place not in taken for place, word in enumerate(profile.name.words))


def _telling(profile: Profile, places: tuple[int, ...]) -> int:
    return sum(profile.name.words[place].part in TELLING for place in places)


def _links(query: Profile, candidate: Profile, alike: Alike) -> list[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    links: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = []
    theirs = [(place, word.text) for place, word in enumerate(candidate.name.words) if word.part is not Part.UNREAD]
    for place, word in enumerate(query.name.words):
        if word.part is Part.UNREAD:
            continue
        for other, text in theirs:
            value = alike(word.text, text)
            if value > 0.0:
                links.append((value, (place,), (other,)))
        for pair in candidate.pairs if len(word.text) > 1 else ():
            value = alike(word.text, pair.text)
            if value >= LEAST_PAIR:
                links.append((value, (place,), (pair.start, pair.start + 1)))
    for pair in query.pairs:
        for other, text in theirs:
            value = alike(pair.text, text) if len(text) > 1 else 0.0
            if value >= LEAST_PAIR:
                links.append((value, (pair.start, pair.start + 1), (other,)))
    return links
