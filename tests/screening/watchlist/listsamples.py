"""The hand-made samples of each format, and the real files where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datafolder import ROOT, data_folder

from screening.watchlist.formats.document import Document
from screening.watchlist.formats.sources import parse_list

if TYPE_CHECKING:
    import pathlib

    from screening.watchlist.formats.mapped_csv import Mapping
    from screening.watchlist.parties import ListedParty, ParsedList

LISTS = ROOT / "tests" / "cases" / "lists"

SAMPLES = {
    "sdn.xml": "us-ofac-sdn",
    "csl.csv": "us-csl",
    "csl.json": "us-csl",
    "dpl.txt": "us-bis-dpl",
    "un.xml": "un-sc",
    "eu.csv": "eu-fsf",
    "eu.xml": "eu-fsf",
    "uk-sanctions-list.csv": "gb-uksl",
    "uk-treasury.csv": "gb-uksl",
    "uk.xml": "gb-uksl",
    "seco.xml": "ch-seco",
    "cn-mofcom.csv": "cn-mofcom",
    "cn-mofcom.json": "cn-mofcom",
    "entities.ftm.json": "ftm",
    "targets.nested.json": "ftm",
    "targets.simple.csv": "ftm",
    "territories.toml": "territories",
}
"""Sample → its source; own.csv needs a mapping and stands apart."""


def in_pieces(name: str, data: bytes, size: int = 700) -> Document:
    """A file whose bytes come in small pieces, as from a stream."""
    return Document(name, tuple(data[at : at + size] for at in range(0, len(data), size)) or (b"",))


def parsed(source: str, name: str, data: bytes, mapping: Mapping | None = None) -> ParsedList:
    return parse_list(source, [in_pieces(name, data)], mapping)


def sample_list(name: str) -> dict[str, ListedParty]:
    """Entry → party of a sample."""
    found = parsed(SAMPLES[name], name, (LISTS / name).read_bytes())
    return {party.entry: party for party in found.parties}


def real(*names: str) -> list[Document]:
    """Real files, by their paths under the folder of lists."""
    folder: pathlib.Path = data_folder() / "sanctions" / "lists"
    return [Document(path.name, (path.read_bytes(),)) for path in (folder / name for name in names)]
