"""Which of overlapping hits stay."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from plainlists import shared

from screening.evidence import Ceiling
from screening.lexicon.certainty import GRAVITY
from screening.lexicon.overlaps import MOST_HITS, Found, Settling, resolved
from screening.text.reading import View

ENTRIES = [shared(f"e{severity}", severity=severity) for severity in (1, 2, 3)]


def found(start, width, severity=2, ceiling=Ceiling.REVIEW):
    return Found(ENTRIES[severity - 1], "t" * width, start, start + width, width, View.EXACT, ceiling, listed=False)


FOUNDS = st.lists(
    st.builds(found, st.integers(0, 300), st.integers(1, 12), st.integers(1, 3), st.sampled_from(Ceiling)),
    max_size=120,
    unique_by=lambda held: (held.start, held.width, held.entry.id, held.ceiling),
)


@given(FOUNDS)
def test_what_stays_does_not_overlap(founds):
    """No two hits that stay overlap, and whatever went lies under a hit that is no weaker."""
    kept = resolved(founds)
    spans = sorted((held.start, held.end) for held in kept)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    if len(kept) < MOST_HITS:
        for gone in set(founds) - set(kept):
            over = [held for held in kept if held.start < gone.end and gone.start < held.end]
            assert any(held.rank <= gone.rank for held in over)


@given(FOUNDS, st.lists(st.integers(0, 320), max_size=4))
def test_settling_piece_by_piece_is_resolving_at_once(founds, cuts):
    """Hits that come in the order of a long field's parts end as if they had come together."""
    settling = Settling()
    done = 0
    for cut in [*sorted(cuts), 400]:
        settling.add([held for held in founds if done <= held.start < cut], cut)
        done = max(done, cut)
    assert settling.done() == resolved(founds)


@given(FOUNDS, st.builds(found, st.integers(0, 300), st.integers(1, 12), st.integers(1, 3), st.sampled_from(Ceiling)))
def test_a_further_hit_never_hides_a_graver_one(founds, further):
    """What the shipped policy makes of a hit is the lesser of its severity and ceiling; of all hits it never falls."""

    def strongest(kept):
        return max((min(held.entry.severity - 1, GRAVITY[held.ceiling]) for held in kept), default=0)

    assert strongest(resolved([*founds, further])) >= strongest(resolved(founds))


def test_a_flood_settles_in_bounded_room():
    """Of many hits in a row only the best are kept, part by part."""
    settling = Settling()
    for part in range(20):
        settling.add([found(start, 2, 1) for start in range(part * 1000, part * 1000 + 1000, 2)], (part + 1) * 1000)
        assert len(settling._kept) <= MOST_HITS
        assert len(settling._open) <= 1
    settling.add([found(25_000, 2, 3)], 30_000)
    kept = settling.done()
    assert len(kept) == MOST_HITS
    assert kept[0].entry.severity == 3
