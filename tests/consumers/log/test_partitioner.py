"""The partitioner is Kafka's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner import murmur2 as theirs

from consumers.log.partitioner import murmur2, partition_for


@pytest.mark.parametrize(
    ("key", "signed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_known_vectors(key, signed):
    """The hash is the one that Kafka's Java client publishes for these keys."""
    assert murmur2(key) == signed & 0xFFFFFFFF


@given(st.binary(max_size=200), st.integers(1, 1000))
def test_equal_to_the_client(key, partitions):
    """Every key has the hash and the partition that kafka-python gives it."""
    assert murmur2(key) == theirs(key) & 0xFFFFFFFF
    assert partition_for(key, partitions) == (theirs(key) & 0x7FFFFFFF) % partitions


def test_null_key():
    """A null key goes to partition 0."""
    assert partition_for(None, 7) == 0
