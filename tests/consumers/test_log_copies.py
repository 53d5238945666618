"""Copying the embedded log to a real broker: every record at its offset, with its time and bytes."""

from __future__ import annotations

import contextlib
import json
import uuid

import pytest
import terminal
from fakes import KeywordScreener
from histories import content_result
from kafka import KafkaAdminClient
from services import free_port
from streams import activation, content, drained

from consumers import topics, wire
from consumers.activations import Activations, activate
from consumers.content import content_role
from consumers.faults import Refused
from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import LedgerError, Projected, Wanted
from consumers.log.kafka import KafkaLog
from consumers.log.port import Outgoing, TopicPartition, TopicSpec
from consumers.log.sqlite import SqliteLog
from consumers.log_copies import copy_log
from screening.policy.standing import SubjectKey

SPECS = (TopicSpec("kept", 3), TopicSpec("state", 2, compacted=True), TopicSpec("empty", 1))
NAMES = [spec.name for spec in SPECS]


class Stop(Exception):
    """Leaves an appending's block, so that its offsets stay unused."""


@pytest.fixture
def source(tmp_path):
    log = SqliteLog(tmp_path / "log.db")
    log.ensure(SPECS)
    yield log
    log.close()


@pytest.fixture
def destination(kafka_broker):
    log = KafkaLog([kafka_broker], prefix=f"t{uuid.uuid4().hex[:12]}.")
    yield log
    log.close()


@pytest.fixture
def ledger(tmp_path):
    opened = SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


def leave_gap(log, size, partition=0, topic="kept"):
    with contextlib.suppress(Stop), log.appending("a test") as appending:
        for _ in range(size):
            appending.send(Outgoing(topic, b"k", b"never", partition=partition))
        raise Stop


def put(log, *values, partition=0, **more):
    log.append([Outgoing("kept", b"k", value, partition=partition, **more) for value in values])


def everything(log, names=NAMES):
    return {
        (topic, partition): (bounds, list(log.read(topic, partition, *bounds)))
        for topic in names
        for partition, bounds in log.bounds(topic).items()
    }


def copied(source, destination, ledger, names=NAMES):
    return copy_log(source, destination, ledger, names=names, tell=lambda _: None)


def test_every_record_keeps_its_offset(source, destination, ledger):
    """Gaps of any size, at the beginning, between and at the end, leave every offset, time and byte as it was."""
    leave_gap(source, 1)
    put(source, b"1", b"2", headers=(("h", b"\x00\xff"), ("h", b"")))
    leave_gap(source, 1)
    put(source, b"3")
    leave_gap(source, 2)
    put(source, b"4", b"", b"x" * 500_000)
    leave_gap(source, 5)
    put(source, *[b"%d" % n for n in range(1200)])
    leave_gap(source, 1)
    leave_gap(source, 3, partition=1)
    put(source, b"5", partition=1)
    leave_gap(source, 2, partition=1)
    leave_gap(source, 4, partition=2)
    for key in (b"a", b"b", b"a", b"c", b"a", b"b"):
        source.append([Outgoing("state", key, None if key == b"c" else b"v", partition=0)])
    source.compact("state")
    done = copied(source, destination, ledger)
    assert everything(destination) == everything(source)
    assert sum(one.records for one in done.partitions) == sum(len(held) for _, held in everything(source).values())
    settings = destination._topics.settings(NAMES)
    assert [settings[name]["cleanup.policy"] for name in NAMES] == ["delete", "compact", "delete"]
    assert destination.epoch() == done.epoch != source.epoch()


def test_what_comes_later_goes_on_behind(source, destination, ledger):
    """The copy takes records, transactions and groups where the source ended."""
    put(source, b"1", b"2")
    with source.appending("desk", "d-1") as appending:
        appending.send(Outgoing("kept", b"k", b"3", partition=0))
    session = source.session("g", ["kept"], "m")
    while not (batch := session.poll(1, most=2)).records:
        pass
    with session.transaction() as transaction:
        transaction.done(batch, {TopicPartition("kept", 0): "7"})
    session.close()
    copied(source, destination, ledger)
    assert destination.committed("g", ["kept"]) == source.committed("g", ["kept"])
    with destination.appending("desk", "d-1") as again:
        assert again.repeated
    put(destination, b"4")
    session = destination.session("g", ["kept"], "m")
    found = []
    while len(found) < 2:
        found += session.poll(1).records
    assert [(record.offset, record.value) for record in found] == [(2, b"3"), (3, b"4")]
    session.close()


def test_activations_keep_their_numbers(tmp_path, destination, ledger):
    """What a marker, a note or a result names by number is the same activation on the copy."""
    source = SqliteLog(tmp_path / "stream.db")
    source.ensure(topics.topics(2))
    with pytest.raises(Stop):
        activate(source, _stop)
    activate(source, lambda _: activation(lexicon="1"))
    source.append([content("c-1"), content("c-2", account_id="a-2")])

    def role(log):
        return content_role(Activations(log, lambda _: True), lambda one: KeywordScreener(one.lexicon), lambda _: None)

    drained(source, role(source))
    activate(source, lambda _: activation("lexicon", lexicon="2"))
    source.append([content("c-3")])
    copied(source, destination, ledger, [spec.name for spec in topics.TOPICS])
    source.close()
    drained(destination, role(destination))
    held = everything(destination, [topics.RESULTS])
    results = [wire.decode_judged(record.key, record.value) for _, records in held.values() for record in records]
    assert {one.id: one.versions.lexicon for one in results} == {"c-1": "1", "c-2": "1", "c-3": "2"}
    number = {
        record.offset for _, records in everything(destination, [topics.ACTIVATIONS]).values() for record in records
    }
    assert {one.activation for one in results} == number


