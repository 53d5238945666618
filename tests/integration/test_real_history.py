"""Real updates of a list, one after the other: the state after all deltas is that of judging everybody by the last."""

from __future__ import annotations

import json
import random
from collections import Counter

from datafolder import data_folder
from integration.streams import Stream, flags_for

from consumers import topics
from consumers.log.port import Outgoing
from consumers.rejudging import target_of
from consumers.rescreening import Pass, catch_up
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import PartyKind

DAYS = ("2021-08-18", "2022-02-23", "2022-03-21")
OF_EACH = 12


def days():
    folder = data_folder() / "sanctions" / "lists" / "ofac_history"
    return [folder / f"sdn_{day}.csv" for day in DAYS]


def parties(path):
    return {one.entry: one for one in ofac_csv.parse({"sdn.csv": path.read_bytes()}).parties}


def near(chance, name):
    """Return a name as somebody else may write it: as it is, in another order, or with a slip."""
    match chance.randrange(3):
        case 0:
            return name
        case 1:
            return " ".join(reversed(name.replace(",", "").split()))
        case _:
            at = chance.randrange(len(name))
            return name[:at] + name[at + 1 :] or name


def registrations(held):
    """Register parties that come, go and stay, rightly or nearly, and people made of parts of their names."""
    chance = random.Random(4)
    first, last = held[0], held[-1]
    seen = {entry: party for day in held for entry, party in day.items()}
    groups = (
        sorted(last.keys() - first.keys()),
        sorted(first.keys() - last.keys()),
        sorted(first.keys() & last.keys()),
    )
    chosen = [seen[entry] for group in groups for entry in chance.sample(group, OF_EACH)]
    words = [word for party in seen.values() for word in party.names[0].text.replace(",", "").split()]
    people = []
    for place, party in enumerate(chosen):
        fields = {
            "account_id": f"near-{place:03}",
            "kind": "person" if party.kind is PartyKind.PERSON else "organization",
            "name": near(chance, party.names[0].text),
        }
        if party.births and chance.random() < 0.7:
            fields["birth_date"] = party.births[0].first
        people.append(fields)
    for place in range(OF_EACH):
        name = f"{chance.choice(words)} {chance.choice(words)}"
        people.append({"account_id": f"made-{place:03}", "kind": "person", "name": name})
    chance.shuffle(people)
    return [Outgoing(topics.ACCOUNTS, one["account_id"].encode(), json.dumps(one).encode()) for one in people]


def standing(stream):
    orders = {}
    for record in stream.records(topics.ORDERS_ACCOUNTS):
        value = json.loads(record.value)
        if value["reverses"] is None:
            orders[value["action_id"]] = (value["account_id"], value["type"])
        else:
            orders.pop(value["reverses"])
    return Counter(orders.values())


def judged(stream):
    """Return the newest judgement of each account: verdict, grounds and hits."""
    newest = {}
    for value in stream.results():
        rank = (value["input"]["offset"], value["activation"])
        if value["account_id"] not in newest or newest[value["account_id"]][0] <= rank:
            newest[value["account_id"]] = (rank, value["verdict"], value["grounds"], value["hits"])
    return {account: held[1:] for account, held in newest.items()}


def test_real_updates_one_after_the_other_lead_where_the_last_alone_leads(tmp_path):
    """Registrations arrive between the updates; verdicts, grounds, hits and orders are those of the last list alone."""
    people = registrations([parties(day) for day in days()])
    share = -(-len(people) // len(DAYS))
    with Stream(flags_for(tmp_path / "by-change")) as by_change:
        for place, day in enumerate(days()):
            by_change.activate_list("us-ofac-sdn", day)
            by_change.publish(people[place * share : (place + 1) * share])
            catch_up(by_change.installation, ("registrations", "records"))
            target = target_of(by_change.installation, "registration")
            one = Pass(by_change.installation, "registration", target, whole=False, by="a test")
            one.plan(lambda _: None)
            one.run(one.known().progress, lambda _: None)
            catch_up(by_change.installation, ("enforcement", "records"))
        kept, left = judged(by_change), standing(by_change)
    with Stream(flags_for(tmp_path / "at-once")) as at_once:
        at_once.activate_list("us-ofac-sdn", days()[-1])
        at_once.publish(people)
        at_once.drain()
        fresh = judged(at_once)
        assert kept.keys() == fresh.keys()
        for account, value in fresh.items():
            assert kept[account] == value, account
        assert left == standing(at_once)
        assert left
