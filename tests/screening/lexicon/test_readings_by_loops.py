"""Views read by compiled loops as they read by arrays."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from looped import reading
from plainlists import plain_lexicon
from segmenters import segmenter

from screening.lexicon import hearing
from screening.lexicon.alphabets import NARROWED, READERS, Alphabet
from screening.lexicon.belief import Sceptic
from screening.lexicon.compiled import columns, compiled
from screening.lexicon.hearing import Hearing
from screening.text import oddity, view_pinyin, view_sound
from screening.text.normalize import SEPARATOR, normalize_joined
from screening.text.reading import View
from screening.text.segment import Segmenter, open_tokenizer, segmenters

TERMS = (
    "网上赌博", "赌场", "棋牌平台", "时时彩计划", "代开发票", "信用卡套现", "明星", "加微信号", "色情网站", "裸聊",
    "刷单兼职", "恶意", "西安", "安安静静", "阿姨", "www", "林森", "从众心理", "女子好",
)  # fmt: skip
PIECES = (
    *"网上赌博场棋牌平台时时彩计划代开发票信用卡套现明星加微信号色情网站裸聊恶意西安静阿姨林木贝者十尃日月女子好从众心的",
    *"abdefhiouxyz1203 .,-_\n\r🌸❤➕", "wang", "shang", "du", "bo", "xian", "an", "ei", "eyi", "ayi", "wsdb", "pp",
    "ok", "checkin", "iphone", "d u b o", "du3bo2", "xi'an", "木木木", "赌赌博", "微微信信", "女女子子", "wwwww",
    "㐀", "𠀀", SEPARATOR,
)  # fmt: skip


def made(chance):
    """Return some normalised texts, each ended by a separator."""
    return "".join(chance.choices(PIECES, k=chance.randrange(1, 120))) + SEPARATOR


@pytest.fixture(scope="module")
def lexicon():
    """All terms, in all views."""
    return compiled(plain_lexicon(TERMS, views=frozenset(View)))


@pytest.fixture(scope="module", params=[False, True], ids=["some", "many"])
def texts(request):
    """Return texts of a few to some hundreds of characters, or long ones."""
    chance = random.Random(11)
    short = [made(chance) for _ in range(400)]
    return ["".join(short[at : at + 100]) for at in range(0, 400, 100)] if request.param else short


def read(lexicon, text, view):
    """Return a view's reading, plain."""
    sought = lexicon.indexes[Alphabet.ONCE if view is View.REPEATED else Alphabet.WRITTEN].skimmer
    found = NARROWED[view](text, sought) if view in NARROWED else READERS[view](text)
    return None if found is None else (found.text, found.starts.tolist(), found.ends.tolist())


@pytest.mark.parametrize("view", [View.SPLIT, View.EMOJI, View.REVERSED, View.REPEATED])
def test_loops_read_what_arrays_read(lexicon, texts, view):
    """The same text, with the same places, told what is looked for."""
    with reading(by_loops=False):
        plain = [read(lexicon, text, view) for text in texts]
    with reading(by_loops=True):
        assert [read(lexicon, text, view) for text in texts] == plain
    assert sum(found is not None for found in plain) >= len(texts) // 10


@pytest.mark.parametrize("view", [View.SPLIT, View.REPEATED])
def test_loops_read_all_where_nobody_says_what_is_looked_for(view, texts):
    """The same text, with the same places, of whatever stands there."""
    with reading(by_loops=False):
        plain = [READERS[view](text) for text in texts]
    with reading(by_loops=True):
        for text, expected in zip(texts, plain, strict=True):
            found = READERS[view](text)
            assert (found is None) == (expected is None)
            if found is not None and expected is not None:
                assert (found.text, found.starts.tolist()) == (expected.text, expected.starts.tolist())


def test_no_room_is_too_small():
    """A text of nothing but parts, doubles, letters or emoji."""
    for view, text in (
        (View.SPLIT, "木木木"),
        (View.REPEATED, "赌赌博博"),
        (View.PINYIN, "du 赌"),
        (View.EMOJI, "🌸❤"),
    ):
        for times in (3_000, 5_000):
            with reading(by_loops=False):
                plain = READERS[view](text * times)
            with reading(by_loops=True):
                found = READERS[view](text * times)
            assert plain is not None
            assert found is not None
            assert (found.text, found.starts[-1]) == (plain.text, plain.starts[-1])


def spelled(lexicon, text, sought):
    """Return what of the terms is spelled with letters: where, and which pattern."""
    index = lexicon.indexes[Alphabet.PINYIN]
    found = view_pinyin.read(text, sought)
    if found is None:
        return set()
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return {
        (*found.starts[start:end].tolist(), pattern)
        for start, end, pattern in index.automaton.find(found.text)
        if (codes[found.starts[start:end]] < 0x80).any()
    }