def _stop(_current):
    raise Stop


def test_the_ledger_moves_with_its_log(source, destination, ledger):
    """Frontiers, outputs not sent yet, marks and projections count in the copy; of the source nothing is known."""
    put(source, b"1", b"2")
    place, old = TopicPartition("kept", 0), source.epoch()
    key = SubjectKey("content", "c-1")
    wanted = Wanted("a-1", frozenset({key}), frozenset())
    _applied(ledger, old, place, key)
    done = copied(source, destination, ledger)
    assert done.rows >= 4
    with ledger.applying("enforcement", done.epoch) as applying:
        assert applying.frontier(place, 2) == 2
        assert [one.value for one in applying.stored(place, 0, 2)] == [b"order"]
        assert applying.standings([wanted])["a-1"].marks[key].epoch == done.epoch
    with pytest.raises(LedgerError, match="lost what it knew"), ledger.applying("enforcement", old) as applying:
        applying.frontier(place, 2)
    with pytest.raises(LedgerError, match="roles have run on it already"):
        ledger.move(old, done.epoch)


def _applied(ledger, epoch, place, key):
    """Let a ledger remember one result with an output, as enforcement and records would."""
    from consumers.ledger.port import Applied  # noqa: PLC0415 - this helper's own
    from consumers.log.port import Record  # noqa: PLC0415
    from screening.policy.standing import Mark, Marked, Standing  # noqa: PLC0415

    mark = Mark(key=key, epoch=epoch, offset=1, activation=0, digest="d", result_id="r", ended=False)
    standing = Standing(account_id="a-1").after((Marked(mark),))
    output = Outgoing("kept", b"a-1", b"order")
    with ledger.applying("enforcement", epoch) as applying:
        applying.frontier(place)
        applying.apply([Applied(place, 1, "a-1", "noted", (Marked(mark),), outputs=(output,))], {"a-1": standing})
        record = Record("kept", 0, 1, 0, b"a-1", wire.encode(content_result()))
        applying.project([Projected("content", "a-1", "c-1", record, "d")])
        applying.advance(place, 2, 0)


def test_a_destination_that_holds_records_is_refused(source, destination, ledger):
    """Nothing is written behind records that are there, and the message says what to do."""
    put(source, b"1")
    destination.ensure(SPECS)
    put(destination, b"theirs")
    with pytest.raises(Refused, match="found records in kept, expected topics that are empty"):
        copied(source, destination, ledger)
    assert len(everything(destination)["kept", 0][1]) == 1


def test_a_source_that_moves_is_told(source, destination, ledger):
    """A record that comes while it is copied would be lost: the copy is refused, and the ledger stays."""
    put(source, b"1")
    told = []

    def tell(text):
        if text.startswith("copied"):
            put(source, b"late")
            told.append(text)

    with pytest.raises(Refused, match="stop producers and roles"):
        copy_log(source, destination, ledger, names=NAMES, tell=tell)
    assert told
    assert destination.committed("g", ["kept"]) == {}


def test_the_command(tmp_path, kafka_broker):
    """It copies, tells what stands on each partition, and what to do next; a second time it refuses."""
    someone = terminal.Terminal(tmp_path)
    someone.publish("content.published", {"id": "c-1", "account_id": "a-1", "body": "今天天气很好"})
    assert someone.run("run", "--drain", "content", "enforcement").code == 0
    words = ("log", "copy", "sqlite:///.screening/log.sqlite", f"kafka://{kafka_broker}")
    prefix = f"t{uuid.uuid4().hex[:12]}."
    done = someone.run(*words, "--to-prefix", prefix, "--json")
    assert done.code == 0, done.err
    [line] = done.lines
    assert sum(one["records"] for one in line["partitions"] if one["topic"] == "screening.results") == 1
    assert "screening.enforcement" in line["positions"]
    assert "copied screening.results, partition 0" in done.err
    assert "set log.url" in done.err
    again = someone.run(*words, "--to-prefix", prefix)
    assert again.code == 1
    assert "delete the topics" in again.err
    admin = KafkaAdminClient(bootstrap_servers=kafka_broker)
    assert f"{prefix}screening.results" in admin.list_topics()
    admin.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sqlite:///nothing.sqlite", "kafka://127.0.0.1:1"), 2, "found no file"),
        (("kafka://127.0.0.1:1", "kafka://127.0.0.1:1"), 2, "expected sqlite:///PATH"),
        (("sqlite:///.screening/log.sqlite", "sqlite:///other.sqlite"), 2, "expected kafka://"),
        (("here", "there"), 2, "expected sqlite:///PATH or kafka"),
    ],
)
def test_wrong_usage(fresh_log, words, code, said):
    """What cannot be copied, or copied to, is told before anything is done."""
    done = fresh_log.run("log", "copy", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert not (fresh_log.folder / "nothing.sqlite").exists()


@pytest.mark.timeout(60)
def test_a_broker_that_is_not_there(fresh_log):
    """The exit code is that of a dependency out of reach."""
    done = fresh_log.run("log", "copy", "sqlite:///.screening/log.sqlite", f"kafka://127.0.0.1:{free_port()}")
    assert done.code == 5
    assert json.dumps(done.out) == '""'


@pytest.fixture
def fresh_log(tmp_path):
    """Someone with an embedded log."""
    someone = terminal.Terminal(tmp_path)
    someone.publish("content.published", {"id": "c-1", "account_id": "a-1", "body": "b"})
    return someone
