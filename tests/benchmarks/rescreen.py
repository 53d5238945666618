"""Measures what a re-screening costs, and writes docs/measurements-rescreen.md (`make bench-rescreen`).

Registrants are drawn like the names of `bench-names`. A million registrations are not judged one by one beforehand,
which would take an hour: the parties that come and go, and some of the crowd, go through the stream; of the others the
ledger is told that they were judged clear by the list before, so that no hit of theirs cites a party that goes.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import itertools
import json
import os
import pathlib
import platform
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "benchmarks")]

import msgspec
import rescreen_page
from crowds import Crowd
from datafolder import data_folder
from installed import SCREENING, environment
from integration.streams import Stream, flags_for
from segmenters import segmenter

from consumers import shipped, snapshots, topics
from consumers.log.port import Outgoing
from consumers.rejudging import target_of
from screening.lexicon.entries import Lexicon
from screening.lexicon.kinds import Kind
from screening.lexicon.matcher import ContentMatcher
from screening.pipeline import ContentScreener, content_versions, registration_versions
from screening.subjects import Content
from screening.touched import TouchedContents, TouchedRegistrants
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.watchlist.parties import ListedParty

ROOT: Final = _TESTS.parent
FIGURES: Final = "measurements-rescreen.json"

_FLAGS: Final = "flags.json"
_DONE: Final = "registered"
_INDEXED: Final = "indexed.json"
"""What is written when a part of the set-up is done."""

WORKERS: Final = 2
FIRST: Final = "sdn_2021-08-18.csv"
SECOND: Final = "sdn_2022-02-23.csv"
STREAMED: Final = 3_000
"""Of the crowd, those who go through the stream."""

FAR: Final = 10_000_000
"""The offset from which on the places of those lie that the ledger is only told of."""

CHANGED_TERMS: Final = 100


@dataclass(frozen=True, slots=True)
class Update:
    """One update of the list and what its re-screening took, by the clock and of the processor."""

    day: str
    entries: int
    names: int
    accounts: int
    judged: int
    otherwise: int
    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Whole:
    """Everybody judged anew by the whole list, planned and run; seconds are by the clock but where the name says so."""

    judged: int
    run_seconds: float
    """Of the run alone: everybody judged once, and the results sent."""
    seconds: float
    """Of the command: the plan looks at everybody too, and the results are taken up."""
    processor: float

    @property
    def rate(self) -> float:
        """Registrants that one worker judges in a second."""
        return self.judged / self.run_seconds / WORKERS


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured."""

    commit: str
    machine: str
    registrants: int
    streamed: int
    index_seconds: float
    index_processor: float
    index_megabytes: float
    update: Update
    further: tuple[Update, ...]
    whole: Whole
    terms: int
    characters: int
    texts: int
    touched: int
    selecting: float
    """Processor seconds to ask all texts for the changed terms."""
    judging: float
    """Processor seconds to judge those that hold one."""
    everybody: float
    """Processor seconds to judge all texts, from a part of them."""


def _days() -> list[pathlib.Path]:
    return sorted((data_folder() / "sanctions" / "lists" / "ofac_history").glob("sdn_*.csv"))


def _parties(path: pathlib.Path) -> tuple[ListedParty, ...]:
    return tuple(ofac_csv.parse({"sdn.csv": path.read_bytes()}).parties)


def _registration(account: str, party: ListedParty) -> dict[str, Any]:
    fields = {
        "account_id": account,
        "kind": "person" if party.kind is PartyKind.PERSON else "organization",
        "name": party.names[0].text,
    }
    if party.births and party.births[0].first == party.births[0].last:
        fields["birth_date"] = party.births[0].first
    return fields


def _published(fields: dict[str, Any]) -> Outgoing:
    return Outgoing(topics.ACCOUNTS, fields["account_id"].encode(), json.dumps(fields).encode())


