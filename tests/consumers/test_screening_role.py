from __future__ import annotations

import json

import pytest
from fakes import BAD, FATAL, KeywordScreener, Watcher
from streams import activation, content, drained, everything, open_stream, registration

from consumers import topics, wire
from consumers.activations import Activations, activate
from consumers.content import content_role
from consumers.happenings import Judged, Refused
from consumers.log.port import Outgoing
from consumers.registrations import has_watchlist, registrations_role
from consumers.worker import StillWaiting
from screening.decisions import Verdict
from screening.subjects import MOST_BYTES, content_digest

TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def log(tmp_path):
    opened = open_stream(tmp_path)
    yield opened
    opened.close()


class Screeners:
    """Makes a keyword screener for each activation, and remembers them."""

    def __init__(self):
        self.made = {}

    def __call__(self, activation):
        assert activation.number not in self.made, "a screener is built once"
        self.made[activation.number] = KeywordScreener(activation.lexicon or "none")
        return self.made[activation.number]


def contents(log, screeners=None, tell=lambda _: None):
    return content_role(Activations(log, lambda _: True), screeners or Screeners(), tell)


def registrations(log, screeners=None):
    return registrations_role(Activations(log, has_watchlist), screeners or Screeners(), lambda _: None)


def put(log, new):
    return activate(log, lambda _: new)


def results(log):
    return [wire.decode_judged(record.key, record.value) for record in everything(log, topics.RESULTS)]


def test_each_record_gives_one_result(log):
    """A result names its input's place, digest, activation and versions, and has its subject's key."""
    put(log, activation(lexicon="first"))
    log.append([content(f"c-{n}", f"{BAD} {n}" if n % 2 else "文", account_id=f"a-{n % 5}") for n in range(20)])
    drained(log, contents(log))
    given = {record.offset: record for record in everything(log, topics.CONTENT) if record.partition == 0}
    found = results(log)
    assert sorted(one.id for one in found) == sorted(f"c-{n}" for n in range(20))
    for one in found:
        assert one.verdict is (Verdict.ENFORCE if int(one.id[2:]) % 2 else Verdict.CLEAR)
        assert (one.input.topic, one.activation, one.versions.lexicon) == (topics.CONTENT, 0, "first")
        if one.input.partition == 0:
            source = given[one.input.offset]
            assert one.input.digest == content_digest(wire.decode_content(source.key, source.value))
    for record in everything(log, topics.RESULTS):
        assert record.key.decode() == json.loads(record.value)["account_id"]
        assert dict(record.headers)["ce_type"] == b"screening.result.v1"
    assert everything(log, topics.DEAD_LETTER) == []


def test_results_of_an_account_keep_the_order_of_its_records(log):
    """What an account did first is judged first, whatever stands around it, also across dead letters and versions."""
    put(log, activation(lexicon="1"))
    for number in range(30):
        log.append([content(f"c-{number}", account_id="a-1"), content(f"x-{number}", account_id=f"b-{number}")])
        if number == 15:
            put(log, activation("lexicon", lexicon="2"))
    drained(log, contents(log), most=7)
    mine = [one for one in results(log) if one.account_id == "a-1"]
    assert [one.id for one in mine] == [f"c-{n}" for n in range(30)]
    assert [one.versions.lexicon for one in mine] == ["1"] * 16 + ["2"] * 14


def test_a_deletion_and_an_erasure_give_a_result(log):
    """An end is told like everything else, with its own place and no verdict."""
    put(log, activation("shipped", sample="1"))
    log.append([content("c-1", None), registration("a-1", None)])
    drained(log, contents(log))
    drained(log, registrations(log))
    found = results(log)
    assert sorted((one.subject, one.ended, one.verdict) for one in found) == [
        ("content", True, None),
        ("registration", True, None),
    ]
    assert all(one.input.offset is not None for one in found)


def test_what_cannot_be_read_becomes_a_dead_letter_with_its_bytes(log):
    """Key, value and headers are untouched, and ours say where it stood, which role refused it and why."""
    put(log, activation())
    theirs = (("traceparent", TRACE), ("theirs", b"\xff\x00"))
    values = [b"\xff\xfe not json", b"", b'{"id": 1}', None, b'{"id": "c-1", "account_id": "other", "body": "x"}']
    sent = [Outgoing(topics.CONTENT, b"a-1", value, theirs) for value in values]
    places = log.append(sent)
    log.append([content("c-9")])
    watcher = Watcher()
    drained(log, contents(log), tell=watcher)
    letters = everything(log, topics.DEAD_LETTER)
    assert [(one.key, one.value) for one in letters] == [(b"a-1", value) for value in values]
    for place, letter in zip(places, letters, strict=True):
        assert letter.headers[:2] == theirs
        ours = {name: value.decode() for name, value in letter.headers[2:]}
        assert ours.pop("dead-letter-error")
        assert int(ours.pop("dead-letter-timestamp")) > 0
        assert ours == {
            "dead-letter-topic": topics.CONTENT,
            "dead-letter-partition": str(letter.partition),
            "dead-letter-offset": str(place.offset),
            "dead-letter-role": "content",
        }
    assert [one.id for one in results(log)] == ["c-9"], "what stands behind a bad record is judged"
    assert sorted((one.role, one.topic, one.offset) for one in watcher.told(Refused)) == sorted(
        ("content", topics.CONTENT, place.offset) for place in places
    )
    assert [one.results for one in watcher.told(Judged) if one.results] == [((("content", "clear"), 1),)]


