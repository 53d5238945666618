"""Every view in the matcher: found, named, quoted, held, pardoned."""

from __future__ import annotations

import json

import pytest
from datafolder import data_folder
from lexicontexts import entry, lexicon, matcher
from plainlists import plain_lexicon
from segmenters import segmenter

from screening.evidence import Ceiling
from screening.lexicon.alphabets import ALPHABET, READERS, Alphabet
from screening.lexicon.belief import Sceptic
from screening.lexicon.certainty import GRAVITY, HELD, SCORES, STEPS, held
from screening.lexicon.compiled import columns, compiled
from screening.lexicon.hearing import Hearing
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content
from screening.text import view_sound
from screening.text.normalize import SEPARATOR, normalize
from screening.text.reading import View

CASES = [
    (View.EXACT, "我们去网上赌博吧", "网上赌博"),
    (View.SYMBOLS, "我们去网*上*赌*博吧", "网*上*赌*博"),
    (View.SOUND, "我们去网尚堵搏吧", "网尚堵搏"),
    (View.PINYIN, "我们去wangshangdubo吧", "wangshangdubo"),
    (View.SPLIT, "我们去网上贝者博吧", "网上贝者博"),
    (View.REVERSED, "我们去博赌上网吧", "博赌上网"),
    (View.REPEATED, "我们去网网上上赌赌博博吧", "网网上上赌赌博博"),
]


def content(body):
    return Content(id="c", account_id="a", body=body)


@pytest.mark.parametrize(("view", "body", "quote"), CASES)
def test_each_view_finds_names_and_quotes(view, body, quote):
    """A term altered in one way is found by that view, with its score, its step and what was written."""
    (hit,) = matcher(entry("word", "网上赌博")).find([content(body)])[0]
    assert (hit.quote, body[hit.start : hit.end]) == (quote, quote)
    assert hit.score == SCORES[view]
    assert hit.via == (() if STEPS[view] is None else (STEPS[view],))


@pytest.mark.parametrize(("view", "body", "quote"), CASES)
def test_each_view_must_be_wanted(view, body, quote):
    """An entry without a view is not found by it, nor is one in only that view found where it stands plain."""
    others = [other.value for other in View if other is not view]
    assert matcher(entry("word", "网上赌博", views=others)).find([content(body)])[0] == ()
    if view is not View.EXACT:
        alone = matcher(entry("word", "网上赌博", views=[view]))
        assert [hit.quote for hit in alone.find([content(body), content("去网上赌博")])[0]] == [quote]
        assert alone.find([content("我们去网上赌博吧")])[0] == ()


def test_emoji_are_read():
    """An emoji that means a character of a term stands for it."""
    (hit,) = matcher(entry("word", "炸金花")).find([content("来玩炸金🌸，上分快")])[0]
    assert (hit.quote, hit.score, hit.via) == ("炸金🌸", SCORES[View.EMOJI], (STEPS[View.EMOJI],))


def test_a_hit_by_sound_is_review_at_most():
    """An entry that may order by itself never does so by sound, and evidence stays evidence."""
    for ceiling, expected in (("auto", Ceiling.REVIEW), ("review", Ceiling.REVIEW), ("evidence", Ceiling.EVIDENCE)):
        (hit,) = matcher(entry("word", "网上赌博", ceiling=ceiling)).find([content("我们去网尚堵搏吧")])[0]
        assert hit.ceiling is expected
    for view in View:
        assert GRAVITY[held(Ceiling.AUTO, view, 2)] == (1 if view in HELD else 2)


def test_a_view_that_an_entry_does_not_trust_asks_a_person_at_most():
    """It is read all the same; of two characters that only sound like the term it gives evidence."""
    for body, expected in (
        ("我们去网上赌博吧", Ceiling.AUTO),
        ("我们去网*上*赌*博吧", Ceiling.REVIEW),
        ("我们去网尚堵搏吧", Ceiling.REVIEW),
        ("我们去wangshangdubo吧", Ceiling.REVIEW),
    ):
        (hit,) = matcher(entry("word", "网上赌博", trusted=["exact"])).find([content(body)])[0]
        assert hit.ceiling is expected, body
    (hit,) = matcher(entry("word", "赌博", trusted=["exact"])).find([content("他每天都去堵搏吧")])[0]
    assert hit.ceiling is Ceiling.EVIDENCE


def test_an_innocent_word_is_suspicious_only_in_disguise():
    """As it stands it leads as far as `plainly` says; written in any other way, further."""
    found_by = matcher(entry("word", "赌博", plainly="evidence", ceiling="review", severity=2))
    for body, expected in (
        ("专家谈赌博的危害", Ceiling.EVIDENCE),
        ("專家談賭博的危害", Ceiling.EVIDENCE),
        ("专家谈赌\u200b博的危害", Ceiling.REVIEW),
        ("专家谈赌*博的危害", Ceiling.REVIEW),
        ("专家谈dubo的危害", Ceiling.REVIEW),
    ):
        (hit,) = found_by.find([content(body)])[0]
        assert hit.ceiling is expected, body


