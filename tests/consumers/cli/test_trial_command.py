"""`screening rescreen backtest` and `shadow`: seen before it is activated, told as tables, as JSON and as a page."""

from __future__ import annotations

import html.parser

import pytest
import terminal

HEAD = '"individual","TESTPROG",' + "-0- ," * 7
BEFORE = "".join(f'{n},"PARTY{n}ESKO, Given{n}ina",{HEAD}"DOB 0{n} Jan 1971."\n' for n in range(1, 10))
BEFORE += f'40,"BRELVANTIS, Orlando",{HEAD}"DOB 08 Jan 1971."\n\x1a\n'
AFTER = BEFORE.replace("PARTY3ESKO, Given3ina", "OTHERNAME, Somebody").replace("3,", "33,", 1)
PEOPLE = [
    {"account_id": f"a-{n}", "kind": "person", "name": name, "birth_date": f"1971-01-0{n}"}
    for n, name in (
        (3, "Given3ina Party3esko"), (4, "Given4ina Party4esko"), (5, "Somebody Othername"), (6, "Nobody Atall"),
        (8, "Orlndo Brelvantes"),
    )
]  # fmt: skip
TOPICS = ("screening.results", "screening.activations", "enforcement.accounts", "enforcement.notices")


@pytest.fixture(scope="module")
def _judged(tmp_path_factory):
    someone = terminal.Terminal(tmp_path_factory.mktemp("judged"))
    someone.write("before/sdn.csv", BEFORE)
    someone.write("after/sdn.csv", AFTER)
    assert someone.run("watchlist", "import", "us-ofac-sdn", "before").code == 0
    assert someone.publish("accounts.registered", *PEOPLE).code == 0
    contents = [{"id": f"c-{n}", "account_id": "a-9", "body": "今天天气很好"} for n in range(3)]
    assert someone.publish("content.published", *contents).code == 0
    assert someone.run("run", "--drain").code == 0
    return someone


@pytest.fixture
def judged(_judged, tmp_path):
    """Someone with a list in force and five registrations judged, who has another list in a folder."""
    return terminal.copy_of(_judged, tmp_path / "judged")


def counts(part):
    return part["looked_at"], part["newly_affected"], part["changed"], part["released"]


def heights(someone):
    return {name: len(someone.tail(name)) for name in TOPICS}


