"""`screening watchlist diff`, `activate`, `rollback`, and what a person may let pass: the life of a list."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest
import terminal
from datafolder import ROOT

LISTS = ROOT / "tests" / "cases" / "lists"
SOURCE = "us-ofac-sdn"


def rows(*numbers: int, remarks: str = '"DOB 1970."') -> str:
    return "".join(
        f'{number},"PARTY NUMBER{number}","individual","TEST",' + "-0- ," * 7 + f"{remarks}\n" for number in numbers
    )


@pytest.fixture(scope="module")
def _lived(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("lived"))
    someone.write("one.csv", rows(*range(1, 101)))
    someone.write(
        "two.csv", rows(1, remarks='"DOB 1970; a remark."') + rows(2, remarks='"DOB 1971."') + rows(*range(3, 100), 101)
    )
    someone.write("few.csv", rows(*range(1, 11)))
    for name in ("one.csv", "two.csv"):
        done = someone.run("watchlist", "import", SOURCE, name, "--json")
        assert done.code == 0, done.err
    return someone


@pytest.fixture
def lived(_lived, tmp_path):
    """Someone who imported one.csv, then two.csv: one entry added, two changed, one removed."""
    return terminal.copy_of(_lived, tmp_path / "lived")


def state(someone, *options: str):
    (found,) = someone.run("watchlist", "status", "--json", *options).lines
    return found


def test_an_import_tells_what_changed(lived):
    """Added, changed, removed, and how many of the changes matter for matching."""
    lived.write("three.csv", rows(*range(1, 100)) + rows(102, 103))
    (done,) = lived.run("watchlist", "import", SOURCE, "three.csv", "--hold", "--json").lines
    assert done["change"] == {"added": 2, "changed": 2, "mattering": 1, "removed": 1}


def test_diff_names_every_change(lived):
    """By source, by what was before, and by digest; words alone do not matter."""
    (found,) = lived.run("watchlist", "diff", f"{SOURCE}~1", SOURCE, "--json").lines
    assert [one["entry"] for one in found["added"]] == ["101"]
    assert [one["entry"] for one in found["removed"]] == ["100"]
    assert [(one["entry"], one["matters"]) for one in found["changed"]] == [("1", False), ("2", True)]
    done = lived.run("watchlist", "diff", found["old"][:8], found["new"])
    assert done.rows[0] == ["change", "entry", "name", "fields", "matters"]
    assert len(done.rows) == 5
    assert "1 added, 2 changed (1 matter for matching), 1 removed" in done.err


def test_status_tells_age_and_since_when(lived):
    """Each version in force with its age and the activation that put it there; `--all` shows the others too."""
    (row,) = state(lived)
    assert (row["state"], row["age_days"], row["from"]) == ("in force", 0, "two.csv")
    assert row["in_force_since"] > row["imported_at"][:10]
    both = state(lived, "--all")
    assert sorted(one["state"] for one in both) == ["in force", "kept"]


def test_rollback_and_back(lived):
    """Going back puts the version before in force, with who did it; there is nothing before the first."""
    (second,) = state(lived)
    (done,) = lived.run("watchlist", "rollback", SOURCE, "--by", "Ada", "--json").lines
    assert (done["state"], done["change"]["added"]) == ("activated", 1)
    (first,) = state(lived)
    assert (first["digest"], first["activated_by"]) == (done["digest"], "Ada")
    again = lived.run("watchlist", "rollback", SOURCE)
    assert again.code == 1
    assert "no version before" in again.err
    assert lived.run("watchlist", "activate", second["digest"][:10]).code == 0
    assert state(lived)[0]["digest"] == second["digest"]


def test_lists_that_a_lost_ledger_kept_are_imported_again(lived):
    """Where the ledger is gone each list in force can be imported again, though the others are still missing."""
    lived.write("other.csv", rows(*range(1, 101)))
    assert lived.run("watchlist", "import", "us-ofac-cons", "other.csv").code == 0
    with sqlite3.connect(lived.data / "store.sqlite") as connection:
        connection.execute("DELETE FROM versions WHERE kind = 'watchlist'")
    connection.close()
    first = lived.run("watchlist", "import", SOURCE, "one.csv", "--json")
    assert (first.code, first.lines[0]["state"]) == (0, "activated"), first.err
    assert "us-ofac-cons: found nothing of it in the ledger" in first.err
    assert lived.run("watchlist", "import", "us-ofac-cons", "other.csv").code == 0
    lived.write("one.jsonl", '{"account_id": "a", "kind": "person", "name": "Number7 Party"}\n')
    assert lived.run("check", "registrations", "one.jsonl").code == 0


def test_a_held_version_is_activated_within_the_bounds(lived):
    """What was held is checked against what is in force when it is activated, not when it was imported."""
    lived.write("more.csv", rows(*range(1, 140)))
    (held,) = lived.run("watchlist", "import", SOURCE, "more.csv", "--hold", "--json").lines
    assert held["state"] == "held"
    assert lived.run("watchlist", "activate", held["digest"]).code == 0
    back = lived.run("watchlist", "activate", state(lived, "--all")[-1]["digest"])
    assert back.code == 1
    assert "found 100 where the version in force has 139" in back.err


def test_a_person_may_let_a_shrunken_list_pass(lived):
    """With a reason it passes, and who and why stand in the version, the activation and the status."""
    assert lived.run("watchlist", "import", SOURCE, "few.csv").code == 1
    given = ("--override", "the publisher said so", "--by", "Ada")
    (done,) = lived.run("watchlist", "import", SOURCE, "few.csv", *given, "--json").lines
    assert (done["override"]["by"], done["override"]["reason"]) == ("Ada", "the publisher said so")
    assert "found 10 where the version in force has 100" in done["override"]["beyond"][0]
    (row,) = state(lived)
    assert (row["activated_by"], row["entries"]) == ("Ada", 10)
    assert "the publisher said so" in row["activated_because"]
    assert lived.tail("screening.activations")[-1]["value"]["by"] == "Ada"


def test_nobody_lets_an_empty_list_pass(lived):
    """An empty list is never one of nobody, whoever says so; an override without a reason is wrong usage."""
    lived.write("empty.csv", "")
    assert lived.run("watchlist", "import", SOURCE, "empty.csv", "--override", "they are all delisted").code == 1
    assert lived.run("watchlist", "import", SOURCE, "few.csv", "--override", " ").code == 2
    assert state(lived)[0]["entries"] == 100


def test_own_bounds(lived):
    """An operator's file of bounds is over the release's; a faulty one is told, and nothing is imported."""
    lived.write("bounds.toml", f"[{SOURCE}]\nentries_lost = 0.95\nparts_lost = 0.95\n[ftm]\nfewest = 3\n")
    lived.write("screening.toml", '[watchlist]\nbounds = "bounds.toml"\n')
    assert lived.run("watchlist", "import", SOURCE, "few.csv").code == 0
    done = lived.run("watchlist", "import", "ftm", str(LISTS / "targets.simple.csv"))
    assert done.code == 1
    assert "found 2, expected at least 3" in done.err
    lived.write("bounds.toml", f"[{SOURCE}]\nentries_lot = 0.95\n")
    faulty = lived.run("watchlist", "import", SOURCE, "one.csv")
    assert faulty.code == 1
    assert f"bounds.toml: {SOURCE}" in faulty.err


def test_a_first_import_of_few_is_warned_of(fresh):
    """Where nothing is in force a small list passes, with a word about its size."""
    fresh.write("few.csv", rows(1, 2))
    done = fresh.run("watchlist", "import", SOURCE, "few.csv")
    assert done.code == 0
    assert "warning: us-ofac-sdn: 2 entries, usually at least 4500" in done.err


def test_own_lists_stand_side_by_side(fresh):
    """A table with a mapping is a list of one's own, under a name of its own; without a mapping it is refused."""
    table, mapping = str(LISTS / "own.csv"), str(LISTS / "own.toml")
    assert fresh.run("watchlist", "import", "csv:resellers", table).code == 2
    assert fresh.run("watchlist", "import", "un-sc", str(LISTS / "un.xml"), "--mapping", mapping).code == 2
    for source in ("csv:resellers", "csv:partners"):
        assert fresh.run("watchlist", "import", source, table, "--mapping", mapping).code == 0
    assert [row["source"] for row in state(fresh)] == ["csv:partners", "csv:resellers"]
    for source in ("csv:Not This", "un-sc:mine"):
        assert fresh.run("watchlist", "import", source, table, "--mapping", mapping).code == 2
    shared = state(fresh, "--shared")
    assert [row["shared"] for row in shared] == [1, 1]


