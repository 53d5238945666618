"""Evidence on record under another policy: record by record what a whole pass would give, with nothing matched."""

from __future__ import annotations

import functools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook import clauses_text, policy_text, shipped_policy, shipped_register
from segmenters import segmenter
from watchlist.invented import country, day, organization, party, person

from consumers import shipped, snapshots
from consumers.screeners import second_opinion
from screening.clauses import parse_clauses
from screening.lexicon.matcher import ContentMatcher
from screening.pipeline import ContentScreener, RegistrationScreener, content_versions, registration_versions
from screening.policy.parse import parse_policy
from screening.policy.thresholds import with_threshold
from screening.redeciding import NAMES_FROM, decided_anew, has_evidence, same_evidence, unreachable
from screening.subjects import Affiliate, Attachment, Content, Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import Detail, PartyKind
from screening.watchlist.territory_matcher import TerritoryMatcher

FIRST = ("Ahmad", "Karim", "Olga", "Pavel", "Meili", "Tariq", "Ingrid", "Bogdan")
PARTIES = tuple(party(str(n), f"{FIRST[n]} Vasilenko", births=(day(f"197{n}-01-01"),)) for n in range(8))
PLACE = party(
    "p-1",
    "Elbonia",
    kind=PartyKind.TERRITORY,
    countries=(country("KP"),),
    details=(Detail(label="reach", text="country"),),
)
LISTS = {"list": (*PARTIES, PLACE)}


def altered(seed: int) -> str:
    """Return the shipped policy with its limits, the owners' threshold and what is unseen drawn anew."""
    chance = random.Random(seed)
    text = policy_text()
    for section, least in (("content", 0.3), ("registration", 0.5)):
        text = with_threshold(text, f"{section}.enforce_from={chance.choice((0.9, 0.93, 0.97, 1.0))}")
        text = with_threshold(text, f"{section}.review_from={chance.choice((least, 0.6, 0.75, 0.85, 0.9))}")
    text = with_threshold(text, f"second_opinion.review_from={chance.choice((0.2, 0.55, 0.7, 0.94))}")
    text = text.replace("threshold_percent = 50", f"threshold_percent = {chance.choice((10, 25, 50, 75))}")
    return text.replace('alone = "review"', f'alone = "{chance.choice(("clear", "review"))}"')


@functools.cache
def matcher() -> ContentMatcher:
    return ContentMatcher(snapshots.read_lexicon(shipped.shipped_lexicon(), shipped_policy()), segmenter())


@functools.cache
def contents() -> tuple[Content, ...]:
    entries = snapshots.read_lexicon(shipped.shipped_lexicon(), shipped_policy()).entries
    texts = random.Random(5).sample([text for entry in entries for text in (*entry.must_hit, *entry.must_not_hit)], 60)
    shown = (Attachment(kind="image", url="https://example.invalid/1"),)
    alone = Content(id="c-alone", account_id="a-1", attachments=shown)
    return alone, *(
        Content(id=f"c-{at}", account_id="a-1", body=text, attachments=shown if at % 5 == 0 else ())
        for at, text in enumerate(texts)
    )


@functools.cache
def people() -> tuple[Registrant, ...]:
    """Return namesakes, some with the listed birth date, near ones, owners who add up, ties to a place, and no name."""
    names = [listed.names[0].text for listed in PARTIES]
    near = [name.replace("a", "e", 1) for name in names]
    born = [person(name, birth_date=f"197{n % 5}-01-01") for n, name in enumerate((*names, *near))]
    owners = [
        Affiliate(
            kind="person", name=name, relation="owner", ownership_percent=18.0 + 9 * n, birth_date=f"197{n}-01-01"
        )
        for n, name in enumerate(names)
    ]
    owned = [organization("Somebody Else", affiliates=(one, owners[n - 1])) for n, one in enumerate(owners)]
    tied = [organization("Somebody Else", country="KP", affiliates=tuple(owners[:n])) for n in (0, 1, 3)]
    return (*born, *map(person, names), *owned, *tied, person("。。"))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_decided_anew_is_what_a_whole_pass_gives(first, second):
    """Under policies drawn at random every stored result becomes the very result of matching everything again."""
    old, new = (parse_policy(altered(seed), shipped_register()) for seed in (first, second))
    assert same_evidence(old, new)
    names, places, scorer = NameMatcher(LISTS), TerritoryMatcher(LISTS), second_opinion(new)
    for subjects, screener, versions in (
        (contents(), lambda policy, told: ContentScreener(matcher(), policy, told, scorer),
         [content_versions(name, "l") for name in ("old", "new")]),
        (people(), lambda policy, told: RegistrationScreener(names, policy, told, places),
         [registration_versions(name, {"list": "d"}) for name in ("old", "new")]),
    ):  # fmt: skip
        before = screener(old, versions[0]).screen(subjects)
        whole = screener(new, versions[1]).screen(subjects)
        assert [decided_anew(was, one, new, versions[1]) for was, one in zip(before, subjects, strict=True)] == whole
        assert all(after.verdict == "clear" for was, after in zip(before, whole, strict=True) if not has_evidence(was))
        assert any(map(has_evidence, before))


def test_other_categories_are_other_evidence():
    """Where a category came or went, what is on record is not what would be found."""
    text = clauses_text()
    slug = next(one.slug for one in shipped_register().categories)
    clauses = parse_clauses(text.replace(f'slug = "{slug}"', 'slug = "another-thing"'))
    other = parse_policy(policy_text().replace(f'"{slug}"', '"another-thing"'), clauses)
    assert not same_evidence(shipped_policy(), other)


@pytest.mark.parametrize(
    ("subject", "limit", "said"),
    [
        ("registration", "registration.review_from=0.5", f"below {NAMES_FROM} for embargoed-territory, "),
        ("content", "second_opinion.review_from=0.1", "less sure of than that"),
    ],
)
def test_a_limit_below_what_is_evidence_is_told(subject, limit, said):
    """A limit under the floor of evidence is named, with what it cannot reach; the shipped limits all can."""
    (note,) = unreachable(parse_policy(with_threshold(policy_text(), limit), shipped_register()), subject)
    assert said in note
    assert not unreachable(shipped_policy(), subject)
