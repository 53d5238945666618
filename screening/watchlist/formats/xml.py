"""The door to XML: records out of a stream, and nothing that a hostile file could do with it.

Rules of this module:
1. A document type declaration is refused: no list has one, and with it go entities, outside references and the bombs
   that are made of them.
2. Only the records asked for are built, one at a time, so that memory does not follow the size of the file.
3. A file that ends too early is cut, whatever was read of it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from screening.watchlist.formats.document import Document
    from screening.watchlist.formats.faults import Faults

MOST_DEPTH = 60
"""How deep elements may stand in each other; the deepest of the known lists needs 12."""

MOST_CHARACTERS = 5_000_000
"""How much text one record may hold; the longest of the known lists has some ten thousand."""

_CUT = frozenset({3, 5})  # no element found, unclosed token


class _RefusedXmlError(Exception):
    """What a handler says to stop the parser."""


class Element:
    """An element of a record: local name, attributes, text, children in order."""

    __slots__ = ("attributes", "children", "parts", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str | None:
        """The text of the element itself, runs of blanks made one; None where there is none."""
        return " ".join("".join(self.parts).split()) or None

    def get(self, name: str) -> str | None:
        """Return an attribute without the blanks around it; None for an empty one."""
        return self.attributes.get(name, "").strip() or None

    def all(self, path: str) -> list[Element]:
        """Return the elements at a path of tags (`a/b`), in order."""
        held = [self]
        for tag in path.split("/"):
            held = [child for element in held for child in element.children if child.tag == tag]
        return held

    def texts(self, path: str) -> list[str]:
        """Return the texts at a path, empty ones apart."""
        return [text for element in self.all(path) if (text := element.text) is not None]

    def said(self, path: str) -> str | None:
        """Return the first text at a path."""
        return next(iter(self.texts(path)), None)


def root_of(head: bytes) -> str | None:
    """Return the local name of the root element, from the beginning of a file; None where that is no XML."""
    found: list[str] = []
    # Tags are ASCII in every list, so the encoding that the file declares is left to whoever reads it.
    parser = expat.ParserCreate(None if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "iso-8859-1")
    parser.StartElementHandler = lambda tag, _attributes: found.append(tag)
    with contextlib.suppress(expat.ExpatError, ValueError):
        parser.Parse(head, False)
    return _local(found[0]) if found else None


def read_records(document: Document, tags: Collection[str], faults: Faults) -> Iterator[Element]:
    """Yield the elements of some tags, wherever they stand; those within another record are part of it.

    Raises:
        WatchlistError: it is no XML, is cut, or holds what is refused.
    """
    builder = _Builder(frozenset(tags))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    try:
        for chunk in document.chunks:
            parser.Parse(chunk, False)
            yield from builder.take()
        parser.Parse(b"", True)
        yield from builder.take()
    except expat.ExpatError as error:
        place = f"{document.name}: line {error.lineno}: column {error.offset + 1}"
        if error.code in _CUT:
            faults.stop(place, "the end of the file", f"XML up to the end of <{builder.root or 'a root element'}>")
        faults.stop(place, f"no XML ({expat.ErrorString(error.code)})", "well-formed XML in the encoding it declares")
    except _RefusedXmlError as error:
        faults.stop(f"{document.name}: line {parser.CurrentLineNumber}", str(error), "plain XML of a list")
    except (LookupError, ValueError) as error:
        faults.stop(document.name, f"an encoding that cannot be read ({error})", "UTF-8, UTF-16 or Latin-1")


class _Builder:
    """What the parser tells, put together."""

    def __init__(self, tags: frozenset[str]) -> None:
        self.root = ""
        self._tags = tags
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._depth = 0
        self._characters = 0

    def take(self) -> list[Element]:
        """Return the records finished since the last call."""
        done, self._done = self._done, []
        return done

    def refuse(self, *_declared: object) -> None:
        raise _RefusedXmlError("a document type declaration (entities are refused)")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise _RefusedXmlError(f"elements {self._depth} deep")
        name = _local(tag)
        self.root = self.root or name
        if not self._open and name not in self._tags:
            return
        element = Element(name, {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._characters = 0
        self._open.append(element)

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)

    def characters(self, text: str) -> None:
        if self._open:
            self._characters += len(text)
            if self._characters > MOST_CHARACTERS:
                raise _RefusedXmlError(f"a record of more than {MOST_CHARACTERS} characters")
            self._open[-1].parts.append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
