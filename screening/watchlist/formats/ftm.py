"""FollowTheMoney entities as JSON lines: OpenSanctions' `entities.ftm.json` and `targets.nested.json`.

Lines come in any order, so what ties parties together (ownership, offices, families, addresses, sanctions) is kept
until the end; of entities that are not listed only the name is. Nested entities are read as if they stood on lines of
their own.

Who is listed: where the file says `target`, those of whom it is true; otherwise those whose `topics` name a sanction or
another restriction; where nobody has either, everybody (the file is a list already). `topics` alone of another kind,
such as a political office, list nobody: clause and policy speak of restrictions.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from screening.watchlist.formats.draft import Draft, finished, joined
from screening.watchlist.formats.faults import MOST_FAULTS, Faults
from screening.watchlist.formats.ftm_party import draft_of, first, wallet
from screening.watchlist.formats.ftm_vocabulary import EDGES, KINDS, LISTED_TOPICS, Edge
from screening.watchlist.parties import Link, ParsedList, PartyKind, counts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.watchlist.formats.document import Document

MOST_LINE = 50_000_000
"""Bytes of the longest line; the longest that OpenSanctions ever published is a tenth of it."""


_HOLDERS = {"Sanction": ("entity",), "Passport": ("holder",), "Identification": ("holder",)}


class _Line(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[Any]] = {}
    caption: str | None = None
    target: bool | None = None


@dataclass(slots=True)
class _Read:
    drafts: dict[str, Draft] = field(default_factory=dict)
    targets: dict[str, bool | None] = field(default_factory=dict)
    topics: dict[str, frozenset[str]] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, tuple[str | None, str | None, str | None]] = field(default_factory=dict)
    at: list[tuple[Draft, str]] = field(default_factory=list)
    edges: list[tuple[Edge, dict[str, list[str]], str | None]] = field(default_factory=list)
    documents: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    sanctions: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)


def parse(files: Sequence[Document]) -> ParsedList:
    """Read one version of a data set.

    Raises:
        WatchlistError: with every fault found.
    """
    faults, read = Faults(), _Read()
    decoder = msgspec.json.Decoder(_Line)
    for document in files:
        for number, line in _lines(document, faults):
            where = f"{document.name}: line {number}"
            try:
                held = decoder.decode(line)
                if held.id in read.lines:
                    faults.add(where, f"entity {held.id} again", "each id on one line")
                read.lines.add(held.id)
                _take(held, where, read, whole=True)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                faults.add(where, f"no entity ({error})", "a FollowTheMoney entity as JSON")
                if faults.count > 2 * MOST_FAULTS:
                    faults.check()
    listed = _listed(read)
    _tie(read, listed)
    if not listed and not faults:
        expected = "at least one entity that is a target or bears a topic of sanctions"
        faults.add(files[0].name, "no listed party", expected)
    parties = finished((read.drafts[entry] for entry in listed), faults)
    return ParsedList(parties=parties, counts=counts_of(parties))


def _lines(document: Document, faults: Faults) -> Iterator[tuple[int, bytes]]:
    held = b""
    number = 0
    for chunk in document.chunks:
        pieces = (held + chunk).split(b"\n")
        held = pieces.pop()
        if len(held) > MOST_LINE:
            faults.stop(f"{document.name}: line {number + 1}", f"more than {MOST_LINE} bytes", "an entity in each line")
        for piece in pieces:
            number += 1
            if piece.strip():
                yield number, piece
    if held.strip():
        yield number + 1, held


def _take(line: _Line, where: str, read: _Read, *, whole: bool) -> None:
    """Take in an entity; `whole` where it stands on a line of its own, and not inside another as a part of it."""
    texts: dict[str, list[str]] = {}
    for name, values in line.properties.items():
        texts[name] = [value if isinstance(value, str) else _nested(value, line.id, where, read) for value in values]
    if line.id in read.seen and not (whole and line.schema in KINDS):
        return
    read.seen.add(line.id)
    if (edge := EDGES.get(line.schema)) is not None:
        read.edges.append((edge, texts, line.caption))
    elif line.schema == "Address":
        read.addresses[line.id] = (
            joined([first(texts, "full") or joined((first(texts, "street"), first(texts, "street2")), ", ")]),
            None if "full" in texts else joined((first(texts, "postalCode"), first(texts, "city")), ", "),
            first(texts, "country"),
        )
    elif line.schema in ("Passport", "Identification"):
        read.documents.append((line.schema, texts))
    elif line.schema == "Sanction":
        read.sanctions += [(entity, texts) for entity in texts.get("entity", ())]
    elif (kind := KINDS.get(line.schema)) is not None:
        _take_party(line, kind, texts, where, read)


def _nested(value: Any, outer: str, where: str, read: _Read) -> str:
    """Read an entity that stands inside another, and return its id. The end at which it hangs may be left out."""
    if not isinstance(value, dict):
        return str(value)
    line = msgspec.convert(value, _Line)
    edge = EDGES.get(line.schema)
    ends = (edge.source, edge.target) if edge else _HOLDERS.get(line.schema, ())
    missing = next((end for end in ends if end not in line.properties), None)
    if missing is not None:
        line = msgspec.structs.replace(line, properties=line.properties | {missing: [outer]})
    _take(line, where, read, whole=False)
    return line.id


def _take_party(line: _Line, kind: PartyKind, texts: dict[str, list[str]], where: str, read: _Read) -> None:
    read.targets[line.id] = line.target
    read.topics[line.id] = frozenset(texts.get("topics", ()))
    names = texts.get("name", [])
    caption = line.caption or next(iter(names), None)
    if caption is not None:
        read.captions[line.id] = caption
    if line.target is False and not read.topics[line.id]:
        return
    draft = read.drafts[line.id] = draft_of(line.id, kind, texts, caption, where)
    read.at += [(draft, address) for address in texts.get("addressEntity", ())]
    if line.schema == "CryptoWallet" and "holder" in texts:
        read.documents.append((line.schema, texts))


def _listed(read: _Read) -> dict[str, None]:
    if any(target is not None for target in read.targets.values()):
        return {entry: None for entry in read.drafts if read.targets[entry]}
    risky = {entry: None for entry in read.drafts if any(map(_is_listed_topic, read.topics[entry]))}
    return risky or {entry: None for entry in read.drafts if not any(read.topics.values())}


def _is_listed_topic(topic: str) -> bool:
    return topic.startswith(LISTED_TOPICS)


def _tie(read: _Read, listed: dict[str, None]) -> None:
    """Put what stood on other lines where it belongs."""
    for draft, address in read.at:
        if (held := read.addresses.get(address)) is not None:
            street, place, country = held
            draft.address(street, place, country, id_=address)
    for schema, texts in read.documents:
        for holder in set(texts.get("holder", ())) & listed.keys():
            _tie_document(schema, texts, read.drafts[holder])
    for entity, texts in read.sanctions:
        if entity in listed:
            draft = read.drafts[entity]
            draft.programme(*(texts.get("programId") or texts.get("program") or texts.get("authority") or ()))
            draft.detail("list number", *texts.get("authorityId", ()), *texts.get("unscId", ()))
            draft.detail("listed on", *texts.get("listingDate", ()))
    for edge, texts, caption in read.edges:
        for ends in itertools.product(texts.get(edge.source, ()), texts.get(edge.target, ())):
            _tie_ends(edge, ends, texts, caption, read)


def _tie_document(schema: str, texts: dict[str, list[str]], draft: Draft) -> None:
    if schema == "CryptoWallet":
        wallet(texts, draft)
        return
    label = "passport" if schema == "Passport" else first(texts, "type") or "identification"
    type_ = "passport" if schema == "Passport" else None
    for number in (*texts.get("number", ()), *texts.get("passportNumber", ())):
        draft.identifier(label, number, first(texts, "country"), type_=type_)


def _tie_ends(edge: Edge, ends: tuple[str, str], texts: dict[str, list[str]], caption: str | None, read: _Read) -> None:
    source, target = ends
    percent = _percent(texts) if edge.owned else None
    label = joined((*texts.get("role", ()), *texts.get("relationship", ())), ", ") or caption
    former = bool(texts.get("endDate"))
    for holder, other, relation in ((source, target, edge.of_source), (target, source, edge.of_target)):
        draft = read.drafts.get(holder)
        if draft is not None and holder != other:
            draft.link(
                Link(
                    relation=relation,
                    name=read.captions.get(other, ""),
                    entry=other,
                    ownership_percent=percent,
                    label=label,
                    former=former,
                )
            )


def _percent(texts: dict[str, list[str]]) -> float | None:
    for text in texts.get("percentage", ()):
        bare = text.strip().rstrip("%").strip().replace(",", ".")
        try:
            number = float(bare)
        except ValueError:
            continue
        if 0.0 <= number <= 100.0:
            return number
    return None
