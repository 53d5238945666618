"""Sanctions lists ready to be searched, kept as files that all workers of a host have in memory together.

What took a minute and gigabytes to make of a million names is mapped into each worker: it lies in memory once, whoever
searches it. A file that is missing, damaged, of other lists or made by other code is never used: the lists are made
ready from their parties, which the ledger keeps, and the file made anew (`kept_files`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers.kept_files import KeptFiles, mapped
from screening.errors import WatchlistError
from screening.watchlist.ready import ReadyLists, dump, load

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Mapping, Sequence

    from screening.watchlist.parties import ListedParty

    Lists = Mapping[str, Sequence[ListedParty]]

KEPT: Final = 3
"""Files that stay, those used last: a worker holds two sets of lists, and people go back to the one before."""


class CompiledLists:
    """The sanctions lists of a data directory, ready to be searched; one file for each set that was in force.

    Args:
        folder: where the files lie; made when the first is kept.
        read_only: for commands that write nothing: what is there is loaded, nothing is kept.
    """

    def __init__(self, folder: pathlib.Path, *, read_only: bool = False) -> None:
        self._folder = folder
        self._files = KeptFiles(folder, "lists", KEPT, read_only=read_only)

    def looking(self) -> CompiledLists:
        """Return the same for whoever tries something: what is there is loaded, nothing is kept."""
        return CompiledLists(self._folder, read_only=True)

    def get(self, digest: str, lists: Callable[[], Lists], tell: Callable[[str], None]) -> ReadyLists:
        """Return lists, ready to be searched: from their file, or else from their parties.

        Args:
            digest: names the set of lists.
            lists: reads the parties by source; called only where no file can be used.
            tell: is told in a line why a file could not be used or made.
        """
        found = self._load(digest, tell)
        if found is not None:
            return found
        with self._files.alone():
            # Another worker may have made it meanwhile.
            found = self._load(digest, lambda _: None)
            return self._made(digest, lists, tell) if found is None else found

    def path(self, digest: str) -> pathlib.Path:
        """Return where the file of a set of lists lies."""
        return self._files.path(digest)

    def _made(self, digest: str, lists: Callable[[], Lists], tell: Callable[[str], None]) -> ReadyLists:
        ready = ReadyLists(lists())
        if self._files.read_only:
            return ready
        kept = self._files.keep(digest, dump(ready), lambda what: tell(f"compiled lists {digest[:12]}: {what}"))
        # What was made is let go for what is kept, which the other workers have in memory too.
        return (self._load(digest, tell) if kept else None) or ready

    def _load(self, digest: str, tell: Callable[[str], None]) -> ReadyLists | None:
        head = self._files.head(digest)
        try:
            with self.path(digest).open("rb") as file:
                data = mapped(file)
        except FileNotFoundError:
            return None
        except ValueError:
            tell(f"compiled lists {digest[:12]}: found an empty file, making it anew")
            return None
        except OSError as error:
            tell(f"compiled lists {digest[:12]}: found {error.strerror}, making it anew")
            return None
        if data[: len(head)] != head:
            tell(f"compiled lists {digest[:12]}: made by another release or library, making it anew")
            return None
        try:
            loaded = load(data[len(head) :])
        except WatchlistError as error:
            tell(f"compiled lists {digest[:12]}: {error}; making it anew")
            return None
        self._files.used(digest)
        return loaded
