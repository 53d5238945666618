from __future__ import annotations

import contextlib
import json

import msgspec
import pytest
from histories import History, content_result, directive, registration_result
from hypothesis import given
from hypothesis import strategies as st
from rulebook import content_hit, name_hit

from consumers import wire
from consumers.origins import Origin
from screening.decisions import Directive, DirectiveType, OrderType, Result, Verdict
from screening.errors import SubjectError
from screening.evidence import ContentHit, NameHit
from screening.subjects import MOST_BYTES, Content, Ended, Registrant

CONTENT = {"id": "c-1", "account_id": "a-1", "body": "文"}
REGISTRANT = {"account_id": "a-1", "kind": "person", "name": "王伟"}
CORRECT = b'{"id": "c-1", "account_id": "a-1", '
DEEP = 100


def bytes_of(fields: dict[str, object], **more: object) -> bytes:
    return json.dumps(fields | more, ensure_ascii=False).encode()


def fault(read, *given):
    """Return what is said of bytes that must be refused."""
    with pytest.raises(SubjectError) as caught:
        read(*given)
    assert caught.value.fault.found
    assert caught.value.fault.expected
    return caught.value.fault


# Subjects as agreed


def test_a_content_is_read():
    """Every field of the contract arrives, and unknown ones do no harm."""
    value = bytes_of(
        CONTENT,
        kind="article",
        title="题",
        format="html",
        language="zh",
        url="https://example.org/1",
        attachments=[{"kind": "image", "url": "https://example.org/2", "width": 3}],
        published_at="2026-11-23T08:00:00+08:00",
        nobody_knows={"this": ["yet"]},
    )
    content = wire.decode_content(b"a-1", value)
    assert isinstance(content, Content)
    assert (content.title, content.body, content.format, content.attachments[0].kind) == ("题", "文", "html", "image")


def test_a_registration_is_read():
    """Affiliates, identifiers and partial dates arrive; unknown fields do no harm wherever they stand."""
    affiliate = {"name": "甲公司", "relation": "owner", "ownership_percent": 60, "identifiers": [], "colour": "red"}
    value = bytes_of(
        REGISTRANT, birth_date="1971-02", nationalities=["CN"], country="cn", affiliates=[affiliate], newer=1,
        identifiers=[{"type": "passport", "value": "E1", "country": "CN"}],
    )  # fmt: skip
    registrant = wire.decode_registrant(b"a-1", value)
    assert isinstance(registrant, Registrant)
    assert registrant.affiliates[0].ownership_percent == 60
    assert registrant.identifiers[0].value == "E1"


@pytest.mark.parametrize(
    "name", ["aliases", "nationalities", "identifiers", "affiliates", "birth_date", "country", "email"]
)
def test_a_null_stands_for_an_absent_field(name):
    """Producers write null for what they do not know, for lists too."""
    assert wire.read_registrant(bytes_of(REGISTRANT, **{name: None})) == wire.read_registrant(bytes_of(REGISTRANT))


def test_a_null_stands_for_an_absent_field_at_every_depth():
    """Within affiliates as well, and for what has a default."""
    value = bytes_of(
        REGISTRANT, affiliates=[{"name": "甲", "aliases": None, "identifiers": None, "ownership_percent": None}]
    )
    assert wire.read_registrant(value) == wire.read_registrant(bytes_of(REGISTRANT, affiliates=[{"name": "甲"}]))
    value = bytes_of(CONTENT, attachments=None, format=None, deleted=None, title=None)
    assert wire.read_content(value) == wire.read_content(bytes_of(CONTENT))


def test_ends_are_read():
    """A deletion is told by its field, an erasure by a null value under the account's key."""
    gone = {"id": "c-1", "account_id": "a-1", "deleted": True}
    assert wire.decode_content(b"a-1", bytes_of(gone)) == Ended(subject="content", id="c-1", account_id="a-1")
    assert wire.decode_registrant("账户".encode(), None) == Ended(subject="registration", id="账户", account_id="账户")


# What is refused, and what is said


