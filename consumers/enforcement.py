"""The role `enforcement`: results and directives in, orders out, with the ledger as memory.

The steps, and what a crash after each costs:
1. read a batch of committed results (nothing is lost: the position is not moved);
2. apply it to the ledger in one database transaction, with the bytes of the orders decided, the time of issue too
   (after a crash the records come again, and the ledger answers with the stored bytes);
3. send those bytes and the positions in one log transaction (all of it is visible, or none; if none, the records come
   again as after step 2).
Two workers may hold the same records for a moment. The first to apply wins; the other sends what the first decided, or
is fenced by the log. So every order is sent exactly once.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from consumers import topics, wire
from consumers.dead_letter import dead_letter
from consumers.dead_letter_limit import DeadLetterLimit
from consumers.happenings import Arrived, Decided, Happened
from consumers.ledger.port import Applied, Wanted
from consumers.log.port import Outgoing, TopicPartition
from consumers.origins import origin_of_result
from consumers.role import Processed
from consumers.tallies import counts
from screening.decisions import Directive, DirectiveType, Result
from screening.errors import ClauseError, Fault, SubjectError
from screening.policy.enforce import Decision, Outcome, decide_directive, decide_result
from screening.policy.standing import SubjectKey, registration_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consumers.ledger.port import Applying, Ledger
    from consumers.log.port import Batch, Position, Record
    from consumers.role import Observer
    from screening.policy.rules import Policy
    from screening.policy.standing import Standing

NAME: Final = "enforcement"

_REFUSED: Final = "dead-letter"

_EXPECTED: Final = {
    DirectiveType.LIFT: "the action_id of an order that stands on this account",
    DirectiveType.EXPIRE: "the action_id of an order that stands on this account",
    DirectiveType.CLEAR_PAIR: (
        "the entry (SOURCE/ENTRY) of a hit of this account's last registration result that asks for a review or an"
        " order, and a time to expire that is still to come"
    ),
    DirectiveType.UNCLEAR_PAIR: "the entry (SOURCE/ENTRY) of a pair of this account that is cleared",
}
"""What a directive must speak of."""

_LAST_SECOND: Final = 253402300799
"""The end of the year 9999, where the calendar ends."""

_Read: TypeAlias = Result | Directive | SubjectError
"""What a record of the results topic was found to be."""


class EnforcementRole:
    """Decides orders, with one account's records always in one order.

    Args:
        ledger: the memory.
        epoch: the log's history.
        policy: returns the policy of a digest; raises LookupError for one that was never activated on this log.
        current_policy: returns the policy in force now, for directives.
        source: names this installation on every order.
        clock: returns the time, aware of its zone.
        tell: is told what happened.
        limit: how many dead letters are borne; any number where None.
    """

    name = NAME
    topics = (topics.RESULTS,)

    def __init__(  # noqa: PLR0913 - the role is wired from these
        self,
        ledger: Ledger,
        *,
        epoch: str,
        policy: Callable[[str], Policy],
        current_policy: Callable[[], Policy],
        source: str,
        clock: Callable[[], datetime],
        tell: Observer,
        limit: DeadLetterLimit | None = None,
    ) -> None:
        self._ledger = ledger
        self._epoch = epoch
        self._policy = policy
        self._current_policy = current_policy
        self._source = source
        self._clock = clock
        self._tell = tell
        self._limit = limit or DeadLetterLimit(NAME)

    def ready(self) -> str | None:
        """Return None: results wait for nothing."""
        return None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        """Apply a batch to the ledger and return what was decided for it, now or by whoever applied it first."""
        by_place: dict[TopicPartition, list[tuple[Record, _Read]]] = defaultdict(list)
        for record in batch.records:
            by_place[TopicPartition(record.topic, record.partition)].append((record, _read(record)))
        # Fetched before the transaction: on SQLite a second connection would wait for the first one for ever.
        policies = self._policies([one for read in by_place.values() for _, one in read])
        outputs: list[Outgoing] = []
        with self._ledger.applying(self.name, self._epoch) as applying:
            # Always in one order, so that two workers can never wait for each other's partitions.
            places = sorted(batch.reached)
            frontiers = {place: applying.frontier(place, assigned[place].offset) for place in places}
            for place in places:
                outputs += applying.stored(place, assigned[place].offset, batch.reached[place])
            # All partitions at once: an account has its records in one of them, so their order is not touched.
            new = [
                (record, one)
                for place in places
                for record, one in by_place[place]
                if record.offset >= frontiers[place]
            ]
            applied = self._apply(applying, new, policies)
            outputs += [output for one in applied for output in one.outputs]
            outcomes = Counter([one.outcome for one in applied])
            for place in places:
                reached = max(frontiers[place], batch.reached[place])
                applying.advance(place, reached, assigned[place].offset)
            self._limit.check(batch.records, outputs)  # within, so that the ledger forgets what goes too far
        self._tell(Happened(self.name, "applied", len(batch.records)))
        return Processed(tuple(outputs), happened=(Decided(self.name, counts(outcomes)), *_arrived(batch.records)))

    def _policies(self, read: Sequence[_Read]) -> dict[str, Policy]:
        """Return the policies that some results and directives are decided under; "" names the one in force."""
        policies: dict[str, Policy] = {}
        if any(isinstance(one, Directive) for one in read):
            policies[""] = self._current_policy()
        for digest in {one.versions.policy for one in read if isinstance(one, Result)} | self._marked(read):
            with contextlib.suppress(LookupError):  # told where the result is decided
                policies[digest] = self._policy(digest)
        return policies

    def _marked(self, read: Sequence[_Read]) -> set[str]:
        """Return the policies that judged the registrations whose pairs are spoken of, as far as applied before.

        What another worker applies in between it has decided itself; what the batch itself holds names its policy.
        """
        wanted = _wanted([one for one in read if isinstance(one, Directive) and one.on_pair])
        if not wanted:
            return set()
        with self._ledger.applying(self.name, self._epoch) as applying:
            standings = applying.standings(wanted)
        marks = (mark for standing in standings.values() for mark in standing.marks.values())
        return {mark.policy for mark in marks if mark.policy}

    def _decide(
        self,
        standings: Mapping[str, Standing],
        record: Record,
        one: Result | Directive,
        policies: Mapping[str, Policy],
        said: Mapping[tuple[str, str], str],
        now: datetime,
    ) -> Decision | SubjectError:
        """Decide one record; what no screener of ours can have written is refused."""
        standing = standings[one.account_id]
        if isinstance(one, Directive):
            policy = policies.get(_judged_under(standing, one), policies[""])
            return _decide_directive(standing, one, said.get(_name(one)), policy, now, _came(record))
        judging = policies.get(one.versions.policy)
        if judging is None:
            expected = "the digest of a policy that was activated on this log"
            return SubjectError(Fault("$.versions.policy", repr(one.versions.policy), expected))
        try:
            return decide_result(standing, one, epoch=self._epoch, policy=judging, now=now, at=_came(record))
        except ClauseError as error:
            return SubjectError(Fault("$.hits", str(error), "categories of the clause register"))
        except KeyError as error:
            return SubjectError(Fault("$.hits", f"no rule for {error}", "categories and severities of the policy"))

    def _apply(
        self,
        applying: Applying,
        read: Sequence[tuple[Record, _Read]],
        policies: Mapping[str, Policy],
    ) -> list[Applied]:
        judged = [one for _, one in read if not isinstance(one, SubjectError)]
        standings = applying.standings(_wanted(judged))
        said = applying.said({_name(one) for one in judged if isinstance(one, Directive)})
        now = self._clock()
        applied: list[Applied] = []
        for record, one in read:
            if isinstance(one, SubjectError):
                applied.append(self._refused(record, "", one))
                continue
            decision = self._decide(standings, record, one, policies, said, now)
            if isinstance(decision, SubjectError):
                applied.append(self._refused(record, one.account_id, decision))
                continue
            standings[one.account_id] = standings[one.account_id].after(decision.changes)
            applied.append(self._applied(record, one, decision, said))
        applying.apply(applied, standings)
        return applied

    def _applied(
        self,
        record: Record,
        one: Result | Directive,
        decision: Decision,
        said: dict[tuple[str, str], str],
    ) -> Applied:
        directive_id = None
        if isinstance(one, Directive) and _name(one) not in said:
            directive_id = one.directive_id
            said[_name(one)] = _said(one)
        return Applied(
            place=TopicPartition(record.topic, record.partition),
            offset=record.offset,
            account_id=one.account_id,
            outcome=decision.outcome.value,
            changes=decision.changes,
            orders=decision.orders,
            outputs=self._outgoing(record, decision),
            directive_id=directive_id,
            said=_said(one) if isinstance(one, Directive) else "",
        )

    def _refused(self, record: Record, account_id: str, error: SubjectError) -> Applied:
        letter = dead_letter(record, self.name, str(error))
        place = TopicPartition(record.topic, record.partition)
        return Applied(place, record.offset, account_id, _REFUSED, outputs=(letter,))

    def _outgoing(self, record: Record, decision: Decision) -> tuple[Outgoing, ...]:
        origin = origin_of_result(record)
        return tuple(
            Outgoing(
                topics.topic_of(order.type, order.reverses_type),
                order.account_id.encode(),
                wire.encode(order),
                wire.order_headers(order, self._source, origin.traceparent, origin.correlation),
            )
            for order in decision.orders
        )


def _name(directive: Directive) -> tuple[str, str]:
    """Return what a directive is known by: whoever speaks of one account need not know of another's."""
    return directive.account_id, directive.directive_id


