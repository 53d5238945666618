"""Re-screening, end to end: by the change, proven equal to the whole; resumable; never twice; never without a word."""

from __future__ import annotations

import contextlib
import json
import random
import resource
import sqlite3
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from integration.hundred import FIRST, LAST, put_in_force, registered
from integration.streams import Stream, activate_lexicon, activate_version, flags_for, outcome_of, running
from kafka import KafkaAdminClient, TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from consumers import shipped, snapshots, topics
from consumers.concerned import concerned
from consumers.counting import Counting
from consumers.faults import Refused
from consumers.gaps import check_whole
from consumers.happenings import Committed
from consumers.ledger.port import LedgerUnreachable, RescreeningState
from consumers.log.port import Fatal, Outgoing
from consumers.log.sqlite_file import OFFSET_BITS
from consumers.metrics import Metrics
from consumers.rejudging import Rejudge, target_of
from consumers.rescreening import Pass, catch_up, passed
from consumers.run import run_worker
from screening.lexicon.matcher import ContentMatcher
from screening.policy.rules import RescreeningRules
from screening.policy.thresholds import with_threshold
from screening.watchlist.matcher import NameMatcher


def a_pass(stream, subject="registration", *, whole=False):
    target = target_of(stream.installation, subject)
    return Pass(stream.installation, subject, target, whole=whole, by="a test")


def rescreened(stream, subject="registration", *, whole=False):
    """Plan and run, as the command does."""
    roles = ("registrations", "records") if subject == "registration" else ("content", "records")
    catch_up(stream.installation, roles)
    one = a_pass(stream, subject, whole=whole)
    passed(stream.installation, subject, target_of(stream.installation, subject))
    one.plan(lambda _: None)
    report = one.run(one.known().progress, lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    return report


def standing(stream):
    """Return what stands of each account: orders given and not undone, as (account, content, type)."""
    orders = {}
    for topic in (topics.ORDERS_ACCOUNTS, topics.ORDERS_CONTENT):
        for record in stream.records(topic):
            value = json.loads(record.value)
            if value["reverses"] is None:
                orders[value["action_id"]] = (value["account_id"], value["content_id"], value["type"])
            else:
                orders.pop(value["reverses"])
    return Counter(orders.values())


def judged(stream):
    """Return the newest judgement of each subject, as it would read: verdict, grounds and hits."""
    newest = {}
    for value in stream.results():
        key = (value["subject"], value["account_id"], value["id"])
        rank = (value["input"]["offset"], value["activation"])
        if key not in newest or newest[key][0] <= rank:
            newest[key] = (rank, value["verdict"], value["grounds"], value["hits"])
    return {key: held[1:] for key, held in newest.items()}


@pytest.fixture
def stream(tmp_path):
    with Stream(flags_for(tmp_path / "data", run__batch=40)) as opened:
        yield opened


def test_a_list_update_orders_for_who_came_and_lifts_for_who_went(stream):
    """After an update whoever was added to the list is ordered against, whoever was removed is free, nobody else."""
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in (3, 49, 50, 77)])
    stream.drain()
    assert {account for account, _, _ in standing(stream)} == {"a-3", "a-49"}
    put_in_force(stream, [*range(10, 51), 1, 2, 4, 5, 6, 7, 8, 9])
    report = rescreened(stream)
    assert {account for account, _, _ in standing(stream)} == {"a-49", "a-50"}
    assert (report.looked, report.done.affected, report.done.released) == (2, 1, 1)
    before = outcome_of(stream)
    again = rescreened(stream, whole=True)
    assert again.done.otherwise == 0
    assert outcome_of(stream).orders == before.orders


@pytest.mark.parametrize("seed", [1])
def test_deltas_lead_where_the_whole_leads(tmp_path, seed):
    """After a random history of lists every subject stands as if all had been judged by the last list alone."""
    chance = random.Random(seed)
    versions = [set(range(90))]
    for _ in range(4):
        changed = set(versions[-1]) ^ set(chance.sample(range(100), 8))
        versions.append(changed)
    people = [registered(n, right=chance.random() < 0.7) for n in chance.sample(range(100), 60)]
    with Stream(flags_for(tmp_path / "delta", run__batch=25)) as by_change:
        for at, version in enumerate(versions):
            put_in_force(by_change, version)
            by_change.publish(people[at * 12 : at * 12 + 12])
            by_change.drain()
            rescreened(by_change)
        with Stream(flags_for(tmp_path / "whole")) as at_once:
            put_in_force(at_once, versions[-1])
            at_once.publish(people)
            at_once.drain()
            assert standing(by_change) == standing(at_once)
            fresh = judged(at_once)
            kept = judged(by_change)
            assert kept.keys() == fresh.keys()
            for key, value in fresh.items():
                assert kept[key] == value, key


