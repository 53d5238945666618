"""A lexicon made ready to search, and its form in bytes.

Everything that is as long as the lexicon is a column (packed texts, arrays of numbers); only entries with fields of
their own are values. A plain list of a million terms is compiled in seconds and loaded in a fraction of one.

The bytes: a line that names the format and its version, the SHA-256 of the rest, a directory, then sections one after
another. What is damaged, cut or of another version is refused with what was found and what was expected: a lexicon
half read would clear what it should stop.

Automata are kept as daachorse writes them; where another engine is wanted they are built from the patterns, which are
kept too. Nothing in the bytes is ever run as code.
"""

from __future__ import annotations

import functools
import hashlib
from array import array
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from screening.errors import Fault, LexiconError
from screening.lexicon.alphabets import ALPHABET, BIT, Alphabet, bits, spellings
from screening.lexicon.automaton import Automaton
from screening.lexicon.entries import Entry, Lexicon  # noqa: TC001 - msgspec reads the annotations below
from screening.lexicon.packed import PackedTexts
from screening.lexicon.skimming import Skimmer, worthwhile
from screening.text.normalize import SEPARATOR, normalize, normalize_joined
from screening.text.reading import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from screening.lexicon.automaton import Engine, Occurrences

    Found = NDArray[np.int32]
    """Occurrences in rows: start, end, pattern."""

FORMAT: Final = b"screening-lexicon "
VERSION: Final = 2
"""Grows with every change of the layout, of what `BIT` means, or of how terms are normalised or spelled."""

_NONE = -1
_NOWHERE: Final = np.empty((0, 3), dtype=np.int32)
_ORDER = array("i", [1]).tobytes()


@dataclass(frozen=True)
class Index:
    """The patterns of one alphabet.

    Attributes:
        automaton: finds them.
        patterns: what is searched, without repeats.
        views: for each pattern the views (as bits) in which some term of it counts.
        first: for each pattern its first term, -1 for what is only an allow phrase.
        further: the other terms of the few patterns that have several.
        allows: pattern → the allow lists it belongs to.
    """

    automaton: Automaton
    patterns: PackedTexts
    views: bytes
    first: array[int]
    further: Mapping[int, tuple[int, ...]]
    allows: Mapping[int, tuple[int, ...]]

    @functools.cached_property
    def used(self) -> int:
        """The views (as bits) in which any pattern counts."""
        return int(np.bitwise_or.reduce(self.bits))

    @functools.cached_property
    def bits(self) -> NDArray[np.uint8]:
        """`views` as an array."""
        return np.frombuffer(self.views, dtype=np.uint8)

    @functools.cached_property
    def pardons(self) -> NDArray[np.bool_]:
        """For each pattern whether it is an allow phrase."""
        pardons = np.zeros(len(self.views), dtype=bool)
        pardons[list(self.allows)] = True
        return pardons

    @functools.cached_property
    def longest(self) -> int:
        """Code points of the longest pattern."""
        return int(np.diff(np.array(self.patterns.ends, dtype=np.int32), prepend=0).max(initial=0))

    @functools.cached_property
    def skimmer(self) -> Skimmer:
        """Tells where in a text a pattern may begin; made when it is first asked for."""
        return Skimmer(self.patterns)

    @functools.cached_property
    def backwards(self) -> Skimmer:
        """The same for patterns that are looked for backwards, and for allow phrases."""
        wanted = (self.bits & BIT[View.REVERSED] != 0) | self.pardons
        return self.skimmer if wanted.all() else Skimmer(self.patterns, wanted)

    def find(self, text: str, view: View = View.EXACT) -> Found:
        """Return the occurrences of patterns in a text, in the order of `Automaton.find`, and sooner where it is long.

        Args:
            text: the text, as a view reads it.
            view: which view; of patterns that do not count in it some may be left out.

        Returns:
            A row for each: start, end, pattern.
        """
        skimmed = None
        if worthwhile(text):
            skimmed = (self.backwards if view is View.REVERSED else self.skimmer).skim(text)
        if skimmed is None:
            return columns(self.automaton.find(text))
        if not skimmed.text:
            return _NOWHERE
        found = columns(self.automaton.find(skimmed.text))
        if len(found):
            firsts = skimmed.places[found[:, 0]]
            found[:, 1] += firsts - found[:, 0]
            found[:, 0] = firsts
        return found

    def terms(self, pattern: int) -> tuple[int, ...]:
        """Return the terms that a pattern stands for."""
        first = self.first[pattern]
        return () if first == _NONE else (first, *self.further.get(pattern, ()))


