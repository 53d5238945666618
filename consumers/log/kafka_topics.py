"""Topics on Kafka: made with the settings that keep every record and its order, and checked where they exist."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from kafka import TopicPartition as Place
from kafka.admin import ConfigResource, OffsetSpec
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupIdNotFoundError,
    KafkaError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.protocol.consumer import IsolationLevel

from consumers.log.kafka_broker import check_age
from consumers.log.port import Fatal, TopicSpec, WrongTopics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kafka import KafkaAdminClient
    from kafka.structs import OffsetAndTimestamp

    from consumers.log.kafka_clients import Clients
    from consumers.log.port import TopicPartition

_Answer = TypeVar("_Answer")

SLACK_BYTES = 128 * 1024
"""What a topic's `max.message.bytes` allows beyond its largest record: the broker counts the whole batch with its
framing. It lies above the producer's batch size, and small beside the 1 MiB that most topics allow."""

TOMBSTONE_MS = 7 * 24 * 3600 * 1000
"""How long an erasure stays readable, so that a reader stopped for days still learns of it (the same in SQLite)."""

COORDINATOR_SECONDS = 10.0
"""How long a group's coordinator may be on its way: a new cluster makes its topic of positions when first asked."""

_NO_COORDINATOR = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)

SAFE_REPLICAS = 3
"""From here on a record must be on two replicas before it counts, and one broker may still fail."""

POLICY, SIZE, RETENTION = "cleanup.policy", "max.message.bytes", ("retention.ms", "retention.bytes")


def members_of(described: Mapping[str, Any]) -> int:
    """Return how many members a group has, as the client describes it: what the broker refused it tells as a text.

    Raises:
        KafkaError: the broker did not say.
    """
    said = str(described["error"] or "")
    if said and not _is(said, GroupIdNotFoundError):
        raise next((kind for kind in _NO_COORDINATOR if _is(said, kind)), KafkaError)(said)
    return len(described["members"])


def _is(said: str, kind: type[KafkaError]) -> bool:
    return said.startswith(str(kind("")))


