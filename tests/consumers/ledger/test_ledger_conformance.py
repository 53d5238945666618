"""What the ledger must do: one suite, run unmodified on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import threading
import zlib

import msgspec
import pytest
import sqlalchemy
from rulebook import name_hit
from services import free_port

from consumers.ledger.ledger import SqlLedger, digest_of_payload
from consumers.ledger.port import Applied, LedgerError, LedgerUnreachable, Projected, Shadow, Version, Wanted
from consumers.log.port import Outgoing, Record, TopicPartition
from screening.decisions import Order, OrderType, Reason
from screening.differences import Differences
from screening.evidence import Ground
from screening.policy.standing import (
    CaseClosed,
    CaseOpened,
    Cause,
    Clearance,
    Cleared,
    Closed,
    Mark,
    Marked,
    Opened,
    OpenOrder,
    Pardon,
    Pardoned,
    Recaused,
    Standing,
    SubjectKey,
    Target,
    Uncleared,
)

PATIENCE = 30.0
"""Seconds after which something that must happen is held not to happen: many times what it takes."""

CONSUMER, EPOCH = "enforcement", "e" * 32
PLACE = TopicPartition("screening.results", 0)
OTHER = TopicPartition("screening.results", 1)
DIGEST = "d" * 64
LONGEST = "😀" * 256
"""The longest id there can be: 256 characters of four bytes each."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of an empty database."""
    return (
        f"sqlite:///{tmp_path / 'ledger.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )


@pytest.fixture
def ledger(url):
    """A ledger on an empty database."""
    opened = SqlLedger(url)
    yield opened
    opened.close()


def uuid_of(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def outgoing(value: bytes | None, key: bytes | None = b"a-1", headers=()) -> Outgoing:
    return Outgoing("enforcement.content", key, value, headers)


def applied(
    offset: int, *outputs: Outgoing, changes=(), account_id="a-1", place=PLACE, directive_id=None, orders=()
) -> Applied:
    said = "" if directive_id is None else "lift o-1"
    return Applied(
        place, offset, account_id, "noted", tuple(changes), tuple(orders), tuple(outputs), directive_id, said
    )


def mark(key: SubjectKey, offset: int = 0) -> Mark:
    return Mark(key=key, epoch=EPOCH, offset=offset, activation=1, digest=DIGEST, result_id=uuid_of(1), ended=False)


def cause(key: SubjectKey) -> Cause:
    return Cause(key=key, digest=DIGEST, result_id=uuid_of(1), evidence=("gambling/赌博", "gore/1"))


def open_order(number: int, key: SubjectKey, kind: OrderType = OrderType.DELETE_CONTENT) -> OpenOrder:
    target = Target.of(kind, key)
    return OpenOrder(
        action_id=uuid_of(number),
        type=kind,
        content_id=target.content_id,
        content_digest=DIGEST if target.content_id else "",
        decision_id=uuid_of(99),
        grounds=(Ground("clause", "gambling"),),
        causes=(cause(key),),
        expires_at="2026-12-01T00:00:00+00:00",
    )


def remember(ledger: SqlLedger, account_id: str, *changes, offset: int = 0) -> Standing:
    """Apply some changes to an empty standing of an account, and return the standing they lead to."""
    standing = Standing(account_id=account_id).after(changes)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.frontier(PLACE)
        applying.apply([applied(offset, changes=changes, account_id=account_id)], {account_id: standing})
    return standing


def recall(ledger: SqlLedger, account_id: str, *keys: SubjectKey, named=()) -> Standing:
    """Return what the ledger knows of an account."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        return applying.standings([Wanted(account_id, frozenset(keys), frozenset(named))])[account_id]


def in_parallel(jobs) -> None:
    """Run some jobs at the same moment, each on a thread; what goes wrong on one is raised here."""
    problems: list[BaseException] = []
    together = threading.Barrier(len(jobs))

    def run(job):
        try:
            together.wait(PATIENCE)
            job()
        except BaseException as error:  # noqa: BLE001 - raised below, on the thread that fails the test
            problems.append(error)

    workers = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
        assert not worker.is_alive()
    if problems:
        raise problems[0]


# Frontiers and stored outputs


def test_a_partition_begins_at_zero_and_goes_on_where_it_was_left(ledger):
    """The frontier is what was set last, for this consumer, epoch and partition alone."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert applying.frontier(PLACE) == 0
        applying.advance(PLACE, 17, 0)
    for consumer, epoch, place, expected in [
        (CONSUMER, EPOCH, PLACE, 17),
        (CONSUMER, EPOCH, OTHER, 0),
        (CONSUMER, "another", PLACE, 0),
        ("records", EPOCH, PLACE, 0),
        (CONSUMER, EPOCH, TopicPartition("content.published", 0), 0),
    ]:
        with ledger.applying(consumer, epoch) as applying:
            assert applying.frontier(place) == expected


def test_a_ledger_behind_the_log_is_refused(ledger):
    """A ledger that knows less than the log has committed was lost or exchanged: going on would repeat orders."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert applying.frontier(PLACE, 0) == 0
        applying.advance(PLACE, 5, 0)
        assert applying.frontier(PLACE, 5) == 5
        with pytest.raises(LedgerError, match="found the ledger at offset 5, expected at least 6"):
            applying.frontier(PLACE, 6)


def test_stored_outputs_come_back_as_they_were(ledger):
    """In the order of offsets and then of sending, with every byte, header and null."""
    strange = bytes(range(256))
    first = (
        outgoing(strange, key=strange, headers=(("a", b""), ("a", strange), ("名", b"x"))),
        Outgoing("enforcement.notices", None, b"{}"),
    )
    second = (outgoing(None), outgoing(b""), outgoing(b"z" * 100_000))
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.frontier(PLACE)
        applying.apply([applied(9, *second), applied(10), applied(3, *first)], {})
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert applying.stored(PLACE, 0, 100) == first + second
        assert applying.stored(PLACE, 3, 4) == first
        assert applying.stored(PLACE, 4, 9) == ()
        assert applying.stored(PLACE, 4, 10) == second
        assert applying.stored(OTHER, 0, 100) == ()
    with ledger.applying(CONSUMER, "another") as applying:
        assert applying.stored(PLACE, 0, 100) == ()


def test_outputs_below_the_committed_position_are_dropped(ledger):
    """What the log has committed is needed no longer; what it may not have is kept, and so are other partitions'."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        for place in (PLACE, OTHER):
            applying.frontier(place)
            applying.apply([applied(offset, outgoing(b"%d" % offset), place=place) for offset in range(4)], {})
        applying.advance(PLACE, 4, 0)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert len(applying.stored(PLACE, 0, 9)) == 4
        applying.advance(PLACE, 4, 3)
        assert [one.value for one in applying.stored(PLACE, 0, 9)] == [b"3"]
        assert len(applying.stored(OTHER, 0, 9)) == 4
        assert applying.frontier(PLACE) == 4


class Stop(Exception):
    """Leaves a block."""


def test_leaving_by_an_exception_writes_nothing(ledger):
    """Frontier, outputs, standings, directives and projections are one transaction: all or nothing."""
    key = SubjectKey("content", "c-1")
    with pytest.raises(Stop), ledger.applying(CONSUMER, EPOCH) as applying:  # noqa: PT012 - all of it is given up
        applying.frontier(PLACE)
        changes = (Marked(mark(key)), Opened(open_order(1, key)))
        one = applied(0, outgoing(b"x"), changes=changes, directive_id="d-1")
        applying.apply([one], {"a-1": Standing(account_id="a-1").after(changes)})
        applying.advance(PLACE, 1, 0)
        raise Stop
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert applying.frontier(PLACE) == 0
        assert applying.stored(PLACE, 0, 9) == ()
        assert applying.said([("a-1", "d-1")]) == {}
    assert recall(ledger, "a-1", key) == Standing(account_id="a-1")


@pytest.mark.parametrize("known", [False, True])
def test_the_first_writer_wins_and_the_second_gets_its_bytes(url, ledger, known):
    """Two workers on the same records: the second waits for the first, then finds them applied, bytes and all."""
    other = SqlLedger(url)
    if known:  # a partition seen before has a row to hold, a new one has it only once somebody commits it
        with ledger.applying(CONSUMER, EPOCH) as applying:
            applying.frontier(PLACE)
    found: list[object] = []

    def second():
        with other.applying(CONSUMER, EPOCH) as applying:
            found.append(applying.frontier(PLACE))
            found.append(applying.stored(PLACE, 0, 1))

    worker = threading.Thread(target=second)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert applying.frontier(PLACE) == 0
        worker.start()
        worker.join(0.3)
        assert found == [], "the second must wait while the first holds the partition"
        applying.apply([applied(0, outgoing(b"of the first"))], {})
        applying.advance(PLACE, 1, 0)
    worker.join(PATIENCE)
    assert found == [1, (outgoing(b"of the first"),)]
    other.close()


def test_the_second_writer_takes_over_what_the_first_gave_up(url, ledger):
    """If the first fails, the second finds nothing applied and decides itself."""
    other = SqlLedger(url)
    with pytest.raises(Stop), ledger.applying(CONSUMER, EPOCH) as applying:  # noqa: PT012 - all of it is given up
        applying.frontier(PLACE)
        applying.apply([applied(0, outgoing(b"never"))], {})
        raise Stop
    with other.applying(CONSUMER, EPOCH) as applying:
        assert (applying.frontier(PLACE), applying.stored(PLACE, 0, 1)) == (0, ())
        applying.apply([applied(0, outgoing(b"mine"))], {})
    other.close()


def test_workers_on_different_partitions_all_get_through(url):
    """Many workers that apply at once, each to its own partition, lose nothing and never fail."""

    def work(partition: int):
        own = SqlLedger(url)
        place = TopicPartition("screening.results", partition)
        for offset in range(10):
            with own.applying(CONSUMER, EPOCH) as applying:
                assert applying.frontier(place) == offset
                changes = (Marked(mark(SubjectKey("content", f"c-{partition}"), offset)),)
                standing = Standing(account_id="a-1").after(changes)
                applying.apply([applied(offset, outgoing(b"x"), changes=changes, place=place)], {"a-1": standing})
                applying.advance(place, offset + 1, 0)
        own.close()

    in_parallel([lambda partition=number: work(partition) for number in range(4)])
    done = SqlLedger(url)
    with done.applying(CONSUMER, EPOCH) as applying:
        for partition in range(4):
            assert applying.frontier(TopicPartition("screening.results", partition)) == 10
            assert len(applying.stored(TopicPartition("screening.results", partition), 0, 10)) == 10
    done.close()


# Standings


def test_nobody_known_stands_empty(ledger):
    """An account that was never seen has an empty standing, and all that are asked for are answered."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        wanted = [Wanted(f"a-{n}", frozenset({SubjectKey("content", "c")}), frozenset()) for n in range(3)]
        assert applying.standings(wanted) == {f"a-{n}": Standing(account_id=f"a-{n}") for n in range(3)}
        assert applying.standings([]) == {}


def test_a_standing_comes_back_as_it_was(ledger):
    """Marks, open orders, what was closed last and pardons: all that a decision needs."""
    content, registration = SubjectKey("content", "c-1"), SubjectKey("registration", "a-1")
    closed = open_order(1, content)
    standing = remember(
        ledger,
        "a-1",
        Marked(mark(content, 7)),
        Marked(mark(registration, 8)),
        Opened(closed),
        Closed(closed.action_id, closed.target, "lift"),
        Pardoned(Pardon(type=closed.type, key=content, digest=DIGEST, evidence=("gambling/赌博",))),
        Opened(open_order(2, content)),
        Opened(open_order(3, registration, OrderType.SUSPEND_SERVICE)),
    )
    assert recall(ledger, "a-1", content, registration) == standing


def test_a_standing_is_as_partial_as_it_was_asked(ledger):
    """A content's marks, orders and pardons come only with it; orders on the account come with any subject."""
    mine, other = SubjectKey("content", "c-1"), SubjectKey("content", "c-2")
    remember(
        ledger,
        "a-1",
        *(Marked(mark(key)) for key in (mine, other)),
        Opened(open_order(1, mine)),
        Opened(open_order(2, other)),
        Opened(open_order(3, other, OrderType.SUSPEND_SERVICE)),
        Closed(uuid_of(4), Target(OrderType.DELETE_CONTENT, "c-2"), "lift"),
        Closed(uuid_of(5), Target(OrderType.RESTRICT_PURCHASES, ""), "lift"),
        *(
            Pardoned(Pardon(type=OrderType.DELETE_CONTENT, key=key, digest=DIGEST, evidence=()))
            for key in (mine, other)
        ),
    )
    found = recall(ledger, "a-1", mine)
    assert list(found.marks) == [mine]
    assert sorted(found.open) == [uuid_of(1), uuid_of(3)]
    assert found.last_closed == {Target(OrderType.RESTRICT_PURCHASES, ""): uuid_of(5)}
    assert [pardon.key for pardon in found.pardons] == [mine]


def test_an_order_is_found_by_its_name(ledger):
    """What a directive names comes with its account, without the subject that caused it; another account's does not."""
    key = SubjectKey("content", "c-1")
    remember(ledger, "a-1", Opened(open_order(1, key)))
    assert list(recall(ledger, "a-1", named=[uuid_of(1)]).open) == [uuid_of(1)]
    assert recall(ledger, "a-2", named=[uuid_of(1)]).open == {}
    assert recall(ledger, "a-1", named=[uuid_of(2), "no id at all"]).open == {}


def test_accounts_are_kept_apart(ledger):
    """The same content id under two accounts is two contents."""
    key = SubjectKey("content", "c-1")
    one = remember(ledger, "a-1", Marked(mark(key, 1)), Opened(open_order(1, key)), offset=0)
    two = remember(ledger, "a-2", Marked(mark(key, 2)), Opened(open_order(2, key)), offset=1)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        wanted = [Wanted(account, frozenset({key}), frozenset()) for account in ("a-1", "a-2")]
        assert applying.standings(wanted) == {"a-1": one, "a-2": two}


def test_changes_of_later_batches_take_the_place_of_earlier(ledger):
    """A mark moves on, an open order takes new causes, and a closed one is open no longer and closed last."""
    key, registration = SubjectKey("content", "c-1"), SubjectKey("registration", "a-1")
    order = open_order(1, key, OrderType.SUSPEND_SERVICE)
    standing = remember(ledger, "a-1", Marked(mark(key, 1)), Opened(order), Closed(uuid_of(7), order.target, "lift"))
    steps = [
        (Marked(mark(key, 2)), Recaused(order.action_id, (cause(key), cause(registration)))),
        (Marked(mark(key, 3)), Closed(order.action_id, order.target, "deletion")),
    ]
    for offset, changes in enumerate(steps, start=1):
        standing = standing.after(changes)
        with ledger.applying(CONSUMER, EPOCH) as applying:
            applying.apply([applied(offset, changes=changes)], {"a-1": standing})
        assert recall(ledger, "a-1", key) == standing
    assert standing.open == {}
    assert standing.last_closed == {order.target: order.action_id}


def test_pardons_come_back_in_the_order_they_were_given(ledger):
    """A pardon is added to those before it, also over several batches."""
    key = SubjectKey("content", "c-1")
    given = []
    for number in range(3):
        pardons = [
            Pardon(type=OrderType.DELETE_CONTENT, key=key, digest=DIGEST, evidence=(f"{number}-{n}",)) for n in range(2)
        ]
        given += pardons
        remember(ledger, "a-1", *map(Pardoned, pardons), offset=number)
    assert list(recall(ledger, "a-1", key).pardons) == given


def rows(url: str, statement: str) -> list[tuple]:
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sqlalchemy.text(statement))]
    engine.dispose()
    return found