def test_whom_the_change_concerns_is_found_without_a_look_at_everybody(stream):
    """Citations and the index name everybody whom a look at each registrant would pick, and few besides."""
    chance = random.Random(3)
    put_in_force(stream, range(60))
    stream.publish([registered(n, right=n % 3 > 0) for n in chance.sample(range(100), 40)])
    stream.drain()
    put_in_force(stream, {*range(5, 62)} ^ {70, 71})
    stream.publish([registered(n, right=False) for n in chance.sample(range(100), 20)])
    stream.drain()
    put_in_force(stream, {*range(9, 75)})
    happened = []
    catch_up(stream.installation, ("registrations", "records"), observe=happened.append)
    assert {one.role for one in happened if isinstance(one, Committed)} == {"registrations", "records"}
    installation, target = stream.installation, target_of(stream.installation, "registration")
    everybody = installation.ledger.judged("registration", installation.log.epoch(), None, 1000)
    by_base = Rejudge(installation, "registration", target, whole=False)
    expected = {json.loads(output.value)["account_id"] for row in everybody for output in by_base.page([row]).outputs}
    found = concerned(installation, "registration", by_base)
    assert expected <= set(found)
    assert len(found) < len(everybody)
    # A ledger of an earlier release has noted no hits: they are read from the results that stand.
    with sqlite3.connect(stream.flags["store.url"].removeprefix("sqlite:///")) as store:
        store.execute("DELETE FROM citations")
    assert concerned(installation, "registration", by_base) == found


OWN = """
[[entry]]
id = "purple-elephant"
term = "紫象牌提货券"
severity = 3
ceiling = "auto"
views = ["exact"]
must_hit = ["本店低价转让紫象牌提货券一张"]
must_not_hit = ["紫色的大象站在牌子旁边提着货"]
source = "a test"
reason = "a test"
added = 2026-01-01
review_by = 2027-01-01
"""


def test_a_withdrawn_term_restores_what_it_alone_had_deleted(stream):
    """A content that one entry had deleted is restored once it is gone; what another entry found stays deleted."""
    activate_lexicon(stream.installation, {**shipped.shipped_lexicon(), "gambling.own.toml": OWN})
    bodies = ["昨天收到一张紫象牌提货券，挺高兴", "今天天气很好", "新用户注册送彩金三十八元"]
    stream.publish(
        [
            Outgoing(topics.CONTENT, b"a-1", json.dumps({"id": f"c-{at}", "account_id": "a-1", "body": body}).encode())
            for at, body in enumerate(bodies)
        ]
    )
    stream.drain()
    before = standing(stream)
    assert {content for _, content, _ in before} == {"c-0", "c-2"}
    activate_lexicon(stream.installation, shipped.shipped_lexicon())
    report = rescreened(stream, "content")
    assert (report.looked, report.done.judged, report.done.released) == (3, 1, 1)
    assert {content for _, content, _ in standing(stream)} == {"c-2"}


POSTS = ("新用户注册送彩金三十八元", "今天天气很好", "昨天收到一张紫象牌提货券，挺高兴", "首存送彩金，澳门线上娱乐")


