"""Finding what is of a kind (`kinds`) in a normalised passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.lexicon.contact import addresses, may_be_called, messengers, spaced_messenger
from screening.lexicon.identity import fits_card, fits_identity, is_bank_card, is_identity_number
from screening.lexicon.kinds import MEANS, Kind, Spotted, surface
from screening.lexicon.numbers import numbers
from screening.lexicon.phones import is_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screening.lexicon.kinds import Surface
    from screening.lexicon.numbers import Number

_NUMBERS = frozenset({Kind.PHONE, Kind.IDENTITY_NUMBER, Kind.BANK_CARD})
_ADDRESSES = frozenset({Kind.EMAIL, Kind.SHORT_LINK, Kind.DOMAIN})
_LEAST_DIGITS = 10
_LEAST_MESSENGER = 5
_MOST_RUN = 400
"""Characters of a run of digits that are looked at; nobody writes one number on half a page."""

_MOST_ID = 60
"""Characters in which a messenger's id of digits with marks between them ends."""


def spread(kinds: Iterable[Kind]) -> frozenset[Kind]:
    """Return the kinds that are looked for where some are wanted.

    >>> sorted(spread([Kind.CONTACT, Kind.DOMAIN]))
    [<Kind.DOMAIN: 'domain'>, <Kind.EMAIL: 'email'>, <Kind.MESSENGER: 'messenger'>, <Kind.PHONE: 'phone'>, \
<Kind.SHORT_LINK: 'short-link'>]
    """
    return frozenset(single for kind in kinds for single in MEANS.get(kind, (kind,)))


def spot(text: str, wanted: frozenset[Kind]) -> list[Spotted]:
    """Return what of some kinds stands in a text, in its order.

    Args:
        text: normalised text; nothing is found across a `SEPARATOR`.
        wanted: single kinds, as `spread` gives them.
    """
    if not wanted:
        return []
    looked = surface(text)
    found: list[Spotted] = []
    if wanted & _NUMBERS or Kind.MESSENGER in wanted:
        found.extend(_in_digits(looked, wanted))
    if Kind.MESSENGER in wanted:
        found.extend(messengers(looked))
    if wanted & _ADDRESSES:
        found.extend(spotted for spotted in addresses(looked) if spotted.kind in wanted)
    return sorted(set(found))


def _in_digits(looked: Surface, wanted: frozenset[Kind]) -> Iterator[Spotted]:
    text = looked.text
    if wanted & _NUMBERS:
        for start, end in looked.digit_runs(_LEAST_DIGITS):
            for found in _numbered(text, start, min(end, start + _MOST_RUN)):
                if found.kind in wanted:
                    yield found
    if Kind.MESSENGER in wanted:
        for start, end in looked.digit_runs(_LEAST_MESSENGER):
            # A name stands before the whole run, for letters and Han characters end one.
            called = _called(text, start, min(end, start + _MOST_ID)) if may_be_called(text, start) else None
            if called is not None:
                yield called


def _numbered(text: str, start: int, end: int) -> Iterator[Spotted]:
    """Yield what numbers in a run of digits are; of readings that overlap the first that fits stays."""
    done: list[tuple[int, int]] = []
    for number in numbers(text, start, end):
        if not any(number.start < last and first < number.end for first, last in done):
            spotted = _read(text, number)
            if spotted is not None:
                done.append((spotted.start, spotted.end))
                yield spotted


def _called(text: str, start: int, end: int) -> Spotted | None:
    """Return the id of a messenger that a run of digits begins with: the longest, for it may be of any length."""
    found = [number for number in numbers(text, start, end) if number.start == start]
    for number in sorted(found, key=lambda held: -held.end):
        spotted = spaced_messenger(text, number)
        if spotted is not None:
            return spotted
    return None


def _read(text: str, number: Number) -> Spotted | None:
    """Return what a number is by its own digits."""
    digits = number.digits
    if len(digits) == 17 and text.startswith("x", number.end) and not text[number.end + 1 : number.end + 2].isalnum():
        if is_identity_number(f"{digits}x") and fits_identity(number):
            return Spotted(number.start, number.end + 1, Kind.IDENTITY_NUMBER, number.dressed)
        return None
    if is_identity_number(digits) and fits_identity(number):
        return Spotted(number.start, number.end, Kind.IDENTITY_NUMBER, number.dressed)
    if is_bank_card(digits) and fits_card(number):
        return Spotted(number.start, number.end, Kind.BANK_CARD, number.dressed)
    return Spotted(number.start, number.end, Kind.PHONE, number.dressed) if is_phone(text, number) else None
