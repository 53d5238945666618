"""What stands in an installation, subject by subject, and how two installations differ in it.

A state is what the ledger holds of every subject that stands: the newest judgement, the orders against it, and whether
a person is asked about it. Two ways to one state are compared by this: by every change, and by the last versions alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import create_engine, select

from consumers.ledger import tables
from screening.decisions import Verdict
from screening.policy.standing import OpenOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

Name = tuple[str, str, str]
"""Kind of subject, account, id."""


class Judgement(msgspec.Struct, frozen=True):
    """The newest result about a subject: what it says, of which input, by which versions, under which name."""

    digest: str
    verdict: str
    says: str
    """Verdict, grounds, hits with all their evidence, and what was left unscreened, as JSON."""
    versions: str
    result_id: str


class State(msgspec.Struct, frozen=True):
    """Everything that stands. Of orders on a registration the id is the account's."""

    judged: dict[str, Judgement | None]
    orders: dict[str, list[str]]
    """Subject → the orders that stand for it: type, what they fall on, and the input and evidence they rest on."""
    asked: list[str]
    """Subjects about whose newest input a person is asked, because its result was unsure."""
    enforced: list[str]
    """Subjects whose newest input some result wanted enforced, the newest or an earlier one."""


class Differences(msgspec.Struct, frozen=True):
    """What two states do not share, by kind, each named by its subjects.

    `held` are no differences of the judgements: subjects that a machine ordered against on this very input, that the
    newest versions give to a person. A machine lifts on a clear result alone, so that what was ordered stands until a
    person has said.
    """

    subjects: list[str]
    judgements: list[str]
    names: list[str]
    """Judged by the same versions under another name."""
    orders: list[str]
    asked: list[str]
    held: list[str]

    @property
    def none(self) -> bool:
        """Whether the states are equal."""
        return not (self.subjects or self.judgements or self.names or self.orders or self.asked)

    def counts(self) -> dict[str, int]:
        """Return how many differences there are of each kind."""
        return {name: len(getattr(self, name)) for name in self.__struct_fields__}

    def __str__(self) -> str:
        kinds = [(name, getattr(self, name)) for name in self.__struct_fields__ if name != "held"]
        return "\n".join(f"{name}: {len(held)}: {', '.join(held[:5])}" for name, held in kinds if held)


def state_of(url: str, epoch: str) -> State:
    """Return what stands in a ledger, of one history of the log."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            digests = _standing(connection, epoch)
            judged = dict.fromkeys(map(written, digests))
            judged |= {written(name): one for name, one in _judged(connection, epoch) if name in digests}
            return State(
                judged=judged,
                orders=_orders(connection),
                asked=sorted(written(name) for name, digest in _asked(connection) if digests.get(name) == digest),
                enforced=sorted({written(key) for key, digest in _enforced(connection) if digests.get(key) == digest}),
            )
    finally:
        engine.dispose()


def written(name: Name) -> str:
    """Return a subject's name as one text."""
    return " ".join(name)


def differences(changed: State, fresh: State) -> Differences:
    """Compare a state that many changes led to with that of the last versions alone."""
    both = sorted(changed.judged.keys() & fresh.judged.keys())
    judgements, names = [], []
    for name in both:
        one, other = changed.judged[name], fresh.judged[name]
        if one is None or other is None:
            if one is not other:
                judgements.append(name)
        elif (one.digest, one.says) != (other.digest, other.says):
            judgements.append(name)
        elif one.versions == other.versions and one.result_id != other.result_id:
            names.append(name)
    enforced = set(changed.enforced)
    orders, held = [], []
    for name in sorted(changed.orders.keys() | fresh.orders.keys()):
        if changed.orders.get(name) == fresh.orders.get(name):
            continue
        judgement = fresh.judged.get(name)
        unsure = judgement is not None and judgement.verdict == Verdict.REVIEW
        stays = unsure and name in enforced and name not in fresh.orders
        (held if stays else orders).append(name)
    return Differences(
        subjects=sorted(changed.judged.keys() ^ fresh.judged.keys()),
        judgements=judgements,
        names=names,
        orders=orders,
        asked=sorted(set(changed.asked) ^ set(fresh.asked)),
        held=held,
    )


def verdicts(state: State) -> dict[str, int]:
    """Return how many subjects have each verdict."""
    return dict(sorted(Counter("none" if one is None else one.verdict for one in state.judged.values()).items()))


def versions(state: State) -> int:
    """Return by how many sets of versions the newest results were judged."""
    return len({one.versions for one in state.judged.values() if one is not None})


def _standing(connection: Connection, epoch: str) -> Mapping[Name, str]:
    found: dict[Name, str] = {}
    for kind, table in (("registration", tables.registrants), ("content", tables.contents)):
        held = table.c
        wanted = select(held.account_id, held.id, held.digest).where(
            held.epoch == epoch, held.ended.is_(False), held.record.is_not(None)
        )
        found |= {(kind, row.account_id, row.id): row.digest for row in connection.execute(wanted)}
    return found


def _judged(connection: Connection, epoch: str) -> Iterable[tuple[Name, Judgement]]:
    last, held = tables.last_results.c, tables.results.c
    wanted = select(last.subject, last.account_id, last.id, held.record).where(
        last.epoch == epoch, last.result_id == held.result_id
    )
    for row in connection.execute(wanted):
        result = msgspec.json.decode(bytes(row.record))
        yield (
            (row.subject, row.account_id, row.id),
            Judgement(
                digest=result["input"]["digest"],
                verdict=result["verdict"] or "ended",
                says=_json([result[name] for name in ("verdict", "grounds", "hits", "unscreened")]),
                versions=_json(result["versions"]),
                result_id=result["result_id"],
            ),
        )


def _orders(connection: Connection) -> dict[str, list[str]]:
    table = tables.open_orders.c
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(select(table.account_id, table.content_id, table.standing)):
        order = msgspec.json.decode(bytes(row.standing), type=OpenOrder)
        kind, of = ("content", row.content_id) if row.content_id else ("registration", row.account_id)
        # Under which versions its result was named is no part of what an order rests on.
        causes = sorted(_json([one.key, one.digest, one.evidence, one.pairs]) for one in order.causes)
        found[written((kind, row.account_id, of))].append(_json([order.type, order.content_digest, causes]))
    return {name: sorted(held) for name, held in found.items()}


def _asked(connection: Connection) -> Iterable[tuple[Name, str]]:
    table = tables.cases.c
    wanted = select(table.subject, table.account_id, table.id, table.digest).where(
        table.open.is_(True), table.reason == "result"
    )
    for row in connection.execute(wanted):
        yield (row.subject, row.account_id, row.id), row.digest


def _enforced(connection: Connection) -> Iterable[tuple[Name, str]]:
    table = tables.results.c
    wanted = select(table.subject, table.account_id, table.id, table.digest).where(table.verdict == Verdict.ENFORCE)
    for row in connection.execute(wanted):
        yield (row.subject, row.account_id, row.id), row.digest


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