def test_a_case_is_kept_once_for_each_input_and_reason(url, ledger):
    """The same question about the same input is one case, which names the newest result and is open."""
    key = SubjectKey("content", "c-1")
    for offset, (number, reason) in enumerate([(1, "result"), (2, "result"), (3, "edited")]):
        case = CaseOpened(key=key, digest=DIGEST, result_id=uuid_of(number), reason=reason)
        remember(ledger, "a-1", case, offset=offset)
    found = rows(url, "SELECT account_id, subject, id, digest, reason, result_id, open FROM cases ORDER BY reason")
    named = ("a-1", "content", "c-1", DIGEST)
    assert found == [(*named, "edited", uuid_of(3), True), (*named, "result", uuid_of(2), True)]


def test_orders_are_kept_for_whoever_asks_later(url, ledger):
    """Every order is kept whole under its name."""
    order = Order(
        action_id=uuid_of(1),
        type=OrderType.DELETE_CONTENT,
        account_id="a-1",
        content_id="c-1",
        content_digest=DIGEST,
        decision_id=uuid_of(2),
        result_id=uuid_of(3),
        grounds=(),
        reason=Reason("删", "deleted"),
        automated=True,
        issued_at="2026-11-23T08:00:00+00:00",
    )
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.apply([applied(0, orders=[order])], {})
    [(action_id, kept)] = rows(url, "SELECT action_id, record FROM actions")
    assert action_id == order.action_id
    assert msgspec.json.decode(bytes(kept), type=Order) == order