def test_another_policy_is_applied_to_the_evidence_on_record(tmp_path, monkeypatch):
    """After a policy alone has changed nothing is matched, and every result is what all anew would have given.

    Where a list changed with it only whom that concerns is matched; a limit below what is evidence is told.
    """
    people = [
        registered(n, right=n % 3 > 0, name=None if n % 4 else f"{LAST[n // 10]} {FIRST[n % 10]}y")
        for n in range(0, 80, 2)
    ]
    posts = [_post(at, body) for at, body in enumerate(POSTS)]
    shipped_one = shipped.shipped_policy()["policy.toml"]
    milder = with_threshold(shipped_one, "registration.enforce_from=0.99")
    milder += '\n[[rule]]\ncategory = "gambling"\nverdict = "review"\nwhy = "a test"\n'
    looser = with_threshold(shipped_one, "registration.review_from=0.5")
    with Stream(flags_for(tmp_path / "kept", run__batch=25)) as stream:
        put_in_force(stream, range(60))
        stream.publish([*people, *posts])
        stream.drain()
        _activate_policy(stream, milder)
        registrations, contents = _decided_without_matching(stream, monkeypatch)
        assert registrations.done.otherwise > 5
        assert contents.done.otherwise > 0
        put_in_force(stream, [*range(58), 60])
        _activate_policy(stream, looser)
        registrations, contents = rescreened(stream), rescreened(stream, "content")
        assert 0 < registrations.done.matched <= 4 < registrations.done.judged
        assert contents.done.matched == 0
        assert "no evidence" in registrations.notes[0]
        with Stream(flags_for(tmp_path / "whole")) as at_once:
            put_in_force(at_once, [*range(58), 60])
            _activate_policy(at_once, looser)
            at_once.publish([*people, *posts])
            at_once.drain()
            assert standing(stream) == standing(at_once)
            assert judged(stream) == judged(at_once)
        again = rescreened(stream, whole=True)
        assert again.done.otherwise == 0


def _decided_without_matching(stream, monkeypatch):
    """Re-screen both kinds, where no matcher can be made."""
    catch_up(stream.installation, ("content", "registrations", "records"))
    reports = []
    with monkeypatch.context() as patch:
        for matcher in (ContentMatcher, NameMatcher):
            patch.setattr(matcher, "__init__", None)
        for subject in ("registration", "content"):
            one = a_pass(stream, subject)
            one.plan(lambda _: None)
            reports.append(one.run(one.known().progress, lambda _: None))
            assert reports[-1].done.matched == 0
    catch_up(stream.installation, ("enforcement", "records"))
    return reports


def _post(at, body):
    return Outgoing(topics.CONTENT, b"p-1", json.dumps({"id": f"c-{at}", "account_id": "p-1", "body": body}).encode())


def test_what_is_judged_again_is_measured_apart(stream):
    """Its latency has a mode of its own and counts from its result on; its decision and its lift count as any other.

    No role judged it, so that results and hits by role, which tell what people send, stay as they were.
    """
    activate_lexicon(stream.installation, {**shipped.shipped_lexicon(), "gambling.own.toml": OWN})
    fields = {"id": "c-0", "account_id": "a-1", "body": "昨天收到一张紫象牌提货券，挺高兴", "published_at": LONG_AGO}
    stream.publish([Outgoing(topics.CONTENT, b"a-1", json.dumps(fields).encode())])
    counted = _counted(stream, "content", "enforcement", "records")
    live = {"role": "enforcement", "mode": "live"}
    assert counted("screening_latency_seconds_count", **live, since="published") == 1
    assert counted("screening_results_total") == 1
    activate_lexicon(stream.installation, shipped.shipped_lexicon())
    catch_up(stream.installation, ("content", "records"))
    one = a_pass(stream, "content")
    one.plan(lambda _: None)
    one.run(one.known().progress, lambda _: None)
    counted = _counted(stream, "content", "enforcement")
    apart = {"role": "enforcement", "mode": "rescreening"}
    assert counted("screening_latency_seconds_count", **apart, since="appended") == 1
    assert counted("screening_latency_seconds_sum", **apart, since="appended") < 365 * 86_400
    assert counted("screening_latency_seconds_count", **apart, since="published") == 0
    assert counted("screening_latency_seconds_count", **live) == 0
    assert counted("screening_decisions_total", outcome="lifted") == 1
    assert counted("screening_lifts_total", reverses="delete_content", automated="true") == 1
    assert counted("screening_results_total") == 0
    assert counted("screening_content_hits_total") == 0


LONG_AGO = "2001-01-01T00:00:00Z"


def _counted(stream, *roles):
    """Drain roles and return what gives the sum of a metric over what they did."""
    metrics = Metrics()
    for role in roles:
        run_worker(stream.installation, role, 0, drain=True, stopping=lambda: False, tell=Counting(metrics))
    text, _ = metrics.written()
    samples = [one for family in text_string_to_metric_families(text.decode()) for one in family.samples]
    return lambda name, **labels: sum(
        one.value for one in samples if one.name == name and one.labels.items() >= labels.items()
    )


