from __future__ import annotations

import re

import msgspec
import pytest

from screening.errors import SubjectError
from screening.subjects import (
    MOST_NAME,
    Affiliate,
    Attachment,
    Content,
    Ended,
    Identifier,
    Registrant,
    affiliates_of,
    checked,
    content_digest,
    ended_digest,
    registrant_digest,
)

CONTENT = Content(id="c-1", account_id="a-1", title="题", body="文")
REGISTRANT = Registrant(account_id="a-1", kind="person", name="王伟")
AFFILIATE = Affiliate(name="Invented Ltd")


def content(**fields) -> Content:
    return msgspec.structs.replace(CONTENT, **fields)


def registrant(**fields) -> Registrant:
    return msgspec.structs.replace(REGISTRANT, **fields)


def refusal(subject) -> str:
    """Return what is said of a subject that must be refused."""
    with pytest.raises(SubjectError) as caught:
        checked(subject)
    fault = caught.value.fault
    assert fault.where
    assert fault.found
    assert fault.expected
    return str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"body": None},
        {"title": None, "body": None, "attachments": (Attachment(kind="image"),)},
        {"title": "", "body": None},
        {"id": "中" * MOST_NAME, "account_id": "😀" * MOST_NAME},
        {"kind": "a kind nobody knows yet", "language": "tlh"},
    ],
)
def test_a_content_needs_one_part_and_two_names(fields):
    """A title, a body or an attachment is enough, and names may be long and of any script."""
    given = content(**fields)
    assert checked(given) == given


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"title": None, "body": None}, "$: found none of title, body, attachments"),
        ({"id": ""}, "$.id: found ''"),
        ({"id": " \t"}, "$.id"),
        ({"account_id": ""}, "$.account_id: found ''"),
        ({"id": "c" * (MOST_NAME + 1)}, "$.id: found 257 characters, expected at most 256"),
        ({"account_id": "a\x00b"}, r"$.account_id: found 'a\x00b'"),
        ({"id": "c\n1"}, "$.id"),
        ({"id": "c\x7f"}, "$.id"),
    ],
)
def test_a_content_that_cannot_be_named_or_read_is_refused(fields, where):
    """What becomes a key must be a short text without control characters; a content without parts is none."""
    assert refusal(content(**fields)).startswith(where)


def test_a_deletion_needs_no_text():
    """A deleted content is an end, and only its names must be right."""
    gone = Content(id="c-1", account_id="a-1", deleted=True)
    assert checked(gone) == Ended(subject="content", id="c-1", account_id="a-1")
    assert refusal(msgspec.structs.replace(gone, id="")).startswith("$.id")


@pytest.mark.parametrize("date", ["1971", "1971-02", "1971-02-03", "0001", "1971-12-31"])
def test_partial_dates_are_taken(date):
    """A year, a month or a day is as much as is known."""
    for field in ("birth_date", "incorporation_date"):
        given = registrant(**{field: date}, affiliates=(msgspec.structs.replace(AFFILIATE, **{field: date}),))
        assert checked(given) == given


@pytest.mark.parametrize(
    "date",
    [
        "",
        "71",
        "1971-2",
        "1971-13",
        "1971-00",
        "1971-02-32",
        "1971-02-00",
        "1971/02/03",
        "19710203",
        "1971-02-03 ",
        "1971-",
        "１９７１",
    ],
)
def test_dates_written_otherwise_are_refused_with_their_place(date):
    """A date that is not written as agreed would silently never corroborate anything."""
    assert refusal(registrant(birth_date=date)).startswith(f"$.birth_date: found {date!r}")
    held = (AFFILIATE, msgspec.structs.replace(AFFILIATE, incorporation_date=date))
    assert refusal(registrant(affiliates=held)).startswith("$.affiliates[1].incorporation_date")


@pytest.mark.parametrize("country", ["", "C", "CHN", "中国", "C1", "C N"])
def test_countries_written_otherwise_are_refused_with_their_place(country):
    """A country is two letters, wherever it stands."""
    passport = Identifier(type="passport", value="E1", country=country)
    held = msgspec.structs.replace(AFFILIATE, identifiers=(passport,))
    assert refusal(registrant(country=country)).startswith(f"$.country: found {country!r}")
    assert refusal(registrant(nationalities=("CN", country))).startswith("$.nationalities[1]")
    assert refusal(registrant(identifiers=(passport,))).startswith("$.identifiers[0].country")
    assert refusal(registrant(affiliates=(held,))).startswith("$.affiliates[0].identifiers[0].country")


@pytest.mark.parametrize("name", ["", " ", "\u3000"])
def test_a_registrant_and_each_affiliate_have_a_name(name):
    """Nobody can be screened without a name."""
    assert refusal(registrant(name=name)).startswith("$.name")
    assert refusal(registrant(affiliates=(msgspec.structs.replace(AFFILIATE, name=name),))).startswith(
        "$.affiliates[0].name"
    )