@pytest.mark.parametrize(
    ("value", "where", "found", "expected"),
    [
        (b'{"id": "c\xff", "account_id": "a-1"}', "$", "byte 0xff at position 9", "text in UTF-8"),
        (b'{"id": "c\xed\xa0\x80"}', "$", "byte 0xed at position 9", "text in UTF-8"),
        (b'{"id": "c-1", "account_id"', "column 27", "Expecting ':' delimiter", "JSON"),
        (b'{"id": "c-1",\n "body": "x', "line 2 column 10", "Unterminated string starting at", "JSON"),
        (b"", "column 1", "Expecting value", "JSON"),
        (b"not json", "column 1", "Expecting value", "JSON"),
        (b'{"id": "c-1"} {"id": "c-2"}', "column 15", "Extra data", "JSON"),
        (b"\xef\xbb\xbf{}", "column 1", "Unexpected UTF-8 BOM", "JSON"),
        (b"null", "$", "null", "object"),
        (b"[1]", "$", "array", "object"),
        (b'"text"', "$", "str", "object"),
        (b"{}", "$", "nothing", "the field 'id'"),
        (b'{"id": 1, "account_id": "a-1", "body": "x"}', "$.id", "int", "str"),
        (b'{"id": null, "account_id": "a-1", "body": "x"}', "$.id", "null", "str"),
        (b'{"id": "c-1", "account_id": "a-1", "body": ["x"]}', "$.body", "array", "str"),
        (b'{"id": "c-1", "account_id": "a-1", "deleted": "yes"}', "$.deleted", "str", "bool"),
        (b'{"id": "c-1", "body": "x"}', "$", "nothing", "the field 'account_id'"),
        (b'{"id": "c-1", "account_id": "a-1"}', "$", "none of title, body, attachments", "at least one of them"),
        (CORRECT + b'"attachments": [{}]}', "$.attachments[0]", "nothing", "the field 'kind'"),
        (CORRECT + b'"body": "\\ud83d"}', "$", r"the lone surrogate \ud83d at byte 44", "Unicode text"),
        (CORRECT + b'"body": "\\uDE00x"}', "$", r"the lone surrogate \uDE00 at byte 44", "Unicode text"),
        (b'{"id": "c\\u0000", "account_id": "a-1", "body": "x"}', "$.id", r"'c\x00'", "a text without control"),
        (b'{"id": "c-1", "account_id": "a-1", "body": NaN}', "$", "JSON is malformed", "JSON"),
    ],
)  # fmt: skip
def test_bad_content_is_refused_with_its_place(value, where, found, expected):
    """A producer is told where it is, what was found there and what was expected."""
    told = fault(wire.read_content, value)
    assert told.where == where
    assert told.found.startswith(found)
    assert told.expected.startswith(expected)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"kind": "vessel"}, "$.kind"),
        ({"name": " "}, "$.name"),
        ({"birth_date": "1971-13"}, "$.birth_date"),
        ({"birth_date": 1971}, "$.birth_date"),
        ({"country": "CHN"}, "$.country"),
        ({"nationalities": "CN"}, "$.nationalities"),
        ({"aliases": ["老王", None]}, "$.aliases[1]"),
        ({"affiliates": [{"name": "甲", "ownership_percent": 101}]}, "$.affiliates[0].ownership_percent"),
        ({"affiliates": [{"name": "甲", "ownership_percent": "60"}]}, "$.affiliates[0].ownership_percent"),
        ({"affiliates": [{"relation": "owner"}]}, "$.affiliates[0]"),
        ({"identifiers": [{"type": "passport", "value": 1}]}, "$.identifiers[0].value"),
    ],
)
def test_a_bad_registration_is_refused_with_its_place(fields, where):
    """Places lead into lists and affiliates."""
    assert fault(wire.read_registrant, bytes_of(REGISTRANT, **fields)).where == where


@pytest.mark.parametrize(
    "broken", [b'"z": "a', b'"z": "\xff"}', b'"z": "\\ud800"}', b'"z": ]}', b'"z": ' + b"1" * 5000 + b"}{"]
)
def test_what_is_broken_behind_a_wrong_field_is_told_not_raised(broken):
    """A record that is wrong twice, in its fields and as JSON, is refused like any other."""
    for start in (b'{"id": 1, ', b'{"id": "c-1", "account_id": "a-1", "body": "x", "attachments": null, '):
        assert fault(wire.read_content, start + broken)


