from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta

import pytest
from fakes import Watcher
from histories import NOW, POLICY_DIGEST, content_result, directive, registration_result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rulebook import content_hit, name_hit, policy_text, shipped_policy, shipped_register
from streams import PATIENCE, drained, everything, next_batch, open_stream

from consumers import topics, wire
from consumers.dead_letter_limit import DeadLetterLimit, TooManyDeadLetters
from consumers.enforcement import EnforcementRole
from consumers.happenings import Decided, Ordered, Took
from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import LedgerError
from consumers.log.port import Fenced, LogError, Outgoing, Retry, TopicPartition
from screening.decisions import ACCOUNT_ORDERS, DirectiveType, OrderType, order_name
from screening.policy.parse import parse_policy
from screening.subjects import MOST_BYTES, digest_of

TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
ORDER_TOPICS = (topics.ORDERS_CONTENT, topics.ORDERS_ACCOUNTS, topics.NOTICES_TOPIC, topics.REPORTS)


class Place:
    """A folder with a log and a ledger, and roles whose clock moves on with every look at it."""

    def __init__(self, folder, partitions=3):
        self.url = f"sqlite:///{folder / 'ledger.db'}"
        self.log = open_stream(folder, partitions)
        self.ledgers = []
        self.looks = 0

    def role(self, tell=lambda _: None, limit=None):
        self.ledgers.append(SqlLedger(self.url))
        return EnforcementRole(
            self.ledgers[-1], epoch=self.log.epoch(), policy=self.policy, current_policy=shipped_policy,
            source="screening/test", clock=self.clock, tell=tell, limit=limit,
        )  # fmt: skip

    def policy(self, digest):
        if digest != POLICY_DIGEST:
            raise LookupError(digest)
        return shipped_policy()

    def clock(self):
        self.looks += 1
        return NOW + timedelta(seconds=self.looks)

    def put(self, *judged, headers=()):
        return self.log.append(
            [Outgoing(topics.RESULTS, one.account_id.encode(), wire.encode(one), headers) for one in judged]
        )

    def sent(self):
        """Return every order on the log, as its record."""
        return [record for topic in ORDER_TOPICS for record in everything(self.log, topic)]

    def orders(self):
        return [wire.decode_order(record.value) for record in self.sent()]

    def close(self):
        self.log.close()
        for ledger in self.ledgers:
            ledger.close()


@pytest.fixture
def place(tmp_path):
    opened = Place(tmp_path)
    yield opened
    opened.close()


def bytes_of(records):
    return Counter((record.topic, record.key, record.value, record.headers) for record in records)


def commit(session, batch, processed):
    with session.transaction() as transaction:
        for outgoing in processed.outputs:
            transaction.send(outgoing)
        transaction.done(batch, processed.notes)


def test_orders_go_to_their_topics_as_cloud_events(place):
    """Content, account and notice orders each have a topic; lifts travel where their order did."""
    place.put(
        content_result(content_hit(), offset=0),
        registration_result(name_hit(), offset=0),
        headers=(("traceparent", TRACE),),
    )
    drained(place.log, place.role())
    place.put(
        content_result(version="2", offset=0, activation=1), registration_result(version="2", offset=0, activation=1)
    )
    drained(place.log, place.role())
    found = {
        topic: [json.loads(record.value)["type"] for record in everything(place.log, topic)] for topic in ORDER_TOPICS
    }
    assert found == {
        topics.ORDERS_CONTENT: ["delete_content", "restore_content"],
        topics.ORDERS_ACCOUNTS: ["suspend_service", "restrict_purchases", "restrict_renewals", "lift", "lift", "lift"],
        topics.NOTICES_TOPIC: ["notify"] * 4,
        topics.REPORTS: [],
    }
    for record in place.sent():
        order = wire.decode_order(record.value)
        assert record.key == b"a-1"
        traced = (
            order.type is not OrderType.LIFT and order.reverses is None and record.header("traceparent") is not None
        )
        correlation = record.header("ce_correlationid").decode()
        assert correlation == TRACE_ID if traced else correlation.startswith("screening.results/")
        assert record.headers == wire.order_headers(order, "screening/test", TRACE if traced else None, correlation)
    assert [r.header("traceparent") for r in everything(place.log, topics.ORDERS_CONTENT)] == [TRACE, None]


