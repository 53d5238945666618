"""The index over registrants as files: whoever stands is in it, and what cannot be trusted is made anew."""

from __future__ import annotations

import fcntl
import json
import zlib

import numpy as np
import pytest
from integration.streams import Stream, flags_for
from looped import searching

from consumers import registrant_files, topics
from consumers.log.port import Outgoing
from screening.watchlist import compiled
from screening.watchlist.news import NewName
from screening.watchlist.packing import pack
from screening.watchlist.roll import Postings

OLGA = (NewName("PETROVIC, Olga", person=True),)
EVERYBODY = tuple(NewName(f"Given{chr(97 + n)}ina Family{chr(97 + n)}esko", person=True) for n in range(26))


def registered(account, name, **more):
    fields = {"account_id": account, "kind": "person", "name": name, **more}
    return Outgoing(topics.ACCOUNTS, account.encode(), json.dumps(fields).encode())


def crowd(start, end):
    return [registered(f"a-{n:02}", EVERYBODY[n].text) for n in range(start, end)]


@pytest.fixture
def stream(tmp_path, monkeypatch):
    monkeypatch.setattr("consumers.registrant_files.MOST", 8)
    with Stream(flags_for(tmp_path / "data")) as opened:
        yield opened


def arrive(stream, records):
    stream.publish(records)
    stream.drain(("records",))


def update(stream, **how):
    return stream.installation.registrants.update(lambda _: None, **how)


def found(stream, names=EVERYBODY, identifiers=()):
    return stream.installation.registrants.concerned(names, identifiers)


def files(stream):
    return sorted((stream.installation.settings.data / "registrants").glob("*.registrants"))


def test_who_comes_is_added_and_nothing_is_read_twice(stream):
    """New registrations go into further files; small ones are made into one; full ones are left as they are."""
    assert update(stream).registrations == 0
    assert found(stream) == set()
    arrive(stream, crowd(0, 18))
    assert update(stream).added == 18
    first = [path.stat().st_mtime_ns for path in files(stream)[:2]]
    assert update(stream).added == 0
    arrive(stream, crowd(18, 20))
    arrive(stream, crowd(20, 26))
    assert update(stream).registrations == 26
    assert [path.stat().st_mtime_ns for path in files(stream)[:2]] == first
    assert found(stream) == {f"a-{n:02}" for n in range(26)}


def test_affiliates_identifiers_and_later_registrations_are_found(stream):
    """Whoever has an affiliate of that name, bears the number, or registered anew under the name is found."""
    arrive(stream, [registered("a-1", "Somebody Else", affiliates=[{"kind": "person", "name": "Olga Petrovic"}])])
    arrive(stream, [registered("a-2", "Another One", identifiers=[{"type": "passport", "value": "AB 123456"}])])
    arrive(stream, [registered("a-3", "Anna Maier")])
    update(stream)
    assert found(stream, OLGA) == {"a-1"}
    assert found(stream, (), ("AB123456",)) == {"a-2"}
    arrive(stream, [registered("a-3", "Olga Petrovic")])
    update(stream)
    assert found(stream, OLGA) == {"a-1", "a-3"}


def test_a_long_index_is_kept_with_its_loops_named_and_not_held(stream, monkeypatch):
    """What was made where loops are compiled is found again there, and where nothing compiles them too."""
    monkeypatch.setattr(stream.installation.registrants, "_workers", 1)
    arrive(stream, crowd(0, 20))
    with searching(by_loops=True):
        assert update(stream).added == 20
        assert found(stream) == {f"a-{n:02}" for n in range(20)}
    monkeypatch.setattr(compiled, "_loops", lambda: None)
    assert found(stream) == {f"a-{n:02}" for n in range(20)}


@pytest.mark.parametrize("harm", ["gone", "cut", "altered", "other code"])
def test_a_file_that_cannot_be_trusted_is_made_anew(stream, harm):
    """A file that is missing, cut, altered or of other code costs the time to make it again, and finds the same."""
    arrive(stream, crowd(0, 26))
    update(stream)
    path = files(stream)[1]
    data = path.read_bytes()
    head, _, rest = data.partition(b"\n")
    match harm:
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(data[:-20])
        case "altered":
            path.write_bytes(head + b"\n" + rest[:-30] + b"0" * 30)
        case _:
            path.write_bytes(head.replace(registrant_files.maker().encode(), b"0" * 64) + b"\n" + rest)
    if harm not in ("cut", "altered"):
        assert update(stream).added == 18
    assert found(stream) == {f"a-{n:02}" for n in range(26)}


@pytest.mark.parametrize("other", [b"", b"\x00" * 64, b"".join(pack(Postings(*[np.zeros(0, np.int32)] * 3, 0)))])
def test_only_an_index_is_loaded(stream, other):
    """A file whose checksum is right and that holds something else is made anew."""
    arrive(stream, crowd(0, 3))
    update(stream)
    (path,) = files(stream)
    head = json.loads(path.read_bytes().partition(b"\n")[0])
    head["checksum"] = zlib.crc32(other)
    line = json.dumps(head).encode()
    path.write_bytes(line + b" " * (-(len(line) + 1) % 64) + b"\n" + other)
    assert found(stream) == {"a-00", "a-01", "a-02"}


def test_nobody_makes_files_while_they_are_searched(stream, monkeypatch):
    """A search holds the lock: what is made into one file meanwhile could be missed in both."""
    arrive(stream, crowd(0, 3))
    update(stream)
    searched = registrant_files._search

    def watched(path, *wanted):
        with (path.parent / "lock").open("ab") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return searched(path, *wanted)

    monkeypatch.setattr(registrant_files, "_search", watched)
    assert found(stream) == {"a-00", "a-01", "a-02"}


def test_all_of_it_can_be_made_anew(stream):
    """`--rebuild` reads everybody again, and leaves out who was erased."""
    arrive(stream, crowd(0, 12))
    update(stream)
    arrive(stream, [Outgoing(topics.ACCOUNTS, b"a-03", None)])
    assert "a-03" in found(stream)
    assert update(stream, rebuild=True).registrations == 11
    assert "a-03" not in found(stream)


def test_several_processes_make_and_search_as_one(tmp_path, monkeypatch):
    """Two processes make files in which the same are found."""
    monkeypatch.setattr("consumers.registrant_files.MOST", 8)
    with Stream(flags_for(tmp_path / "data", run__workers=2)) as stream:
        arrive(stream, crowd(0, 26))
        assert update(stream).files >= 3
        assert found(stream) == {f"a-{n:02}" for n in range(26)}
