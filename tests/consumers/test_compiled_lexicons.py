"""Compiled lexicons in the data directory: loaded where they can be trusted, made anew where they cannot."""

from __future__ import annotations

import functools
import os
import threading

import pytest
from integration.streams import Stream, flags_for
from lexicontexts import entry, lexicon
from segmenters import segmenter

from consumers import activations, kept_files, lexicons, snapshots
from consumers.compiled_lexicons import KEPT, CompiledLexicons
from consumers.kept_files import maker
from consumers.wiring import Installation
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content

DIGEST = "a" * 64
TEXT = [Content(id="c", account_id="a", body="去赌*博网站，加我")]


@functools.cache
def small():
    return lexicon(entry("word", "赌博", review_near=["警方"]), entry("site", "网站", near=["加我"]))


class Reading:
    """Reads a lexicon from its texts, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self):
        self.times += 1
        return small()


@pytest.fixture
def kept(tmp_path):
    return CompiledLexicons(tmp_path / "compiled")


@pytest.fixture
def told():
    return []


def hits(ready):
    (found,) = ContentMatcher(ready, segmenter()).find(TEXT)
    return [(hit.entry, hit.quote, hit.ceiling) for hit in found]


def test_what_was_compiled_once_is_loaded(kept, told):
    """The second time the texts are not read, and the same is found."""
    reading = Reading()
    first = hits(kept.get(DIGEST, reading, told.append))
    assert [name for name, *_ in first] == ["word", "site"]
    assert hits(kept.get(DIGEST, reading, told.append)) == first
    assert (reading.times, told) == (1, [])


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:100],
        lambda data: data[:-1],
        lambda data: flipped(data, len(data) // 2),
        lambda data: flipped(data, len(data) - 1),
        lambda data: data.replace(DIGEST.encode(), b"b" * 64, 1),
        lambda data: data.replace(maker().encode(), b"0" * 64, 1),
    ],
    ids=["empty", "cut early", "cut late", "changed within", "changed last", "another lexicon", "another maker"],
)
def test_what_cannot_be_trusted_is_made_anew(kept, told, damage):
    """A damaged file, one of another lexicon and one that other code made are told, not used, and replaced."""
    reading = Reading()
    first = hits(kept.get(DIGEST, reading, told.append))
    good = kept.path(DIGEST).read_bytes()
    kept.path(DIGEST).write_bytes(damage(good))
    assert hits(kept.get(DIGEST, reading, told.append)) == first
    assert reading.times == 2
    assert len(told) == 1
    assert "anew" in told[0]
    assert kept.path(DIGEST).read_bytes() == good


def test_another_engine_is_another_maker(monkeypatch):
    """A search engine of another release, or one that came or went, makes files of its own."""
    before = maker.__wrapped__()
    assert maker.__wrapped__() == before == maker()
    monkeypatch.setattr(kept_files, "_release", lambda name: "0.0" if name == "daachorse" else "1.0")
    assert maker.__wrapped__() != before


def test_who_only_looks_writes_nothing(tmp_path, kept, told):
    """A command that writes nothing compiles where there is no file, loads where there is one, and leaves no trace."""
    looking = CompiledLexicons(tmp_path / "compiled", read_only=True)
    reading = Reading()
    first = hits(looking.get(DIGEST, reading, told.append))
    assert list(tmp_path.iterdir()) == []
    kept.get(DIGEST, reading, told.append)
    os.utime(kept.path(DIGEST), (1, 1))
    assert hits(looking.get(DIGEST, reading, told.append)) == first
    assert (reading.times, kept.path(DIGEST).stat().st_mtime, told) == (2, 1, [])


def test_a_folder_that_cannot_be_written_costs_no_judgement(tmp_path, told):
    """Where nothing can be kept, each start compiles and says so."""
    (tmp_path / "compiled").write_text("in the way")
    kept = CompiledLexicons(tmp_path / "compiled")
    reading = Reading()
    for _ in range(2):
        assert len(hits(kept.get(DIGEST, reading, told.append))) == 2
    assert reading.times == 2
    assert sum("not kept" in line for line in told) == 2


def test_files_used_longest_ago_go(kept, told):
    """A few files stay, also one that is old but was used of late; what a killed process left goes with the others."""
    ready = kept.get(DIGEST, small, told.append)
    left = kept.path(DIGEST).with_name("left.lexicon.1.part")
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    others = [f"{number:064x}" for number in range(KEPT)]
    for number, name in enumerate(others):
        kept.keep(name, ready, told.append)
        os.utime(kept.path(name), (number + 2, number + 2))
    assert not left.exists()
    os.utime(kept.path(DIGEST), (1, 1))
    kept.get(DIGEST, small, told.append)
    kept.keep("f" * 64, ready, told.append)
    there = {path.name for path in kept.path(DIGEST).parent.glob("*.lexicon")}
    assert there == {kept.path(name).name for name in (DIGEST, *others[2:], "f" * 64)}
    assert told == []


def test_workers_that_start_together_compile_once(tmp_path):
    """One of several compiles; the others wait for it and load what it made."""
    reading, begin, found = Reading(), threading.Barrier(4), []

    def work():
        kept = CompiledLexicons(tmp_path / "compiled")
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


def test_an_activated_lexicon_is_there_for_the_workers(tmp_path, monkeypatch):
    """Activating keeps the compiled form first; a worker that meets the marker loads it and reads no texts."""
    head = "severity = 2\nsource = 'test'\nreason = 'test'\nadded = 2026-01-01\nreview_by = 2199-01-01"
    files = {"gambling.toml": f"[[list]]\nid = 'own'\n{head}\nterms = '''\n甲子词\n乙丑语\n'''\n"}
    with Stream(flags_for(tmp_path)) as stream:
        installation = stream.installation
        judged = lexicons.judging(installation)
        read = snapshots.read_lexicon(files, lexicons.policy_of(judged))
        ready = lexicons.check(read, lexicons.now().date())
        version = snapshots.lexicon_version(files, "own", 2)
        assert lexicons.activate(installation, judged, version, ready) is not None
        assert installation.compiled.path(version.digest).is_file()
        monkeypatch.setattr(snapshots, "read_lexicon", None)
        with Installation(installation.settings) as worker:
            current = activations.latest(worker.log)
            (result,) = worker.screeners.content(current).screen([Content(id="c", account_id="a", body="有甲子词。")])
    assert [(hit.term, hit.start) for hit in result.hits] == [("甲子词", 1)]
    assert result.versions.lexicon == version.digest
