"""The role `archive`: each record once, by day, and nothing of a subject that ended."""

from __future__ import annotations

import datetime as dt

import pytest
from fakes import Watcher
from streams import activation, content, drained, open_stream, registration

from consumers.activations import activate
from consumers.archive import ArchiveRole
from consumers.archive_files import ROWS, ArchiveFiles, Row, put, read
from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import LedgerUnreachable
from consumers.log.port import Fatal, Outgoing
from consumers.log.sqlite_session import SqliteSession

COLUMNS = ("account_id", "id", "ended", "record")


@pytest.fixture
def log(tmp_path):
    opened = open_stream(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def ledger(tmp_path):
    opened = SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def role(log, ledger, archive):
    return ArchiveRole(archive, ledger, epoch=log.epoch(), tell=Watcher())


def held(folder, *columns):
    """Return the rows of a kind, in the order of places."""
    rows = read(folder).to_pylist()
    rows.sort(key=lambda row: (row["partition"], row["offset"]))
    return [tuple(row[name] for name in columns or COLUMNS) for row in rows]


def files(archive):
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*.parquet")}


def test_every_record_is_archived_once(log, role, archive):
    """As it was published, with its place, under its day, over several runs; no markers, nothing unreadable."""
    activate(log, lambda _: activation())
    broken = Outgoing("content.published", b"a-1", b"{")
    log.append([content("c-1"), content("c-2", account_id="a-2"), broken, registration("a-1")])
    drained(log, role, most=2)
    log.append([content("c-1", "new"), registration("a-2")])
    drained(log, role)
    contents = {row[1:] for row in held(archive / "content")}
    sent = [content("c-1"), content("c-1", "new"), content("c-2", account_id="a-2")]
    assert contents == {(name, False, one.value) for name, one in zip(("c-1", "c-1", "c-2"), sent, strict=True)}
    assert {row[0] for row in held(archive / "registration")} == {"a-1", "a-2"}
    today = {path.parent.name for path in archive.rglob("*.parquet")}
    written = {f"day={row[0]:%Y-%m-%d}" for row in held(archive / "content", "timestamp")}
    assert written <= today
    before = files(archive)
    drained(log, role)
    assert files(archive) == before


def test_a_subject_that_ended_is_taken_out_of_every_day(tmp_path):
    """Of all its records only that it ended is left; others and other partitions stay as they are."""
    archive = ArchiveFiles(tmp_path)
    day = 86_400_000

    def row(offset, name, *, ended=False, partition=0):
        value = None if ended else name.encode()
        return Row("a-1", name, partition, offset, offset * day, ended=ended, record=value)

    put(archive.prepare(0, 0, [row(0, "kept"), row(1, "gone"), row(2, "gone"), row(3, "kept")], {}))
    put(archive.prepare(1, 0, [row(0, "gone", partition=1)], {}))
    put(archive.prepare(0, 4, [row(4, "gone"), row(5, "gone", ended=True), row(6, "gone")], {("a-1", "gone"): 5}))
    assert held(tmp_path, "partition", "offset", "id", "ended", "record") == [
        (0, 0, "kept", False, b"kept"),
        (0, 3, "kept", False, b"kept"),
        (0, 5, "gone", True, None),
        (0, 6, "gone", False, b"gone"),
        (1, 0, "gone", False, b"gone"),
    ]
    assert not list(tmp_path.rglob("*.part"))
    assert sorted(path.parent.name for path in tmp_path.rglob("p00000-*.parquet")) == [
        "day=1970-01-01", "day=1970-01-04", "day=1970-01-06", "day=1970-01-07",
    ]  # fmt: skip


def test_an_erasure_leaves_no_byte_of_a_registration(log, role, archive):
    """Whether it came in the same batch or long before."""
    log.append([registration("a-1", "QORVALD"), registration("a-2", "Bystander")])
    drained(log, role)
    assert any(b"QORVALD" in data for data in _plain(archive))
    log.append([registration("a-1", "QORVALDA"), registration("a-1", None)])
    drained(log, role)
    assert not any(b"QORVALD" in data for data in _plain(archive))
    assert {row[0]: row[2] for row in held(archive / "registration")} == {"a-1": True, "a-2": False}


def _plain(archive):
    return [row[3] or b"" for row in held(archive / "registration")]


def test_a_file_grows_until_it_is_full(tmp_path):
    """Few large files, named by their first offset, whatever the batches are."""
    archive = ArchiveFiles(tmp_path)
    for start in range(0, ROWS + 2_500, 2_500):
        rows = [Row("a", str(offset), 3, offset, 0, ended=False, record=b"x") for offset in range(start, start + 2_500)]
        put(archive.prepare(3, start, rows, {}))
    assert sorted(path.name for path in tmp_path.rglob("*.parquet")) == [
        f"p00003-{0:020}.parquet", f"p00003-{ROWS:020}.parquet",
    ]  # fmt: skip
    assert [row[0] for row in held(tmp_path, "offset")] == list(range(ROWS + 2_500))


@pytest.mark.parametrize("where", ["before the files are put", "before the ledger knows", "before the log knows"])
def test_a_crash_anywhere_archives_each_record_once(log, role, ledger, archive, monkeypatch, where):
    """What a crash left is written again in the same place, in whatever batches the records come then."""
    log.append([content(f"c-{number}", account_id=f"a-{number}") for number in range(30)])
    with monkeypatch.context() as patch:
        if where == "before the files are put":
            patch.setattr("consumers.archive.put", _killed)
        elif where == "before the ledger knows":
            patch.setattr("consumers.ledger.applying.SqlApplying.advance", _killed)
        else:
            patch.setattr(SqliteSession, "_commit", _killed)
        with pytest.raises(LedgerUnreachable):
            drained(log, role, most=20)
    again = ArchiveRole(archive, ledger, epoch=log.epoch(), tell=Watcher())
    drained(log, again, most=7)
    assert sorted(row[1] for row in held(archive / "content")) == sorted(f"c-{number}" for number in range(30))
    assert not list(archive.rglob("*.part"))


def _killed(*_arguments, **_named):
    raise LedgerUnreachable("killed here")


def test_the_archive_of_another_log_is_refused(log, role, ledger, archive, tmp_path):
    """Its offsets mean nothing here; a copied log goes on with it, for its ledger moved along."""
    log.append([content("c-1")])
    drained(log, role)
    (tmp_path / "anew").mkdir()
    other = open_stream(tmp_path / "anew")
    other.append([content("c-1")])
    with pytest.raises(Fatal, match="archive of another log"):
        drained(other, ArchiveRole(archive, ledger, epoch=other.epoch(), tell=Watcher()))
    other.close()
    moved = ArchiveRole(archive, ledger, epoch="another", tell=Watcher())
    ledger.move(log.epoch(), "another")
    log.append([content("c-2")])
    drained(log, moved)
    assert len(held(archive / "content")) == 2


def test_a_time_that_no_calendar_has_is_archived_all_the_same(tmp_path):
    """Producers' clocks say anything."""
    archive = ArchiveFiles(tmp_path)
    rows = [Row("a", "b", 0, 0, time, ended=False, record=b"x") for time in (-(2**40), 2**62, -1)]
    put(archive.prepare(0, 0, rows, {}))
    assert read(tmp_path).num_rows == 3
    assert dt.date(1969, 12, 31).isoformat() in {path.parent.name[4:] for path in tmp_path.rglob("*.parquet")}
