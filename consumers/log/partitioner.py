"""Which partition a key belongs to: murmur2, as Kafka's own default partitioner, so that every adapter agrees.

Source: Austin Appleby's MurmurHash2 with the seed and the masking that Apache Kafka's Java client uses.
"""

from __future__ import annotations

import functools
import struct

SEED = 0x9747B28C
MIX = 0x5BD1E995
WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Return the 32-bit MurmurHash2 of some bytes, unsigned.

    >>> hex(murmur2(b"21"))
    '0xc5f2f8ec'
    """
    length = len(data)
    value = (SEED ^ length) & WORD
    whole = length // 4
    for part in struct.unpack_from(f"<{whole}I", data):
        mixed = (part * MIX) & WORD
        mixed ^= mixed >> 24
        value = ((value * MIX) & WORD) ^ ((mixed * MIX) & WORD)
    rest = data[whole * 4 :]
    if rest:
        value = ((value ^ int.from_bytes(rest, "little")) * MIX) & WORD
    value ^= value >> 13
    value = (value * MIX) & WORD
    return value ^ (value >> 15)


@functools.lru_cache(maxsize=65_536)
def partition_for(key: bytes | None, partitions: int) -> int:
    """Return the partition of a key in a topic of that many partitions; a null key goes to partition 0.

    Kafka's own client would scatter records without a key; here they keep their order instead.
    """
    if key is None:
        return 0
    return (murmur2(key) & 0x7FFFFFFF) % partitions
