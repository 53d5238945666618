"""What every log adapter must do: one suite, run unmodified on SQLite and on a real Kafka broker."""

from __future__ import annotations

import contextlib
import random
import threading
import time

import pytest
from kafka import KafkaConsumer
from kafka import TopicPartition as Partition
from logs import LEASE_SECONDS, OtherMember, Place, spec, values

from consumers.log.partitioner import partition_for
from consumers.log.port import (
    Batch,
    Fatal,
    Fenced,
    Outgoing,
    Position,
    RecordTooLarge,
    Retry,
    TopicPartition,
    WrongTopics,
)

MEBIBYTE = 1024 * 1024
PATIENCE = 60.0
"""Seconds after which something that must happen is held not to happen: many times what it takes."""


@pytest.fixture(params=["sqlite", "kafka"])
def place(request, tmp_path):
    """A log's place with a prefix of its own."""
    where = str(tmp_path / "log.db") if request.param == "sqlite" else request.getfixturevalue("kafka_broker")
    one = Place(request.param, where)
    yield one
    one.close()


@pytest.fixture
def log(place):
    """A log with topics `in` (4 partitions), `out` (2), `one` (1) and the compacted `state` (1)."""
    opened = place.open()
    opened.ensure([spec("in", 4), spec("out", 2), spec("one"), spec("state", compacted=True)])
    return opened


class Stop(Exception):
    """Leaves a transaction's block."""


def everything(log, topic):
    """All committed records of a topic, partition by partition."""
    found = []
    for partition, (first, end) in sorted(log.bounds(topic).items()):
        found += log.read(topic, partition, first, end)
    return found


def drain(session, wanted, seconds=PATIENCE):
    """Poll without committing until as many records came as wanted."""
    found, deadline = [], time.monotonic() + seconds
    while len(found) < wanted and time.monotonic() < deadline:
        found += session.poll(0.5).records
    return found


