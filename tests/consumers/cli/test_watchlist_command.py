"""`screening watchlist`: a list is taken whole or not at all, and a bad one never replaces a good one."""

from __future__ import annotations

import json

import pytest
import terminal

BIG = "".join(
    f'{number},"PARTY NUMBER{number}, Given{number}","individual","TESTPROG",' + "-0- ," * 7 + "-0- \n"
    for number in range(1, 101)
)
ALIASES = "".join(f'{number},{number},"aka","OTHER NAME{number}",-0- \n' for number in range(1, 101))


@pytest.fixture(scope="module")
def _large(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("large"))
    someone.write("good/sdn.csv", BIG + "\x1a\n")
    someone.write("good/alt.csv", ALIASES + "\x1a\n")
    done = someone.run("watchlist", "import", "us-ofac-sdn", "good")
    assert done.code == 0, done.err
    return someone


@pytest.fixture
def large(_large, tmp_path):
    """Someone who has imported a hundred parties with an alias each from `good`."""
    return terminal.copy_of(_large, tmp_path / "large")


def status(someone):
    done = someone.run("watchlist", "status", "--json")
    assert done.code == 0
    (rows,) = done.lines
    return rows


def test_import_and_status(large):
    """What is in force is named with its source, its version and how much it holds, as table and as JSON."""
    (row,) = status(large)
    assert (row["source"], row["entries"], row["counts"]["aliases"]) == ("us-ofac-sdn", 100, 100)
    assert row["files"].keys() == {"sdn.csv", "alt.csv"}
    heads, cells = large.run("watchlist", "status").rows
    assert dict(zip(heads, cells, strict=True))["entries"] == "100"


def test_import_as_json(fresh):
    """`import --json` tells version, state and the number of the activation."""
    fresh.write("sdn.csv", terminal.SDN)
    (done,) = fresh.run("watchlist", "import", "us-ofac-sdn", "sdn.csv", "--json").lines
    assert (done["source"], done["entries"], done["state"]) == ("us-ofac-sdn", 2, "activated")
    assert done["activation"] == fresh.tail("screening.activations")[-1]["offset"]


def test_the_same_list_again(large):
    """A list that is in force already changes nothing, and says so."""
    before = len(large.tail("screening.activations"))
    (done,) = large.run("watchlist", "import", "us-ofac-sdn", "good", "--json").lines
    assert done["state"] == "in force already"
    assert len(large.tail("screening.activations")) == before


def test_hold(fresh):
    """`--hold` keeps a version without putting it in force."""
    fresh.write("sdn.csv", terminal.SDN)
    (done,) = fresh.run("watchlist", "import", "us-ofac-sdn", "sdn.csv", "--hold", "--json").lines
    assert (done["state"], done["activation"]) == ("held", None)
    assert status(fresh) == []


def test_two_sources_stand_side_by_side(large):
    """A list of another source joins those in force."""
    large.write("cons_prim.csv", terminal.SDN)
    assert large.run("watchlist", "import", "us-ofac-cons", "cons_prim.csv").code == 0
    assert [row["source"] for row in status(large)] == ["us-ofac-cons", "us-ofac-sdn"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"sdn.csv": ""}, "sdn.csv"),
        ({"sdn.csv": "\x1a"}, "sdn.csv"),
        ({"sdn.csv": BIG[:3000]}, "sdn.csv: line"),
        ({"sdn.csv": BIG[: BIG.index("60,")], "alt.csv": ALIASES}, "alt.csv: line"),
        ({"sdn.csv": BIG[: BIG.index("60,")]}, "us-ofac-sdn: entries: found 59"),
        ({"sdn.csv": BIG}, "us-ofac-sdn: aliases: found 0"),
        ({"sdn.csv": BIG, "alt.csv": ""}, "alt.csv"),
        ({"alt.csv": ALIASES}, "a primary file"),
        ({"sdn.csv": "<html>Service unavailable</html>\n"}, "sdn.csv"),
    ],
    ids=[
        "empty",
        "only the end mark",
        "cut in a line",
        "cut at a line, aliases left over",
        "shrunken",
        "primary file alone",
        "aliases empty",
        "no primary file",
        "no list at all",
    ],
)
def test_a_bad_list_changes_nothing(large, files, said):
    """A faulty, empty, cut or shrunken list is refused with what was found and expected; what was in force stays."""
    before = status(large)
    for name, text in files.items():
        large.write(f"bad/{name}", text)
    done = large.run("watchlist", "import", "us-ofac-sdn", "bad")
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "found" in done.err
    assert "expected" in done.err
    assert status(large) == before
    given = json.dumps({"account_id": "a-1", "kind": "person", "name": "Other Name99"})
    (result,) = large.run("check", "registrations", given=given).lines
    assert result["verdict"] == "review"


def test_all_faults_of_a_list_are_told_at_once(fresh):
    """Each bad row is named with its file and line."""
    good, *_ = BIG.split("\n")
    fresh.write("bad/sdn.csv", f"{good}\nx1,{good[2:]}\n{good}\n1,2,3\n")
    done = fresh.run("watchlist", "import", "us-ofac-sdn", "bad")
    assert done.code == 1
    assert [number for number in (2, 3, 4) if f"sdn.csv: line {number}" not in done.err] == []
    assert status(fresh) == []


@pytest.mark.parametrize("source", ["nowhere", "sample", "us-ofac"])
def test_an_unknown_source(fresh, source):
    """A source that is not known is wrong usage, and the fault names the known ones; `sample` is the demo's own."""
    fresh.write("sdn.csv", terminal.SDN)
    done = fresh.run("watchlist", "import", source, "sdn.csv")
    assert done.code == 2
    assert "us-ofac-sdn" in done.err


@pytest.mark.parametrize(("path", "code"), [("absent", 2), ("empty", 1)])
def test_nothing_to_read(fresh, path, code):
    """A path that is not there, or a folder without files, is told by its name."""
    (fresh.folder / "empty").mkdir()
    done = fresh.run("watchlist", "import", "us-ofac-sdn", path)
    assert done.code == code
    assert path in done.err


def test_status_without_a_list(fresh):
    """Where nothing is in force it says what that means, and makes no log."""
    done = fresh.run("watchlist", "status")
    assert done.code == 0
    assert "no watchlist is active" in done.err
    assert status(fresh) == []
    assert fresh.files() == {}
