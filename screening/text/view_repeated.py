"""Reading repeated characters once: 微微信信号 → 微信号, 赌赌赌博博网 → 赌博网.

A run of one Han character, or three and more of a Latin letter, is read as a single one; terms are written likewise
(`code`: 时时彩 → 时彩). Only stretches with such a run inside are read. Doubled characters are ordinary Chinese (看看,
谢谢), so `believable` sees to it that every character of the term stands there as often as the term has it.
"""

from __future__ import annotations

import functools
import itertools
import string
from typing import TYPE_CHECKING, Any

import numpy as np

from screening.text.codes import codes_of
from screening.text.looping import loops, nothing
from screening.text.reading import View
from screening.text.stretches import Rewriting, around, reread, rewritten

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from screening.text.normalize import Codes
    from screening.text.reading import Reading, Sought

_LETTERS = 3
"""Equal Latin letters or digits in a row that ordinary writing does not have."""

_TWICE = 2
_NEVER = 255

_ROOM = 4_096
"""Runs that a loop finds room for at first; few texts have more."""

_CLOSE = 1
"""Characters between two runs of one altered term, one of which may have been left as it was."""

_DOUBLED = frozenset(
    "妈爸爷奶哥姐弟妹叔姑舅婶宝人天个家年月日看试谢常刚慢好大小多少高快远轻深满渐往偏仅想听说走坐等问聊玩笑哈呵嘿嘻啦啊星"
)
"""Characters that ordinary writing has twice in a row; once doubled they say nothing."""


def read(normalised: str, sought: Sought | None = None) -> Reading | None:
    """Read runs of one character once; None where there are none.

    >>> found = read("加微微信信号")
    >>> found.text[:4], found.span(1, 4)
    ('加微信号', (1, 6))

    Args:
        normalised: the text.
        sought: what is looked for; what else could be there is not read.
    """
    written = codes_of(normalised)
    looped = loops()
    starts, ends, wanted = _wanted(written, sought) if looped is None else _looped(looped, written, sought)
    if not len(starts) or not wanted.any():
        return None
    if looped is not None:
        # Runs do not overlap, however many there are.
        found = reread(looped, View.REPEATED, written, (starts, ends, written[starts]), wanted, len(starts))
        if found is not None:
            return found
    # A stretch may end inside the next run, which then is a part of this stretch; so nothing is cut.
    firsts, lasts, begins = around(written, starts, ends)
    counts = np.diff(np.append(begins, len(starts)))
    kept = np.maximum.reduceat(wanted, begins)
    held = np.repeat(kept, counts)
    starts, ends = starts[held], ends[held]
    part = np.repeat(np.arange(kept.sum()), counts[kept])
    spans = Rewriting(part, starts, ends, written[starts])
    return rewritten(View.REPEATED, written, firsts[kept], lasts[kept], spans)


def code(term: str) -> str:
    """Return a normalised term as this view reads it.

    >>> code("时时彩"), code("微信号"), code("www")
    ('时彩', '微信号', 'w')
    """
    return "".join(
        character * (1 if _han(character) or count >= _LETTERS else count)
        for character, count in ((character, len(list(run))) for character, run in itertools.groupby(term))
    )


def believable(found: str, term: str) -> bool:
    """Say whether a candidate has every character of a term at least as often as the term.

    >>> believable("快快三三计划", "快三计划"), believable("时彩彩", "时时彩"), believable("微信号", "微信号")
    (True, False, False)
    """
    if term in found:
        return False
    written, meant = (
        [(character, len(list(run))) for character, run in itertools.groupby(text)] for text in (found, term)
    )
    if len(written) != len(meant):
        return False
    more = [
        (one, many) for (one, many), (other, few) in zip(written, meant, strict=True) if one == other and many > few
    ]
    same = all(one == other and many >= few for (one, many), (other, few) in zip(written, meant, strict=True))
    return same and (len(more) > 1 or any(many > _TWICE or one not in _DOUBLED for one, many in more))


def _wanted(written: Codes, sought: Sought | None) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return where the runs of one character that say something begin and end, and which may be looked for."""
    starts, ends = _runs(written)
    if sought is None or not len(starts):
        return starts, ends, np.ones(len(starts), dtype=np.bool_)
    left, right = written.take(starts - 1, mode="clip"), written.take(ends, mode="clip")
    return starts, ends, sought.beside(left, written[starts], right)


def _looped(
    looped: Any, written: Codes, sought: Sought | None
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return the same by a compiled loop, or nothing where none is looked for."""
    within = nothing() if sought is None else sought.within
    for room in (min(_ROOM, len(written) // 2 + 1), len(written) // 2 + 1):
        starts, ends = np.empty((2, room), dtype=np.intp)
        wanted = np.empty(room, dtype=np.bool_)
        count = looped.runs(written, *_tables(), _CLOSE, *within, starts, ends, wanted)
        if count >= 0:
            break
    return starts[:count], ends[:count], wanted[:count]


def _runs(written: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the runs of one character that say something begin and end.

    The ordinary doubling of a character says nothing unless another run stands close by.
    """
    least, doubled = _tables()
    same = (written[1:] == written[:-1]).nonzero()[0]
    same = same[least[written[same]] < _NEVER]
    if not len(same):
        return same, same
    ends_here = np.ones(len(same), dtype=np.bool_)
    np.not_equal(same[1:] - same[:-1], 1, out=ends_here[:-1])
    starts_here = np.ones_like(ends_here)
    starts_here[1:] = ends_here[:-1]
    starts, ends = same[starts_here], same[ends_here] + 2
    characters = written[starts]
    kept = ends - starts >= least[characters]
    starts, ends, characters = starts[kept], ends[kept], characters[kept]
    close = starts[1:] - ends[:-1] <= _CLOSE
    telling = (ends - starts > _TWICE) | ~doubled[characters]
    telling[1:] |= close
    telling[:-1] |= close
    return starts[telling], ends[telling]


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return from how many in a row on each code point is a run, and which are doubled in ordinary writing (2 MiB)."""
    least = np.full(0x110000, _NEVER, dtype=np.uint8)
    for first, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0)):
        least[first:end] = _TWICE
    least[[ord(character) for character in string.ascii_letters + string.digits]] = _LETTERS
    doubled = np.zeros(0x110000, dtype=np.bool_)
    doubled[[ord(character) for character in _DOUBLED]] = True
    return least, doubled


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
