"""A shadow on a running installation: from its beginning on, each record once, by what was in force, on either log."""

from __future__ import annotations

import json

import pytest
from integration.hundred import put_in_force, registered
from integration.streams import Stream, flags_for

from consumers import shadows, topics
from consumers.ledger.port import LedgerUnreachable
from consumers.log.port import Outgoing
from consumers.log.sqlite_session import SqliteSession
from consumers.shadows import begin, run, shadow_named
from consumers.trials import Asked, trial_of
from screening.lexicon.comparison import Effect

TRIED = "甲乙丙丁"
ENTRY = f"""\
[[entry]]
id = "tried"
terms = ["{TRIED}"]
severity = 3
ceiling = "auto"
source = "test"
reason = "test"
added = 2026-01-01
review_by = 2199-01-01
must_hit = ["前文{TRIED}后文"]
must_not_hit = ["别的话"]
"""


def content(name: str, body: str, account: str = "a-1") -> Outgoing:
    fields = {"id": name, "account_id": account, "body": body}
    return Outgoing(topics.CONTENT, account.encode(), json.dumps(fields).encode())


def begun(stream, folder, name: str = "s"):
    """Begin a shadow that tries one term more than nothing."""
    folder.mkdir(exist_ok=True)
    (folder / "gambling.toml").write_text(ENTRY, "utf-8")
    trial = trial_of(stream.installation, Asked(lexicon=str(folder)))
    return begin(stream.installation, name, trial, trial.subjects, "a test")


def drained(stream, name: str = "s"):
    """Run a shadow to the end and return what it found in contents."""
    run(stream.installation, shadow_named(stream.installation, name), drain=True, stopping=lambda: False)
    return shadow_named(stream.installation, name).parts


def counts(part):
    return part.looked, *(part.count(effect) for effect in Effect)


@pytest.mark.parametrize("log", ["sqlite", "kafka"])
def test_it_begins_at_the_end_and_writes_nothing(tmp_path, log, request):
    """What stood before is not read; what comes is compared once, over stops; only its own positions move."""
    more = {"broker": request.getfixturevalue("kafka_broker")} if log == "kafka" else {}
    with Stream(flags_for(tmp_path / "data", run__batch=7, run__poll_seconds=0.2, log__partitions=2, **more)) as stream:
        stream.publish([content(f"old-{n}", TRIED, f"a-{n}") for n in range(9)])
        begun(stream, tmp_path / "lexicon")
        assert counts(drained(stream)["content"]) == (0, 0, 0, 0)
        ends = {topic.name: stream.installation.log.bounds(topic.name) for topic in topics.topics(2)}
        new = [content(f"new-{n}", TRIED if n % 2 else "你好", f"a-{n}") for n in range(20)]
        stream.publish(new[:12])
        assert counts(drained(stream)["content"]) == (12, 6, 0, 0)
        stream.publish(new[12:])
        part = drained(stream)["content"]
        assert counts(part) == (20, 10, 0, 0)
        assert {one.id for one in part.most} == {f"new-{n}" for n in range(20) if n % 2}
        assert part.categories == {"newly affected": {"gambling": 10}}
        for name, bounds in ends.items():
            if name != topics.CONTENT:
                assert stream.installation.log.bounds(name) == bounds, name
        committed = stream.installation.log.committed("screening.content", (topics.CONTENT,))
        assert all(position.offset == 0 for position in committed.values())


def test_each_record_counts_once_wherever_it_is_killed(tmp_path, monkeypatch):
    """Between the ledger's and the log's commit the records come again, and are not counted again."""
    with Stream(flags_for(tmp_path / "data", run__batch=5)) as stream:
        begun(stream, tmp_path / "lexicon")
        stream.publish([content(f"c-{n}", TRIED, f"a-{n}") for n in range(12)])
        committing, kills = SqliteSession._commit, []

        def killed(session, opened):
            if len(kills) < 3 and opened.work.batches and opened.work.batches[0].records:
                kills.append(1)
                raise LedgerUnreachable("killed here")
            return committing(session, opened)

        monkeypatch.setattr(SqliteSession, "_commit", killed)
        for _ in range(3):
            with pytest.raises(LedgerUnreachable):
                drained(stream)
        assert counts(drained(stream)["content"]) == (12, 12, 0, 0)
        assert len(kills) == 3


def test_a_revision_takes_the_place_of_what_it_revises(tmp_path):
    """Every revision counts as one that came in; the report names each content once, as it is now."""
    with Stream(flags_for(tmp_path / "data")) as stream:
        begun(stream, tmp_path / "lexicon")
        stream.publish(
            [content("c-1", TRIED), content("c-1", f"{TRIED}!"), content("c-2", TRIED), content("c-2", "你好")]
        )
        part = drained(stream)["content"]
        assert counts(part) == (4, 3, 0, 0)
        assert [one.id for one in part.most] == ["c-1"]


def test_it_compares_with_what_is_in_force_at_each_record(tmp_path):
    """A list that is activated meanwhile judges from its marker on, and what is on trial stays what it was."""
    with Stream(flags_for(tmp_path / "data")) as stream:
        put_in_force(stream, range(10))
        held = stream.installation
        digest = _list_in_force(held)
        put_in_force(stream, range(20))
        trial = trial_of(held, Asked(watchlists=(digest,)))
        begin(held, "older", trial, trial.subjects, "a test")
        stream.publish([registered(5), registered(15)])
        put_in_force(stream, range(10, 30))
        stream.publish([registered(6), registered(25)])
        part = drained(stream, "older")["registration"]
        assert counts(part) == (4, 1, 0, 2)
        told = {one.account_id: one.effect for one in part.most}
        assert told == {"a-15": Effect.RELEASED, "a-25": Effect.RELEASED, "a-6": Effect.AFFECTED}


def _list_in_force(installation):
    return shadows.in_force(installation).watchlists["us-ofac-sdn"]
