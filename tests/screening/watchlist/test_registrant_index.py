"""The way back from a listed name to registrants finds whoever the matcher would find."""

from __future__ import annotations

import random

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import party, passport, person
from looped import searching

from screening.subjects import Affiliate, Identifier
from screening.watchlist.alignment import compare
from screening.watchlist.ceilings import ceilings
from screening.watchlist.index import NameIndex
from screening.watchlist.matcher import FLOOR, NameMatcher
from screening.watchlist.names import read_name
from screening.watchlist.news import news
from screening.watchlist.parties import PartyKind
from screening.watchlist.registrant_index import RegistrantIndex

WORDS = (
    "Mohammad", "Muhammed", "Ahmad", "Al", "Hassan", "Husayn", "Olga", "Petrova", "Petrov", "J", "Trading", "Company",
    "LLC", "Zhang", "Meili", "Zhangmeili", "Dr", "bin", "Laden", "Binladen", "Sun", "Sunrise", "Shipping", "Chang",
    "Kuo", "Guotao", "محمد", "حسن", "Иван", "Петров", "张", "国焘", "7",
)  # fmt: skip


def written(chance: random.Random) -> str:
    """A name of a few words, some with a slip, written together, or in another order."""
    words = [chance.choice(WORDS) for _ in range(chance.choice((1, 2, 2, 3, 3, 4)))]
    if chance.random() < 0.4:
        at = chance.randrange(len(words))
        word = words[at]
        cut = chance.randrange(len(word))
        words[at] = word[:cut] + chance.choice("aeiouhkst") + word[cut + chance.randrange(2) :]
    if chance.random() < 0.1:
        return "".join(words)
    if chance.random() < 0.2 and len(words) > 1:
        return f"{words[-1].upper()}, {' '.join(words[:-1])}"
    return " ".join(words)


def registrants(chance: random.Random, count: int):
    for number in range(count):
        affiliates = (
            (Affiliate(name=written(chance), kind=chance.choice(("person", "organization"))),)
            if chance.random() < 0.2
            else ()
        )
        one = person(
            written(chance),
            aliases=(written(chance),) if chance.random() < 0.2 else (),
            affiliates=affiliates,
            identifiers=(Identifier(type="passport", value=f"AB12345{number % 10}"),) if chance.random() < 0.2 else (),
        )
        yield msgspec.structs.replace(one, account_id=f"a-{number}", kind=chance.choice(("person", "organization")))


def parties(chance: random.Random, count: int):
    for number in range(count):
        yield party(
            str(number),
            written(chance),
            kind=chance.choice((PartyKind.PERSON, PartyKind.ORGANIZATION, PartyKind.UNKNOWN)),
            identifiers=(passport(f"AB12345{number % 10}"),) if chance.random() < 0.2 else (),
        )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000))
def test_whoever_the_matcher_finds_is_found(seed):
    """Registrants with a hit on what came, by name or by number, their own or an affiliate's, are all found."""
    chance = random.Random(seed)
    subjects = list(registrants(chance, 60))
    came = {"list": tuple(parties(chance, 12))}
    hits = NameMatcher(came).find(subjects)
    expected = {one.account_id for one, found in zip(subjects, hits, strict=True) if found}
    brought = news({}, came)
    found = RegistrantIndex(subjects).concerned(brought.names, brought.identifiers)
    assert found >= expected


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_the_way_back_gives_the_very_scores(seed, by_loops):
    """Each name held scores for a listed one what it scores when it is looked for, and none that reaches is missing."""
    chance = random.Random(seed)
    held = [read_name(written(chance), person=chance.random() < 0.7) for _ in range(80)]
    listed = read_name(written(chance), person=True)
    with searching(by_loops=by_loops):
        index = NameIndex(held)
    plainly = {
        number: score
        for number, name in enumerate(held)
        if (score := compare(index.profile(name), index.profile(listed))) >= FLOOR
    }
    assert dict(index.finders(listed, FLOOR)) == plainly


def test_it_finds_only_who_is_like():
    """Of registrants that share a common word with a listed name, only the one that bears it is found."""
    people = ["Olga Petrova", "Olga Zhang", "Ahmad Hassan", "Meili Sun"]
    subjects = [msgspec.structs.replace(person(name), account_id=name) for name in people]
    came = news({}, {"list": (party("1", "PETROVA, Olga"),)})
    assert RegistrantIndex(subjects).concerned(came.names, ()) == {"Olga Petrova"}


def test_the_most_of_the_way_back_differs():
    """To leave out half of a listed name costs another share than to add as much to it."""
    half, whole, none = np.array([0.5]), np.array([1.0]), np.array([False])
    forth, back = (ceilings(half, whole, np.array([2.0]), none, reverse=reverse)[0] for reverse in (False, True))
    assert (round(forth, 6), round(back, 6)) == (0.8, 0.85)