def _prepare(stream: Stream, count: int) -> None:
    """Let some register by the stream, and tell the ledger of the others."""
    before, after = _parties(_day(FIRST)), _parties(_day(SECOND))
    stream.activate_list("us-ofac-sdn", _day(FIRST))
    were, are = ({party.entry: party for party in held} for held in (before, after))
    moved = [are[entry] for entry in sorted(are.keys() - were.keys())]
    moved += [were[entry] for entry in sorted(were.keys() - are.keys())]
    stream.publish([_published(_registration(f"listed-{place:04}", party)) for place, party in enumerate(moved)])
    crowd = Crowd(before, data_folder() / "sanctions" / "labelled").parties(count - len(moved), seed=5)
    made = (_registration(f"crowd-{place:07}", party) for place, party in enumerate(crowd))
    stream.publish([_published(next(made)) for _ in range(min(STREAMED, count - len(moved)))])
    stream.drain()
    target = target_of(stream.installation, "registration")
    assert target is not None
    versions = registration_versions(target.policy, target.watchlists)
    _tell(stream, target.number, msgspec.json.encode(versions).decode(), made)


def _tell(stream: Stream, activation: int, versions: str, made: Iterator[dict[str, Any]]) -> None:
    epoch = stream.installation.log.epoch()
    partitions = len(stream.installation.log.bounds(topics.ACCOUNTS))
    store = sqlite3.connect(stream.flags["store.url"].removeprefix("sqlite:///"))
    store.execute("PRAGMA synchronous=OFF")
    digest = "0" * 64
    while rows := [fields for _, fields in zip(range(20_000), made, strict=False)]:
        registrants, results, last = [], [], []
        for fields in rows:
            account = fields["account_id"]
            number = int(account.removeprefix("crowd-"))
            offset, name = FAR + number, str(uuid.UUID(int=number))
            result = (
                f'{{"result_id":"{name}","subject":"registration","id":"{account}","account_id":"{account}",'
                '"verdict":"clear","grounds":[],"hits":[],"unscreened":[],'
                f'"input":{{"digest":"{digest}","topic":"accounts.registered","partition":{number % partitions},'
                f'"offset":{offset}}},"versions":{versions},"activation":{activation}}}'
            )
            place = (epoch, number % partitions, offset, digest)
            registrants.append((account, account, *place, json.dumps(fields).encode(), 0))
            results.append((name, account, "registration", account, "clear", *place, result.encode()))
            last.append((account, "registration", account, epoch, offset, activation, name))
        with store:
            store.executemany("INSERT INTO registrants VALUES (?,?,?,?,?,?,?,?)", registrants)
            store.executemany("INSERT INTO results VALUES (?,?,?,?,?,?,?,?,?,?)", results)
            store.executemany("INSERT INTO last_results VALUES (?,?,?,?,?,?,?)", last)
    store.close()


def _day(name: str) -> pathlib.Path:
    return next(path for path in _days() if path.name == name)


def _update(stream: Stream, day: pathlib.Path, before: pathlib.Path) -> Update:
    """Put a day's list in force, and run what a user runs, from the activation to the last order."""
    change = TouchedRegistrants({"us-ofac-sdn": _parties(before)}, {"us-ofac-sdn": _parties(day)})
    stream.activate_list("us-ofac-sdn", day)
    report, seconds, processor = _rescreen(stream)
    return Update(
        day=day.stem.removeprefix("sdn_"),
        entries=change.entries,
        names=len(change.news.names),
        accounts=report["looked_at"],
        judged=report["judged"],
        otherwise=report["affected"] + report["changed"] + report["released"],
        seconds=seconds,
        processor=processor,
    )


