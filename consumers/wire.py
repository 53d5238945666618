"""Bytes and values: how subjects, results, directives and orders stand on the log.

Unknown fields are ignored here and kept in the log's bytes; how faults are told, `decoding` says.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from consumers.decoding import decode, text_of
from consumers.origins import CORRELATION
from screening.decisions import Directive, Input, Order, Result, Verdict, Versions
from screening.errors import Fault, SubjectError
from screening.evidence import ContentHit, Ground, NameHit
from screening.subjects import MOST_NAME, Content, Ended, Registrant, check_name, checked

if TYPE_CHECKING:
    from consumers.log.port import Headers
    from consumers.origins import Origin

RESULT_TYPE: Final = "screening.result.v1"
MARKER_TYPE: Final = "screening.activation.v1"
INPUT_HEADERS: Final[Headers] = (("content-type", b"application/json"),)
"""What `publish` says of a subject."""

_DIRECTIVE_TYPE = "screening.directive.{}.v1"
_ORDER_TYPE = "screening.enforcement.{}.v1"

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class _WireResult(msgspec.Struct, frozen=True):
    result_id: str
    subject: str
    id: str
    account_id: str
    verdict: Verdict | None
    grounds: tuple[Ground, ...]
    hits: msgspec.Raw
    unscreened: tuple[str, ...]
    input: Input
    versions: Versions
    activation: int | None = None
    ended: bool = False


def read_content(value: bytes) -> Content | Ended:
    """Read a content, wherever it came from.

    Raises:
        SubjectError: it is not a content as agreed.
    """
    content = checked(decode(value, Content))
    assert not isinstance(content, Registrant)  # noqa: S101 - a Content gives a Content or an Ended
    return content


def read_registrant(value: bytes) -> Registrant:
    """Read a registration, wherever it came from.

    Raises:
        SubjectError: it is not a registration as agreed.
    """
    registrant = checked(decode(value, Registrant))
    assert isinstance(registrant, Registrant)  # noqa: S101 - a registration is never ended by its value
    return registrant


def read_registration(line: bytes) -> Registrant | Ended:
    """Read a line of registrations, where `{"key": "ACCOUNT", "value": null}` is the erasure of an account.

    Raises:
        SubjectError: it is neither a registration as agreed nor an erasure.
    """
    try:
        return read_registrant(line)
    except SubjectError:
        erased = _erased(line)
        if erased is None:
            raise
    return decode_registrant(erased, None)


def _erased(line: bytes) -> bytes | None:
    """Return the key that a line asks to erase, or None where it asks for nothing of the kind."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.keys() != {"key", "value"} or said["value"] is not None:
        return None
    if not isinstance(said["key"], str):
        raise SubjectError(Fault("$.key", repr(said["key"]), "the account to be erased"))
    return said["key"].encode("utf-8", "backslashreplace")


def decode_content(key: bytes | None, value: bytes | None) -> Content | Ended:
    """Read a record of the content topic.

    Raises:
        SubjectError: it is not a content as agreed, or its key is not its account.
    """
    if value is None:
        raise SubjectError(Fault("$", "null", 'a content, or {"id", "account_id", "deleted": true}'))
    content = read_content(value)
    _check_key(key, content.account_id)
    return content


def decode_registrant(key: bytes | None, value: bytes | None) -> Registrant | Ended:
    """Read a record of the registrations topic; a null value is the erasure of the key's account.

    Raises:
        SubjectError: it is not a registration as agreed, or its key is not its account.
    """
    if value is None:
        account = text_of(key or b"", "key")
        check_name("key", account)
        return Ended(subject="registration", id=account, account_id=account)
    registrant = read_registrant(value)
    _check_key(key, registrant.account_id)
    return registrant


def decode_judged(key: bytes | None, value: bytes | None) -> Result | Directive:
    """Read a record of the results topic: a result, or what a person, an authority or the clock said.

    Raises:
        SubjectError: it is neither.
    """
    if value is None:
        raise SubjectError(Fault("$", "null", "a result or a directive"))
    fields = decode(value, dict[str, msgspec.Raw])
    judged = decode_directive(value) if "directive_id" in fields else _decode_result(value)
    _check_key(key, judged.account_id)
    return judged


def decode_order(value: bytes) -> Order:
    """Read an order.

    Raises:
        SubjectError: it is none.
    """
    return decode(value, Order)


def decode_directive(value: bytes) -> Directive:
    """Read a directive.

    Raises:
        SubjectError: it is none, or of a type that nobody carries out.
    """
    directive = decode(value, Directive)
    for name in ("directive_id", "account_id", "target", "by"):
        check_name(f"$.{name}", getattr(directive, name))
    if directive.on_pair:
        _check_pair(directive)
    return directive


