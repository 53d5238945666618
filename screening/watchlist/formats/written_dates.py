"""Dates as lists write them, as spans."""

from __future__ import annotations

import datetime as dt
import re

from screening.watchlist.parties import DateSpan

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:T.*| 00:00:00)?")
_REVERSED = re.compile(r"(\d{1,2}|dd|00)[-/.](\d{1,2}|mm|00)[-/.](\d{4})(?: 00:00:00)?", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4}) ?(?:-|–|to|and|/) ?(\d{4})")
_CIRCA = re.compile(r"^(?:circa|approximately|approx\.?|about|ca?\.) ?", re.IGNORECASE)


def from_parts(
    year: str | int | None, month: str | int | None = None, day: str | int | None = None, *, circa: bool = False
) -> DateSpan | None:
    """Return the date of some parts, as far as they are known and can be; None without a year.

    >>> from_parts("1965", "00", "00"), from_parts(1965, 2, 30).first
    (DateSpan(first='1965', last='1965', circa=False), '1965-02')
    """
    numbers = [int(text) if (text := str(part or "").strip()).isdecimal() else 0 for part in (year, month, day)]
    if not 1000 <= numbers[0] <= 2200:
        return None
    text = f"{numbers[0]:04d}"
    if 1 <= numbers[1] <= 12:
        text += f"-{numbers[1]:02d}"
        if _is_day(*numbers):
            text += f"-{numbers[2]:02d}"
    return DateSpan(first=text, last=text, circa=circa)


def between(first: str | None, last: str | None, *, circa: bool = False) -> DateSpan | None:
    """Return the span of two dates; one of them alone is that date."""
    low, high = (None if text is None else date_of(text) for text in (first, last))
    if low is None or high is None or high.last < low.first:
        return low or high
    return DateSpan(first=low.first, last=high.last, circa=circa or low.circa or high.circa)


def date_of(text: str, *, month_first: bool = False) -> DateSpan | None:
    """Read a date: ISO, or day (or month, in America) first, with what is not known as 00, dd, mm or left out.

    >>> date_of("1971-02").first, date_of("00/00/1965").first, date_of("dd/03/1965").first
    ('1971-02', '1965', '1965-03')
    >>> date_of("01/02/1965").first, date_of("01/02/1965", month_first=True).first
    ('1965-02-01', '1965-01-02')
    >>> date_of("circa 1950-1952")
    DateSpan(first='1950', last='1952', circa=True)
    >>> date_of("soon") is None
    True
    """
    bare = text.strip()
    rest = _CIRCA.sub("", bare)
    circa = rest != bare
    if found := _YEARS.fullmatch(rest):
        return DateSpan(first=found[1], last=found[2], circa=circa) if found[1] <= found[2] else None
    if found := _ISO.fullmatch(rest):
        return from_parts(found[1], found[2], found[3], circa=circa)
    if found := _REVERSED.fullmatch(rest):
        day, month = (found[2], found[1]) if month_first else (found[1], found[2])
        return from_parts(found[3], month, day, circa=circa)
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