def next_batch(session, seconds=PATIENCE):
    """Poll until a batch has records."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        batch = session.poll(0.5)
        if batch.records:
            return batch
    raise AssertionError("nothing came")


def pass_on(session, topic, batch):
    """Send a batch on and mark it as done in one transaction."""
    with session.transaction() as transaction:
        for record in batch.records:
            transaction.send(Outgoing(topic, record.key, record.value))
        transaction.done(batch)


def fill(log, topic, count, start=0):
    log.append([Outgoing(topic, f"k{n % 50}".encode(), str(n).encode()) for n in range(start, start + count)])


def test_key_decides_partition_and_order(log):
    """Records of one key share the partition that murmur2 names, in the order they were written."""
    for start in (0, 100):
        fill(log, "in", 100, start)
    found = everything(log, "in")
    assert len(found) == 200
    for record in found:
        assert record.partition == partition_for(record.key, 4)
    for key in {record.key for record in found}:
        numbers = [int(record.value) for record in found if record.key == key]
        assert numbers == sorted(numbers)


def test_explicit_partition_and_null_key(log):
    """A named partition is used, a null key goes to partition 0."""
    log.append([Outgoing("in", b"k", b"named", partition=3), Outgoing("in", None, b"keyless")])
    assert {(one.partition, one.value) for one in everything(log, "in")} == {(3, b"named"), (0, b"keyless")}
    with pytest.raises(ValueError, match="found partition 4"):
        log.append([Outgoing("in", b"k", b"v", partition=4)])


def test_offsets_grow_and_append_tells_them(log):
    """Append returns where each record stands, and offsets grow within a partition."""
    first = log.append([Outgoing("one", b"a", b"1"), Outgoing("one", b"b", b"2")])
    second = log.append([Outgoing("one", b"a", b"3")])
    offsets = [position.offset for position in first + second]
    assert offsets == sorted(set(offsets))
    assert [(one.offset, one.value) for one in everything(log, "one")] == list(
        zip(offsets, [b"1", b"2", b"3"], strict=True)
    )


def test_bytes_come_back_untouched(log):
    """Keys, values and headers are bytes that come back as they were, null, empty and repeated ones too."""
    before = int(time.time() * 1000) - 5_000
    headers = (("one", b"\x00\xff"), ("two", b""), ("one", "二".encode()))
    log.append([Outgoing("one", b"\x00\xfe", None, headers), Outgoing("one", None, b"\x80"), Outgoing("one", b"", b"")])
    erased, keyless, empty = everything(log, "one")
    assert (erased.key, erased.value, erased.headers) == (b"\x00\xfe", None, headers)
    assert erased.header("one") == "二".encode()
    assert erased.header("three") is None
    assert (keyless.key, keyless.value, keyless.headers) == (None, b"\x80", ())
    assert (empty.key, empty.value) == (b"", b"")
    assert before < erased.timestamp < before + 3_600_000


def test_outputs_positions_and_notes_commit_together(log):
    """After a commit the outputs can be read, and positions and notes are those of the batch."""
    fill(log, "one", 10)
    session = log.session("g", ["one"], "m")
    batch = next_batch(session)
    where = TopicPartition("one", 0)
    with session.transaction() as transaction:
        transaction.send(Outgoing("out", b"k", b"done", (("h", b"1"),)))
        transaction.done(batch, {where: "note 一"})
    assert session.assigned()[where] == Position(batch.reached[where], "note 一")
    assert log.committed("g", ["one"]) == {where: Position(batch.reached[where], "note 一")}
    session.close()
    assert values(everything(log, "out")) == [b"done"]


def test_note_stays_until_another_is_given(log):
    """A commit without a note keeps the note that stands."""
    where = TopicPartition("one", 0)
    session = log.session("g", ["one"], "m")
    fill(log, "one", 1)
    batch = next_batch(session)
    with session.transaction() as transaction:
        transaction.done(batch, {where: "kept"})
    fill(log, "one", 1, 1)
    batch = next_batch(session)
    with session.transaction() as transaction:
        transaction.done(batch)
    assert log.committed("g", ["one"])[where] == Position(batch.reached[where], "kept")


def test_abort_leaves_nothing(log):
    """After an exception in the block nothing is visible, no position moved, and the same records come again."""
    fill(log, "one", 20)
    session = log.session("g", ["one"], "m")
    batch = next_batch(session)
    with pytest.raises(Stop), session.transaction() as transaction:  # noqa: PT012 - the block's end is tested
        transaction.send(Outgoing("out", b"k", b"never"))
        transaction.done(batch, {TopicPartition("one", 0): "never"})
        raise Stop
    assert everything(log, "out") == []
    assert log.committed("g", ["one"]) == {}
    assert values(next_batch(session).records) == values(batch.records)


def test_batch_from_before_an_abort_is_refused(log):
    """A batch that will be read again cannot be marked as done any more."""
    fill(log, "one", 5)
    session = log.session("g", ["one"], "m")
    batch = next_batch(session)
    with pytest.raises(Stop), session.transaction():
        raise Stop
    again = next_batch(session)
    with pytest.raises(Retry):
        pass_on(session, "out", batch)
    assert log.committed("g", ["one"]) == {}
    again = next_batch(session)
    pass_on(session, "out", again)
    session.close()
    assert len(everything(log, "out")) == 5


def test_only_a_polled_batch_is_done(log):
    """A batch that poll did not give, or a note for another partition, is a fault of the caller."""
    fill(log, "one", 1)
    session = log.session("g", ["one"], "m")
    batch = next_batch(session)
    with pytest.raises(ValueError, match="expected the very batch"), session.transaction() as transaction:
        transaction.done(Batch(batch.records, batch.reached))
    with pytest.raises(ValueError, match="found a note"), session.transaction() as transaction:
        transaction.done(next_batch(session), {TopicPartition("one", 7): "x"})


def test_open_appending_is_not_read(log):
    """What an open transaction wrote is not read, nor counted in the bounds, until it commits."""
    with log.appending("w") as opened:
        where = opened.send(Outgoing("one", b"k", b"v"))
        assert everything(log, "one") == []
        assert log.bounds("one")[0][1] <= where.offset
    assert [(one.offset, one.value) for one in everything(log, "one")] == [(where.offset, b"v")]


def test_end_is_reached_after_aborts(log):
    """A session reaches the end that `bounds` names though aborted records stand before it."""
    fill(log, "one", 3)
    for _ in range(2):
        with pytest.raises(Stop), log.appending("w") as opened:  # noqa: PT012 - the block's end is tested
            opened.send(Outgoing("one", b"k", b"aborted"))
            raise Stop
    end = log.bounds("one")[0][1]
    where = TopicPartition("one", 0)
    session = log.session("g", ["one"], "m")
    found, deadline = [], time.monotonic() + PATIENCE
    while log.committed("g", ["one"]).get(where, Position(0)).offset < end and time.monotonic() < deadline:
        batch = session.poll(0.2)
        found += values(batch.records)
        with session.transaction() as transaction:
            transaction.done(batch)
    assert found == [b"0", b"1", b"2"]
    assert log.committed("g", ["one"])[where].offset >= end
    assert log.bounds("one")[0][1] == end


def test_later_session_reads_on(log, place):
    """A session of another process of the group begins behind what was committed, with the notes."""
    fill(log, "one", 10)
    session = log.session("g", ["one"], "m")
    batch = session.poll(PATIENCE, most=4)
    while not batch.records:
        batch = session.poll(PATIENCE, most=4)
    assert len(batch.records) == 4
    with session.transaction() as transaction:
        transaction.done(batch, {TopicPartition("one", 0): "n"})
    session.close()
    other = place.open().session("g", ["one"], "other")
    rest = drain(other, 6)
    assert [int(one.value) for one in rest] == list(range(4, 10))
    assert other.assigned()[TopicPartition("one", 0)].note == "n"


def test_groups_do_not_share_positions(log):
    """Each group reads every record."""
    fill(log, "one", 5)
    first, second = log.session("g1", ["one"], "m1"), log.session("g2", ["one"], "m2")
    pass_on(first, "out", next_batch(first))
    assert len(drain(second, 5)) == 5
    assert log.committed("g2", ["one"]) == {}


def test_older_twin_is_fenced(log, place):
    """Of two sessions with one name the newer has the partitions; the older commits nothing and must exit."""
    fill(log, "one", 10)
    older = log.session("g", ["one"], "m")
    batch = next_batch(older)
    newer = place.open().session("g", ["one"], "m")
    assert len(drain(newer, 10)) == 10
    with pytest.raises(Fenced):
        pass_on(older, "out", batch)
    with pytest.raises(Fenced):
        older.poll(0.1)
    assert everything(log, "out") == []
    with pytest.raises(Stop), newer.transaction():
        raise Stop
    older.close()
    batch = next_batch(newer)
    pass_on(newer, "out", batch)
    newer.close()
    assert len(everything(log, "out")) == 10


def test_killed_member_of_the_same_name_comes_back_at_once(log, place):
    """A member that was killed and started again has its partitions back long before its lease ends."""
    fill(log, "one", 10)
    killed = OtherMember(place, "g", ["one"], "m", LEASE_SECONDS * 20)
    assert len(killed.ask("poll 30")) == 10
    killed.kill()
    session = place.open(LEASE_SECONDS * 20).session("g", ["one"], "m")
    pass_on(session, "out", next_batch(session))
    session.close()
    assert len(everything(log, "out")) == 10


def test_killed_member_is_taken_over(log, place):
    """The partitions of a killed member go to another one when its lease has ended, and nothing is lost or repeated."""
    fill(log, "in", 60)
    killed = OtherMember(place, "g", ["in"], "killed", 3)
    assert killed.ask("poll 30")
    assert killed.ask("commit out") == "committed"
    killed.ask("poll 0.5")
    killed.kill()
    session = place.open(3).session("g", ["in"], "living")
    deadline = time.monotonic() + PATIENCE
    while len(everything(log, "out")) < 60 and time.monotonic() < deadline:
        batch = session.poll(0.5)
        with contextlib.suppress(Retry):
            pass_on(session, "out", batch)
    session.close()
    assert sorted(int(one.value) for one in everything(log, "out")) == list(range(60))


def test_zombie_is_fenced_after_takeover(log, place):
    """A member that stood still for longer than its lease commits nothing when it goes on."""
    fill(log, "one", 10)
    zombie = OtherMember(place, "g", ["one"], "zombie", 3)
    try:
        assert len(zombie.ask("poll 30")) == 10
        zombie.stop()
        living = place.open(3).session("g", ["one"], "living")
        pass_on(living, "out", next_batch(living))
        zombie.go_on()
        assert zombie.ask("commit out") == "Fenced"
        living.close()
        assert len(everything(log, "out")) == 10
    finally:
        zombie.kill()


def turns(sessions, log, wanted, most=10):
    """Let sessions take turns until a topic has as many records as wanted."""
    deadline = time.monotonic() + PATIENCE
    while len(everything(log, "out")) < wanted and time.monotonic() < deadline:
        for session in sessions * 5:
            batch = session.poll(0.1, most)
            with contextlib.suppress(Retry):
                pass_on(session, "out", batch)


def settle(*sessions):
    """Poll sessions side by side, as processes would, until they own all four partitions of `in` evenly."""
    deadline = time.monotonic() + PATIENCE
    stop = threading.Event()

    def turn(session):
        while not stop.is_set():
            session.poll(0.2, most=1)

    threads = [threading.Thread(target=turn, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    owned = []
    while time.monotonic() < deadline:
        time.sleep(0.1)
        owned = [len(session._committed) for session in sessions]
        if sum(owned) == 4 and max(owned) - min(owned) <= 1:
            break
    stop.set()
    for thread in threads:
        thread.join()
    assert sum(owned) == 4
    assert max(owned) - min(owned) <= 1
    for session in sessions:  # what was polled here is read again
        with contextlib.suppress(Stop), session.transaction():
            raise Stop


def test_members_share_and_hand_over(log, place):
    """Two members share the partitions evenly; when one leaves, the other gets all; each record is done once."""
    first = log.session("g", ["in"], "a")
    second = place.open().session("g", ["in"], "b")
    settle(first, second)
    assert not first.assigned().keys() & second.assigned().keys()
    threads = []
    fill(log, "in", 300)
    stop = threading.Event()

    def work(session):
        while not stop.is_set():
            with contextlib.suppress(Retry):
                pass_on(session, "out", session.poll(0.2, most=20))

    for session in (first, second):
        threads.append(threading.Thread(target=work, args=(session,)))
        threads[-1].start()
    deadline = time.monotonic() + PATIENCE
    while len(everything(log, "out")) < 150 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    second.close()
    turns([first], log, 300)
    settle(first)
    assert sorted(int(one.value) for one in everything(log, "out")) == list(range(300))


def test_members_come_and_go_between_short_polls(log):
    """However often the partitions move, and though no poll lasts as long as a move, each record is done once."""
    sessions = {name: log.session("g", ["in"], name) for name in ("a", "b")}
    for number in range(8):
        fill(log, "in", 100, number * 100)
        name = "cd"[number // 2 % 2]
        if name in sessions:
            sessions.pop(name).close()
        else:
            sessions[name] = log.session("g", ["in"], name)
        for _ in range(8):
            for session in sessions.values():
                batch = session.poll(0.02, most=5)
                with contextlib.suppress(Retry):
                    pass_on(session, "out", batch)
    turns(list(sessions.values()), log, 800, most=100)
    done = everything(log, "out")
    assert sorted(int(one.value) for one in done) == list(range(800))


def test_commit_after_a_partition_moved_is_refused(log, place):
    """A batch read before a partition moved to another member commits nothing, and its records are done once."""
    fill(log, "in", 100)
    first = log.session("g", ["in"], "a")
    found = 0
    while found < 100:
        batch = first.poll(5, most=500)
        found = len(batch.records)
        if found < 100:
            with pytest.raises(Stop), first.transaction():
                raise Stop
    second = OtherMember(place, "g", ["in"], "b", LEASE_SECONDS)
    second.tell("poll 30")
    deadline = time.monotonic() + PATIENCE
    outcome = None
    while outcome is None and time.monotonic() < deadline:
        newer = first.poll(0.2)
        if set(newer.reached) != set(batch.reached):
            with pytest.raises(Retry):
                pass_on(first, "out", batch)
            outcome = "refused"
    assert outcome == "refused"
    assert everything(log, "out") == []
    assert second._answer()
    assert second.ask("commit out") in {"committed", "Retry"}
    assert second.ask("close") == "closed"
    turns([first], log, 100)
    first.close()
    second.kill()
    assert sorted(int(one.value) for one in everything(log, "out")) == list(range(100))


def on_the_broker(place, topic, level):
    """How many records of a topic a client of this isolation level reads."""
    consumer = KafkaConsumer(
        bootstrap_servers=place.where,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level=level,
    )
    partitions = [Partition(place.prefix + topic, one) for one in consumer.partitions_for_topic(place.prefix + topic)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    found, deadline = 0, time.monotonic() + PATIENCE
    while any(consumer.position(one) < ends[one] for one in partitions) and time.monotonic() < deadline:
        found += sum(len(records) for records in consumer.poll(500).values())
    consumer.close()
    return found


def died_within_a_transaction(place):
    """Whether records stand on the broker that were never committed; on SQLite they leave no trace."""
    written = on_the_broker(place, "out", "read_uncommitted")
    return written > on_the_broker(place, "out", "read_committed")


def test_kills_lose_and_repeat_nothing(log, place):
    """Members killed at any time and started again pass every record on once; some died within a transaction."""
    chance = random.Random(11)
    written = rounds = 0
    while rounds < 5 or (place.kind == "kafka" and rounds < 40 and not died_within_a_transaction(place)):
        rounds += 1
        fill(log, "in", 1000, written)
        written += 1000
        before = log.committed("g", ["in"])
        members = [OtherMember(place, "g", ["in"], name, LEASE_SECONDS) for name in ("a", "b")]
        for member in members:
            member.tell("work out")
        deadline = time.monotonic() + PATIENCE
        while log.committed("g", ["in"]) == before and time.monotonic() < deadline:
            time.sleep(0.05 * chance.random())
        for member in members:
            time.sleep(0.1 * chance.random())
            member.kill()
    sessions = [log.session("g", ["in"], name) for name in ("a", "b")]
    turns(sessions, log, written, most=500)
    done = everything(log, "out")
    assert sorted(int(one.value) for one in done) == list(range(written))
    for key in {one.key for one in done}:
        numbers = [int(one.value) for one in done if one.key == key]
        assert numbers == sorted(numbers)
    assert place.kind == "sqlite" or died_within_a_transaction(place)


def test_record_over_the_limit_is_refused_whole(log, place):
    """A record over its topic's limit is refused before anything is written; one at the limit is not."""
    log.ensure([spec("small", most_bytes=1000)])
    fits = Outgoing("small", b"k" * 10, b"v" * 980, (("name", b"value!"),))
    over = Outgoing("small", b"k" * 10, b"v" * 981, (("name", b"value!"),))
    with pytest.raises(RecordTooLarge, match="1001 bytes"):
        log.append([fits, over])
    with pytest.raises(RecordTooLarge), place.open().appending("w") as opened:
        opened.send(over)
    fill(log, "one", 1)
    session = log.session("g", ["one"], "m")
    batch = next_batch(session)
    with pytest.raises(RecordTooLarge), session.transaction() as transaction:  # noqa: PT012 - the block's end is tested
        transaction.done(batch)
        transaction.send(over)
    assert everything(log, "small") == []
    assert log.committed("g", ["one"]) == {}
    log.append([fits])
    assert values(everything(log, "small")) == [fits.value]


