"""The tables of the views: sounds, parts, emoji, look-alikes."""

from __future__ import annotations

from screening.text.emoji import MEANINGS
from screening.text.lookalikes import LOOKALIKES, PLAIN
from screening.text.normalize import normalize
from screening.text.parts import PAIRS, TRIPLES
from screening.text.sounds import FURTHER, USUAL


def test_each_character_has_one_usual_reading():
    """A character stands in one row of the usual readings, and a further reading is another one."""
    usual: dict[str, str] = {}
    for row in USUAL.split("|"):
        syllable, characters = row.split(":")
        assert syllable.isascii()
        assert not set(characters) & usual.keys()
        usual.update(dict.fromkeys(characters, syllable))
    for row in FURTHER.split("|"):
        syllable, characters = row.split(":")
        assert all(usual[character] != syllable for character in characters)
    assert (usual["赌"], usual["长"], usual["绿"]) == ("du", "chang", "lv")


def test_parts_are_whole_rows_in_normal_form():
    """Rows of three and of four characters, none changed by normalising: texts are searched in normal form."""
    assert len(PAIRS) % 3 == len(TRIPLES) % 4 == 0
    assert "贝者赌" in {PAIRS[at : at + 3] for at in range(0, len(PAIRS), 3)}
    assert normalize(PAIRS).text == PAIRS
    assert normalize(TRIPLES).text == TRIPLES


def test_emoji_are_one_character_with_readings_in_normal_form():
    """An emoji that normalising changes would never be met; its readings are searched in normal form."""
    signs = [row[0] for row in MEANINGS.split("|")]
    assert len(signs) == len(set(signs))
    for row in MEANINGS.split("|"):
        assert normalize(row[0]).text == row[0]
        assert all(reading and normalize(reading).text == reading for reading in row[1:].split("/"))


def test_lookalikes_lead_to_plain_characters():
    """One for one, never through another look-alike, and never from an ASCII or ordinary Han character."""
    assert len(LOOKALIKES) == len(PLAIN) == len(set(LOOKALIKES))
    assert not set(LOOKALIKES) & set(PLAIN)
    assert not any(character.isascii() or "\u4e00" <= character <= "\u9fff" for character in LOOKALIKES)
    assert normalize(PLAIN).text == PLAIN
    assert normalize(LOOKALIKES).text == PLAIN
