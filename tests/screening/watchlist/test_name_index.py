from __future__ import annotations

import functools
import json

from datafolder import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import ofac_day

from screening.watchlist.alignment import compare, word_likeness
from screening.watchlist.index import NameIndex
from screening.watchlist.names import Name, read_name
from screening.watchlist.parties import PartyKind


def exhaustive(index: NameIndex, query: Name, floor: float) -> list[tuple[int, float]]:
    """Compare a query with every listed name: slow, and plainly right."""
    mine = index.profile(query)
    alike = functools.cache(word_likeness)
    scored = ((number, compare(mine, profile, alike)) for number, profile in enumerate(index.profiles))
    return [(number, score) for number, score in scored if score >= floor]


SYLLABLES = ["al", "ka", "khan", "mo", "ham", "med", "yu", "suf", "wei", "chen", "ov", "ich", "sz", "rn", "q", "1"]
UNVOWELLED = ["محمد", "خان", "يوسف", "وي", "ال", "كمال", "ישי", "مد", "عبد"]
WORDS = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map("".join)
NAMES = st.lists(WORDS | st.sampled_from(UNVOWELLED), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=25), NAMES, st.sampled_from([0.3, 0.5, 0.7]), st.booleans())
def test_the_index_finds_what_a_full_scan_finds(listed: list[str], query: str, floor: float, natural: bool) -> None:  # noqa: FBT001 - drawn
    """Among names made to collide, the index gives exactly the names and scores of comparing with each."""
    index = NameIndex([read_name(name, person=natural) for name in listed])
    name = read_name(query, person=natural)
    assert index.session().find(name, floor) == exhaustive(index, name, floor)


def test_the_index_finds_what_a_full_scan_finds_in_the_real_list() -> None:
    """For 240 real queries, altered and ordinary, over 600 real names nothing is lost and nothing added."""
    parties = [party for place, party in enumerate(ofac_day().parties) if place % 30 == 0]
    names = [read_name(name.text, person=party.kind is PartyKind.PERSON) for party in parties for name in party.names]
    index = NameIndex(names[:600])
    path = data_folder() / "sanctions" / "labelled" / "queries_ofac_2021-07.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    queries = [read_name(row["query"], person=row["schema"] == "Person") for row in rows[:: len(rows) // 120][:120]]
    queries += names[: 600 : 600 // 120][:120]
    assert len(queries) == 240
    session = index.session()
    found = 0
    for query in queries:
        answer = session.find(query, 0.6)
        assert answer == exhaustive(index, query, 0.6), query.text
        found += len(answer)
    assert found > 120


def test_a_session_forgets_nothing_and_mixes_nothing() -> None:
    """An answer is the same from a new session and from one that was asked other things before."""
    index = NameIndex([read_name(name, person=True) for name in ("Karam Zahrudi", "Kerem Zahroudi", "Osric Quell")])
    asked = index.session()
    for text in ("Karamzahrudi", "zahrudi", "O Quell", "Quellosric"):
        asked.find(read_name(text, person=True), 0.2)
    query = read_name("Karam Zahrudi", person=True)
    assert asked.find(query, 0.2) == index.session().find(query, 0.2)


def test_an_empty_index_finds_nobody() -> None:
    """No listed name, or only names that cannot be read, give no hit."""
    for listed in ([], ["ນິນ ສຸກ"], ["!!!"]):
        index = NameIndex([read_name(name, person=True) for name in listed])
        assert index.session().find(read_name("ນິນ ສຸກ", person=True), 0.1) == []
        assert index.session().find(read_name("Karam", person=True), 0.1) == []
