"""Replaying dead letters: as a new event, once, never behind something newer; on both logs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from logs import Place
from streams import content, everything, registration

from consumers import topics
from consumers.cli.publish import maker_of
from consumers.dead_letter import dead_letter, letter_of
from consumers.letter_decisions import LetterDecisions
from consumers.log.port import Fenced, Outgoing
from consumers.replays import REPLAY_OF, Replays
from screening.decisions import Directive, DirectiveType

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
TRACE = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")


@pytest.fixture(params=["sqlite", "kafka"])
def log(request, tmp_path):
    """A log with the topics concerned, under a prefix of its own."""
    where = str(tmp_path / "log.db") if request.param == "sqlite" else request.getfixturevalue("kafka_broker")
    place = Place(request.param, where)
    opened = place.open()
    needed = {*topics.INPUTS, topics.DEAD_LETTER, topics.DEAD_LETTER_DECISIONS}
    opened.ensure([spec for spec in topics.topics(3) if spec.name in needed])
    yield opened
    place.close()


def letters(log):
    return [letter_of(record) for record in everything(log, topics.DEAD_LETTER)]


def died(log, *records):
    """Publish records and put each among the dead letters; return the letters, in the order of the records."""
    positions = log.append(records)
    held = {(one.offset, one.key, one.value): one for one in everything(log, records[0].topic)}
    stood = [held[one.offset, out.key, out.value] for out, one in zip(records, positions, strict=True)]
    log.append([dead_letter(record, "content", "$: found nothing good, expected better") for record in stood])
    new = {(letter.place.partition, letter.offset): letter for letter in letters(log)}
    return [new[record.partition, record.offset] for record in stood]


def replays(log):
    return Replays(log, by="p-7", clock=lambda: AT)


def replayed(log, topic=topics.CONTENT):
    return [record for record in everything(log, topic) if record.header(REPLAY_OF)]


def decisions(log):
    return [json.loads(record.value) for record in everything(log, topics.DEAD_LETTER_DECISIONS)]


def test_a_letter_goes_out_once_as_it_was(log):
    """Key, value and headers go out unchanged with the letter's id; a second replay is refused and says why."""
    [letter] = died(log, content("c-1", headers=(TRACE, ("theirs", b"\xff"))))
    [told] = replays(log).replay([letter], reason="a release that reads it")
    assert told.outcome == "replayed"
    [record] = replayed(log)
    assert (record.partition, record.offset) == (told.partition, told.offset)
    assert (record.key, record.value) == (letter.record.key, letter.record.value)
    assert record.headers == (TRACE, ("theirs", b"\xff"), (REPLAY_OF, letter.id.encode()))
    [decision] = decisions(log)
    assert decision["letter"] == letter.id
    assert (decision["decision"], decision["by"], decision["reason"]) == ("replayed", "p-7", "a release that reads it")
    assert (decision["topic"], decision["partition"], decision["offset"]) == (
        topics.CONTENT,
        record.partition,
        record.offset,
    )
    for other in (replays(log), Replays(log, by="p-8", clock=lambda: AT)):
        [again] = other.replay([letter])
        assert again.outcome == "refused"
        assert "decided already: replayed" in again.why
        assert "p-7" in again.why
    assert len(replayed(log)) == len(decisions(log)) == 1


def test_a_mended_value_goes_out_under_its_own_key(log):
    """A record under a wrong key is mended: the key follows the value, and the other headers stay."""
    [letter] = died(log, Outgoing(topics.CONTENT, b"wrong", b'{"id": "c-1", "account_id": "a-1", "body": 7}', (TRACE,)))
    [still] = replays(log).replay([letter])
    assert still.outcome == "refused"
    assert "$.body: found int, expected str" in still.why
    mended = maker_of(topics.CONTENT)(topics.CONTENT, b'{"id": "c-1", "account_id": "a-1", "body": "7"}')
    [told] = replays(log).replay([letter], mended)
    assert told.outcome == "replayed"
    [record] = replayed(log)
    assert (record.key, json.loads(record.value)["body"]) == (b"a-1", "7")
    assert record.header("traceparent") == TRACE[1]
    assert decisions(log)[0]["mended"] is True


