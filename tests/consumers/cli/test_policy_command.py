"""`screening policy`: a policy of one's own, looked at, in force, judged by, and taken back."""

from __future__ import annotations

import pathlib

import pytest
import terminal

LIMIT = "registration.enforce_from"
NEARLY = terminal.LISTED | {"name": "Henrik Ansgar Qorwald"}
"""A listed party's name with another letter, and all that corroborates it."""


@pytest.fixture(scope="module")
def _judged(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("judged"))
    someone.write("list/sdn.csv", terminal.SDN)
    someone.write("list/alt.csv", terminal.ALT)
    assert someone.run("watchlist", "import", "us-ofac-sdn", "list").code == 0
    assert someone.publish("accounts.registered", NEARLY).code == 0
    assert someone.run("run", "--drain").code == 0
    return someone


@pytest.fixture
def judged(_judged, tmp_path):
    """Someone with a registration of a listed party, who was suspended."""
    return terminal.copy_of(_judged, tmp_path / "judged")


def verdict(someone):
    return someone.tail("screening.results")[-1]["value"]["verdict"]


def test_a_policy_is_exported_changed_and_put_in_force(judged):
    """What stands is judged by it, from the evidence on record; and back again by the name of the release's."""
    before = judged.run("policy", "status", "--json").said
    assert before["source"] == "shipped"
    assert verdict(judged) == "enforce"
    assert judged.run("policy", "export", "mine").code == 0
    path = pathlib.Path(judged.folder) / "mine" / "policy.toml"
    text = path.read_text("utf-8")
    limit = next(
        line for line in text.split("[certainty.registration]")[1].split("\n") if line.startswith("enforce_from")
    )
    path.write_text(text.replace(limit, "enforce_from = 0.999"), "utf-8")
    shown = judged.run("policy", "diff", "mine").out
    assert f"-{limit}" in shown
    assert "+enforce_from = 0.999" in shown
    done = judged.run("policy", "activate", "mine", "--reason", "names alone are unsure", "--json").said
    assert (done["state"], done["source"]) == ("activated", "mine")
    now = judged.run("policy", "status", "--json").said
    assert (now["digest"], now["kind"], now["reason"]) == (done["digest"], "policy", "names alone are unsure")
    run = judged.run("rescreen", "run", "--yes", "--json")
    assert run.code == 0, run.err
    assert verdict(judged) == "review"
    back = judged.run("policy", "activate", "shipped", "--json").said
    assert back["digest"] == before["digest"]
    assert judged.run("rescreen", "run", "--yes").code == 0
    assert verdict(judged) == "enforce"


def test_one_limit_is_changed_over_the_policy_in_force(judged):
    """A limit alone makes a version of its own; the same again changes nothing."""
    one = judged.run("policy", "activate", "--threshold", f"{LIMIT}=0.97", "--json").said
    assert one["state"] == "activated"
    assert judged.run("policy", "activate", one["digest"], "--json").said["state"] == "in force already"
    assert "enforce_from = 0.97" in judged.run("policy", "diff", "shipped").out


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ((), 2, "expected a policy, or --threshold"),
        (("nowhere",), 2, "found 'nowhere'"),
        (("--threshold", f"{LIMIT}=much"), 1, "'much'"),
        (("faulty.toml",), 1, "policy.toml"),
        (("fewer",), 1, "category"),
    ],
)
def test_what_is_faulty_is_refused_and_changes_nothing(judged, arguments, code, found):
    """The policy in force stays, whatever is wrong with the new one."""
    judged.write("faulty.toml", "[certainty]\n")
    assert judged.run("policy", "export", "fewer").code == 0
    clauses = pathlib.Path(judged.folder) / "fewer" / "clauses.toml"
    clauses.write_text(clauses.read_text("utf-8").replace('"gambling"', '"gaming"'), "utf-8")
    before = judged.run("policy", "status", "--json").said
    done = judged.run("policy", "activate", *arguments)
    assert done.code == code, done.err
    assert found in done.err
    assert judged.run("policy", "status", "--json").said == before