def test_the_size_is_told():
    """A record over the limit is refused before it is read; one at the limit is read."""
    full = bytes_of(CONTENT, body="x")
    fits = full.replace(b'"x"', b'"' + b"x" * (MOST_BYTES - len(full) + 1) + b'"')
    assert len(fits) == MOST_BYTES
    assert wire.read_content(fits)
    told = fault(wire.read_content, fits + b" ")
    assert (told.where, told.found, told.expected) == ("$", f"{MOST_BYTES + 1} bytes", f"at most {MOST_BYTES} bytes")


@pytest.mark.parametrize("depth", [DEEP + 1, 1_000, 1_000_000])
def test_what_is_nested_too_deeply_is_told(depth):
    """However deep, in a known or an unknown field, closed or not, a record is refused, and nothing overflows."""
    for value in (
        b"[" * depth + b"]" * depth + b"[",
        b'{"id": "c-1", "account_id": "a-1", "body": "x", "z": ' + b"[" * depth + b"]" * depth + b"}",
        b'{"z":' * depth + b"[1]" + b"}" * depth,
        b'{"body": ' + b"[" * depth,
        b'{"id": 1, "z": ' + b"[" * depth + b"]" * depth + b"}",
    ):
        assert "nested" in fault(wire.read_content, value).found


def test_what_is_nested_within_reason_is_read():
    """An unknown field may be as deep as the limit, and brackets in texts are no nesting."""
    inner = DEEP - 1
    value = (
        b'{"id": "c-1", "account_id": "a-1", "attachments": null, "body": "x", "z": '
        + b"[" * inner
        + b"]" * inner
        + b"}"
    )
    assert wire.read_content(value)
    body = '["{' * 500 + '\\"[' * 500
    assert wire.read_content(bytes_of(CONTENT, body=body, z=[[]] * 300)).body == body


@pytest.mark.parametrize("key", [None, b"", b"a-2", b"a-1 ", b"\xff"])
def test_a_record_under_another_key_is_refused(key):
    """Under another key a subject's records would lie in two partitions, in no one order."""
    readings = [
        (wire.decode_content, bytes_of(CONTENT)),
        (wire.decode_registrant, bytes_of(REGISTRANT)),
        (wire.decode_judged, wire.encode(content_result())),
        (wire.decode_judged, wire.encode(directive(DirectiveType.LIFT, "x"))),
    ]
    for decode, value in readings:
        told = fault(decode, key, value)
        assert (told.where, told.expected) == ("key", "the record's account_id 'a-1'")


@pytest.mark.parametrize("key", [None, b"", b" ", b"\xff", b"a\x00", b"x" * 257])
def test_an_erasure_needs_a_key_that_names_an_account(key):
    """A null value erases nobody where the key is no account."""
    assert fault(wire.decode_registrant, key, None).where == "key"


def test_a_null_content_or_result_is_no_deletion():
    """Contents end by a field, results never: the message says what to send."""
    assert '"deleted": true' in fault(wire.decode_content, b"a-1", None).expected
    assert fault(wire.decode_judged, b"a-1", None).found == "null"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(value):
    """No bytes whatever make reading fail otherwise."""
    for read in (wire.read_content, wire.read_registrant, wire.decode_order, wire.decode_directive):
        with pytest.raises(SubjectError):
            read(value)
    with pytest.raises(SubjectError):
        wire.decode_judged(value, value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    changed=st.dictionaries(st.sampled_from([*Registrant.__struct_fields__, *Content.__struct_fields__]), json_values)
)
def test_any_values_are_read_or_refused(changed):
    """Whatever stands in whichever field, reading gives a subject or a fault, and nothing else."""
    for read, fields in ((wire.read_content, CONTENT), (wire.read_registrant, REGISTRANT)):
        with contextlib.suppress(SubjectError):
            read(bytes_of(fields, **changed))


# Results, directives, orders


@pytest.mark.parametrize(
    "result",
    [
        content_result(
            content_hit(), content_hit("gore", field="title"), offset=7, activation=3, topic="content.published"
        ),
        content_result(),
        content_result(ended=True),
        registration_result(
            name_hit(), name_hit("sanctioned-affiliate", corroborated=False), topic="accounts.registered"
        ),
        registration_result(ended=True),
    ],
)
def test_results_come_back_as_they_went(result):
    """With every hit, place and version, of contents and of registrations, and ends."""
    assert wire.decode_judged(b"a-1", wire.encode(result)) == result


