"""One segmenter for the whole test run: opening jieba's dictionary takes half a second."""

from __future__ import annotations

import functools

from screening.text.segment import Segmenter, open_tokenizer


@functools.cache
def segmenter() -> Segmenter:
    """Return the segmenter; nothing is written to the disk."""
    return Segmenter(open_tokenizer(None))