@pytest.mark.parametrize(
    ("percent", "fits"), [(0, True), (100, True), (33.4, True), (-0.1, False), (100.1, False), (float("nan"), False)]
)
def test_ownership_is_a_percentage(percent, fits):
    """Shares run from 0 to 100, as numbers."""
    given = registrant(affiliates=(msgspec.structs.replace(AFFILIATE, ownership_percent=percent),))
    if fits:
        assert checked(given) == given
    else:
        assert refusal(given).startswith("$.affiliates[0].ownership_percent")


def test_digests_are_sha256_in_hexadecimal():
    """Every digest is 64 small hexadecimal digits."""
    for digest in (
        content_digest(CONTENT),
        registrant_digest(REGISTRANT),
        ended_digest(checked(content(deleted=True))),
    ):
        assert re.fullmatch("[0-9a-f]{64}", digest)


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": "2026-11-23T08:00:00Z"},
        {"language": "zh"},
        {"url": "https://example.org/1"},
        {"kind": "comment"},
        {"id": "c-9"},
        {"account_id": "a-9"},
    ],
)
def test_what_is_not_judged_is_no_news(fields):
    """The same text with another time, address or language is the same input."""
    assert content_digest(content(**fields)) == content_digest(CONTENT)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "题2"},
        {"title": None},
        {"title": "", "body": "题文"},
        {"title": "文", "body": "题"},
        {"body": None},
        {"format": "html"},
        {"attachments": (Attachment(kind="image"),)},
    ],
)
def test_whatever_is_judged_changes_the_digest(fields):
    """Another text, another field for it, another format or attachment is another input."""
    assert content_digest(content(**fields)) != content_digest(CONTENT)


def test_attachments_are_told_apart_by_kind_and_address():
    """A picture that is exchanged is a new revision."""
    digests = {
        content_digest(content(attachments=held))
        for held in (
            (Attachment(kind="image", url="1"),),
            (Attachment(kind="image", url="2"),),
            (Attachment(kind="video", url="1"),),
            (Attachment(kind="image", url="1"), Attachment(kind="image", url="2")),
        )
    }
    assert len(digests) == 4


def test_a_registration_is_judged_by_all_but_its_time():
    """Every known field but the time of registration makes another input."""
    assert registrant_digest(registrant(registered_at="2026-11-23T08:00:00Z")) == registrant_digest(REGISTRANT)
    changed = {
        "kind": "organization",
        "name": "王玮",
        "aliases": ("老王",),
        "birth_date": "1971",
        "birth_place": "x",
        "incorporation_date": "1971",
        "nationalities": ("CN",),
        "country": "CN",
        "identifiers": (Identifier(type="passport", value="E1"),),
        "address": "x",
        "phone": "x",
        "email": "x",
        "parent_account_id": "x",
        "verified_identity": "x",
        "payment_account": "x",
        "affiliates": (AFFILIATE,),
        "account_id": "a-2",
    }
    assert set(changed) == set(Registrant.__struct_fields__) - {"registered_at"}
    digests = {registrant_digest(registrant(**{name: value})) for name, value in changed.items()}
    assert len(digests) == len(changed)
    assert registrant_digest(REGISTRANT) not in digests


def test_digests_never_change():
    """These digests are in orders that were given: a release that changes one would give every order again."""
    assert content_digest(CONTENT) == "cc5098680e05a06050426ec2bfa0403447f664f082a70f48ba5ed2726485689b"
    assert registrant_digest(REGISTRANT) == "5423a5fc92049356737c02b6ff75f58aea29c356bd5bbf25f9a6a01ad9e9e931"
    assert (
        ended_digest(Ended(subject="content", id="c-1", account_id="a-1"))
        == "659eeb999955e0fedc12c954f4845511220f2dbfa422cfa69506d3bcce0f39f4"
    )


def test_affiliates_of_affiliates_are_checked_where_they_stand():
    """A fault of an affiliate's own affiliate is told with its whole place; each stands before its own."""
    deep = Affiliate(name="B", affiliates=(Affiliate(name="C"), Affiliate(name="D", ownership_percent=101.0)))
    given = registrant(affiliates=(Affiliate(name="A"), deep))
    assert refusal(given).startswith("$.affiliates[1].affiliates[1].ownership_percent")
    assert [(place, held.name) for place, held in affiliates_of(given)] == [
        ("affiliates[0]", "A"),
        ("affiliates[1]", "B"),
        ("affiliates[1].affiliates[0]", "C"),
        ("affiliates[1].affiliates[1]", "D"),
    ]
