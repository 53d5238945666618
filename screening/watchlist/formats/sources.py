"""Which sources there are, which formats each may come in, and how a file's format is recognised from its content."""

from __future__ import annotations

import enum
import types
from typing import TYPE_CHECKING, Final

from screening.watchlist.formats import (
    bis_dpl,
    csl,
    eu_csv,
    eu_xml,
    ftm,
    ftm_simple,
    mapped_csv,
    mofcom,
    ofac_csv,
    ofac_files,
    ofac_xml,
    seco_xml,
    territories,
    uk_csv,
    uk_xml,
    un_xml,
)
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.table import column_key, header_of
from screening.watchlist.formats.xml import root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from screening.watchlist.formats.document import Document
    from screening.watchlist.parties import ParsedList


class Format(enum.Enum):
    """A format of a list; the value says which, to people."""

    OFAC_CSV = "OFAC's CSV files (sdn.csv or cons_prim.csv with alt, add and comments)"
    OFAC_XML = "OFAC's XML (sdnList)"
    CSL = "the Consolidated Screening List as CSV or JSON"
    DPL = "the denied persons list (dpl.txt)"
    UN_XML = "the UN's consolidated XML"
    EU_CSV = "the EU's CSV 1.1"
    EU_XML = "the EU's XML 1.1"
    UK_CSV = "a British CSV of either layout"
    UK_XML = "the UK Sanctions List's XML"
    SECO_XML = "SECO's XML"
    MOFCOM = "the form of the Chinese lists (cn-mofcom)"
    FTM = "FollowTheMoney JSON lines"
    FTM_SIMPLE = "targets.simple.csv"
    MAPPED = "a table with a mapping"
    TERRITORIES = "territories in TOML"


SOURCES: Final[Mapping[str, tuple[Format, ...]]] = types.MappingProxyType(
    {
        "us-ofac-sdn": (Format.OFAC_CSV, Format.OFAC_XML),
        "us-ofac-cons": (Format.OFAC_CSV, Format.OFAC_XML),
        "us-csl": (Format.CSL,),
        "us-bis-dpl": (Format.DPL,),
        "us-bis-entity": (Format.CSL,),
        "un-sc": (Format.UN_XML,),
        "eu-fsf": (Format.EU_CSV, Format.EU_XML),
        "gb-uksl": (Format.UK_CSV, Format.UK_XML),
        "ch-seco": (Format.SECO_XML,),
        "cn-mofcom": (Format.MOFCOM,),
        "ftm": (Format.FTM, Format.FTM_SIMPLE),
        "csv": (Format.MAPPED,),
        "territories": (Format.TERRITORIES,),
    }
)
"""Source → the formats in which it may come."""

_ROOTS = {
    un_xml.ROOT: Format.UN_XML,
    eu_xml.ROOT: Format.EU_XML,
    uk_xml.ROOT: Format.UK_XML,
    seco_xml.ROOT: Format.SECO_XML,
    ofac_xml.ROOT: Format.OFAC_XML,
}
_TABLES: tuple[tuple[Format, tuple[str, ...]], ...] = (
    (Format.FTM_SIMPLE, ("id", "schema", "name", "aliases")),
    (Format.CSL, ("source", "entity_number", "programs", "alt_names")),
    (Format.DPL, ("Name", "Street_Address", "FR_Citation")),
    (Format.EU_CSV, ("Entity_LogicalId",)),
    (Format.UK_CSV, ("Unique ID", "Name 6")),
    (Format.UK_CSV, ("Group ID", "Name 6")),
)
_PARSERS: Mapping[Format, Callable[[Sequence[Document]], ParsedList]] = types.MappingProxyType(
    {
        Format.OFAC_CSV: lambda files: ofac_csv.parse({held.name: held.whole() for held in files}),
        Format.OFAC_XML: ofac_xml.parse,
        Format.CSL: csl.parse,
        Format.DPL: bis_dpl.parse,
        Format.UN_XML: un_xml.parse,
        Format.EU_CSV: eu_csv.parse,
        Format.EU_XML: eu_xml.parse,
        Format.UK_CSV: uk_csv.parse,
        Format.UK_XML: uk_xml.parse,
        Format.SECO_XML: seco_xml.parse,
        Format.MOFCOM: mofcom.parse,
        Format.FTM: ftm.parse,
        Format.FTM_SIMPLE: ftm_simple.parse,
        Format.TERRITORIES: territories.parse,
    }
)


