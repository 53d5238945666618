"""The search engines against the plain search, and against each other on real text."""

from __future__ import annotations

import json

import pytest
from datafolder import data_folder
from hypothesis import given
from hypothesis import strategies as st

from screening.lexicon import automaton
from screening.lexicon.automaton import Automaton, Engine, engines

LETTERS = st.text(st.sampled_from("ab赌博站𠀀é🎲\0"), min_size=1, max_size=4)
TEXTS = st.text(st.sampled_from("ab赌博站𠀀é🎲\0"), max_size=40)
every_engine = pytest.mark.parametrize("engine", engines())


def naive(patterns, text):
    """Every occurrence, the plain way."""
    first = {pattern: index for index, pattern in reversed(list(enumerate(patterns)))}
    return sorted(
        (start, start + len(pattern), index)
        for pattern, index in first.items()
        for start in range(len(text) - len(pattern) + 1)
        if text.startswith(pattern, start)
    )


@every_engine
@given(patterns=st.lists(LETTERS, max_size=8), text=TEXTS)
def test_finds_what_the_plain_search_finds(engine, patterns, text):
    """All occurrences, overlapping ones too, and nothing else; places count code points; repeats count as the first."""
    assert sorted(Automaton(patterns, engine).find(text)) == naive(patterns, text)


@every_engine
def test_ends_grow(engine):
    """Occurrences come in the order of their ends, and at one end the longest first."""
    found = Automaton(["站", "博网站", "赌博网站", "博网"], engine).find("去赌博网站")
    assert found == [(2, 4, 3), (1, 5, 2), (2, 5, 1), (4, 5, 0)]


@every_engine
def test_no_patterns_find_nothing(engine):
    """An empty lexicon is a lexicon."""
    assert list(Automaton([], engine).find("赌博")) == []


@every_engine
def test_empty_pattern_is_refused(engine):
    """A pattern of nothing would occur everywhere."""
    with pytest.raises(ValueError, match="pattern 1: found an empty text"):
        Automaton(["a", ""], engine)


def test_the_required_engine_is_always_there():
    """Without the `fast` extra there is an engine, and the one in use can be asked for."""
    assert engines()[-1] is Engine.PYAHOCORASICK
    assert Automaton(["a"]).engine is engines()[0]
    assert Automaton(["a"], Engine.PYAHOCORASICK).engine is Engine.PYAHOCORASICK


def test_an_engine_that_is_not_installed_is_refused(monkeypatch):
    """Who asks for an engine by name is told where it is missing."""
    monkeypatch.setattr(automaton, "_charwise", None)
    assert engines() == (Engine.PYAHOCORASICK,)
    with pytest.raises(ValueError, match="found daachorse, which is not installed, expected one of pyahocorasick"):
        Automaton(["a"], Engine.DAACHORSE)


def real_texts(most):
    for name in ("clean_thucnews_title_dev", "clean_c3", "harm_bench_dev", "clean_tang_poem_trad"):
        lines = (data_folder() / "content" / f"{name}.jsonl").read_text("utf-8").splitlines()
        yield "\0".join(json.loads(line)["text"] for line in lines[:most])


def test_engines_agree_on_real_text():
    """The same occurrences in the same order, with words, parts of words and single characters as patterns."""
    lines = (data_folder() / "content" / "clean_thuocl_words.jsonl").read_text("utf-8").splitlines()
    words = [json.loads(line)["text"] for line in lines[::40]]
    patterns = list(dict.fromkeys(part for word in words for part in (word, word[:2], word[-1], word.lower())))
    built = [Automaton(patterns, engine) for engine in engines()]
    for text in real_texts(1000):
        found = [list(engine.find(text)) for engine in built]
        assert len(found[0]) > 5000
        assert all(other == found[0] for other in found)


@every_engine
@given(patterns=st.lists(LETTERS, max_size=8, unique=True), text=TEXTS)
def test_what_was_dumped_finds_the_same(engine, patterns, text):
    """An automaton read from bytes, or built anew where an engine gives none, answers as before."""
    built = Automaton(patterns, engine)
    assert Automaton.load(patterns, built.dump()).find(text) == built.find(text)


def test_a_dump_of_other_patterns_is_not_trusted():
    """Bytes that read as an automaton but do not find the patterns are left aside."""
    patterns = ["赌博", "网站"]
    loaded = Automaton.load(patterns, Automaton(["网站", "赌博"]).dump())
    assert loaded.find("赌博网站") == [(0, 2, 0), (2, 4, 1)]
    assert Automaton.load(patterns, b"damaged").find("赌博") == [(0, 2, 0)]


def test_a_dump_is_of_use_without_the_engine(monkeypatch):
    """Where the engine that wrote it is not installed, the other one is built from the patterns."""
    data = Automaton(["赌博"]).dump()
    monkeypatch.setattr(automaton, "_charwise", None)
    loaded = Automaton.load(["赌博"], data)
    assert loaded.engine is Engine.PYAHOCORASICK
    assert loaded.find("去赌博") == [(1, 3, 0)]
