"""`screening demo`: a day shown on an empty machine, and nothing of anybody else's touched."""

from __future__ import annotations

import json
import shlex

import pytest
import terminal

HOSTILE = {
    "SCREENING_DATA": "elsewhere",
    "SCREENING_LOG_URL": "kafka://127.0.0.1:1",
    "SCREENING_STORE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    "SCREENING_NO_SUCH_THING": "1",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Someone who ran the demo in an empty folder, and what it did."""
    someone = terminal.Terminal(tmp_path_factory.mktemp("demo"))
    return someone, someone.run("demo")


def orders_of(done):
    """Return (order, account) of each row of the table of orders; what one decision ordered stands in one row."""
    tables = done.out.split("ordered\t")
    assert len(tables) == 2
    rows = [line.split("\t") for line in tables[1].splitlines()[1:]]
    return sorted((order, row[1]) for row in rows for order in row[0].split(", "))


def test_it_works_in_an_empty_folder(shown):
    """On an empty machine it ends well and shows what was found and what was ordered, in plain rows when piped."""
    _, done = shown
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    found = {(row[0], row[1]) for row in done.rows if len(row) == 3}
    assert {
        ("content", "clear"),
        ("content", "enforce"),
        ("registration", "clear"),
        ("registration", "review"),
    } <= found
    assert {"delete_content", "suspend_service"} <= {order for order, _ in orders_of(done)}


def test_what_it_shows_is_on_the_log(shown):
    """The orders of the table are those that stand on the topics."""
    someone, done = shown
    assert orders_of(done) == sorted(
        (line["value"]["type"], line["value"]["account_id"])
        for topic in ("enforcement.content", "enforcement.accounts")
        for line in someone.run("tail", topic, "--from-start", "--data", ".screening-demo").lines
    )


def test_the_next_commands_work(shown):
    """Each of the three commands that it proposes can be run as it stands."""
    someone, done = shown
    proposed = [line.strip() for line in done.err.split("Try next:")[1].splitlines() if line.strip()]
    assert len(proposed) == 3
    for line in proposed:
        piped, _, command = line.rpartition(" | ")
        words = shlex.split(command)
        assert words[0] == "screening"
        given = shlex.split(piped)[1] if piped else ""
        assert someone.run(*words[1:], given=given).code == 0


def test_its_watchlist_is_marked(shown):
    """The list that it loads is called `sample`, so that nobody takes it for a real one."""
    someone, _ = shown
    (rows,) = someone.run("watchlist", "status", "--json", "--data", ".screening-demo").lines
    assert [row["source"] for row in rows] == ["sample"]


def test_it_runs_again_in_its_own_folder(shown):
    """A second demo begins anew in the folder of the first, and shows the same."""
    someone, first = shown
    again = someone.run("demo")
    assert (again.code, again.out) == (0, first.out)


def test_it_ignores_what_a_configuration_names(fresh):
    """Neither a configuration file nor the environment decides where it works, not even faulty ones."""
    fresh.write("screening.toml", 'data = "production"\n[log]\nurl = "kafka://127.0.0.1:1"\ncolour = 1\n')
    done = terminal.Terminal(fresh.folder, HOSTILE).run("demo")
    assert done.code == 0, done.err
    assert {name.split("/")[0] for name in fresh.files()} == {".screening-demo", "screening.toml"}


@pytest.mark.parametrize("arguments", [["demo"], ["demo", "--data", "mine"]], ids=" ".join)
def test_it_refuses_a_folder_with_other_files(fresh, arguments):
    """A folder with something that no demo made is left as it is: exit code 2, and how to choose another."""
    folder = arguments[-1] if len(arguments) > 1 else ".screening-demo"
    fresh.write(f"{folder}/thesis.txt", "years of work")
    done = fresh.run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "--data" in done.err
    assert fresh.files() == {f"{folder}/thesis.txt": b"years of work"}


def test_it_refuses_a_real_installation(fresh):
    """The data directory of an installation is never taken for a demo's own."""
    given = json.dumps({"id": "c-1", "account_id": "a-1", "body": "b"})
    assert fresh.run("publish", "content.published", given=given).code == 0
    before = fresh.files()
    assert fresh.run("demo", "--data", ".screening").code == 2
    assert fresh.files() == before


def test_it_takes_another_folder(fresh):
    """`--data` names the folder that it works in, and the proposed commands name it too."""
    done = fresh.run("demo", "--data", "shown here")
    assert done.code == 0, done.err
    assert {name.split("/")[0] for name in fresh.files()} == {"shown here"}
    line = next(line for line in done.err.splitlines() if "dead-letter" in line)
    assert fresh.run(*shlex.split(line)[1:]).code == 0
