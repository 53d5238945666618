"""A FollowTheMoney entity as a listed party: its own properties, ties to others apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.watchlist.formats.draft import Draft, said
from screening.watchlist.formats.ftm_vocabulary import IDENTIFIERS
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import Link, PartyKind, Relation, Strength

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DETAILS = (
    ("position", "position"),
    ("title", "title"),
    ("topic", "topics"),
    ("vessel type", "type"),
    ("tonnage", "tonnage"),
    ("vessel flag", "flag"),
    ("former vessel flag", "pastFlags"),
    ("website", "website"),
    ("email", "email"),
    ("phone", "phone"),
    ("legal form", "legalForm"),
    ("date of death", "deathDate"),
)


def draft_of(entry: str, kind: PartyKind, texts: Mapping[str, Sequence[str]], caption: str | None, where: str) -> Draft:
    """Return what an entity says of itself.

    Args:
        entry: its id.
        kind: what its schema makes it.
        texts: property → values.
        caption: the name by which the data set shows it.
        where: its place, for faults.
    """
    draft = Draft(entry, kind, where)
    _names(draft, texts, caption)
    draft.programme(*(texts.get("programId") or texts.get("program") or ()))
    for text in (*texts.get("birthDate", ()), *texts.get("incorporationDate", ())):
        draft.date(date_of(text), text)
    for text in texts.get("birthPlace", ()):
        draft.birth_place(text)
    draft.nationality(*texts.get("nationality", ()))
    draft.nationality(*texts.get("citizenship", ()), citizenship=True)
    draft.country(*texts.get("country", ()), *texts.get("jurisdiction", ()), *texts.get("flag", ()))
    for text in texts.get("address", ()):
        draft.address(text, None, None)
    for name, type_ in IDENTIFIERS.items():
        for text in texts.get(name, ()):
            draft.identifier(name, text, type_=type_)
    wallet(texts, draft)
    for holder in texts.get("holder", ()):
        draft.link(Link(relation=Relation.OWNER, entry=holder, label="holder"))
    draft.gender = first(texts, "gender")
    for label, name in _DETAILS:
        draft.detail(label, *texts.get(name, ()))
    draft.remark(*texts.get("notes", ()))
    return draft


def wallet(texts: Mapping[str, Sequence[str]], draft: Draft) -> None:
    """Add the wallet that an entity is, if it is one."""
    currency = first(texts, "currency") or "crypto"
    for key in texts.get("publicKey", ()):
        draft.identifier(f"wallet - {currency}", key, type_="wallet")


def first(texts: Mapping[str, Sequence[str]], name: str) -> str | None:
    """Return the first value of a property that says something."""
    return next((text for text in map(said, texts.get(name, ())) if text is not None), None)


def _names(draft: Draft, texts: Mapping[str, Sequence[str]], caption: str | None) -> None:
    names = texts.get("name", ())
    if caption in names:
        draft.name(caption)
    for name in names:
        draft.name(name, Strength.STRONG if draft.names else Strength.PRIMARY)
    draft.also(texts.get("alias", ()))
    draft.also(texts.get("previousName", ()), type_="fka")
    draft.also((*texts.get("weakAlias", ()), *texts.get("abbreviation", ())), Strength.WEAK)
    if not draft.names:
        draft.name(caption or first(texts, "publicKey"))