def test_a_checksum_is_held_to(fresh):
    """A file of another checksum is refused, and the message says which it has."""
    data = (LISTS / "un.xml").read_bytes()
    right = hashlib.sha256(data).hexdigest()
    wrong = fresh.run("watchlist", "import", "un-sc", str(LISTS / "un.xml"), "--sha256", "0" * 64)
    assert wrong.code == 1
    assert right in wrong.err
    assert fresh.run("watchlist", "import", "un-sc", str(LISTS / "un.xml"), "--sha256", right.upper()).code == 0
    assert fresh.run("watchlist", "import", SOURCE, str(LISTS), "--sha256", right).code == 2


def test_an_address_that_is_not_allowed_is_wrong_usage(fresh):
    """No host is allowed by default, and no setting allows one inside."""
    done = fresh.run("watchlist", "import", "un-sc", "https://lists.example.org/un.xml?key=secret")
    assert done.code == 2
    assert "watchlist.hosts" in done.err
    assert "secret" not in done.err
    fresh.write("screening.toml", '[watchlist]\nhosts = "localhost"\n')
    inside = fresh.run("watchlist", "import", "un-sc", "https://localhost/un.xml")
    assert inside.code == 1
    assert "expected public addresses only" in inside.err


def test_a_name_of_no_version_is_told(lived):
    """A digest that nobody has, a source that is not in force, and a beginning that several have."""
    for name in ("ffffffffffff", "un-sc", "un-sc~1", "zz"):
        done = lived.run("watchlist", "diff", name, SOURCE)
        assert done.code == 2
        assert f"{name}: found no version" in done.err


def test_territories_are_no_list_of_parties(fresh):
    """With territories alone nobody was compared with a list; beside one they lead to review, and to no more."""
    assert fresh.run("watchlist", "import", "territories", str(LISTS / "territories.toml")).code == 0
    given = '{"account_id": "a-1", "kind": "person", "name": "Ada Stint", "country": "QU"}'
    assert fresh.run("check", "registrations", given=given).code == 2
    assert fresh.run("watchlist", "import", "un-sc", str(LISTS / "un.xml")).code == 0
    (result,) = fresh.run("check", "registrations", given=given).lines
    assert (result["verdict"], [ground["category"] for ground in result["grounds"]]) == (
        "review",
        ["embargoed-territory"],
    )
    assert [(hit["source"], hit["entry"]) for hit in result["hits"]] == [("territories", "quell")]
