"""`screening lexicon`: looked at, compared, imported, tried out and put in force, whole or not at all."""

from __future__ import annotations

import json
import signal
import time
import uuid
from collections import defaultdict

import pytest
import terminal

PATIENCE = 120.0
"""Seconds after which something that must happen is held not to happen: many times what it takes."""

HEAD = """\
[defaults]
severity = 3
ceiling = "auto"
source = "test"
reason = "test"
added = 2026-01-01
review_by = 2199-01-01
"""
FIRST, SECOND = "甲子词", "乙丑语"
BOTH = f"前文{FIRST}，又有{SECOND}。"


def entry(name: str, *terms: str, **fields: object) -> str:
    fields = {"must_hit": [f"前文{terms[0]}后文"], "must_not_hit": ["别的话"]} | fields
    rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join(["[[entry]]", f'id = "{name}"', f"terms = {json.dumps(terms, ensure_ascii=False)}", *rows, ""])


def write(someone, folder: str, *entries: str, category: str = "gambling") -> str:
    someone.write(f"{folder}/{category}.toml", "\n".join([HEAD, *entries]))
    return folder


def digest(someone) -> str:
    return someone.run("lexicon", "status", "--json").said["digest"]


def judged(someone, body: str) -> dict:
    line = json.dumps({"id": "c", "account_id": "a", "body": body})
    return someone.run("check", "content", given=line).said


@pytest.fixture(scope="module")
def _active(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("active"))
    write(someone, "first", entry("first", FIRST))
    done = someone.run("lexicon", "activate", "first", "--yes", "--json")
    assert done.said["state"] == "activated"
    return someone


@pytest.fixture
def active(_active, tmp_path):
    """Someone whose own lexicon `first` is in force; it finds `FIRST`."""
    return terminal.copy_of(_active, tmp_path / "active")


# lint


def test_lint_tells_every_fault_of_the_files(fresh):
    """What cannot be read is told whole, with places, as JSON too; nothing is created."""
    write(fresh, "bad", entry("one", FIRST, severity=9, colour="red"))
    done = fresh.run("lexicon", "lint", "bad", "--json")
    (line,) = done.lines
    assert (done.code, line["faults"], line["warnings"]) == (1, 2, 0)
    assert {finding["where"].split(": ")[-1] for finding in line["findings"]} == {"severity", "colour"}
    rows = fresh.run("lexicon", "lint", "bad").rows
    assert rows[0] == ["level", "where", "found", "expected"]
    assert len(rows) == 3
    assert not fresh.data.exists()


def test_lint_looks_into_ordinary_words(fresh):
    """The segmenter's own dictionary serves by default; a file of words in its place."""
    write(fresh, "mine", entry("one", "赌博"))
    done = fresh.run("lexicon", "lint", "mine")
    assert (done.code, done.err.strip()) == (0, "0 faults, 1 warnings")
    assert "ordinary words" in done.rows[1][2]
    fresh.write("words.txt", "打赌博士 17\n手机\n")
    (line,) = fresh.run("lexicon", "lint", "mine", "--words", "words.txt", "--json").lines
    assert [finding["found"] for finding in line["findings"]] == ["it inside 1 ordinary words (打赌博士)"]
    assert fresh.run("lexicon", "lint", "mine", "--words", "absent.txt").code == 2


def test_lint_measures_on_clean_texts(fresh):
    """A term that orders for clean texts is a fault; the sample's counts are told."""
    write(fresh, "mine", entry("one", FIRST), entry("two", SECOND, ceiling="evidence"))
    sample = [{"text": BOTH}, {"title": FIRST, "body": "无"}, {"body": "<b>无</b>", "format": "html"}, "无"]
    fresh.write("clean.jsonl", "".join(json.dumps(one) + "\n\n" for one in sample))
    done = fresh.run("lexicon", "lint", "mine", "--sample", "clean.jsonl", "--json")
    (line,) = done.lines
    assert (done.code, line["faults"], line["warnings"]) == (1, 1, 1)
    assert line["sample"] == {"texts": 4, "evidence": 0, "review": 0, "auto": 2}
    assert line["findings"][0]["level"] == "fault"
    assert "first is text 1" in line["findings"][0]["found"]


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ('{"text": "a"}\n{"x": 1}\n{\n', "line 2: found no text"),
        ('{"text": "a"}\n{\n', "line 2: "),
        ("\n", "found no text"),
    ],
)
def test_a_bad_sample_is_refused(fresh, sample, message):
    """No line is left out in silence, for rates would be wrong."""
    fresh.write("clean.jsonl", sample)
    done = fresh.run("lexicon", "lint", "shipped", "--sample", "clean.jsonl")
    assert done.code == 2
    assert message in done.err


