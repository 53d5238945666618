"""Telephone numbers as people write them.

    13812345678  138-1234-5678  +86 138 1234 5678  1 3 8 1 2 3 4 5 6 7 8  138*1234*5678  一三八1234五六七八
    010-12345678  0755 1234567                     400-123-4567

What looks like one by its digits alone is none where the writing speaks against it: a sum of money, a decimal, a part
of an address or of a word of letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.lexicon.numbers import Number

_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_LAYOUTS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (4, 3, 4), (5, 6), (6, 5), (3, 5, 3)})
"""The groups in which mobile numbers are written."""

_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_SERVICE_LAYOUTS = frozenset({(3, 3, 4), (3, 4, 3), (3, 7), (4, 3, 3)})

_AMOUNT = re.compile(r"\s?(?:[多余]?[万亿千百]?(?:元|块|美元|日元|韩元|港|欧元|英镑|股|吨|米|斤|年|月|人|%)|万|亿)")
"""After a number: it counts something."""

_BEFORE = re.compile(r"(?:^|[^a-z])(?:tel|phone|mobile|call|vx|wx|v|q|qq|t|dh|sj|tg|whatsapp|wechat|weixin)\W{0,2}$")
_LATIN = re.compile(r"[a-z]")
_INSIDE = re.compile(r"(?:[=&%#@\\]|[a-z0-9]/|(?<![0-9])0\.|[0-9]\.[0-9]{1,9}\.?)$")
"""Before a number: it is a part of an address or the decimals of something."""

_MOST_DRESSING = 2
"""Marks between two digits of a mobile number in no usual groups."""


def is_phone(text: str, number: Number) -> bool:
    """Say whether a number as written is a telephone number."""
    if not (_is_mobile(number) or _is_fixed(number)):
        return False
    before = text[max(0, number.start - 12) : number.start]
    after = text[number.end : number.end + 4]
    if _INSIDE.search(before) or _AMOUNT.match(after) or (number.is_plain and _LATIN.match(after)):
        return False
    return not _LATIN.match(before[-1:]) or _BEFORE.search(before) is not None


def _is_mobile(number: Number) -> bool:
    digits, groups, marks = number.digits, number.groups, number.marks
    if not _MOBILE.fullmatch(digits):
        return False
    if len(digits) == 13:
        if groups[0] == 2:
            groups, marks = groups[1:], marks[1:]
        elif groups[0] > 2:
            groups = (groups[0] - 2, *groups[1:])
    if not number.is_plain:
        # Written in Han digits it is meant to be read by people and not by machines: any groups will do.
        return all(len(mark) <= _MOST_DRESSING for mark in marks)
    if not marks:
        return True
    if len(set(marks)) > 1 and not all(mark.strip() == "" for mark in marks):
        return False
    return groups in _LAYOUTS or set(groups) == {1} or (_is_odd(marks[0]) and max(groups) < 8)


def _is_odd(mark: str) -> bool:
    """Say whether a mark is one that ordinary writing does not put between numbers."""
    return not any(character in " ,.、;:/-~|()" for character in mark)


def _is_fixed(number: Number) -> bool:
    if not number.is_plain:
        return False
    if _SERVICE.fullmatch(number.digits):
        return number.groups in _SERVICE_LAYOUTS and len(set(number.marks)) == 1
    if not _LANDLINE.fullmatch(number.digits):
        return False
    return len(number.groups) == 2 and number.groups[0] in {3, 4} and len(number.marks[0]) == 1
