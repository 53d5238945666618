"""Bad input, end to end over the embedded log: told where and why, the rest goes on, nothing is lost or waved through.

What a producer sends raw becomes a dead letter with its bytes; what a person enters is refused with its line. Neither
ever gives a result that says clear.
"""

from __future__ import annotations

import base64
import json

import pytest
import terminal

GOOD = {"id": "good", "account_id": "a-1", "body": "今天天气很好"}
GOOD_PERSON = {"account_id": "a-1", "kind": "person", "name": "Zhang Meili"}


def bad_content(**fields):
    return json.dumps({"id": "bad", "account_id": "a-1", "body": "b"} | fields).encode()


def bad_person(**fields):
    return json.dumps({"account_id": "a-1", "kind": "person", "name": "Li Wei"} | fields).encode()


BAD_CONTENT = {
    "broken UTF-8": (b'{"id": "bad", "account_id": "a-1", "body": "\xff\xfe"}', "0xff"),
    "truncated JSON": (b'{"id": "bad", "account_id": "a-1", "body": "b', "column"),
    "no JSON": (b"hello", "column 1"),
    "not an object": (b'["bad", "a-1"]', "object"),
    "nested too deeply": (b'{"id": "bad", "account_id": "a-1", "x": ' + b"[" * 100_000, "nested"),
    "a lone surrogate": (b'{"id": "bad", "account_id": "a-1", "body": "\\ud83d"}', "surrogate"),
    "wrong type of body": (bad_content(body=7), "$.body"),
    "wrong type of id": (bad_content(id=7), "$.id"),
    "wrong type of attachments": (bad_content(attachments={"kind": "image"}), "$.attachments"),
    "unknown format": (bad_content(format="markdown"), "$.format"),
    "missing id": (b'{"account_id": "a-1", "body": "b"}', "'id'"),
    "null id": (bad_content(id=None), "$.id"),
    "empty id": (bad_content(id=" "), "$.id"),
    "missing account": (b'{"id": "bad", "body": "b"}', "'account_id'"),
    "nothing to read": (b'{"id": "bad", "account_id": "a-1"}', "title, body, attachments"),
}
"""Name → bytes, and what the error must hold: the place, or what was found there."""

BAD_PERSONS = {
    "broken UTF-8": (b'{"account_id": "a-1", "kind": "person", "name": "\xff"}', "0xff"),
    "truncated JSON": (b'{"account_id": "a-1", "kind": "person"', "column"),
    "a lone surrogate": (b'{"account_id": "a-1", "kind": "person", "name": "\\udc00"}', "surrogate"),
    "unknown kind": (bad_person(kind="ship"), "$.kind"),
    "missing name": (b'{"account_id": "a-1", "kind": "person"}', "'name'"),
    "empty name": (bad_person(name=""), "$.name"),
    "a date that is none": (bad_person(birth_date="1971-13"), "$.birth_date"),
    "a country that is none": (bad_person(country="China"), "$.country"),
    "an affiliate without a name": (bad_person(affiliates=[{"name": ""}]), "$.affiliates[0].name"),
    "too large a share": (bad_person(affiliates=[{"name": "X", "ownership_percent": 101}]), "ownership_percent"),
    "wrong type of aliases": (bad_person(aliases="Li"), "$.aliases"),
}

FACES = [
    *(("content.published", "content", name, *said) for name, said in BAD_CONTENT.items()),
    *(("accounts.registered", "registrations", name, *said) for name, said in BAD_PERSONS.items()),
]