def test_ten_mebibytes_pass_through(log):
    """A record of 10 MiB goes in, through a transaction and out again, headers beside it."""
    most = 10 * MEBIBYTE + 64 * 1024
    log.ensure([spec("big", most_bytes=most), spec("dead", most_bytes=most)])
    value = bytes(range(256)) * (10 * MEBIBYTE // 256)
    log.append([Outgoing("big", b"k", value, (("h", b"x" * 1000),))])
    session = log.session("g", ["big"], "m")
    batch = next_batch(session)
    with session.transaction() as transaction:
        transaction.send(Outgoing("dead", b"k", batch.records[0].value, batch.records[0].headers))
        transaction.done(batch)
    session.close()
    (dead,) = everything(log, "dead")
    assert dead.value == value
    assert dead.headers == (("h", b"x" * 1000),)


def test_compacted_topic_keeps_the_newest_of_each_key(log):
    """Whenever compaction runs, the newest record of each key stands where it stood, and the end does not move."""
    for n in range(5):
        log.append([Outgoing("state", f"k{n % 2}".encode(), str(n).encode())])
    erased = log.append([Outgoing("state", b"k0", None)])[0].offset
    end = log.bounds("state")[0][1]
    newest = {one.key: (one.offset, one.value) for one in everything(log, "state")}
    if hasattr(log, "compact"):
        assert log.compact("state") == 4
        assert log.compact("state") == 0
    assert {one.key: (one.offset, one.value) for one in everything(log, "state")} == newest
    assert newest[b"k0"] == (erased, None)
    assert newest[b"k1"][1] == b"3"
    assert log.bounds("state")[0][1] == end
    assert log.append([Outgoing("state", b"k2", b"5")])[0].offset >= end
    with pytest.raises(ValueError, match="without a key"):
        log.append([Outgoing("state", None, b"v")])


def test_appending_tells_positions_and_commits_whole(log):
    """Positions told inside the block are where the records stand afterwards; an exception leaves nothing."""
    with log.appending("w") as opened:
        told = [opened.send(Outgoing("one", b"k", str(n).encode())) for n in range(3)]
    assert not opened.repeated
    assert [(one.offset, one.value) for one in everything(log, "one")] == [
        (position.offset, str(n).encode()) for n, position in enumerate(told)
    ]
    with pytest.raises(Stop), log.appending("w") as opened:  # noqa: PT012 - the block's end is tested
        opened.send(Outgoing("one", b"k", b"never"))
        raise Stop
    assert len(everything(log, "one")) == 3


def test_appending_positions_hold_while_others_write(log, place):
    """Others may write to the topic meanwhile; the positions told stay right, and nothing is passed over."""
    session = log.session("g", ["one"], "m")
    session.poll(2)
    other = place.open()
    with log.appending("w") as opened:
        told = opened.send(Outgoing("one", b"k", b"held"))
        other.append([Outgoing("one", b"k", b"between")])
        early = session.poll(0.5).records
    rest = drain(session, 2 - len(early))
    assert values([*early, *rest]) == [b"held", b"between"]
    assert next(one.offset for one in everything(log, "one") if one.value == b"held") == told.offset


def test_last_appending_of_a_writer_wins(log, place):
    """Of two open with the same writer the later one commits; the earlier one is fenced and nothing of it is seen."""
    other = place.open()
    with pytest.raises(Fenced), log.appending("w") as earlier:  # noqa: PT012 - the block's end is tested
        earlier.send(Outgoing("one", b"k", b"earlier"))
        with other.appending("w") as later:
            later.send(Outgoing("one", b"k", b"later"))
        earlier.send(Outgoing("one", b"k", b"earlier again"))
    assert values(everything(log, "one")) == [b"later"]


def test_writers_do_not_fence_each_other(log, place):
    """Appendings of different writers commit both."""
    other = place.open()
    with log.appending("w1") as first:
        first.send(Outgoing("one", b"k", b"1"))
        with other.appending("w2") as second:
            second.send(Outgoing("out", b"k", b"2"))
    assert values(everything(log, "one")) == [b"1"]
    assert values(everything(log, "out")) == [b"2"]


def test_appending_is_done_once_for_a_dedupe_id(log, place):
    """What was appended under a dedupe id is known to have been, also to others; what was aborted is not."""
    with pytest.raises(Stop), log.appending("w", "d1") as opened:  # noqa: PT012 - the block's end is tested
        opened.send(Outgoing("one", b"k", b"never"))
        raise Stop
    with log.appending("w", "d1") as opened:
        assert not opened.repeated
        opened.send(Outgoing("one", b"k", b"once"))
    with place.open().appending("w", "d1") as opened:
        assert opened.repeated
    with log.appending("w", "d2") as opened:
        assert not opened.repeated
    with log.appending("w", "d2") as opened:
        assert opened.repeated
    assert values(everything(log, "one")) == [b"once"]


def test_appending_sees_what_its_writer_committed(log, place):
    """Inside the block all that this writer committed before can be read."""
    for n in range(3):
        with place.open().appending("w") as opened:
            assert len(everything(log, "one")) == n
            opened.send(Outgoing("one", b"k", str(n).encode()))


def test_epoch_names_the_history(log, place):
    """The epoch stays over reopening and new topics, and another log has another."""
    epoch = log.epoch()
    assert epoch
    assert place.open().epoch() == epoch
    log.ensure([spec("new")])
    assert log.epoch() == epoch
    other = Place(place.kind, place.where + ("2" if place.kind == "sqlite" else ""))
    try:
        assert other.open().epoch() != epoch
    finally:
        other.close()


def test_topics_are_checked(log):
    """Topics that differ from what is wanted are all named, and none is made then; the same ones pass."""
    log.ensure([spec("in", 4), spec("state", compacted=True)])
    with pytest.raises(WrongTopics) as caught:
        log.ensure([spec("in", 5), spec("state"), spec("fresh")])
    assert "partitions: found 4, expected 5" in str(caught.value)
    assert "state" in str(caught.value)
    assert log.missing(["in", "fresh", "out"]) == ("fresh",)
    assert log.partitions("in") == 4
    with pytest.raises(Fatal, match="fresh"):
        log.session("g", ["fresh"], "m")
    with pytest.raises(Fatal, match="fresh"):
        log.append([Outgoing("fresh", b"k", b"v")])


def test_prefix_keeps_logs_apart(log, place):
    """Topics, positions, writers and dedupe ids under another prefix are others."""
    fill(log, "one", 3)
    with log.appending("w", "d") as opened:
        opened.send(Outgoing("out", b"k", b"v"))
    session = log.session("g", ["one"], "m")
    pass_on(session, "out", next_batch(session))
    other = Place(place.kind, place.where)
    try:
        beside = other.open()
        assert beside.missing(["one"]) == ("one",)
        beside.ensure([spec("one")])
        assert everything(beside, "one") == []
        assert beside.committed("g", ["one"]) == {}
        with beside.appending("w", "d") as opened:
            assert not opened.repeated
        assert beside.session("g", ["one"], "m").poll(2).records == ()
    finally:
        other.close()
    fill(log, "one", 1, 3)
    pass_on(session, "out", next_batch(session))


def test_bounded_reading(log):
    """Reading yields exactly the committed records between two offsets, and ends where the log ends."""
    offsets = [position.offset for position in log.append([Outgoing("one", b"k", str(n).encode()) for n in range(600)])]
    assert values(log.read("one", 0, offsets[10], offsets[20])) == [str(n).encode() for n in range(10, 20)]
    assert len(list(log.read("one", 0, 0, offsets[-1] + 1_000_000))) == 600
    assert list(log.read("one", 0, offsets[5], offsets[5])) == []
    half = log.read("one", 0, 0, offsets[-1] + 1)
    assert next(half).value == b"0"
    assert len(list(half)) == 599


def test_batch_has_at_most_as_many_as_asked(log):
    """Poll gives no more records than asked for and loses none of the rest."""
    fill(log, "in", 100)
    session = log.session("g", ["in"], "m")
    found = []
    deadline = time.monotonic() + PATIENCE
    while len(found) < 100 and time.monotonic() < deadline:
        batch = session.poll(1, most=7)
        assert len(batch.records) <= 7
        found += batch.records
        pass_on(session, "out", batch)
    assert sorted(int(one.value) for one in found) == list(range(100))


def test_several_batches_in_one_transaction(log):
    """Batches polled one after the other may be marked as done together."""
    fill(log, "one", 10)
    session = log.session("g", ["one"], "m")
    batches = [next_batch(session)]
    while sum(len(batch.records) for batch in batches) < 10:
        batches.append(session.poll(5, most=3))
    with session.transaction() as transaction:
        for batch in batches:
            transaction.done(batch)
    assert log.committed("g", ["one"])[TopicPartition("one", 0)].offset == batches[-1].reached[TopicPartition("one", 0)]
