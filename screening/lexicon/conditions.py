"""Named conditions in which the words of a hit are not the writer's own offer or insult.

    quotation   他在《网上赌场》里演荷官，“网上赌场”一词     between a pair of quotation marks or marks of a title
    reporting   警方查封网上赌场                             a word of the group `reporting` within the entry's window
    refusal     远离网上赌场，网上赌场害人                    a word of the group `refusal` governs it
    verse       四行以上，每行五字或七字                      four lines running of five, or of seven, Han characters

An entry says to what each of them lowers it: `review_in`, `evidence_in`. A condition never raises anything, and never
turns a hit into none: whoever reviews sees what was said, and `via` names the condition.

Quotation and verse are told by the writing alone; the words that report and refuse are data, in `allow.toml`. Each
looks at most `REACH` characters to either side, and never beyond the field.
"""

from __future__ import annotations

import enum
import re

from screening.text.normalize import SEPARATOR

REACH = 120
"""The most characters on each side of a hit that quotation, refusal and verse look at."""


class Condition(enum.StrEnum):
    """How words may be meant."""

    QUOTATION = "quotation"
    REPORTING = "reporting"
    REFUSAL = "refusal"
    VERSE = "verse"


WORDED = (Condition.REPORTING, Condition.REFUSAL)
"""Conditions that are told by words: the shared group of the same name."""

_QUOTED = 100
"""Characters on each side within which a quotation must open and close; longer ones are passages of their own."""

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉"}
"""Not 【】: advertisements put their headlines there."""

_OPENS = {closing: opening for opening, closing in _PAIRS.items()}
_MARK = re.compile(f'[{"".join(_PAIRS)}{"".join(_OPENS)}"\n{SEPARATOR}]')
_ENDS = frozenset(f"\n{SEPARATOR}")

_GOVERNED = 8
"""Characters between a word that refuses and what it refuses: 拒绝参与任何形式的网上赌博."""

_CLAUSE = re.compile(rf"[,.;:!?，。；：！？、…\n{SEPARATOR}]")
AFTER = "…"
"""Begins a word of the group `refusal` that stands after what it refuses: …害人."""

_VERSE_LINES = 4
_VERSE_LENGTHS = (5, 7)
_MOST_PARTING = 3
"""Marks, spaces and line ends between two lines of verse."""


def in_quotation(text: str, start: int, end: int) -> bool:
    """Say whether a span stands between a pair of quotation marks of its own line.

    >>> in_quotation("他说“去网上赌场”。", 4, 8), in_quotation("“好”网上赌场“坏”", 3, 7)
    (True, False)
    """
    opening = _opening(text, start)
    if opening is None:
        return False
    closing = '"' if opening == '"' else _PAIRS[opening]
    for mark in _MARK.finditer(text, end, min(len(text), end + _QUOTED)):
        if mark[0] == closing:
            return True
        if mark[0] in _ENDS:
            return False
    return False


def _opening(text: str, start: int) -> str | None:
    """Return the quotation mark that is open before a place."""
    first = max(0, start - _QUOTED)
    line = max(text.rfind(end, first, start) for end in _ENDS) + 1
    opened: list[str] = []
    for mark in _MARK.finditer(text, max(first, line), start):
        held = mark[0]
        if held in _PAIRS or (held == '"' and '"' not in opened):
            opened.append(held)
        elif (opening := _OPENS.get(held, held)) in opened:
            while opened.pop() != opening:
                pass
    return opened[-1] if opened else None


def in_refusal(text: str, start: int, end: int, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Say whether a span is what a word close before it in its clause refuses, or close after it condemns.

    Args:
        text: normalised text.
        start: where the span begins.
        end: where it ends.
        before: words that refuse what follows, in normal form.
        after: words that condemn what precedes, in normal form.
    """
    longest = max(map(len, (*before, *after)), default=0) + _GOVERNED
    ahead = _CLAUSE.split(text[max(0, start - longest) : start])[-1]
    if any((at := ahead.rfind(word)) >= 0 and len(ahead) - at - len(word) <= _GOVERNED for word in before):
        return True
    behind = _CLAUSE.split(text[end : end + longest], maxsplit=1)[0]
    return any(0 <= behind.find(word) <= _GOVERNED for word in after)


def in_verse(text: str, start: int, end: int) -> bool:
    """Say whether a span stands in one of at least four lines running of five, or of seven, Han characters.

    >>> in_verse("白日依山尽，黄河入海流。欲穷千里目，更上一层楼。", 6, 8)
    True
    """
    first, last = _line(text, start)
    length = last - first
    if length not in _VERSE_LENGTHS or end > last:
        return False
    lines = 1
    place = first
    while lines < _VERSE_LINES and (before := _before(text, place, length)) is not None:
        place, lines = before, lines + 1
    place = last
    while lines < _VERSE_LINES and (after := _after(text, place, length)) is not None:
        place, lines = after, lines + 1
    return lines >= _VERSE_LINES


def _line(text: str, place: int) -> tuple[int, int]:
    """Return the Han characters around a place, as far as a line of verse may reach."""
    most = max(_VERSE_LENGTHS) + 1
    first = last = place
    while first > max(0, place - most) and _is_han(text[first - 1]):
        first -= 1
    while last < min(len(text), place + most) and _is_han(text[last]):
        last += 1
    return first, last


def _before(text: str, place: int, length: int) -> int | None:
    """Return where the line before a place begins, if it has the length."""
    end = place
    while end > max(0, place - _MOST_PARTING) and _parts(text[end - 1]):
        end -= 1
    start = end - length
    if end == place or start < 0 or not all(map(_is_han, text[start:end])):
        return None
    return start if start == 0 or not _is_han(text[start - 1]) else None


def _after(text: str, place: int, length: int) -> int | None:
    """Return where the line after a place ends, if it has the length."""
    start = place
    while start < min(len(text), place + _MOST_PARTING) and _parts(text[start]):
        start += 1
    end = start + length
    if start == place or end > len(text) or not all(map(_is_han, text[start:end])):
        return None
    return end if end == len(text) or not _is_han(text[end]) else None


def _parts(character: str) -> bool:
    return not character.isalnum() and character != SEPARATOR


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
