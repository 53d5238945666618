"""Compiled lexicons, kept as files in the data directory, so that a worker loads in a second what took long to make.

One that is missing, damaged, of another lexicon or made by other code is never used: the lexicon is compiled from its
texts, which the ledger keeps, and the file made anew (`kept_files`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers.kept_files import KeptFiles
from screening.errors import LexiconError
from screening.lexicon.compiled import compiled, dump, load_compiled

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from screening.lexicon.compiled import Compiled
    from screening.lexicon.entries import Lexicon

KEPT: Final = 4
"""Files that stay, those used last: a worker holds two versions, and people go back to the one before."""


class CompiledLexicons:
    """The compiled lexicons of a data directory.

    Args:
        folder: where the files lie; made when the first is kept.
        read_only: for commands that write nothing: what is there is loaded, nothing is kept.
    """

    def __init__(self, folder: pathlib.Path, *, read_only: bool = False) -> None:
        self._folder = folder
        self._files = KeptFiles(folder, "lexicon", KEPT, read_only=read_only)

    def looking(self) -> CompiledLexicons:
        """Return the same for whoever tries something: what is there is loaded, nothing is kept."""
        return CompiledLexicons(self._folder, read_only=True)

    def get(self, digest: str, lexicon: Callable[[], Lexicon], tell: Callable[[str], None]) -> Compiled:
        """Return a lexicon, compiled: from its file, or else from its texts.

        Args:
            digest: names the lexicon.
            lexicon: reads it from its texts; called only where no file can be used.
            tell: is told in a line why a file could not be used or made.

        Raises:
            LexiconError: a term of which nothing is left after normalising.
        """
        found = self._load(digest, tell)
        if found is not None:
            return found
        with self._files.alone():
            # Another worker may have made it meanwhile.
            found = self._load(digest, lambda _: None)
            if found is None:
                found = compiled(lexicon())
                self._keep(digest, found, tell)
        return found

    def keep(self, digest: str, ready: Compiled, tell: Callable[[str], None]) -> None:
        """Keep what was compiled already, for the workers of this host to load."""
        with self._files.alone():
            self._keep(digest, ready, tell)

    def path(self, digest: str) -> pathlib.Path:
        """Return where the file of a lexicon lies."""
        return self._files.path(digest)

    def _load(self, digest: str, tell: Callable[[str], None]) -> Compiled | None:
        head = self._files.head(digest)
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            tell(f"compiled lexicon {digest[:12]}: found {error.strerror}, compiling it anew")
            return None
        if not data.startswith(head):
            tell(f"compiled lexicon {digest[:12]}: made by another release or engine, compiling it anew")
            return None
        try:
            loaded = load_compiled(memoryview(data)[len(head) :])
        except LexiconError as error:
            tell(f"compiled lexicon {digest[:12]}: {error}; compiling it anew")
            return None
        self._files.used(digest)
        return loaded

    def _keep(self, digest: str, ready: Compiled, tell: Callable[[str], None]) -> None:
        if not self._files.read_only:
            self._files.keep(digest, [dump(ready)], lambda what: tell(f"compiled lexicon {digest[:12]}: {what}"))