def test_results_are_written_as_the_contract_says():
    """The names of fields are what others read."""
    written = json.loads(wire.encode(registration_result(name_hit(), offset=17, topic="accounts.registered")))
    assert set(written) == {
        "result_id", "subject", "id", "account_id", "verdict", "grounds", "hits", "unscreened", "input", "activation",
        "versions", "ended",
    }  # fmt: skip
    assert written["input"].keys() == {"digest", "topic", "partition", "offset"}
    assert written["versions"].keys() == {"engine", "policy", "watchlist", "watchlists"}
    assert written["verdict"] == "enforce"
    assert set(written["hits"][0]) >= {
        "source",
        "entry",
        "programmes",
        "listed_name",
        "queried_name",
        "party",
        "affiliate",
        "score",
        "features",
    }
    content = json.loads(wire.encode(content_result(content_hit())))
    assert set(content["hits"][0]) >= {"category", "entry", "term", "field", "start", "end", "quote", "score", "via"}
    assert content["versions"].keys() == {"engine", "policy", "lexicon"}


def test_a_checked_result_has_no_place():
    """What never stood on a log says no topic, partition, offset or activation."""
    result = content_result(content_hit())
    unplaced = msgspec.structs.replace(result, activation=None, input=type(result.input)(digest=result.input.digest))
    written = json.loads(wire.encode_checked(unplaced))
    assert "activation" not in written
    assert written["input"] == {"digest": result.input.digest}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"subject": "person"}, "$.subject"),
        ({"verdict": "maybe"}, "$.verdict"),
        ({"verdict": None}, "$.verdict"),
        ({"ended": True}, "$.verdict"),
        ({"hits": [{"category": "gambling"}]}, "$.hits[0]"),
        ({"input": {}}, "$.input"),
        ({"input": {"digest": "d"}}, "$.input.digest"),
        ({"input": {"digest": "d" * 64, "offset": -1}}, "$.input.offset"),
        ({"input": {"digest": "d" * 64, "offset": 2**63}}, "$.input.offset"),
        ({"activation": -2}, "$.activation"),
        ({"result_id": "no uuid"}, "$.result_id"),
        ({"id": ""}, "$.id"),
        ({"id": "c\x00"}, "$.id"),
        ({"id": "c" * 257}, "$.id"),
        ({"versions": {}}, "$.versions"),
    ],
)
def test_a_bad_result_is_refused_with_its_place(change, where):
    """What cannot be a result, or would break the memory that keeps it, never reaches a decision."""
    fields = json.loads(wire.encode(content_result(content_hit())))
    assert fault(wire.decode_judged, b"a-1", bytes_of(fields, **change)).where == where


def test_a_result_without_a_verdict_never_passes_for_clear():
    """Only what ended has no verdict."""
    written = json.loads(wire.encode(content_result()))
    del written["verdict"]
    with pytest.raises(SubjectError):
        wire.decode_judged(b"a-1", bytes_of(written))


@pytest.mark.parametrize("kind", DirectiveType)
def test_directives_come_back_as_they_went(kind):
    """A directive is told from a result by its id, and may say when and until when."""
    given = directive(kind, "a-source/an-entry")
    for said in (given, msgspec.structs.replace(given, at="2026-11-23T08:00:00Z", expires_at="2026-12-23T08:00:00Z")):
        assert wire.decode_judged(b"a-1", wire.encode(said)) == said
        assert wire.decode_directive(wire.encode(said)) == said


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"type": "pardon"}, "$.type"),
        ({"directive_id": ""}, "$.directive_id"),
        ({"target": "\x00"}, "$.target"),
        ({"by": " "}, "$.by"),
        ({"account_id": "a" * 257}, "$.account_id"),
        ({"reason": None}, "$.reason"),
    ],
)
def test_a_bad_directive_is_refused_with_its_place(change, where):
    """Nobody unnamed lifts anything, and what nobody carries out is not taken."""
    fields = json.loads(wire.encode(directive(DirectiveType.LIFT, "an-action")))
    assert fault(wire.decode_judged, b"a-1", bytes_of(fields, **change)).where == where


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"target": "an-action"}, "$.target"),
        ({"target": "/101"}, "$.target"),
        ({"target": "us-ofac-sdn/"}, "$.target"),
        ({"reason": " "}, "$.reason"),
        ({"expires_at": "tomorrow"}, "$.expires_at"),
        ({"expires_at": "2026-12-23T08:00:00"}, "$.expires_at"),
    ],
)
def test_a_bad_clearance_is_refused_with_its_place(change, where):
    """A pair names list and entry, has a reason, and ends at a time that means the same everywhere."""
    fields = json.loads(wire.encode(directive(DirectiveType.CLEAR_PAIR, "us-ofac-sdn/101")))
    assert fault(wire.decode_judged, b"a-1", bytes_of(fields, **change)).where == where