def parse_list(source: str, files: Sequence[Document], mapping: mapped_csv.Mapping | None = None) -> ParsedList:
    """Read one version of a list, in whichever of its source's formats it comes.

    Args:
        source: one of `SOURCES`.
        files: its files.
        mapping: for source `csv`, which column is what.

    Raises:
        WatchlistError: a file is of another format, or faulty; with every fault found.
    """
    faults = Faults()
    allowed = SOURCES[source]
    if not files:
        faults.stop(source, "no file", _named(allowed))
    if allowed == (Format.MAPPED,):
        if mapping is None:
            faults.stop(source, "no mapping", "a TOML file that says which column is what (--mapping)")
        return mapped_csv.parse(files, mapping)
    found = {document.name: _recognised(document, allowed) for document in files}
    for document in files:
        if found[document.name] not in allowed:
            faults.add(document.name, _described(found[document.name], document.head()), _named(allowed))
    kinds = {held for held in found.values() if held in allowed}
    if len(kinds) > 1:
        faults.add(", ".join(found), f"{len(kinds)} formats", f"files of one: {_named(allowed)}")
    faults.check()
    kind = next(one for one in allowed if one in kinds)
    if source == "us-bis-entity":
        return csl.parse_entity_list(files)
    return _PARSERS[kind](files)


def recognise(document: Document) -> Format | None:
    """Return the format of a file by its content, or None where it is none that is known."""
    head = document.head()
    bare = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if bare.startswith(b"<") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _ROOTS.get(root_of(head) or "")
    if bare.startswith((b"{", b"[{")):
        return _of_json(bare)
    if b"[[territory]]" in bare:
        return Format.TERRITORIES
    return _of_table(head)


def _of_json(bare: bytes) -> Format | None:
    if b'"schema"' in bare.split(b"\n", 1)[0] and b'"properties"' in bare:
        return Format.FTM
    if mofcom.FORMAT.encode() in bare:
        return Format.MOFCOM
    return Format.CSL if b'"results"' in bare else None


def _of_table(head: bytes) -> Format | None:
    headers = header_of(head)
    for format_, columns in _TABLES:
        if any({column_key(name) for name in columns} <= header for header in headers):
            return format_
    if any(map(mofcom.is_header, headers)):
        return Format.MOFCOM
    first = head.split(b"\n", 1)[0]
    is_family = first[:1].isdigit() and first.count(b",") + 1 >= ofac_files.LEAST_COLUMNS and b"-0-" in head
    return Format.OFAC_CSV if is_family else None


def _recognised(document: Document, allowed: Iterable[Format]) -> Format | None:
    """Return a file's format; what is none goes to the CSV family of OFAC, whose reader says most of a fault."""
    found = recognise(document)
    if found is None and Format.OFAC_CSV in allowed and not document.head().lstrip().startswith(b"<"):
        return Format.OFAC_CSV
    return found


def _named(formats: Iterable[Format]) -> str:
    return " or ".join(held.value for held in formats)


def _described(found: Format | None, head: bytes) -> str:
    if found is not None:
        return found.value
    if not head.strip():
        return "an empty file"
    if (root := root_of(head)) is not None:
        return f"XML with the root <{root}>"
    text = head.decode("utf-8-sig", "replace").lstrip()
    printable = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:200]).split())
    return f"no format that is known (it begins {printable[:60]!r})"
