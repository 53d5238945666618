"""The matchers without a command around them: how fast a text is searched and a name looked up."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from consumers import shipped, snapshots, wiring
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content, Registrant
from screening.watchlist.formats import ofac_csv
from screening.watchlist.matcher import NameMatcher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapping import Query, Text

BATCH: Final = 500
"""Texts given to the matcher at once: the default size of a poll."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """How long one name took, in milliseconds, over `names` names and aliases of a list."""

    queries: int
    names: int
    median: float
    ninety_ninth: float
    longest: float


def characters_per_second(texts: Sequence[Text]) -> float:
    """Return how many code points of bodies the content matcher searches in a second on one core.

    With the shipped lexicons, every view they use and the boundary checks at hits. The texts are met for the first
    time, so no answer of the word segmenter is remembered from them.
    """
    lexicon = snapshots.read_lexicon(shipped.shipped_lexicon(), snapshots.read_policy(shipped.shipped_policy()))
    contents = [msgspec.convert(text.subject, Content) for text in texts]
    batches = [contents[start : start + BATCH] for start in range(0, len(contents), BATCH)]
    matcher = ContentMatcher(lexicon, wiring.segmenter())
    gc.collect()
    started = time.perf_counter()
    for batch in batches:
        matcher.find(batch)
    return sum(text.characters for text in texts) / (time.perf_counter() - started)


def lookups(files: Mapping[str, bytes], queries: Sequence[Query]) -> Lookup:
    """Return how long it takes to look names up one at a time; nothing is remembered from one to the next."""
    parties = ofac_csv.parse(files).parties
    matcher = NameMatcher({"us-ofac-sdn": parties})
    registrants = [msgspec.convert(query.subject, Registrant) for query in queries]
    matcher.find(registrants[:50])
    gc.collect()
    taken = []
    for registrant in registrants:
        started = time.perf_counter()
        matcher.find([registrant])
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return Lookup(
        queries=len(taken),
        names=sum(len(party.names) for party in parties),
        median=taken[len(taken) // 2],
        ninety_ninth=taken[len(taken) * 99 // 100],
        longest=taken[-1],
    )