@pytest.fixture(scope="module")
def _imported(tmp_path_factory):
    return terminal.with_watchlist(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def someone(_imported, tmp_path):
    """Someone whose data directory has the small list in force."""
    return terminal.copy_of(_imported, tmp_path / "someone")


@pytest.fixture(scope="module")
def streamed(_imported, tmp_path_factory):
    """Everything bad, sent raw between two good records of each topic, and screened to the end."""
    someone = terminal.copy_of(_imported, tmp_path_factory.mktemp("streamed") / "someone")
    first, last = json.dumps(GOOD), json.dumps(GOOD | {"id": "last"})
    contents = [first.encode(), *(bad for bad, _ in BAD_CONTENT.values()), last.encode()]
    person = json.dumps(GOOD_PERSON).encode()
    other = json.dumps(GOOD_PERSON | {"account_id": "a-last"}).encode()
    persons = [person, *(bad for bad, _ in BAD_PERSONS.values()), other]
    for topic, lines in (("content.published", contents), ("accounts.registered", persons)):
        done = someone.run("publish", topic, "--raw", given=b"\n".join(lines))
        assert done.code == 0, done.err
    done = someone.run("run", "--drain")
    assert done.code == 0, done.err
    return someone


def letters_of(someone):
    """Return (topic, the bytes as sent) → what was said of each dead letter."""
    letters = {}
    for line in someone.tail("screening.dead-letter"):
        said = {name.removeprefix("dead-letter-"): value for name, value in line["headers"].items()}
        assert {"topic", "partition", "offset", "role", "error"} <= said.keys()
        held = line.get("value_base64")
        sent = json.dumps(line["value"]).encode() if held is None else base64.b64decode(held)
        letters[said["topic"], sent] = said
    return letters


@pytest.mark.parametrize(("topic", "role", "name", "bad", "said"), FACES, ids=[f"{f[1]}: {f[2]}" for f in FACES])
def test_a_bad_record_becomes_a_dead_letter(streamed, topic, role, name, bad, said):
    """Its bytes are kept as they came, and the error says where, what was found and what was expected."""
    letter = letters_of(streamed)[topic, bad]
    assert letter["role"] == role
    assert said in letter["error"], name
    assert "found" in letter["error"]
    assert "expected" in letter["error"]


def test_nothing_is_lost_and_nothing_waved_through(streamed):
    """Each record gave exactly one result or one dead letter, and only the good ones a result."""
    letters = streamed.tail("screening.dead-letter")
    assert len(letters) == len(FACES)
    results = [line["value"] for line in streamed.tail("screening.results")]
    assert {(result["subject"], result["id"]) for result in results} == {
        ("content", "good"),
        ("content", "last"),
        ("registration", "a-1"),
        ("registration", "a-last"),
    }
    placed = {(result["input"]["topic"], result["input"]["partition"], result["input"]["offset"]) for result in results}
    buried = {
        tuple(line["headers"][f"dead-letter-{name}"] for name in ("topic", "partition", "offset")) for line in letters
    }
    sent = {
        (line["topic"], line["partition"], line["offset"])
        for topic in ("content.published", "accounts.registered")
        for line in streamed.tail(topic)
    }
    assert placed | {(topic, int(partition), int(offset)) for topic, partition, offset in buried} == sent
    assert len(placed) + len(buried) == len(sent)


@pytest.mark.parametrize(("topic", "role", "name", "bad", "said"), FACES, ids=[f"{f[1]}: {f[2]}" for f in FACES])
def test_check_answers_a_bad_line_with_its_fault(someone, topic, role, name, bad, said):
    """`check` puts the fault in the line's place, after and before good lines that are judged."""
    del topic
    good = json.dumps(GOOD if role == "content" else GOOD_PERSON).encode()
    done = someone.run("check", role, given=good + b"\n" + bad + b"\n" + good + b"\n")
    assert done.code == 1
    first, answer, last = done.lines
    assert first == last
    assert first["verdict"] == "clear"
    assert answer.keys() == {"line", "error"}
    assert answer["line"] == 2
    assert said in answer["error"], name
    assert "expected" in answer["error"]


@pytest.mark.parametrize(("topic", "role", "name", "bad", "said"), FACES, ids=[f"{f[1]}: {f[2]}" for f in FACES])
def test_publish_refuses_a_bad_line(someone, topic, role, name, bad, said):
    """`publish` tells the line and the fault, and publishes the rest."""
    good = json.dumps(GOOD if role == "content" else GOOD_PERSON).encode()
    done = someone.run("publish", topic, given=good + b"\n" + bad + b"\n" + good + b"\n")
    assert done.code == 1
    (told,) = [line for line in done.err.splitlines() if line.startswith("line ")]
    assert told.startswith("line 2: ")
    assert said in told, name
    assert len(someone.tail(topic)) == 2


def test_a_record_under_another_key(someone):
    """A record whose key is not its account is no subject of that account: a dead letter."""
    with_log(someone, b"someone-else", json.dumps(GOOD).encode())
    assert someone.run("run", "--drain").code == 0
    (letter,) = someone.run("dead-letter", "list", "--json").lines
    assert letter["error"].startswith("key: found 'someone-else', expected")
    assert someone.tail("screening.results") == []


def with_log(someone, key, value):
    """Append one record to the content topic past every check, as a foreign producer can."""
    from consumers.log.port import Outgoing  # noqa: PLC0415 - only this one goes past the command
    from consumers.log.sqlite import SqliteLog  # noqa: PLC0415

    log = SqliteLog(someone.data / "log.sqlite")
    log.append([Outgoing("content.published", key, value)])
    log.close()


def test_a_null_value_on_the_content_topic(someone):
    """A content has no erasure by null: it is a dead letter, and the records around it are judged."""
    with_log(someone, b"a-1", None)
    someone.publish("content.published", GOOD)
    assert someone.run("run", "--drain").code == 0
    (letter,) = someone.run("dead-letter", "list", "--json").lines
    assert "deleted" in letter["error"]
    assert [line["value"]["id"] for line in someone.tail("screening.results")] == ["good"]


def test_a_body_over_the_limit(someone):
    """A record over 10 MiB is refused with its line, raw too; in `check` it is an error; its neighbours go on."""
    huge = json.dumps(GOOD | {"id": "huge", "body": "a" * (10 * 1024 * 1024)}).encode()
    given = json.dumps(GOOD).encode() + b"\n" + huge + b"\n" + json.dumps(GOOD | {"id": "last"}).encode()
    checked = someone.run("check", "content", given=given)
    assert checked.code == 1
    assert [line.get("id", line.get("line")) for line in checked.lines] == ["good", 2, "last"]
    assert "10485760" in checked.lines[1]["error"]
    for options in ([], ["--raw"]):
        done = someone.run("publish", "content.published", *options, given=given)
        assert done.code == 1
        assert "line 2: " in done.err
        assert "2 published, 1 refused" in done.err


def test_a_hundred_megabytes_in_one_line(someone):
    """A text of 100 MB is an error in its place, in `check` and in `publish`; its neighbours are judged."""
    huge = b'{"id": "huge", "account_id": "a-1", "body": "' + "赌博".encode() * 17_000_000 + b'"}'
    assert len(huge) > 100_000_000
    given = b"\n".join([json.dumps(GOOD).encode(), huge, json.dumps(GOOD | {"id": "last"}).encode(), b""])
    checked = someone.run("check", "content", given=given)
    assert checked.code == 1
    assert [line.get("id", line.get("line")) for line in checked.lines] == ["good", 2, "last"]
    assert "10485760" in checked.lines[1]["error"]
    published = someone.run("publish", "content.published", given=given)
    assert published.code == 1
    assert "2 published, 1 refused" in published.err


def test_the_largest_record_is_taken_through(someone):
    """A record just under the limit is screened, and a broken one just under it can still be a dead letter."""
    room = 10 * 1024 * 1024 - 200
    text = ("The weather is fine today. " * (room // 27)).ljust(room)
    whole = json.dumps(GOOD | {"body": text}).encode()
    broken = b'{"id": "bad", "account_id": "a-1", "body": "' + text.encode()
    assert someone.run("publish", "content.published", "--raw", given=whole + b"\n" + broken).code == 0
    assert someone.run("run", "--drain").code == 0
    assert [line["value"]["verdict"] for line in someone.tail("screening.results")] == ["clear"]
    ((_, held),) = letters_of(someone)
    assert held == broken


def test_unknown_fields_are_kept(someone):
    """A field that nobody knows is no fault, and stands on the log as it was sent."""
    someone.publish("content.published", GOOD | {"colour": {"of": ["the", "cover"]}})
    assert someone.run("run", "--drain").code == 0
    (record,) = someone.tail("content.published")
    assert record["value"]["colour"] == {"of": ["the", "cover"]}
    assert [line["value"]["verdict"] for line in someone.tail("screening.results")] == ["clear"]


def test_the_same_event_twice(someone):
    """The same registration twice orders once, in one run and in two."""
    for _ in range(2):
        someone.publish("accounts.registered", terminal.LISTED, terminal.LISTED)
        assert someone.run("run", "--drain").code == 0
    results = someone.tail("screening.results")
    assert len(results) == 4
    assert len({line["value"]["result_id"] for line in results}) == 1
    for topic in ("enforcement.accounts", "enforcement.notices"):
        ids = [line["value"]["action_id"] for line in someone.tail(topic)]
        assert ids
        assert len(ids) == len(set(ids))
    types = [line["value"]["type"] for line in someone.tail("enforcement.accounts")]
    assert len(types) == len(set(types))


def test_what_cannot_be_read_is_never_clear(someone):
    """An image alone, an empty text beside one, and a name in a script that is not compared go to a person."""
    contents = [
        {"id": "image", "account_id": "a-1", "attachments": [{"kind": "image", "url": "u"}]},
        {"id": "blank", "account_id": "a-1", "body": " 　", "attachments": [{"kind": "image"}]},
        {"id": "markup", "account_id": "a-1", "body": "<p><img src=x></p>", "format": "html",
         "attachments": [{"kind": "image"}]},
    ]  # fmt: skip
    someone.publish("content.published", *contents)
    someone.publish("accounts.registered", {"account_id": "a-2", "kind": "person", "name": "ⴰⴱⵔⵉⴷ"})
    assert someone.run("run", "--drain").code == 0
    results = {line["value"]["id"]: line["value"] for line in someone.tail("screening.results")}
    assert {name: result["verdict"] for name, result in results.items()} == dict.fromkeys(
        ["image", "blank", "markup", "a-2"], "review"
    )
    assert all(result["unscreened"] for result in results.values())


def test_a_faulty_directive(someone):
    """A directive that cannot be carried out is a dead letter of `enforcement`; the next is carried out."""
    someone.publish("accounts.registered", terminal.LISTED)
    assert someone.run("run", "--drain").code == 0
    order = next(
        line["value"]
        for line in someone.tail("enforcement.accounts")
        if line["value"]["type"] == "suspend_service"
    )  # fmt: skip
    lift = {"directive_id": "d-1", "account_id": "a-listed", "type": "lift", "by": "li", "reason": "checked"}
    absent = lift | {"directive_id": "d-2", "target": "no-such-order"}
    raw = json.dumps({"directive_id": "d-3", "account_id": "a-listed", "type": "lift"})
    assert someone.run("publish", "screening.results", "--raw", given=raw).code == 0
    assert someone.publish("screening.results", absent, lift | {"target": order["action_id"]}).code == 0
    assert someone.run("run", "--drain").code == 0
    errors = sorted(letter["error"] for letter in someone.run("dead-letter", "list", "--json").lines)
    assert len(errors) == 2
    assert "no-such-order" in errors[1] or "no-such-order" in errors[0]
    lifted = [line["value"] for line in someone.tail("enforcement.accounts") if line["value"]["type"] == "lift"]
    assert [order["reverses"] for order in lifted] == [order["action_id"]]


GOOD_LEXICON = """\
[defaults]
severity = 3
ceiling = "auto"
source = "a test"
reason = "a test"
added = 2026-11-23
review_by = 2027-11-23

[[entry]]
id = "test-one"
terms = ["网上赌场"]
must_hit = ["信誉最好的网上赌场，开户就有好礼"]
must_not_hit = ["今天天气很好"]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity = 3", "severity = 7", "severity"),
        ('terms = ["网上赌场"]', "terms = []", "terms"),
        ('id = "test-one"\n', "", "id"),
        ('source = "a test"', 'colour = "red"', "colour"),
        ("[[entry]]", "[[entry]", "line"),
        ("review_by = 2027-11-23", "review_by = 2026-11-22", "review_by"),
        ('must_hit = ["信誉最好的网上赌场，开户就有好礼"]', 'must_hit = ["别的文字"]', "must_hit"),
    ],
    ids=["severity", "no terms", "no id", "unknown field", "no TOML", "dates", "example"],
)
def test_a_lexicon_with_a_fault(someone, old, new, said):
    """A fault in a lexicon is told with file and place, exit code 1, and the lexicon in force goes on."""
    assert GOOD_LEXICON.count(old) == 1
    someone.write("words/gambling.toml", GOOD_LEXICON)
    assert someone.run("lexicon", "test", "words").code == 0
    someone.write("words/gambling.toml", GOOD_LEXICON.replace(old, new))
    (before,) = someone.run("lexicon", "status", "--json").lines
    done = someone.run("lexicon", "test", "words")
    assert done.code == 1
    assert "gambling.toml" in done.err
    assert said in done.err
    assert "found" in done.err
    assert "expected" in done.err
    assert someone.run("lexicon", "status", "--json").lines == [before]


def test_all_faults_of_a_lexicon_are_told_at_once(someone):
    """Two faults in two files are told together."""
    someone.write("words/gambling.toml", GOOD_LEXICON.replace("severity = 3", "severity = 7"))
    someone.write("words/pornography.toml", GOOD_LEXICON.replace("severity = 3", 'severity = "x"'))
    done = someone.run("lexicon", "test", "words")
    assert done.code == 1
    assert [name for name in ("gambling.toml", "pornography.toml") if name not in done.err] == []


def test_a_lexicon_in_another_encoding(someone):
    """A lexicon that is not UTF-8 is told with its file."""
    someone.write("words/gambling.toml", GOOD_LEXICON.encode("gb18030"))
    done = someone.run("lexicon", "test", "words")
    assert done.code == 1
    assert "gambling.toml" in done.err
    assert "UTF-8" in done.err


def test_a_policy_with_an_unknown_order():
    """A policy that orders what does not exist is refused with the rule, what was found, and what there is."""
    from consumers import shipped, snapshots  # noqa: PLC0415 - no command reads another policy than the shipped one
    from screening.errors import PolicyError  # noqa: PLC0415

    files = shipped.shipped_policy()
    spoiled = files["policy.toml"].replace('"delete_content"', '"delte_content"').replace('"inbox"', '"pigeon"')
    with pytest.raises(PolicyError) as caught:
        snapshots.read_policy(files | {"policy.toml": spoiled})
    told = str(caught.value)
    assert "policy.toml" in told
    assert "found 'delte_content', expected" in told
    assert "'pigeon'" in told


def test_a_bad_list_never_replaces_a_good_one(someone):
    """After an empty, a cut and a shrunken list the good one judges on, and what it ordered stands."""
    someone.publish("accounts.registered", terminal.LISTED)
    assert someone.run("run", "--drain").code == 0
    orders = someone.tail("enforcement.accounts")
    (before,) = someone.run("watchlist", "status", "--json").lines
    for name, text in (("empty", ""), ("cut", terminal.SDN[:80]), ("marks", "\x1a")):
        someone.write(f"{name}/sdn.csv", text)
        done = someone.run("watchlist", "import", "us-ofac-sdn", name)
        assert done.code == 1
        assert "sdn.csv" in done.err
        assert "expected" in done.err
    assert someone.run("watchlist", "status", "--json").lines == [before]
    assert someone.run("run", "--drain").code == 0
    assert someone.tail("enforcement.accounts") == orders
    someone.publish("accounts.registered", terminal.LISTED | {"account_id": "a-again"})
    assert someone.run("run", "--drain").code == 0
    verdicts = {line["key"]: line["value"]["verdict"] for line in someone.tail("screening.results")}
    assert verdicts == {"a-listed": "enforce", "a-again": "enforce"}


def test_a_fault_of_the_list_leaves_no_version_behind(someone):
    """What was refused is not kept to be activated by accident: the activations are what they were."""
    before = someone.tail("screening.activations")
    someone.write("bad/sdn.csv", terminal.SDN + "103,\n")
    assert someone.run("watchlist", "import", "us-ofac-sdn", "bad").code == 1
    assert someone.tail("screening.activations") == before


def test_arguments_that_are_no_text(someone):
    """File names in broken UTF-8, as a shell can pass them, are told like any other that is not there."""
    done = someone.run("check", "content", "posts-\udcff.jsonl")
    assert done.code == 2
    assert done.out == ""
