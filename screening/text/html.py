"""Markup as a reader sees it, with offsets in the source as sent.

    赌<b>博</b>            → 赌博         inline tags vanish: words join as they do on the screen
    <p>去赌</p><p>博士     → 去赌⏎博士     block tags part words: a line feed stands for each
    &#36172;&nbsp;&lt;     → 赌 <         character references are read, numeric ones with any number of zeros
    <!-- … --> <script>…   → nothing      comments, scripts and styles are not for readers
    <a title="赌博 …       → as text      what never ends is read as text, so that nothing hides behind it

Two more texts stand in markup, each a reading of its own, with places in the same source:

    <img alt="赌博"> <input value="加我">   → attribute   what tooltips, forms, screen readers, search engines show
    <p style="display:none">赌博</p>        → hidden      what a browser does not show, but search engines read

They are apart from what is shown, so that neither breaks a word in it (赌<i hidden>x</i>博 reads 赌博). Their
pieces follow the source, so far from each other that no term is found across two of them. Of attributes are read
`alt`, `title`, `placeholder`, `aria-label`, `aria-description`, `label`, `summary`, the `value` of inputs and the
`content` of a `meta` that describes the page; the `value` of a hidden input is hidden. Addresses (`href`, `src`) are no
text. Comments, scripts and styles are shown to nobody and read by nobody.

One pass from left to right, linear in the length of the source, for any broken markup.
"""

from __future__ import annotations

import enum
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from screening.text.attributes import said
from screening.text.tags import Elements, attributes, hides

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Offsets = NDArray[np.int32]

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe li main menu nav ol optgroup "
        "option p pre search section select summary table tbody td textarea tfoot th thead title tr ul video audio",
    )
)
"""Elements after and before which a browser starts a new line or box."""

_HIDDEN = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in ("script", "style", "noembed")
}
"""Elements whose content no reader sees, with the pattern that ends each."""

_NAME = re.compile(r"/?([A-Za-z][^\s/>]*)")
_IN_TAG = re.compile(r">|=\s*([\"'])")
"""What matters inside a tag: its end, or the quote that opens an attribute's value."""

_REFERENCE = re.compile(
    r"&(?:#0*([0-9]{1,7})(?![0-9]);?|#[xX]0*([0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]);?|([A-Za-z][A-Za-z0-9]{1,31};?))"
)


_TELLING = re.compile(
    r"(?:alt|title|placeholder|label|summary|value|content|description|hidden|style|template)", re.IGNORECASE
)
"""In a tag that holds none of these there is nothing to read, and it hides nothing."""

_APART = f"\n{'·' * 16}\n"
"""Between pieces of attributes and hidden text: more symbols than any view reads over, in a line longer than those that
are read as columns."""


