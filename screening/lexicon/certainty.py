"""How sure a hit is by the view that found it, and the name of that view's step in `via`.

    view       score   why
    exact      1.0     the term stands there
    symbols    0.9     all its characters stand there, in order, with nothing but symbols between
    repeated   0.9     all its characters stand there, some of them more than once
    split      0.85    its characters' parts stand there; parts are characters of their own too
    reversed   0.8     all its characters stand there; Chinese read backwards now and then makes words by chance
    emoji      0.8     an emoji has more than one meaning
    pinyin     0.75    spelled letters have more than one reading
    sound      0.7     every fourth pair of characters sounds like some term of two

What normalising changes costs nothing, for nobody writes 𝐔𝐒𝐃𝐓 or 賭博 and means another word; only a look-alike does
(`LOOKALIKE`, a factor), for it may be a word of its own script: 0.95 where the term stands there otherwise as it is.

Scores are judgements that put views in an order, not measured probabilities: policy says from which score on a person
looks and from which an order may follow. A hit by sound is held to review besides, whatever the scores: what sounds
like a term is not the term. So is a hit in a view that its entry does not trust, and two characters that sound like a
term there are evidence only: in clean texts most false alarms are such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.evidence import Ceiling
from screening.text.reading import View

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SCORES: Mapping[View, float] = {
    View.EXACT: 1.0,
    View.SYMBOLS: 0.9,
    View.REPEATED: 0.9,
    View.SPLIT: 0.85,
    View.REVERSED: 0.8,
    View.EMOJI: 0.8,
    View.PINYIN: 0.75,
    View.SOUND: 0.7,
}

STEPS: Mapping[View, str | None] = {
    View.EXACT: None,
    View.SYMBOLS: "symbols-removed",
    View.REPEATED: "repeats-removed",
    View.SPLIT: "parts-joined",
    View.REVERSED: "reversed",
    View.EMOJI: "emoji-read",
    View.PINYIN: "pinyin-read",
    View.SOUND: "read-by-sound",
}

LOOKALIKE = 0.95
"""What a hit through look-alikes is worth of the same hit without."""

HELD = frozenset({View.SOUND})
"""Views whose hits lead to review at most."""

SURE_LENGTH = 3
"""Characters from which on a term read by sound is no accident where its entry does not trust its sound."""

GRAVITY: Mapping[Ceiling, int] = {Ceiling.EVIDENCE: 0, Ceiling.REVIEW: 1, Ceiling.AUTO: 2}
"""Ceilings by what they may lead to."""


def score(view: View, steps: Collection[str]) -> float:
    """Return how sure a hit is, given the view that found it and the steps that led to it.

    >>> score(View.EXACT, ("lookalike",)), score(View.SYMBOLS, ("case", "symbols-removed"))
    (0.95, 0.9)
    """
    return round(SCORES[view] * (LOOKALIKE if "lookalike" in steps else 1.0), 4)


def held(ceiling: Ceiling, view: View, length: int, *, trusted: bool = True) -> Ceiling:
    """Return the most that a hit may lead to.

    >>> held(Ceiling.AUTO, View.SOUND, 2), held(Ceiling.AUTO, View.SYMBOLS, 2)
    (<Ceiling.REVIEW: 'review'>, <Ceiling.AUTO: 'auto'>)
    >>> held(Ceiling.AUTO, View.SOUND, 2, trusted=False), held(Ceiling.AUTO, View.SYMBOLS, 2, trusted=False)
    (<Ceiling.EVIDENCE: 'evidence'>, <Ceiling.REVIEW: 'review'>)

    Args:
        ceiling: what the entry and its context allow.
        view: the view that found it.
        length: characters of the term.
        trusted: whether the entry trusts that view.
    """
    if view is View.SOUND and not trusted and length < SURE_LENGTH:
        return Ceiling.EVIDENCE
    return Ceiling.REVIEW if (view in HELD or not trusted) and ceiling is Ceiling.AUTO else ceiling


def lesser(one: Ceiling, other: Ceiling) -> Ceiling:
    """Return the one of two ceilings that leads less far."""
    return min(one, other, key=GRAVITY.__getitem__)
