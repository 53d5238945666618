"""A table of one's own, read by a mapping: a TOML file that says which column is what.

What a mapping may say is described, with an example, in docs/lists.md.
"""

from __future__ import annotations

import codecs
import tomllib
from typing import TYPE_CHECKING, Literal

import msgspec

from screening.watchlist.formats.draft import Draft, finished, joined, said, split
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import Row, read_table
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import Link, ParsedList, PartyKind, Relation, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screening.watchlist.formats.document import Document

Column = str | list[str]


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which columns hold which field."""

    entry: Column
    name: Column
    aliases: Column = []
    weak_aliases: Column = []
    kind: Column = []
    programmes: Column = []
    birth_date: Column = []
    birth_place: Column = []
    incorporation_date: Column = []
    nationality: Column = []
    citizenship: Column = []
    country: Column = []
    address: Column = []
    gender: Column = []
    remarks: Column = []


class LinkColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which columns hold a link."""

    relation: Relation
    name: str
    percent: str | None = None


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole mapping."""

    columns: Columns
    separator: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    dates: Literal["day-first", "month-first"] = "day-first"
    default_kind: PartyKind = PartyKind.UNKNOWN
    kinds: dict[str, PartyKind] = {}
    identifiers: dict[str, Column] = {}
    links: list[LinkColumns] = []


def parse_mapping(text: str, name: str) -> Mapping:
    """Read a mapping.

    Raises:
        WatchlistError: it is no TOML, or says what no mapping may say.
    """
    faults = Faults()
    try:
        mapping = msgspec.convert(tomllib.loads(text), Mapping)
    except tomllib.TOMLDecodeError as error:
        faults.stop(name, f"no TOML ({error})", "TOML 1.0")
    except msgspec.ValidationError as error:
        faults.stop(name, str(error), "a mapping as docs/lists.md describes it")
    if mapping.delimiter is not None and len(mapping.delimiter) != 1:
        faults.add(f"{name}: delimiter", repr(mapping.delimiter), "one character")
    if mapping.separator == "":
        faults.add(f"{name}: separator", "an empty text", "what parts several values, or nothing at all")
    try:
        codecs.lookup(mapping.encoding)
    except LookupError:
        faults.add(f"{name}: encoding", repr(mapping.encoding), "an encoding that Python knows, such as gb18030")
    for field in ("entry", "name"):
        if not getattr(mapping.columns, field):
            faults.add(f"{name}: columns.{field}", "no column", "at least one")
    faults.check()
    return mapping


def parse(files: Sequence[Document], mapping: Mapping) -> ParsedList:
    """Read one version of a list of one's own.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    for document in files:
        recoded = document._replace(chunks=_utf8(document, mapping.encoding, faults))
        for row in read_table(recoded, _all_columns(mapping), faults, delimiter=mapping.delimiter):
            _take(row, mapping, drafts, faults)
    if not drafts and not faults:
        faults.add(files[0].name, "a header without rows", "at least one entry")
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


class _Recoded:
    """The bytes of a document in another encoding, as UTF-8, each time it is iterated."""

    def __init__(self, document: Document, encoding: str, faults: Faults) -> None:
        self._document, self._encoding, self._faults = document, encoding, faults

    def __iter__(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self._encoding)(errors="strict")
        try:
            for chunk in self._document.chunks:
                yield decoder.decode(chunk).encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError as error:
            self._faults.stop(self._document.name, f"no {self._encoding} ({error})", f"text in {self._encoding}")


def _utf8(document: Document, encoding: str, faults: Faults) -> Iterable[bytes]:
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return document.chunks
    return _Recoded(document, encoding, faults)


def _named(column: Column) -> list[str]:
    return [column] if isinstance(column, str) else column


def _all_columns(mapping: Mapping) -> list[str]:
    held = [name for field in Columns.__struct_fields__ for name in _named(getattr(mapping.columns, field))]
    held += [name for column in mapping.identifiers.values() for name in _named(column)]
    for link in mapping.links:
        held += [link.name, *([link.percent] if link.percent else [])]
    return list(dict.fromkeys(held))


def _take(row: Row, mapping: Mapping, drafts: dict[str, Draft], faults: Faults) -> None:
    columns = mapping.columns
    entry = joined((row(name) for name in _named(columns.entry)), "-")
    if entry is None:
        faults.add(row.where, f"nothing in {', '.join(_named(columns.entry))}", "the id of an entry")
        return
    if entry in drafts:
        faults.add(row.where, f"entry {entry} again", f"an id that {drafts[entry].where} has not")
        return
    draft = drafts[entry] = Draft(entry, _kind(row, mapping, faults), row.where)
    draft.name(joined(row(name) for name in _named(columns.name)))
    draft.also(_values(row, columns.aliases, mapping))
    draft.also(_values(row, columns.weak_aliases, mapping), Strength.WEAK)
    draft.programme(*_values(row, columns.programmes, mapping))
    _take_dates(row, mapping, draft, faults)
    draft.birth_place(*_values(row, columns.birth_place, mapping))
    draft.nationality(*_values(row, columns.nationality, mapping))
    draft.nationality(*_values(row, columns.citizenship, mapping), citizenship=True)
    countries = _values(row, columns.country, mapping)
    draft.country(*countries)
    for text in _values(row, columns.address, mapping):
        draft.address(text, None, countries[0] if countries else None)
    for type_, column in mapping.identifiers.items():
        for text in _values(row, column, mapping):
            draft.identifier(type_, text, type_=type_)
    _take_links(row, mapping, draft, faults)
    draft.gender = next(iter(_values(row, columns.gender, mapping)), None)
    draft.remark(*_values(row, columns.remarks, mapping))


def _values(row: Row, column: Column, mapping: Mapping) -> list[str]:
    texts = row.each(*_named(column))
    return split("\0".join(texts), "\0", *([mapping.separator] if mapping.separator else []))


def _kind(row: Row, mapping: Mapping, faults: Faults) -> PartyKind:
    text = joined(row(name) for name in _named(mapping.columns.kind))
    if text is None:
        return mapping.default_kind
    known = {key.casefold(): kind for key, kind in mapping.kinds.items()} | {kind.value: kind for kind in PartyKind}
    if text.casefold() not in known:
        faults.add(f"{row.where}: {', '.join(_named(mapping.columns.kind))}", repr(text), f"one of {', '.join(known)}")
        return PartyKind.UNKNOWN
    return known[text.casefold()]


def _take_dates(row: Row, mapping: Mapping, draft: Draft, faults: Faults) -> None:
    for column, held in (
        (mapping.columns.birth_date, draft.births),
        (mapping.columns.incorporation_date, draft.incorporations),
    ):
        for text in _values(row, column, mapping):
            span = date_of(text, month_first=mapping.dates == "month-first")
            if span is None:
                faults.add(f"{row.where}: {', '.join(_named(column))}", repr(text), "a date such as 1971-02-28 or 1971")
            else:
                held[span] = None


def _take_links(row: Row, mapping: Mapping, draft: Draft, faults: Faults) -> None:
    for link in mapping.links:
        percent = None
        text = said(row(link.percent)) if link.percent else None
        if text is not None:
            try:
                percent = float(text.rstrip("% ").replace(",", "."))
            except ValueError:
                percent = -1.0
            if not 0.0 <= percent <= 100.0:
                faults.add(f"{row.where}: {link.percent}", repr(text), "a number from 0 to 100")
                continue
        for name in _values(row, link.name, mapping):
            draft.link(Link(relation=link.relation, name=name, ownership_percent=percent, label=link.name))
