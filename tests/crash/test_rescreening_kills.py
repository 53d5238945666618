"""Versions change while subjects come and every process is killed: what stands is what the last versions alone give."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import sys
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

import lexicontexts
import pytest
from crash.mortals import OUTSIDE, Mortal, MortalPass, MortalWorker, keep_busy, left_behind, look, started
from integration.hundred import FIRST, LAST, put_in_force, registered
from integration.recorded_day import SENTENCES
from integration.streams import ORDERS, PATIENCE, Stream, activate_lexicon, flags_for
from lexiconchanges import ChangingLexicon
from sqlalchemy import create_engine, select
from states import differences, state_of, verdicts

from consumers import topics
from consumers.ledger import tables
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Sequence

SEED = 17
WORKERS = 3

ROLES = ("content", "registrations", "enforcement", "records")

DEATHS = {
    "content": (("sent", OUTSIDE), ("sent",), (OUTSIDE,)),
    "registrations": (("sent", OUTSIDE), ("sent",), (OUTSIDE,)),
    "enforcement": (("applied", "sent"), ("sent", OUTSIDE), ("applied",)),
    "records": ((OUTSIDE,),),
}
"""How each worker of a role dies, one death after the other; as many workers as there are lists of deaths."""

PASS_DEATHS = (
    {"registration": ("sent",), "content": ("appended",)},
    {"registration": ("appended", "kept"), "content": ("sent",)},
)
"""For each change of versions, how the runs that judge anew die before one ends well."""

LISTED = (range(70), [*range(6, 78)], [*range(3), *range(9, 80)])
STEADY = range(20, 60)
"""Parties on every list."""

MORE = 1.0
"""Seconds after which something is published again where nothing died, so that there is always work."""

LONGEST = 40
"""Bursts while workers have deaths left, at most."""

WORDS = (
    "紫象牌提货券", "蓝鲸号入场码", "银狐社邀请函", "金雀会兑换单",
    "赤兔站充值卡", "青鸾阁贵宾证", "白泽行代金票", "玄龟堂签到册",
)  # fmt: skip

ORDINARY = [f"{first} {last}" for first in ("Anna", "Jonas", "Xiaoli") for last in ("Maier", "Ferreira", "Toivonen")]


class Traffic:
    """What is published, burst by burst, the same for one seed; `published` holds all of it in order.

    An edit that would clear what was ordered is for a person, and what stands then depends on when it came. So whoever
    becomes somebody ordinary is on every list.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._newest: dict[str, dict[str, Any]] = {}
        self._plain: list[str] = []
        self._steady: list[str] = []
        self._texts: dict[tuple[str, str], str] = {}
        self._numbers = itertools.count()
        self.published: list[Outgoing] = []

    def burst(self, count: int = 14) -> list[Outgoing]:
        """Return so many registrations and so many contents."""
        made = [one for _ in range(count) for one in (self._registration(), self._content())]
        self.published += made
        return made

    def known(self, numbers: Iterable[int]) -> list[Outgoing]:
        """Return a registration of each of some parties, so that each change of lists concerns several accounts."""
        made = [registered(number) for number in sorted(numbers)]
        self.published += made
        return made

    def _registration(self) -> Outgoing:  # noqa: PLR0911 - one for each thing that people do
        chance = self._chance
        match chance.randrange(12):
            case 0 if self._plain:  # somebody ordinary takes a party's name
                account = self._plain.pop(chance.randrange(len(self._plain)))
                party = json.loads(registered(chance.randrange(100)).value)
                return self._kept(party | {"account_id": account})
            case 1 if self._newest:  # the same again
                return self._kept(self._newest[chance.choice(sorted(self._newest))])
            case 2 if self._steady:  # something that is not compared
                account = chance.choice(self._steady)
                return self._kept(self._newest[account] | {"phone": str(chance.randrange(10**6))})
            case 3 if self._steady:  # who is on every list becomes somebody ordinary
                account = self._steady.pop(chance.randrange(len(self._steady)))
                return self._kept({"account_id": account, "kind": "person", "name": chance.choice(ORDINARY)})
            case 4 if self._plain:  # somebody goes
                account = self._plain.pop(chance.randrange(len(self._plain)))
                del self._newest[account]
                return Outgoing(topics.ACCOUNTS, account.encode(), None)
            case 5 | 6:
                account = f"p-{next(self._numbers)}"
                self._plain.append(account)
                return self._kept({"account_id": account, "kind": "person", "name": chance.choice(ORDINARY)})
            case _:
                number = chance.randrange(100)
                fields = json.loads(registered(number, right=chance.random() < 0.7).value)
                if chance.random() < 0.3:
                    fields["name"] = f"{LAST[number // 10]}, {FIRST[number % 10][:-1]}"
                account = f"{fields['account_id']}-{next(self._numbers)}"
                if number in STEADY:
                    self._steady.append(account)
                return self._kept(fields | {"account_id": account})

    def _content(self) -> Outgoing:
        chance = self._chance
        name = (f"u-{chance.randrange(40)}", f"c-{chance.randrange(3)}")
        fields: dict[str, Any] = {"account_id": name[0], "id": name[1]}
        match chance.randrange(10):
            case 0:
                fields["deleted"] = True
                self._texts.pop(name, None)
            case 1 if name in self._texts:
                fields["body"] = self._texts[name]
            case _:
                fields["body"] = self._texts[name] = text(chance)
        return Outgoing(topics.CONTENT, name[0].encode(), json.dumps(fields, ensure_ascii=False).encode())

    def _kept(self, fields: dict[str, Any]) -> Outgoing:
        account = fields["account_id"]
        self._newest[account] = fields
        return Outgoing(topics.ACCOUNTS, account.encode(), json.dumps(fields).encode())