def test_a_run_that_dies_goes_on_where_it_was(stream, monkeypatch):
    """Stopped in the middle of its pages, a run goes on behind the last page it sent, and no order comes twice."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 10)
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(100)])
    stream.drain()
    put_in_force(stream, range(50, 100))
    catch_up(stream.installation, ("registrations", "records"))
    first = a_pass(stream)
    first.plan(lambda _: None)

    def dies(reached):
        if reached.looked >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.run(first.known().progress, dies)
    stopped = first.known()
    assert (stopped.state, stopped.progress.looked) == (RescreeningState.STOPPED, 40)
    second = a_pass(stream)
    report = second.run(second.known().progress, lambda _: None)
    assert report.looked == 60
    catch_up(stream.installation, ("enforcement", "records"))
    assert {account for account, _, _ in standing(stream)} == {f"a-{n}" for n in range(50, 100)}
    counts = Counter(json.loads(line)["action_id"] for line in outcome_of(stream).orders)
    assert set(counts.values()) == {1}


def test_a_page_that_is_sent_twice_orders_nothing_twice(stream):
    """A run that dies between the log and the ledger sends its last page again; nobody downstream sees it."""
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(0, 60, 3)])
    stream.drain()
    put_in_force(stream, range(5, 55))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.plan(lambda _: None)
    began = one.known().progress
    one.run(began, lambda _: None)
    one.run(began, lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    counts = Counter(json.loads(line)["action_id"] for line in outcome_of(stream).orders)
    assert set(counts.values()) == {1}


def test_an_edit_on_its_way_is_never_overtaken(stream):
    """A registration edited after the update is judged by the stream alone; what it was before orders nothing."""
    put_in_force(stream, range(50))
    stream.publish([registered(50)])
    stream.drain()
    put_in_force(stream, range(51))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.plan(lambda _: None)
    stream.publish([Outgoing(topics.ACCOUNTS, b"a-50", registered(50, name="Anna Maier").value)])
    stream.drain(("registrations",))
    one.run(one.known().progress, lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    assert not standing(stream)


def test_who_sends_the_same_again_during_a_run_is_looked_at_in_the_next(stream):
    """The results on both places bear one name; the older place's comes last, and hides nobody from the next run."""
    put_in_force(stream, range(50))
    stream.publish([registered(50)])
    stream.drain()
    put_in_force(stream, range(51))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.plan(lambda _: None)
    stream.publish([registered(50)])
    stream.drain(("registrations",))
    one.run(one.known().progress, lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    assert {account for account, _, _ in standing(stream)} == {"a-50"}
    put_in_force(stream, range(50))
    assert rescreened(stream).done.released == 1
    assert not standing(stream)


def test_deleted_and_erased_subjects_stay_out(stream):
    """Nobody who erased their registration before the update is judged or ordered against after it."""
    put_in_force(stream, range(50))
    stream.publish([registered(50), Outgoing(topics.ACCOUNTS, b"a-50", None), registered(51)])
    stream.drain()
    put_in_force(stream, range(51))
    assert rescreened(stream, whole=True).looked == 1
    assert not standing(stream)
    put_in_force(stream, range(50))
    put_in_force(stream, range(51))
    assert rescreened(stream).looked == 0
    assert not standing(stream)


def test_two_at_once_are_refused(stream):
    """While one process runs it, another is refused with what to do; when it has been silent, it is taken over."""
    put_in_force(stream, range(50))
    stream.publish([registered(50)])
    stream.drain()
    one, other = a_pass(stream), a_pass(stream)
    one.plan(lambda _: None)

    def meanwhile(_reached):
        with pytest.raises(Refused, match="another process"):
            other.run(other.known().progress, lambda _: None)

    one.run(one.known().progress, meanwhile)
    assert one.known().state is RescreeningState.DONE


def test_a_run_that_leaves_its_forecast_stops(stream, monkeypatch):
    """Where far more is judged otherwise than planned, the run stops, says so, and can go on."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 5)
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(50, 90)])
    stream.drain()
    put_in_force(stream, range(20, 90))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.rules = RescreeningRules(confirm_above=1, tolerance=0.0)
    one.plan(lambda _: None)
    planned = one.known().progress
    small = msgspec.structs.replace(planned, forecast=type(planned.forecast)(judged=1, affected=1))
    with pytest.raises(Refused, match="expected at most 11 by its plan"):
        one.run(small, lambda _: None)
    assert one.known().state is RescreeningState.STOPPED
    one.run(msgspec.structs.replace(one.known().progress, forecast=planned.forecast), lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    assert len({account for account, _, _ in standing(stream)}) == 40


def test_the_live_role_goes_first(stream):
    """A run before the live role has passed the markers is refused with what to do."""
    put_in_force(stream, range(50))
    stream.publish([registered(50)])
    stream.drain()
    put_in_force(stream, range(51))
    with pytest.raises(Refused, match="run --drain"):
        passed(stream.installation, "registration", target_of(stream.installation, "registration"))


def test_several_processes_judge_as_one(tmp_path, monkeypatch):
    """Two processes give the same orders as one."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 10)
    outcomes = []
    for workers in (1, 2):
        with Stream(flags_for(tmp_path / str(workers), run__workers=workers)) as stream:
            put_in_force(stream, range(50))
            stream.publish([registered(n, right=n % 3 > 0) for n in range(0, 100, 2)])
            stream.drain()
            put_in_force(stream, range(3, 58))
            rescreened(stream)
            outcomes.append(outcome_of(stream).orders)
    assert outcomes[0] == outcomes[1]


def test_beside_live_roles_it_judges_apart_and_leaves_their_work_to_them(tmp_path, monkeypatch):
    """Where workers run they are waited for and nobody joins them; whoever came and went is ordered for, once."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 10)
    flags = flags_for(tmp_path / "live", rescreen__portion=3, rescreen__most_waiting=0, rescreen__nice=0)
    with Stream(flags) as stream, running(stream, 1) as check:
        put_in_force(stream, range(50))
        stream.publish([registered(n) for n in range(0, 60, 4)])
        stream.await_ends(check=check)
        put_in_force(stream, range(6, 60))
        stream.await_ends(check=check)
        monkeypatch.setattr("consumers.rescreening.run_worker", None)
        rescreened(stream, whole=True)
        expected = {f"a-{n}" for n in range(0, 60, 4) if n >= 6}
        assert {account for account, _, _ in standing(stream)} == expected
        counts = Counter(json.loads(line)["action_id"] for line in outcome_of(stream).orders)
        assert set(counts.values()) == {1}


def test_a_run_stops_where_the_lists_have_moved_on(stream, monkeypatch):
    """Once another activation is in force a run stops, says so, and the next one ends by the newest list."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 5)
    monkeypatch.setattr("consumers.rescreening._BEAT_SECONDS", 0.0)
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(40, 70)])
    stream.drain()
    put_in_force(stream, range(60))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.plan(lambda _: None)

    def moves(reached):
        if reached.looked == 5:
            put_in_force(stream, range(65))

    with pytest.raises(Refused, match="the lists moved on"):
        one.run(one.known().progress, moves)
    assert one.known().state is RescreeningState.STOPPED
    rescreened(stream)
    assert {account for account, _, _ in standing(stream)} == {f"a-{n}" for n in range(40, 65)}


