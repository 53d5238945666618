"""`screening check`: a line out for each line in, nothing remembered, and exit codes to script with."""

from __future__ import annotations

import json
import threading

import pytest
import terminal

CLEAN = {"id": "c-1", "account_id": "a-1", "body": "今天天气很好"}


def lines(*values):
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def test_a_result_for_each_line_in_order(fresh):
    """Results come in the order of the lines, and `check` has neither position nor activation."""
    done = fresh.run("check", "content", given=lines(*(CLEAN | {"id": f"c-{n}"} for n in range(20))))
    assert done.code == 0
    assert [line["id"] for line in done.lines] == [f"c-{n}" for n in range(20)]
    first = done.lines[0]
    assert first["verdict"] == "clear"
    assert first["input"].keys() == {"digest"}
    assert "activation" not in first
    assert first["versions"].keys() == {"engine", "policy", "lexicon"}


def test_hits_quote_what_was_written(fresh):
    """A content hit leads back to the field as it was sent, also through symbols and astral characters."""
    body = "🎉今晚在线赌*博"
    done = fresh.run("check", "content", given=lines(CLEAN | {"body": body}))
    (result,) = done.lines
    assert result["hits"]
    for hit in result["hits"]:
        assert body[hit["start"] : hit["end"]] == hit["quote"]


def test_a_bad_line_is_answered_in_its_place(fresh):
    """Errors carry physical line numbers, blank lines count but are not answered, the rest is judged."""
    given = lines(CLEAN) + "\n  \n" + '{"id": "c-2"\n' + lines(CLEAN | {"id": "c-3"})
    done = fresh.run("check", "content", given=given)
    assert done.code == 1
    first, bad, last = done.lines
    assert (first["id"], last["id"]) == ("c-1", "c-3")
    assert bad.keys() == {"line", "error"}
    assert bad["line"] == 4
    assert "expected" in bad["error"]


def test_the_last_line_needs_no_newline(fresh):
    """A file that ends without a newline is read to its end; carriage returns are no fault."""
    name = fresh.write("posts.jsonl", lines(CLEAN).replace("\n", "\r\n") + json.dumps(CLEAN | {"id": "c-2"}))
    done = fresh.run("check", "content", name)
    assert (done.code, [line["id"] for line in done.lines]) == (0, ["c-1", "c-2"])


def test_an_empty_input_is_no_fault(fresh):
    """Nothing in, nothing out."""
    done = fresh.run("check", "content")
    assert (done.code, done.out) == (0, "")


def test_a_deletion_is_answered_as_an_end(fresh):
    """A deleted content gives a result without verdict."""
    done = fresh.run("check", "content", given='{"id": "c-1", "account_id": "a-1", "deleted": true}\n')
    (result,) = done.lines
    assert (done.code, result["ended"], result["verdict"]) == (0, True, None)


@pytest.mark.parametrize(
    ("fail_on", "image", "bad", "code"),
    [
        (None, True, False, 0),
        ("review", False, False, 0),
        ("review", True, False, 3),
        ("enforce", True, False, 0),
        ("review", True, True, 1),
    ],
    ids=["not asked", "nothing", "found", "too weak", "a bad line wins"],
)
def test_fail_on(fresh, fail_on, image, bad, code):
    """`--fail-on` gives 3 for a verdict at least that strong, and a refused line gives 1 before that."""
    subject = {"id": "c-2", "account_id": "a-1", "attachments": [{"kind": "image"}]} if image else CLEAN
    given = lines(subject) + ("[]\n" if bad else "")
    done = fresh.run("check", "content", *([] if fail_on is None else ["--fail-on", fail_on]), given=given)
    assert done.code == code
    if image:
        assert done.lines[0]["verdict"] == "review"
        assert done.lines[0]["unscreened"] == ["attachments[0]:image"]


