"""What is screened: a `Content` or a `Registrant`, as read from the wire, with the digest of what is judged.

Values are frozen and closed under equality. Unknown fields of a record are not lost: the log keeps its bytes.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from screening.errors import Fault, SubjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 10 * 1024 * 1024
"""The largest record, in bytes of its JSON as sent; larger ones are refused by the log itself."""

MOST_NAME = 256
"""The longest `id` or `account_id`, in code points: two must fit in an index row of PostgreSQL (2,704 bytes)."""

_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that came with a content and that no lexicon can read."""

    kind: str
    url: str | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A published text. One content is (`account_id`, `id`); another text under the same id is a new revision.

    In `format` "html", `title` and `body` are markup, and all offsets count in the markup as sent.
    """

    id: str
    account_id: str
    kind: str | None = None
    title: str | None = None
    body: str | None = None
    format: Literal["text", "html"] = "text"
    language: str | None = None
    url: str | None = None
    attachments: tuple[Attachment, ...] = ()
    published_at: str | None = None
    deleted: bool = False


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number that an authority gave: passport, tax, registration or wallet."""

    type: str
    value: str
    country: str | None = None


class Affiliate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or organization tied to a registrant, screened as the registrant is.

    `relation` and `ownership_percent` say what they are to the party whose affiliate they are: the registrant, or the
    affiliate that holds them in its own `affiliates`.
    """

    name: str
    kind: Literal["person", "organization"] | None = None
    relation: str | None = None
    ownership_percent: float | None = None
    aliases: tuple[str, ...] = ()
    country: str | None = None
    nationalities: tuple[str, ...] = ()
    birth_date: str | None = None
    birth_place: str | None = None
    incorporation_date: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    affiliates: tuple[Affiliate, ...] = ()


class Registrant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who registered an account, and who is affiliated. Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""

    account_id: str
    kind: Literal["person", "organization"]
    name: str
    aliases: tuple[str, ...] = ()
    birth_date: str | None = None
    birth_place: str | None = None
    incorporation_date: str | None = None
    nationalities: tuple[str, ...] = ()
    country: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    parent_account_id: str | None = None
    verified_identity: str | None = None
    payment_account: str | None = None
    affiliates: tuple[Affiliate, ...] = ()
    registered_at: str | None = None


class Tied(NamedTuple):
    """An affiliate, and its place as in `affiliates[0].affiliates[1]`."""

    place: str
    affiliate: Affiliate


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A content was deleted by its author, or a registration erased."""

    subject: Literal["content", "registration"]
    id: str
    account_id: str


Subject = Content | Registrant | Ended


def checked(subject: Content | Registrant) -> Content | Registrant | Ended:
    """Check what a type cannot say, and turn a deletion into an `Ended`.

    Raises:
        SubjectError: a required text is empty, a date or a country is not written as agreed.
    """
    check_name("$.account_id", subject.account_id)
    if isinstance(subject, Content):
        check_name("$.id", subject.id)
        return _checked_content(subject)
    if not subject.name.strip():
        raise SubjectError(Fault("$.name", repr(subject.name), "a text that is not empty"))
    _check_party("$", subject)
    for place, affiliate in affiliates_of(subject):
        where = f"$.{place}"
        if not affiliate.name.strip():
            raise SubjectError(Fault(f"{where}.name", repr(affiliate.name), "a text that is not empty"))
        _check_party(where, affiliate)
        percent = affiliate.ownership_percent
        if percent is not None and not 0 <= percent <= 100:
            raise SubjectError(Fault(f"{where}.ownership_percent", str(percent), "a number from 0 to 100"))
    return subject


def affiliates_of(registrant: Registrant) -> Iterator[Tied]:
    """Yield the affiliates of a registrant, and theirs, each before its own; how deep, the record's nesting bounds."""
    waiting = _held_by("", registrant.affiliates)
    while waiting:
        tied = waiting.pop()
        yield tied
        waiting += _held_by(f"{tied.place}.", tied.affiliate.affiliates)


def _held_by(before: str, affiliates: tuple[Affiliate, ...]) -> list[Tied]:
    """Return the affiliates of one party, the last one first, as a stack takes them."""
    return [Tied(f"{before}affiliates[{index}]", held) for index, held in enumerate(affiliates)][::-1]


def check_name(where: str, value: str) -> None:
    """Check what names a subject, an account or a directive: it becomes a key on the log and in the ledger.

    Raises:
        SubjectError: it is empty, too long, or holds control characters.
    """
    if not value.strip():
        raise SubjectError(Fault(where, repr(value), "a text that is not empty"))
    if len(value) > MOST_NAME:
        raise SubjectError(Fault(where, f"{len(value)} characters", f"at most {MOST_NAME}"))
    if _CONTROL.search(value):
        raise SubjectError(Fault(where, repr(value), "a text without control characters"))


def _checked_content(content: Content) -> Content | Ended:
    if content.deleted:
        return Ended(subject="content", id=content.id, account_id=content.account_id)
    if content.title is None and content.body is None and not content.attachments:
        raise SubjectError(Fault("$", "none of title, body, attachments", "at least one of them"))
    return content


def _is_date(text: str) -> bool:
    """Say whether a text is a year, a month or a day of the calendar."""
    if not _PARTIAL_DATE.fullmatch(text):
        return False
    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    return year >= 1 and day <= monthrange(year, month)[1]


def _check_party(where: str, party: Registrant | Affiliate) -> None:
    for name in ("birth_date", "incorporation_date"):
        date = getattr(party, name)
        if date is not None and not _is_date(date):
            raise SubjectError(Fault(f"{where}.{name}", repr(date), "YYYY, YYYY-MM or YYYY-MM-DD"))
    countries = [(f"{where}.country", party.country)]
    countries += [(f"{where}.nationalities[{i}]", country) for i, country in enumerate(party.nationalities)]
    countries += [(f"{where}.identifiers[{i}].country", held.country) for i, held in enumerate(party.identifiers)]
    for place, country in countries:
        if country is not None and not _COUNTRY.fullmatch(country):
            raise SubjectError(Fault(place, repr(country), "an ISO 3166-1 alpha-2 code"))


def content_digest(content: Content) -> str:
    """Return the SHA-256 (hex) of what of a content is judged: title, body, format, attachments.

    The same text under the same id is no news, so times, addresses and languages do not enter.
    """
    judged = (content.title, content.body, content.format, [(held.kind, held.url) for held in content.attachments])
    return digest_of(judged)


def registrant_digest(registrant: Registrant) -> str:
    """Return the SHA-256 (hex) of a registrant's known fields, the time of registration apart.

    Only what is said enters, so that a field which a later release knows does not make every registration another.
    """
    return digest_of(msgspec.structs.replace(registrant, registered_at=None))


def ended_digest(ended: Ended) -> str:
    """Return the SHA-256 (hex) that stands for "there is nothing any more"."""
    return digest_of((ended.subject, "ended"))


def digest_of(value: object) -> str:
    """Return the SHA-256 (hex) of a value's canonical JSON (sorted keys, UTF-8)."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
