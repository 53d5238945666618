"""The inner loops of reading and searching content, compiled. Imported only where `text.looping` is told to."""

from screening.text.loops.gaps import near_gaps
from screening.text.loops.heard import believed, weighed
from screening.text.loops.joints import joints
from screening.text.loops.letters import spelling
from screening.text.loops.normalizing import normalized
from screening.text.loops.repeats import runs
from screening.text.loops.rewriting import reread
from screening.text.loops.signs import lined, marked
from screening.text.loops.skimming import skimmed

__all__ = [
    "believed",
    "joints",
    "lined",
    "marked",
    "near_gaps",
    "normalized",
    "reread",
    "runs",
    "skimmed",
    "spelling",
    "weighed",
]
