"""When a person must look at what of a subject could not be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.decisions import Verdict, strongest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.policy.rules import UnscreenedRules

_PLACE = re.compile(r".*[:.]|[\[/].*")


def kind_of(part: str) -> str:
    """Return the kind in the name of a part: its last word without a place before or an index or subtype after.

    >>> kind_of("attachments[0]:Image"), kind_of("attachments[1]:video/mp4"), kind_of("affiliates[0].name")
    ('image', 'video', 'name')
    >>> kind_of("aliases[2]")
    'aliases'
    """
    return _PLACE.sub("", part).strip().casefold()


def verdict_on(parts: Sequence[str], rules: UnscreenedRules, *, readable: bool) -> Verdict:
    """Return the verdict on what could not be read.

    Why two cases: most content with a picture says in words what it is about, and sending all of it to people would
    bury what they must see; a content without a word, though, was not screened at all, and what was not screened must
    not be called clear.

    Args:
        parts: their names, as a result gives them in `unscreened`.
        rules: the policy on them.
        readable: whether there is any text that was screened.
    """
    if not parts:
        return Verdict.CLEAR
    beside = strongest(rules.kinds.get(kind_of(part), rules.otherwise) for part in parts)
    return beside if readable else strongest((beside, rules.alone))
