"""A day of events, made anew from one seed: the same day wherever and whenever it is made.

Texts come from the examples of the shipped lexicons and from sentences written here; names come from two real days of
a sanctions list. An event belongs to a story (one content's life, one registration's life), whose order is kept;
the stories of a day are shuffled into each other. The day has a morning, a noon at which people and the clock speak
and a newer list comes into force, and an afternoon.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from consumers import shipped, snapshots, topics
from consumers.log.port import Outgoing
from screening.decisions import Directive, DirectiveType, OrderType, order_name
from screening.evidence import Ceiling
from screening.subjects import Content, content_digest
from screening.watchlist.formats import ofac_csv

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from consumers.log.port import Headers
    from screening.watchlist.parties import ListedParty

SEED = 20211123
SOURCE = "us-ofac-sdn"
LISTS = ("sdn_2021-08-18.csv", "sdn_2022-02-23.csv")
"""The list in force in the morning and the one from noon on: both primary files alone, so that neither looks cut."""

KIND = "sample-kind"
"""The header that says which kind an event is of."""

CATEGORIES = ("gambling", "insult-defamation", "economic-fraud", "cults-superstition", "national-security")

SENTENCES = (
    "今天早上下了一场小雨，空气很清新。",
    "这家面馆的牛肉面分量足，汤也鲜。",
    "周末打算带孩子去郊外走走。",
    "新买的键盘手感不错，打字很安静。",
    "请问这条裙子有小码吗？",
    "快递两天就到了，包装完好。",
    "图书馆周一闭馆，大家注意时间。",
    "我们小区的桂花开了，满院子都是香味。",
    "教程写得很清楚，照着做一次就成功了。",
    "昨晚的球赛看得真过瘾，最后一分钟才进球。",
    "妈妈做的红烧鱼是我最爱吃的菜。",
    "这本小说的结尾有点仓促。",
    "地铁早高峰人太多，建议错峰出行。",
    "阳台上的多肉又长出了新芽。",
    "手机电池用了三年，该换一块了。",
    "会议改到下午三点，地点不变。",
    "The train was on time and the seats were clean.",
    "We planted tomatoes and basil in the garden.",
    "Could you send me the notes from the lecture?",
    "The museum is free on the first Sunday of the month.",
)

FAMILY_NAMES = (
    "Ahlquist",
    "Brandvold",
    "Castellotti",
    "Dombrowska",
    "Eikeland",
    "Fitzsimmons",
    "Grünewald",
    "Hakkarainen",
)
GIVEN_NAMES = (
    "Annelie",
    "Birgitta",
    "Clemens",
    "Dorothea",
    "Ekkehard",
    "Friederike",
    "Gunnhild",
    "Hannelore",
    "Ingeborg",
)
CHINESE_NAMES = ("欧阳春晓", "司徒文竹", "慕容雪松", "诸葛青禾", "上官晨曦", "端木秋水")
COMPANIES = (
    "Bergwiesen Molkerei GmbH",
    "Lakeside Pottery Ltd",
    "Tulip Bakery Inc",
    "晨曦园艺有限公司",
    "Fjordlys Bokhandel AS",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the day, and the kind of thing it is."""

    kind: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def outgoing(self) -> Outgoing:
        """The record to be written."""
        return Outgoing(self.topic, self.key, self.value, (*self.headers, (KIND, self.kind.encode())))