def test_directives_are_remembered(ledger):
    """What was said of an account is known again in whatever batch, under its name and with what it said."""
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.apply([applied(0, directive_id="d-1"), applied(1), applied(2, directive_id=LONGEST)], {})
    with ledger.applying("another consumer", "another epoch") as applying:
        asked = {("a-1", "d-1"), ("a-1", "d-2"), ("a-2", "d-1"), ("a-1", LONGEST)}
        assert applying.said(asked) == {("a-1", "d-1"): "lift o-1", ("a-1", LONGEST): "lift o-1"}
        assert applying.said(set()) == {}


def test_a_batch_may_be_large(ledger):
    """Hundreds of accounts, subjects, directives and orders in one batch, beyond any limit on one statement."""
    accounts = [f"a-{number:04d}" for number in range(700)]
    keys = {account: SubjectKey("content", f"c-{account}") for account in accounts}
    standings, batch = {}, []
    for number, account in enumerate(accounts):
        changes = (Marked(mark(keys[account], number)), Opened(open_order(number, keys[account])))
        standings[account] = Standing(account_id=account).after(changes)
        batch.append(applied(number, outgoing(b"x"), changes=changes, account_id=account, directive_id=f"d-{account}"))
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.apply(batch, standings)
        applying.advance(PLACE, 700, 0)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        wanted = [
            Wanted(account, frozenset({keys[account]}), frozenset({uuid_of(number)}))
            for number, account in enumerate(accounts)
        ]
        assert applying.standings(wanted) == standings
        assert len(applying.said([(account, f"d-{account}") for account in accounts])) == 700
        assert len(applying.stored(PLACE, 0, 700)) == 700


