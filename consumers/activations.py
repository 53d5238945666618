"""Which versions judge which record: activations, and the markers that put them into the input topics.

Rules of this module:
1. An activation is one record in the one-partition activations topic. Its offset is its number, and it names the whole
   set of versions in force, so that one record tells all.
2. In the same transaction a marker goes into every partition of the input topics that it concerns. A worker changes
   versions exactly at the marker, and only ever to a higher number.
3. Before a partition's first marker the first activation that is enough for the role is in force. So the log alone
   says what judged a record, on every replay.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from consumers import topics
from consumers.log.port import Outgoing, Position, Retry, TopicPartition
from consumers.wire import MARKER_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consumers.log.port import Batch, Log, Record

ActivationKind = Literal["shipped", "engine", "policy", "lexicon", "watchlist"]

_CONCERNED: Final[dict[ActivationKind, tuple[str, ...]]] = {
    "shipped": (topics.CONTENT, topics.ACCOUNTS),
    "engine": (topics.CONTENT, topics.ACCOUNTS),
    "policy": (topics.CONTENT, topics.ACCOUNTS),
    "lexicon": (topics.CONTENT,),
    "watchlist": (topics.ACCOUNTS,),
}

_WRITER: Final = "activations"

_LOOKS: Final = 20
"""How often an activation that a marker names is looked for: with a worker's pauses longer than any commit."""


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """A set of versions in force from its markers on; digests name them, the ledger keeps them.

    `shipped` says that lexicon and policy are those that came with the release, so that the next release replaces them.
    """

    activation_id: str
    kind: ActivationKind
    engine: str
    policy: str
    lexicon: str
    watchlists: dict[str, str]
    shipped: bool
    by: str
    reason: str
    at: str
    number: int = -1

    def written(self) -> bytes:
        """Return the activation as it stands on the log, where its offset is its number."""
        fields = msgspec.to_builtins(self)
        del fields["number"]
        return msgspec.json.encode(fields)


class Marker(msgspec.Struct, frozen=True):
    """What stands in an input topic where the versions change."""

    activation: int
    activation_id: str


def activate(log: Log, change: Callable[[Activation | None], Activation | None]) -> Activation | None:
    """Activate a set of versions: the record and all its markers, or nothing.

    Args:
        log: the log, with its topics made.
        change: gets the activation in force and returns the next one, or None where nothing is to change.

    Raises:
        Fenced: another activation came between; nothing was written, and it may be tried again.
    """
    with log.appending(_WRITER) as appending:
        new = change(latest(log))
        if new is None:
            return None
        key = new.activation_id.encode()
        marked = _marker_key(new.activation_id)
        headers = (("ce_specversion", b"1.0"), ("ce_type", MARKER_TYPE.encode()))
        number = appending.send(Outgoing(topics.ACTIVATIONS, key, new.written(), headers)).offset
        # A compacted topic keeps the newest record of each key: a key of its own keeps every marker.
        marker = msgspec.json.encode(Marker(number, new.activation_id))
        for topic in _CONCERNED[new.kind]:
            for partition in range(log.partitions(topic)):
                appending.send(Outgoing(topic, marked, marker, headers, partition))
    return msgspec.structs.replace(new, number=number)


def _marker_key(activation_id: str) -> bytes:
    return b"activation:" + activation_id.encode("utf-8", "backslashreplace")


def new_id() -> str:
    """Return a name for an activation, never given before."""
    return str(uuid.uuid4())


def latest(log: Log) -> Activation | None:
    """Return the activation in force at the end of the log, or None where there was none yet."""
    last = None
    for record in _records(log):
        last = record
    return None if last is None else _activation(last)


def latest_for(log: Log, topic: str) -> Activation | None:
    """Return the newest activation that put markers into an input topic; None where there was none yet."""
    last = None
    for record in _records(log):
        activation = _activation(record)
        if topic in _CONCERNED[activation.kind]:
            last = activation
    return last


def history(log: Log) -> tuple[Activation, ...]:
    """Return every activation, the first one first."""
    return tuple(_activation(record) for record in _records(log))


