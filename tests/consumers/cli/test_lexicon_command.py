"""`screening lexicon`: the examples of entries are tests, and what is in force can be seen."""

from __future__ import annotations

ENTRY = """\
schema = 1
category = "gambling"

"""


def test_the_shipped_examples_hold(fresh):
    """Every entry that comes with the release hits what it must and misses what it must not."""
    done = fresh.run("lexicon", "test")
    assert (done.code, done.err) == (0, "")
    heads, cells = done.rows
    counts = dict(zip(heads, map(int, cells), strict=True))
    assert counts["entries"] > 0
    assert counts["must hit"] >= counts["entries"]
    assert counts["failed"] == 0
    assert fresh.files() == {}


def test_status_before_anything_is_active(fresh):
    """The shipped lexicon serves, and that it is not activated is said; no log is made."""
    (said,) = fresh.run("lexicon", "status", "--json").lines
    assert (said["source"], said["active"], said["activation"]) == ("shipped", False, None)
    assert sum(said["categories"].values()) == said["entries"]
    assert fresh.files() == {}


def test_status_of_what_is_in_force(installed):
    """An activated lexicon is named with its digest and activation, the same that stands on results."""
    (said,) = installed.run("lexicon", "status", "--json").lines
    assert said["active"] is True
    assert said["activation"] is not None
    (result,) = installed.run("check", "content", given='{"id": "c", "account_id": "a", "body": "b"}').lines
    assert result["versions"]["lexicon"] == said["digest"]
    rows = installed.run("lexicon", "status").rows
    assert {name: int(count) for name, count in rows[1:]} == said["categories"]


def test_a_folder_without_lexicons(fresh):
    """A folder that holds no lexicon is wrong usage, told by its name."""
    (fresh.folder / "words").mkdir()
    for path in ("words", "absent"):
        done = fresh.run("lexicon", "test", path)
        assert done.code == 2
        assert path in done.err