def test_an_account_may_have_much(ledger):
    """Hundreds of contents of one account in one batch."""
    keys = [SubjectKey("content", f"c-{number}") for number in range(700)]
    changes = [change for n, key in enumerate(keys) for change in (Marked(mark(key)), Opened(open_order(n, key)))]
    standing = remember(ledger, "a-1", *changes)
    closing = [Closed(order.action_id, order.target, "revision") for order in standing.open.values()]
    after = standing.after(closing)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.apply([applied(1, changes=closing)], {"a-1": after})
    assert recall(ledger, "a-1", *keys) == after


@pytest.mark.parametrize("name", ["账户-é-ß", LONGEST, "'; DROP TABLE cases; --", "%_\\", " a ", "İ"])
def test_names_of_any_script_and_length_are_kept(url, ledger, name):
    """Ids of 256 characters of four bytes, quotes and wildcards come back exactly, and only where asked for."""
    key = SubjectKey("content", name)
    order = open_order(1, key)
    standing = remember(
        ledger,
        name,
        Marked(mark(key)),
        Opened(order),
        Opened(open_order(2, key, OrderType.SUSPEND_SERVICE)),
        Closed(uuid_of(3), order.target, "lift"),
        Pardoned(Pardon(type=order.type, key=key, digest=DIGEST, evidence=(name,))),
        CaseOpened(key=key, digest=DIGEST, result_id=uuid_of(1), reason="result"),
    )
    assert recall(ledger, name, key) == standing
    assert recall(ledger, name + "x", key) == Standing(account_id=name + "x")
    project(ledger, projected("content", name, name, 0), projected("registration", name, name, 0))
    assert rows(url, "SELECT account_id, id FROM contents") == [(name, name)]


