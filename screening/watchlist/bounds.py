"""Whether a new version of a list may take the place of the one in force, by how much it holds.

How the bounds were chosen, against 14 real days of the SDN list (2021-07 to 2022-03, 8,976 to 9,396 entries):
- The largest step in one publication added 94 entries (1.0 %); half a year at once (2021-08-18 to 2022-02-23) added 426
  and removed 388, a net growth of 0.4 %; even had nothing been added, the loss would have been 4.3 %. A net loss of
  10 % of the entries has no example, so it is a cut file, not a delisting.
- Aliases, addresses, identifiers and birth dates moved with the entries (identifiers by at most 2.1 %). A file left out
  loses all of them at once; a quarter lies far from both.
- Half as many entries again has no example either: it is another list under this name, or two lists joined.
- A small list may lose a few entries whatever their share is.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated

import msgspec

from screening.errors import Fault, WatchlistError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.watchlist.parties import ListCounts


DEFAULT = "default"
"""The name of the bounds of all sources that have none of their own."""

Share = Annotated[float, msgspec.Meta(ge=0.0)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The largest changes between two versions, as shares of what the old one holds.

    `few` is the number of things that may always come or go. Fewer entries than `fewest` are refused always, fewer than
    `usual` are worth a word where nothing is in force yet. A named person may go beyond these for one import.
    """

    entries_lost: Share = 0.10
    parts_lost: Share = 0.25
    growth: Share = 0.50
    few: Count = 10
    fewest: Annotated[int, msgspec.Meta(ge=1)] = 1
    usual: Count = 1


_PARTS = ("aliases", "weak_aliases", "addresses", "identifiers", "births")


def check_bounds(
    new: ListCounts, old: ListCounts | None, bounds: Bounds | None = None, where: str = "watchlist"
) -> tuple[Fault, ...]:
    """Return why a new version must not take the place of the old one; nothing where it may.

    An empty list is refused even where there is no old one: it never means "all delisted".

    Args:
        new: the counts of the version to be activated.
        old: the counts of the version in force, None for the first.
        bounds: the largest changes allowed.
        where: the name of the source, for the faults.
    """
    limits = bounds or Bounds()
    if new.entries == 0:
        return (Fault(f"{where}: entries", "0", "at least one: an empty list is never a list of nobody"),)
    faults = []
    if new.entries < limits.fewest:
        faults.append(Fault(f"{where}: entries", str(new.entries), f"at least {limits.fewest}"))
    if old is None:
        return tuple(faults)
    if _lost(new.entries, old.entries, limits.entries_lost, limits.few):
        faults.append(
            _fault(where, "entries", new.entries, old.entries, f"a loss of at most {limits.entries_lost:.0%}")
        )
    if new.entries - old.entries > max(limits.few, old.entries * limits.growth):
        faults.append(_fault(where, "entries", new.entries, old.entries, f"a growth of at most {limits.growth:.0%}"))
    for part in _PARTS:
        held, had = getattr(new, part), getattr(old, part)
        gone = had > 0 and held == 0 and old.entries > limits.few
        if gone or _lost(held, had, limits.parts_lost, limits.few):
            name = part.replace("_", " ")
            faults.append(_fault(where, name, held, had, f"a loss of at most {limits.parts_lost:.0%}"))
    return tuple(faults)


def parse_bounds(texts: Mapping[str, str]) -> Mapping[str, Bounds]:
    """Read bounds from TOML, later texts over earlier ones.

    Args:
        texts: name → text, the release's first. Each has tables named after sources, and `default`.

    Returns:
        Source → its bounds, with those of `default` under that name.

    Raises:
        WatchlistError: with every fault.
    """
    faults: list[Fault] = []
    merged: dict[str, dict[str, object]] = {DEFAULT: {}}
    for name, text in texts.items():
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            faults.append(Fault(name, f"no TOML ({error})", "TOML 1.0"))
            continue
        for source, table in tables.items():
            try:
                msgspec.convert(table, Bounds)
            except msgspec.ValidationError as error:
                faults.append(Fault(f"{name}: {source}", str(error), f"some of {', '.join(Bounds.__struct_fields__)}"))
                continue
            merged.setdefault(source, {}).update(table)
    if faults:
        raise WatchlistError(faults)
    return {source: msgspec.convert(merged[DEFAULT] | table, Bounds) for source, table in merged.items()}


def bounds_of(bounds: Mapping[str, Bounds], source: str) -> Bounds:
    """Return the bounds of a source: its own, those of its kind (what stands before ":"), or the default."""
    return bounds.get(source) or bounds.get(source.partition(":")[0]) or bounds[DEFAULT]


def _lost(new: int, old: int, share: float, few: int) -> bool:
    return old - new > max(few, old * share)


def _fault(where: str, part: str, new: int, old: int, expected: str) -> Fault:
    return Fault(f"{where}: {part}", f"{new} where the version in force has {old}", expected)