@pytest.mark.parametrize("newer", [content("c-1", "new"), content("c-1", None)], ids=["a revision", "a deletion"])
def test_refused_where_something_newer_stands(log, newer):
    """What came later for the same content stands; another content of the account speaks against nothing."""
    first, other = died(log, content("c-1", "old"), content("c-2", "old"))
    log.append([newer])
    told = replays(log).replay([first, other])
    assert [one.outcome for one in told] == ["refused", "replayed"]
    assert "something newer stands for the same subject" in told[0].why
    assert [json.loads(record.value)["id"] for record in replayed(log)] == ["c-2"]
    assert len(decisions(log)) == 1


def test_what_cannot_be_read_does_not_stand(log):
    """A newer record that is itself a dead letter takes nobody's place."""
    [letter] = died(log, content("c-1", "old"))
    log.append([Outgoing(topics.CONTENT, b"a-1", b'{"id": "c-1", "account_id": "a-1"')])
    assert replays(log).replay([letter])[0].outcome == "replayed"


def test_of_two_letters_of_one_subject_the_newer_stands(log):
    """Where a release reads both again, the newer one goes out alone, however they are named."""
    older, newer = died(log, content("c-1", "1"), content("c-1", "2"))
    assert [one.outcome for one in replays(log).replay([newer, older])] == ["replayed", "refused"]
    assert [json.loads(record.value)["body"] for record in replayed(log)] == ["2"]


def test_something_newer_that_comes_between_is_seen(log, monkeypatch):
    """What a producer commits between the look and the replay's own place is found, and the replay is taken back."""
    [letter] = died(log, content("c-1", "old"))
    late = [content("c-1", "new")]
    appending = log.appending

    def overtaken(*arguments):
        if late:
            log.append([late.pop()])
        return appending(*arguments)

    monkeypatch.setattr(log, "appending", overtaken)
    [told] = replays(log).replay([letter])
    assert told.outcome == "refused"
    assert "something newer stands" in told.why
    assert replayed(log) == decisions(log) == []


def test_a_record_that_moves_to_another_partition(log):
    """Where a wrong key led to another partition, whatever came after the letter's record there is newer."""
    key = next(name for name in ("b", "c", "d", "e", "f") if _partition(log, name) != _partition(log, "a-1"))
    value = content("c-1", "old").value
    [letter] = died(log, Outgoing(topics.CONTENT, key.encode(), value))
    mended = maker_of(topics.CONTENT)(topics.CONTENT, value)
    log.append([content("c-1", "new")])
    assert replays(log).replay([letter], mended)[0].outcome == "refused"
    [other] = died(log, Outgoing(topics.CONTENT, key.encode(), content("c-2").value))
    mended = maker_of(topics.CONTENT)(topics.CONTENT, content("c-2").value)
    assert replays(log).replay([other], mended)[0].outcome == "replayed"


def _partition(log, account):
    [position] = log.append([content(f"probe-{account}", account_id=account)])
    return next(
        record.partition
        for record in everything(log, topics.CONTENT)
        if record.key == account.encode() and record.offset == position.offset
    )


def test_registrations_and_directives_are_replayed_too(log):
    """An erasure speaks against an older registration, a later directive on the same order against an older one."""
    person, other = died(log, registration("a-1"), registration("a-2"))
    log.append([registration("a-1", None)])
    assert [one.outcome for one in replays(log).replay([person, other])] == ["refused", "replayed"]
    said = [
        Directive(directive_id=f"d-{n}", account_id="a-1", type=DirectiveType.LIFT, target=target, by="p", reason="r")
        for n, target in enumerate(("one", "two", "one"))
    ]
    lines = [json.dumps(_fields(one)).encode() for one in said]
    made = [maker_of(topics.RESULTS)(topics.RESULTS, line) for line in lines]
    first, second = died(log, *made[:2])
    log.append([made[2]])
    assert [one.outcome for one in replays(log).replay([first, second])] == ["refused", "replayed"]
    [record] = replayed(log, topics.RESULTS)
    assert record.header("ce_type") == b"screening.directive.lift.v1"


