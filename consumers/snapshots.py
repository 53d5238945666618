"""Versions and what they hold: lexicons and policies as the texts they were written in, sanctions lists as parties.

A version is named by the SHA-256 of its payload, which is canonical JSON: the same texts, or the same parties in any
order, are the same version.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from consumers.ledger.port import Version
from screening.clauses import parse_clauses
from screening.lexicon.parse import parse_lexicon
from screening.policy.parse import parse_policy
from screening.subjects import digest_of
from screening.watchlist.parties import ListedParty  # noqa: TC001 - msgspec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.lexicon.entries import Lexicon
    from screening.policy.rules import Policy


class HeldList(msgspec.Struct, frozen=True):
    """What a version of a sanctions list holds; the source is part of it, for one party may stand on two lists."""

    source: str
    parties: tuple[ListedParty, ...]


def lexicon_version(files: Mapping[str, str], source: str, entries: int) -> Version:
    """Return the version that some lexicon files (name → text) are."""
    return Version("lexicon", digest_of(files), source, entries, {"files": sorted(files)}, _canonical(files))


def policy_version(files: Mapping[str, str], source: str) -> Version:
    """Return the version that a clause register and a policy (name → text) are."""
    return Version("policy", digest_of(files), source, len(files), {"files": sorted(files)}, _canonical(files))


def watchlist_version(source: str, parties: Sequence[ListedParty], meta: Mapping[str, object]) -> Version:
    """Return the version that the parties of a list are, in whatever order they came."""
    held = HeldList(source, tuple(sorted(parties, key=lambda party: party.entry)))
    return Version("watchlist", digest_of(held), source, len(held.parties), meta, _canonical(held))


def read_policy(files: Mapping[str, str]) -> Policy:
    """Read the texts of a policy.

    Raises:
        ClauseError: the clause register is faulty.
        PolicyError: the policy is faulty.
    """
    return parse_policy(files["policy.toml"], parse_clauses(files["clauses.toml"]))


def read_lexicon(files: Mapping[str, str], policy: Policy) -> Lexicon:
    """Read the texts of a lexicon, whose categories are those of a policy's clause register.

    Raises:
        LexiconError: a file is faulty.
    """
    return _read_lexicon(_canonical(dict(files)), tuple(category.slug for category in policy.register.categories))


@functools.lru_cache(maxsize=2)
def _read_lexicon(payload: bytes, categories: tuple[str, ...]) -> Lexicon:
    """Read a lexicon once for each version: it is a value, and reading the shipped one takes most of a second."""
    return parse_lexicon(msgspec.json.decode(payload, type=dict[str, str]), categories)


def files_of(version: Version) -> dict[str, str]:
    """Return the texts of a lexicon or policy version."""
    return msgspec.json.decode(version.payload, type=dict[str, str])


def parties_of(version: Version) -> tuple[ListedParty, ...]:
    """Return the parties of a sanctions list's version."""
    return msgspec.json.decode(version.payload, type=HeldList).parties


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def digest_of_files(files: Mapping[str, str]) -> str:
    """Return the digest of the version that some texts are."""
    return digest_of(files)