def test_an_entry_may_have_a_slash_in_it():
    """The first slash ends the source; an entry is whatever its source calls it."""
    given = directive(DirectiveType.CLEAR_PAIR, "ftm/NK-1/2")
    assert wire.decode_directive(wire.encode(given)) == given


def orders():
    """Orders of every shape: on content, on the account, lifts, notices, by a person."""
    history = History()
    history.content(content_hit())
    history.registration(name_hit())
    history.content_rescreened(version="2")
    history.lift(next(iter(history.standing.open)))
    return history.orders


def test_orders_come_back_as_they_went():
    """Every field of every shape of order survives the log."""
    given = orders()
    assert {OrderType.DELETE_CONTENT, OrderType.RESTORE_CONTENT, OrderType.LIFT, OrderType.NOTIFY} <= {
        one.type for one in given
    }
    for order in given:
        assert wire.decode_order(wire.encode(order)) == order
        written = json.loads(wire.encode(order))
        assert set(written) >= {
            "schema", "action_id", "type", "account_id", "content_id", "content_digest", "decision_id", "result_id",
            "reverses", "reverses_type", "grounds", "reason", "automated", "issued_at", "expires_at",
        }  # fmt: skip
        assert written["schema"] == 1


def test_orders_carry_a_whole_cloud_event():
    """CloudEvents 1.0 in binary mode: every attribute of the contract, as UTF-8, and the trace where there is one."""
    for order in orders():
        headers = dict(wire.order_headers(order, "screening/test", b"00-trace-span-01", "screening.results/0/1"))
        assert headers == {
            "ce_specversion": b"1.0",
            "ce_id": order.action_id.encode(),
            "ce_type": f"screening.enforcement.{order.type.value}.v1".encode(),
            "ce_source": b"screening/test",
            "ce_time": order.issued_at.encode(),
            "ce_subject": (order.content_id or order.account_id).encode(),
            "ce_correlationid": b"screening.results/0/1",
            "content-type": b"application/json",
            "traceparent": b"00-trace-span-01",
        }
        assert "traceparent" not in dict(wire.order_headers(order, "screening/test", None, "x"))


def test_results_and_directives_are_told_apart_by_their_type():
    """Both stand on one topic: `ce_type` says which is which."""
    assert dict(wire.result_headers(b"t")) == {
        "ce_specversion": b"1.0",
        "ce_type": b"screening.result.v1",
        "content-type": b"application/json",
        "traceparent": b"t",
    }
    origin = Origin("content.published/0/1", 1.5, 0.25, rescreened=True)
    assert dict(wire.result_headers(None, origin)) == {
        "ce_specversion": b"1.0",
        "ce_type": b"screening.result.v1",
        "content-type": b"application/json",
        "ce_correlationid": b"content.published/0/1",
        "screening-appended-at": b"1500",
        "screening-published-at": b"250",
        "screening_origin": b"rescreen",
    }
    said = dict(wire.directive_headers(directive(DirectiveType.EXPIRE, "x")))
    assert said["ce_type"] == b"screening.directive.expire.v1"


def test_hits_are_read_by_their_subject():
    """A content's hits and a registration's are different values."""
    content = wire.decode_judged(b"a-1", wire.encode(content_result(content_hit())))
    registration = wire.decode_judged(b"a-1", wire.encode(registration_result(name_hit())))
    assert isinstance(content, Result)
    assert isinstance(registration, Result)
    assert isinstance(content.hits[0], ContentHit)
    assert isinstance(registration.hits[0], NameHit)
    assert content.verdict is registration.verdict is Verdict.ENFORCE
    assert not isinstance(content, Directive)