# diff


def test_diff_of_two_folders(fresh):
    """Entries that came, went and changed, and the texts that are judged differently."""
    write(fresh, "old", entry("one", FIRST), entry("gone", "丙寅字"))
    write(fresh, "new", entry("one", FIRST, ceiling="review"), entry("two", SECOND))
    fresh.write("texts.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in (FIRST, "无", SECOND, "丙寅字")))
    line = fresh.run("lexicon", "diff", "old", "new", "--sample", "texts.jsonl", "--json").said
    assert [(one["change"], one["id"]) for one in line["entries"]] == [
        ("removed", "gone"),
        ("changed", "one"),
        ("added", "two"),
    ]
    sample = line["sample"]
    assert (sample["texts"], sample["newly_affected"], sample["changed"], sample["released"]) == (4, 1, 1, 1)
    assert [(one["line"], one["before"], one["after"]) for one in sample["changes"]] == [
        (1, "enforce", "review"),
        (3, "clear", "enforce"),
        (4, "enforce", "clear"),
    ]
    done = fresh.run("lexicon", "diff", "old", "new", "--sample", "texts.jsonl")
    assert done.err.strip() == "4 texts: 1 newly affected, 1 changed, 1 released"
    assert len(done.rows) == 8
    assert not fresh.data.exists()


def test_diff_against_what_is_in_force(active):
    """`active`, `shipped` and a digest name lexicons too; what nothing is called is refused."""
    assert active.run("lexicon", "diff", "active", "first", "--json").said["entries"] == []
    named = digest(active)
    assert active.run("lexicon", "diff", named, "first", "--json").said["old"] == named
    assert any(
        (one["change"], one["id"]) == ("added", "first")
        for one in active.run("lexicon", "diff", "shipped", "active", "--json").said["entries"]
    )
    assert active.run("lexicon", "diff", "active", "nowhere").code == 2
    assert active.run("lexicon", "diff", "active", "0" * 64).code == 1


# import and export


def test_import_makes_a_file_that_can_be_activated(fresh):
    """A GBK list becomes a plain list of ours; bad lines are told by number, the exit code says so."""
    fresh.write("words.txt", f"{FIRST}\n\n/a.*b/\n{SECOND}\n{FIRST}\n".encode("gbk"))
    done = fresh.run("lexicon", "import", "plain", "words.txt", "--category", "gambling", "--out", "mine", "--json")
    (line,) = done.lines
    assert done.code == 1
    assert (line["encoding"], line["terms"], line["repeated"], line["refused"]) == ("gb18030", 2, 1, 1)
    assert "words.txt: line 3: found '/a.*b/', a regular expression" in done.err
    assert line["file"] == "mine/gambling.words.toml"
    assert fresh.run("lexicon", "activate", "mine", "--yes", "--json").said["entries"] == 2
    result = judged(fresh, BOTH)
    assert result["verdict"] == "review"
    assert [hit["term"] for hit in result["hits"]] == [FIRST, SECOND]
    assert fresh.run("lexicon", "status", "--json").said["lists"] == {"words": 2}
    assert digest(fresh) == result["versions"]["lexicon"]


def test_import_of_a_hostile_list(fresh):
    """Bombs, another encoding within, what normalises to nothing and endless lines cost their own lines only."""
    lines = [
        FIRST.encode(),
        b"(a+)+$",
        SECOND.encode("gbk"),
        "\u200b\ufe0f".encode(),
        "（）".encode(),
        b"(" * 1_000_000,
        b"\xff\xfe\x00",
        b"(.*a){20}",
        "长".encode() * 100_000,
        SECOND.encode(),
    ]
    fresh.write("words.txt", b"\n".join(lines) + b"\n")
    known = ("lexicon", "import", "plain", "words.txt", "--category", "gambling", "--out", "mine", "--json")
    done = fresh.run(*known, "--encoding", "utf-8")
    (line,) = done.lines
    assert done.code == 1
    assert (line["terms"], line["refused"]) == (2, 8)
    told = [row.partition(": found")[0] for row in done.err.split("\n") if row.startswith("words.txt: line")]
    assert told == [f"words.txt: line {number}" for number in range(2, 10)]
    assert len(done.err) < 10_000
    assert fresh.run("lexicon", "test", "mine", "--json").said["failed"] == 0


def test_import_into_a_file_with_levels(fresh):
    """Levels become severities, also those that are told their meaning; the file's name must say the category."""
    fresh.write("w.csv", "词,级别\n甲子词,9\n乙丑语,低\n")
    known = ("lexicon", "import", "csv", "w.csv", "--category", "gambling", "--levels", "9=3")
    done = fresh.run(*known, "--out", "own/gambling.toml", "--id", "own", "--source", "a shop", "--json")
    assert done.said["severities"] == {"1": 1, "3": 1}
    text = (fresh.folder / "own/gambling.toml").read_text("utf-8")
    assert 'id = "own-3"' in text
    assert 'source = "a shop: w.csv (csv, utf-8, sha256 ' in text
    for out, message in (("own/words.toml", "expected gambling.toml or"), ("own/gambling.toml", "--force")):
        refused = fresh.run(*known, "--out", out)
        assert refused.code == 2
        assert message in refused.err
    assert fresh.run(*known, "--out", "own/gambling.toml", "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--category", "nothing"), "--category: found 'nothing'"),
        (("--category", "gambling", "--ceiling", "auto"), "--ceiling: found auto"),
        (("--category", "gambling", "--levels", "x=7"), "--levels: found 'x=7'"),
        (("--category", "gambling", "--id", "Not A Slug"), "--out, --id"),
    ],
)
def test_import_refuses_wrong_usage(fresh, arguments, message):
    """Before anything is written."""
    fresh.write("w.txt", FIRST)
    done = fresh.run("lexicon", "import", "plain", "w.txt", "--out", "out", *arguments)
    assert done.code == 2
    assert message in done.err
    assert not (fresh.folder / "out").exists()


