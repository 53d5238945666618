from __future__ import annotations

import msgspec
import pytest
from streams import PARTITIONS, activation, content, everything, next_batch, open_stream, registration

from consumers import topics
from consumers.activations import Activations, InForce, Marker, activate, latest, marker_of
from consumers.log.port import Batch, Outgoing, Position, Record, Retry, TopicPartition
from consumers.registrations import has_watchlist
from consumers.wire import MARKER_TYPE

PLACES = [TopicPartition(topics.CONTENT, partition) for partition in range(PARTITIONS)]


@pytest.fixture
def log(tmp_path):
    opened = open_stream(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def single(tmp_path):
    """A log whose topics have one partition, so that everything stands in one order."""
    (tmp_path / "single").mkdir()
    opened = open_stream(tmp_path / "single", partitions=1)
    yield opened
    opened.close()


def put(log, new):
    return activate(log, lambda _: new)


def batch_of(log, topic=topics.CONTENT) -> Batch:
    """Return everything in a topic as one batch."""
    reached = {TopicPartition(topic, partition): end for partition, (_, end) in log.bounds(topic).items()}
    return Batch(tuple(everything(log, topic)), reached)


def beginning(topic=topics.CONTENT, note="") -> dict[TopicPartition, Position]:
    return {TopicPartition(topic, partition): Position(0, note) for partition in range(PARTITIONS)}


@pytest.mark.parametrize(
    ("kind", "concerned"),
    [
        ("shipped", {topics.CONTENT, topics.ACCOUNTS}),
        ("engine", {topics.CONTENT, topics.ACCOUNTS}),
        ("policy", {topics.CONTENT, topics.ACCOUNTS}),
        ("lexicon", {topics.CONTENT}),
        ("watchlist", {topics.ACCOUNTS}),
    ],
)
def test_a_marker_stands_in_every_partition_that_it_concerns(log, kind, concerned):
    """Each partition of the input topics that judge by what changed gets one marker, and no other topic does."""
    done = put(log, activation(kind))
    assert done.number == 0
    for topic in (topics.CONTENT, topics.ACCOUNTS, topics.RESULTS):
        found = everything(log, topic)
        assert [record.partition for record in found] == (list(range(PARTITIONS)) if topic in concerned else [])
        assert {marker_of(record) for record in found} <= {Marker(0, done.activation_id)}


def test_the_number_is_the_offset(log):
    """Numbers grow with every activation, and each is read again by its number."""
    made = [put(log, activation("lexicon", lexicon=str(number))) for number in range(4)]
    assert [one.number for one in made] == [record.offset for record in everything(log, topics.ACTIVATIONS)]
    known = Activations(log, lambda _: True)
    assert [known.number(one.number) for one in made] == made
    assert latest(log) == made[-1]


def test_an_activation_builds_on_the_one_before(log):
    """Whoever activates is told what is in force, with its number, and nothing at the very first."""
    seen = []

    def change(current):
        seen.append(current)
        return activation("lexicon")

    first = activate(log, change)
    activate(log, change)
    assert seen == [None, first]


def test_nothing_to_change_writes_nothing(log):
    """An activation that changes nothing leaves no record and no marker."""
    assert activate(log, lambda _: None) is None
    assert latest(log) is None
    assert everything(log, topics.CONTENT) == everything(log, topics.ACTIVATIONS) == []


def test_an_activation_that_fails_writes_nothing(log):
    """The record and all its markers, or nothing."""

    def change(_):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        activate(log, change)
    assert everything(log, topics.CONTENT) == everything(log, topics.ACTIVATIONS) == []


def test_markers_outlive_compaction(log):
    """The registrations topic keeps the newest of each key: every marker has a key of its own."""
    for number in range(3):
        log.append([registration("a-1", f"name {number}")])
        put(log, activation("watchlist", sample=str(number)))
    log.compact(topics.ACCOUNTS)
    numbers = [marker_of(record).activation for record in everything(log, topics.ACCOUNTS) if marker_of(record)]
    assert sorted(numbers) == [0] * 3 + [1] * 3 + [2] * 3
    assert len([record for record in everything(log, topics.ACCOUNTS) if not marker_of(record)]) == 1


def test_versions_change_exactly_at_the_marker(single):
    """Records before and after a marker in one batch are judged by different versions, and two in a row both count."""
    put(single, activation(lexicon="first"))
    single.append([content("c-1"), content("c-2")])
    put(single, activation("lexicon", lexicon="second"))
    single.append([content("c-3")])
    put(single, activation("lexicon", lexicon="unused"))
    put(single, activation("lexicon", lexicon="fourth"))
    single.append([content("c-4")])
    in_force = InForce(Activations(single, lambda _: True))
    judged, notes = in_force.walk(batch_of(single), {PLACES[0]: Position(0)})
    assert [one.lexicon for _, one in judged] == ["first", "first", "second", "fourth"]
    assert not any(marker_of(record) for record, _ in judged)
    assert notes == {PLACES[0]: "3"}


def test_each_partition_changes_at_its_own_marker(log):
    """What one partition has not reached yet does not change with the others."""
    put(log, activation(lexicon="first"))
    log.append([content(f"c-{n}", account_id=f"a-{n}") for n in range(12)])
    put(log, activation("lexicon", lexicon="second"))
    whole = batch_of(log)
    behind = PLACES[1]
    records = tuple(r for r in whole.records if TopicPartition(r.topic, r.partition) != behind or not marker_of(r))
    log.append([content(f"d-{n}", account_id=f"a-{n}") for n in range(12)])
    later = [r for r in everything(log, topics.CONTENT) if r.offset >= whole.reached[PLACES[r.partition]]]
    judged, notes = InForce(Activations(log, lambda _: True)).walk(
        Batch((*records, *later), whole.reached), beginning()
    )
    assert {one.lexicon for record, one in judged if record in later and record.partition == 1} == {"first"}
    assert {one.lexicon for record, one in judged if record in later and record.partition != 1} == {"second"}
    assert notes == {PLACES[0]: "1", PLACES[1]: "0", PLACES[2]: "1"}


def test_a_lower_marker_is_ignored(single):
    """A marker that comes again never takes a worker back to older versions."""
    put(single, activation(lexicon="first"))
    put(single, activation("lexicon", lexicon="second"))
    old = everything(single, topics.CONTENT)[0]
    single.append([content("c-1"), Outgoing(topics.CONTENT, old.key, old.value, old.headers), content("c-2")])
    judged, notes = InForce(Activations(single, lambda _: True)).walk(batch_of(single), {PLACES[0]: Position(0)})
    assert [one.lexicon for _, one in judged] == ["second", "second"]
    assert notes == {PLACES[0]: "1"}


def test_a_note_says_what_is_in_force(single):
    """A worker that begins behind a marker goes by the note committed there, not by what is newest."""
    for name in ("first", "second", "third"):
        put(single, activation("lexicon", lexicon=name))
    single.append([content("c-1")])
    last = everything(single, topics.CONTENT)[-1]
    batch = Batch((last,), {PLACES[0]: last.offset + 1})
    judged, notes = InForce(Activations(single, lambda _: True)).walk(batch, {PLACES[0]: Position(last.offset, "1")})
    assert [one.lexicon for _, one in judged] == ["second"]
    assert notes == {PLACES[0]: "1"}


def test_a_worker_goes_on_after_a_restart_by_its_notes(single):
    """Notes are committed with the positions, so that the next worker judges on by the same versions."""
    put(single, activation("lexicon", lexicon="first"))
    put(single, activation("lexicon", lexicon="second"))
    seen = []
    for name in ("c-1", "c-2"):
        single.append([content(name)])
        session = single.session("g", [topics.CONTENT], "m")
        batch = next_batch(session)
        judged, notes = InForce(Activations(single, lambda _: True)).walk(batch, session.assigned())
        with session.transaction() as transaction:
            transaction.done(batch, notes)
        session.close()
        put(single, activation("watchlist", sample="1"))
        seen += [one.lexicon for _, one in judged]
    assert seen == ["second", "second"]
    assert single.committed("g", [topics.CONTENT])[PLACES[0]].note == "1"


def test_without_a_note_the_first_that_is_enough_is_in_force(log):
    """Before a partition's first marker the log says it all: the first activation that a role can work with."""
    put(log, activation())
    with_list = put(log, activation("watchlist", sample="1"))
    put(log, activation("watchlist", sample="2"))
    assert Activations(log, lambda _: True).first().number == 0
    known = Activations(log, has_watchlist)
    assert known.first() == with_list
    assert known.at(Position(0)) == with_list
    assert known.at(Position(9, "2")).watchlists == {"sample": "2"}


def test_registrations_wait_for_a_list(log):
    """Until a sanctions list is active there is nothing to judge a registration by; then it is found at once."""
    known = Activations(log, has_watchlist)
    assert known.first() is None
    put(log, activation())
    assert known.first() is None
    with pytest.raises(LookupError):
        known.at(Position(0))
    made = put(log, activation("watchlist", sample="1"))
    assert known.first() == made


def test_a_marker_of_what_is_not_visible_yet_asks_to_read_again(single):
    """On a broker one partition's records may be readable before another's: the batch is read again later."""
    put(single, activation())
    marker = msgspec.json.encode(Marker(7, "not-yet"))
    record = Record(topics.CONTENT, 0, 5, 0, b"activation:not-yet", marker, (("ce_type", MARKER_TYPE.encode()),))
    with pytest.raises(Retry, match="activation 7 is not visible yet"):
        InForce(Activations(single, lambda _: True)).walk(Batch((record,), {PLACES[0]: 6}), {PLACES[0]: Position(0)})


def test_a_forged_marker_is_judged_as_the_record_it_is(single):
    """A marker of an activation that never comes, or of another one's number, holds nothing up and changes nothing."""
    put(single, activation())
    headers = (("ce_type", MARKER_TYPE.encode()),)
    forged = [
        Record(topics.CONTENT, 0, offset, 0, b"activation:x", msgspec.json.encode(Marker(number, "x")), headers)
        for offset, number in ((5, 99), (6, 0))
    ]
    in_force = InForce(Activations(single, lambda _: True))
    batch = Batch(tuple(forged), {PLACES[0]: 7})
    for _ in range(20):
        with pytest.raises(Retry):
            in_force.walk(batch, {PLACES[0]: Position(0)})
    judged, _ = in_force.walk(batch, {PLACES[0]: Position(0)})
    assert [record for record, _ in judged] == forged


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (b'{"activation": 1, "activation_id": "x"}', ()),
        (b'{"activation": 1, "activation_id": "x"}', (("ce_type", b"another"),)),
        (b"not json", (("ce_type", MARKER_TYPE.encode()),)),
        (b'{"activation": "one", "activation_id": "x"}', (("ce_type", MARKER_TYPE.encode()),)),
        (None, (("ce_type", MARKER_TYPE.encode()),)),
    ],
)
def test_what_somebody_published_is_no_marker(value, headers):
    """Without the header, or without what a marker says, a record is a subject like any other."""
    assert marker_of(Record(topics.CONTENT, 0, 0, 0, b"k", value, headers)) is None
