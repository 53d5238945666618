"""A name made comparable: folded words in natural order, each with the part it plays.

"AL-HASAN, Dr. Sa'd" → al (particle) after dr (title) and sad: order "dr sad al hasan".
"Compañía Ñandú, S.A. de C.V." → co (form), nandu, sacv (form).

Words in a script that is not read yet stay in the name, marked `UNREAD`: they weigh like any word and equal nothing,
not even themselves, so that two such names are never taken for one.
"""

from __future__ import annotations

import enum
import functools
import itertools
import re
from typing import NamedTuple

from screening.watchlist.abjads import abjad_words, in_abjad
from screening.watchlist.compounds import compounded
from screening.watchlist.letters import MOST_CHARACTERS, folded_words
from screening.watchlist.pinyin import romanised
from screening.watchlist.skeletons import unvowelled
from screening.watchlist.words import PARTICLES, TITLES, form_at, form_meant

MOST_WORDS = 40
"""Of a longer name only this many words are read, so that the work is bounded."""

_MISREAD = {"a1": "al", "e1": "el"}
_PATRONYMIC = re.compile(
    r".(?:.[aeiouy](?:[vwu][iy](?:tsch|t?ch|sh|cz|tj|c)|vn[ae]|wna)|..[aeiouy]un[ae]|[^r][iy](?:t?ch|sh|cz|tj|c)n[ae])$"
)
"""The end of a Slavic patronymic by whatever standard: "ovich", "evitch", "owicz", "ovitj", "ovna", "auna", "ichna".

Not that of names that only look so: Browne, Shauna, Krishna.
"""

_LATIN_WORD = re.compile(r"[a-z0-9]+")


class Part(enum.Enum):
    """What a word is in a name."""

    WORD = "word"
    PATRONYMIC = "patronymic"
    INITIAL = "initial"
    NUMBER = "number"
    PARTICLE = "particle"
    TITLE = "title"
    FORM = "legal form"
    UNVOWELLED = "written without vowels"
    UNREAD = "unread"

    # By identity, as members are compared: parts are looked up for every word, and the hash of an enum is slow.
    __hash__ = object.__hash__


class Word(NamedTuple):
    """A folded word of a name and the part it plays."""

    text: str
    part: Part


class Name(NamedTuple):
    """A comparable name. `text` is what was written.

    `joined` holds the words that matter, written as one; it is empty where a word is unread or without its vowels.
    """

    text: str
    words: tuple[Word, ...]
    joined: str


def read_name(text: str, *, person: bool, latin: str | None = None, other: bool = False) -> Name:
    """Make a name comparable.

    Args:
        text: the name as written; "LAST, First" is turned round for a person.
        person: whether it is a natural person's; then no word is a legal form, otherwise none is a title.
        latin: how to read it, where that is not its usual reading.
        other: spell other alphabets the other way, where there are two.
    """
    if latin is None:
        latin = romanised(text[:MOST_CHARACTERS], person=person)
    if person:
        last, comma, first = latin.partition(",")
        spoken = _spoken(folded_words(f"{first} {last}" if comma else latin, other=other))
        read = [_person_word(_MISREAD.get(word, word)) for word in spoken]
        compounds = [_person_word(word) for word in compounded(tuple(word.text for word in read))][:MOST_WORDS]
        return Name(text, tuple(_with_patronymic(compounds)), _joined(read))
    words = tuple(form_meant(word) for word in _spoken(folded_words(latin, other=other)))
    read = []
    start = 0
    while start < len(words):
        form = form_at(words, start)
        read.append(_word(words[start]) if form is None else Word(form[0], Part.FORM))
        start += 1 if form is None else form[1]
    if all(word.part is Part.FORM for word in read):
        read = [_word(word) for word in words]
    read = _acronyms(read)
    return Name(text, tuple(read), _joined(read))


def _with_patronymic(words: list[Word]) -> list[Word]:
    """Mark the patronymic of three words or more: the first word of such an end that does not stand first.

    "Abramovich Ivan Petrovich" and "Ivan Petrovich Abramovich" have theirs in "Petrovich".
    """
    if sum(word.part is Part.WORD for word in words) > 2:
        for place, word in enumerate(words[1:], 1):
            if word.part is Part.WORD and _PATRONYMIC.search(word.text):
                words[place] = Word(word.text, Part.PATRONYMIC)
                break
    return words


def _spoken(words: tuple[str, ...]) -> list[str]:
    """Read words of scripts without vowels, of which one may be several ("عبدالرحمن")."""
    spoken: list[str] = []
    for word in words:
        spoken += abjad_words(word) if in_abjad(word) else (word,)
    return spoken[:MOST_WORDS]


def _joined(words: list[Word]) -> str:
    if any(word.part in (Part.UNREAD, Part.UNVOWELLED) for word in words):
        return ""
    return "".join(word.text for word in words if word.part not in (Part.FORM, Part.TITLE))


def _acronyms(words: list[Word]) -> list[Word]:
    """Write letters that stand alone side by side as one word: "C. B. A. Trading" is no "A. B. C. Trading"."""
    if all(word.part is not Part.INITIAL for word in words):
        return words
    read: list[Word] = []
    for initials, run in itertools.groupby(words, key=lambda word: word.part is Part.INITIAL):
        held = list(run)
        read += [Word("".join(word.text for word in held), Part.WORD)] if initials and len(held) > 1 else held
    return read


def _person_word(text: str) -> Word:
    return Word(text, Part.TITLE) if text in TITLES else _word(text)


@functools.lru_cache(maxsize=65_536)
def _word(text: str) -> Word:
    if unvowelled(text):
        return Word(text, Part.UNVOWELLED)
    if not _LATIN_WORD.fullmatch(text):
        return Word(text, Part.UNREAD)
    if text.isdigit():
        return Word(text.lstrip("0") or "0", Part.NUMBER)
    if len(text) == 1:
        return Word(text, Part.INITIAL)
    return Word(text, Part.PARTICLE if text in PARTICLES else Part.WORD)
