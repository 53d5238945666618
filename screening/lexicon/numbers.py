"""Runs of digits as people write them, taken apart into groups and put together again.

    138 1234 5678   → groups 138, 1234, 5678
    一三八1234五六七八 → one group 13812345678, and, where only plain digits are read, 1234

A number begins and ends where a group does, so that no number is found inside a longer one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from screening.lexicon.kinds import HAN_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DIGITS = 19
"""The longest number looked for: a bank card's."""

_PLAIN = re.compile(r"[0-9]++")
_ANY = re.compile(rf"[0-9{''.join(HAN_DIGITS)}]++")
_VALUES = str.maketrans(HAN_DIGITS)


class Group(NamedTuple):
    """Digits side by side."""

    digits: str
    start: int
    end: int


class Number(NamedTuple):
    """Groups taken as one number; `marks` is what stands between each and the next."""

    digits: str
    start: int
    end: int
    groups: tuple[int, ...]
    marks: tuple[str, ...]
    is_plain: bool

    @property
    def dressed(self) -> bool:
        """Whether it is written with more than digits."""
        return not self.is_plain or bool(self.marks)


def numbers(text: str, start: int, end: int) -> Iterator[Number]:
    """Yield all numbers that a run of digits may be read as: plain digits first, then Han digits read as digits too.

    From each group a number takes in what follows until it is longer than any that is looked for, so the work is
    bounded by the number of groups.
    """
    plain = [Group(held[0], held.start(), held.end()) for held in _PLAIN.finditer(text, start, end)]
    yield from _numbers(text, plain, is_plain=True)
    mixed = [Group(held[0].translate(_VALUES), held.start(), held.end()) for held in _ANY.finditer(text, start, end)]
    if mixed != plain:
        yield from _numbers(text, mixed, is_plain=False)


def _numbers(text: str, groups: list[Group], *, is_plain: bool) -> Iterator[Number]:
    for at, first in enumerate(groups):
        digits = ""
        lengths: tuple[int, ...] = ()
        marks: tuple[str, ...] = ()
        last = first
        for group in groups[at : at + MOST_DIGITS]:
            if lengths:
                between = text[last.end : group.start]
                if any(character in HAN_DIGITS for character in between):
                    break
                marks = (*marks, between)
            digits += group.digits
            if len(digits) > MOST_DIGITS:
                break
            lengths = (*lengths, len(group.digits))
            last = group
            yield Number(digits, first.start, group.end, lengths, marks, is_plain)
