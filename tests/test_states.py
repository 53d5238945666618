"""The comparison by which re-screening is proven equal to the whole sees every kind of difference."""

from __future__ import annotations

import msgspec
import pytest
from states import Judgement, State, differences

NAME = "registration a-1 a-1"
CLEAR = Judgement(digest="d", verdict="clear", says="[]", versions="1", result_id="r-1")
UNSURE = Judgement(digest="d", verdict="review", says="[1]", versions="1", result_id="r-2")


def state(judgement=CLEAR, **more) -> State:
    return State(**({"judged": {NAME: judgement}, "orders": {}, "asked": [], "enforced": []} | more))


def told(one: State, other: State) -> dict[str, int]:
    found = differences(one, other)
    return {kind: count for kind, count in found.counts().items() if count}


def test_what_was_judged_by_other_versions_alike_is_equal():
    """Whom no change concerned keeps the result of earlier versions, under another name."""
    earlier = msgspec.structs.replace(CLEAR, versions="0", result_id="r-0")
    assert told(state(earlier), state()) == {}
    assert differences(state(earlier), state()).none


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        (state(judged={}), "subjects"),
        (state(None), "judgements"),
        (state(UNSURE), "judgements"),
        (state(msgspec.structs.replace(CLEAR, digest="e")), "judgements"),
        (state(msgspec.structs.replace(CLEAR, result_id="r-0")), "names"),
        (state(orders={NAME: ["suspend"]}), "orders"),
        (state(asked=[NAME]), "asked"),
    ],
)
def test_every_kind_of_difference_is_told(changed, kind):
    """What one side has and the other has not, or has otherwise, is told by its kind."""
    assert told(changed, state()) == {kind: 1}
    assert not differences(changed, state()).none


def test_an_order_that_only_a_person_may_lift_is_held():
    """It stands on an input that was enforced once and is unsure now; on one that never was it is a difference."""
    changed = state(UNSURE, orders={NAME: ["suspend"]}, enforced=[NAME])
    assert told(changed, state(UNSURE)) == {"held": 1}
    assert differences(changed, state(UNSURE)).none
    assert told(state(UNSURE, orders={NAME: ["suspend"]}), state(UNSURE)) == {"orders": 1}
    assert told(state(orders={NAME: ["suspend"]}, enforced=[NAME]), state()) == {"orders": 1}