@dataclass(frozen=True)
class Compiled:
    """A lexicon, ready to search.

    Attributes:
        entries: every entry, then what is shared by the terms of each plain list.
        listed_from: from this entry on they speak for plain lists.
        terms: the spellings as written.
        entry_of: for each of them its entry.
        allow_of: for each entry the number of its allow list; -1 where it has none.
        indexes: the alphabets that have patterns.
    """

    entries: tuple[Entry, ...]
    listed_from: int
    terms: PackedTexts
    entry_of: array[int]
    allow_of: array[int]
    indexes: Mapping[Alphabet, Index]

    @functools.cached_property
    def normal(self) -> PackedTexts:
        """The spellings in normal form; made when they are first asked for."""
        return PackedTexts.of(_normal(self.terms))


class _Patterns:
    """Gathers the patterns of one alphabet."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.views = bytearray()
        self.first = array("i")
        self.further: dict[int, list[int]] = {}
        self.allows: dict[int, list[int]] = {}

    def place(self, pattern: str) -> int:
        place = self.places.setdefault(pattern, len(self.places))
        if place == len(self.views):
            self.views.append(0)
            self.first.append(_NONE)
        return place

    def add(self, pattern: str, term: int, views: int) -> None:
        place = self.place(pattern)
        self.views[place] |= views
        if self.first[place] == _NONE:
            self.first[place] = term
        else:
            self.further.setdefault(place, []).append(term)

    def done(self, engine: Engine | None) -> Index:
        patterns = list(self.places)
        self.places.clear()
        return Index(
            automaton=Automaton(patterns, engine),
            patterns=PackedTexts.of(patterns),
            views=bytes(self.views),
            first=self.first,
            further={place: tuple(terms) for place, terms in self.further.items()},
            allows={place: tuple(lists) for place, lists in self.allows.items()},
        )


def compiled(lexicon: Lexicon, engine: Engine | None = None) -> Compiled:
    """Make a lexicon ready to search.

    Args:
        lexicon: what to search for.
        engine: what searches; the fastest that is installed where None.

    Raises:
        LexiconError: a term of which nothing is left after normalising.
    """
    entries = (*lexicon.entries, *(held.shared for held in lexicon.lists))
    written = [term for entry in lexicon.entries for term in entry.terms]
    entry_of = array("i", [at for at, entry in enumerate(lexicon.entries) for _ in entry.terms])
    for at, held in enumerate(lexicon.lists, len(lexicon.entries)):
        written.extend(held.terms)
        entry_of.extend(array("i", [at]) * len(held.terms))
    normal = _normal(written)
    _check(written, normal, entries, entry_of)
    alphabets = {alphabet: _Patterns() for alphabet in Alphabet}
    for alphabet, patterns in alphabets.items():
        of_alphabet = bits(frozenset(view for view, used in ALPHABET.items() if used is alphabet))
        masks = [bits(entry.views) & of_alphabet for entry in entries]
        if not any(masks):
            continue
        plainly = alphabet is Alphabet.WRITTEN
        for term, (plain, entry) in enumerate(zip(normal, entry_of, strict=True)):
            if masks[entry]:
                for pattern in (plain,) if plainly else spellings(alphabet, plain):
                    patterns.add(pattern, term, masks[entry])
    allow_of = _add_allows(entries, alphabets[Alphabet.WRITTEN])
    indexes = {alphabet: patterns.done(engine) for alphabet, patterns in alphabets.items() if patterns.places}
    return Compiled(entries, len(lexicon.entries), PackedTexts.of(written), entry_of, allow_of, indexes)


def columns(occurrences: Occurrences) -> Found:
    """Return occurrences as columns: start, end, pattern."""
    if not occurrences:
        return _NOWHERE
    count = 3 * len(occurrences)
    return np.fromiter(chain.from_iterable(occurrences), dtype=np.int32, count=count).reshape(-1, 3)


def compile_lexicon(lexicon: Lexicon) -> bytes:
    """Return a lexicon in the form that `load_compiled` reads.

    Raises:
        LexiconError: a term of which nothing is left after normalising.
    """
    return dump(compiled(lexicon))


def _normal(written: Sequence[str]) -> Sequence[str]:
    """Normalise terms, all in one call."""
    return normalize_joined(list(written)).text.split(SEPARATOR)[:-1] if written else ()


def _check(written: Sequence[str], normal: Sequence[str], entries: Sequence[Entry], entry_of: array[int]) -> None:
    faults = [
        Fault(
            f"{entries[entry_of[at]].category}: {entries[entry_of[at]].id}: term {written[at]!r}", "nothing", "a text"
        )
        for at, plain in enumerate(normal)
        if not plain
    ]
    if faults:
        raise LexiconError(faults)


def _add_allows(entries: Sequence[Entry], patterns: _Patterns) -> array[int]:
    """Number the allow lists, many entries sharing one, and add their phrases."""
    numbers: dict[tuple[str, ...], int] = {}
    allow_of = array("i")
    for entry in entries:
        allow_of.append(numbers.setdefault(entry.allow, len(numbers)) if entry.allow else _NONE)
    for phrases, number in numbers.items():
        for phrase in dict.fromkeys(normalize(phrase).text for phrase in phrases):
            if phrase:
                patterns.allows.setdefault(patterns.place(phrase), []).append(number)
    return allow_of


# ------------------------------------------------------------------------------------------------------- in bytes


class _IndexHead(msgspec.Struct, frozen=True):
    """What of an index is not a column."""

    alphabet: Alphabet
    further: tuple[tuple[int, tuple[int, ...]], ...]
    allows: tuple[tuple[int, tuple[int, ...]], ...]


class _Head(msgspec.Struct, frozen=True):
    """What of a lexicon is not a column, how long each column is, and how this machine writes a number."""

    order: bytes
    entries: tuple[Entry, ...]
    listed_from: int
    indexes: tuple[_IndexHead, ...]
    sizes: tuple[int, ...]


def dump(lexicon: Compiled) -> bytes:
    """Return a compiled lexicon as bytes."""
    sections = [*_packed(lexicon.terms), lexicon.entry_of.tobytes(), lexicon.allow_of.tobytes()]
    for index in lexicon.indexes.values():
        sections += [*_packed(index.patterns), index.views, index.first.tobytes(), index.automaton.dump()]
    head = msgspec.msgpack.encode(
        _Head(
            _ORDER,
            lexicon.entries,
            lexicon.listed_from,
            tuple(
                _IndexHead(alphabet, tuple(held.further.items()), tuple(held.allows.items()))
                for alphabet, held in lexicon.indexes.items()
            ),
            tuple(map(len, sections)),
        ),
        order="deterministic",
    )
    body = b"".join([len(head).to_bytes(8, "little"), head, *sections])
    return b"".join([FORMAT, b"%d\n" % VERSION, hashlib.sha256(body).digest(), body])


def load_compiled(data: bytes | memoryview) -> Compiled:
    """Read what `compile_lexicon` gave.

    Raises:
        LexiconError: it is something else, of another version, damaged or cut.
    """
    line = bytes(data[:40]).partition(b"\n")[0]
    if not line.startswith(FORMAT):
        raise _refused(f"{bytes(data[:20])!r}", f"bytes that begin with {FORMAT.decode().strip()!r}")
    if line != FORMAT + b"%d" % VERSION:
        raise _refused(
            f"version {line[len(FORMAT) :].decode('ascii', 'replace')}", f"version {VERSION}: compile it anew"
        )
    begin = len(line) + 1
    body = memoryview(data)[begin + 32 :]
    digest = hashlib.sha256(body).digest()
    if digest != data[begin : begin + 32]:
        raise _refused("bytes that do not agree with their checksum", "the bytes as they were written")
    head_size = int.from_bytes(body[:8], "little")
    try:
        head = msgspec.msgpack.decode(body[8 : 8 + head_size], type=_Head)
    except msgspec.ValidationError as error:
        raise _refused(str(error), "entries as this release knows them: compile it anew") from None
    if head.order != _ORDER:
        raise _refused("numbers as another kind of machine writes them", "those of this one: compile it anew")
    sections = _sections(body[8 + head_size :], head.sizes)
    terms = _unpacked(sections)
    entry_of, allow_of = _numbers(next(sections)), _numbers(next(sections))
    indexes = {}
    for held in head.indexes:
        patterns = _unpacked(sections)
        views, first, automaton = bytes(next(sections)), _numbers(next(sections)), next(sections)
        indexes[held.alphabet] = Index(
            Automaton.load(patterns, bytes(automaton)), patterns, views, first, dict(held.further), dict(held.allows)
        )
    return Compiled(head.entries, head.listed_from, terms, entry_of, allow_of, indexes)


def _refused(found: str, expected: str) -> LexiconError:
    return LexiconError([Fault("compiled lexicon", found, expected)])


def _packed(texts: PackedTexts) -> tuple[bytes, bytes]:
    return texts.joined.encode("utf-8", "surrogatepass"), texts.ends.tobytes()


def _unpacked(sections: Iterator[memoryview]) -> PackedTexts:
    joined = str(next(sections), "utf-8", "surrogatepass")
    return PackedTexts(joined, _numbers(next(sections)))


def _numbers(section: memoryview) -> array[int]:
    numbers = array("i")
    numbers.frombytes(section)
    return numbers


def _sections(body: memoryview, sizes: Sequence[int]) -> Iterator[memoryview]:
    place = 0
    for size in sizes:
        yield body[place : place + size]
        place += size
