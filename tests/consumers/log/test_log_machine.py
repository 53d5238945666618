"""The same operations on both adapters leave the same log, and what the model says."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from logs import Place, spec

from consumers.log.partitioner import partition_for
from consumers.log.port import Fenced, Outgoing, Position

KEYS = st.lists(st.sampled_from([b"a", b"b", b"c", b"", b"\xff", b"long key"]), max_size=5)
PARTITIONS = 3
PATIENCE = 60.0


class Stop(Exception):
    """Leaves a transaction's block."""


class TwoLogs(RuleBasedStateMachine):
    """One log of each kind, and lists that say what they must hold."""

    def __init__(self, kafka, path) -> None:
        super().__init__()
        self.places = [Place("sqlite", str(path)), Place("kafka", kafka)]
        self.logs = [place.open() for place in self.places]
        for log in self.logs:
            log.ensure([spec("in", PARTITIONS), spec("out", 2)])
        self.sessions = [log.session("g", ["in"], "m") for log in self.logs]
        self.written = 0
        self.expected = {number: [] for number in range(PARTITIONS)}
        self.passed = 0
        self.appended = set()

    def expect(self, sent):
        for one in sent:
            self.expected[partition_for(one.key, PARTITIONS)].append(one.value)

    def records(self, keys):
        made = [Outgoing("in", key, str(self.written + n).encode()) for n, key in enumerate(keys)]
        self.written += len(made)
        return made

    @rule(keys=KEYS)
    def append(self, keys):
        made = self.records(keys)
        for log in self.logs:
            log.append(made)
        self.expect(made)

    @rule(keys=KEYS, dedupe_id=st.sampled_from([None, "d1", "d2"]), commit=st.booleans())
    def append_exclusively(self, keys, dedupe_id, commit):
        made = self.records(keys)
        repeated = dedupe_id in self.appended
        for log in self.logs:
            try:
                with log.appending("w", dedupe_id) as opened:
                    assert opened.repeated == repeated
                    for one in made if not repeated else ():
                        opened.send(one)
                    if not commit:
                        raise Stop  # noqa: TRY301 - leaves the block
            except Stop:
                assert not commit
        if commit and not repeated:
            self.expect(made)
            self.appended |= {dedupe_id} - {None}

    @rule(most=st.integers(1, 7))
    def pass_on(self, most):
        """Pass on all that waits, in batches of some size."""
        for session in self.sessions:
            left = sum(map(len, self.expected.values())) - self.passed
            deadline = time.monotonic() + PATIENCE
            while left > 0 and time.monotonic() < deadline:
                batch = session.poll(1, most)
                with session.transaction() as transaction:
                    for record in batch.records:
                        transaction.send(Outgoing("out", record.key, record.value))
                    transaction.done(batch, dict.fromkeys(batch.reached, f"of {most}"))
                left -= len(batch.records)
            assert left == 0
        self.passed = sum(map(len, self.expected.values()))

    @rule(keys=KEYS)
    def abort(self, keys):
        for session in self.sessions:
            batch = session.poll(0.2)
            with pytest.raises(Stop), session.transaction() as transaction:  # noqa: PT012 - the block's end is tested
                transaction.done(batch)
                for key in keys:
                    transaction.send(Outgoing("out", key, b"never"))
                raise Stop

    @rule(polite=st.booleans())
    def restart(self, polite):
        """Start the member again, after closing it or beside its older twin."""
        for number, log in enumerate(self.logs):
            older = self.sessions[number]
            if polite:
                older.close()
            self.sessions[number] = log.session("g", ["in"], "m")
            self.sessions[number].poll(0)
            if not polite:
                batch = older.poll(0.1) if self.places[number].kind == "kafka" else None
                with pytest.raises(Fenced), older.transaction() as transaction:  # noqa: PT012 - as above
                    transaction.send(Outgoing("out", b"k", b"never"))
                    if batch is not None:
                        transaction.done(batch)
                older.close()

    @rule()
    def compare(self):
        notes = []
        for log in self.logs:
            for number, (first, end) in log.bounds("in").items():
                assert [one.value for one in log.read("in", number, first, end)] == self.expected[number]
            out = [
                one for number, (first, end) in log.bounds("out").items() for one in log.read("out", number, first, end)
            ]
            assert len(out) == self.passed
            by_key = {key: [int(one.value) for one in out if one.key == key] for key in {one.key for one in out}}
            assert all(numbers == sorted(set(numbers)) for numbers in by_key.values())
            committed = log.committed("g", ["in"])
            left = 0
            for place, position in committed.items():
                left += len(
                    list(log.read("in", place.partition, position.offset, log.bounds("in")[place.partition][1]))
                )
            left += sum(len(values) for number, values in self.expected.items() if self.unread(committed, number))
            assert left == sum(map(len, self.expected.values())) - self.passed
            notes.append(
                {place: one.note for place, one in committed.items() if one.note and self.expected[place.partition]}
            )
        assert not self.passed or notes[0].keys() == notes[1].keys()

    @staticmethod
    def unread(committed, number):
        return not any(place.partition == number and position != Position(0) for place, position in committed.items())

    def teardown(self):
        self.compare()
        for place in self.places:
            place.close()


@pytest.mark.timeout(580)
def test_same_operations_same_log(kafka_broker, tmp_path_factory):
    """Whatever is done to both logs in the same order, both hold what the model holds, once and in order."""
    run_state_machine_as_test(
        lambda: TwoLogs(kafka_broker, tmp_path_factory.mktemp("machine") / "log.db"),
        settings=settings(
            max_examples=5,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
