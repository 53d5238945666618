from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from datafolder import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import country, day, ofac_matcher, organization, party, passport, person, sample

from screening.evidence import name_order
from screening.subjects import Affiliate, Identifier
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import DateSpan, ListedIdentifier, ListedName, PartyKind, Strength

if TYPE_CHECKING:
    import random

REVIEW = 0.82
ENFORCE = 0.90

KARAM = party(
    "1",
    "AL-ZAHRUDI, Karam Nuwayf",
    births=(day("1971-02-05"),),
    nationalities=(country("IQ"),),
    identifiers=(passport("A9912345", "IQ"),),
    programmes=("DEMO",),
)
MATCHER = NameMatcher({"made-up": [KARAM, party("2", "VANTRELLIS HOLDINGS LIMITED", kind=PartyKind.ORGANIZATION)]})


def only(registrant, matcher: NameMatcher = MATCHER):
    (hits,) = matcher.find([registrant])
    assert len(hits) == 1, hits
    return hits[0]


def test_a_hit_carries_its_evidence() -> None:
    """A hit names source, entry, programmes and both names, and each feature shows what was compared."""
    hit = only(person("Karam Zahrudi", birth_date="1971-02", nationalities=("IQ",)))
    assert (hit.source, hit.entry, hit.programmes, hit.party) == ("made-up", "1", ("DEMO",), "registrant")
    assert (hit.category, hit.listed_name, hit.queried_name) == (
        "sanctioned-party",
        "AL-ZAHRUDI, Karam Nuwayf",
        "Karam Zahrudi",
    )
    shown = {feature.name: (feature.query, feature.candidate) for feature in hit.features}
    assert shown == {
        "name": ("Karam Zahrudi", "AL-ZAHRUDI, Karam Nuwayf"),
        "birth_date": ("1971-02", "1971-02-05"),
        "country": ("IQ", "IQ"),
        "kind": ("person", "person"),
    }


def test_a_name_alone_is_never_corroborated() -> None:
    """However exact a name is, and with nationality and kind agreeing too, it needs more than that."""
    hit = only(person("Karam Nuwayf al-Zahrudi", nationalities=("IQ",)))
    assert hit.score == 1.0
    assert not hit.corroborated


@pytest.mark.parametrize(
    ("said", "corroborated"),
    [
        ({"birth_date": "1971-02-05"}, True),
        ({"birth_date": "1971-02"}, True),
        ({"birth_date": "1971"}, False),
        ({"birth_date": "1971", "nationalities": ("IQ",)}, True),
        ({"birth_date": "1971", "country": "IQ"}, True),
        ({"birth_date": "1971", "nationalities": ("NO",)}, False),
        ({"birth_date": "1971-02-06", "nationalities": ("IQ",)}, False),
        ({"birth_date": "1972-02-05", "nationalities": ("IQ",)}, False),
        ({"birth_date": "1985-02-05", "nationalities": ("IQ",)}, False),
        ({"identifiers": (Identifier(type="passport", value="a 991-2345", country="IQ"),)}, True),
        ({"identifiers": (Identifier(type="passport", value="A9912345"),)}, True),
        ({"identifiers": (Identifier(type="passport", value="A9912345", country="NO"),)}, False),
        ({"identifiers": (Identifier(type="wallet", value="A9912345", country="IQ"),)}, False),
        ({"birth_date": "1985", "identifiers": (Identifier(type="passport", value="A9912345"),)}, False),
    ],
)
def test_what_corroborates(said: dict[str, object], corroborated: bool) -> None:  # noqa: FBT001 - a table's column
    """A date to the month, a year with a country, or an identifier corroborate; a contradicting year undoes it."""
    hit = only(person("Karam Zahrudi", **said))
    assert hit.corroborated is corroborated


@pytest.mark.parametrize("span", [DateSpan(first="1970", last="1972"), DateSpan(first="1971", last="1971", circa=True)])
def test_a_vague_listed_date_corroborates_only_with_a_country(span: DateSpan) -> None:
    """A span of years, or a date its source is unsure of, agrees by year at most."""
    matcher = NameMatcher({"made-up": [msgspec.structs.replace(KARAM, births=(span,))]})
    assert not only(person("Karam Zahrudi", birth_date="1971-02-05"), matcher).corroborated
    assert only(person("Karam Zahrudi", birth_date="1971-02-05", country="IQ"), matcher).corroborated


