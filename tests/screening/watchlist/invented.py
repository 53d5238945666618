"""Invented parties and registrants for the tests of the watchlist room, and the real list where it is needed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from datafolder import ROOT, data_folder

from screening.subjects import Registrant
from screening.watchlist.formats import ofac_csv
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import (
    Country,
    DateSpan,
    ListedIdentifier,
    ListedName,
    ListedParty,
    ParsedList,
    PartyKind,
    Strength,
)

if TYPE_CHECKING:
    import pathlib


def party(entry: str, *names: str, kind: PartyKind = PartyKind.PERSON, **more: object) -> ListedParty:
    """A party with a primary name and strong aliases."""
    listed = tuple(
        ListedName(text=name, strength=Strength.STRONG if place else Strength.PRIMARY)
        for place, name in enumerate(names)
    )
    return ListedParty(entry=entry, kind=kind, names=listed, **more)


def day(date: str, *, circa: bool = False) -> DateSpan:
    return DateSpan(first=date, last=date, circa=circa)


def country(code: str) -> Country:
    return Country(text=code, code=code)


def passport(value: str, code: str | None = None) -> ListedIdentifier:
    return ListedIdentifier(type="passport", value=value, country=None if code is None else country(code))


def person(name: str, **more: object) -> Registrant:
    return Registrant(account_id="a-1", kind="person", name=name, **more)


def organization(name: str, **more: object) -> Registrant:
    return Registrant(account_id="a-1", kind="organization", name=name, **more)


def files_in(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def sample_files() -> dict[str, bytes]:
    return files_in(ROOT / "consumers" / "sample")


@functools.cache
def sample() -> ParsedList:
    return ofac_csv.parse(sample_files())


@functools.cache
def ofac_day() -> ParsedList:
    """The SDN list of one real day."""
    return ofac_csv.parse(files_in(data_folder() / "sanctions" / "lists" / "ofac_2021-07"))


@functools.cache
def ofac_history() -> tuple[ParsedList, ...]:
    """The primary file alone on thirteen real days, in order."""
    days = files_in(data_folder() / "sanctions" / "lists" / "ofac_history")
    return tuple(ofac_csv.parse({name: data}) for name, data in days.items())


@functools.cache
def ofac_matcher() -> NameMatcher:
    return NameMatcher({"us-ofac-sdn": ofac_day().parties})