def test_import_of_nothing_writes_nothing(fresh):
    """A list of which no term can be taken leaves no file behind."""
    fresh.write("w.txt", "。\n博\n")
    done = fresh.run("lexicon", "import", "plain", "w.txt", "--category", "gambling", "--out", "out")
    assert done.code == 1
    assert "nothing was written" in done.err
    assert not (fresh.folder / "out").exists()
    assert fresh.run("lexicon", "import", "plain", "absent", "--category", "gambling", "--out", "out").code == 2


def test_export_gives_the_whole_lexicon_back(fresh):
    """What was exported as toml is the same version; the folder is not overwritten unasked."""
    assert fresh.run("lexicon", "export", "toml", "--out", "mine").code == 0
    line = fresh.run("lexicon", "diff", "shipped", "mine", "--json").said
    assert line["old"] == line["new"]
    refused = fresh.run("lexicon", "export", "toml", "--out", "mine")
    assert refused.code == 2
    assert "--force" in refused.err
    assert fresh.run("lexicon", "export", "toml").code == 2


@pytest.mark.parametrize("form", ["plain", "levels", "csv", "replace", "json"])
def test_export_for_other_tools(active, form):
    """Terms alone, on standard output or in a file, and of one category only if asked."""
    done = active.run("lexicon", "export", form)
    assert done.code == 0
    assert FIRST in done.out
    assert active.run("lexicon", "export", form, "--out", "out/words").code == 0
    assert (active.folder / "out/words").read_text("utf-8") == done.out
    assert FIRST not in active.run("lexicon", "export", form, "--category", "gore").out
    assert active.run("lexicon", "export", "yaml").code == 2


# activate


def test_activate_puts_a_lexicon_in_force(active):
    """Status, results and the activations topic name the same digest; the texts are kept whole."""
    state = active.run("lexicon", "status", "--json").said
    assert (state["source"], state["kind"], state["terms"], state["categories"]) == (
        "first",
        "lexicon",
        1,
        {"gambling": 1},
    )
    last = active.tail("screening.activations")[-1]
    assert (last["value"]["lexicon"], last["value"]["shipped"]) == (state["digest"], False)
    assert last["offset"] == state["activation"]
    assert judged(active, BOTH)["hits"][0]["entry"] == "first"
    again = active.run("lexicon", "activate", "first", "--json").said
    assert (again["state"], again["activation"]) == ("in force already", None)
    assert active.tail("screening.activations")[-1]["offset"] == last["offset"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (entry("one", FIRST, severity=9), "severity: found 9"),
        (entry("one", FIRST, must_not_hit=[BOTH]), "expected no one"),
        (entry("one", "甲"), "one character with ceiling auto"),
        ("", "an empty lexicon finds nothing"),
    ],
)
def test_a_faulty_lexicon_is_refused(active, written, message):
    """With every reason; the one in force keeps working and nothing is written, not even with --yes."""
    before, ids = digest(active), active.tail("screening.activations")
    write(active, "bad", written)
    done = active.run("lexicon", "activate", "bad", "--yes")
    assert done.code == 1
    assert message in done.err
    assert (digest(active), active.tail("screening.activations")) == (before, ids)
    assert judged(active, BOTH)["verdict"] == "enforce"