def test_an_organization_is_corroborated_by_its_incorporation() -> None:
    """An incorporation date speaks for an organization as a birth date does for a person."""
    firm = party("3", "ORLANTHE AIR CARGO LLC", kind=PartyKind.ORGANIZATION, incorporations=(day("2011-06-01"),))
    matcher = NameMatcher({"made-up": [firm]})
    assert only(organization("Orlanthe Air Cargo", incorporation_date="2011-06-01"), matcher).corroborated
    assert not only(organization("Orlanthe Air Cargo", incorporation_date="2019-06-01"), matcher).corroborated


def test_an_identifier_is_a_hit_however_unlike_the_name() -> None:
    """The same passport under another name is found, at a score that can lead to an order."""
    hit = only(person("Beatrix Mendelwright", identifiers=(Identifier(type="passport", value="A9912345"),)))
    assert hit.corroborated
    assert hit.score >= ENFORCE
    assert "identifier" in [feature.name for feature in hit.features]


def test_an_identifier_with_a_contradiction_is_for_people() -> None:
    """The same passport with another birth year orders nothing, and yet is looked at."""
    passports = (Identifier(type="passport", value="A9912345"),)
    hit = only(person("Beatrix Mendelwright", birth_date="1990", identifiers=passports))
    assert not hit.corroborated
    assert hit.score >= REVIEW


@pytest.mark.parametrize("value", ["1234", "00000000", "12345678", "987654", "a", "", "--"])
def test_identifiers_that_say_too_little_do_not_count(value: str) -> None:
    """Short, uniform and running numbers stand on too many papers."""
    listed = msgspec.structs.replace(KARAM, identifiers=(passport(value),))
    matcher = NameMatcher({"made-up": [listed]})
    assert matcher.find([person("Beatrix Mendelwright", identifiers=(Identifier(type="passport", value=value),))]) == [
        ()
    ]


def test_a_payment_account_is_compared_with_listed_wallets() -> None:
    """A wallet that is listed is found where a registrant pays from it."""
    wallet = ListedIdentifier(type="wallet", value="1DemoQx7vGrKpZ4mWy2LnTcBa9UeHs6Rf3")
    matcher = NameMatcher({"made-up": [msgspec.structs.replace(KARAM, identifiers=(wallet,))]})
    assert only(person("Beatrix", payment_account="1DemoQx7vGrKpZ4mWy2LnTcBa9UeHs6Rf3"), matcher).corroborated
    passport_of_the_same_value = Identifier(type="passport", value="1DemoQx7vGrKpZ4mWy2LnTcBa9UeHs6Rf3")
    assert matcher.find([person("Beatrix", identifiers=(passport_of_the_same_value,))]) == [()]


def test_affiliates_are_screened_as_the_registrant_is() -> None:
    """An affiliate's hit has the registrant's score and evidence, under its own category, and says which it is."""
    known = {"birth_date": "1971-02-05", "nationalities": ("IQ",)}
    directly = only(person("Karam Zahrudi", **known))
    clean = Affiliate(name="Beatrix Mendelwright")
    owner = Affiliate(name="Karam Zahrudi", kind="person", relation="owner", ownership_percent=60.0, **known)
    hit = only(organization("Blue Door Bakery", affiliates=(clean, owner)))
    assert (hit.category, hit.party) == ("sanctioned-affiliate", "affiliate")
    assert hit.affiliate is not None
    assert (hit.affiliate.index, hit.affiliate.name, hit.affiliate.relation) == (1, "Karam Zahrudi", "owner")
    assert hit.affiliate.ownership_percent == 60.0
    assert (hit.score, hit.corroborated, hit.features) == (directly.score, directly.corroborated, directly.features)


def test_affiliates_do_not_lend_their_data_to_the_registrant() -> None:
    """A birth date of an affiliate corroborates nothing about the registrant."""
    registrant = person("Karam Zahrudi", affiliates=(Affiliate(name="Someone Else", birth_date="1971-02-05"),))
    assert not only(registrant).corroborated


def test_every_name_counts_and_gives_one_hit() -> None:
    """An alias of the registrant, and any alias on the list, lead to one hit with the likest pair."""
    listed = party("5", "QUELLBRANDT, Osric", "KVELBRANDT, Osrik")
    matcher = NameMatcher({"made-up": [listed]})
    hit = only(person("Beatrix Mendelwright", aliases=("Osrik Kvelbrandt", "Osric Quell")), matcher)
    assert (hit.queried_name, hit.listed_name, hit.score) == ("Osrik Kvelbrandt", "KVELBRANDT, Osrik", 1.0)


