"""What was judged is remembered for the very rows it was judged from."""

from __future__ import annotations

import dataclasses

from consumers.ledger.port import Judged
from consumers.rejudging import Page
from consumers.rejudging_pool import Remembering


class Counting:
    """Judges nothing, and counts how often it was asked."""

    def __init__(self):
        self.asked = 0

    def page(self, rows):
        self.asked += 1
        return Page((rows[-1].account_id, rows[-1].id), len(rows), unjudged=self.asked)


def test_the_same_rows_are_judged_once_and_others_anew():
    """A run takes from its plan what stands as it stood; a newer input, or a newer result, is judged."""
    rows = tuple(Judged(f"a-{n}", f"a-{n}", b"{}", 0, n, "digest", 1, b"{}") for n in range(3))
    counting = Counting()
    remembering = Remembering(counting)
    first = remembering.page(rows)
    assert remembering.page(tuple(map(dataclasses.replace, rows))) is first
    for changed in ({"offset": 7}, {"record": b"{ }"}, {"result": b"{ }"}):
        before = counting.asked
        other = (*rows[:2], dataclasses.replace(rows[2], **changed))
        assert remembering.page(other) is not first
        assert remembering.page(rows[1:]).looked == 2
        assert counting.asked > before
