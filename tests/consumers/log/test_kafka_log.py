"""What only the Kafka adapter can get wrong: settings, reach, commits that block, topics made anew."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from kafka.errors import CoordinatorLoadInProgressError, KafkaError, NotCoordinatorError, for_code
from logs import OtherMember, Place, spec, values
from services import Broker, free_port

from consumers.log.kafka import KafkaLog
from consumers.log.kafka_clients import Clients
from consumers.log.kafka_topics import members_of
from consumers.log.port import Outgoing, TopicPartition, Unreachable, WrongTopics


@pytest.fixture
def place(kafka_broker):
    one = Place("kafka", kafka_broker)
    yield one
    one.close()


@pytest.fixture
def own_broker(tmp_path):
    """A broker that a test may stop."""
    broker = Broker(tmp_path)
    broker.format()
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def own_place(own_broker):
    """A log on it."""
    one = Place("kafka", own_broker.address)
    yield one
    one.close()


@pytest.fixture
def admin(kafka_broker):
    client = KafkaAdminClient(bootstrap_servers=kafka_broker)
    yield client
    client.close()


@pytest.mark.timeout(60)
def test_out_of_reach_is_told_with_the_address():
    """Where no broker answers, every way in raises and names the address and what to do."""
    address = f"127.0.0.1:{free_port()}"
    log = KafkaLog([address])
    with pytest.raises(Unreachable, match=address):
        log.ensure([spec("t")])
    with pytest.raises(Unreachable, match="see that it runs"):
        log.committed("g", ["t"])
    log.close()


def test_a_group_that_the_broker_does_not_describe_is_not_one_without_members():
    """A group that nobody has heard of has no members; of one whose coordinator is on its way nobody knows."""
    assert members_of({"error": None, "members": [{}, {}]}) == 2
    assert members_of({"error": str(for_code(69)("gone")), "members": []}) == 0
    for code, kind in ((14, CoordinatorLoadInProgressError), (16, NotCoordinatorError), (30, KafkaError)):
        with pytest.raises(kind):
            members_of({"error": str(for_code(code)("")), "members": []})


def test_every_wrong_setting_is_named(place, admin):
    """Each setting of an existing topic that would lose records is named with what was found and expected."""
    name = place.prefix + "t"
    configs = {"retention.ms": "1000", "retention.bytes": "5000000", "max.message.bytes": "1000"}
    admin.create_topics({name: {"num_partitions": 2, "configs": configs}}, wait_for_metadata=True)
    with pytest.raises(WrongTopics) as caught:
        place.open().ensure([spec("t", 3)])
    told = str(caught.value)
    for line in (
        "partitions: found 2, expected 3",
        "retention.ms: found 1000, expected -1",
        "retention.bytes: found 5000000, expected -1",
        "max.message.bytes: found 1000, expected",
    ):
        assert f"topic {name}: {line}" in told
    assert f"--alter --topic {name} --add-config retention.ms=-1" in told


def test_made_topics_keep_everything(place):
    """A topic is made with endless retention and room for its largest record; a compacted one is compacted."""
    log = place.open()
    log.ensure([spec("kept", most_bytes=5_000_000), spec("state", compacted=True)])
    topics = log._topics.settings(["kept", "state"])
    assert topics["kept"]["cleanup.policy"] == "delete"
    assert topics["kept"]["retention.ms"] == topics["kept"]["retention.bytes"] == "-1"
    assert int(topics["kept"]["max.message.bytes"]) > 5_000_000
    assert topics["state"]["cleanup.policy"] == "compact"
    assert int(topics["state"]["delete.retention.ms"]) == 7 * 24 * 3600 * 1000


def test_topic_made_anew_begins_another_epoch(place, admin):
    """Deleting a topic and making it again changes the epoch; ensuring it again does not."""
    log = place.open()
    log.ensure([spec("t"), spec("u")])
    epoch = log.epoch()
    log.ensure([spec("t"), spec("u")])
    assert log.epoch() == epoch
    admin.delete_topics([place.prefix + "t"])
    again = place.open()
    deadline = time.monotonic() + 30
    while not again.missing(["t"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    again.ensure([spec("t"), spec("u")])
    assert again.epoch() != epoch


def test_broker_compaction_is_read_over(place, admin):
    """Over the holes that the broker's own compaction leaves, sessions and bounded reading reach the end."""
    log = place.open()
    log.ensure([spec("state", compacted=True)])
    quick = {"segment.ms": "100", "min.cleanable.dirty.ratio": "0.01"}
    admin.alter_configs([ConfigResource("TOPIC", place.prefix + "state", quick)])
    deadline, number, found = time.monotonic() + 60, 0, []
    while time.monotonic() < deadline:
        log.append([Outgoing("state", f"k{n % 3}".encode(), str(number + n).encode()) for n in range(6)])
        number += 6
        time.sleep(0.3)
        (first, end) = log.bounds("state")[0]
        found = list(log.read("state", 0, first, end))
        if len(found) < number:
            break
    assert len(found) < number
    newest = {one.key: int(one.value) for one in found}
    assert newest == {b"k0": number - 3, b"k1": number - 2, b"k2": number - 1}
    session = log.session("g", ["state"], "m")
    reached = 0
    while reached < end and time.monotonic() < deadline:
        batch = session.poll(0.5)
        reached = batch.reached.get(TopicPartition("state", 0), 0)
    assert reached >= end