def test_an_innocent_word_may_stand_beside_the_offer():
    """Where an entry with `plainly` has a term of another one, the graver hit stays."""
    found_by = matcher(
        entry("word", "赌博", plainly="evidence", ceiling="review", severity=2), entry("offer", "赌博", near=["加我"])
    )
    assert [(hit.entry, hit.ceiling) for (hit,) in found_by.find([content("来赌博吧，加我"), content("他在赌博")])] == [
        ("offer", Ceiling.AUTO),
        ("word", Ceiling.EVIDENCE),
    ]


def test_a_term_may_stand_in_many_combinations():
    """Each combination is found by the words beside it, and says which of them it was; one that lacks them is none."""
    found_by = matcher(
        entry("goods", "赌博", near=["加我"]),
        entry("played", "赌博", **{"with": [["下注", "开盘"]]}),
        entry("taught", "赌博", **{"with": [["教你", "包会"]]}),
    )
    bodies = ("赌博今晚开盘", "教你赌博，包会", "他在赌博")
    assert [[hit.entry for hit in hits] for hits in found_by.find([content(body) for body in bodies])] == [
        ["played"],
        ["taught"],
        [],
    ]


def test_an_allow_phrase_cancels_in_every_view():
    """What covers a hit where it stands written cancels it, whichever view found it."""
    found_by = matcher(entry("word", "网上赌博", allow=["我们去网尚堵搏吧", "博赌上网址"]))
    assert found_by.find([content("我们去网尚堵搏吧")])[0] == ()
    assert found_by.find([content("就是博赌上网址")])[0] == ()


def test_context_holds_in_every_view():
    """Words near the altered term count as near the plain one."""
    found_by = matcher(entry("word", "网上赌博", near=["加我"]))
    for _, body, quote in CASES:
        assert found_by.find([content(body)])[0] == ()
        assert [hit.quote for hit in found_by.find([content(f"{body}，加我")])[0]] == [quote]


def test_views_do_not_look_across_texts():
    """A term that begins in one text and ends in the next is none in any view."""
    found_by = matcher(entry("word", "赌博"))
    parts = [("赌", "博"), ("堵", "搏"), ("博", "赌"), ("du", "bo"), ("赌*", "博"), ("贝", "者博"), ("赌赌", "博博")]
    for left, right in parts:
        assert found_by.find([content(f"我们去{left}"), content(f"{right}吧")]) == [(), ()]


def test_a_view_without_a_reading_is_no_question():
    """Only views that read the text anew are asked whether they believe."""
    reading = READERS[View.REVERSED]("去博赌")
    with pytest.raises(ValueError, match="found exact, which needs no reading"):
        Sceptic("去博赌", reading._replace(view=View.EXACT), segmenter()).believes("赌博", 0, 2, 1, 3)
    assert set(READERS) | {View.EXACT, View.SYMBOLS} == set(View) == set(SCORES) == set(STEPS) == set(ALPHABET)


def test_weighing_many_by_sound_loses_few():
    """Of altered terms that are believed, weighing in columns drops one in fifty at most; of ordinary text, most."""
    lines = (data_folder() / "content" / "clean_thuocl_words.jsonl").read_text("utf-8").splitlines()
    terms = [json.loads(line)["text"] for line in lines[::400]]
    terms = [term for term in terms if 2 <= len(term) <= 5 and view_sound.codes(term)]
    lexical = compiled(plain_lexicon(terms, views=frozenset({View.SOUND})))
    index = lexical.indexes[Alphabet.SOUND]
    hearing = Hearing(lexical, index, segmenter())
    kinds = {}
    for name in ("altered", "ordinary"):
        if name == "altered":
            text = SEPARATOR.join(f"我们一起来{_altered(term)}吧" for term in terms) + SEPARATOR
        else:
            news = (data_folder() / "content" / "clean_thucnews_title_dev.jsonl").read_text("utf-8").splitlines()
            text = normalize("\n".join(json.loads(line)["text"] for line in news[:4000])).text + SEPARATOR
        reading = view_sound.read(text)
        sceptic = Sceptic(text, reading, segmenter())
        found = index.automaton.find(reading.text)
        worth = hearing.worth(text, columns(found))
        believed = [
            sceptic.believes(terms[index.first[pattern]], start, end, start, end) for start, end, pattern in found
        ]
        kinds[name] = (list(worth), believed)
    worth, believed = kinds["altered"]
    kept = sum(one and other for one, other in zip(worth, believed, strict=True))
    assert sum(believed) > 100
    assert kept >= 0.98 * sum(believed)
    worth, _ = kinds["ordinary"]
    assert sum(worth) <= 0.2 * len(worth)


def _altered(term):
    """Write each character of a term with the next one that sounds the same."""
    same = {}
    for character in map(chr, range(0x4E00, 0x9FA6)):
        same.setdefault(view_sound.code(character), []).append(character)
    chosen = []
    for character in term:
        alike = same.get(view_sound.code(character), [character])
        chosen.append(alike[(alike.index(character) + 1) % len(alike)] if character in alike else character)
    return "".join(chosen)


def test_lexicon_of_kinds_and_terms_shares_a_passage():
    """An entry of a kind is found beside spelled ones, amid altered ones."""
    found_by = ContentMatcher(lexicon(entry("word", "网上赌博"), entry("site", "赌博网站")), segmenter())
    hits = found_by.find([content("网尚堵搏，赌博网站")])[0]
    assert [hit.entry for hit in hits] == ["word", "site"]