class Place(enum.StrEnum):
    """Where in markup a text stands."""

    SHOWN = "shown"
    ATTRIBUTE = "attribute"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Readable:
    """One text that stands in some markup.

    Attributes:
        text: what is read.
        starts: for each of its characters, where the source that says it begins.
        ends: for each of its characters, where that source ends. Neither array ever falls.
        place: what of the markup it is.
    """

    text: str
    starts: Offsets
    ends: Offsets
    place: Place = Place.SHOWN

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of a span of the text that is not empty."""
        return int(self.starts[start]), int(self.ends[end - 1])


class _Writer:
    """Gathers pieces of readable text with their places."""

    def __init__(self, source: str, place: Place) -> None:
        self._source = source
        self._place = place
        self._parted = False
        self._texts: list[str] = []
        self._starts: list[Offsets] = []
        self._ends: list[Offsets] = []

    def run(self, start: int, end: int) -> None:
        """Add a piece of the source that holds no tag; its character references are read."""
        for reference in _REFERENCE.finditer(self._source, start, end):
            written = _read(reference)
            if written is None:
                continue
            self._copy(start, reference.start())
            self._put(written, reference.start(), reference.end())
            start = reference.end()
        self._copy(start, end)

    def line_feed(self, place: int) -> None:
        """Part what stands before and after a place."""
        self._put("\n", place, place)

    def piece(self, start: int, end: int) -> None:
        """Add a run, apart from all before and after it."""
        self.part()
        self.run(start, end)
        self.part()

    def part(self) -> None:
        """Set what follows apart from all before it."""
        self._parted = bool(self._texts)

    def _copy(self, start: int, end: int) -> None:
        if start < end:
            self._set_apart(start)
            self._texts.append(self._source[start:end])
            self._starts.append(np.arange(start, end, dtype=np.int32))
            self._ends.append(np.arange(start + 1, end + 1, dtype=np.int32))

    def _set_apart(self, place: int) -> None:
        if self._parted:
            self._parted = False
            self._put(_APART, place, place)

    def _put(self, written: str, start: int, end: int) -> None:
        self._set_apart(start)
        self._texts.append(written)
        self._starts.append(np.full(len(written), start, dtype=np.int32))
        self._ends.append(np.full(len(written), end, dtype=np.int32))

    def done(self) -> Readable:
        """Return all pieces joined."""
        empty = np.empty(0, dtype=np.int32)
        return Readable(
            "".join(self._texts),
            np.concatenate([empty, *self._starts]),
            np.concatenate([empty, *self._ends]),
            self._place,
        )


def readable(source: str) -> Readable:
    """Return what a reader sees of some markup.

    >>> readable("赌<b>博</b>&amp;c").text
    '赌博&c'
    """
    return readings(source)[0]


def readings(source: str) -> tuple[Readable, ...]:
    """Return what a reader sees of some markup, then, where there are any, its attributes and its hidden text.

    >>> [(held.place.value, held.text) for held in readings('赌<i title="x">y</i>博<b hidden>z</b>')]
    [('shown', '赌y博'), ('attribute', 'x'), ('hidden', 'z')]
    """
    page = _Page(source)
    done = looked = 0
    while (opened := source.find("<", looked)) >= 0:
        found = _construct(source, opened)
        if found is None:
            break
        looked, tag = found
        if looked > opened + 1:
            page.run(done, opened)
            done = looked
            if tag is not None:
                page.tag(tag)
    page.run(done, len(source))
    return page.done()


class _Tag(NamedTuple):
    """A tag: its element, whether it is the last one of it, where its name ends and where itself begins and ends."""

    element: str
    is_last: bool
    opened: int
    named: int
    end: int


class _Page:
    """Gathers the three texts of some markup."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._texts = {place: _Writer(source, place) for place in Place}
        self._elements = Elements()

    def run(self, start: int, end: int) -> None:
        """Add a piece of the source that holds no tag."""
        self._texts[Place.HIDDEN if self._elements.is_hidden else Place.SHOWN].run(start, end)

    def tag(self, tag: _Tag) -> None:
        """Read a tag: what its attributes say, whether it hides, whether it parts words."""
        was_hidden = self._elements.is_hidden
        if tag.is_last:
            self._elements.closed(tag.element)
        else:
            telling = tag.element == "template" or _TELLING.search(self._source, tag.named, tag.end) is not None
            found = attributes(self._source, tag.named, tag.end) if telling else {}
            self._elements.opened(tag.element, hiding=bool(telling) and hides(tag.element, found))
            for value, is_hidden in said(tag.element, found):
                place = Place.HIDDEN if is_hidden or self._elements.is_hidden else Place.ATTRIBUTE
                self._texts[place].piece(value.start, value.end)
        is_hidden = self._elements.is_hidden
        if is_hidden and not was_hidden:
            self._texts[Place.HIDDEN].part()
        if tag.element in _BLOCKS and was_hidden and is_hidden:
            self._texts[Place.HIDDEN].line_feed(tag.end)
        elif tag.element in _BLOCKS:
            self._texts[Place.SHOWN].line_feed(tag.opened)

    def done(self) -> tuple[Readable, ...]:
        """Return what is shown, then what else holds something."""
        read = [self._texts[place].done() for place in Place]
        return tuple(held for held in read if held.place is Place.SHOWN or held.text)


def _construct(source: str, opened: int) -> tuple[int, _Tag | None] | None:
    """Read one construct.

    Returns:
        Where it ends, with its tag if it is one; one beyond `opened` where the "<" is but a character; None where the
        construct never ends, so that no later "<" can be trusted either.
    """
    if source.startswith("<!--", opened):
        # <!--> and <!---> are whole comments, as browsers read them.
        end = source.find("-->", opened + 2)
        return None if end < 0 else (end + 3, None)
    if source.startswith(("<!", "<?"), opened):
        end = source.find(">", opened)
        return None if end < 0 else (end + 1, None)
    name = _NAME.match(source, opened + 1)
    if name is None:
        return opened + 1, None
    end = _tag_end(source, name.end())
    if end < 0:
        return None
    tag = _Tag(name[1].lower(), source[opened + 1] == "/", opened, name.end(), end)
    if not tag.is_last and tag.element in _HIDDEN:
        closing = _HIDDEN[tag.element].search(source, end)
        if closing is None:
            return None
        end = closing.start()
    return end, tag


def _tag_end(source: str, place: int) -> int:
    """Return the place after the tag that encloses a place, or -1 where it never ends."""
    while (mark := _IN_TAG.search(source, place)) is not None:
        if mark[1] is None:
            return mark.end()
        place = source.find(mark[1], mark.end()) + 1
        if place == 0:
            return -1
    return -1


def _read(reference: re.Match[str]) -> str | None:
    """Return what a character reference says, or None where it is no reference."""
    decimal, hexadecimal, _ = reference.groups()
    if decimal is not None:
        return html.unescape(f"&#{decimal};")
    if hexadecimal is not None:
        return html.unescape(f"&#x{hexadecimal};")
    written = html.unescape(reference[0])
    return None if written == reference[0] else written