def test_a_disk_that_fills_stops_a_run_which_goes_on_once_there_is_room(stream, monkeypatch):
    """Where no file may grow any more a run stops and says what it lacks; with room it ends, ordering nothing twice."""
    monkeypatch.setattr("consumers.rejudging_pool.PAGE", 5)
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(100)])
    stream.drain()
    put_in_force(stream, range(50, 100))
    catch_up(stream.installation, ("registrations", "records"))
    one = a_pass(stream)
    one.plan(lambda _: None)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fills(reached):
        if reached.looked == 20:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    try:
        with pytest.raises((Fatal, LedgerUnreachable), match="disk"):
            one.run(one.known().progress, fills)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    monkeypatch.setattr("consumers.rescreening._SILENCE", timedelta(0))  # who died of it gives no sign of life
    stopped = one.known().progress
    assert stopped.looked < 100
    a_pass(stream).run(stopped, lambda _: None)
    catch_up(stream.installation, ("enforcement", "records"))
    assert {account for account, _, _ in standing(stream)} == {f"a-{n}" for n in range(50, 100)}
    counts = Counter(json.loads(line)["action_id"] for line in outcome_of(stream).orders)
    assert set(counts.values()) == {1}


def test_who_was_judged_by_what_is_known_no_more_is_matched_again(stream):
    """Where the activation, or the list, that judged is gone everybody is matched, and judged as ever."""
    put_in_force(stream, range(50))
    stream.publish([registered(n) for n in range(40, 60)])
    stream.drain()
    put_in_force(stream, range(55))
    catch_up(stream.installation, ("registrations", "records"))
    target = target_of(stream.installation, "registration")
    held = [json.loads(record.value)["watchlists"] for record in stream.records(topics.ACTIVATIONS)]
    (old,) = held[1].values()
    store = stream.flags["store.url"].removeprefix("sqlite:///")
    _execute(store, "DELETE FROM versions WHERE digest = ?", (old,))
    planned = a_pass(stream).plan(lambda _: None)
    assert (planned.done.matched, planned.done.otherwise) == (20, 5)
    _forget(stream, topics.ACTIVATIONS, target.number)
    planned = a_pass(stream).plan(lambda _: None)
    assert (planned.done.matched, planned.done.otherwise) == (20, 5)


