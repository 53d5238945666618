"""Chinese names read in pinyin."""

from __future__ import annotations

import pytest

from screening.subjects import Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import ListedName, ListedParty, PartyKind
from screening.watchlist.pinyin import romanised
from screening.watchlist.unread import unread_names


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("陈全国", "chen quanguo"),
        ("陳全國", "chen quanguo"),
        ("单雄信", "shan xiongxin"),
        ("诸葛亮", "zhuge liang"),
        ("Jack 马", "Jack  ma"),
    ],
)
def test_a_persons_name_is_read_surname_first(name, read):
    """Simplified or traditional, with the surname's own reading, compound surnames whole."""
    assert romanised(name, person=True) == read


@pytest.mark.parametrize("name", ["单远桥", "單遠橋"])
def test_a_party_listed_in_latin_letters_is_found_by_its_chinese_name(name):
    """The Chinese name of a listed person is a hit on the Latin one, and counts as screened."""
    party = ListedParty(entry="1", kind=PartyKind.PERSON, names=(ListedName(text="SHAN, Yuanqiao"),))
    registrant = Registrant(account_id="a-1", kind="person", name=name)
    (hits,) = NameMatcher({"sample": [party]}).find([registrant])
    assert [hit.entry for hit in hits] == ["1"]
    assert unread_names(registrant) == ()
