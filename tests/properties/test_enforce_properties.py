from __future__ import annotations

from collections import Counter

from histories import History, cases, content_result, registration_result, suspending_policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from rulebook import content_hit, name_hit, shipped_policy

from screening.decisions import UNDOINGS, OrderType
from screening.policy.enforce import Outcome
from screening.policy.standing import Closed, Opened, registration_of
from screening.subjects import digest_of

CONTENT_FOUND = [
    (),
    (content_hit(),),
    (content_hit("gore"),),
    (content_hit(), content_hit("gore")),
    (content_hit(severity=2),),
]
NAMES_FOUND = [
    (),
    (name_hit(),),
    (name_hit(entry="2"),),
    (name_hit(), name_hit(entry="2")),
    (name_hit(corroborated=False),),
]

steps = st.one_of(
    st.tuples(
        st.just("content"), st.sampled_from(["c-1", "c-2"]), st.sampled_from("AB"), st.sampled_from(CONTENT_FOUND)
    ),
    st.tuples(st.just("registration"), st.just("a-1"), st.sampled_from("AB"), st.sampled_from(NAMES_FOUND)),
    st.tuples(st.just("ended"), st.sampled_from(["a-1", "c-1", "c-2"]), st.just(""), st.just(())),
)
"""What an account's two input topics bring: subject, id, text, hits."""


def version_of(found) -> str:
    """Return the name of a version that finds this, so that one version never finds two things in one text."""
    return digest_of(found)


def results(chosen):
    """Return one result for each step, each at its place in its own topic."""
    offsets: Counter[str] = Counter()
    made = []
    for kind, subject_id, text, hits in chosen:
        registration = subject_id == "a-1"
        topic = "accounts.registered" if registration else "content.published"
        place = {"text": text, "ended": kind == "ended", "version": version_of(hits), "offset": offsets[topic]}
        offsets[topic] += 1
        made.append(
            registration_result(*hits, **place, topic=topic)
            if registration
            else content_result(*hits, id=subject_id, **place, topic=topic)
        )
    return made


def decided(chosen, policy=None):
    """Return the history of one account that saw some results in this order."""
    history = History(policy=policy or shipped_policy())
    for result in chosen:
        history.decide(result)
    return history