# Projections


def projected(kind: str, account_id: str, name: str, offset: int, value: bytes | None = b"{}", **given) -> Projected:
    topic = {"content": "content.published", "registration": "accounts.registered"}.get(kind, "screening.results")
    return Projected(kind, account_id, name, Record(topic, 0, offset, 0, account_id.encode(), value), DIGEST, **given)


def project(ledger: SqlLedger, *given: Projected) -> None:
    with ledger.applying("records", EPOCH) as applying:
        applying.project(given)


def test_projections_keep_the_newest(url, ledger):
    """Of each subject the last record counts, within a batch and over batches, an end as well as a beginning."""
    project(
        ledger,
        projected("content", "a-1", "c-1", 0, b"old"),
        projected("content", "a-2", "c-1", 1, b"another's"),
        projected("content", "a-1", "c-1", 2, b"new"),
        projected("registration", "a-1", "a-1", 0, b"\xff\x00"),
    )
    found = 'SELECT account_id, id, "offset", record, ended FROM {} ORDER BY account_id'
    assert rows(url, found.format("contents")) == [
        ("a-1", "c-1", 2, b"new", False),
        ("a-2", "c-1", 1, b"another's", False),
    ]
    assert rows(url, found.format("registrants")) == [("a-1", "a-1", 0, b"\xff\x00", False)]
    project(
        ledger,
        projected("content", "a-1", "c-1", 5, b"gone", ended=True),
        projected("registration", "a-1", "a-1", 6, None, ended=True),
    )
    assert rows(url, found.format("contents"))[0] == ("a-1", "c-1", 5, b"gone", True)
    assert rows(url, found.format("registrants")) == [("a-1", "a-1", 6, None, True)]