def _fields(said):
    return {name: getattr(said, name) for name in ("directive_id", "account_id", "type", "target", "by", "reason")}


def test_a_crash_before_the_commit_leaves_nothing(log, monkeypatch):
    """Neither the event nor the note is there, and the next try sends both once."""
    [letter] = died(log, content("c-1"))

    def crash(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("consumers.letter_decisions.LetterDecision.outgoing", crash)
        with pytest.raises(KeyboardInterrupt):
            replays(log).replay([letter])
    assert replayed(log) == decisions(log) == []
    assert replays(log).replay([letter])[0].outcome == "replayed"
    assert len(replayed(log)) == len(decisions(log)) == 1


def test_two_hosts_cannot_replay_one_letter_twice(log, monkeypatch):
    """Of two that replay the same letter at the same time one wins; the other is fenced and sends nothing."""
    [letter] = died(log, content("c-1"))
    outgoing = "consumers.letter_decisions.LetterDecision.outgoing"
    from consumers.letter_decisions import LetterDecision  # noqa: PLC0415 - what is patched

    plain = LetterDecision.outgoing
    others = []

    def overtaken(self):
        if not others:
            others.append(None)
            others[0] = replays(log).replay([letter])
        return plain(self)

    monkeypatch.setattr(outgoing, overtaken)
    with pytest.raises(Fenced):
        replays(log).replay([letter])
    assert others[0][0].outcome == "replayed"
    assert len(replayed(log)) == len(decisions(log)) == 1


def test_discarding_is_noted_and_can_be_taken_back(log):
    """The reason and the person stand on the log; a second discard is refused, a replay after all is not."""
    [letter] = died(log, content("c-1"))
    assert replays(log).discard([letter], "sent by a test")[0].outcome == "discarded"
    [decision] = decisions(log)
    assert (decision["decision"], decision["reason"], decision["by"]) == ("discarded", "sent by a test", "p-7")
    assert "decided already: discarded" in replays(log).discard([letter], "again")[0].why
    assert replays(log).replay([letter])[0].outcome == "replayed"
    assert "decided already: replayed" in replays(log).discard([letter], "too late")[0].why


def test_more_letters_than_one_transaction_takes(log):
    """Any number goes out, in parts."""
    many = died(log, *(content(f"c-{n}", account_id=f"a-{n % 7}") for n in range(55)))
    told = replays(log).replay(many)
    assert [one.letter for one in told] == [letter.id for letter in many]
    assert {one.outcome for one in told} == {"replayed"}
    assert len(replayed(log)) == 55


def test_a_letter_of_another_history_has_no_decision(log):
    """A decision belongs to what the letter holds, not to its place alone."""
    [letter] = died(log, content("c-1"))
    replays(log).discard([letter], "known")
    known = LetterDecisions(log)
    known.read()
    assert known.of(letter) is not None
    stranger = letter_of(
        type(letter.record)(*[getattr(letter.record, name) for name in ("topic", "partition", "offset", "timestamp")],
                            letter.record.key, b"other", letter.record.headers)
    )  # fmt: skip
    assert stranger.id == letter.id
    assert known.of(stranger) is None


def test_a_letter_of_a_letter_keeps_what_it_held(log):
    """A replay that fails again is a letter again, and its own headers are the record's, not the first letter's."""
    [letter] = died(log, content("c-1", headers=(TRACE,)))
    replays(log).replay([letter])
    [record] = replayed(log)
    log.append([dead_letter(record, "content", "again")])
    second = next(one for one in letters(log) if one.error == "again")
    assert second.headers == (TRACE, (REPLAY_OF, letter.id.encode()))
    assert replays(log).replay([second])[0].outcome == "replayed"
    assert [value for name, value in replayed(log)[-1].headers if name == REPLAY_OF] == [second.id.encode()]
