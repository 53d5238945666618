from __future__ import annotations

import concurrent.futures
import functools
import json
import random

import pytest
from datafolder import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import ofac_day
from looped import searching

from screening.watchlist.alignment import compare, word_likeness
from screening.watchlist.index import NameIndex
from screening.watchlist.names import Name, read_name
from screening.watchlist.parties import PartyKind


def exhaustive(index: NameIndex, query: Name, floor: float) -> list[tuple[int, float]]:
    """Compare a query with every listed name: slow, and plainly right."""
    mine = index.profile(query)
    alike = functools.cache(word_likeness)
    scored = (
        (number, compare(mine, profile, alike)) for number, profile in enumerate(map(index.listed, range(len(index))))
    )
    return [(number, score) for number, score in scored if score >= floor]


SYLLABLES = ["al", "ka", "khan", "mo", "ham", "med", "yu", "suf", "wei", "chen", "ov", "ich", "sz", "rn", "q", "1"]
UNVOWELLED = ["محمد", "خان", "يوسف", "وي", "ال", "كمال", "ישי", "مد", "عبد"]
WORDS = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map("".join)
NAMES = st.lists(WORDS | st.sampled_from(UNVOWELLED), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=25), NAMES, st.sampled_from([0.3, 0.5, 0.7]), st.booleans(), st.booleans())
def test_the_index_finds_what_a_full_scan_finds(
    listed: list[str],
    query: str,
    floor: float,
    natural: bool,  # noqa: FBT001 - drawn
    by_loops: bool,  # noqa: FBT001 - drawn
) -> None:
    """Among names made to collide, the index gives exactly the names and scores of comparing with each."""
    with searching(by_loops=by_loops):
        index = NameIndex([read_name(name, person=natural) for name in listed])
    name = read_name(query, person=natural)
    assert index.find(name, floor) == exhaustive(index, name, floor)


@pytest.mark.parametrize("by_loops", [False, True])
def test_the_index_finds_what_a_full_scan_finds_in_the_real_list(*, by_loops: bool) -> None:
    """For 240 real queries, altered and ordinary, over 600 real names nothing is lost and nothing added."""
    parties = [party for place, party in enumerate(ofac_day().parties) if place % 30 == 0]
    names = [read_name(name.text, person=party.kind is PartyKind.PERSON) for party in parties for name in party.names]
    with searching(by_loops=by_loops):
        index = NameIndex(names[:600])
    path = data_folder() / "sanctions" / "labelled" / "queries_ofac_2021-07.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    queries = [read_name(row["query"], person=row["schema"] == "Person") for row in rows[:: len(rows) // 120][:120]]
    queries += names[: 600 : 600 // 120][:120]
    assert len(queries) == 240
    found = 0
    for query in queries:
        answer = index.find(query, 0.6)
        assert answer == exhaustive(index, query, 0.6), query.text
        found += len(answer)
    assert found > 120


def test_the_memory_forgets_nothing_and_mixes_nothing() -> None:
    """An answer is the same from a new session and from one that was asked other things before."""
    index = NameIndex([read_name(name, person=True) for name in ("Karam Zahrudi", "Kerem Zahroudi", "Osric Quell")])
    asked = index
    for text in ("Karamzahrudi", "zahrudi", "O Quell", "Quellosric"):
        asked.find(read_name(text, person=True), 0.2)
    query = read_name("Karam Zahrudi", person=True)
    assert asked.find(query, 0.2) == index.find(query, 0.2)


def test_an_empty_index_finds_nobody() -> None:
    """No listed name, or only names that cannot be read, give no hit."""
    for listed in ([], ["ນິນ ສຸກ"], ["!!!"]):
        index = NameIndex([read_name(name, person=True) for name in listed])
        assert index.find(read_name("ນິນ ສຸກ", person=True), 0.1) == []
        assert index.find(read_name("Karam", person=True), 0.1) == []


def test_a_thousand_queries_find_what_a_full_scan_finds_in_parts_of_the_real_list() -> None:
    """Names of the list with words of others exchanged, cut and joined: each against its own and forty."""
    parties = ofac_day().parties
    names = [read_name(name.text, person=party.kind is PartyKind.PERSON) for party in parties for name in party.names]
    with searching(by_loops=True):
        index = NameIndex(names[::20])
    listed = names[::20]
    chance = random.Random(7)
    found = 0
    for _ in range(1000):
        one, other = chance.sample(range(len(listed)), 2)
        query = altered(listed[one], listed[other], chance)
        answer = dict(index.find(query, 0.7))
        near = {*answer, one, other, *chance.sample(range(len(listed)), 40)}
        mine = index.profile(query)
        plainly = {number: compare(mine, index.listed(number)) for number in sorted(near)}
        assert answer == {number: score for number, score in plainly.items() if score >= 0.7}, query.text
        found += len(answer)
    assert found > 800


def altered(name: Name, other: Name, chance: random.Random) -> Name:
    """Mix the words of two names: some kept, some exchanged, one cut, two joined, in any order."""
    words = [word.text for word in name.words if word.text]
    if words and chance.random() < 0.5:
        place = chance.randrange(len(words))
        cut = chance.randrange(len(words[place]) + 1)
        words[place] = words[place][:cut] + words[place][cut + 1 :]
    if other.words and chance.random() < 0.3:
        words.append(chance.choice(other.words).text)
    if len(words) > 1 and chance.random() < 0.3:
        words[:2] = ["".join(words[:2])]
    if chance.random() < 0.3:
        chance.shuffle(words)
    return read_name(" ".join(words), person=chance.random() < 0.5)


@pytest.mark.parametrize("by_loops", [False, True])
@pytest.mark.parametrize("natural", [True, False])
@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "X",
        "x y z",
        "Ltd",
        "GmbH & Co. KG",
        "!!!",
        "\u200b",
        "ນິນ ສຸກ",
        "a" * 10_000,
        "ab " * 3334,
        "7",
        "\ud800",
    ],
)
def test_names_that_say_nothing_find_what_a_full_scan_finds(written: str, *, natural: bool, by_loops: bool) -> None:
    """One letter, only a legal form, nothing after normalising, ten thousand characters, unread: bounded and exact."""
    listed = ["", "X", "Xaver Y", "Limited", "Gmbh Co", "ນິນ ສຸກ", "a" * 10_000, "ab " * 50, "Seven 7", "Karam Zahrudi"]
    with searching(by_loops=by_loops):
        index = NameIndex([read_name(name, person=natural) for name in listed])
    query = read_name(written, person=natural)
    for floor in (0.1, 0.7):
        assert index.find(query, floor) == exhaustive(index, query, floor)


def test_names_in_a_script_that_is_not_read_are_never_the_same() -> None:
    """Not even a name written exactly as on the list is a hit where nobody can read it."""
    index = NameIndex([read_name("ນິນ ສຸກ", person=True)])
    assert index.find(read_name("ນິນ ສຸກ", person=True), 0.01) == []


@pytest.mark.parametrize("by_loops", [False, True])
def test_one_index_serves_several_threads(*, by_loops: bool) -> None:
    """Threads that share an index get the answers that one alone gets."""
    texts = [f"{first} {last}" for first in ("Karam", "Osric", "Jesus") for last in ("Zahrudi", "Quell", "Avila")]
    index = NameIndex([read_name(text, person=True) for text in texts])
    queries = [read_name(text[1:], person=True) for text in texts] * 20
    alone = [index.find(query, 0.5) for query in queries]
    with searching(by_loops=by_loops):
        shared = NameIndex([read_name(text, person=True) for text in texts])
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda query: shared.find(query, 0.5), queries)) == alone
