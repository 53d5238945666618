from __future__ import annotations

from invented import party

from screening.watchlist.formats.ties import tied
from screening.watchlist.parties import Link, ListedParty, Relation, listed_name


def linked(name: str) -> tuple[Link, ...]:
    return (Link(relation=Relation.OWNER, name=name),)


def entries_of(parties: tuple[ListedParty, ...]) -> list[str | None]:
    return [link.entry for held in parties for link in held.links]


def test_a_link_by_name_finds_its_entry() -> None:
    """A link names the entry that bears its name, whatever the case and the punctuation; an alias serves too."""
    owner = party("1", "TAMARISK HOLDING CO., LTD.", "BITTERN HOLDING")
    one = party("2", "ONE", links=linked("Tamarisk Holding Co Ltd"))
    two = party("3", "TWO", links=linked("Bittern Holding"))
    assert entries_of(tied((owner, one, two))) == ["1", "1"]


def test_a_name_of_two_entries_stays_a_name() -> None:
    """Where two entries bear the name, or none, or only the party itself, no entry is guessed."""
    twins = (party("1", "TAMARISK"), party("2", "Tamarisk"))
    unsure = party("3", "SELF", links=(*linked("TAMARISK"), *linked("NOBODY"), *linked("SELF")))
    assert entries_of(tied((*twins, unsure))) == [None, None, None]


def test_a_primary_name_goes_before_an_alias() -> None:
    """The entry whose first name it is, not the one that is also called so."""
    parties = (party("1", "OTHER", "TAMARISK"), party("2", "TAMARISK"), party("3", "X", links=linked("TAMARISK")))
    assert entries_of(tied(parties)) == ["2"]


def test_a_name_tells_its_script() -> None:
    """Names carry the ISO 15924 code of most of their letters."""
    written = ("Bittern", "Выпь", "雪松集团", "بلشون", "ハヤブサ", "매", "†††")
    codes = ["Latn", "Cyrl", "Hani", "Arab", "Kana", "Hang", "Zyyy"]
    assert [listed_name(text).script for text in written] == codes
