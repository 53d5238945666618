"""Records that are handed to the Kafka client as batches are what the client itself would have written."""

from __future__ import annotations

import kafka
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.memory_records import MemoryRecordsBuilder
from logs import Place, spec

from consumers.log import kafka_sending
from consumers.log.kafka_sending import _built
from consumers.log.port import Outgoing

_BYTES = st.none() | st.binary(max_size=80) | st.integers(4_000, 20_000).map(lambda size: b"v" * size)
_HEADERS = st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=200)), max_size=6).map(tuple)
_RECORDS = st.lists(st.builds(Outgoing, st.just("t"), _BYTES, _BYTES, _HEADERS), min_size=1, max_size=150)


def test_the_client_is_the_one_whose_inside_is_known():
    """Whoever raises kafka-python's version looks at `kafka_sending` first, or goes the public way from then on."""
    assert kafka_sending.KNOWN, f"found kafka-python {kafka.__version__}: see consumers/log/kafka_sending.py"


@given(_RECORDS, st.integers(0, 60_000))
def test_batches_are_the_clients_own(records, most):
    """The bytes of each batch, its count and where it ends are those of the client's builder given the same records."""
    left = list(records)
    for built in _built(records, most):
        stamp = built._builder._first_timestamp
        theirs = MemoryRecordsBuilder(2, 0, most)
        for one in left[: built.next_offset()]:
            assert theirs.append(stamp, one.key, one.value, list(one.headers)) is not None
        left = left[built.next_offset() :]
        if left:
            assert theirs.append(stamp, left[0].key, left[0].value, list(left[0].headers)) is None
        for one in (built, theirs):
            one.set_producer_state(7, 1, 3, True)
            one.close()
        assert bytes(built.buffer()) == bytes(theirs.buffer())
        assert built.next_offset() == theirs.next_offset()
    assert not left


def test_both_ways_write_the_same(kafka_broker, monkeypatch):
    """By batches and by the public way the same records come to lie at the offsets that are told, in order."""
    place = Place("kafka", kafka_broker)
    try:
        log = place.open()
        log.ensure([spec("t", 3)])
        records = [
            Outgoing("t", b"k%d" % (number % 7), b"%d" % number * (1 + number % 900), (("h", b"%d" % number),))
            for number in range(400)
        ]
        for known in (True, False):
            monkeypatch.setattr(kafka_sending, "KNOWN", known)
            told = log.append(records)
            found = {
                (record.partition, record.offset): (record.key, record.value, record.headers)
                for partition, (start, end) in log.bounds("t").items()
                for record in log.read("t", partition, start, end)
            }
            for one, at in zip(records, told, strict=True):
                here = [found[partition, at.offset] for partition in range(3) if (partition, at.offset) in found]
                assert (one.key, one.value, one.headers) in here
    finally:
        place.close()
