"""Whom a change concerns: whoever is not touched has the very hits that they had before."""

from __future__ import annotations

import dataclasses
import functools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook import shipped_register
from segmenters import segmenter
from watchlist.invented import day, party, passport, person

from consumers import shipped, snapshots
from screening.lexicon.entries import Lexicon
from screening.lexicon.kinds import Kind
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Affiliate, Content, Identifier
from screening.touched import Everyone, MetRegistrants, Nobody, TouchedContents, TouchedRegistrants
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import Address, Link, PartyKind, Relation

FIRST = ("Ahmad", "Karim", "Olga", "Pavel", "Meili", "Tariq", "Ingrid", "Bogdan")
LAST = ("Vasilenko", "Al Rashid", "Zhang", "Haddad", "Petrov", "Okafor", "Lindqvist", "Moradi")
PARTIES = [party(str(number), f"{FIRST[number % 8]} {LAST[number // 8]}") for number in range(64)]


@functools.cache
def lexicon() -> Lexicon:
    assert shipped_register()
    return snapshots.read_lexicon(shipped.shipped_lexicon(), snapshots.read_policy(shipped.shipped_policy()))


@functools.cache
def examples() -> tuple[Content, ...]:
    texts = [text for entry in lexicon().entries for text in (*entry.must_hit, *entry.must_not_hit)]
    return tuple(
        Content(id=f"c-{at}", account_id="a-1", body=text)
        for at, text in enumerate(random.Random(7).sample(texts, 250))
    )


def people(seed: int):
    chance = random.Random(seed)
    for _ in range(30):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        if chance.random() < 0.4:
            at = chance.randrange(len(name))
            name = name[:at] + name[at + 1 :]
        owner = Affiliate(name=f"{chance.choice(LAST)} {chance.choice(FIRST)}", kind="person")
        yield person(name, affiliates=(owner,) if chance.random() < 0.3 else ())


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 63)), st.sets(st.integers(0, 63)), st.integers(0, 1000))
def test_untouched_registrants_have_the_hits_they_had(old, new, seed):
    """Whatever parties come and go, a registrant who is not touched has the same hits under both lists."""
    before = {"list": [PARTIES[number] for number in sorted(old)]}
    after = {"list": [_otherwise(PARTIES[number], seed) for number in sorted(new)]}
    subjects = list(people(seed))
    had, has = NameMatcher(before).find(subjects), NameMatcher(after).find(subjects)
    touched = TouchedRegistrants(before, after).touched(subjects, had)
    met = MetRegistrants(before, after).touched(subjects, [()] * len(subjects))
    for was, now, is_touched, is_met in zip(had, has, touched, met, strict=True):
        assert is_touched or was == now
        assert is_met or was == now


def _otherwise(listed, seed):
    """Return a party as it is, under another name, with a further one, of another kind, or holding a company."""
    match random.Random(f"{seed}/{listed.entry}").randrange(8):
        case 0:
            return party(listed.entry, f"{LAST[seed % 8]} {FIRST[seed % 7]}")
        case 1:
            return party(listed.entry, listed.names[0].text, f"{FIRST[seed % 8]} {LAST[seed % 7]}")
        case 2:
            return party(listed.entry, listed.names[0].text, kind=PartyKind.ORGANIZATION)
        case 3:
            held = Link(relation=Relation.SUBSIDIARY, name=f"{FIRST[seed % 5]} {LAST[seed % 3]}", entry=None)
            return party(listed.entry, listed.names[0].text, links=(held,))
        case _:
            return listed


def test_a_name_that_a_party_bore_already_is_not_looked_for():
    """What came is what a party did not bear before; whoever was like the rest has a hit that says so."""
    old = party("1", "Ahmad Vasilenko", "Karim Haddad", identifiers=(passport("AB123456"),))
    new = party("1", "Ahmad Vasilenko", "Olga Moradi", identifiers=(passport("AB123456"), passport("CD123456")))
    came = TouchedRegistrants({"list": [old]}, {"list": [new, party("2", "Meili Zhang")]}).news
    assert [name.text for name in came.names] == ["Olga Moradi", "Meili Zhang"]
    assert came.identifiers == {"CD123456"}
    assert came.cited == {("list", "1"), ("list", "2")}


def test_a_change_touches_only_whom_it_concerns():
    """A new party touches who is like it, a removed one who was found for it, and nobody else."""
    before = {"list": [party("1", "Ahmad Vasilenko")]}
    after = {"list": [party("2", "Olga Lindqvist")]}
    subjects = [person("Ahmad Vasilenko"), person("Olga Lindqvist"), person("Bogdan Okafor")]
    had = NameMatcher(before).find(subjects)
    change = TouchedRegistrants(before, after)
    assert change.touched(subjects, had) == [True, True, False]
    assert change.entries == 2


def test_whoever_is_met_need_not_have_been_judged():
    """Found by the old list alone, by the new one alone, or by both of them with another birth date; nobody else."""
    old = {"list": [PARTIES[3], PARTIES[17], PARTIES[40]]}
    changed = party("17", PARTIES[17].names[0].text, births=(day("1971-01-01"),))
    new = {"list": [changed, PARTIES[25], PARTIES[40]]}
    subjects = [person(PARTIES[number].names[0].text) for number in (3, 17, 25, 40, 60)]
    met = MetRegistrants(old, new).touched(subjects, [()] * len(subjects))
    assert met == [True, True, True, False, False]
    assert MetRegistrants(old, old).touched(subjects, [()] * len(subjects)) == [False] * 5


