"""What `doctor` says of an installation, for every fault that it names: each test makes the fault."""

from __future__ import annotations

import json
import pathlib
import time

import pytest
import terminal
from integration.streams import Stream, flags_for, settings_of
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from services import free_port

from consumers import topics
from consumers.examination import DAY, FREE_BYTES, Senses, State, examine
from consumers.ledger.ledger import SqlLedger
from consumers.log.port import Outgoing
from consumers.wiring import Installation


def found(stream, **senses):
    return {one.what: one for one in examine(stream.installation, Senses(**({"patience": 0.5} | senses)))}


def faults(stream, **senses):
    return {what for what, one in found(stream, **senses).items() if one.state is State.FAULT}


@pytest.fixture
def embedded(tmp_path):
    with Stream(flags_for(tmp_path)) as stream:
        yield stream


@pytest.fixture
def on_kafka(tmp_path, kafka_broker):
    with Stream(flags_for(tmp_path, broker=kafka_broker)) as stream:
        yield stream


def alter(stream, topic, **settings):
    admin = KafkaAdminClient(bootstrap_servers=stream.flags["log.url"].removeprefix("kafka://"))
    changed = {name.replace("_", "."): value for name, value in settings.items()}
    admin.alter_configs([ConfigResource("TOPIC", stream.flags["log.prefix"] + topic, changed)])
    admin.close()


def test_a_sound_installation(embedded):
    """Nothing is at fault; that no list is in force is a warning that says what waits."""
    lines = found(embedded, free=lambda _: 100 * FREE_BYTES)
    assert [what for what, one in lines.items() if one.state is not State.OK] == ["lists"]
    assert "registrations stay unread" in lines["lists"].advice


def test_a_full_disk(embedded):
    """Little free space is a warning, almost none a fault."""
    assert found(embedded, free=lambda _: 5 * FREE_BYTES)["disk"].state is State.WARNING
    assert "disk" in faults(embedded, free=lambda _: FREE_BYTES // 2)


def test_a_clock_an_hour_off(embedded):
    """Records from the future show that one of the clocks is wrong, and by how much."""
    embedded.publish([Outgoing(topics.CONTENT, b"a-1", b"{}")])
    line = found(embedded, now=lambda: time.time() - 3600)["clock"]
    assert line.state is State.FAULT
    assert "follow a time server" in line.advice
    assert found(embedded)["clock"].state is State.OK


def test_an_old_list_and_an_old_lexicon(tmp_path):
    """A list past the age that its setting permits is a fault, and so is a lexicon where its setting asks for it."""
    someone = terminal.with_watchlist(tmp_path)
    flags = {
        "data": str(someone.data),
        "log.url": f"sqlite:///{someone.data / 'log.sqlite'}",
        "store.url": f"sqlite:///{someone.data / 'store.sqlite'}",
        "health.lexicon_days": "10",
    }
    with Stream(flags) as stream:
        assert not faults(stream, free=lambda _: 100 * FREE_BYTES)
        later = time.time() + 31 * DAY
        assert faults(stream, now=lambda: later) >= {"list us-ofac-sdn", "lexicon"}


def doctor(stream, store):
    """Run the command on a log, with another ledger, and return its exit code and what is not well."""
    held = stream.flags
    environment = {"SCREENING_STORE_URL": store, "SCREENING_LOG_PREFIX": held["log.prefix"]}
    someone = terminal.Terminal(pathlib.Path(held["data"]), environment)
    done = someone.run("doctor", "--json", "--data", held["data"], "--log", held["log.url"])
    states = {line["what"]: line["state"] for line in done.lines}
    return done.code, {what for what, state in states.items() if state in {"fault", "unreachable"}}


def test_a_ledger_that_is_lost(embedded, tmp_path):
    """One that is not there is told, and one that has not what is in force."""
    store = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    assert doctor(embedded, store) == (1, {"ledger"})
    SqlLedger(store).close()
    assert doctor(embedded, store) == (1, {"policy", "lexicon"})


@pytest.mark.timeout(60)
def test_a_database_that_is_not_there(embedded):
    """The exit code is that of a dependency out of reach."""
    store = f"postgresql+psycopg://someone@127.0.0.1:{free_port()}/store"
    assert doctor(embedded, store) == (5, {"ledger"})


def test_a_dead_letter_that_nobody_decided_about(embedded):
    """It is a warning that names the command to look at it."""
    embedded.publish([Outgoing(topics.CONTENT, b"a-1", b"{broken")])
    embedded.drain(("content",))
    line = found(embedded)["dead letters"]
    assert (line.state, line.found) == (State.WARNING, "1 undecided")


def test_another_number_of_partitions(embedded):
    """A setting that the topics do not have is told with the number that they have."""
    with Installation(settings_of(embedded.flags | {"log.partitions": "3"})) as other:
        lines = [one for one in examine(other, Senses()) if one.what == "topics"]
    assert {one.state for one in lines} == {State.FAULT}
    assert "set log.partitions to 6" in lines[0].advice


def test_a_topic_with_wrong_settings(on_kafka):
    """Each setting that would lose records is a fault with the command that mends it."""
    assert not faults(on_kafka, free=lambda _: 100 * FREE_BYTES)
    alter(on_kafka, topics.RESULTS, retention_ms="1000", max_message_bytes="1000")
    lines = [one for one in examine(on_kafka.installation, Senses(patience=0.5)) if one.what == "topics"]
    assert [one.state for one in lines] == [State.FAULT, State.FAULT]
    assert all("kafka-configs.sh --alter" in one.advice for one in lines)


def test_a_stuck_transaction(on_kafka):
    """What stays withheld is told with its partition."""
    with on_kafka.installation.log.appending("a test") as appending:
        appending.send(Outgoing(topics.CONTENT, b"k", b"{}", partition=2))
        deadline = time.monotonic() + 10
        while (line := found(on_kafka)["transactions"]).state is State.OK and time.monotonic() < deadline:
            pass
    assert line.state is State.FAULT
    assert line.found == "one stands on content.published 2"


@pytest.mark.timeout(120)
def test_a_broker_that_is_not_there(tmp_path):
    """The exit code is that of a dependency out of reach, and the line says what to do."""
    done = terminal.Terminal(tmp_path).run("doctor", "--json", "--log", f"kafka://127.0.0.1:{free_port()}")
    assert done.code == 5
    [line] = [line for line in done.lines if line["what"] == "log"]
    assert line["state"] == "unreachable"
    assert "log.url" in line["advice"]


def test_a_wrong_setting(tmp_path):
    """A fault of the configuration is told as everywhere, with its exit code."""
    someone = terminal.Terminal(tmp_path, {"SCREENING_LOG_PARTITIONS": "many"})
    done = someone.run("doctor")
    assert done.code == 2
    assert "SCREENING_LOG_PARTITIONS" in done.err


def test_nothing_is_made(tmp_path):
    """On an empty machine it says that there is no log, and leaves no file."""
    someone = terminal.Terminal(tmp_path)
    done = someone.run("doctor", "--json")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1])["state"] == "warning"
    assert not someone.files()
