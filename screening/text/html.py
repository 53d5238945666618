"""Markup as a reader sees it, with offsets in the source as sent.

    赌<b>博</b>            → 赌博         inline tags vanish: words join as they do on the screen
    <p>去赌</p><p>博士     → 去赌⏎博士     block tags part words: a line feed stands for each
    &#36172;&nbsp;&lt;     → 赌 <         character references are read, numeric ones with any number of zeros
    <!-- … --> <script>…   → nothing      comments, scripts and styles are not for readers
    <a title="赌博 …       → as text      what never ends is read as text, so that nothing hides behind it

Attributes are not read. One pass from left to right, linear in the length of the source, for any broken markup.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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


@dataclass(frozen=True, slots=True)
class Readable:
    """The text that a reader sees.

    Attributes:
        text: what is read.
        starts: for each of its characters, where the source that says it begins.
        ends: for each of its characters, where that source ends. Neither array ever falls.
    """

    text: str
    starts: Offsets
    ends: Offsets


class _Writer:
    """Gathers pieces of readable text with their places."""

    def __init__(self, source: str) -> None:
        self._source = source
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

    def _copy(self, start: int, end: int) -> None:
        if start < end:
            self._texts.append(self._source[start:end])
            self._starts.append(np.arange(start, end, dtype=np.int32))
            self._ends.append(np.arange(start + 1, end + 1, dtype=np.int32))

    def _put(self, written: str, start: int, end: int) -> None:
        self._texts.append(written)
        self._starts.append(np.full(len(written), start, dtype=np.int32))
        self._ends.append(np.full(len(written), end, dtype=np.int32))

    def done(self) -> Readable:
        """Return all pieces joined."""
        empty = np.empty(0, dtype=np.int32)
        return Readable(
            "".join(self._texts), np.concatenate([empty, *self._starts]), np.concatenate([empty, *self._ends])
        )


def readable(source: str) -> Readable:
    """Return what a reader sees of some markup.

    >>> readable("赌<b>博</b>&amp;c").text
    '赌博&c'
    """
    writer = _Writer(source)
    shown = looked = 0
    while (opened := source.find("<", looked)) >= 0:
        found = _construct(source, opened)
        if found is None:
            break
        looked, parts = found
        if looked > opened + 1:
            writer.run(shown, opened)
            shown = looked
            if parts:
                writer.line_feed(opened)
    writer.run(shown, len(source))
    return writer.done()


def _construct(source: str, opened: int) -> tuple[int, bool] | None:
    """Read one construct.

    Returns:
        Where it ends, and whether it parts words; one beyond `opened` where the "<" is but a character; None where
        the construct never ends, so that no later "<" can be trusted either.
    """
    if source.startswith("<!--", opened):
        # <!--> and <!---> are whole comments, as browsers read them.
        end = source.find("-->", opened + 2)
        return None if end < 0 else (end + 3, False)
    if source.startswith(("<!", "<?"), opened):
        end = source.find(">", opened)
        return None if end < 0 else (end + 1, False)
    name = _NAME.match(source, opened + 1)
    if name is None:
        return opened + 1, False
    end = _tag_end(source, name.end())
    if end < 0:
        return None
    element = name[1].lower()
    if source[opened + 1] != "/" and element in _HIDDEN:
        closing = _HIDDEN[element].search(source, end)
        if closing is None:
            return None
        end = closing.start()
    return end, element in _BLOCKS


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
