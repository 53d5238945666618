"""The only door to the search engines: every occurrence of every pattern, overlapping ones too.

Two engines give the same answers in the same order; `tests` hold them equal on generated and on real text.

    pyahocorasick   required. It walks Latin-1 text three times as fast as Chinese text (10 against 3 million
                    characters a second), so it is fed the UTF-8 bytes of patterns and text, each byte as one Latin-1
                    character. UTF-8 is self-synchronising: a pattern's bytes occur exactly where its characters do,
                    so nothing is found more or less, and byte places are counted back into character places.
                    `iter_long` is never used: it misses occurrences (2.3.1: of abb and b in aaccab it finds nothing).
    daachorse       the `fast` extra, used where it can be imported: 35 to 50 million characters a second, and the only
                    one that can be written to bytes without running code when it is read again (pyahocorasick
                    pickles, and a pickle may do anything: its automata are built anew instead).

Who wins among overlapping hits is decided elsewhere.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, assert_never

import ahocorasick
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    Occurrences = Sequence[tuple[int, int, int]]
    """(start, end, pattern) in the order of ends, at one end the longest first."""

_charwise: Any
try:
    import daachorse
except ImportError:
    _charwise = None
else:
    _charwise = daachorse.CharwiseDoubleArrayAhoCorasick

_CONTINUES = 0b1000_0000
_LEADING_TWO = 0b1100_0000
_SAMPLED = 256
"""Patterns looked up in an engine that was read from bytes, before it is trusted."""


class Engine(enum.StrEnum):
    """What searches."""

    DAACHORSE = "daachorse"
    PYAHOCORASICK = "pyahocorasick"


def engines() -> tuple[Engine, ...]:
    """Return the engines that are installed, the one to prefer first."""
    return (Engine.PYAHOCORASICK,) if _charwise is None else (Engine.DAACHORSE, Engine.PYAHOCORASICK)


class Automaton:
    """Finds patterns, named by their place in the sequence given; equal patterns count as the first of them.

    Patterns and texts hold no lone surrogates, as normalised text never does.

    Args:
        patterns: none of them empty.
        engine: one of `engines()`; the first of them where None.

    Raises:
        ValueError: a pattern is empty, or the engine is not installed.
    """

    def __init__(self, patterns: Sequence[str], engine: Engine | None = None) -> None:
        if "" in patterns:
            empty = list(patterns).index("")
            raise ValueError(f"pattern {empty}: found an empty text, expected at least one character")
        self.engine = _installed(engine)
        first = {pattern: index for index, pattern in reversed(list(enumerate(patterns)))}
        self._search: _Search | None = None
        if first:
            # A list without repeats is searched as it stands; otherwise places are counted back.
            indices = None if len(first) == len(patterns) else sorted(first.values())
            unique = list(patterns) if indices is None else [patterns[index] for index in indices]
            self._search = _built(self.engine, unique, indices)

    def find(self, text: str) -> Occurrences:
        """Return all occurrences as (start, end, pattern), in the order of their ends, the longest first.

        >>> Automaton(["赌博", "博"]).find("去赌博")
        [(1, 3, 0), (2, 3, 1)]
        """
        return self._search.find(text) if self._search is not None and text else []

    def dump(self) -> bytes:
        """Return what `load` reads; empty where the engine must be built anew."""
        return b"" if self._search is None else self._search.dump()

    @classmethod
    def load(cls, patterns: Sequence[str], data: bytes) -> Automaton:
        """Return the automaton of patterns without repeats, from what `dump` gave for them where that can be used here.

        What cannot be used (daachorse is not installed, or another release wrote it) is built anew.
        """
        if data and _charwise is not None:
            try:
                search = _Charwise(_charwise.deserialize(data), None)
            except ValueError:
                return cls._of(patterns)
            if _answers(search, patterns):
                return cls._of(patterns, search)
        return cls._of(patterns)

    @classmethod
    def _of(cls, patterns: Sequence[str], search: _Search | None = None) -> Automaton:
        """Return the automaton of patterns that are known to have no repeats: to look again takes memory."""
        self = cls.__new__(cls)
        self.engine = engines()[0]
        self._search = search or (_built(self.engine, patterns, None) if patterns else None)
        return self


class _Charwise:
    """daachorse, one code point a step."""

    def __init__(self, engine: Any, indices: Sequence[int] | None) -> None:
        self._engine = engine
        self._indices = indices

    def find(self, text: str) -> Occurrences:
        found: list[tuple[int, int, int]] = self._engine.find_overlapping(text)
        if self._indices is not None:
            indices = self._indices
            return [(start, end, indices[index]) for start, end, index in found]
        return found

    def dump(self) -> bytes:
        return b"" if self._indices is not None else bytes(self._engine.serialize())


class _Bytewise:
    """pyahocorasick, one byte of UTF-8 a step."""

    def __init__(self, engine: Any, lengths: Sequence[int], indices: Sequence[int] | None) -> None:
        self._engine = engine
        self._lengths = lengths
        self._indices = indices

    def find(self, text: str) -> Occurrences:
        written = text.encode()
        found = list(self._engine.iter(written.decode("latin-1")))
        if not found:
            return []
        begins = (np.frombuffer(written, dtype=np.uint8) & _LEADING_TWO) != _CONTINUES
        characters = np.cumsum(begins, dtype=np.int32)
        ends = characters[np.fromiter((last for last, _ in found), dtype=np.int64, count=len(found))].tolist()
        lengths, indices = self._lengths, self._indices
        if indices is None:
            return [(end - lengths[index], end, index) for end, (_, index) in zip(ends, found, strict=True)]
        return [(end - lengths[index], end, indices[index]) for end, (_, index) in zip(ends, found, strict=True)]

    def dump(self) -> bytes:
        return b""


_Search = _Charwise | _Bytewise


def _installed(engine: Engine | None) -> Engine:
    if engine is not None and engine not in engines():
        raise ValueError(
            f"engine: found {engine.value}, which is not installed, expected one of {', '.join(engines())}"
        )
    return engine or engines()[0]


def _built(engine: Engine, patterns: Sequence[str], indices: Sequence[int] | None) -> _Search:
    match engine:
        case Engine.DAACHORSE:
            return _Charwise(_charwise(patterns if isinstance(patterns, list) else list(patterns)), indices)
        case Engine.PYAHOCORASICK:
            built: Any = ahocorasick.Automaton()
            for index, pattern in enumerate(patterns):
                built.add_word(pattern.encode().decode("latin-1"), index)
            built.make_automaton()
            return _Bytewise(built, list(map(len, patterns)), indices)
        case never:
            assert_never(never)


def _answers(search: _Search, patterns: Sequence[str]) -> bool:
    """Say whether an engine finds a sample of its patterns: a file of another release may read as nonsense."""
    places = range(0, len(patterns), max(1, len(patterns) // _SAMPLED))
    return all((0, len(patterns[place]), place) in search.find(patterns[place]) for place in places)
