"""Which version of which sanctions list was in force when, as the activations tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consumers.activations import Activation


@dataclass(frozen=True, slots=True)
class InForce:
    """A version of a list in force, and the activation that put it there."""

    source: str
    digest: str
    number: int
    at: str
    by: str
    reason: str


def in_force(history: Iterable[Activation]) -> dict[str, InForce]:
    """Return source → what is in force after all activations, with the one that put it there."""
    held: dict[str, InForce] = {}
    for one in history:
        for source, digest in one.watchlists.items():
            if source not in held or held[source].digest != digest:
                held[source] = InForce(source, digest, one.number, one.at, one.by, one.reason)
        for source in held.keys() - one.watchlists.keys():
            del held[source]
    return dict(sorted(held.items()))


def before(history: Iterable[Activation], source: str) -> str | None:
    """Return the digest that stood before the one in force when that first came, or None where none did.

    Going back again goes further back: a version that was gone back to is on top of what it once stood on, and what
    was left behind is forgotten.

    >>> from consumers.activations import Activation
    >>> common = dict(activation_id="", kind="watchlist", engine="", policy="", lexicon="", shipped=False, by="",
    ...               reason="", at="")
    >>> before([Activation(watchlists={"csv": digest}, **common) for digest in "abcb"], "csv")
    'a'
    """
    stack: list[str] = []
    for one in history:
        digest = one.watchlists.get(source)
        if digest is None:
            continue
        if digest in stack:
            del stack[stack.index(digest) + 1 :]
        else:
            stack.append(digest)
    return stack[-2] if len(stack) > 1 else None