@dataclass(slots=True)
class Topics:
    """The topics under one prefix. Every use of the one admin client goes through the lock here."""

    clients: Clients
    replication: int
    lock: threading.RLock = field(default_factory=threading.RLock)
    _admin: KafkaAdminClient | None = None
    _specs: dict[str, TopicSpec] = field(default_factory=dict)

    def full(self, name: str) -> str:
        """Return a topic's name on the broker."""
        return self.clients.prefix + name

    def admin(self) -> KafkaAdminClient:
        """Return the admin client, made when first asked for; the caller holds the lock.

        Raises:
            Fatal: the broker is too old.
        """
        if self._admin is None:
            admin = self.clients.admin()
            try:
                check_age(admin, self.clients.bootstrap)
            except BaseException:
                admin.close()
                raise
            self._admin = admin
        return self._admin

    def describe(self, names: Sequence[str]) -> dict[str, tuple[int, int, str]]:
        """Return partitions, replicas and id of those topics that exist."""
        if not names:
            return {}
        with self.lock, self.clients.told():
            found = self.admin().describe_topics([self.full(name) for name in names])
        cut = len(self.clients.prefix)
        return {
            topic["name"][cut:]: (
                len(topic["partitions"]),
                min(len(partition["replica_nodes"]) for partition in topic["partitions"]),
                str(topic["topic_id"]),
            )
            for topic in found
            if topic["error_code"] == 0 and topic["partitions"]
        }

    def settings(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the settings of topics that exist."""
        if not names:
            return {}
        found = self.named_settings([self.full(name) for name in names])
        return {name: found[self.full(name)] for name in names}

    def named_settings(self, full: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the settings of topics that exist, by their names on the broker."""
        wanted = [ConfigResource("TOPIC", name, None) for name in full]
        with self.lock, self.clients.told():
            found = self.admin().describe_configs(wanted, config_filter="all")["topic"]
        return {name: {key: str(entry["value"]) for key, entry in found[name].items()} for name in full}

    def spec(self, name: str) -> TopicSpec:
        """Return a topic as it is.

        Raises:
            Fatal: it does not exist.
        """
        if name not in self._specs:
            found = self.describe([name])
            if name not in found:
                raise Fatal(f"topic {name}: found none of this name, expected it to be made before (`ensure`)")
            settings = self.settings([name])[name]
            compacted = "compact" in settings[POLICY]
            self._specs[name] = TopicSpec(name, found[name][0], compacted, int(settings[SIZE]) - SLACK_BYTES)
        return self._specs[name]

    def ensure(self, specs: Sequence[TopicSpec]) -> None:
        """Make what is missing and check the rest.

        Raises:
            WrongTopics: one exists with other settings; nothing is made then.
        """
        there, wrong = self.check(specs)
        if wrong:
            raise WrongTopics("\n".join(wrong))
        missing = {self.full(spec.name): self._wanted(spec) for spec in specs if spec.name not in there}
        if missing:
            with self.lock, self.clients.told():
                try:
                    self.admin().create_topics(missing, wait_for_metadata=True)
                except TopicAlreadyExistsError:  # another process was faster: what it made is checked in turn
                    self.admin().wait_for_topics(list(missing))
                    self.ensure(specs)
                    return
            self._raise_isr([spec.name for spec in specs if self.full(spec.name) in missing])
        self._specs |= {spec.name: spec for spec in specs}

    def check(self, specs: Sequence[TopicSpec]) -> tuple[dict[str, tuple[int, int, str]], list[str]]:
        """Return what is there of some topics, and where it is not as it must be."""
        there = self.describe([spec.name for spec in specs])
        settings = self.settings([spec.name for spec in specs if spec.name in there])
        return there, [
            line
            for spec in specs
            if spec.name in there
            for line in differences(spec, self.full(spec.name), there[spec.name], settings[spec.name])
        ]

    def ends(self, name: str, *, committed: bool) -> dict[int, int]:
        """Return each partition's end: of what was committed, or of what was written."""
        level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
        return self._offsets(name, OffsetSpec.LATEST, level)

    def starts(self, name: str) -> dict[int, int]:
        """Return each partition's first offset."""
        return self._offsets(name, OffsetSpec.EARLIEST, IsolationLevel.READ_UNCOMMITTED)

    def newest(self, name: str) -> int | None:
        """Return the latest time that a record bears, in milliseconds; None where there is none."""
        found = self._listed(name, OffsetSpec.MAX_TIMESTAMP, IsolationLevel.READ_UNCOMMITTED)
        return max((one.timestamp for one in found.values() if one.timestamp > 0), default=None)

    def positions(self, group: str, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the offsets that a group has committed, as they are now."""
        theirs = {Place(self.full(place.topic), place.partition): place for place in places}
        name = self.clients.prefix + group
        found = self._coordinated(lambda admin: admin.list_group_offsets({name: list(theirs)})[name])
        return {theirs[place]: where.offset for place, where in found.items() if where.offset >= 0}

    def members(self, group: str) -> int:
        """Return how many members a group has; of one that nobody has heard of none."""
        name = self.clients.prefix + group
        return self._coordinated(lambda admin: members_of(admin.describe_groups([name])[name]))

    def settled(self, transactional_id: str, seconds: float) -> None:
        """Wait until what a producer committed can be read: its commit returns before the markers are written."""
        deadline = time.monotonic() + seconds
        name = self.clients.prefix + transactional_id
        while time.monotonic() < deadline:
            with self.lock, self.clients.told():
                state = self.admin().describe_transactions([name])[name].state
            if not state.startswith("Prepare"):
                return
            time.sleep(0.005)

    def close(self) -> None:
        """Close the admin client."""
        with self.lock:
            if self._admin is not None:
                self._admin.close()
                self._admin = None

    def _coordinated(self, ask: Callable[[KafkaAdminClient], _Answer]) -> _Answer:
        """Return the answer to a question about a group, once there is a coordinator to answer it."""
        deadline = time.monotonic() + COORDINATOR_SECONDS
        while True:
            with self.lock, self.clients.told():
                try:
                    return ask(self.admin())
                except _NO_COORDINATOR:
                    if time.monotonic() > deadline:
                        raise
            time.sleep(0.1)

    def _offsets(self, name: str, spec: OffsetSpec, level: IsolationLevel) -> dict[int, int]:
        return {number: one.offset for number, one in self._listed(name, spec, level).items()}

    def _listed(self, name: str, spec: OffsetSpec, level: IsolationLevel) -> dict[int, OffsetAndTimestamp]:
        partitions = self.spec(name).partitions
        wanted = {Place(self.full(name), number): spec for number in range(partitions)}
        with self.lock, self.clients.told():
            try:
                found = self.admin().list_partition_offsets(wanted, isolation_level=level)
            except UnknownTopicOrPartitionError as error:
                raise Fatal(f"topic {name}: found it gone, expected it to stay; nothing deletes topics here") from error
        return {place.partition: where for place, where in found.items()}

    def _wanted(self, spec: TopicSpec) -> dict[str, object]:
        configs = {POLICY: policy(spec), SIZE: str(spec.most_bytes + SLACK_BYTES), **dict.fromkeys(RETENTION, "-1")}
        if spec.compacted:
            configs["delete.retention.ms"] = str(TOMBSTONE_MS)
        if self.replication >= SAFE_REPLICAS:
            configs["min.insync.replicas"] = "2"
        return {"num_partitions": spec.partitions, "replication_factor": self.replication, "configs": configs}

    def _raise_isr(self, made: Sequence[str]) -> None:
        """Where the broker chose the number of replicas, require two to be in sync if it chose three or more."""
        if self.replication >= 0:
            return
        many = [name for name, (_, replicas, _) in self.describe(made).items() if replicas >= SAFE_REPLICAS]
        if many:
            change = [ConfigResource("TOPIC", self.full(name), {"min.insync.replicas": "2"}) for name in many]
            with self.lock, self.clients.told():
                self.admin().alter_configs(change)


def policy(spec: TopicSpec) -> str:
    """Return the cleanup policy a topic must have."""
    return "compact" if spec.compacted else "delete"


def differences(spec: TopicSpec, full: str, there: tuple[int, int, str], settings: Mapping[str, str]) -> list[str]:
    """Say in which settings a topic would lose records or break their order, and what to do."""
    partitions, replicas, _ = there
    wrong: list[str] = []

    def note(name: str, found: object, expected: object, advice: str) -> None:
        wrong.append(f"topic {full}: {name}: found {found}, expected {expected}; {advice}")

    def alter(name: str, expected: object) -> str:
        return f"kafka-configs.sh --alter --topic {full} --add-config {name}={expected}"

    if partitions != spec.partitions:
        note("partitions", partitions, spec.partitions, "the order by key would break: use another log.prefix")
    if settings[POLICY] != policy(spec):
        note(POLICY, settings[POLICY], policy(spec), alter(POLICY, policy(spec)))
    if not spec.compacted:
        for name in RETENTION:
            if settings[name] != "-1":
                note(name, settings[name], -1, alter(name, -1))
    least = spec.most_bytes + SLACK_BYTES
    if int(settings[SIZE]) < least:
        note(SIZE, settings[SIZE], f"{least} or more", alter(SIZE, least))
    if replicas >= SAFE_REPLICAS and int(settings["min.insync.replicas"]) < 2:
        note("min.insync.replicas", settings["min.insync.replicas"], "2 or more", alter("min.insync.replicas", 2))
    return wrong
