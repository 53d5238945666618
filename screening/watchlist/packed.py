"""Many texts or records as arrays of bytes: what is searched where it lies, and made a value when it is asked for."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec
    import numpy as np
    import numpy.typing as npt

    from screening.watchlist.scoring import Integers

    Bytes = npt.NDArray[np.uint8]
    Numbers = npt.NDArray[np.int32]

Record = TypeVar("Record")

_REMEMBERED: Final = 2048
"""So many records are remembered as values."""


def as_utf8(text: str) -> bytes:
    """Return any text as UTF-8, also one that holds half of a pair."""
    return text.encode("utf-8", "surrogatepass")


def place_in(table: int, utf8: bytes) -> int:
    """Return the row of a text in a table of so many rows, a power of two."""
    return zlib.crc32(utf8) & (table - 1)


class PackedTexts(Sequence[str]):
    """Texts as UTF-8, one after the other, and where each begins and the last ends."""

    __slots__ = ("_edges", "_letters")

    def __init__(self, letters: Bytes, edges: Integers) -> None:
        self._letters = _viewed(letters)
        self._edges = _viewed(edges)

    def __len__(self) -> int:
        return len(self._edges) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        return str(self.raw(at), "utf-8", "surrogatepass")

    def raw(self, at: int) -> memoryview:
        """Return a text as its UTF-8."""
        return self._letters[self._edges[at] : self._edges[at + 1]]

    def unpacked(self) -> list[str]:
        """Return all of them as texts."""
        letters = bytes(self._letters)
        if not letters.isascii():
            return list(self)
        joined = letters.decode("ascii")
        return [joined[first:last] for first, last in itertools.pairwise(self._edges.tolist())]


class NumberedTexts(Mapping[str, int]):
    """Text → its place among packed texts, by a table of their checksums.

    Args:
        texts: the texts.
        order: their places, row by row of the table.
        starts: where each row begins in `order`, and the last ends.
    """

    __slots__ = ("_order", "_starts", "texts")

    def __init__(self, texts: PackedTexts, order: Numbers, starts: Numbers) -> None:
        self.texts = texts
        self._order = _viewed(order)
        self._starts = _viewed(starts)

    def __getitem__(self, text: str) -> int:
        utf8 = as_utf8(text)
        row = place_in(len(self._starts) - 1, utf8)
        for place in self._order[self._starts[row] : self._starts[row + 1]]:
            if self.texts.raw(place) == utf8:
                return place
        raise KeyError(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


class PackedRecords(Sequence[Record]):
    """Records as MessagePack, one after the other, each made a value when it is asked for."""

    def __init__(self, letters: Bytes, edges: Integers, decoder: msgspec.msgpack.Decoder[Record]) -> None:
        self._packed = PackedTexts(letters, edges)
        self._decoder = decoder
        self._remembered: dict[int, Record] = {}

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        found = self._remembered.get(at)
        if found is None:
            found = self._decoder.decode(self._packed.raw(at))
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[at] = found
        return found


def texts_of(numbered: Mapping[str, int]) -> Sequence[str]:
    """Return the texts that are numbered, by their numbers."""
    return numbered.texts if isinstance(numbered, NumberedTexts) else list(numbered)


def _viewed(array: Any) -> memoryview:
    """Return an array as what gives a single number three times as fast."""
    return memoryview(array)
