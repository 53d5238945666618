"""From JSON bytes to values, with every fault told: where it is, what was found, what was expected.

A null for an optional field means that the field is absent. Whatever bytes arrive, the only error is `SubjectError`: a
record that cannot be read must never stop those behind it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeVar

import msgspec

from screening.errors import Fault, SubjectError
from screening.subjects import MOST_BYTES

_T = TypeVar("_T")

_AT = re.compile(r"(?P<said>.*?)(?: - at `(?P<where>[^`]*)`)?", re.DOTALL)
_EXPECTED = re.compile(r"Expected `?(?P<expected>.*?)`?, got `?(?P<found>.*?)`?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`")
_CHOICE = re.compile(r"Invalid enum value (?P<found>.*)", re.DOTALL)
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SURROGATE = re.compile(_HIGH + rb"(?!" + _LOW + rb")|(?<!" + _HIGH.replace(rb"{2}", rb"[0-9a-fA-F]") + rb")" + _LOW)

_MOST_NESTED: Final = 100
"""How deep arrays and objects may be nested: far more than any field needs, far less than the decoder can follow."""

_BRACKET = re.compile(rb'[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A bracket, or a whole string, so that brackets in texts do not count; an open string runs to the end."""


def text_of(value: bytes, where: str) -> str:
    """Return the text that some bytes are.

    Raises:
        SubjectError: they are not UTF-8.
    """
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        at = f"byte 0x{value[error.start]:02x} at position {error.start}"
        raise SubjectError(Fault(where, at, "text in UTF-8")) from None


def decode(value: bytes, wanted: type[_T]) -> _T:
    """Return the value that some JSON is.

    Raises:
        SubjectError: it is too large, not JSON in UTF-8, nested too deeply, or not of the type wanted.
    """
    if len(value) > MOST_BYTES:
        raise SubjectError(Fault("$", f"{len(value)} bytes", f"at most {MOST_BYTES} bytes"))
    _check_nesting(value)
    text_of(value, "$")  # the decoder passes over what it is not asked for, also where it is no text
    try:
        return msgspec.json.decode(value, type=wanted)
    except msgspec.ValidationError as error:
        said = str(error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SubjectError(_malformed(value, str(error))) from None
    try:
        raw = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # The decoder stops at the first value of a wrong type; behind it the record may not even be JSON.
        raise SubjectError(_malformed(value, str(error))) from None
    try:
        return msgspec.convert(_without_nulls(raw), type=wanted)
    except msgspec.ValidationError:
        raise SubjectError(_fault_of(said, wanted)) from None


def _check_nesting(value: bytes) -> None:
    """Refuse what is nested too deeply, by a count, for the decoder's own limit depends on who calls it from where."""
    if value.count(b"[") + value.count(b"{") <= _MOST_NESTED:
        return
    depth = 0
    for token in _BRACKET.finditer(value):
        match token[0]:
            case b"[" | b"{":
                depth += 1
                if depth > _MOST_NESTED:
                    found = f"arrays or objects nested more than {_MOST_NESTED} deep"
                    raise SubjectError(Fault("$", found, "JSON as the topic's fields are described"))
            case b"]" | b"}":
                depth -= 1
            case _:
                pass


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(held) for name, held in value.items() if held is not None}
    return [_without_nulls(held) for held in value] if isinstance(value, list) else value


def _fault_of(said: str, wanted: Any) -> Fault:
    placed = _AT.fullmatch(said)
    where = (placed and placed["where"]) or "$"
    told = placed["said"] if placed else said
    if missing := _MISSING.fullmatch(told):
        return Fault(where, "nothing", f"the field {missing['name']!r}")
    if mismatch := _EXPECTED.fullmatch(told):
        return Fault(where, mismatch["found"], mismatch["expected"])
    if choice := _CHOICE.fullmatch(told):
        return Fault(where, choice["found"], _choices(wanted, where))
    return Fault(where, told, "a value as the topic's fields are described")


def _choices(wanted: Any, where: str) -> str:
    """Return what may stand at a place such as `$.affiliates[...].kind`, by the schema of the type wanted."""
    (schema,), held = msgspec.json.schema_components([wanted])
    for name in where.removeprefix("$").replace("[...]", ".[]").split("."):
        schema = held[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        if name:
            schema = schema["items"] if name == "[]" else schema["properties"][name]
    values = [value for part in (schema, *schema.get("anyOf", ())) for value in _listed(part, held)]
    return f"one of {', '.join(map(str, values))}"


def _listed(schema: dict[str, Any], held: dict[str, Any]) -> list[Any]:
    named = held[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return list(named.get("enum", ()))


def _malformed(value: bytes, said: str) -> Fault:
    try:
        text = text_of(value, "$")
        json.loads(text)
    except SubjectError as error:
        return error.fault
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno} column {error.colno}"
        return Fault(place, error.msg, "JSON")
    except ValueError:  # a number of more digits than Python reads
        return Fault("$", said, "JSON")
    if surrogate := _SURROGATE.search(value):
        found = f"the lone surrogate {surrogate[0].decode()} at byte {surrogate.start()}"
        return Fault("$", found, "Unicode text (surrogates only in pairs)")
    return Fault("$", said, "JSON")
