"""`screening directive`: a pair is cleared, listed, taken back and runs out, and nothing that is not there is said."""

from __future__ import annotations

import json

import pytest
import terminal

PERSON = ("--by", "li.na", "--reason", "another birth place")
PAIR = ("a-listed", "us-ofac-sdn", "101")


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Someone with the listed person registered, screened and suspended; nobody changes anything of it."""
    someone = terminal.with_watchlist(tmp_path_factory.mktemp("standing"))
    someone.publish("accounts.registered", terminal.LISTED)
    drain(someone)
    assert kinds(someone) == ["suspend_service", "restrict_purchases", "restrict_renewals"]
    return someone


@pytest.fixture
def suspended(standing, tmp_path):
    """The same, to be changed."""
    return terminal.copy_of(standing, tmp_path / "suspended")


def drain(someone) -> None:
    assert someone.run("run", "registrations", "enforcement", "--drain").code == 0


def kinds(someone) -> list[str]:
    """Return the types of all orders on accounts so far."""
    return [line["value"]["type"] for line in someone.tail("enforcement.accounts")]


def listed(someone, *arguments: str) -> list[tuple[str, str, str]]:
    lines = someone.run("directive", "list", "--json", *arguments).lines
    return [(line["account_id"], line["pair"], line["state"]) for line in lines]


def test_a_pair_is_cleared_and_taken_back(suspended):
    """Clearing lifts what stood for the pair, the same registration orders nothing again, and undoing orders anew."""
    done = suspended.run("directive", "clear-pair", *PAIR, *PERSON, "--expires-at", "2999-01-01", "--json")
    (said,) = done.lines
    assert (done.code, said["type"], said["target"]) == (0, "clear_pair", "us-ofac-sdn/101")
    assert (said["by"], said["reason"], said["expires_at"]) == ("li.na", PERSON[3], "2999-01-01T00:00:00+00:00")
    drain(suspended)
    assert kinds(suspended)[3:] == ["lift"] * 3
    suspended.publish("accounts.registered", terminal.LISTED | {"phone": "1"})
    drain(suspended)
    assert len(kinds(suspended)) == 6
    assert listed(suspended) == [("a-listed", "us-ofac-sdn/101", "in force")]
    assert suspended.run("directive", "unclear-pair", *PAIR, *PERSON).code == 0
    drain(suspended)
    assert kinds(suspended)[6:] == ["suspend_service", "restrict_purchases", "restrict_renewals"]
    assert listed(suspended) == []
    assert len({line["value"]["action_id"] for line in suspended.tail("enforcement.accounts")}) == 9


def test_a_changed_registration_is_compared_anew(suspended):
    """Another birth date to the day is another comparison: the pair counts again, and the list says so."""
    suspended.run("directive", "clear-pair", *PAIR, *PERSON)
    drain(suspended)
    suspended.publish("accounts.registered", terminal.LISTED | {"aliases": ["Henrik Korvalt"]})
    drain(suspended)
    assert kinds(suspended)[6:] == ["suspend_service", "restrict_purchases", "restrict_renewals"]
    assert listed(suspended, "--account", "a-listed") == [("a-listed", "us-ofac-sdn/101", "changed")]
    assert listed(suspended, "--account", "a-other") == []


def test_what_has_run_out_ends_once(suspended):
    """The clock ends what is over, as often as it is asked, and never what is not."""
    said = {"directive_id": "d-1", "account_id": "a-listed", "type": "clear_pair", "target": "us-ofac-sdn/101"}
    said |= {"by": "li.na", "reason": "for a day", "expires_at": "2999-01-01T00:00:00Z"}
    suspended.publish("screening.results", said)
    drain(suspended)
    assert suspended.run("directive", "expire", "--json").lines == []
    assert kinds(suspended)[3:] == ["lift"] * 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("clear-pair", "a-listed", "us-ofac-sdn", "102", *PERSON), 1, "expected one of: us-ofac-sdn/101"),
        (("clear-pair", "a-nobody", "us-ofac-sdn", "101", *PERSON), 1, "expected one of: none"),
        (("clear-pair", *PAIR, *PERSON, "--expires-at", "2001-01-01"), 2, "in future"),
        (("clear-pair", *PAIR, *PERSON, "--expires-at", "2999-01-01T00:00:00"), 2, "with its zone"),
        (("clear-pair", *PAIR, *PERSON, "--expires-at", "soon"), 2, "found 'soon'"),
        (("clear-pair", *PAIR, "--by", "li.na"), 2, "reason"),
        (("clear-pair", "a-listed", "", "101", *PERSON), 1, "SOURCE/ENTRY"),
        (("clear-pair", *PAIR, "--by", " ", "--reason", "x"), 1, "$.by"),
        (("unclear-pair", *PAIR, *PERSON), 1, "not cleared"),
        (("lift", "a-listed", "no-such-order", *PERSON), 1, "no open order"),
    ],
)
def test_what_is_not_there_is_not_said(standing, arguments, code, told):
    """A slip of the pen is told at once, with what was expected, and nothing is published."""
    done = standing.run("directive", *arguments)
    assert done.code == code
    assert told in done.err
    assert [line for line in standing.tail("screening.results") if "directive_id" in line["value"]] == []


def test_an_order_is_lifted(suspended):
    """The command says what a published directive would say."""
    (first, *_) = (line["value"]["action_id"] for line in suspended.tail("enforcement.accounts"))
    assert suspended.run("directive", "lift", "a-listed", first, *PERSON, "--id", "d-9").code == 0
    drain(suspended)
    (lifted,) = [line["value"] for line in suspended.tail("enforcement.accounts") if line["value"]["type"] == "lift"]
    assert (lifted["reverses"], lifted["directive_id"]) == (first, "d-9")


def test_the_table_of_cleared_pairs(suspended):
    """Piped, the list is a table of what `--json` says."""
    suspended.run("directive", "clear-pair", *PAIR, *PERSON)
    drain(suspended)
    heads, row = suspended.run("directive", "list").rows
    (line,) = suspended.run("directive", "list", "--json").lines
    assert dict(zip(heads, row, strict=True)) == {name: value or "" for name, value in line.items()}
    assert json.loads(json.dumps(line)) == line


def test_nothing_is_made_by_looking(fresh):
    """Where there is no log nothing is cleared, and looking makes none."""
    assert fresh.run("directive", "list", "--json").lines == []
    assert fresh.files() == {}
