"""`screening dead-letter`: what could not be read can be found, with its bytes and the reason."""

from __future__ import annotations

import base64

import pytest

BROKEN = b'{"account_id": "a-1", "body": "\xff"}'


@pytest.fixture
def spoiled(fresh):
    """Someone whose content topic holds a record in broken UTF-8 and one without an id, both screened."""
    fresh.run("publish", "content.published", "--raw", given=BROKEN + b'\n{"account_id": "a-1", "body": "b"}\n')
    assert fresh.run("run", "content", "--drain").code == 0
    return fresh


def test_list(spoiled):
    """Each dead letter is named with where it stood, the role that could not read it, and why."""
    letters = spoiled.run("dead-letter", "list", "--json").lines
    assert len(letters) == 2
    stood = {(letter["topic"], letter["partition"], letter["offset"]) for letter in letters}
    assert stood == {(line["topic"], line["partition"], line["offset"]) for line in spoiled.tail("content.published")}
    assert {letter["role"] for letter in letters} == {"content"}
    assert all("found" in letter["error"] and "expected" in letter["error"] for letter in letters)


def test_the_table(spoiled):
    """The table has the same letters, with the id that `show` takes."""
    heads, *rows = spoiled.run("dead-letter", "list").rows
    named = [dict(zip(heads, row, strict=True))["id"] for row in rows]
    assert named == [letter["id"] for letter in spoiled.run("dead-letter", "list", "--json").lines]


def test_show(spoiled):
    """One dead letter is shown whole: the bytes as they came, and the reason."""
    letters = spoiled.run("dead-letter", "list", "--json").lines
    shown = [line for letter in letters for line in spoiled.run("dead-letter", "show", letter["id"]).lines]
    assert [line["error"] for line in shown] == [letter["error"] for letter in letters]
    held = [line["record"] for line in shown if "value_base64" in line["record"]]
    assert [base64.b64decode(record["value_base64"]) for record in held] == [BROKEN]


@pytest.mark.parametrize(("name", "code"), [("seventeen", 2), ("1", 2), ("0:999", 1), ("99:0", 1)])
def test_an_id_that_names_nothing(spoiled, name, code):
    """What is no id is wrong usage; an id that names no dead letter is a failure; both are told."""
    done = spoiled.run("dead-letter", "show", name)
    assert (done.code, done.out) == (code, "")
    assert name in done.err


def test_none(fresh):
    """Where there is no log there are no dead letters, and none is made."""
    assert fresh.run("dead-letter", "list", "--json").lines == []
    assert fresh.run("dead-letter", "show", "0:0").code == 1
    assert fresh.files() == {}
