from __future__ import annotations

import itertools

import msgspec
import pytest
from invented import ofac_day, ofac_history

from screening.watchlist.bounds import Bounds, check_bounds
from screening.watchlist.parties import ListCounts

REAL = ListCounts(entries=9000, aliases=12000, weak_aliases=2400, addresses=14000, identifiers=7000, births=5100)


def test_an_empty_list_is_never_accepted() -> None:
    """An empty list is refused, with and without a version in force."""
    assert check_bounds(ListCounts(), None)
    assert check_bounds(ListCounts(), REAL)


def test_the_first_version_needs_only_to_hold_something() -> None:
    """Without a version in force there is nothing to shrink from."""
    assert check_bounds(ListCounts(entries=1), None) == ()


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"entries": 8000}, "entries"),
        ({"entries": 14000}, "entries"),
        ({"aliases": 0}, "aliases"),
        ({"aliases": 8900}, "aliases"),
        ({"addresses": 0}, "addresses"),
        ({"weak_aliases": 1700}, "weak aliases"),
        ({"identifiers": 0}, "identifiers"),
        ({"births": 3000}, "births"),
    ],
)
def test_what_shrinks_or_swells_is_refused(changed: dict[str, int], part: str) -> None:
    """A loss or growth beyond the bounds names the part, both numbers and what was allowed."""
    (fault,) = check_bounds(msgspec.structs.replace(REAL, **changed), REAL, where="us-ofac-sdn")
    assert fault.where == f"us-ofac-sdn: {part}"
    assert fault.found.startswith(f"{next(iter(changed.values()))} where the version in force has")
    assert "%" in fault.expected


def test_every_fault_is_reported_at_once() -> None:
    """A list that lost several things says so of each."""
    faults = check_bounds(ListCounts(entries=100), REAL)
    assert [fault.where for fault in faults] == [
        f"watchlist: {part}" for part in ("entries", "aliases", "weak aliases", "addresses", "identifiers", "births")
    ]


def test_a_small_list_may_lose_a_few() -> None:
    """A few entries may go whatever their share is; of a small list that may be a third."""
    assert check_bounds(ListCounts(entries=17), ListCounts(entries=25)) == ()


def test_a_person_may_widen_the_bounds() -> None:
    """What is refused by default passes where wider bounds are given."""
    halved = msgspec.structs.replace(REAL, entries=4500)
    assert check_bounds(halved, REAL)
    assert check_bounds(halved, REAL, Bounds(entries_lost=0.6)) == ()


def test_real_updates_pass_and_a_primary_file_alone_does_not() -> None:
    """Every real step passes, half a year at once too; a day without aliases over one that has them is refused."""
    counts = [parsed.counts for parsed in ofac_history()]
    for old, new in itertools.pairwise(counts):
        assert check_bounds(new, old) == ()
    assert check_bounds(counts[-1], counts[0]) == ()
    refused = check_bounds(counts[0], ofac_day().counts)
    assert [fault.where for fault in refused] == ["watchlist: aliases", "watchlist: addresses"]