def test_the_largest_record_fits_among_the_dead_letters(log):
    """A record that just fits its topic can still be kept as a dead letter, whatever is wrong with it."""
    put(log, activation())
    log.append([Outgoing(topics.CONTENT, b"a-1", b"{" + b"\x00" * (MOST_BYTES - 4))])
    drained(log, contents(log))
    [letter] = everything(log, topics.DEAD_LETTER)
    assert len(letter.value) == MOST_BYTES - 3


def test_a_subject_that_breaks_the_screener_is_alone_among_the_dead(log):
    """One text that the screener cannot bear does not keep the others waiting, nor change their order."""
    put(log, activation())
    log.append([content(f"c-{n}", FATAL if n in (3, 7) else "文") for n in range(10)])
    drained(log, contents(log))
    assert [one.id for one in results(log)] == [f"c-{n}" for n in range(10) if n not in (3, 7)]
    letters = everything(log, topics.DEAD_LETTER)
    assert [json.loads(one.value)["id"] for one in letters] == ["c-3", "c-7"]
    assert letters[0].header("dead-letter-error") == f"screening failed: ValueError: cannot bear {FATAL}".encode()


def test_the_trace_is_carried_on(log):
    """A result belongs to the trace of its input, and one without a trace invents none."""
    put(log, activation())
    log.append([content("c-1", headers=(("traceparent", TRACE),)), content("c-2")])
    drained(log, contents(log))
    traces = {json.loads(one.value)["id"]: one.header("traceparent") for one in everything(log, topics.RESULTS)}
    assert traces == {"c-1": TRACE, "c-2": None}


def test_a_batch_is_screened_at_once_under_each_activation(log):
    """Contents go to the screener together, by the versions in force, and markers never reach it."""
    put(log, activation(lexicon="1"))
    log.append([content(f"c-{n}") for n in range(4)])
    put(log, activation("lexicon", lexicon="2"))
    log.append([content(f"d-{n}") for n in range(3)])
    made = Screeners()
    drained(log, contents(log, made))
    assert {number: screener.batches for number, screener in made.made.items()} == {0: [4], 1: [3]}


def test_reading_again_gives_the_same_bytes(log):
    """A crash before the commit costs a second reading: the same records give the same outputs by the same versions."""
    put(log, activation(lexicon="1"))
    log.append([content(f"c-{n}", BAD) for n in range(5)])
    session = log.session("g", [topics.CONTENT], "m")
    batch, assigned = session.poll(1.0), session.assigned()
    first = contents(log).process(batch, assigned)
    put(log, activation("lexicon", lexicon="2"))
    assert contents(log).process(batch, assigned) == first
    session.close()


def test_screeners_of_old_activations_are_let_go(log):
    """Lists are large: the two newest screeners are held, not every one there ever was."""
    role = contents(log)
    for number in range(5):
        put(log, activation("lexicon", lexicon=str(number)))
        log.append([content(f"c-{number}")])
    drained(log, role)
    assert sorted(role._screeners) == [3, 4]


def test_memory_running_out_ends_the_role(log):
    """Where the machine is at its end no record is to blame: nothing is committed, nothing is called dead."""

    class Exhausted:
        def screen(self, _subjects):
            raise MemoryError

    put(log, activation())
    log.append([content("c-1")])
    with pytest.raises(MemoryError):
        drained(log, contents(log, lambda _: Exhausted()))
    assert everything(log, topics.RESULTS) == everything(log, topics.DEAD_LETTER) == []


def test_registrations_wait_for_a_list_and_are_then_all_judged(log):
    """Nobody is called clear who was compared with no list: records stay unread until there is one."""
    put(log, activation())
    log.append([registration(f"a-{n}", f"{BAD} {n}") for n in range(4)])
    assert "watchlist" in registrations(log).ready()
    with pytest.raises(StillWaiting, match="records wait for an active watchlist"):
        drained(log, registrations(log))
    assert everything(log, topics.RESULTS) == []
    put(log, activation("watchlist", sample="1"))
    assert registrations(log).ready() is None
    drained(log, registrations(log))
    found = results(log)
    assert sorted(one.id for one in found) == [f"a-{n}" for n in range(4)]
    assert {(one.verdict, one.activation) for one in found} == {(Verdict.ENFORCE, 1)}
