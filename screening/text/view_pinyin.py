"""Reading pinyin: Latin letters among Han characters or alone that spell Mandarin syllables.

    dubo  d u b o  du3bo2  赌bo  du博  菠cai  l聊  dbwz

The reading is written in the alphabet of `view_sound`, one code for each syllable or Han character, so that every mix
of letters and characters is one pattern. Letters that spell nothing stay as they are: they may be initials. Only the
surroundings of Latin letters are read, and most Chinese texts have none. Where letters can be cut into syllables in
several ways (xian: xi an), each of a few is a part of its own.
"""

from __future__ import annotations

import functools
import itertools
import re
from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from screening.text.codes import codes_of
from screening.text.looping import loops
from screening.text.normalize import SEPARATOR
from screening.text.oddity import KEPT, bits
from screening.text.rarity import MOST
from screening.text.reading import Reading, View
from screening.text.view_sound import coded_text, codes, heard, sounds, syllable_code, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from screening.text.normalize import Offsets
    from screening.text.reading import Sought

MOST_WAYS = 4
"""Ways in which one stretch of letters is cut into syllables, and one part of a text is read."""

_REACH = 8
"""Han characters read on each side of letters."""

_FAR = 2 * (_REACH + 4)
"""Characters between two runs of letters from which on no part of a text, with the Han characters on its sides, holds
both: a tone, a gap, Han characters and another gap, once after the one and once before the other."""

_LONGEST_RUN = 40
"""Letters in a run that is still tried; no term is spelled longer, and trying costs more with each letter."""

_ROOM = 4_096
"""Runs that a loop finds room for at first; few texts have more."""

_ALPHABET = 26
_LONGEST_SYLLABLE = 6

_LONGEST_RAW = 8
"""Letters of a run that spells nothing but may be initials."""

_FEWEST_INITIALS = 4
"""Letters of a term written by its initials alone; fewer stand for too much else."""

_HAN = "[\u3400-\u9fff]"
_GAP = r"[^\w\n\r\x00]{0,2}"
_RUN = "[a-z]+[1-5]?"
_LETTERS = re.compile(
    rf"{_RUN}(?:{_GAP}(?:{_RUN}|{_HAN}{{1,{_REACH}}}(?={_GAP}[a-z])))*(?:{_GAP}{_HAN}{{1,{_REACH}}})?"
)
_BEFORE = re.compile(rf"({_HAN}{{1,{_REACH}}}){_GAP}$")
_RUNS = re.compile("[a-z]+")
_BRIEF = 2_000
"""Characters up to which a text is looked through one by one sooner than all at once."""

_TOKEN = re.compile(r"(?P<run>[a-z]+)[1-5]?(?![0-9])|(?P<raw>[a-z]+)")
_STRETCH = re.compile(rf"({_HAN}+)|[^\u3400-\u9fff]*[a-z][^\u3400-\u9fff]*")
"""Of what `_LETTERS` finds and the Han characters before it: Han characters, or letters with what is between them."""

_ENGLISH = (
    "made same mine gate hate date late sale male tale mile pile lane cane bane mane sane case base nude rude "
    "dude huge page sage cage wage china dance chance change range machine shine panda banana canada nike "
    "fade wade bade jade tile file bile wile pipe lime time dime mime name game came tame lame fame dame wine "
    "dine fine line nine pine cute mute lute sense lange hang bang long song gang rang sang pang ding sing "
    "ring king ping wing ban can fan man pan ran tan van den men pen ten bin din fin kin lin pin sin tin win "
    "bun fun gun nun pun run sun tune june dune manga mango bandai mandan london guan wechat taobao weibo "
    "baidu alibaba huawei xiaomi jide hehe haha heihei adele bingo lulu lala nana mama papa dada baba gaga "
    "lili mimi titi didi bubu "
)
"""English words and names of every day that could be read as two syllables or more, one space apart."""

_SPELLED, _SPELLED_NEAR, _INITIAL, _ALTERED = 12.0, 8.0, 5.0, 4.0
"""Bits of a syllable in letters, of one that is only near, of an initial; bits off for a character replaced as well."""

_SHORT = 2
_ENOUGH = {_SHORT: 18.0}
_ENOUGH_LONG = 24.0
"""Bits from which on two characters, and more, are believed."""

_REMEMBERED = 65_536
_LONGEST_REMEMBERED = 80
"""Stretches of letters whose readings are kept, none of them longer; some 50 MiB at most."""

