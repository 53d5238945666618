"""Files, folders and archives: unpacked as they are read, and never beyond the limits."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from consumers.faults import Exit, Refused
from consumers.list_files import Limits, open_files

ROWS = b"".join(b"%d,row number %d\n" % (number, number * 7919) for number in range(40_000))
TIGHT = Limits(most_bytes=4_000_000, most_ratio=10, most_files=3)


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return held.getvalue()


def contents(path, limits=TIGHT):
    return {document.name: document.whole() for document in open_files(path, limits).documents}


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, lambda data: zipped(list__csv=data)])
def test_the_same_bytes_come_out(tmp_path, pack):
    """A file reads the same plain, as .gz and as .zip, whatever its name says, and may be read more than once."""
    path = tmp_path / "list.csv"
    path.write_bytes(pack(ROWS))
    (document,) = open_files(path, TIGHT).documents
    assert (document.name, document.whole(), document.whole()) == ("list.csv", ROWS, ROWS)


def test_a_folder_is_its_files(tmp_path):
    """Files in the order of their names, hidden ones and folders apart, each with its checksum."""
    for name in ("b.csv", "a.csv", ".hidden"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "more").mkdir()
    held = open_files(tmp_path, TIGHT)
    assert [document.name for document in held.documents] == ["a.csv", "b.csv"]
    assert held.checksums.keys() == {"a.csv", "b.csv"}


def test_hidden_members_are_passed_over(tmp_path):
    """What a packing program adds is no list, and folders within an archive do not matter."""
    path = tmp_path / "list.zip"
    path.write_bytes(zipped(**{"ofac/sdn__csv": b"1", "__MACOSX/x__csv": b"2", "__DS_Store": b"3"}))
    assert contents(path) == {"sdn.csv": b"1"}


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(bomb__xml=data)], ids=["gz", "zip"])
def test_bombs_are_refused(tmp_path, pack):
    """An archive that unpacks to far more than it is is refused while it is read, before more of it comes out."""
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"\0" * 40_000_000))
    with pytest.raises(Refused, match="unpacks to more than 10 times"):
        contents(path, Limits(most_bytes=1 << 30, most_ratio=10))
    with pytest.raises(Refused, match="bytes"):
        contents(path, Limits(most_bytes=1_000_000, most_ratio=100_000))


def test_a_lying_header_gains_nothing(tmp_path):
    """A zip whose directory says that a member is small gives no more than it says, and is damaged."""
    data = bytearray(zipped(list__csv=b"x" * 3_000_000))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path = tmp_path / "lying.zip"
    path.write_bytes(bytes(data))
    with pytest.raises(Refused, match="damaged"):
        contents(path)


def test_too_many_files_are_refused(tmp_path):
    """A folder or an archive with more files than any list has is another folder than was meant."""
    path = tmp_path / "many.zip"
    path.write_bytes(zipped(**{f"{number}__csv": b"x" for number in range(9)}))
    with pytest.raises(Refused, match="found 9 files, expected at most 3"):
        contents(path)


@pytest.mark.parametrize("share", [0.2, 0.9])
@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(list__csv=data)], ids=["gz", "zip"])
def test_a_cut_archive_is_refused(tmp_path, pack, share):
    """An archive that ends too early gives nothing that could be taken for a list."""
    data = pack(ROWS)
    path = tmp_path / "cut"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Refused, match="damaged"):
        contents(path)


def test_a_spreadsheet_is_told(tmp_path):
    """An office document is an archive and no list; the message says what to do."""
    path = tmp_path / "uk.ods"
    path.write_bytes(zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content__xml=b"<x/>"))
    with pytest.raises(Refused, match="save it as CSV"):
        contents(path)


def test_an_archive_in_an_archive_is_not_opened(tmp_path):
    """What is inside comes out as it is, which no format recognises."""
    path = tmp_path / "outer.gz"
    path.write_bytes(gzip.compress(zipped(list__csv=b"x")))
    assert contents(path)["outer"].startswith(b"PK")


def test_what_is_not_there_is_told(tmp_path):
    """A missing path is wrong usage; an empty folder is a list of nobody, and refused."""
    with pytest.raises(Refused, match="absent") as caught:
        open_files(tmp_path / "absent", TIGHT)
    assert caught.value.code is Exit.USAGE
    with pytest.raises(Refused, match="an empty folder"):
        open_files(tmp_path, TIGHT)