def _check_pair(directive: Directive) -> None:
    source, slash, entry = directive.target.partition("/")
    if not (source and slash and entry):
        raise SubjectError(Fault("$.target", repr(directive.target), "a listed entry as SOURCE/ENTRY"))
    if not directive.reason.strip():
        raise SubjectError(Fault("$.reason", repr(directive.reason), "a text that is not empty"))
    if directive.expires_at is not None and not _is_time(directive.expires_at):
        expected = "a time in RFC 3339, with its zone"
        raise SubjectError(Fault("$.expires_at", repr(directive.expires_at), expected))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _decode_result(value: bytes) -> Result:
    wire = decode(value, _WireResult)
    if wire.subject not in ("content", "registration"):
        raise SubjectError(Fault("$.subject", repr(wire.subject), "content or registration"))
    _check_result(wire)
    hits: tuple[ContentHit, ...] | tuple[NameHit, ...]
    try:
        if wire.subject == "content":
            hits = decode(bytes(wire.hits), tuple[ContentHit, ...])
        else:
            hits = decode(bytes(wire.hits), tuple[NameHit, ...])
    except SubjectError as error:
        within = error.fault
        raise SubjectError(Fault("$.hits" + within.where.removeprefix("$"), within.found, within.expected)) from None
    given: dict[str, Any] = {name: getattr(wire, name) for name in wire.__struct_fields__}
    return Result(**(given | {"hits": hits}))


def _check_result(wire: _WireResult) -> None:
    """Check what a type cannot say: much of it becomes keys in the ledger, and no verdict must never pass for clear."""
    for name in ("account_id", "id"):
        check_name(f"$.{name}", getattr(wire, name))
    if not _UUID.fullmatch(wire.result_id):
        raise SubjectError(Fault("$.result_id", repr(wire.result_id[:MOST_NAME]), "a UUID"))
    if not _SHA256.fullmatch(wire.input.digest):
        raise SubjectError(Fault("$.input.digest", repr(wire.input.digest[:MOST_NAME]), "a SHA-256 in hexadecimal"))
    for name, number in (("input.offset", wire.input.offset), ("activation", wire.activation)):
        if number is not None and not 0 <= number < 2**63:
            raise SubjectError(Fault(f"$.{name}", str(number), "a number from 0 to 2^63 - 1"))
    if wire.ended != (wire.verdict is None):
        found = "none" if wire.verdict is None else repr(wire.verdict.value)
        expected = "none, for the subject has ended" if wire.ended else "one, or that the subject has ended"
        raise SubjectError(Fault("$.verdict", found, expected))


def encode(value: Result | Directive | Order) -> bytes:
    """Write a value as it stands on the log."""
    return msgspec.json.encode(value)


def encode_checked(result: Result) -> bytes:
    """Write a result that never stood on a log: without position and activation."""
    fields = msgspec.to_builtins(result)
    del fields["activation"]
    return msgspec.json.encode(fields)


def result_headers(traceparent: bytes | None, origin: Origin | None = None) -> Headers:
    """Return the headers of a result."""
    held = _headers(RESULT_TYPE, traceparent)
    return held if origin is None else (*held, *origin.headers())


def directive_headers(directive: Directive) -> Headers:
    """Return the headers of a directive."""
    return _headers(_DIRECTIVE_TYPE.format(directive.type.value), None)


def order_headers(order: Order, source: str, traceparent: bytes | None, correlation: str) -> Headers:
    """Return an order's headers: CloudEvents 1.0, binary mode, as the Kafka protocol binding names them."""
    context = {
        "ce_specversion": "1.0",
        "ce_id": order.action_id,
        "ce_type": _ORDER_TYPE.format(order.type.value),
        "ce_source": source,
        "ce_time": order.issued_at,
        "ce_subject": order.content_id or order.account_id,
        CORRELATION: correlation,
    }
    headers = tuple((name, value.encode()) for name, value in context.items())
    return (*headers, *_tail(traceparent))


def _headers(ce_type: str, traceparent: bytes | None) -> Headers:
    return (("ce_specversion", b"1.0"), ("ce_type", ce_type.encode()), *_tail(traceparent))


def _tail(traceparent: bytes | None) -> Headers:
    content_type = ("content-type", b"application/json")
    return (content_type,) if traceparent is None else (content_type, ("traceparent", traceparent))


def _check_key(key: bytes | None, account_id: str) -> None:
    """Refuse a record under another key: its subject's records would lie in two partitions, in no one order."""
    if key is None or key != account_id.encode():
        found = "none" if key is None else repr(key.decode("utf-8", "backslashreplace"))
        raise SubjectError(Fault("key", found, f"the record's account_id {account_id!r}"))