_ORDER: Final = np.arange(_REACH + 1, dtype=np.int32).tobytes()
_WIDTH: Final = np.dtype(np.int32).itemsize


class _Piece(NamedTuple):
    """Characters of a reading, and the start and the end of what each stands for, counted from some place on.

    Places are bytes of 32-bit numbers: those of many pieces are joined in one step.
    """

    said: str
    starts: bytes
    ends: bytes


_END: Final = _Piece(SEPARATOR, _ORDER[:_WIDTH], _ORDER[:_WIDTH])


_Placed = tuple[str, "Sequence[int]", "Sequence[int]"]
"""The same before its places are bytes."""


class _Spelled(NamedTuple):
    """Letters without Han characters among them.

    Attributes:
        says: whether any of them may spell something, or be initials.
        single: whether there is one run, of one letter.
        ways: the ways of reading all of them, the first few.
    """

    says: bool
    single: bool
    ways: tuple[_Piece, ...]


def read(normalised: str, sought: Sought | None = None) -> Reading | None:
    """Read the letters of a text and what stands beside them; None where no letters say anything.

    >>> found = read("去dubo吧")
    >>> found.text[:4] == coded_text("去赌博吧"), found.span(1, 3)
    (True, (1, 5))

    Args:
        normalised: the text.
        sought: what is looked for; where a loop can tell, what else could be there is not read.
    """
    begins = _worth_reading(normalised, sought)
    if not begins:
        return None
    pieces: list[_Piece] = []
    places: list[int] = []
    done = 0
    # All of the text at once is read sooner than many short parts of it.
    coded = coded_text(normalised)
    for place in begins:
        match = _LETTERS.match(normalised, place) if place >= done else None
        if match is None:
            continue
        before = _BEFORE.search(normalised, max(done, match.start() - _REACH - 2), match.start())
        first = before.start(1) if before else match.start()
        done = match.end()
        for part in _readings(normalised, coded, first, done):
            for begun, piece in part:
                pieces.append(piece)
                places.append(begun)
            pieces.append(_END)
            places.append(done)
    if not pieces:
        return None
    texts, starts, ends = zip(*pieces, strict=True)
    from_here = np.repeat(np.array(places, dtype=np.int32), list(map(len, texts)))
    return Reading(View.PINYIN, "".join(texts), from_here + _offsets(starts), from_here + _offsets(ends))


def _offsets(places: Iterable[bytes]) -> Offsets:
    return np.frombuffer(b"".join(places), dtype=np.int32)


def spellings(term: str) -> tuple[str, ...]:
    """Return what to search for a normalised term in the readings of this view.

    The term by its sounds; with one character as an initial; and, of four characters or more, by all its initials.
    """
    heard_as = codes(term)
    if not heard_as or not all(heard(character) for character in term):
        return heard_as
    initials = [sorted({syllable[0] for syllable in heard(character)}) for character in term]
    found = list(heard_as)
    found.extend(
        heard_as[0][:at] + initial + heard_as[0][at + 1 :] for at, held in enumerate(initials) for initial in held
    )
    if len(term) >= _FEWEST_INITIALS:
        found.extend("".join(choice) for choice in itertools.islice(itertools.product(*initials), MOST_WAYS))
    return tuple(dict.fromkeys(found))


def believable(text: str, spans: Sequence[tuple[int, int]], term: str) -> bool:
    """Say whether letters and characters spell a term, rather than something else.

    Args:
        text: normalised text.
        spans: where in it that stands which is read as each character of the term.
        term: the normalised term.
    """
    total = 0.0
    initials = letters = vowels = 0
    for (start, end), meant in zip(spans, term, strict=True):
        written = text[start:end].rstrip("12345") or text[start:end]
        plain = "".join(filter(str.isalpha, written))
        if written == meant:
            total += min(KEPT, bits().get(meant, MOST))
        elif not plain.isascii():
            total += bits().get(written, MOST) - _ALTERED
        elif len(plain) == 1:
            vowels += plain in heard(meant)
            initials += plain not in heard(meant)
            total += _INITIAL
        else:
            letters += 1
            total += _SPELLED if {plain, plain.replace("u", "v")} & heard(meant) else _SPELLED_NEAR
    if not initials and not letters and not vowels:
        return False
    if initials and initials + vowels == len(term):
        return len(term) >= _FEWEST_INITIALS and _alone(text, spans[0][0], spans[-1][1])
    if initials and not all(
        _alone(text, *span) for span in spans if text[span[0]].isascii() and span[1] - span[0] == 1
    ):
        return False
    if letters == len(term) - 1 and len(term) == _SHORT and _within_letters(text, spans[0][0], spans[-1][1]):
        # One syllable of a longer run and one character say too little: taxi马上 is no xi马.
        return False
    if letters + vowels == len(term) and text[spans[0][0] : spans[-1][1]] in _english():
        return False
    return total >= _ENOUGH.get(len(term), _ENOUGH_LONG)


