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


def test_filters(spoiled):
    """Each filter leaves what it names, and the newest stay where a number is given."""
    letters = spoiled.run("dead-letter", "list", "--json").lines
    broken = [letter["id"] for letter in letters if "0xff" in letter["error"]]

    def ids(*words):
        done = spoiled.run("dead-letter", "list", "--json", *words)
        assert done.code == 0, done.err
        return [letter["id"] for letter in done.lines]

    assert ids("--error", "0xff") == broken
    assert ids("--role", "content") == ids("--topic", "content.published") == ids("--since", "24h") == ids()
    assert ids("--role", "enforcement") == ids("--topic", "accounts.registered") == []
    assert ids("--since", "2999-01-01T00:00:00Z") == []
    assert ids("--limit", "1") == ids()[-1:]
    assert spoiled.run("dead-letter", "list", "--since", "yesterday").code == 2


def test_replay_mended(spoiled):
    """A mended letter is judged as a new event; the letter is decided then, and a second replay is refused."""
    [letter] = spoiled.run("dead-letter", "list", "--json", "--error", "0xff").lines
    mended = b'{\n  "id": "c-1",\n  "account_id": "a-1",\n  "body": "mended"\n}\n'
    done = spoiled.run("dead-letter", "replay", letter["id"], "--file", "-", "--by", "p-7", given=mended)
    assert done.code == 0, done.err
    assert spoiled.run("run", "content", "--drain").code == 0
    assert [line["value"]["id"] for line in spoiled.tail("screening.results")] == ["c-1"]
    assert letter["id"] not in [
        line["id"] for line in spoiled.run("dead-letter", "list", "--undecided", "--json").lines
    ]
    shown = spoiled.run("dead-letter", "show", letter["id"]).lines[0]
    assert (shown["state"], shown["decision"]["by"], shown["decision"]["mended"]) == ("replayed", "p-7", True)
    again = spoiled.run("dead-letter", "replay", letter["id"], "--file", "-", given=mended)
    assert again.code == 1
    assert "decided already" in again.out


def test_replay_all_tells_what_still_cannot_be_read(spoiled):
    """Of all letters those that cannot be read even now are told with the reason, and stay undecided."""
    done = spoiled.run("dead-letter", "replay", "--all", "--json")
    assert done.code == 1
    assert {line["outcome"] for line in done.lines} == {"refused"}
    assert all("expected" in line["why"] for line in done.lines)
    assert len(spoiled.run("dead-letter", "list", "--undecided", "--json").lines) == 2


def test_discard(spoiled):
    """A reason is needed, and is kept with who gave it."""
    letters = spoiled.run("dead-letter", "list", "--json").lines
    assert spoiled.run("dead-letter", "discard", letters[0]["id"]).code == 2
    done = spoiled.run("dead-letter", "discard", "--all", "--reason", "sent by a test", "--by", "p-7")
    assert done.code == 0, done.err
    decided = [line["decision"] for line in spoiled.run("dead-letter", "list", "--json").lines]
    assert [(one["decision"], one["reason"], one["by"]) for one in decided] == [
        ("discarded", "sent by a test", "p-7")
    ] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay"], "--all"),
        (["replay", "0:0", "--all"], "--all"),
        (["replay", "0:0", "--role", "content"], "filters"),
        (["replay", "--all", "--file", "x"], "--file"),
        (["replay", "0:0", "0:1", "--file", "x"], "--file"),
        (["replay", "x"], "PARTITION:OFFSET"),
        (["discard", "0:0", "--reason", " "], "--reason"),
        (["discard", "0:0", "--reason", "r", "--by", ""], "--by"),
    ],
)
def test_wrong_usage(spoiled, words, said):
    """What cannot be meant is told before anything is done."""
    done = spoiled.run("dead-letter", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_mended_value_that_cannot_be_read_is_refused(spoiled):
    """The fault is told with its place, and the letter stays undecided."""
    [letter] = spoiled.run("dead-letter", "list", "--json", "--error", "0xff").lines
    mended = spoiled.write("mended.json", b'{"account_id": "a-1", "body": 7}')
    done = spoiled.run("dead-letter", "replay", letter["id"], "--file", mended)
    assert done.code == 1
    assert "$" in done.err
    assert len(spoiled.run("dead-letter", "list", "--undecided", "--json").lines) == 2


def test_a_bad_burst_stops_a_role_until_it_is_let_through(fresh):
    """More bad records in a row than the limit stop the role with nothing committed; for one run it can be raised."""
    fresh.run("publish", "content.published", "--raw", given=b"".join(b"bad %d\n" % n for n in range(12)))
    stopped = fresh.run("run", "content", "--drain", "--dead-letters-in-a-row", "5")
    assert stopped.code == 1
    assert "found 6 records in a row that cannot be read" in stopped.err
    assert "--dead-letters-in-a-row 50" in stopped.err
    assert fresh.tail("screening.dead-letter") == []
    assert fresh.run("run", "content", "--drain", "--dead-letters-in-a-row", "50").code == 0
    assert len(fresh.tail("screening.dead-letter")) == 12