def text(chance: random.Random) -> str:
    """Return a text that may hold a word of the lexicon."""
    words = [chance.choice(WORDS) for _ in range(chance.randrange(3))]
    return "".join(part for word in [*words, ""] for part in (chance.choice(SENTENCES), word))


def lexicons() -> list[dict[str, str]]:
    """Return a lexicon for each list, each made of the one before by random changes."""
    chance = random.Random(SEED)
    entries = [lexicontexts.entry(f"word-{at}", word) for at, word in enumerate(WORDS[:5])]
    files = {"gambling.toml": "\n".join([lexicontexts.DEFAULTS, *entries])}
    changing = ChangingLexicon(files, lexicontexts.CATEGORIES, [text(chance) for _ in range(200)], chance)
    found = [files]
    for _ in LISTED[1:]:
        changing.change(8)
        found.append(changing.files())
    return found


def disturbed(stream: Stream, traffic: Traffic) -> Counter[str]:
    """Change the versions, judge anew, publish on, and let everything die its deaths; return how often which came."""
    versions = list(zip(LISTED, lexicons(), strict=True))
    fleet: list[Mortal] = [
        MortalWorker(
            stream, f"{role}-{number}", random.Random(f"{SEED} {role}{number}"), deque(deaths), role=role, number=number
        )
        for role, workers in DEATHS.items()
        for number, deaths in enumerate(workers)
    ]
    put(stream, *versions[0])
    stream.publish(traffic.known(set().union(*LISTED) - set(STEADY)))
    for _ in range(4):
        stream.publish(traffic.burst())
    passes: list[MortalPass] = []
    with started(fleet), contextlib.ExitStack() as ends:
        for version, deaths in zip(versions[1:], PASS_DEATHS, strict=True):
            stream.publish(traffic.burst())
            put(stream, *version)
            for subject, ways in deaths.items():
                stream.publish(traffic.burst())
                chance = random.Random(f"{SEED} {subject}")
                one = MortalPass(stream, f"pass-{subject}", chance, deque(ways), subject=subject)
                passes.append(one)
                ends.callback(one.end)
                finish(one, fleet, stream, traffic)
        keep_busy(fleet, lambda: stream.publish(traffic.burst()), more=MORE, most=LONGEST)
        stream.await_ends(ROLES, lambda: look(fleet))
    return sum((mortal.kills for mortal in (*fleet, *passes)), Counter())


def put(stream: Stream, listed: Sequence[int], files: dict[str, str]) -> None:
    """Put a list and a lexicon in force."""
    put_in_force(stream, listed)
    activate_lexicon(stream.installation, files)