def test_memory_lasts_over_batches_and_roles(place):
    """What stands is remembered: the same again orders nothing, and a lift finds its order in a later batch."""
    for step in (
        content_result(content_hit(), offset=0),
        content_result(content_hit(), offset=1),
        content_result(content_hit(), version="2", offset=1, activation=1),
        content_result(version="3", offset=1, activation=2),
        content_result(content_hit(), version="4", offset=1, activation=3),
    ):
        place.put(step)
        drained(place.log, place.role())
    assert [order.type for order in place.orders() if order.type is not OrderType.NOTIFY] == [
        OrderType.DELETE_CONTENT,
        OrderType.RESTORE_CONTENT,
        OrderType.DELETE_CONTENT,
    ]
    assert len({order.action_id for order in place.orders()}) == 6


def steps():
    """A day of an account and its neighbour: results, directives, edits, deletions."""
    deletion = order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", digest_of("A"), "")
    suspension = order_name(OrderType.SUSPEND_SERVICE, "a-2", "", "", "")
    return [
        content_result(content_hit(), offset=0),
        registration_result(name_hit(), offset=0, account_id="a-2"),
        content_result(content_hit(), id="c-2", offset=1),
        directive(DirectiveType.LIFT, deletion),
        content_result(content_hit(), version="2", offset=0, activation=1),
        directive(DirectiveType.EXPIRE, suspension, id="d-2", account_id="a-2"),
        content_result(id="c-2", text="B", offset=2),
        content_result(content_hit(), content_hit("gore"), version="3", offset=0, activation=2),
        registration_result(name_hit(), version="2", offset=0, activation=1, account_id="a-2"),
        content_result(id="c-1", ended=True, offset=3),
        registration_result(name_hit(), offset=0, account_id="a-3"),
        directive(DirectiveType.CLEAR_PAIR, "sample/1", id="d-3", account_id="a-3"),
        registration_result(name_hit(), version="2", offset=0, activation=1, account_id="a-3"),
        directive(DirectiveType.UNCLEAR_PAIR, "sample/1", id="d-4", account_id="a-3"),
    ]


@pytest.mark.parametrize("most", [1, 2, 500])
def test_batches_of_any_size_give_the_same_orders(tmp_path, most):
    """How records fall into batches does not matter: within a batch each sees what those before it did."""
    found = []
    for size in (most, 3):
        folder = tmp_path / str(size)
        folder.mkdir()
        here = Place(folder)
        here.put(*steps())
        drained(here.log, here.role(), most=size)
        found.append(Counter(order.action_id for order in here.orders()))
        here.close()
    assert found[0] == found[1]
    assert sum(found[0].values()) == 28, "eight for each of two accounts and twelve for the third, worked out by hand"


def test_a_crash_between_ledger_and_log_costs_nothing(place):
    """Decided but not sent: the next worker sends the very bytes, times and all, once."""
    place.put(*steps())
    session = place.log.session("screening.enforcement", [topics.RESULTS], "dies")
    decided = place.role().process(next_batch(session), session.assigned()).outputs
    session.close()
    assert place.sent() == [], "the crash came before anything was sent"
    drained(place.log, place.role(), member="next")
    sent = Counter((record.topic, record.key, record.value, record.headers) for record in place.sent())
    assert sent == Counter((one.topic, one.key, one.value, one.headers) for one in decided)
    drained(place.log, place.role(), member="third")
    assert bytes_of(place.sent()) == sent


def test_after_a_crash_the_old_is_sent_before_the_new(place):
    """Records that came since are decided after what the ledger had applied, and sent behind it."""
    place.put(content_result(content_hit(), offset=0))
    session = place.log.session("screening.enforcement", [topics.RESULTS], "dies")
    decided = place.role().process(next_batch(session), session.assigned())
    session.close()
    place.put(content_result(version="2", offset=0, activation=1))
    drained(place.log, place.role(), member="next")
    found = [record.value for record in everything(place.log, topics.ORDERS_CONTENT)]
    assert found[0] == decided.outputs[0].value
    assert [json.loads(value)["type"] for value in found] == ["delete_content", "restore_content"]


