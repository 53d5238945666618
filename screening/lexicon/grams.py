"""Sums of weights over runs of one to four characters, for all texts of a batch at once.

Runs (character n-grams) are not kept: each is hashed to a bucket, and a bucket holds one small weight for each of some
heads (feature hashing; Weinberger et al. 2009). A text is cut into blocks of `BLOCK` characters. Four heads share one
64-bit word, 16 bits each: a block's sum of signed bytes is at most 64 · 4 · 127 = 32,512, so no field ever runs over
into the next, one addition adds four heads, and the sums are exact integers on every machine.

Texts longer than `WINDOW` are read through windows, so that an advertisement in a long article is not thinned out.
Digits are all read as one: which number stands in an address says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST: Final = 4
"""Characters in the longest run."""

BLOCK: Final = 64
"""Characters whose runs are summed in one step; the most that 16 bits allow."""

BLOCKS: Final = 2
"""Blocks in one window."""

WINDOW: Final = BLOCK * BLOCKS
"""Characters read together."""

_FIELD = 16
_FIELDS = 4
_SPREAD, _STEP, _LAST = np.uint32(0x9E3779B1), np.uint32(0x01000193), np.uint32(0x85EBCA6B)
"""Odd factors of the hash; any would do, these are the golden ratio, FNV's and MurmurHash3's."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a batch's texts.

    Attributes:
        first: for each text the place of its first window among all.
        start: for each window, where in its text it begins.
        runs: for each window, how many runs begin in it.
        sums: for each window and head, the sum of the weights of these runs.
    """

    first: NDArray[np.int64]
    start: NDArray[np.int64]
    runs: NDArray[np.int64]
    sums: NDArray[np.int64]


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a normalised text, all digits as 0."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).copy()
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
    return codes


def buckets(codes: NDArray[np.uint32], length: int, bits: int) -> NDArray[np.uint32]:
    """Return the bucket, of 2 to the `bits`, of each run of a length; one for each place where such a run begins."""
    hashes = _mixed(codes)
    held = hashes[: len(codes) - length + 1].copy()
    for at in range(1, length):
        held *= _STEP
        held += hashes[at : at + len(held)]
    return (held * _LAST) >> np.uint32(32 - bits)


def packed(weights: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return weights (heads by buckets) as words of four heads (words by buckets)."""
    heads, size = weights.shape
    words = np.zeros((-(-heads // _FIELDS), size), dtype=np.int64)
    for head in range(heads):
        words[head // _FIELDS] += weights[head].astype(np.int64) << (_FIELD * (head % _FIELDS))
    return words


def window_sums(codes: NDArray[np.uint32], words: NDArray[np.int64], heads: int) -> Windows:
    """Return the sums over the windows of some texts.

    Args:
        codes: the texts, one after another, a 0 after each and nowhere else; at least one.
        words: the packed weights.
        heads: how many heads they hold.
    """
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    blocks = np.maximum(-(-lengths // BLOCK), 1)
    first_block = np.cumsum(blocks) - blocks
    within = np.arange(int(blocks.sum())) - np.repeat(first_block, blocks)
    block_starts = np.repeat(starts, blocks) + within * BLOCK
    sums = _unpacked(np.add.reduceat(_weighed(codes, words, ends), block_starts, axis=1), heads)
    running = np.zeros((len(sums) + 1, heads), dtype=np.int64)
    np.cumsum(sums, axis=0, out=running[1:])

    windows = np.maximum(blocks - BLOCKS + 1, 1)
    first = np.cumsum(windows) - windows
    inside = np.arange(int(windows.sum())) - np.repeat(first, windows)
    low = np.repeat(first_block, windows) + inside
    high = np.minimum(low + BLOCKS, np.repeat(first_block + blocks, windows))
    left = np.repeat(lengths, windows) - inside * BLOCK
    runs = _runs(left) - _runs(np.maximum(left - WINDOW, 0))
    return Windows(first, inside * BLOCK, runs, running[high] - running[low])


def shares(codes: NDArray[np.uint32], weights: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return what each character of one text adds to one head: a run's weight is shared by its characters."""
    bits = len(weights).bit_length() - 1
    found = np.zeros(len(codes))
    for length in range(1, min(LONGEST, len(codes)) + 1):
        each = weights[buckets(codes, length, bits)] / length
        for at in range(length):
            found[at : at + len(each)] += each
    return found


def _mixed(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed = codes * _SPREAD
    mixed ^= mixed >> np.uint32(15)
    mixed *= _LAST
    return mixed


def _weighed(codes: NDArray[np.uint32], words: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each place, the packed sum of the runs that begin there and do not reach over the text's end."""
    shift = np.uint32(32 - (words.shape[1].bit_length() - 1))
    mixed = _mixed(codes)
    held = mixed.copy()
    total = np.zeros((len(words), len(codes)), dtype=np.int64)
    for length in range(1, min(LONGEST, len(codes)) + 1):
        if length > 1:
            held = held[:-1]
            held *= _STEP
            held += mixed[length - 1 :]
        places = ((held * _LAST) >> shift).astype(np.intp)
        over = (ends[:, None] - np.arange(length)).ravel()
        over = over[(over >= 0) & (over < len(places))]
        for word, summed in zip(words, total, strict=True):
            weights = word.take(places)
            weights[over] = 0
            summed[: len(weights)] += weights
    return total


def _unpacked(words: NDArray[np.int64], heads: int) -> NDArray[np.int64]:
    """Return sums (blocks by heads) from packed sums (words by blocks)."""
    left = words.copy()
    found = np.empty((words.shape[1], heads), dtype=np.int64)
    for head in range(heads):
        word = left[head // _FIELDS]
        field = (word << (64 - _FIELD)) >> (64 - _FIELD)
        found[:, head] = field
        word -= field
        word >>= _FIELD
    return found


def _runs(characters: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many runs begin in the last so many characters of a text."""
    return np.where(
        characters >= LONGEST, LONGEST * characters - LONGEST * (LONGEST - 1) // 2, characters * (characters + 1) // 2
    )