def test_a_large_change_must_be_meant(active):
    """What takes a category away is refused with what it takes, until a person says that it is meant."""
    write(active, "other", entry("other", SECOND), category="pornography")
    done = active.run("lexicon", "activate", "other")
    assert done.code == 1
    assert "gambling: found no term where the lexicon in force has 1" in done.err
    assert "--yes" in done.err
    assert judged(active, FIRST)["verdict"] == "enforce"
    assert active.run("lexicon", "activate", "other", "--yes", "--json").said["state"] == "activated"
    assert judged(active, FIRST)["verdict"] == "clear"


def test_going_back(active):
    """To the release's own, which the next release may replace again, and to an earlier version by its digest."""
    first = digest(active)
    back = active.run("lexicon", "activate", "--shipped", "--json").said
    assert (back["source"], back["state"]) == ("shipped", "activated")
    last = active.tail("screening.activations")[-1]["value"]
    assert (last["shipped"], last["kind"]) == (True, "lexicon")
    assert judged(active, FIRST)["verdict"] == "clear"
    assert active.run("lexicon", "activate", "--shipped", "--json").said["state"] == "in force already"
    again = active.run("lexicon", "activate", first, "--yes", "--json").said
    assert (again["digest"], again["source"]) == (first, "first")
    assert judged(active, FIRST)["verdict"] == "enforce"
    assert active.tail("screening.activations")[-1]["value"]["shipped"] is False


def test_an_own_lexicon_outlives_a_start(active):
    """`run` does not put the shipped one back."""
    before = digest(active)
    assert active.run("run", "--drain", "content").code == 0
    assert digest(active) == before


def test_activate_wants_one_lexicon(fresh):
    """A folder or --shipped, not both and not neither."""
    write(fresh, "mine", entry("one", FIRST))
    assert fresh.run("lexicon", "activate").code == 2
    assert fresh.run("lexicon", "activate", "mine", "--shipped").code == 2
    assert not fresh.data.exists()


# backtest


def test_backtest_shows_who_would_be_affected(active):
    """Of the contents that stand, with counts by category and samples; it orders nothing and writes nothing."""
    bodies = {"c-1": FIRST, "c-2": SECOND, "c-3": "无", "c-4": BOTH, "c-5": "丙寅字"}
    contents = [{"id": name, "account_id": "a-1", "body": body} for name, body in bodies.items()]
    gone = {"id": "c-5", "account_id": "a-1", "deleted": True}
    assert active.publish("content.published", *contents, gone).code == 0
    assert active.run("run", "--drain", "content", "records").code == 0
    write(active, "second", entry("second", SECOND, "丙寅字"), category="pornography")
    before = {name: len(active.tail(name)) for name in ("screening.results", "screening.activations")}
    line = active.run("lexicon", "backtest", "second", "--json").said
    assert (line["texts"], line["newly_affected"], line["released"], line["changed"]) == (4, 1, 1, 1)
    assert line["categories"] == {
        "newly_affected": {"pornography": 1},
        "released": {"gambling": 1},
        "changed": {"gambling": 1, "pornography": 1},
    }
    samples = {one["id"]: one for one in line["samples"]}
    assert samples.keys() == {"c-1", "c-2", "c-4"}
    assert (samples["c-2"]["before"], samples["c-2"]["after"]) == ("clear", "enforce")
    assert samples["c-2"]["evidence"] == [f"second: {SECOND}"]
    assert samples["c-1"]["evidence"] == [f"first: {FIRST}"]
    assert active.run("lexicon", "backtest", "second", "--limit", "2", "--json").said["texts"] == 2
    assert {name: len(active.tail(name)) for name in before} == before
    done = active.run("lexicon", "backtest", "second")
    assert "4 texts: 1 newly affected, 1 changed, 1 released" in done.err
    assert ["pornography", "1", "1", "0"] in done.rows


def test_backtest_of_the_lexicon_in_force_changes_nothing(active):
    """The same lexicon judges the same; many contents are read page by page and at most fifty are shown."""
    contents = [{"id": f"c-{number}", "account_id": f"a-{number % 7}", "body": SECOND} for number in range(1100)]
    assert active.publish("content.published", *contents).code == 0
    assert active.run("run", "--drain", "records").code == 0
    line = active.run("lexicon", "backtest", "active", "--json").said
    assert (line["texts"], line["newly_affected"], line["samples"]) == (1100, 0, [])
    write(active, "second", entry("second", SECOND))
    line = active.run("lexicon", "backtest", "second", "--json").said
    assert (line["texts"], line["newly_affected"], len(line["samples"])) == (1100, 1100, 50)


