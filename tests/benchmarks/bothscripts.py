"""Parties of real lists whose names stand in Latin letters and in another script: asked for by the other script alone.

From every listed name all that is not in Latin letters is taken away, also what stands in brackets inside a Latin name;
then each party is asked for by each of its other names. Nothing of this set is looked at while anything is chosen.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import msgspec
from labelled import Trial, organization, person

from screening.watchlist.formats import ftm, un_xml
from screening.watchlist.formats.document import Document
from screening.watchlist.formats.faults import Faults
from screening.watchlist.formats.xml import read_records
from screening.watchlist.parties import PartyKind
from screening.watchlist.writing import LATIN, NO_SCRIPT, script_of

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from screening.watchlist.parties import ListedParty

SCRIPTS: Final = {
    "Arab": "Arabic",
    "Cyrl": "Cyrillic",
    "Hani": "Chinese",
    "Hira": "Japanese",
    "Kana": "Japanese",
    "Grek": "Greek",
    "Ethi": "Ethiopic",
}
_BRACKETED: Final = re.compile(r"\s*\([^()]*[^\W\d_a-zA-Z\u00c0-\u024f\u1e00-\u1eff][^()]*\)")
_ORIGINAL: Final = re.compile(r"original script\s*:?\s*([^;()]+)", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")


def trials(lists: pathlib.Path) -> tuple[list[ListedParty], list[Trial]]:
    """Return the parties of the UN's list and of yente's in Latin letters, and their names in other scripts as trials.

    Args:
        lists: the folder of the lists.
    """
    file = lists / "un" / "consolidated_2020-11-30.xml"
    document = Document(file.name, (file.read_bytes(),))
    held = [("UN", party) for party in un_xml.parse([document]).parties]
    held += [("yente", party) for party in _entities(lists / "yente_fixtures")]
    also = _noted(document)
    parties: list[ListedParty] = []
    asked: list[Trial] = []
    for source, party in held:
        latin = tuple(
            msgspec.structs.replace(name, text=text)
            for name in party.names
            if name.script in (LATIN, NO_SCRIPT) and (text := _BRACKETED.sub("", name.text).strip())
        )
        if not latin:
            continue
        entry = f"{source} {party.entry}"
        parties.append(msgspec.structs.replace(party, entry=entry, names=latin))
        others = [name.text for name in party.names if name.script != LATIN]
        asked += _asked(source, party.kind, entry, others)
        if source == "UN":
            asked += _asked("UN, aliases", party.kind, entry, also.get(party.entry, []))
    return parties, asked


def _asked(source: str, kind: PartyKind, entry: str, names: list[str]) -> Iterator[Trial]:
    """Yield each name of a known script as a trial, once however its words are ordered or written in capitals."""
    natural = kind is PartyKind.PERSON
    once = {frozenset(_WORD.findall(name.casefold())): name for name in reversed(names)}
    for name in reversed(once.values()):
        script = SCRIPTS.get(script_of(name))
        if script is not None:
            label = f"{source}: {script}, {'persons' if natural else 'organizations'}"
            yield Trial(label, (person if natural else organization)(name), frozenset({entry}))


def _entities(folder: pathlib.Path) -> list[ListedParty]:
    """Return the targets of all fixtures, each entity as it stands in the newest file that has it."""
    lines: dict[str, bytes] = {}
    for file in sorted(folder.rglob("entities.*.json")):
        for line in file.read_text("utf-8").splitlines():
            held = json.loads(line)
            entity = held.get("entity", held) if held.get("op") != "DEL" else {}
            if "schema" in entity:
                lines[entity["id"]] = json.dumps(entity).encode()
    return list(ftm.parse([Document("entities.ftm.json", (b"\n".join(lines.values()),))]).parties)


def _noted(document: Document) -> dict[str, list[str]]:
    """Return by entry the aliases in their own script, which the UN writes into the notes of good aliases."""
    found: dict[str, list[str]] = {}
    for element in read_records(document, ("INDIVIDUAL", "ENTITY"), Faults()):
        entry = element.said("REFERENCE_NUMBER") or element.said("DATAID") or ""
        prefix = "INDIVIDUAL" if element.tag == "INDIVIDUAL" else "ENTITY"
        for alias in element.all(f"{prefix}_ALIAS"):
            noted = _ORIGINAL.search(alias.said("NOTE") or "") or _ORIGINAL.search(alias.said("ALIAS_NAME") or "")
            if noted and (alias.said("QUALITY") or "").casefold() == "good":
                found.setdefault(entry, []).append(noted[1].strip())
    return found
