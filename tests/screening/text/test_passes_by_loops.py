"""What all views share, read by compiled loops and by arrays: normal forms, and what stands near gaps."""

from __future__ import annotations

import random

import pytest
from looped import reading

from screening.lexicon.packed import PackedTexts
from screening.lexicon.skimming import Skimmer
from screening.text.normalize import normalize_joined
from screening.text.views import near_gaps

PIECES = ("赌博网站去啊妈", " *,。.!", "\n—", "aＢ1", "\0", "\u200b̶", "🎲賭", "エロ")


def some_texts(seed):
    """Texts of words, symbols in short and long runs, what is dropped and what changes; the last of them long."""
    chance = random.Random(seed)
    texts = [
        "".join(
            chance.choice(chance.choice(PIECES)) * chance.choice((1, 1, 1, 2, 3, 20))
            for _ in range(chance.randrange(60))
        )
        for _ in range(150)
    ]
    return [*texts, "".join(texts)]


@pytest.mark.parametrize("seed", range(3))
def test_both_normalise_alike(seed):
    """A batch, and each of its texts alone, become the same text with the same way back."""
    texts = some_texts(seed)
    for batch in (texts, *([text] for text in texts)):
        with reading(by_loops=False):
            one = normalize_joined(batch)
        with reading(by_loops=True):
            other = normalize_joined(batch)
        assert (one.text, one.origin.tolist()) == (other.text, other.origin.tolist())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sought", [None, Skimmer(PackedTexts.of(["赌博", "博网站", "去啊"]))], ids=["any", "some"])
def test_both_keep_the_same_near_gaps(seed, sought):
    """For terms short and long and gaps narrow and wide the same characters of the same places stay."""
    for text in some_texts(seed):
        normal = normalize_joined([text]).text
        for longest, largest in ((1, 1), (3, 10), (6, 3), (40, 10)):
            with reading(by_loops=False):
                one = near_gaps(normal, longest, largest, sought)
            with reading(by_loops=True):
                other = near_gaps(normal, longest, largest, sought)
            assert (one is None) is (other is None)
            if one is not None and other is not None:
                assert (one.text, one.origin.tolist()) == (other.text, other.origin.tolist())
