"""One recorded day gives the same orders on every log, with any number of workers, however its inputs interleave."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict

import pytest
from datafolder import data_folder
from integration.recorded_day import CATEGORIES, KIND, LISTS, SOURCE, merged, recorded_day
from integration.streams import Stream, difference, flags_for, order_of, outcome_of, running

from consumers import topics

KINDS = {
    # texts, by what of the lexicon they are written after
    "gambling": (150, "enforce"),
    "insult-defamation": (120, "enforce"),
    "economic-fraud": (120, "enforce"),
    "cults-superstition": (50, "review"),
    "national-security": (40, "review"),
    "written with symbols": (70, "enforce"),
    "near miss": (150, "at most review"),
    "ordinary text": (280, "at most review"),
    "picture alone": (30, "review"),
    "picture beside text": (30, "at most review"),
    "archive beside text": (15, "review"),
    # the life of a content
    "to be changed": (150, "enforce"),
    "edited to something clean": (30, "at most review"),
    "edited to something grave": (30, "enforce"),
    "edited to something else grave": (30, "enforce"),
    "the same text again": (60, "enforce"),
    "deletion": (66, "ended"),
    "back after deletion": (30, "enforce"),
    "to be spoken of": (24, "enforce"),
    "edited after noon": (12, "at most review"),
    "the same text after noon": (18, "enforce"),
    # registrations
    "ordinary person": (100, "at most review"),
    "ordinary company": (60, "at most review"),
    "listed person": (100, "enforce"),
    "listed person, name altered": (70, "enforce"),
    "listed person, name alone": (50, "review"),
    "listed company": (40, "enforce"),
    "listed company, name altered": (40, "enforce"),
    "listed company, name alone": (50, "review"),
    "owned by a listed company": (40, "enforce"),
    "led by a listed person": (40, "enforce"),
    "owned by two listed companies": (6, "enforce"),
    "a tenth owned by a listed company": (6, "review"),
    "owned through another company": (8, "enforce"),
    "name that cannot be compared": (10, "review"),
    # the life of a registration
    "registration to be changed": (120, "enforce"),
    "the same registration again": (80, "enforce"),
    "edited: another address": (60, "enforce"),
    "edited: another name": (20, "at most review"),
    "erasure": (60, "ended"),
    "registered after erasure": (20, "enforce"),
    "registration to be cleared": (12, "enforce"),
    "the same registration, cleared": (12, "enforce"),
    "edited beside what was cleared": (12, "enforce"),
    # parties that only one of the two lists has
    "not listed yet": (40, "at most review"),
    "listed since noon": (60, "enforce"),
    "listed until noon": (24, "enforce"),
    "not listed any more": (36, "at most review"),
    # what people and the clock say at noon
    "directive: lift": (32, "said"),
    "directive: expire": (26, "said"),
    "directive: clear_pair": (12, "said"),
    "directive: unclear_pair": (4, "said"),
    "directive again": (6, "said"),
    "directive without a target": (6, "dead letter"),
    "directive that cannot be read": (4, "dead letter"),
    # records that cannot be read
    "bad: broken UTF-8": (8, "dead letter"),
    "bad: lone surrogate": (8, "dead letter"),
    "bad: wrong type": (8, "dead letter"),
    "bad: missing fields": (8, "dead letter"),
    "bad: truncated": (8, "dead letter"),
    "bad: wrong key": (8, "dead letter"),
    "bad: no key": (4, "dead letter"),
    "bad: null content": (4, "dead letter"),
    "bad: not an object": (4, "dead letter"),
    "bad: empty": (4, "dead letter"),
    "bad: too deep": (4, "dead letter"),
    "bad: unknown format": (4, "dead letter"),
    "bad: bad date": (4, "dead letter"),
    "bad: bad country": (4, "dead letter"),
    "bad: erasure under a broken key": (4, "dead letter"),
}
"""Kind → how many events of it the day has, and the strongest thing that comes of them."""

RANKS = ("clear", "review", "enforce")
UNDOINGS = ("lift", "restore_content")

LISTS_FOLDER = "sanctions/lists/ofac_history"


@pytest.fixture(scope="module")
def lists():
    """The folder of the real list's days."""
    return data_folder() / LISTS_FOLDER


@pytest.fixture(scope="module")
def day(lists):
    """The day's events."""
    return recorded_day(lists)


def outgoing(events):
    return [event.outgoing for event in events]


def live_through(stream, lists, morning, noon, afternoon):
    """Let a stream live through the day; each part is a function that publishes it and waits until all is done."""
    stream.activate_list(SOURCE, lists / LISTS[0])
    morning()
    noon()
    stream.activate_list(SOURCE, lists / LISTS[1])
    afternoon()


def drained(stream, events):
    """Return a part of the day that is published at once and then worked off by one worker a role."""

    def part():
        stream.publish(outgoing(events))
        stream.drain()

    return part