def as_of(log: Log, when: int | datetime) -> Activation | None:
    """Return what was in force under a number or at a time; None where nothing was yet.

    Args:
        log: the log.
        when: an activation's number, or a time, aware of its zone.
    """
    found = None
    for activation in history(log):
        reached = activation.number <= when if isinstance(when, int) else datetime.fromisoformat(activation.at) <= when
        if reached:
            found = activation
    return found


def policies(log: Log) -> frozenset[str]:
    """Return the digests of all policies that were ever in force."""
    return frozenset(_activation(record).policy for record in _records(log))


def marker_of(record: Record) -> Marker | None:
    """Return the marker that a record of an input topic is, or None for what somebody published.

    A marker's key names its activation, so that no producer's record is taken for one by a header alone.
    """
    if record.header("ce_type") != MARKER_TYPE.encode() or record.value is None:
        return None
    try:
        marker = msgspec.json.decode(record.value, type=Marker)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return marker if record.key == _marker_key(marker.activation_id) else None


class Activations:
    """Reads activations by number; what was read once is remembered, for an activation never changes.

    Args:
        log: the log.
        enough: says whether an activation has all that a role needs; the first that has serves before any marker.
    """

    def __init__(self, log: Log, enough: Callable[[Activation], bool]) -> None:
        self._log = log
        self._enough = enough
        self._known: dict[int, Activation] = {}

    def number(self, number: int) -> Activation:
        """Return an activation.

        Raises:
            LookupError: there is none with this number.
        """
        if number not in self._known:
            self._read()
        return self._known[number]

    def first(self) -> Activation | None:
        """Return the first activation that is enough, or None where there is none yet."""
        if not any(map(self._enough, self._known.values())):
            self._read()
        return next((known for _, known in sorted(self._known.items()) if self._enough(known)), None)

    def at(self, position: Position) -> Activation:
        """Return what is in force at a committed position; its note is the number of the activation.

        Raises:
            LookupError: no activation is enough yet.
        """
        if position.note:
            return self.number(int(position.note))
        first = self.first()
        if first is None:
            raise LookupError("no activation is enough for this role yet")
        return first

    def _read(self) -> None:
        self._known = {record.offset: _activation(record) for record in _records(self._log)}


class InForce:
    """Walks batches and says which activation judges each record."""

    def __init__(self, activations: Activations) -> None:
        self._activations = activations
        self._missing: dict[str, int] = {}

    def walk(
        self, batch: Batch, assigned: Mapping[TopicPartition, Position]
    ) -> tuple[list[tuple[Record, Activation]], dict[TopicPartition, str]]:
        """Return the records that are no markers, each with what judges it, and the notes to commit.

        Args:
            batch: records, in order within each partition.
            assigned: the partitions owned, with the positions committed.
        """
        force = {place: self._activations.at(assigned[place]) for place in batch.reached}
        judged = []
        for record in batch.records:
            place = TopicPartition(record.topic, record.partition)
            marker = marker_of(record)
            activation = None if marker is None else self._named(marker)
            if activation is None:
                judged.append((record, force[place]))
            elif activation.number > force[place].number:
                force[place] = activation
        return judged, {place: str(activation.number) for place, activation in force.items()}

    def _named(self, marker: Marker) -> Activation | None:
        """Return what a marker names, or None for what only looks like a marker, which is judged as what it is.

        On a broker a transaction may become visible in one partition a moment before another, so that what is missing
        is looked for again before nobody's marker is held to be somebody's record.
        """
        try:
            named = self._activations.number(marker.activation)
        except LookupError:
            tries = self._missing.get(marker.activation_id, 0) + 1
            self._missing[marker.activation_id] = tries
            if tries > _LOOKS:
                return None
            raise Retry(f"{topics.ACTIVATIONS}: activation {marker.activation} is not visible yet") from None
        return named if named.activation_id == marker.activation_id else None


def _records(log: Log) -> list[Record]:
    first, end = log.bounds(topics.ACTIVATIONS)[0]
    return list(log.read(topics.ACTIVATIONS, 0, first, end))


def _activation(record: Record) -> Activation:
    activation = msgspec.json.decode(record.value or b"", type=Activation)
    return msgspec.structs.replace(activation, number=record.offset)
