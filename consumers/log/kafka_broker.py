"""What a broker is looked at for: whether it is new enough, what time it has, and how many copies it keeps.

What is needed of a broker is needed from the first day: a role that began on an older one would stop in its first
transaction. So it is asked before anything else, by the versions of the requests that it says it takes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from kafka.errors import KafkaError
from kafka.protocol.api_key import ApiKey
from kafka.protocol.broker_version_data import infer_broker_version_from_api_versions

from consumers.log.port import Fatal, Replicas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kafka import KafkaAdminClient

    from consumers.log.kafka_topics import Topics

OLDEST: Final = "3.0"
"""The oldest Kafka that takes all of `NEEDED`."""

NEEDED: Final[Mapping[ApiKey, int]] = {
    ApiKey.Metadata: 10,  # names topics by id, by which one that was made anew is known; Kafka 2.8
    ApiKey.TxnOffsetCommit: 3,  # names the member, by which a zombie is fenced; Kafka 2.5
    ApiKey.DescribeTransactions: 0,  # says when what was committed can be read; Kafka 3.0
}
"""Request → the version of it that the pipeline cannot do without."""

_INTERNAL: Final = ("__consumer_offsets", "__transaction_state")
"""The broker's own topics: without the first nobody knows how far a group is, without the second nothing commits."""

_MIN_IN_SYNC: Final = "min.insync.replicas"


def check_age(admin: KafkaAdminClient, bootstrap: Sequence[str]) -> None:
    """Refuse a broker that is too old.

    Raises:
        Fatal: it lacks what is needed; the message says what, and what to do.
    """
    # The public `api_versions()` fails where a broker names a request that this client does not know yet.
    offered = admin._manager.broker_version_data.api_versions  # noqa: SLF001
    lacking = [key for key, least in NEEDED.items() if offered.get(key.value, (0, -1))[1] < least]
    if lacking:
        version = ".".join(map(str, infer_broker_version_from_api_versions(offered)))
        raise Fatal(
            f"log {','.join(bootstrap)}: found a broker as old as Kafka {version}, which cannot do"
            f" {', '.join(key.name for key in lacking)}, expected Kafka {OLDEST} or newer; upgrade the brokers, or name"
            " newer ones in log.url"
        )


def clock_of(topics: Topics) -> float | None:
    """Return the time of the active controller, in seconds since the epoch; None where it does not tell.

    A quorum's leader names itself among the voters as one that fetched just now, by its own clock. Brokers that still
    use ZooKeeper have no quorum, and one may be forbidden to ask.
    """
    with topics.lock, contextlib.suppress(KafkaError), topics.clients.told():
        for one in topics.admin().describe_metadata_quorum()["topics"][0]["partitions"]:
            for voter in one["current_voters"]:
                if voter["replica_id"] == one["leader_id"] and voter.get("last_fetch_timestamp", -1) > 0:
                    return float(voter["last_fetch_timestamp"]) / 1000
    return None


def replicas_of(topics: Topics, names: Sequence[str]) -> Mapping[str, Replicas]:
    """Return how those of some topics that exist are copied, by their full names, with the broker's own topics."""
    with topics.lock, topics.clients.told():
        found = topics.admin().describe_topics([*map(topics.full, names), *_INTERNAL])
    there = {one["name"]: one["partitions"] for one in found if one["error_code"] == 0 and one["partitions"]}
    least = topics.named_settings(list(there))
    return {
        name: Replicas(
            copies=min(len(one["replica_nodes"]) for one in partitions),
            in_sync=min(len(one["isr_nodes"]) for one in partitions),
            least_in_sync=int(least[name][_MIN_IN_SYNC]),
            leaderless=tuple(one["partition_index"] for one in partitions if one["leader_id"] < 0),
        )
        for name, partitions in sorted(there.items())
    }