def test_letters_that_may_spell_a_term_are_read(lexicon, texts):
    """A loop leaves out what cannot be looked for, and nothing that is found."""
    with reading(by_loops=False):
        plain = [spelled(lexicon, text, None) for text in texts]
        length = sum(len(view_pinyin.read(text).text) for text in texts if view_pinyin.read(text))
    sought = lexicon.indexes[Alphabet.PINYIN].skimmer
    assert sought.beginnings is not None
    with reading(by_loops=True):
        assert [spelled(lexicon, text, sought) for text in texts] == plain
        narrowed = [view_pinyin.read(text, sought) for text in texts]
    assert sum(map(len, plain)) > 50
    assert sum(len(found.text) for found in narrowed if found) <= length


def test_letters_that_spell_no_term_are_not_read(lexicon):
    """However well they can be read."""
    with reading(by_loops=True):
        sought = lexicon.indexes[Alphabet.PINYIN].skimmer
        assert view_pinyin.read("我的iphone在zhuo子里,lv的" + SEPARATOR, None) is not None
        assert view_pinyin.read("我的iphone在zhuo子里,lv的" + SEPARATOR, sought) is None


@pytest.mark.parametrize("joined", ["赌bo", "d u b o", "du3bo2", "wsdb", "wang上du博", "西an", "e意", "eyi", "赌\nbo"])
def test_a_spelled_term_alone_is_read(lexicon, joined):
    """In each way of spelling."""
    text = normalize_joined([f"去{joined}"]).text
    with reading(by_loops=False):
        plain = spelled(lexicon, text, None)
    with reading(by_loops=True):
        assert spelled(lexicon, text, lexicon.indexes[Alphabet.PINYIN].skimmer) == plain


ORDINARY = (
    "我们昨天一起去了",
    "今天天气很好",
    "的时候",
    "吧，",
    "。\n",
    "大家都说",
    SEPARATOR,
    "一点也不",
    "在那里，",
    "是这样的",
)


def heard(chance):
    """Return ordinary phrases and terms written with other characters that sound alike."""
    same = {}
    for character in map(chr, range(0x4E00, 0x9FA6)):
        same.setdefault(view_sound.code(character), []).append(character)
    pieces = []
    while True:
        pieces += chance.choices(ORDINARY, k=chance.randrange(1, 4))
        term = chance.choice(TERMS)
        pieces += [
            chance.choice(same.get(view_sound.code(one), [one])) if chance.random() < 0.7 else one for one in term
        ]
        yield "".join(pieces) + SEPARATOR


def test_candidates_by_sound_are_weighed_and_judged_alike(lexicon):
    """Few and many of them: the same are worth it, and of these the same are believed as the view believes."""
    index, held = lexicon.indexes[Alphabet.SOUND], segmenter()
    believed = 0
    for text in itertools.islice(heard(random.Random(5)), 0, 200, 9):
        table = columns(index.automaton.find(view_sound.read(text).text))
        with reading(by_loops=False):
            worth = Hearing(lexicon, index, held).worth(text, table)
        with reading(by_loops=True):
            looped = Hearing(lexicon, index, held)
            assert looped.worth(text, table).tolist() == worth.tolist()
            # What is known from before is weighed alike.
            assert looped.worth(text, table).tolist() == worth.tolist()
            answers = looped.believed(text, table)
        sceptic = Sceptic(text, view_sound.read(text), held)
        for (start, end, pattern), answer in zip(table.tolist(), answers or (), strict=True):
            # A pattern that stands for several terms is left to the view.
            assert (answer is None) == (pattern in index.further)
            if answer is not None:
                assert sceptic.believes(lexicon.normal[index.first[pattern]], start, end, start, end) is answer
                believed += answer
    assert believed > 100


def test_to_be_a_word_is_never_worth_more():
    """A loop asks only about candidates that may be believed as long as nothing in them is known for a word."""
    assert min(oddity.bits().values()) >= max(hearing._IN_WORD, hearing._ALTERED_IN_WORD)


@pytest.mark.parametrize("words", segmenters())
def test_words_of_many_texts_are_those_of_each(words):
    """In one call as in many."""
    held = Segmenter(open_tokenizer(None, words))
    chance = random.Random(6)
    texts = ["".join(chance.choices((*PIECES[:-1], *ORDINARY[:6]), k=20)) for _ in range(200)]
    lengths = [length for text in texts for length in (*map(len, held.cut(text)), 1)]
    assert held.lengths(texts) == lengths[:-1]
    assert held.lengths(texts[:3]) == [length for text in texts[:3] for length in (*map(len, held.cut(text)), 1)]