@pytest.mark.parametrize("kind", ["sqlite", "kafka"])
def test_history_whose_beginning_is_gone_is_told(kind, tmp_path, request):
    """What went before it was read is named, with what to do; what went afterwards is no loss: the ledger has it."""
    broker = request.getfixturevalue("kafka_broker") if kind == "kafka" else None
    with Stream(flags_for(tmp_path / "gone", broker=broker, log__partitions=1)) as stream:
        stream.publish([_post(0, "今天天气很好")])
        stream.drain(("content", "records"))
        read = stream.installation.log.bounds(topics.CONTENT)[0][1]
        _delete_before(stream, broker, read)
        check_whole(stream.installation, (topics.CONTENT, topics.RESULTS))
        stream.publish([_post(at, "今天天气很好") for at in range(1, 5)])
        _delete_before(stream, broker, read + 2)
        expected = (
            f"content.published, partition 0: found its first record at offset {read + 2}, expected one at {read},"
        )
        with pytest.raises(Refused, match=expected) as told:
            check_whole(stream.installation, (topics.CONTENT, topics.RESULTS))
        assert "run --drain" in str(told.value)
        stream.drain(("content", "records"))
        check_whole(stream.installation, (topics.CONTENT, topics.RESULTS))
        assert stream.installation.ledger.standing("content", stream.installation.log.epoch()) == 3


def _delete_before(stream, broker, offset):
    """Delete the contents before an offset, as a retention that nobody wanted does."""
    if broker is None:
        _forget(stream, topics.CONTENT, offset)
        return
    admin = KafkaAdminClient(bootstrap_servers=broker)
    try:
        admin.delete_records({TopicPartition(stream.flags["log.prefix"] + topics.CONTENT, 0): offset})
    finally:
        admin.close()


_BEFORE = """
DELETE FROM records WHERE place & :mask < :offset AND place >> :bits = (
    SELECT p.id FROM partitions p JOIN topics t ON t.id = p.topic WHERE t.name LIKE '%' || :topic)
"""
"""Deletes the records of a topic of one partition before an offset."""


def _forget(stream, topic, offset):
    given = {"mask": (1 << OFFSET_BITS) - 1, "bits": OFFSET_BITS, "offset": offset, "topic": topic}
    assert _execute(stream.flags["log.url"].removeprefix("sqlite:///"), _BEFORE, given) > 0


def _execute(path, statement, given=()):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, given).rowcount


def test_on_kafka_with_postgresql(tmp_path, kafka_broker, postgres_url):
    """The same update on a real broker with a real database orders and lifts the same."""
    with Stream(flags_for(tmp_path / "kafka", broker=kafka_broker, store=postgres_url)) as stream:
        put_in_force(stream, range(50))
        stream.publish([registered(n) for n in (3, 49, 50, 77)])
        stream.drain()
        put_in_force(stream, [*range(10, 51), 1, 2, 4, 5, 6, 7, 8, 9])
        rescreened(stream)
        assert {account for account, _, _ in standing(stream)} == {"a-49", "a-50"}


def _activate_policy(stream, text):
    files = shipped.shipped_policy() | {"policy.toml": text}
    activate_version(stream.installation, snapshots.policy_version(files, "a test"))
