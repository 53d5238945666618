"""A real update of a list, by the commands: ordered against whoever came, lifted for whoever went, and no more."""

from __future__ import annotations

import json

import pytest
import terminal
from datafolder import data_folder

from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import PartyKind

FIRST, SECOND = "sdn_2021-08-18.csv", "sdn_2022-02-23.csv"


def folder():
    return data_folder() / "sanctions" / "lists" / "ofac_history"


def parties(day):
    parsed = ofac_csv.parse({"sdn.csv": (folder() / day).read_bytes()})
    return {party.entry: party for party in parsed.parties}


def registration(account, party):
    """Register as a listed person, with the birth date that the list gives."""
    return {
        "account_id": account,
        "kind": "person",
        "name": party.names[0].text,
        "birth_date": party.births[0].first,
    }


def somebody(held, other):
    """Return a person who is on one list and not on the other, neither under another entry, born on a day it tells."""
    names = {party.names[0].text for party in other.values()}
    return next(
        party
        for entry, party in sorted(held.items())
        if entry not in other
        and party.names[0].text not in names
        and party.kind is PartyKind.PERSON
        and party.births
        and party.births[0].first == party.births[0].last
    )


@pytest.fixture
def someone(tmp_path):
    return terminal.Terminal(tmp_path)


def accounts(someone):
    return [record["value"] for record in someone.tail("enforcement.accounts")]


def test_half_a_year_of_the_real_list(someone):
    """Whoever was added is ordered against and whoever was removed is released, once; a second run orders nothing."""
    before, after = parties(FIRST), parties(SECOND)
    people = [registration("a-came", somebody(after, before)), registration("a-went", somebody(before, after))]
    someone.write("people.jsonl", "".join(json.dumps(one) + "\n" for one in people))
    for day, name in ((FIRST, "first"), (SECOND, "second")):
        someone.write(f"{name}/sdn.csv", (folder() / day).read_text(encoding="utf-8"))
    assert someone.run("watchlist", "import", "us-ofac-sdn", "first").code == 0
    assert someone.run("publish", "accounts.registered", "people.jsonl").code == 0
    assert someone.run("run", "--drain").code == 0
    assert {order["account_id"] for order in accounts(someone)} == {"a-went"}
    assert someone.run("watchlist", "import", "us-ofac-sdn", "second").code == 0
    done = someone.run("rescreen", "run")
    assert done.code == 0, done.err
    ordered = accounts(someone)
    standing = {order["action_id"]: order["account_id"] for order in ordered if not order["reverses"]}
    lifted = {standing.pop(order["reverses"]) for order in ordered if order["reverses"]}
    assert lifted == {"a-went"}
    assert set(standing.values()) == {"a-came"}
    for again in (["rescreen", "run"], ["rescreen", "run", "--all"]):
        assert someone.run(*again).code == 0
        assert accounts(someone) == ordered