@pytest.fixture(scope="module")
def one_worker(day, lists, tmp_path_factory):
    """The day on the embedded log with one worker, and what came of it."""
    with Stream(flags_for(tmp_path_factory.mktemp("day"), run__poll_seconds=0.05)) as stream:
        live_through(stream, lists, *(drained(stream, part) for part in (day.morning, day.noon, day.afternoon)))
        yield stream, outcome_of(stream)


def assert_same(outcome, one_worker):
    """Fail with what differs, where anything does."""
    expected = one_worker[1]
    for name in ("orders", "dead_letters", "results"):
        found = difference(getattr(expected, name), getattr(outcome, name))
        assert getattr(outcome, name) == getattr(expected, name), f"{name}, - as on the embedded log, + here:\n{found}"


def test_the_day_holds_what_its_table_says(day):
    """The table of kinds is what the day is made of, of at least 2,000 events, among them every category."""
    assert Counter(event.kind for event in day.events) == {kind: number for kind, (number, _) in KINDS.items()}
    assert len(day.events) >= 2000
    assert set(CATEGORIES) <= set(KINDS)


def test_the_day_is_the_same_each_time(day, lists):
    """The same seed gives the same bytes in the same order."""
    assert recorded_day(lists) == day


def test_each_kind_comes_to_what_the_table_says(one_worker):
    """The strongest conclusion on the events of each kind is the one that the table names."""
    stream, _ = one_worker
    kinds = {place_of(record): record.header(KIND).decode() for record in stream.inputs()}
    found = defaultdict(set)
    for result in stream.results():
        found[kinds[placed(result)]].add("ended" if result["ended"] else result["verdict"])
    for record in stream.records(topics.DEAD_LETTER):
        found[record.header(KIND).decode()].add("dead letter")
    wrong = {kind: said for kind, (_, comes) in KINDS.items() if not agrees(comes, said := found[kind])}
    assert wrong == {}


def agrees(comes, found):
    """Say whether what was found of a kind is what the table says comes of it."""
    strongest = next((rank for rank in reversed(RANKS) if rank in found), None)
    match comes:
        case "said":
            return not found
        case "ended" | "dead letter":
            return found == {comes}
        case "at most review":
            return found and found <= {"clear", "review"}
        case _:
            return strongest == comes and found <= set(RANKS)


def test_each_record_gives_one_result_or_one_dead_letter(one_worker, day):
    """Nothing published is passed over or judged twice; a dead letter holds the key and value as they were sent."""
    stream, _ = one_worker
    judged = Counter(placed(result) for result in stream.results())
    letters = list(stream.records(topics.DEAD_LETTER))
    refused = Counter(place_of_letter(letter) for letter in letters)
    results = {place: count for place, count in refused.items() if place[0] == topics.RESULTS}
    assert judged + refused == Counter(place_of(record) for record in stream.inputs()) + Counter(results)
    assert not judged & refused
    dead = {kind for kind, (_, comes) in KINDS.items() if comes == "dead letter"}
    sent = Counter((event.kind, event.topic, event.key, event.value) for event in day.events if event.kind in dead)
    held = Counter(
        (one.header(KIND).decode(), one.header("dead-letter-topic").decode(), one.key, one.value) for one in letters
    )
    assert held == sent


def test_nothing_unscreened_is_called_clear(one_worker):
    """A content without a readable word, and a registrant whose name cannot be compared, are never clear."""
    stream, _ = one_worker
    inputs = {place_of(record): record.value for record in stream.inputs()}
    seen = Counter()
    for result in stream.results():
        value = json.loads(inputs[placed(result)] or b"{}")
        held = [f"attachments[{index}]:{one['kind']}" for index, one in enumerate(value.get("attachments", ()))]
        assert [name for name in result["unscreened"] if name.startswith("attachments")] == held
        if result["ended"]:
            continue
        wordless = result["subject"] == "content" and not value.get("title") and not value.get("body")
        if wordless or "name" in result["unscreened"]:
            assert result["verdict"] != "clear", result
            seen[result["subject"]] += 1
    assert seen["content"] == KINDS["picture alone"][0]
    assert seen["registration"] >= KINDS["name that cannot be compared"][0]


def test_people_and_the_clock_are_obeyed_once(one_worker):
    """Each lift and expiry undoes its order; a person's lift holds on the same text, an expiry does not."""
    orders = [order_of(line) for line in one_worker[1].orders]
    by_id = {order["action_id"]: order for order in orders}
    assert len(by_id) == len(orders)
    cleared = said_in_kind(one_worker[0], "directive: clear_pair")
    said = [
        order
        for order in orders
        if order["directive_id"] and order["type"] in UNDOINGS and order["directive_id"] not in cleared
    ]
    assert len(said) == KINDS["directive: lift"][0] + KINDS["directive: expire"][0]
    given = Counter((one["account_id"], one["content_id"]) for one in orders if one["type"] == "delete_content")
    again = Counter()
    for undoing in said:
        reversed_order = by_id[undoing["reverses"]]
        if reversed_order["type"] == "delete_content":
            again[undoing["automated"], given[reversed_order["account_id"], reversed_order["content_id"]]] += 1
    assert again == {(False, 1): 12, (True, 2): 6}