def test_results_are_kept_by_name(url, ledger):
    """Every result has a row of its own, and the same result again moves to its newest place."""
    for offset, (number, verdict) in enumerate([(1, "review"), (2, None), (1, "review")]):
        given = {"verdict": verdict, "subject": "content", "subject_id": "c-1", "ended": verdict is None}
        project(ledger, projected("result", "a-1", uuid_of(number), offset, **given))
    found = rows(url, 'SELECT result_id, subject, id, verdict, "offset", digest FROM results ORDER BY result_id')
    assert found == [
        (uuid_of(1), "content", "c-1", "review", 2, DIGEST),
        (uuid_of(2), "content", "c-1", None, 1, DIGEST),
    ]


def test_projecting_nothing_writes_nothing(url, ledger):
    """A batch of markers leaves no rows."""
    project(ledger)
    assert rows(url, "SELECT count(*) FROM contents") == [(0,)]


# Versions


def version(payload: bytes = b"\x00\xff", **given) -> Version:
    fields = {"kind": "watchlist", "source": "sample", "entries": 3, "meta": {"名": ["x", 1]}, "payload": payload}
    return Version(**{"digest": digest_of_payload(payload), **fields, **given})


def test_a_version_comes_back_as_it_was(ledger):
    """Kind, digest, source, count, meta and payload, also a large and an empty one."""
    for given in (version(), version(b""), version(b"party" * 1_000_000, entries=2**40), version(kind="policy")):
        ledger.put_version(given)
        assert ledger.version(given.kind, given.digest) == given


def test_a_version_that_is_kept_stays_as_it_is(ledger):
    """The digest names the payload: the second import of the same list changes nothing."""
    ledger.put_version(version(source="first"))
    ledger.put_version(version(source="second"))
    assert ledger.version("watchlist", version().digest).source == "first"


def test_a_version_may_be_put_by_several_at_once(url):
    """Workers that start together keep what came with the release once, and none of them fails."""
    opened = [SqlLedger(url) for _ in range(4)]
    in_parallel([lambda own=own: [own.put_version(version(b"%d" % n)) for n in range(20)] for own in opened])
    assert rows(url, "SELECT count(*) FROM versions") == [(20,)]
    for own in opened:
        own.close()


def test_a_version_that_is_not_kept_is_named(ledger):
    """Another kind of the same digest is another version; the message says what is missing."""
    ledger.put_version(version())
    with pytest.raises(LedgerError, match=r"policy .*: found nothing in the ledger, expected the version"):
        ledger.version("policy", version().digest)
    with pytest.raises(LedgerError, match="watchlist missing: found nothing"):
        ledger.version("watchlist", "missing")


def test_a_payload_of_another_digest_is_not_taken(ledger):
    """A version's name is checked before it is kept."""
    with pytest.raises(LedgerError, match="found a payload of another digest"):
        ledger.put_version(version(digest=DIGEST))


@pytest.mark.parametrize("damage", ["other", "broken"])
def test_a_damaged_payload_is_refused(url, ledger, damage):
    """What is read is what was activated, or nothing: bytes that changed in the database are found out."""
    ledger.put_version(version())
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        changed = zlib.compress(b"changed") if damage == "other" else b"not compressed at all"
        connection.execute(sqlalchemy.text("UPDATE versions SET payload = :changed"), {"changed": changed})
    engine.dispose()
    with pytest.raises(
        LedgerError, match="found a damaged payload in the ledger, expected its digest; import it again"
    ):
        ledger.version("watchlist", version().digest)


# The database


def test_opening_again_finds_what_was_kept(url, ledger):
    """A ledger that is closed and opened remembers."""
    standing = remember(ledger, "a-1", Marked(mark(SubjectKey("content", "c-1"))))
    ledger.close()
    again = SqlLedger(url)
    assert recall(again, "a-1", SubjectKey("content", "c-1")) == standing
    again.close()


def test_workers_that_start_together_make_the_tables_once(url):
    """Several processes may open an empty database at the same moment."""
    in_parallel([lambda: SqlLedger(url).close() for _ in range(4)])
    assert rows(url, "SELECT version FROM screening_schema") == [(1,)]


