"""`screening rescreen`: planned before it acts, told as table and as JSON, refused where it makes no sense."""

from __future__ import annotations

import json
import sqlite3

import pytest
import terminal

from consumers.cli import rescreen as command
from consumers.happenings import Aborted, Committed

HEAD = '"individual","TESTPROG",' + "-0- ," * 7
BEFORE = "".join(f'{n},"PARTY{n}ESKO, Given{n}ina",{HEAD}"DOB 0{n} Jan 1971."\n' for n in range(1, 10)) + "\x1a\n"
AFTER = BEFORE.replace("PARTY3ESKO, Given3ina", "OTHERNAME, Somebody").replace("3,", "33,", 1)
PEOPLE = "".join(
    json.dumps({"account_id": f"a-{n}", "kind": "person", "name": name, "birth_date": f"1971-01-0{n}"}) + "\n"
    for n, name in ((3, "Given3ina Party3esko"), (4, "Given4ina Party4esko"), (5, "Somebody Else"))
)


@pytest.fixture(scope="module")
def _updated(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("updated"))
    someone.write("before/sdn.csv", BEFORE)
    someone.write("after/sdn.csv", AFTER)
    assert someone.run("watchlist", "import", "us-ofac-sdn", "before").code == 0
    assert someone.run("publish", "accounts.registered", "-", given=PEOPLE).code == 0
    assert someone.run("run", "--drain").code == 0
    assert someone.run("watchlist", "import", "us-ofac-sdn", "after").code == 0
    return someone


@pytest.fixture
def updated(_updated, tmp_path):
    """Someone whose list changed after three registrations were judged."""
    return terminal.copy_of(_updated, tmp_path / "updated")


def test_plan_says_what_a_run_would_do_and_orders_nothing(updated):
    """A plan counts who would be released, names the entry, and leaves every topic as it was."""
    before = len(updated.tail("screening.results"))
    done = updated.run("rescreen", "plan", "--subject", "registration", "--json")
    assert done.code == 0, done.err
    ((report,),) = done.lines
    assert (report["looked_at"], report["judged"], report["released"], report["affected"]) == (1, 1, 1, 0)
    assert report["because"] == {"released": {"us-ofac-sdn/3": 1}}
    assert [sample["account_id"] for sample in report["samples"]] == ["a-3"]
    assert len(updated.tail("screening.results")) == before


def test_run_orders_and_a_second_run_orders_nothing(updated):
    """A run lets the roles catch up, lifts what no longer stands, and has nothing to do the second time."""
    assert updated.run("rescreen", "run").code == 0
    accounts = [record["value"] for record in updated.tail("enforcement.accounts")]
    lifted = {value["account_id"] for value in accounts if value["reverses"]}
    assert lifted == {"a-3"}
    again = updated.run("rescreen", "run")
    assert again.code == 0
    assert "done under activation" in again.err
    assert len(updated.tail("enforcement.accounts")) == len(accounts)


def test_above_the_limit_a_person_confirms(updated):
    """Where the policy wants a word that it is meant, nothing is sent without it, and who gave it is kept."""
    # The limit in force is the shipped one, so the forecast is made large enough by hand.
    assert updated.run("rescreen", "plan", "--subject", "registration").code == 0
    _forecast(updated, 1000)
    refused = updated.run("rescreen", "run", "--subject", "registration")
    assert refused.code == 1
    assert "1001 subjects" in refused.err
    assert "--yes" in refused.err
    assert not any(record["value"]["reverses"] for record in updated.tail("enforcement.accounts"))
    assert updated.run("rescreen", "run", "--subject", "registration", "--yes", "--by", "officer").code == 0
    (row,) = (
        one
        for one in updated.run("rescreen", "status", "--json").lines[0]["rescreenings"]
        if one["subject"] == "registration"
    )
    assert (row["state"], row["confirmed_by"], row["looked_at"]) == ("done", "officer", 1)


def test_a_run_over_everybody_does_not_go_on_where_one_by_the_change_was_stopped(updated):
    """What a run by the change had passed over it had not looked at: `--all` begins anew."""
    assert updated.run("rescreen", "plan", "--subject", "registration").code == 0
    _progress(updated, "stopped", after=["b", "b"])
    done = updated.run("rescreen", "run", "--subject", "registration", "--all", "--json")
    assert done.code == 0, done.err
    ((report,),) = done.lines
    assert (report["state"], report["looked_at"]) == ("done", 3)


def test_status_tells_what_waits(updated):
    """Before anything was judged anew, status says so; before there is a log, it is empty."""
    said = updated.run("rescreen", "status", "--json").lines[0]
    assert said["rescreenings"] == []
    assert {one["subject"] for one in said["open"]} == {"registration", "content"}
    shown = updated.run("rescreen", "status")
    assert shown.rows[0][0] == "subject"
    assert "registration: nothing has been judged anew" in shown.err


def test_nothing_anywhere(fresh):
    """In an empty folder status is empty and makes nothing."""
    said = fresh.run("rescreen", "status", "--json")
    assert (said.code, said.lines) == (0, [{"rescreenings": [], "open": [], "roles": []}])
    assert fresh.files() == {}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--subject", "people"), 2, "expected one of registration, content"),
        (("--activation", "99"), 1, "found 99, expected one that is in force"),
    ],
)
def test_what_makes_no_sense_is_refused(updated, arguments, code, said):
    """An unknown kind, and an activation that is not in force, are refused with what was expected."""
    done = updated.run("rescreen", "plan", *arguments)
    assert done.code == code
    assert said in done.err


def test_a_role_that_catches_up_here_is_told(monkeypatch, capsys):
    """Where nobody runs a role, how many records it has read by now is said, and nothing of what else happens."""
    monkeypatch.setattr(command, "_SAY_SECONDS", 0.0)
    works = command._Works()
    works(Aborted("records", "again"))
    assert capsys.readouterr().err == ""
    for _ in range(2):
        works(Committed("records", (("screening.results", 3), ("accounts.registered", 4)), (), 0.0, 0.1, 0.1))
    said = capsys.readouterr().err.splitlines()
    assert said == [f"records: nobody runs it, so it catches up here; {n} records read" for n in (7, 14)]


def _forecast(someone, affected):
    _progress(someone, "planned", forecast={"judged": 1, "affected": affected, "released": 1})


def _progress(someone, state, **fields):
    with sqlite3.connect(someone.data / "store.sqlite") as connection:
        ((progress,),) = connection.execute("SELECT progress FROM rescreenings")
        told = json.dumps(json.loads(progress) | fields).encode()
        connection.execute("UPDATE rescreenings SET state = ?, progress = ?", (state, told))