@given(chosen=st.lists(steps, max_size=14), data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_orders_do_not_depend_on_how_the_topics_interleave(chosen, data):
    """Each topic keeps its own order; however the two come together, the same orders have the same names."""
    made = results(chosen)
    contents = [one for one in made if one.subject == "content"]
    registrations = [one for one in made if one.subject == "registration"]
    places = data.draw(st.permutations([True] * len(contents) + [False] * len(registrations)))
    left, right = iter(contents), iter(registrations)
    mixed = [next(left) if content else next(right) for content in places]
    one, other = decided(made), decided(mixed)
    assert Counter(order.action_id for order in one.orders) == Counter(order.action_id for order in other.orders)
    assert one.standing.open == other.standing.open
    assert one.standing.last_closed == other.standing.last_closed


@given(chosen=st.lists(steps, max_size=14), seen=st.integers(0, 14))
@settings(max_examples=150, deadline=None)
def test_reading_again_from_anywhere_orders_nothing_new(chosen, seen):
    """A sequence that comes again, whole or from any place on, orders nothing and changes nothing."""
    made = results(chosen)
    history = decided(made, suspending_policy())
    before = history.standing
    for result in made[min(seen, len(made)) :]:
        decision = history.decide(result)
        assert (decision.outcome, decision.orders, decision.changes) == (Outcome.SUPERSEDED, (), ())
    assert history.standing == before


@given(chosen=st.lists(steps, max_size=8), more=st.sampled_from(CONTENT_FOUND[1:]), text=st.sampled_from("AB"))
@settings(max_examples=150, deadline=None)
def test_one_more_hit_never_weakens_what_stands(chosen, more, text):
    """After the same history, a result with one more hit leaves at least the orders standing that the other leaves."""
    made = results(chosen)
    last = {"text": text, "offset": 99, "version": "9", "policy": suspending_policy()}
    found = (content_hit("pornography", severity=2),)
    less, greater = decided(made, suspending_policy()), decided(made, suspending_policy())
    less.decide(content_result(*found, **last))
    greater.decide(content_result(*found, *more, **last))
    assert {order.target for order in less.standing.open.values()} <= {
        order.target for order in greater.standing.open.values()
    }


@given(chosen=st.lists(steps, max_size=10))
@settings(max_examples=100, deadline=None)
def test_deciding_twice_gives_the_same(chosen):
    """The same history gives the same decisions, byte for byte."""
    assert decided(results(chosen)).decisions == decided(results(chosen)).decisions


class OneAccount(RuleBasedStateMachine):
    """One account under a policy that suspends for content too: people, versions and the account itself act at will."""

    contents = Bundle("contents")

    @initialize()
    def begin(self):
        self.history = History(policy=suspending_policy())
        self.version = 1
        self.standing_before = self.history.standing
        self.checked = 0

    @rule(target=contents, name=st.sampled_from(["c-1", "c-2", "c-3"]))
    def begin_a_content(self, name):
        return name

    @rule(name=contents, text=st.sampled_from("ABC"), found=st.sampled_from(CONTENT_FOUND))
    def publish(self, name, text, found):
        self.history.content(*found, id=name, text=text, version=version_of(found))

    @rule(text=st.sampled_from("ABC"), found=st.sampled_from(NAMES_FOUND))
    def register(self, text, found):
        self.history.registration(*found, text=text, version=version_of(found))

    @rule(name=contents)
    def delete(self, name):
        self.history.content(id=name, ended=True)

    @rule()
    def erase(self):
        self.history.registration(ended=True)

    @rule(data=st.data())
    def rescreen(self, data):
        marks = [mark for mark in self.history.standing.marks.values() if not mark.ended]
        if not marks:
            return
        mark = data.draw(st.sampled_from(sorted(marks, key=lambda one: (one.key.subject, one.key.id))))
        self.version += 1
        text = next(text for text in "ABC" if content_result(text=text).input.digest == mark.digest)
        if mark.key.subject == "content":
            found = data.draw(st.sampled_from(CONTENT_FOUND))
            self.history.content_rescreened(*found, id=mark.key.id, text=text, version=f"v{self.version}")
        else:
            found = data.draw(st.sampled_from(NAMES_FOUND))
            self.history.registration_rescreened(*found, text=text, version=f"v{self.version}")

    @rule(data=st.data(), by_person=st.booleans())
    def lift(self, data, by_person):
        orders = [order.action_id for order in self.history.orders]
        target = data.draw(st.sampled_from(orders)) if orders else "never-given"
        stood = target in self.history.standing.open
        decision = self.history.lift(target) if by_person else self.history.expire(target)
        assert (decision.outcome is Outcome.LIFTED) == stood

    @rule(entry=st.sampled_from(["1", "2"]))
    def clear(self, entry):
        mark = self.history.standing.marks.get(registration_of("a-1"))
        met = mark is not None and any(hit.entry == entry for hit in mark.hits)
        assert (self.history.clear(f"sample/{entry}").outcome is not Outcome.NOT_OPEN) == met

    @rule(entry=st.sampled_from(["1", "2"]), by_person=st.booleans())
    def end_what_is_cleared(self, entry, by_person):
        pair = f"sample/{entry}"
        cleared = pair in self.history.standing.clearances
        decision = self.history.unclear(pair) if by_person else self.history.expire(pair)
        assert cleared or decision.changes == ()
        assert pair not in self.history.standing.clearances

    @invariant()
    def no_order_stands_for_what_is_cleared(self):
        standing = self.history.standing
        causes = [cause for order in standing.open.values() for cause in order.causes]
        assert not {pair for cause in causes for pair in cause.pairs} & standing.clearances.keys()

    @invariant()
    def no_name_is_given_twice(self):
        names = [order.action_id for order in self.history.orders]
        assert len(names) == len(set(names))

    @invariant()
    def at_most_one_open_order_on_a_target(self):
        targets = [order.target for order in self.history.standing.open.values()]
        assert len(targets) == len(set(targets))

    @invariant()
    def every_undoing_reverses_one_earlier_order_once(self):
        given = {}
        for order in self.history.orders:
            if order.type in UNDOINGS:
                assert given.pop(order.reverses) is order.reverses_type
            else:
                given[order.action_id] = order.type

    @invariant()
    def every_open_order_was_given_and_has_a_cause(self):
        given = {order.action_id: order for order in self.history.orders}
        for action_id, standing in self.history.standing.open.items():
            assert standing.causes
            assert len({cause.key for cause in standing.causes}) == len(standing.causes)
            assert (given[action_id].type, given[action_id].decision_id) == (standing.type, standing.decision_id)

    @invariant()
    def decisions_hang_together(self):
        for decision in self.history.decisions[self.checked :]:
            told = [order for order in decision.orders if order.type is OrderType.NOTIFY]
            others = [order for order in decision.orders if order.type is not OrderType.NOTIFY]
            assert bool(told) == bool(others)
            assert len({order.decision_id for order in decision.orders}) <= 1
            undone = {order.reverses for order in others if order.reverses}
            assert len(undone) in (0, len(others)), "a decision gives orders or lifts, never both"
            opened = [change.order.action_id for change in decision.changes if isinstance(change, Opened)]
            assert opened == [order.action_id for order in others if not order.reverses]
            lifted = {c.action_id for c in decision.changes if isinstance(c, Closed) and c.by == "lift"}
            assert lifted == undone
            assert len(cases(decision)) <= 1
            self.standing_before = self.standing_before.after(decision.changes)
        self.checked = len(self.history.decisions)
        assert self.standing_before == self.history.standing


OneAccount.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestOneAccount = OneAccount.TestCase