def test_tables_of_another_version_are_refused(url, ledger):
    """A database that another release made is left alone, and the message says what to do."""
    ledger.close()
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE screening_schema SET version = 99"))
    engine.dispose()
    with pytest.raises(
        LedgerError, match=r"found tables of version \[99\], expected 1: run the release that made them"
    ):
        SqlLedger(url)


def test_a_database_out_of_reach_is_told_without_its_password():
    """The message names the database, masks the password and says what to look at."""
    url = f"postgresql+psycopg://screening:a-secret-word@127.0.0.1:{free_port()}/nothing?connect_timeout=2"
    with pytest.raises(LedgerUnreachable) as caught:
        SqlLedger(url)
    assert "screening:***@127.0.0.1" in str(caught.value)
    assert "is the database up" in str(caught.value)
    assert "a-secret-word" not in str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """A SQLite file in a folder that does not exist is out of reach, not a stack trace."""
    with pytest.raises(LedgerUnreachable, match="unable to open database file"):
        SqlLedger(f"sqlite:///{tmp_path / 'missing' / 'ledger.db'}")


@pytest.mark.parametrize("url", ["nonsense", "mysterydb://host/x", "sqlite+nodriver:///x", ""])
def test_a_url_that_opens_no_database_is_told(url):
    """What is no URL, and a database that nobody knows, is refused with what is expected."""
    with pytest.raises(LedgerError, match=r"store\.url: .*expected sqlite:///…"):
        SqlLedger(url)


def test_a_connection_that_was_cut_is_out_of_reach_and_comes_back(postgres_url):
    """A transaction whose connection is cut writes nothing and says so; the next one works again."""
    ledger = SqlLedger(postgres_url)
    with pytest.raises(LedgerUnreachable), ledger.applying(CONSUMER, EPOCH) as applying:  # noqa: PT012 - cut within
        applying.frontier(PLACE)
        applying.apply([applied(0, outgoing(b"x"))], {})
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert rows(postgres_url, f"SELECT pg_terminate_backend(pid) {others}")
        applying.advance(PLACE, 1, 0)
    with ledger.applying(CONSUMER, EPOCH) as applying:
        assert (applying.frontier(PLACE), applying.stored(PLACE, 0, 9)) == (0, ())
    ledger.close()


# Cleared pairs


def clearance(pair: str = "us-ofac-sdn/101", **given) -> Clearance:
    compared = (("q" * 64, "e" * 64), ("r" * 64, "e" * 64))
    fields = {"compared": compared, "directive_id": "d-1", "by": "李娜", "reason": "another birth place", **given}
    return Clearance(pair=pair, **fields)


REGISTRATION = SubjectKey("registration", "a-1")


def test_what_is_cleared_comes_back_with_the_registration(ledger):
    """Clearances are remembered whole, replaced by a newer one of the pair, and not wanted for a content alone."""
    until = clearance("ftm/NK-1/2", expires_at="2027-01-01T00:00:00+00:00", at="2026-11-23T08:00:00Z")
    remember(ledger, "a-1", Cleared(clearance()), Cleared(until))
    assert recall(ledger, "a-1", REGISTRATION).clearances == {one.pair: one for one in (clearance(), until)}
    remember(ledger, "a-1", Cleared(clearance(reason="looked again", compared=())), offset=1)
    assert recall(ledger, "a-1", REGISTRATION).clearances[clearance().pair].reason == "looked again"
    assert recall(ledger, "a-1", SubjectKey("content", "c-1")).clearances == {}
    assert recall(ledger, "a-2", SubjectKey("registration", "a-2")).clearances == {}


def test_what_is_cleared_no_longer_is_gone(ledger):
    """The end of a clearance takes that one away; cleared and ended in one batch, nothing is left of it."""
    other = clearance("un-sc/7")
    remember(ledger, "a-1", Cleared(clearance()), Cleared(other))
    with ledger.applying(CONSUMER, EPOCH) as applying:
        changes = (Uncleared(clearance().pair), Cleared(clearance("eu/1")), Uncleared("eu/1"), Uncleared("never"))
        standing = Standing(account_id="a-1", clearances={other.pair: other})
        applying.apply([applied(1, changes=changes)], {"a-1": standing})
    assert recall(ledger, "a-1", REGISTRATION).clearances == {other.pair: other}