def said_in_kind(stream, kind):
    """Return the ids of the directives of a kind."""
    records = [record for record in stream.records(topics.RESULTS) if record.header(KIND) == kind.encode()]
    return {json.loads(record.value)["directive_id"] for record in records}


def test_a_cleared_pair_stays_cleared(one_worker):
    """Three orders are lifted for each person cleared, and given again only where that was taken back."""
    stream, outcome = one_worker
    orders = [order_of(line) for line in outcome.orders]
    clear, undone = (said_in_kind(stream, f"directive: {kind}") for kind in ("clear_pair", "unclear_pair"))
    lifts = Counter(order["directive_id"] for order in orders if order["type"] == "lift")
    assert {name: lifts[name] for name in clear} == dict.fromkeys(clear, 3)
    again = Counter(order["directive_id"] for order in orders if order["type"].startswith(("suspend", "restrict")))
    assert {name: again[name] for name in undone} == dict.fromkeys(undone, 3)
    accounts = {order["account_id"] for order in orders if order["directive_id"] in clear}
    given = Counter(
        order["account_id"]
        for order in orders
        if order["account_id"] in accounts and order["type"] == "suspend_service"
    )
    assert Counter(given.values()) == Counter({1: KINDS["directive: clear_pair"][0] - len(undone), 2: len(undone)})


def test_the_second_list_lifts_what_no_longer_stands(one_worker):
    """Who left the list at noon and registers again the same has every order lifted by the machine."""
    stream, outcome = one_worker
    gone = {r.key.decode() for r in stream.inputs() if r.header(KIND) == b"not listed any more"}
    orders = [order_of(line) for line in outcome.orders]
    lifted = {order["reverses"] for order in orders if order["type"] == "lift" and not order["directive_id"]}
    stood = {
        o["action_id"] for o in orders if o["account_id"] in gone and o["type"].startswith(("suspend", "restrict"))
    }
    clear = {r["account_id"] for r in stream.results() if r["account_id"] in gone and r["verdict"] == "clear"}
    assert lifted == {action_id for action_id in stood if order_named(orders, action_id)["account_id"] in clear}
    assert len(lifted) >= 3 * 20


def order_named(orders, action_id):
    return next(order for order in orders if order["action_id"] == action_id)


def test_another_interleaving_gives_the_same(day, lists, one_worker, tmp_path):
    """All registrations before all contents, then a seeded mixture in small batches, change no order."""
    chance = random.Random(7)
    flags = flags_for(tmp_path, run__batch=chance.randrange(20, 60), run__poll_seconds=0.05)
    with Stream(flags) as stream:

        def morning():
            for topic in (topics.ACCOUNTS, topics.CONTENT):
                stream.publish(outgoing(event for event in day.morning if event.topic == topic))
                stream.drain(("enforcement", "registrations", "enforcement", "content"))
            stream.drain()

        def afternoon():
            mixed = merged(day.afternoon, chance)
            for start in range(0, len(mixed), 500):
                stream.publish(outgoing(mixed[start : start + 500]))
                stream.drain(chance.sample(("content", "registrations", "enforcement"), 3))
            stream.drain()

        live_through(stream, lists, morning, drained(stream, day.noon), afternoon)
        assert_same(outcome_of(stream), one_worker)


def test_kafka_with_one_worker_gives_the_same(day, lists, one_worker, tmp_path, kafka_broker, postgres_url):
    """A real broker and a real PostgreSQL give what the embedded log and store give."""
    flags = flags_for(tmp_path, broker=kafka_broker, store=postgres_url, run__poll_seconds=0.2)
    with Stream(flags) as stream:
        live_through(stream, lists, *(drained(stream, part) for part in (day.morning, day.noon, day.afternoon)))
        assert_same(outcome_of(stream), one_worker)


def test_kafka_with_three_workers_gives_the_same(day, lists, one_worker, tmp_path, kafka_broker, postgres_url):
    """Three processes of each role, all at work while the day is published bit by bit, change nothing."""
    chance = random.Random(3)
    flags = flags_for(
        tmp_path, broker=kafka_broker, store=postgres_url, run__batch=50, run__poll_seconds=0.2, run__workers=3
    )
    with Stream(flags) as stream, running(stream, workers=3) as check:

        def lived(events):
            def part():
                mixed = merged(events, chance)
                for start in range(0, len(mixed), 50):
                    stream.publish(outgoing(mixed[start : start + 50]))
                    if start == 0:
                        stream.await_ends(check=check)  # so that every worker is up before the rest comes
                    time.sleep(0.1)
                stream.await_ends(check=check)

            return part

        live_through(stream, lists, *(lived(part) for part in (day.morning, day.noon, day.afternoon)))
        assert_same(outcome_of(stream), one_worker)


def place_of(record):
    return record.topic, record.partition, record.offset


def placed(result):
    return tuple(result["input"][name] for name in ("topic", "partition", "offset"))


def place_of_letter(letter):
    topic, partition, offset = (
        letter.header(f"dead-letter-{name}").decode() for name in ("topic", "partition", "offset")
    )
    return topic, int(partition), int(offset)
