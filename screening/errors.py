"""What can go wrong, grouped by who must act.

    ScreeningError
    ├── SubjectError     the producer: a record cannot be read as a subject or directive
    └── FaultyData       whoever keeps the data; nothing of the faulty version is used
        ├── ClauseError      the clause register
        ├── PolicyError      the policy
        ├── LexiconError     the lexicons
        └── WatchlistError   a sanctions list

Every fault says where it is, what was found there and what was expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it is, what was found there, what was expected.

    >>> str(Fault("policy.toml: rule 3: orders[1]", "'delte_content'", "one of delete_content, notify"))
    "policy.toml: rule 3: orders[1]: found 'delte_content', expected one of delete_content, notify"
    """

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}"


class ScreeningError(Exception):
    """The root of all errors that the core raises on purpose."""


class SubjectError(ScreeningError):
    """A record cannot be read as what its topic carries.

    Attributes:
        fault: the first fault met, with its place in the record.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class FaultyData(ScreeningError):
    """Data that people keep is faulty; all its faults are reported at once.

    Attributes:
        faults: every fault found, in the order of their places; never empty.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ClauseError(FaultyData):
    """The clause register is faulty."""


class PolicyError(FaultyData):
    """The policy is faulty."""


class LexiconError(FaultyData):
    """A lexicon is faulty."""


class WatchlistError(FaultyData):
    """A sanctions list is faulty, empty, cut or suddenly shrunken."""
