from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from looped import searching

from screening.watchlist.scoring import edits, most_edits
from screening.watchlist.signatures import Signatures, allowing

TEXTS = st.text(alphabet="abcdz", max_size=14) | st.integers(60, 70).map("ab".__mul__)
ALLOWED = allowing(most_edits)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=40), TEXTS, st.booleans(), st.booleans())
def test_every_text_within_the_edits_allowed_is_found(
    texts: list[str],
    asked: str,
    same_start: bool,  # noqa: FBT001 - drawn
    by_loops: bool,  # noqa: FBT001 - drawn
) -> None:
    """The texts found, and their edits, are those of measuring every text."""
    with searching(by_loops=by_loops):
        places, apart = Signatures(texts, same_start=same_start).near(asked, ALLOWED)
    plainly = {
        (place, edits(asked, text))
        for place, text in enumerate(texts)
        if edits(asked, text) <= most_edits(max(len(asked), len(text))) and (not same_start or text[:1] == asked[:1])
    }
    assert sorted(zip(places.tolist(), apart.tolist(), strict=True)) == sorted(plainly)


def test_a_search_does_not_change_the_next() -> None:
    """What one search of a length leaves behind serves the next of that length and changes nothing."""
    texts = ["karam", "kerem", "karim", "zahrudi", "zahroudi"]
    used = Signatures(texts)
    for asked in ("karam", "korim", "zahrudi", "zahrude", "karam"):
        fresh = Signatures(texts)
        assert [found.tolist() for found in used.near(asked, ALLOWED)] == [
            found.tolist() for found in fresh.near(asked, ALLOWED)
        ]


def test_many_texts_are_searched_in_blocks() -> None:
    """More texts of a length than are looked through at once lose none at the seams."""
    letters = "abcdefghijklmnopqrstuvwxy"
    texts = [a + b + c + d for a in letters for b in letters for c in letters for d in letters][:140_000]
    places, apart = Signatures(texts).near("zaby", ALLOWED)
    plainly = [place for place, text in enumerate(texts) if edits("zaby", text) <= 1]
    assert sorted(places.tolist()) == plainly
    assert set(apart.tolist()) == {1}
