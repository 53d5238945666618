"""The Chinese lists (Ministry of Commerce): unreliable entities, and the control and watch lists of export control.

The ministry announces additions in prose and publishes no file for machines, so this form is ours: a table (CSV) or
JSON, kept by the operator from the announcements. Columns may be named in Chinese or English, see `_COLUMNS`; needed
are the list and one name. `状态` (status) keeps what is lifted in the file: `移出` (removed) is not read, `暂停`
(suspended) is read and said.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from screening.watchlist.formats.draft import Draft, finished, split
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import column_key, header_of, read_table
from screening.watchlist.formats.written_dates import date_of
from screening.watchlist.parties import ParsedList, PartyKind, Strength, counts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.watchlist.formats.document import Document

FORMAT = "cn-mofcom/1"
"""What a JSON file of this form says of itself, under `format`."""

_COLUMNS = {
    "list": "清单",
    "entry": "编号",
    "name_zh": "中文名称",
    "name_en": "英文名称",
    "aliases": "别名",
    "kind": "类型",
    "country": "国家或地区",
    "address": "地址",
    "identifiers": "证件号码",
    "birth_date": "出生日期",
    "announcement": "公告号",
    "date": "公告日期",
    "status": "状态",
    "remarks": "备注",
}
_LISTS = {
    "unreliable-entity": "unreliable-entity",
    "不可靠实体清单": "unreliable-entity",
    "export-control": "export-control",
    "出口管制管控名单": "export-control",
    "export-watch": "export-watch",
    "出口管制关注名单": "export-watch",
    "关注名单": "export-watch",
}
_KINDS = {
    "person": PartyKind.PERSON,
    "个人": PartyKind.PERSON,
    "organization": PartyKind.ORGANIZATION,
    "组织": PartyKind.ORGANIZATION,
    "实体": PartyKind.ORGANIZATION,
    "企业": PartyKind.ORGANIZATION,
    "": PartyKind.ORGANIZATION,
}
_STATUSES = {
    "": "listed", "listed": "listed", "在列": "listed", "suspended": "suspended", "暂停": "suspended",
    "removed": "removed", "移出": "removed",
}  # fmt: skip


def is_header(columns: frozenset[str]) -> bool:
    """Whether these are columns of this form."""
    return any(column_key(key) in columns for key in ("list", "清单")) and any(
        column_key(key) in columns for key in ("name_zh", "name_en", "中文名称", "英文名称")
    )


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of the lists.

    Raises:
        WatchlistError: with every fault found.
    """
    faults = Faults()
    drafts: dict[str, Draft] = {}
    count = 0
    for document in files:
        json = document.head().lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
        for where, fields in _from_json(document, faults) if json else _from_csv(document, faults):
            count += 1
            _take(fields, where, drafts, faults)
    if not count and not faults:
        faults.add(files[0].name, "no entry", "at least one")
    parties = finished(drafts.values(), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _from_csv(document: Document, faults: Faults) -> Iterator[tuple[str, dict[str, str]]]:
    chinese = any(column_key("清单") in columns for columns in header_of(document.head()))
    required = (_COLUMNS["list"],) if chinese else ("list",)
    for row in read_table(document, required, faults):
        fields = {key: row(key) or row(chinese_name) or "" for key, chinese_name in _COLUMNS.items()}
        yield row.where, fields


def _from_json(document: Document, faults: Faults) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        held = msgspec.json.decode(document.whole().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        faults.stop(document.name, f"no JSON ({error})", "whole JSON in UTF-8")
    entries = held.get("entries") if isinstance(held, dict) else None
    if not isinstance(entries, list):
        faults.stop(document.name, "no list under entries", f'{{"format": "{FORMAT}", "entries": [...]}}')
    for number, entry in enumerate(entries):
        where = f"{document.name}: entries[{number}]"
        if not isinstance(entry, dict):
            faults.add(where, type(entry).__name__, "an object")
            continue
        strange = sorted(set(entry) - {*_COLUMNS, *_COLUMNS.values()})
        if strange:
            faults.add(where, f"the keys {', '.join(strange)}", f"some of {', '.join(_COLUMNS)}")
        yield where, {key: _text(entry.get(key, entry.get(chinese))) for key, chinese in _COLUMNS.items()}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return "" if value is None else str(value)


def _take(fields: Mapping[str, str], where: str, drafts: dict[str, Draft], faults: Faults) -> None:
    listed = _LISTS.get(fields["list"].strip().casefold())
    kind = _KINDS.get(fields["kind"].strip().casefold())
    status = _STATUSES.get(fields["status"].strip().casefold())
    for key, value, known in (("list", listed, _LISTS), ("kind", kind, _KINDS), ("status", status, _STATUSES)):
        if value is None:
            faults.add(f"{where}: {key}", repr(fields[key]), f"one of {', '.join(filter(None, known))}")
    names = [*split(fields["name_zh"], ";", "；"), *split(fields["name_en"], ";", "；")]
    if not names:
        faults.add(where, "neither name_zh nor name_en", "one of them")
    if listed is None or kind is None or status is None or not names or status == "removed":
        return
    entry = fields["entry"].strip() or f"{listed}-{hashlib.sha256('|'.join(names).encode()).hexdigest()[:12]}"
    if entry in drafts:
        faults.add(where, f"entry {entry} again", f"an entry that {drafts[entry].where} has not")
        return
    draft = drafts[entry] = Draft(entry, kind, where)
    draft.also(names, Strength.PRIMARY, "name")
    draft.programme(listed)
    if status == "suspended":
        draft.detail("status", status)
    _take_rest(fields, draft)


def _take_rest(fields: Mapping[str, str], draft: Draft) -> None:
    draft.also(split(fields["aliases"], ";", "；"))
    draft.country(fields["country"])
    for text in split(fields["address"], ";", "；"):
        draft.address(text, None, fields["country"])
    for text in split(fields["identifiers"], ";", "；"):
        label, parted, value = text.replace("：", ":").partition(":")
        draft.identifier(label if parted else "identifier", value if parted else label)
    for text in split(fields["birth_date"], ";", "；"):
        draft.date(date_of(text), text)
    draft.detail("announcement", fields["announcement"])
    draft.detail("listed on", fields["date"])
    draft.remark(fields["remarks"])
