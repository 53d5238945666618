"""A lexicon made ready to search, and in bytes."""

from __future__ import annotations

import json

import pytest
from datafolder import data_folder
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import entry, lexicon, shipped
from plainlists import plain_lexicon
from segmenters import segmenter

from screening.errors import LexiconError
from screening.lexicon import automaton
from screening.lexicon.automaton import Engine, engines
from screening.lexicon.compiled import FORMAT, VERSION, compile_lexicon, compiled, dump, load_compiled
from screening.lexicon.entries import Lexicon
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content


def contents(name, most):
    lines = (data_folder() / "content" / f"{name}.jsonl").read_text("utf-8").splitlines()[:most]
    return [Content(id=str(at), account_id="a", body=json.loads(line)["text"]) for at, line in enumerate(lines)]


def small():
    return lexicon(
        entry("word", "赌博", allow=["赌博默示录"], review_near=["警方"]),
        entry("site", "赌博网站", "USDT搬砖", boundary="both"),
        entry("same", "赌博网", near=["加我"]),
    )


def test_what_is_loaded_finds_what_was_compiled():
    """The shipped lexicon and a plain list give the same hits before and after, on real violations."""
    whole = Lexicon(shipped().entries, plain_lexicon(["加微信", "低价出", "跟单", "代理"]).lists)
    loaded = load_compiled(compile_lexicon(whole))
    texts = contents("harm_bench_dev", 600)
    before = ContentMatcher(whole, segmenter()).find(texts)
    assert ContentMatcher(loaded, segmenter()).find(texts) == before
    assert sum(map(len, before)) > 200
    assert any(hit.entry.startswith("own-words-") for hits in before for hit in hits)


def test_compiling_is_repeatable():
    """The same lexicon gives the same bytes, and bytes that were loaded dump as the same bytes."""
    data = compile_lexicon(small())
    assert compile_lexicon(small()) == data
    assert dump(load_compiled(data)) == data


@given(st.data())
def test_damage_is_refused(data):
    """A byte changed anywhere, or an end cut off, is never loaded."""
    good = compile_lexicon(small())
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    for bad in (changed, good[:at]):
        with pytest.raises(LexiconError, match="compiled lexicon: found"):
            load_compiled(bad)


def test_another_version_is_told():
    """Bytes of another release say which version they are, and what to do."""
    data = compile_lexicon(small()).replace(FORMAT + b"%d" % VERSION, FORMAT + b"%d" % (VERSION + 1), 1)
    with pytest.raises(
        LexiconError, match=rf"found version {VERSION + 1}, expected version {VERSION}: compile it anew"
    ):
        load_compiled(data)


def test_the_engine_may_be_chosen_and_told():
    """Every installed engine gives the same hits, and the matcher says which one it is."""
    texts = [Content(id="c", account_id="a", body="来赌博网站，赌*博默示录，usdt搬砖")]
    found = []
    for engine in engines():
        matcher = ContentMatcher(compiled(small(), engine), segmenter())
        assert matcher.engine is engine
        found.append(matcher.find(texts))
    assert all(other == found[0] for other in found)
    assert [hit.term for hit in found[0][0]] == ["赌博网站", "USDT搬砖"]


def test_bytes_are_of_use_without_the_fast_engine(monkeypatch):
    """A compiled lexicon is loaded where only the required engine is installed."""
    data = compile_lexicon(small())
    monkeypatch.setattr(automaton, "_charwise", None)
    matcher = ContentMatcher(load_compiled(data), segmenter())
    assert matcher.engine is Engine.PYAHOCORASICK
    assert len(matcher.find([Content(id="c", account_id="a", body="去赌博")])[0]) == 1


def test_an_empty_lexicon_compiles():
    """A lexicon may be empty."""
    loaded = load_compiled(compile_lexicon(Lexicon(())))
    assert ContentMatcher(loaded, segmenter()).engine is None
    assert ContentMatcher(loaded, segmenter()).find([Content(id="c", account_id="a", body="赌博")]) == [()]


def test_a_term_of_nothing_is_refused():
    """A term of which nothing is left would be found everywhere; all of them are told at once."""
    with pytest.raises(LexiconError) as caught:
        compiled(plain_lexicon(["赌博", "\u200b", "\u0336"]))
    assert len(caught.value.faults) == 2


def test_a_plain_list_names_its_terms():
    """A listed term's entry id does not depend on the list's order or on how the term is written."""
    text = [Content(id="c", account_id="a", body="来usdt搬砖")]
    first, second = (
        ContentMatcher(plain_lexicon(terms), segmenter()).find(text)[0][0]
        for terms in (["赌博", "USDT搬砖"], ["ＵＳＤＴ搬砖", "网站", "赌博"])
    )
    assert first.entry == second.entry != "own-words"
    assert first.entry.startswith("own-words-")
    assert (first.term, second.term) == ("USDT搬砖", "ＵＳＤＴ搬砖")


def test_a_large_plain_list_is_light():
    """A hundred thousand terms take a few bytes each, and every sampled one is found."""
    terms = [f"词{number:x}条" for number in range(100_000)]
    data = compile_lexicon(plain_lexicon(terms))
    loaded = load_compiled(data)
    assert len(data) < 100 * len(terms)
    matcher = ContentMatcher(loaded, segmenter())
    found = matcher.find([Content(id=term, account_id="a", body=f"有{term}吗") for term in terms[::1000]])
    assert [hits[0].term for hits in found] == terms[::1000]
