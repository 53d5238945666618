"""Lists kept as bytes: searched where they lie, they give what lists made just now give."""

from __future__ import annotations

import json
import mmap

import pytest
from datafolder import data_folder
from invented import country, day, ofac_day, organization, party, passport, person, sample
from looped import searching

from screening.errors import WatchlistError
from screening.subjects import Identifier, Registrant
from screening.watchlist import packing
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.packed import texts_of
from screening.watchlist.packing import Packable, pack, unpack
from screening.watchlist.parties import Link, ListedName, ListedParty, PartyKind, Relation, Strength
from screening.watchlist.ready import FORMAT, VERSION, ReadyLists, dump, load

LISTED = {
    "made-up": [
        party(
            "1", "ZAHRUDI, Karam Osric", "Karam Zahroudi", births=(day("1971-02-05"),), nationalities=(country("KP"),)
        ),
        party(
            "2",
            "Vantrellis Holdings Limited",
            "Вантреллис",
            kind=PartyKind.ORGANIZATION,
            identifiers=(passport("AB 1234567"),),
        ),
        party("3", "卓国桥", "邓炳强", identifiers=(passport("AB1234567", "CN"), passport("99-88-77"))),
        party("4", "محمد يوسف خان", "Muhammad Yusuf Khan"),
        party("5", "ນິນ ສຸກ", "X", "a1 7 ab c d"),
        ListedParty(
            entry="6",
            kind=PartyKind.VESSEL,
            names=(ListedName(text="The Silver Ledger", strength=Strength.WEAK),),
            links=(Link(relation=Relation.SUBSIDIARY, name="Quell Maritime Trading", ownership_percent=60),),
        ),
        ListedParty(
            entry="7", kind=PartyKind.TERRITORY, names=(ListedName(text="Ostrania"),), countries=(country("ZZ"),)
        ),
    ],
    "nobody": [],
}
ASKED = [
    person("Karam Zahrudi", birth_date="1971-02-05", nationalities=("KP",)),
    person("Zahrudikaram"),
    person("Yousef Mohammad Khan"),
    person("محمد خان"),
    person("Zhuo Guoqiao"),
    person("鄧炳強"),
    person("Tang Ping-keung"),
    organization("Vantrelis Holding Ltd"),
    organization("Quell Maritime Trading"),
    organization("Silver Ledger"),
    organization("Nobody in Particular", identifiers=(Identifier(type="passport", value="AB1234567"),)),
    person("ab cd 7", address="12 Long Street, Ostrania"),
    person("ນິນ ສຸກ"),
    person("\ud800"),
    person("Osric Quell"),
]


def mapped(pieces: list[bytes | memoryview]) -> memoryview:
    """Bytes where an operating system would map them."""
    held = mmap.mmap(-1, sum(map(len, pieces)))
    for piece in pieces:
        held.write(piece)
    return memoryview(held)


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("by_loops", [False, True])
def test_kept_lists_find_what_new_ones_find(monkeypatch, *, by_loops, short):
    """Names of many scripts, identifiers, linked parties and territories: the same hits to the last digit."""
    monkeypatch.setattr(packing, "SHORT", 100_000 if short else 0)
    with searching(by_loops=by_loops):
        ready = ReadyLists(LISTED)
        kept = load(mapped(dump(ready)))
    found = NameMatcher(LISTED).find(ASKED)
    assert sum(map(bool, found)) >= 10
    assert ready.names.find(ASKED) == found
    assert kept.names.find(ASKED) == found
    assert [kept.territories.find(one) for one in ASKED] == [ready.territories.find(one) for one in ASKED]
    assert any(map(kept.territories.find, ASKED))


@pytest.mark.parametrize("by_loops", [False, True])
def test_the_real_list_kept_finds_what_the_new_one_finds(monkeypatch, *, by_loops):
    """For labelled names of all kinds, with texts made when they are asked for."""
    monkeypatch.setattr(packing, "SHORT", 1000)
    lists = {"us-ofac-sdn": ofac_day().parties[::8]}
    with searching(by_loops=by_loops):
        ready = ReadyLists(lists)
        kept = load(mapped(dump(ready)))
    path = data_folder() / "sanctions" / "labelled" / "queries_ofac_2021-07.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][::8]
    asked = [
        Registrant(account_id="a", kind="person" if row["schema"] == "Person" else "organization", name=row["query"])
        for row in rows
    ]
    asked += [person(name.text) for one in lists["us-ofac-sdn"][::30] for name in one.names]
    found = ready.names.find(asked)
    assert kept.names.find(asked) == found
    assert sum(map(len, found)) > 50


@pytest.mark.parametrize("lists", [{}, {"nobody": []}, {"unread": [party("1", "ນິນ ສຸກ")]}])
def test_empty_lists_are_kept_too(lists):
    """No party, or one of whom nothing can be read, finds nobody."""
    assert load(mapped(dump(ReadyLists(lists)))).names.find([person("Karam Zahrudi")]) == [()]


def test_the_same_lists_are_the_same_bytes():
    """What is written does not depend on when or by whom; kept lists are written as new ones are."""
    first = b"".join(dump(ReadyLists({"sample": sample().parties})))
    assert b"".join(dump(ReadyLists({"sample": sample().parties}))) == first


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        (lambda data: data[:0], "begin with"),
        (lambda data: b"something else" + data, "begin with"),
        (lambda data: data.replace(FORMAT + b"%d" % VERSION, FORMAT + b"0", 1), "form 0"),
        (lambda data: data[:-1], "checksum"),
        (lambda data: data[:70], "checksum"),
        (lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:], "checksum"),
    ],
    ids=["empty", "another file", "another form", "cut late", "cut early", "changed"],
)
def test_what_is_not_whole_is_refused(damaged, says):
    """Bytes that were cut or changed, or of another kind or form, are not used."""
    data = damaged(b"".join(dump(ReadyLists(LISTED))))
    with pytest.raises(WatchlistError, match=says):
        load(memoryview(data))


class Strange(Packable):
    """Holds what no index holds."""

    def __init__(self, held: object) -> None:
        self.held = held


@pytest.mark.parametrize("held", [{1, 2}, {"a": 1, "b": 0}, object()])
def test_what_cannot_be_kept_is_said(held):
    """Whoever adds to an index what cannot be kept hears of it, and nothing is lost on the way."""
    with pytest.raises(TypeError, match="found"):
        pack(Strange(held))


@pytest.mark.parametrize("short", [True, False])
def test_texts_and_their_numbers(monkeypatch, *, short):
    """Texts of any characters come back with their numbers, whether they are made at once or when asked for."""
    monkeypatch.setattr(packing, "SHORT", 100_000 if short else 0)
    texts = [*map(str, range(500)), "", "赌博", "\ud800", "a" * 1000]
    made = unpack(mapped(pack(Strange({text: place for place, text in enumerate(texts)}))), (Strange,)).held
    assert [made.get(text) for text in texts] == list(range(len(texts)))
    assert made.get("nowhere") is None
    assert "nowhere" not in made
    assert list(texts_of(made)) == texts
    plain = unpack(mapped(pack(Strange(texts))), (Strange,)).held
    assert list(plain) == texts
    assert (isinstance(plain, list), isinstance(made, dict)) == (short, short)
    assert plain[3:5] == ["3", "4"]
