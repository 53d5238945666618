"""The inner loops of reading and searching content, compiled. Imported only where `text.compiled` is told to."""

from screening.text.loops.skimming import skimmed

__all__ = ["skimmed"]
