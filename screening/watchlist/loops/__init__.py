"""The inner loops of the search for names, compiled. Imported only where `compiled` finds them worth their while."""

from screening.watchlist.loops.nearness import heard, near
from screening.watchlist.loops.reaching import reaching
from screening.watchlist.loops.remainders import remainders

__all__ = ["heard", "near", "reaching", "remainders"]