def test_crashes_anywhere_lose_and_repeat_nothing(tmp_path):
    """Whichever batches are decided and not sent, the log ends with the same orders, each once."""

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(crashes=st.lists(st.booleans(), min_size=4, max_size=12), most=st.integers(1, 6))
    def crashing(crashes, most):
        counts.append(None)
        folder = tmp_path / f"run-{len(counts)}"
        folder.mkdir()
        here = Place(folder, partitions=2)
        here.put(*steps())
        for number, crash in enumerate(crashes):
            session = here.log.session("screening.enforcement", [topics.RESULTS], f"m{number}")
            batch = session.poll(0.0, most)
            processed = here.role().process(batch, session.assigned())
            if not crash:
                commit(session, batch, processed)
            session.close()
        drained(here.log, here.role(), member="last")
        assert Counter(order.action_id for order in here.orders()) == expected
        here.close()

    counts = []
    (tmp_path / "calm").mkdir()
    calm = Place(tmp_path / "calm", partitions=2)
    calm.put(*steps())
    drained(calm.log, calm.role())
    expected = Counter(order.action_id for order in calm.orders())
    calm.close()
    assert set(expected.values()) == {1}
    crashing()


def test_of_two_on_the_same_records_one_sends(place):
    """A worker that was taken over decides the same bytes, from the ledger, and is fenced when it would send them."""
    place.put(*steps())
    session = place.log.session("screening.enforcement", [topics.RESULTS], "m")
    batch, assigned = next_batch(session), session.assigned()
    slow = place.role()
    successor = place.log.session("screening.enforcement", [topics.RESULTS], "m")
    taken = next_batch(successor)
    theirs = place.role().process(taken, successor.assigned())
    ours = slow.process(batch, assigned)
    assert Counter(ours.outputs) == Counter(theirs.outputs)
    commit(successor, taken, theirs)
    with pytest.raises(Fenced):
        commit(session, batch, ours)
    assert bytes_of(place.sent()) == Counter((one.topic, one.key, one.value, one.headers) for one in theirs.outputs)
    successor.close()


