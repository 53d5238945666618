"""Values of this room as arrays side by side, and back: what is kept of an index, for many processes to share.

1. Numbers stay arrays, at places that a processor can read them from, so that whoever has the bytes in memory (a file
   mapped there, say) searches them where they lie. Nothing of them is copied.
2. Many texts are one array of UTF-8 and one that says where each begins; where there are few, they are made texts
   again, which is faster to search, and where there are many, each is made when it is asked for (`SHORT`).
3. What a value holds besides is plain data. Only the classes that are given are made from bytes, and nothing is run.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, ClassVar, Final, assert_never

import msgspec
import numpy as np

from screening.watchlist.packed import NumberedTexts, PackedRecords, PackedTexts, as_utf8, place_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SHORT: Final = 100_000
"""So many texts at most are made texts again: they take some ten megabytes and some hundredths of a second."""

_BESIDE: Final = 64
"""Every array begins at a multiple of so many bytes."""


class Packable:
    """A value that can be kept as arrays: all that it holds but what `FLEETING` names."""

    FLEETING: ClassVar[frozenset[str]] = frozenset()
    """What is not kept, and made by `awake`."""

    def awake(self) -> None:
        """Make what is not kept."""


# -------------------------------------------------------------------------------------------------------- as bytes


class _Plain(msgspec.Struct, frozen=True, tag="plain"):
    value: bool | int | float | str | None


class _Array(msgspec.Struct, frozen=True, tag="array"):
    """An array; `writeable` because compiled loops tell such arrays from others."""

    at: int
    size: int
    dtype: str
    writeable: bool


class _Texts(msgspec.Struct, frozen=True, tag="texts"):
    letters: _Array
    edges: _Array


class _Numbered(msgspec.Struct, frozen=True, tag="numbered"):
    texts: _Texts
    order: _Array
    starts: _Array


class _Records(msgspec.Struct, frozen=True, tag="records"):
    of: str
    packed: _Texts


class _Table(msgspec.Struct, frozen=True, tag="table"):
    held: dict[str, int]


class _Tuple(msgspec.Struct, frozen=True, tag="tuple"):
    of: str
    held: tuple[int, ...]


class _Object(msgspec.Struct, frozen=True, tag="object"):
    of: str
    held: dict[str, int]


_Node = _Plain | _Array | _Texts | _Numbered | _Records | _Table | _Tuple | _Object


def pack(value: Packable) -> list[bytes | memoryview]:
    """Return a value as bytes, in pieces: their sum is what `unpack` reads."""
    packing = _Packing()
    packing.node(value)
    head = msgspec.msgpack.encode(packing.nodes)
    start = len(head).to_bytes(8, "little") + head
    return [start, bytes(-len(start) % _BESIDE), *packing.pieces]


def unpack(data: memoryview, classes: Collection[type], short: int | None = None) -> Any:
    """Return the value that bytes are.

    Args:
        data: what `pack` gave, at a place in memory that is a multiple of 64; it is used, not copied.
        classes: those that may be made of it.
        short: so many texts at most are made texts again at once; `SHORT` where None.

    Raises:
        msgspec.DecodeError: it is something else.
    """
    size = 8 + int.from_bytes(data[:8], "little")
    nodes = msgspec.msgpack.decode(data[8:size], type=list[_Node])
    by_name = {one.__name__: one for one in classes}
    return _unpacked(nodes, data[size + -size % _BESIDE :], by_name, SHORT if short is None else short)


class _Packing:
    """Values on their way into nodes and pieces; a value met twice is one node."""

    def __init__(self) -> None:
        self.nodes: list[_Node] = []
        self.pieces: list[bytes | memoryview] = []
        self._at = 0
        self._met: dict[int, int] = {}

    def node(self, value: Any) -> int:
        """Return the number of the node that a value is; those that it holds come before it."""
        number = self._met.get(id(value))
        if number is None or value is None or isinstance(value, int | float | str):
            made = self._made(value)
            number = len(self.nodes)
            self.nodes.append(made)
            self._met[id(value)] = number
        return number

    def _made(self, value: Any) -> _Node:  # noqa: PLR0911 - one for each kind of value
        kind = type(value).__name__
        if value is None or isinstance(value, bool | int | float | str):
            return _Plain(value)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, Packable):
            kept = {name: held for name, held in vars(value).items() if name not in value.FLEETING}
            return _Object(kind, {name: self.node(held) for name, held in kept.items()})
        if isinstance(value, dict):
            if all(map(int.__instancecheck__, value.values())):
                return self._numbered(value)
            return _Table({name: self.node(held) for name, held in value.items()})
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return _Tuple(kind, tuple(map(self.node, value)))
        if isinstance(value, tuple):
            return self._records(value)
        if isinstance(value, list):
            return self._texts(value)
        raise TypeError(f"{kind}: found it in an index, expected what can be kept")

    def _array(self, held: Any) -> _Array:
        if held.ndim != 1 or not held.flags.c_contiguous:
            raise TypeError("found an array of several dimensions or with gaps, expected one that can be kept")
        made = _Array(self._at, held.size, held.dtype.str, held.flags.writeable)
        self.pieces += [memoryview(held.view(np.uint8)), bytes(-held.nbytes % _BESIDE)]
        self._at += held.nbytes + -held.nbytes % _BESIDE
        return made

    def _joined(self, written: Sequence[bytes]) -> _Texts:
        edges = np.zeros(len(written) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, written), np.int64, count=len(written)), out=edges[1:])
        return _Texts(self._array(np.frombuffer(b"".join(written), np.uint8)), self._array(edges))

    def _texts(self, texts: Sequence[str]) -> _Texts:
        return self._joined(list(map(as_utf8, texts)))

    def _numbered(self, numbers: dict[str, int]) -> _Numbered:
        if any(map(int.__ne__, numbers.values(), itertools.count())):
            raise TypeError("found numbers of texts in another order, expected them counted from 0")
        written = list(map(as_utf8, numbers))
        table = 1 << len(written).bit_length()
        rows = np.fromiter((place_in(table, utf8) for utf8 in written), np.int64, count=len(written))
        order = np.argsort(rows, kind="stable").astype(np.int32)
        starts = np.searchsorted(rows[order], np.arange(table + 1)).astype(np.int32)
        return _Numbered(self._joined(written), self._array(order), self._array(starts))

    def _records(self, records: Sequence[Any]) -> _Records:
        of = type(records[0]).__name__ if records else ""
        return _Records(of, self._joined(list(map(msgspec.msgpack.Encoder().encode, records))))


def _unpacked(nodes: Sequence[_Node], data: memoryview, classes: Mapping[str, Any], short: int) -> Any:
    made: list[Any] = []
    for node in nodes:
        made.append(_value(node, data, classes, made, short))
    return made[-1]


def _value(  # noqa: PLR0911 - one for each kind of value
    node: _Node, data: memoryview, classes: Mapping[str, Any], made: Sequence[Any], short: int
) -> Any:
    match node:
        case _Plain():
            return node.value
        case _Array():
            return _read(node, data)
        case _Texts():
            packed = PackedTexts(_read(node.letters, data), _read(node.edges, data))
            return packed.unpacked() if len(packed) <= short else packed
        case _Numbered():
            texts = PackedTexts(_read(node.texts.letters, data), _read(node.texts.edges, data))
            if len(texts) <= short:
                return dict(zip(texts.unpacked(), range(len(texts)), strict=True))
            return NumberedTexts(texts, _read(node.order, data), _read(node.starts, data))
        case _Records():
            decoder = msgspec.msgpack.Decoder(classes[node.of] if node.of else Any)
            return PackedRecords(_read(node.packed.letters, data), _read(node.packed.edges, data), decoder)
        case _Table():
            return {name: made[at] for name, at in node.held.items()}
        case _Tuple():
            return classes[node.of](*(made[at] for at in node.held))
        case _Object():
            value = classes[node.of].__new__(classes[node.of])
            vars(value).update({name: made[at] for name, at in node.held.items()})
            value.awake()
            return value
        case _ as unreachable:
            assert_never(unreachable)


def _read(node: _Array, data: memoryview) -> Any:
    array = np.frombuffer(data, node.dtype, node.size, node.at) if node.size else np.empty(0, node.dtype)
    if not node.writeable:
        array.flags.writeable = False
    return array