def test_cleared_pairs_are_listed(ledger):
    """All of them in the order of accounts and pairs, or those of one account."""
    assert ledger.cleared() == ()
    remember(ledger, "a-2", Cleared(clearance()))
    remember(ledger, "a-1", Cleared(clearance("un-sc/7")), Cleared(clearance("eu/1")), offset=1)
    assert [(account, one.pair) for account, one in ledger.cleared()] == [
        ("a-1", "eu/1"),
        ("a-1", "un-sc/7"),
        ("a-2", "us-ofac-sdn/101"),
    ]
    assert ledger.cleared("a-2") == (("a-2", clearance()),)


def test_the_longest_names_can_be_cleared(ledger):
    """Account and pair are keys of the row, however long they may be."""
    long = clearance(LONGEST)
    remember(ledger, LONGEST, Cleared(long))
    assert ledger.cleared(LONGEST) == ((LONGEST, long),)


def test_a_mark_keeps_its_hits(ledger):
    """A registration's mark comes back with all that is needed to judge it again."""
    hits = (name_hit(), name_hit("sanctioned-affiliate"))
    kept = msgspec.structs.replace(mark(REGISTRATION), policy="p" * 64, hits=hits, unscreened=("aliases[0]",))
    remember(ledger, "a-1", Marked(kept))
    assert recall(ledger, "a-1", REGISTRATION).marks == {REGISTRATION: kept}


def test_a_case_is_closed_and_opened_again(url, ledger):
    """The last word of a batch counts; closing what nobody was asked about makes no case."""
    opened = CaseOpened(key=REGISTRATION, digest=DIGEST, result_id=uuid_of(1), reason="result")
    closed = CaseClosed(REGISTRATION, DIGEST, "result")

    def cases():
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(sqlalchemy.text("SELECT reason, open FROM cases"))]
        engine.dispose()
        return [(reason, bool(is_open)) for reason, is_open in found]

    remember(ledger, "a-1", closed)
    assert cases() == []
    for offset, (changes, expected) in enumerate(
        [((opened,), True), ((closed,), False), ((closed, opened), True), ((opened, closed), False)], start=1
    ):
        remember(ledger, "a-1", *changes, offset=offset)
        assert cases() == [("result", expected)]


def test_what_people_concluded_is_told_with_the_account(ledger):
    """Lifts and cleared pairs as found wrongly; a clearance taken back as found rightly, unless it was given again."""
    pardon = Pardon(
        type=OrderType.DELETE_CONTENT, key=SubjectKey("content", "c-1"), digest=DIGEST, evidence=("gore/1",)
    )
    clearances = [
        Clearance(pair=pair, compared=((DIGEST, DIGEST),), directive_id=pair, by="reviewer", reason="why")
        for pair in ("sample/1", "sample/2")
    ]
    changes = (Pardoned(pardon), *map(Cleared, clearances))
    said = [
        Applied(PLACE, offset, "a-1", "noted", directive_id=f"d-{offset}", said=f"unclear_pair {pair}")
        for offset, pair in ((2, "sample/2"), (3, "sample/3"))
    ]
    with ledger.applying(CONSUMER, EPOCH) as applying:
        applying.frontier(PLACE)
        first = Applied(PLACE, 1, "a-1", "cleared", changes=changes, directive_id="d-1", said="clear_pair sample/1")
        applying.apply([first, *said], {"a-1": Standing(account_id="a-1").after(changes)})
    found = ledger.concluded()
    assert {account for account, _ in found} == {"a-1"}
    assert [(one.right, one.evidence, one.pair) for _, one in found] == [
        (False, ("gore/1",), ""),
        (False, (), "sample/1"),
        (False, (), "sample/2"),
        (True, (), "sample/3"),
    ]


def test_a_shadow_is_kept_with_how_far_it_is(ledger):
    """Both in one transaction or neither; of one history only; forgotten on demand."""
    shadow = Shadow(name="s", lexicon=DIGEST, subjects=("content",), parts={"content": Differences(looked=3)})
    with pytest.raises(Stop), ledger.applying("shadow.s", EPOCH) as applying:  # noqa: PT012 - all of it is given up
        applying.keep_shadow(shadow)
        raise Stop
    assert ledger.shadows(EPOCH) == ()
    with ledger.applying("shadow.s", EPOCH) as applying:
        applying.keep_shadow(shadow)
        applying.keep_shadow(msgspec.structs.replace(shadow, by="somebody"))
        assert applying.shadow("s").by == "somebody"
        assert applying.shadow("other") is None
    assert [one.by for one in ledger.shadows(EPOCH)] == ["somebody"]
    assert ledger.shadows("another") == ()
    assert ledger.forget_shadow(EPOCH, "s")
    assert not ledger.forget_shadow(EPOCH, "s")