def test_backtest_where_nothing_was_published(fresh):
    """It says so, and makes no data directory."""
    write(fresh, "mine", entry("one", FIRST))
    done = fresh.run("lexicon", "backtest", "mine", "--json")
    assert done.said["texts"] == 0
    assert "nothing was ever published" in done.err
    assert not fresh.data.exists()


# While records flow


@pytest.fixture
def on_kafka(kafka_broker, tmp_path):
    """Someone with a log on Kafka, whose own lexicon `first` is in force."""
    folder = tmp_path / "kafka"
    folder.mkdir()
    prefix = f"t{uuid.uuid4().hex[:12]}."
    environment = {"SCREENING_LOG_URL": f"kafka://{kafka_broker}", "SCREENING_LOG_PREFIX": prefix}
    someone = terminal.Terminal(folder, environment)
    write(someone, "first", entry("first", FIRST))
    assert someone.run("lexicon", "activate", "first", "--yes", "--json").said["state"] == "activated"
    return someone


def test_a_lexicon_is_swapped_whole_while_records_flow(active):
    """A running worker changes at the marker: no record is lost, and each is judged by what its marker put in force."""
    swapped_under_load(active, ["second", "first", "--shipped", "first"] * 2, workers=1)


def test_a_lexicon_is_swapped_whole_on_kafka(on_kafka):
    """The same with two workers that share the partitions of a topic on Kafka."""
    swapped_under_load(on_kafka, ["second", "--shipped", "first"], workers=2)


def swapped_under_load(someone, names: list[str], workers: int) -> None:
    """Swap lexicons while records flow, and look at every result."""
    write(someone, "second", entry("second", SECOND))
    finds = {
        digest(someone): {"first"},
        someone.run("lexicon", "diff", "first", "second", "--json").said["new"]: {"second"},
    }
    running = someone.start("run", "content", "--workers", str(workers))
    try:
        for turn, name in enumerate(names):
            publish(someone, turn, "before")
            await_results(someone, more_than=turn * 60)
            done = someone.run("lexicon", "activate", name, *([] if name == "--shipped" else ["--yes"]), "--json")
            assert done.said["state"] == "activated"
            publish(someone, turn, "after")
            write(someone, "bad", entry("bad", "甲"))
            assert someone.run("lexicon", "activate", "bad", "--yes").code == 1
    finally:
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, err.decode()
    assert someone.run("run", "--drain", "content").code == 0
    in_force = {line["offset"]: line["value"]["lexicon"] for line in someone.tail("screening.activations")}
    told = someone.tail("screening.results")
    results = {(r["value"]["input"]["partition"], r["value"]["input"]["offset"]): r for r in told}
    assert len(results) == len(told) == len(names) * 60
    seen = defaultdict(set)
    for (partition, offset), (name, number) in expected(someone).items():
        value = results.pop((partition, offset))["value"]
        assert (value["id"], value["activation"]) == (name, number)
        assert value["versions"]["lexicon"] == in_force[number]
        assert {hit["entry"] for hit in value["hits"]} == finds.get(in_force[number], set())
        seen[in_force[number]].add(name)
    assert results == {}
    assert len(seen) == 3
    assert all(len(ids) > 30 for ids in seen.values())


def publish(someone, turn: int, when: str) -> None:
    contents = [{"id": f"{when}-{turn}-{number}", "account_id": f"a-{number}", "body": BOTH} for number in range(30)]
    assert someone.publish("content.published", *contents).code == 0


def await_results(someone, more_than: int) -> None:
    """Wait until the worker has judged something of what was published last."""
    deadline = time.monotonic() + PATIENCE
    while len(someone.tail("screening.results")) <= more_than:
        assert time.monotonic() < deadline, "the worker judged nothing"
        time.sleep(0.05)


def expected(someone) -> dict[tuple[int, int], tuple[str, int]]:
    """Return, for each place in the input topic, the content and the activation that its partition's markers say."""
    force: dict[int, int] = defaultdict(int)
    found = {}
    for line in someone.run("tail", "content.published", "--from-start").lines:
        if line["headers"].get("ce_type") == "screening.activation.v1":
            force[line["partition"]] = max(force[line["partition"]], line["value"]["activation"])
        else:
            found[line["partition"], line["offset"]] = (line["value"]["id"], force[line["partition"]])
    return found