@pytest.mark.parametrize(
    "changed",
    [
        party("1", "Ahmad Vasilenko", births=(day("1971-02-05"),)),
        party("1", "Ahmad Vasilenko", identifiers=(passport("AB123456"),)),
        party("1", "Ahmad Vasilenko", "Pavel Moradi"),
        party("1", "Ahmad Vasilenko", addresses=(Address(place="Tarnholm"),)),
    ],
    ids=["a birth date", "a passport", "an alias", "an address"],
)
def test_a_changed_party_touches_who_was_found_for_it(changed):
    """What is newly known of a party matters for whoever was like it already."""
    before, after = {"list": [party("1", "Ahmad Vasilenko")]}, {"list": [changed]}
    subjects = [person("Ahmad Vasilenko"), person("Ingrid Haddad")]
    assert TouchedRegistrants(before, after).touched(subjects, NameMatcher(before).find(subjects)) == [True, False]


def test_a_changed_remark_touches_nobody():
    """What no comparison looks at concerns nobody when it changes."""
    before = {"list": [party("1", "Ahmad Vasilenko", remarks="as written")]}
    after = {"list": [party("1", "Ahmad Vasilenko", remarks="as written now")]}
    subjects = [person("Ahmad Vasilenko")]
    assert TouchedRegistrants(before, after).touched(subjects, NameMatcher(before).find(subjects)) == [False]


def test_an_identifier_touches_whoever_bears_it():
    """A party that comes touches a registrant with its passport, however unlike the name."""
    before, after = {"list": []}, {"list": [party("1", "Ahmad Vasilenko", identifiers=(passport("AB123456"),))]}
    bearer = person("Ingrid Haddad", identifiers=(Identifier(type="passport", value="AB 123456"),))
    assert TouchedRegistrants(before, after).touched([bearer], [()]) == [True]


def test_what_is_tied_to_a_change_is_changed():
    """A party that came touches who was found for another one that says it is owned by it."""
    owned = party("2", "Olga Lindqvist", links=(Link(relation=Relation.OWNER, name="", entry="1"),))
    before, after = {"list": [owned]}, {"list": [owned, party("1", "Ahmad Vasilenko")]}
    subjects = [person("Olga Lindqvist"), person("Bogdan Okafor")]
    assert TouchedRegistrants(before, after).touched(subjects, NameMatcher(before).find(subjects)) == [True, False]


def test_a_whole_list_that_goes_touches_who_was_found_on_it():
    """A source that is no longer among the lists touches only who was found on it."""
    before = {"one": [party("1", "Ahmad Vasilenko")], "other": [party("1", "Olga Lindqvist")]}
    after = {"one": before["one"]}
    subjects = [person("Ahmad Vasilenko"), person("Olga Lindqvist")]
    assert TouchedRegistrants(before, after).touched(subjects, NameMatcher(before).find(subjects)) == [False, True]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_untouched_contents_have_the_hits_they_had(seed):
    """Whatever entries come, go and change, a content that is not touched has the same hits under both lexicons."""
    chance = random.Random(seed)
    entries = [entry for entry in lexicon().entries if entry.kind is not Kind.HEADLINE]
    old = Lexicon(tuple(entry for entry in entries if chance.random() < 0.9))
    kept = [entry for entry in entries if chance.random() < 0.9]
    new = Lexicon(tuple(_altered(entry, chance) if chance.random() < 0.1 else entry for entry in kept))
    contents = list(examples())
    had, has = (ContentMatcher(one, segmenter()).find(contents) for one in (old, new))
    touched = TouchedContents(old, new, segmenter()).touched(contents, had)
    for was, now, is_touched in zip(had, has, touched, strict=True):
        assert is_touched or was == now


def test_a_changed_entry_touches_only_texts_that_hold_its_terms():
    """One changed entry touches a few texts of many, and its own examples among them."""
    entries = lexicon().entries
    changed = next(entry for entry in entries if entry.id == "register-bonus")
    new = Lexicon(tuple(entry for entry in entries if entry is not changed))
    contents = [*examples(), Content(id="own", account_id="a-1", body=changed.must_hit[0])]
    had = ContentMatcher(lexicon(), segmenter()).find(contents)
    touched = TouchedContents(lexicon(), new, segmenter()).touched(contents, had)
    assert touched[-1]
    assert 1 <= sum(touched) < len(contents) // 4


def test_a_changed_headline_touches_everybody():
    """A headline's hit rests on no term, so that a change of it may concern any content."""
    entries = lexicon().entries
    headline = dataclasses.replace(entries[0], id="a-headline", kind=Kind.HEADLINE, terms=("headline",))
    new = Lexicon((*entries, headline))
    assert TouchedContents(lexicon(), new, segmenter()).touched(examples()[:3], [()] * 3) == [True] * 3


def test_the_same_lexicon_touches_nobody():
    """Where nothing changed, nobody is touched."""
    assert TouchedContents(lexicon(), lexicon(), segmenter()).touched(examples()[:3], [()] * 3) == [False] * 3
    assert Nobody().touched(["x"], [()]) == [False]
    assert Everyone().touched(["x"], [()]) == [True]


def _altered(entry, chance):
    how = chance.randrange(3)
    if how == 0:
        return dataclasses.replace(entry, terms=entry.terms[:-1] or entry.terms)
    if how == 1:
        return dataclasses.replace(entry, near=(), not_near=())
    return dataclasses.replace(entry, severity=1 + chance.randrange(3))
