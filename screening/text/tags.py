"""Tags and their attributes, and which parts of a document a browser does not show.

A document's elements are followed as a browser does it, as far as that decides what is shown: elements without content,
elements that end where the next begins, tags that close more than themselves, tags that close nothing. Hidden is what
stands in an element with the attribute `hidden`, with a style of no display, no visibility, no size or no opacity, and
in a `template`. Style sheets are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

_VOID = frozenset(
    re.findall(r"\w+", "area base basefont bgsound br col embed frame hr img input link meta param source track wbr")
)
"""Elements without content."""

_CLOSES_PARAGRAPH = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre search section summary table ul",
    )
)
"""Elements before which an open paragraph ends."""

_CLOSES_ITSELF = frozenset(re.findall(r"\w+", "dd dt li optgroup option tbody td tfoot th thead tr"))
"""Elements that end where the next of their name begins beside them."""

_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=][^\s\"'>/=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>][^\s>]*+)))?",
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ZERO = re.compile(r"0+(?:\.0*)?(?:px|pt|em|rem|%|vh|vw|ex|ch)?|\.0+(?:px|pt|em|rem|%)?")


class Value(NamedTuple):
    """An attribute's value, and where it stands in the source."""

    text: str
    start: int
    end: int


def attributes(source: str, start: int, end: int) -> dict[str, Value]:
    """Return the attributes in a tag, given where what follows its name begins and where the tag ends.

    Of an attribute given twice the first counts, as in browsers.
    """
    found: dict[str, Value] = {}
    for held in _ATTRIBUTE.finditer(source, start, end):
        group = next((group for group in (2, 3, 4) if held[group] is not None), None)
        value = Value("", held.end(), held.end()) if group is None else Value(held[group], *held.span(group))
        found.setdefault(held[1].lower(), value)
    return found


def hides(element: str, found: dict[str, Value]) -> bool:
    """Say whether an element with these attributes hides what is in it."""
    if element == "template" or "hidden" in found:
        return True
    style = found.get("style")
    return style is not None and _is_hiding(style.text)


def _is_hiding(style: str) -> bool:
    declared: dict[str, str] = {}
    for declaration in _COMMENT.sub("", style).lower().split(";"):
        name, _, value = declaration.partition(":")
        # A later declaration wins.
        declared[name.strip()] = value.replace("!important", "").strip()
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in {"hidden", "collapse"}
        or any(_ZERO.fullmatch(declared.get(name, "")) is not None for name in ("font-size", "opacity"))
    )


class Elements:
    """The elements that are open at a place of a document, and whether one of them hides it."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._count: Counter[str] = Counter()
        self._hidden_from: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether what stands here is not shown."""
        return self._hidden_from is not None

    def opened(self, element: str, *, hiding: bool) -> None:
        """Take an element's first tag."""
        if element in _CLOSES_PARAGRAPH and self._count["p"]:
            self.closed("p")
        if element in _CLOSES_ITSELF and self._open and self._open[-1] == element:
            self.closed(element)
        if element in _VOID:
            return
        self._open.append(element)
        self._count[element] += 1
        if hiding and self._hidden_from is None:
            self._hidden_from = len(self._open)

    def closed(self, element: str) -> None:
        """Take an element's last tag: it closes all that is open in it, and nothing where it is not open."""
        if not self._count[element]:
            return
        while True:
            last = self._open.pop()
            self._count[last] -= 1
            if last == element:
                break
        if self._hidden_from is not None and len(self._open) < self._hidden_from:
            self._hidden_from = None
