"""Sanctions lists that a data directory keeps ready: mapped where they can be trusted, made anew where they cannot."""

from __future__ import annotations

import os
import threading

import pytest
from integration.streams import Stream, flags_for

from consumers import activations, snapshots, trials, watchlists
from consumers.compiled_lists import KEPT, CompiledLists
from consumers.kept_files import maker
from consumers.wiring import Installation
from screening.subjects import Registrant
from screening.watchlist.parties import ListedName, ListedParty, ParsedList, PartyKind, counts_of

DIGEST = "a" * 64
PARTIES = tuple(
    ListedParty(entry=entry, kind=PartyKind.PERSON, names=(ListedName(text=name),))
    for entry, name in (("1", "ZAHRUDI, Karam"), ("2", "QUELL, Osric"))
)
ASKED = [Registrant(account_id="a", kind="person", name="Karam Zahroudi")]


class Reading:
    """Reads lists, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"made-up": PARTIES}


@pytest.fixture
def kept(tmp_path):
    return CompiledLists(tmp_path / "compiled")


@pytest.fixture
def told():
    return []


def hits(ready):
    (found,) = ready.names.find(ASKED)
    return [(hit.entry, hit.listed_name, hit.score) for hit in found]


def test_what_was_made_once_is_loaded(kept, told):
    """The second time the parties are not read, and the same is found."""
    reading = Reading()
    first = hits(kept.get(DIGEST, reading, told.append))
    assert [entry for entry, *_ in first] == ["1"]
    assert hits(kept.get(DIGEST, reading, told.append)) == first
    assert (reading.times, told) == (1, [])


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:100],
        lambda data: data[:300],
        lambda data: data[:-1],
        lambda data: flipped(data, len(data) // 2),
        lambda data: data.replace(DIGEST.encode(), b"b" * 64, 1),
        lambda data: data.replace(maker().encode(), b"0" * 64, 1),
        lambda data: data.replace(b"screening lists 1", b"screening lists 0", 1),
    ],
    ids=["empty", "no line", "no lists", "cut late", "changed", "other lists", "another maker", "another form"],
)
def test_what_cannot_be_trusted_is_made_anew(kept, told, damage):
    """A damaged file, one of other lists and one that other code made are told, not used, and replaced."""
    reading = Reading()
    first = hits(kept.get(DIGEST, reading, told.append))
    good = kept.path(DIGEST).read_bytes()
    kept.path(DIGEST).unlink()
    kept.path(DIGEST).write_bytes(damage(good))
    assert hits(kept.get(DIGEST, reading, told.append)) == first
    assert reading.times == 2
    assert len(told) == 1
    assert "anew" in told[0]
    assert kept.path(DIGEST).read_bytes() == good


def test_a_full_disk_costs_no_judgement(kept, told):
    """Where there is no room the lists are searched as they were made, and nothing half written stays."""
    part = kept.path(DIGEST).with_name(f"{DIGEST}.lists.{os.getpid()}.part")
    part.parent.mkdir()
    part.symlink_to("/dev/full")
    reading = Reading()
    assert [entry for entry, *_ in hits(kept.get(DIGEST, reading, told.append))] == ["1"]
    assert len(told) == 1
    assert "not kept" in told[0]
    assert [path.name for path in part.parent.iterdir()] == ["lists.lock"]


def test_a_folder_that_cannot_be_written_costs_no_judgement(tmp_path, told):
    """Where nothing can be kept, each start makes the lists ready and says so."""
    (tmp_path / "compiled").write_text("in the way")
    kept = CompiledLists(tmp_path / "compiled")
    reading = Reading()
    for _ in range(2):
        assert len(hits(kept.get(DIGEST, reading, told.append))) == 1
    assert reading.times == 2
    assert sum("not kept" in line for line in told) == 2


def test_who_only_looks_writes_nothing(tmp_path, kept, told):
    """A command that writes nothing makes lists ready or maps the file that is there, and leaves no trace."""
    looking = kept.looking()
    reading = Reading()
    first = hits(looking.get(DIGEST, reading, told.append))
    assert list(tmp_path.iterdir()) == []
    kept.get(DIGEST, reading, told.append)
    os.utime(kept.path(DIGEST), (1, 1))
    assert hits(looking.get(DIGEST, reading, told.append)) == first
    assert (reading.times, kept.path(DIGEST).stat().st_mtime, told) == (2, 1, [])


def test_files_used_longest_ago_go_and_who_has_them_open_goes_on(kept, told):
    """Lists that nobody used of late are removed; a worker that still judges by them is not disturbed."""
    first = kept.get(DIGEST, Reading(), told.append)
    os.utime(kept.path(DIGEST), (1, 1))
    others = [f"{number:064x}" for number in range(KEPT)]
    for name in others:
        kept.get(name, Reading(), told.append)
    assert {path.stem for path in kept.path(DIGEST).parent.glob("*.lists")} == set(others)
    assert [entry for entry, *_ in hits(first)] == ["1"]
    assert told == []


def test_workers_that_start_together_make_lists_ready_once(tmp_path):
    """One of several makes them ready; the others wait for it and map what it made."""
    reading, begin, found = Reading(), threading.Barrier(4), []

    def work():
        kept = CompiledLists(tmp_path / "compiled")
        begin.wait()
        found.append(hits(kept.get(DIGEST, reading, lambda _: None)))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert reading.times == 1
    assert len(found) == 4
    assert all(one == found[0] for one in found)


def test_an_activated_list_is_there_for_the_workers(tmp_path, monkeypatch):
    """Importing keeps the lists ready first; a worker that meets the marker maps them and reads no parties."""
    with Stream(flags_for(tmp_path)) as stream:
        installation, told = stream.installation, []
        parsed = ParsedList(parties=PARTIES, counts=counts_of(PARTIES))
        origin = watchlists.Origin("made-up", {})
        done = watchlists.import_list(installation, "csv:own", parsed, origin, tell=told.append)
        assert done.activation is not None
        assert told == ["csv:own: making 2 entries ready to be searched"]
        monkeypatch.setattr(snapshots, "parties_of", None)
        with Installation(installation.settings) as worker:
            current = activations.latest(worker.log)
            (result,) = worker.screeners.registrations(current, told.append).screen(ASKED)
            assert worker.compiled_lists.path(str(result.versions.watchlist)).is_file()
            assert trials.screeners_of(worker, ()).registrations(current, told.append).screen(ASKED) == [result]
    assert [(hit.source, hit.entry) for hit in result.hits] == [("csv:own", "1")]
    assert len(told) == 1