@dataclass(slots=True)
class Story:
    """Events that must keep their order, in the three parts of the day."""

    morning: list[Event] = field(default_factory=list)
    noon: list[Event] = field(default_factory=list)
    afternoon: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """The whole day; `noon` holds what is said to the results topic, before the second list is activated."""

    morning: tuple[Event, ...]
    noon: tuple[Event, ...]
    afternoon: tuple[Event, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """All events."""
        return (*self.morning, *self.noon, *self.afternoon)


def recorded_day(lists: pathlib.Path) -> Day:
    """Make the day.

    Args:
        lists: the folder with the files that `LISTS` names.
    """
    chance = random.Random(SEED)
    stories = [*_contents(chance), *_registrations(chance, lists), *_unreadable()]
    parts = [
        _shuffled([getattr(story, part) for story in stories], chance) for part in ("morning", "noon", "afternoon")
    ]
    return Day(*parts)


def merged(events: Sequence[Event], chance: random.Random) -> list[Event]:
    """Return another interleaving of the input topics, each topic in its own order."""
    return list(_shuffled([[event for event in events if event.topic == topic] for topic in topics.INPUTS], chance))


def _shuffled(sequences: Iterable[Sequence[Event]], chance: random.Random) -> tuple[Event, ...]:
    """Shuffle sequences into each other, each in its own order, all orders equally likely."""
    held = [deque(one) for one in sequences]
    turns = [index for index, one in enumerate(held) for _ in one]
    chance.shuffle(turns)
    return tuple(held[turn].popleft() for turn in turns)


# ---------------------------------------------------------------- contents


class Examples:
    """The examples of the shipped lexicons, taken in turn."""

    def __init__(self) -> None:
        policy = snapshots.read_policy(shipped.shipped_policy())
        entries = snapshots.read_lexicon(shipped.shipped_lexicon(), policy).entries
        self._must: dict[str, list[str]] = {
            category: [text for entry in entries if entry.category == category for text in entry.must_hit]
            for category in CATEGORIES
        }
        self._grave = [
            text
            for entry in entries
            if entry.category == "gambling" and entry.ceiling is Ceiling.AUTO and entry.severity == 3
            for text in entry.must_hit
        ]
        self._near = [text for entry in entries for text in entry.must_not_hit]
        self._terms = [entry.terms for entry in entries if entry.category == "gambling" for _ in entry.must_hit]
        self._taken: dict[str, int] = {}

    def must(self, category: str) -> str:
        return self._next(category, self._must[category])

    def grave(self) -> str:
        """Return a text that is deleted by a machine: an example of an entry with the highest severity and ceiling."""
        return self._next("grave", self._grave)

    def near_miss(self) -> str:
        return self._next("near", self._near)

    def with_symbols(self) -> str:
        """Return an example of gambling with symbols between the characters of its term."""
        at = self._taken.get("symbols", 0)
        texts = self._must["gambling"]
        self._taken["symbols"] = at + 1
        text, terms = texts[at % len(texts)], self._terms[at % len(texts)]
        for term in terms:
            if term in text and not term.isascii():
                return text.replace(term, "*".join(term))
        return text

    def _next(self, name: str, texts: Sequence[str]) -> str:
        at = self._taken.get(name, 0)
        self._taken[name] = at + 1
        return texts[at % len(texts)]


class _Writer:
    """Writes contents: each call is an event on the content topic."""

    def __init__(self, account: str, content_id: str, chance: random.Random) -> None:
        self.account, self.id, self._chance = account, content_id, chance

    def text(self, kind: str, body: str, **fields: Any) -> Event:
        """Write a body under this id."""
        return self._event(kind, {"kind": "comment", "body": body, **fields})

    def dressed(self, kind: str, text: str) -> Event:
        """Write a text as a body, a title, markup, or among other sentences."""
        before, after = self._chance.sample(SENTENCES, 2)
        match self._chance.randrange(4):
            case 0:
                return self.text(kind, text)
            case 1:
                return self.text(kind, before, title=text)
            case 2:
                return self.text(kind, f"<p>{before}</p>\n<p>{text}</p>", format="html")
            case _:
                return self.text(kind, f"{before}\n\n{text}\n\n{after}")

    def bare(self, kind: str, **fields: Any) -> Event:
        """Write fields that are not a body."""
        return self._event(kind, fields)

    def target(self, text: str) -> str:
        """Return the name of the first order to delete a text written plainly under this id."""
        digest = content_digest(Content(id=self.id, account_id=self.account, body=text))
        return order_name(OrderType.DELETE_CONTENT, self.account, self.id, digest, "")

    def _event(self, kind: str, fields: dict[str, Any]) -> Event:
        value = {"id": self.id, "account_id": self.account, **fields, "published_at": "2026-11-23T08:00:00+08:00"}
        trace = f"00-{self._chance.randrange(16**32):032x}-{self._chance.randrange(16**16):016x}-01"
        headers = (("traceparent", trace.encode()),) if self._chance.random() < 0.3 else ()
        return Event(kind, topics.CONTENT, self.account.encode(), _json(value), headers)


def _contents(chance: random.Random) -> Iterator[Story]:
    examples = Examples()
    accounts = [f"a-{number:03}" for number in range(250)]
    numbers = iter(range(10_000))

    def writer() -> _Writer:
        return _Writer(chance.choice(accounts), f"c-{next(numbers)}", chance)

    def single(event: Event) -> Story:
        return Story(morning=[event]) if chance.random() < 0.5 else Story(afternoon=[event])

    amounts = {"gambling": 150, "insult-defamation": 120, "economic-fraud": 120, "cults-superstition": 50}
    for category, amount in (amounts | {"national-security": 40}).items():
        for _ in range(amount):
            yield single(writer().dressed(category, examples.must(category)))
    for _ in range(70):
        yield single(writer().text("written with symbols", examples.with_symbols()))
    for _ in range(150):
        yield single(writer().dressed("near miss", examples.near_miss()))
    for _ in range(280):
        yield single(writer().dressed("ordinary text", chance.choice(SENTENCES)))
    for number in range(30):
        yield single(writer().bare("picture alone", attachments=[{"kind": "image", "url": f"https://p.test/{number}"}]))
        picture = [{"kind": "image"}]
        yield single(writer().text("picture beside text", chance.choice(SENTENCES), attachments=picture))
    for _ in range(15):
        archive = [{"kind": "archive"}]
        yield single(writer().text("archive beside text", chance.choice(SENTENCES), attachments=archive))
    yield from (_content_life(writer(), number, examples, chance) for number in range(150))
    yield from (_spoken_of(writer(), number, examples, chance) for number in range(24))


def _content_life(one: _Writer, number: int, examples: Examples, chance: random.Random) -> Story:
    """Return a content's life, by number: edits, repeats, deletions."""
    grave, clean = examples.grave(), chance.choice(SENTENCES)
    first = one.text("to be changed", grave)
    match number % 5:
        case 0:
            rest = [one.text("edited to something clean", clean)]
        case 1:
            rest = [one.text("edited to something else grave", examples.grave() + chance.choice(SENTENCES))]
        case 2:
            rest = [one.text("the same text again", grave), one.bare("deletion", deleted=True)]
        case 3:
            rest = [one.bare("deletion", deleted=True), one.text("back after deletion", grave)]
        case _:
            first = one.text("to be changed", clean)
            rest = [one.text("edited to something grave", grave), one.text("the same text again", grave)]
    half = chance.random()
    if half < 0.3:
        return Story(morning=[first, *rest])
    if half < 0.6:
        return Story(afternoon=[first, *rest])
    return Story(morning=[first], afternoon=rest)


def _spoken_of(one: _Writer, number: int, examples: Examples, chance: random.Random) -> Story:
    """Return a content that is deleted in the morning and spoken of at noon."""
    grave = examples.grave()
    morning = [one.text("to be spoken of", grave)]
    lift = _directive(one.account, DirectiveType.LIFT, one.target(grave))
    again = one.text("the same text after noon", grave)
    match number % 4:
        case 0:  # what a person lifted is not ordered again on the same text
            return Story(morning, [lift], [one.text("edited after noon", chance.choice(SENTENCES)), again])
        case 1:
            return Story(morning, [lift, _again(lift)], [again])
        case 2:  # what ran out may be ordered again
            expire = _directive(one.account, DirectiveType.EXPIRE, one.target(grave))
            return Story(morning, [expire], [one.text("edited after noon", chance.choice(SENTENCES)), again])
        case _:
            lost = _directive(one.account, DirectiveType.LIFT, one.target(grave + "?"), "directive without a target")
            return Story(morning, [lost], [one.bare("deletion", deleted=True)])


def _directive(account: str, kind: DirectiveType, target: str, named: str = "") -> Event:
    said = Directive(
        directive_id=f"d-{account}-{kind}-{target[:8]}",
        account_id=account,
        type=kind,
        target=target,
        by="p-7",
        reason="on review",
    )
    return Event(named or f"directive: {kind}", topics.RESULTS, account.encode(), msgspec.json.encode(said))


def _again(event: Event) -> Event:
    return Event("directive again", event.topic, event.key, event.value, event.headers)


# ---------------------------------------------------------------- registrations


@dataclass(frozen=True, slots=True)
class _Listed:
    """The parties of two lists, as far as the day uses them."""

    people: list[ListedParty]
    companies: list[ListedParty]
    joining: list[ListedParty]
    leaving: list[ListedParty]


def _registrations(chance: random.Random, lists: pathlib.Path) -> Iterator[Story]:
    listed = _listed(lists, chance)
    unused, companies = iter(listed.people), iter(listed.companies)
    people = map(_person, unused)
    accounts = (f"a-{number:03}" for number in itertools.count())
    for kind, amount, make in (
        ("listed person", 100, lambda: next(people)),
        ("listed person, name altered", 70, lambda: _altered(next(people), chance)),
        ("listed person, name alone", 50, lambda: {"kind": "person", "name": next(people)["name"]}),
        ("led by a listed person", 40, lambda: _owned(next(people), chance, "director")),
        ("listed company", 40, lambda: _company(next(companies), identified=True)),
        ("listed company, name altered", 40, lambda: _altered(_company(next(companies), identified=True), chance)),
        ("listed company, name alone", 50, lambda: _company(next(companies), identified=False)),
        ("owned by a listed company", 40, lambda: _owned(_company(next(companies), identified=True), chance, "owner")),
        ("ordinary person", 100, lambda: _ordinary(chance)),
        ("ordinary company", 60, lambda: {"kind": "organization", "name": chance.choice(COMPANIES), "country": "NO"}),
        ("name that cannot be compared", 10, lambda: {"kind": "person", "name": "†††"}),
    ):
        for _ in range(amount):
            event = _registered(next(accounts), kind, make())
            yield Story(morning=[event]) if chance.random() < 0.5 else Story(afternoon=[event])
    for number in range(12):
        yield _cleared(next(accounts), number, next(unused))
    for kind, amount, make in (
        ("owned by two listed companies", 6, lambda: _half_owned(next(companies), next(companies), chance)),
        ("a tenth owned by a listed company", 6, lambda: _tenth_owned(next(companies), chance)),
        ("owned through another company", 8, lambda: _through(_company(next(companies), identified=True), chance)),
    ):
        for _ in range(amount):
            yield Story(morning=[_registered(next(accounts), kind, make())])
    for number in range(120):
        yield _registered_life(next(accounts), number, next(people), chance)
    for number, party in enumerate(listed.joining):
        yield _joining(next(accounts), number, _person(party))
    for number, party in enumerate(listed.leaving):
        yield _leaving(next(accounts), number, _person(party))


def _registered_life(account: str, number: int, fields: dict[str, Any], chance: random.Random) -> Story:
    """Return a registration's life, by number: edits, repeats, erasures, and what is said of it at noon."""
    first = _registered(account, "registration to be changed", fields)
    same = _registered(account, "the same registration again", fields)
    moved = _registered(account, "edited: another address", fields | {"address": f"{number} Harbour Street"})
    erased = Event("erasure", topics.ACCOUNTS, account.encode(), None)
    target = order_name(OrderType.SUSPEND_SERVICE, account, "", "", "")
    match number % 6:
        case 0:
            return Story([first], [], [same, erased])
        case 1:
            return Story([first, moved], [], [_registered(account, "edited: another name", _ordinary(chance))])
        case 2:
            back = _registered(account, "registered after erasure", fields)
            return Story([first, erased], [], [back])
        case 3:
            return Story([first], [_directive(account, DirectiveType.LIFT, target)], [same, moved])
        case 4:
            return Story([first], [_directive(account, DirectiveType.EXPIRE, target)], [moved, erased])
        case _:
            return Story([], [], [first, same, same])


def _cleared(account: str, number: int, party: ListedParty) -> Story:
    """Return the registration of a listed person whom people clear at noon, and, of every third, take it back."""
    fields, target = _person(party), f"{SOURCE}/{party.entry}"
    first = _registered(account, "registration to be cleared", fields)
    clear = _directive(account, DirectiveType.CLEAR_PAIR, target)
    undone = _directive(account, DirectiveType.UNCLEAR_PAIR, target)
    same = _registered(account, "the same registration, cleared", fields)
    moved = _registered(account, "edited beside what was cleared", fields | {"address": f"{number} Mill Lane"})
    return Story([first], [clear] if number % 3 else [clear, undone], [same, moved])


def _joining(account: str, number: int, fields: dict[str, Any]) -> Story:
    """Return a registration of a party that is on the second list only."""
    before = _registered(account, "not listed yet", fields)
    after = _registered(account, "listed since noon", fields)
    return Story([before], [], [after]) if number % 3 else Story(afternoon=[after])


def _leaving(account: str, number: int, fields: dict[str, Any]) -> Story:
    """Return a registration of a party that is on the first list only."""
    before = _registered(account, "listed until noon", fields)
    after = _registered(account, "not listed any more", fields)
    return Story([before], [], [after]) if number % 3 else Story(afternoon=[after])


def _registered(account: str, kind: str, fields: dict[str, Any]) -> Event:
    value = {"account_id": account, **fields, "registered_at": "2026-11-23T08:00:00+08:00"}
    return Event(kind, topics.ACCOUNTS, account.encode(), _json(value))


def _listed(lists: pathlib.Path, chance: random.Random) -> _Listed:
    old, new = ({party.entry: party for party in _read(lists / name)} for name in LISTS)
    known = {name.text for party in new.values() for name in party.names}
    stays = [party for entry, party in old.items() if entry in new]
    return _Listed(
        people=_some(stays, _is_dated_person, 400, chance),
        companies=_some(stays, _is_numbered_company, 250, chance),
        joining=_some([party for entry, party in new.items() if entry not in old], _is_dated_person, 60, chance),
        leaving=_some(
            [party for entry, party in old.items() if entry not in new and party.names[0].text not in known],
            _is_dated_person,
            36,
            chance,
        ),
    )


def _read(path: pathlib.Path) -> Sequence[ListedParty]:
    return ofac_csv.parse({path.name: path.read_bytes()}).parties


def _some(
    parties: Iterable[ListedParty], wanted: Callable[[ListedParty], bool], most: int, chance: random.Random
) -> list[ListedParty]:
    """Return as many parties of a sort, of different names, in a seeded order."""
    by_name = {party.names[0].text: party for party in parties if wanted(party)}
    return chance.sample(sorted(by_name.values(), key=lambda party: int(party.entry)), most)


def _is_dated_person(party: ListedParty) -> bool:
    dated = any(span.first == span.last and len(span.first) == 10 and not span.circa for span in party.births[:1])
    return party.kind == "person" and dated


def _is_numbered_company(party: ListedParty) -> bool:
    return party.kind == "organization" and bool(party.identifiers) and len(party.names[0].text) > 12


def _person(party: ListedParty) -> dict[str, Any]:
    nations = [country.code for country in party.nationalities if country.code]
    return {
        "kind": "person",
        "name": party.names[0].text,
        "birth_date": party.births[0].first,
        "nationalities": nations,
    }


def _company(party: ListedParty, *, identified: bool) -> dict[str, Any]:
    held = [{"type": one.type, "value": one.value} for one in party.identifiers]
    return {"kind": "organization", "name": party.names[0].text, "identifiers": held if identified else []}


def _owned(owner: dict[str, Any], chance: random.Random, relation: str) -> dict[str, Any]:
    affiliate = owner | {"relation": relation, "ownership_percent": 60}
    return {"kind": "organization", "name": chance.choice(COMPANIES), "affiliates": [affiliate]}


def _half_owned(first: ListedParty, second: ListedParty, chance: random.Random) -> dict[str, Any]:
    owners = [
        _company(party, identified=True) | {"relation": "shareholder", "ownership_percent": 30}
        for party in (first, second)
    ]
    return {"kind": "organization", "name": chance.choice(COMPANIES), "affiliates": owners}


def _tenth_owned(party: ListedParty, chance: random.Random) -> dict[str, Any]:
    return {
        "kind": "organization",
        "name": chance.choice(COMPANIES),
        "affiliates": [_company(party, identified=True) | {"relation": "owner", "ownership_percent": 10}],
    }


def _through(owner: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    middle = {"kind": "organization", "name": "Havstein Invest AS", "relation": "owner", "ownership_percent": 70}
    middle["affiliates"] = [owner | {"relation": "owner", "ownership_percent": 55}]
    return {"kind": "organization", "name": chance.choice(COMPANIES), "affiliates": [middle]}


def _ordinary(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"kind": "person", "name": chance.choice(CHINESE_NAMES), "nationalities": ["CN"]}
    name = f"{chance.choice(GIVEN_NAMES)} {chance.choice(FAMILY_NAMES)}"
    born = f"{chance.randrange(1950, 2005)}-{chance.randrange(1, 13):02}"
    return {"kind": "person", "name": name, "birth_date": born, "nationalities": ["NO"]}


def _altered(fields: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a party under a name that was written otherwise."""
    name: str = fields["name"]
    last, comma, first = name.partition(", ")
    match chance.randrange(4):
        case 0:
            name = f"{first} {last}" if comma else name.title()
        case 1:
            at = max(range(len(name) - 1), key=lambda place: (name[place].isalpha(), chance.random()))
            name = name[: at + 1] + name[at] + name[at + 1 :]
        case 2:
            longest = max(name.split(), key=len)
            at = len(longest) // 2
            name = name.replace(longest, longest[: at - 1] + longest[at] + longest[at - 1] + longest[at + 1 :])
        case _:
            name = name.lower().replace(" ", "  ")
    return fields | {"name": name}


# ---------------------------------------------------------------- what cannot be read

_DEEP = b'{"a":' * 5_000


def _unreadable() -> Iterator[Story]:
    for number in range(4):
        key = f"a-{number:03}".encode()
        for kind, topic, used, value in _broken(key, f"b-{number}".encode()):
            event = Event(f"bad: {kind}", topic, used, value)
            yield Story(afternoon=[event]) if number % 2 else Story(morning=[event])
        yield Story(noon=[Event("directive that cannot be read", topics.RESULTS, key, b'{"directive_id":"x"')])


def _broken(key: bytes, content_id: bytes) -> Iterator[tuple[str, str, bytes | None, bytes | None]]:
    content = b'{"id":"%s","account_id":"%s",%%s}' % (content_id, key)
    for kind, rest in {
        "broken UTF-8": b'"body":"\xe8\xb5"',
        "lone surrogate": b'"body":"\\ud83d"',
        "wrong type": b'"body":["a"]',
        "missing fields": b'"kind":"comment"',
        "unknown format": b'"body":"a","format":"pdf"',
    }.items():
        yield kind, topics.CONTENT, key, content % rest
    yield "truncated", topics.CONTENT, key, content[:-4] + b'"body":"abc'
    yield "wrong key", topics.CONTENT, b"other-" + key, content % b'"body":"a"'
    yield "no key", topics.CONTENT, None, content % b'"body":"a"'
    yield "null content", topics.CONTENT, key, None
    yield "not an object", topics.CONTENT, key, b"[1]"
    yield "empty", topics.CONTENT, key, b""
    yield "too deep", topics.CONTENT, key, _DEEP
    person = b'{"account_id":"%s","kind":"person",%%s}' % key
    for kind, rest in {
        "broken UTF-8": b'"name":"\xff"',
        "lone surrogate": b'"name":"\\udc00"',
        "wrong type": b'"name":7',
        "missing fields": b'"country":"CN"',
        "bad date": b'"name":"A B","birth_date":"3 May 1980"',
        "bad country": b'"name":"A B","country":"China"',
    }.items():
        yield kind, topics.ACCOUNTS, key, person % rest
    yield "truncated", topics.ACCOUNTS, key, person[:-4] + b'"name":"A'
    yield "wrong key", topics.ACCOUNTS, b"other-" + key, person % b'"name":"A B"'
    yield "erasure under a broken key", topics.ACCOUNTS, b"\xff\xfe" + key, None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