def test_a_weak_alias_says_less() -> None:
    """The same words as a weak alias give a lower score than as a name, and the hit says why."""
    weak = ListedName(text="THE SILVER LEDGER", strength=Strength.WEAK, type="aka")
    listed = msgspec.structs.replace(
        party("5", "QUELLBRANDT, Osric"), names=(ListedName(text="QUELLBRANDT, Osric"), weak)
    )
    hit = only(person("The Silver Ledger"), NameMatcher({"made-up": [listed]}))
    assert hit.score < 1.0
    assert "weak_alias" in [feature.name for feature in hit.features]


@pytest.mark.parametrize(
    ("listed", "queried", "looked_at"),
    [
        ("QUELLBRANDT, Osric Valdemar", "Osric Valdemar Quellbrandt", True),
        ("QUELLBRANDT, Osric Valdemar", "Osric Valdemarr Quelbrandt", False),
        ("QUELLBRANDT, Osric Valdemar", "Osric Quellbrandt", False),
        ("HASSAN, Mohammad", "Mohammad Hassan", False),
    ],
)
def test_a_contradicting_date_leaves_an_exact_rare_name_to_a_person(
    listed: str,
    queried: str,
    looked_at: bool,  # noqa: FBT001 - a table's column
) -> None:
    """Lists err about dates: an exact name that few bear is looked at and orders nothing; other names are not."""
    matcher = NameMatcher({"made-up": [party("5", listed, births=(day("1971-02-05"),))]}, floor=0.5)
    hit = only(person(queried, birth_date="1985-02-05"), matcher)
    assert (hit.score >= REVIEW) is looked_at
    assert not hit.corroborated
    assert ("rare_name" in [feature.name for feature in hit.features]) is looked_at


@pytest.mark.parametrize("kind", [kind for kind in PartyKind if kind is not PartyKind.TERRITORY])
def test_kind_lowers_and_never_hides(kind: PartyKind) -> None:
    """A party of any kind is found by its exact name whatever the registrant says it is, at least for review."""
    matcher = NameMatcher({"made-up": [party("6", "VANTRELLIS ORLANTHE LIMITED", kind=kind)]})
    scores = [only(register("Vantrellis Orlanthe Limited"), matcher).score for register in (person, organization)]
    assert min(scores) >= REVIEW
    assert max(scores) == 1.0


def test_scripts_that_are_not_read_never_compare_as_equal() -> None:
    """Lao and Khmer names are nobody's yet, not even of one written the same."""
    listed = [party("7", "ນິນ ສຸກ"), party("8", "សុខ"), party("9", "ນ")]
    matcher = NameMatcher({"made-up": listed}, floor=0.1)
    assert matcher.find([person("ນິນ ສຸກ"), person("ລຸກ"), person("សុខ"), person("ນ")]) == [(), (), (), ()]


@pytest.mark.parametrize(
    "name",
    ["x" * 10_000, "x", "ltd", "Co., Ltd.", "al", "Dr.", "!!!", "\u200b", "ab " * 5_000, "1" * 10_000, "王" * 10_000],
)
def test_odd_names_are_answered(name: str) -> None:
    """Very long names, single letters, bare legal forms and names that fold to nothing give no hit and no error."""
    assert MATCHER.find([person(name), organization(name)]) == [(), ()]


@pytest.mark.parametrize("listed", ["x", "LTD", "Co., Ltd.", "!!!", "\u200b", "x" * 10_000, "ab " * 5_000, "ນິນ"])
def test_odd_listed_names_are_held_and_find_nobody_else(listed: str) -> None:
    """A list that holds such a name can be searched; nobody with a name of their own is taken for it."""
    matcher = NameMatcher({"made-up": [party("7", listed), KARAM]})
    assert [hit.entry for hit in matcher.find([person("Karam Nuwayf al-Zahrudi")])[0]] == ["1"]
    assert matcher.find([person("Beatrix Mendelwright"), person("y"), organization("Blue Door Bakery Ltd")]) == [()] * 3
    assert matcher.find([person("ລຸກ"), organization("GmbH"), person("...")]) == [()] * 3


def test_a_floor_is_a_score() -> None:
    """A floor outside the scale is refused when the matcher is built."""
    for floor in (0.0, 1.5):
        with pytest.raises(ValueError, match="expected a number above"):
            NameMatcher({}, floor=floor)