def _said(directive: Directive) -> str:
    until = f" until {directive.expires_at}" if directive.type is DirectiveType.CLEAR_PAIR else ""
    return f"{directive.type.value} {directive.target}{until}"


def _judged_under(standing: Standing, directive: Directive) -> str:
    """Return the policy that judged the registration whose pair a directive speaks of; "" where it speaks of none."""
    mark = standing.marks.get(registration_of(standing.account_id)) if directive.on_pair else None
    return "" if mark is None else mark.policy


def _came(record: Record) -> datetime:
    """Return when a record came onto the log; a time that no calendar has is the nearest that one has."""
    seconds = min(max(record.timestamp // 1000, 0), _LAST_SECOND)
    return datetime.fromtimestamp(seconds, UTC)


def _arrived(records: Sequence[Record]) -> Iterator[Arrived]:
    """Yield when the events behind some results began, those that were judged again apart."""
    origins = [origin_of_result(record) for record in records]
    for rescreened in (False, True):
        some = [one for one in origins if one.rescreened is rescreened]
        yield Arrived(
            NAME,
            topics.RESULTS,
            published=tuple([one.published for one in some if one.published is not None]),
            appended=tuple([one.appended for one in some if one.appended is not None]),
            rescreened=rescreened,
        )


def _read(record: Record) -> _Read:
    try:
        return wire.decode_judged(record.key, record.value)
    except SubjectError as error:
        return error


def _decide_directive(
    standing: Standing, one: Directive, before: str | None, policy: Policy, now: datetime, at: datetime
) -> Decision | SubjectError:
    if before == _said(one):
        return Decision(outcome=Outcome.REPEATED)
    if before is not None:
        expected = f"a name of its own: under this one was said {before!r}"
        return SubjectError(Fault("$.directive_id", repr(one.directive_id), expected))
    decision = decide_directive(standing, one, policy=policy, now=now, at=at)
    if decision.outcome is Outcome.NOT_OPEN:
        # Not remembered as said, so that it can be replayed once what it speaks of stands.
        return SubjectError(Fault("$.target", repr(one.target), _EXPECTED[one.type]))
    return decision


def _wanted(judged: Sequence[Result | Directive]) -> list[Wanted]:
    keys: dict[str, set[SubjectKey]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        if isinstance(one, Result):
            keys[one.account_id].add(SubjectKey(one.subject, one.id))
        elif one.on_pair:
            keys[one.account_id].add(registration_of(one.account_id))
        else:
            named[one.account_id].add(one.target)
    accounts = sorted(keys.keys() | named.keys())
    return [Wanted(account, frozenset(keys[account]), frozenset(named[account])) for account in accounts]