def _alone(text: str, start: int, end: int) -> bool:
    """Say whether no letter or digit touches a span."""
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return not any(character.isascii() and character.isalnum() for character in around)


def _within_letters(text: str, start: int, end: int) -> bool:
    """Say whether a span begins or ends amid Latin letters."""
    return any(
        left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
        for left, right in ((text[max(0, start - 1) : start], text[start]), (text[end - 1], text[end : end + 1]))
    )


def _worth_reading(text: str, sought: Sought | None = None) -> list[int]:
    """Return where runs of Latin letters begin that are read, or stand close to one that is.

    Runs so far from one another that no part of a text holds two of them are told apart; where none of those that
    are close together says anything (ok, app, vip beside ordinary words), nothing needs to be read there.
    """
    found: list[int] = []
    group: list[int] = []
    said = False
    last = 0
    for begin, end in _runs(text, sought):
        if group and begin - last > _FAR:
            if said:
                found.extend(group)
            group, said = [], False
        group.append(begin)
        last = end
        # Before a digit that is no tone a run is read in pieces.
        said = said or _says(text[begin:end]) or "0" <= text[end : end + 1] <= "9"
    if said:
        found.extend(group)
    return found


def _runs(text: str, sought: Sought | None) -> Iterable[tuple[int, int]]:
    """Return where runs of Latin letters begin and end, without groups in which a loop sees nothing looked for."""
    looped = loops()
    if looped is not None and sought is not None and sought.beginnings is not None:
        written = codes_of(text)
        for room in (_ROOM, len(text) // 2 + 1):
            starts, ends = np.empty((2, room), dtype=np.intp)
            count = looped.spelling(written, _FAR, sounds(), *_tree(), *sought.beginnings, starts, ends)
            if count >= 0:
                break
        return zip(starts[:count].tolist(), ends[:count].tolist(), strict=True)
    if len(text) < _BRIEF:
        return [match.span() for match in _RUNS.finditer(text)]
    written = codes_of(text)
    letters = np.flatnonzero(written - np.uint32(ord("a")) < _ALPHABET)
    if not len(letters):
        return ()
    parted = np.flatnonzero(letters[1:] - letters[:-1] > 1)
    begins, ends = letters[np.append(0, parted + 1)], letters[np.append(parted, len(letters) - 1)] + 1
    return zip(begins.tolist(), ends.tolist(), strict=True)


@functools.cache
def _tree() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return all syllables as a tree: by place and letter the next place, and by place the sound that ends there."""
    children, said = [0] * _ALPHABET, [0]
    for syllable in sorted(syllables()):
        place = 0
        for letter in syllable:
            step = place * _ALPHABET + ord(letter) - ord("a")
            if not children[step]:
                children[step] = len(said)
                children.extend([0] * _ALPHABET)
                said.append(0)
            place = children[step]
        said[place] = ord(syllable_code(syllable))
    return np.array(children, dtype=np.uint16), np.array(said, dtype=np.uint16)


def _says(run: str) -> bool:
    """Say whether letters may spell something, or be initials."""
    return len(run) == 1 or _FEWEST_INITIALS <= len(run) <= _LONGEST_RAW or bool(_cuts(run))


def _readings(text: str, coded: str, first: int, last: int) -> Iterator[tuple[tuple[int, _Piece], ...]]:
    """Yield the ways of reading a part of a text, `coded` by sound; none where letters neither spell nor abbreviate.

    Each piece stands with the place from which its own places are counted.
    """
    choices: list[list[tuple[int, _Piece]]] = []
    says = False
    alone = True
    for match in _STRETCH.finditer(text, first, last):
        start, end = match.span()
        if match.lastindex:
            alone = False
            size = _WIDTH * (end - start)
            choices.append([(start, _Piece(coded[start:end], _ORDER[:size], _ORDER[_WIDTH : size + _WIDTH]))])
            continue
        written = match[0]
        spelled = _spelled(written) if len(written) <= _LONGEST_REMEMBERED else _spelled.__wrapped__(written)
        says = says or spelled.says
        alone = alone and spelled.single
        choices.append([(start, piece) for piece in spelled.ways])
    if says and not alone:
        yield from itertools.islice(itertools.product(*choices), MOST_WAYS)


@functools.lru_cache(maxsize=_REMEMBERED)
def _spelled(letters: str) -> _Spelled:
    """Read letters, with tones and gaps between them."""
    runs = [(match["run"] or match["raw"], match.start()) for match in _TOKEN.finditer(letters)]
    single = len(runs) == 1 == len(runs[0][0])
    # Of the ways of all runs together, in their order, the first few need no more than these of a stretch.
    ways = itertools.islice(itertools.product(*_read_runs(runs)), MOST_WAYS)
    says = any(_says(run) for run, _ in runs)
    return _Spelled(says, single, tuple(map(_joined, ways)))


def _read_runs(runs: list[tuple[str, int]]) -> Iterator[list[_Placed]]:
    """Yield the ways of reading runs of letters beside one another, run by run, or of all where they are one word."""
    if len(runs) > 1 and all(len(run) <= 2 for run, _ in runs):
        # d u b o: the letters are one word, set apart.
        places = [start + at for run, start in runs for at in range(len(run))]
        cuts = _cuts("".join(run for run, _ in runs))
        if cuts:
            yield [_placed(cut, places) for cut in cuts]
            return
    for run, start in runs:
        here = range(start, start + len(run) + 1)
        cuts = _cuts(run) if len(run) > 1 else ()
        if cuts:
            yield [_placed(cut, here) for cut in cuts]
        elif len(run) <= _LONGEST_RAW:
            yield [(run, here[:-1], here[1:])]
        else:
            yield [(SEPARATOR, here[:1], here[-1:])]


def _placed(cut: Sequence[str], places: Sequence[int]) -> _Placed:
    starts, ends = [], []
    at = 0
    for syllable in cut:
        starts.append(places[at])
        at += len(syllable)
        ends.append(places[at - 1] + 1)
    return "".join(map(syllable_code, cut)), starts, ends


def _joined(parts: Sequence[_Placed]) -> _Piece:
    texts, starts, ends = zip(*parts, strict=True)
    places = (array("i", itertools.chain.from_iterable(held)).tobytes() for held in (starts, ends))
    return _Piece("".join(texts), *places)


@functools.cache
def _last_letters() -> frozenset[str]:
    """Return the letters in which syllables end: most words of other languages end in none of them."""
    return frozenset(syllable[-1] for syllable in syllables())


@functools.cache
def _english() -> frozenset[str]:
    return frozenset(_ENGLISH.split())


def _cuts(letters: str) -> tuple[tuple[str, ...], ...]:
    """Cut letters wholly into syllables, in a few ways, longest syllables first; empty where they spell none.

    >>> _cuts("xian"), _cuts("the")
    ((('xian',), ('xi', 'an')), ())
    """
    # Asked before anything is remembered: a run may be as long as a text.
    return () if len(letters) > _LONGEST_RUN else _cuts_of_few(letters)


@functools.lru_cache(maxsize=_REMEMBERED)
def _cuts_of_few(letters: str) -> tuple[tuple[str, ...], ...]:
    if letters[-1] not in _last_letters():
        return ()
    known = syllables()
    # Ends from which the rest can be cut, so that a search never tries a dead end twice.
    open_ends = {len(letters)}
    for at in range(len(letters) - 1, -1, -1):
        if any(
            at + length in open_ends and letters[at : at + length] in known
            for length in range(1, _LONGEST_SYLLABLE + 1)
        ):
            open_ends.add(at)

    if 0 not in open_ends:
        return ()
    # Inside a word such a syllable wants an apostrophe (xi'an), so cuts without any are the likelier ones.
    return tuple(
        itertools.islice(
            (cut for vowels in range(3) for cut in _search(letters, frozenset(open_ends), 0, vowels)), MOST_WAYS
        )
    )


def _search(letters: str, open_ends: frozenset[int], at: int, vowels: int) -> Iterator[tuple[str, ...]]:
    """Yield the cuts from a place on with so many syllables that begin with a vowel, the first not counted."""
    if at == len(letters):
        if not vowels:
            yield ()
        return
    left = vowels - (at > 0 and letters[at] in "aeo")
    for length in range(min(_LONGEST_SYLLABLE, len(letters) - at), 0, -1) if left >= 0 else ():
        if at + length in open_ends and letters[at : at + length] in syllables():
            for rest in _search(letters, open_ends, at + length, left):
                yield (letters[at : at + length], *rest)
