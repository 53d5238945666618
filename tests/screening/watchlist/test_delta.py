from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from invented import country, day, ofac_history, party, passport

from screening.watchlist.delta import delta, matching_digest
from screening.watchlist.parties import Address, Detail, Link, ListedParty, Relation, Strength

TOVE = party(
    "1", "ORRINEK, Tove", "ORINEK, Tove", births=(day("1971-02-28"),), identifiers=(passport("X9912345", "NO"),)
)
IVAR = party("2", "HALLE, Ivar")
ANNA = party("3", "MAIER, Anna")


def changed(**fields: object) -> ListedParty:
    return msgspec.structs.replace(TOVE, **fields)


def test_added_changed_and_removed_are_told_apart() -> None:
    """Entries are compared by their ids, in the order of their ids, whatever the order of the lists."""
    found = delta((IVAR, TOVE), (changed(remarks="new words"), ANNA))
    assert [one.entry for one in found.added] == ["3"]
    assert [one.entry for one in found.removed] == ["2"]
    (change,) = found.changed
    assert (change.old, change.fields, change.matters) == (TOVE, ("remarks",), False)
    assert not delta((IVAR, TOVE), (TOVE, IVAR))


def test_words_do_not_matter_for_matching() -> None:
    """Remarks, details, labels, and the order and ids of names change no result."""
    turned = tuple(msgspec.structs.replace(name, id="7", remarks="x") for name in reversed(TOVE.names))
    labelled = (msgspec.structs.replace(TOVE.identifiers[0], label="Norwegian passport"),)
    for same in (
        changed(remarks="x"),
        changed(details=(Detail(label="title", text="x"),)),
        changed(names=turned),
        changed(identifiers=labelled),
    ):
        (change,) = delta((TOVE,), (same,)).changed
        assert not change.matters


def test_what_is_compared_matters() -> None:
    """A name, its strength, a date, a number, a country, a programme, an address, a link: each change matters."""
    weaker = (TOVE.names[0], msgspec.structs.replace(TOVE.names[1], strength=Strength.WEAK))
    for other in (
        changed(names=TOVE.names[:1]),
        changed(names=weaker),
        changed(births=(day("1971-02"),)),
        changed(identifiers=()),
        changed(nationalities=(country("SE"),)),
        changed(programmes=("DEMO",)),
        changed(addresses=(Address(place="Oslo"),)),
        changed(links=(Link(relation=Relation.OWNER, name="X", ownership_percent=51.0),)),
        changed(gender="female"),
    ):
        (change,) = delta((TOVE,), (other,)).changed
        assert change.matters, change.fields
        assert matching_digest(other) != matching_digest(TOVE)


@given(
    st.lists(st.sampled_from([TOVE, IVAR, ANNA]), unique=True),
    st.lists(st.sampled_from([TOVE, IVAR, ANNA]), unique=True),
)
def test_a_delta_leads_from_the_old_to_the_new(old: list[ListedParty], new: list[ListedParty]) -> None:
    """Taking away what was removed and adding what was added gives the new version."""
    found = delta(old, new)
    kept = [one for one in old if one not in found.removed]
    assert {one.entry for one in [*kept, *found.added]} == {one.entry for one in new}


def test_the_real_history() -> None:
    """From 2021-08-18 to 2022-02-23 OFAC added 426 entries and removed 388."""
    first, second = (parsed.parties for parsed in ofac_history()[:2])
    found = delta(first, second)
    assert (len(found.added), len(found.removed)) == (426, 388)
    assert 0 < len(found.mattering) <= len(found.changed)