class _Page(html.parser.HTMLParser):
    """Notes what a page holds: tags, their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.said, self.points = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.points += [value for name, value in attributes if name in ("src", "href", "action", "data")]

    def handle_data(self, data):
        self.said.append(data)


def test_backtest_of_a_list_from_a_folder(judged):
    """Who would be found and who released, by list and entry, with nothing ordered, kept or activated."""
    before = heights(judged)
    report = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=after", "--json").said
    assert [one["kind"] for one in report["versions"]] == ["watchlist"]
    (part,) = report["subjects"]
    assert (part["subject"], *counts(part)) == ("registration", 5, 1, 0, 1)
    assert part["sources"] == {"newly_affected": {"us-ofac-sdn": 1}, "changed": {}, "released": {"us-ofac-sdn": 1}}
    assert part["entries"] == {
        "newly_affected": {"us-ofac-sdn/33": 1}, "changed": {}, "released": {"us-ofac-sdn/3": 1},
    }  # fmt: skip
    assert {one["account_id"]: (one["before"], one["after"]) for one in part["samples"]} == {
        "a-3": ("enforce", "clear"),
        "a-5": ("clear", "review"),
    }
    assert heights(judged) == before
    table = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=after")
    assert ["us-ofac-sdn", "1", "0", "1"] in table.rows
    assert "5 registrations: 1 newly affected, 0 changed, 1 released" in table.err


def test_backtest_says_what_the_rescreening_will_do(judged):
    """After activation a plan finds the very subjects that the backtest told, and need not look at all the others."""
    digest = judged.run("watchlist", "import", "us-ofac-sdn", "after", "--hold", "--json").said["digest"]
    (part,) = judged.run("rescreen", "backtest", "--watchlist", digest[:12], "--workers", "2", "--json").said[
        "subjects"
    ]
    assert judged.run("watchlist", "activate", digest).code == 0
    ((plan,),) = judged.run("rescreen", "plan", "--subject", "registration", "--json").lines
    assert counts(part)[1:] == (plan["affected"], plan["changed"], plan["released"])
    assert counts(part)[0] >= plan["looked_at"]
    assert {one["account_id"] for one in part["samples"]} == {one["account_id"] for one in plan["samples"]}


def test_backtest_of_a_threshold_and_of_a_policy_file(judged):
    """A limit over the policy in force does what the same limit written in a file does, for both kinds of subject."""
    asked = ("rescreen", "backtest", "--json")
    limits = ("--threshold", "registration.enforce_from=1.0", "--threshold", "registration.review_from=0.99")
    report = judged.run(*asked, *limits).said
    parts = {one["subject"]: one for one in report["subjects"]}
    assert parts.keys() == {"registration", "content"}
    assert counts(parts["content"]) == (3, 0, 0, 0)
    changed = {one["account_id"] for one in parts["registration"]["samples"]}
    assert changed == {"a-8"}, "the name that is not written quite the same"
    head, mark, tail = _policy_in_force().partition("[certainty.registration]")
    tail = tail.replace("0.82", "0.99", 1).replace("0.90", "1.0", 1)
    judged.write("policy.toml", head + mark + tail)
    other = judged.run(*asked, "--policy", "policy.toml", "--subject", "registration").said
    assert other["subjects"] == [parts["registration"]]
    refused = judged.run(*asked, "--threshold", "registration.enforce=1")
    assert refused.code == 1
    assert "no such limit" in refused.err


def _policy_in_force():
    return (terminal.ROOT / "lexicons" / "policy.toml").read_text("utf-8")


def test_precision_from_cleared_pairs(judged):
    """A pair that a person cleared counts as found wrongly; a list without the entry does not find it again."""
    clear = ("directive", "clear-pair", "a-4", "us-ofac-sdn", "4", "--reason", "another person", "--by", "officer")
    done = judged.run(*clear)
    assert done.code == 0, done.err
    assert judged.run("run", "--drain", "enforcement", "records").code == 0
    judged.write("less/sdn.csv", AFTER.replace("PARTY4ESKO, Given4ina", "QUITE, Another"))
    (part,) = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=less", "--json").said["subjects"]
    people = part["concluded"]
    assert (people["wrong"], people["right"]) == (1, 0)
    assert people["in_force"] == {"wrong": 1, "right": 0, "precision": 0.0}
    assert people["on_trial"] == {"wrong": 0, "right": 0, "precision": None}


def test_the_page_stands_alone_and_names_nobody(judged):
    """One file: no script, nothing from elsewhere; texts escaped; ids and entries, and no name or birth date."""
    odd = {"account_id": "a-<b>&\"'", "kind": "person", "name": "Somebody Othername", "birth_date": "1971-01-03"}
    assert judged.publish("accounts.registered", odd).code == 0
    assert judged.run("run", "--drain", "registrations", "records").code == 0
    done = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=after", "--html", "page.html")
    assert done.code == 0, done.err
    text = (judged.folder / "page.html").read_text("utf-8")
    page = _Page(text)
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "b"})
    assert page.points == []
    assert {"svg", "table", "rect"} <= page.tags
    assert "a-<b>&\"'" in page.said
    assert "us-ofac-sdn/33" in " ".join(page.said)
    assert not any(name in text for name in ("Othername", "OTHERNAME", "Party3esko", "1971"))
    assert "holds no text, no quote, no name" in text
    refused = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=after", "--html", "nowhere/page.html")
    assert (refused.code, "expected a file in a folder that is there" in refused.err) == (2, True)
    assert [path.name for path in judged.folder.iterdir() if path.name.startswith(".page")] == []


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ((), 2, "found nothing to try"),
        (("--watchlist", "us-ofac-sdn=after", "--subject", "content"), 2, "judged by what is on trial: registration"),
        (("--watchlist", "no-such=after"), 2, "expected one of"),
        (("--watchlist", "abcdef0"), 2, "no version"),
        (("--watchlist", "csv:own=after"), 2, "--hold"),
        (("--watchlist", "us-ofac-sdn=after", "--watchlist", "us-ofac-sdn=before"), 2, "two versions of one source"),
        (("--policy", "nowhere.toml"), 2, "expected a file"),
        (("--lexicon", "nowhere"), 2, "expected a folder"),
    ],
)
def test_what_cannot_be_tried_is_refused(judged, arguments, code, expected):
    """With what was found and what was expected."""
    done = judged.run("rescreen", "backtest", *arguments)
    assert (done.code, done.out) == (code, "")
    assert expected in done.err


def test_an_empty_list_is_never_tried(judged):
    """It would say that everybody is to be released, which is what a lost file says."""
    judged.write("empty/sdn.csv", "\x1a\n")
    done = judged.run("rescreen", "backtest", "--watchlist", "us-ofac-sdn=empty")
    assert done.code == 1
    assert "found" in done.err


def test_backtest_where_nothing_was_published(fresh):
    """It says so, and makes no data directory."""
    done = fresh.run("rescreen", "backtest", "--threshold", "content.review_from=0.5", "--json")
    assert [counts(part) for part in done.said["subjects"]] == [(0, 0, 0, 0), (0, 0, 0, 0)]
    assert "nothing was ever published" in done.err
    assert fresh.files() == {}


def test_a_shadow_compares_what_comes_in(judged):
    """From its beginning on, once each, over stops; it writes to no topic, and its report can be seen at any time."""
    asked = ("rescreen", "shadow", "autumn")
    begun = judged.run(*asked, "--watchlist", "us-ofac-sdn=after", "--drain", "--json").said
    assert counts(begun["subjects"][0]) == (0, 0, 0, 0)
    before = heights(judged)
    late = [person | {"account_id": "l" + person["account_id"]} for person in PEOPLE]
    assert (
        judged.publish("accounts.registered", *late, {"account_id": "l-7", "kind": "person", "name": "Else"}).code == 0
    )
    report = judged.run(*asked, "--drain", "--json").said
    assert (report["way"], report["name"]) == ("shadow", "autumn")
    assert counts(report["subjects"][0]) == (6, 1, 0, 1)
    assert {one["account_id"] for one in report["subjects"][0]["samples"]} == {"la-3", "la-5"}
    assert judged.run(*asked, "--drain", "--json").said["subjects"] == report["subjects"]
    assert judged.publish("accounts.registered", {"key": "la-3", "value": None}).code == 0
    erased = judged.run(*asked, "--drain", "--json").said["subjects"][0]
    assert (counts(erased), [one["account_id"] for one in erased["samples"]]) == ((6, 1, 0, 1), ["la-5"])
    assert heights(judged) == before
    shown = judged.run(*asked, "--report", "--html", "shadow.html")
    assert shown.code == 0, shown.err
    assert "Shadow autumn" in (judged.folder / "shadow.html").read_text("utf-8")


def test_a_shadow_keeps_to_what_it_was_begun_with(judged):
    """Other versions under its name are refused until it is forgotten; an unknown name is, too."""
    asked = ("rescreen", "shadow", "strict")
    assert judged.run(*asked).code == 2
    assert judged.run(*asked, "--report").code == 2
    assert judged.run("rescreen", "shadow", "No Name", "--report").code == 2
    assert judged.run(*asked, "--threshold", "content.review_from=0.5", "--drain").code == 0
    refused = judged.run(*asked, "--threshold", "content.review_from=0.6", "--drain")
    assert (refused.code, "--forget" in refused.err) == (1, True)
    assert judged.run(*asked, "--forget").code == 0
    assert judged.run(*asked, "--threshold", "content.review_from=0.6", "--drain").code == 0
