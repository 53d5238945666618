"""Personal data by their check digits: identity numbers and bank cards.

An identity number of the mainland has 18 characters (GB 11643-1999): six of the region, eight of the birth date, three
in sequence, one check character after ISO 7064 MOD 11-2. Of random numbers of 18 digits about 1 in 60,000 passes.
Bank cards end in a Luhn check digit (ISO/IEC 7812-1); every tenth random number passes that, so only the known
beginnings of issuers count: UnionPay, Visa, Mastercard, JCB.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.lexicon.numbers import Number

_REGIONS = frozenset(
    re.findall(
        r"\S+",
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83",
    )
)
"""The first two digits: provinces (GB/T 2260), and 83 of residence permits for people from Taiwan."""

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10x98765432"
_YEARS = range(1900, 2050)
"""Years of birth of people who may be alive while this stands. The core knows no clock."""

_CARD_LENGTHS = range(16, 20)


def is_identity_number(number: str) -> bool:
    """Say whether 18 characters (the last may be "x") are an identity number.

    >>> is_identity_number("11010519491231002x"), is_identity_number("110105194912310021")
    (True, False)
    """
    if len(number) != 18 or number[:2] not in _REGIONS or not number[:17].isdecimal():
        return False
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if year not in _YEARS:
        return False
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[17]


def is_bank_card(number: str) -> bool:
    """Say whether digits are the number of a bank card.

    >>> is_bank_card("6222020000000000001"), is_bank_card("4111111111111111"), is_bank_card("4111111111111112")
    (False, True, False)
    """
    if len(number) not in _CARD_LENGTHS or not number.isdecimal() or len(set(number)) == 1:
        return False
    if is_identity_number(number):
        return False
    return _is_issued(number) and _luhn(number)


def fits_identity(number: Number) -> bool:
    """Say whether a number as written can be an identity number: groups of people, not columns of a table."""
    return all(length >= 2 for length in number.groups) or set(number.groups) == {1}


def fits_card(number: Number) -> bool:
    """Say whether a number as written can be a card's: whole, in fours, or digit by digit."""
    *body, last = number.groups
    return not body or set(body) == {4} or set(number.groups) == {1} or (body == [6] and last >= 10)


def _is_issued(number: str) -> bool:
    if number.startswith("62"):
        return True
    if len(number) == 19:
        return number.startswith("9558")
    if len(number) != 16:
        return False
    head = int(number[:4])
    return number[0] == "4" or 5100 <= head <= 5599 or 2221 <= head <= 2720 or 3528 <= head <= 3589


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0
