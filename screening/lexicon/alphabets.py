"""The alphabets in which terms are searched, and the views that are written in each.

Most views give Han text, so the terms themselves are searched in them, with one automaton for all. Other views are
written in another alphabet (one code for a syllable, Latin letters for initials, every run once): their patterns are
what a term is written as there.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, assert_never

from screening.text import view_emoji, view_pinyin, view_repeated, view_reversed, view_sound, view_split
from screening.text.reading import Reading, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from screening.text.reading import Sought


class Alphabet(enum.StrEnum):
    """What terms are written in where they are searched."""

    WRITTEN = "written"
    """Normalised text."""

    SOUND = "sound"
    """One code for each syllable."""

    PINYIN = "pinyin"
    """The same, with Latin letters for initials."""

    ONCE = "once"
    """Every run of one character is one."""


ALPHABET: Mapping[View, Alphabet] = dict.fromkeys(View, Alphabet.WRITTEN) | {
    View.SOUND: Alphabet.SOUND,
    View.PINYIN: Alphabet.PINYIN,
    View.REPEATED: Alphabet.ONCE,
}

READERS: Mapping[View, Callable[[str], Reading | None]] = {
    View.SOUND: view_sound.read,
    View.PINYIN: view_pinyin.read,
    View.SPLIT: view_split.read,
    View.EMOJI: view_emoji.read,
    View.REVERSED: view_reversed.read,
    View.REPEATED: view_repeated.read,
}
"""What reads a normalised text in each view but the first two, which need no reading."""

NARROWED: Mapping[View, Callable[[str, Sought], Reading | None]] = {
    View.PINYIN: view_pinyin.read,
    View.SPLIT: view_split.read,
    View.REPEATED: view_repeated.read,
}
"""Those of them that read less of a text where they are told what is looked for."""

BIT: Mapping[View, int] = {view: 1 << at for at, view in enumerate(View)}
"""Views as bits of one byte. Their order is part of the compiled form."""


def bits(views: frozenset[View]) -> int:
    """Return views as one number."""
    return sum(BIT[view] for view in views)


def spellings(alphabet: Alphabet, term: str) -> tuple[str, ...]:
    """Return what to search for a normalised term; empty where it cannot be told there."""
    match alphabet:
        case Alphabet.WRITTEN:
            return (term,)
        case Alphabet.SOUND:
            return view_sound.codes(term)
        case Alphabet.PINYIN:
            return view_pinyin.spellings(term)
        case Alphabet.ONCE:
            return (view_repeated.code(term),)
        case never:
            assert_never(never)