def test_of_two_at_the_same_moment_both_decide_the_same(place):
    """Three roles apply the same records at once, each on its own connection: all answer with the bytes of one."""
    place.put(*steps())
    session = place.log.session("g", [topics.RESULTS], "m")
    batch, assigned = next_batch(session), session.assigned()
    roles = [place.role() for _ in range(3)]
    answers, together = [], threading.Barrier(len(roles))

    def process(role):
        together.wait(PATIENCE)
        answers.append(role.process(batch, assigned).outputs)

    threads = [threading.Thread(target=process, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    session.close()
    assert len(answers) == 3
    assert answers[0] == answers[1] == answers[2] != ()


def test_a_slow_twin_with_a_shorter_batch_takes_nothing_back(place):
    """What was applied stays applied: a worker that read less, later, answers with the stored bytes of its part."""
    place.put(*steps())
    session = place.log.session("g", [topics.RESULTS], "m")
    short, assigned = session.poll(1.0, 2), session.assigned()
    session.close()
    session = place.log.session("g", [topics.RESULTS], "m")
    whole = next_batch(session)
    everything_decided = place.role().process(whole, assigned).outputs
    part = place.role().process(short, assigned).outputs
    assert set(part) < set(everything_decided)
    assert place.role().process(whole, assigned).outputs == everything_decided
    session.close()


def test_a_ledger_that_was_lost_stops_the_role(place, tmp_path):
    """An empty ledger beside a log that goes on is told as such: nothing is decided without memory."""
    place.put(content_result(content_hit(), offset=0))
    drained(place.log, place.role())
    before = bytes_of(place.sent())
    place.url = f"sqlite:///{tmp_path / 'another.db'}"
    place.put(content_result(content_hit(), version="2", offset=0, activation=1))
    with pytest.raises(LedgerError, match="the ledger has lost what it knew"):
        drained(place.log, place.role())
    assert bytes_of(place.sent()) == before


def test_a_worker_that_lost_a_partition_commits_nothing(place):
    """When partitions move between reading and sending, the batch is read again by whoever owns it now."""
    place.put(*steps())
    session = place.log.session("screening.enforcement", [topics.RESULTS], "first")
    batch = next_batch(session)
    processed = place.role().process(batch, session.assigned())
    other = place.log.session("screening.enforcement", [topics.RESULTS], "second")
    with pytest.raises((Retry, Fenced)) as caught:
        commit(session, batch, processed)
    assert isinstance(caught.value, LogError)
    session.close()
    other.close()
    drained(place.log, place.role(), member="third")
    assert bytes_of(place.sent()) == Counter((one.topic, one.key, one.value, one.headers) for one in processed.outputs)


def test_a_ledger_lost_is_made_again_from_the_log(place, tmp_path):
    """The topics are the truth: an empty ledger that reads everything again decides the same orders."""
    place.put(*steps())
    drained(place.log, place.role())
    place.url = f"sqlite:///{tmp_path / 'another.db'}"
    role = place.role()
    session = place.log.session("rebuilding", [topics.RESULTS], "m")
    again = role.process(next_batch(session), session.assigned())
    session.close()
    assert Counter(wire.decode_order(one.value).action_id for one in again.outputs) == Counter(
        order.action_id for order in place.orders()
    )


def test_stored_outputs_are_dropped_once_they_were_sent(place):
    """The ledger keeps the bytes only as long as the log may not have them."""
    place.put(content_result(content_hit(), offset=0))
    drained(place.log, place.role())
    place.put(content_result(content_hit(), id="c-2", offset=1))
    drained(place.log, place.role())
    drained(place.log, place.role())
    partition = everything(place.log, topics.RESULTS)[0].partition
    with place.ledgers[0].applying("enforcement", place.log.epoch()) as applying:
        kept = applying.stored(TopicPartition(topics.RESULTS, partition), 0, 100)
    assert {json.loads(one.value)["content_id"] for one in kept} <= {"c-2"}


def test_what_was_ordered_is_told_once_it_is_sent(place):
    """Each order and lift is told by its type and name, with the way it came; and how long its event took."""
    place.put(content_result(content_hit(), offset=0), headers=(("screening-appended-at", b"1000"),))
    watcher = Watcher()
    drained(place.log, place.role(), tell=watcher)
    place.put(content_result(version="2", offset=0, activation=1))
    drained(place.log, place.role(), tell=watcher)
    told = sorted((one.type, one.reverses, one.automated, one.action_id) for one in watcher.told(Ordered))
    sent = [
        (one.type.value, one.reverses_type.value if one.reverses_type else "", one.automated, one.action_id)
        for one in place.orders()
    ]
    assert told == sorted(sent)
    assert {kind for kind, _, _, _ in told} == {"delete_content", "restore_content", "notify"}
    assert all(one.correlation.startswith("screening.results/") for one in watcher.told(Ordered))
    [took] = watcher.told(Took)
    assert (took.role, took.since, took.mode, len(took.seconds), took.ahead) == (
        "enforcement",
        "appended",
        "live",
        1,
        0,
    )
    assert took.seconds[0] > 1_000_000_000, "since the first day of the epoch"


def test_what_was_said_twice_is_heard_once(place):
    """A directive that comes again, in the same batch or later, changes nothing and is no dead letter."""
    deletion = order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", digest_of("A"), "")
    said = directive(DirectiveType.LIFT, deletion)
    watcher = Watcher()
    place.put(content_result(content_hit(), offset=0), said, said)
    drained(place.log, place.role(), tell=watcher)
    place.put(said)
    drained(place.log, place.role(), tell=watcher)
    assert sum(dict(one.outcomes).get("repeated", 0) for one in watcher.told(Decided)) == 2
    assert [order.type for order in place.orders() if order.reverses] == [OrderType.RESTORE_CONTENT]
    assert everything(place.log, topics.DEAD_LETTER) == []


def test_a_directive_on_what_does_not_stand_is_a_dead_letter(place):
    """Whoever said it can find out: the letter names the target, and nothing is lifted."""
    place.put(content_result(content_hit(), offset=0), directive(DirectiveType.LIFT, "no-such-order"))
    drained(place.log, place.role())
    [letter] = everything(place.log, topics.DEAD_LETTER)
    assert json.loads(letter.value)["directive_id"] == "d-1"
    assert b"found 'no-such-order', expected the action_id of an order that stands" in letter.header(
        "dead-letter-error"
    )


def test_a_person_lifts_another_accounts_order_never(place):
    """A directive reaches only the orders of the account it names."""
    deletion = order_name(OrderType.DELETE_CONTENT, "a-1", "c-1", digest_of("A"), "")
    place.put(content_result(content_hit(), offset=0), directive(DirectiveType.LIFT, deletion, account_id="a-2"))
    place.put(content_result(account_id="a-2"), directive(DirectiveType.LIFT, deletion, id="d-2", account_id="a-2"))
    drained(place.log, place.role())
    assert len(everything(place.log, topics.DEAD_LETTER)) == 2
    assert not [order for order in place.orders() if order.reverses]


def test_what_cannot_be_read_is_a_dead_letter_and_holds_nothing_up(place):
    """A bad record between two good ones is kept with its bytes, and both are decided."""
    strange = b'{"result_id": 1, "\xff'
    place.put(content_result(content_hit(), offset=0))
    place.log.append(
        [Outgoing(topics.RESULTS, b"a-1", strange, (("theirs", b"x"),)), Outgoing(topics.RESULTS, b"a-1", None)]
    )
    place.put(content_result(content_hit(), id="c-2", offset=1))
    drained(place.log, place.role())
    letters = everything(place.log, topics.DEAD_LETTER)
    assert [(letter.key, letter.value) for letter in letters] == [(b"a-1", strange), (b"a-1", None)]
    assert letters[0].header("theirs") == b"x"
    assert letters[0].header("dead-letter-role") == b"enforcement"
    assert [order.content_id for order in place.orders() if order.type is OrderType.DELETE_CONTENT] == ["c-1", "c-2"]


def test_too_many_dead_letters_leave_nothing_in_the_ledger(place):
    """A release that reads the records again decides them anew: the batch that went too far was never applied."""
    place.log.append([Outgoing(topics.RESULTS, b"a-1", b"bad") for _ in range(5)])
    with pytest.raises(TooManyDeadLetters):
        drained(place.log, place.role(limit=DeadLetterLimit("enforcement", in_a_row=3)))
    assert everything(place.log, topics.DEAD_LETTER) == []
    partition = next(one.partition for one in everything(place.log, topics.RESULTS))
    with place.ledgers[-1].applying("enforcement", place.log.epoch()) as applying:
        assert applying.frontier(TopicPartition(topics.RESULTS, partition)) == 0
    drained(place.log, place.role())
    assert len(everything(place.log, topics.DEAD_LETTER)) == 5


def test_the_largest_result_fits_among_the_dead_letters(place):
    """Whatever its topic takes can be kept when it cannot be read."""
    spec = next(spec for spec in topics.topics(3) if spec.name == topics.RESULTS)
    value = b"{" + b" " * (spec.most_bytes - 4)
    assert len(value) > MOST_BYTES
    place.log.append([Outgoing(topics.RESULTS, b"a-1", value)])
    drained(place.log, place.role())
    [letter] = everything(place.log, topics.DEAD_LETTER)
    assert letter.value == value


def test_many_accounts_in_one_batch(place):
    """Each of hundreds of accounts in a batch gets its own orders."""
    place.put(*(content_result(content_hit(), account_id=f"a-{n:03d}", offset=n) for n in range(400)))
    drained(place.log, place.role())
    found = Counter(order.account_id for order in place.orders())
    assert len(found) == 400
    assert set(found.values()) == {2}


def test_results_that_interleave_otherwise_give_the_same_orders(tmp_path):
    """Contents and registrations reach the results topic in any order between them: the same orders follow."""
    contents = [content_result(content_hit(), id=f"c-{n}", offset=n) for n in range(3)]
    registrations = [registration_result(name_hit(), offset=n, version=str(n)) for n in range(2)]
    found = []
    for name, mixed in (("one", contents + registrations), ("two", registrations + contents)):
        (tmp_path / name).mkdir()
        here = Place(tmp_path / name)
        here.put(*mixed)
        drained(here.log, here.role(), most=2)
        found.append(Counter(order.action_id for order in here.orders()))
        here.close()
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("forged", "where"),
    [
        (lambda result: replace(result, versions=replace(result.versions, policy="0" * 64)), "$.versions.policy"),
        (lambda result: replace(result, hits=(replace(result.hits[0], category="no-such"),)), "$.hits"),
        (lambda result: replace(result, hits=(replace(result.hits[0], severity=7),)), "$.hits"),
    ],
    ids=["a policy never activated", "an unknown category", "a severity without a rule"],
)
def test_a_result_that_no_screener_wrote_holds_nothing_up(place, forged, where):
    """What cannot have come from a role becomes a dead letter that says why; the next result is decided."""
    good = content_result(content_hit(), offset=0)
    place.put(forged(content_result(content_hit(), id="c-forged", offset=1)), good)
    drained(place.log, place.role())
    (letter,) = everything(place.log, topics.DEAD_LETTER)
    assert letter.header("dead-letter-error").decode().startswith(where)
    assert [order.content_id for order in place.orders() if order.type is OrderType.DELETE_CONTENT] == [good.id]


def test_a_directive_that_came_too_early_is_heard_when_it_is_replayed(place):
    """A lift of an order that does not stand yet is not remembered as said; replayed afterwards it lifts."""
    result = content_result(content_hit(), offset=0)
    target = order_name(OrderType.DELETE_CONTENT, result.account_id, result.id, result.input.digest, "")
    early = directive(DirectiveType.LIFT, target)
    for judged in (early, result, early):
        place.put(judged)
        drained(place.log, place.role())
    assert len(everything(place.log, topics.DEAD_LETTER)) == 1
    assert [order.reverses for order in place.orders() if order.type is OrderType.RESTORE_CONTENT] == [target]


# Cleared pairs


def on_accounts(place):
    return [order.type.value for order in place.orders() if order.type in {*ACCOUNT_ORDERS, OrderType.LIFT}]


def test_a_cleared_pair_is_remembered_over_batches_and_roles(place):
    """Clearing lifts, a later result finds the pair cleared, and taking it back orders anew, each in its own batch."""
    ordered = ["suspend_service", "restrict_purchases", "restrict_renewals"]
    for step, expected in [
        (registration_result(name_hit(), offset=0), ordered),
        (directive(DirectiveType.CLEAR_PAIR, "sample/1", id="d-1"), ["lift"] * 3),
        (registration_result(name_hit(), text="B", offset=1), []),
        (registration_result(name_hit(), text="B", version="2", offset=1, activation=1), []),
        (directive(DirectiveType.CLEAR_PAIR, "sample/1", id="d-1"), []),
        (directive(DirectiveType.UNCLEAR_PAIR, "sample/1", id="d-2"), ordered),
    ]:
        before = Counter(on_accounts(place))
        place.put(step)
        drained(place.log, place.role())
        assert Counter(on_accounts(place)) - before == Counter(expected)
    assert everything(place.log, topics.DEAD_LETTER) == []
    assert len({order.action_id for order in place.orders()}) == len(place.orders())


def test_a_pair_is_judged_under_the_policy_of_its_result(place, monkeypatch):
    """Another policy in force since changes nothing of what a directive on a pair leads to: a replay ends the same."""
    place.put(registration_result(name_hit(), offset=0))
    drained(place.log, place.role())
    place.put(directive(DirectiveType.CLEAR_PAIR, "sample/1", id="d-1"))
    drained(place.log, place.role())
    lenient = (
        policy_text()
        + """
[[rule]]
category = "sanctioned-party"
verdict = "review"
why = "for tests"
"""
    )
    place.put(directive(DirectiveType.UNCLEAR_PAIR, "sample/1", id="d-2"))
    role = place.role()
    monkeypatch.setattr(role, "_current_policy", lambda: parse_policy(lenient, shipped_register()))
    drained(place.log, role)
    assert Counter(on_accounts(place))["suspend_service"] == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (directive(DirectiveType.CLEAR_PAIR, "sample/2"), "a hit of this account's last registration result"),
        (directive(DirectiveType.CLEAR_PAIR, "sample/1", account_id="a-2"), "a hit of this account's last"),
        (
            replace(directive(DirectiveType.CLEAR_PAIR, "sample/1"), expires_at="2001-01-01T00:00:00Z"),
            "a time to expire that is still to come",
        ),
        (directive(DirectiveType.UNCLEAR_PAIR, "sample/1"), "a pair of this account that is cleared"),
    ],
)
def test_what_a_directive_on_a_pair_cannot_mean_is_a_dead_letter(place, said, expected):
    """It changes nothing, says what was expected, and can be replayed once it has a meaning."""
    place.put(registration_result(name_hit(), offset=0), said)
    drained(place.log, place.role())
    (letter,) = everything(place.log, topics.DEAD_LETTER)
    assert expected in letter.header("dead-letter-error").decode()
    assert "lift" not in on_accounts(place)


def test_a_clearance_ends_by_the_times_of_the_log(place):
    """A worker whose clock is centuries ahead finds a pair cleared that the record's time says is."""
    place.clock = lambda: NOW + timedelta(days=300_000)
    said = directive(DirectiveType.CLEAR_PAIR, "sample/1")
    place.put(registration_result(name_hit(), offset=0), replace(said, expires_at="2500-01-01T00:00:00Z"))
    place.put(registration_result(name_hit(), text="B", offset=1))
    drained(place.log, place.role())
    assert Counter(on_accounts(place)) == Counter(suspend_service=1, restrict_purchases=1, restrict_renewals=1, lift=3)