def test_a_join_that_outlives_its_poll_is_finished(place):
    """A member that joins again because it learnt of a topic's partitions gets them, however short its polls are."""
    log = place.open()
    log.ensure([spec("t")])
    session = log.session("g", ["t"], "m")
    deadline = time.monotonic() + 60
    while not session.assigned() and time.monotonic() < deadline:
        session.poll(0.2)
    coordinator = session._consumer._coordinator
    coordinator._assignment_snapshot = {place.prefix + "t": set()}
    generation = session._consumer.group_metadata().generation_id
    log.append([Outgoing("t", b"k", b"1", partition=0)])
    found = ()
    while not found and time.monotonic() < deadline:
        found = session.poll(0.0).records
        time.sleep(0.01)
    assert [record.value for record in found] == [b"1"]
    assert session._consumer.group_metadata().generation_id > generation
    session.close()


def test_watch_ends_only_what_blocks():
    """The watchdog calls for the end with a message where a block takes too long, and not otherwise."""
    told = []
    ended = threading.Event()

    def end(message):
        told.append(message)
        ended.set()

    clients = Clients(("host:1",), "", commit_seconds=0.05, end=end)
    with Clients(("host:1",), "", commit_seconds=60, end=end).watched("a quick commit"):
        pass
    with clients.watched("a commit"):
        assert ended.wait(30)
    assert len(told) == 1
    assert "host:1: a commit blocked for more than 0.05 s" in told[0]


PROGRAM = """
import sys
from consumers.log.kafka import KafkaLog
from consumers.log.port import Outgoing
log = KafkaLog([sys.argv[1]], sys.argv[2], commit_seconds=3)
session = log.session("g", ["in"], "m")
assert log.partitions("out") == 1
batch = session.poll(30)
while not batch.records:
    batch = session.poll(30)
print(len(batch.records), flush=True)
sys.stdin.readline()
with session.transaction() as transaction:
    for record in batch.records:
        transaction.send(Outgoing("out", record.key, record.value))
    transaction.done(batch)
"""


def test_a_commit_that_blocks_ends_the_process(own_broker, own_place):
    """Where the broker does not answer a commit the process ends with 5 and says so; the next one does it once."""
    log = own_place.open()
    log.ensure([spec("in"), spec("out")])
    log.append([Outgoing("in", b"k", str(n).encode()) for n in range(10)])
    root = pathlib.Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, own_broker.address, own_place.prefix],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "10\n"
    os.kill(own_broker.process.pid, signal.SIGSTOP)
    try:
        _, told = process.communicate("\n", timeout=60)
    finally:
        os.kill(own_broker.process.pid, signal.SIGCONT)
    assert process.returncode == 5, told
    assert "blocked for more than 3 s" in told
    assert own_broker.address in told
    member = OtherMember(own_place, "g", ["in"], "m", 20)
    assert len(member.ask("poll 60") or member.ask("poll 60")) == 10
    assert member.ask("commit out") == "committed"
    assert member.ask("close") == "closed"
    member.kill()
    (first, end) = log.bounds("out")[0]
    assert sorted(int(value) for value in values(log.read("out", 0, first, end))) == list(range(10))