def _rescreen(stream: Stream, *how: str) -> tuple[dict[str, Any], float, float]:
    """Run what a user runs, and return its report, the seconds by the clock and those of the processor."""
    used, began = _children(), time.monotonic()
    done = subprocess.run(
        [str(SCREENING), "rescreen", "run", "--subject", "registration", "--yes", "--json", *how],
        cwd=stream.flags["data"],
        env=environment(stream.flags),
        stdout=subprocess.PIPE,
        check=True,
    )
    (report,) = json.loads(done.stdout)
    return report, time.monotonic() - began, _children() - used


def _children() -> float:
    """Return the processor seconds of processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processor() -> float:
    """Return the processor seconds of this process and of those."""
    return time.process_time() + _children()


def _whole(stream: Stream) -> Whole:
    """Judge everybody anew, as a user does who trusts no delta."""
    report, seconds, processor = _rescreen(stream, "--all")
    return Whole(report["judged"], report["seconds"], seconds, processor)


def _contents(characters: int) -> tuple[list[Content], Lexicon, Lexicon]:
    """Return texts, and two lexicons that differ in some entries: half of them withdrawn, half of them altered."""
    folder = data_folder() / "content"
    texts: list[str] = []
    held = 0
    for name in (
        "clean_hotel",
        "clean_waimai",
        "clean_shopping_odd",
        "clean_c3",
        "clean_thucnews_title_dev",
        "cold_train",
    ):
        for path in sorted(folder.glob(f"{name}*")):
            for line in path.read_text("utf-8").splitlines():
                texts.append(json.loads(line)["text"])
                held += len(texts[-1])
    chance = random.Random(9)
    chance.shuffle(texts)
    while held < characters:
        texts.append(chance.choice(texts) + chance.choice(texts))
        held += len(texts[-1])
    kept, total = [], 0
    for place, text in enumerate(texts):
        if total >= characters:
            break
        kept.append(Content(id=f"c-{place}", account_id="a-1", body=text))
        total += len(text)
    policy = snapshots.read_policy(shipped.shipped_policy())
    old = snapshots.read_lexicon(shipped.shipped_lexicon(), policy)
    changed = chance.sample([entry for entry in old.entries if entry.kind is not Kind.HEADLINE], CHANGED_TERMS)
    gone = {entry.id for entry in changed[: CHANGED_TERMS // 2]}
    altered = {entry.id for entry in changed[CHANGED_TERMS // 2 :]}
    entries = tuple(
        dataclasses.replace(entry, severity=3 if entry.severity != 3 else 2) if entry.id in altered else entry
        for entry in old.entries
        if entry.id not in gone
    )
    return kept, old, Lexicon(entries, old.lists)


def _terms(characters: int) -> dict[str, Any]:
    contents, old, new = _contents(characters)
    policy = snapshots.read_policy(shipped.shipped_policy())
    screener = ContentScreener(ContentMatcher(new, segmenter()), policy, content_versions("p", "l"))
    change = TouchedContents(old, new, segmenter())
    pages = [contents[at : at + 500] for at in range(0, len(contents), 500)]
    screener.screen(pages[0])
    change.touched(pages[0], [()] * len(pages[0]))
    began = time.process_time()
    touched = [
        one
        for page in pages
        for one, is_touched in zip(page, change.touched(page, [()] * len(page)), strict=True)
        if is_touched
    ]
    selected = time.process_time()
    for at in range(0, len(touched), 500):
        screener.screen(touched[at : at + 500])
    judged = time.process_time()
    part = pages[:: max(1, len(pages) // 10)]
    for page in part:
        screener.screen(page)
    everybody = (time.process_time() - judged) * len(contents) / sum(map(len, part))
    return {
        "terms": CHANGED_TERMS,
        "characters": sum(len(one.body or "") for one in contents),
        "texts": len(contents),
        "touched": len(touched),
        "selecting": selected - began,
        "judging": judged - selected,
        "everybody": everybody,
    }


def set_up(folder: pathlib.Path, registrants: int) -> None:
    """Let everybody register in a folder, and make the index over them; what is done already is not done again."""
    done = folder / _DONE
    if not done.exists():
        if (folder / _FLAGS).exists():
            sys.exit(f"{folder}: found what was measured already, or half of a set-up, expected an empty folder")
        flags = flags_for(folder / "data", run__workers=WORKERS)
        (folder / _FLAGS).write_text(json.dumps(flags), encoding="utf-8")
        with Stream(flags) as stream:
            _told("registering", lambda: _prepare(stream, registrants))
        done.touch()
    if not (folder / _INDEXED).exists():
        flags = json.loads((folder / _FLAGS).read_text("utf-8"))
        with Stream(flags) as stream:
            used, began = _processor(), time.monotonic()
            kept = _told("making the index", lambda: stream.installation.registrants.update(lambda _: None))
            size = sum(path.stat().st_size for path in (folder / "data" / "registrants").iterdir())
        figures = {
            "registrants": kept.registrations,
            "index_seconds": time.monotonic() - began,
            "index_processor": _processor() - used,
            "index_megabytes": size / 1e6,
        }
        (folder / _INDEXED).write_text(json.dumps(figures), encoding="utf-8")


def measure(folder: pathlib.Path, days_after: int, characters: int) -> Figures:
    """Measure all of it in a folder that was set up. The updates come into force there, so it is measured once."""
    flags = json.loads((folder / _FLAGS).read_text("utf-8"))
    indexed = json.loads((folder / _INDEXED).read_text("utf-8"))
    (folder / _DONE).unlink()
    with Stream(flags) as stream:
        days = _days()
        update = _told("the large update", lambda: _update(stream, days[1], days[0]))
        further = tuple(
            _told(f"update {day.stem}", lambda day=day, before=before: _update(stream, day, before))
            for before, day in itertools.pairwise(days[1 : 2 + days_after])
        )
        whole = _told("the whole list", lambda: _whole(stream))
    registrants = indexed["registrants"]
    return Figures(
        commit=subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip(),
        machine=f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {WORKERS} shared cores ({platform.machine()}) that"
        f" {os.getloadavg()[0]:.0f} processes wanted, Python {platform.python_version()}",
        **indexed,
        streamed=min(STREAMED, registrants),
        update=update,
        further=further,
        whole=whole,
        **_told("changed terms", lambda: _terms(characters)),
    )


def _told(what: str, act: Any) -> Any:
    began = time.monotonic()
    sys.stderr.write(f"{what} …\n")
    done = act()
    sys.stderr.write(f"  {time.monotonic() - began:.0f} s\n")
    return done


def main() -> None:
    """Measure, and write the page, the figures and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registrants", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=3, help="further updates after the large one")
    parser.add_argument("--characters", type=int, default=10_000_000, help="of stored content")
    parser.add_argument("--into", type=pathlib.Path, default=ROOT / "docs", help="where page, plot and figures go")
    parser.add_argument(
        "--kept",
        type=pathlib.Path,
        metavar="DIR",
        help="where the registrants stand; what was set up there before is used, once (a folder of its own where left"
        " out)",
    )
    parser.add_argument("--set-up", action="store_true", help="only let them register, into --kept, and end")
    parser.add_argument(
        "--page", action="store_true", help="only write the page anew, from the figures that stand there"
    )
    asked = parser.parse_args()
    if asked.page:
        held = msgspec.json.decode((asked.into / FIGURES).read_bytes(), type=Figures)
        rescreen_page.write(held, asked.into)
        return
    if asked.set_up and asked.kept is None:
        parser.error("--set-up: found no --kept, expected the folder where the registrants are to stand")
    with tempfile.TemporaryDirectory() as own:
        folder = asked.kept or pathlib.Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        set_up(folder, asked.registrants)
        if asked.set_up:
            return
        figures = measure(folder, asked.days, asked.characters)
    (asked.into / FIGURES).write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    rescreen_page.write(figures, asked.into)


if __name__ == "__main__":
    main()