def test_no_list_finds_nobody() -> None:
    """Without listed parties every answer is empty, one for each registrant."""
    assert NameMatcher({}).find([person("Karam"), person("Osric")]) == [(), ()]
    assert NameMatcher({"made-up": []}).find([]) == []


PARTS = st.sampled_from(["Karam", "Karim", "Zahrudi", "al", "Nuwayf", "Osric", "Vantrellis", "Holdings", "Ltd", "K"])
CODES = st.sampled_from(["IQ", "NO", "KP"])
DATES = st.sampled_from(["1971", "1971-02", "1971-02-05", "1971-03-05", "1973", "1990-01-01"])
NUMBERS = st.sampled_from(["A9912345", "B9954321", "1234"])
REGISTRANTS = st.builds(
    person,
    st.lists(PARTS, min_size=1, max_size=4).map(" ".join),
    birth_date=st.none() | DATES,
    nationalities=st.lists(CODES, max_size=2).map(tuple),
    identifiers=st.lists(NUMBERS.map(lambda value: Identifier(type="passport", value=value)), max_size=2).map(tuple),
    affiliates=st.lists(
        st.builds(lambda name, date: Affiliate(name=name, birth_date=date), PARTS, st.none() | DATES), max_size=2
    ).map(tuple),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(REGISTRANTS, max_size=6), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_batch(registrants: list, shuffler: random.Random) -> None:
    """One by one, together and in another order the same hits are found; they are sorted, and scores are scores."""
    together = MATCHER.find(registrants)
    assert together == [MATCHER.find([registrant])[0] for registrant in registrants]
    order = list(range(len(registrants)))
    shuffler.shuffle(order)
    assert MATCHER.find([registrants[place] for place in order]) == [together[place] for place in order]
    for hits in together:
        assert list(hits) == sorted(hits, key=name_order)
        for hit in hits:
            assert 0.0 <= hit.score <= 1.0
            assert all(0.0 <= feature.score <= 1.0 for feature in hit.features)


@settings(deadline=None)
@given(REGISTRANTS)
def test_a_missing_value_lies_between_agreement_and_contradiction(registrant) -> None:
    """A birth date or nationality left out gives no less than a contradicting one, and no more than an agreeing one."""
    bare = msgspec.structs.replace(registrant, affiliates=())
    for field, values in (
        ("birth_date", ("1990-01-01", None, "1971-02-05")),
        ("nationalities", (("NO",), (), ("IQ",))),
    ):
        scores = []
        for value in values:
            (hits,) = MATCHER.find([msgspec.structs.replace(bare, **{field: value})])
            scores.append([hit.score for hit in hits if hit.entry == "1"])
        assert len({len(score) for score in scores}) == 1
        assert scores == sorted(scores)


def test_the_sample_finds_its_own() -> None:
    """Each party of the demo's sample is found by its own primary name, and by no other above review."""
    matcher = NameMatcher({"sample": sample().parties})
    for listed in sample().parties:
        register = person if listed.kind is PartyKind.PERSON else organization
        (hits,) = matcher.find([register(listed.names[0].text)])
        assert hits[0].entry == listed.entry
        assert [hit.entry for hit in hits if hit.score >= REVIEW] == [listed.entry]


def test_altered_names_of_real_parties_are_found_and_others_left_alone() -> None:
    """Of names altered in 25 ways nine in ten and more are found; ordinary people and look-alikes hardly alarm."""
    path = data_folder() / "sanctions" / "labelled" / "queries_ofac_2021-07.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [(person if row["schema"] == "Person" else organization)(row["query"]) for row in rows]
    found: dict[str, list[bool]] = {}
    for row, hits in zip(rows, ofac_matcher().find(asked), strict=True):
        entries = {hit.entry for hit in hits if hit.score >= REVIEW}
        found.setdefault(row["category"], []).append(bool(entries & set(row["ids"]) if row["ids"] else entries))
    negative = {category: flags for category, flags in found.items() if category.startswith("neg_")}
    readable = list(
        itertools.chain.from_iterable(flags for category, flags in found.items() if category not in negative)
    )
    assert sum(readable) / len(readable) >= 0.95
    assert sum(negative["neg_negatives_us"] + negative["neg_negatives_global"]) <= 1
    assert sum(negative["neg_shared_surname"] + negative["neg_recombined"]) <= 5