def test_a_file_that_is_not_there(fresh):
    """A path that cannot be read is wrong usage, told with its name, and nothing is printed."""
    done = fresh.run("check", "content", "absent.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "absent.jsonl" in done.err


def test_it_writes_nothing(fresh, installed):
    """Neither an empty working directory nor a data directory with a log changes."""
    assert fresh.run("check", "content", given=lines(CLEAN)).code == 0
    assert fresh.files() == {}
    before = installed.files()
    assert installed.run("check", "content", given=lines(CLEAN)).code == 0
    assert installed.run("check", "registrations", given=lines(terminal.LISTED)).code == 0
    assert installed.files() == before


def test_registrations_need_a_watchlist(fresh):
    """Without an active list nobody could be found: exit 2, no output, and what to do."""
    for prepared in (False, True):
        if prepared:
            assert fresh.run("run", "--drain").code == 0
        done = fresh.run("check", "registrations", given=lines(terminal.LISTED))
        assert (done.code, done.out) == (2, "")
        assert "watchlist import" in done.err


def test_registrations(installed):
    """A listed party is found, corroborated by its birth date and nationality; a name alone is at most review."""
    alone = {"account_id": "a-2", "kind": "person", "name": "QORVALD, Henrik Ansgar"}
    nobody = {"account_id": "a-3", "kind": "person", "name": "Zhang Meili"}
    done = installed.run("check", "registrations", given=lines(terminal.LISTED, alone, nobody))
    assert done.code == 0
    listed, same_name, other = done.lines
    assert (listed["verdict"], same_name["verdict"], other["verdict"]) == ("enforce", "review", "clear")
    assert listed["id"] == listed["account_id"] == "a-listed"
    assert (listed["hits"][0]["source"], listed["hits"][0]["entry"]) == ("us-ofac-sdn", "101")
    assert listed["versions"].keys() == {"engine", "policy", "watchlist", "watchlists"}
    assert listed["versions"]["watchlists"].keys() == {"us-ofac-sdn"}


def test_it_answers_before_the_next_line_is_written(fresh):
    """On a pipe each line is answered at once, so that another program can talk with it."""
    process = fresh.start("check", "content", "-")
    # Should it wait for more, the test fails instead of hanging.
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        for number in range(3):
            process.stdin.write(json.dumps(CLEAN | {"id": f"c-{number}"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == f"c-{number}"
    finally:
        out, err = process.communicate()
        watchdog.cancel()
    assert (process.returncode, out, err) == (0, b"", b"")


def test_a_reader_who_goes_away_is_no_accident(fresh):
    """`| head` ends the command without a traceback."""
    name = fresh.write("many.jsonl", lines(*(CLEAN | {"id": f"c-{n}"} for n in range(20_000))))
    process = fresh.start("check", "content", name)
    process.stdout.readline()
    process.stdout.close()
    process.stdin.close()
    err = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in err


LISTED = {"account_id": "a-1", "kind": "person", "name": "Given3ina Party3esko", "birth_date": "1971-01-03"}
HEAD = '"individual","TESTPROG",' + "-0- ," * 7
BEFORE = "".join(f'{n},"PARTY{n}ESKO, Given{n}ina",{HEAD}"DOB 0{n} Jan 1971."\n' for n in range(1, 10)) + "\x1a\n"


@pytest.fixture(scope="module")
def updated(tmp_path_factory):
    """Someone whose list lost a party in its second version."""
    someone = terminal.Terminal(tmp_path_factory.mktemp("updated"))
    someone.write("before/sdn.csv", BEFORE)
    someone.write("after/sdn.csv", BEFORE.replace("PARTY3ESKO, Given3ina", "OTHERNAME, Somebody"))
    for folder in ("before", "after"):
        assert someone.run("watchlist", "import", "us-ofac-sdn", folder).code == 0
    return someone


def test_as_of_judges_by_what_was_in_force_then(updated):
    """By the first version, by number or time, the party is found; by the newest it is not; results say which."""
    numbers = [record["offset"] for record in updated.tail("screening.activations")]
    times = [record["value"]["at"] for record in updated.tail("screening.activations")]
    for when, verdict in ((str(numbers[-2]), "enforce"), (times[-2], "enforce"), (str(numbers[-1]), "clear")):
        done = updated.run("check", "registrations", "--as-of", when, given=lines(LISTED))
        assert done.code == 0, done.err
        assert done.lines[0]["verdict"] == verdict, when
    then, now = (
        updated.run("check", "registrations", *more, given=lines(LISTED)).lines[0]
        for more in (("--as-of", str(numbers[-2])), ())
    )
    assert then["versions"]["watchlist"] != now["versions"]["watchlist"]
    assert updated.run("check", "registrations", "--as-of", "2999-01-01", given=lines(LISTED)).lines[0] == now


@pytest.mark.parametrize(
    ("when", "code", "said"),
    [("yesterday", 2, "expected an activation's number, a day"), ("1999-12-31", 1, "nothing in force at 1999-12-31")],
)
def test_as_of_no_time_or_too_early_is_refused(updated, when, code, said):
    """What is no time, and a time before anything was active, are refused with what was expected."""
    done = updated.run("check", "registrations", "--as-of", when, given=lines(LISTED))
    assert (done.code, done.out) == (code, "")
    assert said in done.err
