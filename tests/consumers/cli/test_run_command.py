"""`screening run`: drained to the end, stopped without harm, and plain about what it waits for."""

from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest
import terminal

CONTENT = {"id": "c-1", "account_id": "a-1", "body": "今天天气很好"}
NOBODY = {"account_id": "a-2", "kind": "person", "name": "Zhang Meili"}


def test_drain_takes_everything_through(installed):
    """Results and orders stand on their topics when the command ends, for contents and for registrations."""
    installed.publish("content.published", CONTENT)
    installed.publish("accounts.registered", NOBODY, terminal.LISTED)
    done = installed.run("run", "--drain")
    assert (done.code, done.out) == (0, "")
    results = {line["value"]["id"]: line["value"] for line in installed.tail("screening.results")}
    assert {name: result["verdict"] for name, result in results.items()} == {
        "c-1": "clear",
        "a-2": "clear",
        "a-listed": "enforce",
    }
    orders = installed.tail("enforcement.accounts")
    assert {line["value"]["type"] for line in orders} == {
        "suspend_service",
        "restrict_purchases",
        "restrict_renewals",
    }
    assert {line["key"] for line in orders} == {"a-listed"}
    (notice,) = installed.tail("enforcement.notices")
    assert notice["value"]["result_id"] == results["a-listed"]["result_id"]


def test_drain_again_does_nothing(installed):
    """A second drain finds nothing to do and orders nothing again."""
    installed.publish("accounts.registered", terminal.LISTED)
    assert installed.run("run", "--drain").code == 0
    before = {topic: installed.tail(topic) for topic in ("screening.results", "enforcement.accounts")}
    assert installed.run("run", "--drain").code == 0
    assert {topic: installed.tail(topic) for topic in before} == before


def test_one_role(fresh):
    """A role that is named runs alone: results, and no orders yet."""
    fresh.publish("content.published", CONTENT)
    assert fresh.run("run", "content", "--drain").code == 0
    assert len(fresh.tail("screening.results")) == 1


def test_registrations_wait_for_a_watchlist(fresh):
    """Without a list registrations stay unread and it says so with exit code 1; the other roles go on.

    Once there is a list they are judged: nothing was lost meanwhile.
    """
    fresh.publish("content.published", CONTENT)
    fresh.publish("accounts.registered", terminal.LISTED)
    done = fresh.run("run", "--drain")
    assert done.code == 1
    assert "watchlist" in done.err
    assert [line["value"]["subject"] for line in fresh.tail("screening.results")] == ["content"]
    fresh.write("sdn.csv", terminal.SDN)
    assert fresh.run("watchlist", "import", "us-ofac-sdn", "sdn.csv").code == 0
    assert fresh.run("run", "--drain").code == 0
    verdicts = {line["value"]["id"]: line["value"]["verdict"] for line in fresh.tail("screening.results")}
    assert verdicts == {"c-1": "clear", "a-listed": "enforce"}


def test_without_registrations_nothing_waits(fresh):
    """Without a list and without registrations a drain is done."""
    assert fresh.run("run", "--drain").code == 0
    fresh.publish("content.published", CONTENT)
    done = fresh.run("run", "--drain")
    assert (done.code, done.err) == (0, "")


def test_an_unknown_role(fresh):
    """A role that does not exist is wrong usage; the fault names those that do, and nothing is made."""
    done = fresh.run("run", "contents", "--drain")
    assert done.code == 2
    assert "'contents'" in done.err or "contents," in done.err
    assert "registrations" in done.err
    assert fresh.files() == {}


@pytest.mark.parametrize("workers", ["0", "many", "-1"])
def test_a_number_of_workers_that_is_none(fresh, workers):
    """`--workers` takes a whole number from 1."""
    assert fresh.run("run", "--drain", "--workers", workers).code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--drain"],
        ["publish", "content.published"],
        ["tail", "content.published"],
        ["check", "content"],
    ],
    ids=" ".join,
)
def test_a_log_out_of_reach(fresh, arguments):
    """A broker that does not answer gives exit code 5, names the address, and prints nothing."""
    done = fresh.run(*arguments, "--log", "kafka://127.0.0.1:1", given=json.dumps(CONTENT))
    assert (done.code, done.out) == (5, "")
    assert "127.0.0.1:1" in done.err


def test_a_store_out_of_reach(fresh):
    """A database that does not answer gives exit code 5, and its password is not told."""
    url = "postgresql+psycopg://screening:s3cret@127.0.0.1:1/screening"
    someone = terminal.Terminal(fresh.folder, {"SCREENING_STORE_URL": url})
    done = someone.run("run", "--drain")
    assert done.code == 5
    assert "s3cret" not in done.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a supervisor's stop"])
@pytest.mark.parametrize("roles", [["content"], []], ids=["one role", "all roles"])
def test_a_stop_leaves_nothing_half_done(installed, number, roles):
    """Stopped in the middle it ends with 0; what was published is judged once, then or by the next run."""
    ids = [f"c-{n}" for n in range(200)]
    installed.publish("content.published", *(CONTENT | {"id": name, "account_id": f"a-{name}"} for name in ids))
    process = installed.start("run", *roles)
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    try:
        while not installed.tail("screening.results"):
            assert process.poll() is None, process.communicate()
            time.sleep(0.2)
        # A terminal sends Ctrl-C to every process of the command, a supervisor its stop to the first alone.
        (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        _, err = process.communicate()
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    assert installed.run("run", "--drain").code == 0
    assert sorted(line["value"]["id"] for line in installed.tail("screening.results")) == sorted(ids)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 2.0])
def test_a_stop_while_it_starts(fresh, seconds):
    """Ctrl-C while the workers start leaves no traceback, and nothing that hinders the next run."""
    process = fresh.start("run")
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    assert json.loads(process.stderr.readline())["event"] == "running"
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate()
    watchdog.cancel()
    assert process.returncode in {0, 130}, err
    assert b"Traceback" not in err
    assert fresh.run("run", "--drain").code == 0