def finish(one: MortalPass, fleet: Sequence[Mortal], stream: Stream, traffic: Traffic) -> None:
    """Run a pass over and over until it has died all its deaths and ended well, and publish at each of them."""
    deadline = time.monotonic() + PATIENCE
    one.start()
    while not one.ended():
        look(fleet)
        if one.look():
            stream.publish(traffic.burst(3))
        assert time.monotonic() < deadline, f"{one.name} after {PATIENCE:.0f} s:\n{one.said()}"
        time.sleep(0.02)
    assert not one.deaths, f"{one.name} had too few pages to die {list(one.deaths)}:\n{one.said()}"


def assert_equal_to_the_whole(stream: Stream, traffic: Traffic, folder: pathlib.Path) -> None:
    """Fail where what stands is not what judging everything by the last versions gives, or an order came twice."""
    with Stream(flags_for(folder, run__poll_seconds=0.05)) as fresh:
        put(fresh, LISTED[-1], lexicons()[-1])
        fresh.publish(traffic.published)
        fresh.drain()
        wanted = state_of(fresh.flags["store.url"], fresh.installation.log.epoch())
    found = state_of(stream.flags["store.url"], stream.installation.log.epoch())
    held = differences(found, wanted)
    assert held.none, str(held)
    assert min(verdicts(wanted).values()) > 0
    assert wanted.orders
    values = [json.loads(one.value) for topic in ORDERS for one in stream.records(topic)]
    orders = Counter(value["action_id"] for value in values)
    assert set(orders.values()) == {1}, [name for name, count in orders.items() if count > 1]
    assert orders.keys() == given(stream)
    assert any(value["reverses"] and value["automated"] for value in values), "nothing was lifted"
    assert not list(stream.records(topics.DEAD_LETTER))
    sys.stdout.write(f"{len(traffic.published)} records, {verdicts(wanted)}, {len(orders)} orders, {held.counts()}\n")


def given(stream: Stream) -> set[str]:
    """Return all orders that the ledger knows to have been decided."""
    engine = create_engine(stream.flags["store.url"])
    try:
        with engine.connect() as connection:
            return set(connection.execute(select(tables.actions.c.action_id)).scalars())
    finally:
        engine.dispose()


RUN = {"run__batch": 12, "run__poll_seconds": 0.1, "log__partitions": WORKERS}


@pytest.fixture
def kafka_stream(kafka_broker, postgres_url, tmp_path):
    """A stream on a real broker and a real PostgreSQL."""
    with Stream(flags_for(tmp_path / "kafka", broker=kafka_broker, store=postgres_url, **RUN)) as stream:
        yield stream


@pytest.fixture
def sqlite_stream(tmp_path):
    """A stream in two files."""
    with Stream(flags_for(tmp_path / "sqlite", **RUN)) as stream:
        yield stream


def test_kills_on_kafka_leave_what_the_whole_gives(kafka_stream, kafka_broker, tmp_path):
    """Lists and lexicons change under three workers a role that die, as the runs do: nothing differs, nothing is twice.

    Without records left behind by the dead the kills would have hit nothing, and the test would have proved nothing.
    """
    traffic = Traffic(SEED)
    died = disturbed(kafka_stream, traffic)
    prefix = kafka_stream.flags["log.prefix"]
    aborted = {names: left_behind(kafka_broker, prefix, names) for names in ((topics.RESULTS,), ORDERS)}
    sys.stdout.write(f"kills {died}, records left behind {list(aborted.values())}\n")
    assert all(count > 0 for count in aborted.values()), f"the kills left nothing behind: {aborted}"
    assert_equal_to_the_whole(kafka_stream, traffic, tmp_path / "whole")


def test_kills_on_the_embedded_log_leave_what_the_whole_gives(sqlite_stream, tmp_path):
    """The same on the embedded log, whose transactions leave nothing behind."""
    traffic = Traffic(SEED)
    died = disturbed(sqlite_stream, traffic)
    sys.stdout.write(f"kills {died}\n")
    assert_equal_to_the_whole(sqlite_stream, traffic, tmp_path / "whole")
